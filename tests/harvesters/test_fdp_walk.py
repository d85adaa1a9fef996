"""Whatever the pages of a source say, a walk ends and asks for each address once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import FetchFailed, SourceError
from catalogue.ingest.scope import spelling
from catalogue.ingest.source import Document, Received, Source
from catalogue.namespaces import DCAT, DCT, FDPO, LDP, RDF
from catalogue.rdf.graph import Graph
from harvesters.fdp import harvest

HOST = "https://fdp.example"
NODES = [
    *(f"{HOST}/{name}" for name in ("", "a", "a/", "a#x", "b", "c")),
    "http://fdp.example/a",
    "https://elsewhere.example/a",
    "urn:x",
    "https://fdp.example:99999/",
    "file:///etc/passwd",
]
LINKS = [
    LDP + "contains",
    FDPO + "metadataCatalog",
    *(DCAT + name for name in ("catalog", "dataset", "distribution")),
]
CLASSES = [DCAT + name for name in ("Catalog", "Dataset", "DatasetSeries", "Distribution")]

nodes = st.sampled_from(NODES).map(ox.NamedNode)
links = st.builds(ox.Triple, nodes, st.sampled_from(LINKS).map(ox.NamedNode), nodes)
types = st.builds(
    ox.Triple,
    nodes,
    st.just(ox.NamedNode(RDF + "type")),
    st.sampled_from(CLASSES).map(ox.NamedNode),
)
titles = st.builds(
    ox.Triple, nodes, st.just(ox.NamedNode(DCT + "title")), st.just(ox.Literal("a title"))
)
graphs = st.lists(links | types | titles, max_size=12).map(Graph)
sites = st.dictionaries(st.sampled_from(NODES), graphs, max_size=6)


class PaperWeb:
    """Serves graphs from memory; an address without one is not found."""

    allowed_hosts: Sequence[str] = ()
    remembered: Mapping[str, object] = MappingProxyType({})

    def __init__(self, site: Mapping[str, Graph]) -> None:
        self._site = {spelling(address): graph for address, graph in site.items()}
        self.asked: Counter[str] = Counter()

    def get(self, url: str) -> Document:
        self.asked[spelling(url)] += 1
        if spelling(url) not in self._site:
            raise FetchFailed(f"{url}: not found", url=url, status=404)
        return Document(
            url=url,
            final_url=url,
            content=b"",
            media_type=None,
            fetched=datetime(2026, 11, 22, tzinfo=UTC),
        )

    def expect(self, urls: Iterable[str]) -> None:
        """Nothing is gained by fetching paper beforehand."""

    def parse(self, document: Document) -> Graph:
        return self._site[spelling(document.url)]


@settings(max_examples=200, deadline=None)
@given(root=graphs, site=sites)
def test_a_walk_ends_and_takes_each_record_once(root: Graph, site: dict[str, Graph]) -> None:
    web = PaperWeb({**site, HOST: root})
    source = Source(slug="a", title="A", protocol="fdp", url=HOST)
    try:
        found = list(harvest(source, web))
    except SourceError:
        return
    subjects = Counter(i.subjects for i in found if isinstance(i, Received))
    assert not subjects or max(subjects.values()) == 1
    assert all(address.startswith("//fdp.example") for address in web.asked)
