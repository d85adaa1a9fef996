"""Two catalogues, each started as an operator would, of which one may ask the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from misbehaving import Misbehaving, silent
from served import Served, free_port, serving

from catalogue.cli import catalogue

pytestmark = pytest.mark.slow

HERS = "<urn:a> <urn:held> <urn:umc> <urn:g> .\n<urn:b> <urn:held> <urn:umc> <urn:g> .\n"
OURS = '<urn:a> <urn:title> "one" <urn:g> .\n<urn:c> <urn:title> "three" <urn:g> .\n'
WORD = {"CATALOGUE_WORKERS": "1", "CATALOGUE_ALLOWED_HOSTS": "127.0.0.1"}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served, str, str]]:
    """Ours, hers, and the addresses of a peer that does not run and one that says nothing."""
    folder = tmp_path_factory.mktemp("both")
    (folder / "hers.nq").write_text(HERS)
    (folder / "ours.nq").write_text(OURS)
    down = f"http://127.0.0.1:{free_port()}/sparql"
    with ExitStack() as stack:
        still = stack.enter_context(Misbehaving())
        still.behave("/sparql", silent)
        hers = stack.enter_context(serving("serve", "--data", str(folder / "hers.nq"), **WORD))
        peers = f"her={hers.base}/sparql down={down} still={still.url('/sparql')}"
        words = {**WORD, "CATALOGUE_PEERS": peers}
        ours = stack.enter_context(serving("serve", "--data", str(folder / "ours.nq"), **words))
        yield ours, hers, down, still.url("/sparql")


def ask(served: Served, query: str, method: str = "GET") -> requests.Response:
    accept = {"Accept": "text/csv"}
    if method == "GET":
        return served.get("/sparql", "text/csv", params={"query": query})
    return requests.post(f"{served.base}/sparql", data={"query": query}, headers=accept, timeout=60)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_one_catalogue_asks_another(both: Any, method: str) -> None:
    ours, hers, *_ = both
    query = f"SELECT ?t {{ ?s <urn:title> ?t SERVICE <{hers.base}/sparql> {{ ?s <urn:held> ?h }} }}"
    found = ask(ours, query, method)
    assert (found.status_code, found.text) == (200, "t\r\none\r\n")
    assert "ETag" not in found.headers


def test_a_peer_that_does_not_run_is_named(both: Any) -> None:
    ours, _, down, _ = both
    found = ask(ours, f"SELECT ?t {{ ?s <urn:title> ?t SERVICE <{down}> {{ ?s ?p 1 }} }}")
    assert found.status_code == 502
    assert f"down <{down}>" in found.json()["detail"]
    silent = ask(ours, f"SELECT ?t {{ ?s <urn:title> ?t SERVICE SILENT <{down}> {{ ?s ?p 1 }} }}")
    assert sorted(silent.text.split()) == ["one", "t", "three"]


def test_nobody_else_hears_of_it(both: Any) -> None:
    ours, hers, *_ = both
    with Misbehaving() as stranger:
        found = ask(ours, f"ASK {{ SERVICE <{stranger.url('/sparql')}> {{ ?s ?p ?o }} }}")
        assert found.status_code == 403
        assert (
            ask(hers, f"ASK {{ SERVICE <{ours.base}/sparql> {{ ?s ?p ?o }} }}").status_code == 403
        )
        assert stranger.seen == []


def test_a_catalogue_may_be_its_own_peer_but_asks_nobody_through_it(both: Any) -> None:
    ours, hers, *_ = both
    inner = f"SERVICE <{hers.base}/sparql> {{ ?s ?p ?o }}"
    found = ask(ours, f"ASK {{ SERVICE <{hers.base}/sparql> {{ {inner} }} }}")
    assert found.status_code == 403
    assert "a SERVICE inside a SERVICE" in found.json()["detail"]


def test_a_peer_that_says_nothing_keeps_nobody_else_waiting(both: Any) -> None:
    ours, *_, still = both
    slow = f"SELECT * {{ SERVICE <{still}> {{ ?s ?p ?o }} }}"
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(ask, ours, slow, "POST") for _ in range(8)]
        others = [ask(ours, f"SELECT * {{ ?s ?p '{word}' }}") for word in range(20)]
        assert {each.status_code for each in others} == {200}
        found = [each.result() for each in waiting]
    statuses = {each.status_code for each in found}
    assert 504 in statuses
    assert statuses <= {429, 503, 504}


def test_a_mistake_in_the_list_is_told_at_the_start() -> None:
    word = {"CATALOGUE_PEERS": "https://umc.example/sparql"}
    done = CliRunner().invoke(catalogue, ["serve"], env=word)
    assert "CATALOGUE_PEERS" in str(done.exception)
    assert "name=https://" in str(done.exception)
