"""What the website needs from the rest of the house, and nothing more.

`app.py` fills one `Services` with the real parts; the tests fill it with fakes. The website only
reads: nothing here can change a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from catalogue.ingest.check import Checker
from catalogue.model.text import LangText
from catalogue.register.records import (
    Change,
    Holder,
    Published,
    RecordOutcome,
    RunSummary,
    SourceStatus,
    VersionSummary,
)
from catalogue.search.request import SearchRequest
from catalogue.search.results import Results
from catalogue.store.base import PublicStore
from catalogue.terms.concept import Vocabulary
from catalogue.web.scores import Scorer


class Register(Protocol):
    """The reading half of the register. `get` raises `NotFound`, or `Gone` with its record."""

    def get(self, kind: str, identifier: str) -> Published: ...  # noqa: D102
    def dataset_of_distribution(self, identifier: str) -> Published: ...  # noqa: D102
    def datasets(self, identifiers: Sequence[str]) -> list[Published]: ...  # noqa: D102
    def published(self, kind: str) -> Iterable[Published]: ...  # noqa: D102
    def catalogs(self) -> list[Published]: ...  # noqa: D102
    def datasets_of_catalog(self, identifier: str) -> list[str]: ...  # noqa: D102
    def history(self, identifier: str) -> list[VersionSummary]: ...  # noqa: D102
    def reports(  # noqa: D102
        self, identifier: str
    ) -> Sequence[tuple[int, datetime, tuple[dict[str, Any], ...]]]: ...
    def holders(self) -> list[tuple[Holder, int]]: ...  # noqa: D102
    def holder(self, slug: str) -> Holder: ...  # noqa: D102
    def sources(self) -> list[SourceStatus]: ...  # noqa: D102
    def source(self, slug: str) -> SourceStatus: ...  # noqa: D102
    def runs(self, source: str, limit: int = ...) -> list[RunSummary]: ...  # noqa: D102
    def run(self, identifier: int) -> RunSummary: ...  # noqa: D102
    def outcomes(self, run: int) -> list[RecordOutcome]: ...  # noqa: D102
    def recent_changes(self, limit: int = ...) -> list[Change]: ...  # noqa: D102
    def totals(self) -> dict[str, int]: ...  # noqa: D102
    def position(self) -> int: ...  # noqa: D102
    def changes_since(  # noqa: D102
        self, position: int, limit: int = ...
    ) -> Sequence[tuple[int, str, str, str]]: ...


class Searcher(Protocol):
    """The search index."""

    def search(self, request: SearchRequest, language: str = ...) -> Results: ...  # noqa: D102
    def label(self, facet: str, value: str) -> LangText: ...  # noqa: D102
    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts behind the pages. `ontologies` are the Turtle documents served at `/ns`.

    Without a `checker` nobody can have descriptions checked.
    """

    register: Register
    search: Searcher
    store: PublicStore
    vocabulary: Vocabulary
    ontologies: tuple[bytes, ...] = ()
    checker: Checker | None = None
    scorer: Scorer = field(default_factory=Scorer)
