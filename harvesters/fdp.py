"""Walk a FAIR Data Point: from its root to its catalogs, datasets and distributions.

Implementations agree on little. Links are given as `ldp:contains`, as DCAT properties, or
with names from older vocabularies, and all are followed. A container's IRI is often shared
by every parent, so links count only within the document in which they were read. A record
may call itself by another IRI than the address it was fetched from; the record's own IRI is
its name. Where a whole FAIR Data Point calls itself by a persistent address (w3id, purl), its
links begin with that name and are asked for where its root was found. Drafts are listed by
the reference implementation but answer 403: that is their holder's choice, and no fault.

The walk goes level by level, so that records of one level can be fetched side by side.

A source of the reference implementation, or one with the option `shortcut=yes`, is not walked
when the `metadataModified` of its root is what it was after a walk in which nothing was
missed, at most seven days ago. The risk: a server that does not pass a change in a record on
to the date of its root (nothing in the specification obliges it to) is seen to change up to
seven days late. `shortcut=no` always walks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, TypeGuard

import pyoxigraph as ox

from catalogue.errors import AddressRefused, FetchFailed, Forbidden, NotRdf, SourceError
from catalogue.ingest.scope import Scope, spelling
from catalogue.ingest.source import (
    AllUnchanged,
    Document,
    Item,
    Mark,
    Missed,
    Received,
    Source,
    Web,
)
from catalogue.namespaces import DCAT, DCT, FDPO, FOAF, LDP, R3D, RDF, Iri
from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.split import split

FDP_NAMESPACES: Final = (
    FDPO,
    "http://w3id.org/fdp/fdp-o#",
    "https://purl.org/fdp/fdp-o#",
    "http://purl.org/fdp/fdp-o#",
    "http://rdf.biosemantics.org/ontologies/fdp-o#",
    "https://rdf.biosemantics.org/ontologies/fdp-o#",
)
R3D_NAMESPACES: Final = (
    R3D,
    "https://www.re3data.org/schema/3-0#",
    "http://www.re3data.org/schema/3-0/",
    "http://www.re3data.org/schema/2-2#",
)
ROOT_TYPES: Final = {
    *(ns + "Repository" for ns in R3D_NAMESPACES),
    *(ns + name for ns in FDP_NAMESPACES for name in ("FAIRDataPoint", "FairDataPoint")),
    *(ns + "MetadataService" for ns in FDP_NAMESPACES),
}
DATASET_LINK: Final = DCAT + "dataset"
LINKS: Final = {
    LDP + "contains",
    DCAT + "catalog",
    DCAT + "seriesMember",
    DATASET_LINK,
    *(ns + "dataCatalog" for ns in R3D_NAMESPACES),
    *(ns + "metadataCatalog" for ns in FDP_NAMESPACES),
}

CATALOG: Final = DCAT + "Catalog"
DATASET: Final = DCAT + "Dataset"
SERIES: Final = DCAT + "DatasetSeries"
ABOUT_A_RECORD: Final = {DCAT + "CatalogRecord", FOAF + "Document"}
"""Classes of a page that bears the address, but is about the one record in it."""

MOST_DEPTH: Final = 8
MOST_RECORDS: Final = 20_000
MOST_FAILURES: Final = 20
"""So many records in a row that nobody answers for: the source is down, stop asking."""
TOGETHER: Final = 8
"""Records that are read before their distributions are asked for, all side by side."""
MODIFIED: Final = tuple(ns + "metadataModified" for ns in FDP_NAMESPACES)
SOFTWARE: Final = tuple(ns + "fdpSoftwareVersion" for ns in FDP_NAMESPACES)
REFERENCE: Final = "FDP:"
"""How the version of the reference implementation begins; it dates the ancestors of a change."""
SHORTCUT_HOLDS: Final = timedelta(days=7)


def harvest(
    source: Source,
    web: Web,
    *,
    most_depth: int = MOST_DEPTH,
    most_records: int = MOST_RECORDS,
    most_failures: int = MOST_FAILURES,
) -> Iterator[Item]:
    """Each catalog, series and dataset as it is found, a dataset with its distributions.

    Raises `SourceError` when the root cannot be read or is not a FAIR Data Point.
    """
    walk = _Walk(
        source,
        web,
        Scope(source, web),
        most_depth=most_depth,
        most_records=most_records,
        most_failures=most_failures,
    )
    root = walk.root()
    stamp = _stamp(root) if _shortens(source, root) else ""
    if stamp and _is_as_before(web.remembered, stamp, root.document.fetched):
        yield AllUnchanged()
        return
    missed = False
    for item in walk.onward(root):
        missed = missed or isinstance(item, Missed)
        yield item
    yield from _mark(web.remembered, "" if missed else stamp, root.document.fetched)


def _mark(before: Mapping[str, Any], stamp: str, now: datetime) -> Iterator[Mark]:
    """Remember the date of a root of which nothing was missed; else forget any other."""
    if stamp:
        yield Mark(state={"modified": stamp, "walked": now.isoformat()})
    elif before:
        yield Mark(state={})


def _is_as_before(remembered: Mapping[str, Any], stamp: str, now: datetime) -> bool:
    if remembered.get("modified") != stamp:
        return False
    try:
        walked = datetime.fromisoformat(str(remembered.get("walked")))
    except ValueError:
        return False
    return walked.tzinfo is not None and timedelta() <= now - walked < SHORTCUT_HOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """An address still to visit, the IRI that led us there, and how we came to it."""

    address: str
    iri: str = ""
    depth: int = 0
    catalog: Iri | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A document that was read, the record it is about (if one), and how we came to it."""

    document: Document
    graph: Graph
    step: _Step
    focus: ox.NamedNode | None
    kind: str | None


