"""Websites with a sitemap and datasets in their pages, through the real engine."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import sqlalchemy as sa
from misbehaving import Misbehaving
from story import Story
from web import shelved

from catalogue.cli.parts import Workshop, workshop
from catalogue.errors import NotRdf, SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import Gone, Item, Mark, Missed, Received, Seen, Source
from catalogue.namespaces import ADMS, DCAT, DCT, FDPO, RDF, SKOS
from catalogue.rdf.parse import Parser
from catalogue.register import tables as t
from catalogue.register.records import Outcome, RunState
from catalogue.register.register import Register
from catalogue.settings import Settings
from harvesters.sitemap import harvest, read_sitemap

HOSPITAL = Path(__file__).parents[1] / "hospitals" / "sitemap"
HOST = "http://fdp.example"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MORE = (
    'dct:description "Genomes of families seen at the clinic."@en ;'
    ' dct:publisher [ a foaf:Agent ; foaf:name "Merwestad Hospital"@en ] ;'
)
numbers = count()


def a_source(**options: str) -> Source:
    url = f"{HOST}/sitemap.xml"
    return Source(slug="umc", title="UMC", protocol="sitemap", url=url, options=options)


def serve_hospital(server: Misbehaving) -> None:
    for path, file, media_type in (
        ("/sitemap.xml", "sitemap.xml", "application/xml"),
        ("/sitemap-data.xml", "sitemap-data.xml", "text/xml"),
        ("/nl/data/hart", "hart.html", "text/html"),
        ("/nl/data/nier", "nier.html", "text/html"),
        ("/data/nier.ttl", "nier.ttl", "text/turtle"),
    ):
        server.answer(path, (HOSPITAL / file).read_bytes(), media_type=media_type)
    server.answer("/nl/over-ons", "<html>nothing for machines</html>", media_type="text/html")


def page(name: str, title: str = "Genomes") -> str:
    return (
        '<html><script type="application/ld+json">{"@context": "https://schema.org",'
        f'"@type": "Dataset", "@id": "/data/{name}", "name": "{title}",'
        '"publisher": {"name": "UMC"}}</script></html>'
    )


def serve(server: Misbehaving, *entries: tuple[str, str]) -> None:
    """A sitemap of pages with their lastmod, and the pages."""
    lines = "".join(
        f"<url><loc>{HOST}/{name}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"
        for name, changed in entries
    )
    server.answer("/sitemap.xml", f"<urlset>{lines}</urlset>", media_type="text/xml")
    for name, _ in entries:
        server.answer(f"/{name}", page(name), media_type="text/html")


class Again:
    """The session of a next run, which remembers a mark and has some records."""

    def __init__(self, web: Session, remembered: Any, has: set[str]) -> None:
        self.web, self.remembered, self.has = web, remembered, has.__contains__

    def __getattr__(self, name: str) -> Any:
        return getattr(self.web, name)


def again(web: Session, found: list[Item], has: set[str] | None = None) -> Any:
    marks = [item.state for item in found if isinstance(item, Mark)]
    known = {f"{HOST}/data/{name}" for name in "abc"}
    return Again(web, marks[-1], known if has is None else has)


def walk(web: Any, source: Source | None = None, days: int = 0) -> list[Item]:
    return list(harvest(source or a_source(), web, now=lambda: NOW + timedelta(days=days)))


def received(found: list[Item]) -> list[str]:
    return [item.url.removeprefix(HOST) for item in found if isinstance(item, Received)]


def reasons(found: list[Item]) -> list[str]:
    return [str(item.reason) for item in found if isinstance(item, Missed)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), allowed_hosts=("127.0.0.1",))
    with workshop(settings) as shop:
        yield shop


@pytest.fixture
def source(shop: Workshop, server: Misbehaving) -> Source:
    place = f"127.0.0.1:{server.place[1]}"
    made = replace(a_source(), slug=f"umc-{next(numbers)}", connect_to=place)
    shop.writer.save_source(made)
    return made


def outcomes(shop: Workshop, source: Source) -> dict[str, int]:
    [last, *_] = shop.register.runs(source.slug)
    return {name: number for name, number in last.counts.items() if number}


def live(shop: Workshop, source: Source) -> set[str]:
    query = sa.select(t.records.c.source_iri).where(
        t.records.c.source == source.slug, t.records.c.state == "published"
    )
    with shop.register.engine.connect() as connection:
        return set(connection.execute(query).scalars())


def test_a_hospital_s_website_is_harvested_and_a_second_run_asks_only_for_its_lists(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve_hospital(server)
    assert shop.harvest(source) is RunState.COMPLETE
    assert live(shop, source) == {f"{HOST}/data/hart", f"{HOST}/data/nier"}
    assert outcomes(shop, source) == {Outcome.NEW: 2, Outcome.EMPTY: 1}
    server.seen.clear()
    assert shop.harvest(source) is RunState.COMPLETE
    assert server.paths == ["/sitemap.xml", "/sitemap-data.xml"]
    assert outcomes(shop, source) == {Outcome.UNCHANGED: 2}


def test_a_page_that_now_describes_another_dataset_does_not_keep_the_old_one(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server, ("a", "2025-01-01"))
    shop.harvest(source)
    serve(server, ("a", "2025-01-02"))
    server.answer("/a", page("z"), media_type="text/html")
    for _ in range(3):
        assert shop.harvest(source) is RunState.COMPLETE
    assert live(shop, source) == {f"{HOST}/data/z"}


def test_a_page_that_left_the_list_and_is_gone_is_withdrawn_at_once(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server, ("a", "2025-01-01"), ("b", "2025-01-01"))
    shop.harvest(source)
    serve(server, ("a", "2025-01-01"))
    server.answer("/b", status=410)
    assert shop.harvest(source) is RunState.COMPLETE
    assert live(shop, source) == {f"{HOST}/data/a"}


def test_a_page_that_only_left_the_list_is_waited_for(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server, ("a", "2025-01-01"), ("b", "2025-01-01"))
    shop.harvest(source)
    serve(server, ("a", "2025-01-01"))
    shop.harvest(source)
    assert len(live(shop, source)) == 2
    shop.harvest(source)
    assert live(shop, source) == {f"{HOST}/data/a"}


def test_a_listed_page_that_is_not_there_is_a_fault_and_removes_nothing(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server, ("a", ""), ("b", ""))
    shop.harvest(source)
    server.answer("/b", status=404)
    for _ in range(3):
        assert shop.harvest(source) is RunState.PARTIAL
    assert len(live(shop, source)) == 2


def test_a_catalog_that_every_page_names_does_not_change_with_the_page(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    named = '"name": "Genomes", "includedInDataCatalog": {"@id": "/all", "name": "All"}'
    serve(server, ("a", ""), ("b", ""))
    for name in "ab":
        text = page(name).replace('"name": "Genomes"', named)
        server.answer(f"/{name}", text, media_type="text/html")
    shop.harvest(source)
    again = "".join(f"<url><loc>{HOST}/{name}</loc></url>" for name in "ba")
    server.answer("/sitemap.xml", f"<urlset>{again}</urlset>", media_type="text/xml")
    shop.harvest(source)
    assert outcomes(shop, source).keys() <= {Outcome.UNCHANGED, Outcome.HELD}
    assert live(shop, source) >= {f"{HOST}/data/a", f"{HOST}/data/b"}


def test_only_pages_with_another_lastmod_are_asked_for(web: Session, server: Misbehaving) -> None:
    serve(server, ("a", "2025-01-01"), ("b", "2025-01-01"), ("c", ""))
    first = walk(web)
    assert received(first) == ["/a", "/b", "/c"]
    serve(server, ("a", "2025-01-01"), ("b", "2025-02-01"), ("c", ""))
    second = walk(again(web, first))
    assert received(second) == ["/b", "/c"]
    assert [item.subject for item in second if isinstance(item, Seen)] == [f"{HOST}/data/a"]


def test_a_record_that_we_no_longer_have_is_asked_for_again(
    web: Session, server: Misbehaving
) -> None:
    serve(server, ("a", "2025-01-01"))
    assert received(walk(again(web, walk(web), has=set()))) == ["/a"]


def test_a_lastmod_of_today_may_hide_a_second_change(web: Session, server: Misbehaving) -> None:
    serve(server, ("a", "2026-11-22"), ("b", "2026-11-22T11:59:30Z"), ("c", "2026-11-20"))
    assert received(walk(again(web, walk(web)))) == ["/a", "/b"]


def test_every_page_is_asked_for_once_a_week(web: Session, server: Misbehaving) -> None:
    serve(server, ("a", "2025-01-01"))
    later = again(web, walk(web))
    assert received(walk(later, days=6)) == []
    assert received(walk(later, days=7)) == ["/a"]


def test_a_page_in_several_languages_is_read_once(web: Session, server: Misbehaving) -> None:
    serve_hospital(server)
    assert "/en/data/hart" not in [*received(walk(web)), *server.paths]


@pytest.mark.parametrize("path", ["/nl/data/", "/*/data/*"])
def test_an_option_says_which_pages_to_read(web: Session, server: Misbehaving, path: str) -> None:
    serve_hospital(server)
    assert received(walk(web, a_source(path=path))) == ["/nl/data/hart", "/nl/data/nier"]


def test_rdf_that_a_page_links_to_goes_before_its_json_ld(
    web: Session, server: Misbehaving
) -> None:
    serve_hospital(server)
    found = [item for item in walk(web) if isinstance(item, Received)]
    assert [item.documents[0].media_type for item in found] == [
        "text/html",
        "text/turtle",
        "text/html",
    ]
    assert found[0].graph
    assert found[1].graph is None


@pytest.mark.parametrize(("whole", "catalog"), [("k", f"{HOST}/k"), ("project", None)])
def test_a_record_stands_in_what_it_is_part_of_when_that_is_listed_too(
    web: Session, server: Misbehaving, whole: str, catalog: str | None
) -> None:
    serve(server, ("a", ""), ("k", ""))
    dcat, dct = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
    for name, kind, more in (
        ("a", "Dataset", f"; <{dct}isPartOf> <{whole}>"),
        ("k", "Catalog", ""),
    ):
        link = f'<link rel="alternate" type="text/turtle" href="/{name}.ttl">'
        server.answer(f"/{name}", f"<html>{link}</html>", media_type="text/html")
        turtle = f'<{name}> a <{dcat}{kind}> ; <{dct}title> "T" {more} .'
        server.answer(f"/{name}.ttl", turtle, media_type="text/turtle")
    found = [item for item in walk(web) if isinstance(item, Received)]
    assert [(item.url.removeprefix(HOST), item.catalog) for item in found] == [
        ("/a", catalog),
        ("/k", None),
    ]


def test_a_page_whose_rdf_cannot_be_had_is_read_itself(web: Session, server: Misbehaving) -> None:
    serve(server, ("a", ""))
    link = '<link rel="alternate" type="text/turtle" href="/nowhere">'
    server.answer("/a", link + page("a"), media_type="text/html")
    assert received(walk(web)) == ["/a"]


def test_broken_json_is_reported_with_its_line(web: Session, server: Misbehaving) -> None:
    serve(server, ("a", ""), ("b", ""))
    broken = '<html>\n\n<script type="application/ld+json">\n{"a": }</script>'
    server.answer("/a", broken, media_type="text/html")
    found = walk(web)
    assert received(found) == ["/b"]
    [reason] = reasons(found)
    assert "/a: JSON-LD: line 4" in reason


def test_a_broken_block_beside_a_good_one_is_not_in_the_way(
    web: Session, server: Misbehaving
) -> None:
    serve(server, ("a", ""))
    server.answer(
        "/a", '<script type="application/ld+json">{</script>' + page("a"), media_type="text/html"
    )
    assert (received(walk(web)), reasons(walk(web))) == (["/a"], [])


def test_a_context_of_json_ld_in_a_page_is_never_fetched(web: Session, server: Misbehaving) -> None:
    serve(server, ("a", ""))
    text = page("a").replace('"https://schema.org"', f'["https://schema.org", "{HOST}/context"]')
    server.answer("/a", text, media_type="text/html")
    assert received(walk(web)) == ["/a"]
    assert "/context" not in server.paths


def test_pages_on_another_host_are_not_followed(web: Session, server: Misbehaving) -> None:
    line = "<url><loc>http://elsewhere.example/x</loc></url>"
    server.answer("/sitemap.xml", f"<urlset>{line * 1}</urlset>", media_type="text/xml")
    assert "another host" in reasons(walk(web))[0]
    assert server.paths == ["/sitemap.xml"]


def test_a_sitemap_that_leads_to_itself_ends(web: Session, server: Misbehaving) -> None:
    index = "".join(
        f"<sitemap><loc>{HOST}/{name}</loc></sitemap>" for name in ("sitemap.xml", "b", "b")
    )
    server.answer("/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", media_type="text/xml")
    server.answer("/b", f"<sitemapindex>{index}</sitemapindex>", media_type="text/xml")
    assert reasons(walk(web)) == []
    assert server.paths == ["/sitemap.xml", "/b"]


def test_sitemaps_below_three_levels_are_not_read(web: Session, server: Misbehaving) -> None:
    for here, there in (("sitemap.xml", "2"), ("2", "3"), ("3", "4")):
        link = f"<sitemapindex><sitemap><loc>{HOST}/{there}</loc></sitemap></sitemapindex>"
        server.answer(f"/{here}", link, media_type="text/xml")
    assert "below 3 levels" in reasons(walk(web))[0]
    assert "/4" not in server.paths


def test_a_list_that_cannot_be_had_makes_the_run_partial_and_the_rest_comes_in(
    web: Session, server: Misbehaving
) -> None:
    serve_hospital(server)
    index = (HOSPITAL / "sitemap.xml").read_text()
    more = index.replace(
        "</sitemapindex>", f"<sitemap><loc>{HOST}/x.xml</loc></sitemap></sitemapindex>"
    )
    server.answer("/sitemap.xml", more, media_type="text/xml")
    found = walk(web)
    assert len(received(found)) == 3
    [missed] = [item for item in found if isinstance(item, Missed)]
    assert getattr(missed.reason, "status", None) is None
    assert not [item for item in found if isinstance(item, Gone)]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (
            gzip.compress(b"<urlset><url><loc>http://fdp.example/a</loc></url></urlset>"),
            "application/gzip",
        ),
        (b"http://fdp.example/a\nhttp://fdp.example/a\n", "text/plain"),
        (
            (
                b'\xef\xbb\xbf<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/'
                b'sitemap/0.9"><url><loc> http://fdp.example/a </loc></url></urlset>'
            ),
            "application/octet-stream",
        ),
    ],
    ids=["gzip", "text", "BOM"],
)
def test_a_sitemap_may_be_packed_or_plain_text(
    web: Session, server: Misbehaving, body: bytes, media_type: str
) -> None:
    serve(server, ("a", ""))
    server.answer("/sitemap.xml", body, media_type=media_type)
    assert received(walk(web)) == ["/a"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<urlset><url>", "is no sitemap", id="breaks off"),
        pytest.param('<!DOCTYPE x [<!ENTITY a "b">]><urlset/>', "is no sitemap", id="B25 entities"),
        pytest.param("hello", "neither a sitemap", id="text"),
        pytest.param(gzip.compress(b" " * 60_000_000), "unpacks to more", id="A20 bomb"),
        pytest.param(
            "<urlset>" + "<url><loc>http://fdp.example/a</loc></url>" * 50_001 + "</urlset>",
            "more than 50,000 pages",
            id="too long",
        ),
    ],
)
def test_what_is_no_sitemap_fails_the_source_in_a_sentence(
    web: Session, server: Misbehaving, body: str, expected: str
) -> None:
    server.answer("/sitemap.xml", body, media_type="text/xml")
    with pytest.raises(NotRdf, match=expected):
        walk(web)


def test_a_login_page_in_place_of_the_sitemap_fails_the_source(
    web: Session, server: Misbehaving
) -> None:
    server.answer("/sitemap.xml", "<html><title>Log in", media_type="text/html")
    with pytest.raises(SourceError, match="web page"):
        walk(web)


def test_a_run_that_is_broken_off_does_not_ask_again_for_what_was_marked(
    parser: Parser, web: Session, server: Misbehaving
) -> None:
    serve(server, *((f"p{number}", "2025-01-01") for number in range(510)))
    found: list[Item] = []
    for item in harvest(a_source(), web, now=lambda: NOW):
        found.append(item)
        if isinstance(item, Mark):
            break
    has = {f"{HOST}/data/p{number}" for number in range(510)}
    server.seen.clear()
    rest = walk(again(web, found, has=has))
    assert len(received(rest)) == 10
    assert len([item for item in rest if isinstance(item, Seen)]) == 500


def test_the_languages_of_an_entry_are_read(web: Session, server: Misbehaving) -> None:
    serve_hospital(server)
    _, pages = read_sitemap(web.get(f"{HOST}/sitemap-data.xml", accept="text/xml"))
    assert pages[0].others == (f"{HOST}/nl/data/hart", f"{HOST}/en/data/hart")


def test_a_second_catalogue_takes_ours_in_by_its_sitemap(tmp_path: Path) -> None:
    first = Register.open(f"sqlite:///{tmp_path}/first.sqlite", "http://catalogue.example")
    story = Story(first, datetime.now(UTC))
    story.catalog("k")
    for name in ("a", "b"):
        story.list(name, "k", more=MORE)
    settings = Settings(data=tmp_path / "second", base_url="https://second.example")
    with shelved.online(first) as (host, port), workshop(settings) as second:
        source = Source(
            slug="first",
            title="The first",
            protocol="sitemap",
            url="http://catalogue.example/sitemap.xml",
            connect_to=f"{host}:{port}",
            options={"path": "/*/dataset/*"},
        )
        second.writer.save_source(source)
        assert second.harvest(source) is RunState.COMPLETE
        assert outcomes(second, source) == {Outcome.NEW: 2}
        assert facts(second.register, "a") == facts(first, "a")
        assert second.harvest(source) is RunState.COMPLETE
        assert outcomes(second, source) == {Outcome.UNCHANGED: 2}
        story.withdraw("b")
        second.harvest(source)
        assert live(second, source) == {"http://catalogue.example/dataset/a"}
    first.close()


def facts(register: Register, name: str) -> set[tuple[str, str]]:
    """What a catalogue says of a dataset, apart from names, types and where it has it from."""
    (found,) = register.find(f"http://catalogue.example/dataset/{name}")
    added = {DCT + "source", DCT + "isPartOf", ADMS + "identifier", DCAT + "distribution"}
    added |= {SKOS + "notation", RDF + "type"}
    return {
        (t.predicate.value, "[]" if isinstance(t.object, ox.BlankNode) else str(t.object))
        for t in register.get("dataset", found.id).graph
        if t.predicate.value not in added
        and not t.predicate.value.startswith(("https://terms.example/", FDPO))
        and not str(t.subject).endswith("#identifier>")
    }
