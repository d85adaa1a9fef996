"""What the profiles say about a published record: a page, JSON, or `sh:ValidationReport`."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request

from catalogue.register.records import Published
from catalogue.web.answers import negotiated
from catalogue.web.api_validate import merged, wants_json
from catalogue.web.language import prefix
from catalogue.web.parts import reader, services
from catalogue.web.present.judgement import Titles
from catalogue.web.present.reports import report_page, reports_of


def show(kind: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """The reports on a record, and what changed with each version."""
    published = services().register.get(kind, id)
    if asks_json():
        return jsonify(as_json(published))
    return negotiated(
        lambda: _page(published),
        lambda: merged([(published.record.iri, reports_of(published))]),
        iri=f"{published.record.iri}/report",
        modified=published.record.changed,
    )


def asks_json() -> bool:
    """Whether a program wants JSON; nobody under `/nl/` does unless they say so."""
    if request.args.get("format") is not None or prefix():
        return request.args.get("format") == "json"
    return request.accept_mimetypes.best == "application/json" and wants_json()


def as_json(published: Published) -> dict[str, object]:
    """The reports and those of earlier versions, as they are kept."""
    versions = services().register.reports(published.record.id)
    return {
        "iri": published.record.iri,
        "reports": [each.to_json() for each in reports_of(published)],
        "versions": [
            {"number": number, "created": created.isoformat(), "reports": list(reports)}
            for number, created, reports in versions
        ],
    }


def titles() -> Titles:
    """The titles of the profiles, as far as this site knows them."""
    found = services().checker
    return found.profiles if found else {}


def _page(published: Published) -> str:
    versions = services().register.reports(published.record.id)
    page = report_page(reader(), published, versions, titles())
    return render_template("report.html", page=page, record=published.record)
