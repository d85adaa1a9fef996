"""What happened in public, in order: for feeds, OAI-PMH and everybody who follows along.

The change log also counts the withdrawal of a record that never was public; here it does not
exist. A change carries the description as it was made public then, unless the record was
withdrawn since: what a holder took back is not told again, only that it is gone. A distribution
that was taken out of its dataset is taken out of the earlier changes too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import record_iri
from catalogue.register import tables as t
from catalogue.register.listed import also, in_catalogs
from catalogue.register.listing import stands_in
from catalogue.register.packing import unpacked
from catalogue.register.records import Published, Record, State
from catalogue.register.taken_out import Past, Pasts

KINDS = ("catalog", "dataset", "series")
WITHDRAWN = "withdrawn"
PUBLISHED = State.PUBLISHED.value
C = t.changes.c
SLICE = 500
"""Databases limit the number of parameters of one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChange:
    """One line of the log. `action` is "added", "changed" or "withdrawn".

    A record that comes back is "added" again. `record` is how it is now; `content` what was
    public from `at` on, when it was asked for and was not withdrawn since.
    """

    number: int
    at: datetime
    action: str
    record: Record
    content: Graph | None = None
    also: tuple[str, ...] = ()

    @property
    def catalogs(self) -> tuple[str, ...]:
        """The ids of the catalogs in which it stands; only `last_changes` knows of several."""
        return tuple(each for each in (self.record.catalog, *self.also) if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which changes: after a number, from one moment (inclusive) before another, whose.

    `only` names records by their identifiers.
    """

    after: int = 0
    since: datetime | None = None
    before: datetime | None = None
    holder: str | None = None
    catalog: str | None = None
    kinds: Collection[str] = KINDS
    only: Collection[str] | None = None


EVERYTHING = Selection()


class ChangeLog:
    """The part of the register that reads the change log."""

    if TYPE_CHECKING:
        base: str

        def _rows(self, query: sa.Select[Any]) -> Sequence[Any]: ...
        def _record(self, row: Any) -> Record: ...
        def _value(self, row: Any) -> Published: ...

    def public_changes(
        self, first: int, last: int, selection: Selection = EVERYTHING, *, content: bool = False
    ) -> list[PublicChange]:
        """The changes with numbers `first` to `last`, both included, in order."""
        query = _chosen(selection).where(C.number.between(first, last)).order_by(C.number)
        rows = self._rows(query)
        graphs = self._contents(rows) if content else {}
        return [self._change(row, graphs.get(row.number)) for row in rows]

    def newest_changes(self, selection: Selection, limit: int) -> list[PublicChange]:
        """The last changes, newest first."""
        query = _chosen(selection).order_by(C.number.desc()).limit(limit)
        return [self._change(row) for row in self._rows(query)]

    def last_changes(self, selection: Selection, limit: int) -> list[PublicChange]:
        """The last change of each record, in order of the log.

        Asked again with `after` the last number that was given, it goes on; a record that
        changes meanwhile moves to the end, so that a walk misses nothing.
        """
        query = _chosen(selection).where(_is_last()).order_by(C.number).limit(limit)
        rows = self._rows(query.add_columns(also()))
        return [replace(self._change(row), also=_ids(row.also)) for row in rows]

    def count_last_changes(self, selection: Selection) -> int:
        """How many records `last_changes` has in all."""
        chosen = _chosen(selection).where(_is_last()).subquery()
        return int(self._rows(sa.select(sa.func.count().label("n")).select_from(chosen))[0].n)

    def change_dates(self) -> tuple[datetime, datetime] | None:
        """The moments of the first and the last change; `None` before the first."""
        query = sa.select(sa.func.min(C.at).label("first"), sa.func.max(C.at).label("last"))
        row = self._rows(query.where(C.kind.in_(KINDS)))[0]
        return None if row.first is None else (row.first, row.last)

    def change_pages(self, size: int) -> list[tuple[int, datetime, datetime]]:
        """(page, first moment, last moment) for slices of the log of `size` numbers each.

        Page 1 has the numbers 1 to `size`. A slice in which nothing was logged is not listed.
        """
        page = ((C.number - 1) // size + 1).label("page")
        query = (
            sa.select(page, sa.func.min(C.at).label("first"), sa.func.max(C.at).label("last"))
            .where(C.kind.in_(KINDS))
            .group_by(page)
            .order_by(page)
        )
        return [(int(row.page), row.first, row.last) for row in self._rows(query)]

    def public_records(self, identifiers: Sequence[str]) -> dict[str, Published]:
        """Published records of any kind, by identifier; those that are not public are missing."""
        found: dict[str, Published] = {}
        for wanted in _slices(identifiers):
            rows = self._rows(_public_now().where(t.records.c.id.in_(wanted)))
            found |= {row.id: self._value(row) for row in rows}
        return {name: found[name] for name in identifiers if name in found}

    def public_after(
        self, kind: str, after: str, limit: int, *, skip: int = 0, since: datetime | None = None
    ) -> list[Published]:
        """Published records in order of their identifiers, those after `after`.

        With `since` only what changed at that moment or later; `skip` leaves out so many.
        The empty additions keep databases from sorting all records of a kind for a few of them.
        """
        r = t.records.c
        query = sa.select(r.id).where(r.id > after, r.kind + "" == kind, r.state + "" == PUBLISHED)
        if since is not None:
            query = query.where(r.changed >= since)
        rows = self._rows(query.order_by(r.id).limit(limit).offset(skip))
        return list(self.public_records([row.id for row in rows]).values())

    def count_public(self, kind: str, since: datetime | None = None) -> int:
        """How many records of a kind are published; with `since`, how many changed since."""
        query = sa.select(sa.func.count().label("n")).where(
            t.records.c.kind == kind, t.records.c.state == State.PUBLISHED
        )
        if since is not None:
            query = query.where(t.records.c.changed >= since)
        return int(self._rows(query)[0].n)

    def _contents(self, rows: Sequence[Any]) -> dict[int, Graph]:
        """The public graph that came with each of these changes, by its number."""
        found: dict[int, Graph] = {}
        for wanted in _slices([row.number for row in rows if row.action != WITHDRAWN]):
            versions = self._rows(_versions().where(C.number.in_(wanted)))
            pasts = [Past(row.record, unpacked(row.public), row.created) for row in versions]
            told = Pasts(self.base, self._rows, pasts)
            for row, past in zip(versions, pasts, strict=True):
                found[row.number] = self._placed(row, told.told(past))
        return found

    def _placed(self, row: Any, graph: Graph) -> Graph:
        """What a change made public; of the last change also the further catalogs."""
        iri = record_iri(self.base, row.kind, row.record)
        return in_catalogs(graph, self.base, iri, row.also)

    def _change(self, row: Any, content: Graph | None = None) -> PublicChange:
        anew = row.before is None or row.before == WITHDRAWN
        return PublicChange(
            number=row.number,
            at=row.at,
            action="added" if anew else row.action,
            record=self._record(row),
            content=content,
        )


def _chosen(selection: Selection) -> sa.Select[Any]:
    """The public changes of a selection, with their records and the action before."""
    before = _action_before()
    query = (
        sa.select(C.number, C.at, C.action, before.label("before"), t.records)
        .select_from(t.changes)
        .join(t.records, t.records.c.id == C.record)
        .where(
            C.kind.in_(list(selection.kinds)),
            C.number > selection.after,
            sa.or_(C.action != WITHDRAWN, sa.func.coalesce(before, WITHDRAWN) != WITHDRAWN),
        )
    )
    return query.where(*_conditions(selection))


def _conditions(selection: Selection) -> list[Any]:
    """What was asked for, one condition each; nothing for what was not."""
    stated: tuple[tuple[object, Callable[[], Any]], ...] = (
        (selection.since, lambda: C.at >= selection.since),
        (selection.before, lambda: C.at < selection.before),
        (selection.holder, lambda: t.records.c.holder == selection.holder),
        (selection.catalog, lambda: stands_in(selection.catalog)),
        (selection.only, lambda: C.record.in_(list(selection.only or ()))),
    )
    return [condition() for value, condition in stated if value is not None]


def _action_before() -> sa.ScalarSelect[Any]:
    """What happened to the same record just before; NULL when nothing did."""
    earlier = t.changes.alias("earlier")
    return (
        sa.select(earlier.c.action)
        .where(earlier.c.record == C.record, earlier.c.number < C.number)
        .order_by(earlier.c.number.desc())
        .limit(1)
        .correlate(t.changes)
        .scalar_subquery()
    )


def _is_last() -> Any:
    later = t.changes.alias("later")
    query = sa.select(later.c.number).where(later.c.record == C.record, later.c.number > C.number)
    return ~query.correlate(t.changes).exists()


def _versions() -> sa.Select[Any]:
    """(number of the change, public graph) of changes whose record was not withdrawn since."""
    v, older = t.versions.c, t.versions.alias("older")
    newest = (
        sa.select(sa.func.max(older.c.number))
        .where(
            older.c.record == C.record,
            older.c.state == State.PUBLISHED,
            older.c.created <= C.at,
        )
        .correlate(t.changes)
        .scalar_subquery()
    )
    later = t.changes.alias("later")
    withdrawn = sa.select(later.c.number).where(
        later.c.record == C.record, later.c.number > C.number, later.c.action == WITHDRAWN
    )
    places = sa.case((_is_last(), also().element), else_=None).label("also")
    return (
        sa.select(C.number, C.record, C.kind, v.public, v.created, places)
        .select_from(t.changes)
        .join(t.records, t.records.c.id == C.record)
        .join(t.versions, sa.and_(v.record == C.record, v.number == newest))
        .where(~withdrawn.correlate(t.changes).exists())
    )


def _public_now() -> sa.Select[Any]:
    """Published records joined with their published version."""
    v = t.versions.c
    return (
        sa.select(t.records, v.public, v.repairs, v.reports, also())
        .select_from(t.records)
        .join(
            t.versions,
            sa.and_(v.record == t.records.c.id, v.number == t.records.c.version),
        )
        .where(t.records.c.state == State.PUBLISHED)
    )


def _ids(listed: str | None) -> tuple[str, ...]:
    """Of catalogs, as `also` gives them, in order."""
    return tuple(sorted((listed or "").split()))


def _slices(items: Sequence[Any]) -> list[list[Any]]:
    return [list(items[start : start + SLICE]) for start in range(0, len(items), SLICE)]
