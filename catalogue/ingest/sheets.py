"""A spreadsheet among what a source sent: its rows as records, its mistakes as reports.

Every row is a record of its own, so one bad row is missed and the others come in. When a row
holds a citizen service number the file itself is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from catalogue.errors import DescriptionError, NotRdf
from catalogue.ingest.source import Document, Missed, Received, Source
from catalogue.namespaces import Iri
from catalogue.rdf.graph import Graph
from catalogue.rdf.sheet import PERSONAL, Problem, Reading, read
from catalogue.rdf.workbook import tables


def from_sheet(document: Document, name: str, source: Source) -> Iterator[Received | Missed]:
    """A record for each good row, a `Missed` for each bad one.

    Raises `NotRdf` when the file as a whole cannot be read.
    """
    try:
        reading = read(tables(document.content, name), source.slug)
    except DescriptionError as error:
        raise NotRdf(str(error), url=document.url) from error
    if not reading.described and not reading.refused:
        yield Received(url=document.url, documents=(document,), graph=Graph())
    yield from _good(reading, document)
    yield from _bad(reading, document, name)


def _good(reading: Reading, document: Document) -> Iterator[Received]:
    personal = any(each.reason == PERSONAL.reason for each in reading.problems)
    for each in reading.described:
        yield Received(
            url=_address(document, each.identifier),
            documents=() if personal else (document,),
            subjects=(Iri(each.dataset.iri),),
            graph=each.graph,
        )


def _bad(reading: Reading, document: Document, name: str) -> Iterator[Missed]:
    for row, problems in reading.refused.items():
        identifier = reading.identifiers.get(row, "")
        url = _address(document, identifier) if identifier else f"{document.url}#row-{row}"
        yield Missed(url=url, reason=_reason(problems, reading, name, url))


def _reason(problems: tuple[Problem, ...], reading: Reading, name: str, url: str) -> NotRdf:
    """All that is wrong with a row, with the rows of other sheets that belong to it."""
    own = " ".join(f"{each.sentence('en')}." for each in problems)
    others = [each.sentence("en") for each in reading.problems if each.sheet and each.row > 1]
    belongs = any(not each.column for each in problems)
    return NotRdf(f"{name}: {own}{' ' + '. '.join(others[:5]) if belongs else ''}", url=url)


def _address(document: Document, identifier: str) -> str:
    return f"{document.url}#{quote(identifier, safe='')}"
