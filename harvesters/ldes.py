"""A linked data event stream (LDES), above all a DCAT-AP Feed: what changed, in order of time.

The pages of a stream are found by their relations, and those that can hold nothing newer than
what was read before are not asked for. A record may occur many times; only its newest version
counts, so a run reads first and hands over afterwards, oldest first. What waits is kept
compressed. `as:Delete` says that a record is gone.

The first run takes everything; a later one goes on from the moment where the last one ended.
When that place is not found again, the stream was begun anew, and is read from the start.

LDES: https://w3id.org/ldes/specification, TREE: https://w3id.org/tree/specification,
DCAT-AP Feeds: https://semiceu.github.io/LDES-DCAT-AP-feeds/
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from catalogue.errors import FetchFailed, NotRdf, SourceError
from catalogue.ingest.scope import Scope, spelling
from catalogue.ingest.source import (
    Document,
    Gone,
    Incremental,
    Item,
    Mark,
    Missed,
    Received,
    Source,
    Web,
)
from catalogue.namespaces import AS, DCAT, DCT, LDES, PROV, TREE, Iri
from catalogue.rdf.graph import Graph, Node

ACCEPT: Final = (
    "application/trig, application/n-quads;q=0.9, application/ld+json;q=0.8, text/turtle;q=0.7, "
    "application/n-triples;q=0.6, application/rdf+xml;q=0.5, */*;q=0.1"
)
TIMES: Final = (AS + "published", PROV + "generatedAtTime", DCT + "created", DCT + "modified")
VERSIONS: Final = (AS + "object", DCT + "isVersionOf")
"""Where the moment and the record of a member stand, when the stream does not say."""

ACTIVITIES: Final = frozenset({AS + "Create", AS + "Update", AS + "Delete"})
LOWER: Final = frozenset({TREE + "GreaterThanRelation", TREE + "GreaterThanOrEqualToRelation"})
UPPER: Final = frozenset({TREE + "LessThanRelation", TREE + "LessThanOrEqualToRelation"})
MOST_PAGES: Final = 20_000
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
AHEAD_OF_US: Final = timedelta(days=1)
"""A later moment than this is a mistake; to go on from there would miss all until then."""


class _Bounds(NamedTuple):
    """Between which moments the members of a page lie; `None` when nobody says."""

    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How far earlier runs came: the newest moment, and the members of that very moment."""

    moment: datetime | None = None
    members: frozenset[str] = frozenset()

    def is_behind(self, member: str, moment: datetime | None) -> bool:
        """Whether an earlier run had this member."""
        if self.moment is None or moment is None:
            return False
        return moment < self.moment or (moment == self.moment and member in self.members)

    def is_beyond(self, bounds: _Bounds) -> bool:
        """Whether a page may hold something that no earlier run had, or this very place."""
        return self.moment is None or bounds.last is None or bounds.last >= self.moment


class _Page(NamedTuple):
    """A page that was read; `plain` is what it says outside named graphs."""

    document: Document
    graphs: Mapping[str, Graph]
    plain: Graph
    members: frozenset[ox.NamedNode]


class _Version(NamedTuple):
    """The newest thing that the stream says of a record; no content when it is gone."""

    moment: datetime
    number: int
    content: bytes | None
    page: Document


def harvest(source: Source, web: Web, *, most_pages: int = MOST_PAGES) -> Iterator[Item]:
    """Each record once, oldest change first. Raises `SourceError` when there is no stream."""
    place = _place_of(web.remembered)
    reading = _Reading(Scope(source, web), web, place, most_pages)
    reading.read(source.url)
    if place.moment is not None and not reading.found_place and not reading.missed:
        reading = _Reading(Scope(source, web), web, _Place(), most_pages)
        reading.read(source.url)
    yield from reading.items()


def _place_of(state: Mapping[str, Any]) -> _Place:
    moment = _moment(str(state.get("moment", "")))
    return _Place(moment=moment, members=frozenset(state.get("members", ())))


