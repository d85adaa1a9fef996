"""What the website needs from the rest of the house, and nothing more.

`app.py` fills one `Services` with the real parts; the tests fill it with fakes. The website only
reads: nothing here can change a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

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


class Register(Protocol):
    """The reading half of the register. `get` raises `NotFound`, or `Gone` with its record."""

    def get(self, kind: str, identifier: str) -> Published: ...  # noqa: D102
    def dataset_of_distribution(self, identifier: str) -> Published: ...  # noqa: D102
    def datasets(self, identifiers: Sequence[str]) -> list[Published]: ...  # noqa: D102
    def published(self, kind: str) -> Iterable[Published]: ...  # noqa: D102
    def catalogs(self) -> list[Published]: ...  # noqa: D102
    def datasets_of_catalog(self, identifier: str) -> list[str]: ...  # noqa: D102
    def history(self, identifier: str) -> list[VersionSummary]: ...  # noqa: D102
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


class Searcher(Protocol):
    """The search index."""

    def search(self, request: SearchRequest, language: str = ...) -> Results: ...  # noqa: D102
    def label(self, facet: str, value: str) -> LangText: ...  # noqa: D102
    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts behind the pages. `ontologies` are the Turtle documents served at `/ns`."""

    register: Register
    search: Searcher
    store: PublicStore
    vocabulary: Vocabulary
    ontologies: tuple[bytes, ...] = ()
