"""The columns of the spreadsheet: what each is called, holds, and is explained with.

They follow the fields table (`fields`): every field of a dataset can be a column under its own
name. What stands here adds the words that a data steward reads, the list that its values come
from, and which columns the template offers. A field without words here can still be used.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.model.agent import Agent, Contact
from catalogue.model.dataset import Dataset, Distribution
from catalogue.model.genome import AssayGroup, ConsentStratum, Linkage
from catalogue.model.text import LANGUAGES
from catalogue.rdf.fields import FIELDS, Field, Kind
from catalogue.terms.fold import fold

IRI = Field("iri", (), Kind.IRI, "")
"""Who or what has an address of its own may state it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a column is called in Dutch and English, and what to fill in."""

    nl: str
    en: str
    help_nl: str = ""
    help_en: str = ""
    example: str = ""

    def heading(self, language: str) -> str:
        """The name above the column."""
        return self.nl if language == "nl" else self.en

    def help(self, language: str) -> str:
        """What to fill in."""
        return self.help_nl if language == "nl" else self.help_en


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet of its own, for what a dataset has several of; `attribute` is where it goes."""

    name: str
    attribute: str
    cls: type[Any]
    words: Words


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a field of a class, or of one value inside it (`publisher.email`)."""

    name: str
    field: Field
    language: str = ""
    inner: Field | None = None
    heading: str = dataclasses.field(default="", compare=False)
    """As it stands in the file."""

    @property
    def heading_name(self) -> str:
        """The name with its language, `title@nl`."""
        return f"{self.name}@{self.language}" if self.language else self.name


MAIN = Words("datasets", "datasets")
PARTS = (
    Part("assays", "assay_groups", AssayGroup, Words("sequencing", "sequencing")),
    Part("consent", "consent", ConsentStratum, Words("toestemming", "consent")),
    Part("linkage", "linkages", Linkage, Words("koppelingen", "linkage")),
    Part("distributions", "distributions", Distribution, Words("distributies", "distributions")),
)

SCHEMES: Mapping[str, str] = {
    "access_rights": "access-right",
    "access_routes": "access-route",
    "accessibility": "accessibility",
    "analysed_in": "analysis-place",
    "assay": "assay",
    "assays": "assay",
    "conforms_to": "one-mg",
    "country": "country",
    "data_levels": "data-level",
    "diseases": "disease",
    "Distribution.status": "distribution-status",
    "frequency": "frequency",
    "health_categories": "health-category",
    "health_themes": "health-theme",
    "languages": "language",
    "Linkage.status": "linkage-status",
    "linked_by": "linker",
    "method": "linkage-method",
    "model": "consent-model",
    "reference_genome": "reference-genome",
    "spatial": "country",
    "status": "dataset-status",
    "target": "linkage-target",
    "term": "data-use",
    "conditions": "data-use",
    "themes": "data-theme",
    "tissue": "tissue",
    "types": "dataset-type",
}
"""The list that a field's values come from, by its name, or by class and name."""

