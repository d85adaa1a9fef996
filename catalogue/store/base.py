"""What the catalogue asks of a triple store: the port that `embedded` and `remote` implement.

The surprise is in `Answer`: its first megabyte has already arrived when `query` returns, so
almost every failure is raised before a byte is sent to anyone. A limit that strikes later is
raised by the iterator; a server must then break the connection, because a clean end would
make a truncated answer look whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from catalogue.namespaces import Iri
from catalogue.store.formats import ResultFormat
from catalogue.store.question import Question

AnswerKind = Literal["select", "ask", "graph"]

HELD_BACK: Final = 1_000_000
"""Bytes of an answer that must have arrived (or its end) before `query` returns."""


class HeldBack:
    """Chunks of which the first `HELD_BACK` bytes have arrived; what fails until then, raises."""

    def __init__(self, chunks: Generator[bytes, None, None]) -> None:
        self._chunks = chunks
        self._held = deque(_take(chunks, HELD_BACK))

    @classmethod
    def whole(cls, content: bytes) -> HeldBack:
        """An answer of which nothing is still to come."""
        return cls(chunk for chunk in (content,))

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._held.popleft() if self._held else next(self._chunks)

    def close(self) -> None:
        """Abandon the query. Web servers call this when the client has gone."""
        self._held.clear()
        self._chunks.close()


def _take(chunks: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The first chunks, until they hold so many bytes."""
    for chunk in chunks:
        yield chunk
        count -= len(chunk)
        if count <= 0:
            return


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave. `chunks` can be read once; `close` abandons the query.

    `repeatable`: the same query asked of the same content gives the same answer.
    """

    media_type: str
    kind: AnswerKind
    chunks: HeldBack
    repeatable: bool = False

    def close(self) -> None:
        """Abandon the query."""
        self.chunks.close()

    def read(self) -> bytes:
        """The whole answer. Raises what the iterator raises when a limit strikes."""
        return b"".join(self.chunks)


class PublicStore(Protocol):
    """A SPARQL 1.1 store that holds named graphs of published descriptions."""

    def query(  # noqa: PLR0913 - the parameters of the SPARQL protocol, all but one by keyword
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
        """Ask; without a dataset of its own the query sees the union of all graphs.

        A `Question` is a query that was judged already, by whoever made its text longer since.
        `accept` is a chosen format or an Accept header (`Unoffered` when nothing in it can
        be written). `seconds` shortens the deadline, never lengthens it. `own` marks a
        question of our own pages, which does not queue behind strangers. `at_length` is called
        when the query turns out to be a long one, before it is put among those; what it raises
        refuses the query. A store that cannot tell the two apart never calls it.

        Raises `QueryRefused`, `QuerySyntax`, `QueryTimeout`, `QueryTooLarge`,
        `StoreUnavailable`, or `Unoffered` when the chosen format cannot hold what was found.
        """
        ...

    def state(self) -> str:
        """A name for the content as it is now, another after every change; empty: not known."""
        ...

    def replace(self, graphs: Mapping[Iri, bytes | None]) -> None:
        """Put N-Triples in place of each graph, or drop it (`None`); returns when visible."""
        ...

    def reload(self, graphs: Iterable[tuple[Iri, bytes]]) -> None:
        """Empty the store and refill it; readers see the old content until the end."""
        ...

    def graphs(self) -> set[Iri]:
        """The graphs that hold at least one triple."""
        ...

    def health(self) -> dict[str, Any]:
        """Whether it answers (`ok`), its `kind`, and figures worth a dashboard. Never raises."""
        ...

    def close(self) -> None:
        """Let go of connections. A shared engine process goes on running."""
        ...
