"""The quick look says what the reader of tokens says, or nothing."""

from __future__ import annotations

import hostile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import QueryRefused, QuerySyntax
from catalogue.store.glance import glance
from catalogue.store.guard import read_whole

PIECES = (
    *"{}()[]<>?$:.;,#*+'\"\\ \n\r",
    "'''", '"""', "SERVICE", "service:x", "FROM", "FROM NAMED", "GRAPH", "graph:g", "?graph",
    "INSERT", "LOAD", "SELECT", "ASK", "PREFIX ex:", "PREFIX :", "BASE", "NOW()", "<x:a>",
    "<https://x.example/graph/1>", "ex:a", "it's", "# ", "?a ?b ?c", "?d ?e ?f", "UNION", "@en",
)  # fmt: skip
HEADS = ("SELECT * {", "PREFIX ex: <x:> ASK {", "CONSTRUCT {} {", "select ?a ?b ?c ?d ?e ?f {", "")

TEXTS = st.builds(
    lambda head, pieces: head + " ".join(pieces) + " }",
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(PIECES), max_size=14),
)
HIDING = (
    "SELECT * { ?s ?p '''it's''' . SERVICE <x:y> {} ?s ?p '''it's''' }",
    'SELECT * { ?s ?p """a"b""" . SERVICE <x:y> {} ?s ?p """a"b""" }',
    "SELECT * { #\rSERVICE <x:y> { } }",
    "SELECT * { ?s ?p ?o FILTER(?a<?b) SERVICE <x:y> { } FILTER(?a>?b) }",
    "SELECT * { SER\\u0056ICE <x:y> { } }",
    "SELECT * { ?s ?p 'a\\' . SERVICE <x:y> {} # ' }",
)


@settings(max_examples=1000)
@given(TEXTS)
def test_a_quick_look_never_differs_from_a_whole_reading(text):
    quick = glance(text)
    try:
        whole = read_whole(text)
    except QuerySyntax:
        return
    except QueryRefused:
        assert quick is None
    else:
        assert quick in (None, whole)


@pytest.mark.parametrize("query", HIDING)
def test_a_quick_look_does_not_overlook_what_is_made_to_be_overlooked(query):
    assert glance(query) is None


def test_a_quick_look_knows_nothing_of_what_is_refused():
    refused = hostile.refused("http://127.0.0.1:9/sparql")
    assert [name for name, query in refused.items() if glance(query)] == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?d ?t { ?d <http://www.w3.org/ns/dcat#theme> <http://x.example/y> ; a ?t } LIMIT 9",
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> ASK { ?d a dcat:Dataset }",
        "CONSTRUCT { ?s ?p ?o } { GRAPH <https://x.example/graph/1> { ?s ?p ?o } } # a comment",
        "SELECT ?a ?b ?c ?d ?e ?f { ?a ?b ?c OPTIONAL { ?c <http://x.ex/d> ?e } FILTER(?f = 1) }",
    ],
)
def test_a_quick_look_is_enough_for_an_ordinary_query(query):
    assert glance(query) == read_whole(query)
