"""How values are kept in columns: graphs compressed, texts as JSON."""

from __future__ import annotations

import zlib
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
