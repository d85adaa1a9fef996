"""One run of one source: harvest, make drafts, write them, and say what happened.

Nothing that goes wrong with one address or record stops the run; it becomes a line of the
report. A run in which anything failed is partial, and a partial run removes nothing. What was
written stays, whatever happens afterwards: a run after one that was killed, stopped or out of
budget goes on at the last mark.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

from catalogue.errors import RunLost, SourceError, Unwritable
from catalogue.ingest import outcomes
from catalogue.ingest.ahead import ahead
from catalogue.ingest.budget import Budget
from catalogue.ingest.guided import Guided
from catalogue.ingest.intake import Intake, Step
from catalogue.ingest.knowledge import Knowledge
from catalogue.ingest.ledger import Ledger
from catalogue.ingest.pipeline import Found, Pipeline
from catalogue.ingest.pulse import pulse
from catalogue.ingest.source import Document, Harvest, Source, Web
from catalogue.rdf.identity import spelling
from catalogue.register.incoming import Draft, Namesake, Poison, Run
from catalogue.register.records import RecordOutcome, RunState, Words
from catalogue.register.writer import Writer

BATCH = 50
"""Descriptions that are validated and written together."""
HEAVY, TRIPLE = 64_000_000, 400
"""Bytes of descriptions that may wait before they are written, and how many a triple takes."""
LINES = 500
"""Lines of report that are written together."""
PATIENCE = 2.0
"""Seconds that a mark may wait for its batch to be full."""
OUR_ERROR = {
    "en": "stopped by an error of the catalogue itself",
    "nl": "gestopt door een fout van de catalogus zelf",
}
TAKEN_OVER = {
    "en": "The run was taken over by another process.",
    "nl": "De run is overgenomen door een ander proces.",
}

log = logging.getLogger(__name__)

Progress = Callable[[RecordOutcome], None]
Counts = Mapping[str, Mapping[str, Any]]
"""The exact counts of records, by id."""


def nothing(_outcome: RecordOutcome) -> None:
    """The progress of somebody who does not want to know."""


class Weight:
    """How many bytes a step keeps in memory; a document shared with the one before counts once."""

    def __init__(self) -> None:
        self._last: Sequence[Document] = ()

    def __call__(self, step: Step) -> int:
        """For one step; they are weighed in order."""
        if step.found is None:
            return 0
        last, self._last = {id(each) for each in self._last}, step.found.documents
        new = sum(len(each.content) for each in self._last if id(each) not in last)
        return new + TRIPLE * len(step.found.description.graph)


@dataclass(slots=True)
class Harvester:
    """Runs one source once. `cause` is command, schedule or steward."""

    source: Source
    harvest: Harvest
    web: Web
    pipeline: Pipeline
    writer: Writer
    progress: Progress = nothing
    budget: Budget = field(default_factory=Budget)
    cause: str = "command"

    def run(self) -> RunState:
        """Harvest everything; the report is in the register afterwards.

        Raises `RegisterError` when another run of the source is alive, and `RunLost` when
        another process took this one over.
        """
        run = self.writer.begin(self.source.slug, self.cause)
        with pulse(self.writer, run) as lost:
            taking = Taking(self, run, lost)
            try:
                return taking.run()
            except RunLost:
                raise
            except BaseException:
                taking.abandon()
                raise


class Taking:
    """One run while it goes on: takes steps, writes them in batches, and closes the run."""

    def __init__(self, parts: Harvester, run: Run, lost: Event) -> None:
        self._parts, self._run, self._lost = parts, run, lost
        self._source, self._writer = parts.source, parts.writer
        self._ledger = Ledger()
        self._written = time.monotonic()
        self._taken = 0
        self._weigh, self._heavy = Weight(), 0
        self._marked = False
        self._aside: frozenset[str] = frozenset()

    def run(self) -> RunState:
        """Take everything in, and close the run."""
        words: Words = {}
        failed = False
        try:
            words = self._take() or {}
        except SourceError as error:
            words = self._parts.budget.used_up(self._taken) or {}
            failed = not words
            words = words or {"en": str(error), "nl": str(error)}
        self._flush()
        state = RunState.FAILED if failed else self._ledger.state
        if words and not failed:
            state = RunState.PARTIAL
        return self._close(state, words)

    def abandon(self) -> None:
        """Close the run after an error of our own; a mark whose records are unwritten is lost."""
        self._ledger.mark = None
        self._close(RunState.FAILED, OUR_ERROR)

    def _close(self, state: RunState, words: Words) -> RunState:
        """Close the run; a complete one keeps its last mark without what was seen before it."""
        ledger = self._ledger
        complete = state is RunState.COMPLETE
        if not complete:
            self._keep_mark()
        return self._writer.finish(
            self._run,
            state,
            words,
            seen=ledger.seen,
            gone=ledger.gone,
            counts=ledger.counts,
            figures=self._parts.budget.figures(),
            incremental=ledger.incremental,
            resumed=ledger.resumed,
            mark=ledger.mark if complete else None,
        )

    # taking steps

    def _take(self) -> Words | None:
        """Take steps until there are no more, or until the budget is used up; then says which."""
        with closing(ahead(self._steps(), 2 * BATCH, weigh=Weight(), most=HEAVY)) as steps:
            for step in steps:
                self._enter(step)
                if self._lost.is_set():
                    raise RunLost(f"{self._run.source}: run {self._run.id} was taken over")
                used_up = self._parts.budget.used_up(self._taken)
                if used_up:
                    return used_up
        return None

    def _steps(self) -> Iterator[Step]:
        parts, memory = self._parts, self._writer.memory(self._run.source)
        knowledge = Knowledge(self._writer.known(self._run.source), memory.aliases)
        knowledge.moved(memory.former, self._source.url)
        intake = Intake(
            source=self._source,
            parse=parts.web.parse,
            pipeline=parts.pipeline,
            knowledge=knowledge,
            memory=memory,
            called=lambda name: self._writer.called(self._run.source, name),
            sighted=lambda: self._writer.sighted(self._run),
        )
        web = Guided(parts.web, self._source, knowledge, memory.mark, self._enough)
        self._aside = frozenset(memory.aside)
        return intake.steps(parts.harvest(self._source, web))

    def _enough(self) -> Words | None:
        """Why nothing more may be asked of the source; `None` while the run goes on."""
        return TAKEN_OVER if self._lost.is_set() else self._parts.budget.used_up(self._taken)

    def _enter(self, step: Step) -> None:
        self._ledger.enter(step)
        self._heavy += self._weigh(step)
        self._taken += step.found is not None
        if step.outcome is not None:
            self._parts.progress(step.outcome)
        if self._is_due():
            self._flush()
            self._keep_mark()

    def _is_due(self) -> bool:
        ledger = self._ledger
        late = time.monotonic() - self._written > PATIENCE
        full = len(ledger.batch) >= BATCH or len(ledger.lines) >= LINES or self._heavy > HEAVY
        return full or (late and ledger.mark is not None)

    # writing

    def _flush(self) -> None:
        """Write the batch and the report; the mark waits until the run is known to go on."""
        ledger = self._ledger
        batch, ledger.batch = ledger.batch, []
        self._heavy = 0
        self._write(batch)
        lines, ledger.lines = ledger.lines, []
        poison, ledger.poison = ledger.poison, []
        self._writer.report(self._run, self._titled(lines))
        for each in poison:
            self._writer.set_aside(self._run, each)
        self._written = time.monotonic()

    def _keep_mark(self) -> None:
        """Write the last mark, with what was seen before it."""
        ledger = self._ledger
        if ledger.mark is None:
            return
        self._writer.mark(
            self._run,
            ledger.mark,
            seen=ledger.sightings(gone=False),
            gone=ledger.sightings(gone=True),
            fresh=not self._marked and not ledger.resumed,
        )
        self._marked = True
        ledger.mark, ledger.before_mark = None, {}

    def _titled(self, lines: Sequence[RecordOutcome]) -> list[RecordOutcome]:
        """Lines about records that we have get the title by which we have them."""
        nameless = {line.record for line in lines if line.record and not line.title}
        kept = self._writer.kept(nameless)
        return [
            replace(line, title=kept[line.record].title) if line.record in kept else line
            for line in lines
        ]

    def _write(self, batch: Sequence[Found]) -> None:
        if not batch:
            return
        kept = self._writer.kept({found.record for found in batch})
        pairs = self._drafts(batch, {record: each.counts for record, each in kept.items()})
        new = [draft for _, draft in pairs if draft.id not in kept]
        names = {name for draft in new for name in draft.public_names}
        others = self._writer.namesakes(names)
        self._save(pairs, others)

    def _drafts(self, batch: Sequence[Found], counts: Counts) -> list[tuple[Found, Draft]]:
        """The drafts of a batch; one record that breaks our own code is set aside alone."""
        try:
            return list(zip(batch, self._parts.pipeline.drafts(batch, counts), strict=True))
        except Exception as error:  # noqa: BLE001 - whatever it is, it concerns one record
            if len(batch) > 1:
                half = len(batch) // 2
                return [*self._drafts(batch[:half], counts), *self._drafts(batch[half:], counts)]
            self._poisoned(batch[0], error)
            return []

    def _save(self, pairs: Sequence[tuple[Found, Draft]], others: Sequence[Namesake]) -> None:
        """Write the drafts together; when the database refuses one, only that is set aside."""
        if not pairs:
            return
        try:
            done = self._writer.save_all(self._run, [draft for _, draft in pairs])
        except Unwritable as error:
            if len(pairs) > 1:
                for pair in pairs:
                    self._save([pair], others)
            else:
                self._poisoned(pairs[0][0], error)
            return
        self._writer.release(self._run, self._aside & {spelling(each.iri) for each, _ in pairs})
        for (_, draft), outcome in zip(pairs, done, strict=True):
            note = outcomes.note(draft, self._source.slug, others)
            self._tell(outcomes.written(draft, outcome, note))

    def _poisoned(self, found: Found, error: Exception) -> None:
        log.error("%s: %s could not be processed", self._source.slug, found.iri, exc_info=error)
        outcome = outcomes.our_fault(found.url, found.iri, error)
        reason = str(outcome.details["message"]["en"])
        self._ledger.poison.append(Poison(found.iri, found.digest, reason))
        self._tell(outcome)

    def _tell(self, outcome: RecordOutcome) -> None:
        self._ledger.tell(outcome)
        self._parts.progress(outcome)
