"""What was typed, and the question in plain words."""

from __future__ import annotations

import pytest
from search.examples import VOCABULARY, a_document

from catalogue.search import Index, SearchRequest, explain, interpret
from catalogue.search.words import sentence


@pytest.fixture
def label():
    index = Index(VOCABULARY)
    index.replace([a_document()])
    return index.label


@pytest.mark.parametrize(
    ("typed", "concept"),
    [
        ("ORPHA:227535", "hereditary-breast-carcinoma"),
        ("ORPHA_227535", "hereditary-breast-carcinoma"),
        ("227535", "hereditary-breast-carcinoma"),
        ("borstkanker", "breast-cancer"),
        ("Breast  Cancer", "breast-cancer"),
        ("mammacarcinoom", "breast-cancer"),
        ("TAAISLIJMZIEKTE", "cystic-fibrosis"),
        ("hart en vaatziekte", "cardiovascular"),
        ("WES", "wes"),
        ("exoom", "wes"),
    ],
)
def test_a_name_or_code_is_understood_as_its_concept(typed, concept):
    found = interpret(typed, VOCABULARY)
    assert found is not None
    assert found.concept.notation == concept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "breast", "breast cancer genomes", "not stated", "not-stated", "🧬", "٣", "9" * 500),
        *("ORPHA:", "C50<script>", "ORPHA:227535 OR 1=1", "MONDO:9999999999999"),
    ],
)
def test_anything_else_stays_a_search_for_words(typed):
    assert interpret(typed, VOCABULARY) is None


def test_an_understood_question_asks_for_the_concept_and_everything_narrower():
    request = SearchRequest(q="borstkanker", selected={"assay": ("wes",)}, page=3)
    found = interpret(request.q, VOCABULARY)
    assert found is not None
    assert found.request(request) == SearchRequest(
        selected={"disease": ("breast-cancer",), "assay": ("wes",)}
    )


@pytest.mark.parametrize(
    ("request_", "english", "dutch"),
    [
        (SearchRequest(), "All datasets", "Alle datasets"),
        (
            SearchRequest(selected={"disease": ("breast-cancer",), "assay": ("wgs", "array")}),
            "Datasets about breast cancer or any subtype, with whole genome sequencing or array",
            "Datasets over borstkanker of een subtype daarvan, met hele-genoomsequencing of array",
        ),
        (
            SearchRequest(selected={"disease": ("melanoma",)}, exact=True),
            "Datasets about melanoma, without subtypes",
            "Datasets over melanoom, zonder subtypen",
        ),
        (
            SearchRequest(selected={"disease": ("not-stated",), "assay": ("array", "not-stated")}),
            "Datasets with disease not stated, with array, or with sequencing type not stated",
            "Datasets zonder vermelding van ziekte, met array, of zonder vermelding van sequencing",
        ),
        (
            SearchRequest(q="blood", selected={"organisation": ("noordzee",)}),
            "Datasets held by Noordzee UMC, with the words “blood”",
            "Datasets in beheer bij Noordzee UMC, met de woorden ‘blood’",
        ),
    ],
)
def test_a_question_reads_as_a_sentence(request_, english, dutch, label):
    assert sentence(request_, "en", label) == english
    assert sentence(request_, "nl", label) == dutch


def test_the_parts_that_the_visitor_chose_are_marked(label):
    parts = explain(SearchRequest(q="x", selected={"assay": ("wgs",)}), "en", label)
    assert [part.text for part in parts if part.chosen] == ["whole genome sequencing", "“x”"]
