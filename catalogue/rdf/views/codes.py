"""Diseases and codes, as each profile writes them.

The same disease is an address for Health-RI (`http://www.orpha.net/ORDO/Orphanet_586`), a text
for HealthDCAT-AP ("ORPHA:586") and a theme for those who know neither. Codes of systems that
we do not know are repeated as they are, where the profile allows it, and never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from catalogue.namespaces import (
    DCAT,
    DCT,
    EUCAIM,
    HDC,
    HDEU,
    HRI,
    ICD10,
    MONDO,
    OBO,
    ORDO,
    RDF,
    SKOS,
    SNOMED,
)
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.views.change import (
    Adaptation,
    Adapted,
    adding,
    datasets,
    note,
    swapped,
    text,
    triple,
    value,
    without,
)
from catalogue.rdf.views.note import ViewNote

CODES = HDC + "hasCodeValues"
SYSTEM = HDC + "hasCodingSystem"
INTEREST = HRI + "healthConditionOfInterest"
_CONDITIONS = (INTEREST, EUCAIM + "hasCondition")
WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class System:
    """A coding system: its prefix in "ORPHA:586", its addresses, and its names in two lists.

    `european` is empty where we do not know the system's code in the European list.
    """

    prefix: str
    namespace: str
    wikidata: str
    european: str = ""
    aliases: tuple[str, ...] = ()


SYSTEMS = (
    System("ORPHA", ORDO, "P1550", aliases=("ORDO", "ORPHANET", "ORPHACODE")),
    System("MONDO", MONDO, "P5270"),
    System("SNOMEDCT", SNOMED, "P5806", "SNOMED-CT", ("SCT", "SNOMED", "SNOMED-CT", "SCTID")),
    System("ICD-10", ICD10, "P494", aliases=("ICD10",)),
    System("OMIM", "https://omim.org/entry/", "P492", aliases=("MIM",)),
    System("DOID", OBO + "DOID_", "P699"),
)

_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[:_ ]\s*([A-Za-z]?[0-9][A-Za-z0-9.-]*)")
_CODE = re.compile(r"(?:(?:19|20)\d{2}/)?([A-Za-z]?[0-9][A-Za-z0-9.-]*)")
"""What follows a namespace: a code, after the year of its edition for the ICD."""

_BY_PREFIX = {name: each for each in SYSTEMS for name in (each.prefix, *each.aliases)}
_ADDRESS = re.compile(r'https?://[^\s<>"{}|\\^`]+')


def system_of(address: str) -> System | None:
    """The coding system of a code's address.

    >>> system_of("http://snomed.info/id/254837009").prefix
    'SNOMEDCT'
    """
    for each in SYSTEMS:
        rest = address.removeprefix(each.namespace)
        if rest != address and _CODE.fullmatch(rest):
            return each
    return None


def as_text(address: str) -> str:
    """A code as HealthDCAT-AP writes it; an address of an unknown system stays as it is.

    >>> as_text("http://id.who.int/icd/release/10/2019/I42.0")
    'ICD-10:I42.0'
    """
    system = system_of(address)
    found = _CODE.fullmatch(address.removeprefix(system.namespace)) if system else None
    return f"{system.prefix}:{found[1]}" if system and found else address


def as_address(code: str) -> str | None:
    """The address of a code written as text, or `None` when we do not know its system.

    >>> as_address("ORPHA:586")
    'http://www.orpha.net/ORDO/Orphanet_586'
    """
    if _ADDRESS.fullmatch(code.strip()):
        return code.strip()
    found = _CURIE.fullmatch(code.strip())
    system = _BY_PREFIX.get(found[1].upper()) if found else None
    return system.namespace + found[2] if system and found else None


def diseases(graph: Graph, dataset: Node) -> list[ox.NamedNode]:
    """The diseases stated of a dataset in any spelling, as addresses."""
    plain = [
        t for name in (INTEREST, EUCAIM + "hasCondition") for t in graph.objects(dataset, name)
    ]
    themes = [t for t in graph.objects(dataset, DCAT + "theme") if system_of(text(t))]
    found = [t for t in [*plain, *themes] if isinstance(t, ox.NamedNode)]
    codes = (_address_of(graph, t) for t in graph.objects(dataset, CODES))
    return list(dict.fromkeys([*found, *(t for t in codes if t and system_of(t.value))]))


def _address_of(graph: Graph, term: Term) -> ox.NamedNode | None:
    """The address of a code given as address, text, or node with a notation (Release 5)."""
    if isinstance(term, ox.NamedNode):
        return term
    written = term if isinstance(term, ox.Literal) else graph.value(term, SKOS + "notation")
    found = as_address(text(written))
    return ox.NamedNode(found) if found else None


# --- Health-RI: addresses ----------------------------------------------------------------


def codes_as_addresses(graph: Graph, subject: ox.NamedNode) -> Adapted:
    """Codes become addresses; a text that we cannot place is left out, and said so."""
    added: list[ox.Triple] = []
    gone: list[ox.Triple] = []
    notes: list[ViewNote] = []
    for fact in _codes(graph):
        if isinstance(fact.object, ox.NamedNode):
            continue
        gone.append(fact)
        found = _address_of(graph, value(fact))
        if found:
            added.append(ox.Triple(fact.subject, fact.predicate, found))
        else:
            notes.append(note("not-an-address", fact))
    return without(swapped(graph, (), added), gone, subject), tuple(notes)


def _codes(graph: Graph) -> list[ox.Triple]:
    return [t for t in graph if t.predicate.value == CODES]


def _of_interest(graph: Graph, dataset: Node) -> Iterator[ox.Triple]:
    for found in diseases(graph, dataset):
        yield triple(dataset, INTEREST, found)


def _code_addresses(graph: Graph, dataset: Node) -> Iterator[ox.Triple]:
    for found in diseases(graph, dataset):
        if system_of(found.value):
            yield triple(dataset, CODES, found)


def _wikidata_systems(graph: Graph, dataset: Node) -> Iterator[ox.Triple]:
    for system in _systems(diseases(graph, dataset)):
        yield triple(dataset, SYSTEM, ox.NamedNode(WIKIDATA + system.wikidata))


def _systems(found: Iterable[ox.NamedNode]) -> list[System]:
    return list(dict.fromkeys(s for each in found if (s := system_of(each.value))))


# --- HealthDCAT-AP: texts ----------------------------------------------------------------


def codes_as_text(graph: Graph, subject: ox.NamedNode) -> Adapted:
    """Codes become texts; a node with a notation becomes its notation."""
    changes = {t: _text_of(graph, value(t)) for t in _codes(graph)}
    added = [ox.Triple(t.subject, t.predicate, new) for t, new in changes.items() if new]
    gone = [t for t in changes if not isinstance(t.object, ox.Literal)]
    lost = tuple(note("not-on-list", t) for t, new in changes.items() if new is None)
    return without(swapped(graph, (), added), gone, subject), lost


def _text_of(graph: Graph, term: Term) -> ox.Literal | None:
    if isinstance(term, ox.Literal):
        return term
    found = term if isinstance(term, ox.NamedNode) else graph.value(term, SKOS + "notation")
    return ox.Literal(as_text(text(found))) if text(found) else None


def _code_texts(graph: Graph, dataset: Node) -> Iterator[ox.Triple]:
    for found in diseases(graph, dataset):
        if system_of(found.value):
            yield triple(dataset, CODES, ox.Literal(as_text(found.value)))


def _european_systems(graph: Graph, dataset: Node) -> Iterator[ox.Triple]:
    stated = {text(t) for t in graph.objects(dataset, SYSTEM)}
    named = [each for each in SYSTEMS if WIKIDATA + each.wikidata in stated]
    for system in [*named, *_systems(diseases(graph, dataset))]:
        if system.european:
            address = ox.NamedNode(f"{HDEU}coding-system/{system.european}")
            yield triple(dataset, SYSTEM, address)


def _as_standards(graph: Graph, dataset: Node) -> Iterator[ox.Triple]:
    """The European list holds standards, and the profile wants them typed so."""
    for system in graph.objects(dataset, SYSTEM):
        if isinstance(system, ox.NamedNode) and system.value.startswith(HDEU):
            yield triple(system, RDF + "type", ox.NamedNode(DCT + "Standard"))


# --- everybody else: themes --------------------------------------------------------------


def _themes(graph: Graph, dataset: Node) -> Iterator[ox.Triple]:
    for found in diseases(graph, dataset):
        yield triple(dataset, DCAT + "theme", found)


conditions_of_interest: Adaptation = adding(datasets, _of_interest)
disease_addresses: Adaptation = adding(datasets, _code_addresses)
wikidata_systems: Adaptation = adding(datasets, _wikidata_systems)
disease_texts: Adaptation = adding(datasets, _code_texts)
european_systems: Adaptation = adding(datasets, _european_systems)
systems_as_standards: Adaptation = adding(datasets, _as_standards)
diseases_as_themes: Adaptation = adding(datasets, _themes)
