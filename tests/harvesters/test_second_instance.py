"""One catalogue harvests another, over each protocol that it speaks, through the whole engine.

Every answer is given in portions of two, so that each protocol has to turn its pages. What the
second catalogue then shows is compared with the first in every view, as graphs: its own names
are put back into those of the first, and where it has the description from is left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import pyoxigraph as ox
import pytest
from given import both
from story import Story
from web import shelved

from catalogue.cli.parts import Workshop, workshop
from catalogue.ingest.projection import StoreProjection
from catalogue.model.source import Source
from catalogue.namespaces import ADMS, DCAT, DCT, FDPO, SKOS
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import identifier
from catalogue.rdf.views import FULL, VIEWS, view
from catalogue.register.records import Outcome, Published, RunState
from catalogue.register.register import Register
from catalogue.settings import Settings
from catalogue.store import embedded
from catalogue.web import bulk, feeds, oai, sitemap
from harvesters import sparql

FIRST, SECOND = "http://catalogue.example", "https://second.example"
UNHEARD = "https://terms.example/"
"""Numbers that nobody knows the meaning of are not passed on: they may be small counts."""
ADDRESSES = {
    "oai": "/oai",
    "ldes": "/feed",
    "fdp": "",
    "dcat": "/catalog.ttl",
    "sitemap": "/sitemap.xml",
    "sparql": "/sparql",
}
TELLS_GONE = ("oai", "ldes", "sitemap")
"""These say what was withdrawn; of the others two complete runs have to miss it."""
OF_ALL_RECORDS = ("fdp", "sitemap")
"""These read the records of our FAIR Data Point, which says more of each than its holder."""
KINDS = ("catalog", "series", "dataset")
MERWESTAD = Path(__file__).with_name("second") / "merwestad.ttl"
LONG_AGO = 1e9
PORTION = 2
MORE = (
    'dct:description "Genomes of families seen at the clinic."@en ;'
    ' dct:publisher [ a foaf:Agent ; foaf:name "Merwestad Hospital"@en ] ;'
)

pytestmark = pytest.mark.slow
protocols = pytest.mark.parametrize("protocol", sorted(ADDRESSES))


@dataclass(slots=True)
class Pair:
    """A catalogue, and one that harvests it; `publish` brings its store up to date."""

    first: Register
    second: Workshop
    source: Source
    publish: Callable[[], object]

    def harvest(self) -> dict[Outcome, int]:
        """One run; what it did with records, by outcome."""
        self.publish()
        assert self.second.harvest(self.source) is RunState.COMPLETE
        (last,) = self.second.register.runs(self.source.slug, 1)
        return {what: number for what, number in last.counts.items() if what != Outcome.EMPTY}

    def heard(self, told: Published, profile: str = FULL) -> Graph:
        """A record of the first as the second shows it, in the words of the first."""
        (found,) = self.second.register.find(told.record.iri)
        other = self.second.register.get(told.record.kind, found.id)
        shown = Graph(_without_origin(seen(other, profile), told.record.iri))
        text = shown.n_triples().decode()
        for theirs, ours in self._names():
            text = text.replace(theirs, ours)
        return Graph(t for t in Graph.from_n_triples(text.encode()) if not self._added(t))

    def told(self, of: Published, profile: str = FULL) -> Graph:
        """A record as the first shows it, without what is not passed on."""
        return Graph(t for t in seen(of, profile) if not t.predicate.value.startswith(UNHEARD))

    def _names(self) -> Iterator[tuple[str, str]]:
        """What the second calls things, and what the first calls them."""
        for each in everything(self.second.register):
            yield each.record.iri, each.record.source_iri
        for each in self.first.published("dataset"):
            for node in each.graph.objects(ox.NamedNode(each.record.iri), DCAT + "distribution"):
                name = identifier(self.source.slug, node.value)
                yield f"{SECOND}/distribution/{name}", node.value

    def _added(self, triple: ox.Triple) -> bool:
        """What our FAIR Data Point says of each of its records, and that its catalogs are its."""
        if self.source.protocol not in OF_ALL_RECORDS:
            return False
        own = triple.subject.value.endswith("#identifier")
        ours = triple.object == ox.NamedNode(FIRST)
        return own or ours or triple.predicate.value.startswith(FDPO + "metadata")


def seen(of: Published, profile: str) -> Graph:
    """A record in the form of a profile."""
    return view(of.graph, ox.NamedNode(of.record.iri), profile).graph


def everything(register: Register) -> Iterator[Published]:
    """Every published record."""
    for kind in KINDS:
        yield from register.published(kind)


def lines(graph: Graph) -> list[str]:
    """A graph in canonical form, to read where two differ."""
    return sorted(str(quad) for quad in both(graph))


def _without_origin(graph: Graph, origin: str) -> Iterator[ox.Triple]:
    """Without what the second catalogue adds: where it has the description from."""
    notation = [
        t.subject
        for t in graph
        if t.predicate.value == SKOS + "notation" and getattr(t.object, "value", "") == origin
    ]
    for t in graph:
        added = t.predicate.value == DCT + "source" and t.object == ox.NamedNode(origin)
        if not added and t.subject not in notation and t.object not in notation:
            yield t


@pytest.fixture(autouse=True)
def _in_small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the answers, and of the questions where it is the harvester who divides them."""
    for module in (bulk, feeds, oai):
        monkeypatch.setattr(module, "PAGE", PORTION)
    monkeypatch.setattr(sitemap, "MOST_RECORDS", PORTION)
    asked = sparql.harvest.__kwdefaults__
    for name in ("listed_at_once", "read_at_once"):
        monkeypatch.setitem(asked, name, PORTION)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def pair(register: Register, protocol: str, folder: Path, stack: ExitStack) -> Pair:
    """The first on a port of this machine, and a second that knows it as a source."""
    parts, publish = {}, lambda: None
    if protocol == "sparql":
        engine = stack.enter_context(embedded.start(folder / "engine"))
        parts["store"] = engine.store()
        publish = StoreProjection(register, engine.store()).rebuild
    host, port = stack.enter_context(shelved.online(register, **parts))
    second = stack.enter_context(workshop(Settings(data=folder / "second", base_url=SECOND)))
    source = Source(
        slug="first",
        title="The first",
        protocol=protocol,
        url=FIRST + ADDRESSES[protocol],
        connect_to=f"{host}:{port}",
    )
    second.writer.save_source(source)
    return Pair(register, second, source, publish)


