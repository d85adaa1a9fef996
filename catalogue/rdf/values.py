"""Texts as people and programs write them, read as the values that RDF expects.

Every function gives `None` when it is not sure. "06/05/2009" may be June or May, "circa
450" is not a number: a guess would look as certain as a fact.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from catalogue.namespaces import XSD

_ZONE = r"(Z|[+-]\d{2}:\d{2})?"
_TIME = r"\d{2}:\d{2}:\d{2}(?:\.\d+)?"
LEXICAL = {
    "gYear": re.compile(rf"\d{{4}}{_ZONE}"),
    "gYearMonth": re.compile(rf"\d{{4}}-\d{{2}}{_ZONE}"),
    "date": re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}{_ZONE}"),
    "dateTime": re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}T{_TIME}{_ZONE}"),
}
"""How XML Schema writes each kind of date that DCAT-AP allows."""

_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SPACED = re.compile(
    rf"(\d{{4}}-\d{{2}}-\d{{2}})[ T]({_TIME}|\d{{2}}:\d{{2}}) ?(Z|UTC|[+-]\d{{2}}:?\d{{2}})?"
)
_PARTS = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]+)\.?,? (\d{4})")
_WORDS_FIRST = re.compile(r"([A-Za-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?, (\d{4})")
_MONTH_NAMES = (
    "jan januari january",
    "feb februari february",
    "mrt mar maart march",
    "apr april",
    "mei may",
    "jun juni june",
    "jul juli july",
    "aug augustus august",
    "sep sept september",
    "okt oct oktober october",
    "nov november",
    "dec december",
)
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
_PLACEHOLDER = re.compile(
    r"[YJMDHS:TZ/. -]{2,}|n/?a|none|null|unknown|onbekend|tbd|-*|\?+", re.IGNORECASE
)

_GROUPED = re.compile(r"\d{1,3}(?:([., \u00a0\u202f'])\d{3})(?:\1\d{3})*")
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")

LANGUAGES = {
    name: (tag, code)
    for tag, code, names in (
        ("en", "ENG", "en eng english engels"),
        ("nl", "NLD", "nl nld dut dutch nederlands"),
        ("de", "DEU", "de deu ger german deutsch duits"),
        ("fr", "FRA", "fr fra fre french francais frans"),
        ("fy", "FRY", "fy fry frisian frysk fries"),
        ("es", "SPA", "es spa spanish spaans"),
        ("it", "ITA", "it ita italian italiaans"),
        ("pt", "POR", "pt por portuguese portugees"),
        ("da", "DAN", "da dan danish deens"),
        ("sv", "SWE", "sv swe swedish zweeds"),
        ("no", "NOR", "no nor norwegian noors"),
        ("fi", "FIN", "fi fin finnish fins"),
        ("pl", "POL", "pl pol polish pools"),
        ("cs", "CES", "cs ces cze czech tsjechisch"),
    )
    for name in names.split()
}
"""(BCP 47 tag, code in the EU language list) by any way of naming a language."""


def typed_date(text: str) -> ox.Literal | None:
    """The date as XML Schema writes it, with its type; `None` when it is not certain.

    >>> typed_date("21-12-2021").value
    '2021-12-21'
    >>> typed_date("06/05/2009") is None
    True
    """
    text = text.strip()
    return _standard(text) or _spaced(text) or _numbers(text) or _words(text)


def is_valid_date(literal: ox.Literal) -> bool:
    """Whether the text fits the type, and the type is one for dates."""
    kind = literal.datatype.value.removeprefix(XSD)
    return kind in LEXICAL and _is(kind, literal.value)


def is_placeholder(text: str) -> bool:
    """Whether somebody left a form's hint or a word for nothing where a date belongs."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def _is(kind: str, text: str) -> bool:
    if not LEXICAL[kind].fullmatch(text):
        return False
    month = text[5:7] if kind != "gYear" else "01"
    day = text[8:10] if kind in {"date", "dateTime"} else "01"
    return _day(text[:4], month, day) is not None


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _literal(kind: str, text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


def _standard(text: str) -> ox.Literal | None:
    return next((_literal(kind, text) for kind in LEXICAL if _is(kind, text)), None)


def _spaced(text: str) -> ox.Literal | None:
    found = _SPACED.fullmatch(text)
    if found is None:
        return None
    time = found[2] if found[2].count(":") == 2 else f"{found[2]}:00"
    zone = "Z" if found[3] in {"Z", "UTC"} else found[3] or ""
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    written = f"{found[1]}T{time}{zone}"
    return _literal("dateTime", written) if _is("dateTime", written) else None


def _numbers(text: str) -> ox.Literal | None:
    """Three numbers: year first, or day and month when only one order is possible."""
    if compact := _COMPACT.fullmatch(text):
        return _as_date({_day(*compact.groups())})
    found = _PARTS.fullmatch(text)
    if found is None:
        return None
    first, _, second, third = found.groups()
    if len(first) == 4 and len(third) <= 2:
        return _as_date({_day(first, second, third)})
    if len(third) == 4 and len(first) <= 2:
        return _as_date({_day(third, second, first), _day(third, first, second)})
    return None


def _words(text: str) -> ox.Literal | None:
    if found := _WORDS.fullmatch(text):
        day, month, year = found.groups()
    elif found := _WORDS_FIRST.fullmatch(text):
        month, day, year = found.groups()
    else:
        return None
    number = _MONTHS.get(month.lower())
    return _as_date({_day(year, str(number), day)}) if number else None


def _as_date(readings: set[str | None]) -> ox.Literal | None:
    certain = readings - {None}
    return _literal("date", str(certain.pop())) if len(certain) == 1 else None


def count(text: str) -> str | None:
    """A whole number of zero or more, as digits; thousands may be grouped by one sign.

    >>> count("1.200"), count("1,200,000"), count("circa 450")
    ('1200', '1200000', None)
    """
    text = text.strip()
    if re.fullmatch(r"\+?\d+", text, re.ASCII):
        return text.lstrip("+")
    if _GROUPED.fullmatch(text):
        return re.sub(r"\D", "", text)
    return None


def whole(text: str) -> str | None:
    """The digits of a number that was typed as a fraction but has none, such as 4.5E2."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number < 0 or number != number.to_integral_value():
        return None
    return str(int(number)) if number.adjusted() < 18 else None


def language(text: str) -> tuple[str, str] | None:
    """The tag and the EU code of a language, however it is named.

    >>> language("dut"), language("en-GB"), language("Klingon")
    (('nl', 'NLD'), ('en', 'ENG'), None)
    """
    name = re.split(r"[-_]", text.strip().lower())[0]
    return LANGUAGES.get(name)


def language_tag(tag: str) -> str | None:
    """A tag as BCP 47 wants it, or `None` when no language can be recognised in it."""
    primary, *rest = tag.lower().split("-")
    known = LANGUAGES.get(primary)
    if known:
        return "-".join([known[0], *rest])
    return tag if re.fullmatch(r"[a-z]{2,3}", primary) else None


def email(text: str) -> str | None:
    """The address in a text or in an IRI that was meant to be one."""
    bare = text.strip().removeprefix("mailto:").removeprefix("MAILTO:")
    if bare.startswith(("http://", "https://")):
        bare = bare.rpartition("/")[2]
    return bare if _EMAIL.fullmatch(bare) else None
