"""How a query travels to a child of the engine, and what comes back.

A child may be retired before it takes a query up, or be ended in the middle of one. The first
does no harm, and the query is asked again; of the second the engine knows why, and so do we.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import socket
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

from catalogue.errors import (
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    StoreError,
    StoreUnavailable,
    Unoffered,
)
from catalogue.store.base import HELD_BACK, HeldBack
from catalogue.store.engine import wire
from catalogue.store.undeclared import undeclared

QUEUE_SECONDS: Final = 1.0
MOMENT_SECONDS: Final = 0.015
SHORT_SECONDS: Final = 0.6
"""What a short query may take: of a processor, and by the clock."""
GRACE_SECONDS: Final = 3.0
SHORT_PATIENCE: Final = QUEUE_SECONDS + SHORT_SECONDS + GRACE_SECONDS
CONTROL_SECONDS: Final = 300.0
WHY_SECONDS: Final = 1.0
ENDED: Final = frozenset({"timeout", "memory", "crashed"})
"""How a query ends at a limit, in the engine's words."""
PLACE: Final = re.compile(r"^error at (\d+):(\d+): (?:expected (?:one of )?)?", re.DOTALL)
WORD: Final = re.compile(
    r"""(?P<known>[A-Z][^\s,]*(?:\ [^\s,]+)+)
      | (?P<token>"(?:\\.|[^"\\])*"|[A-Za-z_]\w*)
      | \[(?:'(?:\\u\{\w+\}|\\.|[^'\\])'|[^\]'])*\] | \[.*""",
    re.VERBOSE | re.DOTALL,
)
"""What the parser expected: a sentence about a fault, a word, or a class of characters.

The engine cuts long messages off, so that the last class may have no end.
"""
MOST_WORDS: Final = 8
FAULTS: Final = {
    "Prefix not found": "a prefix is used that is not declared",
    "The SELECT contains a variable that is unbound": (
        "a variable in SELECT is neither grouped nor bound"
    ),
    "Duplicated variable name in SELECT": "SELECT has the same variable twice",
    "SELECT * is not authorized with GROUP BY": "SELECT * does not go with GROUP BY",
    "IRI parsing failed": "what stands between < and > is not an address",
}
"""What the parser calls a fault, and what to call it for whoever wrote the query."""

Request = dict[str, Any]
"""What `wire.QUERY` carries."""


class Long(Exception):
    """A query that was given a moment needs more, of time or of something else."""


class OutOfTime(Long):
    """Its moment is over."""


