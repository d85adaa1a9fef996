"""A dataset as CKAN tells it (a "package" in JSON), as a graph in DCAT's words.

Names of fields are those of CKAN itself, of its DCAT extension and of the portals built with
it; what such a portal has no field for stands in `extras`. A field may hold one value, a list,
a list as JSON in a text, or a text per language under its name and `_translated`.

Nothing is made up: when CKAN made or changed its own record is not when data were issued, so
its `metadata_created` and `metadata_modified` are not read as such.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox

from catalogue.namespaces import (
    ADMS,
    DCAT,
    DCATAP,
    DCT,
    DPV,
    DQV,
    FOAF,
    HDC,
    OA,
    PROV,
    RDF,
    SKOS,
    VCARD,
)
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.stated import literal, moment, node

Package = Mapping[str, Any]
MOST_VALUES: Final = 5000
"""Values of one field; a record with more keywords than this is a fault, not a dataset."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field: its names in CKAN, the first that is filled in counts, and what it becomes."""

    names: tuple[str, ...]
    predicate: str
    kind: str


def _rows(kind: str, *pairs: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row(tuple(names.split()), predicate, kind) for names, predicate in pairs)


AGENT: Final = (
    *_rows("text", ("name", FOAF + "name"), ("publisher_note", HDC + "publisherNote")),
    *_rows("link", ("url homepage", FOAF + "homepage")),
    *_rows("email", ("email", FOAF + "mbox")),
    *_rows("term", ("identifier", DCT + "identifier"), ("type", DCT + "type")),
    *_rows("term", ("publisher_type", HDC + "publisherType")),
)
CONTACT: Final = (
    *_rows("text", ("name", VCARD + "fn")),
    *_rows("email", ("email", VCARD + "hasEmail")),
    *_rows("link", ("url", VCARD + "hasURL")),
    *_rows("term", ("identifier", VCARD + "hasUID")),
)
PERIOD: Final = _rows("date", ("start", DCAT + "startDate"), ("end", DCAT + "endDate"))
PLACE: Final = (
    *_rows("text", ("text", SKOS + "prefLabel")),
    *_rows("term", ("bbox", DCAT + "bbox"), ("centroid", DCAT + "centroid")),
)
ANNOTATION: Final = _rows("term", ("body", OA + "hasBody"), ("motivated_by", OA + "motivatedBy"))
NODES: Final[Mapping[str, tuple[str, tuple[Row, ...]]]] = {
    "agent": (FOAF + "Agent", AGENT),
    "contact": (VCARD + "Kind", CONTACT),
    "period": (DCT + "PeriodOfTime", PERIOD),
    "place": (DCT + "Location", PLACE),
    "annotation": (DQV + "QualityCertificate", ANNOTATION),
}
"""Fields that hold fields themselves: the class they become, and their own table."""

