"""Scores in the Data Quality Vocabulary."""

from __future__ import annotations

import pyoxigraph as ox
from given import a_graph, named
from quality.described import CLOSED, OPEN, controlled

from catalogue.namespaces import DQV, SKOS
from catalogue.quality.measurement import dimension_iri, measurements, metric_iri, metrics
from catalogue.quality.mqa import mqa
from catalogue.rdf.serialise import serialise

BASE = "https://umc.example/d/quality"
SUBJECT = named("d")
SCORE = mqa(a_graph(OPEN), SUBJECT, shacl_conforms=True)
GRAPH = measurements(SCORE, SUBJECT.value, BASE)


def value(key: str) -> str | None:
    term = GRAPH.value(ox.NamedNode(f"{BASE}/{key}"), DQV + "value")
    return term.value if isinstance(term, ox.Literal) else None


def test_the_total_the_rating_and_each_criterion_are_measured() -> None:
    assert (value("mqa"), value("mqa/rating"), value("mqa/keyword")) == ("325", "good", "30")


def test_what_was_not_checked_has_no_measurement() -> None:
    assert value("mqa/access-url-status") is None


def test_every_measurement_belongs_to_the_dataset_and_has_a_metric_with_a_name() -> None:
    described = metrics(SCORE)
    found = GRAPH.instances(DQV + "QualityMeasurement")
    assert set(found) == set(GRAPH.objects(SUBJECT, DQV + "hasQualityMeasurement"))
    for measurement in found:
        assert GRAPH.objects(measurement, DQV + "computedOn") == [SUBJECT]
        metric = GRAPH.value(measurement, DQV + "isMeasurementOf")
        assert isinstance(metric, ox.NamedNode)
        labels = described.objects(metric, SKOS + "prefLabel")
        assert {term.language for term in labels if isinstance(term, ox.Literal)} == {"nl", "en"}


def test_every_metric_of_a_criterion_stands_in_a_dimension() -> None:
    keyword = ox.NamedNode(metric_iri("mqa", "keyword"))
    dimension = ox.NamedNode(dimension_iri("findability"))
    described = metrics(SCORE)
    assert described.objects(keyword, DQV + "inDimension") == [dimension]
    assert described.types(dimension) == {DQV + "Dimension"}


def test_the_same_score_gives_the_same_graph() -> None:
    again = measurements(mqa(a_graph(OPEN), SUBJECT, shacl_conforms=True), SUBJECT.value, BASE)
    assert serialise(again) == serialise(GRAPH)


def test_a_slash_at_the_end_of_the_base_makes_no_difference() -> None:
    assert measurements(SCORE, SUBJECT.value, BASE + "/") == GRAPH


def test_two_schemes_share_a_base_without_sharing_a_measurement() -> None:
    other = measurements(controlled(CLOSED), SUBJECT.value, BASE)
    ours = set(other.instances(DQV + "QualityMeasurement"))
    assert ours.isdisjoint(GRAPH.instances(DQV + "QualityMeasurement"))
