"""Trying a source first: which protocol fits, what would come in, and nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from given import NOON
from misbehaving import Misbehaving

import harvesters
from catalogue.cli.parts import trying
from catalogue.errors import DescriptionError, FetchFailed, NotFound, NotRdf, SettingsError
from catalogue.ingest.check import Busy
from catalogue.ingest.signs import Guess, find_out
from catalogue.ingest.source import Document, Received
from catalogue.ingest.trial import HELD, PUBLISHED, REFUSED, Trial, TrialTools, Trier, try_source
from catalogue.model.source import Source
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser
from catalogue.register.records import Outcome
from catalogue.settings import Settings
from examples.hospitals.serve import Demonstration

EVERY = ("ckan", "dcat", "emx2", "fdp", "ldes", "oai", "sitemap", "sparql", "spreadsheet")
URL = "https://umc.example/data"
HTML = b"<!doctype html><title>Welcome</title>"
P = (
    "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> ."
    "@prefix ldp: <http://www.w3.org/ns/ldp#> . @prefix fdp: <https://w3id.org/fdp/fdp-o#> ."
    "@prefix old: <http://rdf.biosemantics.org/ontologies/fdp-o#> ."
    "@prefix r3d: <http://www.re3data.org/schema/3-0#> . @prefix tree: <https://w3id.org/tree#> ."
    "@prefix ldes: <https://w3id.org/ldes#> . @prefix sd: "
    "<http://www.w3.org/ns/sparql-service-description#> . "
)


# finding the protocol out


@dataclass
class Answers:
    """A web of a few addresses, with a real parser."""

    parser: Parser
    pages: Mapping[str, tuple[str, bytes]]
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, **_: Any) -> Document:
        if url not in self.pages:
            raise FetchFailed(f"{url}: answered 404", url=url, status=404)
        media_type, content = self.pages[url]
        return Document(
            url=url, final_url=url, content=content, media_type=media_type, fetched=NOON
        )

    def parse(self, document: Document) -> Graph:
        try:
            return self.parser.parse(
                document.content, media_type=document.media_type, base=document.url
            )
        except DescriptionError as error:
            raise NotRdf(f"{document.url}: {error}") from error


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as made:
        yield made


def guessed(parser: Parser, pages: Mapping[str, tuple[str, bytes]], url: str = URL) -> Any:
    guess, _ = find_out(url, Answers(parser, pages), EVERY, [])  # type: ignore[arg-type]
    return guess


@pytest.mark.parametrize(
    ("turtle", "protocol"),
    [
        ("<> a fdp:FAIRDataPoint .", "fdp"),
        ("<> a fdp:MetadataService .", "fdp"),
        ("<> a r3d:Repository ; r3d:dataCatalog <c> .", "fdp"),
        ("<> old:metadataCatalog <c> .", "fdp"),
        ("<> a dcat:Catalog ; dct:title 'x' . <c/> ldp:contains <d> .", "fdp"),
        ("<> a ldes:EventStream ; tree:view <p> .", "ldes"),
        ("<> a sd:Service .", "sparql"),
        ("<> a dcat:Catalog ; dcat:dataset <d> .", "dcat"),
        ("<d> a dcat:Dataset .", "dcat"),
        ("<d> a dcat:DatasetSeries .", "dcat"),
    ],
)
def test_the_words_of_a_graph_tell_the_protocol(parser: Parser, turtle: str, protocol: str) -> None:
    pages = {URL: ("text/turtle", (P + turtle).encode())}
    assert guessed(parser, pages) == Guess(protocol, URL)


@pytest.mark.parametrize(
    ("media_type", "content", "protocol"),
    [
        (
            "text/xml",
            b'<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error/>',
            "oai",
        ),
        (
            "application/xml",
            b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
            "sitemap",
        ),
        ("text/xml", b"<sitemapindex >", "sitemap"),
        ("application/json", b'{"help": "h", "success": true, "result": {}}', "ckan"),
        ("text/csv", b"title;description\n", "spreadsheet"),
    ],
)
def test_other_notations_are_known_by_their_beginning(
    parser: Parser, media_type: str, content: bytes, protocol: str
) -> None:
    assert guessed(parser, {URL: (media_type, content)}) == Guess(protocol, URL)


def test_a_whole_schema_is_known_by_its_address(parser: Parser) -> None:
    url = "https://emx2.example/umc/api/rdf"
    pages = {url: ("text/turtle", (P + "<d> a dcat:Dataset .").encode())}
    assert guessed(parser, pages, url) == Guess("emx2", url)


@pytest.mark.parametrize(
    ("there", "answer", "guess"),
    [
        (
            f"{URL}?verb=Identify",
            ("text/xml", b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><Identify>'),
            Guess("oai", URL),
        ),
        (
            f"{URL}?query=ASK%20%7B%7D",
            ("application/sparql-results+json", b'{"head": {}, "boolean": true}'),
            Guess("sparql", URL),
        ),
        (
            "https://umc.example/api/3/action/package_search?rows=0",
            ("application/json", b'{"success": true, "result": {"count": 3}}'),
            Guess("ckan", "https://umc.example/"),
        ),
        (
            "https://umc.example/sitemap.xml",
            ("application/xml", b"<urlset>"),
            Guess("sitemap", "https://umc.example/sitemap.xml"),
        ),
    ],
)
@pytest.mark.parametrize("first", [("text/html", HTML), ("text/turtle", b"x <"), None])
def test_behind_a_web_page_the_usual_places_are_asked(
    parser: Parser, there: str, answer: Any, guess: Guess, first: Any
) -> None:
    pages = {there: answer} | ({URL: first} if first else {})
    assert guessed(parser, pages) == guess


@pytest.mark.parametrize(
    "content", [HTML, b"", b"[" * 10_000, b"\x00\xff\xfe", b'{"success": 1}', b"<x>"]
)
def test_what_speaks_no_protocol_is_no_guess(parser: Parser, content: bytes) -> None:
    assert guessed(parser, {URL: ("application/json", content)}) is None


def test_only_protocols_that_we_have_are_guessed(parser: Parser) -> None:
    pages = {URL: ("text/xml", b"<urlset>")}
    guess, _ = find_out(URL, Answers(parser, pages), ("dcat",), [])  # type: ignore[arg-type]
    assert guess is None


# looking at what would come in


@pytest.fixture(scope="module")
def tools() -> Iterator[TrialTools]:
    settings = Settings(allowed_hosts=("127.0.0.1",), base_url="https://catalogue.example")
    with trying(settings, trusted=True) as made:
        yield made


@pytest.fixture(scope="module")
def hospitals() -> Iterator[Demonstration]:
    with Demonstration() as served:
        yield served


def a_source(url: str, protocol: str = "", connect_to: str | None = None) -> Source:
    return Source(slug="trial", title="trial", protocol=protocol, url=url, connect_to=connect_to)


def tried(hospitals: Demonstration, tools: TrialTools, url: str, limit: int = 25) -> Trial:
    return try_source(a_source(url, connect_to=hospitals.connect_to), tools, limit)


def test_a_fair_data_point_is_recognised_and_its_records_are_shown(
    hospitals: Demonstration, tools: TrialTools
) -> None:
    trial = tried(hospitals, tools, "http://fdp.noordzee.example", limit=8)
    assert (trial.protocol, trial.error) == ("fdp", "")
    assert len(trial.records) == 8
    assert trial.more
    assert {"dataset", "catalog"} >= {record.kind for record in trial.records}
    assert all(record.title and record.verdict == PUBLISHED for record in trial.records)


def test_a_trial_says_what_would_be_repaired_held_refused_and_missed(
    hospitals: Demonstration, tools: TrialTools
) -> None:
    trial = tried(hospitals, tools, "http://fdp.merwestad.example", limit=60)
    assert trial.count(HELD) >= 1
    held = next(record for record in trial.records if record.verdict == HELD)
    assert held.violations
    assert set(held.violations[0]) == {"nl", "en"}
    assert any(record.repairs for record in trial.records)
    assert any(problem.outcome is Outcome.FAILED for problem in trial.problems)


def test_a_record_about_a_person_would_be_refused_without_repeating_it(tools: TrialTools) -> None:
    with Misbehaving() as server:
        server.answer("/", P + "<1> a dcat:Dataset ; dct:title 'Dossier van BSN 111222333' .")
        trial = try_source(a_source(server.url("/"), "dcat"), tools)
    (record,) = trial.records
    assert record.verdict == REFUSED
    assert "BSN" in record.outcome.details["message"]["nl"]
    assert "111222333" not in str(trial)


@pytest.mark.parametrize(
    "url",
    [
        "http://biobank.amstelkade.example/catalog.ttl",
        "http://metadata.deltaborg.example/dcat/catalog.rdf",
    ],
)
def test_a_document_is_recognised_in_other_notations(
    hospitals: Demonstration, tools: TrialTools, url: str
) -> None:
    trial = tried(hospitals, tools, url, limit=3)
    assert (trial.protocol, len(trial.records)) == ("dcat", 3)


def test_an_address_that_does_not_answer_is_named(tools: TrialTools) -> None:
    with Misbehaving() as server:
        server.answer("/", b"busy", status=503)
        trial = try_source(a_source(server.url("/")), tools)
    assert trial.protocol is None
    assert "503" in trial.error
    assert server.url("/") in trial.asked


def test_a_web_page_is_told_from_a_source(tools: TrialTools) -> None:
    with Misbehaving() as server:
        server.answer("/", HTML, media_type="text/html")
        trial = try_source(a_source(server.url("/")), tools)
    assert (trial.protocol, trial.records) == (None, ())
    assert trial.error
    assert len(trial.asked) <= 8


def test_a_protocol_that_is_stated_is_not_guessed(tools: TrialTools) -> None:
    with Misbehaving() as server:
        server.answer("/", HTML, media_type="text/html")
        trial = try_source(a_source(server.url("/"), "fdp"), tools)
    assert trial.protocol == "fdp"
    assert trial.asked == ()
    assert trial.error


def test_time_runs_out(tools: TrialTools) -> None:
    times = iter([0.0, 1.0, 2.0, 3.0])
    turtle = P + " ".join(f"<{n}> a dcat:Dataset ; dct:title 'T{n}' ." for n in range(9))
    with Misbehaving() as server:
        server.answer("/", turtle)
        source = a_source(server.url("/"), "dcat")
        trial = try_source(source, tools, seconds=1.5, clock=lambda: next(times, 9.0))
    assert trial.more
    assert len(trial.records) < 9


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "/etc", "ftp://x.example/", "", "http//x", "data:text/turtle,"]
)
def test_a_trial_reads_nothing_from_this_machine(tools: TrialTools, url: str) -> None:
    for protocol in ("", "files"):
        with pytest.raises(SettingsError, match="address"):
            try_source(a_source(url, protocol), tools)


def test_a_protocol_of_the_disk_is_refused_for_any_address(tools: TrialTools) -> None:
    with pytest.raises(SettingsError, match="network"):
        try_source(a_source("https://umc.example/", "files"), tools)


def test_a_stranger_has_no_private_address_called() -> None:
    with Misbehaving() as server, trying(Settings(allowed_hosts=("127.0.0.1",)), False) as tools:
        trial = try_source(a_source(server.url("/")), tools)
    assert trial.protocol is None
    assert server.seen == []


def test_a_protocol_that_nobody_reads_is_named(tools: TrialTools) -> None:
    with pytest.raises(NotFound, match="gopher"):
        try_source(a_source("https://umc.example/", "gopher"), tools)


def test_a_record_that_breaks_our_own_code_is_reported_alone(tools: TrialTools) -> None:
    turtle = P + " ".join(f"<{n}> a dcat:Dataset ; dct:title 'T{n}' ." for n in range(3))

    class Breaks:
        def __init__(self, pipeline: Any) -> None:
            self.pipeline = pipeline

        def digested(self, found: Any) -> Any:
            return self.pipeline.digested(found)

        def drafts(self, batch: Any) -> Any:
            if any(found.iri.endswith("/1") for found in batch):
                raise ZeroDivisionError
            return self.pipeline.drafts(batch)

    broken = replace(tools, pipeline=lambda source: Breaks(tools.pipeline(source)))  # type: ignore[arg-type,return-value]
    with Misbehaving() as server:
        server.answer("/", turtle)
        trial = try_source(a_source(server.url("/"), "dcat"), broken)
    assert len(trial.records) == 2
    assert [problem.source_iri[-2:] for problem in trial.problems] == ["/1"]


def test_a_harvester_finds_nothing_remembered_and_asks_for_nothing_ahead(
    tools: TrialTools,
) -> None:
    found: list[Any] = []

    def harvest(source: Source, web: Any) -> Iterator[Received]:
        web.expect(["https://umc.example/never"])
        found.append((dict(web.remembered), web.has("x"), list(web.allowed_hosts)))
        yield from ()

    trial = try_source(
        a_source("https://umc.example/", "dcat"), replace(tools, load=lambda _name: harvest)
    )
    assert found == [({}, False, ["127.0.0.1"])]
    assert trial.records == ()


def test_a_website_tries_one_at_a_time(tools: TrialTools) -> None:
    trier = Trier(lambda trusted: trying(Settings(), trusted))
    trier._places.acquire()
    with pytest.raises(Busy):
        trier.try_source(a_source("https://umc.example/"))


def test_nothing_is_written_anywhere(tmp_path: Path, hospitals: Demonstration) -> None:
    with trying(Settings(data=tmp_path), trusted=True) as tools:
        tried(hospitals, tools, "http://fdp.noordzee.example", limit=3)
    assert list(tmp_path.iterdir()) == []


def test_every_network_protocol_can_be_tried(tools: TrialTools) -> None:
    assert set(tools.protocols) == set(harvesters.names()) - {"files"}
