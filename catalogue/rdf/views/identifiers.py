"""Identifiers, and addresses for things that have none.

The address of a description is its identifier when no other was stated: DCAT-AP says so. What
a profile has no room for moves to the other identifiers (`adms:identifier`), and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from catalogue.namespaces import ADMS, DCT, RDF, SKOS, XSD
from catalogue.rdf.canonical import digest
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.views.change import (
    Adaptation,
    Adapted,
    Role,
    blank,
    closure,
    datasets,
    either,
    identifiers,
    lacking,
    nodes,
    note,
    rewriting,
    services,
    swapped,
    text,
    triple,
    value,
)
from catalogue.rdf.views.note import ViewNote

IDENTIFIER = DCT + "identifier"
OTHER = ADMS + "identifier"
GDI_PATTERN = re.compile(r"(GOE|GDI)-[A-Z]{2}-[A-Z]+-[0-9]+")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.\d{4,9}/.+", re.IGNORECASE)

_identified = either(datasets, services)


def address_as_identifier(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """Where no identifier was stated, the address of the description is one."""
    lacks = [
        each
        for each in _identified(graph)
        if isinstance(each, ox.NamedNode) and not graph.objects(each, IDENTIFIER)
    ]
    added = [triple(each, IDENTIFIER, ox.Literal(each.value)) for each in lacks]
    notes = tuple(lacking("address-as-identifier", n, IDENTIFIER, n.value) for n in lacks)
    return swapped(graph, (), added), notes


def one_identifier(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """The best identifier stays (a DOI, then an address); the rest are other identifiers."""
    return _moved(graph, [t for each in _identified(graph) for t in _lesser(graph, each)])


def _lesser(graph: Graph, subject: Node) -> list[ox.Triple]:
    found = sorted((t for t in graph.objects(subject, IDENTIFIER) if text(t)), key=_worth)
    return [triple(subject, IDENTIFIER, term) for term in found[1:]]


def _worth(term: Term) -> tuple[int, str]:
    written = text(term)
    if _DOI.fullmatch(written):
        return 0, str(term)
    return (1 if written.startswith(("http://", "https://")) else 2), str(term)


def gdi_identifiers(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """The identifier in GDI's pattern, also when it stood among the other identifiers."""
    moved: list[ox.Triple] = []
    raised: list[ox.Triple] = []
    notes: list[ViewNote] = []
    for dataset in datasets(graph):
        terms = [t for t in graph.objects(dataset, IDENTIFIER) if text(t)]
        stated = [triple(dataset, IDENTIFIER, t) for t in terms]
        others = [t for t in stated if not GDI_PATTERN.fullmatch(text(value(t)))]
        known = sorted(_other_notations(graph, dataset))
        raised += [triple(dataset, IDENTIFIER, ox.Literal(each)) for each in known]
        if known or len(others) < len(stated):
            moved += others
        else:
            notes += [note("identifier-pattern", t) for t in others]
    graph, more = _moved(swapped(graph, (), raised), moved)
    return graph, (*notes, *more)


def _other_notations(graph: Graph, dataset: Node) -> Iterator[str]:
    for other in nodes(graph, dataset, OTHER):
        for term in graph.objects(other, SKOS + "notation"):
            if GDI_PATTERN.fullmatch(text(term)):
                yield text(term)


def _moved(graph: Graph, facts: list[ox.Triple]) -> Adapted:
    added = [new for fact in facts for new in _as_other(fact)]
    return swapped(graph, facts, added), tuple(note("moved-identifier", t) for t in facts)


def _as_other(fact: ox.Triple) -> Iterator[ox.Triple]:
    other = blank("identifier", fact)
    written = text(value(fact))
    yield ox.Triple(fact.subject, ox.NamedNode(OTHER), other)
    yield triple(other, RDF + "type", ox.NamedNode(ADMS + "Identifier"))
    yield triple(other, SKOS + "notation", ox.Literal(written))


def plain_notations(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """The notation of an identifier as text without language or other type."""
    held = {
        triple(each, SKOS + "notation", term): ox.Literal(text(term))
        for each in identifiers(graph)
        for term in graph.objects(each, SKOS + "notation")
        if not isinstance(term, ox.BlankNode) and not _is_string(term)
    }
    added = [ox.Triple(t.subject, t.predicate, new) for t, new in held.items()]
    return swapped(graph, held, added), ()


def _is_string(term: Term) -> bool:
    return (
        isinstance(term, ox.Literal) and not term.language and term.datatype.value == XSD + "string"
    )


def named(role: Role, word: str) -> Adaptation:
    """Nameless things get an address below the record's, made from what is said of them."""

    def adapt(graph: Graph, subject: ox.NamedNode) -> Adapted:
        names: dict[object, ox.NamedNode] = {
            each: ox.NamedNode(f"{subject.value}#{word}-{_mark(graph, each)}")
            for each in role(graph)
            if isinstance(each, ox.BlankNode)
        }
        return (Graph(_renamed(t, names) for t in graph) if names else graph), ()

    return adapt


def _mark(graph: Graph, subject: Node) -> str:
    return digest(Graph(closure(graph, subject)))[:12]


def _renamed(fact: ox.Triple, names: dict[object, ox.NamedNode]) -> ox.Triple:
    subject = names.get(fact.subject, fact.subject)
    return ox.Triple(subject, fact.predicate, names.get(fact.object, fact.object))


def _text_identifier(fact: ox.Triple) -> list[ox.Triple] | None:
    """An identifier is a text, also when it looks like an address."""
    if not isinstance(fact.object, ox.NamedNode):
        return None
    return [ox.Triple(fact.subject, fact.predicate, ox.Literal(fact.object.value))]


text_identifiers: Adaptation = rewriting([IDENTIFIER], _text_identifier)
