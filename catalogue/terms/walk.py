"""Two questions about a hierarchy that look alike and walk in opposite directions.

A search for a topic goes down: who asks for cancer wants melanoma too. Consent goes up:
consent for cancer covers a study of melanoma, and consent for melanoma does not cover a study
of cancer. Down, every broader topic counts; up, only what a disease is a kind of. The two are
kept apart on purpose, so that no one uses one for the other.
"""

from __future__ import annotations

from catalogue.namespaces import Iri
from catalogue.terms.concept import Concept, Scheme


def topic(scheme: Scheme, iri: str) -> frozenset[Iri]:
    """The concept asked for and everything below it: what a search for it should find."""
    return scheme.descendants(iri) | {Iri(iri)}


def covered_by(scheme: Scheme, iri: str) -> frozenset[Iri]:
    """The concept studied and all that it is a kind of: consent for any of these covers it.

    Only `Concept.generic` is followed. Angelman syndrome is listed below epilepsy because a
    search should find it there, but consent for epilepsy is no consent for Angelman syndrome.
    """
    found: set[Iri] = set()
    level = [Iri(iri)]
    while level:
        found |= set(level)
        kinds = (concept.generic for each in level if (concept := scheme.get(each)))
        level = [kind for above in kinds for kind in above if kind not in found]
    return frozenset(found)


def unclear_above(scheme: Scheme, iri: str) -> frozenset[Iri]:
    """Topics above the concept that it is not simply a kind of: a person has to judge."""
    return frozenset(scheme.ancestors(iri)) - covered_by(scheme, iri)


def may_include(scheme: Scheme, iri: str, levels: int = 2) -> tuple[Concept, ...]:
    """Concepts up to `levels` above, never a root: datasets coded so may include the topic."""
    found: dict[Iri, Concept] = {}
    above = scheme.broader(iri)
    for _ in range(levels):
        found |= {each.iri: each for each in above if scheme.broader(each.iri)}
        above = tuple(up for each in above for up in scheme.broader(each.iri))
    found.pop(Iri(iri), None)
    return tuple(found.values())
