"""The privacy gate on graphs: exact numbers go in, publishable ones come out."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from given import a_graph, both, named
from hypothesis import given
from hypothesis import strategies as st

from catalogue.namespaces import DCAT, HDC, RDF, XSD
from catalogue.rdf.graph import Graph
from catalogue.rdf.protect import protect, withheld, withheld_both

N = "hdc:numberOfUniqueIndividuals"
PATIENTS = "https://x.example/patients"
OWL_REAL = "http://www.w3.org/2002/07/owl#real"


def gate(turtle: str, before: str | None = None) -> Graph:
    last = protect(a_graph(before), named("d")).counts if before else None
    return protect(a_graph(turtle), named("d"), last).graph


def same(one: Graph, turtle: str) -> bool:
    return both(one) == both(a_graph(turtle))


def test_a_small_number_becomes_a_band() -> None:
    assert same(gate(f"<d> {N} 7 ."), "<d> gc:individualsBand gc:band-fewer-than-10 .")


def test_a_larger_number_is_rounded_and_keeps_its_property() -> None:
    assert same(gate(f"<d> {N} 83 ."), f'<d> {N} "85"^^xsd:nonNegativeInteger .')


@pytest.mark.parametrize("value", ['"circa 7"', '"7 of 9"', "-3", "7.5"])
def test_a_value_that_is_no_number_does_not_pass(value: str) -> None:
    assert len(gate(f"<d> {N} {value} .")) == 0


def test_the_numbers_of_groups_and_strata_are_protected_too() -> None:
    shown = gate(
        "<d> gc:assayGroup [ gc:assay gc:assay-wgs ; gc:individuals 0 ; gc:records 214 ] ;"
        " gc:consentStratum [ gc:individuals 9 ] ."
    )
    assert same(
        shown,
        "<d> gc:assayGroup [ gc:assay gc:assay-wgs ; gc:records 210 ;"
        " gc:individualsBand gc:band-fewer-than-10 ] ;"
        " gc:consentStratum [ gc:individualsBand gc:band-fewer-than-10 ] .".replace(
            "210", '"210"^^xsd:nonNegativeInteger'
        ),
    )


def test_a_small_change_between_versions_does_not_show() -> None:
    assert same(
        gate(f"<d> {N} 86 .", before=f"<d> {N} 83 ."), f'<d> {N} "85"^^xsd:nonNegativeInteger .'
    )
    assert same(
        gate(f"<d> {N} 88 .", before=f"<d> {N} 83 ."), f'<d> {N} "85"^^xsd:nonNegativeInteger .'
    )


def test_small_changes_add_up_until_they_show() -> None:
    first = protect(a_graph(f"<d> {N} 83 ."), named("d"))
    second = protect(a_graph(f"<d> {N} 90 ."), named("d"), first.counts)
    third = protect(a_graph(f"<d> {N} 97 ."), named("d"), second.counts)
    assert same(second.graph, f'<d> {N} "85"^^xsd:nonNegativeInteger .')
    assert same(third.graph, f'<d> {N} "95"^^xsd:nonNegativeInteger .')


def test_crossing_the_threshold_by_one_person_does_not_show() -> None:
    assert same(
        gate(f"<d> {N} 10 .", before=f"<d> {N} 9 ."),
        "<d> gc:individualsBand gc:band-fewer-than-10 .",
    )


def test_a_bsn_in_a_description_is_a_concern() -> None:
    found = protect(a_graph('<d> dct:description "Van patiënt 111222333" .'), named("d"))
    assert found.concerns == ("bsn",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [('"7"@en', "…"), ("circa 450", "…"), ("1.315", "…"), ("seven", "…"), ("²", "…")],
)
def test_a_report_never_quotes_what_was_said_of_a_count(text: str, shown: str) -> None:
    assert withheld(HDC + "numberOfRecords", text) == shown


@pytest.mark.parametrize(
    "statement",
    [
        f"{N} [ rdf:value 7 ]",
        "<http://healthdata.eu/ns/health#numberOfUniqueIndividuals> 7",
        "<http://healthdataportal.eu/ns/health/numberOfUniqueIndividuals> 643",
        "hdc:numberofuniqueindividuals 8",
        "dqv:value 7",
        "<http://rdfs.org/ns/void#entities> 7",
        'dct:extent "7 individuals"',
        'dct:extent "83 patiënten"',
        '<https://schema.org/size> "7"',
        "<https://x.example/f> 7.0",
        '<https://x.example/f> "7.0"^^xsd:double',
        '<https://x.example/f> "n=7"',
        '<https://x.example/f> "patients: 7"',
        '<https://x.example/f> "7 unique individuals"',
        '<https://x.example/f> "7 volwassen patiënten"',
        '<https://x.example/f> "seven patients"@en',
        '<https://x.example/f> "7 probands"',
        'hdc:minTypicalAge "abc 7 patients"',
    ],
)
def test_a_count_does_not_pass_in_another_dress(statement: str) -> None:
    assert len(gate(f"<d> {statement} .")) == 0


TYPES = (
    *(XSD + name for name in ("integer", "decimal", "double", "float", "long", "int", "short")),
    *(XSD + name for name in ("nonNegativeInteger", "unsignedByte", "byte", "string", "gYear")),
    *(OWL_REAL, RDF + "JSON", RDF + "PlainLiteral", "urn:x:people", "@nl", "@en-GB"),
)
FORMS = ("{}", "{}e0", "{}.0E0", "+{}", "00{}", "{}.", "{}.00", "{},0", "{}0e-1", "~{}", "n = {}")


@given(st.integers(0, 9), st.sampled_from(FORMS), st.sampled_from(TYPES))
def test_no_type_and_no_form_lets_a_small_number_pass(number: int, form: str, kind: str) -> None:
    text, property_ = form.format(number), ox.NamedNode("https://x.example/patients")
    if kind.startswith("@"):
        value = ox.Literal(text, language=kind[1:])
    else:
        value = ox.Literal(text, datatype=ox.NamedNode(kind))
    graph = Graph([ox.Triple(named("d"), property_, value)])
    assert len(protect(graph, named("d")).graph) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "<https://x.example/coverage> 30.5",
        "<https://x.example/year> 2019",
        '<https://x.example/year> "2019"^^xsd:gYear',
        '<https://x.example/month> "--07"^^xsd:gMonth',
        '<https://x.example/depth> "30x"',
        '<https://x.example/reads> "2x150"',
        '<https://x.example/release> "v7"',
        '<https://x.example/ages> "7 years"',
        '<https://x.example/share> "7%"',
        "<https://x.example/reads> 1e1",
    ],
)
def test_what_is_no_small_number_of_people_passes(statement: str) -> None:
    assert len(gate(f"<d> {statement} .")) == 1


@pytest.mark.parametrize(
    ("property_", "before", "after", "shown"),
    [
        (PATIENTS, "7 (@dut)", "7 (@nl)", ("… (@dut)", "… (@nl)")),
        (PATIENTS, "&#55;", "7", ("…", "…")),
        (PATIENTS, "7&nbsp;donors (@en)", "7 donors (@en)", ("… (@en)", "… (@en)")),
        (PATIENTS, "7.0E0 (xsd:double)", "", ("… (xsd:double)", "")),
        (PATIENTS, "7 (urn:x:n)", "", ("…", "")),
        (PATIENTS, "12 patients (cases:7)", "x", ("…", "…")),
        (PATIENTS, "x (patients:7)", "y", ("…", "…")),
        (PATIENTS, "12 rooms (@dut)", "12 rooms (@nl)", ("12 rooms (@dut)", "12 rooms (@nl)")),
        (HDC + "minTypicalAge", "4 (@nl)", "4 (xsd:integer)", ("4 (@nl)", "4 (xsd:integer)")),
        (HDC + "minTypicalAge", "7 cases (@dut)", "7 cases (@nl)", ("… (@dut)", "… (@nl)")),
        (DCAT + "byteSize", "1,200,000", "1200000", ("1,200,000", "1200000")),
    ],
)
def test_a_repair_never_quotes_what_the_gate_takes_out(
    property_: str, before: str, after: str, shown: tuple[str, str]
) -> None:
    assert withheld_both(property_, before, after) == shown


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (PATIENTS, '"7"^^xsd:double'),
        (PATIENTS, '"7.0E0"'),
        (PATIENTS, '" 7\\n"@nl'),
        ("", '"~7"'),
        ("gc:assayGroup/gc:individuals", '"450"'),
        ("(hdc:numberOfRecords|gc:records)", '"450"'),
    ],
)
def test_a_finding_never_quotes_it_either(path: str, value: str) -> None:
    assert withheld(path, value) == "…"


def test_of_two_counts_the_most_cautious_is_shown() -> None:
    assert same(gate(f"<d> {N} 7, 83 ."), "<d> gc:individualsBand gc:band-fewer-than-10 .")


def test_a_small_number_hides_whatever_was_shown_before() -> None:
    shown = gate(f"<d> {N} 4 .", before=f"<d> {N} 12 .")
    assert same(shown, "<d> gc:individualsBand gc:band-fewer-than-10 .")


@pytest.mark.parametrize(
    "statement",
    ["hdc:minTypicalAge 4", "gc:weeksToAccess 8", 'dcat:version "2"', 'dct:title "Trial 7"'],
)
def test_other_small_numbers_pass(statement: str) -> None:
    assert len(gate(f"<d> {statement} .")) == 1


@pytest.mark.parametrize(
    "statement",
    ['dct:identifier "BSN 111222333"', "dct:relation <https://x.example/bsn/111222333>"],
)
def test_a_bsn_that_is_named_is_a_concern_also_among_codes(statement: str) -> None:
    assert protect(a_graph(f"<d> {statement} ."), named("d")).concerns == ("bsn",)


def test_a_code_of_nine_digits_is_no_concern() -> None:
    graph = a_graph('<d> dct:identifier "111222333" ; hdc:hasCodeValues "111222333" .')
    assert protect(graph, named("d")).concerns == ()


@pytest.mark.parametrize("property_", ["foaf:name", "vcard:fn", "dct:rights", "rdfs:label"])
def test_a_bsn_is_a_concern_wherever_text_stands(property_: str) -> None:
    found = protect(a_graph(f'<d> {property_} "Jan 111222333" .'), named("d"))
    assert found.concerns == ("bsn",)


def test_a_report_quotes_other_numbers() -> None:
    assert withheld("http://purl.org/dc/terms/title", "Chapter 7") == "Chapter 7"


def test_a_zero_hides_among_the_small_numbers() -> None:
    assert same(gate(f"<d> {N} 0 ."), "<d> gc:individualsBand gc:band-fewer-than-10 .")


@pytest.mark.parametrize(
    ("people", "share"),
    [("250", "1.2"), ("250", "97.6"), ("7", "42.857"), ("7", "14")],
    ids=["three are linked", "six are not", "three of seven", "one of seven"],
)
def test_a_share_that_tells_a_small_number_is_left_out(people: str, share: str) -> None:
    shown = gate(f"<d> {N} {people} ; gc:linkage [ gc:completeness {share} ] .")
    assert not [t for t in shown if t.predicate.value.endswith("completeness")]


@pytest.mark.parametrize(
    ("people", "share"), [("250", "40"), ("250", "100"), ("7", "100"), ("7", "0"), ("1230", "92.5")]
)
def test_a_share_that_tells_no_small_number_passes(people: str, share: str) -> None:
    shown = gate(f"<d> {N} {people} ; gc:linkage [ gc:completeness {share} ] .")
    assert [t for t in shown if t.predicate.value.endswith("completeness")]


def test_a_share_of_nobody_knows_how_many_passes() -> None:
    turtle = "<d> gc:linkage [ gc:completeness 1.2 ] ."
    assert same(gate(turtle), turtle)
