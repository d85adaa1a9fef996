"""Refuse an answer that is small to fetch and enormous to read.

Twenty megabytes of `<a/>` or `[],` make millions of objects, half a gigabyte of them, and
keep the process busy for half a minute. RDF is parsed in a child with limits of its own;
what is read here, JSON and XML of other protocols, is counted first, which costs nothing.
"""

from __future__ import annotations

from typing import Final

from catalogue.errors import NotRdf
from catalogue.ingest.source import Document

XML_MARKS: Final = b"<="
"""Every element and every attribute has one; UTF-16 has the same bytes."""
JSON_MARKS: Final = b"{[,"
MOST: Final = 1_500_000
"""An honest answer of 20 MB has less than a third of this."""


def refuse_dense(document: Document, marks: bytes, most: int = MOST) -> None:
    """Raises `NotRdf` when these bytes occur more than `most` times in the document."""
    if sum(document.content.count(mark) for mark in marks) > most:
        raise NotRdf(
            f"{document.url}: has more than {most:,} values or elements, which is too much "
            "for one answer",
            url=document.url,
        )
