"""Where every public record stands, for clients that walk from the root to all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import sqlalchemy as sa

from catalogue.namespaces import DCAT, Iri
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import record_iri
from catalogue.rdf.navigation import ROOT, Stand, navigation, navigation_name
from catalogue.register import tables as t
from catalogue.register.packing import unpacked
from catalogue.register.records import State

R = t.records.c
V = t.versions.c
PUBLIC: Final = sa.select(R.id, R.kind, R.first_seen, R.changed).where(R.state == State.PUBLISHED)
WHOLE: Final = PUBLIC.add_columns(V.public, V.reports).join(
    t.versions, sa.and_(V.record == R.id, V.number == R.version)
)
SLICE: Final = 500
MEMBERS: Final = ("dataset", "series")
"""What stands in a catalog."""


class Walking:
    """The part of the register from which the public store learns how to walk through it."""

    if TYPE_CHECKING:
        base: str

        def _rows(self, query: sa.Select[Any]) -> Sequence[Any]: ...
        def members_of_catalog(self, catalog: str, kind: str) -> list[str]: ...  # noqa: D102

    def walk(self) -> Iterator[tuple[Iri, bytes]]:
        """(named graph, N-Triples) with where everything public stands, read in slices."""
        yield self._graph(self._root())
        last = ""
        while rows := self._rows(WHOLE.where(R.id > last).order_by(R.id).limit(SLICE)):
            yield from (self._graph(self._stand(row)) for row in rows)
            last = rows[-1].id

    def walk_of(self, records: Sequence[str]) -> Iterator[tuple[Iri, bytes | None]]:
        """The same of some records and of the root; `None` for what is not public."""
        found: dict[str, Any] = {}
        for start in range(0, len(records), SLICE):
            rows = self._rows(WHOLE.where(R.id.in_(records[start : start + SLICE])))
            found |= {row.id: row for row in rows}
        yield self._graph(self._root())
        for each in records:
            name = navigation_name(self.base, each)
            yield self._graph(self._stand(found[each])) if each in found else (name, None)

    def _graph(self, of: Stand) -> tuple[Iri, bytes]:
        return navigation_name(self.base, of.id), navigation(self.base, of).n_triples()

    def _root(self) -> Stand:
        catalogs = self._rows(PUBLIC.where(R.kind == "catalog").order_by(R.id))
        return Stand(
            kind="",
            id=ROOT,
            issued=min((each.first_seen for each in catalogs), default=None),
            modified=max((each.changed for each in catalogs), default=None),
            members={"catalog": [each.id for each in catalogs]},
        )

    def _stand(self, row: Any) -> Stand:
        every = MEMBERS if row.kind == "catalog" else ()
        members = {kind: self.members_of_catalog(row.id, kind) for kind in every}
        return Stand(
            kind=row.kind,
            id=row.id,
            issued=row.first_seen,
            modified=row.changed,
            members={kind: ids for kind, ids in members.items() if ids or kind == "dataset"},
            parts=self._parts(row) if row.kind == "dataset" else (),
            reports=row.reports,
        )

    def _parts(self, row: Any) -> list[str]:
        """The distributions of a dataset that have a name."""
        here = ox.NamedNode(record_iri(self.base, row.kind, row.id))
        found = Graph.from_n_triples(unpacked(row.public)).objects(here, DCAT + "distribution")
        return [each.value for each in found if isinstance(each, ox.NamedNode)]
