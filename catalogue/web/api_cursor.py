"""Walk through everything that a question finds, a part at a time.

The order is that of the identifiers, which never change: whatever is published, changed or
withdrawn between two parts, every dataset that was there all along comes exactly once. A cursor
holds the last identifier and a digest of the question; nothing is kept here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Protocol

from flask import request

from catalogue.errors import BadRequest
from catalogue.search.request import SearchRequest

START = "*"
LONGEST = 200


class Lister(Protocol):
    """What lists all that a question finds, in order of identifier."""

    def identifiers(self, request: SearchRequest) -> list[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Walk:
    """A part: the ids in it, how many there are in all, and the cursor of what follows."""

    ids: tuple[str, ...]
    total: int
    next: str | None


def walk(search: Lister, wanted: SearchRequest, cursor: str) -> Walk:
    """The part after `cursor`. Raises `BadRequest` for a cursor of another question."""
    refuse_order()
    question = _digest(wanted)
    after = "" if cursor == START else _read(cursor, question)
    every = search.identifiers(wanted)
    start = bisect_right(every, after)
    ids = tuple(every[start : start + wanted.size])
    more = start + len(ids) < len(every)
    return Walk(ids, len(every), _written(ids[-1], question) if more else None)


def refuse_order() -> None:
    """A walk has an order of its own, so another one is refused and not ignored."""
    for name in ("page", "sort"):
        if name in request.args:
            raise BadRequest(f"{name}: not together with cursor, which has an order of its own")


def _digest(wanted: SearchRequest) -> str:
    """Of the question, whatever the size of its parts."""
    asked = replace(wanted, page=1, size=1).to_args()
    return hashlib.sha256(json.dumps(sorted(asked)).encode()).hexdigest()[:16]


def _written(last: str, question: str) -> str:
    return base64.urlsafe_b64encode(f"{question}.{last}".encode()).decode().rstrip("=")


def _read(cursor: str, question: str) -> str:
    """The identifier in a cursor of this question."""
    try:
        padded = cursor[:LONGEST].encode("ascii") + b"=" * (-len(cursor[:LONGEST]) % 4)
        asked, _, last = base64.urlsafe_b64decode(padded).decode().partition(".")
    except (ValueError, binascii.Error) as error:
        raise BadRequest(f"cursor: {cursor[:40]!r} is not one of ours; begin with *") from error
    if asked != question or not last:
        raise BadRequest("cursor: it belongs to another question; begin with *")
    return last