@dataclass(slots=True)
class _Walk:
    """The walk through one source: what is still to visit, and what was seen."""

    source: Source
    web: Web
    scope: Scope
    _: KW_ONLY
    most_depth: int
    most_records: int
    most_failures: int
    _ahead: deque[_Step] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)
    _records: int = 0
    _failures: int = 0

    def root(self) -> _Page:
        """The page at the address of the source. Raises `SourceError`."""
        address = self.source.url
        page = self._read(_Step(address=address, iri=address), self.web.get(address))
        self.scope.widen(page.document)
        self._seen |= {spelling(address), spelling(page.document.final_url)}
        _refuse_stranger(page)
        for name in _names_of_root(page):
            self.scope.rename(name, page.document.final_url)
        return page

    def onward(self, root: _Page) -> Iterator[Received | Missed]:
        """What the root describes, then what it leads to, level by level in a stable order."""
        yield from self._take(root)
        while self._ahead:
            yield from self._visit([self._ahead.popleft() for _ in self._next()])

    def _next(self) -> list[_Step]:
        return list(islice(self._ahead, TOGETHER))

    def _visit(self, steps: list[_Step]) -> Iterator[Received | Missed]:
        """Read some records, then take each with its distributions."""
        self._expect(step.address for step in steps)
        pages = []
        for step in steps:
            try:
                pages.append(self._page(step))
            except SourceError as failure:
                yield Missed(url=step.address, reason=failure)
        parts = [link for page in pages for link in self._parts(page)]
        self._expect([*parts, *(step.address for step in self._next())])
        for page in pages:
            yield from self._take(page)

    def _expect(self, addresses: Iterable[str]) -> None:
        """Have them fetched side by side, unless the source seems to be down."""
        self.web.expect(() if self._failures >= self.most_failures else addresses)

    def _page(self, step: _Step) -> _Page:
        """Fetch and read one record. Raises `SourceError`."""
        if reason := self._too_far(step):
            raise FetchFailed(f"{step.address}: not asked for, {reason}", url=step.address)
        try:
            page = self._read(step, self.scope.fetch(step.address, step.address))
        except SourceError as failure:
            self._failures = self._failures + 1 if _may_pass(failure) else 0
            raise
        self._failures = 0
        self._records += 1
        return page

    def _too_far(self, step: _Step) -> str:
        """Which limit keeps us from visiting a record, in words; empty when none does."""
        if self._failures >= self.most_failures:
            return f"the last {self._failures} requests failed"
        if self._records >= self.most_records:
            return f"the source has more than {self.most_records} records"
        if step.depth > self.most_depth:
            return f"it lies more than {self.most_depth} links deep"
        return ""

    def _read(self, step: _Step, document: Document) -> _Page:
        graph = self.web.parse(document)
        here = {spelling(each) for each in (document.url, document.final_url, step.iri)}
        focus, kind = _focus(graph, here, under_catalog=step.catalog is not None)
        return _Page(document=document, graph=graph, step=step, focus=focus, kind=kind)

    def _take(self, page: _Page) -> Iterator[Received | Missed]:
        """Hand over what a page describes, and note where it leads."""
        if page.focus is not None and not self._is_new_record(page.focus):
            return
        if page.kind == DATASET and page.focus is not None:
            yield from self._dataset(page, page.focus)
            return
        if page.focus is not None:
            yield _received(page, page.focus, page.step.catalog)
        elif not _links_of(page) and _records(page.graph, DATASET):
            yield _ambiguous(page)
        yield from self._unnamed(page)
        yield from self._links(page)

    def _unnamed(self, page: _Page) -> Iterator[Received]:
        """Records in the page that have no IRI; they get a stable one when they are taken in."""
        if not any(isinstance(node, ox.BlankNode) for node in page.graph.instances(DATASET)):
            return
        own = page.focus if page.kind == CATALOG else None
        catalog = page.step.catalog if own is None else Iri(own.value)
        given = {node for node in page.graph.subjects() if isinstance(node, ox.NamedNode)}
        for each in split(page.graph, source=self.source.url):
            if each.subject not in given and self._is_new_record(each.subject):
                yield _received(page, each.subject, catalog)

    def _dataset(self, page: _Page, focus: ox.NamedNode) -> Iterator[Received | Missed]:
        """A dataset with the records of its distributions.

        One that cannot be had now is missed; one that is closed, gone or no description
        stays a mere link, as its holder left it.
        """
        documents, missed = [page.document], []
        for link in self._parts(page):
            try:
                document = self.scope.fetch(link, link)
                self.web.parse(document)
            except SourceError as error:
                if _may_pass(error):
                    missed.append(Missed(url=link, reason=error))
                continue
            documents.append(document)
        yield from missed
        yield Received(
            url=page.document.url,
            documents=tuple(documents),
            subjects=(Iri(focus.value),),
            catalog=page.step.catalog,
            complete=not missed,
        )

    def _parts(self, page: _Page) -> list[str]:
        """Addresses of distributions that the dataset's own document does not describe."""
        if page.kind != DATASET or page.focus is None:
            return []
        nodes = page.graph.objects(page.focus, DCAT + "distribution")
        links = [n.value for n in nodes if _is_elsewhere(page.graph, n)]
        found = (self._address(link, page.document.final_url) for link in links)
        return [address for address in found if address is not None]

    def _address(self, link: str, base: str) -> str | None:
        try:
            return self.scope.address(link, base)
        except AddressRefused:
            return None

    def _links(self, page: _Page) -> Iterator[Received | Missed]:
        """Plan a visit for each link, or take what is described here and nowhere else."""
        for node, catalog in _links_of(page).items():
            if self._is_here(page, node):
                yield from self._inline(page, node, catalog)
                continue
            try:
                address = self.scope.address(node.value, page.document.final_url)
            except AddressRefused as error:
                yield Missed(url=node.value, reason=error)
                continue
            if self._is_new(address):
                self._ahead.append(
                    _Step(
                        address=address,
                        iri=node.value,
                        depth=page.step.depth + 1,
                        catalog=catalog,
                    )
                )

    def _is_here(self, page: _Page, node: ox.NamedNode) -> bool:
        """Whether a record has no address of its own: a part of this page, or far away."""
        if not _is_titled(page.graph, node):
            return False
        address = node.value.partition("#")[0]
        if spelling(address) == spelling(page.document.final_url):
            return True
        try:
            self.scope.address(address, address)
        except AddressRefused:
            return True
        return False

    def _inline(
        self, page: _Page, node: ox.NamedNode, catalog: Iri | None
    ) -> Iterator[Received | Missed]:
        """A record that is described within the page; a catalog leads on to its datasets."""
        if not self._is_new_record(node):
            return
        kind = _kind(page.graph, node)
        yield _received(page, node, None if kind == CATALOG else catalog)
        if kind == CATALOG:
            yield from self._links(
                _Page(
                    document=page.document,
                    graph=page.graph,
                    step=page.step,
                    focus=node,
                    kind=kind,
                )
            )

    def _is_new_record(self, node: ox.NamedNode) -> bool:
        """Whether a record was not handed over before, perhaps from another address."""
        new = node.value not in self._taken
        self._taken.add(node.value)
        return new

    def _is_new(self, address: str) -> bool:
        key = spelling(address)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _received(page: _Page, subject: ox.NamedNode, catalog: Iri | None) -> Received:
    return Received(
        url=page.document.url,
        documents=(page.document,),
        subjects=(Iri(subject.value),),
        catalog=catalog,
    )


