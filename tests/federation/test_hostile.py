"""Peers that fail, lie or never end, and queries that want to reach somebody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from federation.neighbours import RESULTS, columns, iri, results, rows, store
from misbehaving import answering, drip, endless, gzipped_zeros, raw, redirecting, silent

from catalogue.errors import (
    BadRequest,
    PeerFailed,
    PeerLate,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
)
from catalogue.federation.asking import MOST_ROWS

ONE = results(["s"], [{"s": iri("urn:a")}])
PATTERN = "{ ?s ?p ?o }"
JSON = {"media_type": RESULTS}


def of(url: str, form: str = "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}") -> str:
    return form.format(url=url)


FAILURES = {
    "an error": answering("no", status=500),
    "too busy": answering("no", status=503),
    "closed to us": answering("no", status=403),
    "gone": answering("", status=404),
    "a web page": answering("<title>Sign in</title>", media_type="text/html"),
    "another form": answering("s\nurn:a\n", media_type="text/csv"),
    "XML called JSON": answering("<sparql/>", **JSON),
    "half an answer": answering('{"head":{"vars":["s"]},"results":{"bindings":[', **JSON),
    "a yes": answering('{"head":{},"boolean":true}', **JSON),
    "a list": answering("[]", **JSON),
    "rows that are none": answering(results(["s"], ["urn:a"]), **JSON),
    "a term that is none": answering(results(["s"], [{"s": "urn:a"}]), **JSON),
    "a term without a value": answering(results(["s"], [{"s": {"type": "uri"}}]), **JSON),
    "a number as a value": answering(
        results(["s"], [{"s": {"type": "literal", "value": 1}}]), **JSON
    ),
    "a quoted triple": answering(results(["s"], [{"s": {"type": "triple", "value": {}}}]), **JSON),
    "an address that breaks out": answering(results(["s"], [{"s": iri("urn:a> <urn:b")}]), **JSON),
    "an address that is not whole": answering(results(["s"], [{"s": iri("x")}]), **JSON),
    "a language that breaks out": answering(
        results(["s"], [{"s": {"type": "literal", "value": "x", "xml:lang": "en } #"}}]), **JSON
    ),
    "a datatype that breaks out": answering(
        results(["s"], [{"s": {"type": "literal", "value": "x", "datatype": "u:> <x"}}]), **JSON
    ),
    "half a character": answering(
        '{"results":{"bindings":[{"s":{"type":"literal","value":"\\ud800"}}]}}', **JSON
    ),
    "no UTF-8": answering(b'{"results":{"bindings":[{"s":"\xff"}]}}', **JSON),
    "depth": answering("[" * 300_000, **JSON),
    "density": answering("[" + "{}," * 1_000_000 + "{}]", **JSON),
    "a hang-up": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "no HTTP": raw(b"hello\r\n\r\n"),
    "a bomb": answering(gzipped_zeros(20_000_000), headers={"Content-Encoding": "gzip"}, **JSON),
    "no end": endless(
        b"HTTP/1.1 200 OK\r\nContent-Type: " + RESULTS.encode() + b"\r\n\r\n", [b"x" * 65536] * 999
    ),
}


@pytest.mark.parametrize("behaviour", FAILURES.values(), ids=FAILURES)
def test_a_peer_that_fails_is_named_and_its_failure_is_no_answer(
    engine: Any, odd: Any, behaviour: Any
) -> None:
    odd.behave("/sparql", behaviour)
    url = odd.url("/sparql")
    asked = store(engine, url)
    with pytest.raises(PeerFailed, match=f"^p0 <{url}> ") as failed:
        rows(asked, of(url))
    assert not isinstance(failed.value, PeerLate)
    assert len(odd.seen) == 1
    query = f"SELECT * {{ ?a <urn:title> 'one' SERVICE SILENT <{url}> {PATTERN} }}"
    assert rows(asked, query) == [{"a": "urn:a"}]
    assert columns(asked, query) == {"a", "s", "p", "o"}


@pytest.mark.parametrize(
    "behaviour", [silent, drip(b"HTTP/1.1 200 OK\r\n", b"X"), answering("", status=504)]
)
def test_a_peer_that_is_late_is_named(engine: Any, odd: Any, behaviour: Any) -> None:
    odd.behave("/sparql", behaviour)
    url = odd.url("/sparql")
    with pytest.raises(PeerLate, match=f"^p0 <{url}> did not answer in time"):
        rows(store(engine, url, seconds=0.5), of(url))
    query = f"SELECT ?a {{ ?a <urn:title> 'one' SERVICE SILENT <{url}> {PATTERN} }}"
    assert rows(store(engine, url, seconds=0.5), query) == [{"a": "urn:a"}]


def test_all_peers_are_asked_at_once(engine: Any, odd: Any) -> None:
    """Each answers only when the other was asked as well."""

    def after_both(handler: Any) -> None:
        while len(odd.seen) < 2 and not odd.stopping.wait(0.005):
            pass
        answering(ONE, **JSON)(handler)

    odd.behave("/one", after_both)
    odd.behave("/two", after_both)
    asked = store(engine, odd.url("/one"), odd.url("/two"))
    query = (
        f"SELECT ?s {{ SERVICE <{odd.url('/one')}> {{ ?s ?p 1 }} "
        f"SERVICE <{odd.url('/two')}> {{ ?s ?q 2 }} }}"
    )
    assert rows(asked, query) == [{"s": "urn:a"}]


def test_too_many_rows_are_an_error_and_never_a_cut(engine: Any, odd: Any) -> None:
    url = odd.url("/sparql")
    asked = store(engine, url)
    few = [{"s": iri(f"u:{number}")} for number in range(MOST_ROWS)]
    odd.answer("/sparql", results(["s"], few), **JSON)
    assert len(rows(asked, of(url))) == MOST_ROWS
    assert f"LIMIT+{MOST_ROWS + 1}".encode() in odd.seen[0].body
    odd.answer("/sparql", results(["s"], [*few, {"s": iri("u:x")}]), **JSON)
    for form in (of(url), of(url).replace("SERVICE", "SERVICE SILENT")):
        with pytest.raises(QueryTooLarge, match=f"p0 <{url}> answered with more than {MOST_ROWS}"):
            rows(asked, form)


@pytest.mark.parametrize("header", ["X-SPARQL-MaxRows", "X-SQL-State"])
def test_an_answer_that_a_peer_cut_off_is_an_error(engine: Any, odd: Any, header: str) -> None:
    odd.answer("/sparql", ONE, headers={header: "10"}, **JSON)
    url = odd.url("/sparql")
    with pytest.raises(QueryTooLarge, match=f"p0 <{url}> cut its answer off"):
        rows(store(engine, url), of(url))


def test_rows_that_are_too_wide_are_an_error_too(engine: Any, odd: Any) -> None:
    url = odd.url("/sparql")
    wide = [{"s": {"type": "literal", "value": "x" * 600_000}}] * 2
    odd.answer("/sparql", results(["s"], wide), **JSON)
    with pytest.raises(QueryTooLarge, match="narrow the part inside SERVICE"):
        rows(store(engine, url), of(url))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(engine: Any, odd: Any, stranger: Any, status: int) -> None:
    odd.behave("/sparql", redirecting(stranger.url("/sparql"), status))
    url = odd.url("/sparql")
    with pytest.raises(PeerFailed):
        rows(store(engine, url), of(url))
    odd.behave("/sparql", redirecting("/elsewhere", status))
    with pytest.raises(PeerFailed):
        rows(store(engine, url), of(url))
    assert odd.paths == ["/sparql", "/sparql"]
    assert stranger.seen == []


@pytest.mark.parametrize(
    "value",
    [
        '" } SERVICE <https://evil.example/> { ?s ?p "',
        "'\\u0022 . } #",
        '\\u0022) } SERVICE <urn:x> {} VALUES ?z { ("',
        "\\",
        "\\\\u0022",
        "\\U00000022 }",
        "a\x00b\x7f\u2028\n\r\t\f",
        "# } { ( ) ] [ <a> <b>",
        "INSERT DATA { <a> <b> <c> }",
        "'''\"\"\"",
        "",
    ],
)
def test_a_text_of_a_peer_stays_a_text(engine: Any, odd: Any, value: str) -> None:
    url = odd.url("/sparql")
    term = {"type": "literal", "value": value}
    odd.answer("/sparql", results(["s"], [{"s": term}]), **JSON)
    assert rows(store(engine, url), of(url)) == [{"s": value}]


DISGUISES = {
    "plain": "ASK { SERVICE <URL> { ?s ?p ?o } }",
    "silent": "ASK { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "lower case": "ask{service<URL>{?s ?p ?o}}",
    "an escape in the word": "ASK { SER\\u0056ICE <URL> { ?s ?p ?o } }",
    "escapes everywhere": "ASK { \\u0053\\u0045RVICE \\u003CURL> { ?s ?p ?o } }",
    "a comment between": "ASK { SERVICE # <PEER>\n <URL> { ?s ?p ?o } }",
    "a prefix": "PREFIX x: <URL> ASK { SERVICE x: { ?s ?p ?o } }",
    "a prefix called service": "PREFIX service: <URL> ASK { SERVICE service: { ?s ?p ?o } }",
    "glued": "PREFIX : <URL> ASK { SERVICE: { ?s ?p ?o } }",
    "glued and silent": "PREFIX : <URL> ASK { SERVICESILENT: { ?s ?p ?o } }",
    "glued to a number": "PREFIX : <URL> ASK { ?a ?b 1SERVICE: { ?s ?p ?o } }",
    "a long s": "ASK { \u017fERVICE <URL> { ?s ?p ?o } }",
    "a prefix twice": "PREFIX x: <PEER> PREFIX x: <URL> ASK { SERVICE x: { ?s ?p ?o } }",
    "a base": "BASE <URL> ASK { SERVICE <> { ?s ?p ?o } }",
    "a variable": "ASK { VALUES ?x { <URL> <PEER> } SERVICE ?x { ?s ?p ?o } }",
    "a variable that is bound to a peer": "ASK { BIND(<PEER> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "inside a peer's": "ASK { SERVICE <PEER> { SERVICE <URL> { ?s ?p ?o } } }",
    "after a peer's": "ASK { SERVICE <PEER> { ?s ?p 1 } SERVICE <URL> { ?s ?p ?o } }",
    "deep down": "ASK { FILTER NOT EXISTS { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } } }",
    "a fragment": "ASK { SERVICE <PEER#URL> { ?s ?p ?o } }",
    "a user": "ASK { SERVICE <http://PEER@HOST/sparql> { ?s ?p ?o } }",
    "percent": "ASK { SERVICE <PEER%20> { ?s ?p ?o } }",
    "a query of its own": "ASK { SERVICE <PEER?to=URL> { ?s ?p ?o } }",
    "FROM": "ASK FROM <URL> { SERVICE <URL> { ?s ?p ?o } }",
    "out of the braces": "ASK { SERVICE <PEER> { ?s ?p ?o } } SERVICE <URL> { }",
    "a string that ends early": "ASK { SERVICE <PEER> { ?s ?p '\\u005Cu0027 } SERVICE <URL> {} } }",
    "a load": "ASK { SERVICE <PEER> { ?s ?p ?o } } ; LOAD <URL>",
}


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
@pytest.mark.parametrize("query", DISGUISES.values(), ids=DISGUISES)
def test_nobody_else_is_ever_asked(
    engine: Any, odd: Any, stranger: Any, query: str, on: bool
) -> None:
    """Nor is a peer, when the query as a whole cannot be answered."""
    url, peer = stranger.url("/sparql"), odd.url("/sparql")
    host = url.split("/")[2]
    query = query.replace("URL", url).replace("PEER", peer).replace("HOST", host)
    asked = store(engine, peer) if on else engine.store()
    with pytest.raises((QueryRefused, QuerySyntax)):
        asked.query(query).read()
    assert stranger.seen == []
    assert odd.seen == []


def test_who_is_not_on_the_list_is_told_who_is(engine: Any, odd: Any, stranger: Any) -> None:
    url, peer = stranger.url("/sparql"), odd.url("/sparql")
    with pytest.raises(QueryRefused) as refused:
        rows(store(engine, peer), of(url))
    assert str(refused.value) == (
        f"line 1, column 12: SERVICE <{url}> is not available: this endpoint only asks p0 <{peer}>"
    )


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { SERVICE <PEER> { ?s ?p } }", QuerySyntax),
        ("SELECT * { SERVICE <PEER> { ?s ?p ?o } ?x }", QuerySyntax),
        ("SELECT * { SERVICE <PEER> { BIND(1 AS ?s) } BIND(2 AS ?s) }", QuerySyntax),
        ("CONSTRUCT { SERVICE <PEER> { ?s ?p ?o } } { ?s ?p ?o }", QuerySyntax),
        ("SELECT * FROM <file:///etc/passwd> { SERVICE <PEER> { ?s ?p ?o } }", QueryRefused),
        ("SELECT * { SERVICE <PEER> { ?s ?p ?o . INSERT } }", QueryRefused),
        ("SERVICE <PEER> { ?s ?p ?o }", QuerySyntax),
        ("SELECT * { SERVICE <PEER> { " + "{" * 300 + "}" * 300 + " } }", QueryRefused),
    ],
)
def test_a_query_that_cannot_be_answered_is_not_asked(
    engine: Any, odd: Any, query: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        store(engine, odd.url("/sparql")).query(query.replace("PEER", odd.url("/sparql")))
    assert odd.seen == []


def test_a_form_that_we_cannot_write_is_told_before_anybody_is_asked(engine: Any, odd: Any) -> None:
    asked = store(engine, odd.url("/sparql"))
    with pytest.raises(BadRequest):
        asked.query(of(odd.url("/sparql")), accept="image/png")
    with pytest.raises(QueryRefused):
        asked.query(of(odd.url("/sparql")), default_graphs=["file:///etc/passwd"])
    assert odd.seen == []


def test_a_seat_is_wanted_before_anybody_is_asked(engine: Any, odd: Any) -> None:
    def full() -> None:
        raise PermissionError

    asked = store(engine, odd.url("/sparql"))
    with pytest.raises(PermissionError):
        asked.query(of(odd.url("/sparql")), at_length=full)
    assert odd.seen == []


def test_a_mistake_is_told_at_its_own_place(engine: Any, odd: Any) -> None:
    query = f"SELECT *\n{{ # here\n SERVICE <{odd.url('/sparql')}>\n  {{ ?s ?p }} }}"
    with pytest.raises(QuerySyntax, match="line 4, column "):
        rows(store(engine, odd.url("/sparql")), query)


def test_the_rest_of_a_query_has_only_the_rest_of_its_time(engine: Any, odd: Any) -> None:
    """A thousand rows from each of four parts that share nothing."""
    url = odd.url("/sparql")
    odd.answer("/sparql", results(["s"], [{"s": iri("u:x")}] * MOST_ROWS), **JSON)
    parts = " ".join(f"SERVICE <{url}> {{ ?s{number} ?p ?o }}" for number in range(4))
    with pytest.raises(QueryTimeout):
        rows(store(engine, url), f"SELECT (COUNT(?s0) AS ?n) {{ {parts} }}", seconds=4.0)
    assert len(odd.seen) == 4


def test_a_peer_that_asks_to_be_left_alone_is(engine: Any, odd: Any) -> None:
    odd.behave("/sparql", answering("", status=429, headers={"Retry-After": "600"}))
    url = odd.url("/sparql")
    asked = store(engine, url)
    for _ in range(3):
        with pytest.raises(PeerFailed, match="status 429"):
            rows(asked, of(url))
    assert len(odd.seen) == 1


@pytest.mark.parametrize("place", ["127.0.0.1", "localhost", "[::1]", "2130706433"])
def test_a_peer_whose_name_leads_inside_is_not_called(engine: Any, place: str) -> None:
    """Unless an operator allows the host to be there."""
    url = f"https://{place}/sparql"
    with pytest.raises(PeerFailed, match="may not be called from here"):
        rows(store(engine, url, allowed=()), of(url))


def test_numbers_that_python_cannot_read_are_a_failure(engine: Any, odd: Any) -> None:
    content = json.dumps({"results": {"bindings": []}})[:-1] + ',"x":' + "9" * 5000 + "}"
    odd.answer("/sparql", content, **JSON)
    with pytest.raises(PeerFailed):
        rows(store(engine, odd.url("/sparql")), of(odd.url("/sparql")))
