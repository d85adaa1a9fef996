"""What the API says about itself, in OpenAPI 3.1; a test compares it with the routes.

Each part describes its own addresses; here they become one document, with what holds for all of
them: names, tags, tags for caches, and problem documents. `/docs` is made from it.
"""

from __future__ import annotations

import re
from typing import Any

from catalogue.web import (
    openapi_consent,
    openapi_datasets,
    openapi_lists,
    openapi_sources,
    openapi_validate,
)
from catalogue.web.openapi_parts import PROBLEM, TEXT, Schema, an_object, read, ref

PARTS = (openapi_datasets, openapi_consent, openapi_lists, openapi_sources, openapi_validate)
TAGS = {
    "datasets": "Search as on the website, walk through everything, or read one dataset.",
    "consent": "Compare what people agreed to with what a study intends. Never a permission.",
    "catalogs": "The catalogs that sources offer.",
    "organisations": "Who holds data.",
    "terms": "The words of the catalogue: diseases, kinds of sequencing, consent codes.",
    "sources": "Where descriptions are read from, and how that went.",
    "validate": "Have a description checked before anybody harvests it.",
    "openapi.json": "This description.",
}
DESCRIPTION = (
    "Read only, without a key. Every answer has an ETag. Every error is a problem document "
    "(RFC 9457). The same addresses without /v1 answer as the newest version does."
)
IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an earlier answer: 304 when nothing changed.",
    "schema": TEXT,
}


def openapi(base: str) -> dict[str, Any]:
    """The description of the API at `base`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Genoomcatalogus",
            "version": "1",
            "summary": "Descriptions of human genome data in the Netherlands.",
            "description": DESCRIPTION,
        },
        "servers": [{"url": base}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "paths": _paths(),
        "components": {
            "schemas": {name: each for part in PARTS for name, each in part.schemas().items()}
            | {"Problem": _problem()},
            "parameters": {"IfNoneMatch": IF_NONE_MATCH},
            "responses": {"Problem": _wrong(), "NotModified": {"description": "Nothing changed"}},
        },
    }


def _paths() -> Schema:
    own = {"/api/v1/openapi.json": read("This description", {"type": "object"})}
    every = {path: said for part in PARTS for path, said in part.paths().items()} | own
    return {
        path: {method: _complete(path, method, said) for method, said in methods.items()}
        for path, methods in every.items()
    }


def _complete(path: str, method: str, said: Schema) -> Schema:
    """An operation with what holds for all."""
    found = {
        "operationId": _name(path, method),
        "tags": [path.split("/")[3]],
        **said,
        "responses": {**said["responses"], "default": PROBLEM},
    }
    if method == "get":
        cached = {"$ref": "#/components/responses/NotModified"}
        same = {"$ref": "#/components/parameters/IfNoneMatch"}
        found["responses"] = {"200": _tagged(said["responses"]["200"]), "304": cached} | {
            status: each for status, each in found["responses"].items() if status != "200"
        }
        found["parameters"] = [*said.get("parameters", ()), same]
    return found


def _name(path: str, method: str) -> str:
    """A name for generated clients.

    >>> _name("/api/v1/sources/{slug}/runs", "get")
    'getSourcesBySlugRuns'
    """
    steps = (f"by-{each[1:-1]}" if each.startswith("{") else each for each in path.split("/")[3:])
    words = re.split(r"\W+", "-".join(steps))
    return method + "".join(word.capitalize() for word in words)


def _tagged(answer: Schema) -> Schema:
    return {**answer, "headers": {"ETag": {"schema": TEXT}}}


def _wrong() -> Schema:
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {"description": "What went wrong, in RFC 9457 form.", "content": content}


def _problem() -> Schema:
    properties: Schema = {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": {"description": "The sentence that names what is wrong.", **TEXT},
        "instance": {"description": "The number under which our log knows more.", **TEXT},
    }
    return an_object(properties, optional=("detail", "instance"))
