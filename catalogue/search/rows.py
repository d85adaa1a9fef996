"""What datasets are sorted by, and the first few of many without sorting them all."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyroaring import BitMap

from catalogue.model.text import LANGUAGES
from catalogue.search.document import SearchDocument

SORTING_COSTS = 8
"""Sorting one dataset of an answer costs so many times passing one in a sorted list of all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dataset: its id and what it is sorted by. `newest` and `largest` are negated."""

    id: str
    newest: float
    largest: int
    titles: tuple[str, ...]


def row(document: SearchDocument) -> Row:
    """The row of a document."""
    return Row(document.id, -_moment(document.changed), -document.individuals, document.titles)


Key = Callable[[Row], tuple[Any, ...]]


def _by_title(place: int) -> Key:
    return lambda row: (row.titles[place] == "", row.titles[place], row.id)


ORDERS: dict[str, Key] = {
    "newest": lambda row: (row.newest, row.id),
    "individuals": lambda row: (row.largest, row.id),
    **{f"title-{language}": _by_title(place) for place, language in enumerate(LANGUAGES)},
}
"""Each order, with the key that sorts ascending."""


class Rows:
    """The rows of all datasets by number.

    A sorted list of all is made when it is first needed and kept up after that. Numbers of
    datasets that are gone stay in it until `sweep`; they are in no answer, so they are passed.
    """

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._sorted: dict[str, list[int]] = {}
        self._waiting: dict[str, list[int]] = {}

    def __getitem__(self, number: int) -> Row:
        return self._rows[number]

    def add(self, number: int, row: Row) -> None:
        """Add a dataset; the sorted lists catch up when they are next needed."""
        self._rows[number] = row
        for waiting in self._waiting.values():
            waiting.append(number)

    def sweep(self, forgotten: BitMap) -> None:
        """Clear what is gone."""
        for number in forgotten:
            del self._rows[number]
        for lists in (self._sorted, self._waiting):
            for numbers in lists.values():
                numbers[:] = [number for number in numbers if number in self._rows]

    def first(self, numbers: BitMap, order: str, start: int, count: int) -> list[int]:
        """`count` of the numbers from place `start`, in an order of `ORDERS`."""
        wanted = start + count
        if len(numbers) ** 2 * SORTING_COSTS < len(self._rows) * wanted:
            return sorted(numbers, key=self._key(order))[start:wanted]
        in_order = (number for number in self._all(order) if number in numbers)
        return list(islice(in_order, start, wanted))

    def _all(self, order: str) -> list[int]:
        """Every number in order: sorted at first, and again when much was added."""
        waiting = self._waiting.setdefault(order, [])
        numbers = self._sorted.setdefault(order, [])
        key = self._key(order)
        if not numbers or len(waiting) > len(numbers) // 8:
            numbers[:] = sorted(self._rows, key=key)
        else:
            for number in waiting:
                insort(numbers, number, key=key)
        waiting.clear()
        return numbers

    def _key(self, order: str) -> Callable[[int], tuple[Any, ...]]:
        key = ORDERS[order]
        return lambda number: key(self._rows[number])


def _moment(text: str) -> float:
    """ISO 8601 text as a number that sorts in time: 20261122093000 for 2026-11-22T09:30.

    Cut short it is read as the beginning of its year, month or day; without a year it is 0.
    """
    digits = "".join(letter for letter in text[:19] if "0" <= letter <= "9")
    return float(digits.ljust(14, "0")) if len(digits) >= 4 else 0.0