def _focus(
    graph: Graph, here: set[str], *, under_catalog: bool
) -> tuple[ox.NamedNode | None, str | None]:
    """The record that a document is about, and its class.

    The one that bears the address, in any spelling; otherwise the only one of its class,
    because a record may keep a persistent IRI that differs from where it is served.
    """
    order = (DATASET, SERIES, CATALOG) if under_catalog else (CATALOG, DATASET, SERIES)
    records = {kind: _records(graph, kind) for kind in order}
    for kind in order:
        for node in records[kind]:
            if spelling(node.value) in here:
                return node, kind
    if _is_root(graph) or _is_something_else(graph, here):
        return None, None
    for kind in order:
        titled = [node for node in records[kind] if _is_titled(graph, node)]
        for candidates in (records[kind], titled):
            if len(candidates) == 1:
                return candidates[0], kind
    return None, None


def _is_something_else(graph: Graph, here: set[str]) -> bool:
    """Whether what bears the address is a thing of another class: a container, a service."""
    return any(
        graph.types(node) - ABOUT_A_RECORD
        for node in graph.subjects()
        if isinstance(node, ox.NamedNode) and spelling(node.value) in here
    )


def _records(graph: Graph, kind: str) -> list[ox.NamedNode]:
    return [
        node
        for node in graph.instances(kind)
        if isinstance(node, ox.NamedNode) and _kind(graph, node) == kind
    ]


