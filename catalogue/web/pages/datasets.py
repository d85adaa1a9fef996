"""Search."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from catalogue.search.request import SearchRequest
from catalogue.web.language import page_url
from catalogue.web.pages.asked import asked
from catalogue.web.parts import reader, services
from catalogue.web.present.search import query_string, search_page


def search() -> str | Response:
    """What was asked, what was found, and how to ask differently."""
    wanted, given = SearchRequest.from_args(request.args.items(multi=True)), asked()
    here = page_url("datasets")
    if given.moved:
        return redirect(here + query_string(replace(wanted, purpose=given.purpose, page=1)))
    page = search_page(reader(), services(), wanted, here, given.typed)
    return render_template("datasets.html", page=page)
