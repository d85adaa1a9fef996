"""Everything that can go wrong, as one tree; every message names who, what and where.

CatalogueError
├── SettingsError             an option has a value that cannot be used
├── NotFound                  no record, source or page of that name
│   └── Gone                  it was here, and was withdrawn
├── BadRequest                a question that cannot be understood
│   └── Unoffered             no form of the answer that the client accepts
├── SourceError               a source that could not be harvested
│   ├── AddressRefused        an address that the guard does not let us call
│   ├── FetchFailed           no usable answer (time-out, status, size, encryption)
│   ├── Forbidden             401 or 403: a draft, or closed to us
│   └── NotRdf                an answer, but not a description
├── DescriptionError          bytes or graphs that cannot become a record
│   ├── ParseFailed           a syntax error; carries the line where the parser knows it
│   └── LimitExceeded         too long, too deep, too many triples, too slow
├── ProfileError              a shape set that cannot be trusted
├── StoreError                the public triple store
│   ├── QueryRefused          UPDATE, SERVICE, LOAD, FROM a foreign graph
│   ├── QuerySyntax           the query does not parse
│   ├── QueryTimeout          the deadline passed
│   ├── QueryTooLarge         memory, size of the query or of its answer
│   ├── StoreUnavailable      nobody answers
│   └── PeerFailed            a peer named by SERVICE gave no usable answer
│       └── PeerLate          nor any in time
└── RegisterError             the system of record
    ├── RunLost               another process took the run over
    └── Unwritable            the database refuses these values
"""

from __future__ import annotations

from typing import Any


class CatalogueError(Exception):
    """The root. `str(error)` is a sentence that may be shown to its reader."""


class SettingsError(CatalogueError):
    """An option has a value that cannot be used."""


class NotFound(CatalogueError):
    """There is no such record, source or page."""


class Gone(NotFound):
    """It was here, and was withdrawn; `record` says what it was."""

    record: Any = None


class BadRequest(CatalogueError):
    """A question that cannot be understood; the message names the parameter."""


class Unoffered(BadRequest):
    """There is an answer, but in no form that the client accepts; the message names the forms."""


class SourceError(CatalogueError):
    """A source, or one address of it, could not be harvested."""

    def __init__(self, message: str, *, url: str = "") -> None:
        super().__init__(message)
        self.url = url


class AddressRefused(SourceError):
    """The guard does not let us call this address."""


class FetchFailed(SourceError):
    """No usable answer: time-out, status, size, encryption or a broken body."""

    def __init__(self, message: str, *, url: str = "", status: int | None = None) -> None:
        super().__init__(message, url=url)
        self.status = status


class Forbidden(FetchFailed):
    """401 or 403: a draft upstream, or closed to us. Never a deletion."""


class NotRdf(SourceError):
    """The address answered, but not with a description (a login page, say)."""


class DescriptionError(CatalogueError):
    """Bytes or a graph that cannot become a record."""


class ParseFailed(DescriptionError):
    """A syntax error. `line` counts from 1 and is `None` where the parser does not say."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class LimitExceeded(DescriptionError):
    """Too long, too deep, too many triples or too slow; the message names the limit."""


class ProfileError(CatalogueError):
    """A shape set that cannot be trusted: it does not parse, or would pass anything."""


class StoreError(CatalogueError):
    """The public triple store could not do what was asked."""


class QueryRefused(StoreError):
    """The query asks for something that this endpoint never does."""


class QuerySyntax(StoreError):
    """The query does not parse."""


class QueryTimeout(StoreError):
    """The deadline passed before the answer was complete."""


class QueryTooLarge(StoreError):
    """The query or its answer needs more memory or bytes than allowed."""


class StoreUnavailable(StoreError):
    """The store does not answer."""


class PeerFailed(StoreError):
    """A peer that a query names with SERVICE gave no usable answer; the message names it."""


class PeerLate(PeerFailed):
    """A peer that a query names with SERVICE did not answer in time."""


class RegisterError(CatalogueError):
    """The system of record could not do what was asked."""


class RunLost(RegisterError):
    """Another process took this run over: whoever thinks it is theirs must stop writing."""


class Unwritable(RegisterError):
    """The database refuses the values of one record; the others are not to blame."""
