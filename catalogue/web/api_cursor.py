"""Walk through a list a part at a time: the datasets that a search finds, and every other list.

The order is that of the identifiers, which never change: whatever is published, changed or
withdrawn between two parts, all that was there all along comes exactly once. A cursor holds the
last identifier and a digest of the question; nothing is kept here. A list that is no search
begins at its beginning when there is no cursor, so that a short one is had in one go.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, request

from catalogue.errors import BadRequest
from catalogue.search.request import SearchRequest
from catalogue.web.api_answers import only
from catalogue.web.openapi_parts import LARGEST_SIZE, USUAL_SIZE
from catalogue.web.parts import settings

START = "*"
LONGEST = 1000
LARGEST_NUMBER = 2**63 - 1
PARAMETERS = ("cursor", "size", "fields")
"""Which every list takes."""
T = TypeVar("T")


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


# --- lists that are no search -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What follows `after` of a list, at most `size`. `question` tells lists apart."""

    after: str
    size: int
    question: str

    @property
    def number(self) -> int | None:
        """`after` in a list that is kept by number; `None` at its beginning."""
        if not self.after:
            return None
        if not _is_number(self.after):
            raise BadRequest("cursor: it belongs to another question; begin with *")
        return int(self.after)


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part of a list. `total` is `None` where nobody counts; `last` when nothing follows."""

    items: Sequence[T]
    last: str | None
    total: int | None = None


def asked() -> Asked:
    """Which part the request wants. Raises `BadRequest` for a cursor of another list."""
    said = {k: v for k, v in request.args.to_dict(flat=False).items() if k not in PARAMETERS}
    question = _hash([request.path.replace("/api/v1/", "/api/"), *sorted(said.items())])
    cursor = request.args.get("cursor", START)
    after = "" if cursor == START else _read(cursor, question)
    return Asked(after, _size(), question)


def part(every: Iterable[T], key: Callable[[T], str], wanted: Asked) -> Part[T]:
    """That part of a list that is known as a whole, in order of its keys."""
    ordered = sorted(every, key=key)
    start = bisect_right(ordered, wanted.after, key=key)
    return cut(ordered[start : start + wanted.size + 1], key, wanted, len(ordered))


def cut(
    found: Sequence[T], key: Callable[[T], str], wanted: Asked, total: int | None = None
) -> Part[T]:
    """A part of what was found in order, which is one more than was asked for if more follows."""
    items = found[: wanted.size]
    more = len(found) > wanted.size
    return Part(items, _written(key(items[-1]), wanted.question) if more else None, total)


def answer(
    name: str,
    found: Part[T],
    write: Callable[[T], dict[str, Any]],
    fields: tuple[str, ...] | None,
    **more: Any,
) -> Response:
    """The part as JSON, with where the next one begins in it and in its header."""
    items = [only(write(each), fields) for each in found.items]
    response = jsonify(**more, **{name: items}, total=found.total, next=found.last)
    if found.last:
        response.headers["Link"] = following(found.last)
    return response


def following(place: str, parameter: str = "cursor") -> str:
    """The `Link` to the same question from a cursor, or page, on (RFC 8288)."""
    told = {**request.args.to_dict(flat=False), parameter: [place]}
    return f'<{settings().base_url}{request.path}?{urlencode(told, doseq=True)}>; rel="next"'


def _size() -> int:
    text = request.args.get("size", str(USUAL_SIZE))
    if not _is_number(text) or not 1 <= int(text) <= LARGEST_SIZE:
        raise BadRequest(f"size: {text[:40]!r} is not a whole number from 1 to {LARGEST_SIZE}")
    return int(text)


def _is_number(text: str) -> bool:
    """Whether a text writes a whole number that a database can be asked for."""
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_NUMBER


# --- cursors ------------------------------------------------------------------------------


def _digest(wanted: SearchRequest) -> str:
    """Of the question, whatever the size of its parts."""
    return _hash(sorted(replace(wanted, page=1, size=1).to_args()))


def _hash(question: Any) -> str:
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()[:16]


def _written(last: str, question: str) -> str:
    return base64.urlsafe_b64encode(f"{question}.{last}".encode()).decode().rstrip("=")


def _read(cursor: str, question: str) -> str:
    """The identifier in a cursor of this question."""
    try:
        padded = cursor[:LONGEST].encode("ascii") + b"=" * (-len(cursor[:LONGEST]) % 4)
        about, _, last = base64.urlsafe_b64decode(padded).decode().partition(".")
    except (ValueError, binascii.Error) as error:
        raise BadRequest(f"cursor: {cursor[:40]!r} is not one of ours; begin with *") from error
    if about != question or not last:
        raise BadRequest("cursor: it belongs to another question; begin with *")
    return last
