"""The short way to an answer gives what the long way gives."""

from __future__ import annotations

from typing import Any

import pytest
from web import townhall

from catalogue.errors import QuerySyntax

QUERY = "SELECT * { ?s ?p ?o }"
LONG_WAY = {"output": "json"}
"""A parameter that means nothing, and that the short way does not know."""


@pytest.fixture
def parts() -> Any:
    parts = townhall.services()
    parts.store.content = "as it is now"
    return parts


@pytest.fixture
def client(parts: Any) -> Any:
    return townhall.application(parts).test_client()


def get(client: Any, more: Any = (), **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", query_string={"query": QUERY, **dict(more)}, headers=named)


@pytest.mark.parametrize("accept", ["*/*", "text/csv", "application/sparql-results+json"])
def test_both_ways_say_the_same_in_every_header(client: Any, accept: str) -> None:
    for _ in ("asked", "kept"):
        short, long = get(client, Accept=accept), get(client, LONG_WAY, Accept=accept)
        assert short.data == long.data
        assert sorted(short.headers) == sorted(long.headers)


def test_both_ways_know_what_the_client_has(client: Any, parts: Any) -> None:
    tag = get(client).headers["ETag"]
    asked = len(parts.store.asked)
    for more in ({}, LONG_WAY):
        found = get(client, more, If_None_Match=tag)
        assert (found.status_code, found.data, found.headers["ETag"]) == (304, b"", tag)
    assert len(parts.store.asked) == asked


def test_an_answer_is_given_again_until_the_content_changes(client: Any, parts: Any) -> None:
    first = get(client).headers["ETag"]
    get(client)
    assert len(parts.store.asked) == 1
    parts.store.content = "changed"
    assert get(client).headers["ETag"] != first
    assert len(parts.store.asked) == 2


def test_an_error_has_its_page_either_way(client: Any, parts: Any) -> None:
    parts.store.fails = QuerySyntax("line 1, column 2: no")
    short, long = get(client), get(client, LONG_WAY)
    assert short.status_code == long.status_code == 400
    assert short.json == long.json


@pytest.mark.parametrize(
    "headers", [{"Cookie": "session=x"}, {"Authorization": "Bearer x"}, {"Host": "evil.example"}]
)
def test_an_unusual_request_takes_the_long_way(client: Any, parts: Any, headers: Any) -> None:
    found = get(client, **headers)
    assert (found.status_code == 200) is (bool(parts.store.asked))
    assert (
        found.status_code == {"Cookie": 200, "Authorization": 401, "Host": 400}[next(iter(headers))]
    )


def test_an_answer_that_may_differ_has_no_tag(client: Any, parts: Any) -> None:
    parts.store.content = ""
    found = get(client)
    assert "ETag" not in found.headers
    assert found.headers["Cache-Control"] == "no-store"
