"""Everything at once: pages of descriptions linked with Hydra, and one compressed dump.

The links from page to page continue after the last identifier, so that no dataset is skipped
or met twice while others come and go. `page=N` alone is for clients that count; it counts in
the same order. Every address begins with the configured base, whatever a proxy says.

Hydra: https://www.hydra-cg.com/spec/latest/core/
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Flask, Response, request

from catalogue.errors import BadRequest
from catalogue.namespaces import DCAT, HYDRA, RDF, XSD
from catalogue.rdf.graph import Graph
from catalogue.register.records import Published
from catalogue.web import negotiate
from catalogue.web.answers import as_a_whole, tag_of, unmeasured
from catalogue.web.api import only_known
from catalogue.web.oai_formats import is_name, listing
from catalogue.web.parts import services, settings

PAGE = 100
MOST_PAGES = 1_000_000
N_QUADS = negotiate.Format("nq", "application/n-quads", "N-Quads")
FORMATS = {each.key: each for each in (*negotiate.RDF_FORMATS, N_QUADS) if each.key != "n3"}
PARAMETERS = ("page", "after", "modified_since")
_ZONE = re.compile(r"(T\S*) (\d\d:\d\d)\Z")
"""A plus sign reads as a space in a query."""
_NUMBER = re.compile(r"[0-9]{1,9}")
GZIP = 31
"""zlib's number for a gzip header around the data; its clock stands at zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the list of datasets a page begins, and what narrows the list."""

    page: int = 1
    after: str | None = None
    since: datetime | None = None
    stated: str = ""

    def address(self, document: str) -> str:
        """The page as a query on the address of the list."""
        given = [("page", str(self.page)), ("after", self.after), ("modified_since", self.stated)]
        return f"{document}?{urlencode([(name, value) for name, value in given if value])}"


def install(app: Flask) -> None:
    """Serve `/catalog.ttl` and its sisters, and `/dump.nq.gz`."""
    app.add_url_rule(f"/catalog.<any({', '.join(FORMATS)}):key>", "bulk", pages)
    app.add_url_rule("/dump.nq.gz", "dump", dump)


# --- pages --------------------------------------------------------------------------------


def pages(key: str) -> Response:
    """One page of datasets with their distributions, and the catalogs in which they stand."""
    only_known(PARAMETERS)
    place = _place()
    found = _datasets(place)
    document = f"{settings().base_url}/catalog.{key}"
    more = found[PAGE:]
    following = _following(place, found[PAGE - 1]) if more else None
    graph = Graph(chain(_described(place, found[:PAGE]), _controls(document, place, following)))
    response = as_a_whole(graph, FORMATS[key])
    response.headers.add("Link", f'<{_first_page(document, place)}>; rel="first"')
    if following:
        response.headers.add("Link", f'<{following.address(document)}>; rel="next"')
    return response


def _place() -> Place:
    """What the query asks for. Raises `BadRequest` naming the parameter that is not right."""
    page, since = request.args.get("page", "1"), request.args.get("modified_since", "")
    if not _NUMBER.fullmatch(page) or not 1 <= int(page) <= MOST_PAGES:
        raise BadRequest(f"page: {page[:40]!r} is not a number from 1 to {MOST_PAGES}")
    after = request.args.get("after")
    if after and not is_name(after):
        raise BadRequest(f"after: {after[:40]!r} is not the identifier of a dataset")
    return Place(page=int(page), after=after, since=moment(since), stated=since)


def moment(text: str) -> datetime | None:
    """A date or a moment in ISO 8601; without a time zone it is UTC. `None` for no text."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(_ZONE.sub(r"\1+\2", text.strip()))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        message = f"modified_since: {text[:40]!r} is not a moment such as 2026-11-22T12:00:00Z"
        raise BadRequest(message) from error


def _datasets(place: Place) -> list[Published]:
    """One more than fits, which tells whether there is a next page."""
    skip = 0 if place.after is not None else (place.page - 1) * PAGE
    return services().register.public_after(
        "dataset", place.after or "", PAGE + 1, skip=skip, since=place.since
    )


def _following(place: Place, last: Published) -> Place:
    return replace(place, page=place.page + 1, after=last.record.id)


def _described(place: Place, found: list[Published]) -> Iterator[ox.Triple]:
    """The datasets; on the first page also every series, and every catalog there is."""
    for dataset in found:
        yield from dataset.graph
        yield from listing(dataset.graph, dataset.record.iri)
    first = place.page == 1 and place.after is None
    for other in _first(place) if first else _homes(found):
        yield from (t for t in other.graph if t.predicate.value != DCAT + "dataset")


def _first(place: Place) -> Iterator[Published]:
    register = services().register
    for record in chain(register.catalogs(), register.published("series")):
        if place.since is None or record.record.changed >= place.since:
            yield record


def _homes(found: Iterable[Published]) -> Iterable[Published]:
    homes = dict.fromkeys(each.record.catalog for each in found if each.record.catalog)
    return services().register.public_records(list(homes)).values()


def _controls(document: str, place: Place, following: Place | None) -> Iterator[ox.Triple]:
    """How to go on, in the words of today's Hydra and of the older one that harvesters read."""
    here = place.address(document)
    first = _first_page(document, place)
    total = services().register.count_public("dataset", place.since)
    yield _link(document, RDF + "type", HYDRA + "Collection")
    yield _link(document, HYDRA + "view", here)
    yield _number(document, HYDRA + "totalItems", total)
    for name in ("PartialCollectionView", "PagedCollection"):
        yield _link(here, RDF + "type", HYDRA + name)
    yield _number(here, HYDRA + "totalItems", total)
    yield _number(here, HYDRA + "itemsPerPage", PAGE)
    for name in ("first", "firstPage"):
        yield _link(here, HYDRA + name, first)
    for name in ("next", "nextPage") if following else ():
        yield _link(here, HYDRA + name, following.address(document) if following else "")


def _first_page(document: str, place: Place) -> str:
    return replace(place, page=1, after=None).address(document)


def _link(subject: str, predicate: str, target: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(target))


def _number(subject: str, predicate: str, value: int) -> ox.Triple:
    literal = ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), literal)


# --- dump ---------------------------------------------------------------------------------


def dump() -> Response:
    """Every named graph of the public store, streamed as gzip.

    Its tag is made of the position of the change log: weak, as a change may come in while it runs.
    """
    register = services().register
    dates = register.change_dates()
    response = unmeasured(Response(mimetype="application/gzip"))
    response.set_etag(tag_of("dump", str(register.position())), weak=True)
    if dates is not None:
        response.last_modified = dates[1]
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Disposition"] = 'attachment; filename="genoomcatalogus.nq.gz"'
    response.make_conditional(request)  # which would read a body to its end
    if request.method != "HEAD" and response.status_code == 200:
        response.response = packed(chain(register.graphs(), register.walk()))
    return response


def packed(graphs: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Named graphs as gzipped N-Quads, one graph in memory at a time."""
    packer = zlib.compressobj(6, wbits=GZIP)
    for name, triples in graphs:
        end = f" <{name}> .".encode()
        lines = (line.removesuffix(b" .") + end for line in triples.splitlines())
        if some := packer.compress(b"\n".join(lines) + b"\n"):
            yield some
    yield packer.flush()
