"""Search."""

from __future__ import annotations

from flask import render_template, request

from catalogue.search.request import SearchRequest
from catalogue.web.language import page_url
from catalogue.web.parts import reader, services
from catalogue.web.present.search import search_page


def search() -> str:
    """What was asked, what was found, and how to ask differently."""
    wanted = SearchRequest.from_args(request.args.items(multi=True))
    page = search_page(reader(), services(), wanted, page_url("datasets"))
    return render_template("datasets.html", page=page)
