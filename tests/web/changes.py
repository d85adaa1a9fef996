"""The change log of the town hall: everything was added once, in the order of the identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from catalogue.register.changes_read import EVERYTHING, PublicChange, Selection
from catalogue.register.records import Published


class FakeChanges:
    """The reading of changes, for a register that has its records in `_records`."""

    _records: dict[tuple[str, str], Published]

    def _all(self) -> list[PublicChange]:
        records = sorted(self._records.values(), key=lambda each: each.record.id)
        return [
            PublicChange(
                number=number,
                at=each.record.changed,
                action="added",
                record=each.record,
                content=each.graph,
            )
            for number, each in enumerate(records, 1)
        ]

    def last_changes(self, selection: Selection, limit: int) -> list[PublicChange]:
        only = selection.only
        found = [c for c in self._all() if c.number > selection.after]
        return [c for c in found if only is None or c.record.id in only][:limit]

    def count_last_changes(self, selection: Selection) -> int:
        return len(self.last_changes(replace(selection, after=0), len(self._records)))

    def newest_changes(self, selection: Selection, limit: int) -> list[PublicChange]:
        return self.last_changes(selection, len(self._records))[::-1][:limit]

    def public_changes(
        self, first: int, last: int, selection: Selection = EVERYTHING, *, content: bool = False
    ) -> list[PublicChange]:
        found = [c for c in self._all() if first <= c.number <= last]
        return found if content else [replace(c, content=None) for c in found]

    def change_dates(self) -> tuple[datetime, datetime] | None:
        moments = [each.at for each in self._all()]
        return min(moments), max(moments)

    def change_pages(self, size: int) -> list[tuple[int, datetime, datetime]]:
        dates = self.change_dates()
        return [(1, *dates)] if dates else []

    def public_records(self, identifiers: Sequence[str]) -> dict[str, Published]:
        return {
            each.record.id: each for each in self._records.values() if each.record.id in identifiers
        }

    def public_after(
        self, kind: str, after: str, limit: int, *, skip: int = 0, since: datetime | None = None
    ) -> list[Published]:
        found = [
            each
            for (of, name), each in sorted(self._records.items())
            if of == kind and name > after and (since is None or each.record.changed >= since)
        ]
        return found[skip : skip + limit]

    def count_public(self, kind: str, since: datetime | None = None) -> int:
        return len(self.public_after(kind, "", len(self._records), since=since))

    def graphs(self) -> Iterator[tuple[str, bytes]]:
        for (_, name), each in sorted(self._records.items()):
            yield f"https://catalogue.example/graph/{name}", each.graph.n_triples()

    def walk(self) -> Iterator[tuple[str, bytes]]:
        return iter(())
