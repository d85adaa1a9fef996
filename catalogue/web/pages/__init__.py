"""The pages: one row each, at `/…`, `/nl/…` and `/en/…`. A new page is a module and a row."""

from __future__ import annotations

from flask import Flask

from catalogue.web.language import PREFIX
from catalogue.web.pages import (
    about,
    datasets,
    home,
    organisations,
    quality,
    records,
    reports,
    sources,
    validate,
)

PAGES = (
    ("/", "home", home.show),
    ("/datasets", "datasets", datasets.search),
    ("/dataset/<id>", "dataset", records.dataset),
    ("/distribution/<id>", "distribution", records.distribution),
    ("/catalogs", "catalogs", records.catalogs),
    ("/catalog/<id>", "catalog", records.catalog),
    ("/series/<id>", "series", records.series),
    ("/organisations", "organisations", organisations.every),
    ("/organisation/<slug>", "organisation", organisations.one),
    ("/sources", "sources", sources.every),
    ("/sources/<slug>", "source", sources.one),
    ("/sources/<slug>/runs/<int:number>", "run", sources.run),
    ("/dataset/<id>/quality", "dataset_quality", quality.dataset),
    ("/<any(dataset, catalog, series):kind>/<id>/report", "report", reports.show),
    ("/quality", "quality", quality.league),
    ("/validate", "validate", validate.show),
    ("/about", "about", about.site),
    ("/about/numbers", "about_numbers", about.numbers),
    ("/about/consent", "about_consent", about.consent),
    ("/accessibility", "accessibility", about.accessibility),
)

FORMS = (
    ("/validate", "validate_result", validate.result),
    ("/validate/repaired", "repaired", validate.repaired),
)
"""What forms are sent to."""


def install(app: Flask) -> None:
    """Give every page its addresses."""
    app.url_map.strict_slashes = False
    for rule, endpoint, view in PAGES:
        app.add_url_rule(rule, endpoint, view)
        app.add_url_rule(PREFIX + rule, endpoint, view)
    for rule, endpoint, view in FORMS:
        app.add_url_rule(rule, endpoint, view, methods=["POST"])
        app.add_url_rule(PREFIX + rule, endpoint, view, methods=["POST"])
