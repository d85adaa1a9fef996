"""FAIR Signposting: what a machine needs to know of a page without reading it.

Level 1 stands in the `Link` headers of the page: the name to cite, the kind, the licence and the
makers as far as they were stated, every form of the description, what can be downloaded. Level 2
says the same of every resource at once in a linkset (RFC 9264), which each of them links to.
Only addresses of the web are named, and of the data only what anybody may download.

https://signposting.org/FAIR/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from flask import Flask, Response, jsonify, request

from catalogue.exports.export import Described
from catalogue.model.dataset import Dataset
from catalogue.namespaces import DCAT, DCT
from catalogue.register.records import Published, Record
from catalogue.web import exports, negotiate
from catalogue.web.answers import tag_of
from catalogue.web.parts import services, settings

ABOUT_PAGE = "https://schema.org/AboutPage"
KINDS = {
    "dataset": "https://schema.org/Dataset",
    "catalog": "https://schema.org/DataCatalog",
    "series": f"{DCAT}DatasetSeries",
}
"""What each kind of record is, as the Signposting profile wants it said."""
LINKSET_JSON = "application/linkset+json"
LINKSET_TEXT = "application/linkset"
HAS_PROVENANCE = "http://www.w3.org/ns/prov#has_provenance"
_KEPT = "!#$&'()*+,/:;=?@[]~%"
"""Characters of an address that stand as they are; any other is encoded."""


@dataclass(frozen=True, slots=True)
class Link:
    """One typed link. `attributes` are those of the target, such as its media type."""

    target: str
    relation: str
    attributes: tuple[tuple[str, str], ...] = ()

    def header(self, anchor: str = "") -> str:
        """As in a `Link` header (RFC 8288).

        >>> Link("https://a.example/x", "item", (("type", "text/csv"),)).header()
        '<https://a.example/x>; rel="item"; type="text/csv"'
        """
        said = [f"<{quote(self.target, safe=_KEPT)}>", f'rel="{self.relation}"']
        said += [f"{name}={_quoted(value)}" for name, value in self.attributes]
        return "; ".join([*said, f'anchor="{anchor}"'] if anchor else said)

    def json(self) -> dict[str, str]:
        """As a target in a linkset document."""
        return {"href": quote(self.target, safe=_KEPT), **dict(self.attributes)}


def install(app: Flask) -> None:
    """Serve the linkset of every record."""
    rule = "/<any(dataset, catalog, series):kind>/<id>/linkset"
    app.add_url_rule(rule, "linkset", linkset)


def standing(record: Record) -> tuple[str, ...]:
    """What every answer about a record says, page or graph: its linkset, its origin, its past."""
    return tuple(link.header() for link in _standing(record))


def _standing(record: Record) -> Iterator[Link]:
    yield Link(f"{record.iri}/linkset", "linkset", (("type", LINKSET_JSON),))
    yield Link(f"{record.iri}/provenance", HAS_PROVENANCE)
    yield Link(record.iri, "original timegate")
    timemap = (("type", "application/link-format"),)
    yield Link(f"{record.iri}/versions", "timemap", timemap)


def landing(published: Published) -> tuple[str, ...]:
    """What the page says beside that: its kind, makers, licence, exports and content."""
    plain = {each.target for each in _notations(published.record)}
    links = (link for link in _landing(published) if link.target not in plain)
    return tuple(link.header() for link in links if link.relation != "cite-as")


def described_by(record: Record) -> tuple[str, ...]:
    """What a graph says: which page it describes."""
    return (Link(record.iri, "describes", (("type", "text/html"),)).header(),)


def _landing(published: Published) -> Iterator[Link]:
    record = published.record
    yield Link(record.iri, "cite-as")
    yield Link(ABOUT_PAGE, "type")
    yield Link(KINDS[record.kind], "type")
    yield from _notations(record)
    if isinstance(published.value, Dataset):
        yield from _of_dataset(published)
    yield from (Link(each, "collection") for each in _homes(published))


def _homes(published: Published) -> Iterator[str]:
    """The catalogs in which it stands: first of all its own, then every other."""
    ours, record = f"{settings().base_url}/catalog/", published.record
    first = {f"{ours}{record.catalog}"} if record.catalog else set()
    stated = published.graph.objects(ox.NamedNode(record.iri), DCT + "isPartOf")
    others = {each.value for each in stated if isinstance(each, ox.NamedNode)}
    yield from first
    yield from sorted(each for each in others - first if each.startswith(ours))


def _of_dataset(published: Published) -> Iterator[Link]:
    told = exports.described(published)
    for each in exports.available(published):
        attributes = [("type", each.media_type), ("profile", each.profile)]
        stated = tuple(pair for pair in attributes if pair[1])
        yield Link(f"{published.record.iri}?format={each.key}", "describedby", stated)
    yield from _stated(told)


def _stated(told: Described) -> Iterator[Link]:
    """Licence and makers, as far as the holder stated an address; content that is open."""
    if told.licence:
        yield Link(told.licence, "license")
    for maker in told.makers:
        if maker.iri:
            yield Link(maker.iri, "author")
    for each in told.downloads:
        media = (each.media_type or "").rpartition("/media-types/")[2]
        yield Link(str(each.download_url), "item", (("type", media),) if media else ())


def _notations(record: Record) -> Iterator[Link]:
    for each in negotiate.RDF_FORMATS:
        kind = (("type", each.media_type),)
        yield Link(f"{record.iri}?format={each.key}", "describedby", kind)


def _changed(record: Record) -> datetime:
    """The datasets of a catalog come and go."""
    catalog = services().register.last_change_in(record.id) if record.kind == "catalog" else None
    return catalog or record.changed


# --- the linkset --------------------------------------------------------------------------


def linkset(kind: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """All links of a record, its metadata and its content, as JSON or as text."""
    record = services().register.standing(kind, id)
    wanted = _wanted()
    tag = tag_of(
        "linkset", wanted, str(record.version), record.changed.isoformat(), _members(record)
    )
    response = Response(content_type=wanted)
    response.set_etag(tag)
    response.last_modified = _changed(record)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    response.make_conditional(request)
    if response.status_code == 200:
        response.set_data(_written(services().register.get(kind, id), wanted))
    return response


def _members(record: Record) -> str:
    """What a catalog holds, because its items are in its linkset."""
    if record.kind != "catalog":
        return ""
    return ",".join(services().register.datasets_of_catalog(record.id))


def _wanted() -> str:
    """JSON, unless the text is what the client asks for."""
    offered = [LINKSET_JSON, LINKSET_TEXT]
    return request.accept_mimetypes.best_match(offered, LINKSET_JSON)


def _written(published: Published, wanted: str) -> bytes:
    contexts = list(_contexts(published))
    if wanted == LINKSET_JSON:
        return jsonify(linkset=[_as_json(*each) for each in contexts]).get_data()
    lines = (link.header(anchor) for anchor, links in contexts for link in links)
    return (",\n".join(lines) + "\n").encode()


def _contexts(published: Published) -> Iterator[tuple[str, list[Link]]]:
    """(resource, its links): the page, each form of the description, each piece of content."""
    record = published.record
    page = [*_landing(published), *_standing(record), *_items(record)]
    yield record.iri, page
    back = Link(record.iri, "describes", (("type", "text/html"),))
    for link in page:
        if link.relation == "describedby":
            yield link.target, [back]
        if link.relation == "item":
            yield link.target, [Link(record.iri, "collection", (("type", "text/html"),))]


def _items(record: Record) -> Iterator[Link]:
    """The datasets of a catalog."""
    if record.kind == "catalog":
        base = settings().base_url
        for each in services().register.datasets_of_catalog(record.id):
            yield Link(f"{base}/dataset/{each}", "item", (("type", "text/html"),))


def _as_json(anchor: str, links: list[Link]) -> dict[str, Any]:
    """One context object: targets by relation (RFC 9264 §4.2)."""
    found: dict[str, Any] = {"anchor": quote(anchor, safe=_KEPT)}
    for link in links:
        for relation in link.relation.split():
            found.setdefault(relation, []).append(link.json())
    return found


def _quoted(value: str) -> str:
    """A parameter's value; what cannot stand in a header is left out."""
    plain = "".join(each for each in value if each.isascii() and each.isprintable())
    return '"' + plain.replace("\\", "").replace('"', "") + '"'
