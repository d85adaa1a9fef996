"""What a web page says to machines: its blocks of JSON-LD, and where the same stands as RDF.

Nothing of the page is run or shown. Only `<script type="application/ld+json">` and `<link
rel="alternate">` are looked at, wherever they stand, because real pages are seldom valid. The
parser of the standard library is not used: a megabyte of `<!` keeps it busy for 20 seconds,
and a megabyte of `<a ` for more than ten minutes. This reads every character about once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.errors import LimitExceeded
from catalogue.rdf.media import BY_MEDIA_TYPE

MOST_CHARACTERS = 5_000_000
MOST_BLOCKS = 200
LONGEST_TAG = 4000
_CHARSET = re.compile(rb"charset=[\"']?\s{0,9}([\w-]{1,40})", re.IGNORECASE)
_START = re.compile(r"<!--|<script\b|<link\b", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")


@dataclass(frozen=True, slots=True)
class Block:
    """The text of one block of JSON-LD, and the line of the page on which it begins."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page says to machines.

    `alternates` are the media types and addresses (as they are written) of the same thing in
    notations of RDF that we read.
    """

    blocks: tuple[Block, ...]
    alternates: tuple[tuple[str, str], ...]


def read_page(content: bytes) -> WebPage:
    """The blocks and links of a page. Raises `LimitExceeded`."""
    text = _decoded(content)
    if len(text) > MOST_CHARACTERS:
        raise LimitExceeded(f"the page has more than {MOST_CHARACTERS:,} characters")
    found = list(_elements(text))
    blocks = tuple(each for each in found if isinstance(each, Block))
    if len(blocks) > MOST_BLOCKS:
        raise LimitExceeded(f"the page has more than {MOST_BLOCKS} blocks of JSON-LD")
    return WebPage(blocks, tuple(each for each in found if not isinstance(each, Block)))


def _decoded(content: bytes) -> str:
    """The text of a page, in the encoding that it states, else UTF-8."""
    stated = _CHARSET.search(content[:4096])
    try:
        return content.decode(stated[1].decode() if stated else "utf-8")
    except (LookupError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def _elements(text: str) -> Iterator[Block | tuple[str, str]]:
    """Every block, and every link to RDF, outside comments."""
    place = line = counted = 0
    while start := _START.search(text, place):
        if start[0] == "<!--":
            place = text.find("-->", start.end())
            if place < 0:
                return
            continue
        stated, place = _attributes(text, start.end())
        if start[0].lower() == "<link":
            yield from _alternate(stated)
            continue
        end = _END.search(text, place)
        if end is None:
            return
        if _kind(stated) == "application/ld+json":
            line, counted = line + text.count("\n", counted, place), place
            yield Block(text[place : end.start()], line + 1)
        place = end.end()


def _attributes(text: str, start: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag, and where it ends."""
    end = text.find(">", start, start + LONGEST_TAG)
    if end < 0:
        return {}, start + LONGEST_TAG
    found = _ATTRIBUTE.findall(text[start:end])
    return {name.lower(): html.unescape(value.strip("\"'")) for name, value in found}, end + 1


def _kind(stated: dict[str, str]) -> str:
    return stated.get("type", "").partition(";")[0].strip().lower()


def _alternate(stated: dict[str, str]) -> Iterator[tuple[str, str]]:
    kind, address = _kind(stated), stated.get("href", "").strip()
    if "alternate" in stated.get("rel", "").lower().split() and kind in BY_MEDIA_TYPE and address:
        yield kind, address
