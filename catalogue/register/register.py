"""Read the register: records, catalogs, holders, sources, runs, history, changes.

Every method reads the present state in one short transaction and may be called from any
thread. Only the public graph of a published record leaves through `get` and `datasets`;
what was received, exact counts and held versions do not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from catalogue.errors import Gone, NotFound
from catalogue.model.dataset import Catalog, Dataset, Series
from catalogue.model.source import Source
from catalogue.model.text import LangText, Text
from catalogue.namespaces import Iri
from catalogue.rdf import read
from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.identity import (
    graph_name,
    provenance_name,
    record_iri,
    short,
    spelling,
    with_members,
)
from catalogue.rdf.navigation import without_theirs
from catalogue.rdf.origin import Making, origin
from catalogue.register import tables as t
from catalogue.register.changes_read import ChangeLog
from catalogue.register.listed import also, in_catalogs
from catalogue.register.listing import Listing
from catalogue.register.migrations import migrate
from catalogue.register.outcomes_read import OutcomePages
from catalogue.register.owning import Owning
from catalogue.register.packing import text_from, unpacked
from catalogue.register.pulse import Pulse
from catalogue.register.records import (
    SUBMITTED,
    Change,
    Holder,
    Outcome,
    Published,
    Record,
    RecordOutcome,
    RunState,
    RunSummary,
    SourceStatus,
    State,
    VersionSummary,
)
from catalogue.register.removal import UNLISTED, brake_from
from catalogue.register.standing import WITHDRAWN, Standing, not_withdrawn_since
from catalogue.register.taken_out import Past, Pasts
from catalogue.register.walking import Walking
from catalogue.register.wanted import source_from

MOST_SAME = 20
"""Records that are shown as "may be the same" as another."""

MOST_OPENED = 256
"""Descriptions that are remembered as they were read, in a few tens of megabytes."""

READERS: dict[str, Callable[[Graph, Node], Dataset | Catalog | Series]] = {
    "dataset": read.dataset,
    "catalog": read.catalog,
    "series": read.series,
}


class Register(ChangeLog, Listing, OutcomePages, Owning, Standing, Walking):
    """The system of record, for reading. `base` is the public address that makes our IRIs."""

    def __init__(self, engine: Engine, base: str) -> None:
        self.engine = engine
        self.base = base
        self._pulse = Pulse(engine)

    @classmethod
    def open(cls, url: str, base: str) -> Register:
        """Connect and bring the tables up to date."""
        engine = t.open_engine(url)
        migrate(engine)
        return cls(engine, base)

    def close(self) -> None:
        """Give the connections back."""
        self._pulse.close()
        self.engine.dispose()

    def _rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self.engine.connect() as connection:
            return connection.execute(query).all()

    # records

    def get(self, kind: str, identifier: str) -> Published:
        """A published record. Raises `NotFound`, or `Gone` (with `.record`) for a tombstone."""
        rows = self._rows(_published().where(t.records.c.id == identifier))
        if rows and rows[0].kind == kind:
            return self._value(rows[0])
        if not rows:
            self._refuse_gone(kind, identifier)
        raise NotFound(f"there is no {kind} with the identifier {identifier[:64]!r}")

    def _refuse_gone(self, kind: str, identifier: str) -> None:
        """Raises `Gone` for what was public once; a new version that is held opens nothing."""
        c, r = t.changes.c, t.records.c
        last = sa.select(sa.func.max(c.at)).where(c.record == identifier, c.action == "withdrawn")
        shown = sa.exists().where(c.record == identifier, c.action != "withdrawn")
        query = sa.select(t.records, sa.type_coerce(last.scalar_subquery(), t.Moment()).label("at"))
        for row in self._rows(query.where(r.id == identifier, r.kind == kind, shown)):
            known = self._record(row)
            if known.state is State.GONE:
                raise gone(replace(known, version=known.version or 1))
            if row.at is not None:
                raise gone(replace(known, version=1, state=State.GONE, changed=row.at, reason=""))

    def find(self, name: str) -> list[Record]:
        """Records called so: by our identifier or address, or by the holder's own address."""
        names = {name, name.rstrip("/"), name.rstrip("/").rpartition("/")[2]}
        called = sa.select(t.names.c.record).where(t.names.c.name == short(spelling(name)))
        query = sa.select(t.records).where(
            sa.or_(
                t.records.c.id.in_(names),
                t.records.c.source_iri.in_(names),
                t.records.c.id.in_(called),
            )
        )
        return [self._record(row) for row in self._rows(query)]

    def dataset_of_distribution(self, identifier: str) -> Published:
        """The published dataset that has this distribution.

        Raises `NotFound`, or `Gone` (with a record of the distribution) when it had it once.
        """
        d = t.distributions.c
        query = sa.select(t.records, d.gone.label("left")).join(t.distributions)
        for row in self._rows(query.where(d.id == identifier)):
            if row.left is not None:
                raise gone(_part(replace(self._record(row), changed=row.left), identifier))
            try:
                return self.get("dataset", row.id)
            except Gone as error:
                raise gone(_part(error.record, identifier)) from error
        raise NotFound(f"there is no distribution with the identifier {identifier[:64]!r}")

    def datasets(self, identifiers: Sequence[str]) -> list[Published]:
        """Published datasets in the order given; missing ones are skipped."""
        rows = self._rows(_published().where(t.records.c.id.in_(list(identifiers))))
        found = {row.id: row for row in rows}
        return [self._value(found[i]) for i in identifiers if i in found]

    def published(self, kind: str, batch: int = 500) -> Iterator[Published]:
        """Every published record of a kind, ordered by id, read in slices."""
        last = ""
        while True:
            rows = self._rows(
                _published()
                .where(t.records.c.kind == kind, t.records.c.id > last)
                .order_by(t.records.c.id)
                .limit(batch)
            )
            if not rows:
                return
            yield from (self._value(row) for row in rows)
            last = rows[-1].id

    def graphs(self, batch: int = 500) -> Iterator[tuple[Iri, bytes]]:
        """(named graph, N-Triples) of everything published: each record, and its provenance."""
        last = ""
        while True:
            rows = self._rows(
                _published().where(t.records.c.id > last).order_by(t.records.c.id).limit(batch)
            )
            if not rows:
                return
            for row in rows:
                yield from self._graphs(row)
            last = rows[-1].id

    def graphs_of(self, identifiers: Sequence[str]) -> Iterator[tuple[Iri, bytes | None]]:
        """What `graphs` gives for some records; `None` for both when one is not published."""
        found = self._rows(_published().where(t.records.c.id.in_(list(identifiers))))
        rows = {row.id: row for row in found}
        for each in identifiers:
            if each in rows:
                yield from self._graphs(rows[each])
            else:
                yield graph_name(self.base, each), None
                yield provenance_name(self.base, each), None

    def _graphs(self, row: Any) -> Iterator[tuple[Iri, bytes]]:
        public, made = self._public(row), self._making(row)
        yield made.graph, Graph(without_theirs(public)).n_triples()
        yield made.name, Graph(origin(made, public)).n_triples()

    def _making(self, row: Any) -> Making:
        return Making(
            base=self.base,
            id=row.id,
            record=record_iri(self.base, row.kind, row.id),
            source=row.source,
            run=row.run,
            at=row.created,
            repairs=row.repairs,
            reports=row.reports,
        )

    def graph(self, identifier: str) -> bytes | None:
        """The public N-Triples of one record; `None` when it is not published."""
        rows = self._rows(_published().where(t.records.c.id == identifier))
        return self._public(rows[0]).n_triples() if rows else None

    def _public(self, row: Any) -> Graph:
        """The public graph; a catalog lists its datasets as they are published now.

        Anything else says in which further catalogs it stands.
        """
        graph = Graph.from_n_triples(unpacked(row.public))
        if row.kind != "catalog":
            return in_catalogs(graph, self.base, record_iri(self.base, row.kind, row.id), row.also)
        members = (record_iri(self.base, "dataset", i) for i in self.datasets_of_catalog(row.id))
        return with_members(graph, record_iri(self.base, "catalog", row.id), members)

    def catalogs(self) -> list[Published]:
        """All published catalogs, by id."""
        return list(self.published("catalog"))

    def datasets_of_catalog(self, identifier: str) -> list[str]:
        """The ids of the published datasets of one of our catalogs."""
        return self.members_of_catalog(identifier, "dataset")

    def catalogs_holding(self, identifiers: Sequence[str]) -> list[str]:
        """The ids of the catalogs in which these records stand."""
        first, m = t.records.c, t.memberships.c
        query = sa.select(first.catalog).where(
            first.id.in_(list(identifiers)), first.catalog.is_not(None)
        )
        also = sa.select(m.catalog).where(m.record.in_(list(identifiers))).order_by(m.catalog)
        found = [*self._rows(query), *self._rows(also)]
        return list(dict.fromkeys(row.catalog for row in found))

    def history(self, identifier: str) -> list[VersionSummary]:
        """The versions of a record, newest first, held ones not told apart from none."""
        query = (
            sa.select(t.versions.c.number, t.versions.c.created, t.versions.c.state)
            .where(t.versions.c.record == identifier)
            .order_by(t.versions.c.number.desc())
        )
        return [
            VersionSummary(number=row.number, created=row.created, action=row.state)
            for row in self._rows(query)
        ]

    def maybe_same(self, identifier: str) -> list[Record]:
        """Published records of other sources that share a name with this published one.

        A name is an IRI, present or former, or a persistent identifier such as a DOI. They
        are shown side by side and never merged: only their holders know.
        """
        return [self._record(row) for row in self._rows(_same().params(id_=identifier))]

    def _record(self, row: Any) -> Record:
        return Record(
            id=row.id,
            kind=row.kind,
            iri=record_iri(self.base, row.kind, row.id),
            source=row.source,
            source_iri=Iri(row.source_iri),
            state=State(row.state),
            version=row.version,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            changed=row.changed,
            holder=Holder(slug=row.holder, name=text_from(row.holder_name)),
            catalog=row.catalog,
            reason=row.reason,
        )

    def _value(self, row: Any) -> Published:
        record = self._record(row)
        if record.kind == "catalog":  # whose members are not in its bytes
            graph = self._public(row)
            value = READERS[record.kind](graph, read.named(record.iri))
        else:
            graph, value = _opened(row.public, record.kind, record.iri, row.also)
        return Published(
            record=record,
            value=value,
            graph=graph,
            repairs=tuple(row.repairs),
            reports=tuple(row.reports),
        )

    def reports(self, identifier: str) -> list[tuple[int, datetime, tuple[dict[str, Any], ...]]]:
        """(number, moment, reports) of the published versions of a record, newest first.

        Empty when the record is not public now. What was held back or withdrawn is not told,
        nor what was found in a distribution that was taken out.
        """
        v = t.versions.c
        query = (
            sa.select(v.number, v.created, v.reports, v.public, t.records.c.source)
            .join(t.records, t.records.c.id == t.versions.c.record)
            .where(
                t.records.c.id == identifier,
                t.records.c.state == State.PUBLISHED,
                t.versions.c.number <= t.records.c.version,
                t.versions.c.state == State.PUBLISHED,
                not_withdrawn_since(),
            )
            .order_by(t.versions.c.number.desc())
        )
        rows = self._rows(query)
        pasts = [Past(identifier, unpacked(row.public), row.created) for row in rows]
        told = Pasts(self.base, self._rows, pasts)
        return [
            (row.number, row.created, told.reports(past, row.source, row.reports))
            for row, past in zip(rows, pasts, strict=True)
        ]

    # holders

    def holders(self) -> list[tuple[Holder, int]]:
        """Organisations with published datasets, and how many, by slug."""
        found: dict[str, Counter[str]] = {}
        for row in self._rows(_holder_names().order_by(t.records.c.holder)):
            found.setdefault(row.holder, Counter())[row.names] += row.datasets
        return [
            (Holder(slug=slug, name=_usual_name(names)), names.total())
            for slug, names in found.items()
        ]

    def holder(self, slug: str) -> Holder:
        """One organisation with published datasets."""
        rows = self._rows(_holder_names().where(t.records.c.holder == slug))
        if not rows:
            raise NotFound(f"there is no organisation called {slug[:64]!r}")
        return Holder(slug=slug, name=_usual_name({row.names: row.datasets for row in rows}))

    # sources and runs

    def configured(self) -> list[Source]:
        """The sources that are harvested, as an operator configured them, by slug.

        One that announced itself and waits for an admin is not among them.
        """
        wanted = sa.and_(t.sources.c.enabled, t.sources.c.pending.is_(sa.false()))
        query = sa.select(t.sources).where(wanted).order_by(t.sources.c.slug)
        return [source_from(row) for row in self._rows(query)]

    def settings_of(self, slug: str) -> Source:
        """One source as an operator configured it, also when it is not harvested now."""
        return source_from(self._source_row(slug))

    def sources(self) -> list[SourceStatus]:
        """Every source with its last run and what it has public."""
        return [
            self._status(row) for row in self._rows(sa.select(t.sources).order_by(t.sources.c.slug))
        ]

    def source(self, slug: str) -> SourceStatus:
        """One source."""
        return self._status(self._source_row(slug))

    def _source_row(self, slug: str) -> Any:
        rows = self._rows(sa.select(t.sources).where(t.sources.c.slug == slug))
        if not rows:
            raise NotFound(f"there is no source called {slug[:64]!r}")
        return rows[0]

    def _status(self, row: Any) -> SourceStatus:
        runs = self.runs(row.slug, 50)
        complete = [run for run in runs if run.state is RunState.COMPLETE]
        return SourceStatus(
            slug=row.slug,
            title=row.title,
            protocol=row.protocol,
            url=row.url,
            enabled=row.enabled,
            datasets=self._count(t.records.c.source == row.slug, t.records.c.version > 0),
            held=self._count(
                t.records.c.source == row.slug, t.records.c.latest > t.records.c.version
            ),
            last_run=runs[0] if runs else None,
            last_complete=complete[0] if complete else None,
            organisation=row.organisation,
            contact=row.contact,
            schedule=row.schedule,
            language=row.language,
            options=row.options,
            pending=row.pending,
            verified=row.verified,
            next_run=row.next_run,
            brake=brake_from(row.brake),
            shown=row.protocol != SUBMITTED or self._has_shown(row.slug),
        )

    def _has_shown(self, source: str) -> bool:
        """Whether anything of a source ever was public."""
        added = sa.and_(t.changes.c.record == t.records.c.id, t.changes.c.action != WITHDRAWN)
        query = sa.select(t.records.c.id).join(t.changes, added).limit(1)
        return bool(self._rows(query.where(t.records.c.source == source)))

    def _harvested(self) -> int:
        """How many sources are read; those that only announced themselves are not."""
        s = t.sources.c
        known = sa.and_(s.pending.is_(sa.false()), s.protocol != SUBMITTED)
        return int(self._rows(sa.select(sa.func.count().label("n")).where(known))[0].n)

    def _count(self, *conditions: Any) -> int:
        query = sa.select(sa.func.count().label("number")).where(
            t.records.c.kind == "dataset", t.records.c.state != State.GONE, *conditions
        )
        return int(self._rows(query)[0].number)

    def runs(self, source: str, limit: int = 20, *, before: int | None = None) -> list[RunSummary]:
        """The last runs of a source, or those before one, newest first."""
        earlier = () if before is None else (t.runs.c.id < before,)
        query = (
            sa.select(t.runs)
            .where(t.runs.c.source == source, *earlier)
            .order_by(t.runs.c.id.desc())
            .limit(limit)
        )
        return [_run(row) for row in self._rows(query)]

    def run(self, identifier: int) -> RunSummary:
        """One run."""
        rows = self._rows(sa.select(t.runs).where(t.runs.c.id == identifier))
        if not rows:
            raise NotFound(f"there is no run {identifier}")
        return _run(rows[0])

    def outcomes(self, run: int) -> list[RecordOutcome]:
        """What a run did, record by record, in the order in which it met them."""
        query = sa.select(t.outcomes).where(t.outcomes.c.run == run).order_by(t.outcomes.c.id)
        return [
            RecordOutcome(
                url=row.url,
                outcome=Outcome(row.outcome),
                title=row.title,
                record=row.record,
                source_iri=row.source_iri,
                details=row.details,
            )
            for row in self._rows(query)
        ]

    # changes

    def recent_changes(self, limit: int = 10) -> list[Change]:
        """What happened to datasets lately, newest first, one line per record.

        The title of what was withdrawn is not told again.
        """
        newest = (
            sa.select(sa.func.max(t.changes.c.number).label("number"))
            .where(t.changes.c.kind == "dataset")
            .group_by(t.changes.c.record)
            .order_by(sa.desc("number"))
            .limit(limit)
            .subquery()
        )
        query = (
            sa.select(t.changes.c.action, t.changes.c.at, t.records)
            .join(newest, newest.c.number == t.changes.c.number)
            .join(t.records, t.records.c.id == t.changes.c.record)
            .order_by(t.changes.c.number.desc())
        )
        return [
            Change(
                at=row.at,
                record=self._record(row),
                action=row.action,
                title=LangText() if row.action == WITHDRAWN else text_from(row.title),
            )
            for row in self._rows(query)
        ]

    def pulse(self) -> str:
        """The same only while nothing at all is written; empty when that cannot be told."""
        return self._pulse.read()

    def position(self) -> int:
        """The number of the last change; 0 before the first."""
        query = sa.select(sa.func.max(t.changes.c.number).label("last"))
        return int(self._rows(query)[0].last or 0)

    def changes_since(self, position: int, limit: int = 1000) -> list[tuple[int, str, str, str]]:
        """(number, record id, kind, action) of what came after `position`, in order."""
        query = (
            sa.select(t.changes)
            .where(t.changes.c.number > position)
            .order_by(t.changes.c.number)
            .limit(limit)
        )
        return [(row.number, row.record, row.kind, row.action) for row in self._rows(query)]

    def projected(self, name: str) -> int:
        """How far the projection of this name has followed; 0 when it never did."""
        rows = self._rows(sa.select(t.projections).where(t.projections.c.name == name))
        return int(rows[0].position) if rows else 0

    def totals(self) -> dict[str, int]:
        """How much there is: datasets, sources, held, holders."""
        return {
            "datasets": self._count(t.records.c.version > 0),
            "held": self._count(t.records.c.latest > t.records.c.version),
            "sources": self._harvested(),
            "holders": len(self.holders()),
        }