def _kind(graph: Graph, node: Node) -> str | None:
    """The class of a record; a catalog or series is often typed as dataset as well."""
    types = graph.types(node)
    return next((kind for kind in (CATALOG, SERIES, DATASET) if kind in types), None)


def _links_of(page: _Page) -> dict[ox.NamedNode, Iri | None]:
    """Where a page leads, in a stable order, each with the catalog it is a member of.

    A catalog's page leads to its own datasets, not to those of a catalog it mentions.
    """
    own = page.focus if page.kind == CATALOG else None
    above = page.step.catalog if own is None else Iri(own.value)
    links = [triple for triple in page.graph if triple.predicate.value in LINKS]
    found: dict[ox.NamedNode, Iri | None] = {}
    for link in sorted(links, key=lambda triple: (str(triple.object), str(triple.subject))):
        if not isinstance(link.object, ox.NamedNode):
            continue
        if link.predicate.value != DATASET_LINK:
            found.setdefault(link.object, above)
        elif own in {None, link.subject}:
            found[link.object] = _catalog_of(page.graph, link.subject) or above
    return found


def _catalog_of(graph: Graph, subject: object) -> Iri | None:
    if isinstance(subject, ox.NamedNode) and CATALOG in graph.types(subject):
        return Iri(subject.value)
    return None


def _ambiguous(page: _Page) -> Missed:
    reason = NotRdf(
        f"{page.document.url}: describes several datasets, and none of them by this address",
        url=page.document.url,
    )
    return Missed(url=page.document.url, reason=reason)


def _is_elsewhere(graph: Graph, node: object) -> TypeGuard[ox.NamedNode]:
    """Whether a resource has an IRI, and the graph says nothing of it but its class."""
    return isinstance(node, ox.NamedNode) and not any(
        triple.predicate.value != RDF + "type" for triple in graph.about(node)
    )


def _is_titled(graph: Graph, node: Node) -> bool:
    return _kind(graph, node) is not None and bool(graph.objects(node, DCT + "title"))


def _refuse_stranger(page: _Page) -> None:
    """Raises `NotRdf` for a document that is RDF, but nothing to start a walk from."""
    if page.focus is None and not _links_of(page) and not _is_root(page.graph):
        raise NotRdf(
            f"{page.document.url}: is no FAIR Data Point: it is not typed as one, and it links "
            "to no catalog or dataset",
            url=page.document.url,
        )


def _is_root(graph: Graph) -> bool:
    return any(graph.instances(type_) for type_ in ROOT_TYPES)


def _names_of_root(page: _Page) -> list[str]:
    """What a FAIR Data Point calls itself, when that is one name."""
    names = {
        node.value
        for type_ in ROOT_TYPES
        for node in page.graph.instances(type_)
        if isinstance(node, ox.NamedNode)
    }
    return sorted(names) if len(names) == 1 else []


def _shortens(source: Source, root: _Page) -> bool:
    """Whether the date of the root may be taken for the date of all that is below it."""
    chosen = source.options.get("shortcut")
    versions = _values(root.graph, SOFTWARE)
    return chosen == "yes" or (
        chosen != "no" and any(version.startswith(REFERENCE) for version in versions)
    )


def _stamp(root: _Page) -> str:
    """When the root says that its metadata changed, as it says so; empty when it does not."""
    return " ".join(sorted(_values(root.graph, MODIFIED)))


def _values(graph: Graph, predicates: Iterable[str]) -> set[str]:
    """What the roots in a document say by any of these properties."""
    roots = {node for type_ in ROOT_TYPES for node in graph.instances(type_)}
    return {
        term.value
        for root in roots
        for predicate in predicates
        for term in graph.objects(root, predicate)
        if isinstance(term, ox.Literal)
    }


def _may_pass(error: SourceError) -> bool:
    """Whether asking again tomorrow may help: nobody answered, or a server in trouble."""
    if isinstance(error, Forbidden) or not isinstance(error, FetchFailed):
        return False
    return error.status is None or error.status in {408, 425, 429} or error.status >= 500
