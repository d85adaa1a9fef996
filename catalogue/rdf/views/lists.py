"""Values for which a profile has a closed list, or room for one only.

A value that a profile has no place for is left out of the view, with a note; it stays in the
lossless graph. Which publisher, licence or right counts is never chosen here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, EU_AUTHORITY, GC, GDI, HDC, HDEU, RDF, RDFS, SKOS, XSD
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.views.change import (
    Adaptation,
    Adapted,
    Role,
    blank,
    datasets,
    instances,
    lacking,
    literals,
    note,
    rewriting,
    swapped,
    text,
    triple,
    value,
    without,
)
from catalogue.rdf.views.contacts import by_language, emails, name
from catalogue.rdf.views.note import ViewNote

Allowed = Callable[[Term], bool]
Rank = Callable[[Graph, Term], tuple[object, ...]]

ACCESS_RIGHTS = frozenset(
    f"{EU_AUTHORITY}access-right/{code}" for code in ("PUBLIC", "RESTRICTED", "NON_PUBLIC")
)
HEALTH_THEMES = frozenset(
    f"{HDEU}health-theme/{code}"
    for code in (
        *("ANTIMICROBIAL_CONTROL", "BLOOD_INFECTIONS", "CANCER_DISEASE", "CLIMATE_HEALTH"),
        *("EMERGENCY_SETTINGS", "ENTERIC_INFECTIONS", "ENVIRONMENTAL_HEALTH", "HEALTH_PRODUCTS"),
        *("HEALTH_SYSTEMS", "IMMUNIZATION_DISEASES", "INJURY_PREVENTION", "LIFECOURSE_HEALTH"),
        *("MENTAL_HEALTH", "TROPICAL_DISEASES", "NONCOMMUNICABLE_DISEASES", "NUTRITION_SECURITY"),
        *("SENSORY_HEALTH", "RESPIRATORY_DISEASES", "REPRODUCTIVE_HEALTH"),
        "VECTOR_DISEASES",
    )
)
"""The twenty themes of HealthDCAT-AP Release 8; none of them is genomics."""


def address(term: Term) -> bool:
    """Whether the value is an IRI."""
    return isinstance(term, ox.NamedNode)


def no_text(term: Term) -> bool:
    """Whether something can be said of the value: an IRI or a nameless node."""
    return not isinstance(term, ox.Literal)


def one_of(values: frozenset[str]) -> Allowed:
    """Whether the value is one of these addresses."""
    return lambda term: address(term) and text(term) in values


def below(prefix: str) -> Allowed:
    """Whether the value is an address that begins so."""
    return lambda term: address(term) and text(term).startswith(prefix)


def whole_number(term: Term) -> bool:
    """Whether the value is a count as every profile writes it."""
    return (
        isinstance(term, ox.Literal)
        and term.datatype.value == XSD + "nonNegativeInteger"
        and term.value.isdecimal()
    )


def only(role: Role, allowed: Allowed, *predicates: str, remark: str = "not-on-list") -> Adaptation:
    """Leave out the values of some properties that the profile does not allow."""

    def adapt(graph: Graph, subject: ox.NamedNode) -> Adapted:
        gone = [
            triple(each, predicate, term)
            for each in role(graph)
            for predicate in predicates
            for term in graph.objects(each, predicate)
            if not allowed(term)
        ]
        return without(graph, gone, subject), tuple(note(remark, t) for t in gone)

    return adapt


def addresses_only(role: Role, *predicates: str) -> Adaptation:
    """Leave out the values that are no addresses."""
    return only(role, address, *predicates, remark="not-an-address")


def single(role: Role, *predicates: str, rank: Rank | None = None) -> Adaptation:
    """Keep the best of several values; the language, then the spelling, decides."""
    order = rank or (lambda _graph, term: by_language(term))

    def adapt(graph: Graph, subject: ox.NamedNode) -> Adapted:
        gone = [
            triple(each, predicate, term)
            for each in role(graph)
            for predicate in predicates
            for term in _after_the_best(graph, graph.objects(each, predicate), order)
        ]
        return without(graph, gone, subject), tuple(note("one-of-several", t) for t in gone)

    return adapt


def _after_the_best(graph: Graph, terms: list[Term], order: Rank) -> list[Term]:
    return sorted(terms, key=lambda term: order(graph, term))[1:]


def most_complete(graph: Graph, term: Term) -> tuple[object, ...]:
    """Contacts with a name and an e-mail address first."""
    if isinstance(term, ox.Literal):
        return (2, str(term))
    return (-bool(emails(graph, term)) - bool(name(graph, term)), str(term))


def at_most_one(role: Role, *predicates: str) -> Adaptation:
    """Say where several were stated and one is allowed, without choosing."""

    def adapt(graph: Graph, _subject: ox.NamedNode) -> Adapted:
        notes = tuple(
            lacking("several-stated", each, predicate)
            for each in role(graph)
            for predicate in predicates
            if len(graph.objects(each, predicate)) > 1
        )
        return graph, notes

    return adapt


def not_allowed(role: Role, allowed: Allowed, *predicates: str) -> Adaptation:
    """Say which values the profile does not allow, and leave them: it cannot do without one."""

    def adapt(graph: Graph, _subject: ox.NamedNode) -> Adapted:
        notes = tuple(
            note("not-allowed", triple(each, predicate, term))
            for each in role(graph)
            for predicate in predicates
            for term in graph.objects(each, predicate)
            if not allowed(term)
        )
        return graph, notes

    return adapt


# --- health categories -------------------------------------------------------------------

CATEGORY = HDC + "healthCategory"
HGPD = HDEU + "healthcategories/HGPD"
"""Human genetic, epigenomic and genomic data: one code in the European list, three in GDI's."""

