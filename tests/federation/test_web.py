"""The endpoint of the website, when an operator has listed peers."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from federation.neighbours import RESULTS, SITE, results, store
from misbehaving import answering, silent
from web import townhall

from catalogue.federation.asking import MOST_ROWS
from catalogue.web import create_app

PROBLEM = "application/problem+json"
TAG = 'W/"0123456789abcdef"'


@pytest.fixture
def client(engine: Any, odd: Any) -> Any:
    return site(engine, odd).test_client()


def site(engine: Any, odd: Any, *, patience: float = 15, **stated: Any) -> Any:
    url = odd.url("/sparql")
    services = replace(townhall.services(), store=store(engine, url, seconds=patience))
    return create_app(services, townhall.settings(peers=(f"p0={url}",), base_url=SITE, **stated))


def ask(client: Any, url: str, pattern: str = "{ ?s ?p ?o }", **headers: str) -> Any:
    query = f"SELECT ?s ?t {{ ?s <urn:title> ?t SERVICE <{url}> {pattern} }}"
    return client.get("/sparql", query_string={"query": query}, headers=headers)


def test_a_peer_is_asked_for_whoever_asks_us(client: Any, odd: Any) -> None:
    found = ask(client, odd.url("/sparql"), Accept="text/csv")
    assert (found.status_code, found.text) == (200, "s,t\r\nurn:a,one\r\n")
    assert found.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_for_people_asks_peers_too(client: Any, odd: Any, language: str) -> None:
    query = f"SELECT ?s ?t {{ ?s <urn:title> ?t SERVICE <{odd.url('/sparql')}> {{ ?s ?p ?o }} }}"
    person = {"Accept": "text/html"}
    page = client.get(f"/{language}/query", query_string={"query": query}, headers=person)
    assert page.status_code == 200
    assert "<td>one" in page.text.replace("\n", "")
    odd.answer("/sparql", b"", status=500)
    page = client.get(f"/{language}/query", query_string={"query": query}, headers=person)
    assert page.status_code == 502
    assert "answered with status 500" in page.text


def test_its_answer_is_never_kept(client: Any, odd: Any) -> None:
    for _ in range(2):
        found = ask(client, odd.url("/sparql"), If_None_Match=TAG)
        assert found.status_code == 200
        assert found.headers["Cache-Control"] == "no-store"
        assert "ETag" not in found.headers
    assert len(odd.seen) == 2


def test_nothing_of_whoever_asks_goes_along(client: Any, odd: Any) -> None:
    headers = {"Cookie": "session=mine", "X-Forwarded-For": "9.9.9.9", "User-Agent": "mine/1"}
    query = f"SELECT ?s {{ SERVICE <{odd.url('/sparql')}> {{ ?s ?p 5 }} }}"
    assert client.post("/sparql", data={"query": query}, headers=headers).status_code == 200
    [seen] = odd.seen
    assert "mine" not in str(seen.headers)
    assert "9.9.9.9" not in str(seen.headers)


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (answering("", status=500), 502),
        (answering("<p>hello", media_type="text/html"), 502),
        (answering("", status=504), 504),
        (answering(results(["s"], [{}] * (MOST_ROWS + 1)), media_type=RESULTS), 413),
    ],
)
def test_a_failure_of_a_peer_has_a_status_of_its_own(
    client: Any, odd: Any, behaviour: Any, status: int
) -> None:
    odd.behave("/sparql", behaviour)
    found = ask(client, odd.url("/sparql"))
    assert (found.status_code, found.mimetype) == (status, PROBLEM)
    assert found.json["status"] == status
    assert f"p0 <{odd.url('/sparql')}>" in found.json["detail"]


def test_a_peer_that_says_nothing_is_a_time_out_of_a_gateway(engine: Any, odd: Any) -> None:
    odd.behave("/sparql", silent)
    found = ask(site(engine, odd, patience=0.3).test_client(), odd.url("/sparql"))
    assert (found.status_code, found.mimetype) == (504, PROBLEM)
    assert "did not answer in time" in found.json["detail"]


def test_who_is_not_on_the_list_is_refused(client: Any, odd: Any, stranger: Any) -> None:
    found = ask(client, stranger.url("/sparql"))
    assert (found.status_code, found.mimetype) == (403, PROBLEM)
    assert f"only asks p0 <{odd.url('/sparql')}>" in found.json["detail"]
    assert stranger.seen == []


def test_without_a_list_nobody_is_asked(engine: Any, odd: Any) -> None:
    services = replace(townhall.services(), store=engine.store())
    client = create_app(services, townhall.settings()).test_client()
    found = ask(client, odd.url("/sparql"))
    assert found.status_code == 403
    assert "only reads its own data" in found.json["detail"]
    assert odd.seen == []


def test_a_query_to_a_peer_takes_a_seat(engine: Any, odd: Any) -> None:
    """While one waits for its peer, another of the same client must wait for the seat."""
    asked, answer = threading.Event(), threading.Event()

    def waiting(handler: Any) -> None:
        asked.set()
        answer.wait(20)
        answering(results(["s"], []), media_type=RESULTS)(handler)

    odd.behave("/sparql", waiting)
    app = site(engine, odd, query_each=1, query_children=4, threads=8)
    found: list[Any] = []
    first = threading.Thread(
        target=lambda: found.append(ask(app.test_client(), odd.url("/sparql")).status_code)
    )
    first.start()
    assert asked.wait(20)
    second = ask(app.test_client(), odd.url("/sparql"))
    answer.set()
    first.join()
    assert second.status_code == 429
    assert int(second.headers["Retry-After"]) > 0
    assert len(odd.seen) == 1


@pytest.mark.parametrize("listed", [True, False])
def test_the_description_says_so_only_when_it_is_so(listed: bool) -> None:
    stated = {"peers": ("umc=https://umc.example/sparql",)} if listed else {}
    client = create_app(townhall.services(), townhall.settings(**stated)).test_client()
    said = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
    assert ("sparql-service-description#BasicFederatedQuery" in said) is listed
