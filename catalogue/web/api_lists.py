"""Catalogs, organisations and the terms of the vocabulary, for programs."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify

from catalogue.register.records import Holder, Published
from catalogue.terms.concept import Concept
from catalogue.web.api import only_known
from catalogue.web.api_answers import only, selected
from catalogue.web.api_cursor import PARAMETERS, answer, asked, part
from catalogue.web.api_values import texts
from catalogue.web.openapi_lists import (
    CATALOG_FIELDS,
    CONCEPT_FIELDS,
    ORGANISATION_FIELDS,
    SCHEME_FIELDS,
)
from catalogue.web.parts import services


def install(app: Flask) -> None:
    """Serve them."""
    app.add_url_rule("/api/v1/catalogs", "api_catalogs", catalogs)
    app.add_url_rule("/api/v1/catalogs/<id>", "api_catalog", catalog)
    app.add_url_rule("/api/v1/organisations", "api_organisations", organisations)
    app.add_url_rule("/api/v1/organisations/<slug>", "api_organisation", organisation)
    app.add_url_rule("/api/v1/terms", "api_schemes", schemes)
    app.add_url_rule("/api/v1/terms/<scheme>", "api_concepts", concepts)


def catalogs() -> Response:
    """All catalogs."""
    only_known(PARAMETERS)
    fields, wanted = selected(CATALOG_FIELDS), asked()
    found = part(services().register.catalogs(), lambda each: each.record.id, wanted)
    return answer("catalogs", found, catalog_json, fields)


def catalog(id: str) -> Response:  # noqa: A002 - the name in the address
    """One catalog."""
    only_known(("fields",))
    fields = selected(CATALOG_FIELDS)
    return jsonify(only(catalog_json(services().register.get("catalog", id)), fields))


def organisations() -> Response:
    """Who holds datasets, and how many."""
    only_known(PARAMETERS)
    fields, wanted = selected(ORGANISATION_FIELDS), asked()
    found = part(services().register.holders(), lambda each: each[0].slug, wanted)
    return answer("organisations", found, lambda each: organisation_json(*each), fields)


def organisation(slug: str) -> Response:
    """One organisation. Its number of datasets is 0 when it holds none that are public now."""
    only_known(("fields",))
    fields = selected(ORGANISATION_FIELDS)
    holder = services().register.holder(slug)
    held = {each.slug: number for each, number in services().register.holders()}
    return jsonify(only(organisation_json(holder, held.get(slug, 0)), fields))


def schemes() -> Response:
    """The schemes of the vocabulary."""
    only_known(PARAMETERS)
    fields, wanted = selected(SCHEME_FIELDS), asked()
    known = [(key, len(each)) for key, each in services().vocabulary.schemes.items()]
    found = part(known, lambda each: each[0], wanted)
    return answer("schemes", found, lambda each: {"key": each[0], "concepts": each[1]}, fields)


def concepts(scheme: str) -> Response:
    """Every concept of a scheme, with its place in it."""
    only_known(PARAMETERS)
    fields, wanted = selected(CONCEPT_FIELDS), asked()
    found = part(services().vocabulary.scheme(scheme), lambda each: each.iri, wanted)
    return answer("concepts", found, concept_json, fields, scheme=scheme)


def catalog_json(published: Published) -> dict[str, Any]:
    """A catalog with the identifiers of its datasets."""
    record, value = published.record, published.value
    return {
        "id": record.id,
        "iri": record.iri,
        "title": texts(value.title),
        "description": texts(value.description),
        "holder": {"slug": record.holder.slug, "name": texts(record.holder.name)},
        "datasets": services().register.datasets_of_catalog(record.id),
        "changed": record.changed.isoformat(),
    }


def organisation_json(holder: Holder, datasets: int) -> dict[str, Any]:
    """An organisation with how many public datasets it holds."""
    return {"slug": holder.slug, "name": texts(holder.name), "datasets": datasets}


def concept_json(concept: Concept) -> dict[str, Any]:
    """A concept. `value` is what the filters of the search take."""
    return {
        "iri": concept.iri,
        "value": concept.notation,
        "label": texts(concept.labels),
        "broader": list(concept.broader),
        "exact": list(concept.exact),
    }
