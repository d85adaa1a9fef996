"""Try a source before it is one: which protocol fits, and what a harvest would make of it.

It is the road of a harvest with the same parts as far as the place where something would be
written; a trial has no way to write. It stops after a number of records or seconds, because a
few records tell whether a source can be harvested.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.errors import AddressRefused, FetchFailed, SettingsError, SourceError
from catalogue.ingest import outcomes
from catalogue.ingest.address import split
from catalogue.ingest.check import Busy
from catalogue.ingest.intake import Intake, Step
from catalogue.ingest.pipeline import CONCERNS, Found, Pipeline
from catalogue.ingest.signs import find_out
from catalogue.ingest.source import Document, Harvest, Source, Web
from catalogue.rdf.graph import Graph
from catalogue.register.incoming import Draft
from catalogue.register.records import Outcome, RecordOutcome

log = logging.getLogger(__name__)

LIMIT = 25
SECONDS = 60.0
MOST_PROBLEMS = 50

PUBLISHED, HELD, REFUSED = "published", "held", "refused"
"""What would become of a record: public, kept back until it is mended, or not taken at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One record as a harvest would take it in. `verdict` is published, held or refused.

    `outcome` carries its address, repairs and findings, as the report of a run would;
    `repairs` are sentences in each language.
    """

    kind: str
    title: str
    verdict: str
    outcome: RecordOutcome

    @property
    def repairs(self) -> tuple[Mapping[str, str], ...]:
        """What would be repaired."""
        return tuple(repair["sentence"] for repair in self.outcome.details.get("repairs", ()))

    @property
    def violations(self) -> tuple[Mapping[str, str], ...]:
        """What is required and missing."""
        return tuple(
            finding["messages"]
            for finding in self.outcome.details.get("findings", ())
            if finding["severity"] == "Violation"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of a trial.

    `protocol` is `None` when no protocol fits; `url` is where it is spoken, which may be
    another address than was given. `problems` are addresses that could not be read, are closed
    or describe nothing. `error` says why nothing could be tried, or why it stopped. `more` when
    there is more than was looked at. `asked` are the addresses tried to find the protocol.
    """

    url: str
    protocol: str | None
    records: tuple[Tried, ...] = ()
    problems: tuple[RecordOutcome, ...] = ()
    error: str = ""
    more: bool = False
    asked: tuple[str, ...] = ()
    seconds: float = 0.0

    def count(self, verdict: str) -> int:
        """How many of the records that were looked at would get this verdict."""
        return sum(record.verdict == verdict for record in self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTools:
    """What a trial needs; `cli.parts.trying` makes it.

    `session` gives a guarded session for a source that remembers nothing; `load` the harvester
    of one of the `protocols` (raises `NotFound`); `pipeline` the road for its descriptions.
    """

    protocols: Collection[str]
    session: Callable[[Source], AbstractContextManager[Web]]
    load: Callable[[str], Harvest]
    pipeline: Callable[[Source], Pipeline]


class Trier:
    """Trials for the website, few at a time; the tools live as long as one trial.

    `start` makes them for a source whose asker is `trusted` or not: only somebody who is may
    have the operator's own hosts called.
    """

    def __init__(
        self, start: Callable[[bool], AbstractContextManager[TrialTools]], at_once: int = 1
    ) -> None:
        self._start = start
        self._places = threading.BoundedSemaphore(at_once)

    def try_source(self, source: Source, limit: int = LIMIT, *, trusted: bool = False) -> Trial:
        """As the function does. Raises `Busy` too, when as many trials run as we allow."""
        if not self._places.acquire(blocking=False):
            raise Busy("another trial is running; try again in a minute")
        try:
            with self._start(trusted) as tools:
                return try_source(source, tools, limit)
        finally:
            self._places.release()


def try_source(
    source: Source,
    tools: TrialTools,
    limit: int = LIMIT,
    *,
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Trial:
    """Look at `source`; an empty `protocol` finds out which one fits. Nothing is stored.

    Never raises for what the source does: that is in the `Trial`. Raises `SettingsError` for
    a source that is no address on the network, `NotFound` for a protocol that we do not have.
    """
    try:
        split(source.url)
    except AddressRefused as error:
        raise SettingsError(str(error)) from error
    started = clock()
    with tools.session(source) as session:
        web = Glance(session, started + seconds, clock)
        found = _found_out(source, web, tools)
        if found.protocol is not None:
            fitting = replace(source, protocol=found.protocol, url=found.url)
            found = _looked(found, fitting, web, tools, limit)
    return replace(found, seconds=round(clock() - started, 1))


def _found_out(source: Source, web: Web, tools: TrialTools) -> Trial:
    if source.protocol:
        tools.load(source.protocol)
        if source.protocol not in tools.protocols:
            raise SettingsError(f"the protocol {source.protocol} reads no address on the network")
        return Trial(url=source.url, protocol=source.protocol)
    asked: list[str] = []
    guess, error = find_out(source.url, web, tools.protocols, asked)
    if guess is None:
        said = str(error) if error else f"{source.url}: answers, but speaks no protocol we know"
        return Trial(url=source.url, protocol=None, error=said, asked=tuple(asked))
    return Trial(url=guess.url, protocol=guess.protocol, asked=tuple(asked))


def _looked(trial: Trial, source: Source, web: Glance, tools: TrialTools, limit: int) -> Trial:
    """Harvest the first records, as far as time allows."""
    pipeline, harvest = tools.pipeline(source), tools.load(source.protocol)
    intake = Intake(source=source, parse=web.parse, pipeline=pipeline)
    seen = _Seen(limit, web)
    error = ""
    try:
        seen.take(intake.steps(harvest(source, web)))
    except SourceError as failed:
        error = str(failed)
    records, faults = _judged(seen.found, pipeline)
    return replace(
        trial,
        records=tuple(records),
        problems=(*seen.problems, *faults)[:MOST_PROBLEMS],
        error=error,
        more=seen.more,
    )


@dataclass(slots=True)
class _Seen:
    """What a harvester handed over, until there is enough."""

    limit: int
    web: Glance
    found: list[Found] = field(default_factory=list)
    problems: list[RecordOutcome] = field(default_factory=list)
    more: bool = False

    def take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if len(self.found) >= self.limit or self.web.late:
                self.more = True
                return
            if step.found is not None:
                self.found.append(step.found)
            if step.outcome is not None:
                self.problems.append(step.outcome)


def _judged(found: Sequence[Found], pipeline: Pipeline) -> tuple[list[Tried], list[RecordOutcome]]:
    """What would become of each; one on which our own code fails is reported alone."""
    try:
        drafts = pipeline.drafts(found)
    except Exception as error:
        log.exception("a trial failed")
        if len(found) > 1:
            parts = [_judged([each], pipeline) for each in found]
            return [r for good, _ in parts for r in good], [f for _, bad in parts for f in bad]
        return [], [outcomes.our_fault(each.url, each.iri, error) for each in found]
    return [_tried(draft) for draft in drafts], []


def _tried(draft: Draft) -> Tried:
    outcome = outcomes.written(draft, Outcome.HELD if draft.reason else Outcome.NEW, None)
    return Tried(
        kind=draft.kind,
        title=draft.title.value("en"),
        verdict=_verdict(draft.reason),
        outcome=replace(outcome, record=None),
    )


def _verdict(reason: str) -> str:
    return REFUSED if reason in CONCERNS else HELD if reason else PUBLISHED


@dataclass(slots=True)
class Glance:
    """The network during a trial: nothing is remembered, nothing fetched ahead, and time runs out.

    Implements `ingest.source.Web`.
    """

    web: Web
    until: float
    clock: Callable[[], float] = time.monotonic
    remembered: Mapping[str, Any] = field(default_factory=dict)

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return self.clock() > self.until

    @property
    def allowed_hosts(self) -> Sequence[str]:
        """Hosts an operator trusts."""
        return self.web.allowed_hosts

    def has(self, subject: str) -> bool:  # noqa: ARG002 - the port names it
        """Nothing is known."""
        return False

    def get(self, url: str, *, accept: str | None = None, pages: bool = False) -> Document:
        """As the session does, while there is time. Raises `FetchFailed` after that."""
        self._check(url)
        return self.web.get(url, accept=accept, pages=pages)

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> Document:
        """As the session does, while there is time. Raises `FetchFailed` after that."""
        self._check(url)
        return self.web.post(url, body, content_type=content_type, accept=accept)

    def expect(
        self, urls: Iterable[str], *, accept: str | None = None, pages: bool = False
    ) -> None:
        """Only a few will be asked for."""

    def parse(self, document: Document) -> Graph:
        """As the session does."""
        return self.web.parse(document)

    def parse_graphs(self, document: Document) -> Mapping[str, Graph]:
        """As the session does."""
        return self.web.parse_graphs(document)

    def _check(self, url: str) -> None:
        if self.late:
            raise FetchFailed(f"{url}: not looked at, the time for a trial is over", url=url)
