"""The guarded session: the only way in which the catalogue asks a source for something.

    with Session(parser, allowed_hosts=settings.allowed_hosts) as web:
        document = web.get("https://fdp.example/")
        graph = web.parse(document)

Every request stands by itself: no cookie, password or proxy of this machine goes with it,
and a redirect is a new request that the guard judges again. `seconds` is the time for one
`get` in all, its redirects, second attempts and waiting included; only looking up a name
has the time-out of the system's own resolver.
"""

from __future__ import annotations

import html
import re
import socket
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, Self

from requests.utils import parse_header_links

from catalogue.errors import FetchFailed, Forbidden, LimitExceeded, NotRdf, ParseFailed
from catalogue.ingest import http_body
from catalogue.ingest.address import Guard, Resolve, hostname, shown, split
from catalogue.ingest.http_ahead import Ahead
from catalogue.ingest.http_asking import MOST_REDIRECTS, Answer, Asker, Question
from catalogue.ingest.http_connection import Deadline, Dial
from catalogue.ingest.http_hosts import Hosts
from catalogue.ingest.http_lines import Lines
from catalogue.ingest.http_visits import NoVisits, Visits, as_before, remember
from catalogue.ingest.source import Document
from catalogue.model.source import Source
from catalogue.model.visit import Visit
from catalogue.rdf import media
from catalogue.rdf.graph import Graph

ACCEPT: Final = (
    "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, "
    "application/n-triples;q=0.7, application/trig;q=0.6, application/n-quads;q=0.5, "
    "text/n3;q=0.4, */*;q=0.1"
)
PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
CUT: Final = ("X-SPARQL-MaxRows", "X-SQL-State")
"""What Virtuoso sends with a 200 when the answer is not all there is."""
REMEMBERED: Final = 32
REMEMBERED_BYTES: Final = 2_000_000
MEGABYTE: Final = 1024 * 1024


class RdfParser(Protocol):
    """What turns foreign bytes into a graph: `catalogue.rdf.parse.Parser`."""

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        """Raises `ParseFailed` or `LimitExceeded`, which name `url` and the line."""
        ...

    def parse_graphs(
        self, content: bytes, *, media_type: str | None, base: str, url: str = ""
    ) -> dict[str, Graph]:
        """The same, with graphs kept apart by their names."""
        ...


class _Wanted(NamedTuple):
    """What a harvester asks for; a web page is an answer only when `pages`."""

    url: str
    accept: str
    pages: bool


