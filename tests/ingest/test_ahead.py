"""Working ahead changes nothing but the time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.ingest.ahead import ahead


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=5))
def test_the_items_and_their_order_stay(items: list[int], size: int) -> None:
    assert list(ahead(items, size)) == items


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    found = []
    with pytest.raises(ValueError, match="broken"):
        found.extend(ahead(broken(), 2))
    taken = ahead(broken(), 2)
    assert next(taken) == 1


def test_who_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    taken = ahead(iter(range(1_000_000)), 3)
    assert next(taken) == 0
    taken.close()
    assert threading.active_count() == before


def test_a_generator_is_closed_when_nobody_wants_more() -> None:
    closed = threading.Event()

    def numbers() -> Iterator[int]:
        try:
            yield from range(1_000_000)
        finally:
            closed.set()

    taken = ahead(numbers(), 3)
    next(taken)
    taken.close()
    assert closed.is_set()
