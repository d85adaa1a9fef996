"""What a harvester is given and what it hands over: the port that `harvesters/*` implement.

A harvester is a generator function `harvest(source, web)` in `harvesters/<protocol>.py`. It
fetches through `web` (the guarded session; it never opens a connection itself) and yields
what it found. It never raises for one bad address: it yields `Missed` and goes on, so that
one timed-out request cannot hide the rest of a hospital. It raises `SourceError` only when
the source as a whole cannot be read (its first address fails).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Documents that belong together: a dump, or one record with its distributions.

    With `subjects`, only these resources are taken from the documents (an FDP record may
    mention its neighbours); without, every dataset, series and catalog in them.
    `catalog` is the catalog under which the record was found, if any. When not `complete`,
    a part of the record could not be fetched this time (a `Missed` says which): good enough
    for a record that is new, no reason to replace a better one that we have.
    """

    url: str
    documents: tuple[Document, ...]
    subjects: tuple[Iri, ...] | None = None
    catalog: Iri | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """One address that gave no description, and why (`Forbidden` is a draft, not a fault)."""

    url: str
    reason: SourceError


class Web(Protocol):
    """What a harvester may do with the network."""

    @property
    def allowed_hosts(self) -> Sequence[str]:
        """Hosts an operator trusts: links may lead there from any source."""
        ...

    def get(self, url: str) -> Document:
        """GET, guarded. Raises `AddressRefused`, `FetchFailed`, `Forbidden` or `NotRdf`."""
        ...

    def parse(self, document: Document) -> Graph:
        """Parse in a limited child process. Raises `NotRdf` with the parser's reason."""
        ...


Harvest = Callable[[Source, Web], Iterator[Received | Missed]]

__all__ = ["Document", "Harvest", "Missed", "Received", "Source", "Web"]
