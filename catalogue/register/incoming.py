"""What goes into the register, and what a harvest must know of it beforehand.

These are values only; `saving`, `runs` and `removal` write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalogue.model.text import LangText
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import Identifiers, short, spelling
from catalogue.register.records import Holder, RunState, State, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A record as a new harvest compares with it: small, because there may be 100,000.

    `missing` counts the complete runs in a row that did not see it; `catalog` is our id of
    the catalog in which it stands.
    """

    id: str
    iri: str
    url: str
    digest: str
    state: State
    held: bool
    kind: str = "dataset"
    catalog: str | None = None
    missing: int = 0

    @property
    def live(self) -> bool:
        """Not withdrawn."""
        return self.state is not State.GONE


@dataclass(frozen=True, slots=True)
class Kept:
    """What is looked up only for the records of one batch."""

    title: str
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Namesake:
    """A record that shares a name with a new one."""

    name: str
    record: str
    source: str
    source_url: str
    kind: str  # of the name: "iri", "former" or "persistent"
    title: str


@dataclass(frozen=True, slots=True)
class Poison:
    """A record on which our own code failed, by the digest of what it said."""

    iri: str
    digest: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of a source from one run to the next.

    `former` are earlier addresses of the source; `aliases` earlier IRIs of its records, in
    one spelling, with the record's id; `aside` the poison by IRI, in one spelling.
    """

    mark: Mapping[str, Any] = field(default_factory=dict)
    former: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, Poison] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedBytes:
    """A document as a source sent it; the same bytes are kept once."""

    url: str
    media_type: str | None
    fetched: datetime
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One description, ready to be written. `reason` says why it is held; empty publishes it.

    `members` are the ids of what a harvested catalog lists; `None` when nothing is said of that.
    `publishers` are the addresses of the agents as which it is published.
    """

    id: str
    kind: str
    source_iri: str
    url: str
    digest: str
    title: LangText
    holder: Holder
    catalog: str | None
    documents: tuple[ReceivedBytes, ...]
    received: Graph
    normalised: Graph
    public: Graph
    distributions: tuple[str, ...] = ()
    repairs: tuple[dict[str, Any], ...] = ()
    reports: tuple[dict[str, Any], ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    names: Identifiers = Identifiers()
    members: tuple[str, ...] | None = None
    publishers: tuple[str, ...] = ()

    @property
    def own_name(self) -> str:
        """Its IRI at the source, as names are kept: in one spelling."""
        return short(spelling(self.source_iri))

    @property
    def public_names(self) -> frozenset[str]:
        """What it is called everywhere."""
        return frozenset({self.own_name, *self.names.persistent})


@dataclass(frozen=True, slots=True)
class Run:
    """A run in progress, as `begin` gave it."""

    id: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended and what it saw. `seen` and `gone` are ids of records.

    `counts` are the outcomes that were reported on the way. An `incremental` run was told
    only what changed, a `resumed` one went on where another stopped. `mark` is where a next
    run begins; `None` leaves it as it was.
    """

    state: RunState
    words: Words = field(default_factory=dict)
    seen: AbstractSet[str] = frozenset()
    gone: AbstractSet[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    incremental: bool = False
    resumed: bool = False
    mark: Mapping[str, Any] | None = None
