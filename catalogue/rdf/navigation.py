"""How clients of a FAIR Data Point get from the root to every record: containers and dates.

A container lists what stands in something; every parent has its own, so that graphs of several
parents can be merged. The dates say when we first had a description, and when it last changed
here. Both are ours and never the holder's, so in the public store they are in a named graph of
their own, `{base}/graph/{id}/navigation`; that of the root is called `root`.

FAIR Data Point: https://specs.fairdatapoint.org/fdp-specs-v1.2.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, FDPO, LDP, RDF, XSD, Iri
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where one record stands: what the public store is told about it beside its description.

    `issued` and `modified` are `None` for a root without catalogs. `members` are the ids of
    what is public in it, by kind.
    """

    kind: str
    id: str
    issued: datetime | None
    modified: datetime | None
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)


def navigation_name(base: str, record: str) -> Iri:
    """The named graph with the containers and dates of a record."""
    return Iri(f"{graph_name(base, record)}/navigation")


def navigation(base: str, of: Stand) -> Graph:
    """What the named graph of that name holds.

    A catalog states its datasets in its own graph, so that is not repeated.
    """
    root = ox.NamedNode(base)
    here = root if of.id == ROOT else ox.NamedNode(record_iri(base, of.kind, of.id))
    found = [*dates(here, of.issued, of.modified)]
    if here == root:
        found += [ox.Triple(root, _TYPE, ox.NamedNode(each)) for each in SERVICE]
    if of.kind == "catalog" and here != root:
        found.append(ox.Triple(here, ox.NamedNode(DCT + "isPartOf"), root))
    for kind, ids in of.members.items():
        found += container(here, kind, [record_iri(base, kind, each) for each in ids])
    return Graph(triple for triple in found if triple.predicate.value != DCAT + "dataset")


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


def moment(value: datetime) -> ox.Literal:
    """A moment as `xsd:dateTime` in UTC, to the second.

    >>> moment(datetime(2026, 3, 1, 12, tzinfo=UTC)).value
    '2026-03-01T12:00:00Z'
    """
    text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime"))


_TYPE = ox.NamedNode(RDF + "type")
