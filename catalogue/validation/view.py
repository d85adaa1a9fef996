"""A graph arranged for checking: by subject and property, by class, and backwards.

Made once per description and used by every shape; one pass over the triples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from catalogue.namespaces import RDF, RDFS
from catalogue.rdf.graph import Node, Term

TYPE = RDF + "type"
SUBCLASS = RDFS + "subClassOf"

Step = Callable[[Term, str], list[Term]]
"""`View.objects` or `View.subjects`."""


class View:
    """The triples of one description; give each triple once."""

    __slots__ = ("_backward", "_forward", "_has_subclasses", "_instances", "triples")

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples = tuple(triples)
        self._forward: dict[Term, dict[str, list[Term]]] = {}
        self._backward: dict[Term, dict[str, list[Term]]] | None = None
        self._instances: dict[str, list[Term]] = {}
        self._has_subclasses = False
        for subject, predicate, term in plain(self.triples):
            self._add(subject, predicate, term)

    def _add(self, subject: Term, predicate: str, term: Term) -> None:
        self._forward.setdefault(subject, {}).setdefault(predicate, []).append(term)
        if predicate == TYPE and isinstance(term, ox.NamedNode):
            self._instances.setdefault(term.value, []).append(subject)
        elif predicate == SUBCLASS:
            self._has_subclasses = True

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """What the subject points at by the predicate; do not change the list."""
        return self._forward.get(subject, _NOTHING).get(predicate, _NONE)

    def subjects(self, term: Term, predicate: str) -> list[Term]:
        """What points at the term by the predicate; do not change the list."""
        if self._backward is None:
            self._backward = _reversed(self._forward)
        return self._backward.get(term, _NOTHING).get(predicate, _NONE)

    def pairs(self, predicate: str) -> Iterator[tuple[Term, Term]]:
        """Subject and object of every triple with the predicate."""
        for subject, facts in self._forward.items():
            for term in facts.get(predicate, _NONE):
                yield subject, term

    def instances(self, class_iri: str) -> list[Term]:
        """Nodes typed with the class, or with a class that the description puts below it.

        Do not change the list.
        """
        if not self._has_subclasses:
            return self._instances.get(class_iri, _NONE)
        found = dict.fromkeys(self._instances.get(class_iri, _NONE))
        for narrower in self._closure(ox.NamedNode(class_iri), self.subjects):
            found.update(dict.fromkeys(self._instances.get(narrower.value, _NONE)))
        return list(found)

    def is_a(self, node: Term, class_iri: str) -> bool:
        """Whether the node is typed with the class, directly or by way of a narrower one."""
        types = self.objects(node, TYPE)
        wanted = ox.NamedNode(class_iri)
        return wanted in types or any(wanted in self._closure(t, self.objects) for t in types)

    def pointing_at(self, term: Term) -> Iterator[tuple[Term, str]]:
        """Subject and predicate of the triples whose object this is."""
        self.subjects(term, TYPE)
        for predicate, subjects in (self._backward or {}).get(term, _NOTHING).items():
            for subject in subjects:
                yield subject, predicate

    def _closure(self, start: Term, step: Step) -> Iterator[ox.NamedNode]:
        """The classes beyond `start` by `rdfs:subClassOf`; cycles end."""
        if not self._has_subclasses:
            return
        seen, waiting = {start}, [start]
        while waiting:
            for found in step(waiting.pop(), SUBCLASS):
                if found not in seen and isinstance(found, ox.NamedNode):
                    seen.add(found)
                    waiting.append(found)
                    yield found


_NOTHING: dict[str, list[Term]] = {}
_NONE: list[Term] = []


def plain(triples: Iterable[ox.Triple]) -> Iterator[tuple[Node, str, Term]]:
    """Triples as subject, predicate (as text) and object, without statements about triples."""
    for triple in triples:
        subject, term = triple.subject, triple.object
        if not isinstance(subject, ox.Triple) and not isinstance(term, ox.Triple):
            yield subject, triple.predicate.value, term


def _reversed(forward: dict[Term, dict[str, list[Term]]]) -> dict[Term, dict[str, list[Term]]]:
    backward: dict[Term, dict[str, list[Term]]] = {}
    for subject, facts in forward.items():
        for predicate, terms in facts.items():
            for term in terms:
                backward.setdefault(term, {}).setdefault(predicate, []).append(subject)
    return backward
