"""THE table: which property is which attribute, in every profile that we read.

One row per attribute of a model class. `properties` are tried together when reading; the
first is the one we write. `profiles` says who asks for it: D DCAT-AP 3, H Health-RI core 2,
E HealthDCAT-AP 8, G GDI (1+MG), X our extension. Reading, writing, forms and the reference
documentation follow this table, so a new field is one row and one attribute.

Sources: Health-RI core v2.0.2, HealthDCAT-AP Release 8, DCAT-AP 3.0.1, GDI metadata 1.1,
and `/ns` for ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from catalogue.model.agent import Agent, Contact
from catalogue.model.dataset import Catalog, Dataset, Distribution, Series
from catalogue.model.genome import AssayGroup, Condition, ConsentStratum, Linkage, Period
from catalogue.model.text import LangText
from catalogue.namespaces import (
    ADMS,
    CV,
    DCAT,
    DCATAP,
    DCT,
    DPV,
    EUCAIM,
    FOAF,
    GC,
    GDI,
    GEODCAT,
    HDC,
    HRI,
    PROV,
    RDFS,
    SKOS,
    VCARD,
)


class Kind(Enum):
    """How the objects of a property become a Python value."""

    TEXT = auto()  # LangText: all literals with their languages
    KEYWORD = auto()  # Text: each literal on its own
    IRI = auto()
    LITERAL = auto()  # str, from a literal or an IRI
    NUMBER = auto()  # int ≥ 0
    DECIMAL = auto()  # float
    BOOLEAN = auto()
    DATE = auto()  # str, as precise as stated
    DAY = auto()  # datetime.date
    EMAIL = auto()  # str without mailto:
    COUNT = auto()  # Count: a number, or our band on the same node
    DISEASE = auto()  # str: an IRI or CURIE, from every encoding in use
    IDENTIFIER = auto()  # str: skos:notation of an adms:Identifier, or the IRI itself
    NODE = auto()  # a nested value of `cls`


@dataclass(frozen=True, slots=True)
class Field:
    """One row. `many` makes the attribute a tuple; `cls` is the class of nested values.

    `band` is, for a COUNT, the property that says "fewer than ten" instead of a number.
    """

    name: str
    properties: tuple[str, ...]
    kind: Kind
    profiles: str
    many: bool = False
    cls: type[Any] | None = None
    band: str = ""

    @property
    def unstated(self) -> Any:
        """The value of the attribute when nobody stated it."""
        if self.kind is Kind.TEXT:
            return LangText()
        return () if self.many else None


def _one(name: str, kind: Kind, profiles: str, *properties: str, **extra: Any) -> Field:
    return Field(name, properties, kind, profiles, **extra)


def _many(name: str, kind: Kind, profiles: str, *properties: str, **extra: Any) -> Field:
    return Field(name, properties, kind, profiles, many=True, **extra)


PERIOD = (
    _one("start", Kind.DATE, "DHE", DCAT + "startDate", "https://schema.org/startDate"),
    _one("end", Kind.DATE, "DHE", DCAT + "endDate", "https://schema.org/endDate"),
)

CONTACT = (
    _one("name", Kind.TEXT, "DHEG", VCARD + "fn", VCARD + "organization-name", FOAF + "name"),
    _one("email", Kind.EMAIL, "DHEG", VCARD + "hasEmail", CV + "email", FOAF + "mbox"),
    _one("page", Kind.IRI, "DHEG", VCARD + "hasURL", CV + "contactPage"),
)

AGENT = (
    _one("name", Kind.TEXT, "DHEG", FOAF + "name", SKOS + "prefLabel", RDFS + "label"),
    _many("identifiers", Kind.LITERAL, "HE", DCT + "identifier"),
    _one("email", Kind.EMAIL, "H", FOAF + "mbox"),
    _one("homepage", Kind.IRI, "H", FOAF + "homepage", FOAF + "homePage"),
    _one("country", Kind.IRI, "H", DCT + "spatial"),
    _one("type", Kind.IRI, "DHE", DCT + "type"),
    _many("contacts", Kind.NODE, "EG", CV + "contactPoint", DCAT + "contactPoint", cls=Contact),
)

DISTRIBUTION = (
    _one("title", Kind.TEXT, "DHEG", DCT + "title"),
    _one("description", Kind.TEXT, "DHE", DCT + "description"),
    _one("access_url", Kind.IRI, "DHEG", DCAT + "accessURL"),
    _one("download_url", Kind.IRI, "DH", DCAT + "downloadURL"),
    _one("byte_size", Kind.NUMBER, "DHE", DCAT + "byteSize"),
    _one("format", Kind.LITERAL, "DHE", DCT + "format"),
    _one("media_type", Kind.LITERAL, "DH", DCAT + "mediaType"),
    _one("license", Kind.LITERAL, "DHE", DCT + "license"),
    _one("rights", Kind.LITERAL, "DHE", DCT + "rights"),
    _one("access_service", Kind.IRI, "DH", DCAT + "accessService"),
    _many("conforms_to", Kind.IRI, "DH", DCT + "conformsTo"),
    _one("issued", Kind.DATE, "DH", DCT + "issued"),
    _one("modified", Kind.DATE, "DH", DCT + "modified"),
    _one("status", Kind.IRI, "DH", ADMS + "status"),
)

ASSAY_GROUP = (
    _one("assay", Kind.IRI, "X", GC + "assay"),
    _one("individuals", Kind.COUNT, "X", GC + "individuals", band=GC + "individualsBand"),
    _one("records", Kind.COUNT, "X", GC + "records", band=GC + "recordsBand"),
    _one("reference_genome", Kind.IRI, "X", GC + "referenceGenome"),
    _one("coverage", Kind.DECIMAL, "X", GC + "meanCoverage"),
    _one("tissue", Kind.IRI, "X", GC + "tissueOrigin"),
    _many("data_levels", Kind.IRI, "X", GC + "dataLevel"),
)

CONDITION = (
    _one("term", Kind.IRI, "X", GC + "term"),
    _many("parameters", Kind.LITERAL, "X", GC + "parameter"),
    _one("source", Kind.LITERAL, "X", GC + "statedIn"),
    _one("text", Kind.LITERAL, "X", DCT + "description"),
)

STRATUM = (
    _one("label", Kind.TEXT, "X", DCT + "title"),
    _many("conditions", Kind.NODE, "X", GC + "condition", cls=Condition),
    _one("individuals", Kind.COUNT, "X", GC + "individuals", band=GC + "individualsBand"),
    _one("model", Kind.IRI, "X", GC + "consentModel"),
    _one("period", Kind.NODE, "X", GC + "period", cls=Period),
    _many("inferred", Kind.NODE, "X", GC + "inferredCondition", cls=Condition),
)

LINKAGE = (
    _one("target", Kind.IRI, "X", GC + "targetKind"),
    _one("status", Kind.IRI, "X", GC + "linkageStatus"),
    _one("method", Kind.IRI, "X", GC + "linkageMethod"),
    _one("linked_by", Kind.IRI, "X", GC + "linkedBy"),
    _one("analysed_in", Kind.IRI, "X", GC + "analysedIn"),
    _one("completeness", Kind.DECIMAL, "X", GC + "completeness"),
    _one("checked", Kind.DAY, "X", GC + "lastChecked"),
)

DATASET = (
    _one("title", Kind.TEXT, "DHEG", DCT + "title"),
    _one("description", Kind.TEXT, "DHEG", DCT + "description"),
    _many("identifiers", Kind.LITERAL, "DHEG", DCT + "identifier"),
    _many("other_identifiers", Kind.IDENTIFIER, "DHE", ADMS + "identifier"),
    _one("access_rights", Kind.IRI, "DHEG", DCT + "accessRights"),
    _many("legislation", Kind.IRI, "DHEG", DCATAP + "applicableLegislation"),
    _many("contacts", Kind.NODE, "DHE", DCAT + "contactPoint", cls=Contact),
    _many("creators", Kind.NODE, "DHEG", DCT + "creator", cls=Agent),
    _one("publisher", Kind.NODE, "DHEG", DCT + "publisher", cls=Agent),
    _many("keywords", Kind.KEYWORD, "DHEG", DCAT + "keyword"),
    _many("themes", Kind.IRI, "DHEG", DCAT + "theme"),
    _many("health_themes", Kind.IRI, "HE", HDC + "healthTheme"),
    _many("health_categories", Kind.IRI, "EG", HDC + "healthCategory"),
    _many(
        "diseases",
        Kind.DISEASE,
        "HEGX",
        HRI + "healthConditionOfInterest",
        EUCAIM + "hasCondition",
        HDC + "hasCodeValues",
        HDC + "healthTheme",
        DCAT + "theme",
    ),
    _many("anatomy", Kind.IRI, "H", HRI + "anatomicalLocationCovered"),
    _many("coding_systems", Kind.IRI, "HE", HDC + "hasCodingSystem"),
    _one("records", Kind.COUNT, "HEG", HDC + "numberOfRecords", band=GC + "recordsBand"),
    _one(
        "individuals",
        Kind.COUNT,
        "HEG",
        HDC + "numberOfUniqueIndividuals",
        band=GC + "individualsBand",
    ),
    _one("min_age", Kind.NUMBER, "HE", HDC + "minTypicalAge"),
    _one("max_age", Kind.NUMBER, "HE", HDC + "maxTypicalAge"),
    _one("population", Kind.TEXT, "HE", HDC + "populationCoverage"),
    _many("spatial", Kind.IRI, "DHE", DCT + "spatial"),
    _many("temporal", Kind.NODE, "DHE", DCT + "temporal", cls=Period),
    _one(
        "retention",
        Kind.NODE,
        "HE",
        HDC + "retentionPeriod",
        HDC + "retentionperiod",
        cls=Period,
    ),
    _one("issued", Kind.DATE, "DHE", DCT + "issued"),
    _one("modified", Kind.DATE, "DHE", DCT + "modified"),
    _one("frequency", Kind.IRI, "DHE", DCT + "accrualPeriodicity"),
    _many("languages", Kind.IRI, "DHE", DCT + "language"),
    _one("version", Kind.LITERAL, "DHE", DCAT + "version"),
    _one("version_notes", Kind.TEXT, "DHE", ADMS + "versionNotes"),
    _one("status", Kind.IRI, "HG", ADMS + "status"),
    _many("types", Kind.IRI, "DHEG", DCT + "type"),
    _many("conforms_to", Kind.IRI, "DHEG", DCT + "conformsTo"),
    _many("legal_bases", Kind.LITERAL, "HEG", DPV + "hasLegalBasis"),
    _many("purposes", Kind.LITERAL, "HE", DPV + "hasPurpose"),
    _many("personal_data", Kind.IRI, "HE", DPV + "hasPersonalData"),
    _one("provenance", Kind.TEXT, "DE", DCT + "provenance"),
    _one("structured", Kind.BOOLEAN, "E", HDC + "hasStructuredData"),
    _one("hdab", Kind.NODE, "EG", HDC + "hdab", cls=Agent),
    _one("custodian", Kind.NODE, "E", GEODCAT + "custodian", cls=Agent),
    _many("series", Kind.IRI, "DHE", DCAT + "inSeries"),
    _many("sources", Kind.IRI, "DHE", DCT + "source"),
    _many("relations", Kind.IRI, "DH", DCT + "relation", PROV + "wasDerivedFrom"),
    _many("referenced_by", Kind.IRI, "DHEG", DCT + "isReferencedBy"),
    _many("pages", Kind.IRI, "DHE", FOAF + "page"),
    _one("landing_page", Kind.IRI, "D", DCAT + "landingPage"),
    _many("distributions", Kind.NODE, "DHEG", DCAT + "distribution", cls=Distribution),
    _many("assays", Kind.IRI, "X", GC + "assay"),
    _many("assay_groups", Kind.NODE, "X", GC + "assayGroup", cls=AssayGroup),
    _many("consent", Kind.NODE, "X", GC + "consentStratum", cls=ConsentStratum),
    _many("linkages", Kind.NODE, "X", GC + "linkage", cls=Linkage),
    _many("access_routes", Kind.IRI, "X", GC + "accessRoute"),
    _one("accessibility", Kind.IRI, "X", GC + "accessibility"),
    _one("weeks_to_access", Kind.NUMBER, "X", GC + "weeksToAccess"),
)

CATALOG = (
    _one("title", Kind.TEXT, "DHEG", DCT + "title"),
    _one("description", Kind.TEXT, "DHEG", DCT + "description"),
    _one("publisher", Kind.NODE, "DHEG", DCT + "publisher", cls=Agent),
    _many("contacts", Kind.NODE, "HE", DCAT + "contactPoint", cls=Contact),
    _one("license", Kind.LITERAL, "DHE", DCT + "license"),
    _one("homepage", Kind.IRI, "DHE", FOAF + "homepage"),
    _one("issued", Kind.DATE, "DHE", DCT + "issued"),
    _one("modified", Kind.DATE, "DHE", DCT + "modified"),
    _many("languages", Kind.IRI, "DHE", DCT + "language"),
    _many("themes", Kind.IRI, "DHE", DCAT + "themeTaxonomy"),
    _many("datasets", Kind.IRI, "DHEG", DCAT + "dataset"),
)

SERIES = (
    _one("title", Kind.TEXT, "DHE", DCT + "title"),
    _one("description", Kind.TEXT, "DHE", DCT + "description"),
    _one("publisher", Kind.NODE, "DHE", DCT + "publisher", cls=Agent),
    _many("contacts", Kind.NODE, "DHE", DCAT + "contactPoint", cls=Contact),
    _one("frequency", Kind.IRI, "DHE", DCT + "accrualPeriodicity"),
    _one("issued", Kind.DATE, "DHE", DCT + "issued"),
    _one("modified", Kind.DATE, "DHE", DCT + "modified"),
)

FIELDS: dict[type[Any], tuple[Field, ...]] = {
    Agent: AGENT,
    AssayGroup: ASSAY_GROUP,
    Catalog: CATALOG,
    Condition: CONDITION,
    ConsentStratum: STRATUM,
    Contact: CONTACT,
    Dataset: DATASET,
    Distribution: DISTRIBUTION,
    Linkage: LINKAGE,
    Period: PERIOD,
    Series: SERIES,
}

CLASSES: dict[type[Any], str] = {
    Agent: FOAF + "Agent",
    AssayGroup: GC + "AssayGroup",
    Catalog: DCAT + "Catalog",
    Condition: GC + "DataUseCondition",
    ConsentStratum: GC + "ConsentStratum",
    Contact: VCARD + "Kind",
    Dataset: DCAT + "Dataset",
    Distribution: DCAT + "Distribution",
    Linkage: GC + "Linkage",
    Period: DCT + "PeriodOfTime",
    Series: DCAT + "DatasetSeries",
}
"""The class that we write for each model class."""

ONE_MG = tuple(GDI + name for name in ("1MGCompliant", "1MGCohort", "ExternallyGoverned"))
"""Values of `dct:conformsTo` that state the 1+MG status (GDI metadata 1.1)."""
