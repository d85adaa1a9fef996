"""The values of a facet as a tree: what is broader, and in which order they are listed.

A disease may have two parents; it counts for both, and is listed below the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from catalogue.search.facets import NOT_STATED, OTHER, Facet
from catalogue.terms.concept import Scheme, Vocabulary
from catalogue.terms.walk import may_include

LAST = {OTHER: 1, NOT_STATED: 2}

SiblingKey = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Tree:
    """Broader values by value. Empty for a facet without hierarchy.

    `above` is every broader value; `parent` the one below which a value is listed; `near` what
    may include it, a step or two up; `places` the order of the scheme.
    """

    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parent: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    def with_above(self, values: tuple[str, ...]) -> frozenset[str]:
        """The values and everything broader."""
        return frozenset(values).union(*(self.above.get(value, ()) for value in values))

    def listed(self, values: Collection[str], key: SiblingKey) -> Iterator[tuple[str, int]]:
        """The values with their depth: parents before children, siblings ordered by `key`."""
        ordered = sorted(values)
        ordered.sort(key=key)
        ordered.sort(key=lambda value: LAST.get(value, 0))
        if not self.parent:
            return ((value, 0) for value in ordered)
        below: dict[str | None, list[str]] = {}
        for value in reversed(ordered):
            up = self.parent.get(value)
            below.setdefault(up if up in values else None, []).append(value)
        return _downwards(below)


def tree(facet: Facet, vocabulary: Vocabulary) -> Tree:
    """The tree of a facet, from its scheme."""
    if not facet.scheme:
        return Tree()
    scheme = vocabulary.scheme(facet.scheme)
    places = {concept.notation: place for place, concept in enumerate(scheme.concepts)}
    if not facet.hierarchical:
        return Tree(places=places)
    names = {concept.iri: concept.notation for concept in scheme.concepts}
    return Tree(
        above={names[iri]: tuple(names[up] for up in scheme.ancestors(iri)) for iri in names},
        parent={names[iri]: up for iri in names if (up := _parent(scheme, iri))},
        near={names[iri]: tuple(up.notation for up in may_include(scheme, iri)) for iri in names},
        places=places,
    )


def _parent(scheme: Scheme, iri: str) -> str | None:
    """The first broader concept that is not, by a mistake, narrower too."""
    above = (up for up in scheme.broader(iri) if iri not in scheme.ancestors(up.iri))
    return next((up.notation for up in above), None)


def _downwards(below: Mapping[str | None, list[str]]) -> Iterator[tuple[str, int]]:
    """From the roots down; siblings are given last first, as a stack wants them."""
    stack = [(value, 0) for value in below.get(None, ())]
    while stack:
        value, depth = stack.pop()
        yield value, depth
        if value in below:
            stack += [(each, depth + 1) for each in below[value]]
