"""Answers with RDF in them: the right media type, a tag for caches, links for machines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pyoxigraph as ox
from flask import Response, request

from catalogue.errors import BadRequest, DescriptionError
from catalogue.rdf.graph import Graph
from catalogue.rdf.serialise import serialise
from catalogue.rdf.views import FULL, view
from catalogue.web import negotiate
from catalogue.web import profile_negotiation as profile
from catalogue.web.language import prefix

RESOURCE = "http://www.w3.org/ns/ldp#Resource"


def negotiated(  # noqa: PLR0913 - all but two by keyword
    page: Callable[[], str | Response],
    graph: Callable[[], Graph],
    *,
    iri: str,
    modified: datetime | None = None,
    more_links: tuple[str, ...] = (),
    profiles: bool = False,
) -> Response:
    """The page or the graph, whichever the client wants; only the one is made.

    With `profiles` the graph comes as the profile that `Accept-Profile` or `?profile=` names
    (W3C Content Negotiation by Profile), otherwise as everything that was said.
    Under `/nl/` and `/en/` there are pages only, unless `?format=` asks for something else.
    """
    asked = request.args.get("format")
    if prefix() and asked is None:
        wanted = negotiate.HTML
    else:
        wanted = negotiate.choose(request.headers.get("Accept"), asked)
    if wanted is negotiate.HTML:
        made = page()
        response = made if isinstance(made, Response) else Response(made, mimetype="text/html")
    else:
        key = profile.choose(_accept_profile(), request.args.get("profile")) if profiles else FULL
        found = graph() if key == FULL else view(graph(), ox.NamedNode(iri), key).graph
        response = rdf(found, wanted, modified)
        if profiles:
            _name_profile(response, key, iri)
    for link in (*links(iri), *more_links):
        response.headers.add("Link", link)
    return response


def _accept_profile() -> str | None:
    return request.headers.get("Accept-Profile")


def _name_profile(response: Response, key: str, iri: str) -> None:
    """Say which profile this is and where the others are; in Turtle only, to stay short."""
    response.headers["Content-Profile"] = profile.content_profile(key)
    response.vary.add(profile.VARY)
    others = profile.alternates(iri, [("ttl", "text/turtle")])
    response.headers.add("Link", profile.links(key, others))


def rdf(graph: Graph, wanted: negotiate.Format, modified: datetime | None = None) -> Response:
    """A graph in the wanted notation, or 304 when the client has it already."""
    try:
        body = serialise(graph, wanted.media_type if wanted.key != "n3" else "text/turtle")
    except DescriptionError as error:
        raise BadRequest(f"format: {error}") from error
    response = Response(body, content_type=f"{wanted.media_type}; charset=utf-8")
    tag = hashlib.sha256(wanted.key.encode() + body).hexdigest()[:32]
    response.set_etag(tag)
    if modified is not None:
        response.last_modified = modified if modified.tzinfo else modified.replace(tzinfo=UTC)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Language"))
    response.make_conditional(request)
    return response


def links(iri: str) -> tuple[str, ...]:
    """Signposting: the name to cite, and where the description is in each notation."""
    described = (
        f'<{iri}?format={each.key}>; rel="describedby"; type="{each.media_type}"'
        for each in negotiate.RDF_FORMATS
    )
    return (f'<{iri}>; rel="cite-as"', f'<{RESOURCE}>; rel="type"', *described)
