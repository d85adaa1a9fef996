"""We say what an engine says that asks its peers by itself (SPARQL 1.1 Federated Query)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from endpoints import oxigraph, put
from federation.conftest import OURS
from federation.neighbours import RESULTS, rows, store

from catalogue.federation.store import FederatedStore

pytestmark = pytest.mark.server
DOWN = "http://127.0.0.1:9/sparql"
QUERIES = {
    "a join": "SELECT * { ?s <urn:title> ?t SERVICE <PEER> { ?s <urn:held> ?h } }",
    "the part first": "SELECT * { SERVICE <PEER> { ?s <urn:held> ?h } ?s <urn:title> ?t }",
    "the part alone": "SELECT * { SERVICE <PEER> { ?s <urn:count> ?n } }",
    "no variables": "SELECT * { ?s ?p ?o SERVICE <PEER> { <urn:a> <urn:held> <urn:umc> } }",
    "an empty pattern": "SELECT * { ?s ?p ?o SERVICE <PEER> { } }",
    "optional": "SELECT * { ?s <urn:title> ?t OPTIONAL { SERVICE <PEER> { ?s <urn:count> ?n } } }",
    "optional inside": "SELECT ?s ?n { SERVICE <PEER> { ?s <urn:held> <urn:umc> "
    "OPTIONAL { ?s <urn:count> ?n } } }",
    "optional with a filter": "SELECT * { ?s <urn:title> ?t OPTIONAL "
    "{ SERVICE <PEER> { ?s <urn:held> ?h } FILTER(?t = 'two') } }",
    "union": "SELECT * { { ?s <urn:title> ?t } UNION { SERVICE <PEER> { ?s <urn:count> ?n } } }",
    "minus": "SELECT * { ?s <urn:title> ?t MINUS { SERVICE <PEER> { ?s <urn:count> ?n } } }",
    "exists": "SELECT * { ?s <urn:title> ?t FILTER EXISTS "
    "{ SERVICE <PEER> { ?s <urn:held> <urn:ncc> } } }",
    "not exists": "SELECT * { ?s <urn:title> ?t FILTER NOT EXISTS "
    "{ SERVICE <PEER> { ?s <urn:held> <urn:ncc> } } }",
    "a sub-select": "SELECT * { { SELECT ?s (COUNT(?h) AS ?n) { SERVICE <PEER> "
    "{ ?s <urn:held> ?h } } GROUP BY ?s } ?s <urn:title> ?t }",
    "a sub-select inside": "SELECT * { ?s <urn:title> ?t SERVICE <PEER> "
    "{ SELECT ?s (COUNT(?h) AS ?n) { ?s <urn:held> ?h } GROUP BY ?s } }",
    "a bind after": "SELECT * { SERVICE <PEER> { ?s <urn:count> ?n } BIND(?n + 1 AS ?m) }",
    "a bind inside": "SELECT * { SERVICE <PEER> { ?s <urn:count> ?n BIND(?n + 1 AS ?m) } }",
    "a filter outside": "SELECT * { SERVICE <PEER> { ?s <urn:count> ?n } FILTER(?n > 100) }",
    "a filter inside": "SELECT * { SERVICE <PEER> { ?s <urn:count> ?n FILTER(?n > 1) } }",
    "values inside": "SELECT * { SERVICE <PEER> { VALUES ?s { <urn:b> } ?s <urn:held> ?h } }",
    "values at the end": "SELECT * { SERVICE <PEER> { ?s <urn:held> ?h } } VALUES ?s { <urn:b> }",
    "two parts": "SELECT * { SERVICE <PEER> { ?s <urn:held> <urn:umc> } "
    "SERVICE <PEER> { ?s <urn:held> <urn:ncc> } }",
    "a product": "SELECT * { ?s <urn:title> ?t . SERVICE <PEER> { ?x <urn:count> ?n } . }",
    "how often": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o SERVICE <PEER> { ?s <urn:held> ?h } }",
    "distinct": "SELECT DISTINCT ?s { SERVICE <PEER> { ?s <urn:held> ?h FILTER isIRI(?h) } }",
    "an order": "SELECT ?n { SERVICE <PEER> { ?s <urn:count> ?n } } ORDER BY ?n LIMIT 1",
    "languages": "SELECT ?o { SERVICE <PEER> { ?s <urn:said> ?o FILTER(LANG(?o) = 'nl') } }",
    "no solution": "SELECT * { ?s <urn:title> ?t SERVICE <PEER> { ?s <urn:never> ?h } }",
    "silent and down": "SELECT * { ?s <urn:title> ?t SERVICE SILENT <DOWN> { ?s <urn:held> ?h } }",
    "silent and up": "SELECT * { ?s <urn:title> ?t SERVICE SILENT <PEER> { ?s <urn:held> ?h } }",
    "silent in optional": "SELECT * { ?s <urn:title> ?t OPTIONAL "
    "{ SERVICE SILENT <DOWN> { ?s <urn:held> ?h } } }",
    "a path": "SELECT ?s { SERVICE <PEER> { ?s <urn:held>/<urn:name> ?n } }",
}


@pytest.fixture(scope="module")
def engine_with_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(tmp_path_factory.mktemp("with-service")) as root:
        put(f"{root}/store?default", OURS.decode())
        yield f"{root}/query"


@pytest.fixture
def asked(engine: Any, good: str) -> FederatedStore:
    return store(engine, good, DOWN)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_our_answer_is_that_of_an_engine_with_service(
    asked: FederatedStore, good: str, engine_with_service: str, query: str
) -> None:
    query = query.replace("PEER", good).replace("DOWN", DOWN)
    found = requests.post(
        engine_with_service, data={"query": query}, headers={"Accept": RESULTS}, timeout=60
    )
    found.raise_for_status()
    expected = [
        {name: term["value"] for name, term in row.items()}
        for row in found.json()["results"]["bindings"]
    ]
    assert rows(asked, query) == sorted(expected, key=repr)
