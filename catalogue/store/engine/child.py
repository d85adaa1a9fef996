"""One locked-in child: answers a query at a time until it is retired, heavy or killed.

It never decides how long a query may take: the parent does, from the slot in shared memory
that this child fills in before it starts. A timer of its own is the second clock.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import select
import signal
import socket
import time
from dataclasses import dataclass
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from catalogue.store.engine import sandbox, wire, xml_names, xml_text
from catalogue.store.engine.content import Graphs
from catalogue.store.engine.slots import Slot

HEAVY_SECONDS: Final = 0.5
HEAVY_PAGES: Final = 16_384  # 64 MB of pages copied or added since the fork
MAX_SERVED: Final = 100_000
FRAME: Final = 65_536
NICENESS: Final = 10
"""Of a child that may take long."""
_SIGNALS: Final = (
    signal.SIGCHLD,
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGALRM,
    signal.SIGPROF,
)
SPARE_SECONDS: Final = 1.0
REQUEST_SECONDS: Final = 1.0

SOLUTIONS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "json-ld": ox.RdfFormat.JSON_LD,
    "rdf-xml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "n-quads": ox.RdfFormat.N_QUADS,
}
XML: Final = frozenset({"xml", "rdf-xml"})


class TooLarge(Exception):
    """The answer passed its limit; the message names the limit."""


WHY: Final[dict[type[Exception], str]] = {
    TooLarge: "too-large",
    MemoryError: "memory",
    SyntaxError: "syntax",
    xml_names.Unwritable: "unwritable",
    OSError: "refused",
    RuntimeError: "refused",
    ValueError: "refused",
}
"""What is told of an error that ends a query; the first row that fits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: seconds, bytes of memory, bytes of answer."""

    seconds: float
    memory: int
    answer: int


class Output:
    """Where the answer is written: frames of 64 kB on the connection, up to a limit."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self._connection = connection
        self._limit = limit
        self._left = limit
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes from the serialiser. Raises `TooLarge`."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(f"the answer is larger than {self._limit} bytes")
        self._buffer += data
        self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held; the serialiser calls this too, and may do so for each row."""
        if len(self._buffer) >= FRAME:
            self._connection.sendall(wire.frame(wire.DATA, bytes(self._buffer)))
            self._buffer.clear()

    def end(self, verdict: dict[str, Any]) -> None:
        """Send what is left and the verdict, in one go."""
        rest = wire.frame(wire.DATA, bytes(self._buffer)) if self._buffer else b""
        end = wire.frame(wire.END, json.dumps(verdict).encode())
        self._connection.sendall(rest + end)


class Moment:
    """Where the answer to a short query is written: memory, up to a limit."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take bytes from the serialiser. Raises `TooLarge`."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge("the answer is larger than that of a short query")
        self._pieces.append(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is sent before all of it is there."""

    def frame(self, verdict: dict[str, Any]) -> bytes:
        """What to send."""
        if verdict["ok"]:
            return wire.frame(wire.WHOLE, b"".join(self._pieces))
        return wire.frame(wire.END, json.dumps(verdict).encode())


class Child:
    """Serves one listening socket from the moment of its fork."""

    def __init__(self, graphs: Graphs, slot: Slot, generation: int, limits: Limits) -> None:
        self._graphs = graphs
        self._slot = slot
        self._generation = generation
        self._limits = limits
        self._served = 0
        self._pages = 0

    def run(self, *, parent: int, listener: int, retire: int, last: bool) -> None:
        """Lock in, then serve. Returns when this child should be replaced."""
        _default_signals()
        sandbox.die_with_parent(parent)
        sandbox.keep_only(listener, retire)
        _first_to_go_when_memory_is_short()
        if last:
            _after_the_short_ones()
        waiting = _waiting()
        sandbox.limit(self._limits.memory)
        sandbox.confine()
        self._pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        self._serve(waiting)

    def _serve(self, waiting: select.epoll) -> None:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=sandbox.LISTENER)
        listener.setblocking(False)
        while sandbox.RETIRE not in dict(waiting.poll()):
            connection = _accept(listener)
            if connection and not self._answer(connection):
                return

    def _answer(self, connection: socket.socket) -> bool:
        """Answer one connection; whether this child is still fit for another."""
        started = time.monotonic()
        with connection, contextlib.suppress(OSError):
            connection.settimeout(REQUEST_SECONDS)
            if _retired():
                wire.send(connection, wire.STALE)
                return False
            self._ask(connection, json.loads(wire.receive(connection)[1]))
        self._slot.free()
        self._served += 1
        return self._fit(time.monotonic() - started)

    def _ask(self, connection: socket.socket, request: dict[str, Any]) -> None:
        if request["moment"]:
            self._ask_briefly(connection, request)
        else:
            self._ask_at_length(connection, request)

    def _ask_briefly(self, connection: socket.socket, request: dict[str, Any]) -> None:
        """Die when the moment of processor time is over.

        It is counted in processor time: a machine that is busy with other things does not make
        a quick query a long one.
        """
        self._slot.take(time.monotonic() + float(request["seconds"]), int(request["token"]))
        output = Moment(int(request["bytes"]))
        signal.setitimer(signal.ITIMER_PROF, float(request["moment"]))
        verdict = self._verdict(output, request)
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.sendall(output.frame(verdict))

    def _ask_at_length(self, connection: socket.socket, request: dict[str, Any]) -> None:
        """Die of our own accord should the parent be too busy to end us."""
        seconds = min(self._limits.seconds, float(request["seconds"] or self._limits.seconds))
        self._slot.take(time.monotonic() + seconds, int(request["token"]))
        signal.setitimer(signal.ITIMER_REAL, seconds + SPARE_SECONDS)
        sandbox.limit_processor(seconds)
        connection.settimeout(seconds + SPARE_SECONDS)
        wire.send(connection, wire.ACCEPTED)
        output = Output(connection, self._limits.answer)
        verdict = self._verdict(output, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        output.end({**verdict, "generation": self._generation})

    def _verdict(self, output: Output | Moment, request: dict[str, Any]) -> dict[str, Any]:
        try:
            found = _query(self._graphs, request)
            _serialise(found, cast(IO[bytes], output), request["format"])
        except (ConnectionError, TimeoutError):
            raise
        except tuple(WHY) as error:
            return _refusal(error)
        return {"ok": True}

    def _fit(self, seconds: float) -> bool:
        """Whether to go on: reading copies pages, so a heavy query leaves a heavy child."""
        pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - self._pages
        return seconds < HEAVY_SECONDS and pages < HEAVY_PAGES and self._served < MAX_SERVED


def warm(graphs: Graphs) -> None:
    """Make the parent's lazy statics once, so that no child pays for them."""
    pattern = "{ ?s ?p ?o } LIMIT 100"
    store = graphs.union
    _serialise(store.query(f"SELECT * WHERE {pattern}"), io.BytesIO(), "json")
    _serialise(store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}"), io.BytesIO(), "turtle")


def _serialise(
    found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, output: IO[bytes], name: str
) -> None:
    if name in XML:
        output = cast(IO[bytes], xml_text.Text(output))
    if isinstance(found, ox.QueryTriples) and name == "rdf-xml":
        ox.serialize(xml_names.writable(found), output, format=GRAPHS[name])
    elif isinstance(found, ox.QueryTriples):
        found.serialize(output, GRAPHS[name])
    else:
        found.serialize(output, SOLUTIONS[name])


def _default_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def _first_to_go_when_memory_is_short() -> None:
    """Ask the kernel to end a child before anything else; a hint, so it may be refused."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
        score.write("1000")


def _after_the_short_ones() -> None:
    """Give way to pages and short queries, but not all of it.

    With two busy processes on two cores a long query of 0.08 s took 0.5 s at this niceness, and
    14 s as `SCHED_IDLE`; what a crowd of long queries costs the short ones was the same.
    """
    os.nice(NICENESS)


def _waiting() -> select.epoll:
    """Waits for a connection, or to be retired; a connection wakes one child and not all."""
    waiting = select.epoll()
    waiting.register(sandbox.LISTENER, select.EPOLLIN | select.EPOLLEXCLUSIVE)
    waiting.register(sandbox.RETIRE, select.EPOLLIN | select.EPOLLHUP)
    return waiting


def _accept(listener: socket.socket) -> socket.socket | None:
    """The next connection, unless a sibling was faster."""
    try:
        return listener.accept()[0]
    except (BlockingIOError, ConnectionAbortedError):
        return None


def _retired() -> bool:
    """Whether a newer generation serves; asked after accepting, so no answer is stale."""
    check = select.poll()
    check.register(sandbox.RETIRE, select.POLLIN | select.POLLHUP)
    return bool(check.poll(0))


def _query(
    graphs: Graphs, request: dict[str, Any]
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Ask the graphs of the protocol, the graphs that the query names, or the union of all."""
    base = request["base"] or None
    if request["default"] or request["named"]:
        return graphs.named.query(
            request["query"],
            base_iri=base,
            default_graph=[ox.NamedNode(iri) for iri in request["default"]],
            named_graphs=[ox.NamedNode(iri) for iri in request["named"]],
        )
    if graphs.strict or request["from"]:
        return graphs.named.query(request["query"], base_iri=base)
    if request["graph"]:
        return graphs.named.query(request["query"], base_iri=base, use_default_graph_as_union=True)
    return graphs.union.query(request["query"], base_iri=base)


def _refusal(error: BaseException) -> dict[str, Any]:
    why = next(word for kind, word in WHY.items() if isinstance(error, kind))
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return {"ok": False, "why": why, "message": message[:500]}
