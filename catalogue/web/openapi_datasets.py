"""What the API says about the search and about one dataset."""

from __future__ import annotations

from typing import Any

from catalogue.search.facets import EVERY
from catalogue.search.request import LARGEST_PAGE, LONGEST_QUERY, SORTS, USUAL_PAGE
from catalogue.web import openapi_consent
from catalogue.web.openapi_parts import (
    COUNT,
    IRI,
    MAYBE,
    MOMENT,
    TEXT,
    TEXTS,
    WHOLE,
    Schema,
    an_object,
    fields,
    in_path,
    many,
    or_null,
    query,
    read,
    ref,
)

EXAMPLES = {"disease": ["cardiomyopathy"], "assay": ["wes"]}
GROUPS = (
    "One item for each group of people who agreed to the same. Conditions of different groups "
    "must not be read together. No items, or a group without conditions: not stated."
)
CURSOR = (
    "`*` to begin, then `next` of the answer before: datasets in order of identifier, each once, "
    "whatever changes meanwhile. Not together with page or sort, and without counts of facets."
)


def paths() -> Schema:
    """The two addresses."""
    purpose = openapi_consent.parameters()
    return {
        "/api/v1/datasets": read(
            "Search datasets",
            ref("Results"),
            *_search(),
            *_facets(),
            *purpose,
            fields(FIELDS, "id,title,individuals"),
        ),
        "/api/v1/datasets/{id}": read(
            "One dataset",
            ref("DatasetAlone"),
            in_path("id", "dk3xnq2wzvab"),
            *purpose,
            fields((*FIELDS, "maybeSame"), "id,title,consent"),
            missing="404 410",
        ),
    }


def schemas() -> Schema:
    """What the answers look like."""
    return {"Dataset": _dataset(), "DatasetAlone": _alone(), "Results": _results()}


def _search() -> list[Schema]:
    text = {"type": "string", "maxLength": LONGEST_QUERY}
    size = {"type": "integer", "maximum": LARGEST_PAGE, "default": USUAL_PAGE}
    page = {"type": "integer", "default": 1}
    return [
        query("q", "Words, a disease or a code", text),
        query("exact", "1: without narrower diseases", {"type": "string", "enum": ["0", "1"]}),
        query("sort", "Order", {"type": "string", "enum": list(SORTS)}),
        query("page", "Page, from 1; beyond the last there are no hits", page),
        query("cursor", CURSOR, TEXT),
        query("size", f"Datasets on a page, from 1; more than {LARGEST_PAGE} is refused", size),
    ]


def _facets() -> list[Schema]:
    return [
        query(
            each.parameter,
            f"{each.label.value('en')}: any of these values",
            many(TEXT),
            **({"example": EXAMPLES[each.parameter]} if each.parameter in EXAMPLES else {}),
        )
        for each in EVERY
    ]


def _results() -> Schema:
    facet = an_object(
        {"name": TEXT, "parameter": TEXT, "label": TEXTS, "values": many({"type": "object"})}
    )
    properties: dict[str, Any] = {
        "total": {"description": "Datasets found.", **WHOLE},
        "page": {"description": "null with a cursor.", "type": ["integer", "null"]},
        "pages": {"description": "null with a cursor.", "type": ["integer", "null"]},
        "size": WHOLE,
        "next": {
            "description": "The cursor of the next answer; null at the end. Only with a cursor.",
            **MAYBE,
        },
        "query": {
            "description": "The question as it was understood.",
            **many(an_object({"name": TEXT, "value": TEXT})),
        },
        "hits": {
            "description": "With `fields`, only those of each dataset.",
            **many({"anyOf": [ref("Dataset"), {"type": "object"}]}),
        },
        "broader": {
            "description": "Identifiers of datasets coded a little broader: they may fit as well.",
            **many(TEXT),
        },
        "facets": {
            "description": "`count` of a value: the total when it is chosen. [] with a cursor.",
            **many(facet),
        },
        "compatible": {
            "description": "Datasets and individuals by verdict; empty without a purpose. "
            "Over fewer than three datasets individuals are null: they are not added up.",
            **many({"type": "object"}),
        },
    }
    return an_object(properties, optional=("next",))


def _dataset() -> Schema:
    properties: dict[str, Any] = {
        "id": TEXT,
        "iri": IRI,
        "source_iri": {"description": "What its source calls it.", **TEXT},
        "title": TEXTS,
        "description": TEXTS,
        "holder": {"description": "The organisation that keeps it.", **ref("Holder")},
        "individuals": COUNT,
        "diseases": {"description": "Terms or codes, as the holder wrote them.", **many(TEXT)},
        "assays": {"description": "Kinds of sequencing or array.", **many(TEXT)},
        "consent": {"description": GROUPS, **many(_consent_group())},
        "consent_conditions": {
            "description": "Every term that holds for at least one group, once: to filter by.",
            **many(_condition()),
        },
        "accessibility": MAYBE,
        "access_rights": MAYBE,
        "weeks_to_access": {"type": ["integer", "null"]},
        "changed": {"description": "When its description last changed here.", **MOMENT},
        "last_seen": {"description": "When its source last had it.", **MOMENT},
        "fit": {
            "description": "Whether consent fits the purpose; null when none was asked.",
            **or_null(ref("Fit")),
        },
    }
    return an_object(properties)


def _alone() -> Schema:
    """A dataset with what is only told of one at a time; with `fields`, any part of that."""
    same = {
        "description": "Datasets of other sources under the same name; never merged.",
        **many({"type": "object"}),
    }
    return {
        "anyOf": [{"allOf": [ref("Dataset"), an_object({"maybeSame": same})]}, {"type": "object"}]
    }


def _consent_group() -> Schema:
    return an_object({"label": TEXTS, "individuals": COUNT, "conditions": many(_condition())})


def _condition() -> Schema:
    return an_object({"term": TEXT, "parameters": many(TEXT)})


FIELDS = tuple(_dataset()["properties"])
"""What can be chosen with `fields`."""
