r"""A real web server on this machine that does what servers should not.

    with Misbehaving() as server:
        server.answer("/x", b"<> a <#Thing> .")
        server.behave("/slow", drip(b"HTTP/1.1 200 OK\r\n"))
        ... server.url("/x") ... server.seen ...

A behaviour is a function of the request handler; it writes to the socket what it likes.
"""

from __future__ import annotations

import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

TURTLE = "text/turtle"


@dataclass(frozen=True)
class Seen:
    path: str
    headers: Mapping[str, str]
    connection: object
    method: str = "GET"
    body: bytes = b""


class Misbehaving:
    """The server; `seen` holds every request in the order of arrival."""

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.seen: list[Seen] = []
        self.stopping = threading.Event()
        self._behaviours: dict[str, Behaviour] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def place(self) -> tuple[str, int]:
        return ("127.0.0.1", self._server.server_address[1])

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.seen]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.place[1]}{path}"

    def answer(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str = TURTLE,
    ) -> None:
        """Answer as a good server would."""
        self.behave(path, answering(body, status=status, headers=headers, media_type=media_type))

    def behave(self, path: str, *behaviours: Behaviour) -> None:
        """Do this at `path`; with several behaviours one after the other, then the last."""
        waiting = list(behaviours)

        def next_one(handler: Any) -> None:
            behaviour = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            behaviour(handler)

        self._behaviours[path] = next_one

    def handle(self, handler: Any) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        seen = Seen(handler.path, dict(handler.headers), handler.connection, handler.command, body)
        self.seen.append(seen)
        behaviour = self._behaviours.get(handler.path, answering(b"", status=404))
        behaviour(handler)


def answering(
    body: bytes | str = b"",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = TURTLE,
) -> Behaviour:
    content = body.encode() if isinstance(body, str) else body

    def behaviour(handler: Any) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return behaviour


def conditional(
    body: bytes | str, *, etag: str | None = None, changed: str | None = None
) -> Behaviour:
    """Answer 304 to whom has this already, as a good server does."""
    headers = {"ETag": etag, "Last-Modified": changed}
    validators = {name: value for name, value in headers.items() if value}

    def behaviour(handler: Any) -> None:
        tag, date = (handler.headers.get(n) for n in ("If-None-Match", "If-Modified-Since"))
        same = tag == etag if tag else bool(date) and date == changed
        if not same:
            answering(body, headers=validators)(handler)
            return
        handler.send_response(304)
        for name, value in validators.items():
            handler.send_header(name, value)
        handler.end_headers()

    return behaviour


def redirecting(location: str, status: int = 302) -> Behaviour:
    return answering(b"", status=status, headers={"Location": location})


def raw(*pieces: bytes) -> Behaviour:
    """Write these bytes, whatever they are, and hang up."""

    def behaviour(handler: Any) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
        handler.close_connection = True

    return behaviour


def drip(start: bytes, piece: bytes = b"x", pause: float = 0.02) -> Behaviour:
    """Write `start`, then a little at a time, for ever."""

    def behaviour(handler: Any) -> None:
        handler.wfile.write(start)
        while not handler.server.owner.stopping.wait(pause):
            handler.wfile.write(piece)
        handler.close_connection = True

    return behaviour


def endless(start: bytes, pieces: Iterable[bytes]) -> Behaviour:
    """Write as fast as it is read, until the other side hangs up or `pieces` end."""

    def behaviour(handler: Any) -> None:
        handler.wfile.write(start)
        handler.close_connection = True
        for piece in pieces:
            if handler.server.owner.stopping.is_set():
                return
            handler.wfile.write(piece)

    return behaviour


def silent(handler: Any) -> None:
    """Take the request, and never answer."""
    handler.server.owner.stopping.wait()
    handler.close_connection = True


def gzipped(content: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(content) + packer.flush()


def gzipped_zeros(size: int) -> bytes:
    """A gzip file that unpacks to `size` spaces, made without ever holding them."""
    packer = zlib.compressobj(9, wbits=31)
    block = b" " * 1_000_000
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def a_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for `name`, signed by itself, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext"),
            *(f"subjectAltName=DNS:{name}", "-out", str(certificate), "-keyout", str(key)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


class Impatient:
    """A session that gives one address little time, and others all they need.

    So a test of a time-out is quick, and does not fail on a machine that is busy.
    """

    def __init__(self, web: Any, url: str) -> None:
        self._web = web
        self._url = url
        self._patience = web.seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._web, name)

    def get(self, url: str, **options: Any) -> Any:
        self._web.seconds = 0.2 if url == self._url else self._patience
        return self._web.get(url, **options)

    def expect(self, urls: Any, **_: Any) -> None:
        """Each address is asked when its time is set, not before."""


Behaviour = Callable[[Any], None]


class _Server(ThreadingHTTPServer):
    owner: Misbehaving

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The other side hung up: for most of these tests that is the point."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.owner.handle(self)  # type: ignore[attr-defined]

    do_POST = do_GET  # noqa: N815 - the name is inherited

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        """Quiet."""
