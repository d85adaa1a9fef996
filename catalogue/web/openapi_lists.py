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
    a_list,
    an_object,
    fields,
    in_path,
    many,
    part_of,
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
_ORGANISATION: dict[str, Any] = {"slug": TEXT, "name": TEXTS, "datasets": WHOLE}
_SCHEME: dict[str, Any] = {"key": TEXT, "concepts": WHOLE}
_CONCEPT: dict[str, Any] = {
    "iri": IRI,
    "value": {"description": "What a filter of the search takes.", **TEXT},
    "label": TEXTS,
    "broader": many(TEXT),
    "exact": {"description": "The same in other vocabularies.", **many(TEXT)},
}
CATALOG_FIELDS = tuple(_CATALOG)
ORGANISATION_FIELDS = tuple(_ORGANISATION)
SCHEME_FIELDS = tuple(_SCHEME)
CONCEPT_FIELDS = tuple(_CONCEPT)


def paths() -> Schema:
    """The addresses."""
    return {
        "/api/v1/catalogs": read(
            "All catalogs",
            a_list("catalogs", _part("Catalog")),
            *part_of(CATALOG_FIELDS, "id,title"),
        ),
        "/api/v1/catalogs/{id}": read(
            "One catalog",
            _part("Catalog"),
            in_path("id", "zbs2q425cqpm"),
            fields(CATALOG_FIELDS, "id,title"),
            missing="404 410",
        ),
        "/api/v1/organisations": read(
            "All organisations that hold datasets",
            a_list("organisations", _part("Organisation")),
            *part_of(ORGANISATION_FIELDS, "slug,name"),
        ),
        "/api/v1/organisations/{slug}": read(
            "One organisation",
            _part("Organisation"),
            in_path("slug", "noordzee"),
            fields(ORGANISATION_FIELDS, "slug,name"),
            missing="404",
        ),
        **_terms(),
    }


def _terms() -> Schema:
    return {
        "/api/v1/terms": read(
            "The schemes of the vocabulary",
            a_list("schemes", _part("Scheme")),
            *part_of(SCHEME_FIELDS, "key"),
        ),
        "/api/v1/terms/{scheme}": read(
            "Every concept of a scheme",
            a_list("concepts", _part("Concept"), scheme=TEXT),
            in_path("scheme", "assay"),
            *part_of(CONCEPT_FIELDS, "iri,label"),
            missing="404",
        ),
    }


def schemas() -> Schema:
    """What the answers look like."""
    return {
        "Catalog": an_object(dict(_CATALOG)),
        "Holder": an_object({"slug": TEXT, "name": TEXTS}),
        "Organisation": an_object(dict(_ORGANISATION)),
        "Scheme": an_object(dict(_SCHEME)),
        "Concept": an_object(dict(_CONCEPT)),
    }


def _part(name: str) -> Schema:
    """The whole of it, or with `fields` a part."""
    return {"anyOf": [ref(name), {"type": "object"}]}
