"""Few requests to one host at once, over all sessions, and none while it asks for peace."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from misbehaving import Misbehaving, answering

from catalogue.errors import FetchFailed
from catalogue.ingest.http import Session
from catalogue.ingest.http_connection import Deadline
from catalogue.ingest.http_hosts import LONGEST_PAUSE, Hosts, Pause
from catalogue.rdf.graph import Graph


class NoParser:
    """Nothing is parsed here."""

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        raise AssertionError(url)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds


class Crowd:
    """Counts the requests that a server deals with at the same moment, per host."""

    def __init__(self, size: int) -> None:
        self._lock = threading.Lock()
        self._gate = threading.Barrier(size)
        self.now: dict[str, int] = {}
        self.most: dict[str, int] = {}

    def __call__(self, handler: Any) -> None:
        host = handler.headers["Host"].partition(":")[0]
        with self._lock:
            self.now[host] = self.now.get(host, 0) + 1
            self.most[host] = max(self.most.get(host, 0), self.now[host])
        self._gate.wait(20)
        with self._lock:
            self.now[host] -= 1
        answering(b"x")(handler)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


def a_session(server: Misbehaving, hosts: Hosts, **options: Any) -> Session:
    names = ("one.example", "other.example")
    return Session(
        NoParser(), connect_to=dict.fromkeys(names, server.place), polite=hosts, **options
    )


def all_at_once(*calls: Any) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_row_67_a_host_gets_no_more_requests_at_once_than_agreed_over_all_sessions(
    server: Misbehaving,
) -> None:
    crowd, hosts = Crowd(3), Hosts(at_once=3)
    server.behave("/d", crowd)
    with a_session(server, hosts) as one, a_session(server, hosts) as two:
        calls = [lambda web=web: web.get("http://one.example/d") for web in (one, two) * 6]
        all_at_once(*calls)
    assert crowd.most == {"one.example": 3}
    assert len(server.seen) == 12


def test_another_host_has_turns_of_its_own(server: Misbehaving) -> None:
    crowd, hosts = Crowd(4), Hosts(at_once=2)
    server.behave("/d", crowd)
    with a_session(server, hosts) as web:
        names = ("one", "other") * 4
        all_at_once(*[lambda n=n: web.get(f"http://{n}.example/d") for n in names])
    assert crowd.most == {"one.example": 2, "other.example": 2}


def test_addresses_that_are_expected_are_fetched_within_the_same_limit(
    server: Misbehaving,
) -> None:
    crowd = Crowd(2)
    urls = [f"http://one.example/{number}" for number in range(6)]
    for number in range(6):
        server.behave(f"/{number}", crowd)
    with a_session(server, Hosts(at_once=2)) as web:
        web.expect(urls)
        assert [web.get(url).content for url in urls] == [b"x"] * 6
    assert crowd.most == {"one.example": 2}
    assert len(server.seen) == 6


def test_a_second_attempt_waits_for_its_turn_as_well(server: Misbehaving) -> None:
    hosts, clock = Hosts(at_once=1), Clock()
    taken: list[bool] = []

    def busy(handler: Any) -> None:
        deadline = Deadline(clock, 0)
        taken.append(not hosts.enter("one.example", deadline))
        answering(status=503)(handler)

    server.behave("/d", busy, busy, answering(b"x"))
    with a_session(server, hosts, sleep=clock.sleep) as web:
        assert web.get("http://one.example/d").content == b"x"
    assert taken == [True, True]


def test_a_turn_that_does_not_come_before_the_deadline_is_a_time_out(server: Misbehaving) -> None:
    hosts = Hosts(at_once=1)
    hosts.enter("one.example", Deadline(lambda: 0.0, 1))
    with (
        a_session(server, hosts, seconds=0.05) as web,
        pytest.raises(FetchFailed, match=r"timed out after 0\.05 s"),
    ):
        web.get("http://one.example/d")
    assert server.seen == []


@pytest.mark.parametrize("status", [429, 503])
def test_row_67_a_host_that_asks_to_come_back_later_is_left_alone_by_all_sessions(
    server: Misbehaving, status: int
) -> None:
    clock = Clock()
    hosts = Hosts(clock=clock)
    asks = answering(status=status, headers={"Retry-After": "7"})
    server.behave("/d", asks, answering(b"x"))
    server.answer("/e", b"y")
    options = {"clock": clock, "sleep": clock.sleep, "seconds": 20}
    with (
        a_session(server, hosts, retries=0, **options) as one,
        a_session(server, hosts, **options) as two,
    ):
        with pytest.raises(FetchFailed):
            one.get("http://one.example/d")
        two.get("http://other.example/e")
        assert clock.pauses == []
        assert two.get("http://one.example/e").content == b"y"
    assert clock.pauses == [7.0]


def test_nobody_waits_past_a_deadline_for_a_host_that_wants_to_be_left_alone(
    server: Misbehaving,
) -> None:
    clock = Clock()
    hosts = Hosts(clock=clock)
    hosts.close("one.example", Pause(600, 429))
    with (
        a_session(server, hosts, clock=clock, sleep=clock.sleep, seconds=20) as web,
        pytest.raises(FetchFailed, match=r"one\.example answered 429 .* 600 s more") as caught,
    ):
        web.get("http://one.example/d")
    assert (caught.value.status, clock.pauses, server.seen) == (429, [], [])


def test_a_host_that_asks_for_a_year_gets_an_hour() -> None:
    clock = Clock()
    hosts = Hosts(clock=clock)
    hosts.close("one.example", Pause(31_536_000, 503))
    assert hosts.pause("one.example") == Pause(LONGEST_PAUSE, 503)
    clock.sleep(LONGEST_PAUSE)
    assert hosts.pause("one.example") is None


def test_the_longest_wish_counts() -> None:
    hosts = Hosts(clock=Clock())
    hosts.close("one.example", Pause(60, 429))
    hosts.close("one.example", Pause(5, 503))
    assert hosts.pause("one.example") == Pause(60, 429)
