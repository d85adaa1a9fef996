"""What strangers' RDF can do to a catalogue that is running: nothing.

Each row of the second part of our list of bad inputs (B25 to B43) is served by a real web
server to a source that was harvested before. Whatever it is, the good copy stays published,
nothing of a bad document is written, and the report says what was wrong. How each is refused
in detail is in `tests/rdf/test_parse.py` (B25 to B38, B42), `tests/rdf/test_canonical.py`
(B41), `tests/rdf/test_split.py` (B40) and `tests/rdf/test_archive.py` (packed documents).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from given import PROLOGUE
from hospital import Catalogue, a_catalogue
from misbehaving import Misbehaving

from catalogue.model.source import Source
from catalogue.namespaces import DCT
from catalogue.register.records import RunState

GOOD = """<dataset/{0}> a dcat:Dataset ; dct:title "Good {0}" ;
    dct:publisher [ a foaf:Agent ; foaf:name "UMC" ] .
"""
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="'
    + DCT
    + '"><rdf:Description rdf:about="dataset/{0}"><dct:title>Bad &x;</dct:title>'
    "</rdf:Description></rdf:RDF>"
)
BOMB = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in ("ab", "bc", "cd", "dx"))
ENTITIES = f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{BOMB}]>'
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
XML, JSON_LD, TURTLE, TRIG = (
    "application/rdf+xml",
    "application/ld+json",
    "text/turtle",
    "application/trig",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with a_catalogue(tmp_path_factory.mktemp("bad")) as catalogue:
        yield catalogue


class Hospital:
    """A source of its own for one test, harvested once with one good dataset."""

    def __init__(self, name: str, catalogue: Catalogue, server: Misbehaving) -> None:
        self.name, self.catalogue, self.server = name, catalogue, server
        self.source = Source(
            slug=name,
            title="UMC",
            protocol="dcat",
            url=f"http://{name}.example/all",
            connect_to=f"127.0.0.1:{server.place[1]}",
        )
        assert self.run(PROLOGUE + GOOD.format(name)) is RunState.COMPLETE

    def run(self, body: str | bytes, media_type: str = TURTLE) -> RunState:
        """Harvest when this is what the source answers."""
        self.server.answer("/all", body, media_type=media_type)
        return self.catalogue.harvest(self.source)

    @property
    def titles(self) -> list[str]:
        """What is published of this source."""
        return sorted(
            each.value.title.value("en")
            for each in self.catalogue.register.published("dataset")
            if each.record.source == self.name
        )

    @property
    def said(self) -> str:
        """The message and the lines of the last run."""
        last = self.catalogue.register.runs(self.name, 1)[0]
        return str(last.message) + self.catalogue.said(self.name)


@pytest.fixture
def hospital(request: pytest.FixtureRequest, catalogue: Catalogue, server: Misbehaving) -> Hospital:
    number = len(catalogue.register.sources()) + 1
    return Hospital(f"h{number}", catalogue, server)


@pytest.fixture
def asked(server: Misbehaving) -> Callable[[], list[str]]:
    """What was asked of the server besides the document itself."""
    before = len(server.paths)
    return lambda: [path for path in server.paths[before:] if path != "/all"]


def nested(depth: int) -> str:
    return "<dataset/1> dct:title " + "[ dct:title " * depth + "1" + "]" * depth + " ."


@pytest.mark.parametrize(
    ("body", "media_type", "words"),
    [
        pytest.param(ENTITIES + RDF_XML.format(1), XML, "DOCTYPE", id="B25 entity bomb"),
        pytest.param("<TriX>" + ENTITIES, "application/trix", "TriX", id="B25 TriX"),
        pytest.param(FILE + RDF_XML.format(1), XML, "DOCTYPE", id="B26 file"),
        pytest.param(
            '<!DOCTYPE r SYSTEM "{here}/x.dtd">' + RDF_XML.format(1),
            XML,
            "DOCTYPE",
            id="B26 external DTD",
        ),
        pytest.param((FILE + RDF_XML.format(1)).encode("utf-16"), XML, "DOCTYPE", id="B27 UTF-16"),
        pytest.param((FILE + RDF_XML.format(1)).encode("utf-8-sig"), XML, "DOCTYPE", id="B27 mark"),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-7"?>' + RDF_XML.format(1).encode(),
            XML,
            "RDF/XML",
            id="B27 UTF-7",
        ),
        pytest.param('{"@context": "{here}/c", "@id": "x"}', JSON_LD, "never", id="B28 context"),
        pytest.param(
            '{"@context": "file:///etc/passwd", "@id": "x"}', JSON_LD, "never", id="B29 file"
        ),
        pytest.param(
            '{"@context": {"@import": "{here}/c"}, "@id": "x"}', JSON_LD, "never", id="B30 import"
        ),
        pytest.param(
            '{"@context": {"T": {"@id": "urn:t", "@context": "{here}/c"}}, "@type": "T"}',
            JSON_LD,
            "never",
            id="B30 inside a term",
        ),
        pytest.param(
            json.dumps({"@context": [f"{{here}}/{n}" for n in range(1000)], "@id": "x"}),
            JSON_LD,
            "never",
            id="B31 a thousand",
        ),
        pytest.param('{"urn:a":' * 3000 + "1" + "}" * 3000, JSON_LD, "deeply", id="B32 JSON"),
        pytest.param(PROLOGUE + nested(5000), TURTLE, "deeply", id="B32 Turtle"),
        pytest.param(
            "<a> <b> " + "(" * 3000 + "1" + ")" * 3000 + " .", TURTLE, "deeply", id="B32 lists"
        ),
        pytest.param(
            "<a> <b> " + ",".join(map(str, range(500_002))) + " .",
            TURTLE,
            "more than 500,000 triples",
            id="B34 many triples",
        ),
        pytest.param(b'<a> <b> "\xff" .', TURTLE, "UTF-8", id="B37 not UTF-8"),
        pytest.param(r'<a> <b> "\uD800" .', TURTLE, "line 1", id="B37 lone surrogate"),
        pytest.param("{ ?a ?b ?c } => { ?a ?b 1 } .", "text/n3", "line 1", id="B42 N3 rule"),
        pytest.param(
            PROLOGUE + "".join(GOOD.format(n) for n in range(100)) + "<x> a ",
            TURTLE,
            "line",
            id="B43 an error at the end",
        ),
    ],
)
def test_a_document_that_is_refused_leaves_the_good_copy(
    *,
    hospital: Hospital,
    server: Misbehaving,
    asked: Callable[[], list[str]],
    body: str | bytes,
    media_type: str,
    words: str,
) -> None:
    here = server.url("").rstrip("/")
    sent = body.replace("{here}", here) if isinstance(body, str) else body
    assert hospital.run(sent, media_type) is RunState.FAILED
    assert words in hospital.said
    assert hospital.titles == [f"Good {hospital.name}"]
    assert asked() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('dct:description "{long}" ;', "120,000 characters", id="B33 long text"),
        pytest.param("dct:issued {digits} ;", "200,000 characters", id="B35 digits"),
    ],
)
def test_a_record_with_a_text_beyond_all_measure_is_kept_as_it_was(
    hospital: Hospital, text: str, words: str
) -> None:
    said = text.replace("{long}", "x" * 120_000).replace("{digits}", "9" * 200_000)
    bad = (
        GOOD.format(hospital.name).replace("Good", "Bad").replace("dct:title", f"{said} dct:title")
    )
    assert hospital.run(PROLOGUE + bad + GOOD.format("other")) is RunState.PARTIAL
    assert words in hospital.said
    assert hospital.titles == [f"Good {hospital.name}", "Good other"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('dct:issued "2026-02-30"^^xsd:date ;', id="B36 no such day"),
        pytest.param('hdc:numberOfRecords "NaN"^^xsd:decimal ;', id="B36 not a number"),
        pytest.param("hdc:numberOfUniqueIndividuals -5 ;", id="B36 fewer than none"),
        pytest.param(r'dct:description "a\u0000b" ;', id="B37 control character"),
        pytest.param("dct:relation </x y> ;".replace(" y", r"\u0020y"), id="B37 space in an IRI"),
    ],
)
def test_an_odd_value_makes_no_fault(hospital: Hospital, text: str) -> None:
    odd = GOOD.format("odd").replace("dct:title", f"{text} dct:title")
    assert hospital.run(PROLOGUE + GOOD.format(hospital.name) + odd) is RunState.COMPLETE
    assert "Good odd" in hospital.titles
    [graph] = [
        bytes(graph)
        for name, graph in hospital.catalogue.register.graphs()
        if b"Good odd" in graph and hospital.name.encode() + b".example" in graph
    ]
    assert b"\0" not in graph


def test_b38_a_relative_address_is_one_of_the_source(hospital: Hospital) -> None:
    hospital.run(PROLOGUE + GOOD.format(hospital.name) + GOOD.format("relative"))
    iris = {
        each.record.source_iri
        for each in hospital.catalogue.register.published("dataset")
        if each.record.source == hospital.name
    }
    assert f"http://{hospital.name}.example/dataset/relative" in iris


def test_b39_a_source_cannot_change_the_record_of_another(
    hospital: Hospital, catalogue: Catalogue, server: Misbehaving
) -> None:
    thief = Hospital(f"{hospital.name}b", catalogue, server)
    theirs = f"<http://{hospital.name}.example/dataset/{hospital.name}>"
    claim = GOOD.format("x").replace("<dataset/x>", theirs).replace("Good x", "Stolen")
    thief.run(PROLOGUE + GOOD.format(thief.name) + claim)
    assert hospital.titles == [f"Good {hospital.name}"]


def test_b40_what_a_source_says_of_vocabularies_is_not_repeated(hospital: Hospital) -> None:
    claims = """<dataset/{0}> owl:sameAs <https://other.example/dataset/1> .
        duo:0000042 rdfs:subClassOf duo:0000006 . gc:assay-wgs skos:broader gc:assay-array .
    """
    hospital.run(PROLOGUE + GOOD.format(hospital.name) + claims.format(hospital.name))
    public = b"".join(graph for _, graph in hospital.catalogue.register.graphs())
    for word in (b"sameAs", b"subClassOf", b"skos/core#broader"):
        assert word not in public


def test_b41_blank_nodes_that_are_all_alike_do_not_stop_a_run(hospital: Hospital) -> None:
    pairs = combinations(range(40), 2)
    poison = "".join(f"_:n{a} dct:relation _:n{b} . _:n{b} dct:relation _:n{a} ." for a, b in pairs)
    linked = f"<dataset/{hospital.name}> dct:relation _:n0 ."
    document = PROLOGUE + GOOD.format(hospital.name) + poison + linked
    assert hospital.run(document) is RunState.COMPLETE
    assert hospital.titles == [f"Good {hospital.name}"]


def test_b42_the_name_of_a_graph_from_outside_is_never_used(hospital: Hospital) -> None:
    register = hospital.catalogue.register
    ours = next(str(name) for name, _ in register.graphs())
    named = f"<{ours}> {{ {GOOD.format('named')} {GOOD.format(hospital.name)} }}"
    before = dict(register.graphs())[ours]
    assert hospital.run(PROLOGUE + named, TRIG) is RunState.COMPLETE
    assert "Good named" in hospital.titles
    assert dict(register.graphs())[ours] == before
