"""Where every public record stands, for clients that walk from the root to all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from catalogue.namespaces import Iri
from catalogue.rdf.navigation import ROOT, Stand, navigation, navigation_name
from catalogue.register import tables as t
from catalogue.register.records import State

R = t.records.c
PUBLIC: Final = sa.select(R.id, R.kind, R.first_seen, R.changed).where(R.state == State.PUBLISHED)
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
        """(named graph, N-Triples) with the containers and dates of everything public."""
        yield self._graph(self._root())
        for row in self._rows(PUBLIC.order_by(R.id)):
            yield self._graph(self._stand(row))

    def walk_of(self, records: Sequence[str]) -> Iterator[tuple[Iri, bytes | None]]:
        """The same of some records and of the root; `None` for what is not public."""
        found: dict[str, Any] = {}
        for start in range(0, len(records), SLICE):
            rows = self._rows(PUBLIC.where(R.id.in_(records[start : start + SLICE])))
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
        )
