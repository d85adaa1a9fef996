"""The notation of case files: one dataset's codes and one purpose, written on a line.

Codes are separated by `;`, with what they apply to after `=` and alternatives separated by
`|` or `,`. A purpose is `key=value` pairs separated by blanks; a value may hold blanks. A key
that is absent, or `unknown`, is a question that was not answered. `today` is the day on which
the question is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from catalogue.consent.codes import DUO_NUMBERS, Statement, names
from catalogue.consent.purpose import PARAMETERS, Purpose
from catalogue.errors import BadRequest
from catalogue.terms.concept import grouped

SOURCE = "case file"
ALTERNATIVES = re.compile(r"[|,]")
PAIRS = re.compile(r"[\s;,]+(?=\w+\s*=)|\s*;\s*")
KEYS = {"linkage": "link"}
NOT_ASKED = frozenset({"project", "user"})
"""Answers that no rule can use: whether a project or a person is approved, the holder knows."""
MANY = frozenset({"purpose", "topic", *NOT_ASKED})
UNANSWERED = frozenset({"", "unknown", "onbekend", "?"})
"""Ways to leave a question open in so many words."""
AIM = re.compile(r"(?:aim|purpose)\d*")
TERMS = frozenset({*DUO_NUMBERS, "NO-LINKAGE", "NO-RECONTACT", "FG:0000743", "NCIT:C15424"})
PLACES = frozenset({"GS"})
"""Terms whose parameters look like terms: IS, US, PS, RS and CC are countries too."""


@dataclass(frozen=True, slots=True)
class Case:
    """A purpose, and the day on which it is asked where the case says so."""

    purpose: Purpose
    today: date | None = None


def statements(codes: str) -> tuple[Statement, ...]:
    """The statements of a dataset, from `DS=MONDO:0004992;NPU;GS=NL|BE`."""
    return tuple(found for each in codes.split(";") if each.strip() for found in _stated(each))


def _stated(text: str) -> Iterator[Statement]:
    """One code with its parameters; a list of codes with commas is a list of codes.

    A parameter that is itself a term was meant as one: a restriction must not be read as one
    more alternative.
    """
    code, equals, rest = text.partition("=")
    parts = tuple(each.strip() for each in ALTERNATIVES.split(rest if equals else text))
    given = [each for each in parts if each]
    places = names(code.strip())[0] in PLACES
    terms = [] if places and equals else [each for each in given if is_term(each)]
    if equals:
        yield _statement(code, *(each for each in given if each not in terms))
    elif terms != given:
        yield _statement(text)
        return
    yield from (_statement(each) for each in terms)


def _statement(code: str, *parameters: str) -> Statement:
    return Statement(code=code.strip(), parameters=parameters, source=SOURCE)


def is_term(text: str) -> bool:
    """Whether the text spells a permission or a condition, in any way that we read."""
    return all(name in TERMS for name in names(text))


def case(text: str) -> Case:
    """A purpose from `aim=disease:MONDO:0005105 org=nonprofit`; raises `BadRequest`."""
    read = (_pair(each) for each in PAIRS.split(text.strip()) if each.strip())
    pairs = [(key, value) for key, value in read if value.casefold() not in UNANSWERED]
    _said_once(pairs)
    day = next((value for key, value in pairs if key == "today"), None)
    purpose = Purpose.from_args(pair for pair in pairs if pair[0] in PARAMETERS)
    return Case(purpose, _today(day) if day else None)


def _said_once(pairs: list[tuple[str, str]]) -> None:
    """Two answers to one question are no answer: the second must not get lost."""
    for key, values in grouped(dict.fromkeys(pairs)).items():
        if key not in MANY and len(values) > 1:
            raise BadRequest(f"purpose: {key} has more than one answer: {', '.join(values)[:80]}")


def _pair(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    key = key.strip().lower()
    if not found:
        raise BadRequest(f"purpose: {text[:40]!r} is not a key=value pair")
    key = "purpose" if AIM.fullmatch(key) else KEYS.get(key, key)
    if key not in (*PARAMETERS, *NOT_ASKED, "today"):
        raise BadRequest(f"purpose: {key[:40]!r} is not a question that we know")
    return key, value.strip().strip("\"'")


def _today(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(f"today: {text[:40]!r} is not a date such as 2026-01-31") from error
