"""The SPARQL protocol over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from web import townhall

from catalogue.errors import (
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    StoreUnavailable,
)

SELECT = "SELECT * { ?s ?p ?o }"


@pytest.fixture
def parts() -> Any:
    return townhall.services()


@pytest.fixture
def client(parts: Any) -> Any:
    return townhall.application(parts).test_client()


def test_a_query_may_come_in_three_ways(client: Any, parts: Any) -> None:
    answers = [
        client.get("/sparql", query_string={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", data=SELECT, content_type="application/sparql-query"),
    ]
    assert [each.data for each in answers] == [b"first,second"] * 3
    assert [query for query, _ in parts.store.asked] == [SELECT] * 3


def test_graphs_named_outside_the_query_are_passed_on(client: Any, parts: Any) -> None:
    pairs = [
        ("query", SELECT),
        ("default-graph-uri", "urn:a"),
        ("default-graph-uri", "urn:b"),
        ("named-graph-uri", "urn:c"),
    ]
    client.get("/sparql", query_string=pairs)
    asked = parts.store.asked[0][1]
    assert asked["default_graphs"] == ("urn:a", "urn:b")
    assert asked["named_graphs"] == ("urn:c",)


def test_extra_parameters_of_clients_are_tolerated(client: Any) -> None:
    extra = {"query": SELECT, "format": "json", "output": "json", "results": "json"}
    assert client.get("/sparql", query_string=extra).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"method": "POST", "data": {"update": "CLEAR ALL"}},
        {"method": "GET", "query_string": {"update": "CLEAR ALL"}},
        {"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"},
    ],
)
def test_updates_are_refused_before_the_store_sees_them(client: Any, parts: Any, sent: Any) -> None:
    response = client.open("/sparql", **sent)
    assert response.status_code == 403
    assert parts.store.asked == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QuerySyntax("line 1"), 400),
        (QueryRefused("SERVICE is not available"), 403),
        (QueryTimeout("10 s have passed"), 503),
        (QueryTooLarge("the answer is larger than 64 MB"), 413),
        (StoreUnavailable("busy"), 503),
    ],
)
def test_a_failure_has_its_own_status_and_a_reason(
    client: Any, parts: Any, error: Exception, status: int
) -> None:
    parts.store.fails = error
    response = client.get("/sparql", query_string={"query": SELECT})
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.json["detail"] == str(error)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert ("Retry-After" in response.headers) is (status == 503)


def test_a_late_failure_is_an_error_and_never_a_cut_answer(client: Any, parts: Any) -> None:
    parts.store.breaks = QueryTimeout("10 s have passed")
    response = client.get("/sparql", query_string={"query": SELECT})
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"


def test_a_whole_answer_has_its_length(client: Any) -> None:
    response = client.get("/sparql", query_string={"query": SELECT})
    assert response.data == b"first,second"
    assert response.content_length == len(b"first,second")


@pytest.mark.parametrize(
    "options",
    [
        {"query_string": {"query": SELECT}, "data": {"query": SELECT}},
        {"data": b"SELECT '\xff'", "content_type": "application/sparql-query"},
        {"data": {"query": SELECT, "default-graph-uri": "not an iri"}},
    ],
    ids=["the query twice", "not UTF-8", "a graph that is no IRI"],
)
def test_a_malformed_request_is_told_so(client: Any, options: Any) -> None:
    assert client.post("/sparql", **options).status_code == 400


def test_csv_is_offered_as_a_file(client: Any) -> None:
    response = client.get("/sparql", query_string={"query": SELECT}, headers={"Accept": "text/csv"})
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("accept", "name"), [("text/csv", "csv"), ("*/*", "srj")])
def test_an_answer_of_any_form_is_a_file_for_who_asks_for_one(
    client: Any, accept: str, name: str
) -> None:
    asked = {"query": SELECT, "download": "yes"}
    answer = client.get("/sparql", query_string=asked, headers={"Accept": accept})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="answer.{name}"'


def test_an_answer_is_no_file_for_a_program(client: Any) -> None:
    answer = client.get("/sparql", query_string={"query": SELECT})
    assert "Content-Disposition" not in answer.headers
    wrong = client.get("/sparql", query_string={"query": SELECT, "download": "1"})
    assert wrong.status_code == 400


def test_without_a_query_machines_get_a_small_description(client: Any) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert "<https://catalogue.example/sparql>" in response.text
    assert response.text.count("endpoint") == 1
    assert len(response.text.splitlines()) < 50


def test_without_a_query_people_get_a_form(client: Any) -> None:
    response = client.get("/sparql", headers={"Accept": "text/html"})
    assert '<textarea class="input query" id="query"' in response.text


def test_a_preflight_is_answered(client: Any) -> None:
    response = client.options("/sparql")
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"q": "x"}}, 400),
        ({"data": "{}", "content_type": "application/json"}, 415),
        ({"data": [("query", SELECT), ("query", SELECT)]}, 400),
    ],
)
def test_what_is_no_query_is_refused(client: Any, sent: Any, status: int) -> None:
    if isinstance(sent["data"], list):
        sent = {"query_string": sent["data"], "method": "GET"}
    assert client.open("/sparql", **({"method": "POST"} | sent)).status_code == status
