"""Terms, regions, dates and diseases in the spellings in which they come."""

from __future__ import annotations

import pytest

from catalogue.consent.codes import IRIS, names
from catalogue.consent.disease import ListedDiseases, compare
from catalogue.consent.modifiers import day_range, months_of
from catalogue.consent.region import EU, inside, place


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("hmb", "HMB"),
        ("DUO:0000006", "HMB"),
        ("http://purl.obolibrary.org/obo/DUO_0000006", "HMB"),
        ("obo:DUO_0000006", "HMB"),
        ("duo:DUO_0000006", "HMB"),
        ("http://purl.obolibrary.org/obo/DUO_00000044", "NPOA"),
        ("DUO:0000044", "NPOA"),
        ("https://w3id.org/fair-genomes/resource/FG_0000743", "FG:0000743"),
        ("FG_0000743", "FG:0000743"),
        ("obo:NCIT_C15424", "NCIT:C15424"),
        ("no-linkage", "NO-LINKAGE"),
        ("https://w3id.org/genoomcatalogus/ns#use-linkage-prohibited", "NO-LINKAGE"),
        ("https://w3id.org/genoomcatalogus/ns#use-not-stated", "NOT-STATED"),
    ],
)
def test_a_term_has_one_name(written: str, name: str) -> None:
    assert names(written) == (name,)


def test_the_obsolete_gru_cc_is_two_terms() -> None:
    assert names("DUO:0000005") == names("gru-cc") == ("GRU", "CC")


def test_a_term_that_we_do_not_know_keeps_its_spelling() -> None:
    assert names(" https://example.org/terms#ask-Anna ") == ("https://example.org/terms#ask-Anna",)


def test_the_prohibition_of_ancestry_research_is_published_with_seven_digits() -> None:
    assert IRIS["NPOA"].endswith("DUO_0000044")


@pytest.mark.parametrize(
    ("written", "code"),
    [("nl", "NL"), ("NLD", "NL"), ("UK", "GB"), ("Nederland", "NL"), ("EU", "EU"), ("EER", "EEA")],
)
def test_places_have_one_code(written: str, code: str) -> None:
    assert place(written) == code


def test_a_place_that_we_do_not_know_is_no_place() -> None:
    assert place("Utrecht") is None
    assert place("GAZ:00002946") is None


def test_the_european_union_has_27_members() -> None:
    assert len(EU) == 27
    assert inside("DE", "EU")
    assert inside("EU", "EEA")
    assert not inside("NO", "EU")
    assert not inside("EU", "NL")


def test_a_date_may_be_as_precise_as_it_is() -> None:
    assert [str(each) for each in day_range("2028-02") or ()] == ["2028-02-01", "2028-02-29"]
    assert [str(each) for each in day_range("2028-12") or ()] == ["2028-12-01", "2028-12-31"]
    assert [str(each) for each in day_range("2028") or ()] == ["2028-01-01", "2028-12-31"]
    assert day_range("2028-02-30") is None
    assert day_range("0000") is None
    assert day_range("9999") is None


def test_months_come_in_several_notations() -> None:
    assert [months_of(each) for each in ("12", "P12M", "P1Y", "P1Y6M", "12 maanden", "", "P")] == [
        12,
        12,
        12,
        18,
        12,
        None,
        None,
    ]


def test_a_hierarchy_that_goes_round_still_answers() -> None:
    ring = ListedDiseases.of([("MONDO:1", "MONDO:2"), ("MONDO:2", "MONDO:1")])
    assert compare(ring, "MONDO:1", "MONDO:2").answer == "covered"


def test_codes_that_would_make_two_diseases_equal_make_neither_equal() -> None:
    wrong = ListedDiseases.of(
        [("MONDO:1", "MONDO:3"), ("MONDO:2", "MONDO:3")],
        [("ORPHA:9", "MONDO:1"), ("ORPHA:9", "MONDO:2")],
    )
    assert compare(wrong, "MONDO:1", "MONDO:2").answer == "unrelated"
    assert compare(wrong, "MONDO:1", "ORPHA:9").answer == "unknown"


def test_exact_matches_chain_in_whatever_order_they_come() -> None:
    pairs = [("ICD10:I42.0", "ORPHA:7"), ("OMIM:123456", "DOID:5"), ("ORPHA:7", "DOID:5")]
    chained = ListedDiseases.of([("DOID:5", "DOID:6")], pairs)
    assert compare(chained, "DOID:6", "ICD10:I42.0").answer == "covered"
    assert compare(chained, "DOID:6", "OMIM:123456").answer == "covered"
