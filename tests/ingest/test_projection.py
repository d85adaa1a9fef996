"""The public store: what it holds of records, where they came from, and how it follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from story import Story

from catalogue.ingest.projection import StoreProjection
from catalogue.namespaces import PREFIXES, Iri
from catalogue.register.register import Register

BASE = "https://catalogue.example"
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
RECORD = f"<{BASE}/dataset/a>"


class Shelf:
    """A store that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[Iri, bytes] = {}

    def reload(self, graphs: Iterable[tuple[Iri, bytes]]) -> None:
        self.kept = dict(graphs)

    def replace(self, graphs: Mapping[Iri, bytes | None]) -> None:
        for name, content in graphs.items():
            self.kept.pop(name, None)
            if content:
                self.kept[name] = content

    def ask(self, question: str) -> list[tuple[str, ...]]:
        """The rows of a query on the union of all graphs."""
        union = ox.Store()
        for name, content in self.kept.items():
            union.load(content, ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))
        rows = union.query(PROLOGUE + question, use_default_graph_as_union=True)
        return sorted({tuple(str(term) for term in row) for row in rows})  # type: ignore[union-attr]


def of_record(shelf: Shelf, name: str) -> set[str]:
    """What comes after the name of a record in the names of its graphs."""
    start = f"{BASE}/graph/{name}"
    return {each.removeprefix(start) for each in shelf.kept if each.startswith(start)}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    yield Story(register)
    register.close()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def projection(story: Story, shelf: Shelf) -> StoreProjection:
    return StoreProjection(story.register, shelf)  # type: ignore[arg-type]


def test_what_is_followed_is_what_a_rebuild_gives(
    story: Story, shelf: Shelf, projection: StoreProjection
) -> None:
    steps = [
        lambda: story.catalog("k"),
        lambda: story.list("a", "k"),
        lambda: story.list("b", "k"),
        lambda: story.save("a", "Exomes", repairs=[{"name": "spaces"}]),
        lambda: story.save("b", "Not good enough", reason="minimum"),
        lambda: story.save("never", reason="minimum"),
        lambda: story.withdraw("b"),
        lambda: story.list("b", "k", "Back"),
        lambda: story.withdraw("a", "k"),
    ]
    for number, step in enumerate(steps):
        step()
        projection.catch_up()
        fresh = Shelf()
        StoreProjection(story.register, fresh).rebuild()  # type: ignore[arg-type]
        assert shelf.kept == fresh.kept, f"after step {number}"


def test_where_a_record_came_from_goes_when_the_record_goes(
    story: Story, shelf: Shelf, projection: StoreProjection
) -> None:
    story.save("a")
    story.save("held", reason="minimum")
    projection.rebuild()
    assert {"", "/provenance"} <= of_record(shelf, "a")
    assert not of_record(shelf, "held")
    story.withdraw("a")
    projection.catch_up()
    assert not of_record(shelf, "a")


def test_a_held_version_does_not_show_in_where_the_published_one_came_from(
    story: Story, shelf: Shelf, projection: StoreProjection
) -> None:
    story.save("a")
    projection.rebuild()
    before = shelf.kept[Iri(f"{BASE}/graph/a/provenance")]
    story.save("a", "Worse", reason="minimum", repairs=[{"name": "spaces"}])
    projection.rebuild()
    assert shelf.kept[Iri(f"{BASE}/graph/a/provenance")] == before


def test_datasets_are_counted_once_and_records_are_only_described(
    story: Story, shelf: Shelf, projection: StoreProjection
) -> None:
    story.catalog("k")
    for name in ("a", "b"):
        story.list(name, "k", more='dct:description "What they are."@en ;')
    projection.rebuild()
    (counted,) = shelf.ask("SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a dcat:Dataset }")
    assert counted[0].startswith('"2"')
    said = {row[0] for row in shelf.ask(f"SELECT ?p {{ {RECORD} ?p ?o }}")}
    assert not [each for each in said if "/prov#" in each or "conforms" in each.lower()]


def test_a_client_can_ask_from_where_in_which_run_and_how_sound_a_record_is(
    story: Story, shelf: Shelf, projection: StoreProjection
) -> None:
    reports = [{"profile": "dcat-ap-3", "conforms": True}, {"profile": "gdi-1", "conforms": False}]
    story.save("a", repairs=[{"name": "spaces"}, {"name": "spaces"}], reports=reports)
    projection.rebuild()
    (row,) = shelf.ask(
        "SELECT ?g ?p ?source ?times ?met ?failed { GRAPH ?p {"
        f" ?g foaf:primaryTopic {RECORD} ; prov:wasGeneratedBy/prov:used ?source ;"
        " gc:repaired [ dct:identifier 'spaces' ; gc:times ?times ] ;"
        f" dct:conformsTo ?met ; gc:doesNotConformTo ?failed }} GRAPH ?g {{ {RECORD} a ?c }} }}"
    )
    graph, provenance, source, times, met, failed = row
    assert graph == f"<{BASE}/graph/a>"
    assert provenance == f"<{BASE}/graph/a/provenance>"
    assert source == f"<{BASE}/sources/merwestad>"
    assert times.startswith('"2"')
    assert (met.endswith("/dcat-ap-3>"), failed.endswith("/gdi-1>")) == (True, True)
