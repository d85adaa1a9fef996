"""What one run has seen until now, and what it still has to write.

Only counts and ids stay for the whole run; descriptions and lines of report leave with every
batch, so that the size of a source does not matter. What the source says last about a record
holds: seen after gone is seen, gone after seen is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.ingest.intake import Step
from catalogue.ingest.pipeline import Found
from catalogue.register.incoming import Poison
from catalogue.register.records import Outcome, RecordOutcome, RunState

QUIET = frozenset({Outcome.UNCHANGED})
"""Outcomes that are counted and get no line of their own."""


@dataclass(slots=True)
class Ledger:
    """The books of one run. `mark` is the last one; `before_mark` what was said before it."""

    counts: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    incremental: bool = False
    resumed: bool = False
    batch: list[Found] = field(default_factory=list)
    lines: list[RecordOutcome] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)
    mark: Mapping[str, Any] | None = None
    before_mark: dict[str, bool] = field(default_factory=dict)
    after_mark: dict[str, bool] = field(default_factory=dict)
    """Ids of records with whether they are gone, since the last mark that was written."""

    def enter(self, step: Step) -> None:
        """Write down one step."""
        self._sight(step)
        self.incremental = self.incremental or step.incremental
        self.resumed = self.resumed or step.resumed
        if step.found is not None:
            self.batch.append(step.found)
        if step.poison is not None:
            self.poison.append(step.poison)
        if step.outcome is not None:
            self.tell(step.outcome)
        if step.mark is not None:
            self.mark = step.mark
            self.before_mark.update(self.after_mark)
            self.after_mark = {}

    def _sight(self, step: Step) -> None:
        self.seen.update(step.seen)
        self.gone.difference_update(step.seen)
        self.gone.update(step.gone)
        self.seen.difference_update(step.gone)
        if not step.resumed:  # what earlier runs saw is kept with them
            self.after_mark.update(dict.fromkeys(step.seen, False))
            self.after_mark.update(dict.fromkeys(step.gone, True))

    def tell(self, outcome: RecordOutcome) -> None:
        """Count an outcome, and keep its line until it is written."""
        self.counts[outcome.outcome] += 1
        if outcome.outcome not in QUIET:
            self.lines.append(outcome)

    def sightings(self, *, gone: bool) -> list[str]:
        """What was said before the mark: the records seen, or those gone."""
        return [record for record, is_gone in self.before_mark.items() if is_gone is gone]

    @property
    def state(self) -> RunState:
        """How the run ends when nothing else happens: anything that failed makes it partial."""
        return RunState.PARTIAL if self.counts[Outcome.FAILED] else RunState.COMPLETE
