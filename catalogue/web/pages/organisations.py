"""Who holds data, and what."""

from __future__ import annotations

from flask import Response, render_template

from catalogue.register.records import Holder
from catalogue.search.request import SearchRequest
from catalogue.web import origins
from catalogue.web.answers import negotiated
from catalogue.web.language import page_url
from catalogue.web.pages.quality import of_several
from catalogue.web.pages.tagged import tagged
from catalogue.web.parts import reader, services, settings
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


def one(slug: str) -> Response:
    """One organisation and its datasets."""
    base, holder = settings().base_url, services().register.holder(slug)
    return negotiated(
        lambda: tagged(_page(holder)),
        lambda: origins.organisation_graph(base, holder, _datasets(holder.slug)),
        iri=origins.organisation_name(base, holder.slug),
    )


def _datasets(slug: str) -> int:
    """How many it holds that are public; 0 when all were withdrawn."""
    return {each.slug: number for each, number in services().register.holders()}.get(slug, 0)


def _page(holder: Holder) -> str:
    wanted = SearchRequest(selected={"organisation": (holder.slug,)}, size=100, sort="title")
    page = search_page(reader(), services(), wanted, page_url("datasets"))
    return render_template(
        "organisation.html",
        name=reader().text(holder.name),
        page=page,
        quality=of_several(services().register.datasets([each.id for each, _ in page.cards])),
        address=page_url("datasets") + query_string(SearchRequest(selected=wanted.selected)),
    )
