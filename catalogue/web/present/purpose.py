"""The purpose form: what a study intends, asked without login and kept in the address only.

Every question may stay unanswered. A disease is typed as a name or a code in any spelling; what
we do not recognise is said at the field, with what may have been meant. What cannot be read in
another field is said there as well, and the rest of the form stays as it was filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from babel.core import Locale
from flask_babel import get_locale
from markupsafe import Markup

from catalogue.consent.purpose import LONGEST, MOST_MONTHS, Aim, Goal, Purpose
from catalogue.search.interpret import named
from catalogue.terms.alias import canonical, curie
from catalogue.terms.concept import Scheme
from catalogue.terms.search import suggest
from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.present.reader import Reader, clean, sentence_list

STUDY = "study"
"""The field in which a disease is typed; its answer becomes a `purpose` of the address."""

UNREAD = {
    "months": lazy_gettext(
        "“%(typed)s” is not a whole number from 0 to %(months)s, so it is left out."
    ),
    "publish_date": lazy_gettext(
        "“%(typed)s” is not a date such as 2030-01-31, so it is left out."
    ),
    "institution": lazy_gettext(
        "A name has at most %(longest)s characters, all of them visible; this one is left out."
    ),
}
"""THE table of fields that are typed in: what is said at one that we cannot read."""

AIMS = {
    Aim.DISEASE: lazy_gettext("A disease"),
    Aim.HEALTH: lazy_gettext("Health in general"),
    Aim.GENERAL: lazy_gettext("Something outside health"),
    Aim.ANCESTRY: lazy_gettext("Ancestry or population"),
    Aim.METHODS: lazy_gettext("A method or algorithm"),
    Aim.CONTROLS: lazy_gettext("Use as a control group"),
    Aim.CARE: lazy_gettext("Care for a patient"),
}
COUNTRIES = (
    "NL BE DE FR LU GB IE DK NO SE FI IS EE LV LT PL CZ SK HU AT CH LI IT MT ES PT SI HR RO BG GR "
    "CY TR UA IL US CA AU NZ JP KR CN SG IN ZA BR"
)
"""Where data are likely to be used; another country can still be put in the address."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers; the last answer is none."""

    parameter: str
    words: str
    options: tuple[Option, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeForm:
    """The form as it is filled in. `words` is the purpose in a few words, empty without one.

    `wrong` says of a field, by its parameter, why what stands there is left out.
    """

    words: str
    aims: tuple[Option, ...]
    study: str
    unknown: str
    meant: tuple[tuple[str, str], ...]
    diseases: Markup
    who: tuple[Question, ...]
    more: tuple[Question, ...]
    countries: tuple[Option, ...]
    institution: str
    months: str
    publish_date: str
    wrong: Mapping[str, str]
    opened: bool
    more_opened: bool
    clear: str
    most_months: int = MOST_MONTHS


@dataclass(frozen=True, slots=True)
class Yes:
    """A question with yes and no: its attribute, its parameter and its words."""

    attribute: str
    parameter: str
    words: str
    yes: tuple[str, str] = ("yes", "")
    no: tuple[str, str] = ("no", "")
    hint: str = ""


WHO = (
    Yes(
        "nonprofit",
        "org",
        lazy_gettext("Who are you?"),
        ("nonprofit", lazy_gettext("Non-profit organisation")),
        ("forprofit", lazy_gettext("Company")),
        lazy_gettext(
            "Without an answer, what depends on it becomes a duty or is left to the committee."
        ),
    ),
    Yes(
        "commercial",
        "use",
        lazy_gettext("Is the use commercial?"),
        ("commercial", lazy_gettext("Yes")),
        ("noncommercial", lazy_gettext("No")),
    ),
    Yes("linkage", "link", lazy_gettext("Will you link the data to other data about the people?")),
)
MORE = (
    Yes("ethics", "ethics", lazy_gettext("Do you have approval of an ethics committee?")),
    Yes("collaborates", "collab", lazy_gettext("Will you work together with the holder?")),
    Yes("publishes", "publish", lazy_gettext("Will you publish the results?")),
    Yes("returns", "return", lazy_gettext("Will you give results back to the holder?")),
    Yes("genetic", "genetic", lazy_gettext("Is it genetic research?")),
    Yes("recontact", "recontact", lazy_gettext("Do you want to contact the participants again?")),
)
"""THE tables of questions on the page: one row, one question."""


def purpose_form(
    reader: Reader,
    purpose: Purpose,
    address: Callable[[Purpose], str],
    unread: Mapping[str, str],
) -> PurposeForm:
    """The form for a purpose; `unread` is what was filled in and could not be read."""
    typed = unread.get(STUDY, "")
    disease = next((each.disease for each in purpose.goals if each.disease), "")
    return PurposeForm(
        words=purpose_words(reader, purpose),
        aims=_aims(purpose),
        study=typed or (disease_name(reader, disease) if disease else ""),
        unknown=clean(typed)[:200],
        meant=tuple(_meant(reader, purpose, typed, address)),
        diseases=_suggested(reader.scheme("disease"), reader.language),
        who=tuple(_question(each, purpose) for each in WHO),
        more=tuple(_question(each, purpose) for each in MORE),
        countries=tuple(_countries(purpose.country)),
        institution=_filled("institution", unread, purpose.institution),
        months=_filled("months", unread, purpose.months),
        publish_date=_filled("publish_date", unread, purpose.publication_date),
        wrong=dict(_wrong(unread)),
        opened=bool(unread),
        more_opened=_has_more(purpose) or not unread.keys().isdisjoint(UNREAD),
        clear=address(Purpose()),
    )


def purpose_words(reader: Reader, purpose: Purpose) -> str:
    """The purpose in a few words: "research on breast cancer, non-profit, Netherlands"."""
    return ", ".join(_phrases(reader, purpose))


def with_study(reader: Reader, purpose: Purpose, typed: str) -> Purpose | None:
    """The purpose with the disease that was typed; `None` when we do not recognise it.

    An empty field leaves "a disease" without saying which.
    """
    others = tuple(each for each in purpose.goals if each.aim is not Aim.DISEASE)
    if not typed.strip():
        bare = tuple(each for each in purpose.goals if not each.disease)
        return replace(purpose, goals=bare)
    concept = named(typed, reader.scheme("disease"))
    if concept is None:
        return None
    return replace(purpose, goals=(*others, Goal(Aim.DISEASE.value, curie(concept.iri))))


def disease_name(reader: Reader, code: str) -> str:
    """What the reader calls a disease; the code itself when we do not know it."""
    concept = reader.scheme("disease").resolve(code)
    return reader.label(concept).text if concept else clean(curie(canonical(code)))


def _aims(purpose: Purpose) -> tuple[Option, ...]:
    chosen = purpose.aims()
    return tuple(Option(aim.value, str(words), aim in chosen) for aim, words in AIMS.items())


def _question(row: Yes, purpose: Purpose) -> Question:
    answer = getattr(purpose, row.attribute)
    yes, no = row.yes[1] or gettext("Yes"), row.no[1] or gettext("No")
    options = (
        Option(row.yes[0], str(yes), answer is True),
        Option(row.no[0], str(no), answer is False),
        Option("", gettext("I do not say"), answer is None),
    )
    return Question(row.parameter, str(row.words), options, str(row.hint))


def _countries(chosen: str | None) -> Iterator[Option]:
    names = (get_locale() or Locale("en")).territories
    usual = COUNTRIES.split()
    codes = usual if chosen in {None, *usual} else [*usual, str(chosen)]
    yield Option("", gettext("I do not say"), chosen is None)
    for code in codes:
        yield Option(code, names.get(code, code), code == chosen)


@lru_cache(maxsize=8)
def _suggested(diseases: Scheme, language: str) -> Markup:
    """Every disease that we have a name for, by name: what the field suggests.

    There are a thousand and they stay the same, so they are written once.
    """
    names = sorted(filter(None, (each.label(language) for each in diseases)), key=str.lower)
    option = Markup('<option value="{}"></option>')
    return Markup("").join(option.format(each) for each in names)


def _meant(
    reader: Reader, purpose: Purpose, typed: str, address: Callable[[Purpose], str]
) -> Iterator[tuple[str, str]]:
    """(name, address) of diseases that a few letters may have meant."""
    others = tuple(each for each in purpose.goals if each.aim is not Aim.DISEASE)
    for concept in suggest(reader.scheme("disease"), typed, reader.language, 5) if typed else ():
        goals = (*others, Goal(Aim.DISEASE.value, curie(concept.iri)))
        yield reader.label(concept).text, address(replace(purpose, goals=goals))


def _filled(parameter: str, unread: Mapping[str, str], stated: date | int | str | None) -> str:
    return clean(unread.get(parameter, "" if stated is None else str(stated)))[:LONGEST]


def _wrong(unread: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(field, what is said there) of what could not be read."""
    for name in UNREAD.keys() & unread.keys():
        typed = clean(unread[name])[:LONGEST]
        yield name, str(UNREAD[name]) % {"typed": typed, "months": MOST_MONTHS, "longest": LONGEST}


def _has_more(purpose: Purpose) -> bool:
    answers = (*(getattr(purpose, each.attribute) for each in MORE),)
    rest = (purpose.months, purpose.publication_date, purpose.institution)
    return any(each is not None for each in (*answers, *rest))


def _phrases(reader: Reader, purpose: Purpose) -> Iterator[str]:
    if purpose.goals:
        yield sentence_list([_goal(reader, each) for each in purpose.goals])
    yield from _said(purpose)
    if purpose.country:
        names = (get_locale() or Locale("en")).territories
        yield names.get(purpose.country, purpose.country)
    if purpose.institution:
        yield clean(purpose.institution)
    if purpose.months is not None:
        yield gettext("for %(number)s months", number=purpose.months)
    if purpose.publication_date is not None:
        yield gettext("publication on %(date)s", date=purpose.publication_date.isoformat())
    yield from (clean(curie(each)) for each in purpose.topics)


def _goal(reader: Reader, goal: Goal) -> str:
    words = {
        Aim.DISEASE: gettext("research on a disease"),
        Aim.HEALTH: gettext("research on health"),
        Aim.GENERAL: gettext("research outside health"),
        Aim.ANCESTRY: gettext("research on ancestry"),
        Aim.METHODS: gettext("development of methods"),
        Aim.CONTROLS: gettext("use as controls"),
        Aim.CARE: gettext("care for a patient"),
    }
    if goal.disease:
        return gettext("research on %(disease)s", disease=disease_name(reader, goal.disease))
    return words[goal.aim]


def _said(purpose: Purpose) -> Iterable[str]:
    phrases: tuple[tuple[bool | None, str, str], ...] = (
        (purpose.nonprofit, gettext("non-profit"), gettext("by a company")),
        (purpose.commercial, gettext("commercial use"), gettext("no commercial use")),
        (purpose.ethics, gettext("with ethics approval"), gettext("without ethics approval")),
        (purpose.collaborates, gettext("together with the holder"), gettext("on its own")),
        (purpose.publishes, gettext("results published"), gettext("results not published")),
        (purpose.returns, gettext("results given back"), gettext("results not given back")),
        (purpose.genetic, gettext("genetic research"), gettext("no genetic research")),
        (purpose.linkage, gettext("with linkage"), gettext("without linkage")),
        (purpose.recontact, gettext("with recontact"), gettext("without recontact")),
    )
    return (yes if answer else no for answer, yes, no in phrases if answer is not None)
