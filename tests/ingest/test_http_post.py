"""A question with a body: guarded like any other, and never sent twice by our own choice."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from misbehaving import Misbehaving, answering, raw, redirecting, silent

from catalogue.errors import AddressRefused, FetchFailed, Forbidden, NotRdf
from catalogue.ingest.http import Session
from catalogue.rdf.graph import Graph

QUERY = b"SELECT * { ?s ?p ?o }"
TYPES = {"content_type": "application/sparql-query", "accept": "application/sparql-results+json"}


class NoParser:
    """Nothing is parsed here."""

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        raise AssertionError(url)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


@pytest.fixture
def web(server: Misbehaving) -> Iterator[Session]:
    places = dict.fromkeys(("sparql.example", "other.example"), server.place)
    with Session(NoParser(), connect_to=places, seconds=20, sleep=lambda _: None) as session:
        yield session


URL = "http://sparql.example/q"


def test_a_question_and_its_types_arrive_as_they_are(server: Misbehaving, web: Session) -> None:
    server.answer("/q", b"{}", media_type="application/sparql-results+json")
    document = web.post(URL, QUERY, **TYPES)
    [seen] = server.seen
    assert (seen.method, seen.body) == ("POST", QUERY)
    assert seen.headers["Content-Type"] == "application/sparql-query"
    assert seen.headers["Accept"] == "application/sparql-results+json"
    assert (document.url, document.content) == (URL, b"{}")
    assert document.media_type == "application/sparql-results+json"


def test_an_address_inside_is_refused(server: Misbehaving, web: Session) -> None:
    with pytest.raises(AddressRefused, match="non-public address"):
        web.post("http://127.0.0.1/q", QUERY, **TYPES)
    assert server.seen == []


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (answering(status=403), Forbidden),
        (answering(status=500), FetchFailed),
        (answering(status=400), FetchFailed),
        (answering("<html>", media_type="text/html"), NotRdf),
        (raw(b""), FetchFailed),
        (answering(status=502), FetchFailed),
        (answering(status=504), FetchFailed),
    ],
    ids=["forbidden", "in trouble", "no query", "a page", "a broken connection", "502", "504"],
)
def test_a_question_that_may_have_been_heard_is_asked_once(
    server: Misbehaving, web: Session, behaviour: object, reason: type
) -> None:
    server.behave("/q", behaviour)  # type: ignore[arg-type]
    with pytest.raises(reason):
        web.post(URL, QUERY, **TYPES)
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_has_no_time_is_asked_again(
    server: Misbehaving, web: Session, status: int
) -> None:
    server.behave("/q", answering(status=status), answering(b"{}"))
    assert web.post(URL, QUERY, **TYPES).content == b"{}"
    assert [request.body for request in server.seen] == [QUERY, QUERY]


def test_a_server_that_nobody_reached_is_asked_again(server: Misbehaving) -> None:
    refusals = [ConnectionRefusedError(111, "Connection refused")] * 2

    def dial(place: tuple[str, int], *, timeout: float) -> socket.socket:
        if refusals:
            raise refusals.pop()
        return socket.create_connection(place, timeout)

    server.answer("/q", b"{}")
    places = {"sparql.example": server.place}
    with Session(NoParser(), connect_to=places, dial=dial, sleep=lambda _: None) as web:
        assert web.post(URL, QUERY, **TYPES).content == b"{}"
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_that_says_to_repeat_it_is_followed_on_the_same_host(
    server: Misbehaving, web: Session, status: int
) -> None:
    server.behave("/q", redirecting("/new", status))
    server.answer("/new", b"{}")
    assert web.post(URL, QUERY, **TYPES).final_url == "http://sparql.example/new"
    assert [(request.method, request.body) for request in server.seen] == [("POST", QUERY)] * 2


@pytest.mark.parametrize("status", [301, 302, 303])
def test_any_other_redirect_is_no_answer(server: Misbehaving, web: Session, status: int) -> None:
    server.behave("/q", redirecting("/new", status))
    with pytest.raises(FetchFailed, match="answers a question by a redirect"):
        web.post(URL, QUERY, **TYPES)
    assert server.paths == ["/q"]


@pytest.mark.parametrize(
    "location", ["http://other.example/q", "http://sparql.example:8080/q", "http://127.0.0.1/q"]
)
def test_a_question_is_not_passed_on_to_another_host(
    server: Misbehaving, web: Session, location: str
) -> None:
    server.behave("/q", redirecting(location, 307))
    with pytest.raises(AddressRefused):
        web.post(URL, QUERY, **TYPES)
    assert server.paths == ["/q"]


def test_a_question_has_a_deadline_too(server: Misbehaving) -> None:
    server.behave("/q", silent)
    with (
        Session(NoParser(), connect_to={"sparql.example": server.place}, seconds=0.3) as web,
        pytest.raises(FetchFailed, match=r"timed out after 0\.3 s"),
    ):
        web.post(URL, QUERY, **TYPES)
    assert len(server.seen) <= 1


def test_a_question_goes_over_a_connection_that_nobody_used(
    server: Misbehaving, web: Session
) -> None:
    server.answer("/q", b"{}")
    web.get(URL)
    web.post(URL, QUERY, **TYPES)
    assert server.seen[0].connection is not server.seen[1].connection
