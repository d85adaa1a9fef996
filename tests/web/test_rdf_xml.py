"""A property that RDF/XML cannot name costs nobody the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pyoxigraph as ox
import pytest
from story import Story
from web import shelved

from catalogue.register.register import Register

BASE = "https://catalogue.example"
RDF_XML, TURTLE = "application/rdf+xml", "text/turtle"
ODD = "https://terms.example/odd#0"
"""What `Story.list` says too."""
CONTAINERS = ("/dataset/a/expanded", "/catalog/k/page/dataset", "/catalog.rdf")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Any]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    story = Story(register)
    story.catalog("k")
    story.list("a", "k", title="Genomes of a")
    yield shelved.application(register).test_client()
    register.close()


def get(client: Any, path: str, accept: str) -> Any:
    return client.get(path, headers={"Accept": accept})


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (f"{RDF_XML}, {TURTLE};q=0.5", TURTLE),
        (f"{RDF_XML}, application/ld+json;q=0.5", "application/ld+json"),
        (f"{RDF_XML}, text/html;q=0.5", "text/html"),
        (f"{RDF_XML}, */*;q=0.1", TURTLE),
        ("application/xml, application/n-triples;q=0.3", "application/n-triples"),
    ],
)
def test_a_client_gets_what_it_likes_next(client: Any, accept: str, given: str) -> None:
    for _ in "twice":
        answer = get(client, "/dataset/a", accept)
        assert (answer.status_code, answer.mimetype) == (200, given)
        assert given == "text/html" or ODD in answer.text
    known = {"Accept": accept, "If-None-Match": answer.headers["ETag"]}
    assert client.get("/dataset/a", headers=known).status_code == 304


def test_a_client_that_reads_nothing_else_is_told_which_property_it_is(client: Any) -> None:
    answer = get(client, "/dataset/a", RDF_XML)
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert ODD in answer.json["detail"]
    assert "format:" not in answer.json["detail"]


def test_who_asks_for_it_by_name_is_told_to_ask_for_another(client: Any) -> None:
    answer = get(client, "/dataset/a?format=rdf", "*/*")
    assert answer.status_code == 400
    assert answer.json["detail"].startswith("format: RDF/XML cannot write the property")
    assert ODD in answer.json["detail"]


def test_what_does_not_have_it_is_given(client: Any) -> None:
    answer = get(client, "/catalog/k", RDF_XML)
    assert (answer.status_code, answer.mimetype) == (200, RDF_XML)


@pytest.mark.parametrize("path", CONTAINERS)
def test_of_many_descriptions_only_the_odd_property_is_left_out(client: Any, path: str) -> None:
    answer = get(client, path, RDF_XML)
    assert (answer.status_code, answer.mimetype) == (200, RDF_XML)
    assert fromstring(answer.data) is not None
    found = {each.triple for each in ox.parse(answer.data, format=ox.RdfFormat.RDF_XML)}
    assert "Genomes of a" in str(found)
    assert f"<!-- {ODD} -->" in answer.text
    again = {"Accept": RDF_XML, "If-None-Match": answer.headers["ETag"]}
    assert client.get(path, headers=again).status_code == 304
