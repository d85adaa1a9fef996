"""What is suggested to a visitor who types a few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.terms.concept import Scheme
from catalogue.terms.fold import fold
from catalogue.terms.search import suggest


def slugs(scheme: Scheme, text: str, language: str = "nl") -> list[str]:
    return [each.notation for each in suggest(scheme, text, language)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("borstkanker", "breast-cancer"),
        ("Borstkanker", "breast-cancer"),
        ("breast cancer", "breast-cancer"),
        ("taaislijm", "cystic-fibrosis"),
        ("taaislijmziekte", "cystic-fibrosis"),
        ("cystic", "cystic-fibrosis"),
        ("suikerziekte", "diabetes-mellitus"),
        ("meniere", "meniere"),
        ("MÉNIÈRE", "meniere"),
        ("hart", "cardiovascular"),
        ("DCM", "dilated-cardiomyopathy"),
        ("BRCA1", "hboc"),
        ("C50", "breast-cancer"),
        ("ORPHA:227535", "hereditary-breast-carcinoma"),
        ("ORPHA_227535", "hereditary-breast-carcinoma"),
        ("227535", "hereditary-breast-carcinoma"),
        ("carcinoma breast hereditary", "hereditary-breast-carcinoma"),
    ],
)
def test_the_disease_that_is_meant_comes_first(diseases: Scheme, text: str, first: str) -> None:
    assert slugs(diseases, text)[0] == first


@pytest.mark.parametrize(
    ("text", "first"), [("exoom", "wes"), ("WXS", "wes"), ("whole gen", "wgs"), ("array", "array")]
)
def test_the_assay_that_is_meant_comes_first(assays: Scheme, text: str, first: str) -> None:
    assert slugs(assays, text)[0] == first


def test_a_dutch_compound_is_found_by_its_last_part(diseases: Scheme) -> None:
    assert "lung-cancer" in slugs(diseases, "kanker")


def test_a_label_in_the_readers_language_goes_first(diseases: Scheme) -> None:
    assert slugs(diseases, "epileps", "nl")[0] == "epilepsy"
    assert slugs(diseases, "epileps", "en")[0] == "epilepsy"


@pytest.mark.parametrize("text", ["", "   ", "***", "xqzxqz", "()[]{}|\\", "🧬"])
def test_nothing_to_go_by_suggests_nothing(diseases: Scheme, text: str) -> None:
    assert slugs(diseases, text) == []


@pytest.mark.parametrize("text", ["not stated", "niet vermeld", "unknown", "not-stated"])
def test_silence_is_never_suggested(diseases: Scheme, text: str) -> None:
    assert "not-stated" not in slugs(diseases, text)


def test_no_more_than_asked_for_is_suggested(diseases: Scheme) -> None:
    assert len(suggest(diseases, "ziekte", "nl", limit=3)) == 3


def test_every_label_suggests_its_own_disease(diseases: Scheme) -> None:
    missed = [
        (concept.notation, language)
        for concept in diseases
        for language in ("nl", "en")
        if concept is not diseases.not_stated
        and concept not in suggest(diseases, concept.label(language), language)
    ]
    assert missed == []


@given(st.text(max_size=300))
def test_no_text_breaks_it(diseases: Scheme, text: str) -> None:
    assert len(suggest(diseases, text, "nl", limit=5)) <= 5


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
