"""Which part of a description a finding is about: the dataset, its publisher, a distribution.

A finding names a node by the IRI that its source gave it, or a nameless node by the way to it
("https://umc.example/dataset/7 / dcat:contactPoint"). The last step of the way, the record, and
the public graph say what kind of thing it is; of a node that none of them knows only the end of
its IRI is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from catalogue.namespaces import RDF
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import identifier
from catalogue.register.records import Published
from catalogue.web.messages import lazy_gettext
from catalogue.web.present.reader import clean, curie

DATASET, DISTRIBUTION = lazy_gettext("Dataset"), lazy_gettext("Distribution")
CATALOG, SERIES = lazy_gettext("Catalog"), lazy_gettext("Series")
ORGANISATION, CONTACT = lazy_gettext("Organisation"), lazy_gettext("Contact")
PERIOD, IDENTIFIER = lazy_gettext("Period"), lazy_gettext("Identifier")
RECORD = {"dataset": DATASET, "catalog": CATALOG, "series": SERIES}

BY_PROPERTY = {
    "dcat:distribution": DISTRIBUTION,
    "adms:sample": DISTRIBUTION,
    "hdc:analytics": DISTRIBUTION,
    "dcat:contactPoint": CONTACT,
    "cv:contactPoint": CONTACT,
    "dct:publisher": lazy_gettext("Publisher"),
    "dct:creator": lazy_gettext("Creator"),
    "hdc:hdab": lazy_gettext("Health data access body"),
    "geodcat:custodian": lazy_gettext("Custodian"),
    "dct:temporal": PERIOD,
    "gc:period": PERIOD,
    "adms:identifier": IDENTIFIER,
    "gc:consentStratum": lazy_gettext("Consent group"),
    "gc:condition": lazy_gettext("Condition of use"),
    "gc:assayGroup": lazy_gettext("Sequencing group"),
    "gc:linkage": lazy_gettext("Linkage"),
    "dcat:accessService": lazy_gettext("Data service"),
    "dct:isPartOf": CATALOG,
    "dct:spatial": lazy_gettext("Region"),
}
BY_CLASS = {
    "dcat:Dataset": DATASET,
    "dcat:Distribution": DISTRIBUTION,
    "dcat:Catalog": CATALOG,
    "dcat:DatasetSeries": SERIES,
    "foaf:Agent": ORGANISATION,
    "foaf:Organization": ORGANISATION,
    "vcard:Kind": CONTACT,
    "dct:PeriodOfTime": PERIOD,
}


@dataclass(frozen=True, slots=True)
class Focus:
    """What is known about the nodes of one description; without a graph only its subject."""

    iri: str
    kind: str
    source: str = ""
    base: str = ""
    graph: Graph | None = None

    @classmethod
    def of(cls, published: Published) -> Focus:
        """Of a published record."""
        record = published.record
        base = record.iri.removesuffix(f"/{record.kind}/{record.id}")
        return cls(record.source_iri, record.kind, record.source, base, published.graph)


def about(node: str, known: Focus) -> str:
    """What a finding is about, for its reader; empty when it names no node."""
    start, *steps = node.split(" / ")
    if steps:
        return str(BY_PROPERTY.get(steps[-1], clean(steps[-1])))
    if start == known.iri:
        return str(RECORD.get(known.kind, known.kind))
    found = _class_of(start, known)
    return str(found) if found else _end(start)


def _class_of(iri: str, known: Focus) -> Any:
    """By our own name for it, or by the name that it kept."""
    if known.graph is None or not iri:
        return None
    ours = f"{known.base}/distribution/{identifier(known.source, iri)}"
    for name in (iri, ours):
        for kind in _types(known.graph, name):
            if kind in BY_CLASS:
                return BY_CLASS[kind]
    return None


def _types(graph: Graph, iri: str) -> list[str]:
    try:
        node = ox.NamedNode(iri)
    except ValueError:  # a blank node, or a way that does not start with an address
        return []
    return [
        curie(str(each.value))
        for each in graph.objects(node, f"{RDF}type")
        if isinstance(each, ox.NamedNode)
    ]


def _end(iri: str) -> str:
    """The last, most telling part of an IRI that we know nothing else about."""
    return clean(iri.rstrip("/").rpartition("/")[2])[:80]
