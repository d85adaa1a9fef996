"""The table of facets against the vocabularies that we publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.search import FACETS, Index, SearchRequest, interpret
from catalogue.search.facets import BANDS, NOT_STATED
from catalogue.terms.load import load

ONTOLOGIES = Path(__file__).parents[2] / "ontologies"
WITH_SCHEME = [facet for facet in FACETS if facet.scheme]


@pytest.fixture(scope="module")
def vocabulary():
    return load(path.read_bytes() for path in sorted(ONTOLOGIES.glob("*.ttl")))


@pytest.mark.parametrize("facet", WITH_SCHEME, ids=lambda facet: facet.name)
def test_every_scheme_of_a_facet_exists_and_knows_silence(facet, vocabulary):
    assert vocabulary.scheme(facet.scheme).by_notation(NOT_STATED) is not None


@pytest.mark.parametrize("facet", WITH_SCHEME, ids=lambda facet: facet.name)
def test_every_value_can_be_written_in_an_address(facet, vocabulary):
    for concept in vocabulary.scheme(facet.scheme).concepts:
        args = [(facet.parameter, concept.notation)]
        assert SearchRequest.from_args(args).to_args() == args


def test_every_band_has_a_name(vocabulary):
    assert all(vocabulary.scheme("band").by_notation(band) for _, band in BANDS)


def test_the_status_that_forbids_linkage_exists(vocabulary):
    assert vocabulary.scheme("linkage-status").by_notation("not-allowed") is not None


@pytest.mark.parametrize(
    ("typed", "notation"),
    [
        ("borstkanker", "breast-cancer"),
        ("taaislijmziekte", "cystic-fibrosis"),
        ("ORPHA:227535", "hereditary-breast-carcinoma"),
        ("227535", "hereditary-breast-carcinoma"),
        ("cardiomyopathy", "cardiomyopathy"),
        ("WES", "wes"),
    ],
)
def test_what_people_type_is_understood(typed, notation, vocabulary):
    found = interpret(typed, vocabulary)
    assert found is not None
    assert found.concept.notation == notation


def test_an_index_over_the_real_vocabularies_answers(vocabulary):
    assert Index(vocabulary).search(SearchRequest(q="kanker")).total == 0
