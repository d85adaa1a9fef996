"""Ask a source only for what changed: conditional requests (RFC 9110, section 13).

What an address answered is kept with the `ETag` or `Last-Modified` that it gave; the next
run sends that along, and a 304 means that the bytes we kept are still the answer. Whether
those bytes were ever taken in is another question: a run may have stopped in between.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from catalogue.ingest.source import Document
from catalogue.model.visit import Visit

MOST_VALIDATOR: Final = 500
MOST_ADDRESS: Final = 2000
"""Bytes; longer addresses are not kept, because a database could not find them by index."""
SETTLED: Final = timedelta(seconds=60)
"""A `Last-Modified` younger than this may hide a second change in the same second."""


class Visits(Protocol):
    """Where answers are kept between runs: `catalogue.register.visits`, or nowhere."""

    def known(self, url: str, accept: str) -> Visit | None:
        """What the address answered last to such a question."""
        ...

    def content(self, visit: Visit) -> bytes | None:
        """The bytes of it; `None` when they are no longer there."""
        ...

    def keep(self, visit: Visit, content: bytes) -> None:
        """Remember an answer, if it differs from the one that is kept."""
        ...

    def forget(self, url: str) -> None:
        """Ask for everything the next time."""
        ...


class NoVisits:
    """Remembers nothing: every request asks for everything."""

    def known(self, url: str, accept: str) -> Visit | None:  # noqa: ARG002
        """Nothing."""
        return None

    def content(self, visit: Visit) -> bytes | None:  # noqa: ARG002
        """Nothing."""
        return None

    def keep(self, visit: Visit, content: bytes) -> None:
        """Not here."""

    def forget(self, url: str) -> None:
        """There is nothing to forget."""


def conditions(visit: Visit | None, here: str) -> dict[str, str]:
    """The headers that make a request to `here` conditional; `ETag` goes before dates."""
    if visit is None or visit.final_url != here:
        return {}
    if visit.etag:
        return {"If-None-Match": visit.etag}
    return {"If-Modified-Since": visit.last_modified} if visit.last_modified else {}


def remember(visits: Visits, accept: str, document: Document, date: str | None) -> None:
    """Keep an answer that says how to ask whether it changed; forget one that does not.

    `date` is the `Date` of the answer. Something is written only when something changed.
    """
    etag, changed = _tag(document.etag), _settled(document.last_modified, date, document.fetched)
    if not (etag or changed) or len(document.url.encode()) > MOST_ADDRESS:
        if visits.known(document.url, accept) is not None:
            visits.forget(document.url)
        return
    visit = Visit(
        url=document.url,
        accept=accept,
        final_url=document.final_url,
        media_type=document.media_type,
        etag=etag,
        last_modified=changed,
        next_page=document.next_page,
        fetched=document.fetched,
    )
    visits.keep(visit, document.content)


def as_before(visit: Visit, content: bytes, now: datetime) -> Document:
    """The document of an answer that did not change."""
    return Document(
        url=visit.url,
        final_url=visit.final_url,
        content=content,
        media_type=visit.media_type,
        fetched=now,
        etag=visit.etag,
        last_modified=visit.last_modified,
        next_page=visit.next_page,
        unchanged=True,
    )


def _tag(etag: str | None) -> str | None:
    """An entity tag that can be sent back as it came."""
    usable = etag and len(etag) <= MOST_VALIDATOR and etag.isprintable() and etag.strip() == etag
    return etag if usable else None


def _settled(changed: str | None, date: str | None, now: datetime) -> str | None:
    """A `Last-Modified` that is old enough to be trusted (RFC 9110, section 8.8.2.2)."""
    moment = stated_moment(changed)
    if moment is None or (stated_moment(date) or now) - moment < SETTLED:
        return None
    return changed


def stated_moment(text: str | None) -> datetime | None:
    """A date in a header (RFC 9110, section 5.6.7); `None` when it is none, or absurd."""
    if not text or len(text) > MOST_VALIDATOR:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
