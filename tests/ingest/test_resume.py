"""A run that ended early keeps what it has, and the next one goes on where it stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from harvested import GOOD, Bench, doc, good

from catalogue.errors import FetchFailed, RunLost, SourceError
from catalogue.ingest.budget import Budget
from catalogue.ingest.pulse import pulse
from catalogue.ingest.run import BATCH
from catalogue.ingest.source import (
    AllUnchanged,
    Gone,
    Incremental,
    Item,
    Mark,
    Missed,
    Resumed,
    Seen,
    Source,
    Web,
)
from catalogue.register.incoming import Run
from catalogue.register.records import Outcome, RunState

FAILED = Missed(url="https://umc.example/x", reason=FetchFailed("no", url="https://umc.example/x"))
PER_PAGE = 4


def pages(number: int, stop: int | None = None) -> Any:
    """A harvester of a paged source, that resumes; it is killed after page `stop`."""

    def harvest(_source: Source, web: Web) -> Iterator[Item]:
        first = web.remembered.get("page", 0)
        if first:
            yield Resumed()
        for page in range(first, number):
            if page == stop:
                raise SourceError("the line was cut")
            yield good(*range(page * PER_PAGE, (page + 1) * PER_PAGE))
            yield Mark(state={"page": page + 1})
        yield Mark(state={})

    return harvest


# marks


def test_a_run_goes_on_at_the_last_mark_and_what_came_before_is_not_missing(bench: Bench) -> None:
    assert bench.harvester(pages(4)).run() is RunState.COMPLETE
    for _ in range(3):
        assert bench.harvester(pages(4, stop=2)).run() is RunState.FAILED
        assert bench.writer.memory("umc").mark == {"page": 2}
        assert bench.harvester(pages(4)).run() is RunState.COMPLETE
        assert bench.writer.memory("umc").mark == {}
    assert len(bench.titles()) == 16
    assert bench.register.source("umc").brake is None


def test_what_a_resumed_run_did_not_see_either_is_missing(bench: Bench) -> None:
    bench.harvester(pages(4)).run()
    for _ in range(2):
        bench.harvester(pages(3, stop=2)).run()
        bench.harvester(pages(3)).run()
    brake = bench.register.source("umc").brake
    assert brake is not None
    assert len(brake.records) == PER_PAGE


def test_who_resumes_after_a_complete_run_makes_nothing_missing(bench: Bench) -> None:
    bench.run(good(*range(5)))
    for _ in range(3):
        bench.run(Resumed(), good(4))
    assert len(bench.titles()) == 5
    assert bench.register.source("umc").brake is None


def test_a_mark_is_written_after_the_records_before_it(bench: Bench) -> None:
    """Whenever the process dies, what is behind the mark is in the register."""
    seen = []
    whole = bench.writer.mark

    def watched(run: Run, state: Any, **more: Any) -> None:
        seen.append((state["page"], len(bench.titles())))
        whole(run, state, **more)

    bench.writer.mark = watched  # type: ignore[method-assign]
    bench.harvester(pages(40, stop=39)).run()
    assert seen
    assert all(records >= page * PER_PAGE for page, records in seen)


def test_a_mark_of_records_that_were_not_written_is_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(bench.writer), "save_all", broken)
    with pytest.raises(ZeroDivisionError):
        bench.run(good(1), Mark(state={"page": 1}))
    assert bench.writer.memory("umc").mark == {}


def test_records_before_the_failure_of_the_source_are_kept(bench: Bench) -> None:
    assert bench.run(good(1, 2), SourceError("cut")) is RunState.FAILED
    assert bench.titles() == ["Genomes 1", "Genomes 2"]
    assert bench.message() == "cut"


def test_a_mark_of_the_run_before_is_what_the_harvester_is_told(bench: Bench) -> None:
    bench.run(good(1), Mark(state={"since": "2026-01-01"}))
    bench.run(good(1))
    assert bench.web.remembered == {"since": "2026-01-01"}


# what a source tells of its own accord


def test_what_an_incremental_run_does_not_mention_is_not_missing(bench: Bench) -> None:
    bench.run(good(*range(10)))
    for _ in range(3):
        assert bench.run(Incremental(), good(1)) is RunState.COMPLETE
    bench.run(good(*range(9)))
    assert len(bench.titles()) == 10


@pytest.mark.parametrize("subject", ["https://umc.example/d/1", "http://umc.example/d/1/", "oai:1"])
def test_a_source_withdraws_a_record_by_address_or_identifier(bench: Bench, subject: str) -> None:
    one = GOOD.format(1, 83) + '<https://umc.example/d/1> dct:identifier "oai:1" .'
    bench.run(doc(one + GOOD.format(2, 83)))
    bench.run(Incremental(), Gone(subject=subject))
    assert bench.titles() == ["Genomes 2"]
    assert bench.counts() == {Outcome.REMOVED: 1}


@pytest.mark.parametrize(
    ("items", "titles"),
    [
        ((good(2), Gone(subject="https://umc.example/d/2")), ["Genomes 1"]),
        ((Gone(subject="https://umc.example/d/1"), good(1)), ["Genomes 1"]),
        ((good(1), Gone(subject="https://umc.example/d/1")), []),
        ((Gone(subject="https://umc.example/nothing"),), ["Genomes 1"]),
    ],
    ids=["made and withdrawn", "withdrawn and back", "seen and withdrawn", "never there"],
)
def test_what_a_source_says_last_holds(
    bench: Bench, items: tuple[Item, ...], titles: list[str]
) -> None:
    bench.run(good(1))
    bench.run(Incremental(), *items)
    assert bench.titles() == titles


def test_a_record_that_the_source_calls_unchanged_is_seen(bench: Bench) -> None:
    bench.run(good(*range(6)))
    said = [Seen(subject=f"https://umc.example/d/{number}") for number in (0, 0, 1, 2, 3)]
    for _ in range(3):
        assert bench.run(*said, good(4, 5)) is RunState.COMPLETE
    assert bench.counts() == {Outcome.UNCHANGED: 6}
    assert len(bench.titles()) == 6


def test_the_harvester_can_ask_what_we_have(bench: Bench) -> None:
    bench.run(good(1))
    bench.run(good(1))
    assert bench.web.has("http://umc.example/d/1/")
    assert not bench.web.has("https://umc.example/d/2")


def test_a_source_where_nothing_changed_has_everything_still(bench: Bench) -> None:
    bench.run(good(1, 2), doc('<https://umc.example/d/3> a dcat:Dataset ; dct:title "x"@en .'))
    for _ in range(3):
        assert bench.run(AllUnchanged()) is RunState.COMPLETE
    assert bench.counts() == {Outcome.UNCHANGED: 2, Outcome.HELD: 1}
    held = next(line for line in bench.report() if line.outcome is Outcome.HELD)
    assert held.title == "x"


def test_a_second_run_over_the_same_records_makes_no_writes(bench: Bench) -> None:
    tables = ("records", "versions", "documents", "changes", "outcomes", "names", "sightings")
    bench.run(good(*range(120)))
    before = {table: bench.rows(table) for table in tables}
    assert bench.run(good(*range(120)), Mark(state={"date": "now"})) is RunState.COMPLETE
    assert {table: bench.rows(table) for table in tables} == before
    assert bench.counts() == {Outcome.UNCHANGED: 120}
    assert bench.writer.memory("umc").mark == {"date": "now"}


# budgets


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(records=BATCH), "50 records"),
        (Budget(bytes=10, figures=lambda: {"bytes": 11}), "10 bytes"),
        (Budget(seconds=0), "0 seconds"),
        (Budget(stopped=lambda: True), "stopped"),
    ],
    ids=["records", "bytes", "seconds", "stopped"],
)
def test_a_run_that_used_up_its_budget_is_partial_and_says_so(
    bench: Bench, budget: Budget, words: str
) -> None:
    bench.run(good(*range(1000, 1040)))
    bench.budget = budget
    assert bench.harvester(pages(1000)).run() is RunState.PARTIAL
    assert words in bench.message()
    run = bench.register.runs("umc", 1)[0]
    assert set(run.messages) == {"nl", "en"}
    assert bench.register.totals()["datasets"] >= 40
    assert bench.register.source("umc").brake is None


def test_the_runs_after_it_go_on_until_everything_is_there(bench: Bench) -> None:
    states = []
    while RunState.COMPLETE not in states:
        bench.budget = Budget(records=BATCH)
        states.append(bench.harvester(pages(30)).run())
    assert len(bench.titles()) == 30 * PER_PAGE
    assert len(states) == 3


def test_figures_of_the_session_are_in_the_report(bench: Bench) -> None:
    bench.budget = Budget(figures=lambda: {"requests": 3, "not_modified": 1, "bytes": 9})
    bench.run(good(1))
    assert bench.register.runs("umc", 1)[0].figures == {
        "requests": 3,
        "not_modified": 1,
        "bytes": 9,
    }


# the lease


def test_a_slow_source_keeps_its_run_alive() -> None:
    beats = threading.Semaphore(0)

    class Heart:
        def beat(self, _run: Run) -> None:
            beats.release()

    with pulse(Heart(), Run(1, "umc"), every=0.001) as lost:
        for _ in range(3):
            assert beats.acquire(timeout=30)
    assert not lost.is_set()


def test_a_database_that_is_away_for_a_moment_does_not_end_the_run() -> None:
    beats = threading.Semaphore(0)

    class Heart:
        def beat(self, _run: Run) -> None:
            beats.release()
            raise OSError("away")

    with pulse(Heart(), Run(1, "umc"), every=0.001) as lost:
        for _ in range(3):
            assert beats.acquire(timeout=30)
    assert not lost.is_set()


def test_a_run_that_was_taken_over_stops_without_writing(bench: Bench) -> None:
    def take_over() -> None:
        with bench.register.engine.execution_options(writing=True).begin() as connection:
            connection.exec_driver_sql("UPDATE runs SET state = 'failed'")

    bench.run(good(1))
    with pytest.raises(RunLost):
        bench.run(take_over, good(2))
    assert bench.titles() == ["Genomes 1"]


def test_the_pulse_notices_that_the_run_was_taken_over() -> None:
    class Heart:
        def beat(self, run: Run) -> None:
            raise RunLost(f"run {run.id}")

    with pulse(Heart(), Run(1, "umc"), every=0.001) as lost:
        assert lost.wait(timeout=30)


def test_everybody_who_watches_sees_every_record(bench: Bench) -> None:
    told = []
    bench.progress = lambda line: told.append(line.outcome)
    bench.run(good(1, 2))
    bench.run(good(1), FAILED)
    assert told == [Outcome.NEW, Outcome.NEW, Outcome.UNCHANGED, Outcome.FAILED]
