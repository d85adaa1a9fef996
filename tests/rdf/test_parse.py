"""Strangers' bytes: what is read, what is refused, and that the next document is still read."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from catalogue.errors import LimitExceeded, ParseFailed
from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser
from catalogue.rdf.parse_child import Limits
from catalogue.rdf.split import too_long

BASE = "https://holder.example/data/all.ttl"
RDF_NS = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
RDF = f'<rdf:RDF {RDF_NS} xmlns:dct="http://purl.org/dc/terms/">%s</rdf:RDF>'
TITLED = '<rdf:Description rdf:about="https://holder.example/1"><dct:title>é</dct:title></rdf:Description>'

Parse = Callable[..., Graph]


@pytest.fixture
def parse(parser: Parser) -> Parse:
    def parse(content: bytes | str, media_type: str | None = None, base: str = BASE) -> Graph:
        encoded = content.encode() if isinstance(content, str) else content
        return parser.parse(encoded, media_type=media_type, base=base)

    return parse


def only(graph: Graph) -> ox.Triple:
    (triple,) = graph
    return triple


# --- reading -----------------------------------------------------------------------------


def test_relative_addresses_are_the_sources_own(parse: Parse) -> None:
    triple = only(parse("<d1> <p> <../x> ."))
    assert str(triple.subject) == "<https://holder.example/data/d1>"
    assert str(triple.object) == "<https://holder.example/x>"


def test_the_names_of_graphs_are_never_used(parse: Parse) -> None:
    trig = "<https://us.example/graph/system> { <a> <b> <c> } <g2> { <a> <b> <c> }"
    assert len(parse(trig, "application/trig")) == 1
    quads = "<urn:a> <urn:b> <urn:c> <https://us.example/graph/system> ."
    assert len(parse(quads, "application/n-quads")) == 1


def test_literals_are_kept_as_they_were_written(parse: Parse) -> None:
    graph = parse(
        '<a> <b> "2026-02-30"^^<http://www.w3.org/2001/XMLSchema#date>,'
        ' "007"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>,'
        ' "NaN"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    )
    assert {t.object.value for t in graph} == {"2026-02-30", "007", "NaN"}


def test_a_number_with_two_hundred_thousand_digits_is_too_long_to_be_meant(parse: Parse) -> None:
    graph = parse(b"<a> <b> " + b"9" * 200_000 + b" .")
    assert (too_long(graph) or "").startswith("a text of 200,000 characters")


def test_blank_nodes_of_two_documents_stay_apart(parse: Parse) -> None:
    one, other = parse("_:x <p> 1 ."), parse("_:x <p> 2 .")
    assert only(one).subject != only(other).subject


def test_the_same_document_gives_the_same_graph(parse: Parse) -> None:
    assert parse("[] <p> [ <q> 1 ] .") == parse("[] <p> [ <q> 1 ] .")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_xml_may_be_in_any_usual_encoding(parse: Parse, encoding: str) -> None:
    named = encoding.removesuffix("-sig")
    document = f'<?xml version="1.0" encoding="{named}"?>' + RDF % TITLED
    assert only(parse(document.encode(encoding))).object == ox.Literal("é")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_turtle_may_have_a_byte_order_mark(parse: Parse, encoding: str) -> None:
    assert only(parse('<a> <b> "é" .'.encode(encoding))).object == ox.Literal("é")


def test_json_ld_with_schema_orgs_context_needs_no_network(parse: Parse) -> None:
    document = {"@context": "https://schema.org/", "@id": "d", "name": "Exomes"}
    triple = only(parse(json.dumps(document), "application/ld+json"))
    assert triple.predicate.value == "https://schema.org/name"


def test_an_address_that_could_break_out_of_its_line_is_encoded(parse: Parse) -> None:
    graph = parse(r"<a> <b> <http://x.example/\u003E\u0020\u002E\u000A{{x}}> .")
    assert only(graph).object == ox.NamedNode("http://x.example/%3E%20.%0A%7B%7Bx%7D%7D")


def test_a_language_tag_cannot_break_out_of_its_line(parse: Parse) -> None:
    value = {"@value": "x", "@language": "en> .\n<urn:evil> <urn:evil> <urn:evil"}
    graph = parse(json.dumps({"@id": "d", "urn:p": value}), "application/ld+json")
    assert only(graph).object == ox.Literal("x")


def test_language_tags_with_underscores_are_read(parse: Parse) -> None:
    value = {"@value": "colour", "@language": "en_GB"}
    graph = parse(json.dumps({"@id": "d", "urn:p": value}), "application/ld+json")
    assert only(graph).object == ox.Literal("colour", language="en-gb")


def test_control_characters_become_visible(parse: Parse) -> None:
    assert only(parse(r'<a> <b> "x\u0000y\u0008z" .')).object == ox.Literal("x�y�z")


# --- refusing ----------------------------------------------------------------------------


def test_a_syntax_error_at_the_end_refuses_everything_and_names_the_line(parse: Parse) -> None:
    good = "".join(f'<d{n}> <{DCT}title> "t" .\n' for n in range(100))
    with pytest.raises(ParseFailed, match="line 101") as failure:
        parse(good + "<d> foo:bar 1 .\n")
    assert failure.value.line == 101


@pytest.mark.parametrize(
    ("document", "line"),
    [
        pytest.param('{"@id": "d",\n "urn:p": }', 2, id="JSON"),
        pytest.param('{"a": 1,\n"@context": "http://x.example/c"}', 2, id="JSON-LD context"),
        pytest.param("<?xml version='1.0'?>\n<rdf:RDF>\n</rdf:RDF>", 2, id="unbound XML prefix"),
        pytest.param(RDF % "\n<a>\n</b>", 3, id="XML not well-formed"),
        pytest.param(RDF % "\n\n<dct:x rdf:about='a' rdf:ID='b'/>\n\n\n", 3, id="RDF in XML"),
        pytest.param(b'<a> <b> "x" .\n<a> <b> "\xff" .', 2, id="not UTF-8"),
        pytest.param('<a> <b> "x" .\n<a> <b> "\\uD800" .', 2, id="lone surrogate"),
        pytest.param("<a> <b> <c> .\n{ <a> <b> ?x } => { <c> <d> ?x } .", 2, id="N3 rule"),
    ],
)
def test_a_syntax_error_has_a_line(parse: Parse, document: str | bytes, line: int) -> None:
    with pytest.raises(ParseFailed) as failure:
        parse(document)
    assert failure.value.line == line


ENTITIES = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">%s]>'
BOMB = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in ("ab", "bc", "cd", "de", "ef"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param(ENTITIES % BOMB, id="entity bomb"),
        pytest.param('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', id="file"),
        pytest.param('<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd">', id="external DTD"),
    ],
)
def test_xml_with_a_document_type_is_refused_in_any_encoding(
    parse: Parse, encoding: str, declaration: str
) -> None:
    document = f'<?xml version="1.0"?>{declaration}' + RDF % TITLED
    with pytest.raises(ParseFailed):
        parse(document.encode(encoding), "application/rdf+xml")


def test_utf_7_is_not_an_encoding_for_xml(parse: Parse) -> None:
    document = '<?xml version="1.0" encoding="utf-7"?>' + RDF % "+AMk-"
    with pytest.raises(ParseFailed):
        parse(document)


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that remembers who asked it anything."""
    asked: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Trap)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "context",
    [
        pytest.param(lambda url: url, id="by address"),
        pytest.param(lambda url: [url + str(n) for n in range(1000)], id="a thousand"),
        pytest.param(lambda url: {"@import": url}, id="import"),
        pytest.param(lambda url: {"T": {"@id": "urn:t", "@context": url}}, id="inside a term"),
        pytest.param(
            lambda url: {"T": {"@id": "urn:t", "@context": [{"@import": url}]}}, id="import inside"
        ),
        pytest.param(lambda _: "file:///etc/passwd", id="a file"),
    ],
)
def test_no_context_is_ever_fetched(
    parse: Parse, trap: tuple[str, list[str]], context: Callable[[str], object]
) -> None:
    url, asked = trap
    document = {"@context": context(url), "@id": "d", "@type": "T", "urn:p": {"urn:q": 1}}
    with pytest.raises(ParseFailed, match="never fetched"):
        parse(json.dumps(document), "application/ld+json")
    assert asked == []


