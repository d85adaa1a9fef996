"""One description becomes a version of a record, with its documents, names and change.

Everything about one description is written in one transaction: it is there, or it is not.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from catalogue.rdf.identity import persistent, short, spelling
from catalogue.register import listed, owning
from catalogue.register import tables as t
from catalogue.register.incoming import Draft, Kept, Namesake, ReceivedBytes, Run
from catalogue.register.packing import packed, text_from, texts_json
from catalogue.register.records import Outcome, State

BY_ID = sa.select(t.records).where(t.records.c.id == sa.bindparam("id_"))
BY_DIGEST = sa.select(t.documents.c.digest).where(t.documents.c.digest == sa.bindparam("digest_"))

PUBLIC_FACTS = ("kind", "title", "holder", "holder_name", "catalog", "changed")
"""What the public reads of a record beside its published version; a held version of it must
not show through here."""


@dataclass(slots=True)
class Saving:
    """Writes drafts of one run in one transaction; bytes that they share are kept once."""

    connection: sa.Connection
    run: Run
    now: datetime
    digests: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lock_log(self.connection)  # before documents, that another source may send as well

    def save(self, draft: Draft) -> Outcome:
        """Write one description as a new version."""
        before = self.connection.execute(BY_ID, {"id_": draft.id}).first()
        number = before.latest + 1 if before else 1
        self._record(draft, before, number)
        digests = [self._keep(document) for document in draft.documents]
        version = {**_version(self.run, draft, number, self.now), "documents": digests}
        self.connection.execute(t.versions.insert(), version)
        if not draft.reason or before is None:
            self._names(draft, before)
            self._list(draft, before)
        if draft.reason:
            return Outcome.HELD
        owning.keep(self.connection, draft.id, draft.publishers, self.now)
        return self._publish(draft, before)

    def _publish(self, draft: Draft, before: Any) -> Outcome:
        """Tell the followers; a record that was withdrawn is added again."""
        _distributions(self.connection, draft, None if before is None else self.now)
        public = before is not None and before.version > 0 and before.state != State.GONE
        if before is not None and before.catalog != draft.catalog:
            left(self.connection, [before.catalog], self.now)
        log(self.connection, draft.id, draft.kind, "changed" if public else "added", self.now)
        return Outcome.CHANGED if public else Outcome.NEW

    def _record(self, draft: Draft, before: Any, number: int) -> None:
        """Insert or update; a held version leaves the published one, unless that was withdrawn."""
        public = before.version if before and before.state != State.GONE else 0
        values = _values(self.run, draft, number, public if draft.reason else number, self.now)
        if before is None:
            first = {"id": draft.id, "source": self.run.source, "first_seen": self.now}
            self.connection.execute(t.records.insert(), {**values, **first})
        else:
            kept = PUBLIC_FACTS if draft.reason and self._was_public(draft.id) else ()
            values = {name: value for name, value in values.items() if name not in kept}
            same = t.records.c.id == draft.id
            self.connection.execute(t.records.update().where(same), values)

    def _was_public(self, record: str) -> bool:
        """Whether a record is public, or has a tombstone that still says whose it was."""
        told = sa.select(t.changes.c.number).where(t.changes.c.record == record).limit(1)
        return self.connection.execute(told).first() is not None

    def _keep(self, document: ReceivedBytes) -> str:
        """The digest of a document, which is kept when it is new."""
        known = self.digests.get(id(document.content))
        if known is not None:
            return known
        digest = hashlib.sha256(document.content).hexdigest()
        if self.connection.execute(BY_DIGEST, {"digest_": digest}).first() is None:
            values = {
                "digest": digest,
                "url": document.url,
                "media_type": document.media_type,
                "fetched": document.fetched,
                "content": zlib.compress(document.content),
            }
            self.connection.execute(t.documents.insert(), values)
        self.digests[id(document.content)] = digest
        return digest

    def _list(self, draft: Draft, before: Any) -> None:
        """What a catalog lists; who stands in it from now on, or no longer, changed as well."""
        if draft.members is None:
            return
        shown = before is not None and before.state == State.PUBLISHED
        guests = listed.guests(self.connection, draft.id) if shown else set()
        listed.replace_members(self.connection, draft.id, draft.members)
        if not draft.reason:
            guests ^= listed.guests(self.connection, draft.id)
            changed(self.connection, guests, self.now)

    def _names(self, draft: Draft, before: Any) -> None:
        """Replace what the record is called; an earlier IRI stays with it."""
        names = dict(_names(draft))
        mine = t.names.c.record == draft.id
        if before is not None:
            for former in self._formers(draft, before):
                names.setdefault(former, "former")
            self.connection.execute(t.names.delete().where(mine))
        rows = [{"record": draft.id, "name": name, "kind": kind} for name, kind in names.items()]
        self.connection.execute(t.names.insert(), rows)

    def _formers(self, draft: Draft, before: Any) -> list[str]:
        query = sa.select(t.names.c.name).where(
            t.names.c.record == draft.id, t.names.c.kind == "former"
        )
        kept = list(self.connection.execute(query).scalars())
        return [*kept, short(spelling(before.source_iri))]


def _names(draft: Draft) -> Iterator[tuple[str, str]]:
    """(name, kind); of a name that is stated twice the later kind holds."""
    for name in draft.names.local:
        yield name, "local"
    for name in draft.names.persistent:
        yield name, "persistent"
    yield draft.own_name, "iri"


def _values(run: Run, draft: Draft, number: int, version: int, now: datetime) -> dict[str, Any]:
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


def _version(run: Run, draft: Draft, number: int, now: datetime) -> dict[str, Any]:
    return {
        "record": draft.id,
        "number": number,
        "created": now,
        "run": run.id,
        "state": State.HELD if draft.reason else State.PUBLISHED,
        "received": packed(draft.received),
        "normalised": packed(draft.normalised),
        "public": packed(draft.public),
        "repairs": list(draft.repairs),
        "reports": list(draft.reports),
        "counts": dict(draft.counts),
    }


def _distributions(connection: sa.Connection, draft: Draft, left: datetime | None) -> None:
    """Those of a new dataset (`left` is `None`), or those that it has from this moment on."""
    c, ids = t.distributions.c, list(dict.fromkeys(draft.distributions))
    if left is not None:
        connection.execute(t.distributions.delete().where(c.id.in_(ids)))
        rest = t.distributions.update().where(c.record == draft.id, c.gone.is_(None))
        connection.execute(rest.values(gone=left))
    if ids:
        rows = [{"id": identifier, "record": draft.id} for identifier in ids]
        connection.execute(t.distributions.insert(), rows)


def log(connection: sa.Connection, record: str, kind: str, action: str, now: datetime) -> None:
    """Add a line to the change log; its numbers become visible in order."""
    log_all(connection, [(record, kind)], action, now)


def log_all(
    connection: sa.Connection, records: Sequence[tuple[str, str]], action: str, now: datetime
) -> None:
    """Add a line for each (id, kind), in their order."""
    lock_log(connection)
    rows = [{"record": r, "kind": kind, "action": action, "at": now} for r, kind in records]
    if rows:
        connection.execute(t.changes.insert(), rows)


def left(connection: sa.Connection, catalogs: Collection[str], now: datetime) -> None:
    """Tell the followers that something moved out of these catalogs."""
    r = t.records.c
    query = sa.select(r.id, r.kind).where(r.id.in_(list(catalogs)), r.state == State.PUBLISHED)
    rows = [(row.id, row.kind) for row in connection.execute(query)]
    log_all(connection, rows, "changed", now)


def changed(connection: sa.Connection, records: Collection[tuple[str, str]], now: datetime) -> None:
    """Date each public (id, kind) that reads differently now, and tell the followers."""
    listed.date(connection, [record for record, _ in records], now)
    log_all(connection, sorted(records), "changed", now)


def lock_log(connection: sa.Connection) -> None:
    """Let no other transaction number a change before this one is visible."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE changes IN EXCLUSIVE MODE"))


