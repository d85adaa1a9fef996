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
import http.client
import re
import socket
import ssl
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH, parse_header_links
from urllib3.exceptions import HTTPError, ProtocolError, SSLError

from catalogue.errors import (
    AddressRefused,
    FetchFailed,
    Forbidden,
    LimitExceeded,
    NotRdf,
    ParseFailed,
    SourceError,
)
from catalogue.ingest import http_body
from catalogue.ingest.address import Guard, Resolve, Target, hostname, shown, split
from catalogue.ingest.http_connection import Deadline, Dial, Line
from catalogue.ingest.source import Document
from catalogue.model.source import Source
from catalogue.rdf import media
from catalogue.rdf.graph import Graph

ACCEPT: Final = (
    "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, "
    "application/n-triples;q=0.7, application/trig;q=0.6, application/n-quads;q=0.5, "
    "text/n3;q=0.4, */*;q=0.1"
)
PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
MOVED: Final = frozenset({301, 302, 303, 307, 308})
LATER: Final = frozenset({429, 502, 503, 504})
MOST_REDIRECTS: Final = 5
AT_ONCE: Final = 4
FIRST_PAUSE: Final = 0.5
REMEMBERED: Final = 16
REMEMBERED_BYTES: Final = 2_000_000
MEGABYTE: Final = 1024 * 1024


class RdfParser(Protocol):
    """What turns foreign bytes into a graph: `catalogue.rdf.parse.Parser`."""

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        """Raises `ParseFailed` or `LimitExceeded`, which name `url` and the line."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What came back from one request; only a 200 is read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class _Broken(Exception):
    """The connection failed in a way that another attempt may not."""


@dataclass
class Session:
    """Implements `ingest.source.Web`. May be used by several threads.

    `connect_to` and the `hosts` are explained at `Guard`; `ca_file` replaces the usual
    certificate authorities, for a source that has its own; `resolve`, `dial`, `clock`,
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
    ca_file: str | Path | None = None
    resolve: Resolve = socket.getaddrinfo
    dial: Dial = socket.create_connection
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        self._guard = Guard(
            allowed_hosts=self.allowed_hosts,
            only_hosts=self.only_hosts,
            connect_to=self.connect_to,
            resolve=self.resolve,
        )
        self._lines = _Lines(self.ca_file, self.dial)
        self._graphs: OrderedDict[int, tuple[Document, Graph]] = OrderedDict()
        self._lock = threading.Lock()

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
        """Hang up all connections."""
        self._lines.close()

    def get(self, url: str) -> Document:
        """GET, guarded. Raises `AddressRefused`, `FetchFailed`, `Forbidden` or `NotRdf`."""
        deadline = Deadline(self.clock, self.seconds)
        final, answer = self._follow(url, deadline)
        _refuse_status(shown(final), answer.status)
        document = self._document(url, final, answer)
        _refuse_page(document)
        return document

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
            raise NotRdf(str(error), url=document.url) from error

    def _follow(self, url: str, deadline: Deadline) -> tuple[str, _Answer]:
        """Follow redirects by hand; each hop is a request of its own."""
        here = url
        for _ in range(MOST_REDIRECTS + 1):
            try:
                answer = self._persist(here, deadline)
            except AddressRefused as error:
                if here == url:
                    raise
                raise AddressRefused(
                    f"{shown(url)}: redirects to {error}", url=error.url
                ) from error
            if answer.status not in MOVED:
                return here, answer
            here = _next_hop(here, answer)
        raise FetchFailed(
            f"{shown(url)}: redirects more than {MOST_REDIRECTS} times", url=shown(url)
        )

    def _persist(self, url: str, deadline: Deadline) -> _Answer:
        """Ask again, after a growing pause, while that may help and there is time."""
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            pause = FIRST_PAUSE * 2**attempt
            try:
                answer = self._exchange(url, deadline)
            except _Broken as error:
                if last or pause >= deadline.left():
                    raise FetchFailed(f"{shown(url)}: {error}", url=shown(url)) from error
            else:
                if last or answer.status not in LATER:
                    return answer
                pause = self._asked_pause(url, answer, pause, deadline)
            self.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _asked_pause(self, url: str, answer: _Answer, pause: float, deadline: Deadline) -> float:
        """How long to wait before asking again: as `Retry-After` says, when we can."""
        asked = _retry_after(answer.headers.get("Retry-After"), self.now())
        pause = pause if asked is None else asked
        if pause >= deadline.left():
            raise FetchFailed(
                f"{shown(url)}: answered {answer.status} and asks to come back in "
                f"{pause:.0f} s, which is past our {self.seconds:.0f} s",
                url=shown(url),
                status=answer.status,
            )
        return pause

    def _exchange(self, url: str, deadline: Deadline) -> _Answer:
        """One request to one checked target, and its answer."""
        target = self._target(url)
        with self._lines.borrow(target) as line, line.cutting(deadline):
            try:
                answer = self._answer(line, target, deadline)
            except (requests.RequestException, HTTPError, OSError, EOFError) as error:
                line.close()
                self._refuse_late(url, line, deadline)
                raise _as_ours(url, error) from error
            except SourceError:
                line.close()
                self._refuse_late(url, line, deadline)
                raise
            self._refuse_late(url, line, deadline)
            return answer

    def _target(self, url: str) -> Target:
        try:
            return self._guard.check(url)
        except FetchFailed as error:
            cause = error.__cause__
            if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
                raise _Broken("the name server did not answer") from error
            raise

    def _answer(self, line: Line, target: Target, deadline: Deadline) -> _Answer:
        headers = {
            "Accept": ACCEPT,
            "Accept-Encoding": http_body.ACCEPT_ENCODING,
            "User-Agent": self.user_agent,
        }
        response = line.ask(target.url, headers, deadline)
        content = b""
        if response.status_code == 200:
            content = http_body.read(response, url=shown(target.url), limit=self.max_bytes)
        else:
            line.close()
        return _Answer(status=response.status_code, headers=response.headers, content=content)

    def _refuse_late(self, url: str, line: Line, deadline: Deadline) -> None:
        """A line that was cut gives an end like any other, so the clock decides."""
        if line.was_cut or not deadline.left():
            raise FetchFailed(f"{shown(url)}: timed out after {self.seconds:g} s", url=shown(url))

    def _document(self, url: str, final: str, answer: _Answer) -> Document:
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


