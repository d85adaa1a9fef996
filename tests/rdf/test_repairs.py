"""Every repair has a pair of Turtle files: what was sent, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.rdf import normalise as room
from catalogue.rdf.addresses import ADDRESSES
from catalogue.rdf.canonical import digest
from catalogue.rdf.graph import Graph
from catalogue.rdf.normalise import REPAIRS, normalise
from catalogue.rdf.parse import Parser
from catalogue.rdf.repair import OF_OTHERS, SENTENCES, Repair
from catalogue.rdf.split import Description

EXAMPLES = Path(__file__).parent / "examples" / "repairs"
SUBJECT = ox.NamedNode("https://holder.example/dataset/1")
NAMES = [name for name in SENTENCES if name not in {"blank-node-dataset", *OF_OTHERS}]


def described(graph: Graph) -> Description:
    return Description("dataset", SUBJECT, graph)


def read(parser: Parser, path: Path) -> Graph:
    return parser.parse(path.read_bytes(), media_type="text/turtle", base=SUBJECT.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_repair_turns_before_into_after_and_says_so(parser: Parser, name: str) -> None:
    before = read(parser, EXAMPLES / name / "before.ttl")
    after = read(parser, EXAMPLES / name / "after.ttl")
    repaired = normalise(described(before))
    assert digest(repaired.graph) == digest(after)
    assert name in {repair.name for repair in repaired.repairs}


@pytest.mark.parametrize("name", NAMES)
def test_a_repaired_description_needs_no_repair_but_keeps_its_reports(
    parser: Parser, name: str
) -> None:
    once = normalise(described(read(parser, EXAMPLES / name / "before.ttl")))
    assert normalise(once) == once


def test_every_repair_has_a_sentence_in_two_languages_and_an_example() -> None:
    addresses = {name for name, _ in ADDRESSES}
    elsewhere = OF_OTHERS | {"blank-node-dataset"}
    assert set(REPAIRS) - {"address"} | addresses | elsewhere == set(SENTENCES)
    assert {path.name for path in EXAMPLES.iterdir()} == set(NAMES)
    assert all(english != dutch for english, dutch in SENTENCES.values())


def test_a_repair_is_told_with_prefixes_and_texts() -> None:
    repair = Repair("typed-date", "", "http://purl.org/dc/terms/issued", "21-12-2021", "2021-12-21")
    assert repair.sentence("nl") == "dct:issued stond er als “21-12-2021”; gelezen als 2021-12-21."
    assert repair.sentence("en") == "dct:issued was written as “21-12-2021”; read as 2021-12-21."


def test_a_text_with_braces_does_not_disturb_the_sentence() -> None:
    repair = Repair("template", "", "http://purl.org/dc/terms/title", "{{ name }} {0}", "")
    assert "{{ name }} {0}" in repair.sentence("en")


def test_access_rights_and_licences_are_never_invented(turtle: Callable[[str], Graph]) -> None:
    graph = turtle(
        '<dataset/1> a dcat:Dataset ; dct:title "Exomes" ; dct:accessRights "ask us" ;'
        ' dcat:distribution <x> . <x> a dcat:Distribution ; dct:title "Files" .'
    )
    repaired = normalise(described(graph))
    assert repaired.graph == graph
    assert repaired.repairs == ()


def test_a_holders_own_statement_on_access_stays(turtle: Callable[[str], Graph]) -> None:
    graph = turtle(
        "<dataset/1> a dcat:Dataset ; dct:accessRights <dataset/1#accessRights> ."
        '<dataset/1#accessRights> dct:description "Ask the committee" .'
    )
    assert normalise(described(graph)).graph == graph


@pytest.mark.parametrize(
    "value",
    ['"circa 450"', '"-5"^^xsd:integer', '"NaN"^^xsd:decimal', '"1.200,50"', '"1.2"^^xsd:decimal'],
)
def test_what_is_not_a_count_is_left_for_validation(
    turtle: Callable[[str], Graph], value: str
) -> None:
    graph = turtle(f"<dataset/1> a dcat:Dataset ; hdc:numberOfUniqueIndividuals {value} .")
    assert normalise(described(graph)).graph == graph


def test_a_huge_ill_typed_number_is_kept_as_it_is(turtle: Callable[[str], Graph]) -> None:
    graph = turtle(f'<dataset/1> dct:extent "{"9" * 90_000}"^^xsd:integer .')
    assert normalise(described(graph)).graph == graph


def test_json_in_a_description_is_left_alone(turtle: Callable[[str], Graph]) -> None:
    graph = turtle('<dataset/1> dct:description \'{"linkage": "a &amp; b"}\' .')
    assert normalise(described(graph)).graph == graph


def test_a_script_address_is_left_for_the_page_to_show_as_text(
    turtle: Callable[[str], Graph],
) -> None:
    graph = turtle("<dataset/1> a dcat:Dataset ; dcat:landingPage <javascript:alert(1)> .")
    assert normalise(described(graph)).graph == graph


PREDICATES = sorted(room.DATES | room.COUNTS | room.EMAILS | room.TEXTS | room.IRIS)
TEXTS = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}([., ][0-9]{3}){0,3}", fullmatch=True),
    st.from_regex(r"(&amp;|&lt;|&#3[0-9];|amp;|lt;|a| ){1,6}", fullmatch=True),
    st.sampled_from(
        [
            "https://publications.europa.eu/resource/authority/data-theme/HEAL//",
            "http://www.wikidata.org/wiki/Q1",
            "mailto:mailto:a@b.nl",
            "a@b.nl",
            "en-GB",
            "public",
            "text/csv",
            "https://www.w3.org/ns/dcat#Dataset",
        ]
    ),
).filter(lambda text: "\x00" not in text)


ADDRESSES_SENT = st.sampled_from(
    [
        "https://holder.example/dataset/1",
        "https://holder.example/dataset/1#accessRights",
        "https://holder.example/profile/2f08228e-1789-40f8-84cd-28e3288c3604",
        "https://holder.example/a@b.nl",
        "mailto:a@b.nl",
        "https://publications.europa.eu/resource/authority/healthcategories/HGPD/",
        "https://op.europa.eu/x?uri=http://publications.europa.eu/resource/authority/a/b//",
        "https://eur-lex.europa.eu/eli/reg/2025/327",
        "https://snomed.info/sct/1",
        "http://id.loc.gov/vocabulary/iso639-1/nl",
        "https://www.w3.org/ns/dcat#Dataset",
        "https://www.w3.org/TR/odrl-model/#Policy",
        "http://xmlns.com/foaf/0.1/Organisation",
    ]
)


@st.composite
def triples(draw: st.DrawFn) -> ox.Triple:
    text = draw(TEXTS)
    value: ox.Literal | ox.NamedNode
    kinds = ["plain", "tagged", "integer", "decimal", "date", "address"]
    match draw(st.sampled_from(kinds)):
        case "address":
            value = ox.NamedNode(draw(ADDRESSES_SENT))
        case "plain":
            value = ox.Literal(text)
        case "tagged":
            value = ox.Literal(text, language=draw(st.sampled_from(["en", "eng", "dut", "xx"])))
        case kind:
            value = ox.Literal(
                text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}")
            )
    return ox.Triple(SUBJECT, ox.NamedNode(draw(st.sampled_from(PREDICATES))), value)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(triples(), min_size=1, max_size=5))
def test_repairing_twice_is_repairing_once(given_triples: list[ox.Triple]) -> None:
    once = normalise(described(Graph(given_triples)))
    assert normalise(once) == once


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{" * 90_000, id="braces"),
        pytest.param("&" + "amp;" * 22_000, id="entities"),
        pytest.param("&" + "#38;" * 22_000, id="numbered entities"),
        pytest.param("a" * 50_000 + "@" + "a." * 20_000, id="e-mail"),
        pytest.param("1" + ",000" * 20_000, id="number"),
        pytest.param("https://publications.europa.eu/resource/authority/x" + "/" * 7_900, id="IRI"),
    ],
)
def test_no_text_makes_a_repair_slow(text: str) -> None:
    """Fails by the time limit of the whole run, not by a clock."""
    graph = Graph(ox.Triple(SUBJECT, ox.NamedNode(p), ox.Literal(text)) for p in PREDICATES)
    once = normalise(described(graph))
    assert normalise(once) == once


def test_a_licence_is_not_chosen_when_there_are_two(turtle: Callable[[str], Graph]) -> None:
    graph = turtle(
        "<dataset/1> a dcat:Dataset ; dct:license <by>, <zero> ; dcat:distribution <x> ."
        '<x> a dcat:Distribution ; dct:title "Files" .'
    )
    assert normalise(described(graph)).graph == graph
