"""The sources as an operator wants them: added, changed, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from catalogue.errors import NotFound
from catalogue.model.source import Source
from catalogue.register import tables as t
from catalogue.register.records import State
from catalogue.register.removal import withdraw
from catalogue.register.runs import cut_short, lock

FORMER_KEPT = 5
FORGOTTEN = "its source was removed"
COLUMNS = (
    "slug",
    "title",
    "protocol",
    "url",
    "connect_to",
    "organisation",
    "contact",
    "schedule",
    "language",
    "options",
)
"""The columns that are the attributes of `Source`."""


def save(connection: sa.Connection, source: Source, flags: dict[str, bool], now: datetime) -> None:
    """Add a source, or change the one of the same slug; `flags` that are left out stay."""
    here = t.sources.c.slug == source.slug
    before = connection.execute(sa.select(t.sources).where(here)).first()
    row = {**{name: getattr(source, name) for name in COLUMNS}, "options": dict(source.options)}
    if before is None:
        first = {"enabled": True, "pending": False, "verified": True, "created": now, "former": []}
        connection.execute(t.sources.insert().values({**first, **row, **flags}))
    else:
        changed = {**row, **flags, **_consequences(before, source)}
        if "mark" in changed:
            cut_short(connection, source.slug, now)
        connection.execute(t.sources.update().where(here).values(changed))


def _consequences(before: Any, source: Source) -> dict[str, Any]:
    """What another address or schedule means: what was kept for the old one goes."""
    found: dict[str, Any] = {}
    if before.url != source.url:
        found["former"] = former(before.url, before.former, source.url)
    if (before.url, before.protocol, before.options) != (
        source.url,
        source.protocol,
        dict(source.options),
    ):
        found["mark"] = None
    if before.schedule != source.schedule:
        found["next_run"] = None
    return found


def former(last: str, earlier: Sequence[str], present: str) -> list[str]:
    """The earlier addresses of a source, the newest first, without the present one."""
    found = [address for address in dict.fromkeys([last, *earlier]) if address != present]
    return found[:FORMER_KEPT]


def remove(connection: sa.Connection, slug: str, now: datetime) -> int:
    """Withdraw everything the source has published, then forget it. Returns how many."""
    lock(connection, slug)
    query = sa.select(t.records.c.id, t.records.c.kind).where(
        t.records.c.source == slug, t.records.c.state != State.GONE
    )
    records = [(row.id, row.kind) for row in connection.execute(query.order_by(t.records.c.id))]
    withdraw(connection, records, FORGOTTEN, now)
    if not connection.execute(t.sources.delete().where(t.sources.c.slug == slug)).rowcount:
        raise NotFound(f"there is no source called {slug}")
    return len(records)


def source_from(row: Any) -> Source:
    """A row as the value it was made from."""
    return Source(**{name: getattr(row, name) for name in COLUMNS})
