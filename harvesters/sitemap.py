"""A website that lists its pages in a sitemap and describes its datasets inside them.

A page is read in the best form that it offers: RDF, when it links to that (`<link
rel="alternate" type="text/turtle">`), else its schema.org JSON-LD. A page whose `lastmod` is
the one that we read it with is not asked for again; once a week every page is, because a
`lastmod` is only what somebody says. A page that left the sitemap *and* answers 404 or 410 is
gone; one that only left the list follows the ordinary rule of two complete runs.

Options of a source:

* `path=/dataset/`: only pages whose path begins so, or fits a pattern such as `/*/dataset/*`;
* `rdf=no`: do not follow links to RDF, read the JSON-LD.

https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from io import BytesIO
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

import pyoxigraph as ox
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from catalogue.errors import (
    DescriptionError,
    FetchFailed,
    LimitExceeded,
    NotRdf,
    ParseFailed,
    SourceError,
)
from catalogue.ingest.dense import XML_MARKS, refuse_dense
from catalogue.ingest.resume import FULL_EVERY, utc_now
from catalogue.ingest.scope import Scope, spelling
from catalogue.ingest.source import (
    Document,
    Gone,
    Item,
    Mark,
    Missed,
    Received,
    Seen,
    Source,
    Web,
)
from catalogue.ingest.subjects import still_there, subjects
from catalogue.namespaces import DCAT, DCT, Iri
from catalogue.rdf import archive, schema_org
from catalogue.rdf.graph import Graph
from catalogue.rdf.media import BY_MEDIA_TYPE
from catalogue.rdf.schema_org_json import read_json
from catalogue.rdf.values import typed_date
from catalogue.rdf.webpage import WebPage, read_page

SITEMAP: Final = "application/xml, text/xml;q=0.9, text/plain;q=0.5, */*;q=0.1"
PAGE: Final = "text/html, application/xhtml+xml;q=0.9, application/ld+json;q=0.5, */*;q=0.1"
MOST_PAGES: Final = 50_000
MOST_MAPS: Final = 1000
DEEPEST: Final = 3
MOST_REFUSED: Final = 20
AHEAD: Final = 50
MARK_EVERY: Final = 500
SETTLED: Final = timedelta(minutes=1)
NOTATIONS: Final = ("text/turtle", "application/ld+json", "application/rdf+xml")
"""Which RDF to take when a page offers several, best first."""
MEMBERS: Final = ("Dataset", "DatasetSeries")
PART_OF: Final = DCT + "isPartOf"
_ADDRESS: Final = re.compile(r"(?<!\S)https?://\S+")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in a sitemap; `others` are the same page in other languages."""

    address: str
    changed: str = ""
    others: tuple[str, ...] = ()


def harvest(source: Source, web: Web, *, now: Clock = utc_now) -> Iterator[Item]:
    """Every page in the sitemap once. Raises `SourceError` when the sitemap cannot be read."""
    yield from _Walk(source, web, now()).walk()


def read_sitemap(document: Document) -> tuple[list[str], list[Entry]]:
    """The other sitemaps and the pages that a sitemap lists, plain text or XML, packed or not.

    Raises `NotRdf` with the reason, and the line where there is one.
    """
    try:
        content = _unpacked(document.content)
        refuse_dense(replace(document, content=content), XML_MARKS)
        if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return [], _plain_list(content)
        return _xml(content)
    except (DefusedXmlException, ParseError) as error:
        line = getattr(error, "position", (None,))[0]
        reason = ParseFailed(f"{document.url}: is no sitemap ({error})", line=line)
        raise NotRdf(str(reason), url=document.url) from reason
    except DescriptionError as error:
        raise NotRdf(f"{document.url}: {error}", url=document.url) from error