DATASET: Final = (
    *_rows(
        "text",
        ("title", DCT + "title"),
        ("notes description", DCT + "description"),
        ("version_notes", ADMS + "versionNotes"),
        ("provenance", DCT + "provenance"),
        ("population_coverage", HDC + "populationCoverage"),
        ("publisher_note", HDC + "publisherNote"),
    ),
    *_rows("word", ("tags keywords", DCAT + "keyword")),
    *_rows("name", ("identifier guid id", DCT + "identifier")),
    *_rows("name", ("version dcat_version", DCAT + "version")),
    *_rows("link", ("url landing_page", DCAT + "landingPage")),
    *_rows(
        "date",
        ("issued", DCT + "issued"),
        ("modified", DCT + "modified"),
    ),
    *_rows(
        "number",
        ("number_of_records", HDC + "numberOfRecords"),
        ("number_of_unique_individuals", HDC + "numberOfUniqueIndividuals"),
        ("min_typical_age", HDC + "minTypicalAge"),
        ("max_typical_age", HDC + "maxTypicalAge"),
    ),
    *_rows(
        "term",
        ("access_rights", DCT + "accessRights"),
        ("alternate_identifier", ADMS + "identifier"),
        ("analytics", HDC + "analytics"),
        ("applicable_legislation", DCATAP + "applicableLegislation"),
        ("code_values", HDC + "hasCodeValues"),
        ("coding_system", HDC + "hasCodingSystem"),
        ("conforms_to", DCT + "conformsTo"),
        ("dcat_type", DCT + "type"),
        ("documentation", FOAF + "page"),
        ("frequency", DCT + "accrualPeriodicity"),
        ("has_version", DCAT + "hasVersion"),
        ("health_category", HDC + "healthCategory"),
        ("health_theme", HDC + "healthTheme"),
        ("in_series", DCAT + "inSeries"),
        ("is_referenced_by", DCT + "isReferencedBy"),
        ("is_version_of", DCAT + "isVersionOf"),
        ("language", DCT + "language"),
        ("legal_basis", DPV + "hasLegalBasis"),
        ("personal_data", DPV + "hasPersonalData"),
        ("publisher_type", HDC + "publisherType"),
        ("purpose", DPV + "hasPurpose"),
        ("related_resource", DCT + "relation"),
        ("sample", ADMS + "sample"),
        ("source", DCT + "source"),
        ("spatial_resolution_in_meters", DCAT + "spatialResolutionInMeters"),
        ("status adms_status", ADMS + "status"),
        ("temporal_resolution", DCAT + "temporalResolution"),
        ("theme", DCAT + "theme"),
        ("was_generated_by", PROV + "wasGeneratedBy"),
    ),
    *_rows("agent", ("creator", DCT + "creator"), ("publisher", DCT + "publisher")),
    *_rows("agent", ("hdab", HDC + "hdab"), ("qualified_agent", PROV + "wasAttributedTo")),
    *_rows("contact", ("contact", DCAT + "contactPoint")),
    *_rows(
        "period",
        ("temporal_coverage", DCT + "temporal"),
        ("retention_period", HDC + "retentionPeriod"),
    ),
    *_rows("place", ("spatial_coverage", DCT + "spatial")),
    *_rows("annotation", ("quality_annotation", DQV + "hasQualityAnnotation")),
)
"""Every field of a dataset that is read."""

DISTRIBUTION: Final = (
    *_rows("text", ("name title", DCT + "title"), ("description", DCT + "description")),
    *_rows("link", ("access_url url", DCAT + "accessURL"), ("download_url", DCAT + "downloadURL")),
    *_rows("date", ("issued", DCT + "issued"), ("modified", DCT + "modified")),
    *_rows("number", ("size", DCAT + "byteSize")),
    *_rows(
        "term",
        ("applicable_legislation", DCATAP + "applicableLegislation"),
        ("availability", DCATAP + "availability"),
        ("compress_format", DCAT + "compressFormat"),
        ("conforms_to", DCT + "conformsTo"),
        ("documentation", FOAF + "page"),
        ("format", DCT + "format"),
        ("language", DCT + "language"),
        ("license license_url license_id", DCT + "license"),
        ("mimetype", DCAT + "mediaType"),
        ("package_format", DCAT + "packageFormat"),
        ("rights", DCT + "rights"),
        ("status", ADMS + "status"),
        ("temporal_resolution", DCAT + "temporalResolution"),
    ),
    *_rows("period", ("retention_period", HDC + "retentionPeriod")),
)
"""Every field of a distribution (in CKAN: a resource) that is read."""

FLAT: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "publisher": (
        "publisher_",
        {"name": "name", "email": "email", "url": "url", "uri": "uri", "identifier": "identifier"},
    ),
    "contact": ("contact_", {"name": "name", "email": "email", "url": "url", "uri": "uri"}),
    "creator": (
        "creator_",
        {"name": "name", "email": "email", "url": "url", "uri": "uri", "identifier": "identifier"},
    ),
    "temporal_coverage": ("temporal_", {"start": "start", "end": "end"}),
    "spatial_coverage": (
        "spatial_",
        {"uri": "uri", "text": "text", "bbox": "bbox", "centroid": "centroid"},
    ),
}
"""Fields within fields that older portals write side by side: `contact_name`, `contact_email`."""


