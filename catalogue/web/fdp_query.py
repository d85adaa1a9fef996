"""`POST /search/query`: a search of the reference software that states its own pattern.

The client sends prefixes, a graph pattern about `?entity` and an order; they are put into one
query, of which the words can be read at `GET /search/query`. What would surprise a reader: the
pieces are pasted and not bound, because that is what the protocol is. So the whole is asked as
any stranger's query is, of the public store and within the same limits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from flask import Flask, Response, request

from catalogue.errors import BadRequest, QuerySyntax, QueryTooLarge
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCT, RDF
from catalogue.store.base import Answer
from catalogue.store.guard import tokens_of, without_escapes
from catalogue.web import limits
from catalogue.web.fdp_write import body_json
from catalogue.web.parts import services
from catalogue.web.rate import client

MOST: Final = 50
MOST_ROWS: Final = 1000
"""Titles in two languages make two rows of one entity, so more rows are read than told."""
MOST_BYTES: Final = 10_000
MOST_ANSWER: Final = 8 << 20
PIECES: Final = ("prefixes", "graphPattern", "ordering")
RESULTS: Final = "application/sparql-results+json"
ANY_ORDER: Final = "ASC(?title)"
TEMPLATE: Final = f"""PREFIX rdf: <{RDF}>
PREFIX dct: <{DCT}>
{{{{prefixes}}}}
SELECT DISTINCT ?entity ?rdfType ?title ?description WHERE {{
  ?entity rdf:type ?rdfType ; dct:title ?title .
  OPTIONAL {{ ?entity dct:description ?description }}
  {{{{graphPattern}}}}
}}
ORDER BY {{{{ordering}}}}
LIMIT {MOST_ROWS}
"""
"""The query that is asked, with the names of the pieces where they go."""
CLOSES: Final = {"{": "}", "(": ")", "[": "]"}

Row = Mapping[str, Mapping[str, str]]


def install(app: Flask) -> None:
    """Serve it."""
    app.add_url_rule("/search/query", "fdp_search_template", template)
    app.add_url_rule("/search/query", "fdp_search_query", search, methods=["POST"])


def template() -> Response:
    """The query into which the pieces are put."""
    return _json({"template": TEMPLATE})


def search() -> Response:
    """What fits the pattern, at most fifty. Raises `BadRequest`, or what the store raises."""
    request.max_content_length = MOST_BYTES
    query = composed(body_json())
    limits.of_this_worker().count(client())
    with limits.seat() as seat:
        try:
            answer = services().store.query(query, accept=RESULTS, at_length=seat.take)
            rows = json.loads(_whole(answer))["results"]["bindings"]
        except QuerySyntax as error:
            raise BadRequest(f"in the query that GET /search/query shows: {error}") from error
    return _json([_result(iri, of) for iri, of in islice(_entities(rows).items(), MOST)])


def _whole(answer: Answer) -> bytes:
    """All of it, which is read in memory here. Raises `QueryTooLarge`."""
    whole = bytearray()
    for chunk in answer.chunks:
        whole += chunk
        if len(whole) > MOST_ANSWER:
            answer.close()
            raise QueryTooLarge(f"what fits has more than {MOST_ANSWER >> 20} MB of descriptions")
    return bytes(whole)


def composed(said: Mapping[str, Any]) -> str:
    """The query of these pieces. Raises `BadRequest` for one that goes on beyond its place.

    >>> "?entity a ?any" in composed({"graphPattern": "?entity a ?any"})
    True
    """
    pieces = {name: _piece(name, said.get(name, "")) for name in PIECES}
    if not pieces["graphPattern"].strip():
        raise BadRequest(f'the body is not {{"{PIECES[0]}", "{PIECES[1]}", "{PIECES[2]}"}}')
    if not pieces["ordering"].strip():
        pieces["ordering"] = ANY_ORDER
    query = TEMPLATE
    for name in PIECES:
        before, _, after = query.partition(f"{{{{{name}}}}}")
        query = f"{before}{pieces[name]}\n{after}"  # a comment ends with its line
    return query


def _piece(name: str, said: object) -> str:
    """One piece, whose brackets all close in it."""
    if not isinstance(said, str):
        raise BadRequest(f"{name}: it is not a text")
    text = without_escapes(said)
    try:
        kinds = [(each.kind, each.text) for each in tokens_of(text)]
    except QuerySyntax as error:
        raise BadRequest(f"{name}: {error}") from error
    if not _closes(kinds):
        raise BadRequest(f"{name}: its brackets do not match")
    return text


def _closes(tokens: Sequence[tuple[str, str]]) -> bool:
    waiting: list[str] = []
    for kind, text in tokens:
        if kind == "open":
            waiting.append(CLOSES[text])
        elif kind == "close" and (not waiting or waiting.pop() != text):
            return False
    return not waiting


def _entities(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows about everything that has an address, in order of the first of each."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["entity"]["type"] == "uri":
            found.setdefault(row["entity"]["value"], []).append(row)
    return found


def _result(iri: str, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "uri": iri,
        "types": sorted({row["rdfType"]["value"] for row in rows}),
        "title": LangText(tuple(_texts(rows, "title"))).value("en"),
        "description": LangText(tuple(_texts(rows, "description"))).value("en"),
        "relations": [],
    }


def _texts(rows: Sequence[Row], name: str) -> Iterator[Text]:
    for row in rows:
        if name in row:
            yield Text(row[name]["value"], row[name].get("xml:lang", ""))


def _json(said: object) -> Response:
    return Response(json.dumps(said, ensure_ascii=False) + "\n", mimetype="application/json")
