"""A query with SERVICE means here what the standard says, with a real peer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from federation.neighbours import RESULTS, columns, results, rows, store

from catalogue.errors import QuerySyntax
from catalogue.store.remote import from_url

A_B = [{"s": "urn:a"}, {"s": "urn:b"}]


@pytest.fixture
def asked(engine: Any, good: str) -> Any:
    return store(engine, good)


def test_what_a_peer_says_joins_what_we_say(asked: Any, good: str) -> None:
    query = f"SELECT ?s ?t ?h {{ ?s <urn:title> ?t SERVICE <{good}> {{ ?s <urn:held> ?h }} }}"
    assert rows(asked, query) == [
        {"s": "urn:a", "t": "one", "h": "urn:umc"},
        {"s": "urn:b", "t": "two", "h": "urn:ncc"},
        {"s": "urn:b", "t": "two", "h": "urn:umc"},
    ]


def test_a_row_that_comes_twice_counts_twice(asked: Any, good: str) -> None:
    held = f"SERVICE <{good}> {{ SELECT ?s {{ ?s <urn:held> ?h FILTER isIRI(?h) }} }}"
    assert rows(asked, f"SELECT (COUNT(*) AS ?n) {{ {held} }}") == [{"n": "3"}]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("?s <urn:title> ?t OPTIONAL { HELD } FILTER(!BOUND(?h))", [{"s": "urn:c"}]),
        ("{ HELD } UNION { ?s <urn:title> 'three' }", [*A_B, {"s": "urn:c"}, {"s": "Z"}]),
        ("?s <urn:title> ?t FILTER EXISTS { HELD }", A_B),
        ("?s <urn:title> ?t FILTER NOT EXISTS { HELD }", [{"s": "urn:c"}]),
        ("?s <urn:title> ?t MINUS { HELD }", [{"s": "urn:c"}]),
        ("?s <urn:title> ?t { SELECT DISTINCT ?s { HELD } }", A_B),
        ("GRAPH <urn:graph:ours> { ?s <urn:title> ?t HELD }", A_B),
        ("HELD BIND(?h AS ?again) ?s <urn:title> ?t", A_B),
    ],
)
def test_a_part_may_stand_wherever_a_pattern_may(
    asked: Any, good: str, where: str, found: list[dict[str, str]]
) -> None:
    held = f"SERVICE <{good}> {{ ?s <urn:held> ?h }}"
    answer = rows(asked, f"SELECT DISTINCT ?s {{ {where.replace('HELD', held)} }}")
    names = [{"s": "Z" if row["s"] == "urn:z" else row["s"]} for row in answer]
    assert sorted(names, key=repr) == sorted(found, key=repr)


def test_ask_construct_and_describe_may_ask_peers(asked: Any, good: str) -> None:
    held = f"?s <urn:title> ?t SERVICE <{good}> {{ ?s <urn:held> <urn:ncc> }}"
    assert json.loads(asked.query(f"ASK {{ {held} }}").read())["boolean"] is True
    made = asked.query(f"CONSTRUCT {{ ?s <urn:t> ?t }} {{ {held} }}", accept="text/turtle").read()
    assert b'<urn:b> <urn:t> "two"' in made
    told = asked.query(f"DESCRIBE ?s {{ {held} }}", accept="application/n-triples").read()
    assert told == b'<urn:b> <urn:title> "two" .\n'


def test_terms_arrive_as_they_are(asked: Any, good: str) -> None:
    query = f"SELECT ?p ?o {{ SERVICE <{good}> {{ ?s ?p ?o FILTER(isLiteral(?o)) }} ?s ?t ?x }}"
    found = json.loads(asked.query(query, accept=RESULTS).read())["results"]["bindings"]
    terms = {
        (row["o"]["value"], row["o"].get("xml:lang"), row["o"].get("datatype")) for row in found
    }
    assert terms == {
        ("12", None, "http://www.w3.org/2001/XMLSchema#integer"),
        ("nee", "nl", None),
        ('a "b"\n\\u0022 é', None, None),
    }


def test_a_blank_node_of_a_peer_gets_an_address_of_ours(asked: Any, good: str) -> None:
    query = f"""SELECT ?x ?y ?n {{ SERVICE <{good}> {{ ?z <urn:held> ?x . ?x <urn:name> ?n }}
        SERVICE <{good}> {{ ?z <urn:held> ?y . ?y <urn:name> ?n }} }}"""
    [row] = rows(asked, query)
    pattern = r"https://catalogue\.example/\.well-known/genid/[0-9a-f]{16}-1"
    assert re.fullmatch(pattern, row["x"])
    assert row["x"] != row["y"], "nobody says that the two answers mean the same one"


def test_the_same_blank_node_is_one_within_an_answer(asked: Any, good: str) -> None:
    query = f"SELECT ?x ?y {{ SERVICE <{good}> {{ <urn:z> <urn:held> ?x, ?y ; <urn:by> ?z }} }}"
    [row] = rows(asked, query)
    assert row["x"] == row["y"]


def test_variables_inside_stay_inside(asked: Any, good: str) -> None:
    part = f"SERVICE <{good}> {{ SELECT ?s {{ ?s <urn:held> ?h }} }}"
    assert columns(asked, f"SELECT * {{ {part} }}") == {"s"}
    again = f"SELECT ?h {{ {part} BIND(<urn:free> AS ?h) ?s <urn:title> 'one' }}"
    assert rows(asked, again) == [{"h": "urn:free"}]


def test_a_part_without_variables_is_there_or_not(asked: Any, good: str) -> None:
    part = f"SERVICE <{good}> {{ <urn:a> <urn:held> <urn:umc> }}"
    assert rows(asked, f"SELECT ?s {{ ?s <urn:title> 'one' {part} }}") == [{"s": "urn:a"}]
    other = part.replace("umc", "nobody")
    assert rows(asked, f"SELECT ?s {{ ?s <urn:title> 'one' {other} }}") == []


def test_no_solutions_keep_their_columns(asked: Any, good: str) -> None:
    part = f"SERVICE <{good}> {{ ?s <urn:never> ?o }}"
    assert rows(asked, f"SELECT * {{ {part} }}") == []
    assert columns(asked, f"SELECT * {{ {part} }}") == {"s", "o"}


def test_a_peer_with_a_prefix_and_a_base_is_asked_with_them(asked: Any, good: str) -> None:
    root = good.removesuffix("query")
    query = f"""BASE <{root}> PREFIX u: <urn:> PREFIX here: <>
        SELECT ?s {{ SERVICE here:query {{ ?s u:held u:ncc }}
                    SERVICE <query> {{ ?s u:said ?x }} }}"""
    assert rows(asked, query) == [{"s": "urn:b"}, {"s": "urn:b"}]


def test_addresses_that_are_not_whole_are_ours_and_not_the_peers(engine: Any, odd: Any) -> None:
    query = f"SELECT * {{ SERVICE <{odd.url('/sparql')}> {{ <x> ?p ?o }} }}"
    rows(store(engine, odd.url("/sparql")), query)
    [seen] = odd.seen
    assert b"BASE+%3Chttps%3A%2F%2Fcatalogue.example%2Fsparql%3E" in seen.body


def test_the_dataset_of_the_query_is_not_the_peers(asked: Any, good: str) -> None:
    query = f"SELECT ?s {{ SERVICE <{good}> {{ ?s <urn:held> <urn:ncc> }} ?s <urn:title> ?t }}"
    assert rows(asked, query, default_graphs=["urn:graph:ours"]) == [{"s": "urn:b"}]
    assert rows(asked, query, default_graphs=["urn:graph:other"]) == []


def test_from_chooses_among_our_graphs_only(asked: Any, good: str) -> None:
    query = (
        "SELECT ?s FROM NAMED <urn:graph:ours> { "
        f"SERVICE <{good}> {{ ?s <urn:held> <urn:ncc> }} GRAPH ?g {{ ?s <urn:title> ?t }} }}"
    )
    assert rows(asked, query) == [{"s": "urn:b"}]
    assert rows(asked, query.replace("graph:ours", "graph:other")) == []


def test_an_answer_of_a_peer_is_never_repeatable(asked: Any, good: str) -> None:
    query = f"SELECT ?s {{ SERVICE <{good}> {{ ?s <urn:held> <urn:ncc> }} }}"
    assert asked.query(query).repeatable is False
    assert asked.query("SELECT ?s { ?s <urn:title> 'SERVICE' }").repeatable is True


def test_a_peer_hears_the_pattern_and_nothing_else_of_the_query(engine: Any, odd: Any) -> None:
    asked = store(engine, odd.url("/sparql"))
    part = f"SERVICE <{odd.url('/sparql')}> {{ ?s ?p 4 # my note\n }}"
    query = f"SELECT ?s {{ ?s <urn:title> 'one' {part} }}"
    assert rows(asked, query) == [{"s": "urn:a"}]
    [seen] = odd.seen
    assert b"title" not in seen.body
    assert b"note" not in seen.body
    assert seen.method == "POST"
    assert seen.headers["Accept"] == RESULTS
    assert not {"Cookie", "Authorization", "Referer", "Origin"} & set(seen.headers)


@pytest.mark.parametrize(
    ("query", "asked_for"),
    [
        ("SELECT ?s { PART }", "SELECT+%3Fs+WHERE"),
        ("SELECT ?s { PART FILTER($o != 1) }", "SELECT+%3Fo+%3Fs+WHERE"),
        ("SELECT * { PART }", "SELECT+%3Fo+%3Fp+%3Fs+WHERE"),
        ("ASK { PART }", "SELECT+%2A+WHERE"),
    ],
)
def test_a_peer_is_asked_only_for_what_matters_outside(
    engine: Any, odd: Any, query: str, asked_for: str
) -> None:
    part = f"SERVICE <{odd.url('/sparql')}> {{ ?s ?p ?o }}"
    store(engine, odd.url("/sparql")).query(query.replace("PART", part)).read()
    [seen] = odd.seen
    assert asked_for in seen.body.decode()


def test_whatever_else_a_peer_binds_is_not_taken(engine: Any, odd: Any) -> None:
    found = [{"s": {"type": "uri", "value": "urn:a"}, "t": {"type": "literal", "value": "ours!"}}]
    odd.answer("/sparql", results(["s", "t"], found), media_type=RESULTS)
    asked = store(engine, odd.url("/sparql"))
    query = (
        f"SELECT ?s ?t {{ ?s <urn:title> ?t SERVICE <{odd.url('/sparql')}> {{ ?s <urn:p> 1 }} }}"
    )
    assert rows(asked, query) == [{"s": "urn:a", "t": "one"}]


def test_the_store_behind_may_be_any_other(asked: Any, good: str) -> None:
    behind = from_url(f"oxigraph+{good.removesuffix('/query')}")
    elsewhere = replace(asked, behind=behind)
    part = f"SERVICE <{good}> {{ ?s <urn:held> <urn:ncc> }}"
    assert rows(elsewhere, f"SELECT ?n {{ {part} ?s <urn:count>|<urn:said> ?n }}")[0].keys() == {
        "n"
    }
    with pytest.raises(QuerySyntax):
        rows(elsewhere, f"SELECT * {{ {part} ?s }}")
    behind.close()


def test_a_query_without_parts_is_left_alone(asked: Any) -> None:
    assert rows(asked, "SELECT ?s { ?s <urn:title> 'one' }") == [{"s": "urn:a"}]
    assert rows(asked, "SELECT ?s { ?s <urn:title> 'SERVICE' }") == []
