"""The FAIR Data Point beyond its records: what may be written, and what clients ask around them.

`fdp_write` takes descriptions in, `fdp_meta` says in which state one is, and `fdp_read` has
the shapes, profiles and pages. Here is what they share: a record as whoever asks may see it.

What would surprise a reader: whoever may see the drafts of an organisation gets its
descriptions as they were written, with exact counts, at the address where everybody else gets
the public form. Such an answer is never cached.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
from flask import Response, render_template
from werkzeug.exceptions import NotAcceptable

from catalogue.accounts.permissions import Action
from catalogue.errors import BadRequest, Gone, NotFound
from catalogue.model.dataset import Dataset
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.rdf.serialise import serialise
from catalogue.register.records import Published, State
from catalogue.register.submitted import Submission
from catalogue.submissions.desk import Submitting
from catalogue.web import answers, linked, negotiate
from catalogue.web.language import page_url
from catalogue.web.parts import reader, services, settings
from catalogue.web.present.reader import Shown
from catalogue.web.session import account, allowed

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


@dataclass(frozen=True, slots=True)
class Above:
    """What a draft stands in. `public` is false when that is a draft itself."""

    title: Shown
    href: str
    public: bool


def _above(kind: str, published: Published) -> Above | None:
    """The catalog of a draft, or the dataset of a distribution; `None` for a catalog."""
    here = published.record
    name = here.id if kind == "distribution" else here.catalog
    if name is None:
        return None
    of = "dataset" if kind == "distribution" else "catalog"
    try:
        found = record(of, name)
    except (NotFound, Gone):
        return None
    public = found.record.state is State.PUBLISHED
    return Above(reader().text(found.value.title), page_url(of, id=name), public)


@dataclass(frozen=True, slots=True)
class Below:
    """What stands in a draft. `public` is true of what becomes so together with it."""

    title: Shown
    href: str
    public: bool


def _below(kind: str, identifier: str) -> list[Below]:
    """The descriptions in a draft that whoever asks may see, by title."""
    desk = submitting()
    here = desk.own(kind, identifier, account())
    children = desk.children(here) if here else []
    seen = (each for each in children if allowed(Action.SEE_DRAFTS, each.organisation))
    return sorted(map(below_as, seen), key=lambda each: each.title.text.casefold())


def below_as(child: Submission) -> Below:
    """A line for what was written here: as its writer calls it, and where it is."""
    stated = child.content.objects(ox.NamedNode(child.subject), DCT + "title")
    texts = [Text(e.value, e.language or "") for e in stated if isinstance(e, ox.Literal)]
    title = reader().text(LangText(tuple(texts) or (Text(child.id),)))
    return Below(title, page_url(child.kind, id=child.id), child.public)


def _draft_page(kind: str, identifier: str, published: Published) -> Response | None:
    """A draft for people: what would be said of it, and that nobody else sees this."""
    if published.record.state is State.PUBLISHED:
        return None
    page = render_template(
        "draft.html",
        title=_title(kind, identifier, published),
        iri=address(kind, identifier),
        above=_above(kind, published),
        below=_below(kind, identifier),
        publishes=allowed(Action.PUBLISH, submitting().owner(kind, identifier)),
        organisation=published.record.holder,
        turtle=serialise(graph(kind, identifier, published)).decode(),
    )
    return Response(page, mimetype="text/html")


def _title(kind: str, identifier: str, published: Published) -> Shown:
    """What the draft itself is called; a distribution is part of the dataset that is given."""
    if kind != "distribution" or not isinstance(published.value, Dataset):
        return reader().text(published.value.title)
    parts = published.value.distributions
    found = [each.title for each in parts if each.iri == address(kind, identifier)]
    return reader().text(found[0] if found else LangText())


def address(kind: str, identifier: str) -> str:
    """Where a record is."""
    return f"{settings().base_url}/{kind}/{identifier}"


def submitting() -> Submitting:
    """Where descriptions are handed in. Raises `NotFound` in a site that only reads."""
    found = services().submissions
    if found is None:
        raise NotFound("no descriptions are written on this site")
    return found
