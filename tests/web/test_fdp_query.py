"""The search by pattern of the reference software, on a store that refuses what ours refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
from web import townhall

from catalogue.errors import QuerySyntax, QueryTimeout, StoreError
from catalogue.namespaces import DCAT, DCT, FOAF
from catalogue.store.base import Answer, HeldBack
from catalogue.store.guard import inspect
from catalogue.web import fdp_query
from catalogue.web.fdp_query import MOST, TEMPLATE

DCAT_PREFIX = f"PREFIX dcat: <{DCAT}>"
TURTLE = f"""@prefix dcat: <{DCAT}> . @prefix dct: <http://purl.org/dc/terms/> .
<urn:b> a dcat:Dataset ; dct:title "Quolls"@en, "Buidelmarters"@nl ; dct:description "Wild."@en .
<urn:a> a dcat:Dataset, <urn:Thing> ; dct:title "Bilbies" .
<urn:c> a dcat:Catalog ; dct:title "A list"@en ; dcat:dataset <urn:a> .
[] a dcat:Dataset ; dct:title "Nameless" .
<urn:d> a <{FOAF}Agent> .
"""


class GuardedStore:
    """Some triples in this process, behind the guard of the public endpoint."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self.store.load(TURTLE.encode(), format=ox.RdfFormat.TURTLE)
        self.asked: list[str] = []
        self.fails: StoreError | None = None

    def query(self, query: str, **_options: Any) -> Answer:
        self.asked.append(inspect(query).text)
        if self.fails:
            raise self.fails
        try:
            found: Any = self.store.query(self.asked[-1])
        except SyntaxError as error:
            raise QuerySyntax("line 9, column 1: it does not parse") from error
        body = found.serialize(format=ox.QueryResultsFormat.JSON)
        return Answer("application/sparql-results+json", "select", HeldBack.whole(body))

    def state(self) -> str:
        return ""


@pytest.fixture
def store() -> GuardedStore:
    return GuardedStore()


@pytest.fixture
def client(store: GuardedStore) -> Any:
    given: Any = store
    parts = replace(townhall.services(), store=given)
    return townhall.application(parts).test_client()


def sent(client: Any, pattern: object, prefixes: object = "", ordering: object = "") -> Any:
    said = {"prefixes": prefixes, "graphPattern": pattern, "ordering": ordering}
    return client.post("/search/query", json=said)


def found(client: Any, *pieces: object) -> Any:
    answer = sent(client, *pieces)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_saved_query_of_the_reference_software_is_answered(client: Any) -> None:
    first, second = found(client, "?entity rdf:type dcat:Dataset .", DCAT_PREFIX, "ASC(?title)")
    assert first == {
        "uri": "urn:a",
        "types": [DCAT + "Dataset", "urn:Thing"],
        "title": "Bilbies",
        "description": "",
        "relations": [],
    }
    assert (second["uri"], second["title"], second["description"]) == ("urn:b", "Quolls", "Wild.")


def test_the_order_is_the_one_that_is_asked(client: Any) -> None:
    for ordering, expected in (
        ("", ["urn:c", "urn:a", "urn:b"]),
        ("DESC(?title)", ["urn:b", "urn:a", "urn:c"]),
        ("DESC(?entity) # whatever", ["urn:c", "urn:b", "urn:a"]),
    ):
        assert [each["uri"] for each in found(client, "?entity ?p ?o", "", ordering)] == expected


def test_the_pattern_may_have_groups_filters_and_a_comment(client: Any) -> None:
    pattern = "{ ?entity a <urn:Thing> } UNION { ?entity dct:title ?t FILTER(?t = 'x)') } # done"
    assert [each["uri"] for each in found(client, pattern)] == ["urn:a"]


def test_what_has_no_address_or_no_title_is_not_found(client: Any) -> None:
    assert "Nameless" not in [each["title"] for each in found(client, "?entity ?p ?o")]
    assert found(client, f"?entity a <{FOAF}Agent>") == []


