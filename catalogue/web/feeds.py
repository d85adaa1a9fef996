"""What changed, for programs that follow along (LDES) and for people with a feed reader (Atom).

`/feed` is a linked data event stream as a DCAT-AP Feed: an activity for every public change,
in the order of the change log, with the description in a graph named after the activity.
Pages are slices of the log, so a full page never gains or loses an activity. The description of
a record or distribution that was withdrawn since is taken out of it, so every page is asked for
again by its tag.

LDES: https://w3id.org/ldes/specification, DCAT-AP Feeds:
https://semiceu.github.io/LDES-DCAT-AP-feeds/, Atom: RFC 4287.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement

import pyoxigraph as ox
from flask import Flask, Response, request
from werkzeug.exceptions import NotAcceptable

from catalogue.errors import BadRequest, NotFound
from catalogue.exports.export import clean
from catalogue.namespaces import AS, DCT, LDES, PREFIXES, RDF, TREE, XSD
from catalogue.rdf import media
from catalogue.rdf.rdf_xml import xml_bytes
from catalogue.register.changes_read import WITHDRAWN, PublicChange, Selection
from catalogue.register.records import Published
from catalogue.web.api import only_known
from catalogue.web.language import PREFIX, language
from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.oai_formats import is_name, listing
from catalogue.web.parts import services, settings

PAGE = 100
"""Numbers of the change log on one page. Pages have been linked to: never change it."""

NOTATIONS = {"trig": media.TRIG, "nq": media.N_QUADS, "jsonld": media.JSON_LD}
STREAM_PREFIXES = {**PREFIXES, "as": AS, "ldes": LDES, "tree": TREE}
ACTIVITIES = {"added": AS + "Create", "changed": AS + "Update", WITHDRAWN: AS + "Delete"}
_HEAD = re.compile(rb"\A(?:@prefix [^\n]*\n)*")

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50
HEADLINES = {
    "added": lazy_gettext("New: %(title)s"),
    "changed": lazy_gettext("Changed: %(title)s"),
    WITHDRAWN: lazy_gettext("Withdrawn: %(title)s"),
}
SINCE_EVER = "1970-01-01T00:00:00Z"


def install(app: Flask) -> None:
    """Serve the stream and the Atom feed."""
    app.add_url_rule("/feed", "feed", stream)
    app.add_url_rule("/feed/<int:page>", "feed_page", stream_page)
    app.add_url_rule("/feed.atom", "atom", atom)
    app.add_url_rule(PREFIX + "/feed.atom", "atom", atom)


# --- LDES ---------------------------------------------------------------------------------


def stream() -> Response:
    """The event stream itself, with the pages it consists of and the times they span."""
    pages = services().register.change_pages(PAGE)
    full = services().register.position() // PAGE
    return _quads([*_description(), *_pages(pages, full)])


def stream_page(page: int) -> Response:
    """One page of activities. Raises `NotFound` beyond the newest one."""
    register = services().register
    full = register.position() // PAGE
    if not 1 <= page <= full + 1:
        raise NotFound(f"there is no page {page}: the feed has {full + 1}")
    first = (page - 1) * PAGE + 1
    changes = register.public_changes(first, first + PAGE - 1, content=True)
    quads = [*_description(), *_members(page, changes)]
    if page <= full:
        quads += _next(page, changes)
    return _quads(quads)


def _address(page: int | None = None) -> str:
    base = f"{settings().base_url}/feed"
    return base if page is None else f"{base}/{page}"


def _stream() -> str:
    return f"{_address()}#stream"


def _description() -> Iterator[ox.Quad]:
    """What the stream is, and by which properties a client orders and groups it."""
    yield _link(_stream(), RDF + "type", LDES + "EventStream")
    yield _link(_stream(), LDES + "timestampPath", AS + "published")
    yield _link(_stream(), LDES + "versionOfPath", AS + "object")
    yield _link(_stream(), TREE + "view", _address())
    for text, tag in (("Changes in the catalogue", "en"), ("Wijzigingen in de catalogus", "nl")):
        title = ox.Literal(text, language=tag)
        yield ox.Quad(ox.NamedNode(_stream()), ox.NamedNode(DCT + "title"), title)


def _pages(pages: list[tuple[int, datetime, datetime]], full: int) -> Iterator[ox.Quad]:
    """The relations of the root: from when each page is, and until when if it is full."""
    yield _link(_address(), RDF + "type", TREE + "Node")
    if not pages:
        yield from _relation(_address(), _address(1), "Relation", None)
    for page, first, last in pages:
        yield from _relation(_address(), _address(page), "GreaterThanOrEqualToRelation", first)
        if page <= full:
            yield from _relation(_address(), _address(page), "LessThanOrEqualToRelation", last)


def _next(page: int, changes: list[PublicChange]) -> Iterator[ox.Quad]:
    """From a full page to the next one, known before anything stands in that."""
    here, there = _address(page), _address(page + 1)
    last = changes[-1].at if changes else None
    kind = "GreaterThanOrEqualToRelation" if last else "Relation"
    return _relation(here, there, kind, last)


def _relation(here: str, there: str, kind: str, value: datetime | None) -> Iterator[ox.Quad]:
    name = hashlib.sha256(f"{here} {there} {kind}".encode()).hexdigest()[:12]
    node = ox.BlankNode(f"r{name}")
    yield ox.Quad(ox.NamedNode(here), ox.NamedNode(TREE + "relation"), node)
    yield _link(node, RDF + "type", TREE + kind)
    yield _link(node, TREE + "node", there)
    if value is not None:
        yield _link(node, TREE + "path", AS + "published")
        yield ox.Quad(node, ox.NamedNode(TREE + "value"), _moment(value))


def _members(page: int, changes: list[PublicChange]) -> Iterator[ox.Quad]:
    """Each activity with, in a graph of its name, the description as it was made public."""
    yield _link(_address(page), RDF + "type", TREE + "Node")
    for change in changes:
        activity = f"{_address(page)}#{change.number}"
        yield _link(_stream(), TREE + "member", activity)
        yield _link(activity, RDF + "type", ACTIVITIES[change.action])
        yield _link(activity, AS + "object", change.record.iri)
        node = ox.NamedNode(activity)
        yield ox.Quad(node, ox.NamedNode(AS + "published"), _moment(change.at))
        yield from _payload(node, change)


def _payload(name: ox.NamedNode, change: PublicChange) -> Iterator[ox.Quad]:
    if change.content is None:
        return
    for t in (*change.content, *listing(change.content, change.record.iri)):
        yield ox.Quad(t.subject, t.predicate, t.object, name)


def _link(subject: str | ox.BlankNode, predicate: str, target: str) -> ox.Quad:
    node = ox.NamedNode(subject) if isinstance(subject, str) else subject
    return ox.Quad(node, ox.NamedNode(predicate), ox.NamedNode(target))


def _moment(value: datetime) -> ox.Literal:
    """To the microsecond, because two changes within a second are two."""
    text = value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime"))


def _quads(quads: Iterable[ox.Quad]) -> Response:
    notation = _notation()
    body = serialised(quads, notation)
    response = Response(body, content_type=f"{notation.media_type}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return tagged(response, body)


def tagged(response: Response, body: bytes) -> Response:
    """With a tag made of the bytes, or 304 when the client has them."""
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _notation() -> media.Notation:
    """The notation that the client wants. Turtle is not among them: it has no named graphs."""
    asked = request.args.get("format")
    if asked is not None:
        if asked not in NOTATIONS:
            raise BadRequest(f"format: {asked[:40]!r} is not one of {', '.join(NOTATIONS)}")
        return NOTATIONS[asked]
    offered = {notation.media_type: notation for notation in NOTATIONS.values()}
    chosen = media.negotiate(request.headers.get("Accept"), offered)
    if chosen is None:
        raise NotAcceptable(description="Offered: " + ", ".join(offered))
    return offered[chosen]


def serialised(quads: Iterable[ox.Quad], notation: media.Notation) -> bytes:
    """Quads in a stable order, so that the same page has the same bytes."""
    inorder = sorted(quads, key=lambda q: (str(q.graph_name), str(q.triple)))
    if notation is not media.TRIG:
        return ox.serialize(inorder, format=notation.format) or b""
    used = _prefixes("\n".join(map(str, inorder)))
    written = ox.serialize(inorder, format=notation.format, prefixes=used) or b""
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in used.items())
    return head.encode() + _HEAD.sub(b"", written)  # the writer declares them in any order


def _prefixes(text: str) -> dict[str, str]:
    """The prefixes that a text needs, in order."""
    return {p: ns for p, ns in sorted(STREAM_PREFIXES.items()) if f"<{ns}" in text}


# --- Atom ---------------------------------------------------------------------------------


def atom() -> Response:
    """The newest changes, of everything or of one organisation or catalog, newest first."""
    only_known(("organisation", "catalog"))
    organisation, catalog = (_named(each) for each in ("organisation", "catalog"))
    selection = Selection(holder=organisation, catalog=catalog)
    changes = services().register.newest_changes(selection, ENTRIES)
    feed = _feed(_feed_title(organisation, catalog), changes)
    feed.extend(_entries(changes))
    body = xml_bytes(feed)
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    return tagged(response, body)


def _named(parameter: str) -> str | None:
    """Whose changes are asked for. Raises `NotFound` for what cannot be a name."""
    name = request.args.get(parameter)
    if name is not None and not is_name(name):
        raise NotFound(f"there is no {parameter} called {name[:64]!r}")
    return name


def _feed_title(organisation: str | None, catalog: str | None) -> str:
    """Names whose changes these are. Raises `NotFound` when there is no such one."""
    names = []
    if organisation is not None:
        names.append(services().register.holder(organisation).name)
    if catalog is not None:
        names.append(services().register.get("catalog", catalog).value.title)
    if not names:
        return gettext("Changes in the catalogue")
    return gettext("Changes: %(name)s", name=", ".join(each.value(language()) for each in names))


def _feed(title: str, changes: list[PublicChange]) -> Element:
    base, query = settings().base_url, request.query_string.decode("latin-1")
    address = f"{base}/{language()}/feed.atom" + (f"?{query}" if query else "")
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language()})
    _leaf(feed, "id", address)
    _leaf(feed, "title", title)
    _leaf(feed, "updated", _instant(changes[0].at) if changes else SINCE_EVER)
    SubElement(feed, "link", rel="self", href=address, type="application/atom+xml")
    SubElement(feed, "link", rel="alternate", href=f"{base}/{language()}/", type="text/html")
    _leaf(SubElement(feed, "author"), "name", settings().publisher)
    return feed


def _entries(changes: list[PublicChange]) -> Iterator[Element]:
    """One for each change. The name of what was withdrawn is not repeated."""
    ids = list({each.record.id for each in changes})
    public = services().register.public_records(ids)
    for change in changes:
        yield _entry(change, public.get(change.record.id))


def _entry(change: PublicChange, public: Published | None) -> Element:
    record = change.record
    title = public.value.title.value(language()) if public else ""
    page = f"{settings().base_url}/{language()}/{record.kind}/{record.id}"
    entry = Element("entry")
    _leaf(entry, "id", f"{record.iri}#change-{change.number}")
    _leaf(entry, "title", str(HEADLINES[change.action]) % {"title": title or record.iri})
    _leaf(entry, "updated", _instant(change.at))
    SubElement(entry, "link", rel="alternate", href=page, type="text/html")
    SubElement(entry, "link", rel="related", href=record.iri, type="text/turtle")
    SubElement(entry, "category", term=change.action)
    if public:
        _leaf(SubElement(entry, "author"), "name", record.holder.name.value(language()))
    return entry


def _instant(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _leaf(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)
