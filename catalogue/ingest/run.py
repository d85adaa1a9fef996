"""One run of one source: harvest, make drafts, write them, and say what happened.

Nothing that goes wrong with one address or record stops the run; it becomes a line of the
report. A run in which anything failed is partial, and a partial run removes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.errors import (
    AddressRefused,
    CatalogueError,
    FetchFailed,
    Forbidden,
    LimitExceeded,
    NotRdf,
    ParseFailed,
    SourceError,
)
from catalogue.ingest.ahead import ahead
from catalogue.ingest.pipeline import CONCERNS, GATE, Found, Pipeline, membership
from catalogue.ingest.source import Harvest, Missed, Received, Source, Web
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import identifier
from catalogue.rdf.split import Description, split, too_long
from catalogue.register.records import Outcome, RecordOutcome, RunState
from catalogue.register.writer import Draft, Known, Run, Writer

BATCH = 50
"""Descriptions that are validated together."""
FINDINGS_KEPT = 20

KINDS: tuple[tuple[type[Exception], str], ...] = (
    (ParseFailed, "syntax"),
    (LimitExceeded, "limit"),
    (AddressRefused, "refused"),
    (FetchFailed, "fetch"),
    (NotRdf, "html"),
)
"""What tells one failure from another; the first that fits names it."""

log = logging.getLogger(__name__)

Progress = Callable[[RecordOutcome], None]


def nothing(_outcome: RecordOutcome) -> None:
    """The progress of somebody who does not want to know."""


@dataclass(slots=True)
class Harvester:
    """Runs one source once, collecting what happened."""

    source: Source
    harvest: Harvest
    web: Web
    pipeline: Pipeline
    writer: Writer
    progress: Progress = nothing
    outcomes: list[RecordOutcome] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    unchanged: int = 0

    def run(self) -> RunState:
        """Harvest everything; the report is in the register afterwards."""
        run = self.writer.begin(self.source.slug)
        known = self.writer.known(self.source.slug)
        state, message = RunState.FAILED, "stopped by an error of the catalogue itself"
        try:
            state, message = self._all(run, known)
        finally:
            self.writer.finish(
                run,
                state,
                message,
                seen=self.seen,
                gone=self.gone,
                outcomes=self.outcomes,
                unchanged=self.unchanged,
            )
        return state

    def _all(self, run: Run, known: dict[str, Known]) -> tuple[RunState, str]:
        try:
            for batch in _batches(ahead(self._found(known), 2 * BATCH), BATCH):
                self._write(run, batch, known)
        except SourceError as error:
            return RunState.FAILED, str(error)
        partial = any(outcome.outcome is Outcome.FAILED for outcome in self.outcomes)
        return (RunState.PARTIAL if partial else RunState.COMPLETE), ""

    def _found(self, known: dict[str, Known]) -> Iterator[Found]:
        """New and changed descriptions; the rest is counted and reported on the way."""
        met: set[str] = set()
        for item in self.harvest(self.source, self.web):
            if isinstance(item, Missed):
                self._missed(item, known)
                continue
            for each in self._descriptions(item):
                if each.iri not in met:
                    met.add(each.iri)
                    if self._is_too_long(each):
                        continue
                    there, found = known.get(each.iri), self.pipeline.digested(each)
                    if not self._is_unchanged(found, there) and not self._worse(item, there):
                        yield found

    def _descriptions(self, item: Received) -> list[Found]:
        try:
            graph = Graph(t for document in item.documents for t in self.web.parse(document))
        except NotRdf as error:
            self._failed(item.url, error)
            return []
        wanted = [
            d
            for d in split(graph, source=self.source.url)
            if item.subjects is None or d.subject.value in item.subjects
        ]
        if not wanted:
            self._report(_empty(item))
        members = membership(wanted)
        wanted.sort(key=lambda d: d.kind != "catalog")  # a dataset asks for its catalog's publisher
        return [_found(d, item, members) for d in wanted]

    def _is_too_long(self, found: Found) -> bool:
        what = too_long(found.description.graph)
        if what is not None:
            self.seen.add(identifier(self.source.slug, found.iri))
            self._failed(found.iri, LimitExceeded(f"{found.iri}: {what} is too long to be read"))
        return what is not None

    def _is_unchanged(self, found: Found, known: Known | None) -> bool:
        if known is None:
            return False
        self.seen.add(known.id)
        if known.digest != found.digest or known.state == "gone":
            return False
        if known.held:
            self._report(_still_held(found, known))
        else:
            self.unchanged += 1
        return True

    def _worse(self, item: Received, known: Known | None) -> bool:
        """A part could not be fetched now: what we have is better, and stays."""
        if item.complete or known is None or known.state == "gone":
            return False
        message = {
            "en": "A part of it could not be fetched; the version that we have stays.",
            "nl": "Een deel kon niet worden opgehaald; de versie die we hebben blijft.",
        }
        details = {"message": message}
        self._report(
            RecordOutcome(
                url=item.url,
                outcome=Outcome.FAILED,
                title=known.title,
                record=known.id,
                details=details,
            )
        )
        return True

    def _write(self, run: Run, batch: Sequence[Found], known: dict[str, Known]) -> None:
        for draft in self._drafts(batch, known):
            outcome = self.writer.save(run, draft)
            self.seen.add(draft.id)
            self._report(_written(draft, outcome))
        self.writer.beat(run)

    def _drafts(self, batch: Sequence[Found], known: dict[str, Known]) -> list[Draft]:
        """The drafts of a batch; one record that breaks our own code is set aside alone."""
        try:
            return self.pipeline.drafts(batch, known)
        except Exception as error:
            if len(batch) > 1:
                return [draft for found in batch for draft in self._drafts([found], known)]
            (found,) = batch
            log.exception("%s: %s could not be processed", self.source.slug, found.iri)
            self._poisoned(found, error)
            return []

    def _poisoned(self, found: Found, error: Exception) -> None:
        self.seen.add(identifier(self.source.slug, found.iri))
        kind = type(error).__name__
        message = {
            "en": f"The catalogue itself failed on this record ({kind}); it was set aside.",
            "nl": f"De catalogus zelf liep vast op dit record ({kind}); het is apart gezet.",
        }
        details = {"message": message, "kind": "other"}
        self._report(
            RecordOutcome(
                url=found.url, outcome=Outcome.FAILED, source_iri=found.iri, details=details
            )
        )

    def _missed(self, missed: Missed, known: dict[str, Known]) -> None:
        """A draft upstream, a failure, or an explicit "gone"; none of them is a deletion yet."""
        theirs = [k for iri, k in known.items() if _same_address(iri, missed.url)]
        status = missed.reason.status if isinstance(missed.reason, FetchFailed) else None
        if status in {404, 410} and theirs:
            self.gone.update(k.id for k in theirs)
            return
        self.seen.update(k.id for k in theirs)
        if isinstance(missed.reason, Forbidden):
            self._report(_forbidden(missed))
        else:
            self._failed(missed.url, missed.reason)

    def _failed(self, url: str, error: CatalogueError) -> None:
        details = {"message": {"en": str(error), "nl": str(error)}, **failure(error)}
        self._report(RecordOutcome(url=url, outcome=Outcome.FAILED, details=details))

    def _report(self, outcome: RecordOutcome) -> None:
        self.outcomes.append(outcome)
        self.progress(outcome)


def _found(description: Description, item: Received, members: Mapping[str, str]) -> Found:
    catalog = members.get(description.subject.value) or item.catalog
    return Found(
        description=description,
        url=item.url,
        documents=item.documents,
        catalog=None if description.kind == "catalog" else catalog,
    )


def failure(error: CatalogueError) -> dict[str, Any]:
    """What kind of failure it was, for advice in words: kind, status and line."""
    cause = error.__cause__
    return {
        "kind": next((kind for cls, kind in KINDS if isinstance(cause or error, cls)), "other"),
        "status": error.status if isinstance(error, FetchFailed) else None,
        "line": cause.line if isinstance(cause, ParseFailed) else None,
    }


def _batches(items: Iterable[Found], size: int) -> Iterator[list[Found]]:
    batch: list[Found] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _same_address(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/") or address


def _empty(item: Received) -> RecordOutcome:
    message = {
        "en": "It describes no dataset, series or catalog.",
        "nl": "Het beschrijft geen dataset, reeks of catalogus.",
    }
    return RecordOutcome(url=item.url, outcome=Outcome.EMPTY, details={"message": message})


def _forbidden(missed: Missed) -> RecordOutcome:
    message = {
        "en": "The source keeps this record closed (a draft). It is left out.",
        "nl": "De bron houdt dit record gesloten (een concept). Het is overgeslagen.",
    }
    return RecordOutcome(url=missed.url, outcome=Outcome.FORBIDDEN, details={"message": message})


def _still_held(found: Found, known: Known) -> RecordOutcome:
    message = {
        "en": "Unchanged since it was held; see the run that held it.",
        "nl": "Ongewijzigd sinds het werd aangehouden; zie de run die het aanhield.",
    }
    return RecordOutcome(
        url=found.url,
        outcome=Outcome.HELD,
        title=known.title,
        record=known.id,
        source_iri=found.iri,
        details={"message": message},
    )


def _written(draft: Draft, outcome: Outcome) -> RecordOutcome:
    details: dict[str, Any] = {"repairs": list(draft.repairs), "findings": _findings(draft)}
    if draft.reason in CONCERNS:
        details["message"] = CONCERNS[draft.reason]
    return RecordOutcome(
        url=draft.url,
        outcome=outcome,
        title=draft.title.value("en"),
        record=draft.id,
        source_iri=draft.source_iri,
        details=details,
    )


def _findings(draft: Draft) -> list[dict[str, Any]]:
    """What a steward should look at: the gate's violations first, then our own profile's."""
    order = {GATE: 0, "genome-inventory-1": 1}
    reports = sorted(draft.reports, key=lambda report: order.get(report["profile"], 2))
    found = [
        {**finding, "profile": report["profile"]}
        for report in reports
        if report["profile"] in order
        for finding in report["findings"]
    ]
    return found[:FINDINGS_KEPT]