@dataclass(slots=True)
class _Reading:
    """One walk over the pages of a stream, and the newest version of every record in them."""

    scope: Scope
    web: Web
    place: _Place
    most_pages: int
    found_place: bool = False
    missed: list[Missed] = field(default_factory=list)
    _ahead: list[tuple[datetime, int, str]] = field(default_factory=list)
    _bounds: dict[str, _Bounds] = field(default_factory=dict)
    _pages: set[str] = field(default_factory=set)
    _members: set[str] = field(default_factory=set)
    _versions: dict[str, _Version] = field(default_factory=dict)
    _newest: datetime | None = None
    _at_newest: set[str] = field(default_factory=set)
    _times: tuple[str, ...] = TIMES
    _names: tuple[str, ...] = VERSIONS
    _whole: bool = True
    _timed: bool = True
    _apart: bool = False
    _until: datetime | None = None

    def read(self, address: str) -> None:
        """Read the first page, then those it leads to, earliest first."""
        document = self.web.get(address, accept=ACCEPT)
        self.scope.widen(document)
        graphs = self.web.parse_graphs(document)
        self._refuse_stranger(document, graphs.get("", Graph()))
        self._pages |= {spelling(address), spelling(document.final_url)}
        self._take(document, graphs)
        while self._ahead:
            _, _, link = heappop(self._ahead)
            self._visit(link)

    def _refuse_stranger(self, document: Document, plain: Graph) -> None:
        words = {t.predicate.value for t in plain}
        if not words & {TREE + "member", TREE + "relation", TREE + "view"}:
            raise NotRdf(f"{document.url}: is no event stream (LDES)", url=document.url)

    def _visit(self, link: str) -> None:
        if not self.place.is_beyond(self._bounds.get(link, _Bounds())):
            return
        try:
            if len(self._pages) > self.most_pages:
                raise FetchFailed(f"{link}: not read, more than {self.most_pages} pages", url=link)
            address = self.scope.address(link, link)
            document = self.web.get(address, accept=ACCEPT)
            self.scope.address(document.final_url, link)
            graphs = self.web.parse_graphs(document)
        except SourceError as error:
            self._miss(link, error)
            return
        self._take(document, graphs)

    def _miss(self, link: str, error: SourceError) -> None:
        """A page that cannot be had: what is as new as it can be waits until it can."""
        self.missed.append(Missed(url=error.url or link, reason=error))
        first = self._bounds.get(link, _Bounds()).first or BEGINNING
        self._until = min(first, self._until or first)

    # a page

    def _take(self, document: Document, graphs: Mapping[str, Graph]) -> None:
        plain = graphs.get("", Graph())
        self._learn(plain)
        members = frozenset(_objects(plain, TREE + "member"))
        page = _Page(_bare(document), graphs, plain, members)
        for member in sorted(page.members, key=str):
            if member.value not in self._members:
                self._members.add(member.value)
                self._member(page, member)
        self._follow(plain)

    def _learn(self, plain: Graph) -> None:
        """What the stream says of itself: its properties, and what it keeps."""
        self._times = _stated(plain, LDES + "timestampPath") or self._times
        self._names = _stated(plain, LDES + "versionOfPath") or self._names
        for policy in {t.object for t in plain if t.predicate.value == LDES + "retentionPolicy"}:
            kinds = plain.types(policy) if isinstance(policy, Node) else set()
            self._whole = self._whole and LDES + "LatestVersionSubset" in kinds

    def _follow(self, plain: Graph) -> None:
        """Plan a visit to each page that this one leads to."""
        found = {each.value: _Bounds() for each in _objects(plain, TREE + "view")}
        for relation in {t.object for t in plain if t.predicate.value == TREE + "relation"}:
            if isinstance(relation, Node):
                _add_bound(found, plain, relation)
        for link, bounds in found.items():
            if spelling(link) not in self._pages:
                self._pages.add(spelling(link))
                self._bounds[link] = bounds
                heappush(self._ahead, (bounds.first or BEGINNING, len(self._pages), link))

    # a member

    def _member(self, page: _Page, member: ox.NamedNode) -> None:
        """Keep what a member says, unless something newer is known of the same record."""
        moment = _first_moment(page.plain, member, self._times)
        self._timed = self._timed and moment is not None
        if moment is not None and moment < page.document.fetched + AHEAD_OF_US:
            self._note(member.value, moment)
        if self.place.is_behind(member.value, moment):
            return
        record = _record(page.plain, member, self._names)
        known = self._versions.get(record.value)
        if known is None or known.moment <= (moment or BEGINNING):
            self._keep(page, member, record, moment or BEGINNING)

    def _keep(
        self, page: _Page, member: ox.NamedNode, record: ox.NamedNode, moment: datetime
    ) -> None:
        graph = _content(page, member, record)
        self._apart = self._apart or (graph is not None and _is_part(graph, record))
        packed = None if graph is None else zlib.compress(graph.n_triples())
        number = len(self._members)
        self._versions[record.value] = _Version(moment, number, packed, page.document)

    def _note(self, member: str, moment: datetime) -> None:
        """Remember the newest moment, and recognise where the last run ended."""
        if moment == self.place.moment and member in self.place.members:
            self.found_place = True
        if self._newest is None or moment > self._newest:
            self._newest, self._at_newest = moment, set()
        if moment == self._newest:
            self._at_newest.add(member)

    # what comes out

    def items(self) -> Iterator[Item]:
        """The newest version of every record, and where the next run may go on."""
        if self.place.moment is not None or not self._whole:
            yield Incremental()
        yield from self.missed
        inorder = sorted(self._versions.items(), key=lambda pair: pair[1][:2])
        for name, version in inorder:
            if self._until is None or version.moment < self._until:
                yield from self._item(name, version)
        if not self.missed:
            yield Mark(state=self._state())

    def _state(self) -> dict[str, Any]:
        """Where to go on; nowhere when parts of a record change without the record."""
        if self._newest is None or not self._timed or self._apart:
            return {}
        return {"moment": self._newest.isoformat(), "members": sorted(self._at_newest)}

    def _item(self, name: str, version: _Version) -> Iterator[Item]:
        if version.content is None:
            yield Gone(subject=name)
            return
        content = zlib.decompress(version.content)
        graph = self._with_parts(Graph.from_n_triples(content), name)
        if not _is_part(graph, ox.NamedNode(name)):
            yield Received(
                url=name,
                documents=(_own_document(version.page, content),),
                subjects=(Iri(name),),
                catalog=_catalog(graph, name),
                graph=graph,
            )

    def _with_parts(self, graph: Graph, name: str) -> Graph:
        """With the distributions that the stream describes as members of their own."""
        if not self._apart:
            return graph
        parts = graph.objects(ox.NamedNode(name), DCAT + "distribution")
        versions = [self._versions.get(str(getattr(part, "value", ""))) for part in parts]
        contents = [zlib.decompress(v.content) for v in versions if v and v.content is not None]
        return Graph([*graph, *(t for each in contents for t in Graph.from_n_triples(each))])


