"""The names of named graphs, which lead to what they hold.

`{base}/graph/{id}` holds one record and leads there; `{base}/graph/{id}/provenance` says where
that came from, and leads to the document that says so at greater length; and
`{base}/graph/{id}/navigation` has the containers and dates that stand in the same document.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from flask import Flask, Response

from catalogue.errors import Gone, NotFound
from catalogue.namespaces import DCT
from catalogue.rdf.graph import Node
from catalogue.rdf.navigation import ROOT
from catalogue.register.records import Record
from catalogue.web import provenance
from catalogue.web.parts import services, settings

IN_WORDS = {
    "en": "A named graph for every record, /graph/{id}. Beside it /graph/{id}/provenance says where"
    " the record came from, and /graph/{id}/navigation where it stands. The default graph is the"
    " union of them all.",
    "nl": "Een benoemde graaf voor elk record, /graph/{id}. Daarnaast zegt /graph/{id}/provenance"
    " waar het record vandaan komt, en /graph/{id}/navigation waar het staat. De standaardgraaf is"
    " de vereniging van alle.",
}
"""Said in words, because a list of them would be as long as the catalogue."""


def install(app: Flask) -> None:
    """Answer at the names of every named graph."""
    app.add_url_rule("/graph/<id>", "graph", graph)
    app.add_url_rule("/graph/<id>/navigation", "graph_navigation", graph_navigation)
    app.add_url_rule("/graph/<id>/provenance", "graph_provenance", graph_provenance)


def graph(id: str) -> Response:  # noqa: A002 - the name in the address
    """The record that the graph holds, at its own address. Raises `NotFound` or `Gone`."""
    return _see(_record(id).iri)


def graph_provenance(id: str) -> Response:  # noqa: A002 - the name in the address
    """Where that record came from. Raises what `graph` raises."""
    return _see(provenance.address(_record(id)))


def graph_navigation(id: str) -> Response:  # noqa: A002 - the name in the address
    """The record, or the catalogue itself, whose containers are told. Raises as `graph` does."""
    return _see(settings().base_url if id == ROOT else _record(id).iri)


def named_graphs(store: Node) -> Iterator[ox.Triple]:
    """Which named graphs there are in the public store."""
    for language, words in IN_WORDS.items():
        text = ox.Literal(words, language=language)
        yield ox.Triple(store, ox.NamedNode(DCT + "description"), text)


def _see(address: str) -> Response:
    return Response(status=303, headers={"Location": address})


def _record(identifier: str) -> Record:
    """Raises `Gone` for what was public once; what never was has no graph and no kind."""
    kind = services().register.kinds([identifier]).get(identifier)
    try:
        if kind is not None:
            return services().register.standing(kind, identifier)
    except Gone:
        raise
    except NotFound:
        pass
    raise NotFound(f"there is no graph called {identifier[:64]!r}")
