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
import selectors
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from catalogue.errors import StoreError, StoreUnavailable
from catalogue.namespaces import Iri
from catalogue.store import guard
from catalogue.store.asking import QUEUE_SECONDS, Children, Long, OutOfTime, Request, told
from catalogue.store.base import Answer, HeldBack
from catalogue.store.engine import wire
from catalogue.store.engine.state import State
from catalogue.store.experience import Experience
from catalogue.store.formats import ResultFormat, answer_kind, chosen
from catalogue.store.question import Question

START_SECONDS: Final = 300.0
STOP_SECONDS: Final = 5.0
LONGEST_SOCKET_FOLDER: Final = 80  # a Unix socket's whole path has room for 107 bytes
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
        self._children = Children(sockets)
        self._experience = Experience()
        self._state: State | None = None

    def query(  # noqa: PLR0913 - the parameters of the port
        self,
        query: str | Question,
        *,
        accept: ResultFormat | str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
        own: bool = False,
        at_length: Callable[[], None] | None = None,
    ) -> Answer:
        """See `PublicStore.query`."""
        question = guard.judged(query)
        guard.check_graphs([*default_graphs, *named_graphs])
        form = chosen(accept, question.kind)
        request: Request = {
            "query": question.text,
            "base": self._base,
            "format": form.name,
            "from": question.names_dataset,
            "graph": question.names_graph,
            "default": list(default_graphs),
            "named": list(named_graphs),
            "seconds": min(seconds or self._seconds, self._seconds),
        }
        if own:
            chunks = self._children.ask(request, wire.OWN_SOCKET)
        else:
            chunks = self._ask_stranger(request, question, at_length)
        return Answer(form.media_type, answer_kind(question.kind), chunks, question.repeatable)

    def _ask_stranger(
        self,
        request: Request,
        question: Question,
        at_length: Callable[[], None] | None,
    ) -> HeldBack:
        """Among the short ones first, unless it is known, or looks, to be long."""
        if not (question.looks_long or self._experience.knows_long(question)):
            try:
                return HeldBack.whole(self._ask_briefly(request, question))
            except Long:
                self._experience.was_long(question)
        if at_length is not None:
            at_length()
        return self._children.ask(request, wire.LONG_SOCKET)

    def _ask_briefly(self, request: Request, question: Question) -> bytes:
        """On a busy machine what is quick may look slow: such a kind gets a second moment."""
        if self._experience.knows_quick(question):
            with contextlib.suppress(OutOfTime):
                return self._children.ask_briefly(request)
        with self._experience.trial():
            whole = self._children.ask_briefly(request)
        self._experience.was_quick(question)
        return whole

    def state(self) -> str:
        """See `PublicStore.state`."""
        try:
            self._state = self._state or State.open(self._sockets / wire.STATE_FILE)
        except (OSError, ValueError):
            return ""
        return self._state.read()

    def replace(self, graphs: Mapping[Iri, bytes | None]) -> None:
        """See `PublicStore.replace`. Either all these graphs change or, on an error, none."""
        with self._children.control() as control:
            for iri, content in graphs.items():
                _send_graph(control, iri, content)
            _commit(control)

    def reload(self, graphs: Iterable[tuple[Iri, bytes]]) -> None:
        """See `PublicStore.reload`. The old content stays in memory until the new is ready."""
        with self._children.control() as control:
            wire.send(control, wire.FRESH)
            for iri, content in graphs:
                _send_graph(control, iri, content)
            _commit(control)

    def graphs(self) -> set[Iri]:
        """See `PublicStore.graphs`."""
        with self._children.control() as control:
            found = told(control, wire.GRAPHS)
        return {Iri(iri) for iri in found["graphs"]}

    def health(self) -> dict[str, Any]:
        """See `PublicStore.health`."""
        try:
            with self._children.control() as control:
                control.settimeout(QUEUE_SECONDS)
                figures = told(control, wire.STATUS)
                return {"ok": figures["generation"] > 0, "kind": "embedded", **figures}
        except StoreUnavailable as error:
            return {"ok": False, "kind": "embedded", "reason": str(error)}

    def close(self) -> None:
        """Nothing stays open between calls."""


def _send_graph(control: socket.socket, iri: Iri, content: bytes | None) -> None:
    if content is None:
        wire.send(control, wire.DROP, iri.encode())
    else:
        wire.send(control, wire.GRAPH, wire.graph_payload(iri, content))


def _commit(control: socket.socket) -> None:
    result = told(control, wire.COMMIT)
    if not result["ok"]:
        raise StoreError(f"the query engine refused an update: {result['message']}")


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
