"""A description speaks for itself only, not for this catalogue nor for another organisation.

What is said of our own addresses and vocabulary is left out, except of the record itself, its
fragments and its distributions; and so is what is said of a record that another organisation
has here. An agent is described by the organisation that publishes under its address: the one
on whose host the address is, or else the first. What others say of it otherwise is kept without
that address, which becomes an identifier. Each of these is told as a repair.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, GC, PROFILES, RDF
from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.identity import parts_of, record_iri
from catalogue.rdf.repair import Repair
from catalogue.rdf.split import Description

VOCABULARIES: Final = (GC, PROFILES)
"""What we alone say what it means."""
PLACES: Final = frozenset({DCAT + "distribution", DCT + "isPartOf"})
"""By which a description would take what is ours as its own, or stand in it."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """What belongs to another organisation here: an agent as it describes it, or a record.

    `owner` is that organisation; `says` are its own statements on the agent, which anybody may
    repeat.
    """

    owner: str
    agent: bool = False
    says: frozenset[ox.Triple] = frozenset()


Others = Callable[[Collection[str]], Mapping[str, Theirs]]
"""Which of some addresses belong to somebody else, and to whom."""


def nobody(_addresses: Collection[str]) -> Mapping[str, Theirs]:
    """Nothing belongs to anybody else."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a description may speak of: its own nodes, and where it stands."""

    base: str
    nodes: frozenset[str]
    addresses: tuple[str, ...]
    place: str | None = None

    def refuses(self, node: Node | ox.Triple | ox.Literal) -> bool:
        """Whether the node is ours, and not of this description."""
        if not isinstance(node, ox.NamedNode) or node.value in self.nodes:
            return False
        return is_ours(node.value, self.base) and not node.value.startswith(self.addresses)


def is_ours(iri: str, base: str) -> bool:
    """Whether an address is of this catalogue or its vocabulary.

    >>> is_ours("https://c.example#x", "https://c.example")
    True
    >>> is_ours("https://c.example.org/", "https://c.example")
    False
    """
    rest = iri.removeprefix(base)
    return iri.startswith(VOCABULARIES) or (rest != iri and rest[:1] in {"", "/", "#", "?"})


def own_of(
    description: Description, *, base: str, source: str, record: str, place: str | None = None
) -> Own:
    """What is this description's own; `record` is our id of it, `place` its catalog's IRI."""
    graph, subject = description.graph, description.subject
    parts = parts_of(graph, subject, source, base)
    ours = record_iri(base, description.kind, record)
    addresses = (ours, *(each.value for each in parts.values()))
    nodes = {subject.value, *(each.value for each in parts), *addresses}
    fragments = tuple(f"{each}#" for each in addresses)
    return Own(base=base, nodes=frozenset(nodes), addresses=fragments, place=place)


def confined(description: Description, mine: Own, others: Others = nobody) -> Description:
    """The description without what is not its own to say, and a repair for each of those."""
    graph, repairs = _without_ours(description.graph, mine)
    for iri, theirs in sorted(foreign(graph, mine, others).items()):
        graph, more = (_apart if theirs.agent else _without)(graph, ox.NamedNode(iri))
        repairs = [*repairs, *more]
    if not repairs:
        return description
    done = dict.fromkeys([*description.repairs, *repairs])
    return replace(description, graph=graph, repairs=tuple(done))


def foreign(graph: Graph, mine: Own, others: Others) -> dict[str, Theirs]:
    """What in this graph is somebody else's, where it says more of that than they do."""
    named = {each.value for each in graph.subjects() if isinstance(each, ox.NamedNode)}
    asked = {each for each in named - mine.nodes if not is_ours(each, mine.base)}
    found = others(asked) if asked else {}
    return {
        iri: theirs
        for iri, theirs in found.items()
        if not theirs.says.issuperset(graph.about(ox.NamedNode(iri)))
    }


def _without_ours(graph: Graph, mine: Own) -> tuple[Graph, list[Repair]]:
    """Without what is said of what is ours, and without links that would take it."""
    about = {each for each in graph if mine.refuses(each.subject)}
    links = {each for each in graph if each not in about and _takes(each, mine)}
    told = [*_told("about-ours", about), *_told("link-to-ours", links, link=True)]
    return (Graph(each for each in graph if each not in about | links) if told else graph), told


def _takes(triple: ox.Triple, mine: Own) -> bool:
    target = triple.object
    if triple.predicate.value not in PLACES or getattr(target, "value", "") == mine.place:
        return False
    return mine.refuses(target)


def _without(graph: Graph, node: ox.NamedNode) -> tuple[Graph, list[Repair]]:
    """Without what is said of somebody else's record."""
    about = set(graph.about(node))
    told = list(_told("about-others", about))
    return Graph(each for each in graph if each not in about), told


def _apart(graph: Graph, node: ox.NamedNode) -> tuple[Graph, list[Repair]]:
    """With a nameless node in place of somebody else's agent, so that they stay apart.

    Which agent was meant stays known as its identifier.
    """
    nameless = ox.BlankNode(f"agent{sha256(node.value.encode()).hexdigest()[:24]}")
    moved = (
        ox.Triple(
            nameless if each.subject == node else each.subject,
            each.predicate,
            nameless if each.object == node else each.object,
        )
        for each in graph
    )
    meant = ox.Triple(nameless, ox.NamedNode(DCT + "identifier"), ox.Literal(node.value))
    return Graph([*moved, meant]), [
        Repair("agent-of-others", node.value, RDF + "type", node.value, "")
    ]


def _told(name: str, triples: Collection[ox.Triple], *, link: bool = False) -> Iterator[Repair]:
    """One repair for each node and property, in order; the values are not told again."""
    rows = {
        (str(getattr(each.subject, "value", "")), each.predicate.value, _named(each, link=link))
        for each in triples
    }
    return (Repair(name, *row, "") for row in sorted(rows))


def _named(triple: ox.Triple, *, link: bool) -> str:
    return str(getattr(triple.object if link else triple.subject, "value", ""))
