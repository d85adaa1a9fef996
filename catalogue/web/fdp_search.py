"""`POST /search` with `{"query": "…"}`, as the pages of the reference software search.

Datasets are found as on the website; catalogs and series by a word in their title or
description. The answer is a list of at most fifty, without a count. Saved queries and filters
are not kept here; their lists are empty, which is what a client without an account expects.
A search by pattern is in `fdp_query`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import pyoxigraph as ox
from flask import Flask, Response, request

from catalogue.errors import BadRequest
from catalogue.namespaces import DCAT, DCT
from catalogue.register.records import Published
from catalogue.search.request import LONGEST_QUERY, SearchRequest
from catalogue.web.fdp_write import body_json
from catalogue.web.parts import services, settings

MOST = 50
MOST_BYTES = 10_000
RELATIONS = (DCT + "isPartOf", DCAT + "theme", DCT + "publisher")
"""What is told of a record beside its name: where it stands, what it is about, whose it is."""


def install(app: Flask) -> None:
    """Serve it."""
    app.add_url_rule("/search", "fdp_search", search, methods=["POST"])
    for name in ("filters", "query/saved"):
        endpoint = f"fdp_search_{name.replace('/', '_')}"
        app.add_url_rule(f"/search/{name}", endpoint, lambda: _json([]))


def search() -> Response:
    """What is found. Raises `BadRequest` for a body that is no question."""
    request.max_content_length = MOST_BYTES
    words = body_json().get("query")
    if not isinstance(words, str) or not words.strip() or len(words) > LONGEST_QUERY:
        raise BadRequest(f'the body is not {{"query": "…"}} of 1 to {LONGEST_QUERY} characters')
    found = chain(_datasets(words.strip()), _collections(words.strip().casefold()))
    return _json([_result(each) for each in islice(found, MOST)])


def _datasets(words: str) -> list[Published]:
    wanted = SearchRequest.from_args([("q", words), ("size", str(MOST))])
    hits = services().search.search(wanted).hits
    return services().register.datasets([each.id for each in hits])


def _collections(words: str) -> Iterator[Published]:
    register = services().register
    for each in chain(register.catalogs(), register.published("series")):
        texts = (*each.value.title.texts, *each.value.description.texts)
        if any(words in text.value.casefold() for text in texts):
            yield each


def _result(of: Published) -> dict[str, Any]:
    subject = ox.NamedNode(of.record.iri)
    return {
        "uri": of.record.iri,
        "types": sorted(of.graph.types(subject)),
        "title": of.value.title.value("en"),
        "description": of.value.description.value("en"),
        "relations": [*_relations(of, subject)],
    }


def _relations(of: Published, subject: ox.NamedNode) -> Iterator[dict[str, str]]:
    for predicate in RELATIONS:
        for value in of.graph.objects(subject, predicate):
            if isinstance(value, ox.NamedNode):
                yield {"predicate": predicate, "object": value.value}
    if of.record.kind == "catalog":
        yield {"predicate": DCT + "isPartOf", "object": settings().base_url}


def _json(said: list[dict[str, Any]]) -> Response:
    return Response(json.dumps(said, ensure_ascii=False) + "\n", mimetype="application/json")
