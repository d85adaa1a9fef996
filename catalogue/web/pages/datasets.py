"""Search."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template
from werkzeug.wrappers import Response

from catalogue.search.request import SearchRequest
from catalogue.web.language import page_url
from catalogue.web.pages.asked import asked
from catalogue.web.parts import reader, services
from catalogue.web.present.search import query_string, search_page


def search() -> str | Response:
    """What was asked, what was found, and how to ask differently."""
    given, here = asked(), page_url("datasets")
    wanted = replace(SearchRequest.from_args(given.pairs), purpose=given.purpose)
    if given.moved:
        return redirect(here + query_string(replace(wanted, page=1)))
    page = search_page(reader(), services(), wanted, here, given.unread)
    return render_template("datasets.html", page=page)
