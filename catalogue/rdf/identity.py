"""Our own IRIs for what others describe: stable, opaque, made from source and original IRI.

The same dataset of the same source always gets the same address, also after the catalogue
was emptied and filled again. The source's own IRI stays with the record as `dct:source` and
`adms:identifier`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from catalogue.namespaces import ADMS, DCAT, DCT, RDF, SKOS, XSD, Iri
from catalogue.rdf.graph import Graph, Node

LENGTH = 12


def identifier(source: str, iri: str) -> str:
    """Twelve lower-case letters and digits: 60 bits of SHA-256 of source and IRI.

    >>> identifier("noordzee", "https://fdp.example/dataset/1")
    'ivz266u3dhln'
    """
    digest = hashlib.sha256(f"{source}\n{iri}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:LENGTH]


def graph_name(base: str, record: str) -> Iri:
    """The named graph that holds one record in the public store."""
    return Iri(f"{base}/graph/{record}")


def record_iri(base: str, kind: str, record: str) -> Iri:
    """`{base}/dataset/{id}` and the like."""
    return Iri(f"{base}/{kind}/{record}")


def rehome(  # noqa: PLR0913 - what makes an address, each by its name
    graph: Graph, subject: ox.NamedNode, *, kind: str, source: str, base: str, catalog: str | None
) -> tuple[Graph, tuple[str, ...]]:
    """The public form of a description: our IRIs for it and its distributions.

    `catalog` is the source's IRI of the catalog that it stands in.
    Returns the graph and the ids of the distributions. Nothing else is renamed: agents,
    contacts and vocabulary terms keep the names that the world knows them by. The members
    of a catalog are left out, because some are drafts: `with_members` adds the published ones.
    """
    ours = record_iri(base, kind, identifier(source, subject.value))
    names: dict[Node, Node] = {subject: ox.NamedNode(ours)}
    ids: list[str] = []
    for node in _distributions(graph, subject):
        ids.append(identifier(source, _key(graph, node, subject)))
        names[node] = ox.NamedNode(record_iri(base, "distribution", ids[-1]))
    home = record_iri(base, "catalog", identifier(source, catalog)) if catalog else None
    if catalog and home:
        names[ox.NamedNode(catalog)] = ox.NamedNode(home)
    names |= _labels(graph, names, ids_prefix=identifier(source, subject.value))
    triples = {_renamed(t, names) for t in graph if t.predicate.value != DCAT + "dataset"}
    triples.update(_provenance(ox.NamedNode(ours), subject, home))
    return Graph(triples), tuple(ids)


def with_members(graph: Graph, catalog: str, members: Iterable[str]) -> Graph:
    """A catalog's public graph with `dcat:dataset` for the datasets that are published."""
    here, link = ox.NamedNode(catalog), ox.NamedNode(DCAT + "dataset")
    return Graph({*graph, *(ox.Triple(here, link, ox.NamedNode(member)) for member in members)})


def _labels(graph: Graph, names: dict[Node, Node], *, ids_prefix: str) -> dict[Node, Node]:
    """Blank nodes get labels that no other record has, so that graphs can share a file."""
    nodes = {t.subject for t in graph} | {t.object for t in graph}
    blank = sorted((n for n in nodes if isinstance(n, ox.BlankNode) and n not in names), key=str)
    return {node: ox.BlankNode(f"b{ids_prefix}-{number}") for number, node in enumerate(blank)}


def _distributions(graph: Graph, subject: Node) -> list[Node]:
    found = graph.objects(subject, DCAT + "distribution")
    return [node for node in found if not isinstance(node, ox.Literal) and graph.about(node)]


def _key(graph: Graph, node: Node, subject: Node) -> str:
    """The name of a distribution: its IRI, or for a blank node what it says about itself."""
    if isinstance(node, ox.NamedNode):
        return node.value
    words = sorted(
        f"{t.predicate.value} {t.object}"
        for t in graph.about(node)
        if not isinstance(t.object, ox.BlankNode)
    )
    return f"{subject} {'; '.join(words)}"


def _renamed(triple: ox.Triple, names: dict[Node, Node]) -> ox.Triple:
    subject = names.get(triple.subject, triple.subject)  # type: ignore[arg-type]
    object_ = names.get(triple.object, triple.object)  # type: ignore[arg-type]
    return ox.Triple(subject, triple.predicate, object_)


def _provenance(ours: ox.NamedNode, subject: ox.NamedNode, home: Iri | None) -> list[ox.Triple]:
    """Where the description came from, and in which of our catalogs it stands."""
    name = ox.BlankNode(f"b{ours.value.rpartition('/')[2]}-original")
    notation = ox.Literal(subject.value, datatype=ox.NamedNode(XSD + "anyURI"))
    found = [
        ox.Triple(ours, ox.NamedNode(DCT + "source"), subject),
        ox.Triple(ours, ox.NamedNode(ADMS + "identifier"), name),
        ox.Triple(name, ox.NamedNode(RDF + "type"), ox.NamedNode(ADMS + "Identifier")),
        ox.Triple(name, ox.NamedNode(SKOS + "notation"), notation),
    ]
    if home:
        found.append(ox.Triple(ours, ox.NamedNode(DCT + "isPartOf"), ox.NamedNode(home)))
    return found
