"""What the public store says of each named graph."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest
from given import NOON, a_graph

from catalogue.namespaces import DCT, FOAF, GC, PROFILES, PROV, Iri
from catalogue.rdf.graph import Graph
from catalogue.rdf.origin import Making, origin

BASE = "https://catalogue.example"
RECORD = f"{BASE}/dataset/a"
HERE = ox.NamedNode(f"{BASE}/graph/a")
RUN = ox.NamedNode(f"{BASE}/sources/merwestad/runs/7")


def told(turtle: str = "", **facts: Any) -> Graph:
    """What is said of record `a`, of which the public graph is given in Turtle."""
    given: dict[str, Any] = {
        "base": BASE,
        "id": "a",
        "record": Iri(RECORD),
        "source": "merwestad",
        "run": 7,
        "at": NOON,
    }
    public = Graph(_labelled(t) for t in a_graph(turtle))
    return Graph(origin(Making(**{**given, **facts}), public))


def _labelled(triple: ox.Triple) -> ox.Triple:
    """With the label that the original address of record `a` has in its public graph."""
    node = ox.BlankNode("ba-original")
    blank = isinstance(triple.subject, ox.BlankNode)
    return ox.Triple(node, triple.predicate, triple.object) if blank else triple


def notation(address: str) -> str:
    return f'[] skos:notation "{address}"^^xsd:anyURI .'


def test_it_says_which_record_the_graph_holds_and_when_which_run_of_which_source_made_it() -> None:
    graph = told()
    assert graph.objects(HERE, FOAF + "primaryTopic") == [ox.NamedNode(RECORD)]
    assert [t.value for t in graph.objects(HERE, PROV + "generatedAtTime")] == [
        "2026-11-22T12:00:00Z"
    ]
    assert graph.objects(HERE, PROV + "wasGeneratedBy") == [RUN]
    assert graph.objects(RUN, PROV + "used") == [ox.NamedNode(f"{BASE}/sources/merwestad")]


def test_nothing_is_said_of_the_record_itself() -> None:
    graph = told(notation("https://umc.example/a"), repairs=[{"name": "spaces"}])
    assert not graph.about(ox.NamedNode(RECORD))


@pytest.mark.parametrize("run", [None, 0])
def test_a_run_that_is_forgotten_or_never_was_is_not_made_up(run: int | None) -> None:
    graph = told(run=run)
    assert not graph.objects(HERE, PROV + "wasGeneratedBy")
    assert graph.objects(HERE, PROV + "wasInfluencedBy") == [
        ox.NamedNode(f"{BASE}/sources/merwestad")
    ]


@pytest.mark.parametrize(
    ("address", "derived"),
    [
        ("https://umc.example/a", ["https://umc.example/a"]),
        ("https://umc.example/a b", []),
        ("file:///srv/share/a.ttl", []),
        (RECORD, []),
    ],
)
def test_only_an_address_elsewhere_on_the_web_is_where_it_was_derived_from(
    address: str, derived: list[str]
) -> None:
    found = told(notation(address)).objects(HERE, PROV + "wasDerivedFrom")
    assert [each.value for each in found] == derived


def test_each_kind_of_repair_is_named_once_and_counted() -> None:
    graph = told(repairs=[{"name": "spaces", "before": "7 people"}] * 2 + [{"name": "email"}])
    found = {
        graph.value(node, DCT + "identifier").value: graph.value(node, GC + "times").value  # type: ignore[union-attr, arg-type]
        for node in graph.objects(HERE, GC + "repaired")
    }
    assert found == {"spaces": "2", "email": "1"}
    assert "7 people" not in str(graph.n_triples())


def test_a_check_that_was_not_done_is_neither_met_nor_failed() -> None:
    reports = [
        {"profile": "dcat-ap-3", "conforms": True},
        {"profile": "gdi-1", "conforms": False},
        {"profile": "minimum", "conforms": True},
    ]
    graph = told(reports=reports)
    assert graph.objects(HERE, DCT + "conformsTo") == [ox.NamedNode(PROFILES + "dcat-ap-3")]
    assert graph.objects(HERE, GC + "doesNotConformTo") == [ox.NamedNode(PROFILES + "gdi-1")]


def test_it_is_said_in_few_words() -> None:
    reports = [{"profile": f"p{n}", "conforms": n % 2} for n in range(7)]
    graph = told(notation("https://umc.example/a"), reports=reports, repairs=[{"name": "spaces"}])
    assert len(graph) <= 15
