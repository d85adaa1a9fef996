"""What clients of a FAIR Data Point ask around its records: shapes, profiles, ancestors, pages.

Everything here is made of what is public, and of the profiles that this catalogue checks.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

import pyoxigraph as ox
from flask import Flask, Response, request

from catalogue.errors import BadRequest, Gone, NotFound
from catalogue.namespaces import DCAT, DCT, FDPO, PROF, RDF, SH
from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.navigation import profile_name
from catalogue.register.records import Published
from catalogue.validation.profile import Profile
from catalogue.web import fdp, linked, negotiate
from catalogue.web.answers import as_a_whole
from catalogue.web.fdp_write import KIND, PREFIXES
from catalogue.web.pages.home import VERSION
from catalogue.web.parts import services, settings

USUAL_SIZE, LARGEST_SIZE = 10, 100
LONGEST_NUMBER = 12
"""Digits of a page or size that are read: more than there will ever be pages."""
SPECS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "fdp": (FDPO + "FAIRDataPoint", ("fair-data-point-1",)),
    "catalog": (DCAT + "Catalog", ("minimum",)),
    "dataset": (DCAT + "Dataset", ("minimum", "genome-inventory-1")),
    "series": (DCAT + "DatasetSeries", ("minimum",)),
    "distribution": (DCAT + "Distribution", ("dcat-ap-3",)),
}
"""For each type the class, and the profiles in which its shapes are."""
SHACL = "http://www.w3.org/ns/shacl"
VALIDATION = "http://www.w3.org/ns/dx/prof/role/validation"
CHILDREN = {
    "fdp": {"catalog": "catalog"},
    "catalog": {"dataset": "dataset", "dataset-series": "series", "series": "series"},
    "dataset": {"distribution": "distribution"},
}
"""Which pages of children each type has."""


def install(app: Flask) -> None:
    """Serve it."""
    app.add_url_rule("/spec", "fdp_spec_root", lambda: spec("fdp"))
    for prefix, kind in PREFIXES.items():
        given = {"kind": kind}
        app.add_url_rule(f"/{prefix}/spec", f"fdp_spec_{prefix}", spec, defaults=given)
    app.add_url_rule("/expanded", "fdp_expanded_root", lambda: answer(_root()))
    app.add_url_rule(f"/{KIND}/<id>/expanded", "fdp_expanded", expanded)
    app.add_url_rule("/page/<child>", "fdp_page_root", lambda child: children("fdp", "", child))
    app.add_url_rule(f"/{KIND}/<id>/page/<child>", "fdp_page", page)
    app.add_url_rule("/profile/<name>", "fdp_profile", profile)
    app.add_url_rule("/profile/<name>/shapes", "fdp_profile_shapes", shapes)
    app.add_url_rule("/configs/bootstrap", "fdp_bootstrap", bootstrap)
    app.add_url_rule("/label", "fdp_label", label)


def answer(graph: Graph) -> Response:
    """A graph in the notation that the client wants; there is no page of it."""
    wanted = negotiate.choose(request.headers.get("Accept"), request.args.get("format"), page=False)
    return as_a_whole(graph, wanted)


# shapes and profiles


def profiles() -> Mapping[str, Profile]:
    """The profiles by key. Raises `NotFound` in a site that checks nothing."""
    checker = services().checker
    if checker is None:
        raise NotFound("descriptions are not checked here")
    return checker.profiles


def spec(kind: str) -> Response:
    """The shapes of one type: what a form for it would ask."""
    target, keys = SPECS[kind]
    found = (shape for key in keys for shape in _shapes_of(profiles()[key].shapes, target))
    return answer(Graph(found))


def _shapes_of(graph: Graph, target: str) -> Iterator[ox.Triple]:
    """The node shapes for a class, with everything that they lead to."""
    waiting: list[Node] = [
        each.subject  # type: ignore[misc] # quoted triples never get here
        for each in graph.mentioning(ox.NamedNode(target))
        if each.predicate.value == SH + "targetClass"
    ]
    seen = set(waiting)
    while waiting:
        for triple in graph.about(waiting.pop()):
            yield triple
            value = triple.object
            if isinstance(value, ox.NamedNode | ox.BlankNode) and value not in seen:
                seen.add(value)
                waiting.append(value)


def profile(name: str) -> Response:
    """A profile, and where its shapes are."""
    return answer(Graph(_profile(_named(name))))


def shapes(name: str) -> Response:
    """The shapes of a profile."""
    return answer(_named(name).shapes)


def _named(name: str) -> Profile:
    """The profile of this key, or of the UUID by which records point to it."""
    for key, found in profiles().items():
        if name in {key, profile_name(key)}:
            return found
    raise NotFound(f"there is no profile called {name[:64]!r}")


def _profile(of: Profile) -> Iterator[ox.Triple]:
    base = settings().base_url
    here = ox.NamedNode(f"{base}/profile/{profile_name(of.key)}")
    part = ox.NamedNode(f"{here.value}#shapes")
    yield _link(here, RDF + "type", PROF + "Profile")
    yield ox.Triple(here, ox.NamedNode(PROF + "hasToken"), ox.Literal(of.key))
    yield _link(here, PROF + "isProfileOf", of.source or of.iri)
    for predicate, text in ((DCT + "title", of.title), (DCT + "description", of.description)):
        for each in text.texts:
            literal = ox.Literal(each.value, language=each.language or "en")
            yield ox.Triple(here, ox.NamedNode(predicate), literal)
    yield _link(here, PROF + "hasResource", part.value)
    yield _link(part, RDF + "type", PROF + "ResourceDescriptor")
    yield _link(part, PROF + "hasRole", VALIDATION)
    yield _link(part, DCT + "conformsTo", SHACL)
    yield _link(part, PROF + "hasArtifact", f"{here.value}/shapes")


# ancestors and children


def _root() -> Graph:
    return linked.root_graph(settings(), VERSION, services().register.standings("catalog"))


def expanded(kind: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """A record together with everything it stands in."""
    published = fdp.record(kind, id)
    found = [fdp.graph(kind, id, published), _root()]
    if kind == "distribution":
        found.append(linked.record_graph(published))
    first, more = published.record.catalog, services().register.catalogs_holding
    for each in dict.fromkeys([first, *more([published.record.id])] if first else ()):
        with contextlib.suppress(NotFound, Gone):
            found.append(fdp.graph("catalog", each, fdp.record("catalog", each)))
    return answer(Graph(triple for graph in found for triple in graph))


def page(kind: str, id: str, child: str) -> Response:  # noqa: A002
    """Some children of a record, by title, with links to the others."""
    fdp.public(kind, id)
    return children(kind, id, child)


def children(kind: str, identifier: str, child: str) -> Response:
    """One page, counted from zero; beyond the last it is empty."""
    number, size = _number("page", 0), min(_number("size", USUAL_SIZE), LARGEST_SIZE)
    if size < 1:
        raise BadRequest("size: at least 1")
    if child not in CHILDREN.get(kind, {}):
        raise NotFound(f"there are no pages of {child[:40]!r} here")
    every = _graphs(kind, identifier, CHILDREN[kind][child])
    chosen = every[number * size : (number + 1) * size]
    response = answer(Graph(triple for graph in chosen for triple in graph))
    for link in _links(number, size, len(every)):
        response.headers.add("Link", link)
    return response


def _graphs(kind: str, identifier: str, child: str) -> list[Graph]:
    """The graphs of the public children, by title."""
    if child == "distribution":
        dataset = fdp.public("dataset", identifier)
        found = dataset.graph.objects(ox.NamedNode(dataset.record.iri), DCAT + "distribution")
        return [linked.distribution_graph(dataset, each.value) for each in found]
    return [
        fdp.graph(child, each.record.id, each)
        for each in sorted(_children(kind, identifier, child), key=_by_title)
    ]


def _children(kind: str, identifier: str, child: str) -> list[Published]:
    register = services().register
    if kind == "fdp":
        return register.catalogs()
    names = register.members_of_catalog(identifier, child)
    return list(register.public_records(names).values())


def _by_title(published: Published) -> tuple[str, str]:
    return published.value.title.value("en").casefold(), published.record.id


def _number(name: str, usual: int) -> int:
    said = request.args.get(name, str(usual))
    if not said.isascii() or not said.isdigit():
        raise BadRequest(f"{name}: {said[:40]!r} is not a number from 0")
    return int(said[:LONGEST_NUMBER])


def _links(number: int, size: int, total: int) -> Iterator[str]:
    """`Link` to the other pages (RFC 8288)."""
    last = max(0, (total - 1) // size)
    there = {"first": 0, "prev": number - 1, "next": number + 1, "last": last}
    for relation, page_number in there.items():
        if 0 <= page_number <= last:
            query = urlencode({"page": page_number, "size": size})
            yield f'<{settings().base_url}{request.path}?{query}>; rel="{relation}"'


# what the reference software's own pages ask


def bootstrap() -> Response:
    """Where this is, and which types of records there are."""
    definitions = [
        {"uuid": str(uuid5(NAMESPACE_URL, target)), "name": kind, "urlPrefix": prefix}
        for kind, (target, _), prefix in (
            (kind, SPECS[kind], "" if kind == "fdp" else kind) for kind in SPECS
        )
    ]
    return _json(
        {
            "persistentUrl": settings().base_url,
            "index": False,
            "title": "Genoomcatalogus",
            "resourceDefinitions": definitions,
        }
    )


def label(iri: str | None = None) -> Response:
    """What a concept is called, in the language of `?lang=`."""
    wanted = iri or request.args.get("iri", "")
    language = request.args.get("lang", "en")[:8]
    for scheme in services().vocabulary.schemes.values():
        concept = scheme.get(wanted)
        if concept is not None:
            return _json({"label": concept.labels.value(language), "language": language})
    raise NotFound(f"nothing is known about <{wanted[:200]}>")


def _json(said: dict[str, object]) -> Response:
    return Response(json.dumps(said, ensure_ascii=False) + "\n", mimetype="application/json")


def _link(subject: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value))
