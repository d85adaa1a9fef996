"""The open connections of a session, and what their failures mean.

A connection that served one request well is kept for the next one to the same place; one on
which anything went wrong never is, so that no late bytes become the answer to another question.
"""

from __future__ import annotations

import http.client
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError, SSLError

from catalogue.errors import FetchFailed
from catalogue.ingest.address import Target, shown
from catalogue.ingest.http_connection import Deadline, Dial, Line
from catalogue.ingest.http_watch import Watch


class Broken(Exception):
    """The connection failed in a way that another attempt may not.

    When `unsent`, the other side cannot have seen the question.
    """

    def __init__(self, message: str, *, unsent: bool = False) -> None:
        super().__init__(message)
        self.unsent = unsent


class Lines:
    """Connections, idle and in use. `ca_file` replaces the usual certificate authorities."""

    def __init__(self, ca_file: str | Path | None, dial: Dial) -> None:
        self._ca_file = ca_file
        self._dial = dial
        self._lock = threading.Lock()
        self._idle: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        self._used: set[Line] = set()
        self._watch = Watch()

    @contextmanager
    def borrow(self, target: Target, deadline: Deadline, *, fresh: bool = False) -> Iterator[Line]:
        """A line to the target, which is cut at the deadline, whatever it is doing.

        It is kept for the next user unless something went wrong. A `fresh` one was never
        used, so that the other side cannot have hung up unseen.
        """
        line = self._take(target, fresh=fresh)
        try:
            with self._watch.cutting(line.cut, deadline.left()):
                yield line
        except BaseException:
            line.close()
            raise
        finally:
            self._give_back(line)

    def close(self) -> None:
        """Hang up: the idle ones, and those in the middle of an answer."""
        with self._lock:
            idle, self._idle = self._idle, defaultdict(list)
            used = list(self._used)
        self._watch.close()
        for lines in idle.values():
            for line in lines:
                line.close()
        for line in used:
            line.cut()

    def _take(self, target: Target, *, fresh: bool) -> Line:
        trust = self._trust if target.scheme == "https" else None
        with self._lock:
            idle = [] if fresh else self._idle[target.key]
            line = idle.pop() if idle else Line(target, trust, self._dial)
            self._used.add(line)
            return line

    def _give_back(self, line: Line) -> None:
        with self._lock:
            self._used.discard(line)
            if line.usable:
                self._idle[line.target.key].append(line)
                return
        line.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Certificates are always verified; an operator may only say who signs them."""
        return ssl.create_default_context(cafile=self._ca_file or DEFAULT_CA_BUNDLE_PATH)


def as_ours(url: str, error: Exception) -> FetchFailed | Broken:
    """A failure of the network in a sentence; encryption that fails will fail again."""
    root = _root(error)
    if isinstance(error, requests.exceptions.InvalidURL):
        return FetchFailed(f"{shown(url)}: not an address ({_brief(root)})", url=shown(url))
    if isinstance(root, (ssl.SSLError, SSLError)):
        reason = getattr(root, "verify_message", "") or getattr(root, "reason", "") or str(root)
        return FetchFailed(
            f"{shown(url)}: the connection could not be secured ({reason})", url=shown(url)
        )
    if isinstance(root, (EOFError, ProtocolError, http.client.IncompleteRead)):
        return Broken("the answer breaks off")
    return Broken(f"the connection failed ({_brief(root)})", unsent=_never_connected(error))


def _never_connected(error: BaseException) -> bool:
    return any(isinstance(e, (NewConnectionError, ConnectTimeoutError)) for e in _chain(error))


def _root(error: BaseException) -> BaseException:
    """The innermost reason: `requests` and `urllib3` wrap one another."""
    return list(_chain(error))[-1]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it wraps, outermost first."""
    seen: object = error
    for _ in range(9):
        if not isinstance(seen, BaseException):
            return
        yield seen
        seen = seen.__cause__ or getattr(seen, "reason", None) or next(iter(seen.args), None)


def _brief(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:160]
