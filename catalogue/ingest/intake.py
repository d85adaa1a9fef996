"""What each thing that a harvester hands over means for the run, step by step.

Reading what a source sent, telling its records apart and comparing them with what we have
happens here; nothing is written. A step says what was seen, what is gone, what to report,
and which description is new or changed and must be looked at.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.errors import FetchFailed, Forbidden, LimitExceeded, NotRdf
from catalogue.ingest import outcomes
from catalogue.ingest.knowledge import Knowledge
from catalogue.ingest.pipeline import Found, Pipeline, listed, membership
from catalogue.ingest.source import (
    AllUnchanged,
    Document,
    Gone,
    Incremental,
    Item,
    Mark,
    Missed,
    Received,
    Resumed,
    Seen,
    Source,
)
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import Home, identifier, spelling
from catalogue.rdf.split import Description, split, too_long
from catalogue.register.incoming import Known, Memory, Poison
from catalogue.register.records import RecordOutcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened. `seen` and `gone` are ids of records.

    `found` is a description to take in; `poison` one that must be set aside;
    `mark` is where a next run may begin when everything before it is written.
    """

    seen: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    outcome: RecordOutcome | None = None
    found: Found | None = None
    poison: Poison | None = None
    mark: Mapping[str, Any] | None = None
    incremental: bool = False
    resumed: bool = False


def nobody(_name: str) -> list[str]:
    """No record is called so."""
    return []


def nothing_seen() -> AbstractSet[str]:
    """No earlier run saw anything."""
    return frozenset()


