"""How a value is put into words for one reader.

Three things never mix: a value, "not stated" (hatched), and "fewer than 10" (a lock). A text
in another language than the reader's keeps its language, so that a page can mark it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from babel.core import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_decimal
from flask_babel import format_date, format_datetime, get_locale, to_user_timezone

from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset
from catalogue.model.text import LangText
from catalogue.namespaces import PREFIXES
from catalogue.terms.concept import NOT_STATED, Concept, Scheme, Vocabulary
from catalogue.web.messages import gettext

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
STATED_DATE = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)(T.*)?)?)?$")
LINKED_SCHEMES = ("http", "https")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Shown:
    """Words ready for a page. `mark` is "", "not-stated" or "withheld"; `lang` only if foreign.

    `code` is a short identifier that follows in small type; `href` is always safe to link.
    """

    text: str
    lang: str = ""
    mark: str = ""
    href: str = ""
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A term and what is said about it."""

    label: str
    values: tuple[Shown, ...]


def not_stated() -> Shown:
    """The one way to say that nobody said."""
    return Shown(gettext("not stated"), mark="not-stated")


def capital(shown: Shown) -> Shown:
    """With a capital first letter, as at the start of a line; `mRNA` and codes stay."""
    first, second = shown.text[:1], shown.text[1:2]
    if shown.mark or shown.href or not first.islower() or second.isupper():
        return shown
    return replace(shown, text=first.upper() + shown.text[1:])


def listed(values: Iterable[Shown]) -> tuple[Shown, ...]:
    """A list of values that starts with a capital; "not stated" when it is empty."""
    first, *others = tuple(values) or (not_stated(),)
    return (capital(first), *others)


def clean(text: str) -> str:
    """Without characters that hide or reorder what is written."""
    return CONTROL.sub("", text)


@lru_cache(maxsize=4096)
def safe_link(iri: str | None) -> str:
    """The address if a browser may follow it, else nothing: `javascript:` is only text.

    >>> safe_link("https://example.org/a"), safe_link(" JaVaScRiPt:alert(1)")
    ('https://example.org/a', '')
    """
    if not iri or re.search(r"[\s\x00-\x1f<>\"]", iri):
        return ""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return ""
    return iri if parts.scheme.lower() in LINKED_SCHEMES and parts.netloc else ""


@lru_cache(maxsize=4096)
def curie(iri: str) -> str:
    """A short name for an IRI, or the IRI itself.

    >>> curie("http://purl.org/dc/terms/title")
    'dct:title'
    """
    fits = [(name, base) for name, base in PREFIXES.items() if iri.startswith(base)]
    if not fits:
        return iri
    name, base = max(fits, key=lambda pair: len(pair[1]))
    return f"{name}:{iri[len(base) :]}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads `language`, and the vocabulary that has its words."""

    language: str
    vocabulary: Vocabulary

    def text(self, value: LangText) -> Shown:
        """The best text for this reader, or "not stated"."""
        best = value.best(self.language)
        if best is None or not best.value.strip():
            return not_stated()
        return Shown(clean(best.value), lang=self.foreign(best.language))

    def foreign(self, tag: str) -> str:
        """The language tag when it is not the reader's own and is a real tag."""
        own = tag.partition("-")[0].lower() == self.language
        return "" if own or not LANGUAGE_TAG.fullmatch(tag) else tag

    def concept(self, scheme: str, iri: str | None) -> Shown:
        """The label of a concept; a code that nobody knows is shown as it was given."""
        if not iri:
            return not_stated()
        found = self.scheme(scheme).resolve(iri)
        return self.label(found) if found else Shown(clean(curie(iri)), href=safe_link(iri))

    def concepts(self, scheme: str, iris: tuple[str, ...]) -> tuple[Shown, ...]:
        """The labels of concepts, or "not stated" when there are none."""
        return listed(self.concept(scheme, each) for each in iris)

    def label(self, concept: Concept) -> Shown:
        """What this reader calls a concept."""
        return not_stated() if concept.notation == NOT_STATED else self.text(concept.labels)

    def scheme(self, key: str) -> Scheme:
        """A scheme of the vocabulary."""
        return self.vocabulary.scheme(key)

    def count(self, count: Count | None) -> Shown:
        """A number of people: a number, "fewer than 10", or "not stated". Never a guess."""
        if count is None:
            return not_stated()
        if count.value is None:
            return Shown(gettext("fewer than %(limit)s", limit=count.below), mark="withheld")
        return Shown(number(count.value))


def number(value: float) -> str:
    """A number with the thousands mark of the language."""
    return _number(value, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _number(value: float, language: str) -> str:
    return format_decimal(value, locale=language)


def day(value: date | datetime | None) -> Shown:
    """A day in words, with the month written out short."""
    return Shown(str(format_date(value, "d MMM y"))) if value is not None else not_stated()


def moment(value: datetime | None) -> Shown:
    """A day and the time in the Netherlands, with its zone; machines get UTC elsewhere."""
    if value is None:
        return not_stated()
    return _clock(value, "d MMM y, HH:mm")


def second(value: datetime) -> Shown:
    """A moment with its second, where several may fall in the same minute."""
    return _clock(value, "d MMM y, HH:mm:ss")


def _clock(value: datetime, form: str) -> Shown:
    here = to_user_timezone(value)
    return Shown(f"{format_datetime(value, form)} {here.tzname()}")


def stated_date(text: str | None) -> str:
    """A stated date in words, as precise as it was stated; as written when it is no date.

    `2020` stays a year, `2020-03` a month, and of a time only its day is told.
    """
    written = clean(text or "")
    found = STATED_DATE.match(written)
    if not found or not found["month"]:
        return written
    try:
        value = date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    except ValueError:
        return written
    return str(format_date(value, "d MMM y" if found["day"] else "MMM y"))


def sentence_list(words: Sequence[str]) -> str:
    """`a, b and c`, in the language of the page."""
    return str(format_list(list(words), locale=get_locale() or "en"))


def language_name(tag: str) -> str:
    """What the reader calls a language: `Engels`; a tag that nobody knows stays a tag."""
    try:
        name = Locale.parse(tag, sep="-").get_language_name(str(get_locale() or "en"))
    except (ValueError, UnknownLocaleError):
        return tag
    return name or tag


def years(dataset: Dataset) -> tuple[str, str] | None:
    """The first and last year that the data cover, as far as stated."""
    ends = [end[:4] for period in dataset.temporal for end in (period.start, period.end) if end]
    stated = sorted(end for end in ends if end.isdigit())
    return (stated[0], stated[-1]) if stated else None


def year_range(dataset: Dataset) -> Shown:
    """`2017–2025`, `2021`, or "not stated"."""
    found = years(dataset)
    if found is None:
        return not_stated()
    return Shown(found[0] if found[0] == found[1] else f"{found[0]}–{found[1]}")


def shortened(shown: Shown, longest: int = 240) -> Shown:
    """At most `longest` characters, cut between words."""
    if len(shown.text) <= longest:
        return shown
    cut = shown.text[:longest].rsplit(" ", 1)[0].rstrip(" ,.;:")
    return Shown(cut + " …", lang=shown.lang, mark=shown.mark)
