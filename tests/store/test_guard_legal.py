"""Odd queries that are nevertheless legal: the guard lets them pass, and the engine reads them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from catalogue.errors import QueryRefused
from catalogue.store import guard

LEGAL = r'''
SELECT*{}
select ?s where{?s ?p ?o}limit 1
SELECT(1 AS ?x){}
ASK{}
ASK WHERE { }
PREFIX : <http://e/> ASK { :a :b :c }
PREFIX:<http://e/>ASK{:a :b :c}
PREFIX PREFIX: <http://e/> PREFIX : <http://f/> ASK FROM PREFIX:x { :a PREFIX:b :c }
BASE<http://e/>PREFIX:<x#>PREFIX a:<y#>SELECT*FROM:g FROM NAMED a:h{?s:p?o}
PREFIX service: <http://e/> SELECT * { ?s service:x ?o . ?o service:y service:z }
PREFIX SERVICE: <http://e/> SELECT * { SERVICE:a SERVICE:b SERVICE:c }
PREFIX aservice: <http://e/> SELECT * { aservice:x a aservice:Y }
PREFIX service: <http://e/> SELECT * { ?s service:a/service:b|^service:c ?o FILTER(?o != service:d) }
PREFIX graph: <http://e/> SELECT * { ?s graph:x graph:y }
PREFIX load: <http://e/> PREFIX drop: <http://e/d/> SELECT * { load:a drop:b ?insert }
BASE <http://e/> PREFIX p: <x#> SELECT * FROM <g> FROM NAMED <h> { GRAPH <h> { ?s p:q ?o } }
DESCRIBE <http://e/a> <http://e/b>
DESCRIBE ?s WHERE { ?s a <http://e/C> }
DESCRIBE * { ?s a <http://e/C> }
CONSTRUCT WHERE { ?s ?p ?o }
CONSTRUCT FROM <http://e/g> WHERE { ?s ?p ?o }
CONSTRUCT { _:x <http://e/p> [] . } WHERE { ?s ?p (1 2 [ <http://e/q> "x"@nl-NL ]) }
SELECT DISTINCT ?s { ?s (<http://e/a>|^<http://e/b>)*/!(<http://e/c>|^a) ?o }
SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 1) ORDER BY DESC(?n) LIMIT 5 OFFSET 1
SELECT (GROUP_CONCAT(?o ; SEPARATOR=", ") AS ?x) { ?s ?p ?o }
SELECT * { VALUES (?a ?b) { (UNDEF 1) (<http://e/x> "y"^^<http://e/dt>) } }
SELECT * { } VALUES ?x { 1 2 }
SELECT * { BIND(IF(?a<?b&&?c>?d, 1, 2) AS ?e) }
SELECT * { FILTER(?a<3 || 3>?a) }
SELECT * { FILTER(?a < -1) ?s ?p -1.5e-3, +2, .5, 1.0E6 }
SELECT * { ?s ?p true, false ; a ?t ; . }
SELECT * { ?s ?p """say "hi" """, 'a\'b\\', "tab\t" }
SELECT * { ?s ?p "SERVICE <http://127.0.0.1/> { }" } # SERVICE DROP ALL
SELECT * { ?service ?load ?insert . _:drop ?p _:service }
SELECT * { ?s <http://e/it's> ?o ; <http://e/#SERVICE> ?x }
PREFIX e: <http://e/> SELECT * { ?s e:a.b e:c\-d , e:%41\'x , e:1a , e:a:b:c , e: , e:a\_b }
SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 1 } OPTIONAL { ?s ?q ?r FILTER(BOUND(?r)) } MINUS { ?s ?z 1 } }
SELECT * { FILTER NOT EXISTS { ?s ?p ?o } FILTER EXISTS{?a ?b ?c} }
SELECT * { ?s ?p ?o FILTER(LANGMATCHES(LANG(?o), "*") && REGEX(STR(?o), "^a|b$", "i")) }
SELECT * { ?s ?p ?o FILTER(?o IN (1, "a", <http://e/x>) && ?p NOT IN ()) }
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:integer("1") AS ?x) (COALESCE(1/0, NOW()) AS ?y) {}
SELECT * { ?s ?p "caf\u00E9" ; <http://e/\u00E9> ?o }
SELECT ?été ?名 { ?été ?p ?名 }
PREFIX é: <http://e/> SELECT * { é:ü ?p ?o }
SELECT * { ?s ?p ?o . } ORDER BY (?s) ?p STR(?o)
SELECT $s { $s $p $o }
SELECT * FROM <urn:uuid:1> FROM NAMED <tag:e,2020:x> FROM <x:g> FROM <did:web:e> { ?s ?p ?o }
PREFIX a: <http://e/> PREFIX a: <http://f/> SELECT * { a:x a a:y }
BASE <http://e/> BASE <f/> SELECT * { <x> a <> }
SELECT * { ?s a ?t ; ?p [ ?q ( ) ] }
SELECT * { ?s ?p 'with' , 'a'@add , 'b'@service }
SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(?g != <http://e/>) }
PREFIX service: <http://e/> SELECT * FROM service:g FROM NAMED service:h { GRAPH service:h { ?s ?p ?o } }
PREFIX service: <http://e/> SELECT * FROM NAMED service:h { ?s ?p ?o }
PREFIX sql: <http://e/> PREFIX bif: <http://f/> SELECT * { ?s sql:a bif:b ; a <sql:x> }
SELECT * FROM <bif:x> { ?s ?p 'it\u0027s' , "\u0022" , """\u0022\u0022\u0022""" , "\\u0022" , '\U0001F600' }
'''.strip().splitlines()  # fmt: skip # noqa: E501


@pytest.mark.parametrize("query", LEGAL)
def test_a_legal_query_passes(query: str) -> None:
    ox.Store().query(guard.inspect(query).text)
    ox.Store().query(query)


@pytest.mark.parametrize(
    "inside",
    ["SERVICE:{ }", "SERVICE:x{ }", "SERVICE:x\u0301 { }", "SERVICE:x\\_y { }", "aSERVICE: { }"],
)
def test_a_declared_prefix_hides_no_service(inside: str) -> None:
    declared = "PREFIX SERVICE: <http://e/> PREFIX aSERVICE: <http://e/> PREFIX : <http://e/>"
    with pytest.raises(QueryRefused, match="SERVICE"):
        guard.inspect(f"{declared} SELECT * {{ ?s ?p {inside} }}")


def test_a_refusal_names_line_and_column() -> None:
    with pytest.raises(QueryRefused, match="line 2, column 3: SERVICE"):
        guard.inspect("SELECT * {\n  SERVICE <http://e/> { } }")


@pytest.mark.parametrize(
    ("query", "looks_long"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 10", False),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c }", True),
        ("SELECT * { ?s (<a:p>|<a:q>)* ?o }", False),
        ("SELECT ?a ?b ?c ?d ?e ?f { ?a <a:p> ?b , ?c , ?d , ?e , ?f }", False),
        ("SELECT (COUNT(*) AS ?n) { ?s <a:p>* ?o }", False),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?s ?q ?r }", False),
        ("ASK {} #" + "x" * 8_000, True),
    ],
)
def test_what_looks_long_queues_with_the_long_ones(query: str, looks_long: bool) -> None:
    assert guard.inspect(query).looks_long is looks_long


def test_a_query_that_differs_every_time_is_not_repeatable() -> None:
    assert guard.inspect('SELECT * { ?s ?now "NOW()" }').repeatable
    assert not guard.inspect("SELECT (now() AS ?x) {}").repeatable
