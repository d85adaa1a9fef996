"""One dataset in short: what a result, a list and the API say about it.

The four facts have a fixed order (individuals, sequencing, disease, years). The consent is what
was recorded, group by group: conditions of different groups of people are never put together,
because together they would say something that nobody agreed to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalogue.model.dataset import Dataset
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.register.records import Published
from catalogue.terms.alias import canonical, curie
from catalogue.terms.concept import NOT_STATED
from catalogue.web.messages import gettext, ngettext
from catalogue.web.present.reader import (
    Reader,
    Row,
    Shown,
    capital,
    clean,
    day,
    listed,
    not_stated,
    number,
    shortened,
    year_range,
)
from catalogue.web.present.reader import curie as prefixed

PERMISSION, RESTRICTION, DUTY = "permission", "restriction", "duty"
PERMISSIONS = frozenset(("NRES", "GRU", "HMB", "DS", "POA", "CC"))
ALLOWANCES = frozenset(("linkage-allowed", "recontact-allowed"))
DUTIES = frozenset(("PUB", "COL", "IRB", "RTN"))
"""Every other term narrows what may be done; so does one that we do not know."""


@dataclass(frozen=True, slots=True)
class Pill:
    """One recorded condition of use: its code, its plain words, and what it applies to.

    `term` is the notation of the concept, empty for one that we do not know.
    """

    code: str
    words: Shown
    explanation: str = ""
    parameters: tuple[Shown, ...] = ()
    term: str = ""

    @property
    def kind(self) -> str:
        """Whether it allows something, asks for something, or narrows what is allowed."""
        if self.term in PERMISSIONS | ALLOWANCES:
            return PERMISSION
        return DUTY if self.term in DUTIES else RESTRICTION


@dataclass(frozen=True, slots=True)
class ConsentGroup:
    """The people who agreed to the same; without pills it is not stated to what.

    `name` is the holder's, or a number among the groups of the dataset.
    """

    name: Shown
    individuals: Shown
    pills: tuple[Pill, ...]

    @property
    def terms(self) -> frozenset[str]:
        """The notations of its conditions; an unknown one is the empty text."""
        return frozenset(each.term for each in self.pills)


@dataclass(frozen=True, slots=True)
class Matched:
    """Why a dataset was found when its own words do not show it: `words`, then `of` in bold."""

    words: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A dataset in short."""

    id: str
    iri: str
    title: Shown
    holder: Shown
    holder_slug: str
    description: Shown
    facts: tuple[Row, ...]
    consent: tuple[ConsentGroup, ...]
    access: Shown
    answer_time: Shown
    checked: Shown
    matched: Matched | None = None


def card(reader: Reader, published: Published, matched: Matched | None = None) -> Card:
    """The short form of a published dataset."""
    dataset, record = dataset_of(published), published.record
    return Card(
        id=record.id,
        iri=record.iri,
        title=title(reader, dataset, record.id),
        holder=reader.text(record.holder.name),
        holder_slug=record.holder.slug,
        description=shortened(reader.text(dataset.description)),
        facts=facts(reader, dataset),
        consent=consent_groups(reader, dataset),
        access=access(reader, dataset),
        answer_time=answer_time(dataset),
        checked=day(record.last_seen),
        matched=matched,
    )


def dataset_of(published: Published) -> Dataset:
    """The value of a published dataset, as such."""
    if not isinstance(published.value, Dataset):
        raise TypeError(f"{published.record.iri} is not a dataset")
    return published.value


def title(reader: Reader, dataset: Dataset, id_: str) -> Shown:
    """Its title; a dataset without one is called by its identifier."""
    shown = reader.text(dataset.title)
    return Shown(gettext("Dataset %(id)s", id=id_)) if shown.mark else shown


def facts(reader: Reader, dataset: Dataset) -> tuple[Row, ...]:
    """The four facts, in their fixed order."""
    return (
        Row(gettext("Individuals"), (reader.count(dataset.individuals),)),
        Row(gettext("Sequencing"), sequencing(reader, dataset)),
        Row(gettext("Disease"), diseases(reader, dataset)),
        Row(gettext("Years"), (year_range(dataset),)),
    )


def assays(reader: Reader, dataset: Dataset) -> tuple[Shown, ...]:
    """Its assays by their full name, each once."""
    grouped = (group.assay for group in dataset.assay_groups if group.assay)
    iris = dict.fromkeys((*grouped, *dataset.assays))
    return tuple(reader.concept("assay", iri) for iri in iris) or (not_stated(),)


