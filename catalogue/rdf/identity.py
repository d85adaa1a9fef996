"""Our own IRIs for what others describe, and when two names mean the same thing.

Our IRIs are stable, opaque, and made from the source and the original IRI: the same dataset
of the same source always gets the same address, also after the catalogue was emptied and
filled again. The source's own IRI stays with the record as `dct:source` and
`adms:identifier`. A record that we know keeps its id when its IRI is spelled differently or
its host moves; whoever knows the record says so with `Home`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pyoxigraph as ox

from catalogue.namespaces import ADMS, DCAT, DCT, RDF, SKOS, XSD, Iri
from catalogue.rdf.graph import Graph, Node

LENGTH = 12
LONGEST_NAME = 500
WEB_PORTS = (None, 80, 443)

PERSISTENT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (scheme, re.compile(pattern, re.IGNORECASE))
    for scheme, pattern in (
        (
            "doi",
            r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*|info:doi/|urn:doi:)?(10\.\d{4,9}/\S+)",
        ),
        ("hdl", r"(?:https?://hdl\.handle\.net/|hdl:\s*|info:hdl/)(\d[\w.]*/\S+)"),
        ("ega", r"(?:https?://\S+[/:=]|ega\.dataset:|ega:)?(EGAD\d{8,12})"),
        ("ark", r"(?:https?://[^/\s]+/)?ark:/?(\d{5,9}/\S+)"),
        ("nbn", r"(?:https?://\S+[/=])?urn:nbn:([a-z]{2}[:-]\S+)"),
        ("iri", r"https?:(//(?:w3id\.org|purl\.(?:org|archive\.org))/\S+)"),
    )
)
"""Identifiers that mean the same thing everywhere; the group is what is compared."""
ANY_CASE = frozenset({"doi", "hdl", "ega", "nbn"})
"""Schemes in which capitals make no difference."""
MEMBERSHIP = frozenset(
    {
        *(DCAT + name for name in ("dataset", "resource", "record", "catalog")),
        *(DCAT + name for name in ("seriesMember", "first", "last")),
        DCT + "hasPart",
    }
)
"""By which a catalog or a series names what is in it."""
COLLECTIONS = frozenset({"catalog", "series"})


@dataclass(frozen=True, slots=True)
class Home:
    """The ids of a record and of the catalog in which it stands, as the register knows them."""

    record: str
    catalog: str | None = None


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a description says it is called: everywhere (`persistent`), or at its source."""

    persistent: tuple[str, ...] = ()
    local: tuple[str, ...] = ()


