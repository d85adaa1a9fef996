"""XML of whatever was found is XML, or there is none and the reason is told."""

from __future__ import annotations

from io import BytesIO
from xml.etree.ElementTree import fromstring

import pyoxigraph as ox
import pytest

from catalogue.errors import Unoffered
from catalogue.namespaces import RDF, Iri
from catalogue.store.base import PublicStore
from catalogue.store.engine import xml_names
from catalogue.store.engine.xml_names import is_nameable, writable
from catalogue.store.engine.xml_text import Text

pytestmark = pytest.mark.server

GRAPH = Iri("https://catalogue.example/graph/1")
SUBJECT = "<https://catalogue.example/a>"
EVERYTHING = "CONSTRUCT WHERE { ?s ?p ?o }"
ODD = (
    *("http://e.example/ns/", "http://e.example/ns#0", "http://e.example/x?id=7", "urn:x:1"),
    *("http://e.example/ns#²", "http://e.example/ns#aµ", "http://e.example/ns#a‿", f"{RDF}li"),
    *("http://e.example/ns#ሀ", f"{RDF}about", f"{RDF}aboutEach", "http://www.w3.org/2000/xmlns/a"),
)
GOOD = (
    *("http://e.example/ns#a", "http://e.example/ns/a-b.c_d", "http://e.example/x?id=y&z=q"),
    *("http://e.example/ns#naïef", "http://e.example/ns#-a", "urn:a", "http://e.example/ns#a%20b"),
    *(f"{RDF}_1", f"{RDF}value", "http://www.w3.org/XML/1998/namespacelang"),
)


def asked(store: PublicStore, statements: str, accept: str = "application/rdf+xml") -> bytes:
    store.replace({GRAPH: statements.encode()})
    return store.query(EVERYTHING, accept=accept).read()


@pytest.mark.parametrize("iri", ODD)
def test_a_property_that_xml_cannot_name_is_told_and_not_left_out(
    store: PublicStore, iri: str
) -> None:
    statement = f'{SUBJECT} <{iri}> "v" .\n'
    with pytest.raises(Unoffered) as refused:
        asked(store, statement)
    assert f"the property <{iri}>" in str(refused.value)
    assert "Turtle" in str(refused.value)
    assert iri.encode() in asked(store, statement, "application/n-triples")


@pytest.mark.parametrize("iri", GOOD)
def test_a_property_that_xml_can_name_is_written(store: PublicStore, iri: str) -> None:
    written = asked(store, f'{SUBJECT} <{iri}> "v" .\n')
    assert fromstring(written) is not None
    assert [each.predicate.value for each in read(written)] == [iri]


def test_a_class_that_xml_cannot_name_is_written_as_a_property(store: PublicStore) -> None:
    kind = f"{SUBJECT} <{RDF}type> <http://e.example/Class/> .\n"
    written = asked(store, kind + f'{SUBJECT} <{RDF}value> "v" .\n')
    assert fromstring(written) is not None
    assert len(read(written)) == 2
    with pytest.raises(Unoffered, match=r"the class <http://e\.example/Class/>"):
        asked(store, kind)


def test_a_long_answer_that_meets_an_odd_property_at_its_end_is_no_answer(
    store: PublicStore,
) -> None:
    good = "".join(f'{SUBJECT} <http://e.example/ns#a> "{"v" * 90} {n}" .\n' for n in range(20_000))
    with pytest.raises(Unoffered):
        asked(store, good + f'{SUBJECT} <http://e.example/ns/> "v" .\n')
    assert len(read(asked(store, good))) == 20_000


@pytest.mark.parametrize("code", ["0001", "0008", "000B", "001F", "FFFE", "FFFF"])
@pytest.mark.parametrize(
    ("form", "accept"),
    [
        ("SELECT ({} AS ?x) {{}}", "application/sparql-results+xml"),
        ("CONSTRUCT {{ <x:s> <x:p> {} }} {{}}", "application/rdf+xml"),
    ],
)
def test_a_character_that_xml_has_not_is_told_and_not_written(
    store: PublicStore, form: str, accept: str, code: str
) -> None:
    query = form.format(f'"a\\u{code}b"')
    with pytest.raises(Unoffered, match=rf"U\+{code}.*JSON"):
        store.query(query, accept=accept).read()
    assert store.query(query).read()


def test_a_carriage_return_stays_one(store: PublicStore) -> None:
    written = store.query(
        'SELECT ("a\\rb" AS ?x) {}', accept="application/sparql-results+xml"
    ).read()
    assert "".join(fromstring(written).itertext()) == "a\rb"


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_character_in_two_pieces_is_seen(cut: int) -> None:
    data = b"ab\xef\xbf\xbe"
    text = Text(BytesIO())
    with pytest.raises(xml_names.Unwritable, match=r"U\+FFFE"):
        text.write(data[:cut]), text.write(data[cut:])


def test_whatever_counts_as_a_name_is_one_to_a_strict_reader() -> None:
    for middle in ("", "9", "a", "é", "²", "·", "\u0300", "\u1200", "\U00010400", "/", "%20", "-"):
        for end in ("", "9", "a", "é", "²", "·", "\u0300", "\u1200", "\U00010400", ":", "."):
            iri = f"http://e.example/{middle}{end}"
            if is_nameable(iri):
                triple = ox.Triple(ox.NamedNode("a:s"), ox.NamedNode(iri), ox.Literal("v"))
                assert fromstring(ox.serialize([triple], format=ox.RdfFormat.RDF_XML) or b"")


def test_a_statement_about_a_statement_is_looked_into() -> None:
    inner = ox.Triple(ox.NamedNode("a:s"), ox.NamedNode("http://e.example/"), ox.Literal("v"))
    outer = ox.Triple(ox.NamedNode("a:s"), ox.NamedNode("a:p"), inner)
    with pytest.raises(xml_names.Unwritable):
        list(writable([outer]))


def read(written: bytes) -> list[ox.Triple]:
    return [each.triple for each in ox.parse(written, format=ox.RdfFormat.RDF_XML)]
