from __future__ import annotations

import json

import pytest
from misbehaving import Impatient, Misbehaving, answering, silent

from catalogue.errors import AddressRefused, FetchFailed, NotRdf, SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import Missed, Received, Source
from harvesters.dcat import harvest

HOST = "http://fdp.example"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


def a_source(path: str = "/catalog.ttl", host: str = HOST) -> Source:
    return Source(slug="umc-b", title="UMC B", protocol="dcat", url=host + path)


def a_dataset(number: int) -> str:
    return f"</dataset/{number}> a dcat:Dataset ; dct:title 'D{number}' .\n"


def serve(server: Misbehaving, path: str, turtle: str, link: str = "") -> None:
    headers = {"Link": link} if link else None
    server.answer(path, PREFIXES + turtle, headers=headers)


def pages(found: list[Received | Missed]) -> list[str]:
    return [item.url.removeprefix(HOST) for item in found if isinstance(item, Received)]


def reasons(found: list[Received | Missed]) -> list[SourceError]:
    return [item.reason for item in found if isinstance(item, Missed)]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/turtle", PREFIXES + a_dataset(1)),
        (
            "application/rdf+xml",
            (
                '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
                '<rdf:Description rdf:about="/dataset/1">'
                '<rdf:type rdf:resource="http://www.w3.org/ns/dcat#Dataset"/></rdf:Description>'
                "</rdf:RDF>"
            ),
        ),
        (
            "application/ld+json",
            json.dumps({"@id": "/dataset/1", "@type": "http://www.w3.org/ns/dcat#Dataset"}),
        ),
        ("application/octet-stream", PREFIXES + a_dataset(1)),
    ],
)
def test_one_document_is_one_page_in_any_notation(
    server: Misbehaving, web: Session, media_type: str, body: str
) -> None:
    server.answer("/catalog.ttl", body, media_type=media_type)
    [page] = harvest(a_source(), web)
    assert isinstance(page, Received)
    assert (page.url, page.subjects, page.catalog) == (HOST + "/catalog.ttl", None, None)
    [dataset] = web.parse(page.documents[0]).instances("http://www.w3.org/ns/dcat#Dataset")
    assert dataset.value == HOST + "/dataset/1"


@pytest.mark.parametrize(
    "announcement",
    [
        "<> a hydra:PartialCollectionView ; hydra:next </p2> .",
        "[] a hydra:PartialCollectionView ; hydra:next </p2> .",
        "<> a hydra:PagedCollection ; hydra:nextPage </p2> .",
        "<> a hydra:PagedCollection ; hydra:nextPage 'http://fdp.example/p2' .",
        "<> a hydra:PartialCollectionView ; hydra:next 'p2' .",
        "<> hydra:next <https://fdp.example/p2> . <> hydra:next </p2> .",
    ],
    ids=["next", "a blank view", "nextPage", "text", "relative text", "two spellings"],
)
def test_the_next_page_is_found_however_it_is_announced(
    server: Misbehaving, web: Session, announcement: str
) -> None:
    serve(server, "/catalog.ttl", a_dataset(1) + announcement.replace("https:", "http:"))
    serve(server, "/p2", a_dataset(2))
    found = list(harvest(a_source(), web))
    assert (pages(found), reasons(found)) == (["/catalog.ttl", "/p2"], [])


def test_the_next_page_can_be_announced_in_a_link_header(server: Misbehaving, web: Session) -> None:
    serve(server, "/catalog.ttl", a_dataset(1), link='<p2>; rel="next"')
    serve(server, "/p2", a_dataset(2))
    assert pages(list(harvest(a_source(), web))) == ["/catalog.ttl", "/p2"]


def test_what_a_page_says_of_itself_goes_before_what_it_says_of_other_pages(
    server: Misbehaving, web: Session
) -> None:
    about_others = "</p1> hydra:next </catalog.ttl> . <> hydra:next </p3> ."
    serve(server, "/catalog.ttl", a_dataset(1) + about_others)
    serve(server, "/p3", a_dataset(3))
    assert pages(list(harvest(a_source(), web))) == ["/catalog.ttl", "/p3"]


@pytest.mark.parametrize(
    "link", ["</catalog.ttl>", "<>", "<http://FDP.example:80/catalog.ttl/>", "</catalog.ttl#x>"]
)
def test_a_list_that_leads_back_ends_and_is_reported(
    server: Misbehaving, web: Session, link: str
) -> None:
    serve(server, "/catalog.ttl", a_dataset(1) + f"<> hydra:next {link} .")
    found = list(harvest(a_source(), web))
    assert pages(found) == ["/catalog.ttl"]
    assert "leads back" in str(reasons(found)[0])


def test_pages_that_repeat_under_new_addresses_end_and_are_reported(
    server: Misbehaving, web: Session
) -> None:
    for number in range(9):
        serve(server, f"/p{number}", a_dataset(1) + f"<> hydra:next </p{number + 1}> .")
    found = list(harvest(a_source("/p0"), web))
    assert pages(found) == ["/p0", "/p1"]
    assert "repeats earlier pages" in str(reasons(found)[0])


def test_a_list_that_grows_for_ever_is_cut_off_and_reported(
    server: Misbehaving, web: Session
) -> None:
    for number in range(9):
        serve(server, f"/p{number}", a_dataset(number) + f"<> hydra:next </p{number + 1}> .")
    found = list(harvest(a_source("/p0"), web, most_pages=3))
    assert pages(found) == ["/p0", "/p1", "/p2"]
    assert "more than 3 pages" in str(reasons(found)[0])


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://elsewhere.example/p2", AddressRefused),
        ("http://127.0.0.1/p2", AddressRefused),
        ("http://fdp.example:9200/p2", AddressRefused),
        ("file:///etc/passwd", AddressRefused),
        ("/gone", FetchFailed),
        ("/page.html", NotRdf),
        ("/broken", NotRdf),
        ("/silent", FetchFailed),
    ],
)
def test_a_next_page_that_cannot_be_had_is_missed_after_what_was_read(
    server: Misbehaving, web: Session, link: str, reason: type
) -> None:
    serve(server, "/catalog.ttl", a_dataset(1) + f"<> hydra:next <{link}> .")
    server.behave("/page.html", answering("<html></html>", media_type="text/html"))
    serve(server, "/broken", a_dataset(2) + "</dataset/3> a ")
    server.behave("/silent", silent)
    found = list(harvest(a_source(), Impatient(web, HOST + "/silent")))
    assert pages(found) == ["/catalog.ttl"]
    assert [type(each) for each in reasons(found)] == [reason]
    assert "/p2" not in server.paths


def test_the_line_of_a_syntax_error_is_named(server: Misbehaving, web: Session) -> None:
    server.answer("/catalog.ttl", "<#a> <#b> 1 .\n<#a> <#b> 2 .\n<#a> oops\n")
    with pytest.raises(NotRdf, match="line 3"):
        list(harvest(a_source(), web))


def test_a_first_page_that_fails_fails_the_source(server: Misbehaving, web: Session) -> None:
    server.answer("/catalog.ttl", status=500)
    with pytest.raises(FetchFailed, match="status 500"):
        list(harvest(a_source(), web))
