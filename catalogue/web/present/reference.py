"""The OpenAPI document as a page shows it: groups of operations, and the shapes of answers.

The document itself is in English, as are the names in it; the page around it speaks both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter or a property. `kind` is its type in words."""

    name: str
    kind: str
    description: str = ""
    place: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What may be answered; `shape` is the name of a schema, or empty."""

    status: str
    description: str
    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One address with one method."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    members: tuple[Member, ...]
    replies: tuple[Reply, ...]
    body: str
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema with its properties."""

    name: str
    description: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole document, in the order in which it is written."""

    base: str
    version: str
    description: str
    groups: tuple[tuple[str, str, tuple[Operation, ...]], ...]
    shapes: tuple[Shape, ...]


def reference(document: Document, known: Mapping[str, str] | None = None) -> Reference:
    """The document in pieces for a page.

    `known` are names that exist, for the examples: by the step of the path that they follow.
    """
    base = document["servers"][0]["url"]
    operations = list(_operations(document, base, known or {}))
    groups = (
        (
            tag["name"],
            tag["description"],
            tuple(op for name, op in operations if name == tag["name"]),
        )
        for tag in document["tags"]
    )
    schemas = document["components"]["schemas"]
    return Reference(
        base,
        document["info"]["version"],
        document["info"]["description"],
        tuple(groups),
        tuple(_shape(name, schema) for name, schema in sorted(schemas.items())),
    )


def kind(schema: Document) -> str:
    """The type of a schema in words.

    >>> kind({"type": "array", "items": {"type": "string"}}), kind({"type": ["integer", "null"]})
    ('list of string', 'integer or null')
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(kind(each) for each in schema[several])
    if "allOf" in schema:
        return " and ".join(kind(each) for each in schema["allOf"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    named = schema.get("type", "anything")
    return " or ".join(named) if isinstance(named, list) else str(named)


def named(path: str, known: Mapping[str, str]) -> str:
    """A path with the names that are known in their places.

    >>> named("/api/v1/sources/{slug}/runs/{id}", {"sources": "umc"})
    '/api/v1/sources/umc/runs/{id}'
    """
    steps = path.split("/")
    pairs = zip(["", *steps], steps, strict=False)
    return "/".join(
        known.get(before, step) if step.startswith("{") else step for before, step in pairs
    )


def _operations(
    document: Document, base: str, known: Mapping[str, str]
) -> Iterator[tuple[str, Operation]]:
    for path, methods in document["paths"].items():
        url = base + named(path, known)
        for method, said in methods.items():
            yield said["tags"][0], _operation(document, url, path, method, said)


def _operation(document: Document, url: str, path: str, method: str, said: Document) -> Operation:
    parameters = [_resolved(document, each) for each in said.get("parameters", ())]
    content = said.get("requestBody", {}).get("content", {})
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=said.get("description", ""),
        members=tuple(_parameter(each) for each in parameters),
        replies=tuple(_reply(document, *each) for each in said["responses"].items()),
        body=", ".join(f"{media}: {kind(each['schema'])}" for media, each in content.items()),
        example=_curl(url, parameters, content),
    )


def _parameter(said: Document) -> Member:
    place, required = said["in"], said.get("required", False)
    return Member(said["name"], kind(said["schema"]), said.get("description", ""), place, required)


def _reply(document: Document, status: str, said: Document) -> Reply:
    found = _resolved(document, said)
    shapes = dict.fromkeys(kind(each["schema"]) for each in found.get("content", {}).values())
    return Reply(status, found["description"], " or ".join(shapes))


def _shape(name: str, schema: Document) -> Shape:
    required = schema.get("required", ())
    members = (
        Member(key, kind(each), each.get("description", ""), "", key in required)
        for key, each in schema.get("properties", {}).items()
    )
    return Shape(name, schema.get("description", "") or _parts(schema), tuple(members))


def _parts(schema: Document) -> str:
    return kind(schema) if "allOf" in schema else ""


def _resolved(document: Document, said: Document) -> Document:
    """What a reference within the document leads to."""
    found: Any = said
    if "$ref" in said:
        found = document
        for step in said["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return dict(found)


def _curl(url: str, parameters: list[Document], content: Document) -> str:
    """The example of an operation, as a command."""
    stated = {each["name"]: each["example"] for each in parameters if "example" in each}
    for each in parameters:
        if each["in"] == "path":
            url = url.replace(f"{{{each['name']}}}", str(stated.pop(each["name"], each["name"])))
    query = f"?{urlencode(stated, doseq=True, safe=',*')}" if stated else ""
    command = f"curl '{url}{query}'"
    for media, each in content.items():
        if "example" in each:
            sent = each["example"]
            text = sent if isinstance(sent, str) else json.dumps(sent, ensure_ascii=False)
            return f"{command} \\\n  --header 'Content-Type: {media}' \\\n  --data '{text}'"
    return command
