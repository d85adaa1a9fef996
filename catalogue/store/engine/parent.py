"""The loop of the engine: accept updates, fork children, keep deadlines, die with the starter.

It is single-threaded and runs no query of a stranger itself, so that it can always fork and
always kill. One turn of the loop does a little of everything and waits at most a fifth of a
second.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import Any, Final

from catalogue.store.engine import content, wire
from catalogue.store.engine.pool import Pool
from catalogue.store.engine.state import State

BATCH_SECONDS: Final = 0.2
TURN_SECONDS: Final = 0.2
READ_BYTES: Final = 1 << 20
REPLY_SECONDS: Final = 5.0


@dataclass(slots=True)
class _Client:
    """A connection to the control socket."""

    connection: socket.socket
    frames: wire.Frames = field(default_factory=wire.Frames)
    staged: content.Staged = field(default_factory=content.Staged)


class Parent:
    """Owns the graphs and the pool; `run` returns when the starter has gone or said stop.

    A `closed` engine answers nobody until its first content has come: an empty answer would
    say that everything was withdrawn.
    """

    def __init__(
        self,
        graphs: content.Graphs,
        pool: Pool,
        control: socket.socket,
        state: State,
        *,
        closed: bool = False,
    ) -> None:
        self._graphs = graphs
        self._pool = pool
        self._control = control
        self._state = state
        self._starter = os.getppid()
        self._selector = selectors.DefaultSelector()
        self._clients: dict[int, _Client] = {}
        self._commits: list[_Client] = []
        self._swapped = 0.0
        self._stopped = False
        self._closed = closed

    def run(self) -> None:
        """Serve until the starter ends, its lifeline (our stdin) closes, or SIGTERM."""
        self._listen()
        if not self._closed:
            self._swap()
        while not self._stopped and os.getppid() == self._starter:
            for key, _ in self._selector.select(self._patience()):
                key.data(key.fileobj)
            self._pool.end_late()
            self._pool.reap(self._graphs)
            self._commit_when_due()

    def _listen(self) -> None:
        woken, wake = os.pipe()
        for descriptor in (woken, wake):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        self._selector.register(woken, selectors.EVENT_READ, lambda fd: os.read(fd, 4096))
        self._selector.register(0, selectors.EVENT_READ, self._stop)
        self._selector.register(self._control, selectors.EVENT_READ, self._accept)

    def _stop(self, *_: object) -> None:
        self._stopped = True

    def _patience(self) -> float:
        """How long this turn may wait: until a deadline or a batch is due."""
        now = time.monotonic()
        moments = [now + TURN_SECONDS]
        if (deadline := self._pool.next_deadline()) is not None:
            moments.append(deadline)
        if self._commits and self._pool.may_swap():
            moments.append(self._swapped + BATCH_SECONDS)
        return max(0.0, min(moments) - now)

    def _accept(self, control: socket.socket) -> None:
        connection, _ = control.accept()
        connection.settimeout(REPLY_SECONDS)
        self._clients[connection.fileno()] = _Client(connection)
        self._selector.register(connection, selectors.EVENT_READ, self._read)

    def _read(self, connection: socket.socket) -> None:
        client = self._clients[connection.fileno()]
        try:
            arrived = connection.recv(READ_BYTES)
            frames = client.frames.feed(arrived)
        except OSError:
            arrived, frames = b"", []
        if not arrived:
            self._forget(client)
        for kind, payload in frames:
            self._obey(client, kind, payload)

    def _forget(self, client: _Client) -> None:
        self._selector.unregister(client.connection)
        del self._clients[client.connection.fileno()]
        client.connection.close()

    def _obey(self, client: _Client, kind: bytes, payload: bytes) -> None:
        if kind == wire.COMMIT:
            self._commits.append(client)
        elif kind == wire.STATUS:
            self._reply(client, self._pool.figures())
        elif kind == wire.GRAPHS:
            self._reply(client, {"graphs": self._graphs.names()})
        elif kind == wire.WHY:
            self._pool.reap(self._graphs)
            self._reply(client, {"why": self._pool.why(int(payload))})
        else:
            client.staged.take(kind, payload)

    def _commit_when_due(self) -> None:
        """At most one new generation per fifth of a second, however many updates come."""
        due = self._swapped + BATCH_SECONDS <= time.monotonic()
        if self._commits and due and self._pool.may_swap():
            clients, self._commits = self._commits, []
            results = [self._apply(client) for client in clients]
            content.settle()
            self._swap()
            self._swapped = time.monotonic()
            for client, result in zip(clients, results, strict=True):
                self._reply(client, result)

    def _swap(self) -> None:
        """Told only after the old children know: whoever reads the new state meets no old one."""
        self._pool.swap(self._graphs)
        self._state.tell(self._pool.generation)

    def _apply(self, client: _Client) -> dict[str, Any]:
        staged, client.staged = client.staged, content.Staged()
        try:
            self._graphs = content.apply(self._graphs, staged)
        except content.Refused as refused:
            return {"ok": False, "message": str(refused)}
        return {"ok": True, "generation": self._pool.generation + 1}

    def _reply(self, client: _Client, value: dict[str, Any]) -> None:
        """A client that went away without its answer has nobody to be told."""
        with contextlib.suppress(OSError):
            wire.send(client.connection, wire.RESULT, json.dumps(value).encode())
