"""What the index knows of a dataset."""

from __future__ import annotations

import pytest
from search.examples import VOCABULARY, a_document, both, documents, gc

from catalogue.model.counts import Count
from catalogue.model.genome import AssayGroup, Condition, ConsentStratum, Linkage, Period
from catalogue.namespaces import DUO, GDI, Iri
from catalogue.search import FACETS, SearchDocument


def test_a_dataset_that_states_nothing_has_not_stated_in_every_facet_but_its_holder():
    facets = dict(a_document().facets)
    assert facets.pop("organisation") == ("noordzee",)
    assert set(facets.values()) == {("not-stated",)}
    assert len(facets) == len(FACETS) - 1


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("MONDO:0007254", "breast-cancer"),
        ("ICD10:C50.4", "breast-cancer"),
        ("http://www.orpha.net/ORDO/Orphanet_227535", "hereditary-breast-carcinoma"),
        (gc("disease-melanoma"), "melanoma"),
        ("MONDO:9999999", "other"),
        ("iets met het hart", "other"),
    ],
)
def test_a_disease_code_becomes_the_concept_that_it_means(code, value):
    assert a_document(diseases=(code,)).facets["disease"] == (value,)


def test_assays_come_from_the_short_form_and_from_groups_each_once():
    given = {"assays": (gc("assay-wgs"),), "assay_groups": (AssayGroup(assay=gc("assay-wes")),) * 2}
    assert a_document(**given).facets["assay"] == ("wgs", "wes")


def test_a_stratum_without_conditions_is_not_stated_beside_the_others():
    known = ConsentStratum(conditions=(Condition(term=Iri(DUO + "0000006")),))
    assert a_document(consent=(known, ConsentStratum())).facets["consent"] == ("HMB", "not-stated")


def test_what_may_not_be_linked_does_not_count_as_linkable():
    refused = Linkage(target=gc("target-ehr"), status=gc("linkage-not-allowed"))
    linked = Linkage(target=gc("target-pathology"), status=gc("linkage-linked"))
    facets = a_document(linkages=(refused, linked)).facets
    assert facets["linkage"] == ("not-allowed", "pathology")


def test_other_things_that_a_dataset_conforms_to_are_no_1mg_status():
    conforms = (Iri("https://other.example/profile"), Iri(GDI + "1MGCompliant"))
    assert a_document(conforms_to=conforms).facets["onemg"] == ("compliant",)
    assert a_document(conforms_to=conforms[:1]).facets["onemg"] == ("not-stated",)


@pytest.mark.parametrize(
    ("count", "band"),
    [
        (None, "not-stated"),
        (Count(below=10), "fewer-than-10"),
        (Count(value=0), "fewer-than-10"),
        (Count(value=10), "10-99"),
        (Count(value=999), "100-999"),
        (Count(value=1000), "1000-9999"),
        (Count(value=123_456), "10000-plus"),
    ],
)
def test_a_number_of_individuals_falls_in_its_band(count, band):
    assert a_document(individuals=count).facets["individuals"] == (band,)


@pytest.mark.parametrize(
    ("period", "years"),
    [
        (Period(start="2015-06-01", end="2017"), ("2015", "2016", "2017")),
        (Period(start="2022"), ("2022", "2023", "2024")),
        (Period(end="2011-01"), ("2011",)),
        (Period(start="2020", end="2018"), ("2020",)),
        (Period(start="unknown"), ("not-stated",)),
        (Period(start="0001", end="9999"), ("not-stated",)),
        (Period(), ("not-stated",)),
    ],
)
def test_a_dataset_counts_for_every_year_that_it_covers(period, years):
    assert a_document(temporal=(period,), issued="2024-02-01").facets["year"] == years


def test_the_year_of_publication_is_not_a_year_of_the_data():
    assert a_document(issued="2024").facets["year"] == ("not-stated",)


def test_a_document_survives_json():
    for document in documents(20):
        assert SearchDocument.from_json(document.to_json()) == document


def test_titles_sort_without_capitals_and_accents():
    assert a_document(title=both("Élan Vital", "Zoon")).titles == ("zoon", "elan vital")


def test_every_value_of_every_facet_has_a_name_in_both_languages():
    for document in documents(50):
        for facet in FACETS:
            for value in document.facets[facet.name]:
                label = facet.value_label(value, VOCABULARY)
                assert label.value("nl")
                assert label.value("en")
