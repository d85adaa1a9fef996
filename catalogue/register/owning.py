"""Whose an address is: the record of an organisation, or the agent that it publishes as.

An agent belongs to the organisation that publishes under its address: the one on whose host
the address is, or else the one that did so first. Only what is public counts, so that nothing
of what is not public can be told from the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import sqlalchemy as sa

from catalogue.rdf.confine import Theirs
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import short, spelling
from catalogue.register import runs
from catalogue.register import tables as t
from catalogue.register.packing import unpacked
from catalogue.register.records import State

P, R, S = t.publishers.c, t.records.c, t.sources.c


def keep(
    connection: sa.Connection, record: str, publishers: Collection[str], now: datetime
) -> None:
    """As whom a record is published from now on; what it already was keeps its moment."""
    wanted = {short(each) for each in publishers}
    mine = P.record == record
    before = set(connection.execute(sa.select(P.agent).where(mine)).scalars())
    for some in runs.slices(before - wanted):
        connection.execute(t.publishers.delete().where(mine, P.agent.in_(some)))
    rows = [{"record": record, "agent": each, "since": now} for each in sorted(wanted - before)]
    if rows:
        connection.execute(t.publishers.insert(), rows)


class Owning:
    """The part of the register that knows whose an address is."""

    if TYPE_CHECKING:

        def _rows(self, query: sa.Select[Any]) -> Sequence[Any]: ...

    def theirs(self, owner: str, addresses: Collection[str]) -> dict[str, Theirs]:
        """Which of some addresses belong to another organisation than `owner`, and to whom."""
        found: dict[str, Theirs] = {}
        for some in runs.slices(addresses):
            found |= self._records_of_others(owner, some)
            found |= self._agents_of_others(owner, some)
        return found

    def _records_of_others(self, owner: str, addresses: Sequence[str]) -> dict[str, Theirs]:
        """Records that the sources of others call so, also when `owner` calls one so as well."""
        names = {short(spelling(each)) for each in addresses}
        query = (
            sa.select(R.source_iri, S.slug, S.organisation)
            .join(t.names, t.names.c.record == R.id)
            .join(t.sources, S.slug == R.source)
            .where(t.names.c.name.in_(names), t.names.c.kind == "iri", R.source_iri.in_(addresses))
            .where(R.state == State.PUBLISHED)
            .order_by(R.first_seen.desc(), R.id)
        )
        rows = [row for row in self._rows(query) if _owner(row) != owner]
        return {row.source_iri: Theirs(_owner(row)) for row in rows}

    def _agents_of_others(self, owner: str, addresses: Sequence[str]) -> dict[str, Theirs]:
        first: dict[str, Any] = {}
        for claim in sorted(self._claims(addresses), key=_rank):
            first.setdefault(claim.agent, claim)
        claims = {iri: first[short(iri)] for iri in addresses if short(iri) in first}
        others = {iri: claim for iri, claim in claims.items() if _owner(claim) != owner}
        mine = self._hosts(owner) if others else set()
        return {
            iri: Theirs(_owner(claim), True, frozenset(self._said(claim.record, iri)))
            for iri, claim in others.items()
            if _is_at_home(claim) or _host(iri) not in mine
        }

    def _hosts(self, owner: str) -> set[str]:
        """On which hosts an organisation is, also while nothing of it is public."""
        here = sa.or_(S.organisation == owner, sa.and_(S.slug == owner, S.organisation == ""))
        return {_host(row.url) for row in self._rows(sa.select(S.url).where(here))}

    def _claims(self, addresses: Sequence[str]) -> Sequence[Any]:
        """For each source that publishes as one of these, since when, and one of its records."""
        whose = (P.agent, S.slug, S.organisation, S.url)
        query = (
            sa.select(
                *whose,
                sa.func.min(P.since).label("since"),
                sa.func.min(P.record).label("record"),
            )
            .join(t.records, R.id == P.record)
            .join(t.sources, S.slug == R.source)
            .where(P.agent.in_({short(each) for each in addresses}), R.state == State.PUBLISHED)
            .group_by(*whose)
        )
        return self._rows(query)

    def _said(self, record: str, iri: str) -> Iterator[ox.Triple]:
        """What a public record says of an agent."""
        v = t.versions.c
        here = sa.and_(v.record == R.id, v.number == R.version)
        query = sa.select(v.public).join(t.records, here).where(R.id == record)
        for row in self._rows(query):
            yield from Graph.from_n_triples(unpacked(row.public)).about(ox.NamedNode(iri))


def _owner(row: Any) -> str:
    return str(row.organisation or row.slug)


def _rank(claim: Any) -> tuple[bool, datetime, str]:
    """Lowest for who may speak: on the same host, then the earliest."""
    return not _is_at_home(claim), claim.since, claim.record


def _is_at_home(claim: Any) -> bool:
    return _host(claim.url) == _host(claim.agent)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address
