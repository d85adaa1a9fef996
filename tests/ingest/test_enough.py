"""A run that may take no more stops asking, however much its harvester still wants to read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from harvested import Bench, good

from catalogue.errors import SourceError
from catalogue.ingest.ahead import ahead
from catalogue.ingest.budget import Budget
from catalogue.ingest.run import HEAVY
from catalogue.ingest.source import Item, Missed, Received, Source, Web
from catalogue.register.records import RunState

ADDRESS = "https://umc.example/page"


def pages(asked: list[str], budget: Budget) -> Any:
    """A harvester that reads page after page before it hands over anything, as for LDES."""

    def harvest(_source: Source, web: Web) -> Iterator[Item]:
        while len(asked) < 100:
            try:
                web.get(ADDRESS)
            except SourceError as error:
                yield Missed(url=ADDRESS, reason=error)
                return
            asked.append(ADDRESS)
            budget.seconds = 0.0 if len(asked) == 3 else budget.seconds
        yield from ()

    return harvest


def test_a_harvester_that_only_reads_is_stopped_by_the_budget(bench: Bench) -> None:
    asked: list[str] = []
    bench.redirects = {ADDRESS: ADDRESS}
    bench.budget = Budget(seconds=float("inf"))
    assert bench.harvester(pages(asked, bench.budget)).run() is RunState.PARTIAL
    assert len(asked) == 3
    assert "seconds" in bench.message()


def test_a_run_that_was_stopped_before_it_read_anything_did_not_fail(bench: Bench) -> None:
    bench.redirects = {ADDRESS: ADDRESS}
    bench.budget = Budget(stopped=lambda: True)

    def harvest(_source: Source, web: Web) -> Iterator[Item]:
        web.get(ADDRESS)
        yield from ()

    assert bench.harvester(harvest).run() is RunState.PARTIAL
    assert "stopped" in bench.message()


def test_what_waits_to_be_used_is_bounded_by_its_weight() -> None:
    made: list[int] = []
    third = threading.Event()

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            if number == 2:
                third.set()
            yield number

    gate = ahead(items(), 100, weigh=lambda _: 10, most=15)
    assert next(gate) == 0
    assert third.wait(10)
    assert len(made) <= 5
    assert list(gate) == list(range(1, 10))


def test_a_user_that_stops_frees_a_maker_that_waits_for_room() -> None:
    gate = ahead(iter(range(10)), 100, weigh=lambda _: 10, most=5)
    assert next(gate) == 0
    gate.close()
    assert "ahead" not in {thread.name for thread in threading.enumerate()}


def test_large_descriptions_are_written_before_there_are_many(bench: Bench) -> None:
    """Each document is a sixth of what may wait, so no batch holds more than a few."""
    sizes: list[int] = []
    save_all = bench.writer.save_all

    def noted(run: Any, drafts: Any) -> Any:
        sizes.append(len(drafts))
        return save_all(run, drafts)

    bench.writer.save_all = noted  # type: ignore[method-assign]
    bench.run(*(padded(good(number)) for number in range(12)))
    assert sum(sizes) == 12
    assert max(sizes) <= 8


def padded(item: Received) -> Received:
    (document,) = item.documents
    return replace(
        item, documents=(replace(document, content=document.content + b" " * (HEAVY // 6)),)
    )
