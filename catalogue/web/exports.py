"""The formats of `catalogue.exports` over HTTP: of one dataset, and a search as a spreadsheet.

A dataset has them at its own address, by `?format=` or `Accept`, like its notations of RDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from flask import Flask, Response, request
from werkzeug.exceptions import NotAcceptable

from catalogue.errors import BadRequest
from catalogue.exports import exports
from catalogue.exports.export import Described, Export
from catalogue.exports.spreadsheet import EXPORT as SPREADSHEET
from catalogue.exports.spreadsheet import table
from catalogue.register.records import Published
from catalogue.search.request import LARGEST_PAGE, SearchRequest
from catalogue.web.answers import Beside, tag_of, unmeasured
from catalogue.web.api import PARAMETERS, only_known
from catalogue.web.negotiate import Format
from catalogue.web.parts import services, settings
from catalogue.web.present.card import dataset_of

MOST_ROWS = 10_000
"""Of one spreadsheet; whoever needs more takes the dump."""


def install(app: Flask) -> None:
    """Serve a search as a spreadsheet; it takes the parameters of the search page."""
    app.add_url_rule("/datasets.csv", "datasets_csv", datasets_csv)


@cache
def formats() -> tuple[Format, ...]:
    """The formats as negotiation sees them."""
    return tuple(
        Format(each.key, each.media_type, each.name, each.aliases, each.profile)
        for each in exports().values()
    )


def beside(published: Callable[[], Published]) -> Beside:
    """The formats of one dataset, which is read only when one of them is written."""
    return Beside(formats(), lambda wanted: written(published(), exports()[wanted.key]))


def written(published: Published, export: Export) -> Response:
    """The dataset in a format. Raises `NotAcceptable`, with what is missing, when it has none."""
    told = described(published)
    if missing := export.lacks(told):
        error = NotAcceptable()
        error.description = (
            f"{export.name} demands {missing}, and the holder of this dataset states none."
        )
        raise error
    response = Response(export.write(told), content_type=_content_type(export))
    return _named(response, f"{published.record.id}.{export.suffix}")


def available(published: Published) -> list[Export]:
    """The formats in which this dataset can be written."""
    told = described(published)
    return [each for each in exports().values() if not each.lacks(told)]


def described(published: Published) -> Described:
    """A dataset as the formats see it."""
    return Described(
        dataset=dataset_of(published),
        record=published.record,
        base=settings().base_url,
        vocabulary=services().vocabulary,
    )


def datasets_csv() -> Response:
    """Every dataset that a search finds, a row each, in the order of the search."""
    only_known(tuple(each for each in PARAMETERS if each not in ("page", "size")))
    wanted = SearchRequest.from_args([*request.args.items(multi=True), ("size", str(LARGEST_PAGE))])
    tag = tag_of("datasets.csv", str(services().register.position()), repr(wanted.to_args()))
    response = Response(content_type=_content_type(SPREADSHEET))
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    total = services().search.search(wanted).total
    if total > MOST_ROWS:
        raise BadRequest(f"{total} datasets do not fit in a spreadsheet of {MOST_ROWS}; narrow it")
    if request.method == "HEAD":
        unmeasured(response)
    response.make_conditional(request)
    if request.method != "HEAD" and response.status_code == 200:
        response.set_data("".join(table(_found(wanted))))
    return _named(response, f"datasets.{SPREADSHEET.suffix}")


def _found(wanted: SearchRequest) -> Iterator[Described]:
    """Page after page, so that no more than one is in memory."""
    search, register = services().search, services().register
    for number in range(1, MOST_ROWS // LARGEST_PAGE + 2):
        results = search.search(wanted.on_page(number))
        yield from map(described, register.datasets([each.id for each in results.hits]))
        if number >= results.pages:
            return


def _content_type(export: Export) -> str:
    text = export.media_type.startswith("text/") or "x-" in export.media_type
    return f"{export.media_type}; charset=utf-8" if text else export.content_type


def _named(response: Response, name: str) -> Response:
    """With the name under which a browser saves it."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
