"""The list of pages for search engines: an index, and lists of pages with their last change.

Every published record is in it in both languages, and nothing that is not published. Each
address says where the same page is in the other language and without one. All addresses
begin with the configured base.

https://www.sitemaps.org/protocol.html
https://developers.google.com/search/docs/specialty/international/localized-versions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask import Flask, Response, request

from catalogue.errors import NotFound
from catalogue.model.text import LANGUAGES
from catalogue.web.parts import services, settings

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
MOST_RECORDS = 10_000
"""Records in one list: two addresses each, far below the 50,000 that are allowed."""
PAGES = (
    *("/", "/datasets", "/organisations", "/catalogs", "/sources", "/quality", "/about"),
    *("/about/numbers", "/about/consent", "/about/consent/rules", "/consent-wizard"),
    *("/query", "/validate", "/docs", "/accessibility"),
)
"""Pages that are no records; they have no date, because nobody keeps one."""

Page = tuple[str, datetime | None]

register_namespace("", NAMESPACE)
register_namespace("xhtml", XHTML)


def install(app: Flask) -> None:
    """Serve them."""
    app.add_url_rule("/sitemap.xml", "sitemap", index)
    app.add_url_rule("/sitemap-pages.xml", "sitemap_pages", pages)
    app.add_url_rule("/sitemap-<int:number>.xml", "sitemap_records", records)


def index() -> Response:
    """The lists that there are, each with the newest change in it."""
    root = Element(f"{{{NAMESPACE}}}sitemapindex")
    _add(root, "sitemap", f"{settings().base_url}/sitemap-pages.xml", None)
    for number, some in enumerate(_lists(), start=1):
        changed = max(each for _, each in some if each)
        _add(root, "sitemap", f"{settings().base_url}/sitemap-{number}.xml", changed)
    return _answer(root)


def pages() -> Response:
    """The pages about the catalogue itself."""
    return _answer(_urls((path, None) for path in PAGES))


def records(number: int) -> Response:
    """One list of records. Raises `NotFound` beyond the last one."""
    lists = list(_lists())
    if not 1 <= number <= len(lists):
        raise NotFound(f"there is no sitemap {number}; there are {len(lists)}")
    return _answer(_urls(lists[number - 1]))


def _lists() -> Iterator[list[Page]]:
    """All published records, in lists of at most so many."""
    names = services().register.public_names()
    every: list[Page] = [(f"/{kind}/{name}", changed) for kind, name, changed in names]
    for start in range(0, len(every), MOST_RECORDS):
        yield every[start : start + MOST_RECORDS]


def _urls(found: Iterable[Page]) -> Element:
    root, base = Element(f"{{{NAMESPACE}}}urlset"), settings().base_url
    for path, changed in found:
        for language in LANGUAGES:
            entry = _add(root, "url", f"{base}/{language}{path}", changed)
            for other in LANGUAGES:
                _alternate(entry, other, f"{base}/{other}{path}")
            _alternate(entry, "x-default", f"{base}{path}")
    return root


def _add(parent: Element, name: str, address: str, changed: datetime | None) -> Element:
    entry = SubElement(parent, f"{{{NAMESPACE}}}{name}")
    SubElement(entry, f"{{{NAMESPACE}}}loc").text = address
    if changed is not None:
        SubElement(entry, f"{{{NAMESPACE}}}lastmod").text = _written(changed)
    return entry


def _alternate(entry: Element, language: str, address: str) -> None:
    attributes = {"rel": "alternate", "hreflang": language, "href": address}
    SubElement(entry, f"{{{XHTML}}}link", attributes)


def _written(moment: datetime) -> str:
    utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _answer(root: Element) -> Response:
    body = tostring(root, encoding="UTF-8", xml_declaration=True)
    response = Response(body, content_type="application/xml; charset=utf-8")
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
