"""The home page, which is also the root of the FAIR Data Point."""

from __future__ import annotations

from flask import Response, render_template

from catalogue.web import linked
from catalogue.web.answers import negotiated
from catalogue.web.parts import reader, services, settings
from catalogue.web.present.home import home_page

VERSION = "0.1.0"
CONTAINER = '<http://www.w3.org/ns/ldp#DirectContainer>; rel="type"'


def show() -> Response:
    """Three ways in for people; the FAIR Data Point's own record for machines."""
    base, catalogs = settings().base_url, services().register.standings("catalog")
    return negotiated(
        lambda: render_template("home.html", page=home_page(reader(), services())),
        lambda: linked.root_graph(settings(), VERSION, catalogs),
        iri=base,
        modified=services().register.last_change(),
        more_links=(CONTAINER,),
        state=repr([(each.iri, each.version, each.changed) for each in catalogs]) + VERSION,
    )
