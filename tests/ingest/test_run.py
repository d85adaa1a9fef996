"""One run, from bytes to the register, with the real parser, repairs, gate and SQL."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import pytest
from harvested import GOOD, Bench, doc

from catalogue.cli.parts import ROOT, rules
from catalogue.errors import FetchFailed, Forbidden, SourceError
from catalogue.ingest.pipeline import Pipeline
from catalogue.ingest.source import Missed, Received
from catalogue.namespaces import DCT, Iri
from catalogue.register.records import Outcome, RunState
from catalogue.register.writer import Writer
from catalogue.validation.profile import profiles


def test_a_good_description_is_published(bench: Bench) -> None:
    assert bench.run(doc(GOOD.format(1, 83))) is RunState.COMPLETE
    assert bench.counts() == {Outcome.NEW: 1}
    (published,) = bench.register.published("dataset")
    assert published.value.title.value("en") == "Genomes 1"
    assert published.record.holder.slug == "umc-voorbeeld"


def test_the_exact_number_is_in_no_public_graph(bench: Bench) -> None:
    bench.run(doc(GOOD.format(1, 83) + GOOD.format(2, 7)))
    everything = b"".join(graph for _, graph in bench.register.graphs())
    assert b'"83"' not in everything
    assert b'"7"' not in everything
    assert b"band-fewer-than-10" in everything


def test_a_second_run_changes_nothing(bench: Bench) -> None:
    bench.run(doc(GOOD.format(1, 83)))
    position = bench.register.position()
    bench.run(doc(GOOD.format(1, 83)))
    assert bench.counts() == {Outcome.UNCHANGED: 1}
    assert bench.register.position() == position


def test_another_order_of_triples_is_no_change(bench: Bench) -> None:
    two = GOOD.format(1, 83), GOOD.format(2, 40)
    bench.run(doc("".join(two)))
    bench.run(doc("".join(reversed(two))))
    assert bench.counts() == {Outcome.UNCHANGED: 2}


def test_new_rules_look_at_everything_again(bench: Bench) -> None:
    bench.run(doc(GOOD.format(1, 83)))
    bench.rules = "other rules"
    bench.run(doc(GOOD.format(1, 83)))
    assert bench.counts() == {Outcome.CHANGED: 1}


def test_a_description_without_a_title_is_held_with_a_reason(bench: Bench) -> None:
    bench.run(doc('<https://umc.example/d/1> a dcat:Dataset ; dct:description "x"@en .'))
    (line,) = bench.report()
    assert line.outcome is Outcome.HELD
    assert any(finding["path"] == DCT + "title" for finding in line.details["findings"])
    assert set(line.details["findings"][0]["messages"]) == {"nl", "en"}


def test_a_held_record_is_reported_again_while_it_stays(bench: Bench) -> None:
    held = doc('<https://umc.example/d/1> a dcat:Dataset ; dct:description "x"@en .')
    bench.run(held)
    bench.run(held)
    assert bench.counts() == {Outcome.HELD: 1}


def test_a_syntax_error_names_its_line_and_stops_nothing(bench: Bench) -> None:
    broken = doc("\n\n<x> a dcat:Dataset ; .. .", "https://umc.example/broken.ttl")
    assert bench.run(broken, doc(GOOD.format(1, 83))) is RunState.PARTIAL
    failed = next(line for line in bench.report() if line.outcome is Outcome.FAILED)
    assert failed.details["line"] == 7
    assert bench.register.totals()["datasets"] == 1


def test_one_address_that_fails_deletes_nothing(bench: Bench) -> None:
    one, two = doc(GOOD.format(1, 83)), doc(GOOD.format(2, 83), "https://umc.example/d/2")
    bench.run(one, two)
    timed_out = Missed(
        url="https://umc.example/d/2",
        reason=FetchFailed("timed out", url="https://umc.example/d/2"),
    )
    for _ in range(3):
        assert bench.run(one, timed_out) is RunState.PARTIAL
    assert bench.register.totals()["datasets"] == 2


def test_an_incomplete_answer_does_not_replace_what_we_have(bench: Bench) -> None:
    bench.run(doc(GOOD.format(1, 83) + '<https://umc.example/d/1> dct:description "All"@en .'))
    less = replace(doc(GOOD.format(1, 83)), complete=False)
    assert bench.run(less) is RunState.PARTIAL
    (kept,) = bench.register.published("dataset")
    assert kept.value.description.value("en") == "All"


def test_an_incomplete_answer_is_better_than_none(bench: Bench) -> None:
    bench.run(replace(doc(GOOD.format(1, 83)), complete=False))
    assert bench.counts() == {Outcome.NEW: 1}


def test_a_closed_record_is_a_draft_and_no_fault(bench: Bench) -> None:
    closed = Missed(url="https://umc.example/d/9", reason=Forbidden("403", status=403))
    assert bench.run(doc(GOOD.format(1, 83)), closed) is RunState.COMPLETE
    assert bench.counts() == {Outcome.NEW: 1, Outcome.FORBIDDEN: 1}


def test_an_explicit_gone_makes_a_tombstone_at_once(bench: Bench) -> None:
    bench.run(doc(GOOD.format(1, 83)), doc(GOOD.format(2, 83)))
    gone = Missed(url="http://umc.example/d/2/", reason=FetchFailed("410", status=410))
    bench.run(doc(GOOD.format(1, 83)), gone)
    assert bench.counts() == {Outcome.UNCHANGED: 1, Outcome.REMOVED: 1}


def test_a_source_that_does_not_answer_fails_and_keeps_everything(bench: Bench) -> None:
    bench.run(doc(GOOD.format(1, 83)))
    for _ in range(3):
        assert bench.run(SourceError("no answer")) is RunState.FAILED
    assert bench.register.totals()["datasets"] == 1
    assert bench.register.runs("umc", 1)[0].message == "no answer"


def test_one_record_that_breaks_our_code_is_set_aside_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Pipeline.drafts

    def fragile(self: Pipeline, batch: Any, known: Any) -> Any:
        if any(found.iri.endswith("/2") for found in batch):
            raise ZeroDivisionError
        return whole(self, batch, known)

    monkeypatch.setattr(Pipeline, "drafts", fragile)
    items = "".join(GOOD.format(number, 83) for number in (1, 2, 3))
    assert bench.run(doc(items)) is RunState.PARTIAL
    assert bench.counts() == {Outcome.NEW: 2, Outcome.FAILED: 1}


def test_a_text_that_is_too_long_costs_one_record_only(bench: Bench) -> None:
    long = f'<https://umc.example/d/2> dct:description "{"x" * 150_000}" .'
    assert bench.run(doc(GOOD.format(1, 83) + GOOD.format(2, 83) + long)) is RunState.PARTIAL
    assert bench.counts() == {Outcome.NEW: 1, Outcome.FAILED: 1}
    failed = next(line for line in bench.report() if line.outcome is Outcome.FAILED)
    assert "150,000 characters" in failed.details["message"]["en"]


def test_a_bsn_is_quoted_nowhere(bench: Bench) -> None:
    text = '<https://umc.example/d/1> dct:title "Patient 111222333 &amp; x"@en ; dct:issued "1".'
    bench.run(doc(GOOD.format(1, 83) + text))
    bench.run(doc(GOOD.format(1, 83) + text))
    for run in bench.register.runs("umc"):
        assert "111222333" not in repr(bench.register.outcomes(run.id))


def test_an_error_of_our_own_closes_the_run_as_failed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Writer, "save_all", broken)
    with pytest.raises(ZeroDivisionError):
        bench.run(doc(GOOD.format(1, 83)))
    assert bench.register.runs("umc", 1)[0].state is RunState.FAILED


def test_datasets_of_a_dump_stand_in_its_catalog(bench: Bench) -> None:
    catalog = """<https://umc.example/c> a dcat:Catalog ; dct:title "List"@en ;
      dct:publisher [ foaf:name "Centre of Genetics"@en ] ;
      dcat:dataset <https://umc.example/d/1> ."""
    plain = '<https://umc.example/d/1> a dcat:Dataset ; dct:title "In the list"@en .'
    assert bench.run(doc(catalog + plain)) is RunState.COMPLETE
    (dataset,) = bench.register.published("dataset")
    (listed,) = bench.register.catalogs()
    assert dataset.record.catalog == listed.record.id
    assert dataset.record.holder.slug == "centre-of-genetics"
    assert listed.value.datasets == (dataset.record.iri,)


