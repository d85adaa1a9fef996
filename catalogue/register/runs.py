"""Whose run it is: starting, the lease, the report, the mark, closing.

A run belongs to a process on a host. Every write of a run first says that the run is still
alive (`fence`), and fails when it was taken over: of two processes that both believe to
own a source only one can write.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from sys import intern
from typing import Any

import sqlalchemy as sa

from catalogue.errors import NotFound, RegisterError, RunLost
from catalogue.rdf.identity import spelling
from catalogue.register import tables as t
from catalogue.register.incoming import Known, Memory, Poison, Run
from catalogue.register.packing import writable
from catalogue.register.records import RecordOutcome, RunState, State, Words

LEASE = timedelta(minutes=2)
"""A run whose last sign of life is older than this may be taken over."""
BEAT = LEASE / 6
"""How often a run gives a sign of life."""
CLOCKS = timedelta(hours=1)
"""So far may the clocks of two machines differ; a sign of life from later than that is none."""
SLICE = 500
"""Databases limit the number of parameters of one statement."""
INTERRUPTED = {
    "en": "interrupted: the process that ran it ended",
    "nl": "onderbroken: het proces dat de run uitvoerde, stopte",
}

CHANGED = {
    "en": "interrupted: the source was changed while it was being read",
    "nl": "onderbroken: de bron is gewijzigd terwijl hij werd ingelezen",
}


def begin(connection: sa.Connection, source: str, cause: str, now: datetime) -> Run:
    """Start a run, closing one that was interrupted. Raises `RegisterError` when one is alive.

    The row of the source is locked first, so that of two processes exactly one starts.
    """
    if not lock(connection, source):
        raise NotFound(f"there is no source called {source}")
    running = sa.select(t.runs).where(t.runs.c.source == source, t.runs.c.state == RunState.RUNNING)
    for row in connection.execute(running).all():
        if is_alive(row.process, row.heartbeat, now):
            raise RegisterError(
                f"{source}: another run started at {row.started:%H:%M} is not finished"
            )
        close(connection, row.id, RunState.FAILED, INTERRUPTED, now)
    result = connection.execute(t.runs.insert().values(_first(source, cause, now)))
    return Run(int(result.inserted_primary_key[0]), source)  # type: ignore[index]


def lock(connection: sa.Connection, source: str) -> bool:
    """Let nobody else change this source until the transaction ends; whether it is there.

    Whoever writes several things of a source takes this first, so that two of them queue.
    SQLite has one writer at a time anyway.
    """
    mine = sa.select(t.sources.c.slug).where(t.sources.c.slug == source).with_for_update()
    return connection.execute(mine).first() is not None


def _first(source: str, cause: str, now: datetime) -> dict[str, Any]:
    return {
        "source": source,
        "started": now,
        "heartbeat": now,
        "process": process(),
        "state": RunState.RUNNING,
        "message": "",
        "counts": {},
        "cause": cause,
    }


def process() -> str:
    """host:pid:start of this process; the start tells a reused process id apart."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{pid}:{started(pid)}"