@pytest.fixture
def story(tmp_path: Path, stack: ExitStack) -> Story:
    register = Register.open(f"sqlite:///{tmp_path}/first.sqlite", FIRST)
    stack.callback(register.close)
    return Story(register, datetime.now(UTC))


@protocols
def test_datasets_arrive_as_they_were_and_deletions_follow(
    protocol: str, story: Story, tmp_path: Path, stack: ExitStack
) -> None:
    two = pair(story.register, protocol, tmp_path, stack)
    register = two.second.register
    story.catalog("k")
    for name in ("a", "b"):
        story.list(name, "k", more=MORE)
    story.save("held", reason="minimum")
    assert two.harvest()[Outcome.NEW] == 3
    for name in ("a", "b"):
        told = story.register.get("dataset", name)
        assert lines(two.heard(told)) == lines(two.told(told))

    position = register.position()
    assert set(two.harvest()) <= {Outcome.UNCHANGED}
    assert register.position() == position

    story.withdraw("b")
    story.list("a", "k", title="Exomes", more=MORE)
    counts = two.harvest()
    assert counts[Outcome.CHANGED] in {1, 2}  # the catalog too, where it lists its datasets
    if protocol not in TELLS_GONE:
        assert Outcome.REMOVED not in counts
        counts = two.harvest()
    assert counts[Outcome.REMOVED] == 1
    (gone,) = register.find(f"{FIRST}/dataset/b")
    assert gone.state == "gone"
    heard = two.heard(story.register.get("dataset", "a"))
    assert ADMS + "identifier" in {t.predicate.value for t in heard}

    story.list("b", "k", title="Back", more=MORE)
    two.harvest()
    (back,) = register.find(f"{FIRST}/dataset/b")
    assert (back.id, back.state) == (gone.id, "published")


@protocols
def test_a_dataset_stands_in_its_catalog_there_too(
    protocol: str, story: Story, tmp_path: Path, stack: ExitStack
) -> None:
    two = pair(story.register, protocol, tmp_path, stack)
    story.catalog("k")
    story.list("a", "k", more=MORE)
    two.harvest()
    story.list("later", "k", more=MORE)
    two.harvest()
    (catalog,) = two.second.register.catalogs()
    assert len(two.second.register.datasets_of_catalog(catalog.record.id)) == 2


def merwestad(folder: Path, stack: ExitStack) -> Workshop:
    """A catalogue that took in what a hospital handed over."""
    (folder / "drop").mkdir()
    copy(MERWESTAD, folder / "drop")
    os.utime(folder / "drop" / MERWESTAD.name, (LONG_AGO, LONG_AGO))
    first = stack.enter_context(workshop(Settings(data=folder / "first", base_url=FIRST)))
    source = Source(slug="merwestad", title="Merwestad", protocol="files", url=str(folder / "drop"))
    first.writer.save_source(source)
    assert first.harvest(source) is RunState.COMPLETE
    return first


@protocols
def test_every_view_of_every_record_is_the_same_there(
    protocol: str, tmp_path: Path, stack: ExitStack
) -> None:
    first = merwestad(tmp_path, stack).register
    two = pair(first, protocol, tmp_path, stack)
    offered = [each for each in everything(first) if reached(each, protocol)]
    assert two.harvest() == {Outcome.NEW: len(offered)}
    profiles = set(VIEWS) - ({FULL} if protocol == "sparql" else set())
    for told in offered:
        for profile in sorted(profiles):
            heard, said = two.heard(told, profile), two.told(told, profile)
            assert lines(heard) == lines(said), f"{told.record.iri} as {profile}"


def reached(record: Published, protocol: str) -> bool:
    """A FAIR Data Point leads from its catalogs to what stands in them; this series is in none."""
    return protocol != "fdp" or record.record.kind != "series"


def test_a_store_changes_the_spelling_of_numbers_and_nothing_else(
    tmp_path: Path, stack: ExitStack
) -> None:
    """All that a harvest by SPARQL can differ in; the views of both are the same."""
    first = merwestad(tmp_path, stack).register
    two = pair(first, "sparql", tmp_path, stack)
    two.harvest()
    for told in everything(first):
        heard, said = two.heard(told), two.told(told)
        assert lines(by_value(heard)) == lines(by_value(said))


def by_value(graph: Graph) -> Graph:
    """The graph as a store would give it back."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in graph)
    return Graph(quad.triple for quad in store)
