"""One cell of a spreadsheet: what its text means, and how a value is written in it.

Several values in a cell stand between `|`. A value with parts is written `assay=WES;
individuals=1200`, with `,` between several values of one part; a backslash before a sign
keeps it from separating. A value that cannot be read is refused with its reason and, where we
can, with what was probably meant. Nothing is guessed: "circa 450" is no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from catalogue.model.counts import Count
from catalogue.model.genome import Condition, Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import EU_AUTHORITY, Iri
from catalogue.rdf import values
from catalogue.rdf.fields import Field, Kind
from catalogue.rdf.own_terms import named, own_vocabulary
from catalogue.rdf.sheet_columns import PRIMARY, Column, column_of, fields_of, scheme_of
from catalogue.rdf.stated import clean, node
from catalogue.terms.alias import canonical, vocabulary_of
from catalogue.terms.concept import NOT_STATED, Scheme
from catalogue.terms.search import suggest

Words = Mapping[str, str]

BELOW = re.compile(r"<\s*(\d{1,6})")
DECIMAL = re.compile(r"\d{1,12}(?:[.,]\d{1,2})?|\d{1,12}\.\d{1,6}")
TRUE = frozenset({"ja", "yes", "true", "waar", "1"})
FALSE = frozenset({"nee", "no", "false", "onwaar", "0"})
COUNTRIES = {"nl": "NLD", "be": "BEL", "de": "DEU", "fr": "FRA", "lu": "LUX", "gb": "GBR"}
"""Two-letter codes that people write for the countries of the EU's list."""


class Unreadable(Exception):
    """A text that is not what its column holds; `reason` and `suggestion` in nl and en."""

    def __init__(self, nl: str, en: str, *suggestion: str) -> None:
        super().__init__(en)
        self.reason: Words = {"nl": nl, "en": en}
        self.suggestion: Words = (
            {"nl": suggestion[0], "en": suggestion[-1]} if suggestion and suggestion[0] else {}
        )


def split(text: str, sign: str) -> list[str]:
    """The parts of a text between signs, without those that a backslash guards."""
    parts = re.findall(rf"(?:\\.|[^{re.escape(sign)}\\]|\\$)+", text, re.DOTALL)
    return [part.strip() for part in parts if part.strip()]


def bare(text: str) -> str:
    """The text without the backslashes that guarded its signs."""
    return re.sub(r"\\([|;,=+\\])", r"\1", text)


def guarded(text: str, signs: str) -> str:
    """The text with a backslash before each of the signs."""
    return re.sub(f"([{re.escape(signs)}\\\\])", r"\\\1", text)


def attribute(column: Column, text: str, cls: type[Any], sign: str = "|") -> Any:
    """The value of a field, as the model has it. Raises `Unreadable`."""
    field = column.field
    if column.inner is not None and field.cls is not None:
        return {column.inner.name: _read(column.inner, text, column.language, field.cls, sign)}
    return _read(field, text, column.language, cls, sign)


def _read(field: Field, text: str, language: str, cls: type[Any], sign: str) -> Any:
    if field.kind is Kind.TEXT:
        return LangText((Text(clean(text if sign == "|" else bare(text)), language),))
    if field.kind is Kind.NODE:
        nodes = [nested(field.cls or cls, part) for part in split(text, sign)]
        return tuple(nodes) if field.many else nested(field.cls or cls, text)
    if field.many:
        return tuple(_one(field, bare(part), language, cls) for part in split(text, sign))
    return _one(field, text if sign == "|" else bare(text), language, cls)


def _one(field: Field, text: str, language: str, cls: type[Any]) -> Any:
    if field.kind is Kind.KEYWORD:
        return Text(clean(text), language)
    scheme = scheme_of(cls, field)
    if scheme is not None:
        return concept(own_vocabulary().scheme(scheme), clean(text))
    return READERS[field.kind](clean(text))


def nested(cls: type[Any], text: str) -> Any:
    """A value with parts from one cell. Raises `Unreadable`."""
    if cls is Period:
        return period(bare(text))
    if cls is Condition:
        return condition(text)
    found: dict[str, Any] = {}
    for column, part in _parts(cls, text):
        value = attribute(column, part, cls, sign=",")
        old = found.get(column.field.name)
        joined = old.texts + value.texts if isinstance(old, LangText) else ()
        found[column.field.name] = LangText(joined) if joined else value
    return cls(**found)


