"""RIS: what EndNote, Zotero and Mendeley import. One tag per line, CRLF at its end.

https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.exports.export import Described, Export, line


def write(described: Described) -> bytes:
    """One reference of type DATA."""
    lines = (f"{tag}  - {line(value)}\r\n" for tag, value in _tags(described) if line(value))
    return ("".join(["TY  - DATA\r\n", *lines]) + "ER  - \r\n").encode()


def _tags(described: Described) -> Iterator[tuple[str, str]]:
    """(tag, value) in the order in which people read a reference."""
    yield from (("AU", each.name) for each in described.makers)
    yield "TI", described.title
    yield "PB", described.publisher.name
    yield "PY", described.year
    yield "DO", described.doi or ""
    yield "UR", described.iri
    yield "AB", described.description
    yield from (("KW", each) for each in described.keywords)
    yield "LA", described.language
    yield "DP", "Genoomcatalogus"
    yield "ID", described.record.id
    yield "N1", "; ".join(described.access)


EXPORT = Export(
    key="ris",
    media_type="application/x-research-info-systems",
    name="RIS",
    suffix="ris",
    write=write,
)