class _Lines:
    """Open connections that nobody is using, and a turnstile for each host."""

    def __init__(self, ca_file: str | Path | None, dial: Dial) -> None:
        self._ca_file = ca_file
        self._dial = dial
        self._lock = threading.Lock()
        self._idle: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        self._turnstiles: dict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(AT_ONCE)
        )

    @contextmanager
    def borrow(self, target: Target) -> Iterator[Line]:
        """A line to the target; it is kept for the next user unless something went wrong."""
        with self._lock:
            turnstile = self._turnstiles[target.host]
        with turnstile:
            line = self._take(target)
            try:
                yield line
            except BaseException:
                line.close()
                raise
            if line.usable:
                with self._lock:
                    self._idle[target.key].append(line)
            else:
                line.close()

    def close(self) -> None:
        """Hang up the idle ones."""
        with self._lock:
            idle, self._idle = self._idle, defaultdict(list)
        for lines in idle.values():
            for line in lines:
                line.close()

    def _take(self, target: Target) -> Line:
        with self._lock:
            idle = self._idle[target.key]
            if idle:
                return idle.pop()
        return Line(target, self._trust if target.scheme == "https" else None, self._dial)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Certificates are always verified; an operator may only say who signs them."""
        return ssl.create_default_context(cafile=self._ca_file or DEFAULT_CA_BUNDLE_PATH)


def _as_ours(url: str, error: Exception) -> FetchFailed | _Broken:
    """A failure of the network in a sentence; encryption that fails will fail again."""
    root = _root(error)
    if isinstance(error, requests.exceptions.InvalidURL):
        return FetchFailed(f"{shown(url)}: not an address ({_brief(root)})", url=shown(url))
    if isinstance(root, (ssl.SSLError, SSLError)):
        reason = getattr(root, "verify_message", "") or getattr(root, "reason", "") or str(root)
        return FetchFailed(
            f"{shown(url)}: the connection could not be secured ({reason})", url=shown(url)
        )
    if isinstance(root, (EOFError, ProtocolError, http.client.IncompleteRead)):
        return _Broken("the answer breaks off")
    return _Broken(f"the connection failed ({_brief(root)})")


def _root(error: BaseException) -> BaseException:
    """The innermost reason: `requests` and `urllib3` wrap one another."""
    seen = error
    for _ in range(8):
        inner = seen.__cause__ or getattr(seen, "reason", None) or next(iter(seen.args), None)
        if not isinstance(inner, BaseException):
            break
        seen = inner
    return seen


def _brief(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:160]


def _next_hop(here: str, answer: _Answer) -> str:
    """Where a redirect leads. From a secure address it may not lead to an open one."""
    location = answer.headers.get("Location")
    if not location:
        raise FetchFailed(
            f"{shown(here)}: redirects without saying where to",
            url=shown(here),
            status=answer.status,
        )
    there = urljoin(here, location)
    if urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http":
        raise AddressRefused(
            f"{shown(here)}: redirects from https to {shown(there)}", url=shown(here)
        )
    return there


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
    found = re.search(r"<title[^>]*>([^<]*)", start, re.IGNORECASE)
    return " ".join(html.unescape(found[1]).split())[:80] if found else ""


def _retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds to wait, from a number or a date; `None` when neither is given."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _next_page(link: str) -> str | None:
    """The target of `rel=next` in a `Link` header (RFC 8288)."""
    for each in parse_header_links(link) if link else ():
        if "next" in each.get("rel", "").lower().split():
            return each["url"]
    return None
