"""Turtle files of concepts become a `Vocabulary`.

Only for our own files in `ontologies/`: they are small, we wrote them, and so they are parsed
right here. A scheme says by which key we ask for it in its `skos:notation`; a concept may stand
in several schemes. Concepts keep the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from catalogue.errors import DescriptionError, ParseFailed
from catalogue.model.text import LangText, Text
from catalogue.namespaces import GC, RDF, SKOS, XSD, Iri
from catalogue.terms.concept import Concept, Scheme, Vocabulary

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Facts = Mapping[str, tuple[Term, ...]]

GENERIC = "http://purl.org/iso25964/skos-thes#broaderGeneric"
"""Broader in the sense of "is a kind of", from the SKOS extension of ISO 25964."""

CLOSE = ("closeMatch", "broadMatch", "relatedMatch")
"""The matches that do not mean the same, nor lie within."""


def load(documents: Iterable[bytes]) -> Vocabulary:
    """Every scheme in the Turtle documents; raises `ParseFailed` or `DescriptionError`."""
    about = collect(quad for document in documents for quad in parse(document))
    schemes = [
        scheme_node for scheme_node in about.items() if is_a(scheme_node[1], "ConceptScheme")
    ]
    concepts = [node for node in about.items() if is_a(node[1], "Concept")]
    found = (scheme(iri, facts, concepts) for iri, facts in schemes)
    return Vocabulary(schemes={each.key: each for each in found})


def parse(document: bytes) -> Iterator[ox.Quad]:
    """The triples of one Turtle document, in its order."""
    try:
        yield from ox.parse(document, format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        start = document[:80].decode("utf-8", "replace")
        message = f"vocabularies: the document that starts with {start!r}: {error}"
        raise ParseFailed(message, line=error.lineno) from error


def collect(quads: Iterable[ox.Quad]) -> dict[str, Facts]:
    """What is said about each IRI: predicate → objects, both in the order of the file."""
    about: dict[str, dict[str, tuple[Term, ...]]] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode):
            facts = about.setdefault(quad.subject.value, {})
            facts[quad.predicate.value] = (*facts.get(quad.predicate.value, ()), quad.object)
    return dict(about)


def is_a(facts: Facts, local_name: str) -> bool:
    """Whether the facts say that this is a `skos:` class of that name."""
    return SKOS + local_name in iris(facts, RDF + "type")


def scheme(iri: str, facts: Facts, concepts: Iterable[tuple[str, Facts]]) -> Scheme:
    """One scheme with the concepts that stand in it."""
    key = notation(iri, facts)
    members = (node for node in concepts if iri in iris(node[1], SKOS + "inScheme"))
    return Scheme(
        key=key,
        iri=Iri(iri),
        title=text(facts, "prefLabel"),
        concepts=tuple(concept(*node) for node in members),
    )


def concept(iri: str, facts: Facts) -> Concept:
    """One concept; raises `DescriptionError` when it has no notation or no label."""
    labels = text(facts, "prefLabel")
    if not labels:
        raise DescriptionError(f"vocabularies: {iri} has no skos:prefLabel")
    return Concept(
        iri=Iri(iri),
        notation=notation(iri, facts),
        labels=labels,
        alternatives=text(facts, "altLabel"),
        definition=text(facts, "definition"),
        broader=iris(facts, SKOS + "broader"),
        generic=iris(facts, GENERIC),
        exact=iris(facts, SKOS + "exactMatch"),
        narrow=iris(facts, SKOS + "narrowMatch"),
        close=tuple(each for name in CLOSE for each in iris(facts, SKOS + name)),
        spellings=notations(facts, GC + "code"),
        hidden=tuple(each.value for each in literals(facts, SKOS + "hiddenLabel")),
    )


def notation(iri: str, facts: Facts) -> str:
    """The plain `skos:notation`; raises `DescriptionError` when there is not exactly one."""
    found = notations(facts, XSD + "string")
    if len(found) != 1:
        raise DescriptionError(f"vocabularies: {iri} has {len(found)} plain skos:notation, not one")
    return found[0]


def notations(facts: Facts, datatype: str) -> tuple[str, ...]:
    """The values of `skos:notation` of this datatype."""
    found = literals(facts, SKOS + "notation")
    return tuple(each.value for each in found if each.datatype.value == datatype)


def text(facts: Facts, local_name: str) -> LangText:
    """The literals of a `skos:` property with their languages."""
    found = literals(facts, SKOS + local_name)
    return LangText(tuple(Text(each.value, each.language or "") for each in found))


def literals(facts: Facts, predicate: str) -> tuple[ox.Literal, ...]:
    """The objects that are literals."""
    return tuple(each for each in facts.get(predicate, ()) if isinstance(each, ox.Literal))


def iris(facts: Facts, predicate: str) -> tuple[Iri, ...]:
    """The objects that are IRIs."""
    found = facts.get(predicate, ())
    return tuple(Iri(each.value) for each in found if isinstance(each, ox.NamedNode))
