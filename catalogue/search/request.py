"""A question and its address: the same thing in two forms, so every search can be shared.

Sizes and pages out of range are moved to the nearest that exist. What cannot be understood is
refused by the name of its parameter: guessing would answer another question than was asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from catalogue.consent.purpose import Purpose
from catalogue.errors import BadRequest
from catalogue.search.facets import BY_NAME, EVERY, FIT

LONGEST_QUERY = 500
MOST_VALUES = 100
LARGEST_PAGE = 100
USUAL_PAGE = 20
LAST_PAGE = 100_000

RELEVANCE = "relevance"
BEST_FIT = "fit"
SORTS = (RELEVANCE, "newest", "individuals", "title", BEST_FIT)
"""Best match (without words: newest first), newest change, most individuals, title A to Z, and
what fits the purpose first."""

VALUE = re.compile(r"[\w.:+-]{1,100}", re.ASCII)
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
ANYTHING = re.compile(r"[\s*:?%]+")
SWITCH = {"": False, "0": False, "false": False, "1": True, "true": True, "on": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What a visitor asks for.

    `selected` holds the chosen values by facet: any of them will do within a facet, and every
    facet must agree. `exact` leaves out what is narrower than the chosen diseases, and is
    dropped when no disease is chosen. `purpose` is what the study intends; without one, nothing
    is said of what fits, and what was chosen there is dropped.
    """

    q: str = ""
    selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exact: bool = False
    sort: str = RELEVANCE
    page: int = 1
    size: int = USUAL_PAGE
    purpose: Purpose = Purpose()

    def __post_init__(self) -> None:
        kept = {
            facet.name: tuple(dict.fromkeys(values))
            for facet in EVERY
            if (values := self.selected.get(facet.name))
            and not (facet is FIT and self.purpose.empty)
        }
        object.__setattr__(self, "selected", kept)
        if self.sort == BEST_FIT and self.purpose.empty:
            object.__setattr__(self, "sort", RELEVANCE)
        object.__setattr__(self, "exact", self.exact and any(BY_NAME[name].exact for name in kept))

    @classmethod
    def from_args(cls, args: Iterable[tuple[str, str]]) -> SearchRequest:
        """Read the parameters of an address: `from_args(request.args.items(multi=True))`.

        Parameters that are not ours are left alone; of one that should be there once, the
        first counts. Raises `BadRequest`.
        """
        pairs = list(args)
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            given.setdefault(name, []).append(value)
        once = {name: values[0].strip() for name, values in given.items()}
        return cls(
            q=_query(once.get("q", "")),
            selected={each.name: _values(each.parameter, given) for each in EVERY},
            exact=_switch("exact", once.get("exact", "")),
            sort=_sort(once.get("sort", "")),
            page=_number("page", once.get("page", ""), usual=1, most=LAST_PAGE),
            size=_number("size", once.get("size", ""), usual=USUAL_PAGE, most=LARGEST_PAGE),
            purpose=Purpose.from_args(pairs),
        )

    def to_args(self) -> list[tuple[str, str]]:
        """The parameters of the address, leaving out what is usual; `from_args` reads them."""
        chosen = [
            (facet.parameter, value)
            for facet in EVERY
            for value in self.selected.get(facet.name, ())
        ]
        rest = [
            ("exact", "1" if self.exact else ""),
            ("sort", self.sort if self.sort != RELEVANCE else ""),
            ("page", str(self.page) if self.page != 1 else ""),
            ("size", str(self.size) if self.size != USUAL_PAGE else ""),
        ]
        return [
            pair for pair in (("q", self.q), *chosen, *self.purpose.to_args(), *rest) if pair[1]
        ]

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The chosen values of a facet."""
        return self.selected.get(facet, ())

    def adding(self, facet: str, value: str) -> SearchRequest:
        """The same question with one more value."""
        return self._choosing(facet, (*self.chosen(facet), value))

    def only(self, facet: str, value: str) -> SearchRequest:
        """The same question with this as the only value of the facet."""
        return self._choosing(facet, (value,))

    def without(self, facet: str, value: str | None = None) -> SearchRequest:
        """The same question without one value of a facet, or without any of it."""
        kept = tuple(each for each in self.chosen(facet) if value is not None and each != value)
        return self._choosing(facet, kept)

    def on_page(self, page: int) -> SearchRequest:
        """The same question, another page."""
        return replace(self, page=page)

    def _choosing(self, facet: str, values: tuple[str, ...]) -> SearchRequest:
        return replace(self, selected={**self.selected, facet: values}, page=1)


def _query(text: str) -> str:
    """The words typed, without control characters; `*` alone asks for everything."""
    if len(text) > LONGEST_QUERY:
        raise BadRequest(f"q: {len(text)} characters, at most {LONGEST_QUERY} are searched for")
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
    ).strip()
    return "" if ANYTHING.fullmatch(visible) else visible


def _values(parameter: str, given: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value for value in given.get(parameter, ()) if value))
    if len(found) > MOST_VALUES:
        raise BadRequest(f"{parameter}: {len(found)} values, at most {MOST_VALUES} can be chosen")
    for value in found:
        if not VALUE.fullmatch(value):
            raise BadRequest(f"{parameter}: {_shown(value)} cannot be one of its values")
    return found


def _sort(text: str) -> str:
    if text and text not in SORTS:
        raise BadRequest(f"sort: {_shown(text)} is not one of {', '.join(SORTS)}")
    return text or RELEVANCE


def _switch(parameter: str, text: str) -> bool:
    if text.lower() not in SWITCH:
        raise BadRequest(f"{parameter}: {_shown(text)} is neither 1 nor 0")
    return SWITCH[text.lower()]


def _number(parameter: str, text: str, *, usual: int, most: int) -> int:
    if not text:
        return usual
    if not WHOLE_NUMBER.fullmatch(text):
        raise BadRequest(f"{parameter}: {_shown(text)} is not a whole number")
    return min(max(int(text), 1), most)


def _shown(value: str) -> str:
    """The value as we quote it: short, and without anything that is not printable."""
    return repr(value[:40])
