"""What every store must do, whichever adapter is behind it.

Literals are compared by value: stores rewrite how a number is spelled.
"""

from __future__ import annotations

import csv
import io
import json

import pytest
import rdflib

from catalogue.errors import BadRequest, QueryRefused, QuerySyntax
from catalogue.namespaces import Iri
from catalogue.store.base import PublicStore

pytestmark = pytest.mark.server

G1 = Iri("https://catalogue.example/graph/1")
G2 = Iri("https://catalogue.example/graph/2")
A, TITLE, COUNT = (
    "https://catalogue.example/a",
    "http://purl.org/dc/terms/title",
    "https://x.example/n",
)


def triple(subject: str, predicate: str, value: str) -> bytes:
    return f"<{subject}> <{predicate}> {value} .\n".encode()


ONE = (
    triple(A, TITLE, '"Één genoom"@nl')
    + triple(A, COUNT, "_:b")
    + b'_:b <https://x.example/in> "q" .\n'
)
TWO = triple("https://catalogue.example/b", TITLE, '"Two"@en')


def rows(store: PublicStore, query: str, **options: object) -> list[dict[str, str]]:
    answer = store.query(query, accept="application/sparql-results+json", **options)
    found = json.loads(answer.read())["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def titles(store: PublicStore, **options: object) -> list[str]:
    found = rows(store, f"SELECT ?t WHERE {{ ?s <{TITLE}> ?t }}", **options)
    return sorted(row["t"] for row in found)


def test_a_query_sees_the_union_of_all_graphs(any_store):
    any_store.replace({G1: ONE, G2: TWO})
    assert titles(any_store) == ["Two", "Één genoom"]


def test_a_replaced_graph_holds_only_what_is_new(any_store):
    any_store.replace({G1: ONE})
    any_store.replace({G1: TWO})
    assert titles(any_store) == ["Two"]


def test_a_dropped_graph_is_gone_and_dropping_it_again_is_no_error(any_store):
    any_store.replace({G1: ONE, G2: TWO})
    any_store.replace({G1: None})
    any_store.replace({G1: None})
    assert any_store.graphs() == {G2}


def test_a_reload_leaves_only_what_it_was_given(any_store):
    any_store.replace({G1: ONE})
    any_store.reload([(G2, TWO)])
    assert any_store.graphs() == {G2}
    assert titles(any_store) == ["Two"]


def test_blank_nodes_of_two_graphs_stay_apart(any_store):
    any_store.replace({G1: ONE, G2: ONE.replace(b'"q"', b'"r"')})
    query = "SELECT DISTINCT ?b WHERE { GRAPH ?g { ?b <https://x.example/in> ?v } }"
    assert len(rows(any_store, query)) == 2


def test_from_names_the_graph_to_ask(any_store):
    any_store.replace({G1: ONE, G2: TWO})
    assert rows(any_store, f"SELECT ?t FROM <{G2}> WHERE {{ ?s <{TITLE}> ?t }}") == [{"t": "Two"}]


def test_the_protocol_can_name_the_graphs_to_ask(any_store):
    any_store.replace({G1: ONE, G2: TWO})
    assert titles(any_store, default_graphs=[G2]) == ["Two"]


def test_a_graph_nobody_has_is_empty(any_store):
    any_store.replace({G1: ONE})
    nowhere = "https://nowhere.invalid/g"
    assert rows(any_store, f"SELECT * FROM <{nowhere}> WHERE {{ ?s ?p ?o }}") == []


def test_the_name_of_a_graph_can_be_asked(any_store):
    any_store.replace({G1: ONE, G2: TWO})
    query = f'SELECT ?g WHERE {{ GRAPH ?g {{ ?s <{TITLE}> "Two"@en }} }}'
    assert rows(any_store, query) == [{"g": G2}]


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_a_construct_gives_a_graph_in_the_form_asked_for(any_store, accept):
    any_store.replace({G2: TWO})
    answer = any_store.query("CONSTRUCT WHERE { ?s ?p ?o }", accept=accept, default_graphs=[G2])
    graph = rdflib.Graph().parse(answer.read(), format=accept)
    assert answer.kind == "graph"
    assert answer.media_type == accept
    assert set(graph.objects()) == {rdflib.Literal("Two", lang="en")}


def test_describe_gives_the_statements_about_a_resource(any_store):
    any_store.replace({G1: ONE})
    answer = any_store.query(f"DESCRIBE <{A}>", accept="application/n-triples")
    graph = rdflib.Graph().parse(answer.read(), format="nt")
    assert rdflib.Literal("Één genoom", lang="nl") in set(graph.objects())


def test_ask_gives_a_boolean(any_store):
    any_store.replace({G1: ONE})
    answer = any_store.query(f"ASK {{ <{A}> ?p ?o }}", accept="application/sparql-results+json")
    assert answer.kind == "ask"
    assert json.loads(answer.read())["boolean"] is True


def test_solutions_can_be_had_as_csv(any_store):
    any_store.replace({G2: TWO})
    query = f"SELECT ?t FROM <{G2}> WHERE {{ ?s <{TITLE}> ?t }}"
    text = any_store.query(query, accept="text/csv").read().decode()
    assert list(csv.reader(io.StringIO(text))) == [["t"], ["Two"]]


def test_numbers_keep_their_value(any_store):
    count = '"83"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>'
    any_store.replace({G1: triple(A, COUNT, count)})
    assert [int(row["n"]) for row in rows(any_store, f"SELECT ?n {{ ?s <{COUNT}> ?n }}")] == [83]


def test_a_query_that_does_not_parse_is_a_syntax_error(any_store):
    with pytest.raises(QuerySyntax):
        any_store.query("SELECT * WHERE { ?s ?p }")


@pytest.mark.parametrize("update", ["INSERT DATA { <a:a> <a:b> 1 }", "CLEAR ALL", "DROP ALL"])
def test_an_update_is_refused_and_changes_nothing(any_store, update):
    any_store.replace({G1: ONE})
    with pytest.raises(QueryRefused):
        any_store.query(update)
    assert any_store.graphs() == {G1}


def test_a_form_that_nobody_writes_is_a_bad_request(any_store):
    with pytest.raises(BadRequest, match="application/sparql-results"):
        any_store.query("ASK {}", accept="image/png")


def test_a_store_that_answers_is_healthy(any_store):
    assert any_store.health()["ok"] is True
