"""The most common question of programs, answered before the web framework wakes up.

A query by GET, with nothing else in the address and nobody signed in, costs a few hundred
microseconds here and more than a millisecond there. Whatever is unusual about a request, or goes
wrong with it, is left to `sparql`, which then sees the request as if nothing had happened;
a test compares the two, header by header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import TooManyRequests
from werkzeug.http import parse_etags
from werkzeug.sansio.utils import host_is_trusted

from catalogue.accounts.token import PREFIX as TOKEN
from catalogue.errors import CatalogueError
from catalogue.settings import Settings
from catalogue.store.base import PublicStore
from catalogue.web.kept import Kept, Whole
from catalogue.web.limits import Limits
from catalogue.web.rate import network
from catalogue.web.security import HEADERS, trusted_hosts
from catalogue.web.sparql_headers import described, limits_told, tagged
from catalogue.web.sparql_protocol import Asked

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH: Final = "/sparql"
FAMILIAR: Final = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_TRANSFER_ENCODING")
"""A request with one of these is not the common one."""


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
            return self.behind(environ, start_response)
        start_response(status, [*self.base, *headers])
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
        asked = self._asked(environ)
        state = self.store.state()
        if not state:
            raise _Unusual
        self.limits.count(network(environ.get("REMOTE_ADDR", "")))
        tag = asked.digest(state)
        known = parse_etags(environ.get("HTTP_IF_NONE_MATCH"))
        if known.contains_weak(tag) and not known.star_tag:
            return "304 NOT MODIFIED", tagged(tag), b""
        whole = self.kept.get(tag)
        if whole is None:
            whole, tag = self._found(asked, state, tag)
        return "200 OK", [*described(whole.media_type, len(whole.body)), *tagged(tag)], whole.body

    def _asked(self, environ: WSGIEnvironment) -> Asked:
        """The question, if it is a common one."""
        common = environ["PATH_INFO"] == PATH and environ["REQUEST_METHOD"] == "GET"
        if not common or any(name in environ for name in FAMILIAR):
            raise _Unusual
        query = _only_query(environ.get("QUERY_STRING", ""))
        if not query or not self.trusted(environ.get("HTTP_HOST", "")):
            raise _Unusual
        return Asked(query=query, accept=environ.get("HTTP_ACCEPT", ""), seconds=self.seconds)

    def _found(self, asked: Asked, state: str, tag: str) -> tuple[Whole, str]:
        found = self.store.query(
            asked.query, accept=asked.accept, seconds=asked.seconds, at_length=_leave
        )
        whole = Whole(found.read(), found.media_type)
        if not (found.repeatable and self.store.state() == state):
            return whole, ""
        self.kept.put(tag, whole)
        return whole, tag


def _only_query(text: str) -> str:
    """The query of an address that says nothing else; empty when it says more, or less.

    >>> _only_query("query=ASK+%7B%7D"), _only_query("query=ASK+%7B%7D&timeout=1")
    ('ASK {}', '')
    """
    name, _, value = text.partition("=")
    if name != "query" or "&" in value or not value.isascii() or TOKEN in value:
        return ""
    return unquote_to_bytes(value.replace("+", " ")).decode()


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