# looked up for one batch


def kept(connection: sa.Connection, records: Collection[str]) -> dict[str, Kept]:
    """Title and counts of the newest version of some records, by id."""
    newest = sa.and_(
        t.versions.c.record == t.records.c.id, t.versions.c.number == t.records.c.latest
    )
    query = (
        sa.select(t.records.c.id, t.records.c.title, t.versions.c.counts)
        .join(t.versions, newest)
        .where(t.records.c.id.in_(records))
    )
    rows = connection.execute(query) if records else ()
    return {row.id: Kept(text_from(row.title).value("en"), row.counts) for row in rows}


def namesakes(connection: sa.Connection, names: Collection[str]) -> list[Namesake]:
    """Published records, of any source, that are called by one of these names."""
    query = (
        sa.select(t.names, t.records.c.source, t.records.c.title, t.sources.c.url)
        .join(t.records, t.records.c.id == t.names.c.record)
        .join(t.sources, t.sources.c.slug == t.records.c.source)
        .where(
            t.names.c.name.in_(names),
            t.names.c.kind != "local",
            t.records.c.state == State.PUBLISHED,
        )
        .order_by(t.names.c.record, t.names.c.name)
    )
    rows = connection.execute(query) if names else ()
    return [
        Namesake(
            row.name, row.record, row.source, row.url, row.kind, text_from(row.title).value("en")
        )
        for row in rows
    ]


def called(connection: sa.Connection, source: str, name: str) -> list[str]:
    """The ids of a source's records that are called so, in whatever way and spelling."""
    spellings = {short(name), short(spelling(name)), persistent(name) or ""}
    query = (
        sa.select(t.names.c.record)
        .distinct()
        .join(t.records, t.records.c.id == t.names.c.record)
        .where(t.records.c.source == source, t.names.c.name.in_(spellings))
    )
    return sorted(connection.execute(query).scalars())
