"""What is expected is fetched beforehand, and changes no answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from misbehaving import Misbehaving, answering, silent

from catalogue.errors import FetchFailed, NotRdf
from catalogue.ingest.http import Session
from catalogue.ingest.http_ahead import Ahead
from catalogue.ingest.http_hosts import Hosts
from catalogue.rdf.graph import Graph


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
    with Session(
        NoParser(),
        connect_to={"fdp.example": server.place},
        polite=Hosts(at_once=2),
        retries=0,
    ) as session:
        yield session


def url(name: object) -> str:
    return f"http://fdp.example/{name}"


class Slow:
    """Answers when it is let go; says when it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.arrived = threading.Semaphore(0)
        self.leave = threading.Event()

    def __call__(self, question: int) -> str:
        self.asked.append(question)
        self.arrived.release()
        self.leave.wait(20)
        return f"answer {question}"

    def wait_for(self, number: int) -> None:
        for _ in range(number):
            assert self.arrived.acquire(timeout=20)


def test_every_expected_address_is_asked_for_once_and_gives_its_own_answer(
    server: Misbehaving, web: Session
) -> None:
    for number in range(20):
        server.answer(f"/{number}", str(number))
    web.expect(url(number) for number in range(20))
    assert [web.get(url(number)).content for number in range(20)] == [
        str(number).encode() for number in range(20)
    ]
    assert sorted(server.paths) == sorted(f"/{number}" for number in range(20))


def test_an_address_that_fails_fails_when_it_is_asked_for(
    server: Misbehaving, web: Session
) -> None:
    server.answer("/a", "a")
    server.answer("/page", "<html>", media_type="text/html")
    web.expect([url("page"), url("gone"), url("a")])
    with pytest.raises(NotRdf):
        web.get(url("page"))
    with pytest.raises(FetchFailed, match="status 404"):
        web.get(url("gone"))
    assert web.get(url("a")).content == b"a"


def test_addresses_may_be_asked_for_in_another_order(server: Misbehaving, web: Session) -> None:
    for name in "abcdefghij":
        server.answer(f"/{name}", name)
    web.expect(url(name) for name in "abcdefghij")
    for name in "jbaihgfedc":
        assert web.get(url(name)).content == name.encode()
    assert len(server.paths) == 10


def test_an_address_is_asked_for_again_the_second_time(server: Misbehaving, web: Session) -> None:
    server.behave("/a", answering("one"), answering("two"))
    web.expect([url("a")])
    assert [web.get(url("a")).content for _ in range(2)] == [b"one", b"two"]


def test_what_was_expected_as_rdf_is_no_answer_to_another_question(
    server: Misbehaving, web: Session
) -> None:
    server.answer("/a", "<html>", media_type="text/html")
    web.expect([url("a")])
    assert web.get(url("a"), accept="text/html", pages=True).content == b"<html>"


def test_web_pages_can_be_expected_too(server: Misbehaving, web: Session) -> None:
    server.answer("/a", "<html>", media_type="text/html")
    web.expect([url("a")], accept="text/html", pages=True)
    assert web.get(url("a"), accept="text/html", pages=True).content == b"<html>"
    assert server.paths == ["/a"]


def test_a_session_that_ends_leaves_no_request_behind(server: Misbehaving) -> None:
    server.behave("/a", silent)
    before = threading.active_count()
    with Session(NoParser(), connect_to={"fdp.example": server.place}, seconds=3600) as web:
        web.expect([url("a")])
        while not server.seen:
            threading.Event().wait(0.01)
    for thread in threading.enumerate():
        if thread.name == "ahead of asking":
            thread.join(20)
    assert threading.active_count() <= before + 1  # the server's own, which is still silent


def test_no_more_than_twice_as_many_answers_wait_as_there_are_threads() -> None:
    slow = Slow()
    slow.leave.set()
    ahead: Ahead[int, str] = Ahead(slow, at_once=2)
    ahead.expect(range(1, 100))
    slow.wait_for(4)
    assert not slow.arrived.acquire(timeout=0.1)
    taken = ahead.take(1)
    assert taken is not None
    assert taken() == "answer 1"
    slow.wait_for(1)
    assert sorted(slow.asked) == [1, 2, 3, 4, 5]
    ahead.close()


def test_a_new_plan_replaces_what_was_not_begun_and_drops_what_nobody_wants() -> None:
    slow = Slow()
    ahead: Ahead[int, str] = Ahead(slow, at_once=1)
    ahead.expect([1, 2, 3])
    slow.wait_for(1)
    ahead.expect([7])
    slow.leave.set()
    taken: Any = None
    slow.wait_for(1)
    taken = ahead.take(7)
    assert taken() == "answer 7"
    assert slow.asked == [1, 7]
    assert ahead.take(1) is None
    ahead.close()


def test_a_mistake_of_our_own_is_raised_where_the_answer_is_used() -> None:
    def mistaken(_question: int) -> str:
        raise ZeroDivisionError

    ahead: Ahead[int, str] = Ahead(mistaken, at_once=1)
    ahead.expect([1])
    taken = None
    while taken is None:
        taken = ahead.take(1)
        ahead.expect([1])
    with pytest.raises(ZeroDivisionError):
        taken()
    ahead.close()
