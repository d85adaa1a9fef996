"""One description at a time: a dataset, series or catalog with what belongs to it.

What belongs to it are its own triples, its blank nodes, and the distributions, agents,
contacts, periods, concepts and so on that its properties lead to and that the same document
describes. Never the triples of another dataset, series or catalog, never containers, and
never what a source says about vocabularies: `owl:sameAs` between two hospitals' datasets or
a `skos:broader` below somebody's DUO term is not a description.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import pyoxigraph as ox

from catalogue.namespaces import (
    ADMS,
    CV,
    DC,
    DCAT,
    DCT,
    DPV,
    DQV,
    EJPRD,
    EUCAIM,
    FOAF,
    GC,
    GEODCAT,
    HDC,
    HRI,
    LDP,
    OA,
    ODRL,
    OWL,
    PROV,
    RDF,
    RDFS,
    SKOS,
    SPDX,
    TOO_LONG,
    VCARD,
)
from catalogue.rdf.addresses import in_own_namespace, renamed_triple
from catalogue.rdf.canonical import digest
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.repair import Repair

Kind = Literal["dataset", "catalog", "series"]


@dataclass(frozen=True, slots=True)
class Description:
    """What one source says about one dataset, series or catalog, and what was repaired."""

    kind: Kind
    subject: ox.NamedNode
    graph: Graph
    repairs: tuple[Repair, ...] = ()


KINDS: dict[str, Kind] = {
    DCAT + "Catalog": "catalog",
    DCAT + "DatasetSeries": "series",
    DCAT + "Dataset": "dataset",
}
"""Classes that are split off; of a resource with several, the first here decides."""

DESCRIBING = (DCT + "title", DCT + "description", DC + "title")
"""A resource without any of these is mentioned, not described."""


def _in(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


FOLLOWED = frozenset().union(
    _in(
        DCT,
        "publisher creator contributor rightsHolder temporal spatial rights accessRights license"
        " conformsTo provenance format type language subject audience identifier",
    ),
    _in(
        DCAT,
        "distribution contactPoint accessService qualifiedRelation theme mediaType landingPage"
        " hadRole",
    ),
    _in(ADMS, "sample identifier schemaAgency status"),
    _in(
        HDC,
        "hdab hdabCoordinator analytics retentionPeriod healthTheme healthCategory hasCodeValues"
        " hasCodingSystem hasVariables legalBasis publisherType",
    ),
    _in(FOAF, "page homepage"),
    _in(
        VCARD,
        "hasEmail hasURL hasTelephone hasAddress hasOrganizationName hasOrganizationUnit hasName",
    ),
    _in(DPV, "hasLegalBasis hasPurpose hasPersonalData"),
    _in(DQV, "hasQualityAnnotation hasQualityMeasurement isMeasurementOf"),
    _in(OA, "hasBody"),
    _in(PROV, "qualifiedAttribution agent wasGeneratedBy qualifiedAssociation"),
    _in(
        ODRL,
        "hasPolicy permission prohibition obligation duty constraint action assigner assignee"
        " leftOperand operator rightOperand refinement",
    ),
    _in(SPDX, "checksum algorithm"),
    _in(CV, "contactPoint openingHours"),
    _in(GEODCAT, "custodian"),
    _in(HRI, "healthConditionOfInterest anatomicalLocationCovered"),
    _in(EUCAIM, "hasCondition"),
    _in(EJPRD, "vpConnection personalData"),
    _in(
        GC,
        "assay assayGroup consentStratum linkage condition accessRoute accessibility term"
        " parameter inferredCondition consentModel period referenceGenome tissueOrigin dataLevel"
        " targetKind linkageStatus linkageMethod linkedBy analysedIn",
    ),
)
"""Properties that lead from a description to another resource that belongs to it."""

NOT_FOLLOWED = _in(DCAT, "dataset catalog service record resource servesDataset") | _in(
    FOAF, "primaryTopic isPrimaryTopicOf"
)
"""Properties whose target is a record of its own, also when it is a blank node."""

VOCABULARY = frozenset().union(
    _in(OWL, "sameAs equivalentClass equivalentProperty imports disjointWith inverseOf"),
    _in(RDFS, "subClassOf subPropertyOf domain range isDefinedBy"),
    _in(
        SKOS,
        "broader narrower broaderTransitive narrowerTransitive related exactMatch closeMatch"
        " broadMatch narrowMatch relatedMatch member hasTopConcept topConceptOf",
    ),
)
"""Statements about vocabularies. Ours are read-only, and strangers' are not ours to repeat."""


def split(graph: Graph, *, source: str) -> list[Description]:
    """The descriptions in a graph, sorted by their subject.

    `source` is the address of the source, from which resources without an address of their
    own get a stable one.
    """
    named, minted = _name_blank_records(graph, source)
    received = {renamed_triple(triple, in_own_namespace): triple for triple in named}
    named = Graph(received)
    records = {subject for subject in named.subjects() if kind_of(named, subject)}
    found: list[Description] = []
    for subject in sorted(records, key=str):
        kind = kind_of(named, subject)
        if kind and isinstance(subject, ox.NamedNode) and _is_described(named, subject):
            own = Graph(received[triple] for triple in _belonging(named, subject, records))
            repair = minted.get(subject)
            found.append(Description(kind, subject, own, (repair,) if repair else ()))
    return found


