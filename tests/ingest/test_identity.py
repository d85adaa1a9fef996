"""One dataset is one record, however it is spelled and wherever its host moves to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from harvested import BASE, SOURCE, Bench, doc, good

from catalogue.errors import FetchFailed
from catalogue.ingest.knowledge import Knowledge
from catalogue.ingest.source import Missed
from catalogue.register.incoming import Known
from catalogue.register.records import Outcome, RunState, State

HERE = "https://umc.example/d/1"


def at(iri: str, title: str = "Genomes", more: str = "") -> str:
    return f'<{iri}> a dcat:Dataset ; dct:title "{title}"@en ; dct:publisher "UMC" {more} .'


def ids(bench: Bench) -> list[str]:
    return sorted(item.record.id for item in bench.register.published("dataset"))


SPELLINGS = (
    "http://umc.example/d/1",
    "https://umc.example/d/1/",
    "https://UMC.example/d/1",
    "https://umc.example:443/d/1",
    "http://umc.example:80/d/1",
)


@pytest.mark.parametrize("other", SPELLINGS)
def test_another_spelling_of_the_address_is_the_same_record(bench: Bench, other: str) -> None:
    bench.run(doc(at(HERE)))
    before = ids(bench)
    for _ in range(3):
        assert bench.run(doc(at(other))) is RunState.COMPLETE
    assert ids(bench) == before
    (found,) = bench.register.published("dataset")
    assert found.record.source_iri == other


def test_two_spellings_in_one_run_are_one_record_and_the_report_says_so(bench: Bench) -> None:
    bench.run(doc(at(HERE)), doc(at("http://umc.example/d/1/")))
    assert bench.counts() == {Outcome.NEW: 1, Outcome.DUPLICATE: 1}
    line = next(each for each in bench.report() if each.outcome is Outcome.DUPLICATE)
    assert HERE in line.details["message"]["nl"]
    assert line.record == ids(bench)[0]


def test_an_address_is_not_that_of_another_port_or_path(bench: Bench) -> None:
    bench.run(doc(at(HERE) + at("https://umc.example:8443/d/1") + at("https://umc.example/D/1")))
    assert len(ids(bench)) == 3


@pytest.mark.parametrize(
    ("url", "iri"),
    [
        ("https://new.example/", "https://new.example/d/1"),
        ("https://new.example/fdp/", "https://new.example/fdp/d/1"),
        ("https://umc.example:8443/", "https://umc.example:8443/d/1"),
    ],
)
def test_a_source_that_moved_keeps_its_records(bench: Bench, url: str, iri: str) -> None:
    bench.run(doc(at(HERE)))
    before = ids(bench)
    bench.move(url)
    assert bench.run(doc(at(iri))) is RunState.COMPLETE
    assert ids(bench) == before
    (found,) = bench.register.published("dataset")
    assert (found.record.source_iri, found.record.version) == (iri, 2)
    assert bench.run(doc(at(iri))) is RunState.COMPLETE
    assert bench.counts() == {Outcome.UNCHANGED: 1}


def test_a_record_that_moved_is_still_known_by_its_old_address(bench: Bench) -> None:
    bench.run(doc(at(HERE)))
    before = ids(bench)
    bench.move("https://new.example/")
    bench.run(doc(at("https://new.example/d/1")))
    bench.move(SOURCE.url)
    bench.run(doc(at(HERE)))
    assert ids(bench) == before


def test_a_source_whose_address_redirects_elsewhere_has_moved(bench: Bench) -> None:
    bench.run(doc(at(HERE)))
    before = ids(bench)
    bench.redirects[SOURCE.url] = "https://new.example/"
    bench.run(lambda: bench.web.get(SOURCE.url), doc(at("https://new.example/d/1")))
    assert ids(bench) == before


def test_without_a_move_another_host_is_another_record(bench: Bench) -> None:
    bench.run(doc(at(HERE)))
    bench.run(doc(at(HERE) + at("https://new.example/d/1")))
    assert len(ids(bench)) == 2


def test_datasets_follow_their_catalog_when_both_move(bench: Bench) -> None:
    def listed(base: str) -> str:
        catalog = f'<{base}/c> a dcat:Catalog ; dct:title "List"@en ; dct:publisher "UMC"'
        return f"{catalog} ; dcat:dataset <{base}/d/1> . " + at(f"{base}/d/1")

    bench.run(doc(listed("https://umc.example")))
    (catalog,) = bench.register.catalogs()
    bench.move("https://new.example/")
    bench.run(doc(listed("https://new.example")))
    (dataset,) = bench.register.published("dataset")
    assert [each.record.id for each in bench.register.catalogs()] == [catalog.record.id]
    assert dataset.record.catalog == catalog.record.id
    assert dataset.value.iri == f"{BASE}/dataset/{dataset.record.id}"


def test_a_record_is_gone_when_the_address_where_it_was_received_is(bench: Bench) -> None:
    """The subject of a description need not be the address that was asked for."""
    bench.run(doc(at("https://w3id.org/umc/1"), "https://umc.example/fdp/dataset/1"), good(2))
    gone = FetchFailed("gone", url="https://umc.example/fdp/dataset/1", status=410)
    bench.run(Missed(url="http://umc.example/fdp/dataset/1/", reason=gone), good(2))
    assert bench.titles() == ["Genomes 2"]


def test_a_page_with_many_records_that_is_gone_removes_none_of_them(bench: Bench) -> None:
    bench.run(good(1, 2))
    gone = FetchFailed("gone", url="https://umc.example/dump.ttl", status=404)
    assert bench.run(Missed(url="https://umc.example/dump.ttl", reason=gone)) is RunState.PARTIAL
    assert len(bench.titles()) == 2


# other sources


def test_a_source_cannot_touch_the_record_of_another(bench: Bench) -> None:
    bench.run(doc(at(HERE, "By its holder")))
    (before,) = bench.register.published("dataset")
    bench.source = replace(SOURCE, slug="peel", url="https://peel.example/")
    bench.writer.save_source(bench.source)
    for _ in range(3):
        bench.run(doc(at(HERE, "By somebody else")))
    assert bench.titles() == ["By its holder", "By somebody else"]
    assert bench.register.get("dataset", before.record.id).graph == before.graph
    for _ in range(2):
        bench.run(doc(at("https://peel.example/d/1", "Own")))
    assert "By its holder" in bench.titles()


def test_the_report_says_who_serves_the_address_itself(bench: Bench) -> None:
    bench.run(doc(at(HERE)))
    bench.source = replace(SOURCE, slug="peel", url="https://peel.example/")
    bench.writer.save_source(bench.source)
    bench.run(doc(at(HERE)))
    (line,) = bench.report()
    assert line.details["message"]["en"].startswith("umc describes a dataset of this address too")
    assert "apart" in line.details["message"]["nl"]


def test_a_shared_persistent_identifier_is_a_suggestion_and_no_merger(bench: Bench) -> None:
    bench.run(doc(at(HERE, more='; dct:identifier "10.1234/ABC"')))
    bench.source = replace(SOURCE, slug="peel", url="https://peel.example/")
    bench.writer.save_source(bench.source)
    bench.run(doc(at("https://peel.example/x", more="; dct:identifier 'doi:10.1234/abc'")))
    assert len(ids(bench)) == 2
    (record,) = bench.register.maybe_same(ids(bench)[0])
    assert record.id == ids(bench)[1]
    assert "doi:10.1234/abc" in bench.report()[0].details["message"]["en"]


def test_a_new_address_with_a_known_identifier_is_kept_beside_the_old_one(bench: Bench) -> None:
    """Within a source as well: a version and its successor may share a DOI."""
    bench.run(doc(at(HERE, more='; dct:identifier "10.1234/ABC"')))
    bench.run(doc(at("https://umc.example/new/1", more='; dct:identifier "10.1234/ABC"')))
    assert len(ids(bench)) == 2
    assert "doi:10.1234/abc" in bench.report()[0].details["message"]["nl"]


# blank nodes


def test_a_dataset_without_an_address_is_the_same_record_in_every_run(bench: Bench) -> None:
    for label, title in (("a", "One"), ("b", "One"), ("zz", "Changed")):
        bench.run(
            doc(
                f'_:{label} a dcat:Dataset ; dct:identifier "7" ; dct:title "{title}"@en ;'
                ' dct:publisher "UMC" .'
            )
        )
    (found,) = bench.register.published("dataset")
    assert found.record.version == 2
    assert found.value.title.value("en") == "Changed"


# what is known


def known(record: str, iri: str, url: str = "", state: State = State.PUBLISHED) -> Known:
    return Known(id=record, iri=iri, url=url or iri, digest="", state=state, held=False)


def test_of_two_records_that_are_spelled_alike_the_living_one_counts() -> None:
    records = [
        known("a", "http://x.example/1", state=State.GONE),
        known("b", "https://x.example/1"),
    ]
    found = Knowledge(records).of("https://x.example/1/")
    assert found is not None
    assert found.id == "b"


def test_a_withdrawn_record_must_be_asked_for_after_all() -> None:
    knowledge = Knowledge([known("a", "https://x.example/1", state=State.GONE)])
    assert not knowledge.has("https://x.example/1")
    assert not knowledge.has("https://x.example/2")


def test_a_move_of_a_dump_looks_beside_the_dump() -> None:
    knowledge = Knowledge([known("a", "https://old.example/data/d/1")])
    knowledge.moved(["https://old.example/data/dump.ttl"], "https://new.example/dump.ttl?x=1")
    found = knowledge.of("https://new.example/d/1")
    assert found is not None
    assert found.id == "a"
    assert knowledge.of("https://new.example.evil/d/1") is None
