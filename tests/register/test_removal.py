"""A record goes when its source says so, or after two complete runs; never in masses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from given import NOON, a_draft

from catalogue.errors import Gone, NotFound
from catalogue.register import tables as t
from catalogue.register.records import Outcome, RunState, State
from catalogue.register.register import Register
from catalogue.register.writer import Run, Writer

TEN = tuple("abcdefghij")


def harvested(
    writer: Writer, seen: Collection[str], state: RunState = RunState.COMPLETE, **ending: Any
) -> Run:
    """A run that saw these records; those that are new or withdrawn are written."""
    run = writer.begin("merwestad")
    live = {known.id for known in writer.known("merwestad") if known.live}
    for name in seen:
        if name not in live:
            writer.save(run, a_draft(name))
    writer.finish(run, state, seen=set(seen), **ending)
    return run


def live(register: Register) -> set[str]:
    return {item.record.id for item in register.published("dataset")}


def audit(register: Register) -> list[tuple[str, str, str]]:
    with register.engine.connect() as connection:
        rows = connection.execute(sa.select(t.audit).order_by(t.audit.c.number)).all()
    return [(row.actor, row.action, row.subject) for row in rows]


def test_a_few_are_removed_after_two_complete_runs(register: Register, writer: Writer) -> None:
    harvested(writer, TEN)
    harvested(writer, TEN[:8])
    assert live(register) == set(TEN)
    harvested(writer, TEN[:8])
    assert live(register) == set(TEN[:8])


def test_what_only_an_incremental_run_did_not_mention_is_not_missing(
    register: Register, writer: Writer
) -> None:
    harvested(writer, TEN)
    for _ in range(3):
        harvested(writer, "a", incremental=True)
    harvested(writer, TEN[:9])
    assert live(register) == set(TEN)


@pytest.mark.parametrize("state", [RunState.COMPLETE, RunState.PARTIAL])
def test_an_explicit_gone_is_enough_in_a_partial_run_too(
    register: Register, writer: Writer, state: RunState
) -> None:
    harvested(writer, TEN)
    run = harvested(writer, TEN[:9], state, gone={"j"})
    assert live(register) == set(TEN[:9])
    assert register.run(run.id).counts == {Outcome.REMOVED: 1}


def test_a_failed_run_removes_nothing(register: Register, writer: Writer) -> None:
    harvested(writer, TEN)
    harvested(writer, "a", RunState.FAILED, gone={"j"})
    assert live(register) == set(TEN)


def test_the_brake_counts_explicit_and_missing_together(register: Register, writer: Writer) -> None:
    harvested(writer, TEN)
    harvested(writer, TEN[:9])
    run = harvested(writer, TEN[:7], gone={"h", "i"})
    assert live(register) == set(TEN)
    brake = register.source("merwestad").brake
    assert brake is not None
    assert (brake.run, brake.records, brake.live) == (run.id, ("h", "i", "j"), 10)
    assert brake.explicit == ("h", "i")
    assert brake.message["en"] == register.run(run.id).message
    assert "3 van 10" in register.run(run.id).messages["nl"]


def test_two_of_five_are_too_few_for_the_brake(register: Register, writer: Writer) -> None:
    harvested(writer, TEN[:5])
    harvested(writer, TEN[:3])
    harvested(writer, TEN[:3])
    assert live(register) == set(TEN[:3])
    assert register.source("merwestad").brake is None


@pytest.mark.parametrize("left", [(), ("a",)], ids=["none", "ten percent"])
def test_a_source_that_is_suddenly_empty_asks_a_steward_at_once(
    register: Register, writer: Writer, left: tuple[str, ...]
) -> None:
    harvested(writer, TEN)
    run = harvested(writer, left)
    brake = register.source("merwestad").brake
    assert brake is not None
    assert len(brake.records) == 10 - len(left)
    assert "brake" in register.run(run.id).message
    assert live(register) == set(TEN)


def test_nothing_at_stake_in_a_partial_run_is_a_brake(register: Register, writer: Writer) -> None:
    harvested(writer, TEN)
    harvested(writer, (), RunState.PARTIAL)
    assert register.source("merwestad").brake is None


def test_a_steward_confirms_and_what_was_seen_since_stays(
    register: Register, writer: Writer
) -> None:
    harvested(writer, TEN)
    harvested(writer, ())
    harvested(writer, "ab", RunState.PARTIAL)
    assert writer.confirm_removal("merwestad", "steward of Merwestad") == 8
    assert live(register) == {"a", "b"}
    assert register.source("merwestad").brake is None
    assert audit(register) == [("steward of Merwestad", "confirm-removal", "merwestad")]
    with pytest.raises(Gone, match="no longer lists it"):
        register.get("dataset", "c")


def test_a_steward_declines_and_the_count_begins_anew(register: Register, writer: Writer) -> None:
    harvested(writer, TEN)
    for _ in range(2):
        harvested(writer, TEN[:6])
    writer.decline_removal("merwestad", "steward")
    assert register.source("merwestad").brake is None
    harvested(writer, TEN[:6])
    assert register.source("merwestad").brake is None
    assert live(register) == set(TEN)
    assert audit(register)[-1][1] == "decline-removal"


def test_without_a_brake_there_is_nothing_to_decide(writer: Writer) -> None:
    with pytest.raises(NotFound, match="no removal waits"):
        writer.confirm_removal("merwestad", "steward")
    with pytest.raises(NotFound, match="no removal waits"):
        writer.decline_removal("merwestad", "steward")
    with pytest.raises(NotFound, match="no source"):
        writer.confirm_removal("elsewhere", "steward")


def test_a_later_run_that_sees_them_takes_the_brake_off(register: Register, writer: Writer) -> None:
    harvested(writer, TEN)
    harvested(writer, ())
    harvested(writer, TEN)
    assert register.source("merwestad").brake is None
    assert live(register) == set(TEN)


@pytest.mark.parametrize("state", [RunState.PARTIAL, RunState.FAILED])
def test_a_run_that_sees_some_of_them_leaves_the_others_at_stake(
    register: Register, writer: Writer, state: RunState
) -> None:
    harvested(writer, TEN)
    harvested(writer, ())
    harvested(writer, TEN[:9], state)
    brake = register.source("merwestad").brake
    assert brake is not None
    assert brake.records == ("j",)
    assert "1 of 10" in brake.message["en"]


def test_the_same_removal_keeps_the_date_on_which_it_was_stopped(
    register: Register, writer: Writer, clock: Any
) -> None:
    harvested(writer, TEN)
    first = harvested(writer, ())
    clock.now += timedelta(days=1)
    harvested(writer, ())
    brake = register.source("merwestad").brake
    assert brake is not None
    assert (brake.run, brake.at) == (first.id, NOON)
    assert writer.confirm_removal("merwestad", "steward") == 10


def test_what_the_source_withdrew_itself_is_not_forgotten_under_the_brake(
    register: Register, writer: Writer
) -> None:
    """A source that tells a withdrawal once (OAI-PMH) does not tell it again."""
    harvested(writer, TEN)
    harvested(writer, (), incremental=True, gone={"a", "b", "c"})
    harvested(writer, (), incremental=True)
    brake = register.source("merwestad").brake
    assert brake is not None
    assert brake.records == ("a", "b", "c")
    writer.confirm_removal("merwestad", "steward")
    with pytest.raises(Gone, match="withdrew it"):
        register.get("dataset", "a")


def test_a_removal_that_became_small_is_carried_out(register: Register, writer: Writer) -> None:
    harvested(writer, TEN)
    for _ in range(2):
        harvested(writer, TEN[:6])
    harvested(writer, TEN[:9])
    assert live(register) == set(TEN[:9])
    assert register.source("merwestad").brake is None


def test_a_tombstone_keeps_reason_and_date_and_comes_back_with_its_history(
    register: Register, writer: Writer, clock: Any
) -> None:
    harvested(writer, TEN)
    clock.now += timedelta(days=1)
    harvested(writer, TEN[:9], gone={"j"})
    with pytest.raises(Gone) as error:
        register.get("dataset", "j")
    assert error.value.record.reason == "its holder withdrew it"
    assert error.value.record.changed == NOON + timedelta(days=1)
    position = register.position()
    run = harvested(writer, TEN)
    found = register.get("dataset", "j").record
    assert (found.state, found.version, found.reason) == (State.PUBLISHED, 2, "")
    assert found.first_seen == NOON
    assert [version.number for version in register.history("j")] == [2, 1]
    assert register.changes_since(position)[0][1:] == ("j", "dataset", "added")
    assert register.run(run.id).state is RunState.COMPLETE


def test_a_hundred_records_can_be_missing_at_once(register: Register, writer: Writer) -> None:
    """More than fit in the parameters of one statement are handled in slices."""
    run = writer.begin("merwestad")
    names = [f"r{number}" for number in range(1200)]
    writer.save_all(run, [a_draft(name) for name in names])
    writer.finish(run, RunState.COMPLETE, seen=set(names))
    harvested(writer, names[:600])
    harvested(writer, names[:600])
    brake = register.source("merwestad").brake
    assert brake is not None
    assert len(brake.records) == 600
    assert writer.confirm_removal("merwestad", "steward") == 600


def test_a_run_that_changes_nothing_writes_one_statement_for_all(
    register: Register, writer: Writer
) -> None:
    harvested(writer, TEN)
    written = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(" ".join(statement.split()[:3]))

    sa.event.listen(register.engine, "before_cursor_execute", note)
    harvested(writer, TEN)
    assert written.count("UPDATE records SET") == 1
    assert not [each for each in written if each.startswith("INSERT") and "runs" not in each]
