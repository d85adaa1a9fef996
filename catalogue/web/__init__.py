"""The website and everything that machines may ask over HTTP; Flask is known only here.

Read `pages` for the addresses, `present` for what they show, `negotiate` and `linked` for
linked data, `sparql` and `api` for programs, `security` and `problems` for what holds always.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from catalogue.settings import Settings
from catalogue.web import (
    answers,
    api,
    api_answers,
    api_consent,
    api_lists,
    api_sources,
    api_validate,
    bulk,
    exports,
    fdp_meta,
    fdp_query,
    fdp_read,
    fdp_search,
    fdp_write,
    feeds,
    graphs,
    language,
    memento,
    namespace,
    oai,
    pages,
    parts,
    pings,
    plain,
    problems,
    provenance,
    repeated,
    security,
    session,
    signposting,
    sitemap,
    sparql,
    templating,
    void,
)
from catalogue.web.services import Services


def create_app(services: Services, settings: Settings) -> Flask:
    """The whole application, reading from `services`."""
    app = Flask(__name__)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(hours=1)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    parts.install(app, services, settings)
    answers.install(app)
    language.install(app)
    security.install(app, settings)
    session.install(app)
    problems.install(app)
    templating.install(app)
    pages.install(app)
    exports.install(app)
    provenance.install(app)
    memento.install(app)
    signposting.install(app)
    graphs.install(app)
    api.install(app)
    api_answers.install(app)
    api_consent.install(app)
    api_lists.install(app)
    api_sources.install(app)
    api_validate.install(app)
    sparql.install(app, services.store, settings)
    void.install(app)
    namespace.install(app, services.ontologies)
    oai.install(app)
    feeds.install(app)
    bulk.install(app)
    pings.install(app)
    sitemap.install(app)
    fdp_write.install(app, settings)
    fdp_meta.install(app)
    fdp_read.install(app)
    fdp_search.install(app)
    fdp_query.install(app)
    plain.install(app)
    repeated.install(app, services)
    return app
