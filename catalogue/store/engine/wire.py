"""What travels over the engine's sockets: frames of one kind byte, a length and a payload.

A client sends one QUERY frame. `long.sock` and `own.sock` answer ACCEPTED, DATA …, END;
`query.sock`, for what is done in a moment, answers WHOLE or, with a refusal, END. A break before
that means that the child died; the reason is asked at `control.sock` with the token that went
along with the query.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import Final

HEAD: Final = struct.Struct(">cI")
_MOMENT: Final = struct.Struct("@ll")  # struct timeval: seconds, microseconds
MAX_FRAME: Final = 1 << 30
READ_BYTES: Final = 1 << 17
IRI_LENGTH: Final = struct.Struct(">I")

QUERY: Final = b"Q"  # client: JSON {query, base, format, from, graph, default, named, seconds, …}
ACCEPTED: Final = b"A"  # child: your query starts now
STALE: Final = b"R"  # child: I am of an older generation, connect again
DATA: Final = b"D"  # child: bytes of the answer
WHOLE: Final = b"H"  # child: the answer, all of it
END: Final = b"E"  # child: JSON {ok, generation, why, message}

GRAPH: Final = b"G"  # client: length of IRI, IRI, N-Triples: put in place of the graph
DROP: Final = b"X"  # client: IRI
FRESH: Final = b"N"  # client: what follows goes into an empty store
COMMIT: Final = b"C"  # client: make it visible; answered by RESULT
STATUS: Final = b"S"  # client: answered by RESULT
GRAPHS: Final = b"L"  # client: answered by RESULT
WHY: Final = b"W"  # client: token; answered by RESULT {why}
RESULT: Final = b"K"  # parent: JSON

QUERY_SOCKET: Final = "query.sock"
LONG_SOCKET: Final = "long.sock"
OWN_SOCKET: Final = "own.sock"
CONTROL_SOCKET: Final = "control.sock"
SOCKETS: Final = (QUERY_SOCKET, LONG_SOCKET, OWN_SOCKET, CONTROL_SOCKET)

STATE_FILE: Final = "state"
STATE: Final = struct.Struct("=QQ")  # a number of this start, and the generation that serves


class Broken(OSError):
    """The other side closed the connection in the middle of a frame."""


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame as bytes."""
    return HEAD.pack(kind, len(payload)) + payload


def send(connection: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Send one frame."""
    connection.sendall(frame(kind, payload))


def wait_at_most(connection: socket.socket, seconds: float) -> None:
    """Let the kernel count the seconds of each read; one that is late is a `BlockingIOError`.

    Python's own way to a deadline wakes the thread twice for a read, and this once.
    """
    whole, part = divmod(seconds, 1.0)
    moment = _MOMENT.pack(int(whole), int(part * 1_000_000))
    connection.setblocking(True)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, moment)


def receive(connection: socket.socket) -> tuple[bytes, bytes]:
    """The one frame that comes on this connection. Raises `Broken` when none comes whole."""
    arrived = _more(connection)
    while len(arrived) < HEAD.size:
        arrived += _more(connection)
    kind, length = HEAD.unpack_from(arrived)
    end = HEAD.size + length
    if len(arrived) < end:
        arrived = b"".join(_until(connection, arrived, end))
    return kind, arrived[HEAD.size : end]


def _until(connection: socket.socket, arrived: bytes, end: int) -> Iterator[bytes]:
    """What arrived, and more of it until there are so many bytes."""
    while True:
        yield arrived
        end -= len(arrived)
        if end <= 0:
            return
        arrived = _more(connection)


def _more(connection: socket.socket) -> bytes:
    arrived = connection.recv(READ_BYTES)
    if not arrived:
        raise Broken("the connection was closed before the end")
    return arrived


def graph_payload(iri: str, content: bytes) -> bytes:
    """The payload of a GRAPH frame."""
    name = iri.encode()
    return IRI_LENGTH.pack(len(name)) + name + content


def graph_of(payload: bytes) -> tuple[str, bytes]:
    """IRI and N-Triples of a GRAPH frame."""
    (length,) = IRI_LENGTH.unpack_from(payload)
    start = IRI_LENGTH.size
    return payload[start : start + length].decode(), payload[start + length :]


class Frames:
    """Frames cut from bytes as they arrive, for a reader that never waits."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, arrived: bytes) -> list[tuple[bytes, bytes]]:
        """The frames that are complete now."""
        self._buffer += arrived
        found = []
        while frame := self._take():
            found.append(frame)
        return found

    def _take(self) -> tuple[bytes, bytes] | None:
        if len(self._buffer) < HEAD.size:
            return None
        kind, length = HEAD.unpack_from(self._buffer)
        if length > MAX_FRAME:
            raise Broken(f"a frame of {length} bytes was announced")
        end = HEAD.size + length
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[HEAD.size : end])
        del self._buffer[:end]
        return kind, payload


class Reader:
    """A connection read frame by frame, each piece copied once: an answer may be large."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._arrived = b""

    def receive(self) -> tuple[bytes, bytes]:
        """The next frame: kind and payload. Raises `Broken` when the other side is gone."""
        kind, length = HEAD.unpack(self._take(HEAD.size))
        return kind, self._take(length)

    def _take(self, count: int) -> bytes:
        """So many bytes, and perhaps more kept for the next time."""
        held = self._arrived
        if len(held) < count:
            held = b"".join(_until(self.connection, held, count))
        self._arrived = held[count:]
        return held[:count]
