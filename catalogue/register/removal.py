"""When a record that is not seen any more becomes a tombstone, and what holds that back.

Nothing is removed because one request failed. A record goes when its source says itself that
it is gone, or when two complete runs in a row did not see it. Whatever the reason, a run that
would remove more than a fifth of a source removes nothing: the removal is kept as a brake
until a steward confirms it, declines it, or a later run sees the records again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from catalogue.errors import NotFound
from catalogue.register import listed, runs, saving
from catalogue.register import tables as t
from catalogue.register.incoming import Ending, Run
from catalogue.register.packing import text_from
from catalogue.register.records import Brake, Outcome, RecordOutcome, RunState, State, Words

RUNS_MISSED = 2
BRAKE_SHARE, BRAKE_LEAST = 0.2, 3
SUDDEN_SHARE = 0.9
"""So much of a source missing at once is reported at once, not after two runs."""
EXPLICIT, UNLISTED = "its holder withdrew it", "its holder no longer lists it"
BRAKED = {
    "en": "brake: {number} of {live} records are missing; nothing was removed until a "
    "steward confirms it",
    "nl": "noodrem: {number} van {live} records ontbreken; er is niets verwijderd tot een "
    "datasteward het bevestigt",
}


@dataclass(frozen=True, slots=True)
class Removed:
    """What closing the books of a run did: tombstones, or a brake and its sentence."""

    outcomes: tuple[RecordOutcome, ...] = ()
    brake: Brake | None = None


@dataclass(slots=True)
class Settling:
    """Closes the books of one run: what it saw lives, what is gone goes, or the brake is put on.

    A failed run removes nothing. Only a complete run that was not incremental counts
    records as missing. Under a brake the word of a source is doubted: of what it said before
    to be gone, only a run that looked everywhere makes tombstones. A run that went on where
    another stopped did not look at the beginning of the list, to which a record may have
    moved: what it finds missing for the second time waits for a whole run, or for a steward.
    """

    connection: sa.Connection
    run: Run
    ending: Ending
    now: datetime
    live: int = 0
    unseen: frozenset[str] = frozenset()
    overdue: frozenset[str] = frozenset()
    """Not seen now, and not in the complete run before."""

    @property
    def counting(self) -> bool:
        """Whether what was not seen is missing."""
        return self.ending.state is RunState.COMPLETE and not self.ending.incremental

    def settle(self) -> Removed:
        """Do it. Returns the tombstones made, or the brake."""
        self._compare()
        before = brake_of(self.connection, self.run.source)
        if self.ending.state is RunState.FAILED:
            self._put(_eased(before, self.unseen))
            return Removed()
        earlier = runs.sighted(self.connection, self.run, gone=True)
        runs.forget(self.connection, self.run, gone=True)
        doubted = self.unseen & set(before.explicit if before else ())
        explicit = self.unseen & (self.ending.gone | earlier)
        if self.counting:
            explicit |= doubted
        doomed = explicit | (self.overdue if self.counting else frozenset())
        patched = self.ending.resumed and doomed > explicit
        if doomed and (patched or _too_many(doomed | doubted, self.live)):
            return self._braked(doomed | doubted, explicit | doubted, before)
        return self._removed(doomed, explicit, before)

    def _compare(self) -> None:
        """What was seen is marked, what was not is counted, in as few statements as possible."""
        query = sa.select(t.records.c.id, t.records.c.missing).where(_live(self.run.source))
        live = {row.id: row.missing for row in self.connection.execute(query)}
        seen = live.keys() & self.ending.seen
        self.live, self.unseen = len(live), frozenset(live.keys() - seen)
        self.overdue = frozenset(i for i in self.unseen if live[i] + 1 >= RUNS_MISSED)
        values = {"last_seen": self.now, "last_run": self.run.id, "missing": 0}
        for some in _seen_slices(self.run.source, seen, self.unseen):
            self.connection.execute(t.records.update().where(some).values(values))
        if self.counting:
            _count_missing(self.connection, self.unseen)

    def _removed(
        self, doomed: frozenset[str], explicit: frozenset[str], before: Brake | None
    ) -> Removed:
        outcomes = (
            *_withdrawn(self.connection, explicit, EXPLICIT, self.now),
            *_withdrawn(self.connection, doomed - explicit, UNLISTED, self.now),
        )
        left = self.unseen - doomed
        if self.counting and self._sudden(left):
            return Removed(outcomes, self._braked(left, frozenset(), before).brake)
        self._put(None if self.counting else _eased(before, left))
        return Removed(outcomes)

    def _sudden(self, left: Collection[str]) -> bool:
        """Whether nearly everything is missing for the first time."""
        return self.live >= BRAKE_LEAST and len(left) >= SUDDEN_SHARE * self.live

    def _braked(
        self, records: Collection[str], explicit: Collection[str], before: Brake | None
    ) -> Removed:
        """Keep the removal for a steward; the same removal again keeps its date."""
        made = Brake(
            run=self.run.id,
            at=self.now,
            records=tuple(sorted(records)),
            live=self.live,
            message=_words(len(records), self.live),
            explicit=tuple(sorted(explicit)),
        )
        if before is not None and before.records == made.records:
            made = replace(made, run=before.run, at=before.at, live=before.live)
        self._put(made)
        return Removed(brake=made)

    def _put(self, brake: Brake | None) -> None:
        put(self.connection, self.run.source, brake)


def _live(source: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.records.c.source == source, t.records.c.state != State.GONE)


def _seen_slices(
    source: str, seen: Collection[str], unseen: Collection[str]
) -> Iterable[sa.ColumnElement[bool]]:
    """Conditions for the seen records: all but a few of the source, or slices of ids."""
    if not seen:
        return []
    if len(unseen) <= runs.SLICE:
        return [sa.and_(_live(source), t.records.c.id.not_in(sorted(unseen)))]
    return [t.records.c.id.in_(some) for some in runs.slices(seen)]


def _count_missing(connection: sa.Connection, unseen: Collection[str]) -> None:
    more = {"missing": t.records.c.missing + 1}
    for some in runs.slices(unseen):
        connection.execute(t.records.update().where(t.records.c.id.in_(some)).values(more))


def _too_many(doomed: Collection[str], live: int) -> bool:
    return len(doomed) >= BRAKE_LEAST and len(doomed) > BRAKE_SHARE * live


def _words(number: int, live: int) -> Words:
    return {lang: text.format(number=number, live=live) for lang, text in BRAKED.items()}


def _eased(before: Brake | None, unseen: AbstractSet[str]) -> Brake | None:
    """The brake without what was seen since; nothing left is no brake."""
    if before is None:
        return None
    left = tuple(record for record in before.records if record in unseen)
    explicit = tuple(record for record in before.explicit if record in unseen)
    words = _words(len(left), before.live)
    return replace(before, records=left, explicit=explicit, message=words) if left else None


# the brake as it is kept


def brake_of(connection: sa.Connection, source: str) -> Brake | None:
    """The removal of this source that waits for a steward. Raises `NotFound`."""
    query = sa.select(t.sources.c.brake).where(t.sources.c.slug == source)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"there is no source called {source}")
    return brake_from(row.brake)


def brake_from(kept: Mapping[str, Any] | None) -> Brake | None:
    """A brake as the column holds it."""
    if kept is None:
        return None
    return Brake(
        run=kept["run"],
        at=datetime.fromisoformat(kept["at"]),
        records=tuple(kept["records"]),
        live=kept["live"],
        message=kept["message"],
        explicit=tuple(kept["explicit"]),
    )


def put(connection: sa.Connection, source: str, brake: Brake | None) -> None:
    """Keep the brake; an equal one writes nothing."""
    if brake == brake_of(connection, source):
        return
    kept = {**asdict(brake), "at": brake.at.isoformat()} if brake else None
    connection.execute(t.sources.update().where(t.sources.c.slug == source).values(brake=kept))


# what a steward decides


def confirm(connection: sa.Connection, source: str, now: datetime) -> list[RecordOutcome]:
    """Remove what the brake holds and no run has seen since, and take the brake off."""
    runs.lock(connection, source)
    brake = brake_of(connection, source)
    if brake is None:
        raise NotFound(f"{source}: no removal waits for a decision")
    still = _unseen_since(connection, brake)
    explicit = still & set(brake.explicit)
    put(connection, source, None)
    return [
        *_withdrawn(connection, explicit, EXPLICIT, now),
        *_withdrawn(connection, still - explicit, UNLISTED, now),
    ]


def decline(connection: sa.Connection, source: str) -> int:
    """Take the brake off and count the records as seen; how many there were."""
    runs.lock(connection, source)
    brake = brake_of(connection, source)
    if brake is None:
        raise NotFound(f"{source}: no removal waits for a decision")
    for some in runs.slices(brake.records):
        here = t.records.c.id.in_(some)
        connection.execute(t.records.update().where(here).values(missing=0))
    put(connection, source, None)
    return len(brake.records)


def _unseen_since(connection: sa.Connection, brake: Brake) -> set[str]:
    found: set[str] = set()
    for some in runs.slices(brake.records):
        query = sa.select(t.records.c.id).where(
            t.records.c.id.in_(some),
            t.records.c.state != State.GONE,
            t.records.c.last_run < brake.run,
        )
        found.update(connection.execute(query).scalars())
    return found


def _withdrawn(
    connection: sa.Connection, records: Collection[str], reason: str, now: datetime
) -> list[RecordOutcome]:
    """Make tombstones, and the lines of report that say so."""
    r = t.records.c
    lines: list[RecordOutcome] = []
    for some in runs.slices(records):
        query = sa.select(r.id, r.kind, r.url, r.title, r.source_iri, r.state)
        rows = connection.execute(query.where(r.id.in_(some)).order_by(r.id)).all()
        withdraw(connection, [(row.id, row.kind) for row in rows], reason, now)
        lines.extend(_line(row, reason) for row in rows)
    return lines


def withdraw(
    connection: sa.Connection, records: Sequence[tuple[str, str]], reason: str, now: datetime
) -> None:
    """Make tombstones of (id, kind): the addresses stay, with the reason and the date.

    What was not public is gone as well, and nobody is told: a tombstone that stood already keeps
    its date.
    """
    values = {"state": State.GONE, "reason": reason, "changed": _date_of_tombstone(now)}
    public: set[str] = set()
    for some in runs.slices([record for record, _ in records]):
        here = t.records.c.id.in_(some)
        shown = sa.select(t.records.c.id).where(here, t.records.c.state == State.PUBLISHED)
        public.update(connection.execute(shown).scalars())
        connection.execute(t.records.update().where(here).values(values))
    told = [(record, kind) for record, kind in records if record in public]
    saving.log_all(connection, told, "withdrawn", now)
    for record in (record for record, kind in told if kind == "catalog"):
        saving.changed(connection, listed.guests(connection, record), now)


def _date_of_tombstone(now: datetime) -> sa.ColumnElement[datetime]:
    r = t.records.c
    once_public = sa.exists().where(t.changes.c.record == r.id)
    stands = sa.and_(once_public, r.state != State.PUBLISHED)
    return sa.case((stands, r.changed), else_=sa.literal(now, r.changed.type))


def _line(row: Any, reason: str) -> RecordOutcome:
    return RecordOutcome(
        url=row.url,
        outcome=Outcome.REMOVED,
        title=text_from(row.title).value("en"),
        record=row.id,
        source_iri=row.source_iri,
        details={
            "reason": "explicit" if reason == EXPLICIT else "unlisted",
            "public": row.state == State.PUBLISHED,
        },
    )
