"""What other catalogues' clients ask of a FAIR Data Point, each restated in a few lines.

None of them can be run here, so each rule says what the client looks at, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests
from interop.conftest import Filled
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Namespace, URIRef

from catalogue.namespaces import FDPO, HDC, HYDRA

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.xdist_group("interop")]

FDP, LDP, HY = (Namespace(each) for each in (FDPO, "http://www.w3.org/ns/ldp#", HYDRA))
R3D = Namespace("http://www.re3data.org/schema/3-0#")
SERIES = URIRef(f"{DCAT}DatasetSeries")
GATHERED = (DCAT.Catalog, DCAT.Dataset, SERIES)
HEALTH = Namespace(HDC)
MOST = 200
LEVEL_ONE = """
PREFIX ldp: <http://www.w3.org/ns/ldp#>
PREFIX fdp: <https://w3id.org/fdp/fdp-o#>
PREFIX ejprd: <https://w3id.org/ejp-rd/vocabulary#>
SELECT DISTINCT ?resource {
  ?container ldp:membershipResource ?parent ; ldp:contains ?resource .
  ?resource ejprd:vpConnection ejprd:VPDiscoverable ;
            fdp:metadataIssued ?issued ; fdp:metadataModified ?modified .
}
"""

WALK = """
PREFIX ldp: <http://www.w3.org/ns/ldp#>
PREFIX fdp: <https://w3id.org/fdp/fdp-o#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
SELECT ?dataset {{
  <{root}> a fdp:FAIRDataPoint ; fdp:metadataCatalog ?catalog ; fdp:metadataModified ?when .
  ?catalog a dcat:Catalog .
  ?box ldp:membershipResource ?catalog ; ldp:contains ?dataset .
  ?dataset a dcat:Dataset ; fdp:metadataIssued ?issued .
}}
"""

FIND = """
PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?s {{ ?s dct:identifier "{identifier}" ; dct:isPartOf <{catalog}> . }}
"""


def get(url: str, accept: str = "text/turtle") -> Graph:
    answer = requests.get(url, headers={"Accept": accept}, timeout=60)
    assert answer.status_code == 200, (url, answer.text)
    assert answer.headers["Content-Type"].startswith("text/turtle")
    return Graph().parse(data=answer.content, format="turtle")


def test_the_index_of_fair_data_points_takes_us_for_one(filled: Filled) -> None:
    """Java FDP Index: a repository or metadata service, with what its list shows."""
    graph = get(filled.base)
    typed = {
        *graph.subjects(RDF.type, FDP.MetadataService),
        *graph.subjects(RDF.type, R3D.Repository),
    }
    (root,) = typed
    assert root == URIRef(filled.base)
    for predicate in (DCTERMS.title, DCTERMS.description, URIRef(f"{DCAT}version")):
        assert graph.value(root, predicate)
    publisher = graph.value(root, DCTERMS.publisher)
    assert graph.value(publisher, FOAF.name)


def test_the_index_walks_containers_to_everything_public(filled: Filled) -> None:
    """Java FDP Index: containers where there are any, else the relations; Turtle only."""
    assert filled.public <= set(indexed(filled.base))
    assert filled.draft not in set(indexed(filled.base))


def indexed(root: str) -> dict[str, Graph]:
    """Each document that the walk of the index reads, by its address."""
    found: dict[str, Graph] = {}
    waiting = [root]
    while waiting and len(found) < MOST:
        url = waiting.pop()
        if url not in found:
            found[url] = get(url)
            waiting.extend(following(found[url]))
    return found


def following(graph: Graph) -> Iterator[str]:
    containers = list(graph.subjects(RDF.type, LDP.DirectContainer))
    for container in containers:
        yield from map(str, graph.objects(container, LDP.contains))
    if not containers:
        for relation in (R3D.dataCatalog, FDP.metadataCatalog, DCAT.dataset, DCAT.distribution):
            yield from map(str, graph.objects(None, relation))


def test_the_virtual_platform_finds_what_its_steward_flagged(filled: Filled) -> None:
    """EJP-RD VP backend: its level-one question, put to what the index gathered."""
    together = Graph()
    for each in indexed(filled.base).values():
        together += each
    rows = {str(row[0]) for row in together.query(LEVEL_ONE)}  # type: ignore[index]
    assert rows == {filled.discoverable}


def test_the_virtual_platform_asks_our_own_sparql_endpoint(filled: Filled) -> None:
    """The same question, put to `/sparql`, once the public store has caught up."""
    found = eventually(filled, LEVEL_ONE, {filled.discoverable})
    assert found == {filled.discoverable}


def test_a_client_walks_from_root_to_dataset_by_sparql_alone(filled: Filled) -> None:
    assert eventually(filled, WALK.format(root=filled.base), set(filled.datasets)) == set(
        filled.datasets
    )


def test_an_identifier_in_a_catalog_is_one_address(filled: Filled) -> None:
    """What `find_subject` of fairclient asks; the draft has an identifier as well."""
    for number, url in enumerate(filled.datasets):
        query = FIND.format(identifier=f"d-{number}", catalog=filled.catalog)
        assert eventually(filled, query, {url}) == {url}
    assert asked(filled, FIND.format(identifier="d-draft", catalog=filled.catalog)) == set()


def eventually(filled: Filled, query: str, wanted: set[str]) -> set[str]:
    """The first column of the answer, asked again while the store follows what was published."""
    found: set[str] = set()
    for _ in range(100):
        found = asked(filled, query)
        if found == wanted:
            break
        time.sleep(0.1)
    return found


def asked(filled: Filled, query: str) -> set[str]:
    answer = requests.get(
        f"{filled.base}/sparql",
        params={"query": query, "format": "json"},
        headers={"Accept": "application/sparql-results+json"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return {next(iter(row.values()))["value"] for row in answer.json()["results"]["bindings"]}


def test_emx2_follows_relations_from_the_address_as_typed(filled: Filled) -> None:
    """EMX2 fairmapper: never looks at containers, and compares IRIs letter by letter."""
    root = get(filled.base)
    catalogs = [str(each) for each in root.objects(URIRef(filled.base), FDP.metadataCatalog)]
    assert filled.catalog in catalogs
    datasets = get(filled.catalog).objects(URIRef(filled.catalog), DCAT.dataset)
    assert {str(each) for each in datasets} == set(filled.datasets)


@pytest.mark.parametrize("end", ["", "/"])
def test_the_gdi_harvester_gathers_what_is_typed_at_its_own_address(
    filled: Filled, end: str
) -> None:
    """GDI ckanext-fairdatapoint: any `ldp:contains`, and the type of the very URL it fetched."""
    found: dict[str, URIRef] = {}
    waiting = [str(each) for each in get(filled.base + end).objects(None, LDP.contains)]
    for url in waiting:
        graph = get(url)
        kinds = [kind for kind in GATHERED if (URIRef(url), RDF.type, kind) in graph]
        if kinds:
            found[url] = kinds[0]
        if DCAT.Catalog in kinds:
            waiting.extend(str(each) for each in graph.objects(None, LDP.contains))
    gathered = {kind: {url for url in found if found[url] == kind} for kind in GATHERED}
    assert filled.catalog in gathered[DCAT.Catalog]
    assert gathered[DCAT.Dataset] == set(filled.datasets)
    assert gathered[SERIES] == {filled.series}


def test_the_gdi_harvester_makes_a_package_of_each_dataset(filled: Filled) -> None:
    """GDI ckanext-fairdatapoint: what it reads of the subject that it fetched."""
    for url in filled.datasets:
        graph, subject = get(url), URIRef(url)
        said = set(graph.predicates(subject))
        assert {DCTERMS.title, DCTERMS.publisher, DCTERMS.identifier, DCAT.theme} <= said
        assert DCTERMS.accessRights not in said
        assert str(graph.value(subject, HEALTH.numberOfUniqueIndividuals)) == "80"


def test_the_gdi_harvester_reads_distributions_one_by_one(filled: Filled) -> None:
    links = list(get(filled.datasets[0]).objects(URIRef(filled.datasets[0]), DCAT.distribution))
    assert [str(each) for each in links] == [filled.distribution]
    graph = get(filled.distribution)
    assert (URIRef(filled.distribution), RDF.type, DCAT.Distribution) in graph


def test_ckanext_dcat_pages_through_each_dataset_once(filled: Filled) -> None:
    """ckanext-dcat: HEAD first, at most 50 MB, any dataset in the document, then the next page."""
    url, seen = f"{filled.base}/catalog.ttl", list[str]()
    head = requests.head(url, timeout=60)
    assert (head.status_code, head.content) == (200, b"")
    while url and len(seen) < MOST:
        graph = get(url, "*/*")
        seen.extend(str(each) for each in graph.subjects(RDF.type, DCAT.Dataset))
        url = str(graph.value(None, HY.next) or graph.value(None, HY.nextPage) or "")
    assert len(seen) == len(set(seen))
    assert set(filled.datasets) <= set(seen)
    assert filled.draft not in seen


def test_the_client_s_own_pages_find_children_and_their_number(filled: Filled) -> None:
    """FDP client: `page/{child}` with `Link`, `meta`, `spec` and the start document."""
    answer = requests.get(f"{filled.catalog}/page/dataset?page=0&size=2", timeout=60)
    graph = Graph().parse(data=answer.content, format="turtle")
    assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == 2
    assert answer.links["next"]["url"]
    for path in ("/configs/bootstrap", "/dataset/spec", "/meta"):
        assert requests.get(filled.base + path, timeout=60).status_code == 200
