"""What the guard lets through, and what it refuses whatever the disguise."""

from __future__ import annotations

import contextlib
import doctest
import time

import pyoxigraph as ox
import pytest

from catalogue.errors import QueryRefused, QuerySyntax, QueryTooLarge
from catalogue.store import formats, guard

INSIDE = "{ ?a ?b ?c }"
U = "<http://127.0.0.1:1/x>"

DISGUISES = {
    "plain": f"SELECT * {{ SERVICE {U} {INSIDE} }}",
    "in a sub-select": f"SELECT * {{ {{ SELECT * {{ SERVICE {U} {INSIDE} }} }} }}",
    "in an EXISTS": f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {U} {INSIDE} }} }}",
    "at a variable": f"SELECT * {{ VALUES ?v {{ {U} }} SERVICE ?v {INSIDE} }}",
    "silently": f"SELECT * {{ SERVICE SILENT {U} {INSIDE} }}",
    "in small letters": f"select * {{ service {U} {INSIDE} }}",
    "without spaces": f"SELECT*{{SERVICE{U}{INSIDE}}}",
    "as one word with SILENT": f"SELECT * {{ SERVICESILENT{U}{INSIDE} }}",
    "behind a number": f"SELECT * {{ ?s ?p 1SERVICE{U}{INSIDE} }}",
    "behind true": f"SELECT * {{ ?s ?p trueSERVICE{U}{INSIDE} }}",
    "behind true and a dot": f"SELECT * {{ ?s ?p true.SERVICE{U}{INSIDE} }}",
    "as a prefixed name": f"PREFIX : {U} SELECT * {{ SERVICE:{INSIDE} }}",
    "as a declared prefix": f"PREFIX SERVICE: <a:> PREFIX : {U} SELECT * {{ SERVICE:{INSIDE} }}",
    "behind a comment ended by CR": f"SELECT * {{ # x\rSERVICE {U} {INSIDE} }}",
    "escaped": f"SELECT * {{ SER\\u0056ICE {U} {INSIDE} }}",
    "escaped long": f"SELECT * {{ \\U00000053ERVICE {U} {INSIDE} }}",
    "behind an escaped quote": f"SELECT * {{ ?s ?p \\u0027x\\u0027 . SERVICE {U} {INSIDE} }}",
    "after a comment that an escape ends": f"SELECT * {{ # \\u000A\n SERVICE {U} {INSIDE} }}",
    "escaped twice": f"SELECT * {{ SER\\U0000005Cu0056ICE {U} {INSIDE} }}",
    "hidden from a decoder": f"SELECT * {{ ?s ?p '\\u0027 'SERVICE {U} {INSIDE} #'\n}}",
    "behind a smaller-than": f"SELECT * {{ FILTER(?a<?b) SERVICE {U} {INSIDE} FILTER(?c>?d) }}",
    "behind a long string": f"SELECT * {{ ?s ?p '''a\\'b'c''' SERVICE {U} {INSIDE} }}",
}


@pytest.mark.parametrize("query", DISGUISES.values(), ids=DISGUISES.keys())
def test_service_is_refused(query):
    with pytest.raises((QueryRefused, QuerySyntax), match=r"SERVICE|not closed"):
        guard.inspect(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p 'it is a SERVICE of DROP ALL' }",
        'SELECT * { ?s ?p """a "quoted" SERVICE\n INSERT""" }',
        "SELECT * { ?s <https://x.example/SERVICE> ?o } # SERVICE",
        "PREFIX ex: <https://x.example/> SELECT * { ?s ex:service ?service ; ex:INSERT $drop }",
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT * { ?s a dcat:DataService }",
        "SELECT * { _:service ?p 'x'@nl }",
        "SELECT * { FILTER(?a < ?b && ?c > ?d) }",
        "SELECT * { ?s ?p 'gene \\u0022CHEK2\\u0022' }",
    ],
)
def test_words_in_strings_names_addresses_and_comments_are_harmless(query):
    assert guard.inspect(query).kind == "select"


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ("INSERT DATA { <a:a> <a:b> 1 }", "INSERT"),
        ("PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("LOAD <http://127.0.0.1/x>", "LOAD"),
        ("LOAD SILENT <file:///etc/passwd>", "LOAD"),
        ("CLEAR ALL", "CLEAR"),
        ("drop graph <a:b>", "DROP"),
        ("WITH <a:g> DELETE { ?s ?p ?o } WHERE {}", "WITH"),
        ("SELECT * {} ; DROP ALL", "DROP"),
        ("\\u0044ROP ALL", "DROP"),
    ],
)
def test_an_update_is_refused_and_named(query, clause):
    with pytest.raises(QueryRefused, match=clause):
        guard.inspect(query)


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ("SELECT (bif:http_get('http://127.0.0.1') AS ?x) {}", "bif:"),
        ("SELECT (b\\u0069f:http_get('http://127.0.0.1') AS ?x) {}", "bif:"),
        ("SELECT (<bif:file_to_string>('/etc/passwd') AS ?x) {}", "bif:"),
        ("SELECT (<b\\u0069f:file_to_string>('/etc/passwd') AS ?x) {}", "bif:"),
        ("PREFIX b: <sql:> SELECT (b:x(1) AS ?x) {}", "sql:"),
        ("SELECT * FROM <SQL:x> {}", "SQL:"),
    ],
)
def test_a_way_out_that_only_some_stores_have_is_refused_for_those(query, clause):
    with pytest.raises(QueryRefused, match=clause):
        guard.check_functions(guard.inspect(query), [])