def test_a_context_behind_a_repeated_key_is_seen(parse: Parse) -> None:
    with pytest.raises(ParseFailed, match="never fetched"):
        parse('{"@context": "http://x.example/c", "@context": {}, "urn:p": 1}')


def test_a_web_page_is_recognised_by_its_title(parse: Parse) -> None:
    page = "<!DOCTYPE html><html><head><title>Log in &amp; go on</title></head></html>"
    with pytest.raises(ParseFailed, match=r"web page \(HTML\), titled “Log in & go on”"):
        parse(page, "text/turtle")


@pytest.mark.parametrize("content", ["", " \n", "# nothing\n", "{}", "[]", RDF % ""])
def test_a_document_without_triples_is_no_description(parse: Parse, content: str) -> None:
    with pytest.raises(ParseFailed, match="holds no triples"):
        parse(content)


def test_json_that_is_no_json_ld_holds_no_triples(parse: Parse) -> None:
    with pytest.raises(ParseFailed, match="holds no triples"):
        parse('{"title": "Exomes", "identifier": 7}', "application/json")


def test_trix_is_refused_by_name(parse: Parse) -> None:
    with pytest.raises(ParseFailed, match="TriX is not read"):
        parse('<TriX xmlns="http://www.w3.org/2004/03/trix/trix-1/"></TriX>')


def test_a_triple_about_a_triple_is_refused(parse: Parse) -> None:
    with pytest.raises(ParseFailed, match="quotes another triple"):
        parse("<a> <b> <<( <c> <d> <e> )>> .")