def graph(package: Package, *, site: str) -> Graph:
    """The dataset and its distributions; `site` is the address of the CKAN, without a slash."""
    return Graph(_Writing(site).dataset(package))


def subject(package: Package, site: str) -> ox.NamedNode:
    """The dataset's IRI: the one it states, else where its CKAN shows it."""
    stated = node(str(_flattened(package).get("uri") or ""))
    return stated or _under(site, "dataset", package.get("id") or package.get("name"))


def _under(site: str, *parts: object) -> ox.NamedNode:
    address = node(
        "/".join([site, *(quote(str(part), safe="", errors="replace") for part in parts)])
    )
    return address or ox.NamedNode(site)


def _flattened(package: Package) -> dict[str, Any]:
    """Fields and extras alike; an extra never hides a field that is filled in."""
    extras = package.get("extras")
    found: dict[str, Any] = {}
    for extra in extras if isinstance(extras, list) else ():
        if isinstance(extra, Mapping) and isinstance(extra.get("key"), str):
            found[extra["key"]] = extra.get("value")
    found.update({name: value for name, value in package.items() if value not in (None, "", [])})
    return found


def _with_nodes(fields: dict[str, Any]) -> dict[str, Any]:
    """With the fields that stand side by side brought together, and CKAN's own people."""
    for name, (prefix, parts) in FLAT.items():
        if not fields.get(name):
            inner = {part: fields.get(prefix + key) for part, key in parts.items()}
            fields[name] = {part: value for part, value in inner.items() if value}
    _fall_back(fields, "contact", "maintainer")
    _fall_back(fields, "creator", "author")
    organization = fields.get("organization")
    if not fields.get("publisher") and isinstance(organization, Mapping):
        fields["publisher"] = {"name": organization.get("title") or organization.get("name")}
    return fields


def _fall_back(fields: dict[str, Any], name: str, person: str) -> None:
    if not fields.get(name):
        inner = {"name": fields.get(person), "email": fields.get(f"{person}_email")}
        fields[name] = {part: value for part, value in inner.items() if value}


# --- writing triples ---------------------------------------------------------------------


