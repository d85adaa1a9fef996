"""How values are kept in columns: graphs compressed, texts as JSON."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

from catalogue.model.text import LangText, Text
from catalogue.rdf.graph import Graph


def packed(graph: Graph) -> bytes:
    """A graph as compressed, sorted N-Triples."""
    return zlib.compress(graph.n_triples(), 6)


def unpacked(content: bytes) -> bytes:
    """The N-Triples of a packed graph."""
    return zlib.decompress(content)


def texts_json(text: LangText) -> list[list[str]]:
    """A text as [[characters, language], …]."""
    return [[item.value, item.language] for item in text.texts]


def text_from(rows: list[Any]) -> LangText:
    """The other way round."""
    return LangText(tuple(Text(value, language) for value, language in rows))


def writable(value: Any) -> Any:
    r"""What somebody else said, so that every database takes it: no NUL, no half characters.

    >>> writable({"en": "a\x00b"})
    {'en': 'a\ufffdb'}
    """
    if isinstance(value, str):
        return type(value)(_UNWRITABLE.sub("\ufffd", value))
    if isinstance(value, Mapping):
        return {writable(name): writable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [writable(each) for each in value]
    return value


_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
