"""THE table of facets: adding one is adding one row to `FACETS`.

A row says what the facet is called, in which parameter of the address it travels, where its
values get their names, how they are taken from a dataset, and how a sentence speaks of them.
Index, page, API and words all read the row. When nobody stated anything the value is
`not-stated`, which visitors can choose like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from catalogue.consent.outcome import LABELS, Verdict
from catalogue.model.dataset import Dataset
from catalogue.model.genome import Period
from catalogue.model.text import LangText, Text
from catalogue.terms.concept import Vocabulary

NOT_STATED = "not-stated"
OTHER = "other"
"""A code was stated, and it is in none of our schemes."""

FIRST_YEAR, LAST_YEAR = 1900, 2100


class ValueOrder(StrEnum):
    """In which order the values of a facet are listed; not stated is always last.

    In the order of the vocabulary all values are listed that any dataset has; in the other
    orders, which are for long lists, those that some dataset of the answer has.
    """

    COUNT = "count"
    VOCABULARY = "vocabulary"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a facet may look at: the public dataset, the slug of its holder, the vocabulary."""

    dataset: Dataset
    holder: str
    vocabulary: Vocabulary

    def notations(self, scheme: str, codes: Iterable[str | None]) -> Iterator[str]:
        """The notation of each code, `other` for one that the scheme does not know."""
        known = self.vocabulary.scheme(scheme)
        for code in codes:
            if code:
                found = known.nearest(code)
                yield found[0].notation if found else OTHER


def both(en: str, nl: str) -> LangText:
    """The same words in the two languages of the website."""
    return LangText((Text(en, "en"), Text(nl, "nl")))


