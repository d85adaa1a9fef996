"""Our hundred points: being closed costs nothing, saying nothing does."""

from __future__ import annotations

import pytest
from given import a_graph, named
from hypothesis import given
from hypothesis import strategies as st
from quality.described import CLOSED, PASSED, Finding, Report, controlled, the

from catalogue.quality.controlled import RULES
from catalogue.quality.measurement import measurements
from catalogue.quality.mqa import mqa
from catalogue.rdf.graph import Graph
from catalogue.validation.report import Report as ValidationReport

TRIPLES = sorted(a_graph(CLOSED), key=str)
BARE = "<d> a dcat:Dataset ."


def test_a_closed_dataset_described_perfectly_gets_every_point() -> None:
    score = controlled(CLOSED)
    assert (score.points, score.of, score.rating) == (100, 100, "excellent")
    assert score.fixes() == score.unchecked() == ()


def test_the_same_dataset_cannot_get_every_point_of_the_european_assessment() -> None:
    score = mqa(a_graph(CLOSED), named("d"), shacl_conforms=True)
    assert score.at_most < score.of


def test_a_dataset_that_says_nothing_gets_nothing() -> None:
    score = controlled(BARE, reports=())
    assert (score.points, score.rating) == (0, "bad")


def test_the_weights_follow_the_six_parts_of_the_label() -> None:
    assert {name: of for name, (_, of) in controlled(BARE).dimensions().items()} == {
        "documentation": 25,
        "technical-quality": 18,
        "quality-management": 10,
        "coverage": 20,
        "access": 17,
        "linkage": 10,
    }


def test_a_profile_that_was_not_checked_is_unknown() -> None:
    score = controlled(CLOSED, reports=())
    assert [c.key for c in score.unchecked()] == ["health-profile", "inventory-profile"]
    assert (score.points, score.at_most) == (90, 100)


def test_one_health_profile_is_enough() -> None:
    reports = (Report("health-ri-core-2", conforms=False), Report("healthdcat-ap-8-non-public"))
    assert the(controlled(CLOSED, reports), "health-profile").met is True


@pytest.mark.parametrize("component", ["timed-out", "failed"])
def test_a_check_that_broke_off_is_no_verdict(component: str) -> None:
    report = Report("health-ri-core-2", conforms=False, findings=(Finding(component),))
    assert the(controlled(CLOSED, (report,)), "health-profile").met is None


def test_the_validator_s_own_reports_are_understood() -> None:
    graph = a_graph(CLOSED)
    report = ValidationReport(profile="genome-inventory-1")
    assert the(controlled(graph, (report,)), "inventory-profile").met is True  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "turtle"),
    [
        ("routes", "<d> gc:accessRoute gc:route-not-stated ."),
        ("accessibility", "<d> gc:accessibility gc:access-not-stated ."),
        ("conditions", "<d> gc:consentStratum [ gc:condition [ gc:term gc:use-not-stated ] ] ."),
        ("linkage", "<d> gc:linkage [ gc:targetKind gc:target-ehr ] ."),
        (
            "linkage",
            """<d> gc:linkage [ gc:targetKind gc:target-ehr ;
                gc:linkageStatus gc:linkage-not-stated ] .""",
        ),
        ("frequency", "<d> dct:accrualPeriodicity eu:frequency\\/UNKNOWN ."),
        ("population", '<d> hdc:populationCoverage "onbekend"@nl .'),
        ("individuals", '<d> hdc:numberOfUniqueIndividuals "circa 450" .'),
        ("assays", "<d> gc:assay gc:assay-not-stated ."),
        ("contact", '<d> dcat:contactPoint [ vcard:fn "Desk" ] .'),
        ("access-rights", '<d> dct:accessRights "closed" .'),
    ],
)
def test_silence_in_other_words_earns_nothing(key: str, turtle: str) -> None:
    assert the(controlled(turtle), key).met is False


@pytest.mark.parametrize(
    ("key", "turtle"),
    [
        ("individuals", "<d> hdc:numberOfUniqueIndividuals 0 ."),
        ("individuals", "<d> gc:individualsBand gc:band-fewer-than-10 ."),
        ("ages", "<d> hdc:minTypicalAge 0 ."),
        ("weeks", "<d> gc:weeksToAccess 0 ."),
        ("accessibility", "<d> gc:accessibility gc:access-no-route ."),
        ("contact", "<d> dct:publisher [ cv:contactPoint [ cv:contactPage <page> ] ] ."),
        ("subject", '<d> hdc:populationCoverage "Healthy volunteers"@en .'),
        ("place-to-ask", "<d> dcat:landingPage <page> ."),
    ],
)
def test_an_answer_counts_whatever_it_says(key: str, turtle: str) -> None:
    assert the(controlled(turtle), key).met is True


def test_where_linkage_is_not_allowed_there_is_nothing_more_to_tell() -> None:
    turtle = (
        "<d> gc:linkage [ gc:targetKind gc:target-ehr ; "
        "gc:linkageStatus gc:linkage-not-allowed ] ; dct:relation <x> ."
    )
    assert controlled(turtle).dimensions()["linkage"] == (10, 10)


def test_a_text_in_one_language_is_told_to_add_the_other() -> None:
    turtle = '<d> dct:title "Genomes"@en ; dct:description "All of them"@en .'
    score = controlled(turtle)
    assert the(score, "description").met
    assert not the(score, "both-languages").met


def test_our_own_score_earns_no_points_when_it_is_published() -> None:
    graph = a_graph(BARE)
    scores = measurements(controlled(graph), named("d").value, "https://umc.example/quality")
    assert not the(controlled(Graph({*graph, *scores})), "measured").met


def test_a_measurement_of_the_data_counts() -> None:
    turtle = "<d> dqv:hasQualityMeasurement [ dqv:isMeasurementOf <callrate> ; dqv:value 99 ] ."
    assert the(controlled(turtle), "measured").met


@given(st.sets(st.sampled_from(TRIPLES)), st.sets(st.sampled_from(TRIPLES)))
def test_stating_more_never_lowers_the_score(said: set, more: set) -> None:  # type: ignore[type-arg]
    assert controlled(Graph(said)).points <= controlled(Graph(said | more)).points


@given(st.sets(st.sampled_from(PASSED)), st.sets(st.sampled_from(PASSED)))
def test_conforming_to_more_never_lowers_the_score(said: set, more: set) -> None:  # type: ignore[type-arg]
    before, after = controlled(CLOSED, tuple(said)), controlled(CLOSED, tuple(said | more))
    assert before.points <= after.points


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_description_that_only_has_a_type_earns_nothing(rule) -> None:  # type: ignore[no-untyped-def]
    assert the(controlled(BARE, reports=()), rule.key).met is not True


def test_every_criterion_has_a_key_of_its_own() -> None:
    keys = [rule.key for rule in RULES]
    assert len(keys) == len(set(keys))
