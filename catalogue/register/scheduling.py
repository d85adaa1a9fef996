"""When sources are harvested next, and who may take the turn: the schedule's side of the register.

`next_run` is the only thing that decides. Whoever wants to harvest a source first moves its
`next_run` from the value that it read to the next one, in one statement: of two processes, on
one machine or two, only one succeeds. A source without a schedule has a turn when somebody
asks for one (`soon`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from catalogue.errors import NotFound
from catalogue.register import runs
from catalogue.register import tables as t
from catalogue.register.records import RunState

LETTER = "mail"
LOOKED_BACK = 50
HARVESTED = sa.and_(t.sources.c.enabled, sa.not_(t.sources.c.pending))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A source that may be harvested; `at` is `None` while nobody planned its moment."""

    source: str
    schedule: str
    at: datetime | None
    last_started: datetime | None = None


class Scheduling:
    """Reads and moves the turns of sources. `clock` gives the present, in UTC."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._now = clock

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._engine.execution_options(writing=True).begin() as connection:
            yield connection

    def _rows(self, query: sa.Select[Any]) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(query).all())

    # turns

    def unplanned(self) -> list[Turn]:
        """Sources with a schedule whose next moment nobody has worked out yet, by slug."""
        return self._turns(t.sources.c.schedule != "", t.sources.c.next_run.is_(None))

    def later(self, than: datetime) -> list[Turn]:
        """Sources with a schedule whose turn comes after that moment."""
        return self._turns(t.sources.c.schedule != "", t.sources.c.next_run > than)

    def due(self, at: datetime) -> list[Turn]:
        """Sources whose turn it is `at` that moment and that nobody is harvesting now.

        The longest waiting comes first.
        """
        running = sa.exists().where(
            t.runs.c.source == t.sources.c.slug, t.runs.c.state == RunState.RUNNING
        )
        return self._turns(t.sources.c.next_run <= at, sa.not_(running))

    def _turns(self, *conditions: Any) -> list[Turn]:
        last = (
            sa.select(sa.func.max(t.runs.c.started))
            .where(t.runs.c.source == t.sources.c.slug)
            .scalar_subquery()
        )
        query = (
            sa.select(t.sources, sa.type_coerce(last, t.Moment()).label("last_started"))
            .where(HARVESTED, *conditions)
            .order_by(t.sources.c.next_run, t.sources.c.slug)
        )
        return [
            Turn(
                source=row.slug,
                schedule=row.schedule,
                at=row.next_run,
                last_started=row.last_started,
            )
            for row in self._rows(query)
        ]

    def move(self, source: str, was: datetime | None, then: datetime | None) -> bool:
        """Move a source's next moment from `was` to `then`.

        False when it is no longer `was`: somebody else took the turn, or changed the schedule.
        """
        same = t.sources.c.next_run.is_(None) if was is None else t.sources.c.next_run == was
        statement = t.sources.update().where(t.sources.c.slug == source, HARVESTED, same)
        with self._writing() as connection:
            return connection.execute(statement.values(next_run=then)).rowcount == 1

    def soon(self, source: str, at: datetime) -> None:
        """Give a source a turn at `at`, when it has none before that."""
        later = sa.or_(t.sources.c.next_run.is_(None), t.sources.c.next_run > at)
        with self._writing() as connection:
            connection.execute(
                t.sources.update()
                .where(t.sources.c.slug == source, HARVESTED, later)
                .values(next_run=at)
            )

    def failures(self, source: str) -> int:
        """How many of the last runs failed in a row; stops counting at fifty."""
        query = (
            sa.select(t.runs.c.state)
            .where(t.runs.c.source == source, t.runs.c.state != RunState.RUNNING)
            .order_by(t.runs.c.id.desc())
            .limit(LOOKED_BACK)
        )
        states = [row.state for row in self._rows(query)]
        good = (number for number, state in enumerate(states) if state != RunState.FAILED)
        return next(good, len(states))

    # runs that ended with their process

    def forsaken(self) -> list[str]:
        """Close the runs whose process is gone; returns the sources of scheduled ones.

        Only one of several processes gets to close a run, and so to give the source its turn.
        A run that somebody began by hand is not done again, but must not stand in the way.
        """
        now = self._now()
        dead = [row for row in self._running(sa.true()) if not _is_alive(row, now)]
        closed = [row for row in dead if self._closed(row.id)]
        return [row.source for row in closed if row.cause == "schedule"]

    def interrupt(self) -> list[str]:
        """Close the runs of this process, which is about to end; returns their sources."""
        mine = self._running(t.runs.c.process == runs.process())
        return [row.source for row in mine if self._closed(row.id)]

    def _running(self, condition: sa.ColumnElement[bool]) -> list[Any]:
        return self._rows(sa.select(t.runs).where(t.runs.c.state == RunState.RUNNING, condition))

    def _closed(self, run: int) -> bool:
        """Close a run as interrupted, unless somebody else closed it."""
        open_ = t.runs.update().where(t.runs.c.id == run, t.runs.c.state == RunState.RUNNING)
        with self._writing() as connection:
            if not connection.execute(open_.values(state=RunState.FAILED)).rowcount:
                return False
            runs.close(connection, run, RunState.FAILED, runs.INTERRUPTED, self._now())
            return True

    # what an operator decides

    def enable(self, source: str, by: str) -> None:
        """Harvest a source, by its schedule or on command. Raises `NotFound`."""
        self._decide(source, by, "enable", {"enabled": True})

    def disable(self, source: str, by: str) -> None:
        """Harvest a source no more; what it has published stays. Raises `NotFound`."""
        self._decide(source, by, "disable", {"enabled": False, "next_run": None})

    def approve(self, source: str, by: str) -> None:
        """Take in a source that announced itself. Raises `NotFound`."""
        self._decide(source, by, "approve", {"enabled": True, "pending": False})

    def schedule(self, source: str, text: str, by: str) -> None:
        """Give a source another schedule (empty: on command only). Raises `NotFound`."""
        values = {"schedule": text, "next_run": None}
        self._decide(source, by, "schedule", values, {"schedule": text})

    def _decide(
        self,
        source: str,
        by: str,
        action: str,
        values: Mapping[str, Any],
        details: Mapping[str, Any] | None = None,
    ) -> None:
        with self._writing() as connection:
            same = t.sources.c.slug == source
            if not connection.execute(t.sources.update().where(same).values(values)).rowcount:
                raise NotFound(f"there is no source called {source[:64]!r}")
            self._note(connection, by, action, source, details or {})

    def _note(
        self,
        connection: sa.Connection,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, Any],
    ) -> None:
        row = {"at": self._now(), "actor": actor, "action": action, "subject": subject}
        connection.execute(t.audit.insert().values(row | {"details": dict(details)}))

    def read_once(self, source: str) -> None:
        """A run read the source whole: its address is what we were told it is."""
        unread = t.sources.update().where(t.sources.c.slug == source, sa.not_(t.sources.c.verified))
        with self._writing() as connection:
            connection.execute(unread.values(verified=True))

    # letters to contacts

    def wrote(self, source: str, about: str) -> None:
        """Remember that the contact of a source got a letter about this state."""
        with self._writing() as connection:
            self._note(connection, "catalogue", LETTER, source, {"about": about})

    def letters(self, source: str, limit: int = 20) -> list[tuple[datetime, str]]:
        """(moment, state it was about) of the last letters to the contact, newest first."""
        query = (
            sa.select(t.audit)
            .where(t.audit.c.action == LETTER, t.audit.c.subject == source)
            .order_by(t.audit.c.number.desc())
            .limit(limit)
        )
        return [(row.at, str(row.details.get("about", ""))) for row in self._rows(query)]


def _is_alive(row: Any, now: datetime) -> bool:
    return runs.is_alive(row.process, row.heartbeat, now)
