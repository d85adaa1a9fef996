"""The pieces that a description in OpenAPI 3.1 is made of."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "format": "date-time"}
IRI: Schema = {"type": "string", "format": "uri"}
TEXTS: Schema = {
    "description": "The text by language tag; `und` when it has none.",
    "type": "object",
    "additionalProperties": {"type": "string"},
}
COUNT: Schema = {
    "description": "null: not stated. value, or below: fewer than so many, zero included.",
    "type": ["object", "null"],
    "properties": {
        "value": {"type": ["integer", "null"]},
        "below": {"type": ["integer", "null"]},
    },
}
USUAL_SIZE, LARGEST_SIZE = 100, 1000
"""Of a part of a list that is no search."""
CURSOR = (
    "`next` of the answer before, or `*`: in order of identifier, each once, whatever changes "
    "meanwhile. Without it from the beginning. The header `Link` has the address of what follows."
)
PROBLEM: Schema = {"$ref": "#/components/responses/Problem"}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def an_object(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    """An object that always has these properties, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def or_null(schema: Schema) -> Schema:
    """That, or not stated."""
    return {"anyOf": [schema, {"type": "null"}]}


def query(name: str, description: str, schema: Schema, **more: Any) -> Schema:
    """A parameter after the question mark; `example` is shown in the documentation."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def in_path(name: str, example: str) -> Schema:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": TEXT, "example": example}


def fields(names: tuple[str, ...], example: str) -> Schema:
    """The choice of fields."""
    words = f"Only these, separated by commas, of: {', '.join(names)}"
    one = f"({'|'.join(names)})"
    return query("fields", words, {**TEXT, "pattern": f"^{one}(,{one})*$"}, example=example)


def a_list(name: str, items: Schema, **more: Schema) -> Schema:
    """What every list answers: a part of it, how much there is, and how to go on."""
    properties: Schema = {
        **more,
        name: many(items),
        "total": {"description": "In the whole list; null: not counted.", **or_null(WHOLE)},
        "next": {"description": "The cursor of what follows; null at the end.", **MAYBE},
    }
    return an_object(properties)


def part_of(names: tuple[str, ...], example: str) -> tuple[Schema, ...]:
    """The parameters that every list takes."""
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": USUAL_SIZE}
    return (
        query("cursor", CURSOR, TEXT),
        query("size", "At most so many", size),
        fields(names, example),
    )


def read(summary: str, schema: Schema, *parameters: Schema, missing: str = "") -> Schema:
    """An address to read from; `missing` are further statuses, such as `404 410`."""
    content = {"application/json": {"schema": schema}}
    found = {"200": {"description": summary, "content": content}, "400": PROBLEM}
    problems = dict.fromkeys(missing.split(), PROBLEM)
    return {
        "get": {"summary": summary, "parameters": list(parameters), "responses": found | problems}
    }
