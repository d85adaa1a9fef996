"""Two diseases compared: what was consented to, and what is studied.

Consent walks up. Consent for cancer covers a study of melanoma, which is a kind of cancer;
consent for melanoma does not cover a study of cancer. Only codes that mean exactly the same
are taken for equal. A disease that we cannot place gives no answer, and no refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from catalogue.namespaces import Iri
from catalogue.terms.alias import canonical, curie
from catalogue.terms.concept import Scheme, grouped
from catalogue.terms.walk import covered_by, unclear_above


class Diseases(Protocol):
    """What the rules need to know of a hierarchy of diseases."""

    def identity(self, code: str) -> Iri:
        """The one IRI for everything that means exactly the same as `code`."""

    def knows(self, iri: Iri) -> bool:
        """Whether the disease has a place in the hierarchy."""

    def above(self, iri: Iri) -> frozenset[Iri]:
        """The disease and all that it is a kind of."""

    def unclear(self, iri: Iri) -> frozenset[Iri]:
        """Topics above it that it is not simply a kind of."""

    def parents(self, iri: Iri) -> tuple[Iri, ...]:
        """What it is directly a kind of."""

    def label(self, iri: Iri, language: str) -> str:
        """What to call it."""


@dataclass(frozen=True, eq=False)
class SchemeDiseases:
    """Our own disease scheme."""

    scheme: Scheme

    def identity(self, code: str) -> Iri:
        """The concept that the code means exactly, or the code itself."""
        concept = self.scheme.resolve(code)
        return concept.iri if concept else canonical(code)

    def knows(self, iri: Iri) -> bool:
        """Whether it is one of our concepts."""
        return iri in self.scheme

    def above(self, iri: Iri) -> frozenset[Iri]:
        """See `walk.covered_by`."""
        return covered_by(self.scheme, iri)

    def unclear(self, iri: Iri) -> frozenset[Iri]:
        """See `walk.unclear_above`."""
        return unclear_above(self.scheme, iri)

    def parents(self, iri: Iri) -> tuple[Iri, ...]:
        """The concepts directly above, of which it is a kind."""
        concept = self.scheme.get(iri)
        return concept.generic if concept else ()

    def label(self, iri: Iri, language: str) -> str:
        """Our label, or the short form of a foreign code."""
        concept = self.scheme.get(iri)
        return concept.label(language) if concept else curie(iri)


@dataclass(frozen=True, eq=False)
class ListedDiseases:
    """A hierarchy given as pairs: child and parent, and codes that mean the same."""

    edges: Mapping[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    same: Mapping[Iri, Iri] = field(default_factory=dict)

    @classmethod
    def of(
        cls, edges: Iterable[tuple[str, str]], exact: Iterable[tuple[str, str]] = ()
    ) -> ListedDiseases:
        """From pairs of codes in any spelling; a parent may be empty."""
        pairs = [(canonical(child), canonical(parent)) for child, parent in edges if child.strip()]
        parents = {iri: () for pair in pairs for iri in pair if iri} | grouped(
            pair for pair in pairs if pair[1]
        )
        return cls(parents, representatives(exact, set(parents)))

    def identity(self, code: str) -> Iri:
        """The code by which the hierarchy knows it, or the code itself."""
        iri = canonical(code)
        return self.same.get(iri, iri)

    def knows(self, iri: Iri) -> bool:
        """Whether the pairs mention it."""
        return iri in self.edges

    def above(self, iri: Iri) -> frozenset[Iri]:
        """The disease and everything above it; safe when the pairs go round."""
        found: set[Iri] = set()
        level = {iri}
        while level:
            found |= level
            level = {up for each in level for up in self.parents(each)} - found
        return frozenset(found)

    def unclear(self, iri: Iri) -> frozenset[Iri]:  # noqa: ARG002 - the port has it
        """Nothing: every pair says "is a kind of"."""
        return frozenset()

    def parents(self, iri: Iri) -> tuple[Iri, ...]:
        """The parents in the pairs."""
        return self.edges.get(iri, ())

    def label(self, iri: Iri, language: str) -> str:  # noqa: ARG002 - the port has it
        """The short code: pairs have no names."""
        return curie(iri)


@dataclass(frozen=True, eq=False)
class MappedDiseases:
    """A hierarchy, with further codes that mean the same as one of its diseases."""

    diseases: Diseases
    same: Mapping[Iri, Iri]

    @classmethod
    def of(cls, diseases: Diseases, exact: Iterable[tuple[str, str]]) -> MappedDiseases:
        """With pairs of codes, in any spelling, that mean exactly the same."""
        pairs = [(diseases.identity(one), diseases.identity(other)) for one, other in exact]
        placed = {code for pair in pairs for code in pair if diseases.knows(code)}
        return cls(diseases, representatives(pairs, placed))

    def identity(self, code: str) -> Iri:
        """The disease that the code means exactly, by the hierarchy or by the pairs."""
        iri = self.diseases.identity(code)
        return self.same.get(iri, iri)

    def knows(self, iri: Iri) -> bool:
        """Whether the hierarchy has it."""
        return self.diseases.knows(iri)

    def above(self, iri: Iri) -> frozenset[Iri]:
        """As the hierarchy says."""
        return self.diseases.above(iri)

    def unclear(self, iri: Iri) -> frozenset[Iri]:
        """As the hierarchy says."""
        return self.diseases.unclear(iri)

    def parents(self, iri: Iri) -> tuple[Iri, ...]:
        """As the hierarchy says."""
        return self.diseases.parents(iri)

    def label(self, iri: Iri, language: str) -> str:
        """As the hierarchy says."""
        return self.diseases.label(iri, language)


def representatives(exact: Iterable[tuple[str, str]], placed: set[Iri]) -> dict[Iri, Iri]:
    """For every code with an exact match, the one code that stands for all of them.

    A group that holds two placed diseases is contradictory, so its members stay apart.
    """
    groups: dict[Iri, frozenset[Iri]] = {}
    for pair in exact:
        codes = {canonical(code) for code in pair if code.strip()}
        merged = frozenset(codes).union(*(groups.get(code, frozenset()) for code in codes))
        groups |= dict.fromkeys(merged, merged)
    found: dict[Iri, Iri] = {}
    for code, group in groups.items():
        inside = sorted(group & placed)
        if len(inside) <= 1:
            found[code] = (inside or sorted(group))[0]
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """How the disease studied stands to the disease consented to.

    `answer` is covered, broader, unrelated, unclear, unknown or missing; `path` leads from the
    one below to the one above where there is a way.
    """

    answer: str
    path: tuple[Iri, ...] = ()


def compare(diseases: Diseases, consented: str, studied: str) -> Compared:
    """Whether consent for `consented` covers a study of `studied`, and along which path."""
    if not consented.strip() or not studied.strip():
        return Compared("missing")
    allowed, asked = diseases.identity(consented), diseases.identity(studied)
    if allowed == asked and ":" in asked:
        return Compared("covered", (asked,))
    if not (diseases.knows(allowed) and diseases.knows(asked)):
        return Compared("unknown")
    if allowed in diseases.above(asked):
        return Compared("covered", path(diseases, asked, allowed))
    if asked in diseases.above(allowed):
        return Compared("broader", path(diseases, allowed, asked))
    return Compared("unclear" if allowed in diseases.unclear(asked) else "unrelated")


def path(diseases: Diseases, low: Iri, high: Iri) -> tuple[Iri, ...]:
    """The shortest way up, both ends included; empty when there is none."""
    ways: list[tuple[Iri, ...]] = [(low,)]
    seen = {low}
    while ways:
        arrived = next((way for way in ways if way[-1] == high), None)
        if arrived:
            return arrived
        longer = [(*way, up) for way in ways for up in diseases.parents(way[-1])]
        ways = list({way[-1]: way for way in reversed(longer) if way[-1] not in seen}.values())
        seen |= {way[-1] for way in ways}
    return ()
