"""CKAN: its list, its records as DCAT, and a portal that changes while it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from given import NOON
from hospital import a_catalogue, recorded
from misbehaving import Misbehaving, answering

from catalogue.errors import FetchFailed, Forbidden, NotRdf, SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import (
    Gone,
    Incremental,
    Item,
    Mark,
    Missed,
    Received,
    Resumed,
    Source,
)
from catalogue.rdf.parse import Parser
from catalogue.register.records import Outcome, RunState
from harvesters.ckan import harvest

RECORDED = json.loads(recorded("ckan", "package_search.json"))["result"]["results"]


class Portal:
    """A CKAN: `package_search` with its filter, order and paging, and DCAT per record."""

    def __init__(self, *packages: dict[str, Any]) -> None:
        self.packages = list(packages)
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.faults: Callable[[Portal], None] = lambda _portal: None
        self.turtle: dict[str, Any] = {}
        self.broken = False

    def handle(self, handler: Any) -> None:
        parts = urlsplit(handler.path)
        self.paths.append(handler.path)
        if parts.path.endswith("package_search"):
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.asked.append(asked)
            self.faults(self)
            self._search(asked)(handler)
        else:
            self.turtle.get(parts.path, answering(status=404))(handler)

    def _search(self, asked: Mapping[str, str]) -> Any:
        if self.broken:
            return answering(status=500)
        assert asked["sort"] == "metadata_modified asc, id asc"
        since = re.search(r"metadata_modified:\[(.*)Z TO \*\]", asked.get("fq", ""))
        wanted = sorted(
            (p for p in self.packages if since is None or p["metadata_modified"][:23] >= since[1]),
            key=lambda p: (p["metadata_modified"][:23], p["id"]),
        )
        start = int(asked["start"])
        results = wanted[start : start + int(asked["rows"])]
        answer = {"success": True, "result": {"count": len(wanted), "results": results}}
        return answering(json.dumps(answer), media_type="application/json;charset=utf-8")


def a_package(number: int, modified: datetime = NOON, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{number:03}",
        "name": f"d{number}",
        "state": "active",
        "title": f"Genomes {number}",
        "metadata_modified": modified.replace(tzinfo=None).isoformat(timespec="microseconds"),
        "organization": {"title": "UMC"},
        **fields,
    }


def packages(count: int) -> list[dict[str, Any]]:
    return [a_package(n, NOON - timedelta(days=50 - n // 2)) for n in range(count)]


def a_source(server: Misbehaving, url: str = "http://ckan.example", **options: str) -> Source:
    return Source(
        slug="kust",
        title="Kust",
        protocol="ckan",
        url=url,
        connect_to=f"127.0.0.1:{server.place[1]}",
        options=options,
    )


class Runs:
    """One run after another of one portal, each remembering the marks of those before."""

    def __init__(self, server: Misbehaving, parser: Parser, portal: Portal) -> None:
        self.server, self.parser, self.portal = server, parser, portal
        server.handle = portal.handle  # type: ignore[method-assign]
        self.remembered: Mapping[str, Any] = {}

    def run(
        self, at: datetime = NOON, *, rows: int = 100, stop: int = 10_000, **options: str
    ) -> list[Item]:
        """What one run yields; it is killed after `stop` items."""
        found: list[Item] = []
        self.portal.asked, self.portal.paths = [], []
        route = {"ckan.example": self.server.place}
        with Session(self.parser, connect_to=route, retries=0, remembered=self.remembered) as web:
            source = a_source(self.server, **options)
            for item in harvest(source, web, rows=rows, now=lambda: at):
                found.append(item)
                if isinstance(item, Mark):
                    self.remembered = item.state
                if len(found) == stop:
                    break
        return found


@pytest.fixture
def runs(server: Misbehaving, parser: Parser) -> Callable[..., Runs]:
    return lambda *packages: Runs(server, parser, Portal(*packages))


def received(found: list[Item]) -> list[str]:
    """The last part of the address of each record that was handed over."""
    return [item.url.rpartition("/")[2] for item in found if isinstance(item, Received)]


def reasons(found: list[Item]) -> list[str]:
    return [str(item.reason) for item in found if isinstance(item, Missed)]


def ids(count: int) -> list[str]:
    return [f"{n:03}" for n in range(count)]


# --- the list ----------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 100])
def test_every_record_comes_once_whatever_the_pages(runs: Callable[..., Runs], rows: int) -> None:
    found = runs(*packages(7)).run(rows=rows)
    assert (received(found), reasons(found)) == (ids(7), [])


def test_records_that_changed_in_the_same_moment_are_read_on_by_number(
    runs: Callable[..., Runs],
) -> None:
    found = runs(*(a_package(n) for n in range(25))).run(rows=10)
    assert received(found) == ids(25)


def test_a_record_that_changes_meanwhile_makes_none_slip_between_pages(
    runs: Callable[..., Runs],
) -> None:
    walk = runs(*packages(30))

    def changing(portal: Portal) -> None:
        if len(portal.asked) == 2:
            portal.packages[0] = a_package(0, NOON)

    walk.portal.faults = changing
    found = walk.run(rows=10)
    assert (sorted(received(found)), reasons(found)) == (ids(30), [])


def test_a_portal_that_gives_less_than_it_counts_is_reported(runs: Callable[..., Runs]) -> None:
    walk = runs(*packages(9))

    def forgetting(portal: Portal) -> None:
        if len(portal.asked) == 2:
            del portal.packages[4:]
        if len(portal.asked) == 3:
            portal.packages = packages(9)

    walk.portal.faults = forgetting
    found = walk.run(rows=4)
    assert "counts 9 records and lists only 4" in reasons(found)[0]


def test_a_portal_that_repeats_one_page_for_ever_is_left(
    server: Misbehaving, runs: Callable[..., Runs]
) -> None:
    walk = runs()
    page = {"success": True, "result": {"count": 99, "results": packages(2)}}
    server.handle = answering(json.dumps(page))  # type: ignore[method-assign]
    assert "repeats earlier pages" in reasons(walk.run(rows=2))[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://ckan.example",
        "http://ckan.example/",
        "http://ckan.example/api/3",
        "http://ckan.example/api/3/action/package_search?q=x",
    ],
)
def test_any_address_of_a_portal_will_do(server: Misbehaving, parser: Parser, url: str) -> None:
    portal = Portal(a_package(1))
    server.handle = portal.handle  # type: ignore[method-assign]
    with Session(parser, connect_to={"ckan.example": server.place}, retries=0) as web:
        assert received(list(harvest(a_source(server, url), web))) == ["001"]
    assert portal.paths[0].startswith("/api/3/action/package_search?")


def test_only_what_matches_the_filter_of_the_source_is_asked_for(
    runs: Callable[..., Runs],
) -> None:
    walk = runs(*packages(3))
    walk.run(fq="organization:umc", rows=2)
    assert [asked["fq"].partition(" AND ")[0] for asked in walk.portal.asked] == [
        "organization:umc"
    ] * 3


# --- changes -----------------------------------------------------------------------------


def test_later_runs_ask_for_what_changed_since_the_last_began(
    runs: Callable[..., Runs],
) -> None:
    daily = runs(*packages(5))
    daily.run()
    daily.portal.packages[2] = a_package(2, NOON + timedelta(hours=3))
    found = daily.run(NOON + timedelta(days=1))
    assert isinstance(found[0], Incremental)
    assert received(found) == ["002"]
    assert daily.portal.asked[0]["fq"] == "metadata_modified:[2026-11-22T11:50:00.000Z TO *]"


def test_once_a_week_and_on_request_everything_is_asked_for(runs: Callable[..., Runs]) -> None:
    daily = runs(*packages(5))
    daily.run()
    assert received(daily.run(NOON + timedelta(days=1))) == []
    assert received(daily.run(NOON + timedelta(days=1), full="yes")) == ids(5)
    assert received(daily.run(NOON + timedelta(days=9))) == ids(5)


def test_a_run_with_a_fault_does_not_move_the_moment(runs: Callable[..., Runs]) -> None:
    daily = runs(*packages(5))
    daily.run()
    daily.portal.broken = True
    with pytest.raises(FetchFailed):
        daily.run(NOON + timedelta(days=1))
    daily.portal.broken = False
    daily.run(NOON + timedelta(days=2))
    assert "2026-11-22T11:50" in daily.portal.asked[0]["fq"]


def test_a_run_that_was_killed_goes_on_where_it_was(runs: Callable[..., Runs]) -> None:
    twice = runs(*packages(9))
    first = twice.run(rows=4, stop=5)
    second = twice.run(NOON + timedelta(hours=1), rows=4)
    assert isinstance(second[0], Resumed)
    assert received(first) + received(second) == ids(9)
    assert "place" not in twice.remembered


def test_a_page_that_fails_is_missed_and_asked_for_by_the_next_run(
    runs: Callable[..., Runs],
) -> None:
    twice = runs(*packages(9))

    def breaking(portal: Portal) -> None:
        portal.broken = len(portal.asked) == 2

    twice.portal.faults = breaking
    first = twice.run(rows=4)
    assert "status 500" in reasons(first)[0]
    twice.portal.faults = lambda _portal: None
    twice.portal.broken = False
    assert received(first) + received(twice.run(rows=4)) == ids(9)


# --- states ------------------------------------------------------------------------------


def test_a_deleted_record_is_gone_and_a_draft_is_closed(runs: Callable[..., Runs]) -> None:
    found = runs(
        a_package(1, state="deleted"),
        a_package(2, state="draft"),
        a_package(3, private=True),
        a_package(4, type="harvest"),
        a_package(5),
    ).run()
    assert [item.subject for item in found if isinstance(item, Gone)] == [
        "http://ckan.example/dataset/001"
    ]
    closed = [item.reason for item in found if isinstance(item, Missed)]
    assert [type(reason) for reason in closed] == [Forbidden, Forbidden]
    assert received(found) == ["005"]


# --- DCAT by the portal ------------------------------------------------------------------


def test_a_portal_that_writes_dcat_itself_is_asked_for_that(runs: Callable[..., Runs]) -> None:
    walk = runs(a_package(1), a_package(2), a_package(3))
    dataset = "<> a <http://www.w3.org/ns/dcat#Dataset> ."
    walk.portal.turtle = {
        "/dataset/001.ttl": answering(dataset),
        "/dataset/002.ttl": answering(status=404),
        "/dataset/003.ttl": answering(dataset),
    }
    found = walk.run(dcat="yes")
    assert received(found) == ["001.ttl", "003.ttl"]
    [missed] = [item for item in found if isinstance(item, Missed)]
    assert isinstance(missed.reason, FetchFailed)
    assert missed.reason.status is None
    assert walk.remembered == {}


# --- answers that are none ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "error", "words"),
    [
        pytest.param(
            answering('{"success": false, "error": {"message": "Access denied"}}'),
            NotRdf,
            "Access denied",
            id="it says so",
        ),
        pytest.param(answering("<html>", media_type="text/html"), NotRdf, "web page", id="A21"),
        pytest.param(answering("<html>"), NotRdf, "not answer in JSON", id="mislabelled page"),
        pytest.param(answering('{"success": true}'), NotRdf, "no list", id="nothing"),
        pytest.param(answering("[1]"), NotRdf, "did not succeed", id="a list"),
        pytest.param(answering("[" * 200_000), NotRdf, "JSON", id="B32 nested JSON"),
        pytest.param(answering('{"a": ' + "9" * 9000 + "}"), NotRdf, "JSON", id="B35 digits"),
        pytest.param(answering(status=404), FetchFailed, "404", id="not there"),
        pytest.param(answering(status=403), FetchFailed, "403", id="closed"),
    ],
)
def test_what_is_no_ckan_fails_the_source(
    runs: Callable[..., Runs],
    server: Misbehaving,
    behaviour: Any,
    error: type[SourceError],
    words: str,
) -> None:
    walk = runs()
    server.handle = behaviour  # type: ignore[method-assign]
    with pytest.raises(error, match=words):
        walk.run()


# --- through the whole catalogue ---------------------------------------------------------


def test_a_hospital_with_a_ckan_is_harvested_whole_and_then_unchanged(
    server: Misbehaving, tmp_path: Path
) -> None:
    server.handle = Portal(*RECORDED).handle  # type: ignore[method-assign]
    source = a_source(server)
    with a_catalogue(tmp_path) as catalogue:
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert catalogue.titles() == ["Exomes of twins", "Genomes of the coast"]
        coast = catalogue.value("Genomes of the coast")
        assert coast.title.value("nl") == "Genomen van de kust"
        assert coast.publisher.name.value("en") == "Kust Medical Centre"
        assert coast.distributions[0].access_url == "https://kust.example/request"
        assert catalogue.value("Exomes of twins").population.value("en") == "Twins"
        catalogue.harvest(source)
        assert Outcome.CHANGED not in catalogue.counts("kust")
        assert len(catalogue.titles()) == 2


def test_a_record_that_is_removed_from_a_ckan_is_withdrawn_by_two_whole_runs(
    server: Misbehaving, tmp_path: Path
) -> None:
    portal = Portal(*packages(10))
    server.handle = portal.handle  # type: ignore[method-assign]
    source = a_source(server, full="yes")
    with a_catalogue(tmp_path) as catalogue:
        catalogue.harvest(source)
        del portal.packages[3]
        catalogue.harvest(source)
        assert len(catalogue.titles()) == 10
        catalogue.harvest(source)
        assert len(catalogue.titles()) == 9
