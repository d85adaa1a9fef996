"""What stewards wrote here: drafts, and what became of them.

Drafts are in a table that nothing else reads, so that no page, search, feed or export can show
one. Publishing saves a version among the records, as a harvest does, and withdrawing makes a
tombstone there. Everything about one change is written in one transaction with its line in the
audit log, and only when nobody else changed the description in the meantime.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from catalogue.errors import RegisterError
from catalogue.model.source import Source
from catalogue.rdf.graph import Graph
from catalogue.register import removal, runs, saving, wanted
from catalogue.register import tables as t
from catalogue.register.incoming import Draft, Run
from catalogue.register.listing import stands_in
from catalogue.register.packing import packed, text_from, unpacked
from catalogue.register.records import SUBMITTED, Holder, State

PROTOCOL = SUBMITTED
TAKEN_BACK = "its holder took it back to change it"
DELETED = "its holder deleted it"
NO_RUN = 0
"""Versions that were written here belong to no run."""
C, M = t.submissions.c, t.memberships.c


class Superseded(RegisterError):
    """Somebody else changed the description in the meantime; read it again."""


class Phase(StrEnum):
    """Where a description that was written here is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A description as its writer left it, with exact counts: only for its organisation.

    `kind` is catalog, dataset, series or distribution. `parent` is the id of the catalog or
    dataset in which it stands, empty for the catalogue itself; `also` are further catalogs. In
    `content` it is called `subject`; `original` is the IRI that its writer gave it, empty when
    they gave none.
    """

    id: str
    kind: str
    source: str
    organisation: str
    parent: str
    subject: str
    original: str
    content: Graph
    created: datetime
    changed: datetime
    state: Phase = Phase.DRAFT
    number: int = 1
    also: tuple[str, ...] = ()

    @property
    def parents(self) -> tuple[str, ...]:
        """The ids of everything in which it stands."""
        return tuple(each for each in (self.parent, *self.also) if each)

    @property
    def public(self) -> bool:
        """Whether anyone may see it, as far as it depends on itself."""
        return self.state is Phase.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """What one decision of a steward changes. `actor` did it; `action` names it in the log.

    `draft` becomes public; `withdrawn` are the (kind, id) that become tombstones for `reason`;
    `ancestors` are the ids of what it stands in, whose descriptions changed with it;
    `dataset` is that of a distribution, from which its public form was made.
    """

    actor: str
    action: str
    draft: Draft | None = None
    withdrawn: Sequence[tuple[str, str]] = ()
    reason: str = ""
    ancestors: Sequence[str] = ()
    dataset: Submission | None = None

    @property
    def public(self) -> bool:
        """Whether anybody can see the difference."""
        return self.draft is not None or bool(self.withdrawn)


class Reading:
    """What can be read of what stewards wrote, over connections that `connect` gives."""

    def __init__(self, connect: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        self._connect = connect

    def get(self, identifier: str) -> Submission | None:
        """One of them, also when it was deleted; `None` when it was not written here."""
        found = self._some(C.id == identifier)
        return found[0] if found else None

    def children(self, parent: str) -> list[Submission]:
        """What stands in a catalog or dataset and was not deleted, by id."""
        also = sa.select(M.record).where(M.catalog == parent)
        here = sa.or_(C.parent == parent, C.id.in_(also))
        return self._some(sa.and_(here, C.state != Phase.DELETED))

    def of_source(self, source: str) -> list[Submission]:
        """Everything that was written under a source and not deleted, by id."""
        return self._some(sa.and_(C.source == source, C.state != Phase.DELETED))

    def owner(self, kind: str, identifier: str) -> str | None:
        """The organisation that answers for a public record; `None` when there is none."""
        record = t.records.c
        query = (
            sa.select(t.sources.c.slug, t.sources.c.organisation)
            .join(t.records, record.source == t.sources.c.slug)
            .where(record.id == identifier, record.kind == kind, record.state == State.PUBLISHED)
        )
        with self._connect() as connection:
            row = connection.execute(query).first()
        return (row.organisation or row.slug) if row else None

    def inhabited(self, catalog: str) -> bool:
        """Whether any record, of whatever source, is public in this catalog."""
        query = sa.select(t.records.c.id).where(
            stands_in(catalog), t.records.c.state == State.PUBLISHED
        )
        with self._connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def speakers(self) -> list[tuple[str, Holder]]:
        """Who describes here, in public, what which holder keeps: harvested or written here."""
        names = sa.cast(t.records.c.holder_name, sa.Text).label("names")
        query = (
            sa.select(t.sources.c.slug, t.sources.c.organisation, t.records.c.holder, names)
            .distinct()
            .join(t.records, t.records.c.source == t.sources.c.slug)
            .where(t.records.c.state == State.PUBLISHED)
        )
        with self._connect() as connection:
            rows = connection.execute(query).all()
        return [
            (
                row.organisation or row.slug,
                Holder(slug=row.holder, name=text_from(json.loads(row.names))),
            )
            for row in rows
        ]

    def title(self, organisation: str) -> str:
        """What to call an organisation: as its own source is called, if it has one."""
        query = sa.select(t.sources.c.title).where(t.sources.c.slug == organisation)
        with self._connect() as connection:
            return str(connection.execute(query).scalar() or organisation)

    def _some(self, which: sa.ColumnElement[bool]) -> list[Submission]:
        query = (
            sa.select(t.submissions, t.sources.c.organisation)
            .join(t.sources, t.sources.c.slug == C.source)
            .where(which)
            .order_by(C.id)
        )
        with self._connect() as connection:
            rows = connection.execute(query).all()
            also = sa.select(M.record, M.catalog).where(M.record.in_([row.id for row in rows]))
            places = connection.execute(also.order_by(M.catalog)).all() if rows else []
        return [
            _submission(row, tuple(each.catalog for each in places if each.record == row.id))
            for row in rows
        ]


class Submissions(Reading):
    """The descriptions that stewards wrote. `clock` gives the present, in UTC."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(engine.connect)
        self._engine = engine
        self.now = clock

    def create(self, source: Source, made: Submission, actor: str) -> None:
        """Keep a new draft; its source is added when this is the first of its organisation."""
        with self._writing(source.slug) as connection:
            here = sa.select(t.sources.c.slug).where(t.sources.c.slug == source.slug)
            if connection.execute(here).first() is None:
                wanted.save(connection, source, {"enabled": False}, self.now())
            connection.execute(t.submissions.insert().values(_row(made)))
            _place(connection, made)
            self._note(connection, made, Write(actor=actor, action="record-created"))

    def change(
        self,
        before: Submission,
        after: Submission,
        write: Write,
        check: Callable[[Reading], None] = lambda _: None,
    ) -> None:
        """Write what becomes of one description. Raises `Superseded`, and then writes nothing.

        `check` sees how everything in it and around it stands while nobody else can change
        that; what it raises is raised, and nothing is written.
        """
        with self._writing(*self._sources(before, after)) as connection:
            check(Reading(lambda: nullcontext(connection)))
            self._replace(connection, before, after, write)
            if write.draft is not None:
                run = Run(NO_RUN, before.source)
                saving.Saving(connection, run, self.now()).save(write.draft)
            if write.withdrawn:
                gone = [(identifier, kind) for kind, identifier in write.withdrawn]
                removal.withdraw(connection, gone, write.reason, self.now())
            if before.public and (moved := set(before.also) - set(after.parents)):
                saving.left(connection, sorted(moved), self.now())
            self._touch(connection, write)
            self._note(connection, after, write)

    def _replace(
        self, connection: sa.Connection, before: Submission, after: Submission, write: Write
    ) -> None:
        """The row itself, the number of the dataset of a distribution, and why it is gone."""
        _count(connection, before, _row(after) | {"changed": self.now()})
        _place(connection, after)
        if write.dataset is not None:
            _count(connection, write.dataset, {})
        if after.state is Phase.DELETED:
            parts = t.submissions.update().where(C.parent == before.id)
            connection.execute(parts.values(state=Phase.DELETED, content=packed(Graph())))
            gone = sa.and_(t.records.c.id == before.id, t.records.c.state == State.GONE)
            connection.execute(t.records.update().where(gone).values(reason=write.reason))

    def _touch(self, connection: sa.Connection, write: Write) -> None:
        """What it stands in changed too: a client that asks only for what is new must see it."""
        here, now = list(write.ancestors), {"changed": self.now()}
        connection.execute(t.submissions.update().where(C.id.in_(here)).values(now))
        if write.public:
            public = sa.and_(t.records.c.id.in_(here), t.records.c.state == State.PUBLISHED)
            connection.execute(t.records.update().where(public).values(now))

    def _note(self, connection: sa.Connection, about: Submission, write: Write) -> None:
        details = {"kind": about.kind, "organisation": about.organisation, "source": about.source}
        row = {"at": self.now(), "actor": write.actor, "action": write.action}
        connection.execute(t.audit.insert().values(subject=about.id, details=details, **row))

    def _sources(self, before: Submission, after: Submission) -> list[str]:
        """Its source and those of what it stands in, in the one order in which all lock them."""
        above = self._some(C.id.in_({*before.parents, *after.parents}))
        return sorted({before.source, *(each.source for each in above)})

    @contextmanager
    def _writing(self, *sources: str) -> Iterator[sa.Connection]:
        with self._engine.execution_options(writing=True).begin() as connection:
            for source in sources:
                runs.lock(connection, source)
            yield connection


