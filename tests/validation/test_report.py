import pyoxigraph as ox
import pytest
from validation import corpus

from catalogue.namespaces import SH, XSD
from catalogue.validation.engine import Engine
from catalogue.validation.explain import place
from catalogue.validation.profile import load
from catalogue.validation.report import (
    NO_FOCUS_NODE,
    TIMED_OUT,
    Finding,
    Level,
    Report,
    Severity,
    report,
    short,
    shown,
    unchecked,
)
from catalogue.validation.view import View


def a_finding(severity=Severity.VIOLATION, focus="urn:dataset", value=None, component="X"):
    return Finding(
        focus=focus,
        path="http://purl.org/dc/terms/title",
        value=value,
        severity=severity,
        messages={"nl": "Titel: geef er een.", "en": "Title: state one."},
        component=component,
        clause="https://example.org/clause",
    )


@pytest.mark.parametrize(
    ("severities", "level"),
    [
        pytest.param([], Level.CONFORMS, id="nothing found"),
        pytest.param([Severity.INFO], Level.CONFORMS, id="information alone"),
        pytest.param([Severity.INFO, Severity.WARNING], Level.WITH_WARNINGS, id="a warning"),
        pytest.param([Severity.WARNING, Severity.VIOLATION], Level.FAILS, id="a violation"),
    ],
)
def test_the_worst_finding_decides_the_level(severities, level):
    made = report("p", [a_finding(severity) for severity in severities])
    assert made.level is level
    assert made.conforms is (level is not Level.FAILS)


def test_findings_stand_worst_first_and_once():
    info, violation = a_finding(Severity.INFO), a_finding()
    assert report("p", [info, violation, violation]).findings == (violation, info)


def test_of_a_very_poor_description_the_worst_findings_are_kept():
    poor = [a_finding(Severity.INFO, focus=f"urn:x:{number}") for number in range(600)]
    made = report("p", [*poor, a_finding()])
    assert made.level is Level.FAILS
    assert len(made.findings) == 501
    assert made.findings[-1].messages["en"] == "There are 101 more findings. Mend these first."
    assert Report.from_json(made.to_json()) == made


def test_a_report_survives_json():
    made = report("p", [a_finding(value='"x"@nl'), a_finding(Severity.INFO)])
    assert Report.from_json(made.to_json()) == made


def test_json_has_the_keys_that_the_register_documents():
    made = report("p", [a_finding()]).to_json()
    assert set(made) == {"profile", "level", "conforms", "findings"}
    assert set(made["findings"][0]) == {
        "focus", "path", "value", "severity", "messages", "component", "clause"
    }  # fmt: skip


def test_a_level_in_json_is_not_believed():
    made = {**report("p", [a_finding()]).to_json(), "level": "conforms", "conforms": True}
    assert Report.from_json(made).level is Level.FAILS


def test_a_report_can_be_read_by_machines():
    graph = report("p", [a_finding(value='"1"^^xsd:int'), a_finding(value="_")]).graph()
    top = graph.instances(SH + "ValidationReport")[0]
    results = graph.objects(top, SH + "result")
    values = [graph.value(result, SH + "value") for result in results]
    assert graph.value(top, SH + "conforms") == ox.Literal(False)
    assert ox.Literal("1", datatype=ox.NamedNode(XSD + "int")) in values
    assert any(isinstance(value, ox.BlankNode) for value in values)
    assert len(graph.objects(results[0], SH + "resultMessage")) == 2


def test_our_own_components_do_not_pose_as_shacl():
    graph = unchecked("p", "urn:dataset", TIMED_OUT).graph()
    used = {t.object.value for t in graph if t.predicate.value == SH + "sourceConstraintComponent"}
    assert used == {"urn:genoomcatalogus:timed-out"}


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (ox.NamedNode("https://x.example/"), "https://x.example/"),
        (ox.BlankNode("b7"), "_"),
        (ox.Literal("x"), '"x"'),
        (ox.Literal('say "x"', language="nl"), '"say \\"x\\""@nl'),
        (ox.Literal("1", datatype=ox.NamedNode("urn:number")), '"1"^^<urn:number>'),
    ],
)
def test_a_value_is_shown_as_in_turtle(term, text):
    assert shown(term) == text


def test_a_long_value_is_cut():
    assert len(shown(ox.Literal("x" * 100_000))) < 400


def test_an_address_without_a_prefix_of_ours_stays_whole():
    assert short("https://x.example/a b") == "<https://x.example/a b>"


def test_an_unnamed_node_is_named_by_the_way_to_it():
    graph = corpus.turtle(":dataset dcat:contactPoint [ :q [ :r 5 ] ] .")
    inner = next(t.subject for t in graph if t.predicate.value == "urn:x:r")
    assert place(View(graph), inner) == "urn:x:dataset / dcat:contactPoint / <urn:x:q>"


def test_unnamed_nodes_in_a_circle_are_just_unnamed():
    graph = corpus.turtle("_:a :q _:b . _:b :q _:a .")
    assert place(View(graph), next(iter(graph)).subject).startswith("_ / ")


def test_a_description_without_a_focus_node_never_conforms():
    engine = Engine(load(corpus.SHAPES / "minimum"))
    made = engine.report("urn:x:d", corpus.turtle(":d a <https://www.w3.org/ns/dcat#Dataset> ."))
    assert made.level is Level.FAILS
    assert [finding.component for finding in made.findings] == [NO_FOCUS_NODE]


def test_a_description_of_something_else_never_conforms():
    engine = Engine(load(corpus.SHAPES / "minimum"))
    other = corpus.turtle(':other a dcat:Dataset ; dct:title "x" ; dct:publisher :p .')
    assert engine.report("urn:x:other", other).conforms
    assert not engine.report("urn:x:d", other).conforms


def test_a_shape_set_without_messages_gets_plain_sentences(tmp_path):
    (tmp_path / "profile.ttl").write_text((corpus.SHAPES / "minimum/profile.ttl").read_text())
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> ."
        "<urn:s> sh:targetClass dcat:Dataset , dcat:Catalog , dcat:DatasetSeries ;"
        " sh:property [ sh:path dcat:keyword ; sh:minCount 1 ] ."
    )
    made = Engine(load(tmp_path)).report("", corpus.turtle(":d a dcat:Dataset ."))
    assert made.findings[0].messages == {
        "nl": "dcat:keyword: hier ontbreekt een waarde.",
        "en": "dcat:keyword: a value is missing.",
    }
