from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.rdf.canonical import digest
from catalogue.rdf.graph import Graph

Turtle = Callable[[str], Graph]
LINK = ox.NamedNode("https://x.example/link")


def clique(names: list[str]) -> Graph:
    nodes = [ox.BlankNode(name) for name in names]
    return Graph(ox.Triple(a, LINK, b) for a in nodes for b in nodes if a != b)


def test_names_of_blank_nodes_do_not_matter(turtle: Turtle) -> None:
    one = turtle('<d> dct:publisher _:a . _:a foaf:name "A" ; foaf:knows _:b . _:b foaf:name "B" .')
    two = turtle('<d> dct:publisher _:q . _:p foaf:name "B" . _:q foaf:name "A" ; foaf:knows _:p .')
    assert one != two
    assert digest(one) == digest(two)


TITLE = '<d> dct:title "Exomes"@en ; dct:publisher [ foaf:name "A" ] '


@pytest.mark.parametrize(
    "changed",
    [
        TITLE.replace('"A"', '"B"'),
        TITLE.replace("@en", ""),
        TITLE + ', [ foaf:name "A" ; foaf:age 1 ]',
        TITLE + '; dct:modified "2026-01-01"^^xsd:date',
    ],
)
def test_what_is_said_matters(turtle: Turtle, changed: str) -> None:
    assert digest(turtle(f"{TITLE} .")) != digest(turtle(f"{changed} ."))


def test_what_software_changes_by_itself_does_not_matter(turtle: Turtle) -> None:
    said = '<d> dct:title "Exomes" .'
    added = (
        '<d> <https://w3id.org/fdp/fdp-o#metadataModified> "2026-11-22T10:00:00Z"^^xsd:dateTime ;'
        ' <http://purl.org/fdp/fdp-o#metadataIssued> "2026" ; ldp:contains <e> .'
        "<d> dct:conformsTo <https://x.example/profile/2f08228e-1789-40f8-84cd-28e3288c3604> ."
    )
    assert digest(turtle(said)) == digest(turtle(said + added))


def test_a_standard_that_the_holder_names_matters(turtle: Turtle) -> None:
    said = '<d> dct:title "Exomes" .'
    named = said + "<d> dct:conformsTo <https://x.example/profile/health-ri> ."
    assert digest(turtle(said)) != digest(turtle(named))


@pytest.mark.parametrize("size", [3, 6, 12, 60])
def test_a_poison_graph_gets_a_fingerprint_all_the_same(size: int) -> None:
    names = [f"n{number}" for number in range(size)]
    other = [f"m{number * 7919 % 1009}" for number in range(size)]
    assert digest(clique(names)) == digest(clique(other))


def test_many_small_poison_graphs_together_are_no_more_work() -> None:
    cliques = [clique([f"c{c}n{n}" for n in range(6)]) for c in range(40)]
    assert digest(Graph(triple for graph in cliques for triple in graph))


NODES = st.integers(0, 4)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(NODES, NODES), max_size=10), st.permutations(range(5)))
def test_renaming_never_changes_the_fingerprint(
    edges: set[tuple[int, int]], order: list[int]
) -> None:
    def graph(names: list[int]) -> Graph:
        node = [ox.BlankNode(f"n{name}") for name in names]
        return Graph(ox.Triple(node[a], LINK, node[b]) for a, b in edges)

    assert digest(graph([0, 1, 2, 3, 4])) == digest(graph(order))


def hubs(count: int, spokes: int) -> Graph:
    """Hubs that are alike nearby and differ two steps away."""
    triples = []
    for hub in range(count):
        centre = ox.BlankNode(f"h{hub}")
        for spoke in range(spokes):
            rim, tip = ox.BlankNode(f"h{hub}s{spoke}"), ox.BlankNode(f"h{hub}t{spoke}")
            triples += [ox.Triple(centre, LINK, rim), ox.Triple(rim, LINK, tip)]
            triples.append(ox.Triple(tip, LINK, ox.Literal(f"{hub} {spoke}")))
    return Graph(triples)


def test_nodes_that_differ_only_further_away_are_no_more_work() -> None:
    assert digest(hubs(4, 12)) != digest(hubs(4, 11))
