"""Why a dataset is among the hits, when its own words do not show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from catalogue.model.text import LangText
from catalogue.search.columns import Column
from catalogue.search.facets import FACETS
from catalogue.search.names import Names
from catalogue.search.postings import Matched
from catalogue.search.request import SearchRequest
from catalogue.search.results import Why


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons of one search."""

    columns: Mapping[str, Column]
    names: Names
    label: Callable[[str, str], LangText]
    request: SearchRequest
    words: Sequence[Matched]

    def of_all(self, numbers: Sequence[int]) -> dict[int, tuple[Why, ...]]:
        """The reasons for each dataset on a page."""
        stated = {
            facet.name: self.columns[facet.name].stated(BitMap(numbers))
            for facet in FACETS
            if facet.hierarchical
        }
        return {
            number: tuple(self._of(number, {name: stated[name][number] for name in stated}))
            for number in numbers
        }

    def _of(self, number: int, stated: Mapping[str, Sequence[str]]) -> Iterator[Why]:
        """At most one reason for each facet and each word of the question."""
        for facet, values in stated.items():
            yield from self._subtype(facet, values)
        for word in self.words:
            if number not in word.written:
                yield from self._named(word, stated)

    def _subtype(self, facet: str, values: Sequence[str]) -> Iterator[Why]:
        """The dataset has something narrower than what was chosen."""
        chosen = self.request.chosen(facet)
        if not set(chosen) & set(values):
            for value, up in self._upwards(facet, values):
                if up in chosen:
                    yield self._why("subtype", facet, value, up)
                    return

    def _named(self, word: Matched, stated: Mapping[str, Sequence[str]]) -> Iterator[Why]:
        """The word is in a name of the dataset's concept, or of something broader."""
        for facet, values in stated.items():
            own = ((value, value) for value in values)
            for value, up in (*own, *self._upwards(facet, values)):
                text = self.names.text(facet, up, word.terms)
                if text is not None:
                    yield self._why("name", facet, value, up, text)
                    return

    def _upwards(self, facet: str, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        above = self.columns[facet].tree.above
        return ((value, up) for value in values for up in above.get(value, ()))

    def _why(self, kind: str, facet: str, value: str, of: str, text: str = "") -> Why:
        return Why(
            kind=kind,
            facet=facet,
            value=value,
            label=self.label(facet, value),
            of=of,
            of_label=self.label(facet, of),
            text=text,
        )
