"""What stands at the address of a description that was withdrawn: what it was, when, and why.

The address stays reserved, so people get a page and machines a small graph, both with 410. The
graph has nothing of the description itself: only its name, its dates and its status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pyoxigraph as ox
from flask import Response, request
from werkzeug.exceptions import NotAcceptable

from catalogue.errors import BadRequest
from catalogue.namespaces import ADMS, DCT, FDPO, PROV, RDF, RDFS, XSD
from catalogue.rdf.graph import Graph
from catalogue.register.records import Record
from catalogue.web import negotiate
from catalogue.web.answers import rdf
from catalogue.web.language import prefix
from catalogue.web.messages import lazy_gettext

WITHDRAWN = "http://purl.org/adms/status/Withdrawn"
REASONS: Mapping[str, Any] = {
    "its source was removed": lazy_gettext("its source was removed"),
    "its holder no longer lists it": lazy_gettext("its holder no longer lists it"),
    "its holder withdrew it": lazy_gettext("its holder withdrew it"),
    "its holder took it back to change it": lazy_gettext("its holder took it back to change it"),
    "its holder deleted it": lazy_gettext("its holder deleted it"),
}
"""Why the register withdraws a record, in its words."""


def graph_answer(record: Record) -> Response | None:
    """The tombstone as RDF, with 410; `None` when a page or JSON was asked for instead."""
    asked = request.args.get("format")
    if prefix() and asked is None:
        return None
    try:
        wanted = negotiate.choose(request.headers.get("Accept"), asked)
    except (BadRequest, NotAcceptable):
        return None
    if wanted is negotiate.HTML:
        return None
    response = rdf(tombstone(record), wanted)
    response.status_code = 410
    response.headers["Cache-Control"] = "no-store"
    return response


def tombstone(record: Record) -> Graph:
    """What is still said of a withdrawn record: its name, its dates, its status and the reason."""
    return Graph(_triples(record))


def _triples(record: Record) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(record.iri)
    yield ox.Triple(subject, _named(RDF + "type"), _named(PROV + "Entity"))
    yield ox.Triple(subject, _named(ADMS + "status"), _named(WITHDRAWN))
    yield ox.Triple(subject, _named(DCT + "identifier"), ox.Literal(record.iri))
    yield ox.Triple(subject, _named(DCT + "modified"), _moment(record.changed))
    yield ox.Triple(subject, _named(PROV + "invalidatedAtTime"), _moment(record.changed))
    yield ox.Triple(subject, _named(FDPO + "metadataIssued"), _moment(record.first_seen))
    yield ox.Triple(subject, _named(FDPO + "metadataModified"), _moment(record.changed))
    if record.reason:
        reason = ox.Literal(record.reason, language="en")
        yield ox.Triple(subject, _named(RDFS + "comment"), reason)


def _named(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _moment(value: datetime) -> ox.Literal:
    text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ox.Literal(text, datatype=_named(XSD + "dateTime"))