def test_a_base_that_is_no_address_is_named(parse: Parse) -> None:
    with pytest.raises(ParseFailed, match="cannot be read"):
        parse("<a> <b> <c> .", base="upload 7")


# --- limits ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        pytest.param('{"urn:a":' * 3000 + "1" + "}" * 3000, id="JSON"),
        pytest.param("[" * 3000 + "]" * 3000, id="JSON lists"),
        pytest.param("<a> <b> " + "[ <c> " * 5000 + "1" + "]" * 5000 + " .", id="Turtle"),
        pytest.param("<a> <b> " + "(" * 3000 + "1" + ")" * 3000 + " .", id="Turtle lists"),
        pytest.param(RDF % ("<dct:a><dct:B>" * 200 + "</dct:B></dct:a>" * 200), id="XML"),
    ],
)
def test_deep_nesting_is_refused(parse: Parse, document: str) -> None:
    with pytest.raises(LimitExceeded, match="nested too deeply"):
        parse(document)


def test_a_long_list_is_not_deep(parse: Parse) -> None:
    assert len(parse(f"<a> <b> ( {'1 ' * 1000} ) .")) == 2001


def test_a_text_that_is_too_long_names_its_property(parse: Parse) -> None:
    text = b'<a> <http://purl.org/dc/terms/title> "' + b"x" * 120_000 + b'" .'
    assert too_long(parse(text)) == "a text of 120,000 characters (http://purl.org/dc/terms/title)"


def test_a_term_of_many_megabytes_is_refused(parse: Parse) -> None:
    with pytest.raises(LimitExceeded):
        parse(b'<a> <b> "' + b"x" * 19_000_000 + b'" .')


@pytest.mark.parametrize(
    ("limits", "document", "named"),
    [
        (Limits(triples=10), "<a> <b> 1,2,3,4,5,6,7,8,9,10,11 .", "more than 10 triples"),
        (Limits(content_bytes=10), "<a> <b> <c> .", "longer than 10 bytes"),
        (Limits(iri=50), f"<http://x.example/{'y' * 50}> <b> <c> .", "longer than 50"),
        (Limits(answer_bytes=500), "<a> <b> 1,2,3,4,5,6,7,8,9 .", "500 bytes of triples"),
    ],
)
def test_a_limit_is_named(limits: Limits, document: str, named: str) -> None:
    with Parser(processes=1, limits=limits) as parser, pytest.raises(LimitExceeded, match=named):
        parser.parse(document.encode(), media_type=None, base="https://x.example/")


def test_a_document_that_takes_too_long_is_stopped_and_the_next_is_read() -> None:
    slow = b"".join(b"<a%d> <b> <c> .\n" % n for n in range(400_000))
    with Parser(processes=1, limits=Limits(seconds=1)) as parser:
        with pytest.raises(LimitExceeded, match="not parsed within 1 seconds"):
            _stopped(parser, slow)
        assert len(parser.parse(b"<a> <b> <c> .", media_type=None, base=BASE)) == 1


def _stopped(parser: Parser, content: bytes) -> None:
    """Parse while the child stands still, as under a document without an end."""
    parser.parse(b"<a> <b> <c> .", media_type=None, base=BASE)
    os.kill(_child(parser), signal.SIGSTOP)
    parser.parse(content, media_type=None, base=BASE)


def _child(parser: Parser) -> int:
    child = parser._idle.get()
    parser._idle.put(child)
    assert child._process is not None
    return child._process.pid


def test_a_child_that_died_is_replaced() -> None:
    with Parser(processes=1) as parser:
        parser.parse(b"<a> <b> <c> .", media_type=None, base=BASE)
        os.kill(_child(parser), signal.SIGKILL)
        assert len(parser.parse(b"<a> <b> <c> .", media_type=None, base=BASE)) == 1


def test_the_child_can_open_no_file_and_no_socket(parser: Parser) -> None:
    parser.parse(b"<a> <b> <c> .", media_type=None, base=BASE)
    process = Path(f"/proc/{_child(parser)}")
    limits = (process / "limits").read_text()
    files = next(line for line in limits.splitlines() if line.startswith("Max open files"))
    assert files.split()[3:5] == ["3", "3"]
    assert sorted(p.name for p in (process / "fd").iterdir()) == ["0", "1", "2"]


def test_threads_share_a_parser() -> None:
    with Parser(processes=2) as parser, ThreadPoolExecutor(8) as pool:

        def count(number: int) -> int:
            text = "".join(f"<a{n}> <b> {number} .\n" for n in range(number))
            return len(parser.parse(text.encode(), media_type=None, base=BASE))

        assert list(pool.map(count, range(1, 60))) == list(range(1, 60))


def test_a_closed_parser_leaves_no_process() -> None:
    with Parser(processes=1) as parser:
        parser.parse(b"<a> <b> <c> .", media_type=None, base=BASE)
        pid = _child(parser)
    assert not Path(f"/proc/{pid}").exists()