def _unpacked(content: bytes) -> bytes:
    """The sitemap in a gzip file; a zip is none."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    for member in archive.unpack(content):
        if isinstance(member, archive.Member):
            return member.content
    raise ParseFailed("the gzip file holds no sitemap")


def _plain_list(content: bytes) -> list[Entry]:
    lines = _ADDRESS.finditer(content.decode("utf-8-sig", "replace"))
    found = [Entry(line[0]) for line in islice(lines, MOST_PAGES + 1)]
    if not found:
        raise ParseFailed("this is neither a sitemap nor a list of addresses", line=1)
    if len(found) > MOST_PAGES:
        raise LimitExceeded(f"lists more than {MOST_PAGES:,} pages")
    return found


def _xml(content: bytes) -> tuple[list[str], list[Entry]]:
    """Read as it comes, so that a long list needs no tree."""
    maps: list[str] = []
    pages: list[Entry] = []
    elements: Iterable[tuple[str, Element]] = iterparse(BytesIO(content), forbid_dtd=True)
    for _, element in elements:
        name = _local(element)
        if name == "sitemap":
            maps.append(_child(element, "loc"))
        elif name == "url":
            pages.append(_entry(element))
        if name in {"sitemap", "url"}:
            element.clear()
        if len(pages) > MOST_PAGES or len(maps) > MOST_MAPS:
            raise LimitExceeded(f"lists more than {MOST_PAGES:,} pages or {MOST_MAPS:,} sitemaps")
    return [each for each in maps if each], [each for each in pages if each.address]


def _entry(element: Element) -> Entry:
    links = (each for each in element if _local(each) == "link")
    others = tuple(each.get("href", "") for each in links if each.get("rel") == "alternate")
    return Entry(_child(element, "loc"), _child(element, "lastmod"), others)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, name: str) -> str:
    found = (each.text for each in element if _local(each) == name)
    return (next(found, None) or "").strip()


# --- walking -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """One run.

    `pages` keeps for each page the `lastmod` with which it was read, and the records that it
    described. `listed` are the addresses of all pages in every language.
    """

    source: Source
    web: Web
    began: datetime
    scope: Scope = field(init=False)
    before: Mapping[str, list[str]] = field(init=False)
    pages: dict[str, list[str]] = field(init=False, default_factory=dict)
    full: str = field(init=False)
    complete: bool = field(init=False, default=True)
    refused: int = field(init=False, default=0)
    listed: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.scope = Scope(self.source, self.web)
        kept = self.web.remembered
        full = datetime.fromisoformat(kept["full"]) if "full" in kept else None
        due = full is None or not timedelta() <= self.began - full < FULL_EVERY
        self.full = self.began.isoformat() if due else str(kept["full"])
        self.before = {} if due else dict(kept["pages"])

    def walk(self) -> Iterator[Item]:
        """The sitemaps, then their pages, then those that are no longer listed."""
        entries: dict[str, Entry] = {}
        for found in self._listed():
            if isinstance(found, Missed):
                self.complete = False
                yield found
            elif len(entries) < MOST_PAGES:
                entries.setdefault(found.address, found)
        for number, item in enumerate(self._all(list(entries.values())), start=1):
            yield item
            if number % MARK_EVERY == 0:
                yield self._mark({**self.before, **self.pages})
        if self.complete:
            yield from self._no_longer_listed(entries)
        if {"full": self.full, "pages": self.pages} != dict(self.web.remembered):
            yield self._mark(self.pages)

    def _mark(self, pages: Mapping[str, list[str]]) -> Mark:
        return Mark(state={"full": self.full, "pages": dict(pages)})

    # the lists

    def _listed(self) -> Iterator[Entry | Missed]:
        """Every page of every sitemap, each in one of its languages."""
        document = self.web.get(self.source.url, accept=SITEMAP)
        self.scope.widen(document)
        seen = {spelling(document.url), spelling(document.final_url)}
        waiting = [(document, 1)]
        while waiting:
            here, depth = waiting.pop(0)
            try:
                maps, pages = read_sitemap(here)
            except SourceError as error:
                if here is document:
                    raise
                yield Missed(url=here.url, reason=error)
                continue
            yield from self._wanted(pages)
            for link in maps:
                got = self._another(link, here, seen, depth)
                if isinstance(got, Missed):
                    yield got
                elif got is not None:
                    waiting.append((got, depth + 1))

    def _another(
        self, link: str, here: Document, seen: set[str], depth: int
    ) -> Document | Missed | None:
        """A sitemap that another one lists; `None` for one that was read already."""
        if spelling(link) in seen:
            return None
        seen.add(spelling(link))
        try:
            if depth >= DEEPEST:
                raise FetchFailed(
                    f"{link}: not read, sitemaps below {DEEPEST} levels are not", url=link
                )
            address = self.scope.address(link, here.final_url)
            return self.web.get(address, accept=SITEMAP)
        except SourceError as error:
            return Missed(url=error.url or link, reason=_of_a_list(error))

    def _wanted(self, pages: Iterable[Entry]) -> Iterator[Entry | Missed]:
        for entry in pages:
            if entry.address in self.listed or not self._fits(entry.address):
                continue
            self.listed |= {entry.address, *entry.others}
            try:
                address = self.scope.address(entry.address, self.source.url)
                yield Entry(address, entry.changed)
            except SourceError as error:
                self.refused += 1
                if self.refused <= MOST_REFUSED:
                    yield Missed(url=entry.address, reason=error)

    def _fits(self, address: str) -> bool:
        wanted = self.source.options.get("path", "")
        try:
            path = urlsplit(address).path
        except ValueError:
            return True  # no address at all: that is said where it is asked for
        return fnmatchcase(path, wanted) if "*" in wanted else path.startswith(wanted)

    # the pages

    def _all(self, entries: list[Entry]) -> Iterator[Item]:
        for start in range(0, len(entries), AHEAD):
            some = entries[start : start + AHEAD]
            asked = [each.address for each in some if not self._is_as_it_was(each)]
            self.web.expect(asked, accept=PAGE, pages=True)
            for entry in some:
                yield from self._page(entry)

    def _is_as_it_was(self, entry: Entry) -> bool:
        changed, *iris = self.before.get(entry.address, [""])
        return bool(changed) and changed == entry.changed and still_there(iris, self.web)

    def _page(self, entry: Entry) -> Iterator[Item]:
        """One page: as it was, read, or missed."""
        if self._is_as_it_was(entry):
            self.pages[entry.address] = self.before[entry.address]
            for iri in self.before[entry.address][1:]:
                yield Seen(subject=iri)
            return
        try:
            received = self._received(entry.address)
            self._note(entry, received)
        except SourceError as error:
            yield Missed(url=entry.address, reason=_of_a_list(error))
            return
        yield received

    def _note(self, entry: Entry, received: Received) -> None:
        """Remember a `lastmod` that cannot hide a later change in the same moment."""
        changed = entry.changed if _is_settled(entry.changed, self.began) else ""
        found = subjects(received, self.source, self.web)
        self.pages[entry.address] = [changed, *found]

    def _received(self, address: str) -> Received:
        document = self.web.get(address, accept=PAGE, pages=True)
        self.scope.address(document.final_url, address)
        if document.media_type in BY_MEDIA_TYPE and not _looks_like_a_page(document):
            return Received(url=address, documents=(document,))
        page = _page_of(document)
        return self._as_rdf(address, page, document) or _as_json_ld(address, page, document)

    def _as_rdf(self, address: str, page: WebPage, document: Document) -> Received | None:
        """The same as the page in RDF, when the page links to that and it describes something."""
        offered = {kind: link for kind, link in reversed(page.alternates) if kind in NOTATIONS}
        best = next((offered[kind] for kind in NOTATIONS if kind in offered), None)
        if best is None or self.source.options.get("rdf") == "no":
            return None
        try:
            found = self.scope.fetch(best, document.final_url)
            graph = self.web.parse(found)
        except SourceError:
            if not page.blocks:
                raise
            return None  # the page itself may still say enough
        if not any(graph.instances(DCAT + name) for name in (*MEMBERS, "Catalog")):
            return None
        return Received(url=address, documents=(found,), catalog=self._catalog(graph))

    def _catalog(self, graph: Graph) -> Iri | None:
        """What a record says it is part of, when the sitemap has a page for that too."""
        if graph.instances(DCAT + "Catalog"):
            return None
        records = [each for name in MEMBERS for each in graph.instances(DCAT + name)]
        wholes = {whole.value for each in records for whole in graph.objects(each, PART_OF)}
        return next((Iri(each) for each in sorted(wholes & self.listed)), None)

    def _no_longer_listed(self, entries: Mapping[str, Entry]) -> Iterator[Item]:
        """Pages that left the list: gone when their own address says so, else waited for."""
        for address, (_, *iris) in self.web.remembered.get("pages", {}).items():
            left = [iri for iri in iris if self.web.has(iri)]
            if address in entries or not left:
                continue
            if self._is_gone(address):
                yield from (Gone(subject=iri) for iri in left)
            else:
                self.pages[address] = ["", *left]

    def _is_gone(self, address: str) -> bool:
        try:
            self.web.get(address, accept=PAGE, pages=True)
        except FetchFailed as error:
            return error.status in {404, 410}
        except SourceError:
            return False  # not listed and not to be had: the rule of two runs decides
        return False


def _page_of(document: Document) -> WebPage:
    try:
        return read_page(document.content)
    except DescriptionError as error:
        raise NotRdf(f"{document.url}: {error}", url=document.url) from error


def _as_json_ld(address: str, page: WebPage, document: Document) -> Received:
    """What the blocks of a page say; a broken one counts only when nothing else is said."""
    blocks: list[Any] = []
    broken: DescriptionError | None = None
    for block in page.blocks:
        try:
            blocks.append(read_json(block.text, line=block.line))
        except DescriptionError as error:
            broken = broken or error
    try:
        graph = schema_org.read(blocks, document.final_url)
    except DescriptionError as error:
        raise NotRdf(f"{address}: {error}", url=address) from error
    if not graph and broken is not None:
        raise NotRdf(f"{address}: {broken}", url=address) from broken
    graph, catalog = _apart(graph)
    return Received(url=address, documents=(document,), graph=graph, catalog=catalog)


def _apart(graph: Graph) -> tuple[Graph, Iri | None]:
    """The descriptions without their links, and the catalog that they stand in.

    Every page names the catalog with only its own dataset; as it stands, the catalog would
    change with the page from which it is taken.
    """
    links = [each for each in graph if each.predicate.value == DCAT + "dataset"]
    names = sorted(each.subject.value for each in links if isinstance(each.subject, ox.NamedNode))
    kept = Graph(each for each in graph if each not in links)
    return kept, Iri(names[0]) if names else None


def _looks_like_a_page(document: Document) -> bool:
    return document.content.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))


def _of_a_list(error: SourceError) -> SourceError:
    """A listed address that answers 404 is a fault of the list, not a record that is gone."""
    if isinstance(error, FetchFailed) and error.status in {404, 410}:
        return FetchFailed(f"{error}, and is in the sitemap", url=error.url)
    return error


def _is_settled(changed: str, began: datetime) -> bool:
    """Whether a `lastmod` lies so far back that it will differ after a next change."""
    found = typed_date(changed)
    if found is None:
        return False
    try:
        moment = datetime.fromisoformat(found.value)
    except ValueError:  # a year or a month only
        return False
    # a day ends at different times around the world
    wait = timedelta(days=2) if len(found.value) == 10 else SETTLED
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware < began - wait
