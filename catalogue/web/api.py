"""The JSON API: the same questions and the same answers as the search page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, jsonify, request

from catalogue.consent.match import Matcher
from catalogue.consent.purpose import PARAMETERS as PURPOSE_PARAMETERS
from catalogue.consent.purpose import Purpose
from catalogue.errors import BadRequest
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.register.records import Published
from catalogue.search.facets import EVERY
from catalogue.search.request import LARGEST_PAGE, SearchRequest
from catalogue.search.results import FacetResult, FacetValue
from catalogue.web import same
from catalogue.web.api_answers import only, selected
from catalogue.web.api_consent import compatible, judged
from catalogue.web.api_cursor import Walk, following, walk
from catalogue.web.api_values import counted, texts
from catalogue.web.openapi import openapi
from catalogue.web.openapi_datasets import FIELDS
from catalogue.web.parts import services, settings
from catalogue.web.present.card import all_conditions, dataset_of
from catalogue.web.present.fit import matcher

PARAMETERS = (
    "q",
    *(facet.parameter for facet in EVERY),
    *PURPOSE_PARAMETERS,
    "exact",
    "sort",
    "page",
    "cursor",
    "size",
    "fields",
)
"""Of the search; anything else is refused, because a filter that does nothing misleads."""


def install(app: Flask) -> None:
    """Serve it under `/api/v1`, and under `/api` as the newest version."""
    for base in ("/api/v1", "/api"):
        app.add_url_rule(f"{base}/datasets", "api_datasets", datasets)
        app.add_url_rule(f"{base}/datasets/<id>", "api_dataset", dataset)
        app.add_url_rule(f"{base}/openapi.json", "api_openapi", describe)


def datasets() -> Response:
    """Search; takes the parameters of the search page, or walks through all by `cursor`."""
    only_known(PARAMETERS)
    _within_limit(request.args.get("size", ""))
    wanted, fields = SearchRequest.from_args(request.args.items(multi=True)), selected(FIELDS)
    if (cursor := request.args.get("cursor")) is not None:
        return _walked(walk(services().search, wanted, cursor), wanted, fields)
    page = _page_asked(request.args.get("page", "1"))
    results = services().search.search(wanted)
    beyond = page > max(1, results.pages)
    response = jsonify(
        total=results.total,
        page=page,
        pages=results.pages,
        size=wanted.size,
        query=_understood(wanted),
        hits=_hits([] if beyond else [each.id for each in results.hits], wanted, fields),
        broader=list(results.broader),
        facets=[facet(each) for each in results.facets],
        compatible=[compatible(each) for each in results.compatible],
    )
    if page < results.pages:
        response.headers["Link"] = following(str(page + 1), "page")
    return response


def _page_asked(text: str) -> int:
    """Beyond the last page there is nothing, so that whoever turns pages comes to an end."""
    if not (text.isascii() and text.isdigit() and int(text[:9])):
        raise BadRequest(f"page: {text[:40]!r} is not a number from 1")
    return int(text[:9])


def _walked(part: Walk, wanted: SearchRequest, fields: tuple[str, ...] | None) -> Response:
    """A part of everything that is found, and where the next part begins."""
    response = jsonify(
        total=part.total,
        page=None,
        pages=None,
        size=wanted.size,
        next=part.next,
        query=_understood(wanted),
        hits=_hits(part.ids, wanted, fields),
        broader=[],
        facets=[],
        compatible=[],
    )
    if part.next:
        response.headers["Link"] = following(part.next)
    return response


def _understood(wanted: SearchRequest) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in wanted.to_args()]


def _hits(
    ids: Sequence[str], wanted: SearchRequest, fields: tuple[str, ...] | None
) -> list[dict[str, Any]]:
    judge = matcher(services().vocabulary, wanted.purpose, services().policy)
    return [only(hit(each, judge), fields) for each in services().register.datasets(ids)]


def dataset(id: str) -> Response:  # noqa: A002 - the name in the address
    """One dataset in short, with whether its consent fits the purpose in the address."""
    only_known((*PURPOSE_PARAMETERS, "fields"))
    fields = selected((*FIELDS, "maybeSame"))
    purpose = Purpose.from_args(request.args.items(multi=True))
    published = services().register.get("dataset", id)
    judge = matcher(services().vocabulary, purpose, services().policy)
    found = hit(published, judge)
    return jsonify(only({**found, "maybeSame": same.as_json(id)}, fields))


def describe() -> Response:
    """The description of this API, in OpenAPI 3.1."""
    only_known(())
    return jsonify(openapi(settings().base_url))


def only_known(parameters: tuple[str, ...]) -> None:
    """Refuse a parameter that is not one of these, by its name."""
    for name in request.args:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise BadRequest(f"{name[:40]}: there is no such parameter; there are: {known}")


def _within_limit(size: str) -> None:
    """A page with less than was asked for would look complete, so it is refused."""
    if size.strip().isdecimal() and int(size[:18]) > LARGEST_PAGE:
        raise BadRequest(f"size: at most {LARGEST_PAGE} datasets fit on a page; ask for more pages")


def hit(published: Published, judge: Matcher | None = None) -> dict[str, Any]:
    """A dataset for a program. What nobody stated is `null`, never 0 or an empty word."""
    found, record = dataset_of(published), published.record
    return {
        "id": record.id,
        "iri": record.iri,
        "source_iri": record.source_iri,
        "title": texts(found.title),
        "description": texts(found.description),
        "holder": {"slug": record.holder.slug, "name": texts(record.holder.name)},
        "individuals": counted(found.individuals),
        "diseases": list(found.diseases),
        "assays": _assays(published),
        "consent": [consent_group(each) for each in found.consent],
        "consent_conditions": [condition(each) for each in all_conditions(found)],
        "accessibility": found.accessibility,
        "access_rights": found.access_rights,
        "weeks_to_access": found.weeks_to_access,
        "changed": record.changed.isoformat(),
        "last_seen": record.last_seen.isoformat(),
        "fit": judged(judge, found),
    }


def consent_group(stratum: ConsentStratum) -> dict[str, Any]:
    """The people who agreed to the same; without conditions it is not stated to what."""
    return {
        "label": texts(stratum.label),
        "individuals": counted(stratum.individuals),
        "conditions": [condition(each) for each in stratum.conditions],
    }


def condition(value: Condition) -> dict[str, Any]:
    """A term and what it applies to."""
    return {"term": value.term, "parameters": list(value.parameters)}


def facet(result: FacetResult) -> dict[str, Any]:
    """A facet with the counts that the page shows."""
    return {
        "name": result.facet.name,
        "parameter": result.facet.parameter,
        "label": texts(result.facet.label),
        "values": [_value(each) for each in result.values],
    }


def _value(value: FacetValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "label": texts(value.label),
        "count": value.count,
        "selected": value.selected,
        "parent": value.parent,
    }


def _assays(published: Published) -> list[str]:
    found = dataset_of(published)
    grouped = [each.assay for each in found.assay_groups if each.assay]
    return list(dict.fromkeys([*grouped, *found.assays]))