def _parts(cls: type[Any], text: str) -> Iterator[tuple[Column, str]]:
    """`assay=WES; individuals=1200` as columns with their texts; or one value without a name."""
    named_parts = [_named_part(cls, part) for part in split(text, ";")]
    primary = column_of(cls, _unnamed(cls, text))
    if primary and not any(column for column, _ in named_parts):
        yield primary, text
        return
    for column, part in named_parts:
        if column is None:
            raise Unreadable(
                f"“{bare(part)}” is geen onderdeel dat hier kan staan",
                f"“{bare(part)}” is not a part that can stand here",
            )
        yield column, part


def _named_part(cls: type[Any], part: str) -> tuple[Column | None, str]:
    name, equals, value = part.partition("=")
    column = column_of(cls, name) if equals else None
    return column, value.strip() if column else part


def _unnamed(cls: type[Any], text: str) -> str:
    """What a value without parts states: a contact may be a mailbox, a page or a name."""
    name = PRIMARY.get(cls, "iri")
    if name == "email" and "@" not in text:
        return "page" if "://" in text else "name"
    return name


def period(text: str) -> Period:
    """`2015/2022-06`, `2015/` or one year or day. Raises `Unreadable`."""
    start, slash, end = (part.strip() for part in clean(text).partition("/"))
    first = _date(start) if start not in {"", ".."} else None
    last = _date(end) if end not in {"", ".."} else None
    return Period(start=first, end=last if slash else first)


def condition(text: str) -> Condition:
    """A DUO code, and after a colon and a space what it applies to. Raises `Unreadable`."""
    code, _, rest = text.partition(": ")
    term = concept(own_vocabulary().scheme("data-use"), clean(bare(code)))
    return Condition(term=term, parameters=tuple(bare(each) for each in split(rest, "+")))


def concept(scheme: Scheme, text: str) -> Iri:
    """The IRI that a code or a name means; an address of another list stays as it is."""
    found = named(scheme, _spelled(scheme, text))
    if found and found.notation != NOT_STATED:
        return found.iri
    if scheme.key == "disease" and vocabulary_of(canonical(text)):
        return canonical(text)
    if text.startswith(("http://", "https://")):
        return _iri(text)
    near = suggest(scheme, text, "nl", 3) or (list(scheme)[:-1] if len(scheme) < 12 else [])
    raise Unreadable(
        f"“{text:.60}” staat niet in de lijst “{scheme.title.value('nl') or scheme.key}”",
        f"“{text:.60}” is not in the list “{scheme.title.value('en') or scheme.key}”",
        *(" · ".join(each.label(language) for each in near) for language in ("nl", "en")),
    )


def _spelled(scheme: Scheme, text: str) -> str:
    """Languages and countries by the codes that people use."""
    if scheme.key == "language" and (known := values.language(text)):
        return f"{EU_AUTHORITY}language/{known[1]}"
    return COUNTRIES.get(text.lower(), text) if scheme.key == "country" else text


# --- kinds of values ---------------------------------------------------------------------


def _iri(text: str) -> Iri:
    found = node(text)
    if found is None:
        raise Unreadable("dit is geen webadres (https://…)", "this is no web address (https://…)")
    return Iri(found.value)


def _text(text: str) -> str:
    return text


def _number(text: str) -> int:
    digits = values.count(text)
    if digits is None or len(digits) > 15:
        raise Unreadable(
            "dit is geen heel getal; laat leeg wat onbekend is",
            "this is no whole number; leave empty what is unknown",
        )
    return int(digits)


def _count(text: str) -> Count:
    """A number, or `<10` for what is kept from the public."""
    below = BELOW.fullmatch(text)
    return Count(below=10) if below and int(below[1]) <= 10 else Count(value=_number(text))


def _decimal(text: str) -> float:
    bare_number = text.rstrip("%x× ")
    if not DECIMAL.fullmatch(bare_number):
        raise Unreadable("dit is geen getal", "this is no number")
    return float(bare_number.replace(",", "."))


