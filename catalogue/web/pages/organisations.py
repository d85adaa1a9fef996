"""Who holds data, and what."""

from __future__ import annotations

from flask import render_template

from catalogue.search.request import SearchRequest
from catalogue.web.language import page_url
from catalogue.web.pages.quality import of_several
from catalogue.web.parts import reader, services
from catalogue.web.present.search import query_string, search_page


def every() -> str:
    """Every organisation with published datasets."""
    found = sorted(
        (
            (reader().text(holder.name), holder.slug, n)
            for holder, n in services().register.holders()
        ),
        key=lambda each: each[0].text.casefold(),
    )
    return render_template("organisations.html", organisations=found)


def one(slug: str) -> str:
    """One organisation and its datasets."""
    holder = services().register.holder(slug)
    wanted = SearchRequest(selected={"organisation": (slug,)}, size=100, sort="title")
    page = search_page(reader(), services(), wanted, page_url("datasets"))
    return render_template(
        "organisation.html",
        name=reader().text(holder.name),
        page=page,
        quality=of_several(services().register.datasets([each.id for each, _ in page.cards])),
        address=page_url("datasets") + query_string(SearchRequest(selected=wanted.selected)),
    )
