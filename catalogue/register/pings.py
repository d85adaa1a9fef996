"""FAIR Data Points that announced themselves: how often who did, and the sources that wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from catalogue.model.source import Source
from catalogue.register import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a source is, or was; `last_started` is when its last run began."""

    source: str
    url: str
    former: tuple[str, ...]
    last_started: datetime | None


class PingBook:
    """Counts announcements and keeps the sources that came of them. `clock` gives UTC."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._now = clock

    def admit(self, client: str, most: int, within: timedelta) -> timedelta:
        """Count one announcement of a client; zero, or how long it must wait when it had `most`.

        A refused one is not counted. What is older than `within` is forgotten.
        """
        now, pings = self._now(), t.pings
        with self._engine.execution_options(writing=True).begin() as connection:
            connection.execute(pings.delete().where(pings.c.at <= now - within))
            mine = sa.select(pings.c.at).where(pings.c.client == client).order_by(pings.c.at)
            times = [row.at for row in connection.execute(mine)]
            if len(times) >= most:
                oldest: datetime = times[-most]
                return oldest + within - now
            connection.execute(pings.insert().values(client=client, at=now))
            return timedelta(0)

    def addresses(self) -> list[Address]:
        """The address of every source, by slug."""
        last = (
            sa.select(sa.func.max(t.runs.c.started))
            .where(t.runs.c.source == t.sources.c.slug)
            .scalar_subquery()
        )
        query = sa.select(t.sources, sa.type_coerce(last, t.Moment()).label("last_started"))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(t.sources.c.slug)).all()
        return [
            Address(
                source=row.slug,
                url=row.url,
                former=tuple(row.former),
                last_started=row.last_started,
            )
            for row in rows
        ]

    def waiting(self) -> int:
        """How many sources wait for an admin."""
        query = sa.select(sa.func.count()).where(t.sources.c.pending)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def add(self, source: Source) -> bool:
        """Keep a source that announced itself; an admin decides. False when it is there already."""
        row = {
            "slug": source.slug,
            "title": source.title,
            "protocol": source.protocol,
            "url": source.url,
            "enabled": False,
            "pending": True,
            "verified": False,
            "created": self._now(),
        }
        try:
            with self._engine.execution_options(writing=True).begin() as connection:
                connection.execute(t.sources.insert().values(row))
        except IntegrityError:  # another announcement of it came at the same time
            return False
        return True
