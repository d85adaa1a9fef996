"""Write values as triples, by the same table that reads them.

What reading gave, writing gives back: `read(write(read(graph))) == read(graph)`.
Nothing is invented: an attribute that nobody stated has no triple.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any

import pyoxigraph as ox

from catalogue.model.counts import Count
from catalogue.model.text import LangText, Text
from catalogue.namespaces import HDC, RDF, XSD
from catalogue.rdf.fields import CLASSES, FIELDS, Field, Kind
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.read import FEWER_THAN_TEN

DATE_TYPES = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"), XSD + "dateTime"),
    (re.compile(r"\d{4}-\d\d-\d\d"), XSD + "date"),
    (re.compile(r"\d{4}-\d\d"), XSD + "gYearMonth"),
    (re.compile(r"\d{4}"), XSD + "gYear"),
)


def write(value: Any) -> Graph:
    """The graph that describes a Dataset, Catalog or Series; its `iri` is the subject."""
    labels = (ox.BlankNode(f"n{number}") for number in count())
    return Graph(_triples(value, ox.NamedNode(value.iri), labels))


def _triples(value: Any, subject: Node, labels: Iterator[ox.BlankNode]) -> Iterator[ox.Triple]:
    class_iri = CLASSES[type(value)]
    yield ox.Triple(subject, ox.NamedNode(RDF + "type"), ox.NamedNode(class_iri))
    for field in FIELDS[type(value)]:
        yield from _field(field, getattr(value, field.name), subject, labels)


def _field(
    field: Field, attribute: Any, subject: Node, labels: Iterator[ox.BlankNode]
) -> Iterator[ox.Triple]:
    if attribute is None:
        return
    values = attribute if field.many else (attribute,)
    for item in values:
        if field.kind is Kind.NODE:
            node = ox.NamedNode(item.iri) if getattr(item, "iri", None) else next(labels)
            yield ox.Triple(subject, ox.NamedNode(field.properties[0]), node)
            yield from _triples(item, node, labels)
        else:
            for predicate, term in TERMS[field.kind](field, item):
                yield ox.Triple(subject, ox.NamedNode(predicate), term)


Pairs = Iterator[tuple[str, Term]]


def _text(field: Field, item: LangText) -> Pairs:
    for text in item.texts:
        yield field.properties[0], _tagged(text)


def _keyword(field: Field, item: Text) -> Pairs:
    yield field.properties[0], _tagged(item)


def _tagged(text: Text) -> ox.Literal:
    return ox.Literal(text.value, language=text.language or None)


def _iri(field: Field, item: str) -> Pairs:
    yield field.properties[0], ox.NamedNode(item)


def _literal(field: Field, item: str) -> Pairs:
    yield field.properties[0], ox.Literal(item)


def _number(field: Field, item: int) -> Pairs:
    yield field.properties[0], typed(item, "nonNegativeInteger")


def _decimal(field: Field, item: float) -> Pairs:
    yield field.properties[0], typed(f"{item:f}".rstrip("0").rstrip("."), "decimal")


def _boolean(field: Field, item: bool) -> Pairs:
    yield field.properties[0], typed("true" if item else "false", "boolean")


def _date(field: Field, item: str) -> Pairs:
    for pattern, datatype in DATE_TYPES:
        if pattern.fullmatch(item):
            yield field.properties[0], ox.Literal(item, datatype=ox.NamedNode(datatype))
            return
    yield field.properties[0], ox.Literal(item)


def _day(field: Field, item: date) -> Pairs:
    yield field.properties[0], typed(item.isoformat(), "date")


def _email(field: Field, item: str) -> Pairs:
    yield field.properties[0], ox.NamedNode(f"mailto:{item.replace(' ', '%20')}")


def _count(field: Field, item: Count) -> Pairs:
    if item.below is not None:
        yield field.band, ox.NamedNode(FEWER_THAN_TEN)
    else:
        yield field.properties[0], typed(item.lowest, "nonNegativeInteger")


def _disease(field: Field, item: str) -> Pairs:
    if item.startswith(("http://", "https://")):
        yield field.properties[0], ox.NamedNode(item)
    else:
        yield HDC + "hasCodeValues", ox.Literal(item)


def typed(value: object, local_name: str) -> ox.Literal:
    """A literal with an XSD datatype."""
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + local_name))


TERMS: dict[Kind, Callable[[Field, Any], Pairs]] = {
    Kind.TEXT: _text,
    Kind.KEYWORD: _keyword,
    Kind.IRI: _iri,
    Kind.LITERAL: _literal,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.DAY: _day,
    Kind.EMAIL: _email,
    Kind.COUNT: _count,
    Kind.DISEASE: _disease,
    Kind.IDENTIFIER: _literal,
}
