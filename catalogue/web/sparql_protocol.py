"""A request as the SPARQL 1.1 Protocol reads it: the query, its dataset, its form, its patience.

Surprising to some clients: a parameter that has two values where one is meant is refused and
not guessed at, and nothing that could be an update is looked at further.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote_to_bytes

from flask import request
from werkzeug.exceptions import Forbidden, UnsupportedMediaType

from catalogue.errors import BadRequest
from catalogue.store.formats import FORMATS
from catalogue.web import negotiate

MANY_ESCAPES: Final = 8_000
"""Characters written as `%XX` beyond which decoding takes longer than answering a small query."""
ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
BEYOND_ASCII: Final = re.compile(rb"%[89A-Fa-f]")
DIRECT: Final = "application/sparql-query"
FORM: Final = "application/x-www-form-urlencoded"
FORMS: Final = (FORM, "multipart/form-data")
UPDATE: Final = "application/sparql-update"
DOWNLOAD: Final = "yes"
SAFE: Final = "safe"
UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query with what the request says beside it.

    `seconds` is the deadline that the client wants, `None` when it does not say. `safe`: a
    spreadsheet will open the CSV, and must find no formula in it. `download`: a browser keeps
    the answer as a file.
    """

    query: str
    accept: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    seconds: float | None = None
    safe: bool = False
    download: bool = False

    def digest(self, state: str) -> str:
        """A short name for the answer to this question when the content has this name."""
        parts = (state, self.accept, *map(repr, (self.default_graphs, self.named_graphs)))
        text = "\0".join((*parts, str(self.safe), self.query))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_question() -> Asked | None:
    """The query of this request, in any of the three forms of the protocol (§2.1).

    `None` when it asks nothing at all. Raises `BadRequest`, `Forbidden` for an update, and
    `UnsupportedMediaType` for a body in another form.
    """
    _check_letters()
    _refuse_updates()
    if request.method != "POST":
        return _asked(request.args.getlist("query"))
    if "query" in request.args:
        raise BadRequest("query: it belongs in the body of a POST, not also in the address")
    if request.mimetype not in (DIRECT, *FORMS):
        raise UnsupportedMediaType(f"Send {FORM} or {DIRECT}.")
    _check_charset()
    if request.mimetype == DIRECT:
        return _asked([_text(request.get_data())])
    return _asked(request.form.getlist("query")) or _without_query()


def takes_long_to_decode() -> bool:
    """Whether so much of the request is escaped."""
    body = request.get_data(cache=True) if request.mimetype == FORM else b""
    return max(text.count(b"%") for text in (request.query_string, body)) > MANY_ESCAPES


def _without_query() -> Asked:
    raise BadRequest("query: the form has no query")


def _check_letters() -> None:
    """Before the framework reads them: it keeps what is no UTF-8 as `%FF`, and we refuse it."""
    _check_escaped(request.query_string)
    if request.mimetype == FORM:
        _check_escaped(request.get_data(cache=True))


def _check_escaped(text: bytes) -> None:
    """Decoded only where it could fail: that takes a while for 40,000 braces."""
    if not text.isascii() or BEYOND_ASCII.search(text):
        _text(unquote_to_bytes(text))


def _check_charset() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in UTF_8:
        raise UnsupportedMediaType(f"A query is sent as UTF-8, not as {charset[:40]!r}.")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"query: it is not UTF-8 (byte {error.start + 1})") from error


def _refuse_updates() -> None:
    form = request.method == "POST" and request.mimetype in FORMS
    stated = "update" in request.args or (form and "update" in request.form)
    if stated or request.mimetype == UPDATE:
        raise Forbidden("This endpoint answers queries only; updates are refused.")


def _asked(queries: Sequence[str]) -> Asked | None:
    if not queries:
        return None
    if len(queries) > 1:
        raise BadRequest("query: it is given more than once")
    return Asked(
        query=queries[0],
        accept=_accept(),
        default_graphs=_graphs("default-graph-uri"),
        named_graphs=_graphs("named-graph-uri"),
        seconds=_seconds(request.values.get("timeout", "")),
        safe=_only("csv", SAFE),
        download=_only("download", DOWNLOAD),
    )


def _graphs(parameter: str) -> tuple[str, ...]:
    found = tuple(request.values.getlist(parameter))
    for iri in found:
        if not ABSOLUTE.fullmatch(iri):
            raise BadRequest(f"{parameter}: {iri[:100]!r} is not an absolute IRI")
    return found


def _seconds(milliseconds: str) -> float | None:
    """`timeout=` is in milliseconds, and 0 means what silence means."""
    if not milliseconds:
        return None
    if not (milliseconds.isascii() and milliseconds.isdigit()):
        raise BadRequest(f"timeout: {milliseconds[:40]!r} is not a number of milliseconds")
    return int(milliseconds[:12]) / 1000 or None


def _only(parameter: str, known: str) -> bool:
    """Whether a parameter has the one value that it may have."""
    wanted = request.values.get(parameter, "")
    if wanted not in ("", known):
        raise BadRequest(f"{parameter}: {wanted[:40]!r} is not known; only {known!r} is")
    return wanted == known


def _accept() -> str:
    return preferred(request.values.get("format", ""), request.headers.get("Accept", ""))


def preferred(asked: str, header: str) -> str:
    """The Accept header; `format=` decides for browsers and for those who accept anything."""
    named = next((f for f in FORMATS if asked in (f.name, f.extension)), None)
    if named is not None and (header.strip() in {"", "*/*"} or negotiate.wants_page(header)):
        return f"{named.media_type}, */*;q=0.1"
    return header


def capped(asked: Asked, seconds: float) -> Asked:
    """With the deadline that applies: what the client wants, and never more than we allow."""
    return replace(asked, seconds=min(asked.seconds or seconds, seconds))
