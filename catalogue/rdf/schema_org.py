"""What web pages say about datasets for search engines (schema.org), read as DCAT.

One row of `PROPERTIES` per property of a Dataset. schema.org is a coarser language: what it
cannot say stays unsaid. "Free of charge" is not "open", so `isAccessibleForFree` gives no
access rights; a technique or a disease becomes a concept only when it names exactly one of
ours, and is kept as a keyword otherwise. `schema_org_write` is the other direction.

https://schema.org/Dataset and Google's guide for datasets,
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

import pyoxigraph as ox

from catalogue.model.text import Text
from catalogue.namespaces import (
    CSVW,
    DCAT,
    DCT,
    EU_AUTHORITY,
    FOAF,
    GC,
    HDC,
    HRI,
    RDF,
    RDFS,
    VCARD,
)
from catalogue.rdf import values
from catalogue.rdf.graph import Graph, Term
from catalogue.rdf.own_terms import named, own_vocabulary
from catalogue.rdf.schema_org_json import Node, described, is_a, nodes
from catalogue.rdf.stated import clean, literal, moment, node
from catalogue.terms.alias import canonical, vocabulary_of
from catalogue.terms.concept import NOT_STATED, Vocabulary

Subject = ox.NamedNode | ox.BlankNode

DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
PERIOD = re.compile(r"([\d-]{4,10}(?:T\S+)?)(?:/([\d-]{4,10}(?:T\S+)?|\.\.)?)?")
PEOPLE = "individuals individual persons people participants patients personen deelnemers patiënten"
UNITS = dict.fromkeys(PEOPLE.split(), HDC + "numberOfUniqueIndividuals") | dict.fromkeys(
    ("records", "record"), HDC + "numberOfRecords"
)
"""What a `size` counts, by its unit; other units say nothing that DCAT has a place for."""
ACCESS = {
    "access-right": DCT + "accessRights",
    "accessibility": GC + "accessibility",
    "access-route": GC + "accessRoute",
}
"""The lists that a condition of access may come from, and what each is stated with."""
AMOUNT = re.compile(r"([\d.,\s]+)\s*(\w+)")
BYTES = re.compile(r"(\d+)\s*(?:b|bytes?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """Where a block stands, what its references mean, and our vocabulary."""

    url: str
    known: Mapping[str, Node]
    vocabulary: Vocabulary
    labels: Iterator[ox.BlankNode]

    def node(self, value: Any) -> Any:
        """What a reference stands for, when the page says more about it elsewhere."""
        name = value.get("@id") if isinstance(value, dict) else None
        return self.known.get(name, value) if isinstance(name, str) else value

    def address(self, value: Any) -> ox.NamedNode | None:
        """The IRI that a value states: itself, its `@id` or its `url`."""
        stated = value
        if isinstance(value, dict):
            stated = value.get("@value") or value.get("@id") or value.get("url")
        return node(stated, self.url) if isinstance(stated, str) else None


Made = Iterator[tuple[str, Term] | ox.Triple]
"""Predicate and object of the subject at hand, or a whole triple about something below it."""
Maker = Callable[[Any, Page], Made]


def read(blocks: Sequence[Any], url: str) -> Graph:
    """The datasets, and the catalogs they say they stand in, of the JSON-LD blocks of a page.

    `blocks` come from `schema_org_json.read_json`; `url` is the address of the page, which
    names a dataset that has no `@id` or `url` of its own. A page that describes no dataset
    gives an empty graph. Raises `LimitExceeded`.
    """
    found = [each for block in blocks for each in nodes(block)]
    mark = sha256(f"{url} {found!r}".encode("utf-8", "replace")).hexdigest()[:12]
    labels = (ox.BlankNode(f"s{mark}x{number}") for number in count())
    page = Page(url, described(found), own_vocabulary(), labels)
    datasets = [each for each in found if is_a(each, "Dataset") and each.get("name")]
    return Graph(triple for each in _once(datasets, page) for triple in each)


def _once(datasets: list[Node], page: Page) -> Iterator[list[ox.Triple]]:
    """Each dataset's triples; without a name of its own, the page's address names it."""
    taken: set[ox.NamedNode] = set()
    for each in datasets:
        subject = page.address(each) or ox.NamedNode(page.url)
        if subject not in taken:
            taken.add(subject)
            yield list(_dataset(each, subject, page))


def _dataset(stated: Node, subject: ox.NamedNode, page: Page) -> Iterator[ox.Triple]:
    yield from _about(subject, DCAT + "Dataset", stated, PROPERTIES, page)
    for value in _each(stated.get("includedInDataCatalog")):
        yield from _catalog(page.node(value), subject, page)


def _about(
    subject: Subject, class_iri: str, stated: Node, rows: Mapping[str, Maker], page: Page
) -> Iterator[ox.Triple]:
    """The type of a resource, and what each of its properties makes of it."""
    yield ox.Triple(subject, ox.NamedNode(RDF + "type"), ox.NamedNode(class_iri))
    for name, maker in rows.items():
        for value in _each(stated.get(name)):
            for made in maker(page.node(value), page):
                yield made if isinstance(made, ox.Triple) else _triple(subject, *made)


def _catalog(stated: Any, dataset: ox.NamedNode, page: Page) -> Iterator[ox.Triple]:
    """The catalog that a dataset says it stands in, when it has an address and a name."""
    name = page.address(stated)
    if isinstance(stated, dict) and name and name != dataset and stated.get("name"):
        yield from _about(name, DCAT + "Catalog", stated, CATALOG, page)
        yield _triple(name, DCAT + "dataset", dataset)


def _triple(subject: Subject, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def _each(value: Any) -> list[Any]:
    """One value, several, or none; an `@list` or `@set` is the same as an array."""
    if isinstance(value, dict) and not value.keys().isdisjoint({"@list", "@set"}):
        value = value.get("@list", value.get("@set"))
    found = value if isinstance(value, list) else [value]
    return [each for each in found if each not in (None, "", [], {})]


def _words(value: Any) -> Text | None:
    """A text or number with its language; of a node, its name."""
    if isinstance(value, dict):
        if "@value" not in value:
            return next((_words(each) for each in _each(value.get("name"))), None)
        tag = value.get("@language")
        inner = _words(value["@value"])
        return Text(inner.value, tag if isinstance(tag, str) else "") if inner else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return Text(clean(str(value))) if clean(str(value)) else None


# --- makers ------------------------------------------------------------------------------


def _text(predicate: str) -> Maker:
    """A text stays a text, in its language."""

    def make(value: Any, _page: Page) -> Made:
        words = _words(value)
        if words:
            yield predicate, literal(words.value, words.language)

    return make


def _date(predicate: str) -> Maker:
    def make(value: Any, _page: Page) -> Made:
        words = _words(value)
        if words:
            yield predicate, moment(words.value)

    return make


def _link(predicate: str) -> Maker:
    """An address; what is no address is left out."""

    def make(value: Any, page: Page) -> Made:
        address = page.address(value)
        words = _words(value)
        if address and (not words or isinstance(value, dict) or _is_address(words.value)):
            yield predicate, address

    return make


def _is_address(text: str) -> bool:
    return "://" in text or text.startswith(("urn:", "/"))


def _identifier(value: Any, _page: Page) -> Made:
    """A text, an address, or a `PropertyValue` with its scheme; a DOI becomes its address."""
    scheme = ""
    if isinstance(value, dict) and "@value" not in value:
        scheme = str(value.get("propertyID") or "").lower()
        value = value.get("value") or value.get("url") or value.get("@id")
    words = _words(value)
    if words:
        yield DCT + "identifier", literal(identifier(words.value, scheme))


def identifier(text: str, scheme: str = "") -> str:
    """One way to write an identifier, so that a DOI is recognised wherever it stands.

    >>> identifier("doi:10.1234/ab"), identifier("EGAD00001", "ega")
    ('https://doi.org/10.1234/ab', 'EGAD00001')
    """
    found = DOI.fullmatch(text.strip())
    return f"https://doi.org/{found[1]}" if found and (found[0] != found[1] or scheme) else text


def _keyword(value: Any, _page: Page) -> Made:
    """A list in one text, or terms."""
    words = _words(value)
    parts = words.value.split(",") if words and not isinstance(value, dict) else []
    if words and isinstance(value, dict):
        parts = [words.value] if "@value" not in value else words.value.split(",")
    for part in parts:
        if words and part.strip():
            yield DCAT + "keyword", literal(part, words.language)


def _agent(predicate: str) -> Maker:
    """An organisation or a person, by name or as a node."""

    def make(value: Any, page: Page) -> Made:
        name = _words(value)
        if name is None:
            return
        is_node = isinstance(value, dict) and "@value" not in value
        subject = (page.address(value) if is_node else None) or next(page.labels)
        yield predicate, subject
        stated = value if is_node else {"name": value}
        yield from _about(subject, FOAF + "Agent", stated, AGENT, page)
        for contact in _each(stated.get("contactPoint")):
            yield from _contact(page.node(contact), page)

    return make


def _contact(value: Any, page: Page) -> Made:
    """Where questions about the dataset go: an address for mail, or a page."""
    if not isinstance(value, dict) or value.keys().isdisjoint({"email", "url"}):
        return
    subject = next(page.labels)
    yield DCAT + "contactPoint", subject
    stated = {**value, "name": value.get("name") or value.get("contactType")}
    yield from _about(subject, VCARD + "Kind", stated, CONTACT, page)


def _mail(predicate: str) -> Maker:
    def make(value: Any, _page: Page) -> Made:
        words = _words(value)
        address = values.email(words.value) if words else None
        if address:
            yield predicate, ox.NamedNode(f"mailto:{address}")

    return make


def _licence(value: Any, page: Page) -> Made:
    """The address of a licence, or its name as it is written."""
    words, address = _words(value), page.address(value)
    if isinstance(value, dict) and address:
        yield DCT + "license", address
    elif words:
        stated = node(words.value) if _is_address(words.value) else None
        yield DCT + "license", stated or literal(words.value, words.language)


def _access(value: Any, page: Page) -> Made:
    """A value of one of the lists about access when it is one exactly, else the words."""
    words, address = _words(value), page.address(value)
    stated = address.value if address and words is None else words.value if words else ""
    for scheme, predicate in ACCESS.items():
        concept = named(page.vocabulary.scheme(scheme), stated)
        if concept and concept.notation != NOT_STATED:
            yield predicate, ox.NamedNode(concept.iri)
            return
    if words:
        statement = next(page.labels)
        yield DCT + "rights", statement
        yield _triple(statement, RDF + "type", ox.NamedNode(DCT + "RightsStatement"))
        yield _triple(statement, RDFS + "label", literal(words.value, words.language))


def _distribution(value: Any, page: Page) -> Made:
    if isinstance(value, str):
        value = {"url": value}
    if not isinstance(value, dict):
        return
    name = value.get("@id")
    subject = (node(name, page.url) if isinstance(name, str) else None) or next(page.labels)
    yield DCAT + "distribution", subject
    yield from _about(subject, DCAT + "Distribution", value, DISTRIBUTION, page)
    if "url" not in value:
        for content in _each(value.get("contentUrl")):
            for predicate, target in _link(DCAT + "accessURL")(content, page):
                yield _triple(subject, predicate, target)


def _encoding(value: Any, _page: Page) -> Made:
    words = _words(value)
    if words:
        name = "mediaType" if "/" in words.value else "format"
        yield (DCAT if name == "mediaType" else DCT) + name, literal(words.value)


def _bytes(value: Any, _page: Page) -> Made:
    """A size in bytes; "1.2 GB" is no number of bytes and is left out."""
    words = _words(value)
    found = BYTES.fullmatch(words.value) if words else None
    if found:
        yield DCAT + "byteSize", literal(found[1], datatype="nonNegativeInteger")


def _technique(value: Any, page: Page) -> Made:
    yield from _concept(value, page, "assay", GC + "assay")


def _condition(value: Any, page: Page) -> Made:
    """A disease by its code, in any vocabulary that we know, or by its name."""
    codes = value.get("code") if isinstance(value, dict) else None
    for code in _each(codes):
        iri = disease_code(page.node(code))
        if iri:
            yield HRI + "healthConditionOfInterest", ox.NamedNode(iri)
            return
    yield from _concept(value, page, "disease", HRI + "healthConditionOfInterest")


def _subject(value: Any, page: Page) -> Made:
    """What a dataset is about counts as a disease only when it says that it is one."""
    if is_a(value, "MedicalCondition", "InfectiousDisease"):
        yield from _condition(value, page)
    elif words := _words(value):
        yield DCAT + "keyword", literal(words.value, words.language)


def disease_code(code: Any) -> str | None:
    """The IRI of a `MedicalCode`, `None` when its vocabulary is not one that we know.

    >>> disease_code({"codeValue": "227535", "codingSystem": "ORPHA"})
    'http://www.orpha.net/ORDO/Orphanet_227535'
    """
    if not isinstance(code, dict):
        return None
    value, system = (_words(code.get(name)) for name in ("codeValue", "codingSystem"))
    if value is None:
        return None
    for spelling in (f"{system.value if system else ''}:{value.value}", value.value):
        iri = canonical(spelling)
        if vocabulary_of(iri):
            return iri
    return None


def _concept(value: Any, page: Page, scheme: str, predicate: str) -> Made:
    """The concept that an address, a code or a name means, else a keyword."""
    words = _words(value)
    stated = [*_codes(value), *([words.value] if words else [])]
    for text in stated:
        concept = named(page.vocabulary.scheme(scheme), text)
        if concept:
            yield predicate, ox.NamedNode(concept.iri)
            return
    for text in stated:
        if vocabulary_of(canonical(text)) and scheme == "disease":
            yield predicate, ox.NamedNode(canonical(text))
            return
    if words:
        yield DCAT + "keyword", literal(words.value, words.language)


def _codes(value: Any) -> list[str]:
    """The addresses and codes by which a node says what it is."""
    if not isinstance(value, dict):
        return []
    keys = ("@id", "sameAs", "url", "termCode")
    return [each for key in keys for each in _each(value.get(key)) if isinstance(each, str)]


def _period(value: Any, page: Page) -> Made:
    """`2010/2020`, `2010-01-01/..` or one moment."""
    words = _words(value)
    found = PERIOD.fullmatch(words.value) if words else None
    if not found:
        return
    period = next(page.labels)
    end = found[2] if "/" in found[0] else found[1]
    yield DCT + "temporal", period
    yield _triple(period, RDF + "type", ox.NamedNode(DCT + "PeriodOfTime"))
    yield _triple(period, DCAT + "startDate", moment(found[1]))
    if end and end != "..":
        yield _triple(period, DCAT + "endDate", moment(end))


def _place(value: Any, page: Page) -> Made:
    """A country of the EU's list by its name or code, another place by its address or name."""
    words = _words(value)
    country = named(page.vocabulary.scheme("country"), words.value) if words else None
    address = page.address(value) if isinstance(value, dict) else None
    if country:
        yield DCT + "spatial", ox.NamedNode(country.iri)
    elif address:
        yield DCT + "spatial", address
    elif words:
        place = next(page.labels)
        yield DCT + "spatial", place
        yield _triple(place, RDF + "type", ox.NamedNode(DCT + "Location"))
        yield _triple(place, RDFS + "label", literal(words.value, words.language))


