"""Nothing that is hidden is in the real engine: `catalogue serve`, asked over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import requests
from conformance.hidden import WORDS, Scene, scene
from conformance.test_nothing_leaks import secrets_in
from harvested import BASE
from served import Served, serving

pytestmark = [pytest.mark.slow]

DCAT = "http://www.w3.org/ns/dcat#"
RESULTS = "application/sparql-results+json"
ALL = (
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT DISTINCT ?g { GRAPH ?g { } }",
    f"SELECT * FROM <{BASE}/graph/%(id)s> {{ ?s ?p ?o }}",
    f"SELECT * FROM NAMED <{BASE}/graph/%(id)s> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    f"SELECT * {{ GRAPH <{BASE}/graph/%(id)s> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ <{BASE}/dataset/%(id)s> ?p ?o }}",
    f"SELECT * {{ ?s ?p <{BASE}/catalog/%(id)s> }}",
    f"SELECT * {{ <{BASE}> (!<x:y>)+ ?o }}",
    f"SELECT * {{ ?s (<{DCAT}dataset>|^<{DCAT}inCatalog>|<{DCAT}distribution>)* ?o }}",
    f"SELECT (COUNT(*) AS ?n) (SAMPLE(?s) AS ?one) {{ ?s a <{DCAT}Dataset> }}",
    "SELECT ?o (GROUP_CONCAT(?s) AS ?all) { ?s ?p ?o } GROUP BY ?o ORDER BY DESC(?o)",
)
GRAPHS = (
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?g ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
    f"DESCRIBE <{BASE}/dataset/%(id)s>",
    f"DESCRIBE <{BASE}>",
    f"DESCRIBE ?s WHERE {{ ?s a <{DCAT}Dataset> }}",
)


@dataclass(frozen=True, slots=True)
class Running:
    """A real catalogue, and what is hidden in it."""

    scene: Scene
    served: Served

    def query(self, query: str, *, accept: str = RESULTS, **options: Any) -> requests.Response:
        """What the endpoint says."""
        headers = {"Accept": accept}
        data = {"query": query, **options}
        return requests.post(self.served.base + "/sparql", data=data, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{folder}/r.sqlite"
    with ExitStack() as stack:
        made = stack.enter_context(scene(folder))
        options = {"CATALOGUE_DATABASE_URL": url, "CATALOGUE_BASE_URL": BASE}
        yield Running(made, stack.enter_context(serving("serve", data=folder, **options)))


def test_no_query_of_any_form_finds_what_is_hidden(running: Running) -> None:
    for query in (*ALL, *GRAPHS):
        for name in running.scene.hidden if "%(id)s" in query else ("",):
            asked = query.replace("%(id)s", name)
            accept = "text/turtle" if query in GRAPHS else RESULTS
            answer = running.query(asked, accept=accept)
            assert answer.status_code == 200, (asked, answer.text)
            assert leaks(running, answer, asked) == [], asked


def test_what_is_asked_is_really_answered(running: Running) -> None:
    rows = running.query(ALL[0]).json()["results"]["bindings"]
    said = {each["o"]["value"] for each in rows}
    assert {"Openset", "Fewset", "Linkset", "Openlist", "Publiclist"} <= said
    graphs = running.query(ALL[2]).json()["results"]["bindings"]
    assert len(graphs) >= len(running.scene.public)


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+xml", "text/html"])
def test_no_format_of_results_tells_more(running: Running, accept: str) -> None:
    for query in ALL[:3]:
        answer = running.query(query, accept=accept)
        assert leaks(running, answer, query) == []


def test_no_hidden_word_can_be_guessed(running: Running) -> None:
    wanted = " || ".join(f'CONTAINS(?t, "{word}")' for word in WORDS)
    for place in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"):
        filled = f"ASK {{ {place} BIND(LCASE(CONCAT(STR(?s), STR(?p), STR(?o))) AS ?t)"
        assert running.query(f"{filled} FILTER({wanted}) }}").json()["boolean"] is False
        assert running.query(f'{filled} FILTER(CONTAINS(?t, "openset")) }}').json()["boolean"]


def test_a_hidden_graph_is_like_one_that_never_was(running: Running) -> None:
    for name in (*running.scene.hidden, "aaaaaaaaaaaa"):
        graph = f"{BASE}/graph/{name}"
        for field in ("default-graph-uri", "named-graph-uri"):
            place = "?s ?p ?o" if field.startswith("default") else "GRAPH ?g { ?s ?p ?o }"
            answer = running.query(f"ASK {{ {place} }}", **{field: graph})
            assert answer.json()["boolean"] is False, (name, field)


def test_the_figures_of_the_endpoint_count_only_what_is_public(running: Running) -> None:
    count = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a <%s> }"
    for path in ("/sparql", "/.well-known/void"):
        answer = running.served.get(path, "application/n-triples")
        assert leaks(running, answer, "") == []
        store = ox.Store()
        store.load(answer.content, format=ox.RdfFormat.N_TRIPLES)
        rows: Any = store.query(
            "PREFIX void: <http://rdfs.org/ns/void#>"
            " SELECT ?c ?n { ?x void:class ?c ; void:entities|void:instances ?n }"
        )
        stated = {row["c"].value: row["n"].value for row in rows}
        for name, number in stated.items():
            asked = running.query(count % name).json()["results"]["bindings"][0]["n"]["value"]
            assert number == asked, (path, name)
        assert stated.get(f"{DCAT}Dataset", "4") == "4"


def test_a_search_by_pattern_finds_only_what_is_public(running: Running) -> None:
    for pattern in ("", "GRAPH ?g { ?s ?p ?o }", f"?entity a <{DCAT}Dataset> ."):
        pieces = {"prefixes": "", "graphPattern": pattern or "?entity ?p ?o .", "ordering": ""}
        answer = requests.post(f"{running.served.base}/search/query", json=pieces, timeout=60)
        assert answer.status_code == 200, answer.text
        assert leaks(running, answer, "") == []
        assert {"Openset", "Fewset"} <= {each["title"] for each in answer.json()}


@pytest.mark.parametrize("path", ["/dump.nq.gz", "/catalog.nq", "/feed", "/oai?verb=Identify"])
def test_the_whole_of_it_tells_no_more(running: Running, path: str) -> None:
    answer = running.served.get(path)
    assert answer.status_code == 200
    assert leaks(running, answer, "") == []


def leaks(running: Running, answer: requests.Response, asked: str) -> list[str]:
    """The hidden words, names and numbers in an answer."""
    return list(secrets_in(running.scene, Plain(answer), asked.lower()))


class Plain:
    """An answer that came over HTTP, as the tests of one in this process read it."""

    def __init__(self, answer: requests.Response) -> None:
        self.data = answer.content
        self.headers = list(answer.headers.items())
        self.mimetype = re.split(r"[; ]", answer.headers.get("Content-Type", ""))[0]
