"""SPARQL endpoints: real stores with data in them, and one that cuts off, forgets and lies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import endpoints
import pyoxigraph as ox
import pytest
from given import NOON, PROLOGUE, a_graph, both
from hospital import a_catalogue, recorded
from misbehaving import Misbehaving, answering

from catalogue.errors import DescriptionError, FetchFailed, NotRdf, SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import Document, Item, Mark, Missed, Received, Resumed, Source
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser
from catalogue.rdf.split import split
from catalogue.register.records import Outcome, RunState
from harvesters.sparql import FORM, harvest, list_question, written_term

URL = "http://store.example/sparql"
GRAPH = "https://store.example/graph"
FILLER = "\n".join(f'dct:description "Part {n}" ;' for n in range(120))


def a_source(url: str = URL, *, place: str | None = None, **options: str) -> Source:
    return Source(
        slug="rivierenland",
        title="Rivierenland",
        protocol="sparql",
        url=url,
        connect_to=place,
        options=options,
    )


def datasets(count: int, *, start: int = 0) -> str:
    return "".join(
        f'<https://store.example/d/{n:03}> a dcat:Dataset ; dct:title "Genomes {n}" ;'
        f" dct:publisher <https://store.example/umc> ;"
        f' dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasAddress [ vcard:locality "Tiel" ] ] .\n'
        for n in range(start, start + count)
    )


class Endpoint:
    """A store that answers properly, except that it gives at most `cap` rows or triples.

    It implements what a harvester may do with the network. `faults` may change the answer
    to a question or raise; `stop_after` says after how many questions nobody answers.
    """

    allowed_hosts: tuple[str, ...] = ()

    def __init__(self, turtle: str, *, cap: int = 10_000) -> None:
        self.cap = cap
        self.store = ox.Store()
        self.remembered: Mapping[str, Any] = {}
        self.asked: list[str] = []
        self.stop_after = 1_000_000
        self.faults: Callable[[str, list[Any]], list[Any]] = lambda _question, rows: rows
        self.add(turtle)

    def add(self, turtle: str) -> None:
        self.store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in a_graph(turtle))

    def get(self, url: str, *, accept: str | None = None, pages: bool = False) -> Document:
        assert not pages
        return self._answer(urlsplit(url).query, accept or "")

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> Document:
        assert (url, content_type) == (URL, FORM)
        return self._answer(body.decode(), accept)

    def has(self, subject: str) -> bool:
        raise AssertionError(subject)

    def expect(self, urls: Iterable[str]) -> None:
        raise AssertionError(urls)

    def parse(self, document: Document) -> Graph:
        return Graph.from_n_triples(document.content)

    def _answer(self, form: str, accept: str) -> Document:
        question = parse_qs(form)["query"][0]
        self.asked.append(question)
        if len(self.asked) > self.stop_after:
            raise FetchFailed(f"{URL}: the connection failed", url=URL, status=404)
        answer = self.store.query(question)
        rows = self.faults(question, list(answer))[: self.cap]  # type: ignore[arg-type]
        if isinstance(answer, ox.QueryTriples):
            return document(b"".join(f"{t} .\n".encode() for t in rows), "application/n-triples")
        names = [variable.value for variable in answer.variables]  # type: ignore[union-attr]
        return document(results(names, rows), accept)


def document(content: bytes, media_type: str) -> Document:
    return Document(url=URL, final_url=URL, content=content, media_type=media_type, fetched=NOON)


def results(names: list[str], rows: list[Any]) -> bytes:
    """The rows, written by the store itself."""
    head = " ".join(f"?{name}" for name in names)
    lines = "".join(f"({' '.join(str(row[name]) for name in names)})" for row in rows)
    question = f"SELECT {head} WHERE {{ VALUES ({head}) {{ {lines} }} }}"
    answer = ox.Store().query(question)
    return answer.serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]


def run(endpoint: Endpoint, *, at: datetime = NOON, **options: Any) -> list[Item]:
    """One run; its marks are there for the next."""
    found: list[Item] = []
    source = a_source(**options.pop("source", {}))
    for item in harvest(source, endpoint, now=lambda: at, **options):
        found.append(item)
        if isinstance(item, Mark):
            endpoint.remembered = item.state
    return found


def described(found: list[Item]) -> list[str]:
    """The names of the datasets that were handed over, in order."""
    subjects = (s for item in found if isinstance(item, Received) for s in item.subjects or ())
    return [subject.rpartition("/")[2] for subject in subjects]


def reasons(found: list[Item]) -> list[str]:
    return [str(item.reason) for item in found if isinstance(item, Missed)]


def names(count: int, start: int = 0) -> list[str]:
    return [f"{n:03}" for n in range(start, start + count)]


# --- lists -------------------------------------------------------------------------------


@pytest.mark.parametrize("portion", [1, 3, 7, 1000])
def test_every_dataset_comes_once_whatever_the_portions(portion: int) -> None:
    found = run(Endpoint(datasets(7)), listed_at_once=portion)
    assert (described(found), reasons(found)) == (names(7), [])


def test_a_list_is_read_on_by_its_last_iri_and_never_by_number() -> None:
    endpoint = Endpoint(datasets(5))
    run(endpoint, listed_at_once=2)
    assert not any("OFFSET" in question for question in endpoint.asked)
    assert any('> "https://store.example/d/003"' in question for question in endpoint.asked)


def test_an_iri_cannot_break_out_of_a_question() -> None:
    hostile = 'https://x.example/" ) } INSERT'
    assert r"\" ) } INSERT" in list_question("?dataset a dcat:Dataset", hostile, 5)


def test_a_store_that_gives_fewer_rows_than_asked_is_read_to_the_end() -> None:
    found = run(Endpoint(datasets(60), cap=45))
    assert (described(found), reasons(found)) == (names(60), [])


def test_a_list_that_ends_before_it_is_as_long_as_was_counted_is_reported() -> None:
    endpoint = Endpoint(datasets(9))
    endpoint.faults = lambda question, rows: (
        [] if "d/004" in question and "LIMIT" in question else rows
    )
    found = run(endpoint, listed_at_once=5)
    assert described(found) == names(5)
    assert "counts 9 datasets and lists only 5" in reasons(found)[0]


@pytest.mark.parametrize("change", ["added", "removed"])
def test_a_list_that_changes_while_it_is_read_is_no_fault(change: str) -> None:
    endpoint = Endpoint(datasets(6, start=1))

    def changing(question: str, rows: list[Any]) -> list[Any]:
        if "LIMIT" in question and change == "added":
            endpoint.add(datasets(1))
        elif "LIMIT" in question:
            endpoint.store.update("DELETE WHERE { <https://store.example/d/001> ?p ?o }")
        return rows

    endpoint.faults = changing
    found = run(endpoint, listed_at_once=100)
    assert [reason for reason in reasons(found) if "counts" in reason] == []


def test_catalogs_and_series_come_before_datasets() -> None:
    catalog = '<https://store.example/c> a dcat:Catalog ; dct:title "C" ; dcat:dataset {} .'
    members = " , ".join(f"<https://store.example/d/{n}>" for n in names(2))
    series = '<https://store.example/s> a dcat:DatasetSeries ; dct:title "S" .'
    found = run(Endpoint(datasets(2) + catalog.format(members) + series))
    assert described(found) == ["c", "s", "000", "001"]
    assert [item.catalog for item in found if isinstance(item, Received)] == [
        None,
        None,
        "https://store.example/c",
    ]


def test_the_members_of_a_catalog_are_not_read_with_it() -> None:
    links = " , ".join(f"<https://store.example/d/{n}>" for n in names(200))
    catalog = f'<https://store.example/c> a dcat:Catalog ; dct:title "C" ; dcat:dataset {links} .'
    first = run(Endpoint(datasets(2) + catalog))[0]
    assert isinstance(first, Received)
    assert first.graph is not None
    assert len(first.graph) == 2


# --- descriptions ------------------------------------------------------------------------


def test_what_belongs_to_a_dataset_comes_with_it_nested_or_named() -> None:
    endpoint = Endpoint(recorded("sparql", "data.ttl").replace("@prefix xsd", "@prefix xsdd"))
    [one] = [
        d for item in run(endpoint) if isinstance(item, Received) for d in only(item, "dataset/1")
    ]
    text = one.decode()
    for said in (
        '"412"',
        "Beacon team",
        "Reads",
        "2019-01-01",
        "Rivierenland Hospital",
        "mailto:d@",
    ):
        assert said in text


def only(item: Received, name: str) -> Iterator[bytes]:
    """The description of one dataset, as the catalogue splits it off."""
    assert item.graph is not None
    for found in split(item.graph, source=URL):
        if found.subject.value.endswith(name) and found.subject.value in (item.subjects or ()):
            yield found.graph.n_triples()


def test_a_cut_off_answer_is_asked_for_again_in_smaller_portions() -> None:
    endpoint = Endpoint(datasets(40), cap=60)
    found = run(endpoint)
    assert (described(found), reasons(found)) == (names(40), [])
    for item in found:
        assert not isinstance(item, Received) or len(list(only(item, "/000"))) < 2


def test_a_dataset_that_never_comes_whole_is_missed_alone() -> None:
    huge = datasets(1, start=2).replace("dct:title", FILLER + " dct:title")
    endpoint = Endpoint(datasets(2) + huge + datasets(2, start=3), cap=60)
    found = run(endpoint)
    assert described(found) == ["000", "001", "003", "004"]
    [missed] = [item for item in found if isinstance(item, Missed)]
    assert missed.url == "https://store.example/d/002"
    assert "triples to give and gives only 60" in str(missed.reason)


def test_a_dataset_that_is_listed_and_not_described_is_missed() -> None:
    endpoint = Endpoint(datasets(3))

    def removing(question: str, rows: list[Any]) -> list[Any]:
        if rows and "LIMIT" in question:
            endpoint.store.update("DELETE WHERE { <https://store.example/d/001> ?p ?o }")
        return rows

    endpoint.faults = removing
    found = run(endpoint)
    assert described(found) == ["000", "002"]
    assert "listed, but not described" in reasons(found)[0]


def test_an_endpoint_that_describes_nothing_any_more_is_left_alone() -> None:
    endpoint = Endpoint(datasets(60))
    endpoint.faults = lambda question, rows: [] if "CONSTRUCT" in question else rows
    found = run(endpoint)
    assert described(found) == []
    assert "the rest was not asked for" in reasons(found)[-1]
    assert len(reasons(found)) == 21


# --- datasets without an IRI -------------------------------------------------------------


def test_datasets_that_are_blank_nodes_come_together_with_what_they_lead_to() -> None:
    nameless = (
        '[] a dcat:Dataset ; dct:title "Nameless" ; dct:publisher <https://store.example/u> .'
    )
    agent = '<https://store.example/u> a foaf:Agent ; foaf:name "UMC" .'
    [received] = [item for item in run(Endpoint(nameless + agent)) if isinstance(item, Received)]
    assert received.graph is not None
    [one] = split(received.graph, source=URL)
    assert one.subject.value.startswith("http://store.example/.well-known/genid/")
    assert "UMC" in one.graph.n_triples().decode()


def test_a_blank_dataset_has_the_same_iri_in_every_run() -> None:
    endpoint = Endpoint('[] a dcat:Dataset ; dct:title "N" ; dct:identifier "7" .')
    iris = {
        one.subject
        for _ in range(2)
        for item in run(endpoint)
        if isinstance(item, Received) and item.graph
        for one in split(item.graph, source=URL)
    }
    assert len(iris) == 1


def test_too_many_blank_datasets_are_reported_with_advice() -> None:
    nameless = "".join(f'[] a dcat:Dataset ; dct:title "N{n}" .' for n in range(40))
    found = run(Endpoint(nameless, cap=30))
    assert "with an IRI each they could be read" in reasons(found)[0]


# --- going on ----------------------------------------------------------------------------


def test_a_run_that_broke_off_goes_on_after_the_last_batch() -> None:
    endpoint = Endpoint(datasets(120))
    endpoint.stop_after = 18
    first = run(endpoint)
    assert "the connection failed" in reasons(first)[-1]
    endpoint.stop_after, endpoint.asked = 1_000_000, []
    second = run(endpoint, at=NOON + timedelta(hours=1))
    assert isinstance(second[0], Resumed)
    assert described(first) + described(second) == names(120)
    assert 0 < len(described(first)) < 120
    assert endpoint.remembered == {}


def test_a_fault_of_the_endpoint_says_nothing_of_a_record() -> None:
    endpoint = Endpoint(datasets(120))
    endpoint.stop_after = 18
    statuses = {
        item.reason.status
        for item in run(endpoint)
        if isinstance(item, Missed) and isinstance(item.reason, FetchFailed)
    }
    assert statuses == {None}


def test_a_mark_of_yesterday_is_no_place_to_go_on_from() -> None:
    endpoint = Endpoint(datasets(120))
    endpoint.stop_after = 18
    run(endpoint)
    endpoint.stop_after = 1_000_000
    again = run(endpoint, at=NOON + timedelta(hours=25))
    assert described(again) == names(120)


# --- options -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        '?dataset a dcat:Dataset ; dct:title "Genomes 1"',
        'SELECT ?dataset WHERE { ?dataset dct:title "Genomes 1" }',
    ],
    ids=["a pattern", "a question"],
)
def test_a_source_may_say_which_datasets_it_is_about(query: str) -> None:
    found = run(Endpoint(datasets(3)), source={"query": query})
    assert described(found) == ["001"]


# --- servers that are none ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        pytest.param(answering("<html>", media_type="text/html"), NotRdf, id="A21 a web page"),
        pytest.param(answering('{"head": {}}', media_type="application/json"), NotRdf, id="JSON"),
        pytest.param(answering('{"results": {"bindings": [1]}}'), NotRdf, id="odd rows"),
        pytest.param(answering("[" * 100_000), NotRdf, id="B32 deep JSON"),
        pytest.param(answering(status=500), FetchFailed, id="out of order"),
        pytest.param(answering(status=401), FetchFailed, id="closed"),
    ],
)
def test_what_is_no_endpoint_fails_the_source(
    server: Misbehaving, parser: Parser, behaviour: Any, error: type[SourceError]
) -> None:
    server.handle = behaviour  # type: ignore[method-assign]
    with (
        Session(parser, connect_to={"store.example": server.place}, retries=0) as web,
        pytest.raises(error, match=r"^http://store.example/sparql: "),
    ):
        list(harvest(a_source(), web))


# --- real stores -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with endpoints.oxigraph(tmp_path_factory.mktemp("oxigraph")) as root:
        yield root


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """It never gives more than 100 rows or triples, and does not say so in its answer."""
    endpoints.refuse_without_virtuoso()
    with endpoints.virtuoso(tmp_path_factory.mktemp("virtuoso"), rows=100) as root:
        yield root


def load(root: str, turtle: str) -> Source:
    """The data in a graph of a real store, and that as a source."""
    place = urlsplit(root).netloc
    if "oxigraph" in requests_server(root):
        endpoints.put(f"{root}/store?graph={GRAPH}", turtle)
        return a_source("http://store.example/query", place=place, graph=GRAPH)
    address = f"{root}/sparql-graph-crud-auth?graph={GRAPH}"
    endpoints.put(address, turtle, password=endpoints.PASSWORD)
    return a_source(place=place, graph=GRAPH)


def requests_server(root: str) -> str:
    return endpoints.requests.get(root, timeout=30).headers.get("Server", "").lower()


@pytest.mark.server
@pytest.mark.parametrize("make", ["oxigraph", "virtuoso"])
def test_a_hospital_with_a_store_is_harvested_whole_and_then_unchanged(
    request: pytest.FixtureRequest, tmp_path: Path, make: str
) -> None:
    source = load(request.getfixturevalue(make), recorded("sparql", "data.ttl"))
    with a_catalogue(tmp_path) as catalogue:
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert catalogue.titles() == [
            "Genomes of long-lived people",
            "Genomes of short-lived people",
            "Genomes without a name",
        ]
        value = catalogue.value("Genomes of long-lived people")
        assert len(value.distributions) == 2
        assert value.publisher.name.value("en") == "Rivierenland Hospital"
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert catalogue.counts(source.slug) == {Outcome.UNCHANGED: 4}


@pytest.mark.server
def test_a_real_store_that_cuts_its_answers_off_gives_everything_in_the_end(
    virtuoso: str, tmp_path: Path
) -> None:
    source = load(virtuoso, PROLOGUE + datasets(110))
    with a_catalogue(tmp_path) as catalogue:
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert len(catalogue.titles()) == 110


@pytest.mark.server
def test_a_real_store_that_cuts_a_dataset_off_makes_the_run_partial(
    virtuoso: str, tmp_path: Path
) -> None:
    huge = datasets(1, start=1).replace("dct:title", FILLER + " dct:title")
    source = load(virtuoso, PROLOGUE + datasets(1) + huge + datasets(1, start=2))
    with a_catalogue(tmp_path) as catalogue:
        assert catalogue.harvest(source) is RunState.PARTIAL
        assert catalogue.titles() == ["Genomes 0", "Genomes 2"]
        assert "triples to give and gives only" in catalogue.said(source.slug)


# --- a graph for each record -------------------------------------------------------------


class Apart(Endpoint):
    """A store that keeps each record in a graph of its own; questions see the union."""

    def keep(self, name: str, turtle: str, *, about: str | None = None) -> None:
        """One record; another graph says what this one is about."""
        graph, record = (
            f"https://store.example/g/{name}",
            f"https://store.example/d/{about or name}",
        )
        topic = f"<{graph}> foaf:primaryTopic <{record}> ."
        for place, text in ((graph, turtle), (f"{graph}/about", topic)):
            node = ox.NamedNode(place)
            self.store.extend(ox.Quad(*triple, node) for triple in a_graph(text))

    def parse_graphs(self, document: Document) -> Mapping[str, Graph]:
        found: dict[str, list[ox.Triple]] = {}
        for quad in ox.parse(document.content, format=ox.RdfFormat.N_QUADS):
            found.setdefault(quad.graph_name.value, []).append(quad.triple)  # type: ignore[union-attr]
        return {name: Graph(triples) for name, triples in found.items()}

    def _answer(self, form: str, accept: str) -> Document:
        question = parse_qs(form)["query"][0]
        self.asked.append(question)
        answer = self.store.query(question, use_default_graph_as_union=True)
        if isinstance(answer, ox.QueryTriples):
            lines = b"".join(f"{t} .\n".encode() for t in answer)
            return document(lines, "application/n-triples")
        rows = self.faults(question, list(answer))[: self.cap]  # type: ignore[arg-type]
        names = [variable.value for variable in answer.variables]  # type: ignore[union-attr]
        bound = [{name: term(row[name]) for name in names if row[name]} for row in rows]
        return document(json.dumps({"results": {"bindings": bound}}).encode(), accept)


def term(value: Any) -> dict[str, str]:
    """A term in the words of SPARQL results in JSON."""
    if isinstance(value, ox.Literal):
        more = (
            {"xml:lang": value.language} if value.language else {"datatype": value.datatype.value}
        )
        return {"type": "literal", "value": value.value, **more}
    return {"type": "uri" if isinstance(value, ox.NamedNode) else "bnode", "value": value.value}


def of_umc(name: str, publisher: str) -> str:
    return (
        f'<https://store.example/d/{name}> a dcat:Dataset ; dct:title "Genomes"@en ;'
        " dcat:contactPoint [ vcard:fn 'Desk' ] ; dct:publisher <https://store.example/umc> ."
        f" <https://store.example/umc> a foaf:Agent ; {publisher} ."
    )


def graphs_of(found: list[Item]) -> dict[str, Graph]:
    received = [item for item in found if isinstance(item, Received)]
    return {s.rpartition("/")[2]: item.graph for item in received for s in item.subjects or ()}  # type: ignore[misc]


def test_a_record_with_a_graph_of_its_own_does_not_get_what_another_says_of_its_publisher() -> None:
    endpoint = Apart("")
    records = {"a": of_umc("a", 'foaf:name "UMC"@en'), "b": of_umc("b", 'foaf:name "The UMC"@en')}
    for name, turtle in records.items():
        endpoint.keep(name, turtle)
    found = graphs_of(run(endpoint, read_at_once=2))
    for name, turtle in records.items():
        assert both(found[name]) == both(a_graph(turtle))


def test_a_graph_that_says_it_is_about_two_records_is_read_with_the_others() -> None:
    endpoint = Apart("")
    endpoint.keep("a", of_umc("a", 'foaf:name "UMC"'))
    endpoint.keep("b", of_umc("b", 'foaf:name "UMC"'))
    endpoint.keep("b", of_umc("a", 'foaf:name "Elsewhere"'), about="a")
    found = run(endpoint)
    assert sorted(described(found)) == ["a", "b"]
    assert not reasons(found)
    assert any(question.find("CONSTRUCT") >= 0 for question in endpoint.asked)


def test_a_graph_that_is_not_about_what_it_says_is_not_taken_for_it() -> None:
    endpoint = Apart("")
    endpoint.keep("a", of_umc("a", 'foaf:name "UMC"'))
    endpoint.keep("liar", "<https://store.example/x> dct:title 'X' .", about="a")
    assert described(run(endpoint)) == ["a"]


def test_named_graphs_that_are_cut_off_are_asked_for_in_smaller_portions() -> None:
    endpoint = Apart("")
    for name in ("a", "b", "c", "d"):
        endpoint.keep(name, of_umc(name, 'foaf:name "UMC"'))
    endpoint.cap = 15  # two records have 14 triples
    found = run(endpoint)
    assert sorted(described(found)) == ["a", "b", "c", "d"]
    assert not reasons(found)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uri", "https://x.example/> <https://x.example/p> <https://x.example/o> <g:g> .\n<a:b"),
        ("literal", 'said "so" \\ and\nmore\t\u0000'),
        ("bnode", "a.b c> ."),
    ],
)
def test_a_term_cannot_break_out_of_its_place(parser: Parser, kind: str, value: str) -> None:
    line = f"<a:s> <a:p> {written_term({'type': kind, 'value': value})} <a:g> .\n"
    assert line.count("\n") == 1
    try:
        found = parser.parse_graphs(
            line.encode(), media_type="application/n-quads", base="https://x.example/"
        )
    except DescriptionError:
        return
    assert {name: len(graph) for name, graph in found.items() if graph} == {"a:g": 1}
