"""One run of a source at a time, whatever dies; and what is kept from one to the next."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from given import NOON, a_draft

from catalogue.errors import NotFound, RegisterError, RunLost, Unwritable
from catalogue.model.source import Source
from catalogue.register import runs
from catalogue.register import tables as t
from catalogue.register.records import Outcome, RecordOutcome, RunState
from catalogue.register.register import Register
from catalogue.register.writer import Poison, ReceivedBytes, Run, Writer

SOURCE = Source(slug="merwestad", title="Merwestad", protocol="fdp", url="https://umc.example/")
LINE = RecordOutcome(url="u", outcome=Outcome.FAILED)


def belongs_to(register: Register, process: str) -> None:
    """Let the running run be that of another process."""
    with register.engine.execution_options(writing=True).begin() as connection:
        connection.execute(t.runs.update().values(process=process))


def rows(register: Register, table: sa.Table) -> int:
    with register.engine.connect() as connection:
        query = sa.select(sa.func.count().label("number")).select_from(table)
        return int(connection.execute(query).scalar_one())


# the lease


def test_of_many_that_begin_at_once_exactly_one_runs(register: Register, writer: Writer) -> None:
    together, began, refused = threading.Barrier(6), [], []

    def begin() -> None:
        together.wait()
        try:
            began.append(writer.begin("merwestad"))
        except RegisterError as error:
            refused.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(began), len(refused)) == (1, 5)
    assert rows(register, t.runs) == 1


def test_a_run_of_a_source_that_does_not_exist_is_refused(writer: Writer) -> None:
    with pytest.raises(NotFound, match="elsewhere"):
        writer.begin("elsewhere")


def test_a_run_knows_who_asked_for_it(register: Register, writer: Writer) -> None:
    assert register.run(writer.begin("merwestad", "schedule").id).cause == "schedule"


def test_the_runs_before_one_are_had_newest_first(register: Register, writer: Writer) -> None:
    known = []
    for _ in range(4):
        known.append(writer.begin("merwestad"))
        writer.finish(known[-1], RunState.PARTIAL, "", seen=set(), gone=set(), outcomes=[])
    newest = [each.id for each in register.runs("merwestad")]
    assert newest == sorted(newest, reverse=True)
    assert [each.id for each in register.runs("merwestad", 2, before=newest[1])] == newest[2:]
    assert register.runs("merwestad", before=newest[-1]) == []


def test_a_second_run_of_the_same_process_waits_too(writer: Writer) -> None:
    writer.begin("merwestad")
    with pytest.raises(RegisterError, match="not finished"):
        writer.begin("merwestad")


def test_another_process_with_the_same_number_is_not_the_owner(
    register: Register, writer: Writer
) -> None:
    writer.begin("merwestad")
    belongs_to(register, f"{socket.gethostname()}:{os.getpid()}:1")
    assert writer.begin("merwestad").id == 2


OWNER = """
import sys
from catalogue.register.tables import open_engine
from catalogue.register.writer import Writer
Writer(open_engine(sys.argv[1])).begin("merwestad")
print("begun", flush=True)
sys.stdin.read()
"""


def test_kill_minus_nine_frees_the_source_at_once(register: Register, writer: Writer) -> None:
    writer.save_source(SOURCE)
    url = register.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"begun\n"
        present = Writer(register.engine)
        with pytest.raises(RegisterError, match="not finished"):
            present.begin("merwestad")
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        assert present.begin("merwestad").id == 2
    assert register.run(1).state is RunState.FAILED


def test_a_process_that_is_dead_but_not_yet_buried_is_dead() -> None:
    with subprocess.Popen(["true"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert runs.started(child.pid) == ""
    assert runs.started(os.getpid())


def test_a_process_that_hangs_loses_the_run_after_the_lease(writer: Writer, clock: Any) -> None:
    writer.begin("merwestad")
    clock.now += runs.LEASE + timedelta(seconds=1)
    assert writer.begin("merwestad").id == 2


def test_a_sign_of_life_prolongs_the_lease(writer: Writer, clock: Any) -> None:
    run = writer.begin("merwestad")
    for _ in range(5):
        clock.now += runs.LEASE * 0.9
        writer.beat(run)
    with pytest.raises(RegisterError, match="not finished"):
        writer.begin("merwestad")


WRITES: dict[str, Callable[[Writer, Run], object]] = {
    "beat": lambda writer, run: writer.beat(run),
    "save": lambda writer, run: writer.save(run, a_draft("a")),
    "report": lambda writer, run: writer.report(run, [LINE]),
    "mark": lambda writer, run: writer.mark(run, {"page": 2}, seen=["a"]),
    "set aside": lambda writer, run: writer.set_aside(run, Poison("i", "d", "r")),
    "release": lambda writer, run: writer.release(run, ["i"]),
    "finish": lambda writer, run: writer.finish(run, RunState.COMPLETE, gone={"b"}),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_run_that_was_taken_over_writes_nothing_any_more(
    register: Register, writer: Writer, clock: Any, write: Callable[[Writer, Run], object]
) -> None:
    old = writer.begin("merwestad")
    clock.now += timedelta(minutes=3)
    new = writer.begin("merwestad")
    with pytest.raises(RunLost, match=f"run {old.id} was taken over"):
        write(writer, old)
    for table in (t.records, t.outcomes, t.sightings, t.quarantine):
        assert rows(register, table) == 0
    assert register.run(old.id).state is RunState.FAILED
    assert register.run(new.id).state is RunState.RUNNING
    assert writer.memory("merwestad").mark == {}


def test_a_run_whose_source_was_removed_stops(writer: Writer) -> None:
    run = writer.begin("merwestad")
    writer.remove_source("merwestad")
    with pytest.raises(RunLost):
        writer.save(run, a_draft("a"))


def test_an_interrupted_run_counts_what_it_reported(
    register: Register, writer: Writer, clock: Any
) -> None:
    run = writer.begin("merwestad")
    writer.report(run, [LINE, LINE])
    clock.now += timedelta(minutes=3)
    writer.begin("merwestad")
    assert register.run(run.id).counts == {Outcome.FAILED: 2}
    assert set(register.run(run.id).messages) == {"nl", "en"}


# what is written


def test_a_batch_is_written_whole_or_not_at_all(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    bad = replace(a_draft("b"), source_iri="https://umc.example/\ud800")
    with pytest.raises(Unwritable, match="merwestad"):
        writer.save_all(run, [a_draft("a"), bad])
    assert rows(register, t.records) == 0


def test_sources_that_send_the_same_bytes_do_not_wait_for_each_other_forever(
    register: Register, writer: Writer
) -> None:
    shared = ReceivedBytes(url="u", media_type=None, fetched=NOON, content=b"the same")
    failures: list[Exception] = []

    def take_in(slug: str) -> None:
        try:
            run = Writer(register.engine).begin(slug)
            for batch in range(5):
                names = [f"{slug}{batch}{place}" for place in range(5)]
                drafts = [replace(a_draft(name), documents=(shared,)) for name in names]
                Writer(register.engine).save_all(run, drafts)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    slugs = ("one", "two", "three")
    for slug in slugs:
        writer.save_source(replace(SOURCE, slug=slug))
    threads = [threading.Thread(target=take_in, args=(slug,)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert rows(register, t.records) == 75
    assert rows(register, t.documents) == 1


def test_figures_and_counts_of_a_run_are_kept(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    counts = {Outcome.NEW: 2, Outcome.FAILED: 1}
    writer.finish(
        run, RunState.PARTIAL, outcomes=[LINE], counts=counts, figures={"requests": 7}, unchanged=3
    )
    found = register.run(run.id)
    assert found.figures == {"requests": 7}
    assert found.counts == {Outcome.NEW: 2, Outcome.FAILED: 2, Outcome.UNCHANGED: 3}


# the mark and what was seen before it


def test_a_mark_is_kept_until_it_is_forgotten(writer: Writer) -> None:
    run = writer.begin("merwestad")
    writer.mark(run, {"next": "page 2"})
    assert writer.memory("merwestad").mark == {"next": "page 2"}
    writer.mark(run, {})
    assert writer.memory("merwestad").mark == {}


def test_what_was_seen_before_a_mark_is_known_to_the_next_run(writer: Writer, clock: Any) -> None:
    run = writer.begin("merwestad")
    writer.mark(run, {"page": 2}, seen=["a", "b"], gone=["c"])
    clock.now += timedelta(minutes=3)
    assert writer.sighted(writer.begin("merwestad")) == {"a", "b"}


def test_the_last_word_about_a_record_holds(writer: Writer, clock: Any) -> None:
    run = writer.begin("merwestad")
    writer.mark(run, {"page": 2}, seen=["a"], gone=["b"])
    writer.mark(run, {"page": 3}, seen=["b"], gone=["a"])
    clock.now += timedelta(minutes=3)
    assert writer.sighted(writer.begin("merwestad")) == {"b"}


def test_a_run_from_the_beginning_forgets_what_earlier_ones_saw(writer: Writer, clock: Any) -> None:
    writer.mark(writer.begin("merwestad"), {"page": 2}, seen=["a"])
    clock.now += timedelta(minutes=3)
    writer.mark(writer.begin("merwestad"), {"page": 1}, seen=["b"], fresh=True)
    clock.now += timedelta(minutes=3)
    assert writer.sighted(writer.begin("merwestad")) == {"b"}


def test_a_complete_run_leaves_no_sightings(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    writer.mark(run, {"page": 2}, seen=["a"])
    writer.finish(run, RunState.COMPLETE, mark={})
    assert rows(register, t.sightings) == 0
    assert writer.memory("merwestad").mark == {}


def test_a_withdrawal_before_a_mark_survives_a_crash(
    register: Register, writer: Writer, clock: Any
) -> None:
    """The next run goes on after the mark, so the source will not say it again."""
    run = writer.begin("merwestad")
    for name in "abcd":
        writer.save(run, a_draft(name))
    writer.finish(run, RunState.COMPLETE, seen=set("abcd"))
    writer.mark(writer.begin("merwestad"), {"page": 2}, gone=["a"])
    clock.now += timedelta(minutes=3)
    writer.finish(writer.begin("merwestad"), RunState.COMPLETE, incremental=True)
    assert {item.record.id for item in register.published("dataset")} == set("bcd")


# sources


def test_everything_about_a_source_is_kept(register: Register, writer: Writer) -> None:
    full = replace(
        SOURCE,
        organisation="umc",
        contact="data@umc.example",
        schedule="6h",
        language="en",
        options={"prefix": "dcat"},
        connect_to="127.0.0.1:1",
    )
    writer.save_source(full)
    assert register.configured() == [full]
    assert register.settings_of("merwestad") == full
    status = register.source("merwestad")
    assert (status.owner, status.contact, status.schedule) == ("umc", "data@umc.example", "6h")
    assert status.verified
    assert not status.pending


def test_a_source_that_waits_for_an_admin_is_not_harvested(
    register: Register, writer: Writer
) -> None:
    writer.save_source(replace(SOURCE, slug="aaa"), enabled=False, pending=True, verified=False)
    writer.save_source(replace(SOURCE, slug="bbb"), pending=True)
    writer.save_source(replace(SOURCE, slug="ccc"), enabled=False)
    assert [source.slug for source in register.configured()] == ["merwestad"]
    assert [status.slug for status in register.sources()] == ["aaa", "bbb", "ccc", "merwestad"]
    assert register.source("aaa").pending
    assert not register.source("aaa").verified


def test_changing_a_source_leaves_the_flags_that_are_not_named(
    register: Register, writer: Writer
) -> None:
    writer.save_source(SOURCE, enabled=False)
    writer.save_source(replace(SOURCE, title="Another"))
    assert not register.source("merwestad").enabled
    assert register.source("merwestad").title == "Another"


def test_a_moved_source_keeps_its_former_addresses(writer: Writer) -> None:
    for address in ("https://two.example/", "https://three.example/", "https://two.example/"):
        writer.save_source(replace(SOURCE, url=address))
    assert writer.memory("merwestad").former == ("https://three.example/", "https://umc.example/")


def test_another_address_or_protocol_makes_the_mark_meaningless(writer: Writer) -> None:
    writer.mark(writer.begin("merwestad"), {"page": 2})
    writer.save_source(replace(SOURCE, title="Another"))
    assert writer.memory("merwestad").mark == {"page": 2}
    writer.save_source(replace(SOURCE, protocol="oai"))
    assert writer.memory("merwestad").mark == {}


def test_another_schedule_is_planned_anew(register: Register, writer: Writer) -> None:
    writer.save_source(replace(SOURCE, schedule="6h"))
    with register.engine.execution_options(writing=True).begin() as connection:
        connection.execute(t.sources.update().values(next_run=NOON))
    writer.save_source(replace(SOURCE, schedule="6h"))
    assert register.source("merwestad").next_run == NOON
    writer.save_source(replace(SOURCE, schedule="1d"))
    assert register.source("merwestad").next_run is None


# poison


def test_poison_is_remembered_by_one_spelling_and_released(writer: Writer) -> None:
    run = writer.begin("merwestad")
    writer.set_aside(run, Poison("https://umc.example/d/", "d1", "first"))
    writer.set_aside(run, Poison("http://umc.example/d", "d2", "second"))
    assert list(writer.memory("merwestad").aside.values()) == [
        Poison("//umc.example/d", "d2", "second")
    ]
    writer.release(run, ["//umc.example/d"])
    assert writer.memory("merwestad").aside == {}


def test_a_note_in_the_audit_log_says_who_did_what(register: Register, writer: Writer) -> None:
    writer.note("admin", "approve", "merwestad", {"why": "known"})
    with register.engine.connect() as connection:
        (row,) = connection.execute(sa.select(t.audit)).all()
    assert (row.actor, row.action, row.subject) == ("admin", "approve", "merwestad")
    assert row.details == {"why": "known"}
    assert row.at == NOON


@pytest.mark.parametrize(
    "change",
    [{"url": "https://new.example/"}, {"protocol": "ckan"}, {"options": {"set": "dna"}}],
    ids=["address", "protocol", "options"],
)
def test_a_run_of_a_source_that_is_changed_meanwhile_writes_nothing_more(
    register: Register, writer: Writer, change: dict[str, Any]
) -> None:
    run = writer.begin("merwestad")
    writer.save_source(replace(SOURCE, **change))
    with pytest.raises(RunLost):
        writer.mark(run, {"place": {"token": "of the old one"}})
    assert writer.memory("merwestad").mark == {}
    assert register.run(run.id).messages["nl"].startswith("onderbroken: de bron is gewijzigd")
    assert writer.begin("merwestad").id != run.id


def test_a_run_goes_on_when_only_the_contact_of_its_source_changes(
    register: Register, writer: Writer
) -> None:
    run = writer.begin("merwestad")
    writer.save_source(replace(register.settings_of("merwestad"), contact="me@umc.example"))
    assert writer.finish(run, RunState.COMPLETE) is RunState.COMPLETE


def test_a_run_of_a_source_that_was_removed_and_came_back_writes_nothing_more(
    register: Register, writer: Writer
) -> None:
    """Some databases give the number of a deleted run to the next one."""
    run = writer.begin("merwestad")
    writer.remove_source("merwestad")
    writer.save_source(SOURCE)
    writer.begin("merwestad")
    belongs_to(register, "elsewhere:1:1")
    with pytest.raises(RunLost):
        writer.save(run, a_draft("a"))