SEVERAL_NL, SEVERAL_EN = "Meer dan één? Scheid met |.", "More than one? Separate with |."
WORDS: Mapping[str, Words] = {
    "identifiers": Words(
        "Identificatie",
        "Identifier",
        "Een eigen, vaste code voor de dataset, liefst een DOI. Verplicht.",
        "A fixed code of your own for the dataset, preferably a DOI. Required.",
        "umc-wes-2024",
    ),
    "title": Words(
        "Titel",
        "Title",
        "De naam van de dataset, in het Nederlands of Engels. Eén ervan is verplicht.",
        "The name of the dataset, in Dutch or English. One of them is required.",
        "Exomen cardiomyopathie",
    ),
    "description": Words(
        "Beschrijving",
        "Description",
        "Waar de data over gaan, voor een onderzoeker. Geen gegevens van personen.",
        "What the data are about, for a researcher. Nothing about any person.",
    ),
    "publisher": Words(
        "Organisatie",
        "Organisation",
        "Wie de data beheert. Verplicht.",
        "Who keeps the data. Required.",
        "Merwestad UMC",
    ),
    "publisher.identifiers": Words(
        "Organisatie ROR",
        "Organisation ROR",
        "Het adres van de organisatie bij ror.org.",
        "The organisation's address at ror.org.",
    ),
    "publisher.homepage": Words(
        "Organisatie website",
        "Organisation website",
        "Het adres van de website, met https://.",
        "The address of the website, with https://.",
    ),
    "contacts": Words(
        "Contact",
        "Contact",
        "Het e-mailadres van een afdeling (niet van een persoon).",
        "The e-mail address of a department (not of a person).",
        "datadesk@umc.example",
    ),
    "creators": Words(
        "Makers",
        "Creators",
        f"Wie de dataset maakte. {SEVERAL_NL}",
        f"Who made the dataset. {SEVERAL_EN}",
    ),
    "keywords": Words("Trefwoorden", "Keywords", SEVERAL_NL, SEVERAL_EN, "hart | families"),
    "diseases": Words(
        "Ziekten",
        "Diseases",
        f"Een naam of code (ORPHA, MONDO, ICD-10, SNOMED CT). {SEVERAL_NL}",
        f"A name or code (ORPHA, MONDO, ICD-10, SNOMED CT). {SEVERAL_EN}",
        "borstkanker | ORPHA:217604",
    ),
    "assays": Words(
        "Sequencing",
        "Sequencing",
        f"Soort onderzoek. Aantallen per soort staan op hun eigen blad. {SEVERAL_NL}",
        f"Type of sequencing. Numbers per type are on their own sheet. {SEVERAL_EN}",
        "WES",
    ),
    "inferred": Words("Afgeleid", "Inferred"),
    "individuals": Words(
        "Personen",
        "Individuals",
        "Aantal personen, als heel getal. Leeg is onbekend; onbekend is geen 0.",
        "Number of people, a whole number. Empty is unknown; unknown is not 0.",
        "1200",
    ),
    "records": Words(
        "Records",
        "Records",
        "Aantal bestanden of metingen, als heel getal.",
        "Number of files or measurements, a whole number.",
    ),
    "min_age": Words("Laagste leeftijd", "Lowest age", "In jaren.", "In years.", "18"),
    "max_age": Words("Hoogste leeftijd", "Highest age", "In jaren.", "In years."),
    "population": Words("Bevolking", "Population", "Om wie het gaat.", "Whom it concerns."),
    "temporal": Words(
        "Periode",
        "Period",
        "Begin/einde van het verzamelen: jaar, maand of dag. Een einde mag ontbreken.",
        "Begin/end of collection: year, month or day. The end may be missing.",
        "2015/2022-06-30",
    ),
    "spatial": Words("Landen", "Countries", SEVERAL_NL, SEVERAL_EN, "Nederland"),
    "access_rights": Words(
        "Toegangsrechten",
        "Access rights",
        "Of de data openbaar, beperkt of niet-openbaar zijn.",
        "Whether the data are public, restricted or non-public.",
        "beperkt",
    ),
    "accessibility": Words("Toegankelijkheid", "Accessibility", "Kies uit de lijst.", "Choose."),
    "access_routes": Words("Weg naar toegang", "Access route", SEVERAL_NL, SEVERAL_EN),
    "weeks_to_access": Words(
        "Weken tot toegang", "Weeks to access", "Hoe lang het meestal duurt.", "How long it takes."
    ),
    "landing_page": Words(
        "Webpagina", "Web page", "De pagina over de dataset.", "The page about the dataset."
    ),
    "legislation": Words("Wetgeving", "Legislation", "Een webadres.", "A web address."),
    "legal_bases": Words("Grondslag", "Legal basis", SEVERAL_NL, SEVERAL_EN),
    "purposes": Words("Doel", "Purpose", SEVERAL_NL, SEVERAL_EN),
    "themes": Words("Thema's", "Themes", SEVERAL_NL, SEVERAL_EN),
    "health_categories": Words("Gezondheidscategorie", "Health category", SEVERAL_NL, SEVERAL_EN),
    "health_themes": Words("Gezondheidsthema", "Health theme", SEVERAL_NL, SEVERAL_EN),
    "conforms_to": Words("Standaarden", "Standards", SEVERAL_NL, SEVERAL_EN),
    "languages": Words("Talen van de data", "Languages of the data", SEVERAL_NL, SEVERAL_EN),
    "issued": Words("Uitgegeven", "Issued", "Datum, als 2024-05-31.", "Date, as 2024-05-31."),
    "modified": Words("Gewijzigd", "Modified", "Datum, als 2024-05-31.", "Date, as 2024-05-31."),
    "frequency": Words("Hoe vaak bijgewerkt", "How often updated"),
    "version": Words("Versie", "Version"),
    "provenance": Words("Herkomst", "Provenance", "Hoe de data ontstonden.", "How it came about."),
    "iri": Words(
        "Eigen webadres",
        "Own web address",
        "Alleen als de dataset al een vast webadres heeft.",
        "Only when the dataset has a lasting web address already.",
    ),
    "dataset": Words(
        "Dataset",
        "Dataset",
        "De identificatie van de dataset, zoals op het eerste blad.",
        "The identifier of the dataset, as on the first sheet.",
        "umc-wes-2024",
    ),
    "assay": Words("Soort", "Type", "Kies uit de lijst.", "Choose from the list.", "WES"),
    "reference_genome": Words("Referentiegenoom", "Reference genome"),
    "coverage": Words("Diepte", "Depth", "Gemiddeld, 30 is 30×.", "Mean, 30 is 30×.", "30"),
    "tissue": Words("Materiaal", "Material"),
    "data_levels": Words("Soort bestanden", "Data levels", SEVERAL_NL, SEVERAL_EN),
    "label": Words("Naam", "Name", "Welke groep personen.", "Which group of people."),
    "conditions": Words(
        "Voorwaarden",
        "Conditions",
        f"DUO-codes; wat erbij hoort na een dubbele punt. {SEVERAL_NL}",
        f"DUO codes; what belongs to one after a colon. {SEVERAL_EN}",
        "HMB | NPU | GS: NLD",
    ),
    "model": Words("Soort toestemming", "Kind of consent"),
    "period": Words("Periode toestemming", "Period of consent", "2015/2022", "2015/2022"),
    "target": Words("Gekoppeld met", "Linked to", "Kies uit de lijst.", "Choose from the list."),
    "method": Words("Methode", "Method"),
    "linked_by": Words("Gekoppeld door", "Linked by"),
    "analysed_in": Words("Waar te analyseren", "Where to analyse"),
    "completeness": Words("Volledigheid %", "Completeness %", "0 tot 100.", "0 to 100.", "92,5"),
    "checked": Words("Gecontroleerd op", "Checked on", "Datum.", "Date.", "2025-03-01"),
    "access_url": Words("Waar aan te vragen", "Where to ask", "Een webadres.", "A web address."),
    "download_url": Words("Downloadadres", "Download address"),
    "byte_size": Words("Grootte in bytes", "Size in bytes"),
    "format": Words("Formaat", "Format", "", "", "VCF"),
    "media_type": Words("Mediatype", "Media type"),
    "license": Words("Licentie", "Licence", "Een webadres.", "A web address."),
    "rights": Words("Rechten", "Rights"),
    "status": Words("Status", "Status"),
}
"""By the name of the column; the template offers those of `OFFERED`."""

