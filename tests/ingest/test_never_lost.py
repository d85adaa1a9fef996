"""Attempts to have a dataset withdrawn that its holder still offers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from harvested import Bench, doc, good
from misbehaving import Misbehaving, answering, conditional

from catalogue.cli.parts import Workshop, workshop
from catalogue.errors import FetchFailed, SourceError
from catalogue.ingest.source import (
    AllUnchanged,
    Gone,
    Incremental,
    Mark,
    Missed,
    Resumed,
    Source,
)
from catalogue.register import tables as t
from catalogue.register.records import RunState
from catalogue.settings import Settings

TEN = range(1, 11)
FAULT = Missed(url="https://umc.example/x", reason=FetchFailed("no", url="https://umc.example/x"))
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""
SAID = "dct:description 'D' ; dct:publisher 'UMC'"
numbers = count()


def absent(number: int, status: int = 404) -> Missed:
    """The address of a record that answers so."""
    url = f"https://umc.example/d/{number}"
    return Missed(url=url, reason=FetchFailed("no", url=url, status=status))


def titles(*numbers: int) -> list[str]:
    return sorted(f"Genomes {number}" for number in numbers)


# what a run may say


def test_partial_and_incremental_runs_between_do_not_make_two_complete_ones(bench: Bench) -> None:
    without = [good(*TEN[:9])]
    bench.run(good(*TEN))
    bench.run(*without)  # complete: missing once
    bench.run(*without, FAULT)
    bench.run(Incremental(), good(1))
    bench.run(SourceError("no answer"))
    bench.run(*without, Mark(state={"page": 2}), FAULT)
    assert bench.titles() == titles(*TEN)
    bench.run(*without)
    assert bench.titles() == titles(*TEN[:9])


def test_a_record_that_comes_back_between_is_counted_anew(bench: Bench) -> None:
    bench.run(good(*TEN))
    for _ in range(4):
        bench.run(good(*TEN[:9]))
        bench.run(good(10), FAULT)
    assert bench.titles() == titles(*TEN)


def test_what_was_missing_when_the_source_last_changed_is_still_missing(bench: Bench) -> None:
    """To say that nothing changed is to say that it is still not there."""
    bench.run(good(*TEN))
    bench.run(good(*TEN[:9]))
    bench.run(AllUnchanged())
    assert bench.titles() == titles(*TEN[:9])


def test_all_unchanged_after_a_brake_brings_nothing_back_and_removes_nothing(bench: Bench) -> None:
    bench.run(good(*TEN))
    for _ in range(2):
        bench.run(good(*TEN[:5]))
    for _ in range(3):
        bench.run(AllUnchanged())
    assert bench.titles() == titles(*TEN)
    brake = bench.register.source("umc").brake
    assert brake is not None
    assert len(brake.records) == 5


def test_a_storm_of_404_is_not_finished_by_a_run_that_did_not_look(bench: Bench) -> None:
    bench.run(good(*TEN))
    bench.run(good(*TEN[:6]), *(absent(number) for number in TEN[6:]))
    bench.run(good(*TEN[:9]), FAULT)
    assert bench.titles() == titles(*TEN)
    bench.run(good(*TEN))
    assert bench.register.source("umc").brake is None


def test_what_waits_under_a_brake_is_kept_when_more_is_said_to_be_gone(bench: Bench) -> None:
    """OAI-PMH tells a deletion once."""
    bench.run(good(*TEN))
    bench.run(Incremental(), *(absent(number) for number in (1, 2, 3)))
    bench.run(Incremental(), *(absent(number) for number in (4, 5, 6)))
    brake = bench.register.source("umc").brake
    assert brake is not None
    assert len(brake.explicit) == 6
    bench.run(Incremental(), absent(7))
    assert bench.titles() == titles(*TEN)


def test_a_storm_of_404_that_was_true_is_carried_out_when_it_became_small(bench: Bench) -> None:
    bench.run(good(*TEN))
    bench.run(good(*TEN[:6]), *(absent(number) for number in TEN[6:]))
    bench.run(good(*TEN[:9]))
    assert bench.titles() == titles(*TEN[:9])


def test_a_resumed_run_after_a_brake_takes_the_brake_off(bench: Bench) -> None:
    bench.run(good(*TEN))
    for _ in range(2):
        bench.run(good(*TEN[:5]))
    bench.run(good(*TEN[:5]), Mark(state={"page": 2}), SourceError("cut"))
    bench.run(Resumed(), good(*TEN[5:]), Mark(state={}))
    assert bench.titles() == titles(*TEN)
    assert bench.register.source("umc").brake is None


def test_a_record_that_moved_to_a_part_that_a_resumed_run_did_not_read_is_kept(
    bench: Bench,
) -> None:
    bench.run(good(*TEN))
    bench.run(good(*TEN[1:]))  # a draft again: missing once
    bench.run(good(*TEN[1:5]), Mark(state={"page": 2}), SourceError("cut"))
    # it is public again, on the first page
    bench.run(Resumed(), good(*TEN[5:]), Mark(state={}))
    assert bench.titles() == titles(*TEN)
    assert "brake" in bench.message()
    bench.run(good(*TEN))
    assert bench.register.source("umc").brake is None


def test_what_a_whole_run_does_not_find_either_after_a_resumed_one_goes(bench: Bench) -> None:
    bench.run(good(*TEN))
    bench.run(good(*TEN[1:]))
    bench.run(good(*TEN[1:5]), Mark(state={"page": 2}), SourceError("cut"))
    bench.run(Resumed(), good(*TEN[5:]), Mark(state={}))
    bench.run(good(*TEN[1:]))
    assert bench.titles() == titles(*TEN[1:])
    assert bench.register.source("umc").brake is None


@pytest.mark.parametrize("nothing", ["", "# nobody here\n"], ids=["no bytes", "no statement"])
def test_a_document_that_says_nothing_is_a_fault_however_often_it_comes(
    bench: Bench, nothing: str
) -> None:
    bench.run(good(1, 2))
    for _ in range(3):
        assert bench.run(doc(nothing)) is RunState.PARTIAL
    assert bench.titles() == titles(1, 2)


def test_a_record_described_at_two_addresses_survives_that_one_of_them_is_gone(
    bench: Bench,
) -> None:
    bench.run(good(*TEN), doc(good(10).documents[0].content.decode(), "https://umc.example/d/10"))
    for _ in range(3):
        bench.run(good(*TEN), absent(10, 410))
        bench.run(absent(10, 410), good(*TEN))
    assert bench.titles() == titles(*TEN)


@pytest.mark.parametrize("said", ["https://umc.example/d", "https://umc.example/", "umc", ""])
def test_gone_by_a_name_that_no_record_has_removes_nothing(bench: Bench, said: str) -> None:
    bench.run(good(*TEN))
    bench.run(Incremental(), Gone(subject=said))
    assert bench.titles() == titles(*TEN)


def test_a_source_that_now_leads_to_another_hospital_asks_a_steward(bench: Bench) -> None:
    bench.run(good(*TEN))
    bench.move("https://elsewhere.example/")
    other = doc(
        '<https://elsewhere.example/x> a dcat:Dataset ; dct:title "Other"@en ; '
        'dct:publisher [ a foaf:Agent ; foaf:name "Elsewhere" ] .'
    )
    for _ in range(3):
        bench.run(other)
    assert set(titles(*TEN)) < set(bench.titles())
    assert bench.register.source("umc").brake is not None


# what a real server may answer


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), fetch_seconds=20)
    with workshop(settings) as shop:
        yield shop


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


def a_source(shop: Workshop, server: Misbehaving, protocol: str, path: str = "/") -> Source:
    made = Source(
        slug=f"umc-{next(numbers)}",
        title="UMC",
        protocol=protocol,
        url=f"http://fdp.example{path}",
        connect_to=f"127.0.0.1:{server.place[1]}",
    )
    shop.writer.save_source(made)
    return made


def serve(server: Misbehaving) -> None:
    """Two catalogs: ten datasets in the first, two in the second, so few that no brake helps."""
    links = [", ".join(f"</d{number}>" for number in some) for some in (TEN, (11, 12))]
    pages = {
        "/": "<> a fdp:FAIRDataPoint ; dct:title 'F' ; fdp:metadataCatalog </c1>, </c2> .",
        "/c1": f"<> a dcat:Catalog ; dct:title 'C1' ; {SAID} ; dcat:dataset {links[0]} .",
        "/c2": f"<> a dcat:Catalog ; dct:title 'C2' ; {SAID} ; dcat:dataset {links[1]} .",
    }
    for number in range(1, 13):
        pages[f"/d{number}"] = f"<> a dcat:Dataset ; dct:title 'Set {number}' ; {SAID} ."
    for path, turtle in pages.items():
        server.behave(path, conditional(PREFIXES + turtle, etag=f'"{path}"'))


def live(shop: Workshop, source: Source) -> int:
    """How many datasets are public."""
    query = sa.select(sa.func.count()).where(
        t.records.c.source == source.slug,
        t.records.c.kind == "dataset",
        t.records.c.state == "published",
    )
    with shop.register.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


LOST_CATALOG = [
    pytest.param(answering(status=404), RunState.PARTIAL, id="404"),
    pytest.param(answering(status=410), RunState.PARTIAL, id="410"),
    pytest.param(answering(status=403), RunState.COMPLETE, id="a draft"),
    pytest.param(answering(status=401), RunState.COMPLETE, id="closed"),
    pytest.param(answering(status=500), RunState.PARTIAL, id="row 58: 500"),
    pytest.param(answering(""), RunState.PARTIAL, id="row 58: no bytes"),
    pytest.param(answering(PREFIXES), RunState.PARTIAL, id="row 58: no statement"),
    pytest.param(answering("[]", media_type="application/ld+json"), RunState.PARTIAL, id="[]"),
]


@pytest.mark.parametrize(("behaviour", "state"), LOST_CATALOG)
def test_a_catalog_that_cannot_be_read_hides_none_of_its_datasets(
    shop: Workshop, server: Misbehaving, behaviour: Any, state: RunState
) -> None:
    serve(server)
    source = a_source(shop, server, "fdp")
    shop.harvest(source)
    server.behave("/c2", behaviour)
    assert [shop.harvest(source) for _ in range(3)] == [state] * 3
    assert live(shop, source) == 12


@pytest.mark.parametrize("status", [404, 410])
def test_a_catalog_that_is_listed_no_more_goes_with_its_datasets(
    shop: Workshop, server: Misbehaving, status: int
) -> None:
    serve(server)
    source = a_source(shop, server, "fdp")
    shop.harvest(source)
    server.answer("/c2", status=status)
    shop.harvest(source)
    server.answer(
        "/", f"{PREFIXES}<> a fdp:FAIRDataPoint ; dct:title 'F' ; fdp:metadataCatalog </c1> ."
    )
    shop.harvest(source)
    assert live(shop, source) == 12
    shop.harvest(source)
    assert shop.register.source(source.slug).brake is not None  # three of fifteen, and one catalog


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
@pytest.mark.parametrize("protocol", ["fdp", "dcat"])
def test_a_root_that_is_gone_fails_the_run_and_nothing_else(
    shop: Workshop, server: Misbehaving, protocol: str, status: int
) -> None:
    serve(server)
    path = "/" if protocol == "fdp" else "/d1"
    source = a_source(shop, server, protocol, path)
    shop.harvest(source)
    before = live(shop, source)
    assert before
    server.answer(path, status=status)
    assert [shop.harvest(source) for _ in range(3)] == [RunState.FAILED] * 3
    assert live(shop, source) == before


def test_a_page_of_a_list_that_says_nothing_is_no_end_of_the_list(
    shop: Workshop, server: Misbehaving
) -> None:
    dataset = "</x{0}> a dcat:Dataset ; dct:title 'Set {0}' ; dct:publisher 'UMC' ."
    first = "".join(map(dataset.format, TEN)) + "<> hydra:next '/list2' ."
    server.answer("/list", PREFIXES + first)
    server.answer("/list2", PREFIXES + dataset.format(11) + dataset.format(12))
    source = a_source(shop, server, "dcat", "/list")
    shop.harvest(source)
    server.answer("/list2", PREFIXES)
    assert [shop.harvest(source) for _ in range(3)] == [RunState.PARTIAL] * 3
    assert live(shop, source) == 12