def too_long(graph: Graph) -> str | None:
    """What text of a description was too long to be read, in words; `None` when none was."""
    for triple in graph:
        value = triple.object
        if isinstance(value, ox.Literal) and value.datatype.value == TOO_LONG:
            return f"a text of {int(value.value):,} characters ({triple.predicate.value})"
    return None


def kind_of(graph: Graph, subject: Node) -> Kind | None:
    """Whether the subject is a catalog, a series or a dataset; the first of these that it is."""
    types = graph.types(subject)
    return next((kind for iri, kind in KINDS.items() if iri in types), None)


def _is_described(graph: Graph, subject: Node) -> bool:
    return any(graph.value(subject, predicate) is not None for predicate in DESCRIBING)


def _belonging(graph: Graph, subject: Node, records: set[Node]) -> Iterator[ox.Triple]:
    """The triples that belong to a subject, walking over the properties of `FOLLOWED`."""
    waiting, seen = [subject], {subject}
    while waiting:
        for triple in graph.about(waiting.pop()):
            if _is_noise(triple):
                continue
            yield triple
            target = _target(triple, records)
            if target is not None and target not in seen and not _is_container(graph, target):
                seen.add(target)
                waiting.append(target)


def _is_noise(triple: ox.Triple) -> bool:
    predicate = triple.predicate.value
    return predicate in VOCABULARY or predicate.startswith(LDP)


def _target(triple: ox.Triple, records: set[Node]) -> Node | None:
    """The resource that a triple leads to, if it belongs to the same description."""
    target, predicate = triple.object, triple.predicate.value
    if target in records or predicate in NOT_FOLLOWED:
        return None
    if isinstance(target, ox.BlankNode):
        return target
    return target if isinstance(target, ox.NamedNode) and predicate in FOLLOWED else None


def _is_container(graph: Graph, node: Node) -> bool:
    return any(iri.startswith(LDP) for iri in graph.types(node))


# --- records without an address ----------------------------------------------------------


def _name_blank_records(graph: Graph, source: str) -> tuple[Graph, dict[ox.NamedNode, Repair]]:
    """The graph with an IRI for every blank record, and the repair of each."""
    blank = [
        subject
        for subject in graph.subjects()
        if isinstance(subject, ox.BlankNode)
        and kind_of(graph, subject)
        and _is_described(graph, subject)
    ]
    if not blank:
        return graph, {}
    names = _minted(graph, blank, source)
    repairs = {
        iri: Repair("blank-node-dataset", iri.value, RDF + "type", "", iri.value)
        for iri in names.values()
    }
    return Graph(_renamed(triple, names) for triple in graph), repairs


def _minted(
    graph: Graph, blank: list[ox.BlankNode], source: str
) -> dict[ox.BlankNode, ox.NamedNode]:
    """An IRI for each: by what identifies it, and by all it says where that is not enough."""
    keys: dict[ox.BlankNode, str] = {node: _identity(graph, node) for node in blank}
    times = Counter(keys.values())
    records: set[Node] = set(blank)
    for node, key in keys.items():
        if times[key] > 1:
            keys[node] = f"{key}\n{digest(Graph(_belonging(graph, node, records)))}"
    return {node: mint(source, key) for node, key in keys.items()}


def _identity(graph: Graph, node: Node) -> str:
    identifiers = graph.objects(node, DCT + "identifier")
    if identifiers:
        return "\n".join(term.value for term in identifiers)
    publishers = [_agent(graph, term) for term in graph.objects(node, DCT + "publisher")]
    return "\n".join([*map(str, graph.objects(node, DCT + "title")), *publishers])


def _agent(graph: Graph, term: Term) -> str:
    if isinstance(term, ox.BlankNode):
        return "\n".join(map(str, graph.objects(term, FOAF + "name")))
    return term.value


def mint(source: str, key: str) -> ox.NamedNode:
    """A stable IRI for something that has none (RDF 1.1 §3.5, skolemisation)."""
    parts = urlsplit(source)
    if parts.scheme in {"http", "https"} and parts.netloc:
        name = sha256(f"{source}\n{key}".encode()).hexdigest()[:32]
        return ox.NamedNode(f"{parts.scheme}://{parts.netloc}/.well-known/genid/{name}")
    return ox.NamedNode(uuid5(NAMESPACE_URL, f"{source}\n{key}").urn)


def _renamed(triple: ox.Triple, names: dict[ox.BlankNode, ox.NamedNode]) -> ox.Triple:
    subject, object_ = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = names.get(subject, subject)
    if isinstance(object_, ox.BlankNode):
        object_ = names.get(object_, object_)
    return ox.Triple(subject, triple.predicate, object_)
