"""What the register hands out: plain values, whatever database keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from catalogue.model.dataset import Catalog, Dataset, Series
from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.rdf.graph import Graph

Words = Mapping[str, str]
"""The same sentence in each language of the site: {"nl": …, "en": …}."""

SUBMITTED = "submitted"
"""The protocol of sources that nobody harvests: what was described here."""


class State(StrEnum):
    """Where a record is in its life."""

    PUBLISHED = "published"
    HELD = "held"
    GONE = "gone"


class Outcome(StrEnum):
    """What one run did with one address or record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    HELD = "held"
    FORBIDDEN = "forbidden"
    FAILED = "failed"
    EMPTY = "empty"  # it parses, and describes no dataset, series or catalog
    REMOVED = "removed"
    DUPLICATE = "duplicate"  # another spelling of a record that this run already had
    ASIDE = "aside"  # our own code failed on it before, and nothing has changed since


class RunState(StrEnum):
    """How a run ended; only a complete run may ever count a record as missing."""

    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The organisation that keeps the data, as the site lists it; `slug` makes its address."""

    slug: str
    name: LangText


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One published, held or withdrawn description, without its bytes."""

    id: str
    kind: str  # "dataset", "catalog", "series"
    iri: Iri  # ours: {base}/dataset/{id}
    source: str  # the source's slug
    source_iri: Iri  # as the holder calls it
    state: State
    version: int
    first_seen: datetime
    last_seen: datetime
    changed: datetime
    holder: Holder
    catalog: str | None = None  # the id of our catalog record
    reason: str = ""  # why it is held, or gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published record with what the public may see of it.

    `value` is read from `graph`, the public graph (counts already protected, our IRIs).
    `repairs` are {name, subject, predicate, before, after, sentence: {nl, en}};
    `reports` are {profile, level, conforms, findings: [{focus, path, value, severity,
    messages: {nl, en}, component, clause}]}.
    """

    record: Record
    value: Dataset | Catalog | Series
    graph: Graph
    repairs: tuple[dict[str, Any], ...] = ()
    reports: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSummary:
    """One line of a record's history."""

    number: int
    created: datetime
    action: str  # "published", "held", "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """A removal of so many records at once that a steward must confirm it.

    `records` are the ids at stake, out of `live` that the source had; `explicit` are those
    of them that the source said itself are gone.
    """

    run: int
    at: datetime
    records: tuple[str, ...]
    live: int
    message: Words
    explicit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """A source with the state of its last run and what it has public.

    `last_complete` is `None` until a run has completed. `contact` is for stewards only.
    `shown` is false where an organisation has only written drafts here: nobody else may know.
    """

    slug: str
    title: str
    protocol: str
    url: str
    enabled: bool
    datasets: int
    held: int
    last_run: RunSummary | None = None
    last_complete: RunSummary | None = None
    organisation: str = ""
    contact: str | None = None
    schedule: str = ""
    language: str = "nl"
    options: Mapping[str, str] = field(default_factory=dict)
    pending: bool = False
    verified: bool = True
    next_run: datetime | None = None
    brake: Brake | None = None
    shown: bool = True

    @property
    def owner(self) -> str:
        """The organisation whose stewards answer for the source."""
        return self.organisation or self.slug


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One run of one source: when, how it ended, and how many of each outcome.

    `message` is English, `messages` the same by language. `cause` is command, schedule or
    steward; `figures` are requests, not_modified and bytes.
    """

    id: int
    source: str
    started: datetime
    ended: datetime | None
    state: RunState
    message: str = ""
    counts: dict[Outcome, int] = field(default_factory=dict)
    messages: Words = field(default_factory=dict)
    cause: str = "command"
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome:
    """What a run did with one record. `details` carries repairs, findings and the error.

    details: {"message": {nl, en}, "findings": [...], "repairs": [...], "line": int | None}
    """

    url: str
    outcome: Outcome
    title: str = ""
    record: str | None = None
    source_iri: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of "recent changes"."""

    at: datetime
    record: Record
    action: str  # "added", "changed", "withdrawn"
    title: LangText
