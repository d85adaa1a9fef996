"""Who gets a page and who gets RDF, and in which form."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from werkzeug.exceptions import NotAcceptable

from catalogue.errors import BadRequest
from catalogue.namespaces import DCAT, DCT, FDPO, LDP, RDF
from catalogue.rdf.graph import Graph
from catalogue.web.negotiate import choose, wants_page
from catalogue.web.pages import home

BASE = "https://catalogue.example"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
READERS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/n3": ox.RdfFormat.TURTLE,
}
RECORDS = ("/", "/catalog/noord", "/dataset/rich", "/distribution/richdist")


def parsed(response: Any) -> Graph:
    reader = READERS[response.mimetype]
    return Graph(quad.triple for quad in ox.parse(response.data, format=reader, base_iri=BASE))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "ttl"),
        ("", "ttl"),
        ("*/*", "ttl"),
        ("text/*", "ttl"),
        (BROWSER, "html"),
        ("text/html", "html"),
        ("text/html;q=0.5, text/turtle", "ttl"),
        ("text/turtle;q=0.5, text/html", "html"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml;q=0.9, application/n-triples;q=0.3", "rdf"),
        ("application/n-triples, */*;q=0.1", "nt"),
        ("application/x-turtle", "ttl"),
        ("text/xml", "rdf"),
        ("text/n3", "n3"),
        ("text/turtle;q=0, application/ld+json;q=0.2", "jsonld"),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, expected: str) -> None:
    assert choose(accept).key == expected


@pytest.mark.parametrize("accept", ["image/png", "application/json", "text/turtle;q=0"])
def test_what_we_do_not_write_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        choose(accept)


def test_an_unknown_format_is_named_and_refused() -> None:
    with pytest.raises(BadRequest, match="format: 'docx' is not one of ttl"):
        choose("*/*", "docx")


@pytest.mark.parametrize(
    ("accept", "page"), [(BROWSER, True), ("*/*", False), ("text/turtle, text/html;q=0.1", False)]
)
def test_only_a_browser_gets_an_error_page(accept: str, page: bool) -> None:
    assert wants_page(accept) is page


@pytest.mark.parametrize("path", RECORDS)
@pytest.mark.parametrize("media_type", READERS)
def test_every_record_is_served_in_every_notation(client: Any, path: str, media_type: str) -> None:
    response = client.get(path, headers={"Accept": media_type})
    assert response.status_code == 200
    assert response.mimetype == media_type
    assert "Accept" in response.vary
    turtle = client.get(path, query_string={"format": "ttl"})
    assert len(parsed(response)) == len(parsed(turtle))


@pytest.mark.parametrize("path", RECORDS)
def test_a_known_tag_gives_304_and_differs_by_notation(client: Any, path: str) -> None:
    first = client.get(path)
    tag = first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(path + "?format=nt").headers["ETag"] != tag
    assert first.headers["Last-Modified"]
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(path, headers=since).status_code == 304


@pytest.mark.parametrize("path", RECORDS)
def test_a_304_varies_as_its_200_does(client: Any, path: str) -> None:
    whole = client.get(path, headers={"Accept": "text/turtle"})
    known = {"Accept": "text/turtle", "If-None-Match": whole.headers["ETag"]}
    assert client.get(path, headers=known).headers["Vary"] == whole.headers["Vary"]


def test_head_has_the_headers_and_no_body(client: Any) -> None:
    whole, head = client.get("/dataset/rich"), client.head("/dataset/rich")
    assert head.data == b""
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.parametrize("path", ["/en/dataset/rich", "/dataset/rich", "/catalog/noord", "/about"])
def test_an_answer_asked_again_has_the_same_headers(client: Any, path: str) -> None:
    first, second = (client.get(path, headers={"Accept": "text/html"}) for _ in range(2))
    assert second.data == first.data
    assert {**second.headers, "Date": ""} == {**first.headers, "Date": ""}


def test_a_prefixed_address_is_a_page_unless_a_format_is_named(client: Any) -> None:
    assert client.get("/nl/dataset/rich").mimetype == "text/html"
    assert client.get("/nl/dataset/rich?format=ttl").mimetype == "text/turtle"


def test_people_are_sent_from_a_distribution_to_its_dataset(page: Any) -> None:
    response = page("/distribution/richdist")
    assert response.status_code == 303
    assert response.headers["Location"] == "/en/dataset/rich#access"


def test_an_unknown_format_is_a_400_and_an_unknown_type_a_406(client: Any) -> None:
    assert client.get("/?format=docx").status_code == 400
    refused = client.get("/", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert refused.mimetype == "application/problem+json"
    assert "text/turtle" in refused.json["detail"]


def test_the_root_is_a_fair_data_point(client: Any) -> None:
    graph, root = parsed(client.get("/")), ox.NamedNode(BASE)
    assert {FDPO + "FAIRDataPoint", FDPO + "MetadataService", DCAT + "DataService"} <= graph.types(
        root
    )
    needed = (
        DCT + "title",
        DCT + "publisher",
        DCT + "conformsTo",
        DCAT + "endpointURL",
        FDPO + "metadataIdentifier",
    )
    needed += (FDPO + "metadataIssued", FDPO + "metadataModified", FDPO + "metadataCatalog")
    assert all(graph.value(root, each) for each in needed)


@pytest.mark.parametrize(
    ("path", "parent"), [("/", BASE), ("/catalog/noord", f"{BASE}/catalog/noord")]
)
def test_a_container_holds_exactly_the_members(client: Any, path: str, parent: str) -> None:
    graph = parsed(client.get(path))
    (container,) = graph.instances(LDP + "DirectContainer")
    relation = graph.value(container, LDP + "hasMemberRelation")
    members = graph.objects(ox.NamedNode(parent), relation.value)
    assert graph.objects(container, LDP + "contains") == members
    assert graph.value(container, LDP + "membershipResource") == ox.NamedNode(parent)
    assert members


def test_everything_in_a_container_describes_itself(client: Any) -> None:
    for start in ("/", "/catalog/noord"):
        graph = parsed(client.get(start))
        (container,) = graph.instances(LDP + "DirectContainer")
        for member in graph.objects(container, LDP + "contains"):
            described = parsed(client.get(member.value.removeprefix(BASE)))
            assert described.types(member) & {DCAT + "Catalog", DCAT + "Dataset"}


def test_a_catalog_never_mentions_what_is_not_published(client: Any) -> None:
    assert b"/dataset/draft" not in client.get("/catalog/noord").data


def test_no_rights_or_licence_is_invented(client: Any) -> None:
    graph = parsed(client.get("/dataset/bare"))
    assert not [t for t in graph if t.predicate.value in (DCT + "accessRights", DCT + "license")]


def test_iris_come_from_the_settings_and_never_from_the_request(client: Any) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    body = client.get("/", headers=headers).data
    assert b"evil.example" not in body
    assert b"<https://catalogue.example>" in body


def test_a_published_record_keeps_its_literals(client: Any) -> None:
    text = client.get("/dataset/rich?format=nt").text
    assert '"1230"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>' in text


def test_the_vocabulary_is_a_page_and_a_graph(client: Any, page: Any) -> None:
    graph = parsed(client.get("/ns"))
    assert graph.instances("http://www.w3.org/2004/02/skos/core#Concept")
    assert 'id="assay-wgs"' in page("/ns").text
    assert [t for t in graph if t.predicate.value == RDF + "type"]


def test_the_root_says_the_version_that_is_released() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["version"] == home.VERSION
