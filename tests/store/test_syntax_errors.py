"""What is said of a query that does not parse: where, and what is wrong, in words."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from catalogue.store.asking import _placed


def said(query: str) -> str:
    """The words for this query, from what the real parser says."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    message = _placed(str(caught.value.msg)[:500])
    assert "[" not in message, message
    assert "\\u{" not in message
    assert "_]" not in message
    assert len(message) < 200
    return message


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("SELECT * { ?s dcat:x ?o }", "a prefix is used that is not declared"),
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
