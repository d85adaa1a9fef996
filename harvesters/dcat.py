"""One RDF document with many descriptions, or a list of such pages (Hydra).

Next pages are announced in four ways: `hydra:next`, the older `hydra:nextPage`, either of
them as text instead of a link, and the `Link` header. A list that does not end, because its
pages point back or repeat, is cut off and reported, so that nobody takes it for complete.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from catalogue.errors import FetchFailed, SourceError
from catalogue.ingest.scope import Scope, spelling
from catalogue.ingest.source import Document, Missed, Received, Source, Web
from catalogue.namespaces import DCAT, HYDRA
from catalogue.rdf.graph import Graph

MOST_PAGES = 2000
NEXT = (HYDRA + "next", HYDRA + "nextPage")


def harvest(
    source: Source, web: Web, *, most_pages: int = MOST_PAGES
) -> Iterator[Received | Missed]:
    """Each page as it comes. Raises `SourceError` when the first one cannot be read."""
    scope = Scope(source, web)
    document = web.get(source.url)
    graph = web.parse(document)
    scope.widen(document)
    pages = _Pages(most_pages)
    while True:
        yield Received(url=document.url, documents=(document,))
        link = next_page(document, graph)
        if link is None:
            return
        try:
            pages.turn(document, graph)
            address = scope.address(link, document.final_url)
            pages.expect(address)
            document = scope.fetch(address, address)
            graph = web.parse(document)
        except SourceError as error:
            yield Missed(url=error.url or link, reason=error)
            return


def next_page(document: Document, graph: Graph) -> str | None:
    """The link to the next page as it is written, or `None` on the last one."""
    here = spelling(document.final_url)
    for predicate in NEXT:
        links = [
            (spelling(str(triple.subject).strip("<>")) != here, triple.object.value)
            for triple in graph
            if triple.predicate.value == predicate
            and isinstance(triple.object, (ox.NamedNode, ox.Literal))
        ]
        if links:
            return min(links)[1]  # what this very page says goes before what others say
    return document.next_page


class _Pages:
    """Notices that a list of pages does not end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._read = 0
        self._addresses: set[str] = set()
        self._datasets: set[str] = set()

    def turn(self, document: Document, graph: Graph) -> None:
        """Note the page that was read. Raises `FetchFailed` when it holds nothing new."""
        self._read += 1
        self._addresses |= {spelling(document.url), spelling(document.final_url)}
        datasets = {dataset.value for dataset in graph.instances(DCAT + "Dataset")}
        if datasets and datasets <= self._datasets:
            raise FetchFailed(
                f"{document.url}: repeats earlier pages and announces another one",
                url=document.url,
            )
        self._datasets |= datasets

    def expect(self, address: str) -> None:
        """Refuse a page that was read before, or one page too many."""
        if spelling(address) in self._addresses:
            raise FetchFailed(f"{address}: the list of pages leads back to this one", url=address)
        if self._read >= self._most:
            raise FetchFailed(
                f"{address}: not read, the list has more than {self._most} pages", url=address
            )
