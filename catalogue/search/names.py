"""The names of concepts as terms: so that "borstkanker" finds what was only coded C50.

A word in a name of a concept stands for every dataset about that concept or anything
narrower, whether or not their holders ever wrote the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.search.analysis import terms
from catalogue.search.facets import FACETS, NOT_STATED
from catalogue.terms.concept import Concept, Vocabulary


class Names:
    """Every name and code of the concepts of the named facets.

    `find` gives (facet, value) pairs; `text` the name in which a word was found.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._concepts: dict[str, set[tuple[str, str]]] = {}
        self._texts: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = {}
        for facet in FACETS:
            if facet.named and facet.scheme:
                for concept in vocabulary.scheme(facet.scheme).concepts:
                    self._add(facet.name, concept)
        self._sorted = sorted(self._concepts)

    def _add(self, facet: str, concept: Concept) -> None:
        if concept.notation == NOT_STATED:
            return
        key = (facet, concept.notation)
        self._texts[key] = [(text, _terms(text)) for text in names_of(concept)]
        for _, found in self._texts[key]:
            for term in found:
                self._concepts.setdefault(term, set()).add(key)

    def find(self, wanted: Iterable[str]) -> set[tuple[str, str]]:
        """The concepts that have any of the terms in a name."""
        return set().union(*(self._concepts.get(term, ()) for term in wanted))

    def beginning(self, prefix: str) -> list[str]:
        """The terms that begin so."""
        return [term for term in self._sorted if term.startswith(prefix)]

    def text(self, facet: str, value: str, wanted: Iterable[str]) -> str | None:
        """The first name of a concept with any of the terms; labels come before synonyms."""
        any_of = frozenset(wanted)
        texts = self._texts.get((facet, value), ())
        return next((text for text, found in texts if found & any_of), None)


def names_of(concept: Concept) -> Iterator[str]:
    """Everything that a concept is called, labels first: in all languages, and its codes."""
    for names in (concept.labels, concept.alternatives):
        yield from (text.value for text in names.texts)
    yield from concept.hidden
    yield from concept.codes()
    yield concept.notation


def _terms(text: str) -> frozenset[str]:
    return frozenset(term for word in terms(text) for term in word)
