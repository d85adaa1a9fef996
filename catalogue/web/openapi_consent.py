"""What the API says about consent: the purpose in an address, and the question by POST."""

from __future__ import annotations

from typing import Any

from catalogue.consent.outcome import Verdict
from catalogue.consent.purpose import ROWS
from catalogue.web.api_consent import MOST_CONSENTS, MOST_DATASETS, MOST_PURPOSES

TEXT: dict[str, Any] = {"type": "string"}
VERDICT: dict[str, Any] = {"type": "string", "enum": [each.value for each in Verdict]}
WORDS: dict[str, Any] = {"type": "object", "additionalProperties": TEXT}
EXAMPLE: dict[str, Any] = {
    "purposes": [{"purpose": "disease:MONDO:0005148"}],
    "consents": ["HMB;NPU", "DS=MONDO:0005015"],
}
PROBLEM = {"$ref": "#/components/responses/Problem"}


def parameters() -> list[dict[str, Any]]:
    """The parameters of a purpose, from the table of questions."""
    return [
        {
            "name": row.parameter,
            "in": "query",
            "description": "Part of the purpose that consent is read against; see /about/consent",
            "schema": _values() if row.many else TEXT,
        }
        for row in ROWS
    ]


def _values() -> dict[str, Any]:
    return {"type": "array", "items": TEXT}


def paths() -> dict[str, Any]:
    """The question by POST."""
    body = {"application/json": {"schema": _ref("ConsentQuestion"), "example": EXAMPLE}}
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/ConsentAnswer"}}}
    return {
        "/api/v1/consent/match": {
            "post": {
                "summary": "Does recorded consent fit a purpose? An indication, not a permission.",
                "requestBody": {"required": True, "content": body},
                "responses": {
                    "200": {"description": "A verdict with reasons for each", "content": answer},
                    "400": PROBLEM,
                    "404": PROBLEM,
                    "413": PROBLEM,
                },
            }
        }
    }


def schemas() -> dict[str, Any]:
    """The question, the answer and their parts."""
    return {
        "ConsentQuestion": _question(),
        "ConsentAnswer": _answer(),
        "Judgement": _judgement(),
        "Fit": _fit(),
    }


def _question() -> dict[str, Any]:
    several = {"oneOf": [TEXT, {"type": "integer"}, _values()]}
    purpose = {"type": "object", "properties": {row.parameter: several for row in ROWS}}
    return {
        "type": "object",
        "required": ["purposes"],
        "additionalProperties": False,
        "properties": {
            "purposes": _list(purpose | {"additionalProperties": False}, MOST_PURPOSES),
            "datasets": _list(TEXT, MOST_DATASETS),
            "consents": _list(TEXT, MOST_CONSENTS)
            | {"description": "Codes such as `HMB;NPU;DS=MONDO:0005105`."},
        },
    }


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "maxItems": most, "items": items}


def _answer() -> dict[str, Any]:
    fit = {"anyOf": [{"$ref": "#/components/schemas/Fit"}, _ref("Judgement"), {"type": "null"}]}
    one = {"type": "object", "properties": {"dataset": TEXT, "consent": TEXT, "fit": fit}}
    result = {
        "type": "object",
        "properties": {
            "purpose": {"type": "object"},
            "answers": {"type": "array", "items": one},
        },
    }
    return {
        "type": "object",
        "required": ["version", "notice", "results"],
        "properties": {
            "version": TEXT,
            "notice": WORDS,
            "results": {"type": "array", "items": result},
        },
    }


def _judgement() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["verdict", "conditions", "reasons", "version"],
        "properties": {
            "verdict": VERDICT,
            "conditions": _values(),
            "reasons": {"type": "array", "items": {"type": "object"}},
            "version": TEXT,
        },
    }


def _fit() -> dict[str, Any]:
    return {
        "description": "`verdict` is the worst of the groups, so never a yes for some only.",
        "type": "object",
        "required": ["verdict", "verdicts", "groups"],
        "properties": {
            "verdict": VERDICT,
            "verdicts": {"type": "array", "items": VERDICT},
            "groups": {"type": "array", "items": _ref("Judgement")},
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
