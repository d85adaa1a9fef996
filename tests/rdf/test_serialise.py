from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from catalogue.errors import DescriptionError
from catalogue.namespaces import DCT, RDF
from catalogue.rdf.canonical import digest
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser
from catalogue.rdf.serialise import serialise

Turtle = Callable[[str], Graph]

WRITTEN = """
    <d> a dcat:Dataset, skos:Concept ; dct:title "Exomes &c <b>"@en, "Ex\\"omen\\n. \\n"@nl ;
        dct:modified "2026-02-30"^^xsd:date ; hdc:numberOfRecords "007"^^xsd:nonNegativeInteger ;
        dcat:theme <http://purl.obolibrary.org/obo/DUO_0000042>, <eu:not-a-prefix> ;
        dct:temporal [ dcat:startDate "2020"^^xsd:gYear ] ; dct:subject ( 1 2.50 3e0 true ) .
    """
FORMATS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/n-quads": "nquads",
    "application/trig": "trig",
}


@pytest.mark.parametrize("media_type", FORMATS)
def test_what_is_written_reads_back_the_same(
    turtle: Turtle, parser: Parser, media_type: str
) -> None:
    graph = turtle(WRITTEN)
    written = serialise(graph, media_type)
    back = parser.parse(written, media_type=media_type, base="https://elsewhere.example/")
    assert digest(back) == digest(graph)


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml"])
def test_another_parser_reads_the_same(turtle: Turtle, media_type: str) -> None:
    graph = turtle(WRITTEN.replace('"2026-02-30"^^xsd:date', '"2026-02-28"^^xsd:date'))
    expected = rdflib.Graph().parse(data=graph.n_triples(), format="nt")
    found = rdflib.Graph().parse(data=serialise(graph, media_type), format=FORMATS[media_type])
    assert isomorphic(found, expected)


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_same_graph_gives_the_same_bytes_in_another_process(
    turtle: Turtle, media_type: str
) -> None:
    graph = turtle(WRITTEN)
    script = (
        "import sys; from catalogue.rdf.graph import Graph;"
        "from catalogue.rdf.serialise import serialise;"
        "graph = Graph.from_n_triples(sys.stdin.buffer.read());"
        f"sys.stdout.buffer.write(serialise(graph, {media_type!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=graph.n_triples(), capture_output=True, check=True
    )
    assert done.stdout == serialise(graph, media_type)


def test_turtle_declares_only_the_prefixes_it_uses(turtle: Turtle) -> None:
    text = serialise(turtle('<d> dct:title "Exomes" .')).decode()
    assert text == (f'@prefix dct: <{DCT}> .\n\n<https://holder.example/d> dct:title "Exomes" .\n')


def test_json_ld_names_properties_shortly(turtle: Turtle) -> None:
    document = json.loads(serialise(turtle(WRITTEN), "application/ld+json"))
    node = document["@graph"][0]
    assert node["@type"] == ["skos:Concept", "dcat:Dataset"]
    assert "dct:title" in node
    assert "eu" not in document["@context"]


def test_rdf_xml_says_which_property_it_cannot_write() -> None:
    triple = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("https://x.example/p/"), ox.Literal("x"))
    with pytest.raises(
        DescriptionError, match=r"cannot write the property <https://x\.example/p/>"
    ):
        serialise(Graph([triple]), "application/rdf+xml")


@pytest.mark.parametrize(
    "iri",
    ["https://x.example/p/", "urn:x:1", "https://x.example/p#²", "https://x.example/p#aµ",
     f"{RDF}li", f"{RDF}about", "http://www.w3.org/2000/xmlns/a"],
)  # fmt: skip
def test_rdf_xml_is_not_written_with_a_name_that_xml_does_not_know(iri: str) -> None:
    triple = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode(iri), ox.Literal("x"))
    with pytest.raises(DescriptionError, match="cannot write the property"):
        serialise(Graph([triple]), "application/rdf+xml")


@pytest.mark.parametrize("kind", ["https://x.example/Class/", "urn:x:1", f"{RDF}li", f"{RDF}Seq"])
def test_a_class_may_have_any_address_in_rdf_xml(kind: str) -> None:
    told = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode(f"{RDF}type"), ox.NamedNode(kind))
    graph = Graph([told])
    written = serialise(graph, "application/rdf+xml")
    assert fromstring(written) is not None
    assert Graph(each.triple for each in ox.parse(written, format=ox.RdfFormat.RDF_XML)) == graph


def test_an_unknown_notation_is_named(turtle: Turtle) -> None:
    with pytest.raises(DescriptionError, match="application/pdf is not a notation"):
        serialise(turtle("<a> <b> <c> ."), "application/pdf")


@pytest.mark.parametrize("media_type", FORMATS)
def test_an_empty_graph_can_be_written(media_type: str) -> None:
    assert isinstance(serialise(Graph(), media_type), bytes)
