"""The judge: pySHACL, one description at a time, with nothing but SHACL Core.

No inference, no imports, no JavaScript, no advanced features; literals reach it as they were
written. Used for profiles that `compiled` refuses, and to test `compiled`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

from catalogue.errors import ProfileError
from catalogue.namespaces import SH
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.validation.compiled import Result
from catalogue.validation.literals import as_rdflib
from catalogue.validation.view import plain

_RESULT = rdflib.URIRef(SH + "result")
_SHAPE = rdflib.URIRef(SH + "sourceShape")
_FOCUS = rdflib.URIRef(SH + "focusNode")
_VALUE = rdflib.URIRef(SH + "value")
_COMPONENT = rdflib.URIRef(SH + "sourceConstraintComponent")


class Reference:
    """A shapes graph in rdflib's form, made once."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = to_rdflib(shapes)

    def results(self, triples: Iterable[ox.Triple]) -> Iterator[Result]:
        """Everything that pySHACL finds; raises `ProfileError` when it cannot use the shapes."""
        try:
            outcome = _judged(to_rdflib(triples), self._shapes)
        except (ReportableRuntimeError, ShapeLoadError) as error:
            raise ProfileError(f"pySHACL cannot use the shapes: {error}") from error
        yield from _results(outcome[1])


def _judged(data: rdflib.Graph, shapes: rdflib.Graph) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Parsing weird boolean")  # it is a finding
        return validate(
            data,
            shacl_graph=shapes,
            advanced=False,
            js=False,
            inplace=True,
            inference="none",
            do_owl_imports=False,
            meta_shacl=False,
        )


def to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """The same triples for rdflib, blank nodes by the same labels, literals unchanged."""
    copy = rdflib.Graph(bind_namespaces="none")
    for subject, predicate, term in plain(triples):
        copy.add((_term(subject), rdflib.URIRef(predicate), _term(term)))
    return copy


def _term(term: Term) -> Any:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    return rdflib.BNode(term.value) if isinstance(term, ox.BlankNode) else as_rdflib(term)


def _results(report: Any) -> Iterator[Result]:
    for node in report.objects(None, _RESULT):
        value = report.value(node, _VALUE)
        yield Result(
            _node(report.value(node, _SHAPE)),
            _back(report.value(node, _FOCUS)),
            None if value is None else _back(value),
            str(report.value(node, _COMPONENT)).removeprefix(SH),
        )


def as_result(node: Any, triples: Iterable[tuple[Any, Any, Any]]) -> Result:
    """The result `node`, from the form in which pySHACL keeps it before it writes a report."""
    said = {p: o[1] if isinstance(o, tuple) else o for s, p, o in triples if s == node}
    value = said.get(_VALUE)
    return Result(
        _node(said[_SHAPE]),
        _back(said[_FOCUS]),
        None if value is None else _back(value),
        str(said[_COMPONENT]).removeprefix(SH),
    )


def _back(term: Any) -> Term:
    if isinstance(term, rdflib.Literal):
        return _literal(term)
    return _node(term)


def _node(term: Any) -> Node:
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    try:
        return ox.NamedNode(str(term))
    except ValueError:
        return _odd_iri(str(term))


def _odd_iri(iri: str) -> Node:
    """An IRI with characters that it may not have, which real descriptions do contain."""
    line = f"<{iri}> <urn:p> <urn:o> ."
    quad = next(iter(ox.parse(line, format=ox.RdfFormat.N_TRIPLES, lenient=True)))
    return quad.subject if isinstance(quad.subject, ox.NamedNode) else ox.BlankNode()


def _literal(term: rdflib.Literal) -> ox.Literal:
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype) if term.datatype else None)