OFFERED: Mapping[type[Any], tuple[str, ...]] = {
    Dataset: (
        *("identifiers", "title", "description", "publisher", "publisher.identifiers"),
        *("publisher.homepage", "contacts", "creators", "keywords", "diseases", "assays"),
        *("individuals", "records", "min_age", "max_age", "population", "temporal", "spatial"),
        *("access_rights", "accessibility", "access_routes", "weeks_to_access", "landing_page"),
        *("legislation", "legal_bases", "purposes", "themes", "health_categories"),
        *("health_themes", "conforms_to", "languages", "issued", "modified", "frequency"),
        *("version", "provenance", "iri"),
    ),
    AssayGroup: tuple(row.name for row in FIELDS[AssayGroup]),
    ConsentStratum: ("label", "conditions", "individuals", "model", "period"),
    Linkage: tuple(row.name for row in FIELDS[Linkage]),
    Distribution: (
        *("title", "description", "access_url", "download_url", "byte_size", "format"),
        *("media_type", "license", "rights", "status", "issued", "modified"),
    ),
}
REQUIRED = ("identifiers", "title", "publisher")
"""What a description cannot do without."""

PRIMARY: Mapping[type[Any], str] = {
    Agent: "name",
    Contact: "email",
    AssayGroup: "assay",
    Linkage: "target",
    ConsentStratum: "conditions",
    Distribution: "access_url",
}
"""What a cell means when it is one value without a name."""


