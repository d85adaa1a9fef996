"""The FAIR Data Point beyond its records: what may be written, and what clients ask around them.

`fdp_write` takes descriptions in, `fdp_meta` says in which state one is, and `fdp_read` has
the shapes, profiles and pages. Here is what they share: a record as whoever asks may see it.

What would surprise a reader: whoever may see the drafts of an organisation gets its
descriptions as they were written, with exact counts, at the address where everybody else gets
the public form. Such an answer is never cached.
"""

from __future__ import annotations

from flask import Response, render_template
from werkzeug.exceptions import NotAcceptable

from catalogue.errors import BadRequest, NotFound
from catalogue.rdf.graph import Graph
from catalogue.rdf.serialise import serialise
from catalogue.register.records import Published, State
from catalogue.submissions.desk import Submitting
from catalogue.web import answers, linked, negotiate
from catalogue.web.parts import reader, services, settings
from catalogue.web.session import account

CONTAINER = '<http://www.w3.org/ns/ldp#DirectContainer>; rel="type"'


def record(kind: str, identifier: str) -> Published:
    """A record as whoever asks may see it. Raises `NotFound`, or `Gone`.

    Of a distribution this is its dataset.
    """
    return own(kind, identifier) or public(kind, identifier)


def own(kind: str, identifier: str) -> Published | None:
    """What was written here, for its own organisation; `None` for everybody else."""
    desk = services().submissions
    found = desk.own(kind, identifier, account()) if desk else None
    return desk.shown(found) if desk and found else None


def public(kind: str, identifier: str) -> Published:
    """A record as everybody may see it. Raises `NotFound`, or `Gone`."""
    register = services().register
    if kind == "distribution":
        return register.dataset_of_distribution(identifier)
    return register.get(kind, identifier)


def graph(kind: str, identifier: str, published: Published) -> Graph:
    """The graph that is served at the address of a record."""
    base = settings().base_url
    if kind == "distribution":
        return linked.distribution_graph(published, address(kind, identifier))
    if kind == "catalog":
        members = services().register.members_of_catalog
        datasets, series = members(identifier, "dataset"), members(identifier, "series")
        return linked.catalog_graph(base, published, datasets, series)
    return linked.record_graph(published)


def own_answer(kind: str, identifier: str) -> Response | None:
    """What its own organisation gets instead of the public form; `None` for everybody else.

    The page of a public record is that of the public.
    """
    published = own(kind, identifier)
    if published is None:
        return None
    try:
        wanted = answers.chosen()
    except (BadRequest, NotAcceptable):
        return None
    if wanted is negotiate.HTML:
        return _draft_page(kind, identifier, published)
    return answers.negotiated(
        str,
        lambda: graph(kind, identifier, published),
        iri=address(kind, identifier),
        modified=published.record.changed,
        more_links=(CONTAINER,),
        profiles=kind != "distribution",
    )


def _draft_page(kind: str, identifier: str, published: Published) -> Response | None:
    """A draft for people: what would be said of it, and that nobody else sees this."""
    if published.record.state is State.PUBLISHED:
        return None
    page = render_template(
        "draft.html",
        title=reader().text(published.value.title),
        iri=address(kind, identifier),
        organisation=published.record.holder,
        turtle=serialise(graph(kind, identifier, published)).decode(),
    )
    return Response(page, mimetype="text/html")


def address(kind: str, identifier: str) -> str:
    """Where a record is."""
    return f"{settings().base_url}/{kind}/{identifier}"


def submitting() -> Submitting:
    """Where descriptions are handed in. Raises `NotFound` in a site that only reads."""
    found = services().submissions
    if found is None:
        raise NotFound("no descriptions are written on this site")
    return found
