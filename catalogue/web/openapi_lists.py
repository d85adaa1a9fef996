"""What the API says about catalogs, organisations and the terms of the vocabulary."""

from __future__ import annotations

from typing import Any

from catalogue.web.openapi_parts import (
    IRI,
    MOMENT,
    TEXT,
    TEXTS,
    WHOLE,
    Schema,
    an_object,
    fields,
    in_path,
    many,
    read,
    ref,
)

_CATALOG: dict[str, Any] = {
    "id": TEXT,
    "iri": IRI,
    "title": TEXTS,
    "description": TEXTS,
    "holder": ref("Holder"),
    "datasets": {"description": "Identifiers of the datasets that it lists.", **many(TEXT)},
    "changed": MOMENT,
}
CATALOG_FIELDS = tuple(_CATALOG)


def paths() -> Schema:
    """The addresses."""
    chosen = fields(CATALOG_FIELDS, "id,title")
    catalog = in_path("id", "zbs2q425cqpm")
    return {
        "/api/v1/catalogs": read("All catalogs", an_object({"catalogs": _some("Catalog")}), chosen),
        "/api/v1/catalogs/{id}": read(
            "One catalog", _part("Catalog"), catalog, chosen, missing="404 410"
        ),
        "/api/v1/organisations": read(
            "All organisations that hold datasets",
            an_object({"organisations": many(ref("Organisation"))}),
        ),
        "/api/v1/organisations/{slug}": read(
            "One organisation", ref("Organisation"), in_path("slug", "noordzee"), missing="404"
        ),
        "/api/v1/terms": read(
            "The schemes of the vocabulary", an_object({"schemes": many(ref("Scheme"))})
        ),
        "/api/v1/terms/{scheme}": read(
            "Every concept of a scheme", ref("Concepts"), in_path("scheme", "assay"), missing="404"
        ),
    }


def schemas() -> Schema:
    """What the answers look like."""
    concept = {
        "iri": IRI,
        "value": {"description": "What a filter of the search takes.", **TEXT},
        "label": TEXTS,
        "broader": many(TEXT),
        "exact": {"description": "The same in other vocabularies.", **many(TEXT)},
    }
    return {
        "Catalog": an_object(dict(_CATALOG)),
        "Holder": an_object({"slug": TEXT, "name": TEXTS}),
        "Organisation": an_object({"slug": TEXT, "name": TEXTS, "datasets": WHOLE}),
        "Scheme": an_object({"key": TEXT, "concepts": WHOLE}),
        "Concepts": an_object({"scheme": TEXT, "concepts": many(an_object(concept))}),
    }


def _some(name: str) -> Schema:
    return many(_part(name))


def _part(name: str) -> Schema:
    """The whole of it, or with `fields` a part."""
    return {"anyOf": [ref(name), {"type": "object"}]}
