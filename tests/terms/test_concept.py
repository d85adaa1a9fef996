"""What a scheme answers, on small schemes made here and on the diseases that we ship."""

from __future__ import annotations

import pytest

from catalogue.errors import NotFound
from catalogue.model.text import LangText, Text
from catalogue.namespaces import Iri
from catalogue.terms.concept import Concept, Scheme, Vocabulary


def a_concept(slug: str, *broader: str, **more) -> Concept:
    return Concept(
        iri=Iri(f"urn:{slug}"),
        notation=slug,
        labels=LangText((Text(slug, "en"),)),
        broader=tuple(Iri(f"urn:{each}") for each in broader),
        **more,
    )


def a_scheme(*concepts: Concept) -> Scheme:
    return Scheme(key="test", iri=Iri("urn:scheme"), concepts=concepts)


def notations(concepts) -> list[str]:
    return [each.notation for each in concepts]


HEALTH_CATEGORY = "http://healthdata.ec.europa.eu/authority/health-category/"
FAMILY = a_scheme(a_concept("top"), a_concept("mid", "top"), a_concept("low", "mid"))


def test_roots_are_the_concepts_with_nothing_above_them() -> None:
    assert notations(FAMILY.roots()) == ["top"]


def test_a_broader_concept_of_another_scheme_does_not_count() -> None:
    assert notations(a_scheme(a_concept("lonely", "elsewhere")).roots()) == ["lonely"]


def test_ancestors_come_nearest_first() -> None:
    assert FAMILY.ancestors("urn:low") == ("urn:mid", "urn:top")


def test_descendants_are_all_below_without_itself() -> None:
    assert FAMILY.descendants("urn:top") == {"urn:mid", "urn:low"}


def test_narrower_are_only_those_directly_below() -> None:
    assert notations(FAMILY.narrower("urn:top")) == ["mid"]


def test_a_concept_with_two_parents_has_both_among_its_ancestors() -> None:
    scheme = a_scheme(a_concept("a"), a_concept("b"), a_concept("c", "a", "b"))
    assert scheme.ancestors("urn:c") == ("urn:a", "urn:b")


def test_a_cycle_ends_and_a_concept_is_never_above_itself() -> None:
    scheme = a_scheme(a_concept("a", "b"), a_concept("b", "a"))
    assert scheme.ancestors("urn:a") == ("urn:b",)
    assert scheme.descendants("urn:a") == {"urn:b"}


def test_an_unknown_iri_has_no_relatives() -> None:
    assert FAMILY.get("urn:x") is None
    assert FAMILY.ancestors("urn:x") == ()
    assert FAMILY.descendants("urn:x") == frozenset()
    assert FAMILY.narrower("urn:x") == ()


def test_a_notation_that_two_concepts_share_is_not_guessed() -> None:
    scheme = a_scheme(a_concept("x"), Concept(iri=Iri("urn:y"), notation="x", labels=LangText()))
    assert scheme.by_notation("x") is None


def test_an_exact_code_that_two_concepts_claim_is_not_guessed() -> None:
    code = Iri("http://purl.obolibrary.org/obo/MONDO_0000001")
    scheme = a_scheme(a_concept("x", exact=(code,)), a_concept("y", exact=(code,)))
    assert scheme.resolve("MONDO:1") is None


def test_a_close_code_is_never_taken_for_equal() -> None:
    code = Iri("http://purl.obolibrary.org/obo/MONDO_0000001")
    scheme = a_scheme(a_concept("x", close=(code,)))
    assert scheme.resolve("MONDO:0000001") is None
    assert scheme.nearest("MONDO:0000001") is None


def test_a_scheme_counts_holds_and_lists_its_concepts() -> None:
    assert len(FAMILY) == 3
    assert "urn:top" in FAMILY
    assert notations(FAMILY) == ["top", "mid", "low"]


