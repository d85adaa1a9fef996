"""From what a steward sent to one description, under the names by which we keep it.

One thing is described: the subject of the class that the address stands for. A name that the
writer gave it is kept beside ours; no name, or ours, is ours. What this catalogue itself says
of every record (identifier, dates, containers, members) is not taken from what was sent, so
that whoever reads a record, changes it and sends it back adds nothing by accident.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

import pyoxigraph as ox

from catalogue.errors import BadRequest, LimitExceeded
from catalogue.namespaces import ADMS, DCAT, DCT, FDPO, RDF, SKOS, XSD
from catalogue.rdf.graph import Graph, Node, type_
from catalogue.rdf.identity import identifier
from catalogue.rdf.split import DESCRIBING, kind_of, split, too_long

CLASSES = {
    "catalog": DCAT + "Catalog",
    "dataset": DCAT + "Dataset",
    "series": DCAT + "DatasetSeries",
    "distribution": DCAT + "Distribution",
}
"""What is written at each address."""
HOLDER = ox.NamedNode("urn:genoomcatalogus:holder")
PART_OF = DCT + "isPartOf"
DISTRIBUTION = DCAT + "distribution"
RECORD = re.compile(
    r"/(catalog|dataset|series|dataset-series|distribution)/([^/?#]+)(.*)", re.DOTALL
)

Names = dict[Node, Node]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a description is kept: our address of it, and the base of all our addresses.

    `here` are other beginnings by which the client may call this catalogue.
    """

    iri: str
    base: str
    here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What a description is called already.

    `parts` are our addresses of the distributions in it, with their names there; `apart` are
    our addresses of those that have a record of their own.
    """

    subject: str = ""
    original: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """One description: its name in `content`, the writer's own name, and what it stands in."""

    subject: ox.NamedNode
    original: str
    content: Graph
    parents: tuple[str, ...]


NOTHING = Before()


def written(kind: str, sent: Graph, place: Place, before: Before = NOTHING) -> Written:
    """The description of this kind in what was sent.

    Raises `BadRequest` when there is none, or more than one.
    """
    graph = _renamed(sent, lambda node: _ours(node, place))
    found = _subject(kind, graph, place, before)
    subject, original = _names(found, place, before)
    names: Names = {ox.NamedNode(ours): ox.NamedNode(name) for ours, name in before.parts.items()}
    names[found] = subject
    kept = (triple for triple in graph if getattr(triple.object, "value", "") not in before.apart)
    graph = _renamed(kept, lambda node: names.get(node, node))
    parents = tuple(each.value for each in graph.objects(subject, PART_OF))
    content = _belonging(kind, _without_ours(graph, subject, original, place), subject, place)
    return Written(subject, original, _lasting(content, subject, place), parents)


def parts_of(content: Graph, subject: str, source: str, base: str) -> dict[str, str]:
    """Our addresses of the distributions in a description, with their names there."""
    found = content.objects(ox.NamedNode(subject), DISTRIBUTION)
    return {f"{base}/distribution/{identifier(source, each.value)}": each.value for each in found}


def record_of(iri: str, base: str) -> tuple[str, str] | None:
    """The kind and id of a record of ours; `None` for any other IRI.

    >>> record_of("https://c.example/dataset/abc", "https://c.example")
    ('dataset', 'abc')
    """
    found = RECORD.fullmatch(iri.removeprefix(base)) if iri.startswith(base + "/") else None
    if found is None or found[3] not in {"", "/"}:
        return None
    return found[1].replace("dataset-series", "series"), found[2]


# which node is it about


def _ours(node: Node, place: Place) -> Node:
    """An IRI of ours as we write it, whatever host the client called us by."""
    if not isinstance(node, ox.NamedNode):
        return node
    for beginning in place.here:
        if node.value in {beginning, f"{beginning}/"}:
            return ox.NamedNode(place.base)
        rest = node.value.removeprefix(beginning)
        if rest != node.value and (found := RECORD.fullmatch(rest)):
            kind = found[1].replace("dataset-series", "series")
            return ox.NamedNode(f"{place.base}/{kind}/{found[2]}{found[3].rstrip('/')}")
    return node


def _subject(kind: str, graph: Graph, place: Place, before: Before) -> Node:
    """The one node of the class. Raises `BadRequest`."""
    typed = [
        each for each in graph.instances(CLASSES[kind]) if kind_of(graph, each) in {kind, None}
    ]
    names = {place.iri, before.subject, before.original} - {""}
    called = [each for each in typed if each.value in names]
    if before.subject and not called:
        raise BadRequest(f"nothing here is a {_short(kind)} called <{place.iri}>, or <>")
    found = called if before.subject else typed
    if len(found) != 1:
        number = "two or more subjects are" if found else "no subject is"
        raise BadRequest(f"{number} typed {_short(kind)}; describe one in each request")
    return found[0]


def _names(found: Node, place: Place, before: Before) -> tuple[ox.NamedNode, str]:
    """What it is called in its content, and the name that its writer gave it."""
    if before.subject:
        return ox.NamedNode(before.subject), before.original
    if not isinstance(found, ox.NamedNode) or found.value == place.iri:
        return ox.NamedNode(place.iri), ""
    if f"{found.value}/".startswith(f"{place.base}/"):
        raise BadRequest(f"<{found.value}> is a name of this catalogue; give <> or your own name")
    return found, found.value


