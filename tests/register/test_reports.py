"""The reports of a record, version by version."""

from __future__ import annotations

import pytest
from given import NOON, a_draft

from catalogue.model.source import Source
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.writer import Writer

SOURCE = Source(slug="merwestad", title="Merwestad", protocol="fdp", url="https://umc.example/")


def report(level: str) -> dict[str, object]:
    return {"profile": "minimum", "level": level, "conforms": True, "findings": []}


@pytest.fixture
def writer(register: Register) -> Writer:
    made = Writer(register.engine, lambda: NOON)
    made.save_source(SOURCE)
    run = made.begin("merwestad")
    made.save(run, a_draft("a", reports=(report("conforms-with-warnings"),)))
    made.save(run, a_draft("a", digest="d2", reports=(report("conforms"),)))
    made.save(run, a_draft("a", digest="d3", reports=(report("held"),), reason="minimum"))
    made.finish(run, RunState.COMPLETE, "", seen={"a"}, gone=set(), outcomes=[])
    return made


@pytest.mark.usefixtures("writer")
def test_the_reports_of_each_public_version_are_told_newest_first(register: Register) -> None:
    found = register.reports("a")
    assert [(number, reports[0]["level"]) for number, _, reports in found] == [
        (2, "conforms"),
        (1, "conforms-with-warnings"),
    ]
    assert found[0][1] == NOON


@pytest.mark.usefixtures("writer")
def test_what_was_held_back_is_not_told(register: Register) -> None:
    assert "held" not in str(register.reports("a"))


def test_a_record_that_is_not_there_has_no_reports(register: Register) -> None:
    assert register.reports("nothing") == []
