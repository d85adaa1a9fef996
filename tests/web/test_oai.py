"""OAI-PMH 2.0, question by question, as https://www.openarchives.org/OAI/ words it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import pyoxigraph as ox
import pytest
from given import a_graph, both
from story import Story
from web import shelved

from catalogue.namespaces import DCAT, RDF
from catalogue.rdf.graph import Graph
from catalogue.rdf.split import split
from catalogue.register.register import Register
from catalogue.web import oai

BASE = "https://catalogue.example"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
ADDRESS = f"{BASE}/oai"
ONE = f"{BASE}/dataset/a"
LIST = "verb=ListRecords&metadataPrefix=dcat"


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
    yield Story(register)
    register.close()


@pytest.fixture
def client(story: Story) -> Any:
    return shelved.application(story.register).test_client()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "PAGE", 2)


def ask(client: Any, **arguments: str) -> Element:
    given = {name.removesuffix("_"): value for name, value in arguments.items()}
    response = client.get("/oai", query_string=given)
    assert (response.status_code, response.mimetype) == (200, "text/xml")
    return fromstring(response.data)


def error(document: Element) -> str:
    found = document.find(f"{OAI}error")
    return "" if found is None else str(found.get("code"))


def identifiers(document: Element) -> list[str]:
    return [str(each.text).removeprefix(BASE) for each in document.iter(f"{OAI}identifier")]


def token(document: Element) -> str:
    return str(document.findtext(f".//{OAI}resumptionToken") or "")


def walk(client: Any, **arguments: str) -> Iterator[Element]:
    page = ask(client, **arguments)
    yield page
    while token(page):
        page = ask(client, verb=arguments["verb"], resumptionToken=token(page))
        yield page


def described(document: Element) -> Graph:
    (metadata,) = document.iter(f"{OAI}metadata")
    content = tostring(metadata[0])
    return Graph(quad.triple for quad in ox.parse(content, format=ox.RdfFormat.RDF_XML))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=identify", "badVerb"),
        ("verb=Identify&extra=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        (f"{LIST}&metadataPrefix=dcat", "badArgument"),
        (
            f"{LIST}&from=2026-11-22T00:00:00Z&until=2026-11-23",
            "badArgument",
        ),
        (f"{LIST}&from=2026-11-23&until=2026-11-22", "badArgument"),
        (f"{LIST}&from=yesterday", "badArgument"),
        (f"{LIST}&from=", "badArgument"),
        (f"{LIST}&from=2026-02-30", "badArgument"),
        (f"{LIST}&from=2026-11-22T12:00:00", "badArgument"),
        (f"{LIST}&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=WzFd", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        (f"{LIST}&until=1999-01-01", "noRecordsMatch"),
        (f"{LIST}&set=unheard", "noRecordsMatch"),
        (f"{LIST}&set=catalog:unheard", "noRecordsMatch"),
        ("verb=GetRecord&metadataPrefix=dcat", "badArgument"),
        (f"{LIST}&set=organisation:%00", "noRecordsMatch"),
        ("verb=GetRecord&metadataPrefix=dcat&identifier=unheard", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=dcat&identifier={ONE}%00", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=dcat&identifier={BASE}/catalog/a", "idDoesNotExist"),
        (
            f"verb=GetRecord&metadataPrefix=marc&identifier={ONE}",
            "cannotDisseminateFormat",
        ),
        ("verb=ListMetadataFormats&identifier=unheard", "idDoesNotExist"),
    ],
)
def test_a_mistake_has_its_code_and_is_no_error_of_http(
    client: Any, story: Story, query: str, code: str
) -> None:
    story.save("a")
    response = client.get(f"/oai?{query}")
    document = fromstring(response.data)
    assert (response.status_code, error(document)) == (200, code)
    request = document.find(f"{OAI}request")
    assert request is not None
    assert request.text == ADDRESS
    assert bool(request.attrib) is (code not in {"badVerb", "badArgument"})


def test_it_says_who_it_is(client: Any, story: Story) -> None:
    story.save("a")
    found = ask(client, verb="Identify").find(f"{OAI}Identify")
    assert found is not None
    assert [(each.tag.removeprefix(OAI), each.text) for each in found] == [
        ("repositoryName", "Genoomcatalogus"),
        ("baseURL", ADDRESS),
        ("protocolVersion", "2.0"),
        ("adminEmail", "postmaster@catalogue.example"),
        ("earliestDatestamp", "2026-11-22T12:01:00Z"),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ]


def test_every_format_that_is_offered_is_given(client: Any, story: Story) -> None:
    story.list("a", "k")
    formats = ask(client, verb="ListMetadataFormats")
    prefixes = [str(each.text) for each in formats.iter(f"{OAI}metadataPrefix")]
    assert {"oai_dc", "dcat", "dcat_ap", "datacite", "oai_datacite"} == set(prefixes)
    for prefix in prefixes:
        found = ask(client, verb="GetRecord", metadataPrefix=prefix, identifier=f"{BASE}/dataset/a")
        assert len(list(found.iter(f"{OAI}metadata"))) == 1


def test_a_dataset_as_dcat_is_exactly_what_is_public(client: Any, story: Story) -> None:
    story.list("a", "k", title="Genomes & <exomes>")
    found = ask(client, verb="GetRecord", metadataPrefix="dcat", identifier=f"{BASE}/dataset/a")
    graph = described(found)
    (dataset,) = split(graph, source=ADDRESS)
    public = [t for t in story.register.get("dataset", "a").graph if t.predicate.value[-2:] != "#0"]
    assert both(dataset.graph) == both(Graph(public))
    home = ox.NamedNode(f"{BASE}/catalog/k")
    assert graph.objects(home, DCAT + "dataset") == [ox.NamedNode(f"{BASE}/dataset/a")]


def test_a_property_that_xml_cannot_name_is_left_out_with_a_comment(
    client: Any, story: Story
) -> None:
    story.list("a", "k")
    body = client.get("/oai", query_string={"verb": "ListRecords", "metadataPrefix": "dcat"}).text
    assert "<!-- https://terms.example/odd#0 -->" in body
    assert "<p:plain" in body


def test_control_characters_do_not_break_the_answer(client: Any, story: Story) -> None:
    title = "Genomes\\u0001 of\\r\\nfamilies\\uFFFF"
    story.list("a", "k", title=title)
    graph = described(ask(client, verb="ListRecords", metadataPrefix="dcat"))
    titles = {t.object.value for t in graph if "Genomes" in str(t.object)}
    assert titles == {"Genomes\ufffd of\r\nfamilies\ufffd"}


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.usefixtures("small_pages")
def test_a_list_is_walked_by_its_tokens(client: Any, story: Story, verb: str) -> None:
    for name in "abcde":
        story.save(name)
    pages = list(walk(client, verb=verb, metadataPrefix="dcat"))
    assert [identifiers(page) for page in pages] == [
        ["/dataset/a", "/dataset/b"],
        ["/dataset/c", "/dataset/d"],
        ["/dataset/e"],
    ]
    ends = [page.find(f".//{OAI}resumptionToken") for page in pages]
    assert [(e.get("completeListSize"), e.get("cursor")) for e in ends if e is not None] == [
        ("5", "0"),
        ("5", "2"),
        ("5", "4"),
    ]


@pytest.mark.usefixtures("small_pages")
def test_a_record_that_changes_during_a_walk_is_seen_again_and_none_is_missed(
    client: Any, story: Story
) -> None:
    for name in "abcd":
        story.save(name)
    pages = walk(client, verb="ListIdentifiers", metadataPrefix="dcat")
    seen = identifiers(next(pages))
    story.save("a", "Exomes")
    story.save("c", "Exomes")
    seen += [each for page in pages for each in identifiers(page)]
    assert seen == [f"/dataset/{name}" for name in "abdac"]


@pytest.mark.usefixtures("small_pages")
def test_a_token_keeps_what_was_asked_for(client: Any, story: Story) -> None:
    story.catalog("k")
    for name in "abc":
        story.list(name, "k")
        story.list(f"{name}x", "other")
    pages = walk(client, verb="ListIdentifiers", metadataPrefix="dcat", set="catalog:k")
    assert [identifiers(page) for page in pages] == [["/dataset/a", "/dataset/b"], ["/dataset/c"]]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"from_": "2026-11-22T12:02:00Z"}, "bc"),
        ({"until": "2026-11-22T12:02:00Z"}, "ab"),
        ({"from_": "2026-11-22T12:02:00Z", "until": "2026-11-22T12:02:00Z"}, "b"),
        ({"from_": "2026-11-22"}, "abc"),
        ({"from_": "2026-11-21", "until": "2026-11-22"}, "abc"),
        ({"from_": "2026-11-22T12:04:00Z"}, ""),
        ({"until": "2026-11-21"}, ""),
        ({"from_": "0001-01-01", "until": "9999-12-31"}, "abc"),
    ],
)
def test_dates_are_inclusive_by_second_and_by_day(
    client: Any, story: Story, dates: dict[str, str], expected: str
) -> None:
    for name in "abc":
        story.save(name)
    found = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **dates)
    assert identifiers(found) == [f"/dataset/{name}" for name in expected]
    assert error(found) == ("" if expected else "noRecordsMatch")


def test_what_was_withdrawn_stays_listed_as_deleted_without_its_description(
    client: Any, story: Story
) -> None:
    story.list("a", "k")
    story.withdraw("a")
    for found in (
        ask(client, verb="ListRecords", metadataPrefix="dcat"),
        ask(client, verb="GetRecord", metadataPrefix="dcat", identifier=f"{BASE}/dataset/a"),
    ):
        (header,) = found.iter(f"{OAI}header")
        assert header.get("status") == "deleted"
        assert header.findtext(f"{OAI}datestamp") == "2026-11-22T12:02:00Z"
        assert not list(found.iter(f"{OAI}metadata"))
        assert b"Genomes" not in tostring(found)


def test_what_is_held_is_not_there_and_neither_is_its_withdrawal(client: Any, story: Story) -> None:
    story.save("a", "Kept back", reason="minimum")
    story.save("b", "Kept back as well", reason="minimum")
    story.withdraw("b")
    assert error(ask(client, verb="ListRecords", metadataPrefix="dcat")) == "noRecordsMatch"
    for name in "ab":
        address = f"{BASE}/dataset/{name}"
        found = ask(client, verb="GetRecord", metadataPrefix="dcat", identifier=address)
        assert error(found) == "idDoesNotExist"


def test_a_held_version_does_not_show_while_the_older_one_stays(client: Any, story: Story) -> None:
    story.save("a", "Public")
    story.save("a", "Kept back", reason="minimum")
    for prefix in ("dcat", "oai_dc", "datacite"):
        found = tostring(ask(client, verb="ListRecords", metadataPrefix=prefix))
        assert b"Public" in found
        assert b"Kept back" not in found
        assert b"12:01:00Z</" in found


def test_the_sets_are_catalogs_and_organisations(client: Any, story: Story) -> None:
    story.catalog("k")
    story.list("a", "k")
    found = ask(client, verb="ListSets")
    assert [str(each.text) for each in found.iter(f"{OAI}setSpec")] == [
        "catalog:k",
        "organisation:merwestad",
    ]
    listed = ask(client, verb="ListIdentifiers", metadataPrefix="dcat", set="catalog:k")
    assert identifiers(listed) == ["/dataset/a"]
    specs = [str(each.text) for each in listed.iter(f"{OAI}setSpec")]
    assert specs == ["catalog:k", "organisation:merwestad"]


def test_a_header_names_every_set_in_which_its_record_is_found(client: Any, story: Story) -> None:
    for name in ("k", "m"):
        story.catalog(name, members=("a",))
    story.list("a", "k")
    found = ask(client, verb="GetRecord", metadataPrefix="dcat", identifier=ONE)
    specs = [str(each.text) for each in found.iter(f"{OAI}setSpec")]
    assert specs == ["catalog:k", "catalog:m", "organisation:merwestad"]
    for spec in specs:
        listed = ask(client, verb="ListIdentifiers", metadataPrefix="dcat", set=spec)
        (header,) = [each for each in listed.iter(f"{OAI}header") if each[0].text == ONE]
        assert [str(each.text) for each in header.iter(f"{OAI}setSpec")] == specs


def test_no_header_names_a_set_of_a_catalog_that_is_not_public(client: Any, story: Story) -> None:
    story.catalog("k")
    story.catalog("m", members=("a",), reason="minimum")
    story.list("a", "k")
    found = ask(client, verb="GetRecord", metadataPrefix="dcat", identifier=ONE)
    assert "catalog:m" not in {each.text for each in found.iter(f"{OAI}setSpec")}


def test_a_catalog_that_is_not_public_is_no_set(client: Any, story: Story) -> None:
    story.catalog("k")
    story.catalog("m", members=("a",), reason="minimum")
    story.list("a", "k")
    for each in ("catalog:m", "catalog:never-existed"):
        listed = ask(client, verb="ListIdentifiers", metadataPrefix="dcat", set=each)
        assert error(listed) == "noRecordsMatch"


def test_a_dataset_is_in_the_collection_of_each_of_its_catalogs(client: Any, story: Story) -> None:
    for name in ("k", "m"):
        story.catalog(name, members=("a",))
    story.list("a", "k")
    first = client.get("/dataset/a/linkset").json["linkset"][0]
    assert [each["href"] for each in first["collection"]] == [
        f"{BASE}/catalog/k",
        f"{BASE}/catalog/m",
    ]


def test_a_question_may_be_posted(client: Any, story: Story) -> None:
    story.save("a")
    response = client.post("/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "dcat"})
    assert identifiers(fromstring(response.data)) == ["/dataset/a"]
    assert error(fromstring(client.post("/oai?verb=Identify").data)) == "badVerb"


def test_the_same_question_gives_the_same_answer(client: Any, story: Story) -> None:
    for name in "abc":
        story.list(name, "k")

    def records() -> bytes:
        found = ask(client, verb="ListRecords", metadataPrefix="dcat")
        return tostring(found[2])

    assert records() == records()


def test_a_dataset_without_a_doi_or_creator_invents_none(client: Any, story: Story) -> None:
    story.list("a", "k")
    found = ask(client, verb="GetRecord", metadataPrefix="datacite", identifier=f"{BASE}/dataset/a")
    kernel = "{http://datacite.org/schema/kernel-4}"
    (resource,) = found.iter(f"{kernel}resource")
    identifier = resource.find(f"{kernel}identifier")
    assert identifier is not None
    assert (identifier.get("identifierType"), identifier.text) == ("URL", f"{BASE}/dataset/a")
    assert resource.findtext(f".//{kernel}creatorName") == "Merwestad Hospital"
    assert resource.findtext(f"{kernel}publicationYear") == "2024"
    assert not list(resource.iter(f"{kernel}rights"))


def test_dublin_core_has_what_was_stated(client: Any, story: Story) -> None:
    story.list("a", "k", more='dct:identifier "https://doi.org/10.1234/a" ; dcat:keyword "x"@en ;')
    found = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=f"{BASE}/dataset/a")
    dc = "{http://purl.org/dc/elements/1.1/}"
    said = {(e.tag.removeprefix(dc), e.text) for e in found.iter() if e.tag.startswith(dc)}
    assert {
        ("title", "Genomes"),
        ("subject", "x"),
        ("identifier", f"{BASE}/dataset/a"),
        ("identifier", "https://doi.org/10.1234/a"),
        ("publisher", "Merwestad Hospital"),
        ("date", "2024-05-01"),
        ("type", "Dataset"),
    } <= said
    assert "rights" not in {name for name, _ in said}


def test_an_empty_repository_has_no_sets_and_no_records(client: Any) -> None:
    assert error(ask(client, verb="ListSets")) == "noSetHierarchy"
    assert error(ask(client, verb="ListRecords", metadataPrefix="dcat")) == "noRecordsMatch"
    assert ask(client, verb="Identify").find(f"{OAI}Identify") is not None


def test_the_class_of_a_record_names_its_element(client: Any, story: Story) -> None:
    story.list("a", "k")
    found = ask(client, verb="ListRecords", metadataPrefix="dcat")
    (rdf,) = found.iter(f"{{{RDF}}}RDF")
    assert f"{{{DCAT}}}Dataset" in {each.tag for each in rdf}


def test_datacite_says_the_same_here_as_at_the_address_of_the_record(
    client: Any, story: Story
) -> None:
    story.list("a", "k", more='dct:identifier "10.1234/a" ; dcat:keyword "x"@en ;')
    there = fromstring(client.get("/dataset/a?format=datacite-xml").data)
    for prefix in ("datacite", "oai_datacite"):
        found = ask(client, verb="GetRecord", metadataPrefix=prefix, identifier=ONE)
        (here,) = found.iter("{http://datacite.org/schema/kernel-4}resource")
        here.tail = None
        assert tostring(here) == tostring(there)


def test_datacite_calls_a_catalog_and_a_series_a_collection(client: Any, story: Story) -> None:
    story.catalog("k")
    turtle = f'<{BASE}/series/s> a dcat:DatasetSeries ; dct:title "Series"@en .'
    story.save("s", kind="series", public=a_graph(turtle))
    for name in ("catalog/k", "series/s"):
        found = ask(
            client, verb="GetRecord", metadataPrefix="datacite", identifier=f"{BASE}/{name}"
        )
        (kind,) = found.iter("{http://datacite.org/schema/kernel-4}resourceType")
        assert kind.get("resourceTypeGeneral") == "Collection"


def test_metadata_says_where_its_schema_is(client: Any, story: Story) -> None:
    story.list("a", "k")
    envelope = "{http://schema.datacite.org/oai/oai-1.1/}"
    places = {"oai_dc": "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"}
    places["oai_datacite"] = f"{envelope}oai_datacite"
    for prefix, name in places.items():
        found = ask(client, verb="GetRecord", metadataPrefix=prefix, identifier=ONE)
        (root,) = found.iter(name)
        location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
        assert location
        assert location.split()[0] == name.partition("}")[0][1:]
    parts = [each.tag.removeprefix(envelope) for each in root]
    assert sorted(parts) == ["datacentreSymbol", "payload", "schemaVersion"]
