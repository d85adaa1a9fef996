"""A set of triples that can be asked small questions quickly.

Terms are pyoxigraph's, because its parser keeps every literal as it was written
(`"007"^^xsd:nonNegativeInteger` stays so); its *store* does not, and is never used here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import cast

import pyoxigraph as ox

from catalogue.namespaces import RDF

type_ = ox.NamedNode(RDF + "type")

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal


class Graph:
    """A set of RDF triples; equal when the triples are (blank nodes by label).

    Questions about a subject or an object make an index the first time they are asked,
    because most graphs are only passed on.
    """

    __slots__ = ("_by_object", "_by_subject", "_objects", "_triples")

    def __init__(self, triples: Iterable[ox.Triple] = ()) -> None:
        self._triples: frozenset[ox.Triple] = frozenset(triples)
        self._by_subject: dict[Node, list[ox.Triple]] | None = None
        self._by_object: dict[Term, list[ox.Triple]] | None = None
        self._objects: dict[Node, dict[str, list[Term]]] = {}

    def __iter__(self) -> Iterator[ox.Triple]:
        return iter(self._triples)

    def __len__(self) -> int:
        return len(self._triples)

    def __contains__(self, triple: ox.Triple) -> bool:
        return triple in self._triples

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and self._triples == other._triples

    def __hash__(self) -> int:
        return hash(self._triples)

    def about(self, subject: Node) -> list[ox.Triple]:
        """The triples whose subject this is, in no order."""
        return self._subjects().get(subject, [])

    def _subjects(self) -> dict[Node, list[ox.Triple]]:
        if self._by_subject is None:
            index: dict[Node, list[ox.Triple]] = defaultdict(list)
            for triple in self._triples:
                index[_node(triple)].append(triple)
            self._by_subject = dict(index)
        return self._by_subject

    def mentioning(self, term: Term) -> list[ox.Triple]:
        """The triples whose object this is, in no order."""
        if self._by_object is None:
            index: dict[Term, list[ox.Triple]] = defaultdict(list)
            for triple in self._triples:
                index[_term(triple)].append(triple)
            self._by_object = dict(index)
        return self._by_object.get(term, [])

    def objects(self, subject: Node, predicate: str) -> list[Term]:
        """The objects of `subject` by `predicate` (an IRI as text), sorted by their text."""
        return list(self._described(subject).get(predicate, ()))

    def predicates(self, subject: Node) -> Collection[str]:
        """The IRIs of the properties that the subject has."""
        return self._described(subject).keys()

    def _described(self, subject: Node) -> dict[str, list[Term]]:
        """Predicate → sorted objects of one subject; made once."""
        if subject not in self._objects:
            found: dict[str, list[Term]] = defaultdict(list)
            for triple in self.about(subject):
                found[triple.predicate.value].append(_term(triple))
            self._objects[subject] = {p: sorted(terms, key=str) for p, terms in found.items()}
        return self._objects[subject]

    def value(self, subject: Node, predicate: str) -> Term | None:
        """The first of `objects`, or `None`."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def types(self, subject: Node) -> set[str]:
        """The IRIs of the subject's classes."""
        return {
            t.object.value
            for t in self.about(subject)
            if t.predicate == type_ and isinstance(t.object, ox.NamedNode)
        }

    def instances(self, class_iri: str) -> list[Node]:
        """Subjects typed with the class, sorted by their text."""
        return sorted(
            {_node(t) for t in self.mentioning(ox.NamedNode(class_iri)) if t.predicate == type_},
            key=str,
        )

    def subjects(self) -> Iterator[Node]:
        """Every subject once, in no order."""
        return iter(self._subjects())

    def n_triples(self) -> bytes:
        """Sorted N-Triples, UTF-8: the form in which the register keeps graphs."""
        return b"".join(sorted(f"{t} .\n".encode() for t in self._triples))

    @classmethod
    def from_n_triples(cls, content: bytes) -> Graph:
        """Read back what `n_triples` wrote. For our own bytes only, never for foreign ones."""
        parsed = ox.parse(content, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        return cls(quad.triple for quad in parsed)


def ordered(graph: Graph) -> list[ox.Triple]:
    """Triples by subject, IRIs before blank nodes; of a subject its types come first."""

    def rank(triple: ox.Triple) -> tuple[bool, str, bool, str, str]:
        blank = isinstance(triple.subject, ox.BlankNode)
        is_type = triple.predicate == type_
        return blank, str(triple.subject), not is_type, str(triple.predicate), str(triple.object)

    return sorted(graph, key=rank)


def _node(triple: ox.Triple) -> Node:
    return cast(Node, triple.subject)


def _term(triple: ox.Triple) -> Term:
    """The object; quoted triples (RDF 1.2) never pass the parser, see `parse`."""
    return cast(Term, triple.object)