def _language(value: Any, _page: Page) -> Made:
    tag = value.get("alternateName") if isinstance(value, dict) else None
    words = _words(tag or value)
    known = values.language(words.value) if words else None
    if known:
        yield DCT + "language", ox.NamedNode(f"{EU_AUTHORITY}language/{known[1]}")


def _size(value: Any, _page: Page) -> Made:
    """How many people or records, when the unit says which."""
    amount, unit = _amount(value)
    predicate, number = UNITS.get(unit.lower()), values.count(amount)
    if predicate and number:
        yield predicate, literal(number, datatype="nonNegativeInteger")


def _amount(value: Any) -> tuple[str, str]:
    if isinstance(value, dict) and "@value" not in value:
        number, unit = _words(value.get("value")), _words(value.get("unitText"))
        return (number.value if number else ""), (unit.value if unit else "")
    words = _words(value)
    found = AMOUNT.fullmatch(words.value) if words else None
    return (found[1].strip(), found[2]) if found else ("", "")


def _variable(value: Any, page: Page) -> Made:
    """A measured variable, as a column of a table; its name is all that is taken."""
    words = _words(value)
    if words is None:
        return
    group, table, schema, column = (next(page.labels) for _ in range(4))
    yield HDC + "hasVariables", group
    yield _triple(group, RDF + "type", ox.NamedNode(CSVW + "TableGroup"))
    yield _triple(group, CSVW + "table", table)
    yield _triple(table, CSVW + "tableSchema", schema)
    yield _triple(schema, CSVW + "column", column)
    yield _triple(column, CSVW + "titles", literal(words.value, words.language))


