"""Which datasets hold a term, and how much it matters in each: the text half of the index.

For each term the datasets are kept in four bitmaps, from "in passing" to "this is what it is
about": BM25's saturation of weighted occurrences, cut into four levels when a dataset is added.
Ranking then is intersecting bitmaps, best level first, until the page is full. No score is
computed for a dataset that nobody will see, so a word that is in every title costs no more
than a rare one.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from pyroaring import BitMap

from catalogue.search.analysis import terms

WEIGHTS = {"title": 6.0, "code": 4.0, "keyword": 3.0, "holder": 2.0, "description": 1.0}
"""What one occurrence counts for, by zone."""

USUAL_LENGTH = 100
"""Words of a usual description; in a longer one each word counts for less."""

SATURATION = 2.0
THRESHOLDS = (0.42, 0.55, 0.7)
IMPACTS = (0.3, 0.5, 0.62, 0.8)
"""Between the thresholds lie the levels; what a term adds to the score at each level."""

LEVELS = len(IMPACTS)
RANKED_WORDS = 4
"""Every word must match; only the rarest four decide the order."""

EXPANSIONS = 100
"""A beginning stands for at most this many terms."""

Levels = tuple[BitMap, ...]
"""The datasets of one question word by level, lowest first; no dataset is in two."""


@dataclass(frozen=True, slots=True)
class Matched:
    """One word of a question: its datasets by level, and how telling it is.

    `written` are those whose own text has one of the `terms`, among others that are gone.
    """

    terms: tuple[str, ...]
    levels: Levels
    weight: float
    written: BitMap

    def all(self) -> BitMap:
        """Every dataset that matches."""
        return BitMap.union(*self.levels)


def levels_of(texts: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    """The level (0 to 3) of every term in the texts of one document."""
    weights: dict[str, float] = {}
    for zone, text in texts:
        words = terms(text)
        weight = WEIGHTS[zone] / (0.5 + 0.5 * max(1.0, len(words) / USUAL_LENGTH))
        for word in words:
            for term in word:
                weights[term] = weights.get(term, 0.0) + weight
    return {term: level(weight) for term, weight in weights.items()}


def level(weight: float) -> int:
    """The level of a term that occurs with this weight."""
    return bisect_right(THRESHOLDS, weight / (weight + SATURATION))


class Postings:
    """Terms and the numbers of the documents that hold them.

    A number is never used twice, so a document is dropped by forgetting its number; `sweep`
    clears what was forgotten.
    """

    def __init__(self) -> None:
        self._terms: dict[str, list[BitMap | None]] = {}
        self._sorted: list[str] = []

    def __len__(self) -> int:
        return len(self._terms)

    def add(self, number: int, found: Mapping[str, int]) -> None:
        """Add a document by its number, with the level of each of its terms."""
        for term, at in found.items():
            row = self._terms.get(term)
            if row is None:
                row = self._terms[term] = [None] * LEVELS
            bitmap = row[at]
            if bitmap is None:
                row[at] = BitMap((number,))
            else:
                bitmap.add(number)

    def find(self, wanted: Iterable[str]) -> list[BitMap]:
        """The documents with any of the terms, by level, lowest first; these may overlap."""
        rows = [row for term in wanted if (row := self._terms.get(term))]
        return [
            BitMap.union(*(bitmap for row in rows if (bitmap := row[at])), BitMap())
            for at in range(LEVELS)
        ]

    def beginning(self, prefix: str) -> list[str]:
        """The first terms, in alphabetical order, that begin so."""
        if len(self._sorted) != len(self._terms):
            self._sorted = sorted(self._terms)
        first = bisect_left(self._sorted, prefix)
        candidates = self._sorted[first : first + EXPANSIONS]
        return [term for term in candidates if term.startswith(prefix)]

    def sweep(self, forgotten: BitMap) -> None:
        """Clear the numbers of documents that are gone, and terms that nobody has any more."""
        for term, row in list(self._terms.items()):
            row[:] = [_without(bitmap, forgotten) for bitmap in row]
            if not any(row):
                del self._terms[term]
        self._sorted = []


def matched(
    wanted: tuple[str, ...], by_level: Sequence[BitMap], written: BitMap, among: BitMap
) -> Matched:
    """A word with its datasets among those that exist; each at its highest level only."""
    seen = BitMap()
    levels: list[BitMap] = []
    for bitmap in reversed(by_level):
        levels.insert(0, (bitmap & among) - seen)
        seen |= levels[0]
    return Matched(wanted, tuple(levels), _rarity(len(seen), len(among)), written)


def ranked(candidates: BitMap, words: Sequence[Matched]) -> Iterator[tuple[float, BitMap]]:
    """The candidates in groups of one score, best first; every word is in every candidate."""
    telling = sorted(words, key=lambda word: -word.weight)[:RANKED_WORDS]
    known: dict[tuple[int, ...], BitMap] = {(): candidates}
    for choice in sorted(product(range(LEVELS), repeat=len(telling)), key=_scorer(telling)):
        group = _narrowed(choice, telling, known)
        if group:
            yield -_scorer(telling)(choice), group


def _scorer(words: Sequence[Matched]) -> _Score:
    return _Score(tuple(word.weight for word in words))


@dataclass(frozen=True, slots=True)
class _Score:
    """Minus the score of a choice of levels, so that sorting puts the best first."""

    weights: tuple[float, ...]

    def __call__(self, choice: tuple[int, ...]) -> float:
        return -sum(w * IMPACTS[at] for w, at in zip(self.weights, choice, strict=True))


def _narrowed(
    choice: tuple[int, ...], words: Sequence[Matched], known: dict[tuple[int, ...], BitMap]
) -> BitMap:
    """The candidates at these levels of the first words, remembering each step."""
    if choice not in known:
        before = _narrowed(choice[:-1], words, known)
        known[choice] = before & words[len(choice) - 1].levels[choice[-1]] if before else before
    return known[choice]


def _rarity(holding: int, total: int) -> float:
    """BM25's inverse document frequency: rare words tell more."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def _without(bitmap: BitMap | None, forgotten: BitMap) -> BitMap | None:
    return (bitmap - forgotten or None) if bitmap else None
