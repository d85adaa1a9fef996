"""Named repairs of what sources really send; what each did is kept beside the result.

A repair is one row of `REPAIRS`: a function from a graph to a graph with what it changed,
its sentences in `repair.SENTENCES`, and a pair of Turtle files that is its test. Each may be
applied twice without changing anything more. None invents access rights, a licence or any
other fact: what cannot be read for certain is left for validation to report.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256

import pyoxigraph as ox

from catalogue.namespaces import (
    ADMS,
    CV,
    DCAT,
    DCATAP,
    DCT,
    DPV,
    EU_AUTHORITY,
    EUCAIM,
    FOAF,
    GC,
    GEODCAT,
    HDC,
    HRI,
    PROV,
    RDF,
    SKOS,
    VCARD,
    XSD,
)
from catalogue.rdf import values
from catalogue.rdf.addresses import in_own_namespace, standard_addresses, standard_namespaces
from catalogue.rdf.graph import Graph, Term, type_
from catalogue.rdf.repair import Repair
from catalogue.rdf.split import Description

Repaired = tuple[Graph, tuple[Repair, ...]]
RepairFunction = Callable[[Graph, ox.NamedNode], Repaired]
Change = Callable[[ox.Triple], list[ox.Triple] | None]
"""A triple gives the triples that take its place, or `None` to stay as it is."""


def _in(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


DATES = (
    _in(DCT, "issued modified created available dateSubmitted dateAccepted valid")
    | _in(DCAT, "startDate endDate")
    | _in(GC, "lastChecked")
)
COUNTS = (
    _in(HDC, "numberOfRecords numberOfUniqueIndividuals minTypicalAge maxTypicalAge")
    | _in(DCAT, "byteSize")
    | _in(GC, "individuals records weeksToAccess")
)
MEDIA_TYPES = _in(DCAT, "mediaType compressFormat packageFormat")
EMAILS = _in(VCARD, "hasEmail") | _in(FOAF, "mbox")
AGENTS = (
    _in(DCT, "publisher creator contributor rightsHolder")
    | _in(HDC, "hdab hdabCoordinator")
    | _in(GEODCAT, "custodian")
)
TITLES = _in(DCT, "title identifier") | _in(DCAT, "keyword version") | _in(FOAF, "name")
TITLES |= _in(VCARD, "fn") | _in(SKOS, "prefLabel altLabel notation")
TEXTS = TITLES | _in(DCT, "description") | _in(ADMS, "versionNotes")
IRIS = frozenset().union(
    AGENTS,
    _in(
        DCT,
        "accessRights language license conformsTo format type spatial source relation"
        " isReferencedBy isPartOf hasPart accrualPeriodicity hasVersion isVersionOf",
    ),
    _in(
        DCAT,
        "accessURL downloadURL landingPage endpointURL endpointDescription theme mediaType"
        " themeTaxonomy compressFormat packageFormat contactPoint hasVersion inSeries dataset"
        " distribution accessService servesDataset hadRole",
    ),
    _in(DCATAP, "applicableLegislation availability hvdCategory"),
    _in(HDC, "healthTheme healthCategory hasCodingSystem"),
    _in(HRI, "healthConditionOfInterest anatomicalLocationCovered"),
    _in(EUCAIM, "hasCondition"),
    _in(DPV, "hasLegalBasis hasPurpose hasPersonalData"),
    _in(FOAF, "page homepage"),
    _in(VCARD, "hasURL"),
    _in(ADMS, "status"),
    _in(CV, "contactPage"),
    _in(PROV, "wasGeneratedBy wasDerivedFrom"),
    _in(
        GC,
        "assay accessRoute accessibility consentModel condition term referenceGenome"
        " tissueOrigin dataLevel targetKind linkageStatus linkageMethod linkedBy analysedIn",
    ),
)
"""Properties whose value is the address of something."""

FREQUENCIES = (
    *("ANNUAL", "ANNUAL_2", "ANNUAL_3", "BIENNIAL", "CONT", "DAILY", "IRREG", "MONTHLY"),
    *("NEVER", "QUARTERLY", "UNKNOWN", "WEEKLY"),
)
CODES: dict[str, tuple[str, dict[str, str]]] = {
    DCT + "accessRights": (
        EU_AUTHORITY + "access-right/",
        {
            "public": "PUBLIC",
            "restricted": "RESTRICTED",
            "non_public": "NON_PUBLIC",
            "non-public": "NON_PUBLIC",
            "non public": "NON_PUBLIC",
        },
    ),
    DCAT + "theme": (
        EU_AUTHORITY + "data-theme/",
        {"heal": "HEAL", "health": "HEAL", "tech": "TECH"},
    ),
    DCT + "accrualPeriodicity": (
        EU_AUTHORITY + "frequency/",
        {word.lower(): word for word in FREQUENCIES},
    ),
    DCT + "language": (
        EU_AUTHORITY + "language/",
        {name: code for name, (_, code) in values.LANGUAGES.items()},
    ),
    DCT + "format": (
        EU_AUTHORITY + "file-type/",
        {
            "csv": "CSV",
            "text/csv": "CSV",
            "tsv": "TSV",
            "text/tab-separated-values": "TSV",
            "json": "JSON",
            "application/json": "JSON",
            "json-ld": "JSON_LD",
            "application/ld+json": "JSON_LD",
            "xml": "XML",
            "application/xml": "XML",
            "rdf/xml": "RDF_XML",
            "application/rdf+xml": "RDF_XML",
            "turtle": "RDF_TURTLE",
            "text/turtle": "RDF_TURTLE",
            "html": "HTML",
            "text/html": "HTML",
            "txt": "TXT",
            "text/plain": "TXT",
            "pdf": "PDF",
            "application/pdf": "PDF",
            "xls": "XLS",
            "xlsx": "XLSX",
            "ods": "ODS",
            "zip": "ZIP",
            "application/zip": "ZIP",
        },
    ),
}
"""Words that stand for a value of an authority list, by property."""

IANA = "https://www.iana.org/assignments/media-types/"

# --- the road through a graph ------------------------------------------------------------


def normalise(description: Description) -> Description:
    """The same description with every repair applied, in the order of `REPAIRS`."""
    graph, done = description.graph, list(description.repairs)
    for repair in REPAIRS.values():
        graph, repairs = repair(graph, description.subject)
        done.extend(repairs)
    return replace(description, graph=graph, repairs=tuple(dict.fromkeys(done)))


def _each(name: str, change: Change) -> RepairFunction:
    """The repair that changes triples one by one; a triple in place of itself is a report."""

    def repair(graph: Graph, _subject: ox.NamedNode) -> Repaired:
        kept: list[ox.Triple] = []
        repairs: list[Repair] = []
        for triple in graph:
            changed = change(triple)
            kept.extend([triple] if changed is None else changed)
            if changed is not None:
                repairs.append(_repair(name, triple, changed[0] if changed else None))
        return (Graph(kept), _in_order(repairs)) if repairs else (graph, ())

    return repair


def _repair(name: str, triple: ox.Triple, after: ox.Triple | None = None) -> Repair:
    subject, property_ = shown(triple.subject), triple.predicate.value
    if after is not None and after.predicate != triple.predicate:
        return Repair(name, subject, property_, property_, after.predicate.value)
    before, written = shown(triple.object), "" if after is None else shown(after.object)
    if before == written and after is not None and after.object != triple.object:
        before, written = str(triple.object), str(after.object)  # an IRI and a text that read alike
    return Repair(name, subject, property_, before, written)


def _in_order(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    return tuple(sorted(dict.fromkeys(repairs), key=repr))


def shown(term: object) -> str:
    """A term as a steward would recognise it: its text, with its language or type if any."""
    if isinstance(term, ox.BlankNode):
        return "[]"
    if not isinstance(term, ox.Literal):
        return getattr(term, "value", str(term))
    if term.language:
        return f"{term.value} (@{term.language})"
    kind = term.datatype.value
    return term.value if kind == XSD + "string" else f"{term.value} ({_type_name(kind)})"


def _type_name(iri: str) -> str:
    return f"xsd:{iri.removeprefix(XSD)}" if iri.startswith(XSD) else iri


def _object(triple: ox.Triple, term: Term) -> list[ox.Triple]:
    return [ox.Triple(triple.subject, triple.predicate, term)]


def _text(triple: ox.Triple, properties: Iterable[str]) -> str | None:
    """The text of a literal value of one of the properties."""
    term = triple.object
    fits = isinstance(term, ox.Literal) and triple.predicate.value in properties
    return term.value if fits and isinstance(term, ox.Literal) else None


def _is_text(literal: ox.Literal) -> bool:
    return literal.language is not None or literal.datatype.value == XSD + "string"


def _same_kind(literal: ox.Literal, text: str) -> ox.Literal:
    if literal.language:
        return ox.Literal(text, language=literal.language)
    return ox.Literal(text, datatype=literal.datatype)


# --- texts -------------------------------------------------------------------------------


def decode_entities(triple: ox.Triple) -> list[ox.Triple] | None:
    """`&amp;` and its kind belong in HTML, not in a text."""
    literal = triple.object
    if not isinstance(literal, ox.Literal) or not _is_text(literal):
        return None
    if "&" not in literal.value or literal.value.lstrip().startswith(("{", "[")):
        return None  # JSON in a description is left alone, with its own escapes
    before, text = "", _NESTED.sub("&", literal.value)
    while before != text:
        before, text = text, _ENTITY.sub(_decoded, text)
    return None if text == literal.value else _object(triple, _same_kind(literal, text))


_NESTED = re.compile(r"&(?:(?:amp|#0{0,5}38|#x0{0,5}26);)+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


def _decoded(found: re.Match[str]) -> str:
    text = html.unescape(found[0])
    return text if all(sign >= " " or sign in "\t\n\r" for sign in text) else "\ufffd"


def trim_spaces(triple: ox.Triple) -> list[ox.Triple] | None:
    """No space around texts, and no line ends or double spaces inside titles and names."""
    text = _text(triple, TEXTS)
    literal = triple.object
    if text is None or not isinstance(literal, ox.Literal):
        return None
    clean = " ".join(text.split()) if triple.predicate.value in TITLES else text.strip()
    return None if clean == text else _object(triple, _same_kind(literal, clean))


def drop_empty_text(triple: ox.Triple) -> list[ox.Triple] | None:
    """A text without a word in it says nothing."""
    text = _text(triple, TEXTS)
    return [] if text is not None and not text.strip() else None


def mend_language_tag(triple: ox.Triple) -> list[ox.Triple] | None:
    """`@eng` and `@dut` become `@en` and `@nl`; what names no language is dropped."""
    literal = triple.object
    if not isinstance(literal, ox.Literal) or not literal.language:
        return None
    tag = values.language_tag(literal.language)
    if tag == literal.language:
        return None
    return _object(
        triple, ox.Literal(literal.value, language=tag) if tag else ox.Literal(literal.value)
    )


def report_template(triple: ox.Triple) -> list[ox.Triple] | None:
    """A template that the source's software did not fill in is reported and left alone."""
    text = getattr(triple.object, "value", "")
    return [triple] if _TEMPLATE.search(text) else None


