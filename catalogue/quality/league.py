"""Scores of many datasets together: who stands where, and what would help most.

A dataset without a score counts as unrated; it neither raises nor lowers a mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from catalogue.quality.score import Criterion, Rating, Score, rating

MOST_FIXES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """One thing to mend in several datasets of a group, and the points that it brings them."""

    criterion: Criterion
    datasets: int

    @property
    def points(self) -> int:
        """The points that the datasets gain together."""
        return self.criterion.of * self.datasets

    def to_json(self) -> dict[str, Any]:
        """The gain for machines."""
        return {
            "key": self.criterion.key,
            "label": dict(self.criterion.label),
            "fix": dict(self.criterion.fix),
            "datasets": self.datasets,
            "points": self.points,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A catalog or organisation in the league; `mean` is `None` when nothing is rated.

    `at_most` is the mean if everything that was not checked turned out well.
    """

    name: str
    rated: int
    unrated: int
    mean: float | None = None
    at_most: float | None = None
    of: int | None = None
    rating: Rating | None = None
    fixes: tuple[Gain, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The standing for machines."""
        return {
            "name": self.name,
            "rated": self.rated,
            "unrated": self.unrated,
            "mean": self.mean,
            "at_most": self.at_most,
            "of": self.of,
            "rating": self.rating.value if self.rating else None,
            "fixes": [gain.to_json() for gain in self.fixes],
        }


def league(scores: Mapping[str, Iterable[Score | None]]) -> tuple[Standing, ...]:
    """The groups by mean score, best first; groups without any score last, by name.

    All scores must be of one scheme; `None` stands for a dataset that was not rated.
    """
    standings = [standing(name, found) for name, found in scores.items()]
    return tuple(sorted(standings, key=_place))


def standing(name: str, scores: Iterable[Score | None]) -> Standing:
    """One group: its mean, to one decimal, and the ten fixes that bring most."""
    found = list(scores)
    rated = [score for score in found if score is not None]
    unrated = len(found) - len(rated)
    if not rated:
        return Standing(name=name, rated=0, unrated=unrated)
    scheme = _only_scheme(name, rated)
    mean = fmean(score.points for score in rated)
    return Standing(
        name=name,
        rated=len(rated),
        unrated=unrated,
        mean=round(mean, 1),
        at_most=round(fmean(score.at_most for score in rated), 1),
        of=rated[0].of,
        rating=rating(scheme, mean),
        fixes=gains(rated)[:MOST_FIXES],
    )


def gains(scores: Iterable[Score]) -> tuple[Gain, ...]:
    """Everything to mend in these datasets, what brings most points together first."""
    unmet = [criterion for score in scores for criterion in score.fixes()]
    times = Counter(criterion.key for criterion in unmet)
    once = {criterion.key: criterion for criterion in unmet}
    found = [Gain(criterion=once[key], datasets=number) for key, number in times.items()]
    return tuple(sorted(found, key=lambda gain: (-gain.points, gain.criterion.key)))


def _only_scheme(name: str, scores: Iterable[Score]) -> str:
    schemes = {score.scheme for score in scores}
    if len(schemes) > 1:
        raise ValueError(f"{name}: scores of {sorted(schemes)} cannot be averaged together")
    return schemes.pop()


def _place(row: Standing) -> tuple[bool, float, str]:
    return row.mean is None, -(row.mean or 0), row.name.casefold()
