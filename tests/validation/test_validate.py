import os
import signal
import socket

import pyoxigraph as ox
import pytest
from validation import corpus

from catalogue.errors import ProfileError
from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.validation.report import FAILED, TIMED_OUT, Level
from catalogue.validation.validate import Validator

BOMB = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<urn:s> sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:pattern "^(a+)+$" ] .
"""

LEFT_TO_PYSHACL = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<urn:s> sh:targetClass dcat:Dataset ;
    sh:property [ sh:path dct:title ; sh:message "Differ."@en ; sh:qualifiedMaxCount 0 ;
        sh:qualifiedValueShape [ sh:hasValue "x" ] ] .
"""

ABOUT = """
@prefix prof: <http://www.w3.org/ns/dx/prof/> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix gc: <https://w3id.org/genoomcatalogus/ns#> .
<urn:profile> a prof:Profile ; dct:title "Test"@en , "Toets"@nl ; gc:requiresClass dcat:Dataset .
"""


def a_profile(tmp_path, key, shapes):
    folder = tmp_path / key
    folder.mkdir()
    (folder / "profile.ttl").write_text(ABOUT)
    (folder / "shapes.ttl").write_text(shapes)


def a_dataset(number=1, title='"Exomes"'):
    graph = corpus.turtle(f":d{number} a dcat:Dataset ; dct:title {title} ; dct:publisher :p .")
    return f"urn:x:d{number}", graph


@pytest.fixture(scope="module")
def validator():
    with Validator(corpus.SHAPES, children=2) as validator:
        yield validator


def test_reports_come_in_the_order_of_the_descriptions(validator):
    titles = ['"a"', '""', '"c"', '""', '"e"']
    items = [a_dataset(number, title) for number, title in enumerate(titles)]
    reports = validator.validate(items, "minimum")
    assert [r.conforms for r in reports] == [True, False, True, False, True]
    assert reports[3].findings[0].focus == "urn:x:d3"


def test_a_long_batch_is_spread_over_the_children(validator):
    items = [a_dataset(number) for number in range(120)]
    assert len(validator.validate(items, "minimum")) == 120


def test_nothing_to_check_gives_no_reports(validator):
    assert validator.validate([], "minimum") == []


def test_an_unknown_profile_is_an_error(validator):
    with pytest.raises(ProfileError, match="there is no profile 'nonsense'"):
        validator.validate([a_dataset()], "nonsense")


def test_what_we_do_not_evaluate_goes_to_pyshacl(tmp_path):
    a_profile(tmp_path, "disjoint", LEFT_TO_PYSHACL)
    graph = corpus.turtle(':d a dcat:Dataset ; dct:title "x" ; dct:description "x" .')
    with Validator(tmp_path, children=1) as validator:
        (made,) = validator.validate([("urn:x:d", graph)], "disjoint")
    assert made.findings[0].component == "QualifiedMaxCountConstraintComponent"
    assert made.findings[0].messages["en"] == "Differ."


def test_a_check_that_takes_too_long_is_stopped_and_the_rest_goes_on(tmp_path):
    a_profile(tmp_path, "bomb", BOMB)
    slow = a_dataset(2, '"' + "a" * 40 + '!"')
    with Validator(tmp_path, children=1, seconds=0.5) as validator:
        reports = validator.validate([a_dataset(1, '"aa"'), slow, a_dataset(3, '"aaa"')], "bomb")
    assert [r.level for r in reports] == [Level.CONFORMS, Level.FAILS, Level.CONFORMS]
    assert reports[1].findings[0].component == TIMED_OUT
    assert reports[1].findings[0].focus == "urn:x:d2"


def test_a_profile_that_takes_too_long_does_not_spoil_the_others(tmp_path):
    a_profile(tmp_path, "bomb", BOMB)
    a_profile(tmp_path, "calm", BOMB.replace("^(a+)+$", "a"))
    slow = a_dataset(2, '"' + "a" * 40 + '!"')
    with Validator(tmp_path, children=1, seconds=0.5) as validator:
        reports = validator.validate_all([slow, a_dataset(3, '"a"')], ["bomb", "calm"])
    verdicts = [[made[key].conforms for key in ("bomb", "calm")] for made in reports]
    assert verdicts == [[False, True], [True, True]]


RECURSIVE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<urn:s> sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:relation ; sh:node <urn:s> ] .
"""

NESTED_PATHS = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<urn:s> sh:targetClass dcat:Dataset ; sh:property [ sh:minCount 1 ; sh:path
    [ sh:oneOrMorePath [ sh:zeroOrMorePath [ sh:oneOrMorePath [ sh:zeroOrMorePath
        [ sh:oneOrMorePath dct:relation ] ] ] ] ] ] .
"""


def a_ring(size):
    """Datasets of which each is related to each."""
    names = [f":d{number}" for number in range(size)]
    return corpus.turtle(
        " ".join(f"{name} a dcat:Dataset ; dct:relation {', '.join(names)} ." for name in names)
    )


@pytest.mark.parametrize("shapes", [RECURSIVE, NESTED_PATHS], ids=["recursive", "nested paths"])
def test_shapes_that_go_round_in_circles_end_at_the_deadline(tmp_path, shapes):
    a_profile(tmp_path, "round", shapes)
    with Validator(tmp_path, children=1, seconds=1) as validator:
        (made,) = validator.validate([("urn:x:d1", a_ring(60))], "round")
        (after,) = validator.validate([a_dataset()], "round")
    assert made.conforms or made.findings[0].component in {TIMED_OUT, FAILED}
    assert after.findings == () or after.findings[0].component == "MinCountConstraintComponent"


def test_imports_in_a_description_are_not_fetched(tmp_path):
    a_profile(tmp_path, "qualified", LEFT_TO_PYSHACL)
    with socket.create_server(("127.0.0.1", 0)) as server, Validator(tmp_path) as validator:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        graph = corpus.turtle(
            f":d a dcat:Dataset ; <http://www.w3.org/2002/07/owl#imports> <{address}> ."
        )
        validator.validate([("urn:x:d", graph)], "qualified")
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_child_that_dies_is_replaced(tmp_path):
    a_profile(tmp_path, "bomb", BOMB)
    with Validator(tmp_path, children=1) as validator:
        validator.validate([a_dataset(1, '"aa"')], "bomb")
        os.kill(validator.pids()[0], signal.SIGKILL)
        (made,) = validator.validate([a_dataset(1, '"aa"')], "bomb")
        assert made.conforms or made.findings[0].component == FAILED
        (again,) = validator.validate([a_dataset(1, '"aa"')], "bomb")
    assert again.conforms


def test_memory_has_a_limit():
    title, about = ox.NamedNode(DCT + "title"), ox.NamedNode("urn:x:d")
    letters = (ox.Literal(letter * 10_000_000) for letter in "abcdefghijkl")
    huge = Graph(ox.Triple(about, title, letter) for letter in letters)
    with Validator(corpus.SHAPES, children=1, megabytes=120) as validator:
        (made,) = validator.validate([("urn:x:d", huge)], "minimum")
        (after,) = validator.validate([a_dataset()], "minimum")
    assert made.findings[0].component == FAILED
    assert after.conforms


def test_leaving_the_validator_stops_its_children():
    with Validator(corpus.SHAPES, children=1) as validator:
        validator.validate([a_dataset()], "minimum")
        (pid,) = validator.pids()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
