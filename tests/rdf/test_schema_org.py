"""Datasets as search engines know them, to and from DCAT."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from given import a_graph, both

from catalogue.errors import LimitExceeded, ParseFailed
from catalogue.model.agent import Agent
from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset, Distribution
from catalogue.model.genome import Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCAT, DCT, EU_AUTHORITY, GC, HRI, MONDO, Iri
from catalogue.rdf import read as values
from catalogue.rdf.graph import Graph
from catalogue.rdf.own_terms import own_vocabulary
from catalogue.rdf.schema_org import identifier, read
from catalogue.rdf.schema_org_json import read_json
from catalogue.rdf.schema_org_write import Shown, description, script, write

PAGE = "https://umc.example/data/7"
SHOWN = Shown(page=f"{PAGE}/en", holder="Merwestad Hospital", catalog="https://cat.example")


def graph_of(context: Any = "https://schema.org/", **stated: Any) -> Graph:
    block = {"@context": context, "@type": "Dataset", "name": "Genomes", **stated}
    return read([block], PAGE)


def dataset_of(**stated: Any) -> Dataset:
    return values.dataset(graph_of(**stated), ox.NamedNode(PAGE))


def objects(graph: Graph, predicate: str) -> list[str]:
    return sorted(t.object.value for t in graph if t.predicate.value == predicate)


def a_dataset(**stated: Any) -> Dataset:
    given = {"iri": Iri(PAGE), "title": LangText((Text("Genomes", "en"),)), **stated}
    return Dataset(**given)


def written(**stated: Any) -> dict[str, Any]:
    return write(a_dataset(**stated), SHOWN, own_vocabulary())


def test_a_page_gives_a_dataset_with_its_distribution_and_publisher() -> None:
    graph = graph_of(
        description="Of families.",
        identifier={"@type": "PropertyValue", "propertyID": "doi", "value": "10.1234/ab"},
        license="https://creativecommons.org/licenses/by/4.0/",
        publisher={"@type": "Organization", "name": "Merwestad", "url": "https://m.example/"},
        temporalCoverage="2010/2020-06-30",
        distribution={
            "@type": "DataDownload",
            "contentUrl": "/data/7.csv",
            "encodingFormat": "text/csv",
        },
    )
    expected = a_graph(f"""
        <{PAGE}> a dcat:Dataset ; dct:title "Genomes" ; dct:description "Of families." ;
          dct:identifier "https://doi.org/10.1234/ab" ;
          dct:license <https://creativecommons.org/licenses/by/4.0/> ;
          dct:publisher <https://m.example/> ;
          dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2010"^^xsd:gYear ;
            dcat:endDate "2020-06-30"^^xsd:date ] ;
          dcat:distribution [ a dcat:Distribution ; dcat:mediaType "text/csv" ;
            dcat:accessURL <https://umc.example/data/7.csv> ;
            dcat:downloadURL <https://umc.example/data/7.csv> ] .
        <https://m.example/> a foaf:Agent ; foaf:name "Merwestad" ;
          foaf:homepage <https://m.example/> .""")
    assert both(graph) == both(expected)


@pytest.mark.parametrize(
    "context",
    [
        "http://schema.org",
        "https://www.schema.org/",
        ["https://schema.org/", {"dct": "http://purl.org/dc/terms/"}],
        {"@vocab": "http://schema.org/"},
        {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
    ],
)
def test_a_context_may_be_written_in_many_ways(context: Any) -> None:
    assert len(graph_of(context)) == 2


def test_names_with_a_prefix_or_in_full_are_the_same() -> None:
    prefixed = {
        "@context": {"sdo": "http://schema.org/", "label": "sdo:name"},
        "@type": "sdo:Dataset",
        "label": "Genomes",
        "https://schema.org/version": 2,
        "other:description": "not schema.org's",
    }
    graph = read([prefixed], PAGE)
    assert objects(graph, DCT + "title") == ["Genomes"]
    assert objects(graph, DCAT + "version") == ["2"]
    assert not objects(graph, DCT + "description")


def test_names_without_a_context_of_schema_org_mean_nothing() -> None:
    assert not graph_of("http://127.0.0.1/context.json")
    assert not graph_of({"@vocab": "https://other.example/"})


def test_datasets_are_found_in_graphs_arrays_and_catalogs() -> None:
    graph = read(
        [
            {
                "@context": "https://schema.org",
                "@graph": [
                    {"@type": "WebPage", "name": "Page"},
                    {"@type": ["Dataset", "Thing"], "@id": "#a", "name": "A"},
                    {
                        "@type": "DataCatalog",
                        "name": "All",
                        "dataset": [{"@type": "Dataset", "url": "/b", "name": "B"}],
                    },
                ],
            },
            [{"@context": "https://schema.org", "@type": "Dataset", "@id": "/c", "name": "C"}],
        ],
        PAGE,
    )
    found = {node.value for node in graph.instances(DCAT + "Dataset")}
    assert found == {f"{PAGE}#a", "https://umc.example/b", "https://umc.example/c"}


def test_a_reference_means_what_the_page_says_elsewhere() -> None:
    block = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Dataset", "name": "A", "publisher": {"@id": "#umc"}},
            {"@type": "Organization", "@id": "#umc", "name": "Merwestad"},
        ],
    }
    publisher = values.dataset(read([block], PAGE), ox.NamedNode(PAGE)).publisher
    assert publisher == Agent(iri=Iri(f"{PAGE}#umc"), name=LangText((Text("Merwestad"),)))