GENETIC, EPIGENOMIC, GENOMIC = (
    f"{GDI}HealthCategoryHuman{kind}" for kind in ("Genetic", "Epigenomic", "Genomic")
)
GDI_CATEGORIES = frozenset({GENETIC, EPIGENOMIC, GENOMIC})
_ASSAYS = (
    (GENOMIC, "wgs wes low-pass-wgs"),
    (
        GENETIC,
        (
            "panel panel-capture panel-amplicon sanger snp-array genotyping mlpa karyotyping"
            " array-cgh fish mtdna"
        ),
    ),
    (
        EPIGENOMIC,
        "methylation methylation-array wgbs bisulfite rrbs medip atac sc-atac chip-seq hi-c",
    ),
)
"""Which of GDI's categories our assay concepts belong to; the other assays decide nothing."""


def _european_category(fact: ox.Triple) -> list[ox.Triple] | None:
    """Each of GDI's three is part of the one European code."""
    if not isinstance(fact.object, ox.NamedNode) or fact.object.value not in GDI_CATEGORIES:
        return None
    return [ox.Triple(fact.subject, fact.predicate, ox.NamedNode(HGPD))]


def gdi_categories(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """HGPD in GDI's words, where the stated assays decide which of the three it is."""
    gone: list[ox.Triple] = []
    added: list[ox.Triple] = []
    notes: list[ViewNote] = []
    for dataset in datasets(graph):
        wide = triple(dataset, CATEGORY, ox.NamedNode(HGPD))
        if wide not in graph:
            continue
        gone.append(wide)
        added += [triple(dataset, CATEGORY, ox.NamedNode(c)) for c in _categories(graph, dataset)]
        if not any(text(t) in GDI_CATEGORIES for t in _known(graph, dataset, added)):
            notes.append(note("category-undecided", wide))
    return swapped(graph, gone, added), tuple(notes)


def _known(graph: Graph, dataset: Node, added: list[ox.Triple]) -> list[Term]:
    return [*graph.objects(dataset, CATEGORY), *(value(t) for t in added if t.subject == dataset)]


def _categories(graph: Graph, dataset: Node) -> list[str]:
    names = {text(t).removeprefix(GC + "assay-") for t in _assays(graph, dataset)}
    return [category for category, assays in _ASSAYS if names & set(assays.split())]


def _assays(graph: Graph, dataset: Node) -> Iterator[Term]:
    yield from graph.objects(dataset, GC + "assay")
    for group in graph.objects(dataset, GC + "assayGroup"):
        if not isinstance(group, ox.Literal):
            yield from graph.objects(group, GC + "assay")


european_categories: Adaptation = rewriting([CATEGORY], _european_category)

# --- texts where nodes are wanted, and the other way round -------------------------------


def themes_in_words(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """A theme in words is a keyword: themes are addresses in every profile."""
    theme = [t for t in graph if t.predicate.value == DCAT + "theme"]
    words = [t for t in theme if isinstance(t.object, ox.Literal)]
    keyword = ox.NamedNode(DCAT + "keyword")
    return swapped(graph, words, [ox.Triple(t.subject, keyword, t.object) for t in words]), ()


def _statement(fact: ox.Triple) -> list[ox.Triple] | None:
    """A provenance in words becomes a node with those words."""
    if not isinstance(fact.object, ox.Literal):
        return None
    told = blank("provenance", fact)
    return [
        ox.Triple(fact.subject, fact.predicate, told),
        triple(told, RDF + "type", ox.NamedNode(DCT + "ProvenanceStatement")),
        triple(told, RDFS + "label", fact.object),
    ]


def _media_type(fact: ox.Triple) -> list[ox.Triple] | None:
    """A FAIR Data Point has the media type as text."""
    short = text(value(fact)).partition("/assignments/media-types/")[2]
    if not isinstance(fact.object, ox.NamedNode) or not short:
        return None
    return [ox.Triple(fact.subject, fact.predicate, ox.Literal(short))]


def labelled_concepts(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """DCAT-AP wants a name for all that is called a concept; without one it is just an address."""
    nameless = [n for n in instances(SKOS + "Concept")(graph) if not literals(graph, n, _LABEL)]
    labels = {n: [x for p in _OTHER_LABELS for x in literals(graph, n, p)] for n in nameless}
    added = [triple(n, _LABEL, x) for n, found in labels.items() for x in found]
    concept = ox.NamedNode(SKOS + "Concept")
    gone = [triple(n, RDF + "type", concept) for n, found in labels.items() if not found]
    return swapped(graph, gone, added), ()


_LABEL = SKOS + "prefLabel"
_OTHER_LABELS = (RDFS + "label", DCT + "title")

provenance_statements: Adaptation = rewriting([DCT + "provenance"], _statement)
media_type_texts: Adaptation = rewriting([DCAT + "mediaType"], _media_type)
