"""Turtle becomes concepts, and a broken file says what is broken."""

from __future__ import annotations

import pytest

from catalogue.errors import DescriptionError, ParseFailed
from catalogue.namespaces import GC
from catalogue.terms.load import load

HEAD = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix iso-thes: <http://purl.org/iso25964/skos-thes#> .
@prefix gc: <https://w3id.org/genoomcatalogus/ns#> .
gc:S a skos:ConceptScheme ; skos:notation "s" ; skos:prefLabel "esse"@nl .
"""


def loaded(turtle: str):
    return load([(HEAD + turtle).encode()]).scheme("s")


def test_a_concept_is_read_with_everything_said_about_it() -> None:
    concept = loaded("""
        gc:s-a a skos:Concept ; skos:inScheme gc:S ; skos:notation "a" , "AA"^^gc:code ;
            skos:prefLabel "Aap"@nl , "Ape"@en ; skos:altLabel "Aapje"@nl ;
            skos:hiddenLabel "gene" ; skos:definition "Een dier."@nl ;
            skos:broader gc:s-b , gc:s-c ; iso-thes:broaderGeneric gc:s-c ;
            skos:exactMatch <urn:1> ; skos:narrowMatch <urn:2> ;
            skos:closeMatch <urn:3> ; skos:broadMatch <urn:4> .""").concepts[0]
    assert (concept.notation, concept.spellings, concept.hidden) == ("a", ("AA",), ("gene",))
    assert (concept.label("nl"), concept.label("en")) == ("Aap", "Ape")
    assert concept.synonyms("nl") == ("Aapje",)
    assert concept.definition.value("nl") == "Een dier."
    assert concept.broader == (GC + "s-b", GC + "s-c")
    assert concept.generic == (GC + "s-c",)
    assert (concept.exact, concept.narrow) == (("urn:1",), ("urn:2",))
    assert concept.close == ("urn:3", "urn:4")


def test_concepts_keep_the_order_of_the_file() -> None:
    row = "gc:s-{0} a skos:Concept ; skos:inScheme gc:S ; skos:notation '{0}' ; "
    row += "skos:prefLabel '{0}'@en ."
    scheme = loaded("\n".join(row.format(slug) for slug in "cab"))
    assert [each.notation for each in scheme] == ["c", "a", "b"]


def test_a_concept_without_a_label_is_refused_by_name() -> None:
    with pytest.raises(DescriptionError, match=r"ns#s-a has no skos:prefLabel"):
        loaded('gc:s-a a skos:Concept ; skos:inScheme gc:S ; skos:notation "a" .')


def test_a_concept_without_a_notation_is_refused_by_name() -> None:
    with pytest.raises(DescriptionError, match=r"ns#s-a has 0 plain skos:notation"):
        loaded('gc:s-a a skos:Concept ; skos:inScheme gc:S ; skos:prefLabel "a"@en .')


def test_a_file_that_does_not_parse_names_the_line() -> None:
    with pytest.raises(ParseFailed) as caught:
        load([b"<urn:a> <urn:b> <urn:c> .\n<urn:a> oops"])
    assert caught.value.line == 2


def test_no_documents_are_no_schemes() -> None:
    assert load([]).schemes == {}
