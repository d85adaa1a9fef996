"""Write to the register: sources, runs, and one description per transaction.

A killed process leaves whole descriptions behind, never half of one; its run is closed as
interrupted when the source is next harvested. Nothing is deleted because it was not seen:
only a complete run counts a record as missing, two in a row (or an explicit "gone") make a
tombstone, and a run that would remove more than a fifth of a source removes nothing.
"""

from __future__ import annotations

import hashlib
import os
import socket
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from catalogue.errors import NotFound, RegisterError
from catalogue.model.source import Source
from catalogue.model.text import LangText
from catalogue.rdf.graph import Graph
from catalogue.register import tables as t
from catalogue.register.packing import packed, text_from, texts_json
from catalogue.register.records import Holder, Outcome, RecordOutcome, RunState, State

LEASE = timedelta(minutes=2)
"""A run whose last sign of life is older than this may be taken over."""
BY_ID = sa.select(t.records).where(t.records.c.id == sa.bindparam("id_"))
BY_DIGEST = sa.select(t.documents.c.digest).where(t.documents.c.digest == sa.bindparam("digest_"))
RUNS_MISSED = 2
BRAKE_SHARE, BRAKE_LEAST = 0.2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a new harvest compares with."""

    id: str
    digest: str
    state: State
    held: bool
    title: str
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedBytes:
    """A document as a source sent it; the same bytes are kept once."""

    url: str
    media_type: str | None
    fetched: datetime
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One description, ready to be written. `reason` says why it is held; empty publishes it."""

    id: str
    kind: str
    source_iri: str
    url: str
    digest: str
    title: LangText
    holder: Holder
    catalog: str | None
    documents: tuple[ReceivedBytes, ...]
    received: Graph
    normalised: Graph
    public: Graph
    distributions: tuple[str, ...] = ()
    repairs: tuple[dict[str, Any], ...] = ()
    reports: tuple[dict[str, Any], ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run in progress, as `begin` gave it."""

    id: int
    source: str


class Writer:
    """The only way into the register. `clock` gives the present, in UTC."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._now = clock

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        engine = self._engine.execution_options(writing=True)
        with engine.begin() as connection:
            yield connection

    # sources

    def save_source(self, source: Source) -> None:
        """Add a source, or change the one of the same slug."""
        row = {
            "title": source.title,
            "protocol": source.protocol,
            "url": source.url,
            "connect_to": source.connect_to,
        }
        with self._writing() as connection:
            changed = connection.execute(
                t.sources.update().where(t.sources.c.slug == source.slug).values(row)
            )
            if not changed.rowcount:
                new = {"slug": source.slug, "enabled": True, "created": self._now(), **row}
                connection.execute(t.sources.insert().values(new))

    def remove_source(self, slug: str) -> int:
        """Withdraw everything the source has published, then forget it. Returns how many."""
        with self._writing() as connection:
            records = _ids(connection, t.records.c.source == slug, t.records.c.state != State.GONE)
            for record, kind in records:
                self._withdraw(connection, record, kind, "its source was removed")
            gone = connection.execute(t.sources.delete().where(t.sources.c.slug == slug))
            if not gone.rowcount:
                raise NotFound(f"there is no source called {slug}")
            return len(records)

    # runs

    def begin(self, source: str) -> Run:
        """Start a run, closing one that was interrupted. Raises when one is really running."""
        me = f"{socket.gethostname()}:{os.getpid()}"
        with self._writing() as connection:
            running = connection.execute(
                sa.select(t.runs).where(t.runs.c.source == source, t.runs.c.state == "running")
            ).all()
            for row in running:
                if self._alive(row):
                    raise RegisterError(
                        f"{source}: another run started at {row.started:%H:%M} is not finished"
                    )
                _close(connection, row.id, RunState.FAILED, "interrupted", {}, self._now())
            values = {
                "source": source,
                "started": self._now(),
                "heartbeat": self._now(),
                "process": me,
                "state": RunState.RUNNING,
                "message": "",
                "counts": {},
            }
            result = connection.execute(t.runs.insert().values(values))
            return Run(int(result.inserted_primary_key[0]), source)  # type: ignore[index]

    def _alive(self, row: Any) -> bool:
        host, _, pid = row.process.rpartition(":")
        if host == socket.gethostname():
            return Path(f"/proc/{pid}").exists() and int(pid) != os.getpid()
        return bool(self._now() - row.heartbeat < LEASE)

    def known(self, source: str) -> dict[str, Known]:
        """What the source has in the register, by the source's own IRI."""
        query = (
            sa.select(t.records, t.versions.c.counts.label("counts"))
            .join(
                t.versions,
                sa.and_(
                    t.versions.c.record == t.records.c.id,
                    t.versions.c.number == t.records.c.latest,
                ),
            )
            .where(t.records.c.source == source)
        )
        with self._engine.connect() as connection:
            return {row.source_iri: _known(row) for row in connection.execute(query)}

    def beat(self, run: Run) -> None:
        """Say that the run is alive; without it the run may be taken over."""
        with self._writing() as connection:
            connection.execute(
                t.runs.update().where(t.runs.c.id == run.id).values(heartbeat=self._now())
            )

    def save(self, run: Run, draft: Draft) -> Outcome:
        """Write one description as a new version, in one transaction."""
        with self._writing() as connection:
            before = connection.execute(BY_ID, {"id_": draft.id}).first()
            number = before.latest + 1 if before else 1
            self._save_record(connection, run, draft, before, number)
            digests = [_keep(connection, document) for document in draft.documents]
            version = self._version(run, draft, number)
            connection.execute(t.versions.insert(), {**version, "documents": digests})
            if draft.reason:
                return Outcome.HELD
            _distributions(connection, draft, new=before is None)
            known = before is not None and before.version > 0
            self._log(connection, draft.id, draft.kind, "changed" if known else "added")
            return Outcome.CHANGED if known else Outcome.NEW

    def _save_record(
        self, connection: sa.Connection, run: Run, draft: Draft, before: Any, number: int
    ) -> None:
        """Insert or update; a held version leaves the published one, unless that was withdrawn."""
        public = before.version if before and before.state != State.GONE else 0
        values = self._values(run, draft, number, public if draft.reason else number)
        if before is None:
            first = {"id": draft.id, "source": run.source, "first_seen": self._now()}
            connection.execute(t.records.insert(), {**values, **first})
        else:
            same = t.records.c.id == draft.id
            connection.execute(t.records.update().where(same), values)

    def _values(self, run: Run, draft: Draft, number: int, version: int) -> dict[str, Any]:
        now = self._now()
        return {
            "kind": draft.kind,
            "source_iri": draft.source_iri,
            "url": draft.url,
            "state": State.PUBLISHED if version else State.HELD,
            "reason": draft.reason,
            "digest": draft.digest,
            "version": version,
            "latest": number,
            "catalog": draft.catalog,
            "holder": draft.holder.slug,
            "holder_name": texts_json(draft.holder.name),
            "title": texts_json(draft.title),
            "last_seen": now,
            "changed": now,
            "last_run": run.id,
            "missing": 0,
        }

    def _version(self, run: Run, draft: Draft, number: int) -> dict[str, Any]:
        return {
            "record": draft.id,
            "number": number,
            "created": self._now(),
            "run": run.id,
            "state": State.HELD if draft.reason else State.PUBLISHED,
            "received": packed(draft.received),
            "normalised": packed(draft.normalised),
            "public": packed(draft.public),
            "repairs": list(draft.repairs),
            "reports": list(draft.reports),
            "counts": dict(draft.counts),
        }

    def finish(  # noqa: PLR0913 - what a run ends with, each by its name
        self,
        run: Run,
        state: RunState,
        message: str,
        *,
        seen: Collection[str],
        gone: Collection[str],
        outcomes: Sequence[RecordOutcome],
        unchanged: int = 0,
    ) -> RunState:
        """Close a run: mark what was seen, make tombstones by the rules, keep the report.

        `seen` and `gone` are record ids; `gone` holds those that answered 404 or 410.
        """
        with self._writing() as connection:
            _mark_seen(connection, run, seen, self._now())
            removed: list[RecordOutcome] = []
            if state in {RunState.COMPLETE, RunState.PARTIAL}:
                removed, brake = self._remove(connection, run, state, seen, gone)
                message = message or brake
            written = [*outcomes, *removed]
            counts = _counted(written)
            if unchanged:
                counts[Outcome.UNCHANGED] = unchanged
            if written:
                rows = [_outcome_row(run, outcome) for outcome in written]
                connection.execute(t.outcomes.insert(), rows)
            _close(connection, run.id, state, message, counts, self._now())
        return state

    def _remove(
        self,
        connection: sa.Connection,
        run: Run,
        state: RunState,
        seen: Collection[str],
        gone: Collection[str],
    ) -> tuple[list[RecordOutcome], str]:
        live = connection.execute(
            sa.select(t.records).where(
                t.records.c.source == run.source, t.records.c.state != State.GONE
            )
        ).all()
        unseen = [row for row in live if row.id not in seen]
        doomed = [
            row
            for row in unseen
            if row.id in gone or (state is RunState.COMPLETE and row.missing + 1 >= RUNS_MISSED)
        ]
        if state is RunState.COMPLETE and unseen:
            ids = [row.id for row in unseen]
            connection.execute(
                t.records.update()
                .where(t.records.c.id.in_(ids))
                .values(missing=t.records.c.missing + 1)
            )
        if len(doomed) >= BRAKE_LEAST and len(doomed) > BRAKE_SHARE * len(live):
            return [], (
                f"brake: {len(doomed)} of {len(live)} records are missing; nothing was removed "
                "until somebody confirms it"
            )
        return [self._removed(connection, row, row.id in gone) for row in doomed], ""

    def _removed(self, connection: sa.Connection, row: Any, explicit: bool) -> RecordOutcome:
        reason = "its holder withdrew it" if explicit else "its holder no longer lists it"
        self._withdraw(connection, row.id, row.kind, reason)
        return RecordOutcome(
            url=row.url,
            outcome=Outcome.REMOVED,
            title=text_from(row.title).value("en"),
            record=row.id,
            source_iri=row.source_iri,
        )

    def _withdraw(self, connection: sa.Connection, record: str, kind: str, reason: str) -> None:
        connection.execute(
            t.records.update()
            .where(t.records.c.id == record)
            .values(state=State.GONE, reason=reason, changed=self._now())
        )
        self._log(connection, record, kind, "withdrawn")

    def _log(self, connection: sa.Connection, record: str, kind: str, action: str) -> None:
        if connection.dialect.name == "postgresql":  # numbers must become visible in order
            connection.execute(sa.text("LOCK TABLE changes IN EXCLUSIVE MODE"))
        row = {"record": record, "kind": kind, "action": action, "at": self._now()}
        connection.execute(t.changes.insert(), row)

    # projections

    def ask_rebuild(self) -> int:
        """Tell every follower to start again; returns the number of the change that says so."""
        with self._writing() as connection:
            self._log(connection, "", "all", "rebuild")
            query = sa.select(sa.func.max(t.changes.c.number).label("last"))
            return int(connection.execute(query).scalar_one())

    def set_position(self, name: str, position: int) -> None:
        """Remember how far a projection outside this process has followed the change log."""
        with self._writing() as connection:
            done = connection.execute(
                t.projections.update().where(t.projections.c.name == name).values(position=position)
            )
            if not done.rowcount:
                connection.execute(t.projections.insert().values(name=name, position=position))


def _ids(connection: sa.Connection, *conditions: Any) -> list[tuple[str, str]]:
    query = sa.select(t.records.c.id, t.records.c.kind).where(*conditions)
    return [(row.id, row.kind) for row in connection.execute(query)]


def _known(row: Any) -> Known:
    return Known(
        id=row.id,
        digest=row.digest,
        state=State(row.state),
        held=row.latest > row.version,
        title=text_from(row.title).value("en"),
        counts=row.counts,
    )


def _mark_seen(connection: sa.Connection, run: Run, seen: Collection[str], now: datetime) -> None:
    """In slices, because databases limit the number of parameters."""
    ids = sorted(seen)
    for start in range(0, len(ids), 500):
        connection.execute(
            t.records.update()
            .where(t.records.c.id.in_(ids[start : start + 500]))
            .values(last_seen=now, last_run=run.id, missing=0)
        )


def _keep(connection: sa.Connection, document: ReceivedBytes) -> str:
    digest = hashlib.sha256(document.content).hexdigest()
    if connection.execute(BY_DIGEST, {"digest_": digest}).first() is None:
        values = {
            "digest": digest,
            "url": document.url,
            "media_type": document.media_type,
            "fetched": document.fetched,
            "content": zlib.compress(document.content),
        }
        connection.execute(t.documents.insert(), values)
    return digest


def _distributions(connection: sa.Connection, draft: Draft, *, new: bool) -> None:
    ids = list(dict.fromkeys(draft.distributions))
    if not new:
        old = sa.or_(t.distributions.c.record == draft.id, t.distributions.c.id.in_(ids))
        connection.execute(t.distributions.delete().where(old))
    if ids:
        rows = [{"id": identifier, "record": draft.id} for identifier in ids]
        connection.execute(t.distributions.insert(), rows)


def _counted(outcomes: Sequence[RecordOutcome]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
    return counts


def _outcome_row(run: Run, outcome: RecordOutcome) -> dict[str, Any]:
    return {
        "run": run.id,
        "url": outcome.url,
        "outcome": outcome.outcome,
        "title": outcome.title,
        "record": outcome.record,
        "source_iri": outcome.source_iri,
        "details": outcome.details,
    }


def _close(  # noqa: PLR0913, PLR0917 - the columns of a closed run
    connection: sa.Connection,
    run: int,
    state: RunState,
    message: str,
    counts: dict[str, int],
    now: datetime,
) -> None:
    connection.execute(
        t.runs.update()
        .where(t.runs.c.id == run)
        .values(state=state, message=message, counts=counts, ended=now, heartbeat=now)
    )
