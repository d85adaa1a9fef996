"""Our evaluator and pySHACL must say the same about everything."""

import logging
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from validation import corpus

from catalogue.errors import ProfileError
from catalogue.rdf.graph import Graph
from catalogue.validation.compiled import Compiled, Result, Unsupported
from catalogue.validation.profile import profiles
from catalogue.validation.reference import Reference
from catalogue.validation.report import shown
from catalogue.validation.view import View

PROFILES = profiles(corpus.SHAPES)
OURS = {key: Compiled(profile.shapes) for key, profile in PROFILES.items()}
JUDGE = {key: Reference(profile.shapes) for key, profile in PROFILES.items()}


@pytest.fixture(autouse=True)
def _quiet_rdflib(caplog):
    """Rdflib logs a traceback for every literal that is not what its datatype says."""
    caplog.set_level(logging.CRITICAL, logger="rdflib.term")


def said(results: object) -> set[tuple[str, ...]]:
    """What was found, with blank nodes as "_"."""
    return {_said(result) for result in results}  # type: ignore[attr-defined]


def _said(result: Result) -> tuple[str, ...]:
    value = "" if result.value is None else shown(result.value)
    return str(result.shape), shown(result.focus), value, result.component


def agree(key: str, graph: Graph) -> bool:
    return said(OURS[key].results(View(graph))) == said(JUDGE[key].results(graph))


@pytest.mark.parametrize("key", sorted(PROFILES))
def test_both_engines_agree_on_the_examples(key):
    for path in corpus.examples():
        if path.parents[2].name == key or path.parent.name == "valid":
            assert agree(key, corpus.example(path)), path


EXAMPLES = [corpus.example(path) for path in corpus.examples("valid")]


@settings(max_examples=40, deadline=None)
@given(some.sampled_from(sorted(PROFILES)), some.sampled_from(EXAMPLES), some.integers(0, 10**6))
def test_both_engines_agree_on_mutated_descriptions(key, graph, seed):
    assert agree(key, corpus.mutated(graph, seed))


def test_both_engines_agree_on_real_files():
    real = list(corpus.real_files())
    if not real:
        pytest.skip("no folder of real metadata; see corpus.py")
    for name, graph in real:
        for key in PROFILES:
            assert agree(key, graph), (name, key)


@pytest.mark.slow
def test_both_engines_agree_with_official_shapes():
    real = list(corpus.real_files())
    if not real:
        pytest.skip("no folder of real metadata; see corpus.py")
    compared = [name for name, shapes in corpus.official_shapes() if agreed_with(shapes, real)]
    assert len(compared) >= 10


def agreed_with(shapes: Graph, real: list[tuple[str, Graph]]) -> bool:
    """Whether the shapes could be compared; asserts that both engines agree where they can."""
    try:
        ours, judge = Compiled(shapes), Reference(shapes)
    except ProfileError:
        return False
    for name, graph in real[::3]:
        assert said(ours.results(View(graph))) == said(judge.results(graph)), name
    return True