def started(pid: int) -> str:
    """When a process started, in ticks since boot; empty when it is dead or cannot be asked.

    Field 22 of /proc/PID/stat, proc(5).
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


@cache
def can_ask() -> bool:
    """Whether this machine tells about its processes."""
    return bool(started(os.getpid()))


def is_alive(process_: str, heartbeat: datetime, now: datetime) -> bool:
    """Whether a run must be left alone: its process may be working, and said so lately."""
    host, _, rest = process_.partition(":")
    if host == socket.gethostname() and can_ask():
        pid, _, start = rest.partition(":")
        present = started(int(pid))
        if not present or (start and start != present):
            return False
    return -CLOCKS < now - heartbeat < LEASE


def fence(connection: sa.Connection, run: Run, now: datetime) -> None:
    """Say that the run is alive. Raises `RunLost` when it is not ours any more."""
    lock(connection, run.source)
    mine = sa.and_(
        t.runs.c.id == run.id, t.runs.c.state == RunState.RUNNING, t.runs.c.process == process()
    )
    if not connection.execute(t.runs.update().where(mine).values(heartbeat=now)).rowcount:
        raise RunLost(f"{run.source}: run {run.id} was taken over; nothing more is written")


def cut_short(connection: sa.Connection, source: str, now: datetime) -> None:
    """End what runs for a source that is another one from now on: it read the old one."""
    running = sa.select(t.runs.c.id).where(
        t.runs.c.source == source, t.runs.c.state == RunState.RUNNING
    )
    for row in connection.execute(running).all():
        close(connection, row.id, RunState.FAILED, CHANGED, now)


def close(  # noqa: PLR0913, PLR0917 - the columns of a closed run
    connection: sa.Connection,
    run: int,
    state: RunState,
    words: Words,
    now: datetime,
    counts: Mapping[str, int] | None = None,
    figures: Mapping[str, int] | None = None,
) -> None:
    """Write how a run ended; without counts, what was reported on the way is counted."""
    values = {
        "state": state,
        "message": writable(words.get("en", "")),
        "messages": writable(words),
        "counts": dict(counts) if counts is not None else reported(connection, run),
        "figures": dict(figures or {}),
        "ended": now,
        "heartbeat": now,
    }
    connection.execute(t.runs.update().where(t.runs.c.id == run).values(values))


def reported(connection: sa.Connection, run: int) -> dict[str, int]:
    """How many of each outcome the report of a run holds."""
    query = (
        sa.select(t.outcomes.c.outcome, sa.func.count().label("number"))
        .where(t.outcomes.c.run == run)
        .group_by(t.outcomes.c.outcome)
    )
    return {row.outcome: row.number for row in connection.execute(query)}


def report(connection: sa.Connection, run: Run, outcomes: Sequence[RecordOutcome]) -> None:
    """Add lines to the report of a run."""
    rows = [
        {
            "run": run.id,
            "url": writable(outcome.url),
            "outcome": outcome.outcome,
            "title": writable(outcome.title),
            "record": outcome.record,
            "source_iri": writable(outcome.source_iri),
            "details": writable(outcome.details),
        }
        for outcome in outcomes
    ]
    if rows:
        connection.execute(t.outcomes.insert(), rows)


def slices(ids: Collection[str]) -> Iterable[list[str]]:
    """Sorted ids in slices that fit in one statement."""
    ordered = sorted(ids)
    return (ordered[at : at + SLICE] for at in range(0, len(ordered), SLICE))


# what is remembered between runs


def known(connection: sa.Connection, source: str) -> list[Known]:
    """Every record of a source, withdrawn ones too; equal texts share their memory."""
    r = t.records.c
    query = (
        sa.select(
            *(r.id, r.kind, r.source_iri, r.url, r.digest, r.state),
            *(r.latest, r.version, r.catalog, r.missing),
        )
        .where(r.source == source)
        .order_by(r.id)
    )
    rows = connection.execute(query.execution_options(yield_per=2000))
    return [_known(row) for row in rows]


def _known(row: Any) -> Known:
    return Known(
        id=row.id,
        iri=row.source_iri,
        url=row.source_iri if row.url == row.source_iri else intern(row.url),
        digest=row.digest,
        state=State(row.state),
        held=row.latest > row.version,
        kind=intern(row.kind),
        catalog=row.catalog and intern(row.catalog),
        missing=row.missing,
    )


def memory(connection: sa.Connection, source: str) -> Memory:
    """What is remembered of a source."""
    row = connection.execute(sa.select(t.sources).where(t.sources.c.slug == source)).one()
    return Memory(
        mark=row.mark or {},
        former=tuple(row.former),
        aliases=_aliases(connection, source),
        aside=_aside(connection, source),
    )


def _aliases(connection: sa.Connection, source: str) -> dict[str, str]:
    query = (
        sa.select(t.names.c.name, t.names.c.record)
        .join(t.records, t.records.c.id == t.names.c.record)
        .where(t.records.c.source == source, t.names.c.kind == "former")
    )
    return {row.name: row.record for row in connection.execute(query)}


def _aside(connection: sa.Connection, source: str) -> dict[str, Poison]:
    query = sa.select(t.quarantine).where(t.quarantine.c.source == source)
    rows = connection.execute(query)
    return {row.iri: Poison(row.iri, row.digest, row.reason) for row in rows}


def set_aside(connection: sa.Connection, run: Run, poison: Poison, now: datetime) -> None:
    """Remember a record on which our own code failed."""
    iri = spelling(poison.iri)
    release(connection, run, [iri])
    values = {"source": run.source, "iri": iri, "digest": poison.digest, "reason": poison.reason}
    connection.execute(t.quarantine.insert().values(since=now, **values))


def release(connection: sa.Connection, run: Run, spelled: Collection[str]) -> None:
    """Forget poison that did no harm any more; the IRIs are in one spelling."""
    if spelled:
        mine = sa.and_(t.quarantine.c.source == run.source, t.quarantine.c.iri.in_(spelled))
        connection.execute(t.quarantine.delete().where(mine))


# the mark, and what was seen before it


def mark(connection: sa.Connection, source: str, state: Mapping[str, Any]) -> None:
    """Keep where a next run begins; an empty state forgets, an equal one writes nothing."""
    here = t.sources.c.slug == source
    present = connection.execute(sa.select(t.sources.c.mark).where(here)).scalar_one()
    if (present or {}) != dict(state):
        connection.execute(t.sources.update().where(here).values(mark=dict(state) or None))


def sight(
    connection: sa.Connection, run: Run, seen: Collection[str], gone: Collection[str]
) -> None:
    """Keep what was seen, and what was said to be gone, before a mark; the last word holds."""
    for some in slices([*seen, *gone]):
        again = sa.and_(t.sightings.c.run == run.id, t.sightings.c.record.in_(some))
        connection.execute(t.sightings.delete().where(again))
    rows = [{"run": run.id, "record": record, "gone": False} for record in seen]
    rows += [{"run": run.id, "record": record, "gone": True} for record in gone]
    if rows:
        connection.execute(t.sightings.insert(), rows)


def sighted(connection: sa.Connection, run: Run, *, gone: bool) -> set[str]:
    """What earlier runs saw, or were told to be gone, since the last complete one."""
    query = (
        sa.select(t.sightings.c.record)
        .join(t.runs, t.runs.c.id == t.sightings.c.run)
        .where(t.runs.c.source == run.source, t.runs.c.id < run.id, t.sightings.c.gone.is_(gone))
    )
    return set(connection.execute(query).scalars())


def forget(
    connection: sa.Connection, run: Run, *, before: bool = False, gone: bool = False
) -> None:
    """Forget sightings of the source: all, those of earlier runs, or those that are gone."""
    mine = sa.select(t.runs.c.id).where(t.runs.c.source == run.source)
    if before:
        mine = mine.where(t.runs.c.id < run.id)
    rows = t.sightings.delete().where(t.sightings.c.run.in_(mine))
    if before or gone:
        rows = rows.where(t.sightings.c.gone.is_(gone))
    connection.execute(rows)