@cache
def _same() -> sa.Select[Any]:
    """Published records of other sources under a name of the record `id_`; made once."""
    mine, theirs, me = t.names.alias(), t.names.alias(), t.records.alias()
    identifier: sa.BindParameter[str] = sa.bindparam("id_")
    other = t.records.c
    shared = (
        sa.select(theirs.c.record)
        .join(mine, mine.c.name == theirs.c.name)
        .where(mine.c.record == identifier, mine.c.kind != "local", theirs.c.kind != "local")
    )
    return (
        sa.select(t.records)
        .join(me, me.c.id == identifier)
        .where(other.id.in_(shared), other.source != me.c.source, other.kind == me.c.kind)
        .where(other.state == State.PUBLISHED, me.c.state == State.PUBLISHED)
        .order_by(other.source, other.id)
        .limit(MOST_SAME)
    )


@lru_cache(maxsize=MOST_OPENED)
def _opened(
    public: bytes, kind: str, iri: Iri, also: str | None
) -> tuple[Graph, Dataset | Catalog | Series]:
    """The graph and the value of these very bytes; reading them costs more than fetching them."""
    base = iri.rpartition(f"/{kind}/")[0]
    graph = in_catalogs(Graph.from_n_triples(unpacked(public)), base, iri, also)
    return graph, READERS[kind](graph, read.named(iri))


