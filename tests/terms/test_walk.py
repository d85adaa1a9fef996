"""Topics go down, consent goes up, and nobody confuses the two."""

from __future__ import annotations

from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.terms.concept import Concept, Scheme
from catalogue.terms.walk import covered_by, may_include, topic, unclear_above


def iri(scheme: Scheme, slug: str) -> Iri:
    concept = scheme.by_notation(slug)
    assert concept is not None
    return concept.iri


def test_a_search_for_cancer_finds_melanoma(diseases: Scheme) -> None:
    assert iri(diseases, "melanoma") in topic(diseases, iri(diseases, "cancer"))


def test_a_search_for_melanoma_does_not_find_all_cancer(diseases: Scheme) -> None:
    assert iri(diseases, "cancer") not in topic(diseases, iri(diseases, "melanoma"))


def test_a_study_of_melanoma_is_covered_by_consent_for_cancer(diseases: Scheme) -> None:
    assert iri(diseases, "cancer") in covered_by(diseases, iri(diseases, "melanoma"))


def test_a_study_of_cancer_is_not_covered_by_consent_for_melanoma(diseases: Scheme) -> None:
    assert iri(diseases, "melanoma") not in covered_by(diseases, iri(diseases, "cancer"))


def test_a_search_for_epilepsy_finds_angelman_syndrome(diseases: Scheme) -> None:
    assert iri(diseases, "angelman-syndrome") in topic(diseases, iri(diseases, "epilepsy"))


def test_a_study_of_angelman_syndrome_is_not_covered_by_consent_for_epilepsy(
    diseases: Scheme,
) -> None:
    angelman, epilepsy = iri(diseases, "angelman-syndrome"), iri(diseases, "epilepsy")
    assert epilepsy not in covered_by(diseases, angelman)
    assert epilepsy in unclear_above(diseases, angelman)


def test_what_covers_a_disease_is_a_topic_above_it(diseases: Scheme) -> None:
    for concept in diseases:
        above = {concept.iri, *diseases.ancestors(concept.iri)}
        assert covered_by(diseases, concept.iri) <= above


def test_a_cycle_of_kinds_ends() -> None:
    a, b = Iri("urn:a"), Iri("urn:b")
    scheme = Scheme(
        key="loop",
        iri=Iri("urn:s"),
        concepts=(
            Concept(iri=a, notation="a", labels=LangText(), broader=(b,), generic=(b,)),
            Concept(iri=b, notation="b", labels=LangText(), broader=(a,), generic=(a,)),
        ),
    )
    assert covered_by(scheme, a) == {a, b}


def test_both_walks_include_where_they_start(diseases: Scheme) -> None:
    melanoma = iri(diseases, "melanoma")
    assert melanoma in topic(diseases, melanoma)
    assert melanoma in covered_by(diseases, melanoma)


def test_hereditary_breast_carcinoma_is_found_under_breast_cancer_and_under_rare_disease(
    diseases: Scheme,
) -> None:
    wanted = iri(diseases, "hereditary-breast-carcinoma")
    assert wanted in topic(diseases, iri(diseases, "breast-cancer"))
    assert wanted in topic(diseases, iri(diseases, "rare-genetic"))


def test_the_breast_and_ovarian_cancer_syndrome_is_not_breast_cancer(diseases: Scheme) -> None:
    assert iri(diseases, "hboc") not in topic(diseases, iri(diseases, "breast-cancer"))


def test_broader_datasets_are_offered_two_levels_up_and_never_from_a_root(diseases: Scheme) -> None:
    found = may_include(diseases, iri(diseases, "hereditary-breast-carcinoma"))
    slugs = {each.notation for each in found}
    assert {"breast-carcinoma", "breast-cancer"} <= slugs
    assert not slugs & {"cancer", "rare-genetic"}