@dataclass
class Session:
    """Implements `ingest.source.Web`. May be used by several threads.

    `connect_to` and the `hosts` are explained at `Guard`; `ca_file` replaces the usual certificate
    authorities, for a source that has its own. One question has so many `retries` and `redirects`
    at most. `polite` is shared by the sessions of a process: how much one host may be asked at
    once. `visits` are what this source answered before. What the register knows of its records is
    not known here: `remembered` and `has` are those of a source that was never harvested, unless
    something around the session (`ingest.guided`) answers better. `resolve`, `dial`, `clock`,
    `sleep` and `now` are the machine's own unless a test brings others.
    """

    parser: RdfParser
    _: KW_ONLY
    allowed_hosts: Sequence[str] = ()
    only_hosts: Sequence[str] = ()
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    seconds: float = 60.0
    max_bytes: int = 20 * MEGABYTE
    user_agent: str = "Genoomcatalogus"
    retries: int = 3
    redirects: int = MOST_REDIRECTS
    ca_file: str | Path | None = None
    polite: Hosts | None = None
    visits: Visits = field(default_factory=NoVisits)
    remembered: Mapping[str, Any] = field(default_factory=dict)
    resolve: Resolve = socket.getaddrinfo
    dial: Dial = socket.create_connection
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        self._lines = Lines(self.ca_file, self.dial)
        self._asker = self._make_asker()
        self._ahead: Ahead[_Wanted, Document] = Ahead(self._get, self._asker.hosts.at_once)
        self._graphs: OrderedDict[int, tuple[Document, Graph]] = OrderedDict()
        self._figures: Counter[str] = Counter(requests=0, not_modified=0, bytes=0)
        self._lock = threading.Lock()

    def _make_asker(self) -> Asker:
        return Asker(
            guard=Guard(
                allowed_hosts=self.allowed_hosts,
                only_hosts=self.only_hosts,
                connect_to=self.connect_to,
                resolve=self.resolve,
            ),
            hosts=self.polite or Hosts(clock=self.clock),
            lines=self._lines,
            headers={
                "Accept-Encoding": http_body.ACCEPT_ENCODING,
                "User-Agent": self.user_agent,
            },
            max_bytes=self.max_bytes,
            retries=self.retries,
            redirects=self.redirects,
            sleep=self.sleep or self._closing.wait,
            now=self.now,
            stopped=self._closing.is_set,
            heard=self._count,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up all connections, also those of requests that were made beforehand."""
        self._closing.set()
        self._ahead.close()
        self._lines.close()

    @property
    def figures(self) -> Mapping[str, int]:
        """What was done until now: `requests`, `not_modified` (of these) and `bytes` read."""
        with self._lock:
            return dict(self._figures)

    def has(self, subject: str) -> bool:  # noqa: ARG002 - a session knows no records
        """Whether a live record of this source was received under this address or IRI: no."""
        return False

    def get(self, url: str, *, accept: str | None = None, pages: bool = False) -> Document:
        """GET, guarded. Raises `AddressRefused`, `FetchFailed`, `Forbidden` or `NotRdf`.

        Asks for RDF unless `accept` says otherwise; a web page is refused unless `pages`.
        An address that is kept in `visits` is asked whether it changed.
        """
        wanted = _Wanted(url, accept or ACCEPT, pages)
        beforehand = self._ahead.take(wanted)
        return self._get(wanted) if beforehand is None else beforehand()

    def expect(
        self, urls: Iterable[str], *, accept: str | None = None, pages: bool = False
    ) -> None:
        """Addresses that `get` will be asked for next, in order: they are fetched side by side.

        A new list replaces what is left of the one before.
        """
        self._ahead.expect(_Wanted(url, accept or ACCEPT, pages) for url in urls)

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> Document:
        """POST a question, guarded as `get` is; never sent twice unless the server asks for it.

        Raises `AddressRefused`, `FetchFailed`, `Forbidden` or `NotRdf`.
        """
        question = Question(
            url=url,
            accept=accept,
            deadline=self._deadline(),
            body=body,
            content_type=content_type,
        )
        final, answer = self._asker.ask(question)
        document = self._document(url, final, answer)
        _refuse_page(document)
        return document

    def _get(self, wanted: _Wanted) -> Document:
        visit, deadline = self.visits.known(wanted.url, wanted.accept), self._deadline()
        final, answer = self._asked(wanted, deadline, visit)
        if visit is not None and answer.status == 304 and final == visit.final_url:
            content = self.visits.content(visit)
            if content is not None:
                return self._unchanged(visit, content)
            final, answer = self._asked(wanted, deadline, None)
        document = self._document(wanted.url, final, answer)
        if not wanted.pages:
            _refuse_page(document)
        remember(self.visits, wanted.accept, document, answer.headers.get("Date"))
        return document

    def _unchanged(self, visit: Visit, content: bytes) -> Document:
        document = as_before(visit, content, self.now())
        if visit.is_old(document.fetched):
            self.visits.keep(replace(visit, fetched=document.fetched), content)
        return document

    def _asked(
        self, wanted: _Wanted, deadline: Deadline, visit: Visit | None
    ) -> tuple[str, Answer]:
        question = Question(url=wanted.url, accept=wanted.accept, deadline=deadline, visit=visit)
        return self._asker.ask(question)

    def _deadline(self) -> Deadline:
        return Deadline(self.clock, self.seconds)

    def _count(self, answer: Answer) -> None:
        with self._lock:
            self._figures["requests"] += 1
            self._figures["not_modified"] += answer.status == 304
            self._figures["bytes"] += len(answer.content)

    def parse(self, document: Document) -> Graph:
        """The graph of a document, parsed in a limited child process.

        The latest few are remembered: a harvester reads them to find its way, and the
        pipeline reads the same ones to take them in. Raises `NotRdf`.
        """
        with self._lock:
            known = self._graphs.get(id(document))
        if known is not None:
            return known[1]
        graph = self._parse(document)
        self._remember(document, graph)
        return graph

    def parse_graphs(self, document: Document) -> dict[str, Graph]:
        """The graphs of a document by name, `""` for the one without. Raises `NotRdf`."""
        try:
            return self.parser.parse_graphs(
                document.content,
                media_type=document.media_type,
                base=document.final_url,
                url=document.url,
            )
        except (ParseFailed, LimitExceeded) as error:
            self.visits.forget(document.url)
            raise NotRdf(str(error), url=document.url) from error

    def _remember(self, document: Document, graph: Graph) -> None:
        """Keep the newest graph, and earlier ones as long as they are few and small."""
        with self._lock:
            self._graphs[id(document)] = (document, graph)
            size = sum(len(known.content) for known, _ in self._graphs.values())
            while len(self._graphs) > 1 and (
                len(self._graphs) > REMEMBERED or size > REMEMBERED_BYTES
            ):
                _, (oldest, _) = self._graphs.popitem(last=False)
                size -= len(oldest.content)

    def _parse(self, document: Document) -> Graph:
        try:
            return self.parser.parse(
                document.content,
                media_type=document.media_type,
                base=document.final_url,
                url=document.url,
            )
        except (ParseFailed, LimitExceeded) as error:
            self.visits.forget(document.url)
            raise NotRdf(str(error), url=document.url) from error

    def _document(self, url: str, final: str, answer: Answer) -> Document:
        """What a 200 gave. Raises for any other status."""
        _refuse_status(shown(final), answer.status)
        media_type = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()[:100]
        return Document(
            url=url,
            final_url=final,
            content=answer.content,
            media_type=media_type or None,
            fetched=self.now(),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            next_page=_next_page(answer.headers.get("Link", "")),
            cut=any(answer.headers.get(name) for name in CUT),
        )


def routes(source: Source) -> dict[str, tuple[str, int]]:
    """The `connect_to` of a session for this source: its host, and where an operator put it.

    Raises `AddressRefused` when the source's own address names no host.
    """
    if source.connect_to is None:
        return {}
    place, _, port = source.connect_to.rpartition(":")
    return {hostname(split(source.url)): (place.strip("[]"), int(port))}


def read_file(path: Path, *, max_bytes: int = 20 * MEGABYTE) -> Document:
    """A file that an operator points to, as a document.

    Only for paths from an operator's own configuration: no link of a source comes here.
    Raises `FetchFailed`.
    """
    address = path.absolute().as_uri()
    notation = media.from_url(path.name)
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise FetchFailed(f"{path}: {error.strerror}", url=address) from error
    if len(content) > max_bytes:
        raise FetchFailed(f"{path}: larger than {max_bytes // MEGABYTE} MB", url=address)
    return Document(
        url=address,
        final_url=address,
        content=content,
        media_type=None if notation is None else notation.media_type,
        fetched=datetime.now(UTC),
        last_modified=changed.isoformat(),
    )


def _refuse_status(url: str, status: int) -> None:
    if status in {401, 403}:
        raise Forbidden(f"{url}: not open to us (status {status})", url=url, status=status)
    if status != 200:
        raise FetchFailed(f"{url}: answered with status {status}", url=url, status=status)


def _refuse_page(document: Document) -> None:
    """A web page where a description should be: a login screen, a firewall, a new website."""
    if document.media_type not in PAGES:
        return
    title = _title(document.content)
    named = f"titled “{title}”" if title else "without a title"
    raise NotRdf(f"{document.url}: is a web page {named}, not RDF", url=document.url)


def _title(content: bytes) -> str:
    start = content[: 64 * 1024].decode("utf-8", "replace")
    found = re.search(r"<title[^<>]*>([^<]*)", start, re.IGNORECASE)
    return " ".join(html.unescape(found[1]).split())[:80] if found else ""


def _next_page(link: str) -> str | None:
    """The target of `rel=next` in a `Link` header (RFC 8288)."""
    for each in parse_header_links(link) if link else ():
        if "next" in each.get("rel", "").lower().split():
            return each["url"]
    return None
