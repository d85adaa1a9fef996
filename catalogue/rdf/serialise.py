"""A graph as bytes for others to read: the same graph always gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox

from catalogue.errors import DescriptionError
from catalogue.namespaces import PREFIXES, RDF
from catalogue.rdf import media, rdf_xml
from catalogue.rdf.graph import Graph, ordered

_LOCAL_NAME = re.compile(r"\w[\w-]*\Z", re.ASCII)


def serialise(graph: Graph, media_type: str = "text/turtle") -> bytes:
    """The graph in a notation named by its media type, with our prefixes, in a stable order.

    Raises `DescriptionError` when the notation cannot hold the graph (RDF/XML cannot name
    every property) or is not one that we write.
    """
    notation = media.from_media_type(media_type)
    if notation is None:
        raise DescriptionError(f"{media_type} is not a notation that the catalogue writes")
    return WRITERS[notation](graph)


def _used(triples: list[ox.Triple]) -> dict[str, str]:
    """The prefixes that these triples need, and no others."""
    text = "\n".join(map(str, triples))
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if f"<{namespace}" in text}


def _turtle(graph: Graph) -> bytes:
    """Turtle; also valid TriG. The writer declares prefixes in any order, so we do it."""
    triples = ordered(graph)
    prefixes = _used(triples)
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    body = re.sub(rb"\A(?:@prefix [^\n]*\n)*", b"", written)
    head = "".join(f"@prefix {p}: <{namespace}> .\n" for p, namespace in sorted(prefixes.items()))
    return head.encode() + b"\n" + body.replace(b" .\n", b" .\n\n").rstrip() + b"\n"


def _n_quads(graph: Graph) -> bytes:
    """N-Triples are N-Quads of the default graph."""
    return graph.n_triples()


def _rdf_xml(graph: Graph) -> bytes:
    odd = rdf_xml.unnameable(graph)
    if odd is not None:
        raise DescriptionError(
            f"RDF/XML cannot write the property <{odd}>: it does not end in an XML name;"
            " ask for Turtle, JSON-LD or N-Triples"
        )
    return rdf_xml.whole(graph)


def _json_ld(graph: Graph) -> bytes:
    """Flattened JSON-LD, with properties and classes shortened by a context of prefixes."""
    triples = ordered(graph)
    nodes = json.loads(ox.serialize(triples, format=ox.RdfFormat.JSON_LD) or b"[]")
    context = _context(triples)
    shorten = _shortener(context)
    document = {"@context": context, "@graph": [_shortened(node, shorten) for node in nodes]}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _context(triples: list[ox.Triple]) -> dict[str, str]:
    """Prefixes that JSON-LD accepts and that no address in the graph could be taken for."""
    text = "\n".join(map(str, triples))
    return {
        prefix: namespace
        for prefix, namespace in _used(triples).items()
        if namespace.endswith(("/", "#")) and f"<{prefix}:" not in text
    }


def _shortener(context: dict[str, str]) -> Callable[[str], str]:
    def shorten(iri: str) -> str:
        for prefix, namespace in context.items():
            local = iri.removeprefix(namespace)
            if local != iri and _LOCAL_NAME.match(local):
                return f"{prefix}:{local}"
        return iri

    return shorten


def _shortened(node: dict[str, Any], shorten: Callable[[str], str]) -> dict[str, Any]:
    short: dict[str, Any] = {}
    for key, value in node.items():
        if key == RDF + "type":
            short["@type"] = [shorten(entry["@id"]) for entry in value]
        else:
            short[shorten(key)] = value
    return short


WRITERS: dict[media.Notation, Callable[[Graph], bytes]] = {
    media.TURTLE: _turtle,
    media.TRIG: _turtle,
    media.JSON_LD: _json_ld,
    media.RDF_XML: _rdf_xml,
    media.N_TRIPLES: Graph.n_triples,
    media.N_QUADS: _n_quads,
}
"""How each notation is written."""
