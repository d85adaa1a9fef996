"""The one address under which each vocabulary and each well-known value is known.

Sources write `https:` where the authority says `http:`, use a test server of the European
Commission, or an old home of an ontology. What is written under another address is not
found, so each is brought home. The rules only ever change how a thing is addressed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from catalogue.namespaces import (
    ADMS,
    DCAT,
    DCT,
    DQV,
    DUO,
    EU_AUTHORITY,
    FDPO,
    FOAF,
    HDC,
    HDEU,
    ODRL,
    PROV,
    RDF,
    SKOS,
    SNOMED,
    VCARD,
)
from catalogue.rdf.graph import Graph
from catalogue.rdf.repair import Repair

NAMESPACES: dict[str, str] = {
    **{
        "https:" + namespace.removeprefix("http:"): namespace
        for namespace in (ADMS, DCAT, DCT, DQV, FOAF, HDC, ODRL, PROV, RDF, SKOS, VCARD)
    },
    "https://www.w3.org/TR/vocab-dqv/#": DQV,
    "https://www.w3.org/TR/vocab-dqv/": DQV,
    "https://www.w3.org/TR/odrl-model/#": ODRL,
    "https://www.w3.org/TR/odrl-model/": ODRL,
    "http://purl.org/fdp/fdp-o#": FDPO,
    "http://rdf.biosemantics.org/ontologies/fdp-o#": FDPO,
}
"""Other spellings of namespaces, and ours; the first that fits is taken."""

_OTHER_STARTS = tuple(NAMESPACES)

Readdress = Callable[[str], str | None]


def _pattern(pattern: str, replacement: str) -> Readdress:
    compiled = re.compile(pattern)

    def rule(iri: str) -> str | None:
        found = compiled.fullmatch(iri)
        return found.expand(replacement) if found else None

    return rule


def _concept_page(iri: str) -> str | None:
    """The concept that a page of the EU Vocabularies website is about."""
    if not iri.startswith("https://op.europa.eu/"):
        return None
    named = parse_qs(urlsplit(iri).query).get("uri", [""])[0]
    return named if named.startswith(EU_AUTHORITY) else None


HEALTH_LISTS = "healthcategories|health-theme|coding-system|standard"
ADDRESSES: tuple[tuple[str, Readdress], ...] = (
    (
        "health-authority-address",
        _pattern(
            r"https?://(?:hdeu-dcat\.acceptance\.data\.health\.europa\.eu|13\.81\.34\.152:1101"
            r"|hdeu-dcat\.data\.health\.europa\.eu)/resource/authority/(.+)",
            HDEU + r"\1",
        ),
    ),
    (
        "health-authority-address",
        _pattern(
            rf"https?://publications\.europa\.eu/resource/authority/({HEALTH_LISTS})/(.+)",
            HDEU + r"\1/\2",
        ),
    ),
    (
        "health-authority-address",
        _pattern(
            r"https?://healthdata\.ec\.europa\.eu/authority/health-category/GENOMIC",
            HDEU + "healthcategories/HGPD",
        ),
    ),
    (
        "eu-authority-address",
        _pattern(
            r"https?://(?:www\.)?publications\.europa\.eu/resource/authority/(.*[^/])/*",
            EU_AUTHORITY + r"\1",
        ),
    ),
    ("eu-authority-address", _concept_page),
    (
        "legislation-address",
        _pattern(
            r"https?://(?:data\.europa\.eu|eur-lex\.europa\.eu)/eli/(reg/\d{4}/\d+)(/oj)?/?",
            r"http://data.europa.eu/eli/\1\2",
        ),
    ),
    (
        "snomed-address",
        _pattern(
            r"https?://(?:snomed\.info/(?:id|sct)/|www\.snomed\.info/id/"
            r"|purl\.bioontology\.org/ontology/SNOMEDCT/)(\d+)",
            SNOMED + r"\1",
        ),
    ),
    (
        "wikidata-address",
        _pattern(
            r"https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/(?:Property:)?([QP]\d+)",
            r"http://www.wikidata.org/entity/\1",
        ),
    ),
    (
        "orphanet-address",
        _pattern(
            r"https?://(?:www\.)?orpha\.net/ORDO/Orphanet_(\d+)",
            r"http://www.orpha.net/ORDO/Orphanet_\1",
        ),
    ),
    (  # the release of 2021 spells one of its own terms with eight digits
        "duo-address",
        _pattern(
            r"https?://purl\.obolibrary\.org/obo/DUO_0?(\d{7})",
            DUO + r"\1",
        ),
    ),
    ("foaf-organisation", _pattern(re.escape(FOAF) + "Organisation", FOAF + "Organization")),
)
"""(repair, rule) for the address of one thing; the first rule that fits decides."""


def home(iri: str) -> tuple[str, str] | None:
    """(repair, address) of something known by another address, or `None`.

    >>> home("https://snomed.info/id/254837009")
    ('snomed-address', 'http://snomed.info/id/254837009')
    """
    for name, rule in ADDRESSES:
        found = rule(iri)
        if found is not None and found != iri:
            further = home(found)
            return name, further[1] if further else found
    return None


def standard_namespaces(graph: Graph, subject: ox.NamedNode) -> tuple[Graph, tuple[Repair, ...]]:
    """The graph with every vocabulary under its own address, and one repair for each."""
    used: dict[str, str] = {}

    def rename(iri: str) -> str:
        other = _other_namespace(iri)
        if other is None:
            return iri
        used[other] = NAMESPACES[other]
        return NAMESPACES[other] + iri.removeprefix(other)

    renamed = Graph(renamed_triple(triple, rename) for triple in graph)
    about = subject.value
    repairs = (Repair("namespace", about, RDF + "type", a, b) for a, b in sorted(used.items()))
    return (renamed if used else graph), tuple(repairs)


def in_own_namespace(iri: str) -> str:
    """The term under the namespace that we know."""
    other = _other_namespace(iri)
    return iri if other is None else NAMESPACES[other] + iri.removeprefix(other)


def _other_namespace(iri: str) -> str | None:
    if not iri.startswith(_OTHER_STARTS):
        return None
    return next((other for other in NAMESPACES if iri.startswith(other) and iri != other), None)


def standard_addresses(graph: Graph, subject: ox.NamedNode) -> tuple[Graph, tuple[Repair, ...]]:
    """The graph with every well-known value under its own address."""
    repairs = []
    for triple in graph:
        target = triple.object
        if not isinstance(target, ox.NamedNode) or target == subject:
            continue
        found = home(target.value)
        if found:
            name, address = found
            about = getattr(triple.subject, "value", "")
            repairs.append(Repair(name, about, triple.predicate.value, target.value, address))
    if not repairs:
        return graph, ()

    def rename(iri: str) -> str:
        found = home(iri)
        return found[1] if found and iri != subject.value else iri

    renamed = Graph(renamed_triple(triple, rename) for triple in graph)
    return renamed, tuple(sorted(repairs, key=repr))


def renamed_triple(triple: ox.Triple, rename: Callable[[str], str]) -> ox.Triple:
    """The triple with every IRI in it renamed."""
    subject, predicate, object_ = triple.subject, triple.predicate, triple.object
    new_subject, new_predicate = _renamed(subject, rename), _renamed(predicate, rename)
    new_object = _renamed(object_, rename)
    if new_subject is subject and new_predicate is predicate and new_object is object_:
        return triple
    return ox.Triple(new_subject, new_predicate, new_object)


T = TypeVar("T")


def _renamed(term: T, rename: Callable[[str], str]) -> T | ox.NamedNode:
    if not isinstance(term, ox.NamedNode):
        return term
    new = rename(term.value)
    return term if new == term.value else ox.NamedNode(new)