def test_no_more_than_fifty_are_told_by_pattern(client: Any, store: GuardedStore) -> None:
    named = "".join(f'<urn:n{n}> a <urn:N> ; <{DCT}title> "N" . ' for n in range(60))
    store.store.load(named.encode(), format=ox.RdfFormat.TURTLE)
    assert len(found(client, "?entity a <urn:N>")) == MOST


def test_the_query_can_be_read_before_it_is_asked(client: Any, store: GuardedStore) -> None:
    said = client.get("/search/query").json
    assert said == {"template": TEMPLATE}
    found(client, "?entity a <urn:Thing>", DCAT_PREFIX, "?title")
    pieces = (("prefixes", DCAT_PREFIX), ("graphPattern", "?entity a <urn:Thing>"))
    for name, text in (*pieces, ("ordering", "?title")):
        said["template"] = said["template"].replace(f"{{{{{name}}}}}", f"{text}\n")
    assert store.asked == [said["template"]]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '"x"', '{"graphPattern": " "}', '{"graphPattern": 7}',
     '{"graphPattern": "?entity ?p ?o", "ordering": []}', "[" * 2000],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(client: Any, store: GuardedStore, body: str) -> None:
    answer = client.post("/search/query", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert store.asked == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("graphPattern", "?entity ?p ?o } UNION { ?entity ?q ?r"),
        ("graphPattern", "?entity ?p ?o } LIMIT 100000 #"),
        ("graphPattern", r"?entity ?p ?o \u007D LIMIT 100000 #"),
        ("graphPattern", "?entity ?p 'open"),
        ("graphPattern", "( ?entity ]"),
        ("ordering", "?title } #"),
        ("prefixes", "SELECT * {"),
    ],
)
def test_a_piece_stays_in_its_place(client: Any, store: GuardedStore, name: str, text: str) -> None:
    answer = client.post("/search/query", json={"graphPattern": "?entity ?p ?o", name: text})
    assert answer.status_code == 400
    assert answer.json["detail"].startswith(f"{name}: ")
    assert store.asked == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ordering", "?title LIMIT 100000"),
        ("ordering", ""),
        ("prefixes", "SELECT * { ?s ?p ?o }"),
        ("prefixes", "{{graphPattern}}"),
        ("graphPattern", "no pattern"),
    ],
)
def test_what_makes_no_query_is_told_to_be_none(client: Any, name: str, text: str) -> None:
    said = {"graphPattern": "?entity ?p", name: text}
    answer = client.post("/search/query", json=said)
    assert answer.status_code == 400
    assert "GET /search/query" in answer.json["detail"]


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <http://127.0.0.1/sparql> { ?entity ?p ?o }",
        "ser\\u0076ice <urn:x> { }",
        "?entity ?p ?o . { INSERT DATA { } }",
    ],
)
def test_the_guard_of_the_endpoint_stands_here_too(client: Any, pattern: str) -> None:
    answer = sent(client, pattern)
    assert answer.status_code == 403
    assert "not available" in answer.json["detail"]


def test_a_limit_has_its_true_status(client: Any, store: GuardedStore) -> None:
    store.fails = QueryTimeout("the query was not finished within 10 seconds")
    answer = sent(client, "?entity ?p ?o")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_an_answer_that_is_too_long_is_not_kept_in_memory(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fdp_query, "MOST_ANSWER", 10)
    assert sent(client, "?entity ?p ?o").status_code == 413


def test_a_body_that_is_too_long_is_not_read(client: Any) -> None:
    said = json.dumps({"graphPattern": "?entity ?p ?o" + " " * 20_000})
    answer = client.post("/search/query", data=said, content_type="application/json")
    assert answer.status_code == 413


def test_a_person_with_a_browser_gets_a_page_in_their_language(client: Any) -> None:
    said = {"graphPattern": "?entity ]"}
    for language, title in (("nl", "Deze vraag"), ("en", "This question")):
        headers = {"Accept": "text/html", "Accept-Language": language}
        answer = client.post("/search/query", json=said, headers=headers)
        assert answer.status_code == 400
        assert title in answer.text
