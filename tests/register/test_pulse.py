"""The pulse tells on each database that something was written, and that nothing was."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from given import a_draft

from catalogue.register import tables as t
from catalogue.register.pulse import Pulse
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.writer import Writer


def test_the_pulse_is_the_same_while_we_only_read(register: Register, writer: Writer) -> None:
    before = register.pulse()
    register.totals()
    register.sources()
    assert before
    assert register.pulse() == before


def a_version(writer: Writer) -> None:
    run = writer.begin("merwestad")
    writer.save(run, a_draft())


def a_run(writer: Writer) -> None:
    run = writer.begin("merwestad")
    writer.finish(run, RunState.PARTIAL, "", seen=set(), gone=set(), outcomes=[])


WRITES = {
    "a version": a_version,
    "a run": a_run,
    "a line of the audit log": lambda writer: writer.note("ada", "looked", "x", {}),
    "a position": lambda writer: writer.set_position("store", 7),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_every_kind_of_write_is_felt(register: Register, writer: Writer, write: Any) -> None:
    before = register.pulse()
    write(writer)
    assert register.pulse() != before


def test_a_write_is_felt_when_it_is_committed_and_not_before(
    register: Register, writer: Writer
) -> None:
    with register.engine.execution_options(writing=True).begin() as connection:
        connection.execute(t.sources.update().values(title="Renamed"))
        during = register.pulse()
        assert register.source_titles() == {"merwestad": "Merwestad"}
    assert register.source_titles() == {"merwestad": "Renamed"}
    assert register.pulse() != during


def test_a_pulse_may_be_felt_by_many_threads(register: Register, writer: Writer) -> None:
    felt: set[str] = set()
    threads = [threading.Thread(target=lambda: felt.add(register.pulse())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(felt) == 1


def test_after_a_lost_connection_no_earlier_pulse_comes_back(register: Register) -> None:
    pulse = Pulse(register.engine)
    before = pulse.read()
    pulse.close()
    assert pulse.read() != before
    pulse.close()


def test_a_database_that_does_not_answer_has_no_pulse(tmp_path: Any) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/no/such/folder/r.sqlite")
    assert Pulse(engine).read() == ""
