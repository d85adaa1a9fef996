"""What became of earlier queries decides where a query waits."""

from __future__ import annotations

import threading

import pytest

from catalogue.store import experience
from catalogue.store.experience import CROWD, Experience
from catalogue.store.guard import inspect

ONE = inspect("SELECT * { <https://x.example/a> ?p ?o }")
ALIKE = inspect("SELECT *  { <https://x.example/b> ?p ?o } # of its kind")
OTHER = inspect("SELECT * { ?s <https://x.example/a> ?o }")


@pytest.fixture
def known() -> Experience:
    return Experience()


def test_queries_that_differ_in_names_and_remarks_are_of_one_kind(known: Experience) -> None:
    known.was_quick(ONE)
    assert known.knows_quick(ALIKE)
    assert not known.knows_quick(OTHER)


def test_only_the_very_text_that_took_long_is_known_as_long(known: Experience) -> None:
    known.was_long(ONE)
    assert known.knows_long(ONE)
    assert not known.knows_long(ALIKE)


def test_a_kind_of_which_one_took_long_has_to_prove_itself_again(known: Experience) -> None:
    known.was_quick(ONE)
    known.was_long(ALIKE)
    assert not known.knows_quick(ONE)


def test_what_was_not_met_for_longest_is_forgotten() -> None:
    known = Experience(most=1)
    known.was_quick(ONE)
    known.was_quick(OTHER)
    assert not known.knows_quick(ONE)


def test_one_query_of_a_new_kind_is_tried_at_a_time(known: Experience) -> None:
    order: list[str] = []

    def second() -> None:
        with known.trial():
            order.append("second")

    with known.trial():
        waiting = threading.Thread(target=second)
        waiting.start()
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_whoever_finds_a_crowd_or_waits_too_long_goes_on_without_a_turn(
    known: Experience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experience, "PATIENCE", 0.01)
    met = threading.Barrier(CROWD + 2)

    def another() -> None:
        with known.trial():
            met.wait(timeout=30)

    others = [threading.Thread(target=another) for _ in range(CROWD + 1)]
    with known.trial():
        for each in others:
            each.start()
        met.wait(timeout=30)
    for each in others:
        each.join()
    assert not met.broken
