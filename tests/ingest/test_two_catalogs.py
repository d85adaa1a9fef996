"""A source lists a dataset in two of its catalogs: it stands in both of ours."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest
from harvested import BASE, GOOD, Bench, doc

from catalogue.ingest.source import Gone, Received
from catalogue.namespaces import DCAT, DCT, LDP, Iri
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import identifier
from catalogue.register.changes_read import Selection
from catalogue.register.records import Outcome

DATASET = "https://umc.example/d/1"
RECORD = identifier("umc", DATASET)
LISTED = f"dcat:dataset <{DATASET}>"
EMPTY = 'dct:description "Nothing."@en'
POOR = f"<https://umc.example/c/two> a dcat:Catalog ; dct:description 'No title' ; {LISTED} ."


def catalog(name: str, says: str = LISTED) -> str:
    return f"""<https://umc.example/c/{name}> a dcat:Catalog ; dct:title "{name}"@en ; {says} ;
      dct:publisher [ a foaf:Agent ; foaf:name "UMC Voorbeeld"@nl ] ."""


def walked(two: str) -> list[Received]:
    """As a walk meets them: a catalog, the dataset in it, and then the other catalog."""
    first = replace(doc(GOOD.format(1, 83), DATASET), catalog=Iri("https://umc.example/c/one"))
    return [doc(catalog("one"), "https://umc.example/c/one"), first, doc(two, "https://x.example/")]


def one() -> str:
    return identifier("umc", "https://umc.example/c/one")


def two() -> str:
    return identifier("umc", "https://umc.example/c/two")


def homes(graph: Graph) -> set[str]:
    """Our catalogs in which a graph says that the dataset stands."""
    here = ox.NamedNode(f"{BASE}/dataset/{RECORD}")
    found = {each.value for each in graph.objects(here, DCT + "isPartOf")}
    return {each.rpartition("/")[2] for each in found if each.startswith(f"{BASE}/catalog/")}


def told(bench: Bench) -> set[str]:
    """The same, as the dataset itself is served."""
    return homes(bench.register.get("dataset", RECORD).graph)


def test_it_is_listed_in_both_and_says_so(bench: Bench) -> None:
    bench.run(*walked(catalog("two")))
    register = bench.register
    assert told(bench) == {one(), two()}
    for name in (one(), two()):
        assert register.datasets_of_catalog(name) == [RECORD]
        lines = register.graph(name)
        assert lines
        assert f"/dataset/{RECORD}>".encode() in lines
        changes = register.newest_changes(Selection(catalog=name), 9)
        assert RECORD in {each.record.id for each in changes}


def test_a_container_lists_as_well(bench: Bench) -> None:
    box = f"""<https://umc.example/c/two/> a <{LDP}DirectContainer> ;
      <{LDP}membershipResource> <https://umc.example/c/two> ; <{LDP}contains> <{DATASET}> ."""
    bench.run(*walked(catalog("two", EMPTY) + box))
    assert told(bench) == {one(), two()}


def test_a_container_of_two_catalogs_lists_for_neither(bench: Bench) -> None:
    box = f"""<https://umc.example/c/> a <{LDP}DirectContainer> ; <{LDP}contains> <{DATASET}> ;
      <{LDP}membershipResource> <https://umc.example/c/two>, <https://umc.example/c/three> ."""
    bench.run(*walked(catalog("two", EMPTY) + box))
    assert told(bench) == {one()}


def test_one_document_with_everything_lists_in_both(bench: Bench) -> None:
    bench.run(doc(catalog("one") + catalog("two") + GOOD.format(1, 83)))
    assert told(bench) == {one(), two()}


def test_a_second_run_changes_nothing(bench: Bench) -> None:
    bench.run(*walked(catalog("two")))
    position = bench.register.position()
    bench.run(*walked(catalog("two")))
    assert bench.counts() == {Outcome.UNCHANGED: 3}
    assert bench.register.position() == position


def test_everybody_is_told_that_it_was_added_and_taken_out(bench: Bench) -> None:
    bench.run(*walked(catalog("two", EMPTY)))
    assert told(bench) == {one()}
    for says, expected in ((LISTED, {one(), two()}), (EMPTY, {one()})):
        position = bench.register.position()
        before = bench.register.standing("dataset", RECORD).changed
        bench.run(*walked(catalog("two", says)))
        assert told(bench) == expected
        touched = {record for _, record, _, _ in bench.register.changes_since(position)}
        assert touched == {two(), RECORD}
        assert bench.register.standing("dataset", RECORD).changed > before
        assert dict(bench.register.graphs_of([RECORD]))[f"{BASE}/graph/{RECORD}"]
        (change,) = bench.register.last_changes(Selection(only=[RECORD]), 1)
        (line,) = bench.register.public_changes(change.number, change.number, content=True)
        assert line.content is not None
        assert homes(line.content) == expected


def test_a_catalog_that_is_gone_is_not_told(bench: Bench) -> None:
    bench.run(*walked(catalog("two")))
    position = bench.register.position()
    bench.run(*walked(catalog("two"))[:2], Gone(subject="https://umc.example/c/two"))
    assert told(bench) == {one()}
    told_of = [record for _, record, _, _ in bench.register.changes_since(position)]
    assert told_of == [two(), RECORD]
    bench.run(*walked(catalog("two")))
    assert told(bench) == {one(), two()}


def test_a_catalog_that_is_held_is_not_told(bench: Bench) -> None:
    bench.run(*walked(POOR))
    assert bench.register.find(two())[0].state == "held"
    assert told(bench) == {one()}
    bench.run(*walked(catalog("two")))
    assert told(bench) == {one(), two()}


def test_a_held_version_of_a_catalog_takes_nothing_out(bench: Bench) -> None:
    bench.run(*walked(catalog("two")))
    bench.run(*walked(POOR.replace(LISTED, EMPTY)))
    assert told(bench) == {one(), two()}


@pytest.mark.parametrize("foreign", ["https://elsewhere.example/d/9", "urn:uuid:1"])
def test_what_we_do_not_have_is_listed_nowhere(bench: Bench, foreign: str) -> None:
    bench.run(*walked(catalog("two", f"dcat:dataset <{foreign}>")))
    assert bench.register.datasets_of_catalog(two()) == []
    lines = bench.register.graph(two())
    assert lines
    assert DCAT.encode() + b"dataset>" not in lines
