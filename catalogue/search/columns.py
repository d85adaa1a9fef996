"""Which datasets have which value of a facet, as bitmaps: the counting half of the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pyroaring import BitMap

from catalogue.model.text import LangText
from catalogue.search.tree import Tree


class Column:
    """One facet. A dataset about a disease also counts for everything broader than it.

    `name` says what a value is called; the answer is kept for values that datasets have.
    """

    def __init__(self, tree: Tree, name: Callable[[str], LangText]) -> None:
        self.tree = tree
        self._name = name
        self._labels: dict[str, LangText] = {}
        self._stated: dict[str, BitMap] = {}
        self._counted: dict[str, BitMap] = {}

    def add(self, number: int, values: tuple[str, ...]) -> None:
        """Add a dataset with the values that were stated."""
        for value in values:
            self._stated.setdefault(value, BitMap()).add(number)
        for value in self.tree.with_above(values):
            if value not in self._counted:
                self._counted[value] = BitMap()
                self._labels.setdefault(value, self._name(value))
            self._counted[value].add(number)

    def call(self, value: str, label: LangText) -> None:
        """Name a value that no vocabulary knows."""
        self._labels[value] = label

    def label(self, value: str) -> LangText:
        """What to call a value."""
        label = self._labels.get(value)
        return self._name(value) if label is None else label

    def with_value(self, value: str, *, exact: bool = False) -> BitMap:
        """The datasets with this value or, unless `exact`, with something narrower."""
        return (self._stated if exact else self._counted).get(value) or BitMap()

    def with_any(self, values: Iterable[str], *, exact: bool = False) -> BitMap:
        """The datasets with any of the values."""
        return BitMap.union(BitMap(), *(self.with_value(value, exact=exact) for value in values))

    def counts(self, among: BitMap, *, exact: bool = False) -> dict[str, int]:
        """How many of these datasets have each value that any dataset has."""
        bitmaps = self._stated if exact else self._counted
        counts = {
            value: numbers.intersection_cardinality(among) for value, numbers in bitmaps.items()
        }
        return dict.fromkeys(self._counted, 0) | counts if exact else counts

    def stated(self, among: BitMap) -> dict[int, list[str]]:
        """The values that were stated for each of these few datasets."""
        found: dict[int, list[str]] = {number: [] for number in among}
        for value, numbers in self._stated.items():
            if numbers.intersect(among):
                for number in numbers & among:
                    found[number].append(value)
        return found

    def sweep(self, forgotten: BitMap) -> None:
        """Clear the numbers of datasets that are gone, and values that none has any more."""
        self._stated = _swept(self._stated, forgotten)
        self._counted = _swept(self._counted, forgotten)


def _swept(bitmaps: Mapping[str, BitMap], forgotten: BitMap) -> dict[str, BitMap]:
    kept = {value: bitmap - forgotten for value, bitmap in bitmaps.items()}
    return {value: bitmap for value, bitmap in kept.items() if bitmap}
