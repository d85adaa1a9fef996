"""Rows 55 to 67 of the checklist for harvesting others, each by its number.

Rows that need a server which misbehaves in one way only are tested where that way is the
subject; `ELSEWHERE` names those tests, and the last test sees that they are still there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from misbehaving import Misbehaving, answering, endless, gzipped_zeros, raw, redirecting

from catalogue.cli.parts import Workshop, workshop
from catalogue.model.source import Source
from catalogue.register.records import Outcome, RecordOutcome, RunState
from catalogue.settings import Settings

TESTS = Path(__file__).parents[1]
PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""
SAID = "dct:description 'D' ; dct:publisher [ a foaf:Agent ; foaf:name 'UMC' ]"
DATASET = PREFIXES + f"<> a dcat:Dataset ; dct:title 'Set {{}}' ; {SAID} ."
numbers = count()

ELSEWHERE = {
    55: (
        "harvesters/test_fdp_hospitals.py::test_row_55_the_reference_implementation_is_harvested_whole_without_its_drafts",
        "harvesters/test_fdp_run.py::test_row_55_drafts_are_skipped_and_no_failure",
    ),
    56: (
        "harvesters/test_fdp_hospitals.py::test_row_56_an_old_molgenis_is_harvested_with_the_vocabularies_of_before",
        "harvesters/test_fdp.py::test_every_way_of_linking_to_a_catalog_is_followed",
        "harvesters/test_fdp.py::test_datasets_linked_from_the_root_itself_are_found",
    ),
    57: (
        "harvesters/test_fdp_run.py::test_row_57_one_child_that_fails_leaves_everything_as_it_was_and_the_next_run_heals",
        "harvesters/test_fdp.py::test_one_child_that_times_out_is_missed_and_the_walk_goes_on",
    ),
    58: (
        "ingest/test_never_lost.py::test_a_catalog_that_cannot_be_read_hides_none_of_its_datasets",
    ),
    59: (
        "harvesters/test_fdp_run.py::test_row_59_a_record_that_is_gone_is_withdrawn_at_once",
        "harvesters/test_second_instance.py::test_datasets_arrive_as_they_were_and_deletions_follow",
        "register/test_removal.py::test_a_few_are_removed_after_two_complete_runs",
    ),
    60: (
        "harvesters/test_fdp_run.py::test_row_60_a_second_run_over_an_unchanged_source_writes_nothing_and_only_asks_for_changes",
        "ingest/test_run.py::test_another_order_of_triples_is_no_change",
        "rdf/test_canonical.py::test_names_of_blank_nodes_do_not_matter",
    ),
    61: (
        "harvesters/test_fdp_run.py::test_row_61_other_spellings_of_the_same_records_are_the_same_records",
        "harvesters/test_fdp.py::test_a_persistent_iri_that_differs_from_the_address_is_the_name",
    ),
    62: (
        "ingest/test_identity.py::test_a_shared_persistent_identifier_is_a_suggestion_and_no_merger",
    ),
    63: (
        "ingest/test_identity.py::test_a_dataset_without_an_address_is_the_same_record_in_every_run",
    ),
    64: (
        "harvesters/test_dcat.py::test_a_list_that_leads_back_ends_and_is_reported",
        "harvesters/test_dcat.py::test_the_next_page_is_found_however_it_is_announced",
    ),
    65: (
        "ingest/test_http_bad_inputs.py::test_a_large_answer_is_cut_by_what_it_unpacks_to",
        "ingest/test_bad_rdf.py::test_a_document_that_is_refused_leaves_the_good_copy",
    ),
    66: (
        "journeys/test_killed_protocols.py::test_row_66_a_killed_run_leaves_whole_records_and_the_next_one_ends_it",
        "journeys/test_killed.py::test_a_killed_harvest_leaves_whole_records_and_can_be_repeated",
    ),
    67: (
        "ingest/test_http_hosts.py::test_row_67_a_host_gets_no_more_requests_at_once_than_agreed_over_all_sessions",
        "ingest/test_http_hosts.py::test_row_67_a_host_that_asks_to_come_back_later_is_left_alone_by_all_sessions",
        "ingest/test_http.py::test_retry_after_is_respected",
    ),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), fetch_seconds=20, fetch_bytes=1)
    with workshop(settings) as shop:
        yield shop


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


def a_source(shop: Workshop, server: Misbehaving, protocol: str = "fdp", path: str = "/") -> Source:
    made = Source(
        slug=f"umc-{next(numbers)}",
        title="UMC",
        protocol=protocol,
        url=f"http://fdp.example{path}",
        connect_to=f"127.0.0.1:{server.place[1]}",
    )
    shop.writer.save_source(made)
    return made


def serve(server: Misbehaving, *members: str) -> None:
    """A FAIR Data Point with one catalog; its members are served by whoever names them."""
    root = f"<> a fdp:FAIRDataPoint ; dct:title 'F' ; {SAID} ; fdp:metadataCatalog </c> ."
    links = "".join(f" ; dcat:dataset </{member}>" for member in members)
    server.answer("/", PREFIXES + root)
    server.answer("/c", PREFIXES + f"<> a dcat:Catalog ; dct:title 'C' ; {SAID} {links} .")
    for member in members:
        server.answer(f"/{member}", DATASET.format(member))


def report(shop: Workshop, source: Source) -> dict[str, RecordOutcome]:
    """The lines of the last run, by the last part of their address."""
    (run,) = shop.register.runs(source.slug, 1)
    return {line.url.rpartition("/")[2]: line for line in shop.register.outcomes(run.id)}


def titles(shop: Workshop, source: Source) -> list[str]:
    """What is published of a source."""
    everything = shop.register.published("dataset")
    mine = (each for each in everything if each.record.source == source.slug)
    return sorted(each.value.title.value("en") for each in mine)


def test_row_58_a_catalog_that_is_suddenly_empty_asks_a_steward(
    shop: Workshop, server: Misbehaving
) -> None:
    members = [f"d{number}" for number in range(10)]
    serve(server, *members)
    source = a_source(shop, server)
    shop.harvest(source)
    serve(server)
    for _ in range(3):
        assert shop.harvest(source) is RunState.COMPLETE
    brake = shop.register.source(source.slug).brake
    assert brake is not None
    assert len(brake.records) == 10
    assert len(titles(shop, source)) == 10


def test_row_59_a_dataset_that_two_complete_runs_did_not_find_is_a_tombstone(
    shop: Workshop, server: Misbehaving
) -> None:
    serve(server, "d1", "d2")
    source = a_source(shop, server)
    shop.harvest(source)
    serve(server, "d1")
    shop.harvest(source)
    assert titles(shop, source) == ["Set d1", "Set d2"]
    shop.harvest(source)
    assert titles(shop, source) == ["Set d1"]


def test_row_62_an_identifier_that_two_sources_give_makes_two_records_and_a_remark(
    shop: Workshop, server: Misbehaving
) -> None:
    doi = f"dct:identifier 'https://doi.org/10.1234/row62.{next(numbers)}'"
    for name in ("one", "two"):
        turtle = f"</{name}/d> a dcat:Dataset ; dct:title 'Set {name}' ; {SAID} ; {doi} ."
        server.answer(f"/{name}.ttl", PREFIXES + turtle)
    one, two = (a_source(shop, server, "dcat", f"/{name}.ttl") for name in ("one", "two"))
    shop.harvest(one)
    shop.harvest(two)
    assert (titles(shop, one), titles(shop, two)) == (["Set one"], ["Set two"])
    (line,) = report(shop, two).values()
    assert "may be the same as “Set one”" in line.details["message"]["en"]


def test_row_63_a_dataset_without_an_iri_keeps_ours_over_the_runs(
    shop: Workshop, server: Misbehaving
) -> None:
    nameless = f"[] a dcat:Dataset ; dct:title 'Nameless' ; dct:identifier 'n-1' ; {SAID} ."
    server.answer("/all.ttl", PREFIXES + nameless)
    source = a_source(shop, server, "dcat", "/all.ttl")
    shop.harvest(source)
    before = {known.id for known in shop.writer.known(source.slug)}
    other = f"[] a dcat:Dataset ; dct:title 'Another' ; dct:identifier 'n-2' ; {SAID} ."
    server.answer("/all.ttl", PREFIXES + other + nameless)
    shop.harvest(source)
    after = {known.id for known in shop.writer.known(source.slug)}
    assert before < after
    assert len(after) == 2


def test_row_64_a_list_that_leads_back_ends_and_keeps_what_it_gave(
    shop: Workshop, server: Misbehaving
) -> None:
    view = "@prefix hydra: <http://www.w3.org/ns/hydra/core#> . <> hydra:next '{}' ."
    dataset = PREFIXES + f"</d/{{0}}> a dcat:Dataset ; dct:title 'Set {{0}}' ; {SAID} ."
    server.answer("/list", dataset.format(1) + view.format("list2"))
    server.answer("/list2", dataset.format(2) + view.format("/list"))
    source = a_source(shop, server, "dcat", "/list")
    assert shop.harvest(source) is RunState.PARTIAL
    assert titles(shop, source) == ["Set 1", "Set 2"]
    assert server.paths == ["/list", "/list2"]


XXE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&e;</rdf:RDF>"""
CONTEXT = '{"@context": "http://fdp.example/remote", "@id": "/x", "@type": "Dataset"}'
ZIPPED = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\nContent-Encoding: gzip\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n\r\n"
BAD = {
    "page": (
        answering("<!DOCTYPE html><title>Sign in</title>", media_type="text/html"),
        "web page",
    ),
    "mislabelled": (answering("<!DOCTYPE html><title>Sign in</title>"), "HTML"),
    "truncated": (answering(DATASET.format("x")[:-30]), "line"),
    "large": (endless(ENDLESS, iter([b"# " + b"x" * 99_998] * 1000)), "larger than"),
    "bomb": (raw(ZIPPED, gzipped_zeros(100_000_000)), "larger than"),
    "entity": (answering(XXE, media_type="application/rdf+xml"), "ENTITY"),
    "context": (answering(CONTEXT, media_type="application/ld+json"), "context"),
    "inside": (redirecting("http://127.0.0.1:1/x"), "redirects"),
}


