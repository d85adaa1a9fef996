"""`POST /api/v1/validate`: the report on a description, for programs.

The body is RDF in any notation that we read, or `{"url": …}`. The answer is JSON, or with
an RDF type in `Accept` one `sh:ValidationReport` for each description and profile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import cast

import pyoxigraph as ox
from flask import Flask, Response, jsonify, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from catalogue.errors import AddressRefused, CatalogueError
from catalogue.namespaces import FOAF, SH
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation.report import Report
from catalogue.web import negotiate
from catalogue.web.answers import rdf
from catalogue.web.submitted import FAULTS, checker, from_body, make_room, status_of

JSON = "application/json"


def install(app: Flask) -> None:
    """Serve it."""
    for base in ("/api/v1", "/api"):
        app.add_url_rule(f"{base}/validate", "api_validate", validate, methods=["POST"])


def validate() -> Response:
    """Check the body by the profiles in `?profile=`, by all of them when none is named."""
    make_room()
    try:
        given = from_body()
        checked = checker().check(
            given.content,
            profiles=request.args.getlist("profile"),
            **given.about,
        )
    except FAULTS as error:
        return refused(error)
    if wants_json():
        return jsonify(descriptions=[each.to_json() for each in checked])
    wanted = negotiate.choose(request.headers.get("Accept"), request.args.get("format"), page=False)
    response = rdf(merged((each.subject, each.reports) for each in checked), wanted)
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(error: CatalogueError) -> Response:
    """Why nothing was checked (RFC 9457), with the line of a syntax error."""
    refused = isinstance(error, AddressRefused)
    said = {
        "type": "about:blank",
        "title": "This could not be checked",
        "status": status_of(error),
        "detail": "this address is not one that we fetch" if refused else str(error),
        "line": getattr(error, "line", None),
    }
    body = json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)
    response = Response(body + "\n", status_of(error), mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_json() -> bool:
    """Whether JSON is asked for, or anything will do."""
    asked = request.args.get("format")
    if asked is not None:
        return asked == "json"
    accept = parse_accept_header(request.headers.get("Accept") or "*/*", MIMEAccept)
    rivals = [q for name, q in accept if name.lower() in _RDF]
    return accept.quality(JSON) >= max(rivals, default=0.0)


_RDF = {name for each in negotiate.RDF_FORMATS for name in each.names}


def merged(found: Iterable[tuple[str, Iterable[Report]]]) -> Graph:
    """Several reports in one graph, each saying which description it is about."""
    triples: list[ox.Triple] = []
    for subject, reports in found:
        for report in reports:
            triples.extend(_apart(report, subject, f"r{len(triples)}"))
    return Graph(triples)


def _apart(report: Report, subject: str, name: str) -> Iterator[ox.Triple]:
    """One report with blank nodes of its own."""
    graph = report.graph()
    for triple in graph:
        subject_ = cast(Node, _renamed(cast(Node, triple.subject), name))
        yield ox.Triple(subject_, triple.predicate, _renamed(cast(Term, triple.object), name))
    for node in graph.instances(SH + "ValidationReport"):
        about = cast(Node, _renamed(node, name))
        yield ox.Triple(about, ox.NamedNode(FOAF + "primaryTopic"), ox.NamedNode(subject))


def _renamed(term: Term, name: str) -> Term:
    return ox.BlankNode(f"{name}{term.value}") if isinstance(term, ox.BlankNode) else term