_TEMPLATE = re.compile(
    r"\{\{[^{}]{1,200}\}\}|%7B%7B.{1,200}?%7D%7D|\$\{\w{1,100}\}", re.IGNORECASE | re.DOTALL
)

# --- numbers and dates -------------------------------------------------------------------


def type_date(triple: ox.Triple) -> list[ox.Triple] | None:
    """A date in words or without a type becomes a typed one when only one reading exists."""
    text = _text(triple, DATES)
    literal = triple.object
    if text is None or not isinstance(literal, ox.Literal) or values.is_valid_date(literal):
        return None
    found = values.typed_date(text)
    return _object(triple, found) if found else None


def drop_date_placeholder(triple: ox.Triple) -> list[ox.Triple] | None:
    """`YYYY-MM-DD` or `unknown` in the place of a date says nothing."""
    text = _text(triple, DATES)
    return [] if text is not None and values.is_placeholder(text) else None


def report_unclear_date(triple: ox.Triple) -> list[ox.Triple] | None:
    """A date that can be read in two ways, or in none, is reported and left alone."""
    text = _text(triple, DATES)
    literal = triple.object
    if text is None or not isinstance(literal, ox.Literal) or values.is_valid_date(literal):
        return None
    return [triple]


def type_count(triple: ox.Triple) -> list[ox.Triple] | None:
    """A count written as a text or as a fraction of nothing becomes a whole number."""
    text = _text(triple, COUNTS)
    literal = triple.object
    if text is None or not isinstance(literal, ox.Literal):
        return None
    kind = literal.datatype.value.removeprefix(XSD)
    if kind == "nonNegativeInteger" and _DIGITS.fullmatch(text):
        return None
    number = values.whole(text) if kind in _FRACTIONS else values.count(text)
    return _object(triple, ox.Literal(number, datatype=_COUNT)) if number is not None else None


