"""A source that changes all the time and fails at random, as its seed says.

    with Changing(FairDataPoint(), seed=7) as source:
        source.prepare(run=1, rate=0.1, events={5: source.restart})
        ... harvest source.source("umc") ...
        source.steady      # what was live from before that run until now

Which request fails, and how, follows from the seed, the run, the address and how often it was
asked for: not from the order of requests, which differs from one time to the next.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any, Protocol

from misbehaving import Behaviour, Misbehaving, _Handler, _Server, answering, conditional, raw

from catalogue.model.source import Source

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> . @prefix ldp: <http://www.w3.org/ns/ldp#> .
"""
SAID = "dct:description 'Made up.'@en ; dct:publisher [ a foaf:Agent ; foaf:name 'UMC'@en ]"
CATALOGS = 3
PAGE = 5
FEWEST, MOST = 20, 30
"""Datasets of a source."""
LONGEST_STALL = 10.0
"""Seconds; the harvester must have given up long before."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A dataset as its holder has it."""

    number: int
    edition: int = 1
    draft: bool = False

    @property
    def title(self) -> str:
        """Tells one edition from another."""
        return f"Cohort {self.number}, edition {self.edition}"


class Product(Protocol):
    """How a source offers what it holds."""

    protocol: str
    start: str
    closes: bool
    """Whether a draft is listed and closed, or just not listed."""

    def pages(self, holdings: list[Holding], edition: int) -> Mapping[str, str | None]:
        """Turtle by path; `None` is closed."""
        ...


def dataset(holding: Holding) -> str:
    """One description."""
    return f"</d/{holding.number}> a dcat:Dataset ; dct:title '{holding.title}'@en ; {SAID} ."


def catalog(number: int, members: list[Holding]) -> str:
    """A catalog and what stands in it."""
    links = "".join(f"; dcat:dataset </d/{each.number}> " for each in members)
    return f"</c/{number}> a dcat:Catalog ; dct:title 'Catalog {number}'@en ; {SAID} {links} ."


class FairDataPoint:
    """The reference implementation: drafts are listed and closed, the root is dated."""

    protocol, start, closes = "fdp", "/", True

    def pages(self, holdings: list[Holding], edition: int) -> Mapping[str, str | None]:
        """A root, three catalogs, and a page for each dataset."""
        links = "".join(f"; fdp:metadataCatalog </c/{number}> " for number in range(CATALOGS))
        dated = f"fdp:metadataModified '{edition}' ; fdp:fdpSoftwareVersion 'FDP:1.20.3'"
        found: dict[str, str | None] = {
            "/": f"</> a fdp:FAIRDataPoint ; dct:title 'FDP'@en ; {SAID} ; {dated} {links} ."
        }
        for number in range(CATALOGS):
            members = [each for each in holdings if each.number % CATALOGS == number]
            found[f"/c/{number}"] = catalog(number, members)
        for each in holdings:
            found[f"/d/{each.number}"] = None if each.draft else dataset(each)
        return found


class PagedList:
    """A list in pages (Hydra), five datasets on each."""

    protocol, start, closes = "dcat", "/list?page=1", False

    def pages(self, holdings: list[Holding], edition: int) -> Mapping[str, str | None]:
        """A page at a time, each but the last with the address of the next."""
        listed = [each for each in holdings if not each.draft]
        slices = [listed[at : at + PAGE] for at in range(0, len(listed), PAGE)]
        return {
            f"/list?page={number}": self._page(number, some, last=number == len(slices))
            for number, some in enumerate(slices, start=1)
        }

    def _page(self, number: int, some: list[Holding], *, last: bool) -> str:
        following = "" if last else f" ; hydra:next </list?page={number + 1}>"
        view = f"</list?page={number}> a hydra:PartialCollectionView{following} ."
        return "\n".join([view, catalog(0, some), *map(dataset, some)])


