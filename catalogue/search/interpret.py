"""What a visitor means who types a name or a code: "borstkanker", `ORPHA:227535`, `227535`.

Only a question that as a whole names one concept is understood so. Everything else stays a
search for words; the page offers the concept and never takes the words away unasked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalogue.search.facets import FACETS, NOT_STATED, Facet
from catalogue.search.request import SearchRequest
from catalogue.terms.concept import Concept, Scheme, Vocabulary
from catalogue.terms.fold import fold

BARE_NUMBERS = ("ORPHA:{}", "MONDO:{}", "OMIM:{}")
"""What a number without a vocabulary may be a code of; the first that is known wins."""

LABEL = 0
"""The kind of a name that is a label, not a synonym."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The concept that a question names, and the facet whose value it is."""

    facet: Facet
    concept: Concept

    def request(self, request: SearchRequest) -> SearchRequest:
        """The question for everything about the concept, in place of its words."""
        chosen = request.adding(self.facet.name, self.concept.notation)
        return replace(chosen, q="", exact=False, page=1)


def interpret(q: str, vocabulary: Vocabulary) -> Interpretation | None:
    """The disease or assay that the whole question names, or `None`."""
    text = q.strip()
    for facet in FACETS:
        if facet.named and facet.scheme and text:
            concept = named(text, vocabulary.scheme(facet.scheme))
            if concept and concept.notation != NOT_STATED:
                return Interpretation(facet, concept)
    return None


def named(text: str, scheme: Scheme) -> Concept | None:
    """By code, then by name; a name that two concepts share is not understood."""
    codes = (text.strip(), *_as_codes(text.strip()))
    found = next((each for code in codes if (each := scheme.resolve(code))), None)
    return found or _named(text, scheme)


def _as_codes(text: str) -> Iterator[str]:
    if text.isascii() and text.isdigit():
        yield from (form.format(text) for form in BARE_NUMBERS)


def _named(text: str, scheme: Scheme) -> Concept | None:
    wanted = fold(text)
    names = [(name, each) for each in scheme for name in scheme.names(each)]
    found = {each.iri: each for name, each in names if name.folded == wanted}
    labelled = [each for name, each in names if name.folded == wanted and name.kind == LABEL]
    if len(found) == 1:
        return next(iter(found.values()))
    return labelled[0] if len({each.iri for each in labelled}) == 1 else None
