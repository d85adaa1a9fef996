"""A question that was asked before gets the same answer while nothing was written.

This stands before the web framework. It keeps whole answers as they left the framework, with
their headers, each beside the pulse of the register at which it was made. As long as the pulse
is the same nothing that an answer is made from has changed, so the next one who asks in the same
words gets the same bytes, 304 included, in microseconds. A write of whatever kind, by whatever
process, ends that at once.

What would surprise a reader: the words of a question are its address and every header by which
an answer may differ, and nothing is kept for somebody who is signed in. An answer also depends on
the day, hence the hour in its state, and a search on an index that follows the register, hence
`followed`. A test compares the kept answers with fresh ones, header by header.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask import Flask
from werkzeug.http import http_date

from catalogue.web.services import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DECIDING: Final = (
    "HTTP_HOST",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_PROFILE",
    "HTTP_ACCEPT_DATETIME",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
)
"""The headers by which the answer to a common question may differ."""
UNCOMMON: Final = (
    "HTTP_COOKIE",
    "HTTP_AUTHORIZATION",
    "HTTP_RANGE",
    "HTTP_IF_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_ORIGIN",
)
"""A question with one of these is not a common one."""
ADDRESSES: Final = re.compile(
    r"(/(nl|en))?(/?|/(catalogs?|datasets?|series|distribution|organisations?|about|quality|feed|"
    r"catalog\.\w+|datasets\.csv|dump\.nq\.gz|feed\.atom|sitemap[\w-]*\.xml|"
    r"api(/v1)?/(datasets|catalogs|organisations|terms|openapi\.json))(/.*)?)"
)
"""What is made from the register and nothing else that changes."""
STATUSES: Final = ("200 ", "304 ")
LONGEST: Final = 2_000
"""Characters of a question that is worth keeping."""
LARGEST: Final = 500_000
MOST_BYTES: Final = 32_000_000
"""Of all answers that one worker keeps."""

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, and the state of everything at which it was made."""

    state: str
    status: str
    headers: Headers
    body: bytes


@dataclass(slots=True)
class Answers:
    """The answers made last, up to so many bytes. Safe between threads."""

    most: int = MOST_BYTES
    _kept: OrderedDict[str, Answer] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, question: str, state: str) -> Answer | None:
        """The answer to this question in this state."""
        found = self._kept.get(question)
        return found if found is not None and found.state == state else None

    def put(self, question: str, answer: Answer) -> None:
        """Keep it; the oldest go."""
        with self._lock:
            self._drop(question)
            self._kept[question] = answer
            self._bytes += _size(question, answer)
            while self._bytes > self.most:
                self._drop(next(iter(self._kept)))

    def _drop(self, question: str) -> None:
        gone = self._kept.pop(question, None)
        if gone is not None:
            self._bytes -= _size(question, gone)


@dataclass(slots=True)
class Repeated:
    """A WSGI application in front of another one, for one worker.

    `state` is empty when nothing may be kept; `followed` says whether all that follows the
    register has caught up with it.
    """

    behind: WSGIApplication
    state: Callable[[], str]
    followed: Callable[[], bool]
    answers: Answers = field(default_factory=Answers)
    _settled: str = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Say it again, or pass on."""
        question = common(environ)
        state = self.state() if question else ""
        if not state:
            return self.behind(environ, start_response)
        found = self.answers.get(question, state)
        if found is None:
            return self._fresh(question, state, environ, start_response)
        start_response(found.status, [*found.headers, ("Date", http_date())])
        return [found.body]

    def _fresh(
        self, question: str, state: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        settled = self._is_settled(state)
        told: list[Any] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            told[:] = [status, headers]
            return start_response(status, headers, exc_info)

        body = self.behind(environ, start)
        if not settled or not told or not _may_be_kept(*told):
            return body
        whole = _joined(body)
        if len(whole) <= LARGEST and self.state() == state:
            self.answers.put(question, Answer(state, told[0], undated(told[1]), whole))
        return [whole]

    def _is_settled(self, state: str) -> bool:
        """Whether everything has followed the register to this state; asked once of each."""
        if self._settled != state and self.followed() and self.state() == state:
            self._settled = state
        return self._settled == state


def install(app: Flask, services: Services) -> None:
    """Put it before `app`."""
    register, search = services.register, services.search

    def state() -> str:
        pulse = register.pulse()
        return f"{pulse} {int(time.time() // 3600)}" if pulse else ""

    def followed() -> bool:
        try:
            return len(search) >= 0 and search.position == register.position()
        except Exception as error:  # noqa: BLE001 - whoever needs the index is told what is wrong
            app.logger.warning("nothing is kept, because the index does not follow: %s", error)
            return False

    app.wsgi_app = Repeated(app.wsgi_app, state, followed)  # type: ignore[method-assign]


def common(environ: Mapping[str, Any]) -> str:
    """The words of a common question; empty for any other."""
    if environ["REQUEST_METHOD"] != "GET" or not ADDRESSES.fullmatch(environ["PATH_INFO"]):
        return ""
    if any(name in environ for name in UNCOMMON) or environ.get("CONTENT_LENGTH") not in _NO_BODY:
        return ""
    words = (environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
    question = "\n".join((*words, *(environ.get(name, "\0") for name in DECIDING)))
    return question if len(question) <= LONGEST else ""


def undated(headers: Headers) -> Headers:
    """Without the moment at which the answer was given, which is another one next time."""
    return [(name, value) for name, value in headers if name.lower() != "date"]


_NO_BODY = (None, "", "0")


def _may_be_kept(status: str, headers: Headers) -> bool:
    """Whole, public, and not a failure; the answer to a condition only when it is 304."""
    named = {name.lower(): value for name, value in headers}
    private = re.search(r"no-store|private", named.get("cache-control", ""))
    if private or "set-cookie" in named or not status.startswith(STATUSES):
        return False
    return status.startswith("304 ") or int(named.get("content-length", LARGEST + 1)) <= LARGEST


def _joined(body: Iterable[bytes]) -> bytes:
    """All of it; whoever made it is told that it was read."""
    try:
        return b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()


def _size(question: str, answer: Answer) -> int:
    headers = sum(len(name) + len(value) for name, value in answer.headers)
    return sys.getsizeof(question) + len(answer.body) + headers + 1_000
