"""The demonstration, asked by machines: harvest reports, search, linked data, SPARQL."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
from typing import Any

import pytest
import rdflib
import requests
from served import CATALOGUE, ROOT, Served, serving
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

from catalogue.rdf.identity import identifier
from catalogue.register.records import Outcome
from catalogue.register.register import Register
from examples.hospitals.diseases import with_narrower
from examples.hospitals.expected import Expected, expected
from examples.hospitals.hospital import hospitals

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

EVERYTHING = expected()
HOSPITALS = {hospital.slug: hospital for hospital in hospitals()}
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
FORMATS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}


def register(demo: Served) -> Register:
    return Register.open(f"sqlite:///{demo.data}/catalogue.sqlite", demo.base)


def published() -> list[Expected]:
    return [e for e in EVERYTHING if e.state == "published" and not e.faulted]


def of(items: list[Expected]) -> set[str]:
    return {identifier(item.hospital, item.iri) for item in items if item.iri}


def found(demo: Served, **parameters: Any) -> set[str]:
    answer: Any = demo.json("/api/datasets", size=100, **parameters)
    ids = {hit["id"] for hit in answer["hits"]}
    assert answer["total"] == len(ids) or answer["total"] > 100
    return ids


def test_every_dataset_of_the_demonstration_is_published(demo: Served) -> None:
    opened = register(demo)
    ids = {item.record.id for item in opened.published("dataset")}
    opened.close()
    assert of(published()) <= ids
    assert len(ids) == len(published())


def test_each_of_the_ten_sources_has_a_report(demo: Served) -> None:
    opened = register(demo)
    for status in opened.sources():
        run = opened.runs(status.slug)[-1]
        theirs = [e for e in EVERYTHING if e.hospital == status.slug]
        leaks = "leaks-drafts" in HOSPITALS[status.slug].ways
        drafts = sum(e.state == "draft" for e in theirs) if leaks else 0
        failed = sum(e.state == "broken" or (e.faulted and e.state != "draft") for e in theirs)
        held = sum(e.state == "held" and not e.faulted for e in theirs)
        assert run.counts.get(Outcome.FORBIDDEN, 0) == drafts, status.slug
        assert run.counts.get(Outcome.FAILED, 0) == failed, status.slug
        assert run.counts.get(Outcome.HELD, 0) == held, status.slug
        for line in opened.outcomes(run.id):
            assert line.outcome is not Outcome.FAILED or line.details["message"]["nl"]
    assert len(opened.sources()) == 10
    opened.close()


def test_a_second_run_writes_nothing(demo: Served) -> None:
    opened = register(demo)
    before = opened.position()
    done = subprocess.run(
        [CATALOGUE, "harvest", "noordzee", "merwestad", "amstelkade"],
        cwd=ROOT,
        env=demo.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3  # merwestad has a document that does not parse
    assert opened.position() == before
    assert "unchanged" in done.stdout
    assert "new" not in done.stdout
    opened.close()


@pytest.mark.parametrize("code", ["GRU", "HMB", "DS"])
def test_cardiomyopathy_with_exomes_or_genomes_and_consent(demo: Served, code: str) -> None:
    wanted = with_narrower("cardiomyopathy")
    right = [
        e
        for e in published()
        if e.diseases & set(wanted)
        and {a for a in e.assays if a in {"wes", "wgs", "low-pass-wgs"}}
        and code in e.codes
    ]
    assert right, "the demonstration should have some"
    assert found(demo, disease="cardiomyopathy", assay=["wes", "wgs"], consent=code) == of(right)


@pytest.mark.parametrize(
    "question",
    [{}, {"disease": "cardiovascular"}, {"assay": ["wes", "wgs"], "access": "controlled"}],
    ids=["everything", "one filter", "three filters"],
)
def test_every_count_is_what_choosing_it_gives(demo: Served, question: dict[str, Any]) -> None:
    answer: Any = demo.json("/api/datasets", size=1, **question)
    checked = 0
    for facet in answer["facets"]:
        for value in facet["values"]:
            chosen = {**question, facet["name"]: value["value"]}
            total: Any = demo.json("/api/datasets", size=1, **chosen)["total"]
            assert total == value["count"], (question, facet["name"], value["value"])
            checked += 1
    assert checked > 60


def test_the_page_and_the_api_say_the_same(demo: Served) -> None:
    question = {"disease": "cardiomyopathy", "assay": ["wes", "wgs"]}
    total: Any = demo.json("/api/datasets", **question)["total"]
    page = demo.get("/en/datasets", "text/html", params=question).text
    assert re.search(rf"<h2[^>]*>\s*{total} datasets", page)


def test_no_search_text_breaks_anything(demo: Served) -> None:
    for text in ('"', "NEAR ( *", "😀", "a" * 400, "\u202e", "ORPHA:", "C50<script>", "* * *"):
        assert demo.get("/en/datasets", "text/html", params={"q": text}).status_code == 200


@pytest.mark.parametrize("media", FORMATS)
def test_the_root_and_its_records_come_in_every_format(demo: Served, media: str) -> None:
    root = rdflib.Graph().parse(data=demo.get("/", media).content, format=FORMATS[media])
    assert (rdflib.URIRef(demo.base), None, None) in root
    catalogs = list(root.objects(None, rdflib.URIRef("https://w3id.org/fdp/fdp-o#metadataCatalog")))
    assert len(catalogs) >= 10
    catalog = rdflib.Graph().parse(
        data=requests.get(catalogs[0], headers={"Accept": media}, timeout=30).content,
        format=FORMATS[media],
    )
    dataset = next(catalog.objects(catalogs[0], DCAT.dataset))
    answer = requests.get(dataset, headers={"Accept": media}, timeout=30)
    assert answer.headers["Content-Type"].startswith(media)
    graph = rdflib.Graph().parse(data=answer.content, format=FORMATS[media])
    assert (dataset, rdflib.RDF.type, DCAT.Dataset) in graph


def test_everything_without_a_wish_is_turtle_and_a_browser_gets_a_page(demo: Served) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for path in ("/", f"/dataset/{min(of(published()))}"):
        assert demo.get(path).headers["Content-Type"].startswith("text/turtle")
        assert demo.get(path, browser).headers["Content-Type"].startswith("text/html")


def test_distributions_have_addresses_that_answer(demo: Served) -> None:
    query = "SELECT ?d { ?d a <http://www.w3.org/ns/dcat#Distribution> } LIMIT 5"
    rows = select(demo, query)
    assert rows
    for row in rows:
        graph = rdflib.Graph().parse(data=requests.get(row["d"], timeout=30).content)
        assert (rdflib.URIRef(row["d"]), None, None) in graph


def endpoint(demo: Served, query: str, form: str = JSON) -> SPARQLWrapper:
    wrapper = SPARQLWrapper(demo.base + "/sparql")
    wrapper.setQuery(query)
    wrapper.setReturnFormat(form)
    return wrapper


def select(demo: Served, query: str) -> list[dict[str, str]]:
    answer: Any = endpoint(demo, query).queryAndConvert()
    return [{k: v["value"] for k, v in row.items()} for row in answer["results"]["bindings"]]


def test_sparqlwrapper_selects_asks_and_constructs(demo: Served) -> None:
    count = select(demo, f"SELECT (COUNT(DISTINCT ?d) AS ?n) {{ ?d a <{DCAT.Dataset}> }}")
    assert int(count[0]["n"]) == len(published())
    ask: Any = endpoint(demo, "ASK { ?s ?p ?o }").queryAndConvert()
    assert ask["boolean"] is True
    made = endpoint(demo, "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 5", TURTLE)
    assert len(rdflib.Graph().parse(data=made.query().response.read(), format="turtle")) == 5
    for form in (XML, CSV):
        assert endpoint(demo, "SELECT * { ?s ?p ?o } LIMIT 1", form).query().response.status == 200


@pytest.mark.parametrize("method", ["GET", "form", "direct"])
def test_every_way_of_the_protocol_works(demo: Served, method: str) -> None:
    query, url = "SELECT * { ?s ?p ?o } LIMIT 1", demo.base + "/sparql"
    ways = {
        "GET": lambda: requests.get(url, params={"query": query}, timeout=30),
        "form": lambda: requests.post(url, data={"query": query}, timeout=30),
        "direct": lambda: requests.post(
            url, data=query, headers={"Content-Type": "application/sparql-query"}, timeout=30
        ),
    }
    assert len(ways[method]().json()["results"]["bindings"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "CLEAR ALL",
        "LOAD <http://127.0.0.1:1/x>",
        "SELECT * { SERVICE <http://127.0.0.1:{port}/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:{port}/> { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:{port}/> { ?s ?p ?o } } }",
    ],
)
def test_what_would_change_or_call_out_is_refused(demo: Served, query: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.3)
        asked = query.replace("{port}", str(listener.getsockname()[1]))
        for ask in (
            lambda: demo.get("/sparql", params={"query": asked}),
            lambda: requests.post(demo.base + "/sparql", data={"update": asked}, timeout=30),
        ):
            assert ask().status_code in {400, 403, 405}
        with pytest.raises(TimeoutError):
            listener.accept()
    assert len(select(demo, "SELECT * { <x:a> ?p ?o }")) == 0


def test_a_runaway_query_ends_while_everybody_else_is_served(demo: Served) -> None:
    answers: list[int] = []
    runaway = threading.Thread(
        target=lambda: answers.append(demo.get("/sparql", params={"query": CROSS}).status_code)
    )
    runaway.start()
    others = []
    while runaway.is_alive():
        others.append(demo.get("/health").status_code)
        others.append(demo.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code)
    assert answers == [503]
    assert set(others) == {200}
    assert len(others) > 10


@pytest.mark.parametrize("form", ["text/csv", "application/sparql-results+json"])
def test_an_answer_is_whole_or_an_error(demo: Served, form: str) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    answer = demo.get("/sparql", form, params={"query": query})
    assert answer.status_code in {413, 503}
    assert "Retry-After" in answer.headers or answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_a_large_answer_comes_whole_with_its_length(demo: Served) -> None:
    query = "SELECT * { ?a ?b ?c }"
    answer = demo.get("/sparql", "text/csv", params={"query": query})
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 100_000


def test_deep_nesting_does_not_stop_the_service(demo: Served) -> None:
    bomb = "ASK " + "{" * 20_000 + "}" * 20_000
    answer = requests.post(demo.base + "/sparql", data={"query": bomb}, timeout=60)
    assert answer.status_code in {400, 403, 413, 503}
    assert select(demo, "SELECT * { ?s ?p ?o } LIMIT 1")


def test_no_exact_small_number_is_anywhere(demo: Served) -> None:
    rows = select(
        demo,
        "SELECT ?n { ?x ?p ?n FILTER(?p IN (<http://healthdataportal.eu/ns/health#"
        "numberOfUniqueIndividuals>, <https://w3id.org/genoomcatalogus/ns#individuals>)) }",
    )
    assert rows
    assert all(int(row["n"]) >= 10 or row["n"] == "0" for row in rows)


def test_a_throw_away_catalogue_serves_just_a_file(tmp_path: Any) -> None:
    file = tmp_path / "data.nq"
    file.write_text('<x:s> <x:p> "o" <x:g> .\n')
    with serving("serve", "--data", str(file)) as other:
        assert select(other, "SELECT * { ?s ?p ?o }") == [{"s": "x:s", "p": "x:p", "o": "o"}]
        assert other.json("/api/datasets")["total"] == 0
