"""Write to the register: sources, runs, and one description per transaction or per batch.

A killed process leaves whole descriptions behind, never half of one; its run is closed as
interrupted when the source is next harvested. What may be removed, and what holds that back,
is in `removal`; whose run it is, in `runs`; how a description is kept, in `saving`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from catalogue.errors import Unwritable
from catalogue.model.source import Source
from catalogue.register import removal, runs, saving, wanted
from catalogue.register import tables as t
from catalogue.register.incoming import (
    Draft,
    Ending,
    Kept,
    Known,
    Memory,
    Namesake,
    Poison,
    ReceivedBytes,
    Run,
)
from catalogue.register.records import Outcome, RecordOutcome, RunState, Words
from catalogue.register.runs import LEASE

__all__ = [
    "LEASE",
    "Draft",
    "Ending",
    "Kept",
    "Known",
    "Memory",
    "Namesake",
    "Poison",
    "ReceivedBytes",
    "Run",
    "Writer",
]


class Writer:
    """The only way into the register. `clock` gives the present, in UTC.

    Whatever takes a `Run` raises `RunLost`, and writes nothing, when that run was taken over.
    """

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._now = clock

    @contextmanager
    def _writing(self, run: Run | None = None) -> Iterator[sa.Connection]:
        engine = self._engine.execution_options(writing=True)
        with engine.begin() as connection:
            if run is not None:
                runs.fence(connection, run, self._now())
            yield connection

    # sources

    def save_source(
        self,
        source: Source,
        *,
        enabled: bool | None = None,
        pending: bool | None = None,
        verified: bool | None = None,
    ) -> None:
        """Add a source, or change the one of the same slug; flags not given stay as they are.

        Another address makes the old one a former address, from which records are known.
        """
        given = {"enabled": enabled, "pending": pending, "verified": verified}
        flags = {name: value for name, value in given.items() if value is not None}
        with self._writing() as connection:
            wanted.save(connection, source, flags, self._now())

    def remove_source(self, slug: str) -> int:
        """Withdraw everything the source has published, then forget it. Returns how many."""
        with self._writing() as connection:
            return wanted.remove(connection, slug, self._now())

    # runs

    def begin(self, source: str, cause: str = "command") -> Run:
        """Start a run, closing one that was interrupted.

        Raises `RegisterError` when one is really running, `NotFound` without such a source.
        """
        with self._writing() as connection:
            return runs.begin(connection, source, cause, self._now())

    def beat(self, run: Run) -> None:
        """Say that the run is alive; without it the run may be taken over."""
        with self._writing(run):
            pass

    def known(self, source: str) -> list[Known]:
        """Every record of the source, withdrawn ones too."""
        with self._engine.connect() as connection:
            return runs.known(connection, source)

    def memory(self, source: str) -> Memory:
        """What is remembered of the source from one run to the next."""
        with self._engine.connect() as connection:
            return runs.memory(connection, source)

    def sighted(self, run: Run) -> set[str]:
        """The ids of records that earlier runs saw before their marks."""
        with self._engine.connect() as connection:
            return runs.sighted(connection, run, gone=False)

    def called(self, source: str, name: str) -> list[str]:
        """The ids of the source's records that have this identifier."""
        with self._engine.connect() as connection:
            return saving.called(connection, source, name)

    def kept(self, records: Collection[str]) -> dict[str, Kept]:
        """Titles and counts of the newest versions, by id; for one batch."""
        with self._engine.connect() as connection:
            return saving.kept(connection, records)

    def namesakes(self, names: Collection[str]) -> list[Namesake]:
        """Published records of any source that are called by one of these names."""
        with self._engine.connect() as connection:
            return saving.namesakes(connection, names)

    def save(self, run: Run, draft: Draft) -> Outcome:
        """Write one description as a new version, in one transaction."""
        return self.save_all(run, [draft])[0]

    def save_all(self, run: Run, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write descriptions in one transaction: all of them, or none.

        Raises `Unwritable` when the database refuses a value of one of them.
        """
        try:
            with self._writing(run) as connection:
                saver = saving.Saving(connection, run, self._now())
                return [saver.save(draft) for draft in drafts]
        except (sa.exc.DataError, UnicodeError) as error:
            raise Unwritable(f"{run.source}: the database refuses a value ({error})") from error

    def report(self, run: Run, outcomes: Sequence[RecordOutcome]) -> None:
        """Add lines to the report of the run."""
        if outcomes:
            with self._writing(run) as connection:
                runs.report(connection, run, outcomes)

    def set_aside(self, run: Run, poison: Poison) -> None:
        """Remember a record on which our own code failed, until it or our rules change."""
        with self._writing(run) as connection:
            runs.set_aside(connection, run, poison, self._now())

    def release(self, run: Run, spelled: Collection[str]) -> None:
        """Forget poison that did no harm any more, by IRI in one spelling."""
        if spelled:
            with self._writing(run) as connection:
                runs.release(connection, run, spelled)

    def mark(
        self,
        run: Run,
        state: Mapping[str, Any],
        *,
        seen: Collection[str] = (),
        gone: Collection[str] = (),
        fresh: bool = False,
    ) -> None:
        """Keep where a next run may go on, with what was seen, or is gone, before that.

        `fresh` is the first mark of a run that did not resume: what earlier runs saw does
        not count any more.
        """
        with self._writing(run) as connection:
            if fresh:
                runs.forget(connection, run, before=True)
            runs.sight(connection, run, seen, gone)
            runs.mark(connection, run.source, state)

    def finish(  # noqa: PLR0913 - what a run ends with, each by its name
        self,
        run: Run,
        state: RunState,
        message: str | Words = "",
        *,
        seen: Collection[str] = (),
        gone: Collection[str] = (),
        outcomes: Sequence[RecordOutcome] = (),
        unchanged: int = 0,
        counts: Mapping[str, int] | Mapping[Outcome, int] | None = None,
        figures: Mapping[str, int] | None = None,
        incremental: bool = False,
        resumed: bool = False,
        mark: Mapping[str, Any] | None = None,
    ) -> RunState:
        """Close a run: mark what was seen, make tombstones by the rules, keep the report.

        `seen` and `gone` are record ids; `gone` holds those that the source says are gone.
        `outcomes` were not reported yet; those that were are in `counts`.
        """
        words = {"en": message, "nl": message} if isinstance(message, str) else message
        numbers = _counted(outcomes, counts or {}, unchanged)
        ending = Ending(
            state=state,
            words=words if words.get("en") else {},
            seen=frozenset(seen),
            gone=frozenset(gone),
            counts=numbers,
            figures=figures or {},
            incremental=incremental,
            resumed=resumed,
            mark=mark,
        )
        with self._writing(run) as connection:
            self._finish(connection, run, ending, outcomes)
        return state

    def _finish(
        self,
        connection: sa.Connection,
        run: Run,
        ending: Ending,
        outcomes: Sequence[RecordOutcome],
    ) -> None:
        settled = removal.Settling(connection, run, ending, self._now()).settle()
        runs.report(connection, run, [*outcomes, *settled.outcomes])
        if ending.state is RunState.COMPLETE:
            runs.forget(connection, run)
        if ending.mark is not None:
            runs.mark(connection, run.source, ending.mark)
        words = _joined(ending.words, settled.brake.message if settled.brake else {})
        counts = _counted(settled.outcomes, ending.counts, 0)
        runs.close(connection, run.id, ending.state, words, self._now(), counts, ending.figures)

    # what a steward decides

    def confirm_removal(self, source: str, by: str) -> int:
        """Remove what the brake kept and no run has seen since; returns how many records.

        Raises `NotFound` when nothing waits.
        """
        with self._writing() as connection:
            removed = removal.confirm(connection, source, self._now())
            records = [line.record for line in removed]
            self._note(connection, by, "confirm-removal", source, {"records": records})
            return len(removed)

    def decline_removal(self, source: str, by: str) -> None:
        """Keep what the brake kept, and begin to count anew. Raises `NotFound`."""
        with self._writing() as connection:
            number = removal.decline(connection, source)
            self._note(connection, by, "decline-removal", source, {"records": number})

    def note(self, actor: str, action: str, subject: str, details: Mapping[str, Any]) -> None:
        """Write in the audit log who did what; rows are only ever added."""
        with self._writing() as connection:
            self._note(connection, actor, action, subject, details)

    def _note(
        self,
        connection: sa.Connection,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, Any],
    ) -> None:
        row = {"at": self._now(), "actor": actor, "action": action, "subject": subject}
        connection.execute(t.audit.insert().values(details=dict(details), **row))

    # projections

    def ask_rebuild(self) -> int:
        """Tell every follower to start again; returns the number of the change that says so."""
        with self._writing() as connection:
            saving.log(connection, "", "all", "rebuild", self._now())
            query = sa.select(sa.func.max(t.changes.c.number).label("last"))
            return int(connection.execute(query).scalar_one())

    def set_position(self, name: str, position: int) -> None:
        """Remember how far a projection outside this process has followed the change log."""
        with self._writing() as connection:
            done = connection.execute(
                t.projections.update().where(t.projections.c.name == name).values(position=position)
            )
            if not done.rowcount:
                connection.execute(t.projections.insert().values(name=name, position=position))


def _counted(
    outcomes: Sequence[RecordOutcome],
    before: Mapping[str, int] | Mapping[Outcome, int],
    unchanged: int,
) -> dict[str, int]:
    counts: dict[str, int] = {str(outcome): number for outcome, number in before.items()}
    for outcome in outcomes:
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
    if unchanged:
        counts[Outcome.UNCHANGED] = counts.get(Outcome.UNCHANGED, 0) + unchanged
    return counts


def _joined(one: Words, other: Words) -> Words:
    """Both sentences, in each language."""
    return {
        language: "; ".join(filter(None, (one.get(language, ""), other.get(language, ""))))
        for language in {**one, **other}
    }