def scheme_of(cls: type[Any], row: Field) -> str | None:
    """The list that the values of a field come from, if any."""
    return SCHEMES.get(f"{cls.__name__}.{row.name}") or (
        SCHEMES.get(row.name) if row.kind in {Kind.IRI, Kind.DISEASE, Kind.NODE} else None
    )


def words_of(name: str) -> Words:
    """The words of a column; its own name where there are none."""
    plain = name.replace("_", " ").replace(".", " ").capitalize()
    return WORDS.get(name, Words(plain, plain))


def fields_of(cls: type[Any]) -> Mapping[str, Field]:
    """The fields of a class by name, its address included."""
    return BY_NAME[cls]


def offered(cls: type[Any]) -> Iterator[Column]:
    """The columns of the template, with one for each language of a text."""
    for name in OFFERED[cls]:
        column = column_of(cls, name)
        if column and column.inner is None and column.field.kind in {Kind.TEXT, Kind.KEYWORD}:
            for language in LANGUAGES:
                yield Column(name, column.field, language)
        elif column:
            yield column


def column_of(cls: type[Any], heading: str) -> Column | None:
    """The column that a heading means: a name of a field, or its words in Dutch or English.

    >>> column_of(Dataset, "Titel@nl").heading_name
    'title@nl'
    """
    stated, _, language = heading.strip().partition("@")
    name = HEADINGS[cls].get(fold(stated))
    if name is None:
        return None
    outer, _, inner = name.partition(".")
    outer_field = fields_of(cls)[outer]
    within = fields_of(outer_field.cls)[inner] if inner and outer_field.cls else None
    return Column(name, outer_field, language.strip().lower(), within, heading.strip())


def _headings(cls: type[Any]) -> dict[str, str]:
    """Every folded heading, and the name of the field that it means."""
    found: dict[str, str] = {}
    for name in _possible(cls):
        words = words_of(name)
        for heading in (name, words.nl, words.en):
            found.setdefault(fold(heading), name)
    return found


def _possible(cls: type[Any]) -> Iterator[str]:
    yield from fields_of(cls)
    for row in FIELDS[cls]:
        if row.kind is Kind.NODE and row.cls is not None:
            yield from (f"{row.name}.{inner}" for inner in fields_of(row.cls))


def _by_name(cls: type[Any], fields: tuple[Field, ...]) -> dict[str, Field]:
    with_address = {"iri": IRI} if "iri" in cls.__dataclass_fields__ else {}
    return {row.name: row for row in fields} | with_address


BY_NAME: Mapping[type[Any], Mapping[str, Field]] = {
    cls: _by_name(cls, fields) for cls, fields in FIELDS.items()
}
HEADINGS: Mapping[type[Any], Mapping[str, str]] = {cls: _headings(cls) for cls in FIELDS}
