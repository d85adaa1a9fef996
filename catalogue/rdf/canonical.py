"""A fingerprint of a graph that stays the same when nothing was said differently.

Blank nodes have no names of their own, so they get canonical ones first (RDFC-1.0,
https://www.w3.org/TR/rdf-canon/). That can be made to take forever by a hostile graph;
beyond a limit of work a weaker fingerprint is used, which may call a change no change
only where two blank nodes swap places.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from hashlib import sha256
from math import factorial

import pyoxigraph as ox

from catalogue.namespaces import DCT, FDPO, LDP
from catalogue.rdf.graph import Graph, Term

VOLATILE = frozenset(
    namespace + name
    for namespace in (
        FDPO,
        "http://purl.org/fdp/fdp-o#",
        "http://rdf.biosemantics.org/ontologies/fdp-o#",
        "http://www.re3data.org/schema/3-0#",
    )
    for name in ("metadataModified", "metadataIssued", "metadataIdentifier")
)
"""Properties that software changes by itself, without the holder saying anything new."""

PROFILE = re.compile(r"https?://[^?#]+/profile/[0-9a-f-]{36}/?", re.IGNORECASE)
"""What a FAIR Data Point adds to `dct:conformsTo`: its own page about its own form."""

MOST_BLANK_NODES = 5_000
MOST_ORDERS = 2_000
"""RDFC-1.0 tries every order of nodes that look alike from nearby: n! for n of them, and
groups of such nodes may multiply."""
ROUNDS = 4


def digest(graph: Graph) -> str:
    """The fingerprint, in hexadecimal; the same for graphs that differ in labels only."""
    triples = [t for t in graph if not volatile(t)]
    affordable = _affordable(_colours(triples, rounds=1))
    lines = _canonical(triples) if affordable else _plain(triples)
    return sha256(b"\n".join(sorted(line.encode() for line in lines))).hexdigest()


def volatile(triple: ox.Triple) -> bool:
    """Whether this triple changes by itself."""
    predicate = triple.predicate.value
    if predicate == DCT + "conformsTo" and isinstance(triple.object, ox.NamedNode):
        return PROFILE.fullmatch(triple.object.value) is not None
    return predicate in VOLATILE or predicate.startswith(LDP)


def _affordable(colours: dict[str, str]) -> bool:
    orders = 1
    for size in Counter(colours.values()).values():
        orders *= factorial(min(size, 10))
        if orders > MOST_ORDERS:
            return False
    return len(colours) <= MOST_BLANK_NODES


def _canonical(triples: list[ox.Triple]) -> list[str]:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [str(quad) for quad in dataset]


def _plain(triples: list[ox.Triple]) -> list[str]:
    colours = _colours(triples, rounds=ROUNDS)
    return [_line(t, colours) for t in triples]


def _line(triple: ox.Triple, colours: dict[str, str]) -> str:
    subject, object_ = _name(triple.subject, colours), _name(triple.object, colours)
    return f"{subject} {triple.predicate} {object_}"


def _name(term: Term | ox.Triple, colours: dict[str, str]) -> str:
    return f"_:{colours[term.value]}" if isinstance(term, ox.BlankNode) else str(term)


def _colours(triples: list[ox.Triple], *, rounds: int) -> dict[str, str]:
    """What each blank node looks like from a few steps away; equal for nodes that are alike."""
    around: dict[str, list[tuple[ox.Triple, str]]] = defaultdict(list)
    for triple in triples:
        for term, place in ((triple.subject, "s"), (triple.object, "o")):
            if isinstance(term, ox.BlankNode):
                around[term.value].append((triple, place))
    colours = dict.fromkeys(around, "")
    for _ in range(rounds):
        colours = {node: _colour(seen, colours) for node, seen in around.items()}
    return colours


def _colour(seen: list[tuple[ox.Triple, str]], colours: dict[str, str]) -> str:
    lines = sorted(f"{place} {_line(triple, colours)}" for triple, place in seen)
    return sha256("\n".join(lines).encode()).hexdigest()[:16]