GENERAL_VALUES = {
    NOT_STATED: both("not stated", "niet vermeld"),
    OTHER: both("other", "overig"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One row of the table.

    `phrase` joins the values to a sentence that begins with "Datasets"; `noun` is what was not
    stated when nothing was, where that is not simply the label in lower case. `named` lets the
    names and codes of its concepts be found by typing them. `exact` lets a visitor leave out
    what is narrower (`exact=1`), and shows what is a little broader beside the answer.
    """

    name: str
    label: LangText
    phrase: LangText
    values: Callable[[Facts], Iterable[str]]
    scheme: str | None = None
    fixed: Mapping[str, LangText] = field(default_factory=dict)
    hierarchical: bool = False
    named: bool = False
    exact: bool = False
    noun: LangText = LangText()
    order: ValueOrder = ValueOrder.VOCABULARY
    parameter: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameter", self.parameter or self.name)

    def of(self, facts: Facts) -> tuple[str, ...]:
        """The values of a dataset, each once, in the order in which they were stated."""
        return tuple(dict.fromkeys(self.values(facts))) or (NOT_STATED,)

    def value_label(self, value: str, vocabulary: Vocabulary) -> LangText:
        """What to call a value; the value itself when nobody gave it a name."""
        found = vocabulary.scheme(self.scheme).by_notation(value) if self.scheme else None
        if found:
            return found.labels
        return self.fixed.get(value) or GENERAL_VALUES.get(value) or LangText((Text(value),))


def diseases(facts: Facts) -> Iterator[str]:
    """Every disease code, or the nearest broader one that we know (C50.4: breast cancer)."""
    return facts.notations("disease", facts.dataset.diseases)


def assays(facts: Facts) -> Iterator[str]:
    """The assays stated in short and those of the groups."""
    groups = (group.assay for group in facts.dataset.assay_groups)
    return facts.notations("assay", (*facts.dataset.assays, *groups))


def consent(facts: Facts) -> Iterator[str]:
    """The permissions and modifiers of every stratum; a stratum without any is not stated."""
    for stratum in facts.dataset.consent:
        if not stratum.conditions:
            yield NOT_STATED
        yield from facts.notations("data-use", (each.term for each in stratum.conditions))


def organisation(facts: Facts) -> Iterator[str]:
    """The organisation that holds the data."""
    if facts.holder:
        yield facts.holder


def access(facts: Facts) -> Iterator[str]:
    """How open the data are."""
    return facts.notations("accessibility", (facts.dataset.accessibility,))


def linkage(facts: Facts) -> Iterator[str]:
    """What the data can be linked to; what they may not be linked to does not count as such."""
    for each in facts.dataset.linkages:
        status = next(facts.notations("linkage-status", (each.status,)), NOT_STATED)
        if status == "not-allowed":
            yield status
        else:
            yield from facts.notations("linkage-target", (each.target,))


def one_mg(facts: Facts) -> Iterator[str]:
    """The 1+MG status, one of the things that a dataset may conform to."""
    found = facts.notations("one-mg", facts.dataset.conforms_to)
    return (value for value in found if value != OTHER)


def years(facts: Facts) -> Iterator[str]:
    """Every year that the data cover, not the year of publication: that says something else."""
    latest = _year(facts.dataset.modified) or _year(facts.dataset.issued)
    for period in facts.dataset.temporal:
        yield from map(str, _covered(period, latest))


def individuals(facts: Facts) -> Iterator[str]:
    """The band of the number of individuals."""
    count = facts.dataset.individuals
    if count is not None:
        yield next(band for least, band in BANDS if count.lowest >= least)


BANDS = (
    (10_000, "10000-plus"),
    (1_000, "1000-9999"),
    (100, "100-999"),
    (10, "10-99"),
    (0, "fewer-than-10"),
)


def _covered(period: Period, latest: int | None) -> range:
    """The years of a period; one without an end runs until the description was last changed."""
    end = _year(period.end)
    start = _year(period.start) or end
    if start is None:
        return range(0)
    return range(start, max(start, end or latest or start) + 1)


def _year(stated: str | None) -> int | None:
    """The year in ISO 8601 text; `None` when there is none, or none that can be right."""
    text = (stated or "").strip()[:4]
    year = int(text) if len(text) == 4 and text.isascii() and text.isdigit() else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


FACETS: tuple[Facet, ...] = (
    Facet(
        name="disease",
        label=both("Disease", "Ziekte"),
        phrase=both("about", "over"),
        values=diseases,
        scheme="disease",
        hierarchical=True,
        named=True,
        exact=True,
        order=ValueOrder.COUNT,
    ),
    Facet(
        name="assay",
        label=both("Sequencing type", "Soort sequencing"),
        noun=both("sequencing type", "sequencing"),
        phrase=both("with", "met"),
        values=assays,
        scheme="assay",
        hierarchical=True,
        named=True,
    ),
    Facet(
        name="consent",
        label=both("Consent", "Toestemming"),
        phrase=both("whose consent includes", "met in de toestemming"),
        values=consent,
        scheme="data-use",
    ),
    Facet(
        name="access",
        label=both("Access", "Toegang"),
        phrase=both("with access:", "met toegang:"),
        values=access,
        scheme="accessibility",
    ),
    Facet(
        name="linkage",
        label=both("Linkable to", "Te koppelen aan"),
        phrase=both("linkable to", "te koppelen aan"),
        values=linkage,
        scheme="linkage-target",
        noun=both("linkage", "koppeling"),
        fixed={"not-allowed": both("linkage not allowed", "koppelen niet toegestaan")},
    ),
    Facet(
        name="organisation",
        label=both("Organisation", "Organisatie"),
        phrase=both("held by", "in beheer bij"),
        values=organisation,
        order=ValueOrder.COUNT,
    ),
    Facet(
        name="individuals",
        label=both("Individuals", "Personen"),
        phrase=both("with this number of individuals:", "met dit aantal personen:"),
        values=individuals,
        scheme="band",
    ),
    Facet(
        name="year",
        label=both("Years of the data", "Jaren van de gegevens"),
        phrase=both("with data from", "met gegevens uit"),
        values=years,
        order=ValueOrder.NEWEST,
    ),
    Facet(
        name="onemg",
        label=both("1+MG status", "1+MG-status"),
        noun=both("1+MG status", "1+MG-status"),
        phrase=both("with 1+MG status", "met 1+MG-status"),
        values=one_mg,
        scheme="one-mg",
    ),
)


def asked_only(facts: Facts) -> Iterator[str]:  # noqa: ARG001 - a facet's signature
    """Nothing: the values follow from what the visitor asks, not from the dataset alone."""
    return iter(())


FIT = Facet(
    name="fits",
    label=both("Consent fits my purpose", "Toestemming past bij mijn doel"),
    phrase=both("whose consent, for this purpose:", "met toestemming die bij dit doel:"),
    values=asked_only,
    fixed={each.value: LABELS[each] for each in Verdict},
)
"""The facet that exists once a visitor states a purpose: the five verdicts, best first."""

EVERY = (FIT, *FACETS)
"""All facets that an address may name."""

BY_NAME: Mapping[str, Facet] = {facet.name: facet for facet in EVERY}
