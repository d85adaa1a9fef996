"""A score: what was asked of a description, what each answer earned, and what to do next.

A criterion is met, not met, or not checked. What was not checked earns nothing and costs
nothing: it shows as the distance between `points` and `at_most`, and is never a reproach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

Facts = TypeVar("Facts")
Words = Mapping[str, str]
"""The same words in each language of the website: {"nl": …, "en": …}."""

MQA = "mqa"
CONTROLLED_ACCESS = "controlled-access"


class Rating(StrEnum):
    """The four groups of the European assessment, best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    SUFFICIENT = "sufficient"
    BAD = "bad"


SCHEMES: Mapping[str, Words] = {
    MQA: {
        "nl": "Europese metadatakwaliteit (MQA)",
        "en": "European metadata quality (MQA)",
    },
    CONTROLLED_ACCESS: {
        "nl": "Kwaliteit voor gegevens met gecontroleerde toegang",
        "en": "Quality for data with controlled access",
    },
}

DIMENSIONS: Mapping[str, Words] = {
    "findability": {"nl": "Vindbaarheid", "en": "Findability"},
    "accessibility": {"nl": "Toegankelijkheid", "en": "Accessibility"},
    "interoperability": {"nl": "Uitwisselbaarheid", "en": "Interoperability"},
    "reusability": {"nl": "Herbruikbaarheid", "en": "Reusability"},
    "contextuality": {"nl": "Context", "en": "Contextuality"},
    "documentation": {"nl": "Documentatie", "en": "Documentation"},
    "technical-quality": {"nl": "Technische kwaliteit", "en": "Technical quality"},
    "quality-management": {"nl": "Kwaliteitszorg", "en": "Quality management"},
    "coverage": {"nl": "Dekking", "en": "Coverage"},
    "access": {"nl": "Toegang en levering", "en": "Access and provision"},
    "linkage": {"nl": "Verrijking en koppeling", "en": "Enrichment and linkage"},
}

RATINGS: Mapping[Rating, Words] = {
    Rating.EXCELLENT: {"nl": "uitstekend", "en": "excellent"},
    Rating.GOOD: {"nl": "goed", "en": "good"},
    Rating.SUFFICIENT: {"nl": "voldoende", "en": "sufficient"},
    Rating.BAD: {"nl": "slecht", "en": "bad"},
}

THRESHOLDS: Mapping[str, Mapping[Rating, int]] = {
    MQA: {Rating.EXCELLENT: 351, Rating.GOOD: 221, Rating.SUFFICIENT: 121},
    CONTROLLED_ACCESS: {Rating.EXCELLENT: 87, Rating.GOOD: 55, Rating.SUFFICIENT: 30},
}
"""The least points for each rating. Ours stand at the same share of the total as the MQA's."""


def rating(scheme: str, points: float) -> Rating:
    """The group in which a number of points falls.

    >>> rating(MQA, 221).value, rating(MQA, 220).value
    ('good', 'sufficient')
    """
    reached = (group for group, least in THRESHOLDS[scheme].items() if points >= least)
    return next(reached, Rating.BAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One question with its answer. `met` is `None` when nobody checked.

    `of` is what it is worth; `label` and `fix` have "nl" and "en". `fix` says what to do
    when the criterion is not met. It is not `advised` where the points had better stay away,
    as with a download address for closed data.
    """

    key: str
    dimension: str
    of: int
    met: bool | None
    label: Words
    fix: Words
    advised: bool = True

    @property
    def points(self) -> int:
        """What it earned: everything or nothing."""
        return self.of if self.met else 0

    def to_json(self) -> dict[str, Any]:
        """The criterion with its points, for pages and machines."""
        return {
            "key": self.key,
            "dimension": self.dimension,
            "points": self.points,
            "of": self.of,
            "met": self.met,
            "label": dict(self.label),
            "fix": dict(self.fix),
            "advised": self.advised,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Criterion:
        """Read back what `to_json` wrote; the points are counted again, never trusted."""
        return cls(**{name: given for name, given in value.items() if name != "points"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one scheme ("mqa", "controlled-access") says about one description."""

    scheme: str
    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> int:
        """What is established."""
        return sum(criterion.points for criterion in self.criteria)

    @property
    def of(self) -> int:
        """What a perfect description earns."""
        return sum(criterion.of for criterion in self.criteria)

    @property
    def at_most(self) -> int:
        """The points if everything that was not checked turned out well."""
        return self.points + sum(criterion.of for criterion in self.unchecked())

    @property
    def rating(self) -> Rating:
        """The group of the established points: a lower bound while something is unchecked."""
        return rating(self.scheme, self.points)

    @property
    def percentage(self) -> int:
        """The share of the points, rounded down, so that 100 means all of them."""
        return self.points * 100 // self.of if self.of else 0

    def fixes(self) -> tuple[Criterion, ...]:
        """What is not met and had better be, worth most points first; then in scheme order."""
        unmet = (c for c in self.criteria if c.met is False and c.advised)
        return tuple(sorted(unmet, key=lambda criterion: -criterion.of))

    def unchecked(self) -> tuple[Criterion, ...]:
        """What nobody checked, in the order of the scheme."""
        return tuple(criterion for criterion in self.criteria if criterion.met is None)

    def dimensions(self) -> dict[str, tuple[int, int]]:
        """Dimension → (points, of), in the order of the scheme."""
        found: dict[str, tuple[int, int]] = {}
        for criterion in self.criteria:
            points, of = found.get(criterion.dimension, (0, 0))
            found[criterion.dimension] = (points + criterion.points, of + criterion.of)
        return found

    def to_json(self) -> dict[str, Any]:
        """The score with its totals, for pages and machines and to be kept."""
        return {
            "scheme": self.scheme,
            "points": self.points,
            "of": self.of,
            "at_most": self.at_most,
            "rating": self.rating.value,
            "criteria": [criterion.to_json() for criterion in self.criteria],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Score:
        """Read back what `to_json` wrote; totals and rating are derived again."""
        found = (Criterion.from_json(criterion) for criterion in value["criteria"])
        return cls(scheme=value["scheme"], criteria=tuple(found))


@dataclass(frozen=True, slots=True)
class Rule(Generic[Facts]):
    """One row of a scheme: what is asked, what it is worth, how to know, how to say it."""

    key: str
    dimension: str
    of: int
    test: Callable[[Facts], bool | None]
    nl: str
    en: str
    fix_nl: str
    fix_en: str

    def judge(self, facts: Facts) -> Criterion:
        """Ask the question of one description."""
        return self.answered(self.test(facts))

    def answered(self, met: bool | None) -> Criterion:
        """The criterion with an answer that is already known."""
        return Criterion(
            key=self.key,
            dimension=self.dimension,
            of=self.of,
            met=met,
            label={"nl": self.nl, "en": self.en},
            fix={"nl": self.fix_nl, "en": self.fix_en},
        )


def any_met(answers: Iterable[bool | None]) -> bool | None:
    """Met when one answer is; else not checked when one answer is unknown; else not met.

    >>> any_met([False, None]), any_met([None, True]), any_met([])
    (None, True, False)
    """
    known = set(answers)
    if True in known:
        return True
    return None if None in known else False
