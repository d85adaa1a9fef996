"""Reading by the table of fields, and writing back what was read."""

from __future__ import annotations

from dataclasses import fields as attributes
from typing import Any

import pytest
from given import a_graph, named

from catalogue.model.counts import Count
from catalogue.model.dataset import Catalog, Dataset, Series
from catalogue.model.text import LangText, Text
from catalogue.rdf import read
from catalogue.rdf.fields import CLASSES, FIELDS
from catalogue.rdf.write import write

RICH = """
<d> a dcat:Dataset ;
  dct:title "Genomes"@en, "Genomen"@nl ; dct:description "All of them"@en ;
  dct:identifier "10.1/x" ; adms:identifier [ a adms:Identifier ; skos:notation "EGAD1" ] ;
  dct:accessRights eu:access-right\\/RESTRICTED ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Desk" ;
    vcard:hasEmail <mailto:a@umc.example?bcc=x> ] ;
  dct:publisher <org> ; dcat:keyword "exome"@en, "exoom"@nl ;
  hdc:numberOfUniqueIndividuals "0083"^^xsd:nonNegativeInteger ; hdc:minTypicalAge 0 ;
  dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2015"^^xsd:gYear ] ;
  dct:issued "2020-01-02"^^xsd:date ; dpv:hasPurpose [ dct:description "Research" ] ;
  hri:healthConditionOfInterest sct:85898001 ; hdc:hasCodeValues "ORPHA:217569" ;
  dcat:theme ordo:154, eu:data-theme\\/HEAL ;
  dcat:distribution <d/dist> ;
  gc:assayGroup [ a gc:AssayGroup ; gc:assay gc:assay-wes ;
    gc:individuals 80 ; gc:meanCoverage 60.5 ] ;
  gc:consentStratum [ a gc:ConsentStratum ; dct:title "Broad"@en ; gc:consentModel gc:model-broad ;
     gc:condition [ gc:term duo:0000007 ; gc:parameter mondo:0004994 ] ;
     gc:individualsBand gc:band-fewer-than-10 ] ;
  gc:linkage [ gc:targetKind gc:target-ehr ; gc:lastChecked "2026-03-01"^^xsd:date ] ;
  gc:accessibility gc:access-controlled ; gc:weeksToAccess 8 ; hdc:hasStructuredData true .
<org> a foaf:Agent ; foaf:name "Merwestad Hospital"@en ; foaf:mbox <mailto:info@umc.example> .
<d/dist> a dcat:Distribution ; dct:title "Files"@en ; dcat:accessURL <http://umc.example/ask> .
"""


def the(turtle: str) -> Dataset:
    return read.dataset(a_graph(turtle), named("d"))


def test_what_was_read_is_written_back() -> None:
    dataset = the(RICH)
    assert read.dataset(write(dataset), named("d")) == dataset


def test_every_attribute_of_every_class_is_one_row_of_the_table() -> None:
    for cls, rows in FIELDS.items():
        names = [attribute.name for attribute in attributes(cls) if attribute.name != "iri"]
        assert [row.name for row in rows] == names, cls.__name__
    assert set(CLASSES) == set(FIELDS)


def test_a_count_keeps_its_value_whatever_its_lexical_form() -> None:
    assert the(RICH).individuals == Count(value=83)


def test_a_zero_is_not_lost() -> None:
    assert the(RICH).min_age == 0


def test_an_unstated_count_is_not_zero() -> None:
    assert the("<d> a dcat:Dataset .").individuals is None


@pytest.mark.parametrize("value", ['"circa 450"', "-5", "1.5", '"9999999999999999"', "<x>"])
def test_a_number_that_is_none_stays_unread(value: str) -> None:
    assert the(f"<d> hdc:numberOfUniqueIndividuals {value} .").individuals is None


def test_the_band_of_the_gate_is_read_as_fewer_than_ten() -> None:
    assert the(RICH).consent[0].individuals == Count(below=10)


@pytest.mark.parametrize(
    "encoding",
    [
        "hri:healthConditionOfInterest ordo:154",
        "<https://cancerimage.eu/ontology/EUCAIM#hasCondition> ordo:154",
        "dcat:theme ordo:154",
        "hdc:hasCodeValues ordo:154",
        'hdc:hasCodeValues [ skos:notation "http://www.orpha.net/ORDO/Orphanet_154" ]',
        "hdc:healthTheme ordo:154",
    ],
)
def test_every_encoding_of_disease_is_read(encoding: str) -> None:
    assert the(f"<d> {encoding} .").diseases == ("http://www.orpha.net/ORDO/Orphanet_154",)


def test_a_literal_code_of_a_disease_is_read() -> None:
    assert the('<d> hdc:hasCodeValues "ORPHA:3455" .').diseases == ("ORPHA:3455",)


def test_a_theme_that_is_no_disease_is_not_read_as_one() -> None:
    assert the("<d> dcat:theme eu:data-theme\\/HEAL .").diseases == ()


def test_only_the_address_of_a_mailbox_is_read() -> None:
    assert the(RICH).contacts[0].email == "a@umc.example"


def test_a_publisher_that_is_a_literal_has_that_name() -> None:
    publisher = the('<d> dct:publisher "UMC" .').publisher
    assert publisher is not None
    assert publisher.name == LangText((Text("UMC"),))


@pytest.mark.parametrize(
    ("reader", "wanted"), [("nl", "Genomen"), ("en", "Genomes"), ("fr", "Genomes")]
)
def test_the_reader_gets_their_language_then_english(reader: str, wanted: str) -> None:
    assert the(RICH).title.value(reader) == wanted


def test_a_text_in_one_language_is_shown_to_everybody() -> None:
    best = the('<d> dct:title "Genomen"@nl-NL .').title.best("en")
    assert best == Text("Genomen", "nl-nl") or best == Text("Genomen", "nl-NL")


@pytest.mark.parametrize(("cls", "reader"), [(Catalog, read.catalog), (Series, read.series)])
def test_catalogs_and_series_are_read_and_written(cls: type[Any], reader: Any) -> None:
    graph = a_graph('<d> dct:title "List"@en ; dct:publisher [ foaf:name "UMC" ] .')
    value = reader(graph, named("d"))
    assert isinstance(value, cls)
    assert reader(write(value), named("d")) == value
