"""Check descriptions that somebody hands us: what they are, what we would repair, what is missing.

It is the road of a harvest (parse, split, normalise, validate) as far as the place where
something would be kept; nothing is kept here. Every profile judges a description twice, as
it was given and as we would repair it, so that a finding can say whether the repair mends it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from catalogue.errors import BadRequest, CatalogueError, DescriptionError, LimitExceeded
from catalogue.ingest.http import Session
from catalogue.ingest.source import Document
from catalogue.rdf.graph import Graph
from catalogue.rdf.normalise import normalise
from catalogue.rdf.parse import Parser
from catalogue.rdf.parse_child import Limits
from catalogue.rdf.repair import Repair
from catalogue.rdf.serialise import serialise
from catalogue.rdf.split import Description, split, too_long
from catalogue.validation.profile import Profile
from catalogue.validation.report import Finding, Report
from catalogue.validation.validate import Validator

MOST_BYTES = 2_000_000
MOST_DESCRIPTIONS = 20
LIMITS = Limits(content_bytes=MOST_BYTES, triples=100_000, seconds=10, memory_bytes=1_000_000_000)
FETCH_SECONDS = 15.0
CHECK_SECONDS = 20.0
ONE_CHECK_SECONDS = 2.0
TEXT = "the text"


class Busy(CatalogueError):
    """As many checks are running as we allow; ask again in a moment."""


class NothingDescribed(DescriptionError):
    """It can be read, and describes no dataset, series or catalog."""


class AddressesOff(CatalogueError):
    """The operator does not let visitors have addresses fetched."""


class Parses(Protocol):
    """`catalogue.rdf.parse.Parser`, as far as it is needed here."""

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        """Raises `ParseFailed` or `LimitExceeded`."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class Validates(Protocol):
    """`catalogue.validation.validate.Validator`, as far as it is needed here."""

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """The profiles by key."""
        ...

    def validate_all(
        self, items: Sequence[tuple[str, Graph]], profiles: Sequence[str]
    ) -> Sequence[Mapping[str, Report]]:
        """The reports by profile of each item, in order."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class Fetches(Protocol):
    """The guarded session, as far as it is needed here."""

    def get(self, url: str) -> Document:
        """Raises a `SourceError`."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What checking needs; `web` is `None` where visitors may not have addresses fetched."""

    parser: Parses
    validator: Validates
    web: Fetches | None = None

    def close(self) -> None:
        """End every child and connection."""
        for tool in (self.parser, self.validator, self.web):
            if tool is not None:
                tool.close()


