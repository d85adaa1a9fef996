"""The diseases of the demonstration: their names, their codes, and how hospitals write them down.

A disease has one slug here, and on the road eight spellings: a SNOMED, ICD-10 or ORDO code in
the Health-RI property, a literal `ORPHA:586`, a theme, an imaging vocabulary. Which concept
each spelling should end up as is known from `diseases.csv`, never from the catalogue.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

CONCEPT = "https://w3id.org/genoomcatalogus/ns#disease-"
WIKIDATA_OF_ORPHANET = "http://www.wikidata.org/entity/P1550"
WIKIDATA_OF_ICD10 = "http://www.wikidata.org/entity/P494"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disease:
    """One disease; a code is empty when the vocabulary has none that means exactly this."""

    slug: str
    nl: str
    en: str
    mondo: str = ""
    snomed: str = ""
    ordo: str = ""
    icd10: str = ""
    wikidata: str = ""
    broader: tuple[str, ...] = ()


def _disease(row: dict[str, str]) -> Disease:
    codes = {name: row[name] for name in ("mondo", "snomed", "ordo", "icd10", "wikidata")}
    broader = tuple(row["broader"].split())
    return Disease(slug=row["slug"], nl=row["nl"], en=row["en"], broader=broader, **codes)


def _read(path: Path) -> dict[str, Disease]:
    with path.open(encoding="utf-8") as lines:
        return {row["slug"]: _disease(row) for row in csv.DictReader(lines)}


DISEASES = _read(Path(__file__).with_name("diseases.csv"))


def with_narrower(slug: str) -> frozenset[str]:
    """The disease and everything below it.

    >>> sorted(with_narrower("breast-cancer"))
    ['breast-cancer', 'breast-carcinoma', 'hereditary-breast-carcinoma']
    """
    found = {slug}
    for _ in DISEASES:  # as deep as the table can be
        found |= {each.slug for each in DISEASES.values() if found & set(each.broader)}
    return frozenset(found)


def canonical_iri(slug: str) -> str:
    """The IRI that a consent condition uses: MONDO where it exists, else our concept."""
    mondo = DISEASES[slug].mondo
    return f"http://purl.obolibrary.org/obo/MONDO_{mondo}" if mondo else f"{CONCEPT}{slug}"


Lines = tuple[tuple[str, str], ...]
"""Turtle predicate and object, both ready to be written."""


def _hri(iri: str) -> tuple[str, str]:
    return ("hri:healthConditionOfInterest", f"<{iri}>")


def _icd10(disease: Disease) -> Lines:
    return (_hri(f"http://id.who.int/icd/release/10/2019/{disease.icd10}"),)


def _icd10_without_year(disease: Disease) -> Lines:
    return (_hri(f"http://id.who.int/icd/release/10/{disease.icd10}"),)


def _ordo(disease: Disease) -> Lines:
    return (_hri(f"http://www.orpha.net/ORDO/Orphanet_{disease.ordo}"),)


def _snomed(disease: Disease) -> Lines:
    return (_hri(f"http://snomed.info/id/{disease.snomed}"),)


def _snomed_of_bioportal(disease: Disease) -> Lines:
    return (_hri(f"http://purl.bioontology.org/ontology/SNOMEDCT/{disease.snomed}"),)


def _concept(disease: Disease) -> Lines:
    return (_hri(f"{CONCEPT}{disease.slug}"),)


def _imaging(disease: Disease) -> Lines:
    return (("eucaim:hasCondition", f"<http://snomed.info/id/{disease.snomed}>"),)


def _theme(disease: Disease) -> Lines:
    return (("dcat:theme", f"<http://www.orpha.net/ORDO/Orphanet_{disease.ordo}>"),)


def _code_literal(disease: Disease) -> Lines:
    return (
        ("hdc:hasCodingSystem", f"<{WIKIDATA_OF_ORPHANET}>"),
        ("hdc:hasCodeValues", f'"ORPHA:{disease.ordo}"'),
    )


def _code_iri(disease: Disease) -> Lines:
    return (
        ("hdc:hasCodingSystem", f"<{WIKIDATA_OF_ICD10}>"),
        ("hdc:hasCodeValues", f"<https://icd.who.int/browse10/2019/en#/{disease.icd10}>"),
    )


def _health_theme(disease: Disease) -> Lines:
    return (("hdc:healthTheme", f"<{canonical_iri(disease.slug)}>"),)


def _health_theme_of_wikidata(disease: Disease) -> Lines:
    """Wikidata says it for people; the SNOMED code beside it says it for machines."""
    theme = ("hdc:healthTheme", f"<http://www.wikidata.org/entity/{disease.wikidata}>")
    return (theme, *_snomed(disease))


ENCODINGS: dict[str, tuple[str, Callable[[Disease], Lines]]] = {
    "snomed": ("snomed", _snomed),
    "icd10": ("icd10", _icd10),
    "ordo": ("ordo", _ordo),
    "code-literal": ("ordo", _code_literal),
    "health-theme": ("mondo", _health_theme),
    "imaging": ("snomed", _imaging),
    "theme": ("ordo", _theme),
    "icd10-without-year": ("icd10", _icd10_without_year),
    "concept": ("slug", _concept),
    "code-iri": ("icd10", _code_iri),
    "wikidata": ("wikidata", _health_theme_of_wikidata),
    "snomed-of-bioportal": ("snomed", _snomed_of_bioportal),
}
"""Encoding → the code it needs, and how it is written."""


def encode(slug: str, encoding: str) -> Lines:
    """How this disease is written; our concept when the encoding has no code for it."""
    disease = DISEASES[slug]
    needs, write = ENCODINGS[encoding]
    return write(disease) if getattr(disease, needs) else _concept(disease)


def names(slugs: Iterable[str], language: str) -> str:
    """The names, joined for a sentence."""
    word = " en " if language == "nl" else " and "
    return word.join(getattr(DISEASES[slug], language) for slug in slugs)
