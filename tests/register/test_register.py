"""The system of record: one transaction per description, nothing lost, nothing leaked."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from given import a_draft, a_graph

from catalogue.errors import Gone, NotFound, RegisterError
from catalogue.model.text import LangText, Text
from catalogue.register.records import Holder, Outcome, RecordOutcome, RunState, State
from catalogue.register.register import Register
from catalogue.register.tables import metadata
from catalogue.register.writer import Run, Writer

BASE = "https://catalogue.example"


class Clock(Protocol):
    """A clock that a test moves."""

    now: datetime


def harvested(writer: Writer, *drafts: str, state: RunState = RunState.COMPLETE) -> Run:
    """A run that saw these drafts and nothing else."""
    run = writer.begin("merwestad")
    for name in drafts:
        if name not in {known.id for known in writer.known("merwestad")}:
            writer.save(run, a_draft(name))
    writer.finish(run, state, "", seen=set(drafts), gone=set(), outcomes=[])
    return run


def test_the_migrations_make_exactly_the_tables_of_the_code(register: Register) -> None:
    with register.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_published_description_is_read_back(register: Register, writer: Writer) -> None:
    harvested(writer, "a")
    found = register.get("dataset", "a")
    assert found.value.title.value("en") == "Genomes"
    assert found.record.iri == f"{BASE}/dataset/a"
    assert found.record.holder.slug == "merwestad"


def test_an_unknown_record_or_one_of_another_kind_is_not_found(
    register: Register, writer: Writer
) -> None:
    harvested(writer, "a")
    for kind, name in (("dataset", "b"), ("catalog", "a")):
        with pytest.raises(NotFound):
            register.get(kind, name)


def test_a_held_description_is_not_public(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    assert writer.save(run, a_draft("a", reason="minimum")) is Outcome.HELD
    with pytest.raises(NotFound):
        register.get("dataset", "a")
    assert register.changes_since(0) == []
    assert list(register.graphs()) == []


def test_the_last_good_version_stays_public_when_a_new_one_is_held(
    register: Register, writer: Writer
) -> None:
    run = writer.begin("merwestad")
    writer.save(run, a_draft("a", title="Good"))
    writer.save(run, a_draft("a", title="Bad", reason="minimum"))
    assert register.get("dataset", "a").value.title.value("en") == "Good"
    assert register.source("merwestad").held == 1


def test_every_version_is_kept(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    outcomes = [writer.save(run, a_draft("a", title=title)) for title in ("One", "Two")]
    assert outcomes == [Outcome.NEW, Outcome.CHANGED]
    assert [version.number for version in register.history("a")] == [2, 1]


def test_changes_are_numbered_in_order(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b")
    assert [(n, record) for n, record, _, _ in register.changes_since(0)] == [(1, "a"), (2, "b")]
    assert register.changes_since(1)[0][1] == "b"
    assert register.position() == 2


def test_one_complete_run_without_it_removes_nothing(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b")
    harvested(writer, "a")
    assert register.get("dataset", "b").record.state is State.PUBLISHED


def test_two_complete_runs_without_it_make_a_tombstone(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b")
    harvested(writer, "a")
    run = harvested(writer, "a")
    with pytest.raises(Gone) as error:
        register.get("dataset", "b")
    assert error.value.record.id == "b"
    assert register.run(run.id).counts == {Outcome.REMOVED: 1}
    assert register.changes_since(0)[-1][3] == "withdrawn"


def test_partial_and_failed_runs_never_count(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b")
    for state in (RunState.PARTIAL, RunState.FAILED) * 3:
        harvested(writer, "a", state=state)
    assert register.get("dataset", "b").record.state is State.PUBLISHED


def test_seeing_it_again_starts_the_count_anew(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b")
    harvested(writer, "a")
    harvested(writer, "a", "b")
    harvested(writer, "a")
    assert register.get("dataset", "b").record.state is State.PUBLISHED


def test_an_explicit_gone_is_enough(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b")
    run = writer.begin("merwestad")
    writer.finish(run, RunState.COMPLETE, "", seen={"a"}, gone={"b"}, outcomes=[])
    with pytest.raises(Gone):
        register.get("dataset", "b")


def test_the_brake_stops_mass_removal(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b", "c", "d")
    for _ in range(3):
        run = harvested(writer)
    assert "brake" in register.run(run.id).message
    assert register.totals()["datasets"] == 4


def test_a_tombstone_that_returns_lives_again(register: Register, writer: Writer) -> None:
    harvested(writer, "a", "b")
    harvested(writer, "a")
    harvested(writer, "a")
    run = writer.begin("merwestad")
    writer.save(run, a_draft("b", title="Back"))
    assert register.get("dataset", "b").value.title.value("en") == "Back"
    assert len(register.history("b")) == 2


def test_a_tombstone_stays_closed_while_what_returns_is_held(
    register: Register, writer: Writer
) -> None:
    harvested(writer, "a", "b")
    harvested(writer, "a")
    harvested(writer, "a")
    run = writer.begin("merwestad")
    writer.save(run, a_draft("b", title="Back", reason="minimum"))
    with pytest.raises(NotFound):
        register.get("dataset", "b")


def test_a_second_run_is_refused_while_the_first_is_alive(
    register: Register, writer: Writer, clock: Clock
) -> None:
    writer.begin("merwestad")
    with register.engine.execution_options(writing=True).begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET process = 'elsewhere:1'")
    with pytest.raises(RegisterError, match="not finished"):
        writer.begin("merwestad")
    clock.now += timedelta(minutes=3)
    assert writer.begin("merwestad").id == 2
    assert register.run(1).message.startswith("interrupted")


def test_the_run_of_a_dead_process_is_taken_over_at_once(
    register: Register, writer: Writer
) -> None:
    writer.begin("merwestad")
    with register.engine.execution_options(writing=True).begin() as connection:
        host = socket.gethostname()
        connection.exec_driver_sql(f"UPDATE runs SET process = '{host}:4194304'")
    writer.begin("merwestad")
    assert register.run(1).state is RunState.FAILED


def test_a_report_keeps_what_happened_to_each_record(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    line = RecordOutcome(url="u", outcome=Outcome.FORBIDDEN, title="T", details={"line": None})
    writer.finish(run, RunState.COMPLETE, "", seen=(), gone=(), outcomes=[line], unchanged=3)
    assert register.outcomes(run.id) == [line]
    assert register.run(run.id).counts == {Outcome.FORBIDDEN: 1, Outcome.UNCHANGED: 3}


def test_removing_a_source_leaves_tombstones(register: Register, writer: Writer) -> None:
    harvested(writer, "a")
    assert writer.remove_source("merwestad") == 1
    with pytest.raises(Gone):
        register.get("dataset", "a")
    with pytest.raises(NotFound):
        register.source("merwestad")


def test_a_catalog_lists_what_is_published_in_it(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    graph = a_graph(f'<{BASE}/catalog/c> a dcat:Catalog ; dct:title "List"@en .')
    writer.save(run, a_draft("c", kind="catalog", public=graph))
    writer.save(run, a_draft("a", catalog="c"))
    writer.save(run, a_draft("b", catalog="c", reason="minimum"))
    assert register.get("catalog", "c").value.datasets == (f"{BASE}/dataset/a",)
    assert f"{BASE}/dataset/a".encode() in (register.graph("c") or b"")
    assert register.catalogs_holding(["a"]) == ["c"]


def test_a_distribution_leads_to_its_dataset(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    writer.save(run, a_draft("a", distributions=("x1",)))
    assert register.dataset_of_distribution("x1").record.id == "a"
    with pytest.raises(NotFound):
        register.dataset_of_distribution("x2")


def test_recent_changes_name_each_dataset_once(register: Register, writer: Writer) -> None:
    run = writer.begin("merwestad")
    for title in ("One", "Two"):
        writer.save(run, a_draft("a", title=title))
    writer.save(run, a_draft("b"))
    assert [(c.record.id, c.action) for c in register.recent_changes()] == [
        ("b", "added"),
        ("a", "changed"),
    ]


def test_a_holder_is_called_by_the_usual_name_in_each_language(
    register: Register, writer: Writer
) -> None:
    names = (
        (("Merwestad Hospital", "en"),),
        (("Merwestad Hospital", "en"), ("Ziekenhuis Merwestad", "nl")),
        (("Merwestad Hosp.", "en"),),
    )
    run = writer.begin("merwestad")
    for place, texts in enumerate(names):
        name = LangText(tuple(Text(*each) for each in texts))
        holder = Holder(slug="merwestad", name=name)
        writer.save(run, replace(a_draft(f"d{place}"), holder=holder))
    found = register.holder("merwestad")
    assert found.name.value("en") == "Merwestad Hospital"
    assert found.name.value("nl") == "Ziekenhuis Merwestad"
    assert register.holders() == [(found, 3)]
