"""The purpose in the address of a page, and what was filled in wrongly in its form.

A sent form is recognised by its field for a disease. A mistake in it costs only the field it is
in; in an address that was written otherwise, it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from catalogue.consent.purpose import Purpose
from catalogue.errors import BadRequest
from catalogue.web.parts import reader
from catalogue.web.present.purpose import STUDY, UNREAD, with_study

Pairs = tuple[tuple[str, str], ...]
"""Parameters of an address and their values."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose as it stands in the address.

    `unread` is what was filled in and could not be read, by its parameter; `pairs` are the
    parameters without that. When all of a sent form was read, the page has a shorter address
    (`moved`) in which every answer is in its canonical form.
    """

    purpose: Purpose
    pairs: Pairs
    unread: Mapping[str, str] = field(default_factory=dict)
    moved: bool = False


def asked() -> Asked:
    """What the address says. Raises `BadRequest` naming the parameter."""
    pairs = tuple(request.args.items(multi=True))
    typed = request.args.get(STUDY)
    if typed is None:
        return Asked(Purpose.from_args(pairs), pairs)
    pairs, unread = _read(pairs)
    purpose = Purpose.from_args(pairs)
    whole = with_study(reader(), purpose, typed)
    if whole is None:
        return Asked(purpose, pairs, {STUDY: typed, **unread})
    return Asked(whole, pairs, unread, moved=not unread)


def _read(pairs: Pairs) -> tuple[Pairs, dict[str, str]]:
    """What can be read, and by its parameter what was typed in a field and cannot."""
    unread = [each for each in pairs if each[0] in UNREAD and not _legible(*each)]
    return tuple(each for each in pairs if each not in unread), dict(unread)


def _legible(name: str, value: str) -> bool:
    try:
        Purpose.from_args([(name, value)])
    except BadRequest:
        return False
    return True