def _boolean(text: str) -> bool:
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise Unreadable("vul ja of nee in", "fill in yes or no")


def _date(text: str) -> str:
    found = values.typed_date(text)
    if found is None:
        raise Unreadable(
            "deze datum is niet zeker te lezen; schrijf 2024-05-31",
            "this date cannot be read for certain; write 2024-05-31",
            "2024-05-31",
        )
    return found.value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(_date(text)[:10])
    except ValueError as error:
        raise Unreadable("vul een dag in", "fill in a day", "2024-05-31") from error


def _email(text: str) -> str:
    found = values.email(text)
    if found is None:
        raise Unreadable("dit is geen e-mailadres", "this is no e-mail address")
    return found


READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.IRI: _iri,
    Kind.LITERAL: _text,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.DAY: _day,
    Kind.EMAIL: _email,
    Kind.COUNT: _count,
    Kind.DISEASE: _text,
    Kind.IDENTIFIER: _text,
}


# --- the other direction -----------------------------------------------------------------


def written(field: Field, value: Any, cls: type[Any], language: str, sign: str = "|") -> str:
    """The cell for a field's value; concepts by their name in `language`."""
    if value is None or value == ():
        return ""
    if field.many:
        return f" {sign} ".join(_item(field, each, cls, language, sign) for each in value)
    guard = "" if sign == "|" else sign
    return _item(field, value, cls, language, guard)


def _item(field: Field, value: Any, cls: type[Any], language: str, sign: str) -> str:
    if field.kind is Kind.NODE:
        return compact(field.cls or cls, value, language)
    text = _plain(field, value, cls, language)
    signs = {"": "", "|": "|", ",": ",;|="}[sign]
    return guarded(text, signs) if signs else text


def _plain(field: Field, value: Any, cls: type[Any], language: str) -> str:
    scheme = scheme_of(cls, field)
    if scheme is not None:
        return label(own_vocabulary().scheme(scheme), value, language)
    if isinstance(value, Text):
        return value.value
    if isinstance(value, Count):
        return "<10" if value.below is not None else str(value.value)
    if isinstance(value, bool):
        return {"nl": ("nee", "ja")}.get(language, ("no", "yes"))[value]
    if isinstance(value, float):
        return f"{value:f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, date) else str(value)


def label(scheme: Scheme, iri: str, language: str) -> str:
    """The name of a concept where that says enough, else its code, else the address."""
    known = scheme.get(iri)
    if known is None:
        return iri
    name = known.label(language)
    if scheme.key == "data-use" or named(scheme, name) != known:
        return known.notation if named(scheme, known.notation) == known else iri
    return name


def compact(cls: type[Any], value: Any, language: str) -> str:
    """A value with parts in one cell, as `nested` reads it."""
    if cls is Period:
        same = value.start == value.end and value.start
        return value.start if same else f"{value.start or '..'}/{value.end or ''}"
    if cls is Condition:
        code = label(own_vocabulary().scheme("data-use"), value.term, language)
        rest = " + ".join(guarded(each, "+|,;=") for each in value.parameters)
        return f"{code}: {rest}" if rest else code
    parts = list(_stated(cls, value, language))
    only = parts[0] if len(parts) == 1 else ("", "")
    if only[0] == PRIMARY.get(cls) and column_of(cls, only[1].partition("=")[0]) is None:
        return only[1]
    return "; ".join(f"{name}={text}" for name, text in parts)


def _stated(cls: type[Any], value: Any, language: str) -> Iterator[tuple[str, str]]:
    """The parts that say something; agents' own contacts have no place in a cell."""
    for field in fields_of(cls).values():
        found = getattr(value, field.name)
        if field.kind is Kind.TEXT:
            yield from _in_languages(field.name, found)
        elif found not in (None, ()) and (field.kind is not Kind.NODE or field.cls in INLINE):
            yield field.name, written(field, found, cls, language, sign=",")


def _in_languages(name: str, texts: LangText) -> Iterator[tuple[str, str]]:
    for text in texts.texts:
        tag = f"@{text.language}" if text.language else ""
        yield f"{name}{tag}", guarded(text.value, ",;|=")


INLINE = (Period, Condition)
"""Values that have a short form of their own, also inside another."""
