"""What the API says about itself, in OpenAPI 3.1; a test compares it with the routes.

Parameters of the search come from the table of facets, so a new facet is described at once.
"""

from __future__ import annotations

from typing import Any

from catalogue.search.facets import FACETS
from catalogue.search.request import LARGEST_PAGE, LONGEST_QUERY, SORTS, USUAL_PAGE

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
PROBLEM = {"$ref": "#/components/responses/Problem"}


def openapi(base: str) -> dict[str, Any]:
    """The description of the API at `base`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Genoomcatalogus",
            "version": "1",
            "summary": "Descriptions of human genome data in the Netherlands.",
        },
        "servers": [{"url": base}],
        "paths": _paths(),
        "components": {
            "schemas": {"Dataset": _dataset(), "Results": _results(), "Problem": _problem()},
            "responses": {
                "Problem": {
                    "description": "What went wrong, in RFC 9457 form.",
                    "content": {"application/problem+json": {"schema": _ref("Problem")}},
                }
            },
        },
    }


def _paths() -> dict[str, Any]:
    return {
        "/api/datasets": _read("Search datasets", "Results", [*_parameters(), *_facets()]),
        "/api/datasets/{id}": _read("One dataset", "Dataset", [_identifier()], gone=True),
        "/api/openapi.json": _read("This description", None, []),
    }


def _read(
    summary: str, schema: str | None, parameters: list[dict[str, Any]], *, gone: bool = False
) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(schema) if schema else {"type": "object"}}}
    responses = {"200": {"description": summary, "content": content}, "400": PROBLEM}
    if gone:
        responses |= {"404": PROBLEM, "410": PROBLEM}
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _parameters() -> list[dict[str, Any]]:
    return [
        _query("q", "Words, a disease or a code", {"type": "string", "maxLength": LONGEST_QUERY}),
        _query("exact", "1: without narrower diseases", {"type": "string", "enum": ["0", "1"]}),
        _query("sort", "Order", {"type": "string", "enum": list(SORTS)}),
        _query("page", "Page, from 1", {"type": "integer", "minimum": 1, "default": 1}),
        _query(
            "size",
            "Datasets on a page",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE},
        ),
    ]


def _facets() -> list[dict[str, Any]]:
    values = {"type": "array", "items": {"type": "string"}}
    return [
        _query(each.parameter, f"{each.label.value('en')}: any of these values", values)
        for each in FACETS
    ]


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _identifier() -> dict[str, Any]:
    return {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _results() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    return {
        "type": "object",
        "required": ["total", "page", "pages", "size", "query", "hits", "broader", "facets"],
        "properties": {
            "total": whole,
            "page": whole,
            "pages": whole,
            "size": whole,
            "query": {"type": "array", "items": {"type": "object"}},
            "hits": {"type": "array", "items": _ref("Dataset")},
            "broader": {"type": "array", "items": {"type": "string"}},
            "facets": {"type": "array", "items": {"type": "object"}},
        },
    }


def _dataset() -> dict[str, Any]:
    text = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    many = {"type": "array", "items": text}
    properties: dict[str, Any] = {
        "id": text,
        "iri": {"type": "string", "format": "uri"},
        "source_iri": text,
        "title": TEXTS,
        "description": TEXTS,
        "holder": {"type": "object"},
        "individuals": {
            "description": "null: not stated. value, or below: fewer than so many.",
            "type": ["object", "null"],
            "properties": {
                "value": {"type": ["integer", "null"]},
                "below": {"type": ["integer", "null"]},
            },
        },
        "diseases": many,
        "assays": many,
        "consent": {"type": "array", "items": {"type": "object"}},
        "accessibility": maybe,
        "access_rights": maybe,
        "weeks_to_access": {"type": ["integer", "null"]},
        "changed": {"type": "string", "format": "date-time"},
        "last_seen": {"type": "string", "format": "date-time"},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
        },
    }
