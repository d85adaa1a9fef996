"""What is public, as bare addresses and dates: for lists of everything, such as a sitemap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalogue.register import tables as t
from catalogue.register.records import SUBMITTED, State


def stands_in(catalog: str | None) -> sa.ColumnElement[bool]:
    """Of a record: whether it stands in this catalog, first of all or among others."""
    m = t.memberships.c
    also = sa.select(m.record).where(m.catalog == catalog)
    return sa.or_(t.records.c.catalog == catalog, t.records.c.id.in_(also))


LAST_CHANGE = sa.select(t.changes.c.at).order_by(t.changes.c.number.desc()).limit(1)


class Listing:
    """The half of the register that names records without opening them."""

    if TYPE_CHECKING:

        def _rows(self, query: sa.Select[Any]) -> Sequence[Any]: ...

    def members_of_catalog(self, catalog: str, kind: str) -> list[str]:
        """The ids of the public datasets, or series, of one of our catalogs, in order."""
        columns = t.records.c
        query = (
            sa.select(columns.id)
            .where(stands_in(catalog), columns.kind == kind)
            .where(columns.state == State.PUBLISHED)
            .order_by(columns.id)
        )
        return [row.id for row in self._rows(query)]

    def last_change(self) -> datetime | None:
        """When anything last changed in public; `None` before the first change."""
        rows = self._rows(LAST_CHANGE)
        return rows[0].at if rows else None

    def last_change_in(self, catalog: str) -> datetime | None:
        """When one of our catalogs, or anything that stands or stood in it, last changed.

        What never was public changes nothing.
        """
        c, r = t.changes.c, t.records.c
        its = sa.select(sa.func.max(c.at).label("at")).where(c.record == catalog)
        theirs = sa.select(sa.func.max(r.changed).label("at")).where(
            stands_in(catalog), sa.exists().where(c.record == r.id)
        )
        moments = [row.at for query in (its, theirs) for row in self._rows(query) if row.at]
        return max(moments, default=None)

    def source_titles(self) -> dict[str, str]:
        """What each source is called that anybody may know of, by its slug.

        One that waits for an admin is not among them, nor drafts that nobody published.
        """
        s = t.sources.c
        shown = sa.exists().where(t.records.c.source == s.slug)
        known = sa.and_(s.pending.is_(sa.false()), sa.or_(s.protocol != SUBMITTED, shown))
        query = sa.select(s.slug, s.title).where(known).order_by(s.slug)
        return {row.slug: row.title for row in self._rows(query)}

    def public_names(self) -> list[tuple[str, str, datetime]]:
        """The kind, identifier and last change of every published record, in a fixed order."""
        columns = t.records.c
        query = (
            sa.select(columns.kind, columns.id, columns.changed)
            .where(columns.state == State.PUBLISHED)
            .order_by(columns.kind, columns.id)
        )
        return [(row.kind, row.id, row.changed) for row in self._rows(query)]
