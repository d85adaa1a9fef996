"""OAI-PMH 2.0, for repositories that have descriptions in DCAT.

Prefixes are not standardised, so the operator may name one (`prefix`); otherwise the first of
`PREFERRED` that the repository lists is taken. Plain Dublin Core is the last resort, and gives
a description with little in it and nothing invented. `set` narrows a source to one set.

The first run takes everything; a later one asks only for what changed, and for everything once
a week. Moments are those of the repository's own clock. A list that breaks off goes on
from its last token the next time. The address of a record is its `GetRecord` request.

OAI-PMH 2.0: https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.etree.ElementTree import Element, ParseError, tostring

import pyoxigraph as ox
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from catalogue.errors import FetchFailed, NotRdf, SourceError
from catalogue.ingest.dense import XML_MARKS, refuse_dense
from catalogue.ingest.resume import Plan, utc_now
from catalogue.ingest.scope import Scope
from catalogue.ingest.source import (
    AllUnchanged,
    Document,
    Gone,
    Incremental,
    Item,
    Mark,
    Missed,
    Received,
    Resumed,
    Source,
    Web,
)
from catalogue.namespaces import DC, DCAT, DCT, FOAF, RDF, Iri
from catalogue.rdf.graph import Graph

OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
ACCEPT: Final = "text/xml, application/xml;q=0.9, */*;q=0.1"
PREFERRED: Final = (
    *("dcat_ap", "dcat-ap", "dcat_ap_v3", "dcat3", "dcat", "oai_dcat", "rdf_dcat", "dcat_rdf"),
    *("rdf", "rdf_xml", "oai_dc"),
)
DUBLIN_CORE: Final = "oai_dc"
_Page = tuple[Document, Element]
MOST_PAGES: Final = 20_000
SECOND: Final = "%Y-%m-%dT%H:%M:%SZ"
DAY: Final = "%Y-%m-%d"


class _Answered(Exception):
    """The repository understood us and says no; `code` is one of the protocol's."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def harvest(source: Source, web: Web, *, most_pages: int = MOST_PAGES) -> Iterator[Item]:
    """Each record as it comes. Raises `SourceError` when the first list cannot be had."""
    repository = _Repository(source, web)
    about = repository.introduction()
    prefix = source.options.get("prefix") or repository.prefix()
    yield from _Walk(repository, about, prefix, most_pages).start()


@dataclass(frozen=True, slots=True)
class _Introduction:
    """What `Identify` says that matters to us."""

    now: datetime
    written: str
    deletions: bool


