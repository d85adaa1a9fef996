"""Ask one address: within its deadline, again while that helps, along its redirects.

Every hop of a redirect is a request of its own that the guard judges again. A question with
a body is asked a second time only when the first cannot have been heard, or when the server
says so itself.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from catalogue.errors import AddressRefused, FetchFailed, SourceError
from catalogue.ingest import http_body
from catalogue.ingest.address import Guard, Target, hostname, matches, port_of, shown, split
from catalogue.ingest.http_connection import Deadline, Line
from catalogue.ingest.http_hosts import Hosts, Pause
from catalogue.ingest.http_lines import Broken, Lines, as_ours
from catalogue.ingest.http_visits import conditions, stated_moment
from catalogue.model.visit import Visit

MOVED: Final = frozenset({301, 302, 303, 307, 308})
MOVED_AS_IT_IS: Final = frozenset({307, 308})
"""Redirects that a question with a body may follow, as it is (RFC 9110, 15.4)."""
LATER: Final = frozenset({429, 502, 503, 504})
UNHEARD: Final = frozenset({429, 503})
"""The server says that it did not deal with the question."""
MOST_REDIRECTS: Final = 5
FIRST_PAUSE: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and until when. `visit` is what was answered the last time, if known."""

    url: str
    accept: str
    deadline: Deadline
    visit: Visit | None = None
    body: bytes | None = None
    content_type: str = ""

    def headers(self, here: str) -> dict[str, str]:
        """What this question sends to one hop of its way."""
        body = {} if self.body is None else {"Content-Type": self.content_type}
        return {"Accept": self.accept, **body, **conditions(self.visit, here)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back from one request; only a 200 is read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(slots=True, kw_only=True)
class Asker:
    """Asks questions over the lines of one session. `heard` is told of every answer."""

    guard: Guard
    hosts: Hosts
    lines: Lines
    headers: Mapping[str, str]
    max_bytes: int
    retries: int
    redirects: int = MOST_REDIRECTS
    sleep: Callable[[float], object]
    now: Callable[[], datetime]
    stopped: Callable[[], bool]
    heard: Callable[[Answer], None]

    def ask(self, question: Question) -> tuple[str, Answer]:
        """Where the question led, and what was answered there; redirects followed by hand."""
        here = question.url
        for _ in range(self.redirects + 1):
            answer = self._hop(question, here)
            if answer.status not in MOVED:
                return here, answer
            here = self._next_hop(question, here, answer)
        raise FetchFailed(
            f"{shown(question.url)}: redirects more than {self.redirects} times",
            url=shown(question.url),
        )

    def _hop(self, question: Question, here: str) -> Answer:
        try:
            return self._persist(question, here)
        except AddressRefused as error:
            if here == question.url:
                raise
            raise AddressRefused(
                f"{shown(question.url)}: redirects to {error}", url=error.url
            ) from error

    def _next_hop(self, question: Question, here: str, answer: Answer) -> str:
        there = _next_hop(here, answer)
        if question.body is not None:
            self._refuse_resending(here, there, answer.status)
        return there

    def _refuse_resending(self, here: str, there: str, status: int) -> None:
        """A body goes to the host it was meant for, and by redirects that say to repeat it."""
        if status not in MOVED_AS_IT_IS:
            raise FetchFailed(
                f"{shown(here)}: answers a question by a redirect", url=shown(here), status=status
            )
        old, new = split(here), split(there)
        moved = (hostname(old), port_of(old)) != (hostname(new), port_of(new))
        if moved and not matches(hostname(new), self.guard.allowed_hosts):
            raise AddressRefused(
                f"{shown(here)}: redirects a question to {shown(there)}, another host",
                url=shown(here),
            )

    def _persist(self, question: Question, here: str) -> Answer:
        """Ask again, after a growing pause, while that may help and there is time."""
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            pause = FIRST_PAUSE * 2**attempt
            try:
                answer = self._exchange(question, here)
            except Broken as error:
                if last or pause >= question.deadline.left() or not _may_repeat(question, error):
                    raise FetchFailed(f"{shown(here)}: {error}", url=shown(here)) from error
                self.sleep(pause)
            else:
                if not self._comes_back(question, here, answer, pause, last=last):
                    return answer
            self._refuse_stopped(here)
        raise AssertionError("the last attempt returns or raises")

    def _comes_back(
        self, question: Question, here: str, answer: Answer, pause: float, *, last: bool
    ) -> bool:
        """Whether to ask again after this answer; when so, the pause is over.

        A host that says how long to leave it alone is left alone by everybody.
        """
        asked = _retry_after(answer.headers.get("Retry-After"), self.now())
        if answer.status in UNHEARD and asked is not None:
            self.hosts.close(hostname(split(here)), Pause(asked, answer.status))
        if last or answer.status not in (LATER if question.body is None else UNHEARD):
            return False
        self._refuse_long(question, here, answer.status, pause if asked is None else asked)
        if asked is None or answer.status not in UNHEARD:
            self.sleep(pause if asked is None else asked)
        return True

    def _refuse_long(self, question: Question, here: str, status: int, pause: float) -> None:
        if pause >= question.deadline.left():
            raise FetchFailed(
                f"{shown(here)}: answered {status} and asks to come back in "
                f"{pause:.0f} s, which is past our {question.deadline.seconds:.0f} s",
                url=shown(here),
                status=status,
            )

    def _refuse_stopped(self, here: str) -> None:
        if self.stopped():
            raise FetchFailed(f"{shown(here)}: not asked again, we were stopped", url=shown(here))

    def _exchange(self, question: Question, here: str) -> Answer:
        """One request to one checked target, and its answer."""
        target, deadline = self._target(here), question.deadline
        with (
            self._turn(here, target.host, deadline),
            self.lines.borrow(target, deadline, fresh=question.body is not None) as line,
        ):
            try:
                answer = self._answer(question, here, line, target)
            except (requests.RequestException, HTTPError, OSError, EOFError) as error:
                line.close()
                _refuse_late(here, line, deadline)
                raise as_ours(here, error) from error
            except SourceError:
                line.close()
                _refuse_late(here, line, deadline)
                raise
            _refuse_late(here, line, deadline)
        self.heard(answer)
        return answer

    @contextmanager
    def _turn(self, here: str, host: str, deadline: Deadline) -> Iterator[None]:
        """Our turn at the host, when it does not want to be left alone any more."""
        while True:
            self._wait_out(here, host, deadline)
            if not self.hosts.enter(host, deadline):
                raise _late(here, deadline)
            try:
                if self.hosts.pause(host) is None:
                    yield
                    return
            finally:
                self.hosts.leave(host)

    def _wait_out(self, here: str, host: str, deadline: Deadline) -> None:
        while pause := self.hosts.pause(host):
            if pause.seconds >= deadline.left():
                raise FetchFailed(
                    f"{shown(here)}: not asked for, {host} answered {pause.status} and wants to "
                    f"be left alone for {pause.seconds:.0f} s more",
                    url=shown(here),
                    status=pause.status,
                )
            self.sleep(pause.seconds)
            self._refuse_stopped(here)

    def _target(self, url: str) -> Target:
        try:
            return self.guard.check(url)
        except FetchFailed as error:
            cause = error.__cause__
            if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
                raise Broken("the name server did not answer", unsent=True) from error
            raise

    def _answer(self, question: Question, here: str, line: Line, target: Target) -> Answer:
        headers = {**self.headers, **question.headers(here)}
        response = line.ask(target.url, headers, question.deadline, question.body)
        content = b""
        if response.status_code == 200:
            content = http_body.read(response, url=shown(target.url), limit=self.max_bytes)
        elif not _is_bare(response):
            line.close()
        return Answer(status=response.status_code, headers=response.headers, content=content)


def _is_bare(response: requests.Response) -> bool:
    """Whether this is a 304 that ends with its headers: its connection can be used again."""
    lengths = (response.headers.get(n, "0") for n in ("Content-Length", "Transfer-Encoding"))
    bare = response.status_code == 304 and set(lengths) == {"0"}
    if bare:
        response.raw.drain_conn()
        response.raw.release_conn()
    return bare


def _refuse_late(url: str, line: Line, deadline: Deadline) -> None:
    """A line that was cut gives an end like any other, so the clock decides."""
    if line.was_cut or not deadline.left():
        raise _late(url, deadline)


def _late(url: str, deadline: Deadline) -> FetchFailed:
    return FetchFailed(f"{shown(url)}: timed out after {deadline.seconds:g} s", url=shown(url))


def _may_repeat(question: Question, error: Broken) -> bool:
    return question.body is None or error.unsent


def _next_hop(here: str, answer: Answer) -> str:
    """Where a redirect leads. From a secure address it may not lead to an open one."""
    location = answer.headers.get("Location")
    if not location:
        raise FetchFailed(
            f"{shown(here)}: redirects without saying where to",
            url=shown(here),
            status=answer.status,
        )
    try:
        there = urljoin(here, location)
    except ValueError as error:
        raise AddressRefused(
            f"{shown(here)}: redirects to {shown(location)}: not an address ({error})",
            url=shown(here),
        ) from error
    if urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http":
        raise AddressRefused(
            f"{shown(here)}: redirects from https to {shown(there)}", url=shown(here)
        )
    return there


def _retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds to wait, from a number or a date; `None` when neither is given."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    moment = stated_moment(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())
