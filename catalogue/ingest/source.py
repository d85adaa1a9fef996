"""What a harvester is given and what it hands over: the port that `harvesters/*` implement.

A harvester is a generator function `harvest(source, web)` in `harvesters/<protocol>.py`. It
fetches through `web` (the guarded session; it never opens a connection itself) and yields
what it found. It never raises for one bad address: it yields `Missed` and goes on, so that
one timed-out request cannot hide the rest of a hospital. It raises `SourceError` only when
the source as a whole cannot be read (its first address fails).

A long list is resumable: after a page the harvester yields a `Mark`, and a later run finds
it in `web.remembered`. A harvester that begins in the middle says so with `Resumed`; one that
asked only for what changed says so with `Incremental`, because what such a run does not
mention is not missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from catalogue.errors import SourceError
from catalogue.model.source import Source
from catalogue.namespaces import Iri
from catalogue.rdf.graph import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Bytes as received. `url` is the address asked for, after redirects `final_url`.

    `next_page` is the target of `Link: rel="next"`, as stated.
    """

    url: str
    final_url: str
    content: bytes
    media_type: str | None
    fetched: datetime
    etag: str | None = None
    last_modified: str | None = None
    next_page: str | None = None
    unchanged: bool = False
    """The source answered 304: these are the bytes we had."""
    cut: bool = False
    """The source says in its headers that it left rows out, as Virtuoso does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Documents that belong together: a dump, or one record with its distributions.

    With `subjects`, only these resources are taken from the documents (an FDP record may
    mention its neighbours); without, every dataset, series and catalog in them.
    `catalog` is the catalog under which the record was found, if any. When not `complete`,
    a part of the record could not be fetched this time (a `Missed` says which): good enough
    for a record that is new, no reason to replace a better one that we have. A harvester of a
    protocol that is not RDF hands over the `graph` it made of the documents.
    """

    url: str
    documents: tuple[Document, ...]
    subjects: tuple[Iri, ...] | None = None
    catalog: Iri | None = None
    complete: bool = True
    graph: Graph | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """One address that gave no description, and why (`Forbidden` is a draft, not a fault).

    A 404 or 410 in the reason means that the record which has this address is gone.
    """

    url: str
    reason: SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The source says itself that a record was withdrawn (OAI-PMH `deleted`, `as:Delete`).

    `subject` is the record's IRI, or the address or identifier under which it was received.
    """

    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The source says that the record received under this address or IRI is as it was.

    For a protocol that tells dates of change beforehand (`lastmod` of a sitemap, the time of a
    file). A record that we do not have, or that was withdrawn, must be asked for after all:
    `web.has(subject)` tells.
    """

    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Everything before this was handed over; `state` (JSON) is kept for a later run.

    It is written after the records before it are. An empty state forgets.
    """

    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run goes on where an earlier one stopped: what that one saw counts as seen.

    Yielded before anything else.
    """


@dataclass(frozen=True, slots=True)
class Incremental:
    """The run tells only what changed: what it does not mention is not missing."""


@dataclass(frozen=True, slots=True)
class AllUnchanged:
    """The source says that nothing at all changed since the last complete run."""


Item = Received | Missed | Gone | Seen | Mark | Resumed | Incremental | AllUnchanged


class Web(Protocol):
    """What a harvester may do with the network."""

    @property
    def remembered(self) -> Mapping[str, Any]:
        """The state of the last `Mark` of this source; empty when there is none."""
        ...

    @property
    def allowed_hosts(self) -> Sequence[str]:
        """Hosts an operator trusts: links may lead there from any source."""
        ...

    def has(self, subject: str) -> bool:
        """Whether a live record of this source was received under this address or IRI."""
        ...

    def get(self, url: str, *, accept: str | None = None, pages: bool = False) -> Document:
        """GET, guarded. Raises `AddressRefused`, `FetchFailed`, `Forbidden` or `NotRdf`.

        Asks for RDF unless `accept` says otherwise; a web page is refused unless `pages`.
        What the source sent before with an `ETag` or `Last-Modified` is asked for
        conditionally.
        """
        ...

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> Document:
        """POST, guarded: a question (a SPARQL query), never a change. Raises as `get` does."""
        ...

    def expect(
        self, urls: Iterable[str], *, accept: str | None = None, pages: bool = False
    ) -> None:
        """Tell which addresses will be asked for next, in order.

        They may then be fetched side by side, within what one host may be asked at once. A
        hint; changes no answer.
        """
        ...

    def parse(self, document: Document) -> Graph:
        """Parse in a limited child process. Raises `NotRdf` with the parser's reason."""
        ...

    def parse_graphs(self, document: Document) -> Mapping[str, Graph]:
        """As `parse`, with named graphs kept apart; the one without a name is `""`."""
        ...


Harvest = Callable[[Source, Web], Iterator[Item]]

__all__ = [
    "AllUnchanged",
    "Document",
    "Gone",
    "Harvest",
    "Incremental",
    "Item",
    "Mark",
    "Missed",
    "Received",
    "Resumed",
    "Seen",
    "Source",
    "Web",
]