class Changing(Misbehaving):
    """A source with twenty to thirty datasets; it begins with twenty-four."""

    def __init__(self, product: Product, seed: object) -> None:
        super().__init__()
        self.product, self.seed = product, f"{seed}/{product.protocol}"
        self.steady: set[str] = set()
        self.may_remove = 2
        self._holdings = {number: Holding(number) for number in range(24)}
        self._former: dict[int, Holding] = {}
        self._edition = 1
        self._change_lock, self._calm = threading.RLock(), threading.Event()
        self.prepare(run=0)

    def source(self, slug: str) -> Source:
        """How the catalogue knows it."""
        place = f"{self.place[0]}:{self.place[1]}"
        url = f"http://{slug}.example{self.product.start}"
        return Source(
            slug=slug, title=slug, protocol=self.product.protocol, url=url, connect_to=place
        )

    def live(self) -> dict[str, str]:
        """The titles of what anybody may read now, by path."""
        with self._change_lock:
            return {f"/d/{h.number}": h.title for h in self._holdings.values() if not h.draft}

    def drafts(self) -> set[str]:
        """The paths of what is listed and closed."""
        with self._change_lock:
            return {f"/d/{h.number}" for h in self._holdings.values() if h.draft}

    # what happens

    def prepare(
        self, run: int, rate: float = 0.0, events: Mapping[int, Callable[[], object]] | None = None
    ) -> None:
        """Let a share `rate` of the requests of this run fail, and do `events` at the n-th."""
        self._calm.set()
        self._calm = threading.Event()
        with self._change_lock:
            self._run, self._rate, self._events = run, rate, dict(events or {})
            self._requests, self._asked = 0, Counter[str]()
            self.steady = set(self.live())
            self._chance = Random(f"{self.seed}/{run}/changes")

    def change(self) -> None:
        """Add, change, withdraw, close or open a dataset, or bring one back."""
        ways = (self._add, self._edit, self._edit, self._remove, self._draft, self._bring_back)
        with self._change_lock:
            self._chance.choice(ways)()
            self._edition += 1
            self.steady &= set(self.live())

    def _any(self, *, draft: bool = False) -> Holding:
        return self._chance.choice([h for h in self._holdings.values() if h.draft is draft])

    def _add(self) -> None:
        if len(self._holdings) < MOST:
            number = max([*self._holdings, *self._former]) + 1
            self._holdings[number] = Holding(number)

    def _edit(self) -> None:
        held = self._any()
        self._holdings[held.number] = Holding(held.number, held.edition + 1)

    def _remove(self) -> None:
        if self.may_remove > 0 and len(self._holdings) > FEWEST:
            held = self._any()
            self._former[held.number] = self._holdings.pop(held.number)
            self.may_remove -= 1

    def _bring_back(self) -> None:
        if self._former:
            number = self._chance.choice(sorted(self._former))
            held = self._former.pop(number)
            self._holdings[number] = Holding(number, held.edition + 1)

    def _draft(self) -> None:
        """Close one, or open the one that is closed."""
        if self.drafts():
            held = self._any(draft=True)
            self._holdings[held.number] = Holding(held.number, held.edition + 1)
        elif self.product.closes or self.may_remove > 0:
            held = self._any()
            self._holdings[held.number] = Holding(held.number, held.edition, draft=True)
            self.may_remove -= not self.product.closes

    def restart(self) -> None:
        """Hang up on everybody, and listen again at the same address."""
        old, old_thread = self._server, self._thread
        old.shutdown()
        old.server_close()
        self._server = _Server(self.place, _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        old_thread.join()

    # how it answers

    def handle(self, handler: Any) -> None:
        """Answer a request, or fail in one of many ways."""
        with self._change_lock:
            self._requests += 1
            self._asked[handler.path] += 1
            event = self._events.pop(self._requests, None)
        if event is not None:
            event()
        if handler.server is not self._server:
            handler.close_connection = True
            return
        self._behaviour(handler.path)(handler)

    def _behaviour(self, path: str) -> Behaviour:
        with self._change_lock:
            pages = self.product.pages(list(self._holdings.values()), self._edition)
            chance = Random(f"{self.seed}/{self._run}/{path}/{self._asked[path]}")
        if path not in pages:
            return answering(status=404)
        turtle = pages[path]
        if turtle is None:
            return answering(status=403)
        body = (PREFIXES + turtle).encode()
        if chance.random() < self._rate:
            return self._fault(chance.choice(FAULTS), body)
        return conditional(body, etag=f'"{sha256(body).hexdigest()[:16]}"')

    def _fault(self, name: str, body: bytes) -> Behaviour:
        half = body[: len(body) // 2]
        return {
            "drop": raw(),
            "stall": self._stall,
            "500": answering(status=500),
            "502": answering(PAGE_OF_A_PROXY, status=502, media_type="text/html"),
            "429": answering(status=429, headers={"Retry-After": "0"}),
            "truncated": raw(_head(f"Content-Length: {len(body)}"), half),
            "chunk": raw(_head("Transfer-Encoding: chunked"), b"%x\r\n%b\r\n" % (len(half), half)),
            "nothing": answering(b""),
            "empty": answering(PREFIXES),
            "page": answering(PAGE_OF_A_PROXY, media_type="text/html"),
            "mislabelled": answering(PAGE_OF_A_PROXY),
        }[name]

    def _stall(self, handler: Any) -> None:
        self._calm.wait(LONGEST_STALL)
        handler.close_connection = True

    def __exit__(self, *error: object) -> None:
        self._calm.set()
        super().__exit__(*error)


FAULTS = (
    *("drop", "stall", "500", "502", "429", "truncated", "chunk"),
    *("nothing", "empty", "empty", "page", "mislabelled"),
)
PAGE_OF_A_PROXY = "<!DOCTYPE html><html><title>Sign in</title><p>Please sign in.</html>"


def _head(more: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n{more}\r\n\r\n".encode()