def _add_bound(found: dict[str, _Bounds], plain: Graph, relation: Node) -> None:
    """One relation; several to the same page narrow it together."""
    kinds = plain.types(relation)
    value = _moment(str(getattr(plain.value(relation, TREE + "value"), "value", "")))
    for target in plain.objects(relation, TREE + "node"):
        if isinstance(target, ox.NamedNode):
            bounds = found.get(target.value, _Bounds())
            if kinds & LOWER:
                bounds = bounds._replace(first=value)
            if kinds & UPPER:
                bounds = bounds._replace(last=value)
            found[target.value] = bounds


def _objects(graph: Graph, predicate: str) -> list[ox.NamedNode]:
    """The addresses that anything has by this property, sorted."""
    found = {t.object for t in graph if t.predicate.value == predicate}
    return sorted((each for each in found if isinstance(each, ox.NamedNode)), key=str)


def _stated(graph: Graph, predicate: str) -> tuple[str, ...]:
    return tuple(each.value for each in _objects(graph, predicate))


def _first_moment(plain: Graph, member: Node, times: tuple[str, ...]) -> datetime | None:
    values = (getattr(plain.value(member, each), "value", "") for each in times)
    return next((moment for value in values if (moment := _moment(str(value)))), None)


def _moment(text: str) -> datetime | None:
    """A date or moment of XML Schema, in UTC when it has no time zone; `None` when it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _record(plain: Graph, member: ox.NamedNode, names: tuple[str, ...]) -> ox.NamedNode:
    """The record of which a member is a version; the member itself when nothing says so."""
    for name in names:
        found = plain.value(member, name)
        if isinstance(found, ox.NamedNode):
            return found
    return member


def _is_part(graph: Graph, record: ox.NamedNode) -> bool:
    """Whether a record is a distribution, which is taken in with its dataset."""
    return DCAT + "Distribution" in graph.types(record)


def _content(page: _Page, member: ox.NamedNode, record: ox.NamedNode) -> Graph | None:
    """What a member says of its record; `None` when it says that the record is gone.

    The description stands in a graph of the member's name, or among the rest of the page.
    """
    kinds = page.plain.types(member)
    if AS + "Delete" in kinds:
        return None
    if member.value in page.graphs:
        return page.graphs[member.value]
    start = record if kinds & ACTIVITIES else member
    return Graph(_renamed(t, start, record) for t in _closure(page, start))


def _closure(page: _Page, start: Node) -> list[ox.Triple]:
    """What a page says of a node and of what it leads to, but for other members."""
    waiting, seen, found = [start], {start, *page.members}, []
    while waiting:
        for triple in page.plain.about(waiting.pop()):
            found.append(triple)
            target = triple.object
            if isinstance(target, Node) and target not in seen:
                seen.add(target)
                waiting.append(target)
    return found


def _renamed(triple: ox.Triple, version: Node, record: Node) -> ox.Triple:
    """About the record instead of one version of it."""
    subject = record if triple.subject == version else triple.subject
    target = record if triple.object == version else triple.object
    return ox.Triple(subject, triple.predicate, target)


def _catalog(graph: Graph, name: str) -> Iri | None:
    """The catalog that is said to list the record, when there is exactly one."""
    listing = graph.mentioning(ox.NamedNode(name))
    homes = {t.subject for t in listing if t.predicate.value == DCAT + "dataset"}
    named = [each.value for each in homes if isinstance(each, ox.NamedNode)]
    return Iri(named[0]) if len(named) == 1 else None


def _bare(document: Document) -> Document:
    """A page without its bytes: where and when something was read."""
    return Document(
        url=document.url,
        final_url=document.final_url,
        content=b"",
        media_type=None,
        fetched=document.fetched,
    )


def _own_document(page: Document, content: bytes) -> Document:
    """One version as a document of its own."""
    return Document(
        url=page.url,
        final_url=page.final_url,
        content=content,
        media_type="application/n-triples",
        fetched=page.fetched,
    )
