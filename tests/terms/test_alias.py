"""Every spelling of a code that circulates becomes one IRI."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.terms.alias import VOCABULARIES, IcdBlock, canonical, curie, icd_block, icd_parents

OBO = "http://purl.obolibrary.org/obo/"
ORPHA = "http://www.orpha.net/ORDO/Orphanet_227535"
BREAST = OBO + "MONDO_0007254"
C50 = "http://id.who.int/icd/release/10/2019/C50"
NPOA = OBO + "DUO_0000044"
SNOMED = "http://snomed.info/id/254837009"
OMIM = "https://omim.org/entry/114480"
HGPD = "https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories/HGPD"

SPELLINGS = [
    ("ORPHA:227535", ORPHA),
    ("orpha:227535", ORPHA),
    ("ORPHA_227535", ORPHA),
    ("ORPHA 227535", ORPHA),
    ("Orphanet:227535", ORPHA),
    ("Orphanet_227535", ORPHA),
    ("ORDO:227535", ORPHA),
    ("ordo:Orphanet_227535", ORPHA),
    ("obo:Orphanet_227535", ORPHA),
    ("obo:ORPHA_227535", ORPHA),
    (OBO + "Orphanet_227535", ORPHA),
    ("https://www.orpha.net/ORDO/Orphanet_227535", ORPHA),
    ("http://www.orpha.net/ORDO/Orphanet_227535/", ORPHA),
    ("https://www.orpha.net/en/disease/detail/227535", ORPHA),
    ("https://www.orpha.net/nl/disease/detail/227535", ORPHA),
    ("https://www.orpha.net/consor/cgi-bin/OC_Exp.php?lng=EN&Expert=227535", ORPHA),
    ("https://identifiers.org/orphanet:227535", ORPHA),
    ("http://identifiers.org/orphanet/227535", ORPHA),
    ("https://identifiers.org/orphanet.ordo:Orphanet_227535", ORPHA),
    ("https://bioregistry.io/orphanet:227535", ORPHA),
    ("urn:miriam:orphanet:227535", ORPHA),
    ("<http://www.orpha.net/ORDO/Orphanet_227535>", ORPHA),
    ("MONDO:0007254", BREAST),
    ("mondo:7254", BREAST),
    ("MONDO_0007254", BREAST),
    ("obo:MONDO_0007254", BREAST),
    ("https://purl.obolibrary.org/obo/MONDO_0007254", BREAST),
    ("https://identifiers.org/mondo:0007254", BREAST),
    ("https://identifiers.org/MONDO:0007254", BREAST),
    ("https://monarchinitiative.org/MONDO:0007254", BREAST),
    ("C50", C50),
    ("ICD10:C50", C50),
    ("icd-10 C50", C50),
    ("ICD-10: c50", C50),
    ("ICD-10-NL:C50", C50),
    ("ICD10:C50.-", C50),
    ("ICD10WHO:C50", C50),
    ("https://icd.who.int/browse10/2019/en#/C50", C50),
    ("https://icd.who.int/browse10/2016/en#/C50", C50),
    ("http://hl7.org/fhir/sid/icd-10/C50", C50),
    ("http://id.who.int/icd/release/10/C50", C50),
    ("http://id.who.int/icd/release/10/2016/C50", C50),
    ("https://id.who.int/icd/release/10/2019/C50", C50),
    ("http://purl.bioontology.org/ontology/ICD10/C50", C50),
    ("http://identifiers.org/icd/C50", C50),
    ("urn:miriam:icd:C50", C50),
    ("ICD10:I420", "http://id.who.int/icd/release/10/2019/I42.0"),
    ("ICD10:F70-79", "http://id.who.int/icd/release/10/2019/F70-F79"),
    ("ICD10:I00-I99", "http://id.who.int/icd/release/10/2019/IX"),
    ("http://id.who.int/icd/release/10/2019/IX", "http://id.who.int/icd/release/10/2019/IX"),
    ("http://hl7.org/fhir/sid/icd-10-cm/C50", "http://purl.bioontology.org/ontology/ICD10CM/C50"),
    ("SNOMED:254837009", SNOMED),
    ("SCTID:254837009", SNOMED),
    ("sct:254837009", SNOMED),
    ("http://snomed.info/sct/254837009", SNOMED),
    ("https://snomed.info/id/254837009", SNOMED),
    ("http://purl.bioontology.org/ontology/SNOMEDCT/254837009", SNOMED),
    ("SNOMED CT:254837009 | Malignant neoplasm of breast |", SNOMED),
    ("OMIM:114480", OMIM),
    ("MIM:114480", OMIM),
    ("OMIM:#114480", OMIM),
    ("https://www.omim.org/entry/114480", OMIM),
    ("http://identifiers.org/mim/114480", OMIM),
    ("DOID:1612", OBO + "DOID_1612"),
    ("DOID:0050686", OBO + "DOID_0050686"),
    ("https://identifiers.org/doid/DOID:1612", OBO + "DOID_1612"),
    ("NCIT:C101294", OBO + "NCIT_C101294"),
    ("obo:NCIT_C101294", OBO + "NCIT_C101294"),
    ("DUO:0000044", NPOA),
    ("DUO_0000044", NPOA),
    ("DUO_00000044", NPOA),
    (OBO + "DUO_00000044", NPOA),
    ("duo:44", NPOA),
    ("https://purl.obolibrary.org/obo/DUO_0000006", OBO + "DUO_0000006"),
    ("https://www.wikidata.org/wiki/Q128581", "http://www.wikidata.org/entity/Q128581"),
    ("http://www.wikidata.org/wiki/Property:P494", "http://www.wikidata.org/entity/P494"),
    ("wd:Q128581", "http://www.wikidata.org/entity/Q128581"),
    ("EFO:0000305", "http://www.ebi.ac.uk/efo/EFO_0000305"),
    ("edam:topic_3673", "http://edamontology.org/topic_3673"),
    (
        "https://publications.europa.eu/resource/authority/access-right/RESTRICTED",
        "http://publications.europa.eu/resource/authority/access-right/RESTRICTED",
    ),
    (
        "https://hdeu-dcat.acceptance.data.health.europa.eu/resource/authority/healthcategories/HGPD",
        HGPD,
    ),
    ("http://13.81.34.152:1101/resource/authority/healthcategories/HGPD", HGPD),
    ("http://publications.europa.eu/resource/authority/healthcategories/HGPD", HGPD),
    ("http://healthdata.ec.europa.eu/authority/health-category/HGPD", HGPD),
    ("gdi:1MGCohort", "http://data.gdi.eu/core/p2/1MGCohort"),
    ("http://data.gdi.eu/core/p2#1MGCohort", "http://data.gdi.eu/core/p2/1MGCohort"),
    ("gc:assay-wes", "https://w3id.org/genoomcatalogus/ns#assay-wes"),
]


@pytest.mark.parametrize(("written", "iri"), SPELLINGS)
def test_a_spelling_of_a_code_becomes_its_iri(written: str, iri: str) -> None:
    assert canonical(written) == iri


@pytest.mark.parametrize("written", [written for written, _ in SPELLINGS])
def test_reading_a_code_twice_changes_nothing(written: str) -> None:
    assert canonical(canonical(written)) == canonical(written)


@given(st.text(max_size=60))
def test_reading_any_text_twice_changes_nothing(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.sampled_from(VOCABULARIES), st.data())
def test_reading_any_code_twice_changes_nothing(system, data) -> None:
    code = data.draw(st.from_regex(system.code, fullmatch=True))
    once = canonical(f"{system.names[0]}:{code}")
    assert canonical(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ORPHA:٣٤٥",
        "breast cancer",
        "https://example.org/C50",
        "ORPHA:",
        "MONDO:x",
        "C5",
        "HMB",
        "C4872",
    ],
)
def test_what_is_no_code_comes_back_as_it_was(text: str) -> None:
    assert canonical(text) == text


def test_an_endless_text_is_no_code() -> None:
    text = "ORPHA:" + "1" * 100_000
    assert canonical(text) == text


def test_the_american_modification_of_icd_is_not_taken_for_the_icd_of_the_who() -> None:
    assert canonical("ICD10CM:C50") != canonical("ICD10:C50")


def test_people_see_the_short_form_of_a_code() -> None:
    assert curie(ORPHA) == "ORPHA:227535"
    assert curie("https://example.org/x") == "https://example.org/x"


def test_the_parents_of_an_icd_code_are_its_shorter_codes_nearest_first() -> None:
    parents = icd_parents(canonical("ICD10:M80.08"))
    assert [curie(each) for each in parents] == ["ICD10:M80.0", "ICD10:M80"]


@pytest.mark.parametrize("code", ["ICD10:C50", "ICD10:F70-F79", "ORPHA:1", "nonsense"])
def test_a_category_or_another_code_has_no_shorter_code(code: str) -> None:
    assert icd_parents(canonical(code)) == ()


def test_a_chapter_of_icd_is_a_block() -> None:
    assert icd_block(canonical("ICD10:IX")) == IcdBlock("I00", "I99")
    assert icd_block(canonical("ORPHA:1")) is None
