"""The picture on the home page: every organisation as a chromosome.

The longer, the more datasets; the bands are fixed by the organisation's name, as a mark to
recognise it by. A source is no organisation, so one that was never read is not drawn.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import sqrt

WIDTH, STEP, CENTRE = 17.0, 27.4, 104.0
SHORTEST, LONGEST = 70.0, 250.0
MOST = 17
GAPS, HEIGHTS = (2, 3, 5), (4, 6, 9, 13, 18)


@dataclass(frozen=True, slots=True)
class Band:
    """A stained stripe."""

    tone: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chromosome:
    """Two arms around the centromere."""

    name: str
    x: float
    top: float
    bottom: float
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Karyogram:
    """The whole picture with the number for its caption."""

    chromosomes: tuple[Chromosome, ...]
    known: int

    @property
    def width(self) -> float:
        """Of the drawing, in its own units: always room for as many as fit."""
        return STEP * MOST


def draw(known: list[tuple[str, int]]) -> Karyogram:
    """`known` organisations with their number of datasets; the largest are drawn."""
    ranked = sorted(known, key=lambda pair: (-pair[1], pair[0]))[:MOST]
    most = max((count for _, count in ranked), default=1) or 1
    sizes = [(name, _length(count, most)) for name, count in ranked]
    margin = (MOST - len(sizes)) / 2
    drawn = [_chromosome(place + margin, *size) for place, size in enumerate(sizes)]
    return Karyogram(tuple(drawn), len(known))


def _length(count: int, most: int) -> float:
    return SHORTEST + (LONGEST - SHORTEST) * sqrt(count / most)


def _chromosome(place: float, name: str, length: float) -> Chromosome:
    seed = hashlib.sha256(name.encode()).digest()
    short = length * (0.34 + seed[0] / 255 * 0.08)
    top, bottom = CENTRE - short, CENTRE + length - short
    bands = tuple(_bands(seed, top, bottom))
    return Chromosome(name, round(5 + place * STEP, 1), round(top, 1), round(bottom, 1), bands)


def _bands(seed: bytes, top: float, bottom: float) -> list[Band]:
    found, y, turn = [], top + 2, 0
    while y < bottom:
        byte = seed[turn % len(seed)]
        height = HEIGHTS[byte % 5]
        found.append(Band(1 + (byte >> 3) % 4, round(y, 1), height))
        y += height + GAPS[(byte >> 5) % 3]
        turn += 1
    return found
