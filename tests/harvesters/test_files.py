from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import FetchFailed, NotRdf
from catalogue.ingest.http import Session
from catalogue.ingest.source import Missed, Received, Source
from catalogue.rdf.parse import Parser
from harvesters.files import harvest

TURTLE = "<#d> a <http://www.w3.org/ns/dcat#Dataset> ."


@pytest.fixture
def web(parser: Parser) -> Session:
    return Session(parser)


def a_source(url: str) -> Source:
    return Source(slug="drop", title="Drop box", protocol="files", url=url)


def names(found: list[Received | Missed]) -> list[str]:
    return [item.url.rpartition("/")[2] for item in found if isinstance(item, Received)]


def test_every_rdf_file_in_a_folder_is_received_in_order(tmp_path: Path, web: Session) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "b.TTL").write_text(TURTLE)
    (tmp_path / "a.jsonld").write_text('{"@id": "urn:x", "urn:p": 1}')
    (tmp_path / "below" / "c.nt").write_text("<urn:x> <urn:p> <urn:y> .")
    (tmp_path / "notes.txt").write_text("not looked at")
    (tmp_path / ".hidden.ttl").write_text(TURTLE)
    assert names(list(harvest(a_source(str(tmp_path)), web))) == ["a.jsonld", "b.TTL", "c.nt"]


def test_a_file_that_cannot_be_read_is_missed_and_others_are_received(
    tmp_path: Path, web: Session
) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE)
    (tmp_path / "b.ttl").write_text("<#d> a ")
    (tmp_path / "c.ttl").write_text(TURTLE)
    found = list(harvest(a_source(tmp_path.as_uri()), web))
    assert names(found) == ["a.ttl", "c.ttl"]
    [missed] = [item for item in found if isinstance(item, Missed)]
    assert (missed.url, type(missed.reason)) == ((tmp_path / "b.ttl").as_uri(), NotRdf)


def test_one_file_can_be_a_source(tmp_path: Path, web: Session) -> None:
    path = tmp_path / "one file.ttl"
    path.write_text(TURTLE)
    [received] = harvest(a_source(path.as_uri()), web)
    assert isinstance(received, Received)
    assert received.documents[0].content == TURTLE.encode()


def test_a_path_that_is_not_there_fails_the_source(tmp_path: Path, web: Session) -> None:
    with pytest.raises(FetchFailed, match="no such file or folder"):
        list(harvest(a_source(str(tmp_path / "gone")), web))


def test_one_file_that_cannot_be_read_fails_the_source(tmp_path: Path, web: Session) -> None:
    (tmp_path / "a.ttl").write_text("<html>")
    with pytest.raises(NotRdf):
        list(harvest(a_source(str(tmp_path / "a.ttl")), web))