def _published() -> sa.Select[Any]:
    """Published records joined with their published version."""
    v = t.versions.c
    return (
        sa.select(t.records, v.public, v.repairs, v.reports, v.created, v.run, also())
        .join(
            t.versions,
            sa.and_(
                t.versions.c.record == t.records.c.id,
                t.versions.c.number == t.records.c.version,
            ),
        )
        .where(t.records.c.state == State.PUBLISHED)
    )


def _holder_names() -> sa.Select[Any]:
    """The names that published datasets give each holder, as JSON, and how many give them."""
    names = sa.cast(t.records.c.holder_name, sa.Text).label("names")
    return (
        sa.select(t.records.c.holder, names, sa.func.count().label("datasets"))
        .where(t.records.c.kind == "dataset", t.records.c.state == State.PUBLISHED)
        .group_by(t.records.c.holder, names)
    )


def _usual_name(names: Mapping[str, int]) -> LangText:
    """The name of a holder in each language that any record states: the most frequent one."""
    stated: dict[str, Counter[str]] = {}
    for written, datasets in names.items():
        for item in text_from(json.loads(written)).texts:
            stated.setdefault(item.language, Counter())[item.value] += datasets
    return LangText(
        tuple(
            Text(min(values, key=lambda value: (-values[value], value)), language)
            for language, values in sorted(stated.items())
        )
    )


def _live(kind: str) -> sa.Select[Any]:
    return sa.select(t.records).where(
        t.records.c.kind == kind, t.records.c.state == State.PUBLISHED
    )


def _run(row: Any) -> RunSummary:
    return RunSummary(
        id=row.id,
        source=row.source,
        started=row.started,
        ended=row.ended,
        state=RunState(row.state),
        message=row.message,
        counts={Outcome(name): number for name, number in row.counts.items()},
        messages=row.messages,
        cause=row.cause,
        figures=row.figures,
    )


def _part(dataset: Record, distribution: str) -> Record:
    """The tombstone of a distribution that left its dataset, or went with it."""
    base = dataset.iri.rpartition("/dataset/")[0]
    return replace(
        dataset,
        id=distribution,
        kind="distribution",
        iri=record_iri(base, "distribution", distribution),
        state=State.GONE,
        version=dataset.version or 1,
        reason=dataset.reason if dataset.state is State.GONE else UNLISTED,
    )


def gone(record: Record) -> Gone:
    """The error for a tombstone, carrying the record so that a page can say what it was."""
    why = f": {record.reason}" if record.reason else ""
    error = Gone(f"{record.iri} was withdrawn on {record.changed:%Y-%m-%d}{why}")
    error.record = record
    return error
