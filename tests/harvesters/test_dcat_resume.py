"""Pages that are taken up again where an earlier run stopped, and asked for since a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from given import NOON
from hospital import a_catalogue, recorded
from misbehaving import Misbehaving, answering

from catalogue.errors import AddressRefused, FetchFailed, Forbidden
from catalogue.ingest.http import Session
from catalogue.ingest.source import Incremental, Item, Mark, Missed, Source
from catalogue.rdf.parse import Parser
from catalogue.register.records import Outcome, RunState
from harvesters.dcat import harvest

HOST = "http://hydra.example"
LIST = "/catalog.ttl"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


@pytest.fixture
def hydra(server: Misbehaving) -> Misbehaving:
    """The recorded hospital: three pages, in both vocabularies, `next` as text and as link."""
    for number, path in enumerate((LIST, f"{LIST}?page=2", f"{LIST}?page=3"), start=1):
        server.answer(path, recorded("hydra", f"page{number}.ttl"))
    return server


def a_source(server: Misbehaving, path: str = LIST, **options: str) -> Source:
    return Source(
        slug="heidezoom",
        title="Heidezoom",
        protocol="dcat",
        url=HOST + path,
        connect_to=f"127.0.0.1:{server.place[1]}",
        options=options,
    )


class Runs:
    """One run after another of one source, each remembering the marks of those before."""

    def __init__(self, server: Misbehaving, parser: Parser, source: Source) -> None:
        self.server, self.parser, self.source = server, parser, source
        self.remembered: Mapping[str, Any] = {}
        self.asked: list[str] = []

    def run(self, at: datetime = NOON, stop: type | None = None) -> list[Item]:
        """What one run yields; with `stop` it is killed after the first item of that kind."""
        found: list[Item] = []
        before = len(self.server.seen)
        route = {"hydra.example": self.server.place}
        with Session(self.parser, connect_to=route, retries=0, remembered=self.remembered) as web:
            for item in harvest(self.source, web, now=lambda: at):
                found.append(item)
                if isinstance(item, Mark):
                    self.remembered = item.state
                if stop and isinstance(item, stop):
                    break
        self.asked = self.server.paths[before:]
        return found


@pytest.fixture
def runs(hydra: Misbehaving, parser: Parser) -> Callable[..., Runs]:
    return lambda **options: Runs(hydra, parser, a_source(hydra, **options))


def kinds(found: list[Item]) -> list[str]:
    return [type(item).__name__ for item in found]


def test_there_is_a_mark_after_each_page_and_none_at_the_end(runs: Callable[..., Runs]) -> None:
    three = runs()
    assert kinds(three.run()) == ["Received", "Mark"] * 3
    assert three.remembered == {}


def test_a_source_of_one_page_needs_no_mark(runs: Callable[..., Runs], server: Misbehaving) -> None:
    server.answer(LIST, PREFIXES + "</d/1> a dcat:Dataset .")
    assert kinds(runs().run()) == ["Received"]


def test_a_run_that_was_killed_goes_on_at_its_last_page(runs: Callable[..., Runs]) -> None:
    twice = runs()
    twice.run(stop=Mark)
    found = kinds(twice.run(NOON + timedelta(hours=23)))
    assert found == ["Resumed", "Received", "Mark", "Received", "Mark"]
    assert twice.asked == [f"{LIST}?page=2", f"{LIST}?page=3"]


def test_a_mark_of_yesterday_is_no_place_to_go_on_from(runs: Callable[..., Runs]) -> None:
    twice = runs()
    twice.run(stop=Mark)
    assert "Resumed" not in kinds(twice.run(NOON + timedelta(hours=24)))
    assert twice.asked[0] == LIST


def test_a_walk_that_never_ends_in_a_day_starts_again_a_day_after_it_began(
    runs: Callable[..., Runs],
) -> None:
    thrice = runs()
    thrice.run(stop=Mark)
    thrice.run(NOON + timedelta(hours=20), stop=Mark)
    assert "Resumed" not in kinds(thrice.run(NOON + timedelta(hours=25)))


@pytest.mark.parametrize(
    "page",
    [answering(status=404), answering("<a> oops"), answering("<html>", media_type="text/html")],
)
def test_a_page_that_is_no_longer_there_means_starting_again(
    runs: Callable[..., Runs], server: Misbehaving, page: Any
) -> None:
    twice = runs()
    twice.run(stop=Mark)
    server.behave(f"{LIST}?page=2", page)
    found = twice.run()
    assert kinds(found)[:2] == ["Received", "Mark"]
    assert [type(item) for item in found].count(Missed) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1/p2", "http://elsewhere.example/p2"])
def test_the_address_in_a_mark_is_judged_again(
    runs: Callable[..., Runs], server: Misbehaving, address: str
) -> None:
    twice = runs()
    twice.run(stop=Mark)
    twice.remembered = {**twice.remembered, "place": {"next": address, "read": 1}}
    assert "Resumed" not in kinds(twice.run())
    assert "/p2" not in server.paths


def test_a_fault_of_the_list_itself_is_not_met_again_by_going_on(
    runs: Callable[..., Runs], server: Misbehaving
) -> None:
    looping = runs()
    back = f"<{LIST}?page=2> hydra:next <{LIST}> ."
    server.answer(f"{LIST}?page=2", PREFIXES + "</d/2> a dcat:Dataset ." + back)
    assert kinds(looping.run()) == ["Received", "Mark", "Received", "Missed", "Mark"]
    assert looping.remembered == {}


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_page_is_no_record_that_is_gone_or_a_draft(
    runs: Callable[..., Runs], server: Misbehaving, status: int
) -> None:
    server.answer(f"{LIST}?page=2", status=status)
    [missed] = [item for item in runs().run() if isinstance(item, Missed)]
    assert isinstance(missed.reason, FetchFailed)
    assert not isinstance(missed.reason, Forbidden)
    assert missed.reason.status not in {404, 410}


# --- since a moment ----------------------------------------------------------------------

SINCE = f"{LIST}?modified_since="


def test_later_runs_ask_only_for_what_changed(
    runs: Callable[..., Runs], server: Misbehaving
) -> None:
    daily = runs(modified_since="yes")
    assert "Incremental" not in kinds(daily.run())
    changed = SINCE + "2026-11-22T11%3A50%3A00"
    server.answer(changed, PREFIXES + "</d/2> a dcat:Dataset .")
    found = daily.run(NOON + timedelta(days=1))
    assert kinds(found) == ["Incremental", "Received", "Mark"]
    assert daily.asked == [changed]


def test_once_a_week_everything_is_asked_for(runs: Callable[..., Runs]) -> None:
    daily = runs(modified_since="yes")
    daily.run()
    assert "Incremental" not in kinds(daily.run(NOON + timedelta(days=7)))
    assert daily.asked[0] == LIST


def test_what_changed_during_a_run_with_a_fault_is_asked_for_again(
    runs: Callable[..., Runs], server: Misbehaving
) -> None:
    daily = runs(modified_since="yes")
    daily.run()
    changed = SINCE + "2026-11-22T11%3A50%3A00"
    server.answer(changed, PREFIXES + f"</d/2> a dcat:Dataset . <> hydra:next <{LIST}> .")
    server.answer(LIST, status=500)
    daily.run(NOON + timedelta(days=1))
    daily.run(NOON + timedelta(days=3))
    assert daily.asked[0] == changed


def test_a_source_that_never_changed_is_asked_for_everything_without_the_option(
    runs: Callable[..., Runs],
) -> None:
    plain = runs()
    plain.run()
    found = plain.run(NOON + timedelta(days=1))
    assert not any(isinstance(item, Incremental) for item in found)


# --- next pages elsewhere ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        pytest.param("http://ckan.internal:5000/catalog.ttl?page=2", AddressRefused, id="internal"),
        pytest.param("//elsewhere.example/p2", AddressRefused, id="A16 another host"),
        pytest.param("mailto:a@b.example", AddressRefused, id="no address to call"),
        pytest.param("http://[::1", AddressRefused, id="no address at all"),
    ],
)
def test_a_next_page_on_another_host_is_refused_and_reported(
    runs: Callable[..., Runs], server: Misbehaving, link: str, reason: type
) -> None:
    server.answer(LIST, PREFIXES + f"</d/1> a dcat:Dataset . <> hydra:next '{link}' .")
    found = runs().run()
    [missed] = [item for item in found if isinstance(item, Missed)]
    assert isinstance(missed.reason, reason)
    assert len(server.paths) == 1


def test_a_view_in_the_middle_of_the_collection_is_found(
    runs: Callable[..., Runs], server: Misbehaving
) -> None:
    view = "<#all> hydra:view [ a hydra:PartialCollectionView ; hydra:next '?page=3' ] ."
    server.answer(LIST, PREFIXES + "</d/1> a dcat:Dataset . " + view)
    walk = runs()
    walk.run()
    assert walk.asked == [LIST, f"{LIST}?page=3"]


# --- through the whole catalogue ---------------------------------------------------------


def test_a_hospital_with_pages_is_harvested_whole_and_then_unchanged(
    hydra: Misbehaving, tmp_path: Path
) -> None:
    source = a_source(hydra)
    with a_catalogue(tmp_path) as catalogue:
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert catalogue.titles() == [f"Genomes of cohort {n}{x}" for n in "123" for x in "ab"]
        catalogue.harvest(source)
        assert catalogue.counts("heidezoom")[Outcome.UNCHANGED] >= 6
        assert Outcome.CHANGED not in catalogue.counts("heidezoom")


def test_a_page_that_failed_is_taken_up_by_the_next_run_and_nothing_is_withdrawn(
    hydra: Misbehaving, tmp_path: Path
) -> None:
    source = a_source(hydra)
    with a_catalogue(tmp_path) as catalogue:
        catalogue.harvest(source)
        hydra.answer(f"{LIST}?page=3", status=500)
        assert catalogue.harvest(source) is RunState.PARTIAL
        hydra.answer(f"{LIST}?page=3", recorded("hydra", "page3.ttl"))
        before = len(hydra.paths)
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert hydra.paths[before:] == [f"{LIST}?page=3"]
        assert len(catalogue.titles()) == 6


def test_what_a_resumed_run_does_not_ask_for_again_is_not_missing(
    hydra: Misbehaving, tmp_path: Path
) -> None:
    source = a_source(hydra)
    with a_catalogue(tmp_path) as catalogue:
        for _ in range(3):
            hydra.answer(f"{LIST}?page=3", status=500)
            catalogue.harvest(source)
            hydra.answer(f"{LIST}?page=3", recorded("hydra", "page3.ttl"))
            catalogue.harvest(source)
        assert len(catalogue.titles()) == 6
