"""Being found, in both directions, as FAIR Data Points and their indexes do it.

A FAIR Data Point posts `{"clientUrl": "https://…"}` to an index. When we get one, its address
becomes a source that waits for an admin; nothing is fetched before somebody has approved it.
When an operator names indexes, we announce ourselves there in the same words.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol
from urllib.parse import urldefrag

from catalogue.errors import BadRequest, CatalogueError, FetchFailed, SourceError
from catalogue.ingest.address import Guard, hostname, matches, shown, split
from catalogue.ingest.pipeline import slug_of
from catalogue.model.source import Source
from catalogue.rdf.identity import spelling
from catalogue.register.pings import Address, PingBook
from catalogue.register.scheduling import Scheduling

MOST, WITHIN = 10, timedelta(hours=6)
"""Announcements that one client may make in that time, as the reference index allows."""
RARELY = timedelta(minutes=10)
"""An announcement never makes us read a source more often than this."""
MOST_WAITING = 500
LONGEST = 2000
WEEKLY = timedelta(days=7)

log = logging.getLogger(__name__)


class PingsOff(CatalogueError):
    """The operator takes no announcements."""


class TooManyPings(CatalogueError):
    """One client announced too much lately; `wait` says for how long it must not."""

    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class PingDesk:
    """Receives announcements. `secret` hides whose addresses are counted."""

    book: PingBook
    turns: Scheduling
    guard: Guard
    secret: str
    base: str
    on: bool = True
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def receive(self, url: object, client: str) -> None:
        """Take one announcement of a client, which is an IP address or network.

        A source that we have is not added again; when it is harvested anyway, that happens
        soon. Raises `PingsOff`, `TooManyPings` or, for an address that cannot be a FAIR Data
        Point on the internet, `BadRequest`.
        """
        if not self.on:
            raise PingsOff("announcements are not taken here")
        wait = self.book.admit(digest(client, self.secret), MOST, WITHIN)
        if wait:
            raise TooManyPings(f"more than {MOST} announcements in six hours", wait)
        address = self._checked(url)
        known = self._known(address)
        if known is None:
            self._add(address)
        else:
            earliest = known.last_started + RARELY if known.last_started else self.clock()
            self.turns.soon(known.source, max(self.clock(), earliest))

    def _checked(self, url: object) -> str:
        if not isinstance(url, str) or not 0 < len(url) <= LONGEST:
            raise BadRequest("clientUrl: not an address")
        try:
            parts = split(url)
            if parts.scheme != "https" and not matches(hostname(parts), self.guard.allowed_hosts):
                raise BadRequest(f"clientUrl: {shown(url)} is not an https address")
            self.guard.check(url)
        except SourceError as error:
            raise BadRequest(f"clientUrl: {shown(url)} is not an address that we call") from error
        if spelling(url) == spelling(self.base):
            raise BadRequest("clientUrl: this is the address of this very catalogue")
        return urldefrag(url).url

    def _known(self, address: str) -> Address | None:
        here = spelling(address)
        return next(
            (
                each
                for each in self.book.addresses()
                if here in {spelling(each.url), *map(spelling, each.former)}
            ),
            None,
        )

    def _add(self, address: str) -> None:
        if self.book.waiting() >= MOST_WAITING:
            raise TooManyPings("too many announcements wait for an admin", WITHIN)
        host = hostname(split(address))
        mark = sha256(spelling(address).encode()).hexdigest()[:8]
        slug = f"{slug_of(host)[:50].strip('-')}-{mark}"
        self.book.add(Source(slug=slug, title=host, protocol="fdp", url=address))


def digest(client: str, secret: str) -> str:
    """A client, so that it can be counted and not be read back."""
    return hmac.new(secret.encode(), f"ping {client}".encode(), sha256).hexdigest()


class Asks(Protocol):
    """The guarded session, as far as it is needed here."""

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> object:
        """Raises a `SourceError`."""
        ...


@dataclass(slots=True)
class Announcer:
    """Announces this catalogue to indexes: at once, and every week after that."""

    indexes: Sequence[str]
    base: str
    web: Asks
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    last: datetime | None = None

    def announce(self) -> None:
        """Announce us where that is due; what fails is logged, and done again next week."""
        now = self.clock()
        if self.last is not None and now - self.last < WEEKLY:
            return
        self.last = now
        for index in self.indexes:
            self._announce(index)

    def _announce(self, index: str) -> None:
        body = json.dumps({"clientUrl": self.base}).encode()
        try:
            self.web.post(index, body, content_type="application/json", accept="*/*")
        except SourceError as error:
            if not _is_thanks(error):
                log.warning("%s: we could not announce this catalogue: %s", index, error)


def _is_thanks(error: SourceError) -> bool:
    """An index answers 204: it took the announcement, and has nothing to say."""
    return isinstance(error, FetchFailed) and error.status is not None and error.status < 300
