"""What the public store is told, so that clients can walk from the root to every record."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from given import a_draft

from catalogue.namespaces import DCAT, FDPO, LDP
from catalogue.rdf.graph import Graph
from catalogue.rdf.navigation import navigation_name
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.writer import Writer

BASE = "https://catalogue.example"
CONTAINS = ox.NamedNode(LDP + "contains")


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def told(register: Register) -> dict[str, Graph]:
    return {name: Graph.from_n_triples(content) for name, content in register.walk()}


@pytest.fixture
def filled(register: Register, writer: Writer) -> Register:
    """A catalog with a dataset, a held one and a series."""
    run = writer.begin("merwestad")
    writer.save(run, a_draft("c", kind="catalog"))
    writer.save(run, a_draft("a", catalog="c"))
    writer.save(run, a_draft("held", catalog="c", reason="minimum"))
    writer.save(run, a_draft("s", kind="series", catalog="c"))
    writer.finish(run, RunState.PARTIAL)
    return register


def test_an_empty_catalogue_has_a_root_without_dates(register: Register) -> None:
    ((name, graph),) = told(register).items()
    assert name == navigation_name(BASE, "root")
    assert FDPO + "FAIRDataPoint" in graph.types(node(BASE))
    assert not [each for each in graph.predicates(node(BASE)) if "metadataIssued" in each]


def test_containers_hold_what_is_public_and_nothing_else(filled: Register) -> None:
    graphs = told(filled)
    inside = {t.object.value for g in graphs.values() for t in g if t.predicate == CONTAINS}  # type: ignore[union-attr]
    assert inside == {f"{BASE}/{each}" for each in ("catalog/c", "dataset/a", "series/s")}
    assert navigation_name(BASE, "held") not in graphs
    catalog = graphs[navigation_name(BASE, "c")]
    relations = catalog.predicates(node(f"{BASE}/catalog/c"))
    assert DCAT + "resource" in relations
    assert DCAT + "dataset" not in relations  # its own graph says so


def test_every_record_says_when_it_came_and_changed(filled: Register) -> None:
    for kind, name in (("catalog", "c"), ("dataset", "a"), ("series", "s")):
        said = told(filled)[navigation_name(BASE, name)].predicates(node(f"{BASE}/{kind}/{name}"))
        assert {FDPO + "metadataIssued", FDPO + "metadataModified"} <= set(said)


def test_some_records_are_told_as_among_all(filled: Register) -> None:
    some = dict(filled.walk_of(["c", "a", "held", "s", "neverexisted"]))
    assert {name: each for name, each in some.items() if each is not None} == dict(filled.walk())
    gone = {navigation_name(BASE, each) for each in ("held", "neverexisted")}
    assert {name for name, each in some.items() if each is None} == gone


def test_the_root_is_told_anew_when_a_catalog_goes(filled: Register, writer: Writer) -> None:
    writer.remove_source("merwestad")
    root = dict(filled.walk_of(["c"]))[navigation_name(BASE, "root")]
    assert b"catalog/c" not in (root or b"")


def test_a_catalog_that_something_moved_out_of_is_told_anew(
    filled: Register, writer: Writer
) -> None:
    run = writer.begin("merwestad")
    writer.save(run, a_draft("d", kind="catalog"))
    position = filled.position()
    writer.save(run, a_draft("a", catalog="d", digest="d2"))
    touched = {record for _, record, _, _ in filled.changes_since(position)}
    assert touched == {"a", "c"}
    assert filled.catalogs_holding(["a"]) == ["d"]
