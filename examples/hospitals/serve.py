"""Serve the ten demonstration hospitals on one local port, told apart by the Host header.

    python -m examples.hospitals.serve --port 0

prints one JSON line with the port and serves until it is interrupted. In a test:

    with Demonstration() as demo:
        requests.get(demo.address, headers={"Host": "fdp.noordzee.example"})

One hospital (Heuvelrijk) gives up half-way on purpose; `--healthy` or `faults=False` mends it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from examples.hospitals.generate import SEED, generate
from examples.hospitals.hospital import hospitals
from examples.hospitals.site import Page, Record, pages, records

FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back. `fault` is "truncated" or "stalled" when the connection is to break."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""


class Demonstration:
    """The hospitals behind one address; a context manager that stops its own thread.

    `faults` may be switched while it runs: a hospital that failed may be healthy tomorrow.
    """

    def __init__(
        self, *, port: int = 0, faults: bool = True, stall_seconds: float = 2.0, seed: int = SEED
    ) -> None:
        self.faults = faults
        self.stall_seconds = stall_seconds
        self.stopping = threading.Event()
        self.withdrawn: set[str] = set()  # addresses that answer 410
        self.hospitals = {hospital.slug: hospital for hospital in hospitals()}
        self._records: dict[str, list[Record]] = {}
        self._pages: dict[str, dict[str, Page]] = {}
        for slug, generated in generate(list(self.hospitals.values()), seed).items():
            self.publish(slug, records(self.hospitals[slug], generated))
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def port(self) -> int:
        """The port that was free."""
        return int(self._server.server_address[1])

    @property
    def connect_to(self) -> str:
        """What a source's `connect_to` has to be, to reach this server."""
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """The server itself; say with the Host header which hospital you mean."""
        return f"http://{self.connect_to}"

    def records(self, slug: str) -> list[Record]:
        """What a hospital publishes now, drafts included."""
        return list(self._records[slug])

    def publish(self, slug: str, found: Sequence[Record]) -> None:
        """Let a hospital publish these records instead: edited, added or left out."""
        hospital = self.hospitals[slug]
        self._records[slug] = list(found)
        self._pages[hospital.host] = pages(hospital, found)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, host: str, target: str, *, accept: str = "", etag: str = "") -> Answer:
        """What `host` says to a GET of `target` (path and query)."""
        name = host.partition(":")[0]
        if name not in self._pages:
            return _text(404, f"no hospital is called {name!r}; try {', '.join(self._pages)}")
        if f"http://{name}{target}" in self.withdrawn:
            return _text(410, "withdrawn by its holder")
        page = self._pages[name].get(target or "/")
        if page is None:
            return _text(404, f"{name} has nothing at {target}")
        if page.draft:
            return _text(403, "you may not see this draft")
        return self._page(page, f"http://{name}{target}", accept, etag)

    def _page(self, page: Page, url: str, accept: str, etag: str) -> Answer:
        fault = page.fault if self.faults else ""
        if fault == "failing":
            return _text(500, "the database does not answer")
        media_type = page.media_type or negotiate(accept)
        body = render(page.turtle, media_type, url)
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers = {"Content-Type": media_type, "ETag": tag, "Vary": "Accept"}
        if etag == tag:
            return Answer(status=304, headers=headers)
        return Answer(status=200, body=body, headers=headers, fault=fault)


def negotiate(accept: str) -> str:
    """The best of our formats for an Accept header; Turtle when anything goes.

    >>> negotiate("application/ld+json;q=0.9, text/turtle;q=0.5"), negotiate("*/*")
    ('application/ld+json', 'text/turtle')
    """
    wanted: list[tuple[float, str]] = []
    for part in accept.split(","):
        name, _, parameters = part.partition(";")
        quality = parameters.partition("q=")[2]
        wanted.append((float(quality or 1), name.strip()))
    found = [(quality, name) for quality, name in wanted if name in FORMATS]
    return max(found, key=lambda pair: pair[0])[1] if found else "text/turtle"


def render(turtle: str, media_type: str, url: str) -> bytes:
    """The text in another format; a text with a syntax error stays as it is."""
    if media_type == "text/turtle":
        return turtle.encode()
    try:
        parsed = ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE, base_iri=url, lenient=True)
        graph = ox.Dataset(parsed)
    except SyntaxError:
        return turtle.encode()
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)  # the same bytes every time
    triples = sorted((quad.triple for quad in graph), key=str)
    return ox.serialize(triples, format=FORMATS[media_type]) or b""


def _text(status: int, sentence: str) -> Answer:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return Answer(status=status, body=f"{sentence}\n".encode(), headers=headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], demonstration: Demonstration) -> None:
        super().__init__(address, _Handler)
        self.demonstration = demonstration

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news; anything else is printed as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer, or break off as the fault says."""
        answer = self._answer()
        if answer.fault == "stalled":
            self.server.demonstration.stopping.wait(self.server.demonstration.stall_seconds)
            self.close_connection = True
            return
        self._head(answer)
        cut = len(answer.body) // 2 if answer.fault == "truncated" else len(answer.body)
        self.wfile.write(answer.body[:cut])
        self.close_connection = self.close_connection or bool(answer.fault)

    def do_HEAD(self) -> None:
        """The headers of the GET."""
        self._head(self._answer())

    def _answer(self) -> Answer:
        return self.server.demonstration.answer(
            self.headers.get("Host", ""),
            self.path,
            accept=self.headers.get("Accept", ""),
            etag=self.headers.get("If-None-Match", ""),
        )

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: a demonstration's log is its harvest report."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="serve the demonstration hospitals")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port and prints it")
    parser.add_argument("--healthy", action="store_true", help="no hospital breaks half-way")
    parser.add_argument("--stall", type=float, default=2.0, help="seconds that a stall lasts")
    arguments = parser.parse_args()
    demonstration = Demonstration(
        port=arguments.port, faults=not arguments.healthy, stall_seconds=arguments.stall
    )
    with demonstration:
        hosts = [hospital.host for hospital in demonstration.hospitals.values()]
        print(json.dumps({"port": demonstration.port, "hosts": hosts}), flush=True)
        _wait(demonstration.stopping)


def _wait(stopping: threading.Event) -> None:
    try:
        stopping.wait()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