class Children:
    """The children of the engine on these sockets, and its parent. Safe between threads."""

    def __init__(self, sockets: Path) -> None:
        self._sockets = sockets
        self._addresses = {name: str(sockets / name) for name in wire.SOCKETS}

    def ask_briefly(self, request: Request) -> bytes:
        """The whole answer to a short query. Raises `Long` when it is not short."""
        last_moment = time.monotonic() + QUEUE_SECONDS
        request = _short(request)
        content = wire.frame(wire.QUERY, json.dumps(request).encode())
        while True:
            kind, payload = self._exchanged(content, request["token"])
            if kind == wire.WHOLE:
                return payload
            if kind == wire.END:
                _raise_refusal(json.loads(payload), request["query"], short=True)
            if time.monotonic() > last_moment:
                raise _busy()

    def ask(self, request: Request, name: str) -> HeldBack:
        """The answer of a child at this socket, as it comes."""
        request = {**request, "moment": 0, "token": _token()}
        return HeldBack(self._chunks(self._begin(request, name), request))

    @contextlib.contextmanager
    def control(self) -> Generator[socket.socket, None, None]:
        """A connection to the parent, for updates and questions about itself."""
        with self._connect(wire.CONTROL_SOCKET, CONTROL_SECONDS) as connection:
            try:
                yield connection
            except OSError as error:
                reason = "the query engine stopped in the middle of an update or question"
                raise StoreUnavailable(reason) from error

    def _exchanged(self, content: bytes, token: int) -> tuple[bytes, bytes]:
        """What a child says to a short query; STALE of one that is gone and did not begin."""
        with self._connect(wire.QUERY_SOCKET, QUEUE_SECONDS) as connection:
            try:
                wire.wait_at_most(connection, SHORT_PATIENCE)
                connection.sendall(content)
                return wire.receive(connection)
            except BlockingIOError as error:
                raise _busy() from error
            except OSError as error:
                if (why := self._why(token)) in ENDED:
                    raise (OutOfTime if why == "timeout" else Long) from error
                return wire.STALE, b""

    def _begin(self, request: Request, name: str) -> wire.Reader:
        """A connection on which a child has taken up the query."""
        last_moment = time.monotonic() + QUEUE_SECONDS
        content = json.dumps(request).encode()
        while True:
            reader = wire.Reader(self._connect(name, max(0.05, last_moment - time.monotonic())))
            if _taken_up(reader, content):
                reader.connection.settimeout(request["seconds"] + GRACE_SECONDS)
                return reader
            reader.connection.close()
            if time.monotonic() > last_moment:
                raise _busy()

    def _connect(self, name: str, seconds: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        try:
            connection.connect(self._addresses[name])
        except (BlockingIOError, TimeoutError) as error:
            connection.close()
            raise _busy() from error
        except OSError as error:
            connection.close()
            raise StoreUnavailable(f"the query engine does not run in {self._sockets}") from error
        return connection

    def _chunks(self, reader: wire.Reader, request: Request) -> Generator[bytes, None, None]:
        with reader.connection:
            while True:
                kind, payload = self._frame(reader, request)
                if kind == wire.END:
                    _raise_refusal(json.loads(payload), request["query"])
                    return
                yield payload

    def _frame(self, reader: wire.Reader, request: Request) -> tuple[bytes, bytes]:
        try:
            return reader.receive()
        except OSError as error:
            raise self._lost(request) from error

    def _lost(self, request: Request) -> StoreError:
        """The error for an answer that broke off: the engine knows how the child ended."""
        why = self._why(request["token"])
        if why == "timeout":
            return QueryTimeout(f"the query was not finished within {request['seconds']:g} seconds")
        if why == "memory":
            return QueryTooLarge("the query needs more memory than one query may use")
        if why == "crashed":
            return QueryTooLarge("the query could not be evaluated: the engine gave up on it")
        return StoreUnavailable("the query engine stopped while it answered; ask again")

    def _why(self, token: int) -> str:
        last_moment = time.monotonic() + WHY_SECONDS
        with contextlib.suppress(StoreUnavailable), self.control() as control:
            while time.monotonic() < last_moment:
                if why := told(control, wire.WHY, str(token).encode())["why"]:
                    return str(why)
                time.sleep(0.01)
        return "unknown"


def told(control: socket.socket, kind: bytes, payload: bytes = b"") -> dict[str, Any]:
    """What the parent answers."""
    wire.send(control, kind, payload)
    found: dict[str, Any] = json.loads(wire.Reader(control).receive()[1])
    return found


def _taken_up(reader: wire.Reader, content: bytes) -> bool:
    """Send the query; whether a child of the newest generation took it up.

    A child that was retired, or died before it began, did no harm: the caller asks again.
    """
    try:
        wire.send(reader.connection, wire.QUERY, content)
        return reader.receive()[0] == wire.ACCEPTED
    except TimeoutError as error:
        reader.connection.close()
        raise _busy() from error
    except OSError:
        return False


def _short(request: Request) -> Request:
    """The same, to be done in a moment; its answer is then whole before anybody sees it."""
    return {
        **request,
        "seconds": min(request["seconds"], SHORT_SECONDS),
        "moment": MOMENT_SECONDS,
        "bytes": HELD_BACK - 1,
        "token": _token(),
    }


def _token() -> int:
    """A number by which the engine remembers how a query ended."""
    return secrets.randbits(63) | 1


def _busy() -> StoreUnavailable:
    return StoreUnavailable(
        f"busy: every query process has been at work for {QUEUE_SECONDS:g} s; try again shortly"
    )


def _raise_refusal(verdict: dict[str, Any], query: str, *, short: bool = False) -> None:
    if verdict["ok"]:
        return
    if short and verdict["why"] == "too-large":
        raise Long
    errors = {
        "syntax": QuerySyntax,
        "too-large": QueryTooLarge,
        "memory": QueryTooLarge,
        "refused": QueryRefused,
        "unwritable": Unoffered,
    }
    raise errors[verdict["why"]](_placed(verdict["message"], query) or verdict["why"])


def _placed(message: str, query: str = "") -> str:
    r"""The engine's words, with the place and what is wrong there said as people say it.

    >>> _placed("error at 2:7: expected one of Prefix not found, ['%'], ['.'], [':']")
    'line 2, column 7: a prefix is used that is not declared'
    >>> _placed("error at 1:27: expected one of \",\", \".\", [_]")
    'line 1, column 27: expected "," or "."'
    """
    found = PLACE.match(message)
    if found is None:
        return message
    lacking = undeclared(query, int(found[1]), int(found[2]))
    return lacking or f"line {found[1]}, column {found[2]}: {_expected(message[found.end() :])}"


def _expected(words: str) -> str:
    """The fault that the parser names, else the first few words that it would take."""
    met = list(WORD.finditer(words))
    if known := next((each["known"] for each in met if each["known"]), None):
        return FAULTS.get(known, known)
    tokens = [each["token"] for each in met if each["token"]]
    if not tokens:
        return "what stands here, or just before it, does not fit"
    if len(tokens) > MOST_WORDS:
        tokens = [*tokens[:MOST_WORDS], "something else"]
    first, last = ", ".join(tokens[:-1]), tokens[-1]
    return f"expected {first} or {last}" if first else f"expected {last}"
