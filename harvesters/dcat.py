"""One RDF document or dump with many descriptions, or a list of such pages (Hydra).

A dump may be packed (gzip, zip, tar.gz). Next pages are announced in four ways: `hydra:next`,
the older `hydra:nextPage`, either of them as text instead of a link, and the `Link` header.
A list that does not end, because its pages point back or repeat, is cut off and reported, so
that nobody takes it for complete.

After each page there is a mark. A run that was interrupted, or met a page that could not be
had, is taken up again at that page within a day; what lies behind is not asked for twice.

A dump larger than one document may be (20 MB unpacked) is taken in as long as it is packed
as several files; one file of that size is refused, because Turtle and RDF/XML cannot be read
in pieces and the triples of a record may stand anywhere in it. Offer pages instead.

Options of a source:

* `modified_since=yes`: its pages know the parameter of that name (the DCAT endpoint of CKAN,
  `/catalog.ttl`). Runs then ask only for what changed since the last run without a fault
  began, and for everything again once a week, because only then is it seen what is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox

from catalogue.errors import DescriptionError, FetchFailed, NotRdf, SourceError
from catalogue.ingest.resume import Plan, utc_now
from catalogue.ingest.scope import Scope, spelling
from catalogue.ingest.source import (
    Document,
    Incremental,
    Item,
    Mark,
    Missed,
    Received,
    Resumed,
    Source,
    Web,
)
from catalogue.namespaces import DCAT, HYDRA, Iri
from catalogue.rdf import archive, media
from catalogue.rdf.graph import Graph

MOST_PAGES: Final = 10_000
PIECE_BYTES: Final = 20_000_000
"""Files of a dump are handed over together up to this size: they may describe one record."""
NEXT: Final = (HYDRA + "next", HYDRA + "nextPage")
CATALOG: Final = DCAT + "Catalog"

Clock = Callable[[], datetime]


def harvest(
    source: Source, web: Web, *, most_pages: int = MOST_PAGES, now: Clock = utc_now
) -> Iterator[Item]:
    """Each page as it comes. Raises `SourceError` when the first one cannot be read."""
    dated = source.options.get("modified_since") == "yes"
    plan = Plan.of(web.remembered, now(), dated=dated)
    yield from _Walk(source, web, plan, most_pages).walk()


def changed_since(address: str, since: datetime | None) -> str:
    """The address that gives only what changed since then.

    >>> changed_since("https://c.example/catalog.ttl?q=dna", datetime(2026, 11, 22, 9, tzinfo=UTC))
    'https://c.example/catalog.ttl?q=dna&modified_since=2026-11-22T09%3A00%3A00'
    """
    if since is None:
        return address
    moment = since.astimezone(UTC).replace(tzinfo=None)
    asked = urlencode({"modified_since": moment.isoformat(timespec="seconds")})
    return f"{address}{'&' if urlsplit(address).query else '?'}{asked}"


# --- walking over pages ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    document: Document
    graph: Graph | None = None
    """`None` for a dump that is packed; that has no next page."""


@dataclass(slots=True)
class _Walk:
    """The walk over the pages of one source."""

    source: Source
    web: Web
    plan: Plan
    most_pages: int
    scope: Scope = field(init=False)
    pages: _Pages = field(init=False)
    marked: bool = field(init=False)

    def __post_init__(self) -> None:
        self.scope = Scope(self.source, self.web)
        self.marked = bool(self.web.remembered)

    def walk(self) -> Iterator[Item]:
        """Every page, from the first, or from where an earlier run stopped."""
        page = self._resumed()
        if page is not None:
            yield Resumed()
        else:
            self.plan = self.plan.restarted()
            page = self._page(self.web.get(changed_since(self.source.url, self.plan.since)))
            self.scope.widen(page.document)
        if self.plan.since is not None:
            yield Incremental()
        self.pages = _Pages(self.most_pages, self.plan.place.get("read", 0))
        if page.graph is None:
            yield from self._dump(page.document)
        else:
            yield from self._on(page.document, page.graph)

    def _resumed(self) -> _Page | None:
        """The page at which to go on; `None` when there is none or it cannot be had now."""
        if not self.plan.place:
            return None
        try:
            return self._page(self.scope.fetch(self.plan.place["next"], self.source.url))
        except SourceError:
            return None  # not lost: the walk from the start meets it, or its successor, again

    def _page(self, document: Document) -> _Page:
        if archive.is_packed(document.content):
            return _Page(document)
        return _Page(document, self.web.parse(document))

    def _on(self, document: Document, graph: Graph) -> Iterator[Item]:
        """The page and all that follow."""
        while True:
            yield Received(url=document.url, documents=(document,))
            link = next_page(document, graph)
            if link is None:
                yield from self._done()
                return
            try:
                self.pages.turn(document, graph)
                address = self.scope.address(link, document.final_url)
                self.pages.expect(address)
            except SourceError as error:
                yield from self._lost(error.url or link, error)
                return
            yield self._mark(address)
            try:
                document = self.scope.fetch(address, address)
                graph = self.web.parse(document)
            except SourceError as error:
                yield Missed(url=error.url or link, reason=unaddressed(error))
                return

    def _mark(self, address: str) -> Mark:
        self.marked = True
        return self.plan.at(next=address, read=self.pages.read)

    def _done(self) -> Iterator[Mark]:
        """Forget where we were; a source that never had a mark needs none now."""
        if self.marked or self.plan.dated:
            yield self.plan.done()

    def _lost(self, url: str, error: SourceError) -> Iterator[Item]:
        """The list itself is at fault: going on from here would meet the same."""
        yield Missed(url=url, reason=unaddressed(error))
        if self.marked:
            yield self.plan.lost()

    # --- dumps -------------------------------------------------------------------------------

    def _dump(self, document: Document) -> Iterator[Item]:
        """The files of an archive, as many together as one document may be large."""
        dump = _Dump(document, self.web)
        yield from dump.pieces()
        if not dump.taken:
            raise dump.problem or NotRdf(
                f"{document.url}: the archive holds no RDF files", url=document.url
            )
        if dump.problem is None:
            yield from self._done()


def unaddressed(error: SourceError) -> SourceError:
    """The same failure, as one of the list and not of a record.

    A page of a list that answers 404 or 403 is not a record that is gone, nor a draft.
    """
    if isinstance(error, FetchFailed):
        status = None if error.status in {404, 410} else error.status
        return FetchFailed(str(error), url=error.url, status=status)
    return error


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

    def __init__(self, most: int, read: int = 0) -> None:
        self.read = read
        self._most = most
        self._addresses: set[str] = set()
        self._datasets: set[int] = set()

    def turn(self, document: Document, graph: Graph) -> None:
        """Note the page that was read. Raises `FetchFailed` when it holds nothing new."""
        self.read += 1
        self._addresses |= {spelling(document.url), spelling(document.final_url)}
        datasets = {hash(dataset.value) for dataset in graph.instances(DCAT + "Dataset")}
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
        if self.read >= self._most:
            raise FetchFailed(
                f"{address}: not read, the list has more than {self._most} pages", url=address
            )


# --- the files of a dump -----------------------------------------------------------------


@dataclass(slots=True)
class _Dump:
    """Opens one archive; `taken` counts the files that were read, `problem` is the first fault."""

    document: Document
    web: Web
    taken: int = 0
    problem: SourceError | None = None
    _catalogs: set[str] = field(default_factory=set)

    def pieces(self) -> Iterator[Received | Missed]:
        """Files together up to a size, and each file that could not be read."""
        waiting: list[Graph] = []
        size = 0
        for found in self._files():
            if isinstance(found, Missed):
                self.problem = self.problem or found.reason
                yield found
                continue
            graph, length = found
            if waiting and size + length > PIECE_BYTES:
                yield self._piece(waiting)
                waiting, size = [], 0
            waiting.append(graph)
            size += length
        if waiting:
            yield self._piece(waiting)

    def _files(self) -> Iterator[tuple[Graph, int] | Missed]:
        """The graph and the length of each file, as far as the archive goes."""
        try:
            for found in archive.unpack(self.document.content):
                yield self._read(found)
        except DescriptionError as error:
            yield self._missed("", error)

    def _read(self, found: archive.Found) -> tuple[Graph, int] | Missed:
        if isinstance(found, archive.Unread):
            return self._missed(found.name, found.reason)
        try:
            graph = self.web.parse(self._member(found))
        except SourceError as error:
            return Missed(url=error.url or self.document.url, reason=error)
        self.taken += 1
        return graph, len(found.content)

    def _member(self, member: archive.Member) -> Document:
        """A file of the archive as a document: relative IRIs are those of the archive."""
        document = self.document
        name = member.name or urlsplit(document.final_url).path.removesuffix(".gz")
        notation = media.from_url(name)
        return Document(
            url=_inside(document.url, member.name),
            final_url=_inside(document.final_url, member.name),
            content=member.content,
            media_type=None if notation is None else notation.media_type,
            fetched=document.fetched,
        )

    def _missed(self, name: str, error: DescriptionError) -> Missed:
        url = _inside(self.document.url, name)
        reason = NotRdf(f"{url}: {error}", url=url)
        reason.__cause__ = error
        return Missed(url=url, reason=reason)

    def _piece(self, graphs: list[Graph]) -> Received:
        """What the files say together; the bytes as received are those of the archive."""
        graph = Graph(triple for each in graphs for triple in each)
        self._catalogs |= {str(node).strip("<>") for node in graph.instances(CATALOG)}
        only = Iri(next(iter(self._catalogs))) if len(self._catalogs) == 1 else None
        return Received(
            url=self.document.url, documents=(self.document,), graph=graph, catalog=only
        )


def _inside(address: str, name: str) -> str:
    return f"{address}#{quote(name)}" if name else address