_COUNT = ox.NamedNode(XSD + "nonNegativeInteger")
_DIGITS = re.compile(r"\+?[0-9]+")
_FRACTIONS = frozenset({"decimal", "double", "float"})

# --- addresses ---------------------------------------------------------------------------


def name_code(triple: ox.Triple) -> list[ox.Triple] | None:
    """A word for a value of an authority list becomes the value's address."""
    row = CODES.get(triple.predicate.value)
    text = _text(triple, CODES)
    if row is None or text is None:
        return None
    authority, codes = row
    word = text.strip().lower()
    if triple.predicate.value == DCT + "language":
        word = re.split(r"[-_]", word)[0]
    code = codes.get(word)
    return _object(triple, ox.NamedNode(authority + code)) if code else None


def name_language(triple: ox.Triple) -> list[ox.Triple] | None:
    """A language of another list becomes the one of the EU list."""
    target = triple.object
    if triple.predicate.value != DCT + "language" or not isinstance(target, ox.NamedNode):
        return None
    found = _LANGUAGE_IRI.fullmatch(target.value)
    known = values.language(found[1]) if found else None
    authority = EU_AUTHORITY + "language/"
    return _object(triple, ox.NamedNode(authority + known[1])) if known else None


_LANGUAGE_IRI = re.compile(
    r"https?://(?:id\.loc\.gov/vocabulary/(?:iso639-1|iso639-2|languages)"
    r"|lexvo\.org/id/iso639-[13]|www\.lexvo\.org/page/iso639-3)/([A-Za-z]{2,3})"
)


