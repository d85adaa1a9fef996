"""Property paths: from a node to the values that a shape looks at.

https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox

from catalogue.errors import ProfileError
from catalogue.namespaces import RDF, SH
from catalogue.rdf.graph import Graph, Term
from catalogue.validation.report import short
from catalogue.validation.view import View

Walk = Callable[[View, Term], Iterable[Term]]
"""The nodes at the end of a path, from one node; each once, or as a list without repeats."""

NIL = ox.NamedNode(RDF + "nil")


def walk(shapes: Graph, path: Term) -> Walk:
    """Compile a path; raises `ProfileError` when it is none."""
    if isinstance(path, ox.NamedNode):
        return _predicate(path.value)
    if isinstance(path, ox.BlankNode):
        return _compound(shapes, path)
    raise ProfileError(f"sh:path {path} is not a path")


def text(shapes: Graph, path: Term) -> str:
    """The path for people: an IRI, or SPARQL notation such as `^dcat:dataset`."""
    return path.value if isinstance(path, ox.NamedNode) else _notation(shapes, path)


def items(shapes: Graph, head: Term) -> list[Term]:
    """The members of an RDF list; raises `ProfileError` when it does not end."""
    found: list[Term] = []
    while head != NIL:
        if isinstance(head, ox.Literal) or len(found) > len(shapes):
            raise ProfileError(f"{head} is not the start of a list")
        first, rest = shapes.value(head, RDF + "first"), shapes.value(head, RDF + "rest")
        if first is None or rest is None:
            raise ProfileError(f"the list at {head} is broken")
        found.append(first)
        head = rest
    return found


def _predicate(iri: str) -> Walk:
    return lambda view, node: view.objects(node, iri)


def _compound(shapes: Graph, path: ox.BlankNode) -> Walk:
    if shapes.value(path, RDF + "first") is not None:
        return _sequence([walk(shapes, part) for part in items(shapes, path)])
    for predicate, compile_ in _KINDS.items():
        inner = shapes.value(path, SH + predicate)
        if inner is not None:
            return compile_(shapes, inner)
    raise ProfileError(f"sh:path {path} is of an unknown kind")


def _sequence(parts: list[Walk]) -> Walk:
    def steps(view: View, node: Term) -> Iterable[Term]:
        reached: Iterable[Term] = [node]
        for part in parts:
            reached = dict.fromkeys(end for start in reached for end in part(view, start))
        return reached

    return steps


def _inverse(_: Graph, inner: Term) -> Walk:
    if not isinstance(inner, ox.NamedNode):
        raise ProfileError(f"sh:inversePath {inner} is not a single property")
    return lambda view, node: view.subjects(node, inner.value)


def _alternative(shapes: Graph, inner: Term) -> Walk:
    parts = [walk(shapes, part) for part in items(shapes, inner)]
    return lambda view, node: dict.fromkeys(end for part in parts for end in part(view, node))


def _repeated(shapes: Graph, inner: Term, *, zero: bool, many: bool) -> Walk:
    step = walk(shapes, inner)

    def closure(view: View, node: Term) -> Iterable[Term]:
        found: dict[Term, None] = {node: None} if zero else {}
        waiting = [node]
        while waiting:
            for end in step(view, waiting.pop()):
                if end not in found:
                    found[end] = None
                    waiting += [end] if many else []
        return found

    return closure


_KINDS: dict[str, Callable[[Graph, Term], Walk]] = {
    "inversePath": _inverse,
    "alternativePath": _alternative,
    "zeroOrMorePath": lambda shapes, inner: _repeated(shapes, inner, zero=True, many=True),
    "oneOrMorePath": lambda shapes, inner: _repeated(shapes, inner, zero=False, many=True),
    "zeroOrOnePath": lambda shapes, inner: _repeated(shapes, inner, zero=True, many=False),
}


def _notation(shapes: Graph, path: Term) -> str:
    if isinstance(path, ox.NamedNode):
        return short(path.value)
    if isinstance(path, ox.Literal):
        return str(path)
    if shapes.value(path, RDF + "first") is not None:
        return "/".join(_notation(shapes, part) for part in items(shapes, path))
    alternatives = shapes.value(path, SH + "alternativePath")
    if alternatives is not None:
        return "|".join(_notation(shapes, part) for part in items(shapes, alternatives))
    return _marked(shapes, path)


def _marked(shapes: Graph, path: ox.BlankNode | ox.NamedNode) -> str:
    for kind, mark in _MARKS.items():
        inner = shapes.value(path, SH + kind)
        if inner is not None:
            return mark.format(_notation(shapes, inner))
    return str(path)


_MARKS = {
    "inversePath": "^{}",
    "zeroOrMorePath": "({})*",
    "oneOrMorePath": "({})+",
    "zeroOrOnePath": "({})?",
}
