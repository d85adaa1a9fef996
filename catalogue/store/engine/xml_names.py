"""What RDF/XML cannot write: a property whose address does not end in a name of an element.

The serialiser makes an element of every property, and of a class with which a subject begins. It
does not look whether XML allows that name, so an answer with an odd one would be no XML at all.

https://www.w3.org/TR/rdf-syntax-grammar/#section-Serialising
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final

import pyoxigraph as ox

LONGEST: Final = 200
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE: Final = ox.NamedNode(f"{RDF}type")
_LETTERS: Final = "A-Za-z_À-ÖØ-öø-ÿ"
_NAMEABLE: Final = re.compile(
    rf"[^\w.\-\x80-\U0010ffff][\d.\-]*[{_LETTERS}][{_LETTERS}\d.\-]*\Z", re.ASCII
)
"""The end of an address in which every edition of XML takes the same part for a name."""
_TAKEN: Final = re.compile(
    rf"{re.escape(RDF)}(?:RDF|ID|about|parseType|resource|nodeID|datatype|Description|li"
    r"|aboutEach|aboutEachPrefix|bagID)\Z|http://www\.w3\.org/2000/xmlns/"
)
"""Names that mean something else to RDF/XML or to XML."""


class Unwritable(ValueError):
    """XML cannot hold the answer; the message names the property, class or character."""


def is_nameable(iri: str) -> bool:
    """Whether RDF/XML can write a property with this address.

    >>> is_nameable("http://purl.org/dc/terms/title"), is_nameable("http://e.example/ns/")
    (True, False)
    """
    return _NAMEABLE.search(iri) is not None and _TAKEN.match(iri) is None


def writable(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The same triples, in an order that can be written. Raises `Unwritable`."""
    known: set[str] = set()
    for _, about in groupby(triples, key=attrgetter("subject")):
        yield from _begun_well(_named(about, known))


def _named(about: Iterable[ox.Triple], known: set[str]) -> Iterator[ox.Triple]:
    """Raises `Unwritable` for a property that cannot be named; `known` are those that can."""
    for triple in about:
        for iri in _properties(triple):
            if iri not in known:
                _refuse_odd("property", iri)
                known.add(iri)
        yield triple


def _properties(triple: ox.Triple) -> Iterator[str]:
    """That of the triple, and of those that it is about."""
    yield triple.predicate.value
    if isinstance(triple.object, ox.Triple):
        yield from _properties(triple.object)


def _begun_well(about: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    """Of one subject: a class that cannot name an element does not come first."""
    waiting: list[ox.Triple] = []
    for triple in about:
        if _names_badly(triple):
            waiting.append(triple)
            continue
        yield triple
        yield from waiting
        yield from about
        return
    for triple in waiting:
        _refuse_odd("class", triple.object.value)  # type: ignore[union-attr]


def _names_badly(triple: ox.Triple) -> bool:
    """Whether this would begin with an element that has no good name."""
    kind = triple.object if triple.predicate == TYPE else None
    return isinstance(kind, ox.NamedNode) and not is_nameable(kind.value)


def _refuse_odd(what: str, iri: str) -> None:
    if not is_nameable(iri):
        raise Unwritable(
            f"RDF/XML cannot write the {what} <{iri[:LONGEST]}>: it does not end in an XML name;"
            " ask for another format, such as Turtle, JSON-LD or N-Triples"
        )