def name_media_type(triple: ox.Triple) -> list[ox.Triple] | None:
    """A media type written as text becomes its address at IANA."""
    text = _text(triple, MEDIA_TYPES)
    found = _MEDIA_TYPE.fullmatch(text.strip().lower()) if text is not None else None
    return _object(triple, ox.NamedNode(IANA + found[1])) if found else None


_MEDIA_TYPE = re.compile(
    r"((?:application|audio|chemical|image|model|multipart|text|video)/[a-z0-9][a-z0-9.+-]*)(?:\s*;.*)?"
)


def link_address(triple: ox.Triple) -> list[ox.Triple] | None:
    """An address written as text becomes an address, when it is one."""
    text = _text(triple, IRIS)
    if text is None or not _ADDRESS.fullmatch(text.strip()):
        return None
    try:
        return _object(triple, ox.NamedNode(in_own_namespace(text.strip())))
    except ValueError:  # "https://umc.example:port/"
        return None


_ADDRESS = re.compile(
    r'(?:https?|ftp|sftp|s3)://[^\s<>"{}|\\^`\x00-\x20]+|urn:[a-z0-9-]+:[^\s<>"{}|\\^`]+'
)


def link_email(triple: ox.Triple) -> list[ox.Triple] | None:
    """An e-mail address becomes a `mailto:` address."""
    target = triple.object
    if triple.predicate.value not in EMAILS or isinstance(target, ox.BlankNode):
        return None
    text = getattr(target, "value", "")
    address = values.email(text)
    wanted = ox.NamedNode(f"mailto:{address}") if address else None
    return _object(triple, wanted) if wanted and wanted != target else None