def test_the_protocol_may_not_name_such_a_way_out_as_a_graph():
    with pytest.raises(QueryRefused, match="FROM <bif:x>"):
        guard.check_functions(guard.inspect("ASK {}"), ["http://e/g", "bif:x"])


ESCAPES = {
    r"SELECT ('it\u0027s' AS ?x) {}": r"SELECT ('it\'s' AS ?x) {}",
    r'SELECT ("\u0022\U00000022" AS ?x) {}': r'SELECT ("\"\"" AS ?x) {}',
    r"SELECT ('''\u0027\u0027\u0027''' AS ?x) {}": r"SELECT ('''\'\'\'''' AS ?x) {}",
    r"SELECT ('\u005Cu0041\u000A' AS ?x) {}": r"SELECT ('\\u0041\n' AS ?x) {}",
    r"SELECT ('\\u0041\t\u00E9' AS ?x) {}": r"SELECT ('\\u0041\té' AS ?x) {}",
    r"SELECT * { ?s <http://e/\u00E9#\u0041> 1 }": "SELECT * { ?s <http://e/é#A> 1 }",
}


@pytest.mark.parametrize(("query", "rewritten"), ESCAPES.items())
def test_what_is_asked_has_no_escapes_and_means_the_same(query, rewritten):
    assert guard.inspect(query).text == rewritten
    found, wanted = (list(ox.Store().query(text)) for text in (query, rewritten))
    assert [row["x"] for row in found if "x" in rewritten] == [row["x"] for row in wanted]


@pytest.mark.parametrize(
    ("query", "rewritten"),
    [
        (r"SEL\u0045CT ?\u0061 {}", "SELECT ?a {}"),
        ("ASK {} # \\u000A }", "ASK {} #  u000A }"),
        (r"ASK { ?s ?p '\uD83D' }", r"ASK { ?s ?p '\uD83D' }"),
        (
            f"ASK {{ ?s ?p '\\u0027 . SERVICE {U} {INSIDE} #'\n }}",
            f"ASK {{ ?s ?p '\\' . SERVICE {U} {INSIDE} #'\n }}",
        ),
    ],
)
def test_an_escape_hides_nothing_from_an_engine_that_decodes_early_or_late(query, rewritten):
    assert guard.inspect(query).text == rewritten


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM<FILE:///etc/passwd>{ ?s ?p ?o }",
        "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
        "PREFIX e: <file:///etc/> SELECT * FROM e:passwd { ?s ?p ?o }",
        "SELECT * FROM <\\u0066ile:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM <ftp://x.example/g> { ?s ?p ?o }",
    ],
)
def test_a_dataset_that_is_no_graph_of_ours_is_refused(query):
    with pytest.raises(QueryRefused, match="FROM"):
        guard.inspect(query)


def test_a_dataset_of_the_protocol_may_not_name_a_file():
    with pytest.raises(QueryRefused, match="FROM <file:///etc/passwd>"):
        guard.check_graphs(["file:///etc/passwd"])


@pytest.mark.parametrize(
    ("query", "kind", "names_dataset"),
    [
        ("SELECT * {}", "select", False),
        ("# hello\nPREFIX a: <a:>\nBASE <http://b/>\nask{}", "ask", False),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "construct", False),
        ("DESCRIBE <https://x.example/a>", "describe", False),
        ("SELECT * FROM <https://x.example/g> { ?s ?p ?o }", "select", True),
        ("SELECT * FROM NAMED <urn:g> { GRAPH ?g { ?s ?p ?o } }", "select", True),
    ],
)
def test_kind_and_dataset_are_read_from_the_query(query, kind, names_dataset):
    question = guard.inspect(query)
    assert (question.kind, question.names_dataset) == (kind, names_dataset)


@pytest.mark.parametrize(
    ("query", "names_graph"),
    [
        ("SELECT * { ?s ?p 'GRAPH' ; ?graph <http://e/graph> }", False),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", True),
        ("SELECT * { ?s ?p 1GRAPH<http://e/> { ?s ?p ?o } }", True),
        ("PREFIX : <http://e/> SELECT * { graph:x { ?s ?p ?o } }", True),
        ("PREFIX graph: <http://e/> PREFIX : <http://e/> SELECT * { graph:x { ?s ?p ?o } }", True),
        ("PREFIX graph: <http://e/> SELECT (COUNT(*) AS ?n) { ?s graph:p graph:q }", False),
    ],
)
def test_a_query_that_speaks_of_a_graph_is_known_by_its_keyword(query, names_graph):
    assert guard.inspect(query).names_graph is names_graph


