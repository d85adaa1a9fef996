"""A store that can be asked with SERVICE: it asks the peers, and the store behind it the rest.

Everything about a query that can be refused is refused before any peer hears of it. What a
peer answers may be another thing tomorrow, so no such answer is repeatable.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from catalogue.errors import QueryRefused, QueryTimeout, QueryTooLarge
from catalogue.federation import solutions
from catalogue.federation.asking import MOST_ROWS, Connect, Wanted, ask_all
from catalogue.federation.parts import Apart, Part, mentions, take_apart
from catalogue.federation.peers import Peer, Peers
from catalogue.ingest.http_connection import Deadline
from catalogue.namespaces import Iri
from catalogue.store import guard
from catalogue.store.base import Answer, PublicStore
from catalogue.store.formats import ResultFormat, chosen
from catalogue.store.question import Question

NOWHERE: Final = ("urn:x-catalogue:nowhere",)
"""A graph that never is: a query of it only has to be understood."""
JOINED_BYTES: Final = 1_000_000
"""Of a query with what the peers answered in it."""
SHARE: Final = 0.6
"""Of the time of a query, what the peers may use."""

At = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FederatedStore:
    """A `PublicStore` in front of another one, for the catalogue at `site`.

    `seconds` is the deadline of a query, and `peer_seconds` what its peers may take of that,
    all together.
    """

    behind: PublicStore
    peers: Peers
    connect: Connect
    site: str
    seconds: float
    peer_seconds: float

    def query(  # noqa: PLR0913 - the parameters of the port
        self,
        query: str | Question,
        *,
        accept: ResultFormat | str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
        own: bool = False,
        at_length: At | None = None,
    ) -> Answer:
        """See `PublicStore.query`; one that asks peers counts as a long one.

        Raises `PeerFailed` and `PeerLate` besides.
        """
        ask = partial(
            self.behind.query,
            accept=accept,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            own=own,
            at_length=at_length,
        )
        apart = None if own else self._apart(query)
        if apart is None or not apart.parts:
            return ask(query, seconds=seconds)
        deadline = Deadline(time.monotonic, min(seconds or self.seconds, self.seconds))
        peers = [self._peer(part) for part in apart.parts]
        guard.check_graphs([*default_graphs, *named_graphs])
        rest = _rest(apart, accept)
        if at_length is not None:
            at_length()
        joined = self._joined(apart, peers, deadline, at_length)
        whole = replace(rest, text=joined, repeatable=False, looks_long=True)
        return ask(whole, seconds=_left(deadline))

    def _apart(self, query: str | Question) -> Apart | None:
        known = isinstance(query, Question) or not mentions(query)
        return None if known else take_apart(str(query), self._endpoint)

    def _joined(
        self, apart: Apart, peers: Sequence[Peer], deadline: Deadline, at_length: At | None
    ) -> str:
        """The query with what the peers answered in the places of its parts."""
        columns = [self._columns(apart, part, deadline, at_length) for part in apart.parts]
        self._understood(apart.put(list(map(solutions.nothing, columns))), deadline, at_length)
        wanted = [_wanted(apart, *each) for each in zip(apart.parts, peers, columns, strict=True)]
        patience = Deadline(time.monotonic, min(self.peer_seconds, _left(deadline) * SHARE))
        joined = apart.put(ask_all(wanted, self.connect, patience, self.site + solutions.GENID))
        _check_room(joined)
        return joined

    def _peer(self, part: Part) -> Peer:
        peer = self.peers.at(part.endpoint)
        if peer is None:
            raise QueryRefused(
                f"{part.place}: SERVICE <{part.endpoint[:200]}> is not available: this endpoint "
                f"only asks {self.peers}"
            )
        return peer

    def _columns(
        self, apart: Apart, part: Part, deadline: Deadline, at_length: At | None
    ) -> tuple[str, ...]:
        """The variables that a part can bind, from whoever understands it: our own store."""
        found = self._understood(apart.in_its_place(part), deadline, at_length)
        return tuple(f"?{name}" for name in json.loads(found)["head"].get("vars", ()))

    def _understood(self, query: str, deadline: Deadline, at_length: At | None) -> bytes:
        """What is said of nothing. Raises `QuerySyntax` or `QueryRefused`."""
        return self.behind.query(
            query, default_graphs=NOWHERE, seconds=_left(deadline), at_length=at_length
        ).read()

    @property
    def _endpoint(self) -> str:
        return f"{self.site}/sparql"

    def state(self) -> str:
        """See `PublicStore.state`."""
        return self.behind.state()

    def replace(self, graphs: Mapping[Iri, bytes | None]) -> None:
        """See `PublicStore.replace`."""
        self.behind.replace(graphs)

    def reload(self, graphs: Iterable[tuple[Iri, bytes]]) -> None:
        """See `PublicStore.reload`."""
        self.behind.reload(graphs)

    def graphs(self) -> set[Iri]:
        """See `PublicStore.graphs`."""
        return self.behind.graphs()

    def health(self) -> dict[str, Any]:
        """See `PublicStore.health`; the peers' health is their own affair."""
        return self.behind.health()

    def close(self) -> None:
        """See `PublicStore.close`."""
        self.behind.close()


def _wanted(apart: Apart, part: Part, peer: Peer, columns: Sequence[str]) -> Wanted:
    """What a peer is asked for: only the variables that matter to the rest of the query."""
    outside = apart.outside(part)
    names = tuple(name for name in columns if name in outside)
    question = apart.question(part, names, MOST_ROWS + 1)
    return Wanted(peer=peer, question=question, columns=names, silent=part.silent)


def _rest(apart: Apart, accept: ResultFormat | str) -> Question:
    """What we ask ourselves, judged: what it may not ask, and a form that it has no answer in."""
    rest = guard.inspect(apart.put([solutions.nothing(())] * len(apart.parts)))
    chosen(accept, rest.kind)
    return rest


def _check_room(joined: str) -> None:
    size = len(joined.encode())
    if size > JOINED_BYTES:
        raise QueryTooLarge(
            f"what the peers answered makes the query {size} bytes long, and it may have "
            f"{JOINED_BYTES}: narrow the part inside SERVICE, or name fewer variables there "
            "with a SELECT"
        )


def _left(deadline: Deadline) -> float:
    left = deadline.left()
    if not left:
        raise QueryTimeout(f"the query was not finished within {deadline.seconds:g} seconds")
    return left