def spell_identifier(triple: ox.Triple) -> list[ox.Triple] | None:
    """An identifier is a text, also when it looks like an address."""
    target = triple.object
    wrong = triple.predicate.value == DCT + "identifier" and isinstance(target, ox.NamedNode)
    return _object(triple, ox.Literal(getattr(target, "value", ""))) if wrong else None


# --- agents ------------------------------------------------------------------------------


def describe_agent(triple: ox.Triple) -> list[ox.Triple] | None:
    """An organisation or person given by name only becomes an agent with that name."""
    text = _text(triple, AGENTS)
    if text is None or not text.strip() or not isinstance(triple.object, ox.Literal):
        return None
    agent = _node_for(triple)
    tidy = _same_kind(triple.object, " ".join(text.split()))
    name = ox.Triple(agent, ox.NamedNode(FOAF + "name"), tidy)
    return [*_object(triple, agent), name, ox.Triple(agent, type_, ox.NamedNode(FOAF + "Agent"))]


def describe_contact(triple: ox.Triple) -> list[ox.Triple] | None:
    """A contact point that is only an e-mail address becomes a contact with that address."""
    if triple.predicate.value != DCAT + "contactPoint" or isinstance(triple.object, ox.BlankNode):
        return None
    text = getattr(triple.object, "value", "")
    address = None if text.startswith("http") else values.email(text)
    if address is None:
        return None
    contact, mail = _node_for(triple), ox.NamedNode(f"mailto:{address}")
    return [
        *_object(triple, contact),
        ox.Triple(contact, type_, ox.NamedNode(VCARD + "Kind")),
        ox.Triple(contact, ox.NamedNode(VCARD + "hasEmail"), mail),
    ]


def _node_for(triple: ox.Triple) -> ox.BlankNode:
    """A blank node whose label depends on the triple only, so that a repair repeats exactly."""
    return ox.BlankNode("r" + sha256(str(triple).encode()).hexdigest()[:24])


def name_period(triple: ox.Triple) -> list[ox.Triple] | None:
    """The start and end of a period by schema.org's names become DCAT's."""
    found = _PERIOD.fullmatch(triple.predicate.value)
    if not found:
        return None
    predicate = ox.NamedNode(f"{DCAT}{found[1]}")
    return [ox.Triple(triple.subject, predicate, triple.object)]


_PERIOD = re.compile(r"https?://schema\.org/(startDate|endDate)")

# --- what software adds by itself --------------------------------------------------------


def drop_fdp_access_rights(graph: Graph, _subject: ox.NamedNode) -> Repaired:
    """A FAIR Data Point says "no access restriction" of everything; nobody at the source did."""
    return _without(graph, "fdp-access-rights", _is_default_access)


def _is_default_access(graph: Graph, triple: ox.Triple) -> bool:
    target = triple.object
    own = f"{getattr(triple.subject, 'value', '')}#accessRights"
    if triple.predicate.value != DCT + "accessRights" or not isinstance(target, ox.NamedNode):
        return False
    texts = [term.value for term in graph.objects(target, DCT + "description")]
    default = all("no access restriction" in text.lower() for text in texts)
    return target.value == own and default


def drop_fdp_profile(graph: Graph, _subject: ox.NamedNode) -> Repaired:
    """The form in which a FAIR Data Point stored a record is no standard that data follow."""
    return _without(graph, "fdp-profile", _is_fdp_profile)


def _is_fdp_profile(_graph: Graph, triple: ox.Triple) -> bool:
    target = getattr(triple.object, "value", "")
    return triple.predicate.value == DCT + "conformsTo" and bool(_FDP_PROFILE.search(target))


_FDP_PROFILE = re.compile(r"/profile/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")


def drop_fdp_metrics(graph: Graph, _subject: ox.NamedNode) -> Repaired:
    """Two fixed "metrics" that a FAIR Data Point attaches to everything."""
    return _without(graph, "fdp-metrics", _is_fdp_metric)


