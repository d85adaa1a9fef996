"""Write a description as Turtle, the way a careful hospital would; `mess.py` spoils it.

One predicate stands on one line, so that the text reads like a hand-written file and a
quirk can be a small change to a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from examples.hospitals.describe import (
    Access,
    AssayGroup,
    Condition,
    Description,
    Form,
    Linkage,
    Stratum,
)
from examples.hospitals.diseases import encode
from examples.hospitals.hospital import Hospital

EU = "http://publications.europa.eu/resource/authority"
HDEU = "https://hdeu-dcat.data.health.europa.eu/resource/authority"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
EHDS = "http://data.europa.eu/eli/reg/2025/327/oj"

PREFIXES = """\
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dpv: <https://w3id.org/dpv#> .
@prefix eucaim: <https://cancerimage.eu/ontology/EUCAIM#> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix gc: <https://w3id.org/genoomcatalogus/ns#> .
@prefix gdi: <http://data.gdi.eu/core/p2/> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> .
@prefix hri: <https://w3id.org/health-ri/metadata-vocabulary#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix ldp: <http://www.w3.org/ns/ldp#> .
@prefix r3d: <http://www.re3data.org/schema/3-0#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

SHORT_CODES = {
    "wes": "<http://purl.obolibrary.org/obo/OBI_0002118>",
    "wgs": "<http://purl.obolibrary.org/obo/OBI_0002117>",
    "rna-seq": "<http://purl.obolibrary.org/obo/OBI_0001271>",
    "snp-array": "<http://purl.obolibrary.org/obo/OBI_0002031>",
}
"""Assays that some hospitals name by their code in OBI instead of by our concept."""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A dataset and its distributions as Turtle; each text stands on its own."""

    dataset: str
    distributions: dict[str, str]


def write(description: Description, hospital: Hospital) -> Written:
    """The description in Turtle, without any mess."""
    dataset = resource(f"<{description.iri}>", "dcat:Dataset", _dataset(description, hospital))
    publisher = resource(f"<{hospital.iri}>", "foaf:Agent", organisation(hospital))
    return Written(
        dataset=f"{PREFIXES}\n{dataset}\n{publisher}",
        distributions={form.name: _distribution(description, form) for form in description.forms},
    )


def resource(subject: str, class_: str, pairs: Pairs) -> str:
    """A subject with its type and one predicate on each line."""
    lines = "".join(f" ;\n    {predicate} {value}" for predicate, value in pairs if value)
    return f"{subject} a {class_}{lines} .\n"


def node(class_: str, pairs: Pairs) -> str:
    """A blank node on one line."""
    said = "".join(f" ; {predicate} {value}" for predicate, value in pairs if value)
    return f"[ a {class_}{said} ]"


def literal(text: str, language: str = "") -> str:
    r"""A Turtle literal.

    >>> print(literal('the "old" one', "en"))
    "the \"old\" one"@en
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"@{language}' if language else f'"{escaped}"'


def texts(by_language: dict[str, str]) -> str:
    """The same text in several languages."""
    return ", ".join(literal(text, language) for language, text in by_language.items())


def count(number: int | None) -> str:
    """A count, or nothing when it is not stated; zero is a count."""
    return "" if number is None else f'"{number}"^^xsd:nonNegativeInteger'


def moment(date: str) -> str:
    """A day as the date and time that Health-RI asks for."""
    return f'"{date}T09:00:00+01:00"^^xsd:dateTime'


def concept(scheme: str, slug: str) -> str:
    """One of our concepts, or nothing."""
    return f"gc:{scheme}-{slug}" if slug else ""


def concepts(scheme: str, slugs: Iterable[str]) -> str:
    """Several of our concepts."""
    return ", ".join(concept(scheme, slug) for slug in slugs)


def organisation(hospital: Hospital) -> Pairs:
    """What is said of a hospital as an agent."""
    return [
        ("foaf:name", texts(hospital.name)),
        ("foaf:mbox", f"<mailto:{hospital.contact}>"),
        ("foaf:homepage", f"<{hospital.homepage}>"),
        ("dct:identifier", literal(hospital.iri)),
        ("dct:spatial", f"<{EU}/country/NLD>"),
    ]


def contact(hospital: Hospital) -> str:
    """The data desk of a hospital."""
    name = literal(f"Dataloket {hospital.name['nl']}", "nl")
    return node(
        "vcard:Kind", [("vcard:fn", name), ("vcard:hasEmail", f"<mailto:{hospital.contact}>")]
    )


def _dataset(description: Description, hospital: Hospital) -> Pairs:
    return [
        *_name(description),
        *_responsible(description, hospital),
        *_topic(description),
        *_people(description),
        *_assays(description),
        *[("gc:consentStratum", _stratum(stratum)) for stratum in description.strata],
        *[("gc:linkage", _linkage(linkage)) for linkage in description.linkages],
        *_access(description.access),
        *_forms(description),
    ]


def _name(description: Description) -> Pairs:
    keywords = [
        literal(word, language)
        for language, words in description.keywords.items()
        for word in words
    ]
    return [
        ("dct:title", texts(description.title)),
        ("dct:description", texts(description.description)),
        ("dct:identifier", literal(f"{description.host.split('.')[1]}-{description.id}")),
        ("dcat:keyword", ", ".join(keywords)),
        ("dct:language", f"<{EU}/language/NLD>, <{EU}/language/ENG>"),
        ("dct:issued", moment(description.issued)),
        ("dct:modified", moment(description.modified)),
    ]


