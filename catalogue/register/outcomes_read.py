"""The outcomes of a run in slices, so that a run over 100,000 records can be read as well."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from catalogue.register import tables as t
from catalogue.register.records import Outcome, RecordOutcome, State


class OutcomePages:
    """The part of the register that reads outcomes; needs its `engine`."""

    engine: Engine

    def outcome_page(
        self, run: int, *, only: Collection[Outcome] = (), after: int = 0, limit: int = 100
    ) -> list[tuple[int, RecordOutcome]]:
        """(number, outcome) of a run in the order in which it met them, those after a number.

        `only` names the outcomes that are wanted; empty wants all.
        """
        query = sa.select(t.outcomes).where(t.outcomes.c.run == run, t.outcomes.c.id > after)
        if only:
            query = query.where(t.outcomes.c.outcome.in_([str(each) for each in only]))
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(t.outcomes.c.id).limit(limit)).all()
        return [(row.id, _outcome(row)) for row in rows]

    def kinds(self, identifiers: Collection[str]) -> dict[str, str]:
        """The kinds of these records, by id, without reading what they say."""
        query = sa.select(t.records.c.id, t.records.c.kind)
        with self.engine.connect() as connection:
            rows = connection.execute(query.where(t.records.c.id.in_(list(identifiers))))
            return {row.id: row.kind for row in rows}

    def public_among(self, identifiers: Collection[str]) -> set[str]:
        """Those of these records that are public now."""
        named = t.records.c.id.in_(list(identifiers))
        query = sa.select(t.records.c.id).where(named, t.records.c.state == State.PUBLISHED)
        with self.engine.connect() as connection:
            return set(connection.execute(query).scalars())


def _outcome(row: Any) -> RecordOutcome:
    return RecordOutcome(
        url=row.url,
        outcome=Outcome(row.outcome),
        title=row.title,
        record=row.record,
        source_iri=row.source_iri,
        details=row.details,
    )