def _is_fdp_metric(_graph: Graph, triple: ox.Triple) -> bool:
    return triple.predicate.value == "http://semanticscience.org/resource/SIO_000628"


def drop_empty_node(graph: Graph, _subject: ox.NamedNode) -> Repaired:
    """A period, agent or the like of which nothing is said but its class."""
    return _without(graph, "empty-node", _is_empty_node)


def _is_empty_node(graph: Graph, triple: ox.Triple) -> bool:
    target = triple.object
    if not isinstance(target, ox.BlankNode) or triple.predicate.value in _LISTS:
        return False
    return all(about.predicate == type_ for about in graph.about(target))


_LISTS = frozenset({RDF + "first", RDF + "rest"})


def _without(graph: Graph, name: str, unwanted: Callable[[Graph, ox.Triple], bool]) -> Repaired:
    """Take triples away, with what was said only about their objects."""
    gone = {triple for triple in graph if unwanted(graph, triple)}
    if not gone:
        return graph, ()
    left = Graph(triple for triple in graph if triple not in gone)
    again, more = _without(_without_orphans(left, gone), name, unwanted)
    return again, _in_order([*(_repair(name, triple) for triple in gone), *more])


def _without_orphans(graph: Graph, gone: set[ox.Triple]) -> Graph:
    """What is left when nothing leads to the objects of the triples that went."""
    about: set[ox.Triple] = set()
    for triple in gone:
        node = triple.object
        if isinstance(node, ox.Literal | ox.Triple) or node == triple.subject:
            continue
        if not graph.mentioning(node):
            about.update(graph.about(node))
    return Graph(triple for triple in graph if triple not in about) if about else graph


# --- what belongs to another place -------------------------------------------------------


def copy_licence(graph: Graph, subject: ox.NamedNode) -> Repaired:
    """The one licence of a dataset holds for its distributions that have none of their own."""
    licences = graph.objects(subject, DCT + "license")
    if len(licences) != 1 or isinstance(licences[0], ox.Literal):
        return graph, ()  # of several, nobody said which holds for which distribution
    licence = ox.NamedNode(DCT + "license")
    lacking = [
        node
        for node in graph.objects(subject, DCAT + "distribution")
        if not isinstance(node, ox.Literal)
        and graph.about(node)
        and not graph.objects(node, DCT + "license")
    ]
    added = [ox.Triple(node, licence, value) for node in lacking for value in licences]
    if not added:
        return graph, ()
    repairs = [
        Repair("distribution-licence", shown(t.subject), t.predicate.value, "", shown(t.object))
        for t in added
    ]
    return Graph([*graph, *added]), _in_order(repairs)


REPAIRS: dict[str, RepairFunction] = {
    "namespace": standard_namespaces,
    "fdp-access-rights": drop_fdp_access_rights,
    "fdp-profile": drop_fdp_profile,
    "fdp-metrics": drop_fdp_metrics,
    "empty-node": drop_empty_node,
    "period-property": _each("period-property", name_period),
    "html-entities": _each("html-entities", decode_entities),
    "empty-text": _each("empty-text", drop_empty_text),
    "spaces": _each("spaces", trim_spaces),
    "language-tag": _each("language-tag", mend_language_tag),
    "template": _each("template", report_template),
    "date-placeholder": _each("date-placeholder", drop_date_placeholder),
    "typed-date": _each("typed-date", type_date),
    "unclear-date": _each("unclear-date", report_unclear_date),
    "count": _each("count", type_count),
    "code": _each("code", name_code),
    "media-type": _each("media-type", name_media_type),
    "literal-address": _each("literal-address", link_address),
    "language": _each("language", name_language),
    "email": _each("email", link_email),
    "contact": _each("contact", describe_contact),
    "agent": _each("agent", describe_agent),
    "identifier": _each("identifier", spell_identifier),
    "address": standard_addresses,
    "distribution-licence": copy_licence,
}
"""Every repair, in the order in which they are applied."""
