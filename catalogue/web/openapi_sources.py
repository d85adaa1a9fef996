"""What the API says about sources and their runs, in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from catalogue.register.records import Outcome, RunState
from catalogue.web.openapi_parts import (
    MAYBE,
    TEXT,
    WHOLE,
    Schema,
    a_list,
    an_object,
    fields,
    in_path,
    many,
    or_null,
    part_of,
    query,
    read,
    ref,
)

YES_OR_NO: Schema = {"type": "boolean"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
WORDS: Schema = {"type": "object", "additionalProperties": TEXT}
NUMBERS: Schema = {"type": "object", "additionalProperties": WHOLE}
OBJECTS: Schema = many({"type": "object"})
OUTCOMES: Schema = {**TEXT, "enum": [each.value for each in Outcome]}
STATES: Schema = {**TEXT, "enum": [each.value for each in RunState]}

_SOURCE: dict[str, Any] = {
    "slug": TEXT,
    "title": TEXT,
    "protocol": TEXT,
    "url": TEXT,
    "organisation": TEXT,
    "schedule": MAYBE,
    "next_run": MAYBE_MOMENT,
    "enabled": YES_OR_NO,
    "pending": YES_OR_NO,
    "verified": YES_OR_NO,
    "datasets": WHOLE,
    "held": WHOLE,
    "removal": {
        "description": "A removal that waits until a steward confirms it.",
        **or_null({"type": "object"}),
    },
    "last_run": or_null(ref("Run")),
    "last_complete": or_null(ref("Run")),
    "page": TEXT,
    "feed": TEXT,
}
_RUN: dict[str, Any] = {
    "id": WHOLE,
    "source": TEXT,
    "started": MAYBE_MOMENT,
    "ended": MAYBE_MOMENT,
    "seconds": {"type": ["number", "null"]},
    "state": STATES,
    "cause": TEXT,
    "message": WORDS,
    "counts": {"description": "Records by outcome.", **NUMBERS},
    "figures": {
        "description": "`requests`, of which `not_modified` were answered 304, `bytes`.",
        **NUMBERS,
    },
}
_OUTCOME: dict[str, Any] = {
    "number": WHOLE,
    "outcome": OUTCOMES,
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
SOURCE_FIELDS, RUN_FIELDS, OUTCOME_FIELDS = tuple(_SOURCE), tuple(_RUN), tuple(_OUTCOME)
MISSING = "401 404 429"


def paths() -> Schema:
    """The addresses, each with what it answers."""
    base, slug, run = "/api/v1/sources", in_path("slug", "noordzee"), in_path("id", "7")
    return {
        base: _all("All sources", "sources", "Source", part_of(SOURCE_FIELDS, "slug,title")),
        f"{base}/{{slug}}": _one("One source", "Source", slug, fields(SOURCE_FIELDS, "slug,title")),
        f"{base}/{{slug}}/runs": _all(
            "Its runs, newest first", "runs", "Run", (slug, *part_of(RUN_FIELDS, "id,state"))
        ),
        f"{base}/{{slug}}/runs/{{id}}": _one(
            "One run", "Run", slug, run, fields(RUN_FIELDS, "id,state")
        ),
        f"{base}/{{slug}}/runs/{{id}}/outcomes": _all(
            "What a run did, record by record",
            "outcomes",
            "Outcome",
            (
                slug,
                run,
                query("outcome", "Only these", many(OUTCOMES)),
                *part_of(OUTCOME_FIELDS, "number,outcome"),
            ),
        ),
    }


def schemas() -> Schema:
    """What the answers look like."""
    return {
        "Source": an_object(dict(_SOURCE)),
        "Run": an_object(dict(_RUN)),
        "Outcome": an_object(dict(_OUTCOME)),
    }


def _all(summary: str, name: str, of: str, parameters: tuple[Schema, ...]) -> Schema:
    return read(summary, a_list(name, _part(of)), *parameters, missing=MISSING)


def _one(summary: str, of: str, *parameters: Schema) -> Schema:
    return read(summary, _part(of), *parameters, missing=MISSING)


def _part(name: str) -> Schema:
    """The whole of it, or with `fields` a part."""
    return {"anyOf": [ref(name), {"type": "object"}]}
