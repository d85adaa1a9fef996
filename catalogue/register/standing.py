"""How a record stands, where it came from, and how it read before.

`standing` answers from one row, so that whoever has the newest version already costs next to
nothing. The past is told as it was public: a version that was held never was, and of what was
withdrawn only the moments remain. A distribution that was taken out of its dataset is taken out
of the dataset's past as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalogue.errors import NotFound
from catalogue.rdf.graph import Graph
from catalogue.register import tables as t
from catalogue.register.packing import unpacked
from catalogue.register.records import Published, Record, RunSummary, State
from catalogue.register.taken_out import Past, Pasts

PUBLISHED = State.PUBLISHED.value
WITHDRAWN = "withdrawn"
V = t.versions.c
ONE = sa.select(t.records).where(
    t.records.c.id == sa.bindparam("id_"),
    t.records.c.kind == sa.bindparam("kind_"),
    t.records.c.state == PUBLISHED,
)
"""Asked for every record that is served, so it is made once."""
EVERY = (
    sa.select(t.records)
    .where(t.records.c.kind == sa.bindparam("kind_"), t.records.c.state == PUBLISHED)
    .order_by(t.records.c.id)
)
OF_PART = (
    sa.select(t.records)
    .join(t.distributions)
    .where(
        t.distributions.c.id == sa.bindparam("id_"),
        t.distributions.c.gone.is_(None),
        t.records.c.state == PUBLISHED,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicVersion:
    """One form of a description, public from `since` until `until` (`None`: until now).

    `shown` is false when the holder withdrew it: then only the two moments are told.
    """

    since: datetime
    until: datetime | None
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFrom:
    """An address that gave part of a description, and when."""

    url: str
    media_type: str | None
    fetched: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How the published version of a record came here; `run` is `None` when forgotten."""

    created: datetime
    documents: tuple[ReceivedFrom, ...]
    run: RunSummary | None = None


class Standing:
    """The part of the register that reads how records stand and stood."""

    if TYPE_CHECKING:
        base: str

        def _rows(self, query: sa.Select[Any]) -> Sequence[Any]: ...
        def _record(self, row: Any) -> Record: ...
        def get(self, kind: str, identifier: str) -> Published: ...  # noqa: D102
        def dataset_of_distribution(self, identifier: str) -> Published: ...  # noqa: D102
        def run(self, identifier: int) -> RunSummary: ...  # noqa: D102

    def standing(self, kind: str, identifier: str) -> Record:
        """The record of something published, without what it says.

        Raises what `get` raises: `NotFound`, or `Gone` with the record.
        """
        for row in self._rows(ONE.params(id_=identifier, kind_=kind)):
            return self._record(row)
        return self.get(kind, identifier).record  # which says why there is none

    def standings(self, kind: str) -> list[Record]:
        """The record of everything published of a kind, by id, without what it says."""
        return [self._record(row) for row in self._rows(EVERY.params(kind_=kind))]

    def standing_of_distribution(self, identifier: str) -> Record:
        """The record of the published dataset that has this distribution.

        Raises what `dataset_of_distribution` raises.
        """
        for row in self._rows(OF_PART.params(id_=identifier)):
            return self._record(row)
        return self.dataset_of_distribution(identifier).record  # which says why there is none

    def origin(self, identifier: str) -> Origin:
        """Where the published version came from. Raises `NotFound` when nothing is published."""
        query = sa.select(V.created, V.run, V.documents).join(
            t.records, sa.and_(t.records.c.id == V.record, t.records.c.version == V.number)
        )
        published = sa.and_(t.records.c.id == identifier, t.records.c.state == PUBLISHED)
        rows = self._rows(query.where(published))
        if not rows:
            raise NotFound(f"nothing is published as {identifier[:64]!r}")
        found = rows[0]
        return Origin(
            created=found.created,
            documents=tuple(self._documents(found.documents)),
            run=self._run_of(found.run),
        )

    def _documents(self, digests: Sequence[str]) -> Iterator[ReceivedFrom]:
        d = t.documents.c
        query = sa.select(d.digest, d.url, d.media_type, d.fetched)
        for row in self._rows(query.where(d.digest.in_(list(digests))).order_by(d.url)):
            yield ReceivedFrom(url=row.url, media_type=row.media_type, fetched=row.fetched)

    def _run_of(self, number: int) -> RunSummary | None:
        try:
            return self.run(number)
        except NotFound:  # its source was removed, and its runs with it
            return None

    def public_versions(self, identifier: str) -> list[PublicVersion]:
        """Every form in which the record was public, oldest first; held versions are not told."""
        events = self._events(identifier)
        last = max((at for at, what in events if what == WITHDRAWN), default=None)
        return [
            PublicVersion(since=at, until=until, shown=last is None or at > last)
            for (at, what), until in zip(events, _following(events), strict=True)
            if what != WITHDRAWN
        ]

    def _events(self, identifier: str) -> list[tuple[datetime, str]]:
        """(moment, "published" or "withdrawn"), in order."""
        public = sa.select(V.created).where(V.record == identifier, V.state == PUBLISHED)
        c = t.changes.c
        taken = sa.select(c.at).where(c.record == identifier, c.action == WITHDRAWN)
        found = [(row.created, PUBLISHED) for row in self._rows(public)]
        found += [(row.at, WITHDRAWN) for row in self._rows(taken)]
        return sorted(set(found))

    def public_version(self, identifier: str, since: datetime) -> Graph:
        """The public graph that came in at that moment, as far as it may still be shown.

        Without the distributions that are gone, and those that were withdrawn since, also when
        they came back. Raises `NotFound` for any other moment.
        """
        if not any(each.shown and each.since == since for each in self.public_versions(identifier)):
            raise NotFound(f"{identifier[:64]}: no version of it became public at {since}")
        query = sa.select(V.public).where(
            V.record == identifier, V.state == PUBLISHED, V.created == since
        )
        row = self._rows(query.order_by(V.number.desc()))[0]
        past = Past(identifier, unpacked(row.public), since)
        return Pasts(self.base, self._rows, [past]).told(past)


def not_withdrawn_since() -> sa.ColumnElement[bool]:
    """Of a version: its record was not withdrawn after it was made."""
    c = t.changes.c
    taken = sa.select(c.number).where(
        c.record == V.record, c.action == WITHDRAWN, c.at >= V.created
    )
    return ~taken.correlate(t.versions).exists()


def _following(events: Sequence[tuple[datetime, str]]) -> list[datetime | None]:
    """When each event's state ended: at the next one."""
    return [*(at for at, _ in events[1:]), None]
