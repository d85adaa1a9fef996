"""What the API says about sources and their runs, in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from catalogue.register.records import Outcome, RunState

MOST_RUNS, USUAL_RUNS = 200, 30
MOST_OUTCOMES, USUAL_OUTCOMES = 500, 100
LARGEST = 2**63 - 1
"""The largest number that the register can be asked for."""

PROBLEM = {"$ref": "#/components/responses/Problem"}
TEXT: dict[str, Any] = {"type": "string"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
YES_OR_NO: dict[str, Any] = {"type": "boolean"}
WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
MOMENT: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
WORDS: dict[str, Any] = {"type": "object", "additionalProperties": TEXT}
NUMBERS: dict[str, Any] = {"type": "object", "additionalProperties": WHOLE}
OBJECTS: dict[str, Any] = {"type": "array", "items": {"type": "object"}}
OUTCOMES = [each.value for each in Outcome]


def paths() -> dict[str, Any]:
    """The addresses, each with what it answers."""
    base, slug, run = "/api/v1/sources", _in_path("slug"), _in_path("id")
    after = {"type": "integer", "minimum": 0, "maximum": LARGEST, "default": 0}
    runs = [slug, _limit(MOST_RUNS, USUAL_RUNS)]
    outcomes = [
        slug,
        run,
        _query("outcome", "Only these", {"type": "array", "items": _one_of(OUTCOMES)}),
        _query("after", "`next` of the page before", after),
        _limit(MOST_OUTCOMES, USUAL_OUTCOMES),
    ]
    return {
        base: _read("All sources", "Sources", []),
        f"{base}/{{slug}}": _read("One source", "Source", [slug]),
        f"{base}/{{slug}}/runs": _read("Its last runs, newest first", "Runs", runs),
        f"{base}/{{slug}}/runs/{{id}}": _read("One run", "Run", [slug, run]),
        f"{base}/{{slug}}/runs/{{id}}/outcomes": _read(
            "What a run did, record by record", "Outcomes", outcomes
        ),
    }


def schemas() -> dict[str, Any]:
    """What the answers look like."""
    return {
        "Sources": _object({"sources": _many("Source")}),
        "Source": _source(),
        "Runs": _object({"runs": _many("Run")}),
        "Run": _run(),
        "Outcomes": _object({"outcomes": _many("Outcome"), "next": _or_null(WHOLE)}),
        "Outcome": _outcome(),
    }


def _source() -> dict[str, Any]:
    return _object(
        {
            "slug": TEXT,
            "title": TEXT,
            "protocol": TEXT,
            "url": TEXT,
            "organisation": TEXT,
            "schedule": MAYBE,
            "next_run": MOMENT,
            "enabled": YES_OR_NO,
            "pending": YES_OR_NO,
            "verified": YES_OR_NO,
            "datasets": WHOLE,
            "held": WHOLE,
            "removal": {
                "description": "A removal that waits until a steward confirms it.",
                **_or_null({"type": "object"}),
            },
            "last_run": _or_null(_ref("Run")),
            "last_complete": _or_null(_ref("Run")),
            "page": TEXT,
            "feed": TEXT,
        }
    )


def _run() -> dict[str, Any]:
    return _object(
        {
            "id": WHOLE,
            "source": TEXT,
            "started": MOMENT,
            "ended": MOMENT,
            "seconds": {"type": ["number", "null"]},
            "state": _one_of([each.value for each in RunState]),
            "cause": TEXT,
            "message": WORDS,
            "counts": {"description": "Records by outcome.", **NUMBERS},
            "figures": {
                "description": "`requests`, of which `not_modified` were answered 304, `bytes`.",
                **NUMBERS,
            },
        }
    )


def _outcome() -> dict[str, Any]:
    return _object(
        {
            "number": WHOLE,
            "outcome": _one_of(OUTCOMES),
            "title": TEXT,
            "url": TEXT,
            "record": MAYBE,
            "source_iri": TEXT,
            "message": WORDS,
            "line": {"type": ["integer", "null"]},
            "findings": OBJECTS,
            "repairs": OBJECTS,
            "advice": WORDS,
        }
    )


def _read(summary: str, schema: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(schema)}}
    found = {"200": {"description": summary, "content": content}}
    problems = dict.fromkeys(("400", "401", "404", "429"), PROBLEM)
    return {"get": {"summary": summary, "parameters": parameters, "responses": found | problems}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _one_of(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": values}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def _limit(most: int, usual: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return _query("limit", "At most so many", schema)


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}
