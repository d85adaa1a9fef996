"""Pages with everything on them, and the dump."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pyoxigraph as ox
import pytest
from given import both
from story import Story
from web import shelved

from catalogue.ingest.projection import StoreProjection
from catalogue.namespaces import DCAT, DCT, FDPO, HYDRA, LDP
from catalogue.rdf.graph import Graph
from catalogue.rdf.split import split
from catalogue.register.register import Register
from catalogue.store import embedded
from catalogue.store.embedded import EmbeddedStore
from catalogue.web import bulk

BASE = "https://catalogue.example"
READERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
}
THEIRS = (
    f'<{FDPO}metadataIssued> "2020-01-01T00:00:00Z"^^xsd:dateTime ;'
    f' <{FDPO}metadataModified> "2021-01-01T00:00:00Z"^^xsd:dateTime ;'
    f" <{FDPO}metadataIdentifier> <https://umc.example/dataset/a#identifier> ;"
)
"""What the FAIR Data Point of a source says of its own record."""


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    yield Story(register)
    register.close()


@pytest.fixture
def client(story: Story) -> Any:
    return shelved.application(story.register).test_client()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Engine]:
    folder = tmp_path_factory.mktemp("engine")
    with embedded.start(folder, seconds=5, memory=256, answer=8, children=1) as running:
        yield running


@pytest.fixture
def store(engine: embedded.Engine) -> Iterator[EmbeddedStore]:
    client = engine.store()
    yield client
    client.close()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PAGE", 2)


def read(response: Any, key: str = "ttl") -> Graph:
    assert response.status_code == 200
    return Graph(quad.triple for quad in ox.parse(response.data, format=READERS[key]))


def datasets(graph: Graph) -> str:
    found = graph.instances(DCAT + "Dataset")
    return "".join(str(each).strip("<>").rpartition("/")[2] for each in found)


def following(graph: Graph, name: str = "next") -> str:
    targets = {t.object.value for t in graph if t.predicate.value == HYDRA + name}
    return targets.pop() if targets else ""


def walk(client: Any, path: str = "/catalog.ttl") -> Iterator[Graph]:
    while path:
        page = read(client.get(path))
        yield page
        path = following(page).removeprefix(BASE)


@pytest.mark.parametrize("key", READERS)
def test_a_page_has_whole_descriptions_in_every_notation(
    client: Any, story: Story, key: str
) -> None:
    story.catalog("k")
    story.list("a", "k")
    graph = read(client.get(f"/catalog.{key}"), key)
    found = {each.subject.value: each for each in split(graph, source=BASE)}
    odd = "https://terms.example/odd#0"
    public = [
        t
        for t in story.register.get("dataset", "a").graph
        if key != "rdf" or t.predicate.value != odd
    ]
    assert both(found[f"{BASE}/dataset/a"].graph) == both(Graph(public))
    home = ox.NamedNode(f"{BASE}/catalog/k")
    assert graph.objects(home, DCAT + "dataset") == [ox.NamedNode(f"{BASE}/dataset/a")]
    assert graph.value(home, DCT + "title") is not None


@pytest.mark.usefixtures("small_pages")
def test_the_first_page_of_what_changed_is_not_that_of_everything(
    client: Any, story: Story
) -> None:
    for name in "abc":
        story.save(name)
    response = client.get("/catalog.ttl?modified_since=2020-01-01&page=2&after=b")
    first = following(read(response), "first")
    assert first == f"{BASE}/catalog.ttl?page=1&modified_since=2020-01-01"
    assert f'<{first}>; rel="first"' in response.headers.getlist("Link")


@pytest.mark.usefixtures("small_pages")
def test_pages_are_linked_in_both_vocabularies_and_in_the_header(client: Any, story: Story) -> None:
    for name in "abc":
        story.save(name)
    response = client.get("/catalog.ttl")
    first = read(response)
    assert following(first) == f"{BASE}/catalog.ttl?page=2&after=b"
    assert following(first, "nextPage") == following(first)
    assert f'<{following(first)}>; rel="next"' in response.headers.getlist("Link")
    totals = {t.object.value for t in first if t.predicate.value == HYDRA + "totalItems"}
    assert totals == {"3"}
    for name in ("PartialCollectionView", "PagedCollection"):
        assert [each.value for each in first.instances(HYDRA + name)] == [
            f"{BASE}/catalog.ttl?page=1"
        ]
    assert [datasets(page) for page in walk(client)] == ["ab", "c"]


@pytest.mark.usefixtures("small_pages")
def test_a_walk_meets_each_dataset_once_while_others_come_and_go(client: Any, story: Story) -> None:
    for name in "bcdefg":
        story.save(name)
    met = []
    for page in walk(client):
        met.append(datasets(page))
        if len(met) == 1:
            story.save("a")
            story.withdraw("b")
            story.save("dd")
    assert met == ["bc", "ddd", "ef", "g"]


@pytest.mark.usefixtures("small_pages")
def test_a_client_may_count_pages(client: Any, story: Story) -> None:
    for name in "abcde":
        story.save(name)
    pages = [datasets(read(client.get(f"/catalog.ttl?page={n}"))) for n in (1, 2, 3, 4)]
    assert pages == ["ab", "cd", "e", ""]


@pytest.mark.usefixtures("small_pages")
def test_a_catalog_is_described_wherever_its_datasets_are(client: Any, story: Story) -> None:
    story.catalog("k")
    story.catalog("empty")
    for name in "abc":
        story.list(name, "k")
    described = [
        [
            str(each).strip("<>").rpartition("/")[2]
            for each in page.instances(DCAT + "Catalog")
            if page.value(each, DCT + "title") is not None
        ]
        for page in walk(client)
    ]
    assert described == [["empty", "k"], ["k"]]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-11-22T12:02:00Z", "bc"),
        ("2026-11-22T13:03:00+01:00", "c"),
        ("2026-11-22T13:03:00%2B01:00", "c"),
        ("2026-11-22", "abc"),
        ("2026-11-23", ""),
    ],
)
def test_only_what_changed_since(client: Any, story: Story, since: str, expected: str) -> None:
    for name in "abc":
        story.save(name)
    page = read(client.get(f"/catalog.ttl?modified_since={since}"))
    assert datasets(page) == expected
    assert str(len(expected)) in {
        t.object.value for t in page if t.predicate.value == HYDRA + "totalItems"
    }


@pytest.mark.usefixtures("small_pages")
def test_the_moment_stays_in_the_links(client: Any, story: Story) -> None:
    for name in "abcd":
        story.save(name)
    pages = walk(client, "/catalog.ttl?modified_since=2026-11-22T12:02:00Z")
    assert [datasets(page) for page in pages] == ["bc", "d"]


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=x", "page=-1", "page=²", "q=cancer", "after=%00"),
        *("page=000000001999999999999999999999", f"page=00000000{'1' * 5000}"),
        *("modified_since=soon", "modified_since=0001-01-01T00:00:00%2B14:00"),
    ],
)
def test_what_cannot_be_understood_is_named(client: Any, query: str) -> None:
    refused = client.get(f"/catalog.ttl?{query}")
    assert refused.status_code == 400
    assert query.partition("=")[0] in refused.json["detail"]


def test_held_and_withdrawn_datasets_are_on_no_page(client: Any, story: Story) -> None:
    story.save("a", "Kept back", reason="minimum")
    story.save("b", "Withdrawn")
    story.withdraw("b")
    for path in (*(f"/catalog.{key}" for key in READERS), "/dump.nq.gz"):
        body = client.get(path).data
        body = gzip.decompress(body) if path.endswith("gz") else body
        assert b"Kept back" not in body
        assert b"/dataset/" not in body


def test_a_page_that_a_client_has_is_not_sent_again(client: Any, story: Story) -> None:
    story.save("a")
    for key in READERS:
        tag = client.get(f"/catalog.{key}").headers["ETag"]
        again = client.get(f"/catalog.{key}", headers={"If-None-Match": tag})
        assert again.status_code == 304


def test_carriage_returns_survive_rdf_xml(client: Any, story: Story) -> None:
    story.save("a")
    story.list("b", "k", title="One\\r\\ntwo")
    titles = {t.object.value for t in read(client.get("/catalog.rdf"), "rdf") if "two" in str(t)}
    assert titles == {"One\r\ntwo"}
    assert fromstring(client.get("/catalog.rdf").data) is not None


def test_the_dump_holds_every_record_in_a_graph_of_its_own(client: Any, story: Story) -> None:
    story.catalog("k")
    story.list("a", "k")
    response = client.get("/dump.nq.gz")
    quads = list(ox.parse(gzip.decompress(response.data), format=ox.RdfFormat.N_QUADS))
    graphs = {quad.graph_name.value for quad in quads}
    records = {f"{BASE}/graph/a", f"{BASE}/graph/k"}
    beside = {f"{each}/{part}" for each in records for part in ("provenance", "navigation")}
    assert graphs == records | beside | {f"{BASE}/graph/root/navigation"}
    told = Graph(q.triple for q in quads if q.graph_name.value.endswith("/a"))
    assert told == story.register.get("dataset", "a").graph
    assert response.mimetype == "application/gzip"


def test_the_dump_and_the_store_hold_the_same(
    client: Any, story: Story, store: EmbeddedStore
) -> None:
    story.catalog("k")
    story.list("a", "k", more=THEIRS)
    story.save("held", reason="minimum")
    StoreProjection(story.register, store).rebuild()
    dumped = ox.parse(gzip.decompress(client.get("/dump.nq.gz").data), format=ox.RdfFormat.N_QUADS)
    counts = Counter(quad.graph_name.value for quad in set(dumped))  # type: ignore[union-attr]
    every = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = json.loads(store.query(every).read())["results"]["bindings"]
    assert counts == {row["g"]["value"]: int(row["n"]["value"]) for row in rows}


def test_sparql_and_the_document_say_the_same_of_a_record(
    story: Story, store: EmbeddedStore
) -> None:
    """Of a dataset, its distribution, a catalog and their containers, each in its own document.

    The source's own dates are in none.
    """
    reports = [{"profile": key, "conforms": True} for key in ("minimum", "dcat-ap-3")]
    story.catalog("k")
    story.list("a", "k", more=THEIRS, reports=reports, distributions=("ad",))
    StoreProjection(story.register, store).rebuild()
    client = shelved.application(story.register, store=store).test_client()
    for path in ("/dataset/a", "/distribution/ad", "/catalog/k"):
        document = read(client.get(path, headers={"Accept": "text/turtle"}))
        named = (t.subject for t in document if isinstance(t.subject, ox.NamedNode))
        names = {each for each in named if each.value.startswith(BASE + path)}
        subjects = " ".join(map(str, names))
        asked = f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ {subjects} }} ?s ?p ?o }}"
        union = ox.parse(store.query(asked).read(), format=ox.RdfFormat.TURTLE)
        assert said(Graph(each.triple for each in union), names) == said(document, names), path
        here = ox.NamedNode(BASE + path)
        for name in ("metadataIssued", "metadataModified", "metadataIdentifier"):
            assert len(document.objects(here, FDPO + name)) == 1
    assert document.instances(LDP + "DirectContainer")


def said(graph: Graph, names: set[Any]) -> set[tuple[str, ...]]:
    """What is said of these nodes, whatever the blank nodes are called."""
    return {
        (
            str(t.subject),
            str(t.predicate),
            "_" if isinstance(t.object, ox.BlankNode) else str(t.object),
        )
        for t in graph
        if t.subject in names
    }


@pytest.mark.parametrize("path", ["/dump.nq.gz", "/datasets.csv"])
def test_a_head_of_what_is_not_written_tells_no_length(
    client: Any, story: Story, path: str
) -> None:
    story.save("a")
    head = client.head(path)
    assert head.status_code == 200
    assert "Content-Length" not in head.headers


@pytest.mark.parametrize(
    "path", ["/catalog.ttl", "/catalog.rdf", "/catalog.nq", "/feed", "/feed.atom", "/sitemap.xml"]
)
def test_a_head_tells_the_length_that_a_get_has(client: Any, story: Story, path: str) -> None:
    story.save("a")
    length = client.get(path).headers["Content-Length"]
    assert client.head(path).headers["Content-Length"] == length != "0"


def test_the_dump_is_asked_for_conditionally(client: Any, story: Story) -> None:
    story.save("a")
    first = client.get("/dump.nq.gz")
    assert first.headers["Last-Modified"] == "Sun, 22 Nov 2026 12:01:00 GMT"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/dump.nq.gz", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    head = client.head("/dump.nq.gz")
    assert (head.status_code, head.data) == (200, b"")
    story.save("b")
    assert client.get("/dump.nq.gz", headers=tag).status_code == 200


def test_an_empty_catalogue_has_an_empty_page_and_only_its_root_in_the_dump(client: Any) -> None:
    assert datasets(read(client.get("/catalog.ttl"))) == ""
    lines = gzip.decompress(client.get("/dump.nq.gz").data).splitlines()
    assert {line.split()[-2] for line in lines} == {f"<{BASE}/graph/root/navigation>".encode()}