AGENT: dict[str, Maker] = {
    "name": _text(FOAF + "name"),
    "email": _mail(FOAF + "mbox"),
    "url": _link(FOAF + "homepage"),
    "identifier": _identifier,
}
CONTACT: dict[str, Maker] = {
    "name": _text(VCARD + "fn"),
    "email": _mail(VCARD + "hasEmail"),
    "url": _link(VCARD + "hasURL"),
}
DISTRIBUTION: dict[str, Maker] = {
    "name": _text(DCT + "title"),
    "description": _text(DCT + "description"),
    "url": _link(DCAT + "accessURL"),
    "contentUrl": _link(DCAT + "downloadURL"),
    "encodingFormat": _encoding,
    "fileFormat": _encoding,
    "contentSize": _bytes,
    "license": _licence,
    "datePublished": _date(DCT + "issued"),
    "dateModified": _date(DCT + "modified"),
}
CATALOG: dict[str, Maker] = {
    "name": _text(DCT + "title"),
    "description": _text(DCT + "description"),
    "publisher": _agent(DCT + "publisher"),
    "license": _licence,
    "url": _link(FOAF + "homepage"),
}
PROPERTIES: dict[str, Maker] = {
    "name": _text(DCT + "title"),
    "description": _text(DCT + "description"),
    "url": _link(DCAT + "landingPage"),
    "identifier": _identifier,
    "keywords": _keyword,
    "creator": _agent(DCT + "creator"),
    "author": _agent(DCT + "creator"),
    "publisher": _agent(DCT + "publisher"),
    "contactPoint": _contact,
    "license": _licence,
    "conditionsOfAccess": _access,
    "distribution": _distribution,
    "measurementTechnique": _technique,
    "measurementMethod": _technique,
    "about": _subject,
    "healthCondition": _condition,
    "temporalCoverage": _period,
    "spatialCoverage": _place,
    "version": _text(DCAT + "version"),
    "datePublished": _date(DCT + "issued"),
    "dateModified": _date(DCT + "modified"),
    "dateCreated": _date(DCT + "created"),
    "inLanguage": _language,
    "variableMeasured": _variable,
    "size": _size,
    "isBasedOn": _link(DCT + "source"),
    "isPartOf": _link(DCT + "isPartOf"),
    "citation": _link(DCT + "isReferencedBy"),
}
"""What each property of a schema.org Dataset becomes."""
