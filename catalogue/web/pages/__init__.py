"""The pages: one row each, at `/…`, `/nl/…` and `/en/…`. A new page is a module and a row."""

from __future__ import annotations

from flask import Flask

from catalogue.web.language import PREFIX
from catalogue.web.pages import (
    about,
    consent_rules,
    datasets,
    docs,
    home,
    organisations,
    quality,
    query,
    records,
    reports,
    source_test,
    sources,
    steward,
    validate,
    wizard,
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
    ("/sources/pending", "pending_sources", steward.pending),
    ("/sources/test", "test_source", source_test.show),
    ("/sources/<slug>", "source", sources.one),
    ("/sources/<slug>/runs/<int(max=9223372036854775807):number>", "run", sources.run),
    ("/sources/<slug>/feed.atom", "source_feed", sources.feed),
    ("/dataset/<id>/quality", "dataset_quality", quality.dataset),
    ("/<any(dataset, catalog, series):kind>/<id>/report", "report", reports.show),
    ("/quality", "quality", quality.league),
    ("/query", "query", query.show),
    ("/query/terms.json", "query_terms", query.terms),
    ("/docs", "docs", docs.show),
    ("/sign-in", "sign_in", steward.sign_in),
    ("/validate", "validate", validate.show),
    ("/about", "about", about.site),
    ("/about/numbers", "about_numbers", about.numbers),
    ("/about/consent", "about_consent", about.consent),
    ("/about/consent/rules", "consent_rules", consent_rules.show),
    ("/consent-wizard", "consent_wizard", wizard.show),
    ("/accessibility", "accessibility", about.accessibility),
)

FORMS = (
    ("/validate", "validate_result", validate.result),
    ("/validate/repaired", "repaired", validate.repaired),
    ("/sources/test", "tested_source", source_test.result),
    ("/query", "query_form", query.show),
    ("/query/programs", "query_programs", query.programs),
    ("/sign-in", "signed_in", steward.signed_in),
    ("/sign-out", "sign_out", steward.sign_out),
    ("/sources/<slug>/removal", "removal", steward.removal),
    ("/sources/<slug>/decision", "decide_source", steward.decide_source),
)
"""What forms are sent to."""


def install(app: Flask) -> None:
    """Give every page its addresses."""
    app.url_map.strict_slashes = False
    source_test.install(app)
    for rule, endpoint, view in PAGES:
        app.add_url_rule(rule, endpoint, view)
        app.add_url_rule(PREFIX + rule, endpoint, view)
    for rule, endpoint, view in FORMS:
        app.add_url_rule(rule, endpoint, view, methods=["POST"])
        app.add_url_rule(PREFIX + rule, endpoint, view, methods=["POST"])
