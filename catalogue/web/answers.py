"""Answers with RDF in them: the right media type, a tag for caches, links for machines.

A tag is made of what is known before anything is built: the state of the record, the format, the
profile, and the release of this software. Who has that answer already gets 304 for one look at
the register; for who has it not, each worker keeps the answers that were made last, by their
tags. What was not given such a state is tagged by its bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotAcceptable

from catalogue.errors import BadRequest, DescriptionError, Unoffered
from catalogue.rdf.graph import Graph
from catalogue.rdf.media import RDF_XML
from catalogue.rdf.rdf_xml import whole
from catalogue.rdf.serialise import serialise
from catalogue.rdf.views import FULL, view
from catalogue.web import negotiate
from catalogue.web import profile_negotiation as profile
from catalogue.web.language import language, prefix, same_page_in
from catalogue.web.parts import services, settings
from catalogue.web.repeated import LARGEST, Answer, Answers, undated

RESOURCE = "http://www.w3.org/ns/ldp#Resource"
PACKAGE = Path(__file__).resolve().parents[1]
CODE = (".py", ".html", ".po", ".rq")
"""Files that decide what an answer says."""
SITE, KEPT = "catalogue-site", "catalogue-answers"
MOST_BYTES = 16_000_000
"""Of the answers that one worker keeps by their tags."""
Links = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Formats that are neither RDF nor a page, and how each is written."""

    formats: tuple[negotiate.Format, ...] = ()
    write: Callable[[negotiate.Format], Response] = field(default=lambda _: Response())


NOTHING = Beside()


def install(app: Flask) -> None:
    """Let `app` keep answers."""
    app.extensions[KEPT] = Answers(MOST_BYTES)


def negotiated(  # noqa: PLR0913 - all but two by keyword
    page: Callable[[], str | Response],
    graph: Callable[[], Graph],
    *,
    iri: str,
    modified: datetime | None = None,
    more_links: Links = (),
    profiles: bool = False,
    state: str = "",
    page_state: Callable[[], str] = str,
    beside: Beside = NOTHING,
    signposts: Callable[[], Links] | None = None,
    subject: str = "",
) -> Response:
    """The page or the graph, whichever the client wants; only the one is made.

    With `profiles` the graph comes as the profile that `Accept-Profile` or `?profile=` names
    (W3C Content Negotiation by Profile), otherwise as everything that was said.
    Under `/nl/` and `/en/` there are pages only, unless `?format=` asks for something else.
    `state` changes whenever the record does, `page_state` whenever its page does; without
    them the answer is always made. `beside` are further formats, `signposts` what a page
    says in `Link` beside the notations. `subject` is what the graph is about, when that is not
    what stands at `iri`.
    """
    back = (f'<{iri}>; rel="describes"; type="text/html"',) if signposts else ()

    def answered(wanted: negotiate.Format) -> Response:
        if wanted is negotiate.HTML:
            return _page(page, iri, page_state(), lambda: (*more_links, *(signposts or tuple)()))
        if wanted in beside.formats:
            tag = tag_of(state, wanted.key) if state else ""
            return _once(
                iri, tag, modified, lambda: _linked(beside.write(wanted), iri, (*more_links, *back))
            )
        key = profile.choose(_accept_profile(), request.args.get("profile")) if profiles else FULL
        about = subject or iri

        def make() -> Response:
            found = graph() if key == FULL else view(graph(), ox.NamedNode(about), key).graph
            return _linked(rdf(found, wanted, modified, tag=tag), iri, (*more_links, *back))

        tag = tag_of(state, wanted.key, key) if state else ""
        response = _once(iri, tag, modified, make)
        if profiles:
            _name_profile(response, key, iri)
        return response

    return _first_that_can(answered, beside.formats)


def _first_that_can(
    answered: Callable[[negotiate.Format], Response], more: tuple[negotiate.Format, ...]
) -> Response:
    """In the notation that the client likes best, of those that can hold this graph."""
    wanted = chosen(more)
    try:
        return answered(wanted)
    except Unoffered as error:
        try:
            return answered(chosen(more, but=wanted))
        except NotAcceptable:
            raise error from None


def chosen(
    more: tuple[negotiate.Format, ...] = (), *, but: negotiate.Format | None = None
) -> negotiate.Format:
    """The format that this request wants, of those of RDF, HTML and `more`; another than `but`."""
    asked = request.args.get("format")
    if prefix() and asked is None:
        return negotiate.HTML
    return negotiate.choose(request.headers.get("Accept"), asked, more=more, but=but)


def _page(
    page: Callable[[], str | Response], iri: str, state: str, more_links: Callable[[], Links]
) -> Response:
    def make() -> Response:
        made = page()
        response = made if isinstance(made, Response) else Response(made, mimetype="text/html")
        return _linked(response, iri, more_links())

    if not state or request.cookies or "Authorization" in request.headers:
        return make()  # what somebody who signed in sees is theirs alone
    response = _once(iri, tag_of(state, "html", same_page_in(language())), None, make)
    response.mimetype = "text/html"
    return response


