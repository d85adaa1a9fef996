"""How clients of a FAIR Data Point get from the root to every record, and what it says of each.

A container lists what stands in something; every parent has its own, so that graphs of several
parents can be merged. Of each record are said its identifier, the profiles that it conforms to,
when we first had it, and when it last changed here; of a distribution, what is said so of its
dataset. All of that is ours and never the holder's, so in the public store it is in a named
graph of its own, `{base}/graph/{id}/navigation`; that of the root is called `root`.

FAIR Data Point: https://specs.fairdatapoint.org/fdp-specs-v1.2.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, FDPO, LDP, PROFILES, RDF, XSD, Iri
from catalogue.rdf.graph import Graph, Node
from catalogue.rdf.identity import graph_name, record_iri

ROOT: Final = "root"
"""What the catalogue itself is called among the records."""
CONTAINERS: Final = {
    "catalog": ("catalogs", "Catalogs", FDPO + "metadataCatalog"),
    "dataset": ("datasets", "Datasets", DCAT + "dataset"),
    "series": ("series", "Dataset series", DCAT + "resource"),
    "distribution": ("distributions", "Distributions", DCAT + "distribution"),
}
"""Of each kind of member: the name and title of its container, and the relation to it."""
SERVICE: Final = (FDPO + "FAIRDataPoint", FDPO + "MetadataService", DCAT + "DataService")
CLAIMED: Final = ("minimum", "genome-inventory-1")
"""The profiles of which a record says that it conforms, when it does."""
STATED: Final = frozenset({DCAT + "dataset", DCAT + "distribution"})
"""Relations that a record states in its own graph."""
DATACITE_IDENTIFIER: Final = "http://purl.org/spar/datacite/Identifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where one record stands: what the public store is told about it beside its description.

    `issued` and `modified` are `None` for a root without catalogs. `members` are the ids of
    what is public in it, by kind; `parts` are the IRIs of the distributions of a dataset, and
    `reports` those on the description as it is published.
    """

    kind: str
    id: str
    issued: datetime | None
    modified: datetime | None
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parts: Sequence[str] = ()
    reports: Sequence[Mapping[str, Any]] = ()


def navigation_name(base: str, record: str) -> Iri:
    """The named graph with the containers of a record and what a FAIR Data Point says of it."""
    return Iri(f"{graph_name(base, record)}/navigation")


def navigation(base: str, of: Stand) -> Graph:
    """What the named graph of that name holds.

    A catalog states its datasets in its own graph, and a dataset its distributions, so that is
    not repeated.
    """
    root = ox.NamedNode(base)
    here = root if of.id == ROOT else ox.NamedNode(record_iri(base, of.kind, of.id))
    found = [*identifier(here), *claims(base, here, of.reports)]
    found += dates(here, of.issued, of.modified)
    if here == root:
        found += [ox.Triple(root, _TYPE, ox.NamedNode(each)) for each in SERVICE]
    if of.kind == "catalog" and here != root:
        found.append(ox.Triple(here, ox.NamedNode(DCT + "isPartOf"), root))
    for kind, ids in of.members.items():
        found += container(here, kind, [record_iri(base, kind, each) for each in ids])
    if of.parts:
        found += container(here, "distribution", of.parts)
        found += _of_parts(base, here, of)
    return Graph(triple for triple in found if triple.predicate.value not in STATED)


def _of_parts(base: str, dataset: ox.NamedNode, of: Stand) -> Iterator[ox.Triple]:
    """What the document of each distribution says beside its description."""
    for part in of.parts:
        if part.startswith(record_iri(base, "distribution", "")):
            yield from part_of(base, ox.NamedNode(part), dataset, of.reports)
            yield from dates(ox.NamedNode(part), of.issued, of.modified)


def part_of(
    base: str, part: ox.NamedNode, dataset: ox.NamedNode, reports: Sequence[Mapping[str, Any]]
) -> Iterator[ox.Triple]:
    """Of a distribution: its dataset, its identifier, and the first profile if that is met."""
    yield ox.Triple(part, ox.NamedNode(DCT + "isPartOf"), dataset)
    yield from identifier(part)
    yield from claims(base, part, reports, CLAIMED[:1])


def container(parent: ox.NamedNode, kind: str, members: Sequence[str]) -> Iterator[ox.Triple]:
    """An `ldp:DirectContainer` for the members of one kind, and the relation to each of them."""
    name, title, relation = CONTAINERS[kind]
    here = ox.NamedNode(f"{parent.value}#{name}")
    yield ox.Triple(here, _TYPE, ox.NamedNode(LDP + "DirectContainer"))
    yield ox.Triple(here, ox.NamedNode(DCT + "title"), ox.Literal(title, language="en"))
    yield ox.Triple(here, ox.NamedNode(LDP + "membershipResource"), parent)
    yield ox.Triple(here, ox.NamedNode(LDP + "hasMemberRelation"), ox.NamedNode(relation))
    for each in map(ox.NamedNode, members):
        yield ox.Triple(here, ox.NamedNode(LDP + "contains"), each)
        yield ox.Triple(parent, ox.NamedNode(relation), each)


def dates(subject: Node, issued: datetime | None, modified: datetime | None) -> Iterator[ox.Triple]:
    """When a description came here and last changed; nothing of what is not known."""
    for name, value in (("metadataIssued", issued), ("metadataModified", modified)):
        if value is not None:
            yield ox.Triple(subject, ox.NamedNode(FDPO + name), moment(value))


def identifier(subject: ox.NamedNode) -> Iterator[ox.Triple]:
    """The identifier of a description here, which is its address."""
    node = ox.NamedNode(f"{subject.value}#identifier")
    yield ox.Triple(subject, ox.NamedNode(FDPO + "metadataIdentifier"), node)
    yield ox.Triple(node, _TYPE, ox.NamedNode(DATACITE_IDENTIFIER))
    yield ox.Triple(node, ox.NamedNode(DCT + "identifier"), ox.Literal(subject.value))


def claims(
    base: str,
    subject: ox.NamedNode,
    reports: Sequence[Mapping[str, Any]],
    claimed: Sequence[str] = CLAIMED,
) -> Iterator[ox.Triple]:
    """The profiles, of those that are claimed, to which a description conforms."""
    for report in reports:
        if report["profile"] in claimed and report["conforms"]:
            profile = ox.NamedNode(f"{base}/profile/{profile_name(report['profile'])}")
            yield ox.Triple(subject, ox.NamedNode(DCT + "conformsTo"), profile)


def profile_name(key: str) -> str:
    """The name of a profile in an address: a UUID, which harvesters know to leave out.

    >>> profile_name("minimum") == profile_name("minimum")
    True
    """
    return str(uuid5(NAMESPACE_URL, PROFILES + key))


def without_theirs(graph: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """A description without what another FAIR Data Point says of its own record."""
    return (t for t in graph if not t.predicate.value.startswith(FDPO + "metadata"))


def moment(value: datetime) -> ox.Literal:
    """A moment as `xsd:dateTime` in UTC, to the second.

    >>> moment(datetime(2026, 3, 1, 12, tzinfo=UTC)).value
    '2026-03-01T12:00:00Z'
    """
    text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime"))


_TYPE = ox.NamedNode(RDF + "type")
