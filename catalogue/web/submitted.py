"""What a visitor hands us to be checked: a text, a file or an address; kept by nobody."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from catalogue.errors import (
    BadRequest,
    CatalogueError,
    DescriptionError,
    LimitExceeded,
    NotFound,
    SourceError,
)
from catalogue.ingest import check
from catalogue.ingest.check import MOST_BYTES, Checker
from catalogue.rdf.media import BY_MEDIA_TYPE, from_url
from catalogue.web.messages import gettext
from catalogue.web.parts import services, settings

UNTOLD = (
    "",
    "text/plain",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
)
"""What programs say of a body of which they do not know the notation; the last is curl's."""

ROOM = 200_000
"""Bytes that a form may have besides the description."""

STATUSES: tuple[tuple[type[CatalogueError], int], ...] = (
    (LimitExceeded, 413),
    (check.NothingDescribed, 422),
    (check.AddressesOff, 403),
    (SourceError, 422),
    (DescriptionError, 400),
    (BadRequest, 400),
)
"""What is wrong with what was sent. Everything else is not the visitor's doing."""

FAULTS = tuple(kind for kind, _ in STATUSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """Bytes to check. `name` is the file or address they came from; empty for a text."""

    content: bytes
    media_type: str | None = None
    base: str
    name: str = ""

    @property
    def about(self) -> dict[str, Any]:
        """What the checker wants to know besides the bytes."""
        known = {"media_type": self.media_type, "base": self.base}
        return known | ({"name": self.name} if self.name else {})


def checker() -> Checker:
    """The checker of this site. Raises `NotFound` in a site without one."""
    found = services().checker
    if found is None:
        raise NotFound("descriptions are not checked here")
    return found


def make_room() -> None:
    """Let this one request be as large as a description may be."""
    request.max_content_length = MOST_BYTES + ROOM
    request.max_form_memory_size = MOST_BYTES + ROOM


def status_of(error: CatalogueError) -> int:
    """The HTTP status for something wrong with what was sent."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def from_form() -> Submitted:
    """What the form holds: a file, else an address, else a text. Raises `SourceError`."""
    file = request.files.get("file")
    if file is not None and file.filename:
        name = file.filename[-200:]
        with file.stream as stream:
            content = stream.read()
        return Submitted(content=content, media_type=_by_name(name), base=_base(), name=name)
    url = request.form.get("url", "").strip()
    if url:
        return from_address(url)
    return Submitted(
        content=request.form.get("text", "").encode(),
        media_type=_known(request.form.get("format")),
        base=_base(),
    )


def from_address(url: str) -> Submitted:
    """What is at an address. Raises `SourceError`, `AddressesOff` or `Busy`."""
    document = checker().fetch(url)
    return Submitted(
        content=document.content,
        media_type=document.media_type,
        base=document.final_url,
        name=document.url,
    )


def from_body() -> Submitted:
    """What the body of an API request holds: RDF, or `{"url": …}`.

    Raises `UnsupportedMediaType` for what its sender says is something else.
    """
    if request.mimetype not in BY_MEDIA_TYPE and request.mimetype not in UNTOLD:
        raise UnsupportedMediaType(gettext("Send Turtle, JSON-LD, RDF/XML or N-Triples."))
    content = request.get_data(cache=False, parse_form_data=False)
    url = _only_url(content) if request.mimetype == "application/json" else None
    if url is not None:
        return from_address(url)
    return Submitted(content=content, media_type=_known(request.mimetype), base=_base())


def _only_url(content: bytes) -> str | None:
    """The address in `{"url": …}`; any other JSON is taken to be JSON-LD."""
    try:
        said: Any = json.loads(content)
    except (ValueError, RecursionError):  # the limited parser says what is wrong with it
        return None
    if isinstance(said, dict) and set(said) == {"url"} and isinstance(said["url"], str):
        return said["url"]
    return None


def _known(media_type: str | None) -> str | None:
    return media_type if media_type in BY_MEDIA_TYPE else None


def _by_name(name: str) -> str | None:
    notation = from_url(name)
    return notation.media_type if notation else None


def _base() -> str:
    """Where relative addresses in a text lead."""
    return f"{settings().base_url}/validate/"