def test_a_dataset_that_is_only_mentioned_is_not_taken_in() -> None:
    graph = graph_of(isBasedOn={"@type": "Dataset", "@id": "https://other.example/9", "name": "X"})
    assert [node.value for node in graph.instances(DCAT + "Dataset")] == [PAGE]
    assert objects(graph, DCT + "source") == ["https://other.example/9"]


def test_the_catalog_of_a_dataset_is_described_too() -> None:
    graph = graph_of(includedInDataCatalog={"@id": "/all", "name": "All data"})
    assert both(graph) == both(
        a_graph(f"""<{PAGE}> a dcat:Dataset ; dct:title "Genomes" .
        <https://umc.example/all> a dcat:Catalog ; dct:title "All data" ;
          dcat:dataset <{PAGE}> .""")
    )


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("a, b", ["a", "b"]),
        (["a", "b, c"], ["a", "b", "c"]),
        ([{"@type": "DefinedTerm", "name": "a, with comma"}], ["a, with comma"]),
        ({"@value": "gen", "@language": "nl"}, ["gen"]),
        ([None, "", {}, 7], ["7"]),
    ],
)
def test_keywords_come_as_text_lists_or_terms(stated: Any, expected: list[str]) -> None:
    assert sorted(text.value for text in dataset_of(keywords=stated).keywords) == expected


def test_a_text_keeps_its_language() -> None:
    names = [{"@value": "Genomes", "@language": "en"}, {"@value": "Genomen", "@language": "nl"}]
    assert dataset_of(name=names).title.value("nl") == "Genomen"
    assert dataset_of(context={"@vocab": "https://schema.org/", "@language": "nl"}).title == (
        LangText((Text("Genomes", "nl"),))
    )


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"code": {"codeValue": "227535", "codingSystem": "ORPHA"}}, "227535"),
        ({"code": [{"codeValue": "MONDO:0007254"}]}, "MONDO_0007254"),
        ({"name": "borstkanker"}, "disease-breast-cancer"),
        ({"sameAs": "http://purl.obolibrary.org/obo/MONDO_0007254"}, "disease-breast"),
    ],
)
def test_a_disease_is_known_by_its_code_or_its_name(about: Any, expected: str) -> None:
    graph = graph_of(about={"@type": "MedicalCondition", **about})
    [disease] = objects(graph, HRI + "healthConditionOfInterest")
    assert expected in disease


