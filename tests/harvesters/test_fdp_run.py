"""A FAIR Data Point on a real server, harvested by the real engine into a real register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from misbehaving import Misbehaving, answering, conditional, raw

from catalogue.cli.parts import Workshop, workshop
from catalogue.ingest.http_hosts import Hosts
from catalogue.ingest.source import Source
from catalogue.register import tables as t
from catalogue.register.records import Outcome, RunState
from catalogue.settings import Settings

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ldp: <http://www.w3.org/ns/ldp#> .
"""
PUBLISHER = "dct:description 'D' ; dct:publisher [ a foaf:Agent ; foaf:name 'UMC' ]"
ROOT = f"<> a fdp:FAIRDataPoint ; dct:title 'F' ; {PUBLISHER} ; fdp:metadataCatalog </c1> ."
CATALOG = f"<> a dcat:Catalog ; dct:title 'C' ; {PUBLISHER} ; dcat:dataset </d1>, </d2>, </d3> ."
KEPT = {"last_seen", "last_run", "missing"}
numbers = count()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), allowed_hosts=("127.0.0.1",))
    with workshop(settings) as shop:
        yield shop


@pytest.fixture
def source(shop: Workshop, server: Misbehaving) -> Source:
    slug = f"umc-{next(numbers)}"
    made = Source(
        slug=slug,
        title="UMC",
        protocol="fdp",
        url="http://fdp.example/",
        connect_to=f"127.0.0.1:{server.place[1]}",
    )
    shop.writer.save_source(made)
    return made


def serve(server: Misbehaving) -> None:
    """A root, a catalog and three datasets, everything with an ETag."""
    pages = {"/": ROOT, "/c1": CATALOG}
    for number in (1, 2, 3):
        pages[f"/d{number}"] = f"<> a dcat:Dataset ; dct:title 'Set {number}' ; {PUBLISHER} ."
    for path, turtle in pages.items():
        server.behave(path, conditional(PREFIXES + turtle, etag=f'"{path}1"'))


def outcomes(shop: Workshop, source: Source) -> dict[str, int]:
    """The counts of the last run of the source."""
    [last, *_] = shop.register.runs(source.slug)
    return {name: number for name, number in last.counts.items() if number}


def live(shop: Workshop, source: Source) -> set[str]:
    query = sa.select(t.records.c.source_iri).where(
        t.records.c.source == source.slug, t.records.c.state == "published"
    )
    with shop.register.engine.connect() as connection:
        return set(connection.execute(query).scalars())


def everything(shop: Workshop) -> list[Any]:
    """All rows that say what is known; not that somebody looked."""
    tables = (t.records, t.versions, t.changes, t.visits, t.documents)
    with shop.register.engine.connect() as connection:
        return [
            sorted(map(repr, connection.execute(sa.select(*columns))))
            for columns in ([c for c in table.c if c.name not in KEPT] for table in tables)
        ]


def test_row_60_a_second_run_over_an_unchanged_source_writes_nothing_and_only_asks_for_changes(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server)
    assert shop.harvest(source) is RunState.COMPLETE
    before = everything(shop)
    server.seen.clear()
    assert shop.harvest(source) is RunState.COMPLETE
    assert everything(shop) == before
    assert sorted(server.paths) == ["/", "/c1", "/d1", "/d2", "/d3"]
    assert all("If-None-Match" in request.headers for request in server.seen)
    assert outcomes(shop, source) == {Outcome.UNCHANGED: 4}
    [last, *_] = shop.register.runs(source.slug)
    assert (last.figures["requests"], last.figures["not_modified"]) == (5, 5)


def test_a_dataset_that_changed_is_the_only_thing_that_is_written(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server)
    shop.harvest(source)
    changed = f"{PREFIXES} <> a dcat:Dataset ; dct:title 'Set two' ; {PUBLISHER} ."
    server.behave("/d2", conditional(changed, etag='"new"'))
    shop.harvest(source)
    assert outcomes(shop, source) == {Outcome.UNCHANGED: 3, Outcome.CHANGED: 1}


def test_row_55_drafts_are_skipped_and_no_failure(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server)
    server.answer("/d3", status=403)
    assert shop.harvest(source) is RunState.COMPLETE
    assert outcomes(shop, source) == {Outcome.NEW: 3, Outcome.FORBIDDEN: 1}


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(answering(status=500), id="in trouble"),
        pytest.param(raw(b""), id="broken off"),
        pytest.param(answering("<html>", media_type="text/html"), id="A21 a web page"),
        pytest.param(answering(""), id="A22 nothing at all"),
    ],
)
def test_row_57_one_child_that_fails_leaves_everything_as_it_was_and_the_next_run_heals(
    shop: Workshop, source: Source, server: Misbehaving, behaviour: Any
) -> None:
    serve(server)
    shop.harvest(source)
    before = live(shop, source)
    server.behave("/d2", behaviour)
    assert [shop.harvest(source) for _ in range(3)] == [RunState.PARTIAL] * 3
    assert live(shop, source) == before
    serve(server)
    assert shop.harvest(source) is RunState.COMPLETE
    assert outcomes(shop, source) == {Outcome.UNCHANGED: 4}


@pytest.mark.parametrize("status", [404, 410])
def test_row_59_a_record_that_is_gone_is_withdrawn_at_once(
    shop: Workshop, source: Source, server: Misbehaving, status: int
) -> None:
    serve(server)
    shop.harvest(source)
    server.answer("/d2", status=status)
    shop.harvest(source)
    assert "http://fdp.example/d2" not in live(shop, source)
    assert len(live(shop, source)) == 3


def test_row_61_other_spellings_of_the_same_records_are_the_same_records(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server)
    shop.harvest(source)
    secure = "https://fdp.example"
    links = ", ".join(f"<{secure}/d{number}/>" for number in (1, 2, 3))
    catalog = f"<{secure}/c1> a dcat:Catalog ; dct:title 'C' ; {PUBLISHER} ; dcat:dataset {links} ."
    server.answer("/c1", PREFIXES + catalog)
    for number in (1, 2, 3):
        turtle = f"<{secure}/d{number}> a dcat:Dataset ; dct:title 'Set {number}' ; {PUBLISHER} ."
        server.answer(f"/d{number}/", PREFIXES + turtle)
    shop.harvest(source)
    assert len(live(shop, source)) == 4


def test_all_sessions_of_a_workshop_share_what_one_host_may_be_asked(
    shop: Workshop, source: Source
) -> None:
    settings = Settings(
        data=shop.settings.data, fetch_at_once=2, only_hosts=("fdp.example",), ca_file="ca.pem"
    )
    strict = replace(shop, settings=settings, hosts=Hosts(settings.fetch_at_once))
    with strict.session(source) as one, strict.session(source) as two:
        assert one.polite is two.polite is strict.hosts
        assert (one.only_hosts, one.ca_file) == (("fdp.example",), "ca.pem")
        assert strict.hosts.at_once == 2


def test_an_unchanged_reference_implementation_is_asked_once(
    shop: Workshop, source: Source, server: Misbehaving
) -> None:
    serve(server)
    dated = "fdp:metadataModified '2026-11-01' ; fdp:fdpSoftwareVersion 'FDP:1.20.3'"
    server.answer("/", f"{PREFIXES} {ROOT} <> {dated} .")
    shop.harvest(source)
    before = everything(shop)
    server.seen.clear()
    assert shop.harvest(source) is RunState.COMPLETE
    assert server.paths == ["/"]
    assert everything(shop) == before
    assert len(live(shop, source)) == 4