def test_a_scheme_that_does_not_exist_is_named_in_the_error() -> None:
    with pytest.raises(NotFound, match="colour"):
        Vocabulary(schemes={}).scheme("colour")


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("breast-cancer", "breast-cancer"),
        ("https://w3id.org/genoomcatalogus/ns#disease-breast-cancer", "breast-cancer"),
        ("gc:disease-breast-cancer", "breast-cancer"),
        ("MONDO:0007254", "breast-cancer"),
        ("http://id.who.int/icd/release/10/C50", "breast-cancer"),
        ("SCTID:254837009", "breast-cancer"),
        ("DOID:1612", "breast-cancer"),
        ("MONDO:0004989", "breast-carcinoma"),
        ("ORPHA:227535", "hereditary-breast-carcinoma"),
        ("OMIM:114480", "hereditary-breast-carcinoma"),
        ("ORPHA:145", "hboc"),
        ("MONDO:0009061", "cystic-fibrosis"),
        ("ICD10:E84", "cystic-fibrosis"),
        ("ICD10:I42", "cardiomyopathy"),
        ("ICD10:I42.0", "dilated-cardiomyopathy"),
        ("ICD10:F70-F79", "intellectual-disability"),
        ("MONDO:0005148", "diabetes-type-2"),
    ],
)
def test_a_disease_is_found_by_any_exact_code(diseases: Scheme, written: str, slug: str) -> None:
    concept = diseases.resolve(written)
    assert concept is not None
    assert concept.notation == slug


@pytest.mark.parametrize("written", ["C50.4", "ICD10:F71", "breast cancer", "ORPHA:99999999", ""])
def test_what_means_nothing_exactly_is_not_resolved(diseases: Scheme, written: str) -> None:
    assert diseases.resolve(written) is None


@pytest.mark.parametrize(
    ("written", "slug", "exact"),
    [
        ("ICD10:C50", "breast-cancer", True),
        ("ICD10:C50.4", "breast-cancer", False),
        ("ICD10:C43.5", "skin-melanoma", False),
        ("ICD10:F71", "intellectual-disability", False),
        ("ICD10:F32", "depression", False),
        ("ICD10:F32.1", "depression", False),
        ("ICD10:I99", "cardiovascular", False),
        ("ICD10:C76.0", "cancer", False),
    ],
)
def test_a_finer_icd_code_gives_its_nearest_known_disease_and_says_so(
    diseases: Scheme, written: str, slug: str, exact: bool
) -> None:
    found = diseases.nearest(written)
    assert found is not None
    assert (found[0].notation, found[1]) == (slug, exact)


@pytest.mark.parametrize("written", ["ICD10:Z99", "ORPHA:99999999", "nonsense", ""])
def test_nothing_near_is_nothing(diseases: Scheme, written: str) -> None:
    assert diseases.nearest(written) is None


@pytest.mark.parametrize(
    ("key", "written", "notation"),
    [
        ("assay", "WXS", "wes"),
        ("assay", "WES", "wes"),
        ("assay", "NCIT:C101294", "wgs"),
        ("assay", "Targeted-Capture", "panel-capture"),
        ("data-use", "HMB", "HMB"),
        ("data-use", "DUO:0000006", "HMB"),
        ("data-use", "DUO_00000044", "NPOA"),
        ("data-use", "linkage-prohibited", "linkage-prohibited"),
        ("reference-genome", "hg38", "grch38"),
        ("eu", "RESTRICTED", "RESTRICTED"),
        ("language", "NLD", "NLD"),
        ("one-mg", "http://data.gdi.eu/core/p2/1MGCohort", "1MGCohort"),
        (
            "health-category",
            HEALTH_CATEGORY + "HGPD",
            "HGPD",
        ),
    ],
)
def test_every_scheme_reads_codes_as_files_write_them(
    vocabulary: Vocabulary, key: str, written: str, notation: str
) -> None:
    concept = vocabulary.scheme(key).resolve(written)
    assert concept is not None
    assert concept.notation == notation


def test_the_netherlands_and_its_language_are_not_mistaken_for_each_other(
    vocabulary: Vocabulary,
) -> None:
    assert vocabulary.scheme("eu").by_notation("NLD") is None
    eu = "http://publications.europa.eu/resource/authority/"
    assert vocabulary.label(eu + "country/NLD", "nl") == "Nederland"
    assert vocabulary.label(eu + "language/NLD", "nl") == "Nederlands"


def test_an_iri_that_we_do_not_know_is_labelled_by_its_short_form(vocabulary: Vocabulary) -> None:
    assert vocabulary.label("http://www.orpha.net/ORDO/Orphanet_99999", "nl") == "ORPHA:99999"
    assert vocabulary.find("https://example.org/x") is None
