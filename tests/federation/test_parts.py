"""Take a query apart where it says SERVICE, whatever it is dressed up as."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import QueryRefused, QuerySyntax, SettingsError
from catalogue.federation import parts, peers, solutions
from catalogue.federation.parts import take_apart
from catalogue.federation.peers import Peers
from catalogue.store.guard import inspect

BASE = "https://catalogue.example/sparql"
PEER = "https://umc.example/sparql"
PATTERN = "{ ?s ?p ?o }"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE <{PEER}> {PATTERN} }}",
        f"select*{{service<{PEER}>{PATTERN}}}",
        f"SELECT * {{ # {{ ?x\n SeRvIcE # <https://other.example/>\n <{PEER}> # {{\n{PATTERN} }}",
        f"PREFIX p: <{PEER}> ASK {{ SERVICE p: {PATTERN} }}",
        f"PREFIX p: <https://umc.example/> ASK {{ SERVICE p:sparql {PATTERN} }}",
        f"PREFIX p: <https://umc.example/> ASK {{ SERVICE p:s\\u0070arql {PATTERN} }}",
        f"ASK {{ SER\\u0056ICE \\u003Chttps://umc.example/sparql> {PATTERN} }}",
        f"PREFIX SILENT: <https://umc.example/> ASK {{ SERVICE SILENT:sparql {PATTERN} }}",
        f"BASE <https://umc.example/a/b> ASK {{ SERVICE </sparql> {PATTERN} }}",
        f"BASE <https://umc.example/a/> BASE <../> ASK {{ SERVICE <sparql> {PATTERN} }}",
        f"BASE <https://umc.example/> PREFIX p: <sp> ASK {{ SERVICE p:arql {PATTERN} }}",
        f"ASK {{ SERVICE <https://umc.example/sp\\u0061rql> {PATTERN} }}",
        f"ASK {{ FILTER EXISTS {{ SERVICE <{PEER}> {PATTERN} }} }}",
        f"ASK {{ {{ SELECT * {{ SERVICE <{PEER}> {PATTERN} }} }} UNION {{ ?a ?b ?c }} }}",
    ],
)
def test_a_part_is_found_with_its_address(query: str) -> None:
    [part] = take_apart(query, BASE).parts
    assert (part.endpoint, part.pattern.split()) == (PEER, PATTERN.split())
    assert not part.silent


def test_silent_is_seen() -> None:
    [part] = take_apart(f"ASK {{ SERVICE silent <{PEER}> {PATTERN} }}", BASE).parts
    assert part.silent


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <https://umc.example/sparql> { ?s ?p ?o }' }",
        "SELECT * { ?s ?p '''\nSERVICE <https://umc.example/sparql> { }''' }",
        "SELECT * { ?s <urn:SERVICE> ?SERVICE # SERVICE <urn:x> { }\n }",
        "PREFIX service: <urn:x> SELECT * { ?s service:SERVICE ?o ; <urn:a> _:SERVICE }",
    ],
)
def test_the_word_in_a_text_a_name_or_a_comment_is_no_part(query: str) -> None:
    assert parts.mentions(query)
    assert take_apart(query, BASE).parts == ()


def test_an_escape_in_a_text_does_not_end_it() -> None:
    query = f"ASK {{ SERVICE <{PEER}> {{ ?s ?p '\\u0027 }} SERVICE <urn:x> {{}} #' }} }}"
    [part] = take_apart(query, BASE).parts
    assert part.pattern == "{ ?s ?p '\\' } SERVICE <urn:x> {} #' }"


@pytest.mark.parametrize(
    ("endpoint", "means"),
    [
        ("<https://umc.example/sparql#x>", "https://umc.example/sparql#x"),
        ("<https://umc.example/%73parql>", "https://umc.example/%73parql"),
        ("<HTTPS://umc.example/sparql>", "HTTPS://umc.example/sparql"),
        ("<https://umc.example:443/sparql>", "https://umc.example:443/sparql"),
        ("<https://umc.example/x/../sparql>", "https://umc.example/x/../sparql"),
        ("<https://me@umc.example/sparql>", "https://me@umc.example/sparql"),
        ("<sparql>", "https://catalogue.example/sparql"),
        ("<//umc.example/sparql>", "https://umc.example/sparql"),
        ("<>", "https://catalogue.example/sparql"),
    ],
)
def test_an_address_is_taken_as_it_is_written(endpoint: str, means: str) -> None:
    [part] = take_apart(f"ASK {{ SERVICE {endpoint} {PATTERN} }}", BASE).parts
    assert part.endpoint == means


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (f"ASK {{ ?x ?y ?z SERVICE ?x {PATTERN} }}", "not by a variable"),
        (f"ASK {{ SERVICE SILENT $x {PATTERN} }}", "not by a variable"),
        (
            f"ASK {{ SERVICE <{PEER}> {{ SERVICE <{PEER}> {PATTERN} }} }}",
            "inside a SERVICE is not available",
        ),
        (f"ASK {{ SERVICE <{PEER}> {PATTERN} \\u005Cu003C }}", "change how it is read"),
        (" ".join(["ASK {", *[f"SERVICE <{PEER}> {PATTERN}"] * 5, "}"]), "no more than 4"),
        (f"ASK {{ SERVICE <{PEER}> {PATTERN} '{'x' * 64_000}' }}", "the limit is 64000"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(query: str, says: str) -> None:
    with pytest.raises(QueryRefused, match=says):
        take_apart(query, BASE)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (f"ASK {{ SERVICE <{PEER}> {{ ?s ?p ?o ", "never closed"),
        (f"ASK {{ SERVICE <{PEER}> ?s ?p ?o }}", "not followed by an address"),
        (f"ASK {{ SERVICE 'x' {PATTERN} }}", "not followed by an address"),
        (f"ASK {{ SERVICE p:x {PATTERN} }}", "prefix p: is not declared"),
        (f"PREFIX BASE <x> ASK {{ SERVICE p:x {PATTERN} }}", "prefix p: is not declared"),
        (f"ASK {{ SERVICE SILENT {PATTERN} }}", "not followed by an address"),
        ("ASK { SERVICE", "not followed by an address"),
    ],
)
def test_what_is_no_query_is_told_where(query: str, says: str) -> None:
    with pytest.raises(QuerySyntax, match=f"line 1, column .*{says}"):
        take_apart(query, BASE)


def test_a_part_is_asked_with_the_names_of_the_whole_query() -> None:
    query = f"PREFIX d: <urn:d>#x\nSELECT * {{ SERVICE <{PEER}> {{ ?s d:p # mine\n ?o }} }}"
    apart = take_apart(query, BASE)
    asked = apart.question(apart.parts[0], ["?s", "?o"], 11)
    assert asked == (
        f"BASE <{BASE}> PREFIX d: <urn:d> SELECT ?s ?o WHERE {{ ?s d:p ?o }}\nLIMIT 11"
    )


def test_what_is_around_the_parts_stays_on_its_line() -> None:
    query = f"SELECT * {{\n SERVICE <{PEER}>\n {{ ?s\n ?p ?o }}\n ?s ?q ?z\n}}"
    apart = take_apart(query, BASE)
    whole = apart.put(["VALUES () { }"])
    assert whole.split("\n")[4:] == query.split("\n")[4:]
    assert "SERVICE" not in whole


def test_a_part_alone_stays_where_people_see_it() -> None:
    query = f"PREFIX d: <urn:d>\nSELECT ?x {{\n SERVICE <{PEER}> # {{ \n {{ ?s d:p ?o }} }}"
    apart = take_apart(query, BASE)
    alone = apart.in_its_place(apart.parts[0])
    assert alone.split("\n")[3] == " { ?s d:p ?o }LIMIT 0"
    assert " ".join(alone.split()) == "PREFIX d: <urn:d> SELECT* { ?s d:p ?o }LIMIT 0"


def test_a_comparison_cannot_hide_what_a_part_asks() -> None:
    inside = "?s ?p ?o FILTER(' '<'>') SERVICE SILENT <http://evil.example/> {} } LIMIT 9 #'"
    with pytest.raises(QuerySyntax, match=r"string is opened|write a space"):
        take_apart(f"SELECT ?s {{ SERVICE <{PEER}> {{ {inside}}} }}", BASE)


def test_a_variable_behind_a_comparison_is_outside_too() -> None:
    query = f"SELECT ?s {{ SERVICE <{PEER}> {{ ?s ?p ?b }} FILTER(1<?b&&?b>0) }}"
    apart = take_apart(query, BASE)
    assert apart.outside(apart.parts[0]) == {"?s", "?b"}


WORDS = ["SERVICE", "service", "SILENT", "PREFIX", "BASE", "VERSION", "SELECT *", "ASK", "p:"]
TERMS = [f"<{PEER}>", "<x>", "<>", "p:x", ":", "?x", "'a'", '"""b"""', PATTERN, "#c\n"]
MARKS = ["{", "}", "{", "}", "(", ")", ";", "'", "\\", "%", "\ud800", "<http://[bad>"]
DRESSED = ["\\u0053ERVICE", "\\u007B", "\\u0027", "\\u005Cu003C", "<a\\u003Eb>", "\u017fERVICE"]
GLUED = ["1SERVICE:", "SERVICE:x", "SERVICESILENT"]
SOUP = [*WORDS, *TERMS, *MARKS, *DRESSED, *GLUED]


@given(st.lists(st.tuples(st.sampled_from(SOUP), st.sampled_from(["", " "])), max_size=14))
def test_whatever_is_sent_is_taken_apart_or_refused(pieces: list[tuple[str, str]]) -> None:
    query = "".join(map("".join, pieces))
    try:
        apart = take_apart(f"{query} SERVICE <{PEER}> {PATTERN}", BASE)
        for part in apart.parts:
            assert "SERVICE" not in [each.upper() for each in part.pattern.split()]
            assert apart.in_its_place(part).endswith("LIMIT 0")
            begins = {name[:2] for name in apart.outside(part)}
            assert begins <= {"?x", "?s", "?p", "?o"}, "a word may be glued to a variable"
        inspect(apart.put([solutions.nothing(())] * len(apart.parts)))
    except (QueryRefused, QuerySyntax):
        return


@pytest.mark.parametrize(
    "stated",
    [
        "https://umc.example/sparql",
        "umc=ftp://umc.example/sparql",
        "umc=http://umc.example/sparql",
        "umc=https://me:secret@umc.example/sparql",
        "umc=https://umc.example/sparql#x",
        "umc=https:///sparql",
        "umc=https://umc.example:8890/sparql",
        "umc=https://umc.example/<x>",
        "umc=",
        "a b=https://umc.example/",
    ],
)
def test_a_peer_is_an_encrypted_address_of_a_host(stated: str) -> None:
    with pytest.raises(SettingsError, match="CATALOGUE_PEERS"):
        Peers.read([stated])


def test_a_peer_on_a_private_network_may_be_asked_in_the_open() -> None:
    assert Peers.read(["near=http://127.0.0.1:7/q"], ["127.0.0.1"]).at("http://127.0.0.1:7/q")


def test_the_same_peer_twice_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="twice"):
        Peers.read([f"a={PEER}", f"b={PEER}"])


@pytest.mark.parametrize("module", [parts, peers, solutions])
def test_the_examples_in_the_documentation_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0