def _once(iri: str, tag: str, modified: datetime | None, make: Callable[[], Response]) -> Response:
    """What `make` gives about `iri`, with this tag; 304, and nothing made, when it is known."""
    if not tag:
        return make()
    known = _tagged(Response(), tag, modified)
    known.headers.remove("Content-Type")  # of nothing; it would be taken for a page
    known.make_conditional(request)
    if known.status_code != 200:
        return known
    answers: Answers = current_app.extensions[KEPT]
    if (found := answers.get(f"{iri} {tag}", tag)) is not None:
        response = Response(found.body, found.status, found.headers)
        _dated(response, modified)  # of a catalog it may be later than it was
        return response
    made = make()
    if made.status_code != 200:
        return made
    return _kept(answers, iri, tag, _tagged(made, tag, modified))


def _kept(answers: Answers, iri: str, tag: str, made: Response) -> Response:
    """The answer, which is kept when it is whole and not very large."""
    if made.is_sequence and not made.direct_passthrough and len(made.get_data()) <= LARGEST:
        headers = undated(made.headers.to_wsgi_list())
        answers.put(f"{iri} {tag}", Answer(tag, made.status, headers, made.get_data()))
    return made


def _tagged(response: Response, tag: str, modified: datetime | None) -> Response:
    response.set_etag(tag)
    _dated(response, modified)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _dated(response: Response, modified: datetime | None) -> None:
    if modified is not None:  # given nothing, Werkzeug would write the moment of asking
        response.last_modified = modified if modified.tzinfo else modified.replace(tzinfo=UTC)


def unmeasured(response: Response) -> Response:
    """A response that tells no length, as what it would hold was not written (RFC 9110 §8.6)."""
    response.automatically_set_content_length = False
    return response


def tag_of(*parts: str) -> str:
    """A tag for an answer that these parts, this site and its software decide."""
    text = "\x00".join((site(), *parts))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def site() -> str:
    """Changes whenever the software, the vocabulary or the choices of this site do."""
    found = current_app.extensions.get(SITE)
    if found is None:
        own, parts = settings(), services()
        chosen = (own.base_url, own.publisher, own.license, own.demonstration, parts.policy)
        seen = hashlib.sha256(repr((release(), chosen)).encode())
        for each in parts.ontologies:
            seen.update(each)
        found = current_app.extensions[SITE] = seen.hexdigest()[:16]
    return str(found)


@cache
def release() -> str:
    """Changes whenever the code or the texts of this installation do."""
    files = (path for path in PACKAGE.rglob("*") if path.suffix in CODE)
    seen = sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _linked(response: Response, iri: str, more_links: Links) -> Response:
    for link in (*links(iri), *more_links):
        response.headers.add("Link", link)
    return response


def _accept_profile() -> str | None:
    return request.headers.get("Accept-Profile")


def _name_profile(response: Response, key: str, iri: str) -> None:
    """Say which profile this is and where the others are; in Turtle only, to stay short."""
    response.headers["Content-Profile"] = profile.content_profile(key)
    response.vary.add(profile.VARY)
    if response.status_code == 304:
        return  # the links are with the answer that the client has
    others = profile.alternates(iri, [("ttl", "text/turtle")])
    response.headers.add("Link", profile.links(key, others))


def rdf(
    graph: Graph, wanted: negotiate.Format, modified: datetime | None = None, *, tag: str = ""
) -> Response:
    """A graph in the wanted notation, or 304 when the client has it already.

    Raises `Unoffered` when the notation cannot hold the graph, or `BadRequest` when it was asked
    for by `?format=`.
    """
    try:
        body = serialise(graph, wanted.media_type if wanted.key != "n3" else "text/turtle")
    except DescriptionError as error:
        raise _not_in_this(error) from error
    return _written(body, wanted, modified, tag)


def as_a_whole(graph: Graph, wanted: negotiate.Format) -> Response:
    """Many descriptions in one graph: one odd property is left out rather than all of them."""
    if wanted.media_type == RDF_XML.media_type:
        return _written(whole(graph), wanted)
    return rdf(graph, wanted)


def _not_in_this(error: DescriptionError) -> BadRequest:
    by_name = "format" in request.args
    return BadRequest(f"format: {error}") if by_name else Unoffered(str(error))


def _written(
    body: bytes, wanted: negotiate.Format, modified: datetime | None = None, tag: str = ""
) -> Response:
    response = Response(body, content_type=f"{wanted.media_type}; charset=utf-8")
    tag = tag or hashlib.sha256(wanted.key.encode() + body).hexdigest()[:32]
    _tagged(response, tag, modified)
    response.make_conditional(request)
    return response


def links(iri: str) -> Links:
    """Signposting: the name to cite, and where the description is in each notation."""
    described = (
        f'<{iri}?format={each.key}>; rel="describedby"; type="{each.media_type}"'
        for each in negotiate.RDF_FORMATS
    )
    return (f'<{iri}>; rel="cite-as"', f'<{RESOURCE}>; rel="type"', *described)
