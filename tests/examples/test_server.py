"""The demonstration server, asked over HTTP: what a harvester meets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from json import loads
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import requests

from examples.hospitals.expected import expected
from examples.hospitals.serve import Demonstration, negotiate

ROOT = Path(__file__).parents[2]
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
FDP = "https://w3id.org/fdp/fdp-o#"
LDP = "http://www.w3.org/ns/ldp#"
HYDRA = "http://www.w3.org/ns/hydra/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FDP_HOSPITALS = ("noordzee", "ijsselstroom", "waddenland", "merwestad", "heuvelrijk")


@pytest.fixture(scope="module")
def demo() -> Iterator[Demonstration]:
    with Demonstration(faults=False) as server:
        yield server


@pytest.fixture
def faulty() -> Iterator[Demonstration]:
    with Demonstration(stall_seconds=0.05) as server:
        yield server


def get(demo: Demonstration, url: str, **headers: str) -> requests.Response:
    host, _, target = url.removeprefix("http://").partition("/")
    named = {"Host": host, "Accept": "text/turtle", **headers}
    return requests.get(f"{demo.address}/{target}", headers=named, timeout=10)


def graph(demo: Demonstration, url: str, **headers: str) -> list[ox.Triple]:
    answer = get(demo, url, **headers)
    answer.raise_for_status()
    media_type = answer.headers["Content-Type"]
    form = ox.RdfFormat.from_media_type(media_type)
    assert form is not None
    return [q.triple for q in ox.parse(answer.content, format=form, base_iri=url)]


def objects(triples: list[ox.Triple], predicate: str) -> list[str]:
    return sorted({t.object.value for t in triples if t.predicate.value == predicate})


def subjects(triples: list[ox.Triple], type_: str) -> set[str]:
    return {
        str(t.subject.value)
        for t in triples
        if t.predicate.value == RDF_TYPE and t.object == ox.NamedNode(type_)
    }


# FAIR Data Points


@pytest.mark.parametrize("slug", FDP_HOSPITALS)
def test_a_walk_along_the_containers_finds_every_published_dataset(
    demo: Demonstration, slug: str
) -> None:
    found = set()
    for catalog in objects(graph(demo, demo.hospitals[slug].url), f"{LDP}contains"):
        found |= set(objects(graph(demo, catalog), f"{LDP}contains"))
    states = {each.iri: each.state for each in expected() if each.hospital == slug}
    assert {iri for iri in found if states[iri] != "draft"} == {
        iri for iri, state in states.items() if state != "draft"
    }


@pytest.mark.parametrize("slug", FDP_HOSPITALS)
def test_containers_and_links_say_the_same_but_for_leaked_drafts(
    demo: Demonstration, slug: str
) -> None:
    hospital = demo.hospitals[slug]
    contained, linked = set(), set()
    for catalog in hospital.catalogs:
        triples = graph(demo, f"{hospital.base}/catalog/{catalog.id}")
        contained |= set(objects(triples, f"{LDP}contains"))
        linked |= set(objects(triples, f"{DCAT}dataset"))
    drafts = {f"{hospital.base}/dataset/{each}" for each in hospital.drafts}
    assert contained - linked == (drafts if "leaks-drafts" in hospital.ways else set())
    assert linked <= contained


def test_a_draft_is_refused(demo: Demonstration) -> None:
    answer = get(demo, "http://fdp.waddenland.example/dataset/hartspierziekte-2025")
    assert answer.status_code == 403


def test_the_root_is_a_fair_data_point_and_a_metadata_service(demo: Demonstration) -> None:
    triples = graph(demo, "http://fdp.noordzee.example/")
    root = "http://fdp.noordzee.example"
    assert root in subjects(triples, f"{FDP}FAIRDataPoint")
    assert root in subjects(triples, f"{FDP}MetadataService")
    assert objects(triples, f"{FDP}metadataCatalog") == objects(triples, f"{LDP}contains")


def test_an_old_server_uses_the_old_namespaces(demo: Demonstration) -> None:
    triples = graph(demo, "http://fdp.waddenland.example/")
    predicates = {triple.predicate.value for triple in triples}
    assert "http://www.re3data.org/schema/3-0#dataCatalog" in predicates
    assert f"{FDP}metadataCatalog" not in predicates


def test_an_old_server_shares_one_container_address(demo: Demonstration) -> None:
    page = graph(demo, "http://fdp.waddenland.example/catalog/zeldzaam")
    assert subjects(page, f"{LDP}DirectContainer") == {"http://fdp.waddenland.example/dataset/"}


def test_distributions_are_records_of_their_own(demo: Demonstration) -> None:
    dataset = graph(demo, "http://fdp.noordzee.example/dataset/north-sea-breast-exomes")
    (address,) = objects(dataset, f"{LDP}contains")
    assert address in subjects(graph(demo, address), f"{DCAT}Distribution")


@pytest.mark.parametrize("slug", FDP_HOSPITALS)
def test_every_page_of_a_fair_data_point_is_about_its_own_address(
    demo: Demonstration, slug: str
) -> None:
    for each in expected():
        if each.hospital == slug and each.state in {"published", "held"}:
            assert each.iri in subjects(graph(demo, each.iri), f"{DCAT}Dataset")


def test_the_broken_record_is_sent_as_it_is(demo: Demonstration) -> None:
    with pytest.raises(SyntaxError):
        graph(demo, "http://fdp.merwestad.example/dataset/kapot")


# Pages and files


@pytest.mark.parametrize("slug", ["zuiderlicht", "veluwerand"])
def test_the_pages_cover_every_published_dataset_once(demo: Demonstration, slug: str) -> None:
    url, seen, found = demo.hospitals[slug].url, set(), []
    while url not in seen:
        seen.add(url)
        page = graph(demo, url)
        found += sorted(subjects(page, f"{DCAT}Dataset"))
        url = next(iter(objects(page, f"{HYDRA}next")), url)
    assert found == sorted(
        each.iri for each in expected() if each.hospital == slug and each.state == "published"
    )
    assert len(seen) > 2


def test_one_hospital_writes_the_next_page_as_text(demo: Demonstration) -> None:
    page = graph(demo, demo.hospitals["veluwerand"].url)
    (link,) = [t.object for t in page if t.predicate.value == f"{HYDRA}next"]
    assert isinstance(link, ox.Literal)


@pytest.mark.parametrize(
    ("slug", "media_type"),
    [
        ("amstelkade", "text/turtle"),
        ("peelhorst", "application/ld+json"),
        ("deltaborg", "application/rdf+xml"),
    ],
)
def test_a_file_has_every_published_dataset(
    demo: Demonstration, slug: str, media_type: str
) -> None:
    url = demo.hospitals[slug].url
    assert get(demo, url).headers["Content-Type"] == media_type
    found = subjects(graph(demo, url), f"{DCAT}Dataset")
    published = [e for e in expected() if e.hospital == slug and e.state == "published"]
    assert len(found) == len(published)
    assert {each.iri for each in published if each.iri} <= found


def test_the_files_are_well_formed(demo: Demonstration) -> None:
    assert ET.fromstring(get(demo, demo.hospitals["deltaborg"].url).content) is not None
    assert loads(get(demo, demo.hospitals["peelhorst"].url).content)


# HTTP


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/html, */*;q=0.1", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("text/turtle;q=0.4, application/rdf+xml;q=0.9", "application/rdf+xml"),
    ],
)
def test_the_client_chooses_the_format(accept: str, media_type: str) -> None:
    assert negotiate(accept) == media_type


def test_formats_of_a_page_say_the_same(demo: Demonstration) -> None:
    url = "http://fdp.noordzee.example/dataset/dcm-genomes"
    turtle, json = graph(demo, url), graph(demo, url, Accept="application/ld+json")
    first, second = (
        ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        for triples in (turtle, json)
    )
    for each in (first, second):
        each.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert first == second


def test_a_page_that_did_not_change_is_not_sent_again(demo: Demonstration) -> None:
    url = "http://fdp.noordzee.example/dataset/dcm-genomes"
    tag = get(demo, url).headers["ETag"]
    again = get(demo, url, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_head_has_the_headers_of_get(demo: Demonstration) -> None:
    host = {"Host": "fdp.noordzee.example"}
    head = requests.head(demo.address, headers=host, timeout=10)
    full = requests.get(demo.address, headers=host, timeout=10)
    assert head.headers["Content-Length"] == str(len(full.content))


def test_a_host_that_is_not_ours_is_not_found(demo: Demonstration) -> None:
    assert get(demo, "http://fdp.elsewhere.example/").status_code == 404


def test_a_path_that_does_not_exist_is_not_found(demo: Demonstration) -> None:
    assert get(demo, "http://fdp.noordzee.example/dataset/nothing").status_code == 404


# A hospital changes


def test_a_withdrawn_record_is_gone() -> None:
    url = "http://fdp.noordzee.example/dataset/dcm-genomes"
    with Demonstration() as demo:
        demo.withdrawn.add(url)
        assert get(demo, url).status_code == 410


def test_a_hospital_may_publish_other_records() -> None:
    with Demonstration() as demo:
        (first, *_) = demo.records("noordzee")
        edited = replace(first, dataset=first.dataset.replace("2026", "2027"))
        demo.publish("noordzee", [edited])
        page = graph(demo, f"http://fdp.noordzee.example/catalog/{first.catalog}")
    assert objects(page, f"{LDP}contains") == [f"http://fdp.noordzee.example/dataset/{first.id}"]


# A hospital gives up half-way


def outcomes(demo: Demonstration) -> dict[str, str]:
    found = {}
    for each in expected():
        if each.hospital == "heuvelrijk":
            try:
                found[each.id] = str(get(demo, each.iri).status_code)
            except requests.RequestException as error:
                found[each.id] = type(error).__name__
    return found


def test_one_hospital_fails_truncates_and_stalls(faulty: Demonstration) -> None:
    found = outcomes(faulty)
    assert set(found.values()) == {"200", "500", "ChunkedEncodingError", "ConnectionError"}
    fails = {each.id for each in expected() if each.faulted}
    assert {name for name, outcome in found.items() if outcome != "200"} == fails


def test_a_healthy_server_has_no_faults(demo: Demonstration) -> None:
    assert set(outcomes(demo).values()) == {"200"}


def test_the_command_prints_its_port_and_serves() -> None:
    command = [sys.executable, "-m", "examples.hospitals.serve", "--port", "0", "--healthy"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = loads(process.stdout.readline())
        host = {"Host": "fdp.noordzee.example"}
        answer = requests.get(f"http://127.0.0.1:{said['port']}/", headers=host, timeout=10)
        process.terminate()
    assert answer.status_code == 200
    assert len(said["hosts"]) == 10
