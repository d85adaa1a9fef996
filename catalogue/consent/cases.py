"""The notation of case files: one dataset's codes and one purpose, written on a line.

Codes are separated by `;`, with what they apply to after `=` and alternatives separated by
`|` or `,`. A purpose is `key=value` pairs separated by blanks; a key that is absent is a
question that was not answered. `today` is the day on which the question is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from catalogue.consent.codes import Statement
from catalogue.consent.purpose import PARAMETERS, Purpose
from catalogue.errors import BadRequest

SOURCE = "case file"
ALTERNATIVES = re.compile(r"[|,]")
KEYS = {"linkage": "link"}
AIM = re.compile(r"aim\d*")


@dataclass(frozen=True, slots=True)
class Case:
    """A purpose, and the day on which it is asked where the case says so."""

    purpose: Purpose
    today: date | None = None


def statements(codes: str) -> tuple[Statement, ...]:
    """The statements of a dataset, from `DS=MONDO:0004992;NPU;GS=NL|BE`."""
    return tuple(_statement(each) for each in codes.split(";") if each.strip())


def _statement(text: str) -> Statement:
    code, _, rest = text.partition("=")
    found = (each.strip() for each in ALTERNATIVES.split(rest))
    parameters = tuple(each for each in found if each)
    return Statement(code=code.strip(), parameters=parameters, source=SOURCE)


def case(text: str) -> Case:
    """A purpose from `aim=disease:MONDO:0005105 org=nonprofit`; raises `BadRequest`."""
    pairs = [_pair(each) for each in re.split(r"[\s;]+", text) if each]
    day = next((value for key, value in pairs if key == "today"), None)
    purpose = Purpose.from_args(pair for pair in pairs if pair[0] != "today")
    return Case(purpose, _today(day) if day else None)


def _pair(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    key = key.strip().lower()
    if not found:
        raise BadRequest(f"purpose: {text[:40]!r} is not a key=value pair")
    key = "purpose" if AIM.fullmatch(key) else KEYS.get(key, key)
    if key not in (*PARAMETERS, "today"):
        raise BadRequest(f"purpose: {key[:40]!r} is not a question that we know")
    return key, value


def _today(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(f"today: {text[:40]!r} is not a date such as 2026-01-31") from error