def test_what_names_no_concept_of_ours_stays_a_keyword() -> None:
    graph = graph_of(about={"@type": "MedicalCondition", "name": "Feeling odd"})
    assert objects(graph, DCAT + "keyword") == ["Feeling odd"]
    assert objects(graph_of(measurementTechnique="dowsing"), DCAT + "keyword") == ["dowsing"]


def test_a_technique_that_we_know_becomes_an_assay() -> None:
    graph = graph_of(measurementTechnique=["whole genome sequencing", {"name": "WES"}])
    assert objects(graph, GC + "assay") == [GC + "assay-wes", GC + "assay-wgs"]


def test_free_of_charge_gives_no_access_rights() -> None:
    assert dataset_of(isAccessibleForFree=True).access_rights is None


@pytest.mark.parametrize(
    "stated", ["restricted", "beperkt", EU_AUTHORITY + "access-right/RESTRICTED"]
)
def test_access_that_is_on_the_list_is_recognised(stated: str) -> None:
    rights = dataset_of(conditionsOfAccess=stated).access_rights
    assert rights == EU_AUTHORITY + "access-right/RESTRICTED"


def test_other_conditions_of_access_are_kept_in_words() -> None:
    graph = graph_of(conditionsOfAccess="Ask the committee first.")
    assert "Ask the committee first." in {getattr(t.object, "value", "") for t in graph}
    assert not objects(graph, DCT + "accessRights")


def test_a_size_counts_only_when_it_says_what() -> None:
    assert dataset_of(size="1,200 individuals").individuals == Count(value=1200)
    assert dataset_of(size={"value": 80, "unitText": "records"}).records == Count(value=80)
    assert dataset_of(size="30 files").individuals is None


@pytest.mark.parametrize("period", ["2010/..", "2010/"])
def test_a_period_may_be_open(period: str) -> None:
    assert dataset_of(temporalCoverage=period).temporal == (Period(start="2010"),)


def test_places_and_languages_become_values_of_the_lists() -> None:
    found = dataset_of(spatialCoverage={"@type": "Place", "name": "Nederland"}, inLanguage="nl")
    assert found.spatial == (EU_AUTHORITY + "country/NLD",)
    assert found.languages == (EU_AUTHORITY + "language/NLD",)


@pytest.mark.parametrize(
    "stated",
    [
        {"license": "javascript:alert(1)"},
        {"url": "javascript:alert(1)"},
        {"publisher": [None, 3, True]},
        {"distribution": ["x y", 4, {"contentUrl": {"a": 1}}]},
        {"temporalCoverage": "long ago", "dateModified": {"@value": None}},
        {"name": "a\x00b\ud800c"},
        {"identifier": [["deep", ["er"]], {"value": {}}]},
    ],
)
def test_nonsense_in_one_property_does_not_hide_the_dataset(stated: Any) -> None:
    graph = graph_of(**stated)
    assert len(graph.instances(DCAT + "Dataset")) == 1
    assert not [t for t in graph if str(t.object).startswith("<javascript")]
    assert graph.n_triples().decode()


def test_a_text_of_a_megabyte_is_reported_as_too_long() -> None:
    [length] = objects(graph_of(description="x" * 1_000_000), DCT + "description")
    assert length == "1000000"


def test_broken_json_names_the_line_of_the_page() -> None:
    with pytest.raises(ParseFailed) as failed:
        read_json('\n{"a": 1,\n "b": }', line=40)
    assert failed.value.line == 42


@pytest.mark.parametrize(
    "text", ["<!-- {} -->", "//<![CDATA[\n{}\n//]]>", "\ufeff{}", "\n<![CDATA[{}]]>\n"]
)
def test_marks_around_a_block_are_not_in_the_way(text: str) -> None:
    assert read_json(text) == {}


def test_json_that_is_too_deep_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        read_json("[" * 200_000)
    with pytest.raises(LimitExceeded):
        read([json.loads("[" * 60 + "]" * 60)], PAGE)