def test_row_65_each_bad_answer_ends_in_its_own_error_and_the_good_ones_come_in(
    shop: Workshop, server: Misbehaving
) -> None:
    serve(server, "d1", "labelled", "marked", *BAD)
    server.answer("/labelled", DATASET.format("labelled"), media_type="application/octet-stream")
    server.answer("/marked", "\ufeff" + DATASET.format("marked"))
    for path, (behaviour, _) in BAD.items():
        server.behave(f"/{path}", behaviour)
    source = a_source(shop, server)
    assert shop.harvest(source) is RunState.PARTIAL
    assert titles(shop, source) == ["Set d1", "Set labelled", "Set marked"]
    lines = report(shop, source)
    for path, (_, words) in BAD.items():
        assert lines[path].outcome is Outcome.FAILED, path
        assert words in lines[path].details["message"]["en"]
    assert "/remote" not in server.paths
    serve(server, "d1", "labelled", "marked")
    assert shop.harvest(source) is RunState.COMPLETE  # the children are alive


def defined(path: str) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", range(55, 68), ids=lambda row: f"row_{row}")
def test_every_row_is_tested_where_it_is_said_to_be(row: int) -> None:
    for each in ELSEWHERE[row]:
        path, _, name = each.partition("::")
        assert name in defined(path), f"row {row}: {each} is gone"