def _count(connection: sa.Connection, before: Submission, values: dict[str, Any]) -> None:
    """One more change of a description, when nobody else made one since it was read."""
    same = t.submissions.update().where(C.id == before.id, C.number == before.number)
    if not connection.execute(same.values({**values, "number": before.number + 1})).rowcount:
        raise Superseded(f"{before.id}: somebody else changed this; read it again")


def _place(connection: sa.Connection, of: Submission) -> None:
    """In which further catalogs it stands now."""
    connection.execute(t.memberships.delete().where(M.record == of.id))
    for catalog in of.also:
        connection.execute(t.memberships.insert().values(record=of.id, catalog=catalog))


def _row(of: Submission) -> dict[str, Any]:
    return {
        "id": of.id,
        "kind": of.kind,
        "source": of.source,
        "parent": of.parent,
        "subject": of.subject,
        "original": of.original,
        "state": of.state,
        "number": of.number,
        "created": of.created,
        "changed": of.changed,
        "content": packed(of.content),
    }


def _submission(row: Any, also: tuple[str, ...]) -> Submission:
    return Submission(
        id=row.id,
        kind=row.kind,
        source=row.source,
        organisation=row.organisation or row.source,
        parent=row.parent,
        subject=row.subject,
        original=row.original,
        content=Graph.from_n_triples(unpacked(row.content)),
        created=row.created,
        changed=row.changed,
        state=Phase(row.state),
        number=row.number,
        also=also,
    )
