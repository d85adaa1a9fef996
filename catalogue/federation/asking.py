"""Ask the peers, all at once and under one deadline.

A peer is asked once, without a redirect, a cookie or anything of whoever asks us. What it
answers is used whole or not at all: too many rows is an error, never a cut.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlencode

from catalogue.errors import (
    AddressRefused,
    FetchFailed,
    NotRdf,
    PeerFailed,
    PeerLate,
    QueryTooLarge,
    SourceError,
)
from catalogue.federation import solutions
from catalogue.federation.peers import Peer
from catalogue.ingest.dense import JSON_MARKS, refuse_dense
from catalogue.ingest.http_connection import Deadline
from catalogue.ingest.source import Document

MOST_ROWS: Final = 1000
MOST_VALUES: Final = 200_000
"""Objects and commas in an answer; a thousand rows of twenty variables have half of that."""
GRACE_SECONDS: Final = 0.5
FORM: Final = "application/x-www-form-urlencoded"
RESULTS: Final = "application/sparql-results+json"
JSON: Final = frozenset({RESULTS, "application/json"})


class Line(Protocol):
    """What asks one peer: `catalogue.ingest.http.Session`."""

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> Document:
        """Raises `SourceError`."""
        ...


Connect = Callable[[Peer, float], AbstractContextManager[Line]]
"""A line to a peer that lasts so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of one peer. `columns` are the variables that it may bind."""

    peer: Peer
    question: str
    columns: tuple[str, ...]
    silent: bool


def ask_all(
    wanted: Sequence[Wanted], connect: Connect, deadline: Deadline, names: str
) -> list[str]:
    """What each answered, as `VALUES`. Raises `PeerFailed`, `PeerLate` or `QueryTooLarge`.

    Who does not answer in time is not waited for, whatever keeps it: a name server may.
    """
    pool = ThreadPoolExecutor(len(wanted), "peer")
    try:
        asked = [pool.submit(_ask, each, connect, deadline, names) for each in wanted]
        both = zip(wanted, asked, strict=True)
        return [_answered(each, coming, deadline) for each, coming in both]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _answered(wanted: Wanted, coming: Future[str], deadline: Deadline) -> str:
    """One answer; SILENT makes one empty solution of a failure (Federated Query, 2.2)."""
    try:
        return _in_time(wanted, coming, deadline)
    except PeerFailed:
        if wanted.silent:
            return solutions.anything(wanted.columns)
        raise


def _in_time(wanted: Wanted, coming: Future[str], deadline: Deadline) -> str:
    try:
        return coming.result(deadline.left() + GRACE_SECONDS)
    except TimeoutError as error:
        raise _late(wanted.peer, deadline) from error


def _ask(wanted: Wanted, connect: Connect, deadline: Deadline, names: str) -> str:
    unlike_any = f"{names}{secrets.token_hex(8)}-"
    try:
        rows = solutions.read(_fetched(wanted, connect, deadline).content)
        if len(rows) > MOST_ROWS:
            raise _too_many(wanted.peer)
        return solutions.block(wanted.columns, rows, unlike_any)
    except solutions.Odd as error:
        raise PeerFailed(f"{wanted.peer} {error}") from error


def _fetched(wanted: Wanted, connect: Connect, deadline: Deadline) -> Document:
    body = urlencode({"query": wanted.question}).encode()
    try:
        with connect(wanted.peer, deadline.left()) as line:
            document = line.post(wanted.peer.url, body, content_type=FORM, accept=RESULTS)
        refuse_dense(document, JSON_MARKS, MOST_VALUES)
    except SourceError as error:
        raise _failed(wanted.peer, error, deadline) from error
    if document.media_type not in JSON:
        raise PeerFailed(f"{wanted.peer} answered with {document.media_type}, not with {RESULTS}")
    if document.cut:
        raise QueryTooLarge(
            f"{wanted.peer} cut its answer off, and says so: narrow the part inside SERVICE"
        )
    return document


def _failed(peer: Peer, error: SourceError, deadline: Deadline) -> PeerFailed:
    if not deadline.left() or getattr(error, "status", None) == 504:
        return _late(peer, deadline)
    return PeerFailed(f"{peer} {_reason(error)}")


def _late(peer: Peer, deadline: Deadline) -> PeerLate:
    return PeerLate(f"{peer} did not answer in time, which was {deadline.seconds:.1f} seconds")


def _reason(error: SourceError) -> str:
    """Why, without the addresses of anything but the peer."""
    if isinstance(error, NotRdf):
        return "answered with a web page, or with too much"
    if isinstance(error, AddressRefused):
        return "may not be called from here; its operator or ours must look at its address"
    if isinstance(error, FetchFailed) and error.status:
        return f"answered with status {error.status}"
    return "could not be asked, or its answer was not whole"


def _too_many(peer: Peer) -> QueryTooLarge:
    return QueryTooLarge(
        f"{peer} answered with more than {MOST_ROWS} rows: narrow the part inside SERVICE"
    )
