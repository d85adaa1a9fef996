"""In which further catalogs a harvested record stands: in each that its source lists it in.

What a catalog lists is part of the catalog, so it is written with the catalog, also of records
that nobody has seen yet. A record that begins or ceases to stand in a further catalog reads
differently, so the followers are told.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pyoxigraph as ox
import sqlalchemy as sa

from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import record_iri
from catalogue.register import runs
from catalogue.register import tables as t
from catalogue.register.records import State

M, R = t.memberships.c, t.records.c


def replace_members(connection: sa.Connection, catalog: str, members: Collection[str]) -> None:
    """What a source lists in one of its catalogs now; what was written here stays as it is."""
    ours = sa.select(t.submissions.c.id)
    here = sa.and_(M.catalog == catalog, M.record.not_in(ours))
    before = set(connection.execute(sa.select(M.record).where(here)).scalars())
    for some in runs.slices(before - set(members)):
        gone = sa.and_(M.catalog == catalog, M.record.in_(some))
        connection.execute(t.memberships.delete().where(gone))
    rows = [{"record": each, "catalog": catalog} for each in sorted(set(members) - before)]
    if rows:
        connection.execute(t.memberships.insert(), rows)


def guests(connection: sa.Connection, catalog: str) -> set[tuple[str, str]]:
    """(id, kind) of the public records for which this is a further catalog."""
    elsewhere = sa.or_(R.catalog.is_(None), R.catalog != catalog)
    query = (
        sa.select(R.id, R.kind)
        .join(t.memberships, M.record == R.id)
        .where(M.catalog == catalog, R.state == State.PUBLISHED, elsewhere)
    )
    return {(row.id, row.kind) for row in connection.execute(query)}


def date(connection: sa.Connection, records: Collection[str], now: datetime) -> None:
    """These records read differently from now on."""
    for some in runs.slices(records):
        here = t.records.update().where(R.id.in_(some))
        connection.execute(here.values(changed=now))


def also() -> sa.Label[str]:
    """Of a record: the ids of the public catalogs beside its first, with spaces between."""
    other = t.records.alias("other")
    query = (
        sa.select(sa.func.aggregate_strings(M.catalog, " "))
        .join(other, other.c.id == M.catalog)
        .where(M.record == R.id, other.c.state == State.PUBLISHED)
        .where(sa.or_(R.catalog.is_(None), M.catalog != R.catalog))
        .correlate(t.records)
    )
    return query.scalar_subquery().label("also")


def in_catalogs(graph: Graph, base: str, record: str, ids: str | None) -> Graph:
    """What a record of this IRI says, in these catalogs too; `ids` are as `also` gives them."""
    if not ids:
        return graph
    here, link = ox.NamedNode(record), ox.NamedNode(DCT + "isPartOf")
    homes = (ox.NamedNode(record_iri(base, "catalog", each)) for each in ids.split())
    return Graph([*graph, *(ox.Triple(here, link, home) for home in homes)])
