from __future__ import annotations

from collections.abc import Callable

from catalogue.rdf.graph import Graph
from catalogue.rdf.normalise import normalise
from catalogue.rdf.split import Description, split

SOURCE = "https://holder.example/data/all.ttl"
Turtle = Callable[[str], Graph]


def parts(graph: Graph) -> dict[str, Description]:
    return {d.subject.value.rpartition("/")[2]: d for d in split(graph, source=SOURCE)}


def subjects(description: Description) -> set[str]:
    return {str(s).rpartition("/")[2].rstrip(">") for s in description.graph.subjects()}


def test_a_dataset_takes_what_its_properties_lead_to(turtle: Turtle) -> None:
    found = parts(
        turtle(
            """
            <d1> a dcat:Dataset ; dct:title "One" ; dcat:distribution <x1> ; dct:publisher <org> ;
                dct:temporal [ dcat:startDate "2020" ] .
            <x1> a dcat:Distribution ; dct:title "File" ; dct:license <by> ; dcat:accessURL <page> .
            <org> a foaf:Agent ; foaf:name "UMC" ; foaf:mbox <mailto:a@b.nl> .
            <other> a foaf:Agent ; foaf:name "Not mentioned" .
            <page> dct:title "Not ours to describe" .
            """
        )
    )
    assert found.keys() == {"d1"}
    assert {"d1", "x1", "org"} <= subjects(found["d1"])
    assert not {"other", "page"} & subjects(found["d1"])
    assert len(found["d1"].graph) == 13


def test_datasets_do_not_swallow_each_other(turtle: Turtle) -> None:
    found = parts(
        turtle(
            """
            <c> a dcat:Catalog ; dct:title "All" ; dcat:dataset <d1>, <d2> ; dct:publisher <org> .
            <s> a dcat:DatasetSeries ; dct:title "Yearly" .
            <d1> a dcat:Dataset ; dct:title "One" ; dcat:inSeries <s> ; dct:source <d2> ;
                dct:publisher <org> .
            <d2> a dcat:Dataset ; dct:title "Two" ; dct:isPartOf <c> .
            <org> foaf:name "UMC" .
            """
        )
    )
    assert {name: d.kind for name, d in found.items()} == {
        "c": "catalog",
        "s": "series",
        "d1": "dataset",
        "d2": "dataset",
    }
    assert subjects(found["c"]) == {"c", "org"}
    assert subjects(found["d1"]) == {"d1", "org"}
    assert subjects(found["d2"]) == {"d2"}


def test_a_dataset_that_is_only_mentioned_is_not_a_description(turtle: Turtle) -> None:
    found = parts(turtle('<c> a dcat:Catalog ; dct:title "All" . <d> a dcat:Dataset .'))
    assert found.keys() == {"c"}


def test_a_dataset_without_a_title_but_with_a_description_is_one(turtle: Turtle) -> None:
    assert parts(turtle('<d> a dcat:Dataset ; dct:description "Exomes" .')).keys() == {"d"}


def test_a_catalog_that_also_calls_itself_a_dataset_is_a_catalog(turtle: Turtle) -> None:
    found = parts(turtle('<c> a dcat:Catalog, dcat:Dataset ; dct:title "All" .'))
    assert found["c"].kind == "catalog"


def test_containers_and_records_are_left_out(turtle: Turtle) -> None:
    found = parts(
        turtle(
            """
            <c> a dcat:Catalog ; dct:title "All" ; dcat:record <r>, [ foaf:primaryTopic <d> ] ;
                ldp:contains <d> .
            <d> a dcat:Dataset ; dct:title "One" ; dcat:distribution <box> .
            <r> a dcat:CatalogRecord ; foaf:primaryTopic <d> ; dct:title "Record" .
            <box> a ldp:DirectContainer ; dct:title "Distributions" ; ldp:contains <x> .
            """
        )
    )
    assert found.keys() == {"c", "d"}
    assert subjects(found["c"]) == {"c"}
    assert subjects(found["d"]) == {"d"}


def test_statements_about_vocabularies_are_not_taken(turtle: Turtle) -> None:
    found = parts(
        turtle(
            """
            <d> a dcat:Dataset ; dct:title "One" ; dcat:theme <term> ;
                owl:sameAs <https://other.example/d> .
            <term> a skos:Concept ; skos:prefLabel "Cancer"@en ; skos:broader <everything> ;
                rdfs:subClassOf <everything> .
            <everything> skos:prefLabel "Everything"@en .
            <https://other.example/d> dct:title "Hijacked" .
            """
        )
    )
    assert subjects(found["d"]) == {"d", "term"}
    assert len(found["d"].graph) == 5


def test_a_blank_dataset_gets_an_address_that_stays(turtle: Turtle) -> None:
    text = """
        [] a dcat:Dataset ; dct:title "One" ; dct:identifier "{id}" ; dct:description "{text}" .
        <c> a dcat:Catalog ; dct:title "All" .
        """
    first = parts(turtle(text.format(id="a-1", text="old")))
    again = parts(turtle(text.format(id="a-1", text="new and longer")))
    other = parts(turtle(text.format(id="a-2", text="old")))
    assert first.keys() == again.keys() != other.keys()
    minted = next(d for d in first.values() if d.kind == "dataset")
    assert minted.subject.value.startswith("https://holder.example/.well-known/genid/")
    assert [repair.name for repair in minted.repairs] == ["blank-node-dataset"]


def test_the_catalog_keeps_its_link_to_a_blank_dataset(turtle: Turtle) -> None:
    found = parts(
        turtle(
            '<c> a dcat:Catalog ; dct:title "All" ;'
            ' dcat:dataset [ a dcat:Dataset ; dct:title "One" ] .'
        )
    )
    dataset = next(d for d in found.values() if d.kind == "dataset")
    assert dataset.subject in found["c"].graph.objects(
        found["c"].subject, "http://www.w3.org/ns/dcat#dataset"
    )
    assert subjects(found["c"]) == {"c"}


def test_two_blank_datasets_with_the_same_title_stay_two(turtle: Turtle) -> None:
    found = parts(
        turtle(
            '[] a dcat:Dataset ; dct:title "One" ; dct:issued "2020" .'
            '[] a dcat:Dataset ; dct:title "One" ; dct:issued "2021" .'
        )
    )
    assert len(found) == 2


def test_a_source_without_an_address_still_gives_stable_names(turtle: Turtle) -> None:
    graph = turtle('[] a dcat:Dataset ; dct:title "One" .')
    (found,) = split(graph, source="upload")
    assert found.subject.value.startswith("urn:uuid:")


def test_dcat_under_its_https_address_is_seen_and_repaired_later(turtle: Turtle) -> None:
    graph = turtle(
        "@prefix odd: <https://www.w3.org/ns/dcat#> ."
        '<d> a odd:Dataset ; dct:title "One" ; odd:distribution <x> . <x> dct:title "File" .'
    )
    (found,) = split(graph, source=SOURCE)
    assert found.graph == graph
    assert [repair.name for repair in normalise(found).repairs] == ["namespace"]


def test_a_loop_of_agents_ends(turtle: Turtle) -> None:
    found = parts(
        turtle(
            '<d> a dcat:Dataset ; dct:title "One" ; dct:publisher <a> .'
            '<a> foaf:name "A" ; dcat:contactPoint <b> . <b> dct:publisher <a> .'
        )
    )
    assert subjects(found["d"]) == {"d", "a", "b"}
