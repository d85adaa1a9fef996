"""What a search gives back: plain values that the page and the API show as they are."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.model.text import LangText
from catalogue.search.consents import Compatible
from catalogue.search.facets import Facet
from catalogue.search.request import SearchRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason for a hit that the dataset's own words do not show.

    "subtype": its `value` is narrower than `of`, which the visitor chose.
    "name": a word of the question is in `text`, a name of `of`: its `value`, or what is broader.
    """

    kind: str
    facet: str
    value: str
    label: LangText
    of: str
    of_label: LangText
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One dataset on the page. `score` orders hits of one search, and means nothing else."""

    id: str
    score: float
    why: tuple[Why, ...] = ()


@dataclass(slots=True)  # not frozen: a search makes hundreds, and that would take 7 times as long
class FacetValue:
    """One choice. `count` is the total when it is the only choice of its facet."""

    value: str
    label: LangText
    count: int
    selected: bool = False
    depth: int = 0
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class FacetResult:
    """A facet and its choices: parents before children, "not stated" last."""

    facet: Facet
    values: tuple[FacetValue, ...]

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The choices that the visitor made; they stay when nothing is found."""
        return tuple(value for value in self.values if value.selected)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What leaving out one part of the question would find: never offered when that is zero.

    `parameter` is that of the facet, `q`, or `exact` when narrower diseases would be let in.
    """

    parameter: str
    request: SearchRequest
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The answer. `page` is the page shown: the last when one beyond it was asked for.

    `broader` are datasets coded one or two steps broader than a chosen disease; they may
    include what is looked for and are not counted. `relaxed` is filled when nothing is found.
    `compatible` says for each verdict how many of the datasets and individuals; empty without a
    purpose.
    """

    request: SearchRequest
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetResult, ...]
    page: int
    pages: int
    broader: tuple[str, ...] = ()
    relaxed: tuple[Relaxation, ...] = ()
    compatible: tuple[Compatible, ...] = ()
