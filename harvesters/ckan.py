"""The action API of CKAN (`package_search`), as other portals that are built on it have it.

The list is asked for in the order in which CKAN last changed its records, and read on from
the last moment seen, not by number: a record that changes meanwhile moves to the end and is
met again, and none slips between two pages. What was counted is compared with what was
listed. Runs ask only for what changed since the last run without a fault began; once a week
they ask for everything, because CKAN does not tell what was removed.

A record becomes DCAT by the table in `catalogue.rdf.ckan`, or is fetched as DCAT where the
portal can give it. A draft or private record is left out; one that says that it was deleted
is gone.

Options of a source:

* `dcat=yes`: fetch `/dataset/{id}.ttl` for every record (the DCAT extension of CKAN);
* `full=yes`: always ask for everything;
* `fq`: only records that match this filter, in the words of CKAN: `organization:umc`.

The portal as a whole is named (`https://ckan.example`), or any address of its API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from catalogue.errors import FetchFailed, Forbidden, NotRdf, SourceError
from catalogue.ingest.dense import JSON_MARKS, refuse_dense
from catalogue.ingest.resume import Plan, utc_now
from catalogue.ingest.source import (
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
from catalogue.namespaces import Iri
from catalogue.rdf.ckan import Package, graph, subject

ROWS: Final = 100
JSON: Final = "application/json"
ORDER: Final = "metadata_modified asc, id asc"
MILLISECONDS: Final = 23
"""Characters of a moment that CKAN's search engine keeps: 2026-11-22T12:00:00.123."""
OTHER_TYPES: Final = frozenset({"harvest", "showcase"})
"""Packages that are the portal's own furniture."""

Clock = Callable[[], datetime]


def harvest(source: Source, web: Web, *, rows: int = ROWS, now: Clock = utc_now) -> Iterator[Item]:
    """Every record of the portal. Raises `SourceError` when its first page cannot be read."""
    plan = Plan.of(web.remembered, now(), dated=source.options.get("full") != "yes")
    portal = _Portal(source, web, rows)
    found = _Listed.of(plan)
    first = portal.page(found)
    if plan.place:
        yield Resumed()
    if plan.since is not None:
        yield Incremental()
    yield from _Walk(portal, plan, found).through(first)


# --- asking ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """Some records, and how many there are in all that answer to the same question."""

    document: Document
    packages: list[Package]
    count: int


@dataclass(frozen=True, slots=True)
class _Portal:
    """Asks one CKAN. Every failure raises `SourceError` without the status of a record."""

    source: Source
    web: Web
    rows: int

    @property
    def site(self) -> str:
        """The address of the portal, without its API."""
        return self.source.url.partition("/api/")[0].partition("?")[0].rstrip("/")

    def page(self, found: _Listed) -> _Page:
        """The records after those that were listed."""
        return self._search(found.after, rows=self.rows, start=found.start)

    def number(self) -> int:
        """How many records there are."""
        return self._search("", rows=0, start=0).count

    def as_dcat(self, package: Package) -> Document:
        """A record as the portal itself writes it in DCAT."""
        return _listing(self.web.get, self.dcat_address(package))

    def dcat_address(self, package: Package) -> str:
        """Where that is."""
        return subject({"id": package.get("id") or package.get("name")}, self.site).value + ".ttl"

    def _search(self, after: str, *, rows: int, start: int) -> _Page:
        filters = [self.source.options.get("fq", "")]
        if after:
            filters.append(f"metadata_modified:[{after}Z TO *]")
        asked = {"rows": rows, "start": start, "sort": ORDER}
        if chosen := " AND ".join(filter(None, filters)):
            asked["fq"] = chosen
        address = f"{self.site}/api/3/action/package_search?{urlencode(asked)}"
        document = _listing(self.web.get, address, accept=JSON)
        result = _result(document)
        packages, count = result.get("results"), result.get("count")
        if not isinstance(packages, list) or not isinstance(count, int):
            raise _odd(document, "is no list of records")
        return _Page(document, [p for p in packages if isinstance(p, Mapping)], count)


def _listing(get: Callable[..., Document], address: str, **options: str) -> Document:
    """A 404 or 403 of the portal is no record that is gone, nor a draft."""
    try:
        return get(address, **options)
    except FetchFailed as error:
        status = None if error.status in {404, 410} else error.status
        raise FetchFailed(str(error), url=error.url, status=status) from error


def _result(document: Document) -> Mapping[str, Any]:
    """What CKAN answers; it says `success: false` with status 200 too."""
    refuse_dense(document, JSON_MARKS)
    try:
        answer = json.loads(document.content)
    except (ValueError, RecursionError) as error:
        raise _odd(document, "does not answer in JSON") from error
    if not isinstance(answer, Mapping) or answer.get("success") is not True:
        reason = answer.get("error") if isinstance(answer, Mapping) else None
        said = reason.get("message") if isinstance(reason, Mapping) else None
        raise _odd(document, f"says that it did not succeed ({str(said)[:200]})")
    result = answer.get("result")
    return result if isinstance(result, Mapping) else {}