def _short(kind: str) -> str:
    return CLASSES[kind].replace(DCAT, "dcat:")


# what belongs to it


def _without_ours(
    graph: Graph, subject: ox.NamedNode, original: str, place: Place
) -> Iterator[ox.Triple]:
    """What was sent without what we say ourselves; `confine` leaves out, and tells, the rest."""
    ours = set(_original_names(graph, subject, original))
    for triple in graph:
        if triple.object not in ours and not _said_by_us(triple, subject, original, place):
            yield triple


def _original_names(graph: Graph, subject: Node, original: str) -> Iterator[Node]:
    """The nodes with which we keep the name that the writer gave."""
    for node in graph.objects(subject, ADMS + "identifier"):
        if not original or not isinstance(node, ox.BlankNode):
            continue
        if original in {each.value for each in graph.objects(node, SKOS + "notation")}:
            yield node


def _said_by_us(triple: ox.Triple, subject: Node, original: str, place: Place) -> bool:
    predicate, value = triple.predicate.value, getattr(triple.object, "value", "")
    if predicate.startswith(FDPO + "metadata"):
        return True
    if triple.subject != subject:
        return False
    if predicate == PART_OF:
        return f"{value}/".startswith(f"{place.base}/")
    if predicate == DCT + "conformsTo":
        return bool(value.startswith(f"{place.base}/profile/"))
    return predicate == DCAT + "dataset" or (predicate == DCT + "source" and value == original)


def _belonging(
    kind: str, triples: Iterable[ox.Triple], subject: ox.NamedNode, place: Place
) -> Graph:
    """The triples that belong to the subject, as a harvest splits them off."""
    held = _held(subject) if kind == "distribution" else _titled(subject)
    found = split(Graph([*triples, *held]), source=place.iri)
    wanted = HOLDER if kind == "distribution" else subject
    content = next((each.graph for each in found if each.subject == wanted), Graph())
    if what := too_long(content):
        raise LimitExceeded(f"{subject.value}: {what} is too long to be read")
    return Graph(triple for triple in content if triple not in held)


def _titled(subject: ox.NamedNode) -> frozenset[ox.Triple]:
    """A title, so that a description without one is still seen to be one."""
    made = ox.NamedNode(DESCRIBING[0])
    return frozenset({ox.Triple(subject, made, ox.Literal("", datatype=HOLDER))})


def _held(subject: ox.NamedNode) -> frozenset[ox.Triple]:
    """A dataset around a distribution, for a distribution is split off only with its dataset."""
    return frozenset(
        {
            *_titled(HOLDER),
            ox.Triple(HOLDER, type_, ox.NamedNode(CLASSES["dataset"])),
            ox.Triple(HOLDER, ox.NamedNode(DISTRIBUTION), subject),
        }
    )


# the distributions of a dataset


def _lasting(content: Graph, subject: Node, place: Place) -> Graph:
    """The description with a lasting name for each distribution in it.

    Raises `BadRequest` for a distribution of another dataset of ours.
    """
    names: Names = {}
    for node in content.objects(subject, DISTRIBUTION):
        if isinstance(node, ox.BlankNode):
            names[node] = _lasting_name(content, node, place)
        elif record_of(node.value, place.base):
            raise BadRequest(f"<{node.value}> is not a distribution of this dataset")
    return _renamed(content, lambda node: names.get(node, node))


def _lasting_name(graph: Graph, node: ox.BlankNode, place: Place) -> ox.NamedNode:
    """The same name for a distribution without one, as often as the same is sent."""
    words = sorted(
        f"{t.predicate.value} {t.object}"
        for t in graph.about(node)
        if not isinstance(t.object, ox.BlankNode)
    )
    return ox.NamedNode(uuid5(NAMESPACE_URL, "\n".join([place.iri, *words])).urn)


def with_part(dataset: Node, part: Node, content: Graph, original: str) -> list[ox.Triple]:
    """What a distribution with a record of its own adds to its dataset."""
    link = ox.Triple(dataset, ox.NamedNode(DISTRIBUTION), part)
    name = [*_original(part, original)] if original else []
    return [link, *content, *name]


def _original(node: Node, original: str) -> Iterator[ox.Triple]:
    name = ox.BlankNode(uuid5(NAMESPACE_URL, node.value).hex)
    notation = ox.Literal(original, datatype=ox.NamedNode(XSD + "anyURI"))
    yield ox.Triple(node, ox.NamedNode(ADMS + "identifier"), name)
    yield ox.Triple(name, ox.NamedNode(RDF + "type"), ox.NamedNode(ADMS + "Identifier"))
    yield ox.Triple(name, ox.NamedNode(SKOS + "notation"), notation)


def called(content: Graph, subject: Node, name: Node) -> Graph:
    """The same description, with another name for its subject."""
    return _renamed(content, lambda node: name if node == subject else node)


def _renamed(triples: Iterable[ox.Triple], name: Callable[[Node], Node]) -> Graph:
    return Graph(
        ox.Triple(
            name(triple.subject),  # type: ignore[arg-type] # quoted triples never get here
            triple.predicate,
            name(triple.object)  # type: ignore[arg-type]
            if not isinstance(triple.object, ox.Literal)
            else triple.object,
        )
        for triple in triples
    )
