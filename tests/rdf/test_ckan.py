"""A record of CKAN as DCAT: JSON in, Turtle out, compared as graphs."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest
from given import a_graph, both

from catalogue.namespaces import TOO_LONG
from catalogue.rdf.ckan import graph, subject

SITE = "https://umc.example"


def described(**package: Any) -> ox.Dataset:
    return both(graph({"id": "1", **package}, site=SITE))


def expected(turtle: str) -> ox.Dataset:
    """What is said besides the class and the identifier."""
    named = "<dataset/1> a dcat:Dataset ; dct:identifier '1' . "
    return both(a_graph(named + turtle))


@pytest.mark.parametrize(
    ("package", "turtle"),
    [
        pytest.param({"title": "Genomes"}, "<dataset/1> dct:title 'Genomes' .", id="a text"),
        pytest.param(
            {"title": "Genomes", "title_translated": {"en": "Genomes", "nl": "Genomen", "de": ""}},
            "<dataset/1> dct:title 'Genomes'@en , 'Genomen'@nl .",
            id="a text by language",
        ),
        pytest.param(
            {"tags": [{"name": "dna", "display_name": "DNA"}, {"name": "rna"}]},
            "<dataset/1> dcat:keyword 'DNA' , 'rna' .",
            id="tags",
        ),
        pytest.param(
            {"extras": [{"key": "issued", "value": "2024-05-01"}, {"key": 7}, "odd"]},
            "<dataset/1> dct:issued '2024-05-01'^^xsd:date .",
            id="an extra",
        ),
        pytest.param(
            {"issued": "2024", "extras": [{"key": "issued", "value": "1999"}]},
            "<dataset/1> dct:issued '2024'^^xsd:gYear .",
            id="a field goes before an extra",
        ),
        pytest.param(
            {"theme": '["https://x.example/a", "https://x.example/b"]'},
            "<dataset/1> dcat:theme <https://x.example/a> , <https://x.example/b> .",
            id="a list in a text",
        ),
        pytest.param(
            {"number_of_records": 0, "min_typical_age": "18"},
            "<dataset/1> hdc:numberOfRecords 0 ; hdc:minTypicalAge 18 .".replace(
                " 0 ", " '0'^^xsd:nonNegativeInteger "
            ).replace(" 18 ", " '18'^^xsd:nonNegativeInteger "),
            id="zero is a number",
        ),
        pytest.param(
            {"number_of_unique_individuals": "about 400"},
            "<dataset/1> hdc:numberOfUniqueIndividuals 'about 400' .",
            id="a number in words stays as it is",
        ),
        pytest.param(
            {"organization": {"title": "UMC", "name": "umc"}},
            "<dataset/1> dct:publisher [ a foaf:Agent ; foaf:name 'UMC' ] .",
            id="the organisation publishes",
        ),
        pytest.param(
            {
                "publisher": [
                    {"name": "Lab", "uri": "https://lab.example/", "email": "l@lab.example"}
                ],
                "organization": {"title": "UMC"},
            },
            "<dataset/1> dct:publisher <https://lab.example/> ."
            " <https://lab.example/> a foaf:Agent ;"
            " foaf:name 'Lab' ; foaf:mbox <mailto:l@lab.example> .",
            id="a publisher goes before the organisation",
        ),
        pytest.param(
            {
                "extras": [
                    {"key": "contact_name", "value": "Desk"},
                    {"key": "contact_email", "value": "d@umc.example"},
                ]
            },
            "<dataset/1> dcat:contactPoint [ a vcard:Kind ; vcard:fn 'Desk' ;"
            " vcard:hasEmail <mailto:d@umc.example> ] .",
            id="a contact side by side",
        ),
        pytest.param(
            {"maintainer": "Desk", "maintainer_email": "no address"},
            "<dataset/1> dcat:contactPoint [ a vcard:Kind ; vcard:fn 'Desk' ] .",
            id="the maintainer is the contact",
        ),
        pytest.param(
            {"temporal_start": "2019-01-01", "temporal_end": "2020-12-31"},
            "<dataset/1> dct:temporal [ a dct:PeriodOfTime ;"
            " dcat:startDate '2019-01-01'^^xsd:date ;"
            " dcat:endDate '2020-12-31'^^xsd:date ] .",
            id="a period side by side",
        ),
        pytest.param(
            {"temporal_coverage": [{"start": "2019"}, {}]},
            "<dataset/1> dct:temporal [ a dct:PeriodOfTime ; dcat:startDate '2019'^^xsd:gYear ] .",
            id="periods, and one of which nothing is said",
        ),
        pytest.param(
            {"spatial_uri": "https://x.example/nl"},
            "<dataset/1> dct:spatial <https://x.example/nl> .",
            id="a place by address",
        ),
        pytest.param(
            {"metadata_created": "2024-01-01T00:00:00", "metadata_modified": "2024-01-01T00:00:00"},
            "",
            id="when CKAN wrote its record is not when data were issued",
        ),
        pytest.param(
            {
                "private": False,
                "title": None,
                "notes": "",
                "tags": [],
                "extras": {},
                "resources": 3,
            },
            "",
            id="what is not filled in is not said",
        ),
        pytest.param(
            {
                "license_id": "cc-by",
                "resources": [
                    {"id": "r", "name": "VCF", "url": "https://x.example/get", "size": "12"}
                ],
            },
            "<dataset/1> dcat:distribution <dataset/1/resource/r> ."
            " <dataset/1/resource/r> a dcat:Distribution ; dct:title 'VCF' ; dct:license 'cc-by' ;"
            " dcat:accessURL <https://x.example/get> ;"
            " dcat:byteSize '12'^^xsd:nonNegativeInteger .",
            id="a resource is a distribution with the licence of its dataset",
        ),
        pytest.param(
            {"resources": [{"description": "x"}]},
            "<dataset/1> dcat:distribution [ a dcat:Distribution ; dct:description 'x' ] .",
            id="a resource without an id",
        ),
    ],
)
def test_a_field_of_ckan_is_said_in_dcat(package: dict[str, Any], turtle: str) -> None:
    assert described(**package) == expected(turtle)


@pytest.mark.parametrize(
    ("package", "iri"),
    [
        ({"id": "1", "name": "n"}, "https://umc.example/dataset/1"),
        ({"name": "n"}, "https://umc.example/dataset/n"),
        ({"id": "1", "uri": "https://doi.org/10.1/x"}, "https://doi.org/10.1/x"),
        (
            {"id": "1", "extras": [{"key": "uri", "value": "https://w3id.org/x"}]},
            "https://w3id.org/x",
        ),
        ({"id": "1", "uri": "no address"}, "https://umc.example/dataset/1"),
        ({"id": "a b/c"}, "https://umc.example/dataset/a%20b%2Fc"),
    ],
)
def test_a_dataset_is_named_by_itself_or_by_where_it_is_shown(
    package: dict[str, Any], iri: str
) -> None:
    assert subject(package, SITE) == ox.NamedNode(iri)


def test_what_no_document_may_hold_is_made_visible() -> None:
    [title] = [
        t.object.value
        for t in graph({"id": "1", "title": "a\x00b\ud800c"}, site=SITE)
        if t.predicate.value.endswith("title")
    ]
    assert title == "a\ufffdb\ufffdc"


def test_a_text_that_is_too_long_becomes_its_length() -> None:
    found = graph({"id": "1", "notes": "x" * 100_001}, site=SITE)
    assert any(
        getattr(t.object, "datatype", ox.NamedNode("urn:x")).value == TOO_LONG for t in found
    )


@pytest.mark.parametrize("odd", [True, 7, 1.5, "[", "{", [[["x"]]], {"a": {}}, {"name": 3}, [None]])
def test_no_value_of_any_field_is_a_fault(odd: Any) -> None:
    names = [
        "id",
        "uri",
        "title",
        "notes",
        "tags",
        "extras",
        "resources",
        "publisher",
        "contact",
        "issued",
        "theme",
        "url",
    ]
    for name in names:
        graph({"id": "1", name: odd}, site=SITE)
