"""The catalogue as linked data and as a FAIR Data Point.

A record is served from the register, as it was published; what is added here says only where
the description stands: its catalog, its identifier, its dates, and the LDP container by which
clients walk from the root to every dataset. Every IRI begins with the configured base.

FAIR Data Point: https://specs.fairdatapoint.org/fdp-specs-v1.2.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, FDPO, FOAF, RDF
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.navigation import (
    SERVICE,
    claims,
    container,
    dates,
    identifier,
    part_of,
    profile_name,
    without_theirs,
)
from catalogue.register.records import Published, Record
from catalogue.settings import Settings

SPECIFICATION = "https://specs.fairdatapoint.org/fdp-specs-v1.2.html"
TITLES = (("Genoomcatalogus", "nl"), ("Genoomcatalogus", "en"))
DESCRIPTIONS = (
    ("Descriptions of human genome data in the Netherlands.", "en"),
    ("Beschrijvingen van menselijke genoomdata in Nederland.", "nl"),
)


def root_graph(settings: Settings, version: str, catalogs: Sequence[Record]) -> Graph:
    """The record of the FAIR Data Point itself, with its catalogs."""
    root = ox.NamedNode(settings.base_url)
    return Graph(
        [
            *_service(root, settings, version),
            *dates(root, first_seen(catalogs), last_change(catalogs)),
            *container(root, "catalog", [each.iri for each in catalogs]),
        ]
    )


def catalog_graph(
    base: str, published: Published, datasets: list[str], series: Sequence[str] = ()
) -> Graph:
    """A catalog with the datasets and series that are public now, and no others."""
    subject = ox.NamedNode(published.record.iri)
    kept = (t for t in without_theirs(published.graph) if t.predicate.value != DCAT + "dataset")
    members = [f"{base}/dataset/{each}" for each in datasets]
    rows = [f"{base}/series/{each}" for each in series]
    more = container(subject, "series", rows) if rows else ()
    return Graph(
        [
            *kept,
            *_about(published),
            _iri(subject, DCT + "isPartOf", base),
            *container(subject, "dataset", members),
            *more,
        ]
    )


def record_graph(published: Published) -> Graph:
    """A dataset or series as published, with what a FAIR Data Point says of every record."""
    subject = ox.NamedNode(published.record.iri)
    found = published.graph.objects(subject, DCAT + "distribution")
    members = [each.value for each in found if isinstance(each, ox.NamedNode)]
    parts = container(subject, "distribution", members)
    ours = [*_about(published), *(parts if members else ())]
    return Graph([*without_theirs(published.graph), *ours])


def distribution_graph(published: Published, iri: str) -> Graph:
    """One distribution of a dataset, with a link back and what is said of every record."""
    subject = ox.NamedNode(iri)
    base, record = iri.rpartition("/distribution/")[0], published.record
    links = part_of(base, subject, ox.NamedNode(record.iri), published.reports)
    when = dates(subject, record.first_seen, record.changed)
    return Graph([*_closure(published.graph, subject), *links, *when])


def last_change(records: Iterable[Record]) -> datetime | None:
    """When any of the records last changed."""
    return max((each.changed for each in records), default=None)


def first_seen(records: Iterable[Record]) -> datetime | None:
    """When the first of the records came here."""
    return min((each.first_seen for each in records), default=None)


def _service(root: ox.NamedNode, settings: Settings, version: str) -> Iterator[ox.Triple]:
    base = settings.base_url
    with_slash = ox.NamedNode(f"{base}/")  # the address that HTTP clients ask for
    yield _iri(with_slash, RDF + "type", FOAF + "Document")
    yield _iri(with_slash, FOAF + "primaryTopic", base)
    for name in SERVICE:
        yield _iri(root, RDF + "type", name)
    for text, tag in TITLES:
        yield ox.Triple(root, ox.NamedNode(DCT + "title"), ox.Literal(text, language=tag))
    for text, tag in DESCRIPTIONS:
        yield ox.Triple(root, ox.NamedNode(DCT + "description"), ox.Literal(text, language=tag))
    yield _iri(root, DCT + "publisher", f"{base}#publisher")
    publisher = ox.NamedNode(f"{base}#publisher")
    yield _iri(publisher, RDF + "type", FOAF + "Agent")
    yield _text(publisher, FOAF + "name", settings.publisher)
    yield _iri(root, DCT + "license", settings.license)
    yield _text(root, DCAT + "version", version)
    yield _iri(root, DCT + "conformsTo", SPECIFICATION)
    yield _iri(root, DCT + "conformsTo", f"{base}/profile/{profile_name('fair-data-point-1')}")
    yield _iri(root, FDPO + "conformsToFdpSpec", SPECIFICATION)
    yield _iri(root, DCAT + "endpointURL", base)
    yield _iri(root, DCAT + "endpointDescription", f"{base}/api/openapi.json")
    yield from identifier(root)


def _about(published: Published) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(published.record.iri)
    base = published.record.iri.rpartition(f"/{published.record.kind}/")[0]
    yield from identifier(subject)
    yield from claims(base, subject, published.reports)
    yield from dates(subject, published.record.first_seen, published.record.changed)


def _closure(graph: Graph, subject: Node) -> list[ox.Triple]:
    """What is said about a node and about the blank nodes below it."""
    found: list[ox.Triple] = []
    waiting, seen = [subject], {subject}
    while waiting:
        for triple in graph.about(waiting.pop()):
            found.append(triple)
            if isinstance(triple.object, ox.BlankNode) and triple.object not in seen:
                seen.add(triple.object)
                waiting.append(triple.object)
    return found


def _iri(subject: Node, predicate: str, value: str) -> ox.Triple:
    return _triple(subject, predicate, ox.NamedNode(value))


def _text(subject: Node, predicate: str, value: str) -> ox.Triple:
    return _triple(subject, predicate, ox.Literal(value))


def _triple(subject: Node, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)
