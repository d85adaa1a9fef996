"""The default store: a client for the query engine, and the way to start one.

Every web worker makes its own `EmbeddedStore` on the same folder of sockets; one process
sends the updates. The graphs live in the engine's memory only: after a start, `reload`
fills it from the register.

A query gets a moment of processor time among the short ones first. When that is not enough it
is asked again among the long ones, which have children of their own and run behind everything
else; so a long query delays other long queries, and never a short one for more than a moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import selectors
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from catalogue.errors import (
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    StoreError,
    StoreUnavailable,
)
from catalogue.namespaces import Iri
from catalogue.store import guard
from catalogue.store.base import HELD_BACK, Answer, HeldBack
from catalogue.store.engine import wire
from catalogue.store.engine.state import State
from catalogue.store.formats import ResultFormat, answer_kind, chosen
from catalogue.store.lengthy import Lengthy

QUEUE_SECONDS: Final = 1.0
SHORT_PROCESSOR_SECONDS: Final = 0.1
SHORT_SECONDS: Final = 0.6
"""What a short query may take: of a processor, and by the clock."""
CONTROL_SECONDS: Final = 300.0
WHY_SECONDS: Final = 1.0
ENDED: Final = frozenset({"timeout", "memory", "crashed"})
"""How a query ends at a limit, in the engine's words."""
START_SECONDS: Final = 300.0
STOP_SECONDS: Final = 5.0
GRACE_SECONDS: Final = 3.0
LONGEST_SOCKET_FOLDER: Final = 80  # a Unix socket's whole path has room for 107 bytes
PLACE: Final = re.compile(r"^error at (\d+):(\d+): ")
PACKAGE_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Engine:
    """A running query engine; it ends with the process that started it."""

    process: subprocess.Popen[bytes]
    sockets: Path
    seconds: float

    def store(self) -> EmbeddedStore:
        """A client for it."""
        return EmbeddedStore(self.sockets, seconds=self.seconds)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End it and its children."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(  # noqa: PLR0913 - the limits, each with its default, all by keyword
    folder: Path,
    *,
    seconds: float = 10.0,
    memory: int = 512,
    answer: int = 64,
    children: int = 2,
    load: Path | None = None,
    closed: bool = False,
) -> Engine:
    """Start an engine for this data folder, empty or with an N-Quads file; returns when ready.

    `memory` and `answer` are megabytes per query. A `closed` engine answers nobody until its
    first `reload` or `replace`. Raises `StoreUnavailable` with the
    engine's reason (no system call filter on this machine, another engine in the folder).
    """
    sockets = socket_folder(folder)
    _make_private(sockets)
    options: dict[str, object] = {
        "--sockets": sockets,
        "--seconds": seconds,
        "--memory": memory,
        "--answer": answer,
        "--children": children,
    }
    if load is not None:
        options["--load"] = load
    if closed:
        options["--closed"] = ""
    engine = Engine(_spawn(options), sockets, seconds)
    _wait_until_ready(engine)
    return engine


def socket_folder(folder: Path) -> Path:
    """Where the sockets of a data folder are: in it, or in /tmp when its path is too long."""
    inside = folder.absolute() / "engine"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    name = hashlib.sha256(os.fsencode(inside)).hexdigest()[:20]
    return Path(tempfile.gettempdir()) / f"catalogue-{name}"


