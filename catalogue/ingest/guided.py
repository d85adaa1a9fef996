"""The network as a harvester of one run sees it: the session, and what we know of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.errors import FetchFailed
from catalogue.ingest.address import shown
from catalogue.ingest.knowledge import Knowledge
from catalogue.ingest.source import Document, Source, Web
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import spelling
from catalogue.register.records import Words


def nothing_used_up() -> Words | None:
    """The run may go on."""
    return None


@dataclass(slots=True)
class Guided:
    """Implements `ingest.source.Web` by asking `web`, but for what the register knows.

    What is remembered was read when the run had begun, so that no other run can have changed
    it since. When the source's own address leads elsewhere, the source has moved.
    """

    web: Web
    source: Source
    knowledge: Knowledge
    remembered: Mapping[str, Any]
    enough: Callable[[], Words | None] = nothing_used_up
    """Why no more may be asked for: a harvester may read much before it hands over anything."""

    @property
    def allowed_hosts(self) -> Sequence[str]:
        """Hosts an operator trusts."""
        return self.web.allowed_hosts

    def has(self, subject: str) -> bool:
        """Whether a live record of this source was received under this address or IRI."""
        return self.knowledge.has(subject)

    def get(self, url: str, *, accept: str | None = None, pages: bool = False) -> Document:
        """As the session does, while the run may go on. Raises `FetchFailed` after that."""
        self._refuse_more(url)
        document = self.web.get(url, accept=accept, pages=pages)
        if spelling(document.final_url) != spelling(url) and url == self.source.url:
            self.knowledge.moved([url], document.final_url)
        return document

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> Document:
        """As the session does, while the run may go on. Raises `FetchFailed` after that."""
        self._refuse_more(url)
        return self.web.post(url, body, content_type=content_type, accept=accept)

    def expect(
        self, urls: Iterable[str], *, accept: str | None = None, pages: bool = False
    ) -> None:
        """As the session does."""
        self.web.expect(urls, accept=accept, pages=pages)

    def parse(self, document: Document) -> Graph:
        """As the session does."""
        return self.web.parse(document)

    def parse_graphs(self, document: Document) -> Mapping[str, Graph]:
        """As the session does."""
        return self.web.parse_graphs(document)

    def _refuse_more(self, url: str) -> None:
        words = self.enough()
        if words:
            raise FetchFailed(f"{shown(url)}: not asked for. {words['en']}", url=url)
