"""A question in plain words: "Datasets about breast cancer or any subtype, with WGS or WES".

The sentence comes in parts, so that a page can set what the visitor chose in bold; joined
without anything between them, the parts are the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from catalogue.model.text import LANGUAGES, LangText
from catalogue.search.facets import BY_NAME, NOT_STATED, Facet, both
from catalogue.search.request import SearchRequest

Label = Callable[[str, str], LangText]
"""(facet, value) → what to call it: `Index.label`."""

ALL = both("All datasets", "Alle datasets")
DATASETS = both("Datasets", "Datasets")
OR = both(" or ", " of ")
COMMA = both(", ", ", ")
SUBTYPES = both(" or any subtype", " of een subtype daarvan")
EXACTLY = both(", without subtypes", ", zonder subtypen")
OR_SILENT = both(", or ", ", of ")
NOT_STATED_OF = both("with {} not stated", "zonder vermelding van {}")
CONTAINING = both("with the words ", "met de woorden ")
QUOTED = both("“{}”", "‘{}’")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sentence; `chosen` when it is what the visitor chose or typed."""

    text: str
    chosen: bool = False


def explain(request: SearchRequest, language: str, label: Label) -> tuple[Part, ...]:
    """The question in words, for readers of `language` (one of `LANGUAGES`)."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    clauses = [_clause(BY_NAME[name], request, language, label) for name in request.selected]
    if request.q:
        quoted = Part(QUOTED.value(language).format(request.q), chosen=True)
        clauses.append([Part(CONTAINING.value(language)), quoted])
    if not clauses:
        return (Part(ALL.value(language)),)
    return (Part(DATASETS.value(language) + " "), *_joined(clauses, COMMA.value(language)))


def sentence(request: SearchRequest, language: str, label: Label) -> str:
    """The question in words, as one text: for titles, feeds and the API."""
    return "".join(part.text for part in explain(request, language, label))


def _clause(facet: Facet, request: SearchRequest, language: str, label: Label) -> list[Part]:
    """One facet: "about breast cancer or any subtype", or "with disease not stated"."""
    chosen = request.chosen(facet.name)
    stated = [
        Part(label(facet.name, value).value(language), chosen=True)
        for value in chosen
        if value != NOT_STATED
    ]
    parts: list[Part] = []
    if stated:
        parts.append(Part(facet.phrase.value(language) + " "))
        parts += _joined([[part] for part in stated], OR.value(language))
        parts += _depth(facet, request, language)
    if NOT_STATED in chosen:
        parts += [Part(OR_SILENT.value(language))] if parts else []
        parts.append(_silence(facet, language))
    return parts


def _depth(facet: Facet, request: SearchRequest, language: str) -> list[Part]:
    """Whether narrower values are meant too, where a visitor can say so."""
    if not facet.exact:
        return []
    return [Part((EXACTLY if request.exact else SUBTYPES).value(language), request.exact)]


def _silence(facet: Facet, language: str) -> Part:
    """The facet, not stated: "with sequencing type not stated"."""
    name = facet.noun.value(language) or facet.label.value(language).lower()
    text = NOT_STATED_OF.value(language).format(name)
    return Part(text, chosen=True)


def _joined(groups: Sequence[Sequence[Part]], between: str) -> Iterator[Part]:
    for place, group in enumerate(groups):
        if place:
            yield Part(between)
        yield from group
