"""A record on which our own code fails costs itself only, and not again and again."""

from __future__ import annotations

from typing import Any

import pytest
from harvested import GOOD, Bench, doc, good

from catalogue.ingest import intake
from catalogue.ingest.pipeline import Pipeline
from catalogue.register.records import Outcome, RunState


class Weakness:
    """Our code, with a fault that shows on some records; `tried` says how often it ran."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *ends: str) -> None:
        self.ends, self.tried = ends, 0
        whole = Pipeline.drafts

        def drafts(pipeline: Pipeline, batch: Any, counts: Any = None) -> Any:
            self.tried += 1
            if any(found.iri.endswith(self.ends) for found in batch):
                raise ZeroDivisionError
            return whole(pipeline, batch, counts)

        monkeypatch.setattr(Pipeline, "drafts", drafts)


@pytest.fixture
def weakness(monkeypatch: pytest.MonkeyPatch) -> Weakness:
    return Weakness(monkeypatch, "/2", "/7")


def test_the_others_are_taken_in(bench: Bench, weakness: Weakness) -> None:
    assert bench.run(good(*range(10))) is RunState.PARTIAL
    assert bench.counts() == {Outcome.NEW: 8, Outcome.FAILED: 2}


def test_it_is_not_tried_again_while_nothing_changes(bench: Bench, weakness: Weakness) -> None:
    bench.run(good(*range(10)))
    weakness.tried = 0
    assert bench.run(good(*range(10))) is RunState.COMPLETE
    assert bench.counts() == {Outcome.UNCHANGED: 8, Outcome.ASIDE: 2}
    assert weakness.tried == 0
    line = next(each for each in bench.report() if each.outcome is Outcome.ASIDE)
    assert "ZeroDivisionError" in line.details["message"]["nl"]


def test_the_version_that_we_have_stays_and_is_not_missing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.run(good(1, 2, 3))
    Weakness(monkeypatch, "/2")
    changed = doc(GOOD.format(1, 83) + GOOD.format(2, 90) + GOOD.format(3, 83))
    for _ in range(3):
        bench.run(changed)
    assert bench.titles() == ["Genomes 1", "Genomes 2", "Genomes 3"]


def test_a_record_that_changed_is_tried_again_and_released(
    bench: Bench, weakness: Weakness
) -> None:
    bench.run(good(1, 2))
    weakness.ends = ("/none",)
    assert bench.run(doc(GOOD.format(1, 83) + GOOD.format(2, 90))) is RunState.COMPLETE
    assert bench.counts() == {Outcome.UNCHANGED: 1, Outcome.NEW: 1}
    assert bench.rows("quarantine") == 0


def test_new_rules_try_it_again(bench: Bench, weakness: Weakness) -> None:
    bench.run(good(2))
    bench.rules = "a corrected catalogue"
    weakness.ends = ("/none",)
    bench.run(good(2))
    assert bench.titles() == ["Genomes 2"]


def test_a_record_that_fails_differently_stays_aside_once(bench: Bench, weakness: Weakness) -> None:
    bench.run(good(2))
    assert bench.run(doc(GOOD.format(2, 90))) is RunState.PARTIAL
    assert bench.rows("quarantine") == 1


def test_a_value_that_the_database_refuses_costs_one_record(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Pipeline.drafts

    def drafts(pipeline: Pipeline, batch: Any, counts: Any = None) -> Any:
        for draft in whole(pipeline, batch, counts):
            if draft.source_iri.endswith("/2"):
                object.__setattr__(draft, "url", "https://umc.example/\ud800")
            yield draft

    monkeypatch.setattr(Pipeline, "drafts", drafts)
    assert bench.run(good(1, 2, 3)) is RunState.PARTIAL
    assert bench.titles() == ["Genomes 1", "Genomes 3"]
    assert bench.rows("quarantine") == 1


def test_an_address_that_cannot_be_taken_apart_costs_itself_only(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = intake.split

    def split(graph: Any, *, source: str) -> Any:
        if len(graph) > 10:
            raise RecursionError
        return whole(graph, source=source)

    monkeypatch.setattr(intake, "split", split)
    assert bench.run(good(1, 2, 3), good(4)) is RunState.PARTIAL
    assert bench.titles() == ["Genomes 4"]


def test_a_record_that_cannot_be_compared_costs_itself_only(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Pipeline.digested

    def digested(pipeline: Pipeline, found: Any) -> Any:
        if found.iri.endswith("/2"):
            raise RecursionError
        return whole(pipeline, found)

    monkeypatch.setattr(Pipeline, "digested", digested)
    assert bench.run(good(1, 2)) is RunState.PARTIAL
    assert bench.titles() == ["Genomes 1"]


def test_a_text_that_is_too_long_is_told_once_as_a_failure(bench: Bench) -> None:
    long = f'<https://umc.example/d/2> dct:description "{"x" * 150_000}" .'
    item = doc(GOOD.format(1, 83) + GOOD.format(2, 83) + long)
    assert bench.run(item) is RunState.PARTIAL
    assert bench.run(item) is RunState.COMPLETE
    line = next(each for each in bench.report() if each.outcome is Outcome.ASIDE)
    assert "150,000 characters" in line.details["message"]["en"]
