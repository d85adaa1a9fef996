"""Turns of sources, on both databases: planned, taken once, given back after a crash."""

from __future__ import annotations

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from given import NOON

from catalogue.errors import NotFound, RegisterError
from catalogue.ingest.scheduler import Scheduler
from catalogue.model.source import Source
from catalogue.register import runs
from catalogue.register import tables as t
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.scheduling import Scheduling
from catalogue.register.writer import Writer

DEAD = f"{socket.gethostname()}:99999999:1"
"""A process of this machine that is not there."""


@dataclass
class Clock:
    """A clock that is put forward by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Night:
    """A register with sources, seen by the scheduler of one process."""

    register: Register
    clock: Clock = field(default_factory=Clock)
    harvested: list[str] = field(default_factory=list)
    state: RunState = RunState.COMPLETE

    def __post_init__(self) -> None:
        self.turns = Scheduling(self.register.engine, self.clock)
        self.scheduler = Scheduler(self.turns, self.register.configured, clock=self.clock)

    def add(self, slug: str, schedule: str = "6h") -> None:
        url = f"https://{slug}.example/"
        Writer(self.register.engine, self.clock).save_source(
            Source(slug=slug, title=slug, protocol="fdp", url=url, schedule=schedule)
        )
        self.turns.schedule(slug, schedule, "test")
        self.scheduler.prepare()

    def row(self, slug: str) -> Any:
        with self.register.engine.connect() as connection:
            query = sa.select(t.sources).where(t.sources.c.slug == slug)
            return connection.execute(query).one()

    def begin(self, slug: str, state: RunState = RunState.RUNNING, process: str = DEAD) -> int:
        values = {
            "source": slug,
            "started": self.clock(),
            "heartbeat": self.clock(),
            "process": process,
            "state": state,
            "message": "",
            "counts": {},
            "cause": "schedule",
        }
        with self.register.engine.execution_options(writing=True).begin() as connection:
            done = connection.execute(t.runs.insert().values(values))
            return int(done.inserted_primary_key[0])

    def harvest(self, source: Source) -> RunState:
        self.harvested.append(source.slug)
        self.begin(source.slug, self.state)
        return self.state

    def everything(self) -> list[str]:
        """Run all that is due now; what was harvested by it."""
        self.harvested.clear()
        self.scheduler.prepare()
        while taken := self.scheduler.take():
            self.scheduler.run(taken, self.harvest)
        return self.harvested


@pytest.fixture
def night(register: Register) -> Night:
    return Night(register)


def test_only_what_is_due_is_harvested(night: Night) -> None:
    night.add("new")
    night.add("at-three", "0 3 * * *")
    night.add("by-hand", "")
    assert night.everything() == ["new"]
    assert night.everything() == []
    night.clock.later(hours=14, minutes=1)
    assert sorted(night.everything()) == ["at-three", "new"]


def test_a_moment_that_passed_while_nobody_was_there_is_made_up_for_once(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.everything()
    night.clock.later(days=10)
    assert night.everything() == ["umc"]
    assert night.everything() == []


def test_a_disabled_or_pending_source_has_no_turn(night: Night) -> None:
    night.add("off")
    night.add("knocks")
    night.turns.disable("off", "test")
    with night.register.engine.execution_options(writing=True).begin() as connection:
        connection.execute(
            t.sources.update().where(t.sources.c.slug == "knocks").values(pending=True)
        )
    assert night.everything() == []
    night.turns.enable("off", "test")
    night.turns.approve("knocks", "test")
    assert sorted(night.everything()) == ["knocks", "off"]


def test_a_source_that_is_being_harvested_waits(night: Night) -> None:
    night.add("umc")
    night.begin("umc", process=runs.process())
    assert night.everything() == []


def test_a_failing_source_is_tried_again_less_and_less(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.state = RunState.FAILED
    night.clock.later(hours=15)
    waits = []
    for _ in range(10):
        assert night.everything() == ["umc"]
        waits.append(night.row("umc").next_run - night.clock())
        night.clock.now = night.row("umc").next_run
    assert waits == sorted(waits)
    assert waits[:3] == [timedelta(minutes=m) for m in (15, 30, 60)]
    assert waits[-1] == timedelta(days=1)
    night.state = RunState.COMPLETE
    night.everything()
    assert night.row("umc").next_run.hour in {1, 2}


def test_a_partial_run_keeps_the_schedule(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.clock.later(hours=15)
    night.state = RunState.PARTIAL
    night.everything()
    assert night.row("umc").next_run - night.clock() > timedelta(hours=20)


def test_a_run_of_a_dead_process_is_closed_and_done_again_at_once(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.everything()
    number = night.begin("umc")
    assert night.everything() == ["umc"]
    assert night.register.run(number).message == runs.INTERRUPTED["en"]
    assert night.everything() == []


def test_a_source_that_ends_every_process_is_not_tried_for_ever(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    for _ in range(3):
        night.begin("umc")
        night.scheduler.prepare()
        taken = night.scheduler.take()
    assert taken is None
    assert night.row("umc").next_run > night.clock()


def test_a_run_on_another_machine_is_left_alone_while_it_gives_signs_of_life(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    number = night.begin("umc", process="elsewhere:1:1")
    assert night.everything() == []
    night.clock.later(minutes=3)
    assert night.everything() == ["umc"]
    assert night.register.run(number).state is RunState.FAILED


def test_a_manual_run_of_a_dead_process_is_closed_and_not_done_again(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    number = night.begin("umc")
    with night.register.engine.execution_options(writing=True).begin() as connection:
        connection.execute(t.runs.update().values(cause="command"))
    assert night.everything() == []
    assert night.register.run(number).state is RunState.FAILED


def test_a_manual_run_that_was_killed_does_not_stand_in_the_way_of_the_schedule(
    night: Night,
) -> None:
    night.add("umc", "0 3 * * *")
    night.begin("umc")
    with night.register.engine.execution_options(writing=True).begin() as connection:
        connection.execute(t.runs.update().values(cause="command"))
    night.clock.later(hours=15)
    assert night.everything() == ["umc"]


def test_a_moment_that_was_planned_by_a_clock_ahead_of_its_time_is_planned_anew(
    night: Night,
) -> None:
    night.clock.later(days=3000)
    night.add("umc", "6h")
    night.everything()
    night.clock.later(days=-3000)
    night.scheduler.prepare()
    night.clock.later(hours=13)
    assert night.everything() == ["umc"]


def test_another_try_after_failures_is_not_brought_forward(night: Night) -> None:
    night.add("umc", "1h")
    night.everything()
    at = night.clock() + timedelta(hours=24)
    night.turns.move("umc", night.row("umc").next_run, at)
    night.scheduler.prepare()
    assert night.row("umc").next_run == at


def test_a_sign_of_life_from_the_future_is_none(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.clock.later(days=300)
    number = night.begin("umc", process="elsewhere:1:1")
    night.clock.later(days=-300)
    night.scheduler.prepare()
    assert night.register.run(number).state is RunState.FAILED


def test_stopping_closes_our_runs_and_gives_the_turns_back(night: Night) -> None:
    night.add("ours", "0 3 * * *")
    night.add("theirs", "0 3 * * *")
    night.everything()
    ours = night.begin("ours", process=runs.process())
    theirs = night.begin("theirs", process="elsewhere:1:1")
    night.scheduler.stop()
    assert night.register.run(ours).state is RunState.FAILED
    assert night.register.run(theirs).state is RunState.RUNNING
    assert night.row("ours").next_run == night.clock()


def test_an_operator_who_changes_the_schedule_meanwhile_is_heeded(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.clock.later(hours=15)
    night.scheduler.prepare()
    taken = night.scheduler.take()
    assert taken is not None
    night.turns.schedule("umc", "weekly", "test")
    night.state = RunState.FAILED
    night.scheduler.run(taken, night.harvest)
    assert night.row("umc").next_run is None


def test_a_run_that_another_process_began_first_is_no_failure(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.clock.later(hours=15)
    night.scheduler.prepare()
    taken = night.scheduler.take()
    assert taken is not None

    def refused(_source: Source) -> RunState:
        raise RegisterError("umc: another run is not finished")

    assert night.scheduler.run(taken, refused) is RunState.FAILED
    assert night.row("umc").next_run == taken.then


def test_somebody_may_ask_for_a_turn_of_a_source_without_a_schedule(night: Night) -> None:
    night.add("umc", "")
    night.turns.soon("umc", night.clock())
    night.state = RunState.FAILED
    assert night.everything() == ["umc"]
    assert night.row("umc").next_run is None


def test_a_schedule_that_cannot_be_read_stops_nobody_else(night: Night) -> None:
    night.add("bad", "whenever")
    night.add("good")
    assert night.everything() == ["good"]


def test_a_source_is_unverified_until_it_was_read_whole(night: Night) -> None:
    night.add("umc")
    with night.register.engine.execution_options(writing=True).begin() as connection:
        connection.execute(t.sources.update().values(verified=False))
    night.state = RunState.PARTIAL
    night.everything()
    assert not night.row("umc").verified
    night.state = RunState.COMPLETE
    night.clock.later(days=1)
    night.everything()
    assert night.row("umc").verified


def test_of_many_processes_each_turn_is_taken_by_one(night: Night) -> None:
    for number in range(12):
        night.add(f"umc-{number}")
    night.scheduler.prepare()
    registers = [Register.open(_url(night.register), night.register.base) for _ in range(4)]
    others = [Night(each, clock=night.clock) for each in registers]

    def take_all(one: Night) -> list[str]:
        found = []
        while taken := one.scheduler.take():
            found.append(taken.source.slug)
        return found

    with ThreadPoolExecutor(4) as threads:
        taken = Counter(slug for slugs in threads.map(take_all, others) for slug in slugs)
    for each in registers:
        each.close()
    assert taken == {f"umc-{number}": 1 for number in range(12)}


def test_of_many_processes_one_frees_the_run_of_a_dead_one(night: Night) -> None:
    night.add("umc", "0 3 * * *")
    night.everything()
    night.begin("umc")
    registers = [Register.open(_url(night.register), night.register.base) for _ in range(4)]
    others = [Scheduling(each.engine, night.clock) for each in registers]
    with ThreadPoolExecutor(4) as threads:
        freed = list(threads.map(lambda one: one.forsaken(), others))
    for each in registers:
        each.close()
    assert sorted(freed) == [[], [], [], ["umc"]]


def test_what_an_operator_decides_is_on_record(night: Night) -> None:
    night.add("umc")
    night.turns.disable("umc", "command line")
    with night.register.engine.connect() as connection:
        last = connection.execute(sa.select(t.audit).order_by(t.audit.c.number.desc())).first()
    assert last is not None
    assert (last.actor, last.action, last.subject) == ("command line", "disable", "umc")
    with pytest.raises(NotFound, match="nobody"):
        night.turns.enable("nobody", "test")


def test_letters_are_remembered_newest_first(night: Night) -> None:
    night.add("umc")
    night.turns.wrote("umc", "failed")
    night.clock.later(days=1)
    night.turns.wrote("umc", "recovered")
    assert [about for _, about in night.turns.letters("umc")] == ["recovered", "failed"]
    assert night.turns.letters("other") == []


def _url(register: Register) -> str:
    return register.engine.url.render_as_string(hide_password=False)