def tools(folder: Path, *, user_agent: str = "", addresses: bool = True) -> Tools:
    """The real ones, for the profiles in `folder`.

    The session is a stranger's: no host on a private address is open to it, whatever the
    operator allows to harvests.
    """
    parser = Parser(limits=LIMITS)
    web = Session(
        parser,
        seconds=FETCH_SECONDS,
        max_bytes=MOST_BYTES,
        retries=0,
        user_agent=user_agent or "Genoomcatalogus",
    )
    validator = Validator(folder, seconds=ONE_CHECK_SECONDS)
    return Tools(parser=parser, validator=validator, web=web if addresses else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One description with what was found; `reports` are about it as given, `after` as repaired."""

    kind: str
    subject: str
    graph: Graph
    repaired: Graph
    repairs: tuple[Repair, ...] = ()
    reports: tuple[Report, ...] = ()
    after: tuple[Report, ...] = ()

    def mended(self, report: Report, finding: Finding) -> bool:
        """Whether the repairs take this finding away."""
        left = next((r.findings for r in self.after if r.profile == report.profile), ())
        return self.repaired != self.graph and _key(finding) not in map(_key, left)

    def to_json(self) -> dict[str, Any]:
        """Everything for a program. Counts are not withheld: it is the asker's own text."""
        return {
            "subject": self.subject,
            "kind": self.kind,
            "repairs": [_repair_json(repair) for repair in self.repairs],
            "reports": [self._report_json(report) for report in self.reports],
            "repaired": serialise(self.repaired).decode(),
        }

    def _report_json(self, report: Report) -> dict[str, Any]:
        said = report.to_json()
        for finding, found in zip(report.findings, said["findings"], strict=True):
            found["mended"] = self.mended(report, finding)
        return said


def _key(finding: Finding) -> tuple[str, str | None, str]:
    return finding.focus, finding.path, finding.component


def _repair_json(repair: Repair) -> dict[str, Any]:
    return {
        "name": repair.name,
        "subject": repair.subject,
        "predicate": repair.predicate,
        "before": repair.before,
        "after": repair.after,
        "sentence": {language: repair.sentence(language) for language in ("nl", "en")},
    }


class Checker:
    """Checks for visitors: few at a time, each within its limits, nothing kept.

    `start` makes the tools when they are first needed, and again in a process that was
    forked after that. `at_once` visitors are helped at the same time, and one of them may
    be waiting for an address, so that the other threads of a web worker stay free.
    """

    def __init__(
        self,
        start: Callable[[], Tools],
        *,
        at_once: int = 2,
        seconds: float = CHECK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start, self._seconds, self._clock = start, seconds, clock
        self._tools: Tools | None = None
        self._owner = 0
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(at_once)
        self._fetches = threading.BoundedSemaphore(1)

    def close(self) -> None:
        """End the tools of this process; a later check starts new ones."""
        with self._lock:
            started, self._tools = self._tools, None
        if started is not None and self._owner == os.getpid():
            started.close()

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """The profiles that can be asked for, by key."""
        return self._at_hand().validator.profiles

    @property
    def takes_addresses(self) -> bool:
        """Whether visitors may have an address fetched."""
        return self._at_hand().web is not None

    def fetch(self, url: str) -> Document:
        """What is at a public address. Raises `SourceError`, `AddressesOff` or `Busy`."""
        web = self._at_hand().web
        if web is None:
            raise AddressesOff("addresses are not fetched here; send the description itself")
        with _place(self._fetches), _place(self._places):
            return web.get(url)

    def check(
        self,
        content: bytes,
        *,
        media_type: str | None = None,
        profiles: Sequence[str] = (),
        base: str,
        name: str = TEXT,
    ) -> tuple[Checked, ...]:
        """Every description in `content`, judged by the profiles; by all when none is named.

        Relative addresses are resolved against `base`; errors call the content by its `name`.

        Raises `BadRequest` (a profile that we do not have), `ParseFailed`, `LimitExceeded`,
        `NothingDescribed` or `Busy`.
        """
        chosen = self._chosen(profiles)
        with _place(self._places):
            found = self._descriptions(content, media_type, base, name)
            until = self._clock() + self._seconds
            return tuple(self._checked(each, chosen, until) for each in found)

    def repaired(
        self, content: bytes, *, media_type: str | None = None, base: str, name: str = TEXT
    ) -> Graph:
        """What we would make of the descriptions in `content`. Raises as `check` does."""
        with _place(self._places):
            found = self._descriptions(content, media_type, base, name)
            return Graph(triple for each in found for triple in normalise(each).graph)

    def _chosen(self, profiles: Sequence[str]) -> tuple[str, ...]:
        known = self.profiles
        for key in profiles:
            if key not in known:
                raise BadRequest(f"profile: {key[:40]!r} is not one of {', '.join(sorted(known))}")
        return tuple(key for key in sorted(known) if key in profiles or not profiles)

    def _descriptions(
        self, content: bytes, media_type: str | None, base: str, name: str
    ) -> list[Description]:
        parser = self._at_hand().parser
        graph = parser.parse(content, media_type=media_type, base=base, url=name)
        found = split(graph, source=base)
        if not found:
            raise NothingDescribed(
                f"{name}: describes no dataset, series or catalog with a title or description"
            )
        for each in found:
            if what := too_long(each.graph):
                raise LimitExceeded(f"{each.subject.value}: {what} is too long to be read")
        if len(found) > MOST_DESCRIPTIONS:
            raise LimitExceeded(
                f"{name}: holds {len(found)} descriptions; at most {MOST_DESCRIPTIONS} at a time"
            )
        return found

    def _checked(self, given: Description, profiles: Sequence[str], until: float) -> Checked:
        if self._clock() > until:
            raise LimitExceeded(f"not checked within {self._seconds:g} seconds; send fewer at once")
        clean = normalise(given)
        covering = [key for key in profiles if self.profiles[key].covers(given.kind)]
        before, after = self._judged(given, clean, covering)
        return Checked(
            kind=given.kind,
            subject=given.subject.value,
            graph=given.graph,
            repaired=clean.graph,
            repairs=clean.repairs,
            reports=before,
            after=after,
        )

    def _judged(
        self, given: Description, clean: Description, profiles: Sequence[str]
    ) -> tuple[tuple[Report, ...], tuple[Report, ...]]:
        if not profiles:
            return (), ()
        pair = [(each.subject.value, each.graph) for each in (given, clean)]
        before, after = self._at_hand().validator.validate_all(pair, profiles)
        return tuple(before[key] for key in profiles), tuple(after[key] for key in profiles)

    def _at_hand(self) -> Tools:
        with self._lock:
            if self._tools is None or self._owner != os.getpid():
                self._tools, self._owner = self._start(), os.getpid()
            return self._tools


@contextmanager
def _place(places: threading.BoundedSemaphore) -> Iterator[None]:
    """One of the places, if there is one free: nobody waits in a line that holds a thread."""
    if not places.acquire(blocking=False):
        raise Busy("too many checks are running at the moment; try again in a few seconds")
    try:
        yield
    finally:
        places.release()
