"""A connection that goes to addresses already judged, and ends at its deadline.

The host name stays what the other side sees (Host, SNI, certificate); only the place where
we connect is fixed. A read time-out alone would let a server that sends one byte a second
keep us for ever, so a timer cuts the line itself when the deadline passes.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from catalogue.ingest.address import Target

Dial = Callable[..., socket.socket]
"""`socket.create_connection`, or something that connects in the same way."""

CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on a clock that only runs forward."""

    clock: Callable[[], float]
    seconds: float
    start: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.clock())

    def left(self) -> float:
        """Seconds until the deadline, zero when it has passed."""
        return max(0.0, self.start + self.seconds - self.clock())


class Line(HTTPAdapter):
    """One connection to one target, kept open between requests; for one thread at a time."""

    def __init__(self, target: Target, trust: ssl.SSLContext | None, dial: Dial) -> None:
        super().__init__()
        self.target = target
        self._dial = dial
        self._plug: socket.socket | None = None
        self._response: requests.Response | None = None
        self._cut = threading.Event()
        self._closed = False
        self._pool = self._make_pool(trust)

    def ask(
        self, url: str, headers: Mapping[str, str], deadline: Deadline, body: bytes | None = None
    ) -> requests.Response:
        """Send a GET, or a POST with a body; the answer is still to be read."""
        method = "GET" if body is None else "POST"
        request = requests.Request(method, url, headers=dict(headers), data=body).prepare()
        left = max(deadline.left(), 0.001)
        self._response = self.send(request, stream=True, timeout=(min(CONNECT_SECONDS, left), left))
        return self._response

    @property
    def was_cut(self) -> bool:
        """Whether the deadline passed: what was read until then may look complete."""
        return self._cut.is_set()

    @property
    def usable(self) -> bool:
        """Whether another request may use this line."""
        return not self._closed and not self.was_cut

    def close(self) -> None:
        """Hang up, also in the middle of an answer."""
        self._closed = True
        if self._response is not None:
            self._response.close()
        self._pool.close()
        if self._plug is not None:
            self._plug.close()
            self._plug = None
        super().close()

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Connect to the first place of the target that answers, while there is time."""
        failure: OSError = OSError("no address to connect to")
        for place in self.target.places:
            if self.was_cut:
                break
            try:
                return self._held(self._dial(place, timeout=connection.timeout))
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(connection, "nobody answers") from failure
        raise NewConnectionError(connection, str(failure)) from failure

    def _held(self, connected: socket.socket) -> socket.socket:
        """Keep a second handle on the socket: the one in use may be wrapped in TLS later."""
        if self._plug is not None:
            self._plug.close()
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._plug = connected.dup()
        if self.was_cut:
            self.cut()
        return connected

    def cut(self) -> None:
        """Cut the line, whatever another thread is doing with it."""
        self._cut.set()
        if self._plug is None:
            return
        try:
            self._plug.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side hung up first, which is as good

    def _make_pool(self, trust: ssl.SSLContext | None) -> HTTPConnectionPool:
        pool: HTTPConnectionPool
        host, port = self.target.host, self.target.port
        if self.target.scheme == "https":
            pool = HTTPSConnectionPool(host, port, maxsize=1, ssl_context=trust)
            pool.ConnectionCls = partial(_Encrypted, line=self)  # type: ignore[assignment]
        else:
            pool = HTTPConnectionPool(host, port, maxsize=1)
            pool.ConnectionCls = partial(_Plain, line=self)  # type: ignore[assignment]
        return pool

    # What follows answers to names that `requests` calls.

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """Always our own pool, so that no proxy of the environment can come between."""
        return self._pool

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Nothing to set per request: the context always verifies, there is no switch."""


class _Plain(HTTPConnection):
    """Connects where its line says."""

    def __init__(self, *args: Any, line: Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.connect(self)


class _Encrypted(HTTPSConnection):
    """Connects where its line says; name and certificate stay those of the host."""

    def __init__(self, *args: Any, line: Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.connect(self)
