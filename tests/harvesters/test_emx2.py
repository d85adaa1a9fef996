"""MOLGENIS EMX2: a whole schema in one document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hospital import a_catalogue, recorded
from misbehaving import Misbehaving

from catalogue.errors import FetchFailed, NotRdf
from catalogue.ingest.http import Session
from catalogue.ingest.source import Received, Source
from catalogue.rdf.parse import Parser
from catalogue.register.records import Outcome, RunState
from harvesters.emx2 import harvest

PATH = "/genomes/api/rdf?format=ttl"


def a_source(path: str = "/genomes", *, place: str | None = None) -> Source:
    url = f"http://emx2.example{path}"
    return Source(slug="polderstad", title="P", protocol="emx2", url=url, connect_to=place)


@pytest.fixture
def web(parser: Parser, server: Misbehaving) -> Iterator[Session]:
    with Session(parser, connect_to={"emx2.example": server.place}, retries=0) as session:
        yield session


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/octet-stream", "text/plain", "application/json"]
)
def test_the_document_may_be_labelled_as_anything(
    server: Misbehaving, web: Session, media_type: str
) -> None:
    server.answer(PATH, recorded("emx2", "rdf.ttl"), media_type=media_type)
    [found] = harvest(a_source(), web)
    assert isinstance(found, Received)
    assert server.paths == [PATH]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("/genomes/", PATH),
        ("/genomes/api/rdf", PATH),
        ("/genomes/api/rdf?format=jsonld", "/genomes/api/rdf?format=jsonld"),
        ("", "/api/rdf?format=ttl"),
        ("/api/rdf", "/api/rdf?format=ttl"),
        ("/genomes/api/rdf/Catalog?page=1", "/genomes/api/rdf/Catalog?page=1&format=ttl"),
    ],
)
def test_a_schema_its_service_or_a_whole_server_may_be_named(
    server: Misbehaving, web: Session, typed: str, asked: str
) -> None:
    server.answer(asked, recorded("emx2", "rdf.ttl"))
    assert len(list(harvest(a_source(typed), web))) == 1


def test_a_schema_without_datasets_is_a_fault_with_a_hint(
    server: Misbehaving, web: Session
) -> None:
    server.answer(PATH, "<#freezer> a <#Freezer> .")
    with pytest.raises(NotRdf, match="semantics"):
        list(harvest(a_source(), web))


def test_a_schema_that_cannot_be_had_fails_the_source(server: Misbehaving, web: Session) -> None:
    server.answer(PATH, status=500)
    with pytest.raises(FetchFailed, match="status 500"):
        list(harvest(a_source(), web))


def test_a_hospital_with_emx2_is_harvested_whole_and_then_unchanged(
    server: Misbehaving, tmp_path: Path
) -> None:
    server.answer(PATH, recorded("emx2", "rdf.ttl"))
    source = a_source(place=f"127.0.0.1:{server.place[1]}")
    with a_catalogue(tmp_path) as catalogue:
        assert catalogue.harvest(source) is RunState.COMPLETE
        found = catalogue.value("Genomes of people with a rare eye disease")
        assert found.publisher.name.value("en") == "Polderstad University Hospital"
        assert found.contacts[0].email == "desk@polderstad.example"
        assert [d.access_url for d in found.distributions] == ["https://polderstad.example/request"]
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert catalogue.counts("polderstad") == {Outcome.UNCHANGED: 2}
