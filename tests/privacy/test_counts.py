"""Numbers of people, before and after the gate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model.counts import Count
from catalogue.privacy.counts import band, published, steady


@pytest.mark.parametrize("exact", range(10))
def test_a_number_below_ten_is_never_shown(exact: int) -> None:
    assert published(exact) == Count(below=10)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(10, 10), (12, 10), (13, 15), (97, 95), (98, 100), (104, 100), (105, 110), (8412, 8410)],
)
def test_other_numbers_are_rounded(exact: int, shown: int) -> None:
    assert published(exact) == Count(value=shown)


@given(st.integers(min_value=10, max_value=10**9))
def test_rounding_moves_a_number_by_at_most_five(exact: int) -> None:
    assert abs(published(exact).lowest - exact) <= 5


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=-9, max_value=9))
def test_fewer_than_ten_people_more_or_less_change_nothing(exact: int, step: int) -> None:
    shown = published(exact)
    later = max(0, exact + step)
    hidden = published(0)  # below ten, whatever was shown before
    assert steady(later, exact, shown, published(later)) == (shown if later >= 10 else hidden)


def test_a_larger_change_is_shown() -> None:
    assert steady(100, 80, Count(value=80), Count(value=100)) == Count(value=100)


@pytest.mark.parametrize(
    ("count", "name"),
    [
        (None, "not-stated"),
        (Count(below=10), "fewer-than-10"),
        (Count(value=0), "fewer-than-10"),
        (Count(value=10), "10-99"),
        (Count(value=9990), "1000-9999"),
        (Count(value=10_000), "10000-plus"),
    ],
)
def test_every_count_has_a_band(count: Count | None, name: str) -> None:
    assert band(count) == name


def test_a_count_is_either_a_number_or_a_bound() -> None:
    with pytest.raises(ValueError, match="either"):
        Count()
    with pytest.raises(ValueError, match="either"):
        Count(value=3, below=10)
