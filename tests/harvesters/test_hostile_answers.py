"""Answers that no protocol foresees: each ends in a named error, and costs one record at most."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

import pytest
from misbehaving import Misbehaving, answering, redirecting

import harvesters
from catalogue.errors import AddressRefused, FetchFailed, NotRdf
from catalogue.ingest.dense import MOST
from catalogue.ingest.http import Session
from catalogue.ingest.resume import Plan
from catalogue.ingest.source import Document, Item, Mark, Missed, Received, Source
from harvesters import ckan, oai, sitemap

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATASET = "<http://fdp.example/d/1> a <http://www.w3.org/ns/dcat#Dataset> ."


def a_document(content: bytes) -> Document:
    url = "https://umc.example/x"
    return Document(url=url, final_url=url, content=content, media_type=None, fetched=NOW)


def a_source(server: Misbehaving, protocol: str, path: str = "/") -> Source:
    url = server.url(path, "fdp.example")
    return Source(slug="umc", title="UMC", protocol=protocol, url=url)


def harvested(web: Session, source: Source) -> list[Item]:
    return list(harvesters.load(source.protocol)(source, web))


class Everywhere(Misbehaving):
    """Behaves the same at every address."""

    behaviour: Callable[[Any], None] = staticmethod(answering(b""))

    def handle(self, handler: Any) -> None:
        handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.behaviour(handler)


@pytest.fixture
def server() -> Any:
    with Everywhere() as server:
        yield server


# dates and addresses in headers


@pytest.mark.parametrize("name", ["Last-Modified", "Date"])
def test_a_date_that_no_clock_can_show_is_no_date(
    server: Everywhere, web: Session, name: str
) -> None:
    headers = {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    headers[name] = "Mon, 01 Jan 2020 00:00:00 +9999999999999999999"
    server.behaviour = answering(DATASET, headers=headers)
    assert isinstance(harvested(web, a_source(server, "dcat"))[0], Received)


def test_a_time_to_wait_that_no_clock_can_show_is_none(server: Everywhere, web: Session) -> None:
    headers = {"Retry-After": "Mon, 01 Jan 2020 00:00:00 +9999999999999999999"}
    server.behaviour = answering(b"", status=503, headers=headers)
    with pytest.raises(FetchFailed, match="503"):
        harvested(web, a_source(server, "dcat"))


@pytest.mark.parametrize("place", ["http://[::1", "//[", "http://fdp.example:99999/"])
def test_a_redirect_to_what_is_no_address_is_refused(
    server: Everywhere, web: Session, place: str
) -> None:
    server.behaviour = redirecting(place)
    with pytest.raises(AddressRefused, match="not an address"):
        harvested(web, a_source(server, "dcat"))


# SPARQL


def an_endpoint(listed: list[Any]) -> Callable[[Any], None]:
    """Lists these values, and describes them when they can be asked for."""

    def behaviour(handler: Any) -> None:
        question = unquote_plus(handler.path)
        if "CONSTRUCT" in question:
            answering(DATASET)(handler)
            return
        values: dict[str, list[Any]] = {"number": ["1"]} if "COUNT" in question else {}
        if 'STR(?dataset) > ""' in question and "dcat:Dataset ." not in question:
            values = {"dataset": listed}
        rows = [{name: {"value": v}} for name, each in values.items() for v in each]
        content = json.dumps({"results": {"bindings": rows}})
        answering(content, media_type="application/sparql-results+json")(handler)

    return behaviour


def test_an_iri_with_a_space_is_missed_and_the_others_are_read(
    server: Everywhere, web: Session
) -> None:
    server.behaviour = an_endpoint(["http://fdp.example/d 0", "http://fdp.example/d/1"])
    items = harvested(web, a_source(server, "sparql"))
    odd = [i for i in items if isinstance(i, Missed) and i.url == "http://fdp.example/d 0"]
    assert "no IRI" in str(odd[0].reason)
    read = [subject for i in items if isinstance(i, Received) for subject in i.subjects or ()]
    assert "http://fdp.example/d/1" in read


@pytest.mark.parametrize("value", [5, None, {"a": 1}, "http://fdp.example/\ud800"])
def test_a_value_that_is_no_text_is_no_sparql_result(
    server: Everywhere, web: Session, value: object
) -> None:
    server.behaviour = an_endpoint([value])
    reasons = [
        str(i.reason) for i in harvested(web, a_source(server, "sparql")) if isinstance(i, Missed)
    ]
    assert any("does not answer with SPARQL results" in reason for reason in reasons)


# CKAN


def a_portal(package: Mapping[str, Any], count: int = 1) -> Callable[[Any], None]:
    said = {"success": True, "result": {"count": count, "results": [package]}}
    return answering(json.dumps(said), media_type="application/json")


def test_a_record_of_a_type_that_is_no_word_is_taken_in(server: Everywhere, web: Session) -> None:
    server.behaviour = a_portal({"id": "a", "title": "x", "type": ["dataset"]})
    assert isinstance(harvested(web, a_source(server, "ckan"))[0], Received)


def test_a_portal_that_counts_more_than_it_ever_lists_ends(
    server: Everywhere, web: Session
) -> None:
    server.behaviour = a_portal({"id": "a", "title": "x"}, count=10**30)
    last = [i for i in harvested(web, a_source(server, "ckan")) if isinstance(i, Missed)]
    assert "does not end" in str(last[0].reason)


# sitemaps


@pytest.mark.parametrize(
    "date", ["9999-12-31", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"]
)
def test_a_date_at_the_end_of_time_stops_no_sitemap(
    server: Everywhere, web: Session, date: str
) -> None:
    page = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Dataset","name":"x"}</script>'
    place = server.url("/page", "fdp.example")
    listed = f"<urlset><url><loc>{place}</loc><lastmod>{date}</lastmod></url></urlset>"

    def behaviour(handler: Any) -> None:
        is_map = handler.path.endswith("xml")
        content, kind = (listed, "application/xml") if is_map else (page, "text/html")
        answering(content, media_type=kind)(handler)

    server.behaviour = behaviour
    assert isinstance(harvested(web, a_source(server, "sitemap", "/map.xml"))[0], Received)


def test_an_entry_that_is_no_address_costs_only_itself(server: Everywhere, web: Session) -> None:
    page = server.url("/page", "fdp.example")
    listed = f"<urlset><url><loc>http://[</loc></url><url><loc>{page}</loc></url></urlset>"
    server.behaviour = answering(listed, media_type="application/xml")
    items = harvested(web, a_source(server, "sitemap"))
    urls = [str(item.url) for item in items if isinstance(item, Missed)]
    assert urls == ["http://[", page]


def test_a_plain_list_of_too_many_pages_is_refused() -> None:
    with pytest.raises(NotRdf, match="more than 50,000 pages"):
        sitemap.read_sitemap(a_document(b"http://a " * 50_001))


# small to fetch, enormous to read


@pytest.mark.parametrize(
    "read",
    [
        lambda: oai._envelope(a_document(b"<a>" + b"<b/>" * MOST + b"</a>")),
        lambda: oai._envelope(a_document(b"<a " + b'b="" ' * MOST + b"></a>")),
        lambda: sitemap.read_sitemap(a_document(b"<a>" + b"<b/>" * MOST + b"</a>")),
        lambda: ckan._result(a_document(b"[" + b"[]," * MOST + b"[]]")),
    ],
    ids=["oai elements", "oai attributes", "sitemap", "json"],
)
def test_millions_of_empty_things_are_counted_and_not_read(read: Callable[[], object]) -> None:
    with pytest.raises(NotRdf, match="too much for one answer"):
        read()


# clocks


def test_a_moment_that_is_yet_to_come_is_no_place_to_go_on_from() -> None:
    later = (NOW + timedelta(days=3000)).isoformat()
    assert Plan.of({"full": later, "clean": later}, NOW, dated=True).since is None
    assert Plan.of({"full": NOW.isoformat(), "clean": later}, NOW, dated=True).since is None
    assert Plan.of({"began": later, "place": {"next": "x"}}, NOW).place == {}


MEMBER = """<> tree:member <{0}#1> . <{0}#1> a <http://www.w3.org/ns/dcat#Dataset> ;
  dct:isVersionOf <{0}> ; dct:modified "{1}" ."""
WRONG, OLD, NEW = (
    MEMBER.format(name, moment)
    for name, moment in (
        ("d/1", "9999-01-01T00:00:00Z"),
        ("d/2", "2026-01-01T00:00:00Z"),
        ("d/3", "2026-02-01T00:00:00Z"),
    )
)


def a_stream(*members: str) -> str:
    """An event stream of datasets, each with a moment."""
    prefixes = "@prefix tree: <https://w3id.org/tree#> . @prefix dct: <http://purl.org/dc/terms/> ."
    return "\n".join([prefixes, "<> tree:view <> .", *members])


def test_a_member_dated_in_a_far_future_hides_nothing_that_comes_after_it(
    server: Everywhere, web: Session
) -> None:
    source = a_source(server, "ldes")
    server.behaviour = answering(a_stream(WRONG, OLD))
    mark = next(i for i in harvested(web, source) if isinstance(i, Mark))
    assert mark.state["moment"].startswith("2026-01-01")
    web.remembered = mark.state
    server.behaviour = answering(a_stream(WRONG, OLD, NEW))
    got = [str(i.url) for i in harvested(web, source) if isinstance(i, Received)]
    assert any(url.endswith("d/3") for url in got)