@dataclass(slots=True)
class Intake:
    """Turns what a harvester of `source` hands over into steps.

    `parse` gives the graph of a document; `called` the ids of records with an identifier;
    `sighted` what earlier runs saw before their marks.
    """

    source: Source
    parse: Callable[[Document], Graph]
    pipeline: Pipeline
    knowledge: Knowledge = field(default_factory=Knowledge)
    memory: Memory = field(default_factory=Memory)
    called: Callable[[str], list[str]] = nobody
    sighted: Callable[[], AbstractSet[str]] = nothing_seen
    _met: dict[str, str] = field(default_factory=dict)
    """The records of this run, by id or IRI in one spelling, and the IRI as first met; no IRI
    when the source only said that the record is as it was."""

    def steps(self, items: Iterable[Item]) -> Iterator[Step]:
        """The steps, in the order in which the harvester hands things over."""
        takes: dict[type[Item], Callable[[Any], Iterator[Step]]] = {
            Received: self._received,
            Missed: self._missed,
            Gone: self._gone,
            Seen: self._seen,
            Mark: lambda mark: iter((Step(mark=mark.state),)),
            Resumed: lambda _: self._resumed(),
            Incremental: lambda _: iter((Step(incremental=True),)),
            AllUnchanged: lambda _: map(_same, self.knowledge.present()),
        }
        for item in items:
            yield from takes[type(item)](item)

    def _resumed(self) -> Iterator[Step]:
        """What was seen before the mark; when nobody remembers it, nothing can be missing."""
        seen = tuple(self.sighted())
        yield Step(seen=seen, resumed=True, incremental=not seen)

    # what was received

    def _received(self, item: Received) -> Iterator[Step]:
        try:
            found = self._descriptions(item)
        except NotRdf as error:
            yield Step(outcome=outcomes.failed(item.url, error))
        except Exception as error:
            log.exception("%s: %s could not be taken apart", self.source.slug, item.url)
            yield Step(outcome=outcomes.our_fault(item.url, "", error))
        else:
            if not found:
                yield Step(outcome=outcomes.empty(item.url))
            for each in found:
                yield from self._met_with(each, item)

    def _descriptions(self, item: Received) -> list[Found]:
        """The descriptions in it, catalogs first: a dataset asks for its catalog's publisher."""
        graph = item.graph
        if graph is None:
            graph = Graph(t for document in item.documents for t in self.parse(document))
        wanted = [
            each
            for each in split(graph, source=self.source.url)
            if item.subjects is None or each.subject.value in item.subjects
        ]
        members = membership(wanted)
        wanted.sort(key=lambda each: each.kind != "catalog")
        return [
            replace(self._found(each, item, members), members=self._members(graph, each))
            for each in wanted
        ]

    def _members(self, graph: Graph, of: Description) -> tuple[str, ...] | None:
        """Our ids of what a catalog lists, whether or not we have that already."""
        if of.kind != "catalog":
            return None
        return tuple(sorted({self._id(each) for each in listed(graph, of.subject)}))

    def _found(self, description: Description, item: Received, members: Mapping[str, str]) -> Found:
        catalog = members.get(description.subject.value) or item.catalog
        return Found(
            description=description,
            url=item.url,
            documents=item.documents,
            catalog=None if description.kind == "catalog" else catalog,
        )

    def _met_with(self, found: Found, item: Received) -> Iterator[Step]:
        """One description: met before in this run, as it was, or new."""
        known = self.knowledge.of(found.iri)
        found = replace(found, home=self._home(found, known))
        key = known.id if known else spelling(found.iri)
        first = self._met.get(key)
        if not first:
            self._met[key] = found.iri
            yield self._compared(found, item, known)
        elif first != found.iri:
            yield Step(outcome=outcomes.twice(found, first))

    def _home(self, found: Found, known: Known | None) -> Home:
        record = known.id if known else self._id(found.iri)
        return Home(record, self._id(found.catalog) if found.catalog else None)

    def _id(self, iri: str) -> str:
        """Our id of what the source calls so; a known record keeps the one it has.

        Of a new one the spelling that was met first makes the id.
        """
        known = self.knowledge.of(iri)
        if known is not None:
            return known.id
        return identifier(self.source.slug, self._met.get(spelling(iri)) or iri)

    def _compared(self, found: Found, item: Received, known: Known | None) -> Step:
        try:
            found = self.pipeline.digested(found)
        except Exception as error:
            log.exception("%s: %s could not be compared", self.source.slug, found.iri)
            return _step(found, outcomes.our_fault(found.url, found.iri, error))
        poison = self.memory.aside.get(spelling(found.iri))
        if poison is not None and poison.digest == found.digest:
            return _step(found, outcomes.aside(found, poison))
        if known is not None and known.live and known.digest == found.digest:
            return _same(known)
        long = too_long(found.description.graph)
        if long is not None:
            return _too_long(found, long)
        if known is not None and known.live and not item.complete:
            return _step(found, outcomes.incomplete(found, known))
        return Step(seen=(found.record,), found=found)

    # what was not received

    def _missed(self, missed: Missed) -> Iterator[Step]:
        """A draft upstream, a failure, or an explicit "gone"; none of them is a deletion yet."""
        status = missed.reason.status if isinstance(missed.reason, FetchFailed) else None
        own = self.knowledge.own(missed.url)
        if status in {404, 410} and own is not None and not self._hides(own):
            if not self._met.get(own.id):  # what another address described is not gone
                yield Step(gone=(own.id,))
            return
        here = self.knowledge.at(missed.url)
        closed = isinstance(missed.reason, Forbidden)
        hidden = self.knowledge.members(here) if closed else ()
        seen = tuple(dict.fromkeys(known.id for known in (*here, *hidden)))
        outcome = (
            outcomes.forbidden(missed.url) if closed else outcomes.failed(missed.url, missed.reason)
        )
        yield Step(seen=seen, outcome=outcome)

    def _hides(self, known: Known) -> bool:
        """Whether more than the record itself is lost from sight: a fault, until nobody lists it.

        What stands in a catalog that is not there was not asked for, so it is not missing.
        """
        return next(self.knowledge.members([known]), None) is not None

    def _gone(self, gone: Gone) -> Iterator[Step]:
        """A record may also have come in earlier in this run."""
        own = self.knowledge.own(gone.subject)
        if own is not None or spelling(gone.subject) in self._met:
            yield Step(gone=(self._id(gone.subject) if own is None else own.id,))
        else:
            yield Step(gone=tuple(self.called(gone.subject)))

    def _seen(self, seen: Seen) -> Iterator[Step]:
        """Once, however often it is said; a description that comes after all is compared."""
        for known in self.knowledge.at(seen.subject):
            if known.live and known.id not in self._met:
                self._met[known.id] = ""
                yield _same(known)


def _same(known: Known) -> Step:
    return Step(seen=(known.id,), outcome=outcomes.unchanged(known))


def _step(found: Found, outcome: RecordOutcome) -> Step:
    return Step(seen=(found.record,), outcome=outcome)


def _too_long(found: Found, what: str) -> Step:
    error = LimitExceeded(f"{found.iri}: {what} is too long to be read")
    poison = Poison(found.iri, found.digest, str(error))
    return Step(seen=(found.record,), outcome=outcomes.failed(found.iri, error), poison=poison)
