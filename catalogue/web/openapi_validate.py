"""What the API says about checking a description."""

from __future__ import annotations

from typing import Any

from catalogue.ingest.check import MOST_BYTES
from catalogue.web.openapi_parts import PROBLEM, TEXT, Schema, an_object, many, query, ref

EXAMPLE = (
    "<https://example.org/d> a <http://www.w3.org/ns/dcat#Dataset> ; "
    '<http://purl.org/dc/terms/title> "Exomes"@en .'
)


def paths() -> Schema:
    """The address."""
    report = {"text/turtle": {"schema": TEXT}}
    answer = {"application/json": {"schema": ref("Checked")}, **report}
    refusals = dict.fromkeys(("400", "403", "413", "415", "422", "503"), PROBLEM)
    turtle = {"schema": {"type": "string", "maxLength": MOST_BYTES}, "example": EXAMPLE}
    url = an_object({"url": {"type": "string", "format": "uri"}})
    return {
        "/api/v1/validate": {
            "post": {
                "summary": "Check a description: repairs and the reports of every profile",
                "description": "The body is RDF in any notation, or an object with a public "
                "address. Nothing of it is kept. A syntax error has its `line` in the problem "
                "document.",
                "parameters": [query("profile", "Only these profiles", many(TEXT))],
                "requestBody": {
                    "required": True,
                    "content": {"text/turtle": turtle, "application/json": {"schema": url}},
                },
                "responses": {"200": {"description": "The reports", "content": answer}, **refusals},
            }
        }
    }


def schemas() -> Schema:
    """What the answer looks like."""
    properties: dict[str, Any] = {
        "subject": TEXT,
        "kind": {"type": "string", "enum": ["dataset", "catalog", "series"]},
        "repairs": many({"type": "object"}),
        "reports": {
            "description": "By profile; `mended` of a finding: the repaired copy lacks it.",
            **many({"type": "object"}),
        },
        "repaired": {"description": "The repaired copy, as Turtle.", **TEXT},
    }
    return {"Checked": an_object({"descriptions": many(an_object(properties))})}