def sequencing(reader: Reader, dataset: Dataset) -> tuple[Shown, ...]:
    """Its assays, each once, with the depth where stated."""
    depth = {group.assay: group.coverage for group in dataset.assay_groups if group.assay}
    iris = dict.fromkeys([*depth, *dataset.assays])
    return listed(
        _with_depth(abbreviated(reader.concept("assay", iri)), depth.get(iri)) for iri in iris
    )


def abbreviated(shown: Shown) -> Shown:
    """The abbreviation that a label ends with, where it has one: `WGS`."""
    found = re.search(r"\(([A-Z]{2,5})\)$", shown.text)
    return replace(shown, text=found[1]) if found else shown


def diseases(reader: Reader, dataset: Dataset) -> tuple[Shown, ...]:
    """Its diseases by name, each once; a code that we do not know is shown as a code."""
    return listed(shown for _, shown in each_disease(reader, dataset))


def each_disease(reader: Reader, dataset: Dataset) -> tuple[tuple[str, Shown], ...]:
    """The codes of its diseases with their names; several codes of one concept count once.

    A code that means exactly the concept is preferred to one that lies within it.
    """
    found: dict[str, tuple[str, Shown]] = {}
    for code in dataset.diseases:
        near = reader.scheme("disease").nearest(code)
        key = near[0].iri if near else canonical(code)
        if key not in found or (near is not None and near[1]):
            found[key] = (code, _disease(reader, code))
    return tuple(found.values())


def consent_groups(reader: Reader, dataset: Dataset) -> tuple[ConsentGroup, ...]:
    """Its groups of people in the order of the description; empty when nothing was stated."""
    several = len(dataset.consent) > 1
    return tuple(
        ConsentGroup(
            group_name(reader, stratum, place if several else 0),
            reader.count(stratum.individuals),
            pills(reader, stratum.conditions),
        )
        for place, stratum in enumerate(dataset.consent, start=1)
    )


def group_name(reader: Reader, stratum: ConsentStratum, place: int) -> Shown:
    """What its holder calls a group; without a name it is numbered, or just "consent group"."""
    title = reader.text(stratum.label)
    if not title.mark:
        return title
    if place:
        return Shown(gettext("Consent group %(number)s", number=place))
    return Shown(gettext("Consent group"))


def all_conditions(dataset: Dataset) -> tuple[Condition, ...]:
    """The conditions of every stratum, each term once: to filter by, never to read as one."""
    found = {each.term: each for stratum in dataset.consent for each in stratum.conditions}
    return tuple(found.values())


def pills(reader: Reader, conditions: Iterable[Condition]) -> tuple[Pill, ...]:
    """Conditions with their words; empty means that consent is not stated."""
    found = (_pill(reader, each) for each in conditions)
    return tuple(each for each in found if each is not None)


def access(reader: Reader, dataset: Dataset) -> Shown:
    """How open it is: our own scale where stated, else the European access right."""
    if dataset.accessibility:
        return capital(reader.concept("accessibility", dataset.accessibility))
    return capital(reader.concept("eu", dataset.access_rights))


def answer_time(dataset: Dataset) -> Shown:
    """How long an answer takes, as the holder states it."""
    weeks = dataset.weeks_to_access
    if weeks is None:
        return not_stated()
    if weeks == 0:
        return Shown(gettext("less than a week"))
    return Shown(ngettext("about %(num)d week", "about %(num)d weeks", weeks))


def _with_depth(shown: Shown, coverage: float | None) -> Shown:
    if coverage is None:
        return shown
    return Shown(f"{shown.text}, {number(coverage)}×", lang=shown.lang, href=shown.href)


def _disease(reader: Reader, code: str) -> Shown:
    found = reader.scheme("disease").nearest(code)
    known = clean(prefixed(curie(canonical(code))))
    if found is None:
        return Shown(known)
    concept, exact = found
    label = reader.label(concept)
    if exact or label.mark:
        return label
    return Shown(label.text, lang=label.lang, code=known)


def _pill(reader: Reader, condition: Condition) -> Pill | None:
    concept = reader.scheme("data-use").resolve(condition.term)
    parameters = tuple(parameter(reader, each) for each in condition.parameters)
    if concept is None:
        unknown = Shown(gettext("A code that we do not know"))
        return Pill(clean(condition.term)[:120], unknown, "", parameters)
    if concept.notation.endswith(NOT_STATED):
        return None
    definition = concept.definition.value(reader.language)
    code = concept.notation if concept.notation.isupper() else ""
    return Pill(code, capital(reader.label(concept)), definition, parameters, concept.notation)


def parameter(reader: Reader, text: str) -> Shown:
    """What a condition applies to: a disease, a country, or the text as given."""
    for key in ("disease", "country", "eu"):
        if (found := reader.scheme(key).resolve(text)) is not None:
            return reader.label(found)
    return Shown(clean(text)[:200])
