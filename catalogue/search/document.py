"""What the index knows of one dataset: its words, its facet values, what it is sorted by.

A document holds what its holder wrote and the codes that were given. The names and synonyms of
those codes, and of everything broader, are not copied into it: the index knows them from the
vocabulary and joins them when somebody searches, so a new synonym works at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.model.text import LANGUAGES, LangText, Text
from catalogue.namespaces import Iri
from catalogue.search.consents import People
from catalogue.search.facets import FACETS, Facts
from catalogue.terms.alias import canonical, curie
from catalogue.terms.concept import Vocabulary
from catalogue.terms.fold import fold

LONGEST_TITLE = 60
"""Characters by which titles are sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One dataset, ready to be indexed.

    `texts` are (zone, words) pairs; the zone says how much a word weighs. `facets` are the
    values as stated, without what is broader. `changed` is ISO 8601, `""` when unknown;
    `individuals` the least number that the count can mean, `-1` when not stated. `consent` are
    the conditions of every stratum with the people who consented to them.
    """

    id: str
    texts: tuple[tuple[str, str], ...] = ()
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    holder: str = ""
    holder_name: LangText = LangText()
    changed: str = ""
    individuals: int = -1
    titles: tuple[str, ...] = ("",) * len(LANGUAGES)
    consent: tuple[tuple[tuple[Condition, ...], People], ...] = (((), People(unknown=1)),)

    def to_json(self) -> str:
        """The document as JSON; `from_json` reads it back."""
        name = [[text.value, text.language] for text in self.holder_name.texts]
        values = {each: getattr(self, each) for each in self.__slots__}
        consent = [
            [[[each.term, each.parameters] for each in conditions], _numbers(people)]
            for conditions, people in self.consent
        ]
        return json.dumps(values | {"holder_name": name, "consent": consent}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> SearchDocument:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        values["texts"] = tuple((zone, words) for zone, words in values["texts"])
        values["facets"] = {name: tuple(found) for name, found in values["facets"].items()}
        values["holder_name"] = LangText(tuple(Text(*pair) for pair in values["holder_name"]))
        values["titles"] = tuple(values["titles"])
        values["consent"] = tuple(
            (tuple(Condition(term=Iri(t), parameters=tuple(p)) for t, p in conditions), People(*n))
            for conditions, n in values["consent"]
        )
        return cls(**values)


def document(  # noqa: PLR0913 - what the register knows of one record, in its order
    record_id: str,
    dataset: Dataset,
    holder_slug: str,
    holder_name: LangText,
    vocabulary: Vocabulary,
    *,
    changed: datetime | None = None,
) -> SearchDocument:
    """What the index should know of a published dataset.

    `changed` is when the catalogue saw it change; without it the holder's own date is used.
    """
    facts = Facts(dataset=dataset, holder=holder_slug, vocabulary=vocabulary)
    stated = dataset.modified or dataset.issued or ""
    return SearchDocument(
        id=record_id,
        texts=tuple(_texts(dataset, holder_name)),
        facets={facet.name: facet.of(facts) for facet in FACETS},
        holder=holder_slug,
        holder_name=holder_name,
        changed=changed.isoformat() if changed else stated,
        individuals=-1 if dataset.individuals is None else dataset.individuals.lowest,
        titles=tuple(sort_title(dataset.title, language) for language in LANGUAGES),
        consent=tuple(_consent(dataset)),
    )


def _consent(dataset: Dataset) -> Iterator[tuple[tuple[Condition, ...], People]]:
    """The strata; a single one without a number is about everybody in the dataset."""
    strata = dataset.consent or (ConsentStratum(),)
    whole = dataset.individuals if len(strata) == 1 else None
    for each in strata:
        yield _terms(each.conditions), _people(each.individuals or whole)


def _terms(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """What decides a verdict, in a fixed order, so that equal consents are judged once.

    Where a condition was read, and the words of the holder, change no verdict.
    """
    found = {(each.term, each.parameters) for each in conditions}
    return tuple(Condition(term=term, parameters=own) for term, own in sorted(found))


def _people(count: Count | None) -> People:
    return People(unknown=1) if count is None else People(count.lowest, count.highest)


def _numbers(people: People) -> list[int]:
    return [people.lowest, people.highest, people.unknown]


def sort_title(title: LangText, language: str) -> str:
    """The title as readers of `language` see it, in a form that sorts."""
    return fold(title.value(language)[:LONGEST_TITLE])


def _texts(dataset: Dataset, holder_name: LangText) -> Iterator[tuple[str, str]]:
    """The words of a dataset with their zones (see `postings.WEIGHTS`)."""
    zones = (
        ("title", dataset.title),
        ("holder", holder_name),
        ("description", dataset.description),
        ("description", dataset.population),
    )
    for zone, text in zones:
        yield from ((zone, each.value) for each in text.texts)
    yield from (("keyword", each.value) for each in dataset.keywords)
    yield from (("code", each) for each in _codes(dataset))


def _codes(dataset: Dataset) -> Iterator[str]:
    """Identifiers and codes in the form that people type: `ORPHA:227535`, a DOI."""
    yield from dataset.identifiers
    yield from dataset.other_identifiers
    for code in dataset.diseases:
        yield curie(canonical(code))
