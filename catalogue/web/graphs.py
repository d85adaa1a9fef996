"""The names of named graphs: `{base}/graph/{id}` holds one record, and leads to that record."""

from __future__ import annotations

from flask import Flask, Response

from catalogue.errors import NotFound
from catalogue.web.parts import services


def install(app: Flask) -> None:
    """Answer at the name of every named graph."""
    app.add_url_rule("/graph/<id>", "graph", graph)


def graph(id: str) -> Response:  # noqa: A002 - the name in the address
    """The record that the graph holds, at its own address. Raises `NotFound` or `Gone`."""
    kind = services().register.kinds([id]).get(id)
    if kind is None:
        raise NotFound(f"there is no graph called {id[:64]!r}")
    record = services().register.standing(kind, id)
    return Response(status=303, headers={"Location": record.iri})