class _Writing:
    """Makes triples; blank nodes are numbered, so that the same package gives the same graph."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._numbers = count(1)
        self._kinds: Mapping[str, Callable[[Any, str], Iterable[Term]]] = {
            "text": _texts,
            "word": _words,
            "name": lambda value, _: _literals(value),
            "link": lambda value, _: filter(None, (node(text) for text in _plain(value))),
            "term": lambda value, _: (node(text) or literal(text) for text in _plain(value)),
            "date": lambda value, _: map(moment, _plain(value)),
            "number": lambda value, _: map(_number, _plain(value)),
            "email": lambda value, _: filter(None, map(_email, _plain(value))),
        }

    def dataset(self, package: Package) -> Iterator[ox.Triple]:
        """All that a package says."""
        this = subject(package, self._site)
        yield _typed(this, DCAT + "Dataset")
        fields = _with_nodes(_flattened(package))
        licence = fields.get("license_url") or fields.get("license_id")
        yield from self._rows(this, DATASET, fields)
        for resource in _mappings(package.get("resources")):
            own = {"license": licence, **_flattened(resource)}
            there = self._distribution(this, package, resource)
            yield ox.Triple(this, ox.NamedNode(DCAT + "distribution"), there)
            yield _typed(there, DCAT + "Distribution")
            yield from self._rows(there, DISTRIBUTION, own)

    def _distribution(self, this: ox.NamedNode, package: Package, resource: Package) -> Node:
        stated = node(str(resource.get("uri") or ""))
        if stated is not None and stated != this:
            return stated
        if not resource.get("id"):
            return self._blank()
        name = package.get("id") or package.get("name")
        return _under(self._site, "dataset", name, "resource", resource["id"])

    def _rows(
        self, this: Node, rows: tuple[Row, ...], fields: Mapping[str, Any]
    ) -> Iterator[ox.Triple]:
        for row in rows:
            for name in row.names:
                found = list(self._row(this, row, name, fields))
                yield from found
                if found:
                    break

    def _row(
        self, this: Node, row: Row, name: str, fields: Mapping[str, Any]
    ) -> Iterator[ox.Triple]:
        translated, plain = fields.get(f"{name}_translated"), fields.get(name)
        if translated is None and plain is None:
            return
        predicate = ox.NamedNode(row.predicate)
        for value in _values(translated, plain):
            if row.kind in NODES:
                yield from self._node(this, predicate, row.kind, value)
                continue
            for term in self._kinds[row.kind](value, name):
                yield ox.Triple(this, predicate, term)

    def _node(
        self, this: Node, predicate: ox.NamedNode, kind: str, value: Any
    ) -> Iterator[ox.Triple]:
        """An agent, contact or the like; a mere text is its address or stays a text."""
        if not isinstance(value, Mapping):
            for text in _plain(value):
                yield ox.Triple(this, predicate, node(text) or literal(text))
            return
        class_iri, rows = NODES[kind]
        there = node(str(value.get("uri") or "")) or self._blank()
        said = list(self._rows(there, rows, value))
        if said or isinstance(there, ox.NamedNode):
            yield ox.Triple(this, predicate, there)
        if said:
            yield _typed(there, class_iri)
            yield from said

    def _blank(self) -> ox.BlankNode:
        return ox.BlankNode(f"n{next(self._numbers)}")


def _typed(this: Node, class_iri: str) -> ox.Triple:
    return ox.Triple(this, ox.NamedNode(RDF + "type"), ox.NamedNode(class_iri))


def _values(translated: Any, value: Any) -> list[Any]:
    """One value, each of a list, or each of a list that is written as JSON."""
    if isinstance(translated, Mapping) and any(translated.values()):
        return [translated]
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        value = _from_json(value)
    return value[:MOST_VALUES] if isinstance(value, list) else [value]


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _plain(value: Any) -> Iterator[str]:
    """The texts in a value that has no fields; yes and no are no texts."""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        text = str(value).strip()
        if text:
            yield text
    elif isinstance(value, list):
        for each in value[:MOST_VALUES]:
            yield from _plain(each)


def _literals(value: Any) -> Iterator[ox.Literal]:
    return (literal(text) for text in _plain(value))


def _texts(value: Any, _name: str) -> Iterator[ox.Literal]:
    """A text, or one for each language."""
    if not isinstance(value, Mapping):
        yield from _literals(value)
        return
    for language, translation in value.items():
        for text in _plain(translation):
            yield literal(text, str(language))


def _words(value: Any, name: str) -> Iterator[ox.Literal]:
    """A keyword: a tag of CKAN, a text, or texts by language."""
    if isinstance(value, Mapping) and ("name" in value or "display_name" in value):
        yield from _literals(value.get("display_name") or value.get("name"))
    else:
        yield from _texts(value, name)


def _number(text: str) -> ox.Literal:
    """A whole number as such; anything else as it stands, for a repair or a finding."""
    return literal(
        text, datatype="nonNegativeInteger" if text.isascii() and text.isdecimal() else ""
    )


def _email(text: str) -> ox.NamedNode | None:
    """An address for mail."""
    address = text.removeprefix("mailto:")
    try:
        return ox.NamedNode(f"mailto:{address}") if "@" in address else None
    except ValueError:
        return None


def _mappings(value: Any) -> Iterator[Package]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, Mapping))