@pytest.mark.parametrize(
    "query",
    ["", "  # nothing", "hello", "SELECT * { ?s ?p 'open }", "{}", "\ud800", "SELECT * FROM"],
)
def test_what_is_no_query_is_a_syntax_error(query):
    with pytest.raises(QuerySyntax):
        guard.inspect(query)


def test_a_query_of_64_kb_is_refused_with_its_size():
    with pytest.raises(QueryTooLarge, match="64011"):
        guard.inspect("SELECT * {}" + " " * 64_000)


@pytest.mark.parametrize("opening", ["{", "(", "["])
def test_deep_nesting_is_refused(opening):
    with pytest.raises(QueryRefused, match="200 deep"):
        guard.inspect("ASK " + opening * 20_000)


@pytest.mark.parametrize(
    "unit",
    [
        '\\"""\n',
        '\\"',
        "a.",
        "a-",
        "_:a.",
        "a:b.",
        "'''",
        '"',
        "<a",
        "\\u0041",
        "@a-",
        "1e",
        "é",
        "#",
    ],
)
def test_reading_a_hostile_text_takes_time_in_proportion_to_its_length(unit):
    """The one bound on time in these tests: a quadratic reading would take minutes."""
    started = time.process_time()
    with contextlib.suppress(QuerySyntax, QueryRefused):
        guard.inspect("ASK { " + unit * (63_000 // len(unit.encode())))
    assert time.process_time() - started < 5


def test_the_engine_agrees_about_what_is_harmless():
    """The guard must not lean on another grammar: what it lets pass, the engine parses."""
    query = "PREFIX ex: <https://x.example/> SELECT * { ?s ex:a.b ex:service-x . FILTER(?s<?o) }"
    assert guard.inspect(query).kind == "select"
    assert list(ox.Store().query(query)) == []


def test_the_examples_in_the_documentation_hold():
    assert doctest.testmod(guard).failed == 0
    assert doctest.testmod(formats).failed == 0


LOOKALIKES = {
    "a string that hides a clause": (
        "SELECT ?s { FILTER(' '<'>') SERVICE <http://127.0.0.1:9/x> {?s ?p ?o} #'\n}"
    ),
    "a comment that hides a clause": (
        "SELECT ?s { FILTER(1<2#>'''\n ) SERVICE <http://127.0.0.1:9/x> {?s ?p ?o} #'''\n}"
    ),
    "after an address": "SELECT ?s { FILTER(<x:a><'>') SERVICE <http://127.0.0.1:9/x> {} #'\n}",
    "after a bracket": "SELECT ?s { FILTER((1)<'>') SERVICE <http://127.0.0.1:9/x> {} #'\n}",
    "after a number with a point": "SELECT ?s { FILTER(1.<'>') SERVICE <http://x:9/x> {} #'\n}",
    "in a projection": "SELECT (1<'>' AS ?x) FROM <http://x.example/g> { GRAPH ?g #'\n {} }",
    "a bracket that hides a bracket": "SELECT ?s { FILTER(1<(2>'') SERVICE <http://x:9/x> {} }",
}


@pytest.mark.parametrize("query", LOOKALIKES.values(), ids=LOOKALIKES.keys())
def test_a_comparison_that_looks_like_an_address_hides_nothing(query):
    with pytest.raises((QueryRefused, QuerySyntax)):
        guard.inspect(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { VALUES ?x { 1 2 3 } FILTER(0.5<RAND()&&2>1) }",
        "SELECT ?x { ?x ?y ?z FILTER(0<UUID()&&2>1) }",
        "SELECT ?x { ?x ?y ?z } ORDER BYRAND()",
        "SELECT (COUNT(DISTINCTRAND()) AS ?n) { ?s ?p ?o }",
    ],
)
def test_chance_is_seen_wherever_it_stands(query):
    assert not guard.inspect(query).repeatable


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c FILTER(?a<?b&&?c>?b) }",
        "SELECT * { VALUES (?x ?y) { (<http://x.example/a#b> <http://x.example/it's#c>) } }",
        "SELECT * { VALUES (?x ?y) { (<x:a> <x:b>) } ?s (<x:p>|<x:q>)/<x:r> ?o }",
        "SELECT * { ?s ?p ?o FILTER(EXISTS { ?s <#p> ?o }) }",
        "SELECT * { (1 <x:a> 'b') ?p ?o FILTER(?o IN (<x:a>, <x:it's>)) }",
        "SELECT * { ?s ?p ?o FILTER(?o = '1'^^<#int>) }",
    ],
)
def test_an_address_after_a_value_is_an_address(query):
    assert guard.inspect(query).kind == "select"


def test_a_language_is_not_a_clause():
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o != 'x'@graph ) }"
    assert not guard.inspect(query).names_graph
