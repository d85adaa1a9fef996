"""What the API says about itself, in OpenAPI 3.1; a test compares it with the routes.

Parameters of the search come from the table of facets, so a new facet is described at once.
"""

from __future__ import annotations

from typing import Any

from catalogue.ingest.check import MOST_BYTES
from catalogue.search.facets import EVERY
from catalogue.search.request import LARGEST_PAGE, LONGEST_QUERY, SORTS, USUAL_PAGE
from catalogue.web import openapi_consent, openapi_sources

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
COUNT = {
    "description": "null: not stated. value, or below: fewer than so many, zero included.",
    "type": ["object", "null"],
    "properties": {
        "value": {"type": ["integer", "null"]},
        "below": {"type": ["integer", "null"]},
    },
}
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
            "schemas": {
                "Dataset": _dataset(),
                "DatasetAlone": _alone(),
                "Results": _results(),
                "Problem": _problem(),
                "Checked": _checked(),
                **openapi_sources.schemas(),
                **openapi_consent.schemas(),
            },
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
        "/api/datasets": _read(
            "Search datasets",
            "Results",
            [*_parameters(), *_facets(), *openapi_consent.parameters()],
        ),
        "/api/datasets/{id}": _read(
            "One dataset", "DatasetAlone", [_identifier(), *openapi_consent.parameters()], gone=True
        ),
        "/api/openapi.json": _read("This description", None, []),
        "/api/validate": _validate(),
        **openapi_sources.paths(),
        **openapi_consent.paths(),
    }


def _read(
    summary: str, schema: str | None, parameters: list[dict[str, Any]], *, gone: bool = False
) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(schema) if schema else {"type": "object"}}}
    responses = {"200": {"description": summary, "content": content}, "400": PROBLEM}
    if gone:
        responses |= {"404": PROBLEM, "410": PROBLEM}
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _validate() -> dict[str, Any]:
    profiles = {"type": "array", "items": {"type": "string"}}
    report = {"text/turtle": {"schema": {"type": "string"}}}
    answer = {"application/json": {"schema": _ref("Checked")}, **report}
    refusals = dict.fromkeys(("400", "403", "413", "422", "503"), PROBLEM)
    return {
        "post": {
            "summary": "Check a description: repairs and the reports of every profile",
            "description": "The body is RDF in any notation, or an object with a public address. "
            "Nothing of it is kept. A syntax error has its `line` in the problem document.",
            "parameters": [_query("profile", "Only these profiles", profiles)],
            "requestBody": {
                "required": True,
                "content": {
                    "text/turtle": {"schema": {"type": "string", "maxLength": MOST_BYTES}},
                    "application/json": {"schema": _address()},
                },
            },
            "responses": {"200": {"description": "The reports", "content": answer}, **refusals},
        }
    }


def _address() -> dict[str, Any]:
    url = {"type": "string", "format": "uri"}
    return {"type": "object", "required": ["url"], "properties": {"url": url}}


def _checked() -> dict[str, Any]:
    objects = {"type": "array", "items": {"type": "object"}}
    text = {"type": "string"}
    properties: dict[str, Any] = {
        "subject": text,
        "kind": {"type": "string", "enum": ["dataset", "catalog", "series"]},
        "repairs": objects,
        "reports": {
            "description": "By profile; `mended` of a finding: the repaired copy lacks it.",
            **objects,
        },
        "repaired": {"description": "The repaired copy, as Turtle.", **text},
    }
    one = {"type": "object", "required": list(properties), "properties": properties}
    return {
        "type": "object",
        "required": ["descriptions"],
        "properties": {"descriptions": {"type": "array", "items": one}},
    }


def _parameters() -> list[dict[str, Any]]:
    return [
        _query("q", "Words, a disease or a code", {"type": "string", "maxLength": LONGEST_QUERY}),
        _query("exact", "1: without narrower diseases", {"type": "string", "enum": ["0", "1"]}),
        _query("sort", "Order", {"type": "string", "enum": list(SORTS)}),
        _query("page", "Page, from 1", {"type": "integer", "minimum": 1, "default": 1}),
        _query(
            "size",
            f"Datasets on a page; more than {LARGEST_PAGE} is refused",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE},
        ),
    ]


def _facets() -> list[dict[str, Any]]:
    values = {"type": "array", "items": {"type": "string"}}
    return [
        _query(each.parameter, f"{each.label.value('en')}: any of these values", values)
        for each in EVERY
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
            "compatible": {
                "description": "Datasets and individuals by verdict; empty without a purpose.",
                "type": "array",
                "items": {"type": "object"},
            },
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
        "individuals": COUNT,
        "diseases": many,
        "assays": many,
        "consent": {
            "description": "One item for each group of people who agreed to the same. Conditions "
            "of different groups must not be read together. No items, or a group without "
            "conditions: not stated.",
            "type": "array",
            "items": _consent_group(),
        },
        "consent_conditions": {
            "description": "Every term that holds for at least one group, once: to filter by.",
            "type": "array",
            "items": _condition(),
        },
        "accessibility": maybe,
        "access_rights": maybe,
        "weeks_to_access": {"type": ["integer", "null"]},
        "changed": {"type": "string", "format": "date-time"},
        "last_seen": {"type": "string", "format": "date-time"},
        "fit": {
            "description": "Whether consent fits the purpose; null when none was asked.",
            "anyOf": [_ref("Fit"), {"type": "null"}],
        },
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _alone() -> dict[str, Any]:
    """A dataset with what is only told of one at a time."""
    same = {
        "description": "Datasets of other sources under the same name; never merged.",
        "type": "array",
        "items": {"type": "object"},
    }
    own = {"type": "object", "required": ["maybeSame"], "properties": {"maybeSame": same}}
    return {"allOf": [_ref("Dataset"), own]}


def _consent_group() -> dict[str, Any]:
    properties = {
        "label": TEXTS,
        "individuals": COUNT,
        "conditions": {"type": "array", "items": _condition()},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _condition() -> dict[str, Any]:
    properties = {
        "term": {"type": "string", "format": "uri"},
        "parameters": {"type": "array", "items": {"type": "string"}},
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