def identifier(source: str, iri: str) -> str:
    """Twelve lower-case letters and digits: 60 bits of SHA-256 of source and IRI.

    >>> identifier("noordzee", "https://fdp.example/dataset/1")
    'ivz266u3dhln'
    """
    digest = hashlib.sha256(f"{source}\n{iri}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:LENGTH]


def spelling(iri: str) -> str:
    """One spelling for IRIs that mean the same: http or https, host case, port, slash at the end.

    An IRI that is no address of the web has one spelling, its own.

    >>> spelling("HTTP://Fdp.example:80/catalog/") == spelling("https://fdp.example/catalog")
    True
    >>> spelling("urn:uuid:1")
    'urn:uuid:1'
    """
    try:
        parts = urlsplit(iri)
        port = "" if parts.port in WEB_PORTS else f":{parts.port}"
    except ValueError:
        return iri
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return iri
    host = parts.hostname.rstrip(".")
    query = f"?{parts.query}" if parts.query else ""
    part = f"#{parts.fragment}" if parts.fragment else ""
    return f"//{host}{port}{parts.path.rstrip('/')}{query}{part}"


def persistent(text: str) -> str | None:
    """The one form of a persistent identifier (DOI, EGA, handle, ARK, NBN, w3id, purl).

    >>> persistent("https://doi.org/10.1234/ABC")
    'doi:10.1234/abc'
    >>> persistent("dataset-7") is None
    True
    """
    for scheme, pattern in PERSISTENT:
        found = pattern.fullmatch(text.strip())
        if found:
            name = found.group(1).rstrip("/.,;")
            return short(f"{scheme}:{name.lower() if scheme in ANY_CASE else name}")
    return None


def short(name: str) -> str:
    """The name, or a digest of one that is longer than a register can keep."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def identifiers(graph: Graph, subject: Node) -> Identifiers:
    """What `dct:identifier`, `adms:identifier` and the subject itself say it is called."""
    stated = list(dict.fromkeys(_stated(graph, subject)))
    known = {text: persistent(text) for text in (*stated, subject.value)}
    return Identifiers(
        persistent=tuple(sorted({name for name in known.values() if name})),
        local=tuple(short(text) for text in stated if text and known[text] is None),
    )


def _stated(graph: Graph, subject: Node) -> Iterator[str]:
    for term in graph.objects(subject, DCT + "identifier"):
        if not isinstance(term, ox.BlankNode):
            yield term.value
    for term in graph.objects(subject, ADMS + "identifier"):
        if isinstance(term, ox.NamedNode):
            yield term.value
        if not isinstance(term, ox.Literal):
            yield from (name.value for name in graph.objects(term, SKOS + "notation"))


def graph_name(base: str, record: str) -> Iri:
    """The named graph that holds one record in the public store."""
    return Iri(f"{base}/graph/{record}")


def provenance_name(base: str, record: str) -> Iri:
    """The named graph that says where the graph of a record came from."""
    return Iri(f"{graph_name(base, record)}/provenance")


def original_node(record: str) -> ox.BlankNode:
    """The identifier under which the source knows a record, in its public graph."""
    return ox.BlankNode(f"b{record}-original")


def record_iri(base: str, kind: str, record: str) -> Iri:
    """`{base}/dataset/{id}` and the like."""
    return Iri(f"{base}/{kind}/{record}")


def rehome(  # noqa: PLR0913 - what makes an address, each by its name
    graph: Graph,
    subject: ox.NamedNode,
    *,
    kind: str,
    source: str,
    base: str,
    catalog: str | None,
    at: Home | None = None,
) -> tuple[Graph, tuple[str, ...]]:
    """The public form of a description: our IRIs for it and its distributions.

    `catalog` is the source's IRI of the catalog that it stands in; `at` are the ids that
    the register has for both, when those do not follow from their IRIs.
    Returns the graph and the ids of the distributions. Nothing else is renamed: agents,
    contacts and vocabulary terms keep the names that the world knows them by. The members
    of a catalog or series are left out, because some are drafts or held: `with_members` adds
    the published ones of a catalog, and what is in a series says so itself.
    """
    at = at or home_of(source, subject.value, catalog)
    ours = record_iri(base, kind, at.record)
    parts = parts_of(graph, subject, source, base)
    ids = [each.value.rpartition("/")[2] for each in parts.values()]
    names: dict[Node, Node] = {subject: ox.NamedNode(ours), **parts}
    home = record_iri(base, "catalog", at.catalog) if at.catalog else None
    if catalog and home:
        names[ox.NamedNode(catalog)] = ox.NamedNode(home)
    names |= _labels(graph, names, ids_prefix=at.record)
    left_out = MEMBERSHIP if kind in COLLECTIONS else {DCAT + "dataset"}
    triples = {_renamed(t, names) for t in graph if t.predicate.value not in left_out}
    triples.update(_provenance(ox.NamedNode(ours), subject, home))
    return Graph(triples), tuple(ids)


def parts_of(graph: Graph, subject: Node, source: str, base: str) -> dict[Node, ox.NamedNode]:
    """Our addresses of the distributions that a description holds, by their names there."""
    ids = {
        node: identifier(source, _key(graph, node, subject))
        for node in _distributions(graph, subject)
    }
    return {node: ox.NamedNode(record_iri(base, "distribution", ids[node])) for node in ids}


def home_of(source: str, iri: str, catalog: str | None) -> Home:
    """The ids that follow from the IRIs, for a record that nobody knows yet."""
    return Home(identifier(source, iri), identifier(source, catalog) if catalog else None)


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
    name = original_node(ours.value.rpartition("/")[2])
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