class EmbeddedStore:
    """A `PublicStore` on an engine's sockets. Safe to share between threads."""

    def __init__(self, sockets: Path, *, seconds: float = 10.0, base: str = "") -> None:
        self._sockets = sockets
        self._seconds = seconds
        self._base = base
        self._lengthy = Lengthy()
        self._state: State | None = None

    def query(  # noqa: PLR0913 - the parameters of the port
        self,
        query: str,
        *,
        accept: ResultFormat | str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
        own: bool = False,
        at_length: Callable[[], None] | None = None,
    ) -> Answer:
        """See `PublicStore.query`."""
        question = guard.inspect(query)
        guard.check_graphs([*default_graphs, *named_graphs])
        form = chosen(accept, question.kind)
        request = {
            "query": query,
            "base": self._base,
            "format": form.name,
            "from": question.names_dataset,
            "graph": question.names_graph,
            "default": list(default_graphs),
            "named": list(named_graphs),
            "seconds": min(seconds or self._seconds, self._seconds),
            "processor": 0,
            "bytes": 0,
        }
        if own:
            chunks = self._ask(request, wire.OWN_SOCKET)
        else:
            chunks = self._ask_stranger(request, question, at_length)
        return Answer(form.media_type, answer_kind(question.kind), chunks, question.repeatable)

    def _ask_stranger(
        self,
        request: dict[str, Any],
        question: guard.Question,
        at_length: Callable[[], None] | None,
    ) -> HeldBack:
        """Among the short ones first, unless it is known, or looks, to be long."""
        if not question.looks_long and question.text not in self._lengthy:
            try:
                return self._ask(_short(request), wire.QUERY_SOCKET)
            except _Lengthy:
                self._lengthy.add(question.text)
        if at_length is not None:
            at_length()
        return self._ask(request, wire.LONG_SOCKET)

    def _ask(self, request: dict[str, Any], name: str) -> HeldBack:
        request = {**request, "token": secrets.randbits(63) | 1}
        return HeldBack(self._chunks(self._begin(request, name), request))

    def state(self) -> str:
        """See `PublicStore.state`."""
        try:
            self._state = self._state or State.open(self._sockets / wire.STATE_FILE)
        except (OSError, ValueError):
            return ""
        return self._state.read()

    def replace(self, graphs: Mapping[Iri, bytes | None]) -> None:
        """See `PublicStore.replace`. Either all these graphs change or, on an error, none."""
        with self._control() as control:
            for iri, content in graphs.items():
                _send_graph(control, iri, content)
            _commit(control)

    def reload(self, graphs: Iterable[tuple[Iri, bytes]]) -> None:
        """See `PublicStore.reload`. The old content stays in memory until the new is ready."""
        with self._control() as control:
            wire.send(control, wire.FRESH)
            for iri, content in graphs:
                _send_graph(control, iri, content)
            _commit(control)

    def graphs(self) -> set[Iri]:
        """See `PublicStore.graphs`."""
        with self._control() as control:
            found = _ask(control, wire.GRAPHS)
        return {Iri(iri) for iri in found["graphs"]}

    def health(self) -> dict[str, Any]:
        """See `PublicStore.health`."""
        try:
            with self._control() as control:
                control.settimeout(QUEUE_SECONDS)
                figures = _ask(control, wire.STATUS)
                return {"ok": figures["generation"] > 0, "kind": "embedded", **figures}
        except StoreUnavailable as error:
            return {"ok": False, "kind": "embedded", "reason": str(error)}

    def close(self) -> None:
        """Nothing stays open between calls."""

    def _begin(self, request: dict[str, Any], name: str) -> wire.Reader:
        """A connection on which a child has taken up the query."""
        last_moment = time.monotonic() + QUEUE_SECONDS
        content = json.dumps(request).encode()
        while True:
            reader = wire.Reader(self._connect(name, max(0.05, last_moment - time.monotonic())))
            if request["processor"]:
                reader.connection.settimeout(QUEUE_SECONDS + SHORT_SECONDS + GRACE_SECONDS)
            if self._taken_up(reader, content, request):
                reader.connection.settimeout(request["seconds"] + GRACE_SECONDS)
                return reader
            reader.connection.close()
            if time.monotonic() > last_moment:
                raise _busy()

    def _taken_up(self, reader: wire.Reader, content: bytes, request: dict[str, Any]) -> bool:
        """Send the query; whether a child of the newest generation took it up.

        A child that was retired, or died before it began, did no harm: the caller asks again.
        Of a short query that is told together with the answer, so its child may have been ended.
        """
        try:
            wire.send(reader.connection, wire.QUERY, content)
            return reader.receive()[0] == wire.ACCEPTED
        except TimeoutError as error:
            reader.connection.close()
            raise _busy() from error
        except OSError as error:
            if request["processor"] and self._why(request["token"]) in ENDED:
                reader.connection.close()
                raise _Lengthy from error
            return False

    def _connect(self, name: str, seconds: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        try:
            connection.connect(str(self._sockets / name))
        except (BlockingIOError, TimeoutError) as error:
            connection.close()
            raise _busy() from error
        except OSError as error:
            connection.close()
            raise StoreUnavailable(f"the query engine does not run in {self._sockets}") from error
        return connection

    def _chunks(self, reader: wire.Reader, request: dict[str, Any]) -> Generator[bytes, None, None]:
        with reader.connection:
            while True:
                kind, payload = self._frame(reader, request)
                if kind == wire.END:
                    _raise_refusal(json.loads(payload), short=bool(request["processor"]))
                    return
                yield payload

    def _frame(self, reader: wire.Reader, request: dict[str, Any]) -> tuple[bytes, bytes]:
        try:
            return reader.receive()
        except OSError as error:
            raise self._lost(request) from error

    def _lost(self, request: dict[str, Any]) -> StoreError | _Lengthy:
        """The error for an answer that broke off: the engine knows how the child ended."""
        why = self._why(request["token"])
        if request["processor"] and why in ENDED:
            return _Lengthy()
        if why == "timeout":
            return _timeout(request["seconds"])
        if why == "memory":
            return QueryTooLarge("the query needs more memory than one query may use")
        if why == "crashed":
            return QueryTooLarge("the query could not be evaluated: the engine gave up on it")
        return StoreUnavailable("the query engine stopped while it answered; ask again")

    def _why(self, token: int) -> str:
        last_moment = time.monotonic() + WHY_SECONDS
        with contextlib.suppress(StoreUnavailable), self._control() as control:
            while time.monotonic() < last_moment:
                if why := _ask(control, wire.WHY, str(token).encode())["why"]:
                    return str(why)
                time.sleep(0.01)
        return "unknown"

    @contextlib.contextmanager
    def _control(self) -> Generator[socket.socket, None, None]:
        with self._connect(wire.CONTROL_SOCKET, CONTROL_SECONDS) as connection:
            try:
                yield connection
            except OSError as error:
                reason = "the query engine stopped in the middle of an update or question"
                raise StoreUnavailable(reason) from error


def _busy() -> StoreUnavailable:
    return StoreUnavailable(
        f"busy: every query process has been at work for {QUEUE_SECONDS:g} s; try again shortly"
    )


def _timeout(seconds: float) -> QueryTimeout:
    return QueryTimeout(f"the query was not finished within {seconds:g} seconds")


class _Lengthy(Exception):
    """A query that was given a moment needs more, of time or of something else."""


def _short(request: dict[str, Any]) -> dict[str, Any]:
    """The same, to be done in a moment; its answer is then whole before anybody sees it."""
    return {
        **request,
        "seconds": min(request["seconds"], SHORT_SECONDS),
        "processor": SHORT_PROCESSOR_SECONDS,
        "bytes": HELD_BACK - 1,
    }


def _raise_refusal(verdict: dict[str, Any], *, short: bool) -> None:
    if verdict["ok"]:
        return
    if short and verdict["why"] == "too-large":
        raise _Lengthy
    errors = {
        "syntax": QuerySyntax,
        "too-large": QueryTooLarge,
        "memory": QueryTooLarge,
        "refused": QueryRefused,
    }
    raise errors[verdict["why"]](_placed(verdict["message"]) or verdict["why"])


def _placed(message: str) -> str:
    """The engine's words, with the place said as people say it.

    >>> _placed("error at 2:7: expected IRI parsing failed")
    'line 2, column 7: expected IRI parsing failed'
    """
    return PLACE.sub(r"line \1, column \2: ", message)


def _send_graph(control: socket.socket, iri: Iri, content: bytes | None) -> None:
    if content is None:
        wire.send(control, wire.DROP, iri.encode())
    else:
        wire.send(control, wire.GRAPH, wire.graph_payload(iri, content))


def _commit(control: socket.socket) -> None:
    result = _ask(control, wire.COMMIT)
    if not result["ok"]:
        raise StoreError(f"the query engine refused an update: {result['message']}")


def _ask(control: socket.socket, kind: bytes, payload: bytes = b"") -> dict[str, Any]:
    wire.send(control, kind, payload)
    found: dict[str, Any] = json.loads(wire.Reader(control).receive()[1])
    return found


def _spawn(options: Mapping[str, object]) -> subprocess.Popen[bytes]:
    """Execute, never fork: the starter may have threads. Our end of its stdin is its lifeline."""
    arguments = [str(part) for pair in options.items() for part in pair if part != ""]
    paths = [str(PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-m", "catalogue.store.engine", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )


def _wait_until_ready(engine: Engine) -> None:
    line = _first_line(engine.process)
    said = json.loads(line) if line else {"error": "it ended, or said nothing, at its start"}
    if not said.get("ready"):
        engine.stop()
        raise StoreUnavailable(f"the query engine did not start: {said['error']}")


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None  # noqa: S101 - we asked for a pipe
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline() if selector.select(START_SECONDS) else b""


def _make_private(folder: Path) -> None:
    """Make the folder ours alone; somebody else's folder of that name is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise StoreUnavailable(f"{folder} is not a folder of ours")
    folder.chmod(0o700)
