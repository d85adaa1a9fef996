"""The small moves of which adaptations are made: find nodes, swap triples, name a node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import sha256
from typing import cast

import pyoxigraph as ox

from catalogue.namespaces import ADMS, DCAT, DCT, FOAF, GEODCAT, HDC, PROV, VCARD
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.normalise import AGENTS
from catalogue.rdf.views.note import ViewNote

Adapted = tuple[Graph, tuple[ViewNote, ...]]
Adaptation = Callable[[Graph, ox.NamedNode], Adapted]
Role = Callable[[Graph], list[Node]]
"""The nodes of a graph that play a part: its datasets, its agents…"""

# --- who plays which part ----------------------------------------------------------------


def instances(*classes: str) -> Role:
    """The nodes typed with one of the classes."""

    def role(graph: Graph) -> list[Node]:
        return _sorted(node for name in classes for node in graph.instances(name))

    return role


datasets = instances(DCAT + "Dataset")
catalogs = instances(DCAT + "Catalog")
services = instances(DCAT + "DataService")
series = instances(DCAT + "DatasetSeries")
resources = instances(*(DCAT + name for name in ("Dataset", "Catalog", "DataService")))
identifiers = instances(ADMS + "Identifier")


def mentioned(*predicates: str) -> Role:
    """The nodes that one of the properties leads to, whether or not anything is said of them."""

    def role(graph: Graph) -> list[Node]:
        triples = (t for t in graph if t.predicate.value in predicates)
        return _sorted(n for t in triples if (n := node(t.object)))

    return role


def led_to(*predicates: str) -> Role:
    """The nodes that one of the properties leads to and of which something is said."""
    role = mentioned(*predicates)
    return lambda graph: [each for each in role(graph) if graph.about(each)]


def either(*roles: Role) -> Role:
    """The nodes that play one of the parts."""
    return lambda graph: _sorted(node for role in roles for node in role(graph))


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    return sorted(set(nodes), key=str)


distributions = either(
    instances(DCAT + "Distribution"),
    led_to(DCAT + "distribution", ADMS + "sample", HDC + "analytics"),
)
agents = either(
    instances(*(FOAF + name for name in ("Agent", "Organization", "Person"))),
    led_to(*AGENTS, PROV + "agent"),
)
agents_named = either(agents, mentioned(DCT + "publisher", DCT + "creator", HDC + "hdab"))
"""The agents, and those of whom only the address was given."""

_HEALTH_AGENTS = (
    DCT + "publisher",
    *(HDC + "hdab", HDC + "hdabCoordinator", GEODCAT + "custodian"),
)
health_agents = led_to(*_HEALTH_AGENTS)
health_agents_named = mentioned(*_HEALTH_AGENTS)
contacts = either(
    instances(*(VCARD + name for name in ("Kind", "Organization", "Individual", "Group"))),
    led_to(DCAT + "contactPoint"),
)
contacts_named = either(contacts, mentioned(DCAT + "contactPoint"))

# --- triples -----------------------------------------------------------------------------


def triple(subject: Node, predicate: str, term: Term) -> ox.Triple:
    """A triple, with the property as text."""
    return ox.Triple(subject, ox.NamedNode(predicate), term)


def node(term: object) -> Node | None:
    """The term when something can be said about it."""
    return term if isinstance(term, ox.NamedNode | ox.BlankNode) else None


def literals(graph: Graph, subject: Node, predicate: str) -> list[ox.Literal]:
    """The literal values of a property, sorted."""
    return [t for t in graph.objects(subject, predicate) if isinstance(t, ox.Literal)]


def nodes(graph: Graph, subject: Node, predicate: str) -> list[Node]:
    """The values of a property about which something can be said, sorted."""
    return [n for t in graph.objects(subject, predicate) if (n := node(t))]


def value(fact: ox.Triple) -> Term:
    """What a triple leads to; quoted triples never pass the parser."""
    return cast(Term, fact.object)


def text(term: Term | None) -> str:
    """The text of an IRI or literal; nothing for a blank node."""
    return "" if term is None or isinstance(term, ox.BlankNode) else term.value


def swapped(graph: Graph, gone: Iterable[ox.Triple], added: Iterable[ox.Triple]) -> Graph:
    """The graph with some triples in the place of others; the same graph if nothing changes."""
    wanted = set(added)
    out = {t for t in gone if t in graph and t not in wanted}
    new = [t for t in wanted if t not in graph]
    return Graph([*(t for t in graph if t not in out), *new]) if out or new else graph


def without(graph: Graph, gone: Collection[ox.Triple], subject: ox.NamedNode) -> Graph:
    """The graph without some triples, nor what was said only of the nodes they led to."""
    out, waiting = set(gone), list(gone)
    while waiting:
        below = node(waiting.pop().object)
        if below is None or below == subject:
            continue
        if all(t in out for t in graph.mentioning(below)):
            more = [t for t in graph.about(below) if t not in out]
            out.update(more)
            waiting.extend(more)
    return Graph(t for t in graph if t not in out) if out else graph


def closure(graph: Graph, start: Node) -> Iterator[ox.Triple]:
    """What is said of a node and of the blank nodes below it."""
    waiting, seen = [start], {start}
    while waiting:
        for found in graph.about(waiting.pop()):
            yield found
            below = found.object
            if isinstance(below, ox.BlankNode) and below not in seen:
                seen.add(below)
                waiting.append(below)


def blank(*parts: object) -> ox.BlankNode:
    """A blank node whose label depends on the parts only, so that a view repeats exactly."""
    return ox.BlankNode("v" + sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24])


# --- adaptations out of moves ------------------------------------------------------------

Move = Callable[[Graph, Node], Iterable[ox.Triple]]


def adding(role: Role, facts: Move) -> Adaptation:
    """The adaptation that adds what `facts` gives for each node of the role."""

    def adapt(graph: Graph, _subject: ox.NamedNode) -> Adapted:
        added = [t for each in role(graph) for t in facts(graph, each)]
        return swapped(graph, (), added), ()

    return adapt


def rewriting(
    predicates: Iterable[str], change: Callable[[ox.Triple], Iterable[ox.Triple] | None]
) -> Adaptation:
    """The adaptation that puts other triples in the place of those of some properties."""
    wanted = frozenset(predicates)

    def adapt(graph: Graph, _subject: ox.NamedNode) -> Adapted:
        changes = [(t, change(t)) for t in graph if t.predicate.value in wanted]
        done = [(t, list(new)) for t, new in changes if new is not None]
        return swapped(graph, [t for t, _ in done], [n for _, new in done for n in new]), ()

    return adapt


def note(name: str, about: ox.Triple) -> ViewNote:
    """A remark about a triple."""
    subject, term = node(about.subject), about.object
    shown = "[]" if isinstance(term, ox.BlankNode) else getattr(term, "value", str(term))
    return ViewNote(name, _shown(subject), about.predicate.value, shown)


def lacking(name: str, subject: Node, predicate: str, value: str = "") -> ViewNote:
    """A remark about a node and a property."""
    return ViewNote(name, _shown(subject), predicate, value)


def _shown(subject: Node | None) -> str:
    return subject.value if isinstance(subject, ox.NamedNode) else "[]"
