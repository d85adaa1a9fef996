"""The short way to an answer gives what the long way gives."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from web import townhall

from catalogue.errors import QuerySyntax
from catalogue.web import limits, turns

QUERY = "SELECT * { ?s ?p ?o }"
LONG_WAY = {"nothing": "said"}
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


@pytest.mark.parametrize("accept", ["*/*", "text/html, */*;q=0.5", "text/csv"])
@pytest.mark.parametrize("form", ["", "json", "csv", "srx", "unheard-of"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_both_ways_read_a_request_alike(client: Any, method: str, form: str, accept: str) -> None:
    """As libraries send it: with the form of the answer in three parameters, or as a form."""
    said = {"query": QUERY, "format": form, "output": form, "results": form}
    where = {"GET": "query_string", "POST": "data"}[method]
    for _ in ("asked", "kept"):
        short, long = (
            client.open("/sparql", method=method, headers={"Accept": accept}, **{where: each})
            for each in (said, said | LONG_WAY)
        )
        assert (short.status_code, short.data) == (long.status_code, long.data)
        assert sorted(short.headers) == sorted(long.headers)


def test_a_form_that_the_short_way_cannot_answer_is_read_again(client: Any, parts: Any) -> None:
    parts.store.fails = QuerySyntax("line 1, column 2: no")
    found = client.post("/sparql", data={"query": QUERY})
    assert found.status_code == 400
    assert "line 1, column 2" in found.json["detail"]


@pytest.mark.parametrize(
    "body", ["query=ASK%20%7B%7D&query=ASK%20%7B%7D", "query=%FF", "query=", "update=x", ""]
)
def test_a_form_that_asks_nothing_clear_is_refused(client: Any, body: str) -> None:
    found = client.post("/sparql", data=body, content_type="application/x-www-form-urlencoded")
    assert found.status_code in (400, 403)


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


def test_what_goes_the_long_way_takes_turns(parts: Any) -> None:
    """At most so many at once, and one that waits for a seat lets others go on."""
    app = townhall.application(parts)
    held = [limits.of(app).turns.take() for _ in range(turns.MOST)]
    answers: list[int] = []

    def ask() -> None:
        answers.append(get(app.test_client(), LONG_WAY).status_code)

    waiting = threading.Thread(target=ask)
    waiting.start()
    assert get(app.test_client()).status_code == 200
    assert answers == []
    held[0].leave()
    waiting.join(30)
    assert answers == [200]