def _odd(document: Document, what: str) -> NotRdf:
    url = document.url
    return NotRdf(f"{url}: {what}; is it the action API of a CKAN?", url=url)


# --- the list ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """How far the list was read: up to the `start` records that have the moment `after`."""

    after: str = ""
    start: int = 0
    number: int = 0

    @classmethod
    def of(cls, plan: Plan) -> _Listed:
        """From an earlier run, from the moment since which changes are asked for, or nothing."""
        if plan.place:
            return cls(**plan.place)
        if plan.since is None:
            return cls()
        moment = plan.since.astimezone(UTC).replace(tzinfo=None)
        return cls(after=moment.isoformat(timespec="milliseconds"))

    def further(self, packages: Iterable[Package], new: int) -> _Listed:
        """After these were read too, `new` of them for the first time."""
        moments = [str(p.get("metadata_modified") or "")[:MILLISECONDS] for p in packages]
        last = moments[-1] or self.after
        same = moments.count(last) if last != self.after else self.start + len(moments)
        return _Listed(after=last, start=same, number=self.number + new)


@dataclass(slots=True)
class _Walk:
    """Through the pages, with a mark after each."""

    portal: _Portal
    plan: Plan
    listed: _Listed
    failed: bool = False
    _met: set[str] = field(default_factory=set)

    def through(self, page: _Page) -> Iterator[Item]:
        """The given page and all that follow."""
        first = page.count
        try:
            while page.packages:
                last = self.listed.start + len(page.packages) >= page.count
                yield from self._page(page, last=last)
                if last:
                    break
                page = self.portal.page(self.listed)
            missing = self._shortage(first)
        except SourceError as error:
            yield Missed(url=error.url or self.portal.source.url, reason=error)
            return
        if missing is not None:
            yield Missed(url=self.portal.source.url, reason=missing)
        yield self._end(missing)

    def _page(self, page: _Page, *, last: bool) -> Iterator[Item]:
        new = [package for package in page.packages if self._is_new(package)]
        if not new and not last:
            url = page.document.url
            raise FetchFailed(f"{url}: repeats earlier pages; the list does not end", url=url)
        if self._wants_dcat:
            self.portal.web.expect(self.portal.dcat_address(p) for p in new if _is_public(p))
        for package in new:
            yield from self._package(package, page.document)
        self.listed = self.listed.further(page.packages, len(new))
        listed = self.listed
        yield self.plan.at(after=listed.after, start=listed.start, number=listed.number)

    def _is_new(self, package: Package) -> bool:
        key = str(package.get("id") or package.get("name"))
        new = key not in self._met
        self._met.add(key)
        return new

    def _package(self, package: Package, page: Document) -> Iterator[Item]:
        this = subject(package, self.portal.site).value
        if str(package.get("type")) in OTHER_TYPES:
            return
        if not (package.get("id") or package.get("name")):
            yield Missed(url=page.url, reason=_odd(page, "lists a record without an id"))
            return
        if package.get("state") == "deleted":
            yield Gone(subject=this)
        elif not _is_public(package):
            reason = Forbidden(f"{this}: is private or a draft", url=this)
            yield Missed(url=this, reason=reason)
        elif self._wants_dcat:
            yield self._as_dcat(package)
        else:
            yield self._as_json(package, Iri(this), page)

    @property
    def _wants_dcat(self) -> bool:
        return self.portal.source.options.get("dcat") == "yes"

    def _as_dcat(self, package: Package) -> Received | Missed:
        try:
            document = self.portal.as_dcat(package)
            self.portal.web.parse(document)
        except SourceError as error:
            self.failed = True
            return Missed(url=error.url or self.portal.dcat_address(package), reason=error)
        return Received(url=document.url, documents=(document,))

    def _as_json(self, package: Package, this: Iri, page: Document) -> Received:
        """The part of the page that is about this record is what was received."""
        own = replace(
            page,
            url=this,
            final_url=this,
            content=json.dumps(package, sort_keys=True).encode(),
            media_type=JSON,
            etag=None,
            last_modified=None,
            next_page=None,
        )
        described = graph(package, site=self.portal.site)
        return Received(url=this, documents=(own,), subjects=(this,), graph=described)

    def _shortage(self, first: int) -> SourceError | None:
        """When fewer were listed than the portal counts; both counts, for it may change."""
        if self.plan.since is not None:
            return None
        now = self.portal.number()
        least = now if self.plan.place else min(first, now)
        if self.listed.number >= least:
            return None
        url = self.portal.source.url
        return FetchFailed(
            f"{url}: counts {least} records and lists only {self.listed.number}", url=url
        )

    def _end(self, missing: SourceError | None) -> Mark:
        return self.plan.lost() if missing or self.failed else self.plan.done()


def _is_public(package: Package) -> bool:
    return package.get("private") is not True and package.get("state", "active") == "active"
