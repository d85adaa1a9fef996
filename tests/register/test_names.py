"""What a record is called elsewhere: shown side by side, never merged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from given import a_draft

from catalogue.model.source import Source
from catalogue.rdf.identity import Identifiers
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.writer import Draft, Run, Writer

DOI = "doi:10.1234/abc"
PEELHORST = Source(slug="peelhorst", title="Peelhorst", protocol="fdp", url="https://peel.example/")


def called(
    identifier: str, *persistent: str, local: tuple[str, ...] = (), reason: str = ""
) -> Draft:
    draft = a_draft(identifier, reason=reason)
    return replace(draft, names=Identifiers(persistent, local))


@pytest.fixture
def here(writer: Writer) -> Run:
    return writer.begin("merwestad")


@pytest.fixture
def there(writer: Writer) -> Run:
    writer.save_source(PEELHORST)
    return writer.begin("peelhorst")


def same(register: Register, identifier: str) -> list[str]:
    return [record.id for record in register.maybe_same(identifier)]


def test_equal_persistent_identifiers_of_two_sources_may_be_the_same_dataset(
    register: Register, writer: Writer, here: Run, there: Run
) -> None:
    writer.save(here, called("a", DOI))
    writer.save(there, called("b", DOI))
    assert same(register, "a") == ["b"]
    assert same(register, "b") == ["a"]
    assert register.totals()["datasets"] == 2


def test_the_same_address_at_two_sources_may_be_the_same_dataset(
    register: Register, writer: Writer, here: Run, there: Run
) -> None:
    writer.save(here, a_draft("a"))
    writer.save(there, replace(a_draft("b"), source_iri="http://umc.example/dataset/a/"))
    assert same(register, "a") == ["b"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(called("b", "doi:10.1234/other"), id="another identifier"),
        pytest.param(called("b", local=("7",)), id="a number that means something at home only"),
        pytest.param(called("b", DOI, reason="minimum"), id="held"),
        pytest.param(replace(called("b", DOI), kind="catalog"), id="a catalog"),
    ],
)
def test_these_are_not_the_same(
    register: Register, writer: Writer, here: Run, there: Run, other: Draft
) -> None:
    writer.save(here, called("a", DOI, local=("7",)))
    writer.save(there, other)
    assert same(register, "a") == []


def test_records_of_one_source_are_not_suggested(
    register: Register, writer: Writer, here: Run
) -> None:
    writer.save(here, called("a", DOI))
    writer.save(here, called("b", DOI))
    assert same(register, "a") == []


def test_a_withdrawn_record_is_not_suggested(
    register: Register, writer: Writer, here: Run, there: Run
) -> None:
    writer.save(here, called("a", DOI))
    writer.save(there, called("b", DOI))
    writer.finish(there, RunState.COMPLETE, gone={"b"})
    assert same(register, "a") == []


def test_a_held_version_does_not_change_what_the_public_one_is_called(
    register: Register, writer: Writer, here: Run, there: Run
) -> None:
    writer.save(here, called("a", DOI))
    writer.save(here, called("a", reason="minimum"))
    writer.save(there, called("b", DOI))
    assert same(register, "b") == ["a"]


def test_an_earlier_address_stays_with_the_record(
    register: Register, writer: Writer, here: Run
) -> None:
    for address in ("https://one.example/d", "https://two.example/d", "https://three.example/d"):
        writer.save(here, replace(a_draft("a"), source_iri=address))
    assert writer.memory("merwestad").aliases == {
        "//one.example/d": "a",
        "//two.example/d": "a",
    }
    assert [record.id for record in register.find("http://one.example/d/")] == ["a"]


def test_a_record_is_found_by_whatever_its_source_calls_it(writer: Writer, here: Run) -> None:
    writer.save(here, called("a", DOI, local=("oai:umc.example:7",)))
    for name in (
        "oai:umc.example:7",
        "https://doi.org/10.1234/ABC",
        "http://umc.example/dataset/a",
    ):
        assert writer.called("merwestad", name) == ["a"]
    assert writer.called("peelhorst", DOI) == []


def test_a_held_record_is_found_too(writer: Writer, here: Run) -> None:
    writer.save(here, called("a", local=("7",), reason="minimum"))
    assert writer.called("merwestad", "7") == ["a"]


def test_a_very_long_name_fits(writer: Writer, here: Run) -> None:
    writer.save(here, replace(a_draft("a"), source_iri="https://umc.example/" + "x" * 5000))
    assert writer.called("merwestad", "http://umc.example/" + "x" * 5000) == ["a"]