def _moment(text: str | None) -> datetime | None:
    """A date of the protocol; `None` when it is none."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Repository:
    """One repository, asked by verb."""

    source: Source
    web: Web
    _scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        self._scope = Scope(self.source, self.web)

    def address(self, verb: str, **arguments: str) -> str:
        """The address of a question; what the operator put into the query stays."""
        parts = urlsplit(self.source.url)
        kept = [(k, v) for k, v in parse_qsl(parts.query) if k not in {"verb", "metadataPrefix"}]
        query = urlencode([*kept, ("verb", verb), *arguments.items()])
        return urlunsplit(parts._replace(query=query, fragment=""))

    def ask(self, verb: str, **arguments: str) -> tuple[Document, Element]:
        """The answer to a question. Raises `SourceError`, or `_Answered` for a refusal."""
        document = self.web.get(self.address(verb, **arguments), accept=ACCEPT)
        self._scope.widen(document)
        envelope = _envelope(document)
        error = envelope.find(f"{OAI}error")
        if error is not None:
            code, words = str(error.get("code")), " ".join((error.text or "").split())[:200]
            raise _Answered(code, f"{document.url}: answered “{code}” {words}".rstrip())
        return document, envelope

    def must(self, verb: str, **arguments: str) -> tuple[Document, Element]:
        """As `ask`, where a refusal is an error of the source."""
        try:
            return self.ask(verb, **arguments)
        except _Answered as refusal:
            raise FetchFailed(str(refusal), url=self.source.url) from refusal

    def introduction(self) -> _Introduction:
        """How the repository writes dates, and whether it remembers deletions."""
        _, envelope = self.must("Identify")
        granularity = envelope.findtext(f"{OAI}Identify/{OAI}granularity") or ""
        deletions = envelope.findtext(f"{OAI}Identify/{OAI}deletedRecord") or ""
        return _Introduction(
            now=_moment(envelope.findtext(f"{OAI}responseDate")) or utc_now(),
            written=SECOND if "hh" in granularity.lower() else DAY,
            deletions=deletions.strip() == "persistent",
        )

    def prefix(self) -> str:
        """The best format that the repository offers. Raises `FetchFailed` when none will do."""
        document, envelope = self.must("ListMetadataFormats")
        offered = [str(each.text).strip() for each in envelope.iter(f"{OAI}metadataPrefix")]
        known = {name.lower(): name for name in reversed(offered)}
        for wanted in PREFERRED:
            if wanted in known:
                return known[wanted]
        raise FetchFailed(
            f"{document.url}: offers no format that we read ({', '.join(offered)[:200]}); "
            "if one of them is DCAT in RDF/XML, name it with the option “prefix”",
            url=document.url,
        )


@dataclass(slots=True)
class _Walk:
    """One run over the list of records: where it stands, and what the next run must know."""

    repository: _Repository
    about: _Introduction
    prefix: str
    most_pages: int
    _plan: Plan = field(init=False)
    _tokens: set[str] = field(default_factory=set)
    _count: int = 0
    _size: int = 0
    _restarted: bool = False
    _faultless: bool = True

    def __post_init__(self) -> None:
        state = self.repository.web.remembered
        same = state.get("question") == self._question
        self._plan = Plan.of(state if same else {}, self.about.now, dated=True)

    def start(self) -> Iterator[Item]:
        """Go on where an earlier run stopped, else ask for what changed, else for everything."""
        page = self._resumed()
        if page is not None:
            yield Resumed()
        if self._plan.since is not None:
            yield Incremental()
        if page is None:
            page = self._first()
        if page is None:
            yield from self._nothing()
        else:
            yield from self._pages(page)

    @property
    def _question(self) -> list[str]:
        """What a mark belongs to: another question begins from the start."""
        return [self.prefix, self._set]

    @property
    def _set(self) -> str:
        return self.repository.source.options.get("set", "")

    def _mark(self, mark: Mark) -> Mark:
        return Mark(state={**mark.state, "question": self._question})

    def _resumed(self) -> _Page | None:
        """The page where an earlier run stopped; `None` when its token is not accepted."""
        token = self._plan.place.get("token")
        if not token:
            return None
        try:
            page = self.repository.ask("ListRecords", resumptionToken=token)
        except _Answered:
            self._plan = self._plan.restarted()
            return None
        self._count = int(self._plan.place.get("count", 0))
        return page

    def _first(self) -> _Page | None:
        """The first page; `None` when no record matches, which is no error."""
        try:
            return self.repository.ask("ListRecords", **self._arguments())
        except _Answered as refusal:
            if refusal.code == "noRecordsMatch":
                return None
            raise FetchFailed(str(refusal), url=self.repository.source.url) from refusal

    def _arguments(self) -> dict[str, str]:
        since = self._plan.since
        given = {
            "metadataPrefix": self.prefix,
            "from": since.strftime(self.about.written) if since else "",
            "set": self._set,
        }
        return {name: value for name, value in given.items() if value}

    def _nothing(self) -> Iterator[Item]:
        """No record matches: nothing changed, or there is nothing at all."""
        if self._plan.since is not None and self.about.deletions:
            yield AllUnchanged()
        yield self._mark(self._plan.done())

    def _pages(self, page: _Page) -> Iterator[Item]:
        """Page after page. The token of the next one is kept before it is asked for."""
        while True:
            yield from self._records_of(*page)
            try:
                token = self._following(*page)
                if token is None:
                    yield self._mark(self._plan.done() if self._faultless else self._plan.lost())
                    return
                yield self._mark(self._plan.at(token=token, count=self._count))
                page = self._turned(token)
            except SourceError as error:
                yield Missed(url=error.url or page[0].url, reason=error)
                return

    def _turned(self, token: str) -> _Page:
        """The next page; the first one again, once, when the token is not known any more."""
        try:
            return self.repository.ask("ListRecords", resumptionToken=token)
        except _Answered as refusal:
            error = FetchFailed(str(refusal), url=self.repository.source.url)
            first = None if self._restarted else self._first()
            if refusal.code != "badResumptionToken" or first is None:
                raise error from refusal
            self._restarted, self._count, self._size = True, 0, 0
            self._tokens.clear()
            return first

    def _following(self, document: Document, envelope: Element) -> str | None:
        """The next token, or `None` at the end. Raises `FetchFailed` for a list without one."""
        element = envelope.find(f"{OAI}ListRecords/{OAI}resumptionToken")
        token = "" if element is None else (element.text or "").strip()
        self._size = max(self._size, _size(element))
        if not token:
            self._refuse_short(document, element)
            return None
        if envelope.find(f"{OAI}ListRecords/{OAI}record") is None:
            raise _broken(document, "has no records, and announces more")
        if token in self._tokens:
            raise _broken(document, "announces a part of the list that was read before")
        if len(self._tokens) >= self.most_pages:
            raise _broken(document, f"the list has more than {self.most_pages} parts")
        self._tokens.add(token)
        return token

    def _refuse_short(self, document: Document, element: Element | None) -> None:
        """The last of several parts must say so with an empty token (§3.5); not all do."""
        if element is None and self._count < self._size:
            lacking = f"the list ends after {self._count} of {self._size} records"
            raise _broken(document, lacking)

    # records

    def _records_of(self, document: Document, envelope: Element) -> Iterator[Item]:
        for record in envelope.iterfind(f"{OAI}ListRecords/{OAI}record"):
            self._count += 1
            header = record.find(f"{OAI}header")
            name = "" if header is None else (header.findtext(f"{OAI}identifier") or "").strip()
            if header is None or not name:
                yield self._fault(document.url, "a record has no identifier")
            elif header.get("status") == "deleted":
                yield from (Gone(subject=each) for each in (self._address(name), name))
            else:
                yield self._record(document, name, record)

    def _address(self, name: str) -> str:
        """Where a record can be had by itself; its address in the register."""
        return self.repository.address("GetRecord", metadataPrefix=self.prefix, identifier=name)

    def _record(self, document: Document, name: str, record: Element) -> Received | Missed:
        """One record with its own document, or why it cannot be read."""
        content = record.find(f"{OAI}metadata/*")
        if content is None:
            return self._fault(self._address(name), "the record has no description")
        try:
            own = _document(self._address(name), document, content)
            if self.prefix == DUBLIN_CORE:
                return _received(own, from_dublin_core(content, name))
            return _received(own, None, _catalog(self.repository.web.parse(own)))
        except (NotRdf, RecursionError, ValueError) as error:
            return self._fault(self._address(name), f"is not RDF/XML ({str(error)[:200]})")

    def _fault(self, address: str, sentence: str) -> Missed:
        self._faultless = False
        return Missed(url=address, reason=NotRdf(f"{address}: {sentence}", url=address))


def _envelope(document: Document) -> Element:
    """The answer as XML, without document types or entities. Raises `NotRdf`."""
    refuse_dense(document, XML_MARKS)
    try:
        root: Element = fromstring(document.content, forbid_dtd=True)
    except DefusedXmlException as error:
        message = f"{document.url}: has a document type, which is never read"
        raise NotRdf(message, url=document.url) from error
    except (ParseError, ValueError, LookupError) as error:
        message = f"{document.url}: is not well-formed XML ({error})"
        raise NotRdf(message, url=document.url) from error
    if root.tag != f"{OAI}OAI-PMH":
        raise NotRdf(f"{document.url}: is not an answer of OAI-PMH", url=document.url)
    return root


def _size(element: Element | None) -> int:
    """How long the list is, as a token says; 0 when it does not."""
    text = "" if element is None else element.get("completeListSize", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _document(address: str, page: Document, content: Element) -> Document:
    """One record as a document of its own, which declares the namespaces that it uses."""
    text = tostring(content, encoding="unicode").replace("\r", "&#13;")
    return replace(
        page,
        url=address,
        final_url=address,
        content=text.encode(),
        media_type="application/rdf+xml",
        etag=None,
        last_modified=None,
        next_page=None,
        unchanged=False,
    )


def _received(document: Document, graph: Graph | None, catalog: Iri | None = None) -> Received:
    return Received(url=document.url, documents=(document,), graph=graph, catalog=catalog)


def _catalog(graph: Graph) -> Iri | None:
    """The catalog that the record says it stands in, when there is exactly one."""
    listed = {t.subject for t in graph if t.predicate.value == DCAT + "dataset"}
    homes = {each.value for each in listed if isinstance(each, ox.NamedNode)}
    return Iri(homes.pop()) if len(homes) == 1 else None


def _broken(document: Document, sentence: str) -> FetchFailed:
    return FetchFailed(f"{document.url}: {sentence}", url=document.url)


# --- Dublin Core --------------------------------------------------------------------------

TEXTS: Final = {"title": DCT + "title", "description": DCT + "description"}
LITERALS: Final = {
    "subject": DCAT + "keyword",
    "identifier": DCT + "identifier",
    "date": DCT + "issued",
    "rights": DCT + "rights",
}
AGENTS: Final = {"publisher": DCT + "publisher", "creator": DCT + "creator"}


def from_dublin_core(content: Element, name: str) -> Graph:
    """A dataset with what Dublin Core says of it. Empty when it says it is something else."""
    said = [
        (each.tag.removeprefix(f"{{{DC}}}"), " ".join((each.text or "").split()), each)
        for each in content
    ]
    kinds = {text.lower() for tag, text, _ in said if tag == "type" and text}
    if kinds and not any(kind.rpartition("/")[2] == "dataset" for kind in kinds):
        return Graph()
    subject = ox.NamedNode(_subject(name, [text for tag, text, _ in said if tag == "identifier"]))
    triples = [ox.Triple(subject, ox.NamedNode(RDF + "type"), ox.NamedNode(DCAT + "Dataset"))]
    for tag, text, element in said:
        triples += _statement(subject, tag, text, element) if text else ()
    return Graph(triples)


def _subject(name: str, identifiers: list[str]) -> str:
    """The name of the dataset: an address it gives itself, else its identifier here."""
    addresses = [each for each in identifiers if each.startswith(("http://", "https://"))]
    return next((each for each in addresses if " " not in each), name)


def _statement(subject: ox.NamedNode, tag: str, text: str, element: Element) -> Iterator[ox.Triple]:
    language = element.get("{http://www.w3.org/XML/1998/namespace}lang")
    if tag in AGENTS:
        agent = ox.BlankNode()
        yield ox.Triple(subject, ox.NamedNode(AGENTS[tag]), agent)
        yield ox.Triple(agent, ox.NamedNode(RDF + "type"), ox.NamedNode(FOAF + "Agent"))
        yield ox.Triple(agent, ox.NamedNode(FOAF + "name"), ox.Literal(text))
    elif tag in TEXTS:
        literal = ox.Literal(text, language=language) if language else ox.Literal(text)
        yield ox.Triple(subject, ox.NamedNode(TEXTS[tag]), literal)
    elif tag in LITERALS:
        yield ox.Triple(subject, ox.NamedNode(LITERALS[tag]), ox.Literal(text))
