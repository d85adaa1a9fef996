"""The most common question of programs, answered before the web framework wakes up.

A short query by GET or as a form, with nothing unusual beside it and nobody signed in, costs a
few hundred microseconds here and more than a millisecond there. Whatever is unusual about a
request, or goes wrong with it, is left to `sparql`, which then sees the request as if nothing
had happened; a test compares the two, header by header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import TooManyRequests
from werkzeug.http import parse_etags
from werkzeug.sansio.utils import host_is_trusted

from catalogue.accounts.token import PREFIX as TOKEN
from catalogue.errors import CatalogueError
from catalogue.settings import Settings
from catalogue.store.base import PublicStore
from catalogue.web import turns
from catalogue.web.kept import Kept, Whole
from catalogue.web.limits import Limits
from catalogue.web.rate import network
from catalogue.web.security import HEADERS, trusted_hosts
from catalogue.web.sparql_headers import described, limits_told, tagged
from catalogue.web.sparql_protocol import FORM, Asked, preferred

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH: Final = "/sparql"
MOST_LETTERS: Final = 8_000
UNFAMILIAR: Final = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_TRANSFER_ENCODING")
"""A request with one of these is not the common one."""
COMMON: Final = frozenset({"query", "format", "output", "results"})
"""Clients say the form of the answer in three ways; two of them mean nothing to us."""


class _Unusual(Exception):
    """Something that the other way knows how to answer."""


@dataclass(frozen=True, slots=True)
class Front:
    """A WSGI application in front of another one, for one worker."""

    behind: WSGIApplication
    store: PublicStore
    kept: Kept
    limits: Limits
    base: tuple[tuple[str, str], ...]
    seconds: float
    trusted: Callable[[str], bool]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or pass on."""
        try:
            status, headers, body = self._answer(environ)
        except (_Unusual, CatalogueError, TooManyRequests, ValueError):
            return self._behind(environ, start_response)
        start_response(status, [*self.base, *headers])
        return [body]

    def _behind(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass on; what is unusual about a query takes time, so a few of those at a time."""
        if environ["PATH_INFO"] != PATH:
            return self.behind(environ, start_response)
        with self.limits.turns.take() as turn:
            environ[turns.KEY] = turn
            return self.behind(environ, start_response)

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
        asked = self._asked(environ)
        state = self.store.state()
        if not state:
            raise _Unusual
        self.limits.count(network(environ.get("REMOTE_ADDR", "")))
        tag = asked.digest(state)
        if environ["REQUEST_METHOD"] == "GET" and _has(environ, tag):
            return "304 NOT MODIFIED", tagged(tag), b""
        whole = self.kept.get(tag)
        if whole is None:
            whole, tag = self._found(asked, state, tag)
        return "200 OK", [*described(whole.media_type, len(whole.body)), *tagged(tag)], whole.body

    def _asked(self, environ: WSGIEnvironment) -> Asked:
        """The question, if it is a common one."""
        unfamiliar = any(name in environ for name in UNFAMILIAR)
        if environ["PATH_INFO"] != PATH or unfamiliar or not self.trusted(_host(environ)):
            raise _Unusual
        said = _common(_stated(environ))
        header = environ.get("HTTP_ACCEPT", "")
        accept = preferred(said["format"], header) if "format" in said else header
        return Asked(query=said["query"], accept=accept, seconds=self.seconds)

    def _found(self, asked: Asked, state: str, tag: str) -> tuple[Whole, str]:
        found = self.store.query(
            asked.query, accept=asked.accept, seconds=asked.seconds, at_length=_leave
        )
        whole = Whole(found.read(), found.media_type)
        if not (found.repeatable and self.store.state() == state):
            return whole, ""
        self.kept.put(tag, whole)
        return whole, tag


def _has(environ: WSGIEnvironment, tag: str) -> bool:
    known = parse_etags(environ.get("HTTP_IF_NONE_MATCH"))
    return known.contains_weak(tag) and not known.star_tag


def _host(environ: WSGIEnvironment) -> str:
    return str(environ.get("HTTP_HOST", ""))


def _stated(environ: WSGIEnvironment) -> str:
    """The parameters as they came, where the protocol wants them: in the address, or the body."""
    address = str(environ.get("QUERY_STRING", ""))
    if environ["REQUEST_METHOD"] == "GET":
        return address
    if environ["REQUEST_METHOD"] != "POST" or address or environ.get("CONTENT_TYPE") != FORM:
        raise _Unusual
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if not 0 < length <= MOST_LETTERS:
        raise _Unusual
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return str(body, "latin-1")


def _common(text: str) -> dict[str, str]:
    """The query and what else programs say beside it; anything more, or twice, is unusual.

    >>> _common("query=ASK+%7B%7D&format=json")
    {'query': 'ASK {}', 'format': 'json'}
    """
    if len(text) > MOST_LETTERS or not text.isascii() or TOKEN in text:
        raise _Unusual
    pairs = [pair.partition("=") for pair in text.split("&")]
    said = {name: unquote_to_bytes(value.replace("+", " ")).decode() for name, _, value in pairs}
    if len(said) < len(pairs) or not said.get("query") or not said.keys() <= COMMON:
        raise _Unusual
    return said


def front(
    behind: WSGIApplication, store: PublicStore, kept: Kept, limits: Limits, settings: Settings
) -> Front:
    """The front of an application."""
    hosts = trusted_hosts(settings)

    @lru_cache(maxsize=64)
    def trusted(host: str) -> bool:
        return hosts is None or host_is_trusted(host, hosts)

    base = (*HEADERS.items(), *limits_told(settings, settings.query_seconds))
    return Front(behind, store, kept, limits, base, settings.query_seconds, trusted)


def _leave() -> Any:
    """A long query wants a seat, and an error wants a page: not here."""
    raise _Unusual
