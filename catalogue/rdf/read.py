"""Read values from a graph, by the table in `fields`.

Reading never fails on bad data: a number that is no number is left unread (and shows up in
the validation report), because one bad value must not hide a whole dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, TypeVar, cast

import pyoxigraph as ox

from catalogue.model.counts import Count
from catalogue.model.dataset import Catalog, Dataset, Series
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCAT, DCT, GC, HDC, RDFS, SKOS, TOO_LONG, Iri
from catalogue.rdf import consent
from catalogue.rdf.fields import FIELDS, Field, Kind
from catalogue.rdf.graph import Graph, Node, Term

T = TypeVar("T")

FEWER_THAN_TEN = GC + "band-fewer-than-10"
DISEASE_MARKS = ("Orphanet_", "ORPHA", "MONDO", "nomed", "SNOMED", "icd", "ICD", "DOID", "omim")
"""What tells a disease from another theme: fragments of the IRIs of disease vocabularies."""
ONLY_IF_DISEASE = {DCAT + "theme", HDC + "healthTheme"}
"""Properties that carry diseases among other things."""


def dataset(graph: Graph, subject: Node) -> Dataset:
    """The `dcat:Dataset` described by `subject`."""
    return consent.completed(value(Dataset, graph, subject), graph, subject)


def catalog(graph: Graph, subject: Node) -> Catalog:
    """The `dcat:Catalog` described by `subject`."""
    return value(Catalog, graph, subject)


def series(graph: Graph, subject: Node) -> Series:
    """The `dcat:DatasetSeries` described by `subject`."""
    return value(Series, graph, subject)


def named(iri: str) -> Node:
    """The node that stands for an IRI of ours."""
    return ox.NamedNode(iri)


def value(cls: type[T], graph: Graph, subject: Node) -> T:
    """Read one value of a model class, and what it is made of."""
    present = graph.predicates(subject)
    given = {
        field.name: _attribute(field, graph, subject) if _stated(field, present) else field.unstated
        for field in FIELDS[cls]
    }
    if "iri" in cls.__dataclass_fields__:  # type: ignore[attr-defined]
        given["iri"] = Iri(subject.value) if isinstance(subject, ox.NamedNode) else None
    return cls(**given)


def _stated(field: Field, present: Collection[str]) -> bool:
    return field.band in present or any(name in present for name in field.properties)


def _attribute(field: Field, graph: Graph, subject: Node) -> Any:
    if field.kind is Kind.TEXT:
        return LangText(tuple(dict.fromkeys(_texts(_objects(field, graph, subject)))))
    if field.kind is Kind.COUNT:
        return _count(field, graph, subject)
    if field.kind is Kind.DISEASE:
        return tuple(sorted(set(_diseases(field, graph, subject))))
    found = dict.fromkeys(
        _converted(field, graph, term) for term in _objects(field, graph, subject)
    )
    values = tuple(item for item in found if item is not None)
    if field.kind is Kind.IDENTIFIER:
        return tuple(sorted(values))
    if field.many:
        return values
    return values[0] if values else None


def _objects(field: Field, graph: Graph, subject: Node) -> list[Term]:
    return [term for name in field.properties for term in graph.objects(subject, name)]


def _converted(field: Field, graph: Graph, term: Term) -> Any:
    if field.kind is Kind.NODE:
        return _node(field, graph, term)
    if field.kind is Kind.IDENTIFIER:
        return _identifier(graph, term)
    if field.kind is Kind.LITERAL and isinstance(term, ox.BlankNode):
        return _label(graph, term)
    return CONVERTERS[field.kind](term)


def _node(field: Field, graph: Graph, term: Term) -> Any:
    cls = cast(type[Any], field.cls)
    if isinstance(term, ox.Literal):
        return cls(name=LangText(tuple(_texts([term])))) if "name" in _names(cls) else None
    nested = value(cls, graph, term)
    empty = cls.__name__ == "Condition" and nested.term is None
    return None if empty else nested


def _names(cls: type[Any]) -> set[str]:
    return {field.name for field in FIELDS[cls]}


def _texts(terms: Iterable[Term]) -> Iterable[Text]:
    for term in terms:
        if isinstance(term, ox.Literal) and term.value.strip():
            yield Text(term.value, term.language or "")


def _label(graph: Graph, node: ox.BlankNode) -> str | None:
    """What a blank node says about itself (dpv:hasPurpose with only a description, say)."""
    for name in (DCT + "title", RDFS + "label", SKOS + "prefLabel", DCT + "description"):
        term = graph.value(node, name)
        if isinstance(term, ox.Literal):
            return term.value
    return None


def _identifier(graph: Graph, term: Term) -> str | None:
    if isinstance(term, ox.Literal):
        return term.value
    notation = graph.value(term, SKOS + "notation")
    if notation is not None and not isinstance(notation, ox.BlankNode):
        return notation.value
    return term.value if isinstance(term, ox.NamedNode) else None


def _count(field: Field, graph: Graph, subject: Node) -> Count | None:
    if any(
        isinstance(band, ox.NamedNode) and band.value == FEWER_THAN_TEN
        for band in graph.objects(subject, field.band)
    ):
        return Count(below=10)
    for term in _objects(field, graph, subject):
        number = whole_number(term)
        if number is not None:
            return Count(value=number)
    return None


def _diseases(field: Field, graph: Graph, subject: Node) -> Iterable[str]:
    for name in field.properties:
        for term in graph.objects(subject, name):
            code = _disease_code(graph, term)
            if code and (name not in ONLY_IF_DISEASE or _marks_disease(code)):
                yield code


def _marks_disease(code: str) -> bool:
    return any(mark in code for mark in DISEASE_MARKS)


def _disease_code(graph: Graph, term: Term) -> str | None:
    """The code of a plain value, or of a node {skos:notation, skos:inScheme} (R5)."""
    if isinstance(term, ox.BlankNode):
        return _identifier(graph, term)
    return term.value.strip() or None


def whole_number(term: Term) -> int | None:
    """The non-negative integer that a literal holds, whatever integer type it claims.

    `None` for anything else: "circa 450", -5, 1.5, or more than 15 digits.
    """
    if not isinstance(term, ox.Literal) or term.datatype.value == TOO_LONG:
        return None
    text = term.value.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _iri(term: Term) -> Iri | None:
    return Iri(term.value) if isinstance(term, ox.NamedNode) else None


def _literal(term: Term) -> str | None:
    return None if isinstance(term, ox.BlankNode) else term.value.strip() or None


def _keyword(term: Term) -> Text | None:
    return Text(term.value, term.language or "") if isinstance(term, ox.Literal) else None


def _decimal(term: Term) -> float | None:
    try:
        number = float(_literal(term) or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e15 else None


def _boolean(term: Term) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(_literal(term) or "")


def _day(term: Term) -> date | None:
    try:
        return date.fromisoformat((_literal(term) or "")[:10])
    except ValueError:
        return None


def _email(term: Term) -> str | None:
    """The address alone: parameters such as ?bcc= are dropped."""
    text = _literal(term)
    if not text:
        return None
    address = text.removeprefix("mailto:").partition("?")[0].strip()
    return address if "@" in address else None


CONVERTERS: dict[Kind, Callable[[Term], Any]] = {
    Kind.IRI: _iri,
    Kind.LITERAL: _literal,
    Kind.KEYWORD: _keyword,
    Kind.NUMBER: whole_number,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _literal,
    Kind.DAY: _day,
    Kind.EMAIL: _email,
}