def test_only_the_named_subjects_are_taken(bench: Bench) -> None:
    both = doc(GOOD.format(1, 83) + GOOD.format(2, 83))
    bench.run(
        Received(url=both.url, documents=both.documents, subjects=(Iri("https://umc.example/d/1"),))
    )
    assert bench.counts() == {Outcome.NEW: 1}


def test_a_bsn_in_the_text_holds_the_record(bench: Bench) -> None:
    bench.run(
        doc(GOOD.format(1, 83) + '<https://umc.example/d/1> dct:description "BSN 111222333" .')
    )
    (line,) = bench.report()
    assert line.outcome is Outcome.HELD
    assert "BSN" in line.details["message"]["nl"]


def test_repairs_are_recorded_with_their_sentences(bench: Bench) -> None:
    bench.run(doc(GOOD.format(1, 83) + '<https://umc.example/d/1> dct:issued "21-12-2021" .'))
    (published,) = bench.register.published("dataset")
    assert published.value.issued == "2021-12-21"
    assert any(repair["sentence"]["nl"] for repair in published.repairs)


def test_what_was_received_is_kept_byte_for_byte(bench: Bench) -> None:
    item = doc(GOOD.format(1, 83))
    bench.run(item)
    with bench.register.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM documents").all()
    assert [zlib.decompress(row[0]) for row in rows] == [item.documents[0].content]


def test_the_rules_change_with_the_shapes() -> None:
    sets = profiles(ROOT / "shapes")
    fewer = {key: sets[key] for key in list(sets)[1:]}
    assert rules(sets) != rules(fewer)
