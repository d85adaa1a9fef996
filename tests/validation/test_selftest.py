"""Every way in which published shape sets have been broken is noticed before they are used."""

import pytest
from validation import corpus

from catalogue.rdf.parse import Parser
from catalogue.validation import selftest
from catalogue.validation.report import Severity

PREFIXES = """
@prefix : <urn:shapes:> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
"""
TITLE = ":s sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:minCount 1 ] . "


@pytest.fixture(scope="module")
def parser():
    with Parser(processes=1) as parser:
        yield parser


def examined(parser, text, prefixes=PREFIXES):
    return selftest.examine_bytes((prefixes + text).encode(), parser)


def names(problems):
    return {problem.name for problem in problems}


def test_good_shapes_have_no_problems(parser):
    assert examined(parser, TITLE) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("this is not Turtle", "does-not-parse", id="not Turtle"),
        pytest.param(":s sh:path unknown:name .", "does-not-parse", id="2.5 unbound prefix"),
        pytest.param(
            TITLE.replace("dcat:Dataset", "<https://www.w3.org/ns/dcat#Dataset>"),
            "target-misspelt",
            id="2.4 https namespace",
        ),
        pytest.param(
            TITLE + ":t sh:targetClass dcat:Catalog ; sh:property "
            "[ sh:or ( [ sh:minCount 1 ] [ sh:minCount 2 ] ) ] .",
            "no-path",
            id="2.6 property without path",
        ),
        pytest.param(TITLE.replace("dcat:Dataset", "foaf:Agent"), "no-target", id="no dataset"),
        pytest.param(TITLE + ":s sh:node :elsewhere .", "shape-missing", id="shape missing"),
        pytest.param(TITLE + ":s sh:js [] .", "refused", id="JavaScript"),
        pytest.param(TITLE + ":s sh:rule [] .", "refused", id="rules"),
        pytest.param(TITLE + ":s sh:sparql [ sh:select 'SELECT *' ] .", "refused", id="queries"),
        pytest.param(
            TITLE + ":s sh:sparql [ sh:select 'SELECT * { SERVICE <http://10.0.0.1> {} }' ] .",
            "service",
            id="queries to elsewhere",
        ),
        pytest.param(TITLE + ":p sh:pattern '(' .", "pattern", id="broken pattern"),
    ],
)
def test_shapes_that_cannot_be_trusted_are_not_usable(parser, text, name):
    problems = examined(parser, text)
    assert name in names(problems)
    assert not selftest.usable(problems)


MORE = TITLE + ":s sh:property [ sh:path {} ; sh:minCount 1 ] ."


@pytest.mark.parametrize(
    ("text", "name", "hint"),
    [
        pytest.param(
            MORE.format("hdc:publishernote"), "word-misspelt", "publisherNote", id="2.1 lower case"
        ),
        pytest.param(
            MORE.format("<https://www.w3.org/TR/vocab-dqv/hasQualityAnnotation>"),
            "address",
            "http://www.w3.org/ns/dqv#hasQualityAnnotation",
            id="2.2 page instead of namespace",
        ),
        pytest.param(
            TITLE + ":s sh:property [ sh:path dcat:theme ; sh:in "
            "( <https://publications.europa.eu/resource/authority/data-theme/HEAL> ) ] .",
            "address",
            "http://publications.europa.eu/resource/authority/data-theme/HEAL",
            id="2.2 list over https",
        ),
        pytest.param(
            MORE.format("<http://data.health-ri.nl/core/p2#healthConditionOfInterest>"),
            "address",
            "metadata-vocabulary#healthConditionOfInterest",
            id="2.3 three namespaces",
        ),
        pytest.param(
            MORE.format("dcat:endPointURL"), "word-misspelt", "endpointURL", id="2.4 capital"
        ),
        pytest.param(MORE.format("dcat:format"), "word", "dcat:format", id="no such word"),
        pytest.param(
            MORE.format("spdx:Checksum"), "class-as-property", "spdx:Checksum", id="2.4 class"
        ),
        pytest.param(
            MORE.format("( dct:publisher foaf:homePage )"),
            "word-misspelt",
            "foaf:homepage",
            id="path",
        ),
        pytest.param(TITLE + ":s sh:extends :t .", "not-shacl", "sh:extends", id="2.6 sh:extends"),
        pytest.param(
            TITLE + ":t sh:targetClass dcat:Catalog .", "finds-nothing", "Catalog", id="empty shape"
        ),
        pytest.param(
            TITLE + ":t sh:targetClass dcat:Catalog ; sh:property "
            "[ sh:path dct:title ; sh:maxCount 1 ] .",
            "empty-passes",
            "Catalog",
            id="nothing mandatory",
        ),
        pytest.param(
            TITLE + ":t sh:targetClass <urn:other#Thing> ; sh:nodeKind sh:Literal .",
            "target-unknown",
            "urn:other#Thing",
            id="unknown vocabulary",
        ),
    ],
)
def test_shapes_that_do_less_than_they_say_give_a_warning(parser, text, name, hint):
    (problem,) = [each for each in examined(parser, text) if each.name == name]
    assert problem.severity is Severity.WARNING
    assert hint in problem.messages["nl"]
    assert hint in problem.messages["en"]


