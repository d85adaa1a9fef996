"""How much one client may take of the query endpoint."""

from __future__ import annotations

import doctest
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from web import townhall
from werkzeug.exceptions import TooManyRequests

from catalogue.errors import StoreUnavailable
from catalogue.web import create_app, kept, limits, sparql_csv
from catalogue.web.kept import Kept, Whole
from catalogue.web.limits import Seats


def test_a_client_that_sits_on_its_share_is_told_to_wait() -> None:
    seats = Seats(most=5, each=2, often=100, patience=0)
    with seats.of("a") as one, seats.of("a") as two, seats.of("a") as three, seats.of("b") as other:
        one.take()
        two.take()
        with pytest.raises(TooManyRequests) as refused:
            three.take()
        other.take()
        assert seats.taken == 3
    assert refused.value.retry_after
    assert seats.taken == 0


def test_when_all_seats_are_taken_nobody_is_to_blame() -> None:
    seats = Seats(most=1, each=5, often=100, patience=0)
    with seats.of("a") as one, seats.of("b") as two:
        one.take()
        with pytest.raises(StoreUnavailable, match="busy"):
            two.take()


def test_a_query_waits_for_a_seat_that_is_soon_free() -> None:
    seats = Seats(most=1, each=1, often=100, patience=30)
    with seats.of("a") as one, seats.of("a") as two, ThreadPoolExecutor() as threads:
        one.take()
        waiting = threads.submit(two.take)
        assert not waiting.done()
        seats.give_back("a")
        waiting.result(timeout=30)
        one._taken = False
        assert seats.taken == 1


def test_not_more_wait_than_there_are_seats() -> None:
    seats = Seats(most=1, each=1, often=100, patience=30)
    with seats.of("a") as one, ThreadPoolExecutor() as threads:
        one.take()
        waiting = threads.submit(seats.take, "b")
        while not seats._waiting:
            time.sleep(0.01)
        with pytest.raises(StoreUnavailable, match="busy"):
            seats.take("c")
        seats.give_back("a")
        waiting.result(timeout=30)
        one._taken = False
        seats.give_back("b")


def test_a_seat_is_free_again_after_an_error() -> None:
    seats = Seats(most=1, each=1, often=100)

    def fail() -> None:
        with seats.of("a") as seat:
            seat.take()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seats.taken == 0


def test_a_seat_is_taken_once_and_only_when_wanted() -> None:
    seats = Seats(most=5, each=5, often=1)
    with seats.of("a") as seat:
        assert seats.taken == 0
        seat.take()
        seat.take()
        assert seats.taken == 1


def test_a_client_may_begin_so_many_long_queries_a_minute() -> None:
    seats = Seats(most=5, each=5, often=2)
    for _ in range(2):
        with seats.of("a") as seat:
            seat.take()
    with pytest.raises(TooManyRequests), seats.of("a") as seat:
        seat.take()


def test_an_operator_may_limit_queries_of_any_kind() -> None:
    application = create_app(townhall.services(), townhall.settings(query_minute=2))
    client = application.test_client()
    answers = [client.get("/sparql", query_string={"query": "SELECT *"}) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    last = answers[-1]
    assert int(last.headers["Retry-After"]) > 0
    assert last.headers["Access-Control-Allow-Origin"] == "*"
    assert last.mimetype == "application/problem+json"


def test_what_is_asked_least_makes_room() -> None:
    answers = Kept(most=30, largest=20)
    for name in "abc":
        answers.put(name, Whole(b"0123456789", "text/csv"))
        answers.get("a")
    answers.put("d", Whole(b"0123456789", "text/csv"))
    answers.put("too large", Whole(b"0" * 21, "text/csv"))
    assert [name for name in ("a", "b", "c", "d", "too large") if answers.get(name)] == [
        "a",
        "c",
        "d",
    ]


@pytest.mark.parametrize("module", [limits, kept, sparql_csv])
def test_the_examples_in_the_documentation_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