def test_an_identifier_is_written_in_one_way() -> None:
    assert identifier("10.1234/ab", "doi") == identifier("https://dx.doi.org/10.1234/ab")


# --- the way out -------------------------------------------------------------------------


def test_a_written_dataset_is_read_back() -> None:
    dataset = a_dataset(
        description=LangText((Text("Germline genomes of families, read at thirty fold.", "en"),)),
        identifiers=("https://doi.org/10.1234/rich",),
        access_rights=Iri(EU_AUTHORITY + "access-right/RESTRICTED"),
        publisher=Agent(iri=Iri("https://m.example/"), name=LangText((Text("M", "en"),))),
        keywords=(Text("families", "en"),),
        diseases=(GC + "disease-breast-cancer", MONDO + "0000001"),
        individuals=Count(value=1230),
        temporal=(Period(start="2017", end="2025"),),
        spatial=(Iri(EU_AUTHORITY + "country/NLD"),),
        languages=(Iri(EU_AUTHORITY + "language/NLD"),),
        assays=(Iri(GC + "assay-wgs"),),
        version="2",
    )
    block = write(dataset, SHOWN, own_vocabulary())
    back = values.dataset(read([json.loads(script(block))], PAGE), ox.NamedNode(PAGE))
    same = ("access_rights", "individuals", "temporal", "spatial", "languages", "assays")
    for name in same:
        assert (name, getattr(back, name)) == (name, getattr(dataset, name))
    assert back.title.value("en") == dataset.title.value("en")
    assert back.description.value("en") == dataset.description.value("en")
    assert MONDO + "0000001" in back.diseases
    assert "https://doi.org/10.1234/rich" in back.identifiers


def test_closed_data_have_no_download() -> None:
    distribution = Distribution(
        access_url=Iri("https://m.example/ask"), download_url=Iri("https://m.example/x.vcf")
    )
    closed = written(
        access_rights=Iri(EU_AUTHORITY + "access-right/NON_PUBLIC"), distributions=(distribution,)
    )
    assert closed["distribution"] == [{"@type": "DataDownload", "url": "https://m.example/ask"}]
    assert "isAccessibleForFree" not in closed, "nothing is said of what it costs"
    assert closed["conditionsOfAccess"] == ["non-public"]


def test_open_data_have_one() -> None:
    distribution = Distribution(download_url=Iri("https://m.example/x.vcf"))
    stated = written(
        access_rights=Iri(EU_AUTHORITY + "access-right/PUBLIC"), distributions=(distribution,)
    )
    assert stated["distribution"][0]["contentUrl"] == "https://m.example/x.vcf"
    assert stated["isAccessibleForFree"] is True


def test_access_that_nobody_stated_is_not_made_up() -> None:
    stated = written(distributions=(Distribution(download_url=Iri("https://m.example/x")),))
    assert stated.keys().isdisjoint({"isAccessibleForFree", "conditionsOfAccess", "license"})
    assert "contentUrl" not in stated["distribution"][0]


def test_a_small_count_has_no_size() -> None:
    assert "size" not in written(individuals=Count(below=10))


def test_a_description_has_the_length_that_search_engines_want() -> None:
    assert 50 <= len(description(a_dataset(), SHOWN)) <= 5000
    assert description(a_dataset(), SHOWN).startswith("Genomes. Description of human genome data")
    long = a_dataset(description=LangText((Text("word " * 2000, "en"),)))
    assert len(description(long, SHOWN)) <= 5000


def test_nothing_in_a_block_can_end_its_element() -> None:
    text = script(written(keywords=(Text("</script><script>alert(1)</script>&"),)))
    assert "<" not in text
    assert ">" not in text
    assert json.loads(text)["keywords"] == ["</script><script>alert(1)</script>&"]


def test_the_publisher_stands_in_for_a_maker_that_nobody_named() -> None:
    assert written()["creator"] == [{"@type": "Organization", "name": "Merwestad Hospital"}]