@pytest.mark.parametrize(
    "rules",
    [
        "sh:deactivated true ; sh:property [ sh:path dct:title ; sh:minCount 1 ] .",
        "sh:property [ sh:path dct:title ; sh:minCount 0 ] .",
        "sh:or ( [ sh:nodeKind sh:IRI ] [ sh:nodeKind sh:BlankNode ] ) .",
    ],
)
def test_shapes_that_find_nothing_anywhere_are_refused(parser, rules):
    problems = examined(parser, ":s a sh:NodeShape ; sh:targetClass dcat:Dataset ; " + rules)
    assert "finds-nothing-at-all" in names(problems)
    assert not selftest.usable(problems)


def test_imports_are_not_fetched(parser):
    text = TITLE + "<> owl:imports <http://127.0.0.1:9/shapes.ttl> ."
    problems = examined(parser, text)
    assert names(problems) == {"imports"}
    assert selftest.usable(problems)


def test_what_we_leave_to_pyshacl_is_tried_there(parser):
    qualified = (
        ":s sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; "
        "sh:qualifiedMaxCount 0 ; sh:qualifiedValueShape [ sh:nodeKind sh:Literal ] ] ."
    )
    assert names(examined(parser, qualified)) == {"empty-passes"}


def test_shapes_that_lead_back_to_themselves_are_tried_or_refused_not_run_for_ever(parser):
    text = TITLE + ":s sh:property [ sh:path dct:relation ; sh:node :s ] ."
    assert selftest.usable(examined(parser, text))


def test_a_folder_is_one_shape_set(parser, tmp_path):
    (tmp_path / "one.ttl").write_text(PREFIXES + TITLE + ":s sh:node :other .")
    (tmp_path / "two.ttl").write_text(
        PREFIXES + ":other sh:property [ sh:path dct:description ; sh:minCount 1 ] ."
    )
    assert selftest.examine_folder(tmp_path, parser) == []


def test_every_sentence_is_there_in_two_languages():
    for severity, nl, en in selftest.SAID.values():
        assert severity in Severity
        assert nl != en


BROKEN = {
    "Health-RI_health-ri-metadata/shacl/Core/PiecesShape": ("word-misspelt", True),
    "Health-RI_metadata-automation/shacl_shapes/hri": ("target-misspelt", False),
    "GenomicDataInfrastructure_gdi-metadata/shacl/core/PiecesShape": ("does-not-parse", False),
    "FAIRDataTeam_FAIRDataPoint/reset": ("word-misspelt", True),
    "HealthDCAT-AP_R5_ma3u_MinimumViableDataspace": ("not-shacl", False),
}


@pytest.mark.parametrize("folder", BROKEN)
def test_the_broken_official_sets_are_caught(parser, folder):
    if corpus.data() is None:
        pytest.skip("no folder of official shapes; see corpus.py")
    name, usable = BROKEN[folder]
    problems = selftest.examine_folder(corpus.data() / "shapes" / folder, parser)
    assert name in names(problems)
    assert selftest.usable(problems) is usable
