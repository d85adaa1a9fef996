"""One catalogue harvests another, over each protocol that it speaks, through the whole engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from given import both
from story import Story
from web import shelved

from catalogue.cli.parts import Workshop, workshop
from catalogue.model.source import Source
from catalogue.namespaces import ADMS, DCT, FDPO, SKOS
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import identifier
from catalogue.register.records import Outcome, RunState
from catalogue.register.register import Register
from catalogue.settings import Settings

FIRST, SECOND = "http://catalogue.example", "https://second.example"
UNHEARD = "https://terms.example/"
"""Numbers that nobody knows the meaning of are not passed on: they may be small counts."""
ADDRESSES = {"oai": "/oai", "ldes": "/feed", "fdp": "", "dcat": "/catalog.ttl"}
TELLS_GONE = ("oai", "ldes")
"""These say what was withdrawn; of the others two complete runs have to miss it."""
MORE = (
    'dct:description "Genomes of families seen at the clinic."@en ;'
    ' dct:publisher [ a foaf:Agent ; foaf:name "Merwestad Hospital"@en ] ;'
)


@dataclass(slots=True)
class Pair:
    """A catalogue that tells a story, and one that harvests it."""

    story: Story
    second: Workshop
    source: Source

    def harvest(self) -> dict[Outcome, int]:
        """One run; what it did, by outcome."""
        assert self.second.harvest(self.source) is RunState.COMPLETE
        (last,) = self.second.register.runs(self.source.slug, 1)
        return last.counts

    def back(self, name: str) -> Graph:
        """A dataset of the second catalogue in the words of the first."""
        (found,) = self.second.register.find(f"{FIRST}/dataset/{name}")
        graph = self.second.register.get("dataset", found.id).graph
        names = {f"{SECOND}/dataset/{found.id}": f"{FIRST}/dataset/{name}"}
        for kind, theirs in (("distribution", f"{name}d"), ("catalog", "k")):
            iri = f"{FIRST}/{kind}/{theirs}"
            names[f"{SECOND}/{kind}/{identifier('first', iri)}"] = iri
        return Graph(
            ox.Triple(_named(t.subject, names), t.predicate, _named(t.object, names))
            for t in _without_origin(graph, f"{FIRST}/dataset/{name}")
        )


def lines(graph: Graph) -> list[str]:
    """A graph in canonical form, to read where two differ."""
    return sorted(str(quad) for quad in both(graph))


def _named(term: object, names: dict[str, str]) -> object:
    known = names.get(term.value) if isinstance(term, ox.NamedNode) else None
    return term if known is None else ox.NamedNode(known)


def _without_origin(graph: Graph, origin: str) -> Iterator[ox.Triple]:
    """What the second catalogue adds: where it has the description from."""
    notation = [
        t.subject
        for t in graph
        if t.predicate.value == SKOS + "notation" and getattr(t.object, "value", "") == origin
    ]
    for t in graph:
        added = t.predicate.value == DCT + "source" and t.object == ox.NamedNode(origin)
        ours = t.subject in notation or t.object in notation or _is_of_the_point(t)
        if not added and not ours:
            yield t


def _is_of_the_point(triple: ox.Triple) -> bool:
    """What a FAIR Data Point says of its own record, beside the description."""
    return triple.subject.value.endswith("#identifier") or triple.predicate.value.startswith(FDPO)


@pytest.fixture(params=sorted(ADDRESSES))
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    register = Register.open(f"sqlite:///{tmp_path}/first.sqlite", FIRST)
    address = ADDRESSES[request.param]
    settings = Settings(data=tmp_path / "second", base_url=SECOND)
    with shelved.online(register) as (host, port), workshop(settings) as second:
        source = Source(
            slug="first",
            title="The first",
            protocol=request.param,
            url=FIRST + address,
            connect_to=f"{host}:{port}",
        )
        second.writer.save_source(source)
        yield Pair(Story(register, datetime.now(UTC)), second, source)
    register.close()


def test_datasets_arrive_as_they_were_and_deletions_follow(pair: Pair) -> None:
    story = pair.story
    story.catalog("k")
    for name in ("a", "b"):
        story.list(name, "k", more=MORE)
    story.save("held", reason="minimum")
    assert pair.harvest()[Outcome.NEW] == 3
    for name in ("a", "b"):
        told = story.register.get("dataset", name).graph
        expected = Graph(t for t in told if not t.predicate.value.startswith(UNHEARD))
        assert lines(pair.back(name)) == lines(expected)

    position = pair.second.register.position()
    assert set(pair.harvest()) <= {Outcome.UNCHANGED}
    assert pair.second.register.position() == position

    story.withdraw("b")
    story.list("a", "k", title="Exomes", more=MORE)
    counts = pair.harvest()
    assert counts[Outcome.CHANGED] in {1, 2}  # the catalog too, where it lists its datasets
    if pair.source.protocol not in TELLS_GONE:
        assert Outcome.REMOVED not in counts
        counts = pair.harvest()
    assert counts[Outcome.REMOVED] == 1
    (gone,) = pair.second.register.find(f"{FIRST}/dataset/b")
    assert gone.state == "gone"
    assert ADMS + "identifier" in {t.predicate.value for t in pair.back("a")}

    story.list("b", "k", title="Back", more=MORE)
    pair.harvest()
    (back,) = pair.second.register.find(f"{FIRST}/dataset/b")
    assert (back.id, back.state) == (gone.id, "published")


def test_a_dataset_stands_in_its_catalog_there_too(pair: Pair) -> None:
    pair.story.catalog("k")
    pair.story.list("a", "k", more=MORE)
    pair.harvest()
    pair.story.list("later", "k", more=MORE)
    pair.harvest()
    (catalog,) = pair.second.register.catalogs()
    assert len(pair.second.register.datasets_of_catalog(catalog.record.id)) == 2
