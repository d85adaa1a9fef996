"""A graph as RDF/XML that every reader of XML can read, in a stable order.

A property becomes the name of an element, and not every address ends in one. Whoever writes a
single description asks `unnameable` first and offers another notation; where one odd property
must not cost all the others, it is left out with a comment that names it.

https://www.w3.org/TR/rdf-syntax-grammar/
"""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree.ElementTree import Comment, Element, SubElement, tostring

import pyoxigraph as ox

from catalogue.namespaces import PREFIXES, RDF, XSD
from catalogue.rdf.graph import Graph, ordered

LANGUAGE = "xml:lang"
_LETTERS = "A-Za-z_À-ÖØ-öø-ÿ"
_TAIL = re.compile(rf"[{_LETTERS}][{_LETTERS}\d.\-]*\Z", re.ASCII)
"""The end of an address that is a name by every edition of XML."""
_LOCAL = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_TAKEN = re.compile(
    rf"{re.escape(RDF)}(?:RDF|ID|about|parseType|resource|nodeID|datatype|Description|li"
    r"|aboutEach|aboutEachPrefix|bagID)\Z|http://www\.w3\.org/2000/xmlns/"
)
"""Names that mean something else to RDF/XML or to XML."""
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def unnameable(graph: Graph) -> str | None:
    """A property of this graph that RDF/XML cannot write, if there is any."""
    properties = sorted({triple.predicate.value for triple in graph})
    return next((each for each in properties if _name(each) is None), None)


def whole(graph: Graph) -> bytes:
    """The document, with a comment in the place of every property that it cannot hold."""
    return xml_bytes(element(graph))


def xml_bytes(element: Element) -> bytes:
    """The document; a carriage return is kept, which a parser would otherwise drop."""
    text = tostring(element, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def element(graph: Graph) -> Element:
    """A graph as an `rdf:RDF` element."""
    triples = ordered(graph)
    text = "\n".join(map(str, triples))
    used = {p: ns for p, ns in PREFIXES.items() if p == "rdf" or f"<{ns}" in text}
    root = Element("rdf:RDF", {f"xmlns:{p}": ns for p, ns in used.items()})
    for subject, about in groupby(triples, key=lambda triple: triple.subject):
        _describe(root, subject, list(about))
    return root


def _describe(root: Element, subject: object, about: list[ox.Triple]) -> None:
    """One subject; its first class that has a prefix names the element."""
    kinds = [t for t in about if t.predicate.value == RDF + "type" and _class_name(t.object)]
    name = _class_name(kinds[0].object) if kinds else ""
    node = SubElement(root, name or "rdf:Description", _place(subject, "rdf:about"))
    for triple in about:
        if not kinds or triple is not kinds[0]:
            _property(node, triple)


def _class_name(term: object) -> str:
    return _prefixed(term.value) if isinstance(term, ox.NamedNode) else ""


def _prefixed(iri: str) -> str:
    """`dcat:Dataset`; empty when none of our prefixes fits."""
    if _TAKEN.match(iri):
        return ""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL.match(iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return ""


def _name(iri: str) -> tuple[str, dict[str, str]] | None:
    """The element for a property, and the namespace that it declares; `None` when it has none."""
    if known := _prefixed(iri):
        return known, {}
    tail = _TAIL.search(iri)
    if tail is None or _TAKEN.match(iri):
        return None
    return f"p:{tail[0]}", {"xmlns:p": iri[: tail.start()]}


def _property(node: Element, triple: ox.Triple) -> None:
    name = _name(triple.predicate.value)
    if name is None:
        node.append(Comment(_clean(f" {triple.predicate.value} ").replace("--", "- -")))
        return
    value = SubElement(node, *name)
    if isinstance(triple.object, ox.Literal):
        _literal(value, triple.object)
    else:
        value.attrib.update(_place(triple.object, "rdf:resource"))


def _place(node: object, attribute: str) -> dict[str, str]:
    if isinstance(node, ox.NamedNode):
        return {attribute: _clean(node.value)}
    return {"rdf:nodeID": f"n{node.value}"} if isinstance(node, ox.BlankNode) else {}


def _literal(value: Element, literal: ox.Literal) -> None:
    value.text = _clean(literal.value)
    if literal.language:
        value.set(LANGUAGE, literal.language)
    elif literal.datatype.value != XSD + "string":
        value.set("rdf:datatype", literal.datatype.value)


def _clean(text: str) -> str:
    """With U+FFFD for every character that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
