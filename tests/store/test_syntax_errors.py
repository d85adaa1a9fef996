"""What is said of a query that does not parse: where, and what is wrong, in words."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from catalogue.store.asking import _placed


def said(query: str) -> str:
    """The words for this query, from what the real parser says."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    message = _placed(str(caught.value.msg)[:500], query)
    assert "[" not in message, message
    assert "\\u{" not in message
    assert "_]" not in message
    assert len(message) < 200
    return message


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("SELECT * { ?s nope:x ?o }", "the prefix nope: is not declared"),
        (
            "SELECT ?z { ?x ?p ?y } GROUP BY ?x",
            "a variable in SELECT is neither grouped nor bound",
        ),
        (
            "SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y }",
            "a variable in SELECT is neither grouped nor bound",
        ),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "SELECT has the same variable twice"),
        ("SELECT * {?s ?p ?o} GROUP BY ?s", "SELECT * does not go with GROUP BY"),
        ("PREFIX x: <a b> SELECT * {}", "what stands between < and > is not an address"),
    ],
)
def test_a_fault_that_the_parser_knows_is_all_that_is_said(query: str, fault: str) -> None:
    message = said(query)
    assert message.endswith(f": {fault}")
    assert message.startswith("line 1, column ")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * { ?s a nope:Thing . }", "line 1, column 17"),
        ("SELECT * {\n# nope:no\n ?s a '<nope:no>', nope:Thing }", "line 3, column 20"),
        ("SELECT * { nope:x ?p ?o }", "line 1, column 12"),
        ("SELECT * { FILTER(nope:f(1)) }", "line 1, column 19"),
        ("PREFIX a: <x:> SELECT * { ?s a:x <nope:no>, nope:x. ?s a b:no }", "line 1, column 45"),
        (
            "PREFIX a: <x:> SELECT * { VALUES (?a ?b) { (a:x <b:x>) } ?s nope:x ?o }",
            "line 1, column 61",
        ),
    ],
)
def test_a_prefix_that_is_not_declared_is_named_where_it_begins(query: str, place: str) -> None:
    assert said(query) == f"{place}: the prefix nope: is not declared"


def test_how_to_declare_a_prefix_of_ours_is_told() -> None:
    assert said("SELECT * { ?s a dcat:Dataset }") == (
        "line 1, column 17: the prefix dcat: is not declared; the query should begin with "
        "PREFIX dcat: <http://www.w3.org/ns/dcat#>"
    )


def test_a_mistake_before_a_name_is_not_blamed_on_its_prefix() -> None:
    assert "declared" not in said("SELECT * { ?s ?p } # nope:x")
    assert "declared" not in said("SELECT * { ?s ?p }\n nope:x")


def test_a_sentence_that_we_do_not_know_is_kept() -> None:
    message = said("SELECT * {} VALUES (?a ?b) {(1)}")
    assert "VALUES clause rows should have exactly the same number of values" in message


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ",
        "SELECT * { ?s ?p ?o FILTER(?o > ) }",
        "SELECT * { ?s ?p ?o } LIMIT x",
        "ASK { ?s ?p '\\q' }",
        "ASK { ?s ?p 'a'@ }",
        "SELECT ?s { ?s ?p 'x }",
        "SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }",
    ],
)
def test_only_a_few_expectations_are_told_and_no_classes_of_characters(query: str) -> None:
    assert said(query).count(",") <= 9


def test_what_is_no_syntax_error_is_left_as_it_is() -> None:
    assert _placed("the answer has more than 10 rows") == "the answer has more than 10 rows"


def test_a_message_that_was_cut_off_anywhere_shows_no_class_of_characters() -> None:
    whole = r"""error at 1:2: expected one of "\"", ['%'], ['-' | '\u{00B7}' | '\''], ['\\'], A"""
    start = whole.index(", ['%']")
    said = {_placed(whole[:cut]) for cut in range(start, len(whole))}
    assert said == {r'line 1, column 2: expected "\""'}
    assert _placed(whole) == r'line 1, column 2: expected "\"" or A'
