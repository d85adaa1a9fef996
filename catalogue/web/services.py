"""What the website needs from the rest of the house, and nothing more.

`app.py` fills one `Services` with the real parts; the tests fill it with fakes. The website only
reads, but for what a steward or admin decides through `Decisions`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from catalogue.accounts.desk import Desk
from catalogue.consent.policy import Policy
from catalogue.ingest.check import Checker
from catalogue.ingest.pinging import PingDesk
from catalogue.ingest.trial import Trier
from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.rdf.graph import Graph
from catalogue.register.changes_read import PublicChange, Selection
from catalogue.register.records import (
    Change,
    Holder,
    Outcome,
    Published,
    Record,
    RecordOutcome,
    RunSummary,
    SourceStatus,
    VersionSummary,
)
from catalogue.register.standing import Origin, PublicVersion
from catalogue.search.request import SearchRequest
from catalogue.search.results import Results
from catalogue.store.base import PublicStore
from catalogue.submissions.desk import Submitting
from catalogue.terms.concept import Vocabulary
from catalogue.web.scores import Scorer


class Changes(Protocol):
    """What happened in public, for feeds, OAI-PMH and dumps."""

    def public_changes(  # noqa: D102
        self, first: int, last: int, selection: Selection = ..., *, content: bool = ...
    ) -> list[PublicChange]: ...
    def newest_changes(self, selection: Selection, limit: int) -> list[PublicChange]: ...  # noqa: D102
    def last_changes(self, selection: Selection, limit: int) -> list[PublicChange]: ...  # noqa: D102
    def count_last_changes(self, selection: Selection) -> int: ...  # noqa: D102
    def change_dates(self) -> tuple[datetime, datetime] | None: ...  # noqa: D102
    def change_pages(self, size: int) -> list[tuple[int, datetime, datetime]]: ...  # noqa: D102
    def public_records(self, identifiers: Sequence[str]) -> dict[str, Published]: ...  # noqa: D102
    def public_after(  # noqa: D102
        self, kind: str, after: str, limit: int, *, skip: int = ..., since: datetime | None = ...
    ) -> list[Published]: ...
    def count_public(self, kind: str, since: datetime | None = ...) -> int: ...  # noqa: D102
    def graphs(self) -> Iterator[tuple[Iri, bytes]]: ...  # noqa: D102
    def walk(self) -> Iterator[tuple[Iri, bytes]]: ...  # noqa: D102


class Register(Changes, Protocol):
    """The reading half of the register. `get` raises `NotFound`, or `Gone` with its record."""

    def get(self, kind: str, identifier: str) -> Published: ...  # noqa: D102
    def dataset_of_distribution(self, identifier: str) -> Published: ...  # noqa: D102
    def datasets(self, identifiers: Sequence[str]) -> list[Published]: ...  # noqa: D102
    def published(self, kind: str) -> Iterable[Published]: ...  # noqa: D102
    def catalogs(self) -> list[Published]: ...  # noqa: D102
    def datasets_of_catalog(self, identifier: str) -> list[str]: ...  # noqa: D102
    def members_of_catalog(self, catalog: str, kind: str) -> list[str]: ...  # noqa: D102
    def catalogs_holding(self, identifiers: Sequence[str]) -> list[str]: ...  # noqa: D102
    def history(self, identifier: str) -> list[VersionSummary]: ...  # noqa: D102
    def standing(self, kind: str, identifier: str) -> Record: ...  # noqa: D102
    def standings(self, kind: str) -> list[Record]: ...  # noqa: D102
    def standing_of_distribution(self, identifier: str) -> Record: ...  # noqa: D102
    def origin(self, identifier: str) -> Origin: ...  # noqa: D102
    def public_versions(self, identifier: str) -> list[PublicVersion]: ...  # noqa: D102
    def public_version(self, identifier: str, since: datetime) -> Graph: ...  # noqa: D102
    def reports(  # noqa: D102
        self, identifier: str
    ) -> Sequence[tuple[int, datetime, tuple[dict[str, Any], ...]]]: ...
    def holders(self) -> list[tuple[Holder, int]]: ...  # noqa: D102
    def holder(self, slug: str) -> Holder: ...  # noqa: D102
    def sources(self) -> list[SourceStatus]: ...  # noqa: D102
    def source(self, slug: str) -> SourceStatus: ...  # noqa: D102
    def source_titles(self) -> dict[str, str]: ...  # noqa: D102
    def runs(  # noqa: D102
        self, source: str, limit: int = ..., *, before: int | None = ...
    ) -> list[RunSummary]: ...
    def run(self, identifier: int) -> RunSummary: ...  # noqa: D102
    def outcomes(self, run: int) -> list[RecordOutcome]: ...  # noqa: D102
    def outcome_page(  # noqa: D102
        self, run: int, *, only: Collection[Outcome] = ..., after: int = ..., limit: int = ...
    ) -> list[tuple[int, RecordOutcome]]: ...
    def kinds(self, identifiers: Collection[str]) -> dict[str, str]: ...  # noqa: D102
    def public_among(self, identifiers: Collection[str]) -> set[str]: ...  # noqa: D102
    def maybe_same(self, identifier: str) -> list[Record]: ...  # noqa: D102
    def recent_changes(self, limit: int = ...) -> list[Change]: ...  # noqa: D102
    def totals(self) -> dict[str, int]: ...  # noqa: D102
    def last_change(self) -> datetime | None: ...  # noqa: D102
    def last_change_in(self, catalog: str) -> datetime | None: ...  # noqa: D102
    def position(self) -> int: ...  # noqa: D102
    def pulse(self) -> str: ...  # noqa: D102
    def public_names(self) -> Sequence[tuple[str, str, datetime]]: ...  # noqa: D102
    def changes_since(  # noqa: D102
        self, position: int, limit: int = ...
    ) -> Sequence[tuple[int, str, str, str]]: ...


class Decisions(Protocol):
    """What a steward or admin decides. `by` names them in the audit log."""

    def confirm_removal(self, source: str, by: str) -> int: ...  # noqa: D102
    def decline_removal(self, source: str, by: str) -> None: ...  # noqa: D102
    def approve_source(self, source: str, by: str) -> None: ...  # noqa: D102
    def refuse_source(self, source: str, by: str) -> None: ...  # noqa: D102


class Searcher(Protocol):
    """The search index, which has followed the register up to `position`."""

    @property
    def position(self) -> int: ...  # noqa: D102
    def search(self, request: SearchRequest, language: str = ...) -> Results: ...  # noqa: D102
    def identifiers(self, request: SearchRequest) -> list[str]: ...  # noqa: D102
    def label(self, facet: str, value: str) -> LangText: ...  # noqa: D102
    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts behind the pages. `ontologies` are the Turtle documents served at `/ns`.

    Without a `checker` nobody can have descriptions checked, without a `desk` nobody can sign
    in, without `decisions` nothing can be decided, without a `trier` no address can be tried (as
    one of the `protocols`), without `pings` nobody can announce itself, and without `submissions`
    nobody can write descriptions. `policy` are the choices of the consent rules; `search` has
    the same.
    """

    register: Register
    search: Searcher
    store: PublicStore
    vocabulary: Vocabulary
    ontologies: tuple[bytes, ...] = ()
    checker: Checker | None = None
    scorer: Scorer = field(default_factory=Scorer)
    desk: Desk | None = None
    decisions: Decisions | None = None
    trier: Trier | None = None
    protocols: tuple[str, ...] = ()
    pings: PingDesk | None = None
    submissions: Submitting | None = None
    policy: Policy = field(default_factory=Policy)