def _responsible(description: Description, hospital: Hospital) -> Pairs:
    return [
        ("dct:isPartOf", f"<{hospital.base}/catalog/{description.catalog}>"),
        ("dct:publisher", f"<{hospital.iri}>"),
        ("dct:creator", f"<{hospital.iri}>"),
        ("dcat:contactPoint", contact(hospital)),
        ("dcatap:applicableLegislation", f"<{EHDS}>"),
    ]


def _topic(description: Description) -> Pairs:
    diseases = [
        pair for slug in description.diseases for pair in encode(slug, description.encoding)
    ]
    period = [("dcat:startDate", f'"{description.start}-01-01"^^xsd:date')]
    period.append(("dcat:endDate", f'"{description.end}-12-31"^^xsd:date'))
    return [
        ("dcat:theme", f"<{EU}/data-theme/HEAL>"),
        ("hdc:healthCategory", f"<{HDEU}/healthcategories/HGPD>"),
        *diseases,
        ("dct:conformsTo", f"gdi:{description.one_mg}" if description.one_mg else ""),
        ("dct:spatial", f"<{EU}/country/NLD>"),
        ("dct:temporal", node("dct:PeriodOfTime", period)),
    ]


def _people(description: Description) -> Pairs:
    low, high = description.ages or (None, None)
    return [
        ("hdc:numberOfUniqueIndividuals", count(description.individuals)),
        ("hdc:numberOfRecords", count(description.records)),
        ("hdc:minTypicalAge", count(low)),
        ("hdc:maxTypicalAge", count(high)),
    ]


def _assays(description: Description) -> Pairs:
    if description.assay_form == "unstated":
        return []
    if description.assay_form == "groups":
        return [("gc:assayGroup", _group(group)) for group in description.groups]
    codes = SHORT_CODES if description.assay_form == "code" else {}
    return [
        ("gc:assay", codes.get(group.assay, f"gc:assay-{group.assay}"))
        for group in description.groups
    ]


def _group(group: AssayGroup) -> str:
    pairs = [
        ("gc:assay", concept("assay", group.assay)),
        ("gc:individuals", count(group.individuals)),
        ("gc:records", count(group.records)),
        ("gc:referenceGenome", concept("genome", group.genome)),
        ("gc:meanCoverage", f'"{group.coverage}"^^xsd:decimal' if group.coverage else ""),
        ("gc:tissueOrigin", concept("tissue", group.tissue)),
        ("gc:dataLevel", concepts("level", group.levels)),
    ]
    return node("gc:AssayGroup", pairs)


def _stratum(stratum: Stratum) -> str:
    period: Pairs = [
        ("dcat:startDate", f'"{stratum.start}"^^xsd:date' if stratum.start else ""),
        ("dcat:endDate", f'"{stratum.end}"^^xsd:date' if stratum.end else ""),
    ]
    pairs = [
        ("dct:title", texts(stratum.title)),
        ("gc:condition", ", ".join(_condition(each) for each in stratum.conditions)),
        ("gc:individuals", count(stratum.individuals)),
        ("gc:consentModel", concept("model", stratum.model)),
        ("gc:period", node("dct:PeriodOfTime", period) if stratum.start or stratum.end else ""),
    ]
    return node("gc:ConsentStratum", pairs)


def _condition(condition: Condition) -> str:
    pairs = [("gc:term", f"<{condition.term}>"), ("gc:parameter", ", ".join(condition.parameters))]
    return node("gc:DataUseCondition", pairs)


def _linkage(linkage: Linkage) -> str:
    percent = f'"{linkage.completeness}"^^xsd:decimal' if linkage.completeness else ""
    pairs = [
        ("gc:targetKind", concept("target", linkage.target)),
        ("gc:linkageStatus", concept("linkage", linkage.status)),
        ("gc:linkageMethod", concept("method", linkage.method)),
        ("gc:linkedBy", concept("linker", linkage.linked_by)),
        ("gc:analysedIn", concept("place", linkage.analysed_in)),
        ("gc:completeness", percent),
        ("gc:lastChecked", f'"{linkage.checked}"^^xsd:date' if linkage.checked else ""),
    ]
    return node("gc:Linkage", pairs)


def _access(access: Access) -> Pairs:
    return [
        ("dct:accessRights", f"<{EU}/access-right/{access.rights}>" if access.rights else ""),
        ("gc:accessRoute", concepts("route", access.routes)),
        ("gc:accessibility", concept("access", access.accessibility)),
        ("gc:weeksToAccess", count(access.weeks)),
    ]


def _forms(description: Description) -> Pairs:
    return [
        ("dcat:distribution", f"<{distribution_iri(description, form)}>")
        for form in description.forms
    ]


def distribution_iri(description: Description, form: Form) -> str:
    """How the hospital calls a distribution."""
    return f"http://{description.host}/distribution/{description.id}--{form.name}"


def _distribution(description: Description, form: Form) -> str:
    pairs = [
        ("dct:title", literal(form.title, "en")),
        ("dct:isPartOf", f"<{description.iri}>"),
        ("dcat:accessURL", f"<http://{description.host}/request/{description.id}>"),
        ("dcat:mediaType", "<https://www.iana.org/assignments/media-types/" + form.format + ">"),
        ("dcat:byteSize", count(form.size)),
        ("dct:license", f"<{CC0}>"),
        ("dct:rights", f"<http://{description.host}/conditions>"),
    ]
    iri = distribution_iri(description, form)
    return f"{PREFIXES}\n" + resource(f"<{iri}>", "dcat:Distribution", pairs)