CONSTRAINTS = {
    "at least one": "sh:path :p ; sh:minCount 1",
    "at most one": "sh:path :p ; sh:maxCount 1",
    "IRIs": "sh:path :p ; sh:nodeKind sh:IRI",
    "blank nodes or IRIs": "sh:path :p ; sh:nodeKind sh:BlankNodeOrIRI",
    "IRIs or literals": "sh:path :p ; sh:nodeKind sh:IRIOrLiteral",
    "a class": "sh:path :p ; sh:class :Sub",
    "a class above": "sh:path :p ; sh:class :Super",
    "integers": "sh:path :p ; sh:datatype xsd:integer",
    "any literal": "sh:path :p ; sh:datatype rdfs:Literal",
    "strings": "sh:path :p ; sh:datatype xsd:string",
    "a pattern": 'sh:path :p ; sh:pattern "^A" ; sh:flags "i"',
    "two patterns": 'sh:path :p ; sh:pattern "a" , "b"',
    "lengths": "sh:path :p ; sh:minLength 2 ; sh:maxLength 4",
    "a list": 'sh:path :p ; sh:in ( :a "ab" 5 )',
    "a value": "sh:path :p ; sh:hasValue :a",
    "languages": 'sh:path :p ; sh:languageIn ( "en" "nl" )',
    "one per language": "sh:path :p ; sh:uniqueLang true",
    "limits": "sh:path :p ; sh:minInclusive 1 ; sh:maxExclusive 5",
    "decimal limits": "sh:path :p ; sh:minExclusive 0.5 ; sh:maxInclusive 5.0",
    "date limits": 'sh:path :p ; sh:minInclusive "2020-01-01"^^xsd:date',
    "a node": "sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ]",
    "nested": "sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:severity sh:Info ]",
    "not": "sh:path :p ; sh:not [ sh:nodeKind sh:Literal ]",
    "and": "sh:path :p ; sh:and ( [ sh:nodeKind sh:Literal ] [ sh:maxLength 2 ] )",
    "or": "sh:path :p ; sh:or ( [ sh:nodeKind sh:IRI ] [ sh:maxLength 2 ] )",
    "exactly one of": "sh:path :p ; sh:xone ( [ sh:nodeKind sh:Literal ] [ sh:maxLength 4 ] )",
    "the same as": "sh:path :p ; sh:equals :q",
    "nothing in common": "sh:path :p ; sh:disjoint :q",
    "less than": "sh:path :r ; sh:lessThan :q",
    "less or the same": "sh:path :r ; sh:lessThanOrEquals :q",
    "switched off": "sh:path :p ; sh:minCount 9 ; sh:deactivated true",
    "backwards": "sh:path [ sh:inversePath :p ] ; sh:minCount 1",
    "in sequence": "sh:path ( :p :q ) ; sh:minCount 2",
    "either": "sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 3",
    "any number of steps": "sh:path [ sh:zeroOrMorePath :next ] ; sh:maxCount 2",
    "one step or more": "sh:path [ sh:oneOrMorePath :next ] ; sh:maxCount 2",
    "one step or none": "sh:path [ sh:zeroOrOnePath :next ] ; sh:nodeKind sh:BlankNode",
}

DATA = """
:Sub rdfs:subClassOf :Super . :Super rdfs:subClassOf :Sub .
:one a :Thing ; :p :a , "ab" , "a" , "Abcde" , 5 , "x"@en , "y"@en , "z"@de-CH , [ :q 1 , 2 ] ;
    :next :two ; :q :a , "ab" , 5 .
:three :r 1 , 5.0 , 9 , "2020-01-01"^^xsd:date ; :q 5 .
:two a :Thing ; :p "05"^^xsd:integer , "five"^^xsd:integer , 1.5 , 5.0 , 1e0 , true ,
    "2019-12-31"^^xsd:date , "2020-02-30"^^xsd:date , "2021-01-01"^^xsd:date ; :next :three .
:three a :Thing ; :next :one .
:a a :Sub .
:b a :Super ; :p :one .
"""


@pytest.mark.parametrize("constraint", CONSTRAINTS.values(), ids=CONSTRAINTS)
def test_both_engines_agree_on_one_constraint(constraint):
    shapes = corpus.turtle(f":shape sh:targetClass :Thing ; sh:property [ {constraint} ] .")
    graph = corpus.turtle(DATA)
    assert said(Compiled(shapes).results(View(graph))) == said(Reference(shapes).results(graph))


TARGETS = {
    "a class and what is below it": "sh:targetClass :Super",
    "a node, present or not": "sh:targetNode :one , :nobody",
    "subjects": "sh:targetSubjectsOf :next",
    "objects": "sh:targetObjectsOf :p",
    "the class that the shape is": "a rdfs:Class , sh:NodeShape",
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_both_engines_look_at_the_same_nodes(target):
    shapes = corpus.turtle(f":Super {target} ; sh:nodeKind sh:BlankNode ; sh:maxLength 0 .")
    graph = corpus.turtle(DATA)
    found = said(Compiled(shapes).results(View(graph)))
    assert found
    assert found == said(Reference(shapes).results(graph))


@pytest.mark.parametrize(
    "shape",
    [
        ":s sh:targetClass :Thing ; sh:closed true .",
        ":s sh:targetClass :Thing ; sh:property [ sh:path :p ; sh:qualifiedValueShape [] ] .",
        ":s sh:targetClass :Thing ; sh:property [ sh:path :next ; sh:node :s ] .",
    ],
    ids=["closed", "qualified", "recursive"],
)
def test_what_we_do_not_evaluate_is_left_to_pyshacl(shape):
    with pytest.raises(Unsupported):
        Compiled(corpus.turtle(shape))


def test_a_shape_that_pyshacl_refuses_is_a_profile_error():
    broken = corpus.turtle(":s sh:targetClass :Thing ; sh:property :p . :p a sh:PropertyShape .")
    with pytest.raises(ProfileError), warnings.catch_warnings():
        said(Reference(broken).results(corpus.turtle(DATA)))
