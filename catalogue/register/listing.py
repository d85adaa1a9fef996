"""What is public, as bare addresses and dates: for lists of everything, such as a sitemap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalogue.register import tables as t
from catalogue.register.records import State


class Listing:
    """The half of the register that names records without opening them."""

    if TYPE_CHECKING:

        def _rows(self, query: sa.Select[Any]) -> Sequence[Any]: ...

    def members_of_catalog(self, catalog: str, kind: str) -> list[str]:
        """The ids of the public datasets, or series, of one of our catalogs, in order."""
        columns = t.records.c
        query = (
            sa.select(columns.id)
            .where(columns.catalog == catalog, columns.kind == kind)
            .where(columns.state == State.PUBLISHED)
            .order_by(columns.id)
        )
        return [row.id for row in self._rows(query)]

    def public_names(self) -> list[tuple[str, str, datetime]]:
        """The kind, identifier and last change of every published record, in a fixed order."""
        columns = t.records.c
        query = (
            sa.select(columns.kind, columns.id, columns.changed)
            .where(columns.state == State.PUBLISHED)
            .order_by(columns.kind, columns.id)
        )
        return [(row.kind, row.id, row.changed) for row in self._rows(query)]
