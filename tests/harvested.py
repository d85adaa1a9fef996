"""A register and everything needed to run a list of items through it: real parser, gate and SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.errors import NotRdf, ParseFailed
from catalogue.ingest.budget import Budget
from catalogue.ingest.pipeline import Pipeline
from catalogue.ingest.run import Harvester, Progress, nothing
from catalogue.ingest.source import Document, Item, Received, Source, Web
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser
from catalogue.register.records import Outcome, RecordOutcome, RunState
from catalogue.register.register import Register
from catalogue.register.writer import Writer
from catalogue.validation.validate import Validator

SOURCE = Source(slug="umc", title="UMC Voorbeeld", protocol="fake", url="https://umc.example/")
BASE = "https://catalogue.example"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
GOOD = """<https://umc.example/d/{0}> a dcat:Dataset ; dct:title "Genomes {0}"@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "UMC Voorbeeld"@nl ] ;
  hdc:numberOfUniqueIndividuals {1} ."""
PROFILES = {
    "dataset": ("minimum", "genome-inventory-1"),
    "catalog": ("minimum",),
    "series": ("minimum",),
}


class FakeWeb:
    """Parses for real; fetches nothing but what it was given, by address: a place to end up."""

    allowed_hosts: tuple[str, ...] = ()

    def __init__(self, parser: Parser, redirects: Mapping[str, str]) -> None:
        self.parser, self.redirects = parser, redirects
        self.remembered: Mapping[str, Any] = {}

    def get(self, url: str, *, accept: str | None = None, pages: bool = False) -> Document:
        assert url in self.redirects, f"nobody should fetch {url}"
        return Document(
            url=url,
            final_url=self.redirects[url],
            content=b"",
            media_type="text/turtle",
            fetched=datetime(2026, 11, 22, tzinfo=UTC),
        )

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> Document:
        raise AssertionError(f"nobody should ask {url}")

    def expect(
        self, urls: Iterable[str], *, accept: str | None = None, pages: bool = False
    ) -> None:
        raise AssertionError(f"nobody should expect {list(urls)}")

    def has(self, subject: str) -> bool:
        raise AssertionError(f"the register knows {subject}, not the session")

    def parse(self, document: Document) -> Graph:
        try:
            return self.parser.parse(
                document.content, media_type=document.media_type, base=document.url
            )
        except ParseFailed as error:
            raise NotRdf(f"{document.url}: {error}") from error

    def parse_graphs(self, document: Document) -> Mapping[str, Graph]:
        return {"": self.parse(document)}


class Bench:
    """Runs lists of items as if a harvester of `source` had found them.

    `web` is what the last harvester was given. An item may be an error, to be raised, or a
    function, to be called in its place in the list.
    """

    def __init__(self, folder: Path, parser: Parser, validator: Validator) -> None:
        self.register = Register.open(f"sqlite:///{folder}/r.sqlite", BASE)
        self.writer = Writer(self.register.engine)
        self.writer.save_source(SOURCE)
        self.parser, self.validator = parser, validator
        self.rules = "rules"
        self.source = SOURCE
        self.redirects: dict[str, str] = {}
        self.budget = Budget()
        self.progress: Progress = nothing
        self.web: Web = FakeWeb(parser, {})

    def move(self, url: str) -> None:
        """Configure another address for the source."""
        self.source = Source(slug="umc", title=SOURCE.title, protocol="fake", url=url)
        self.writer.save_source(self.source)

    def run(self, *items: Any) -> RunState:
        def harvest(_source: Source, web: Web) -> Iterator[Item]:
            self.web = web
            for item in items:
                if isinstance(item, BaseException):
                    raise item
                if callable(item):
                    item()
                else:
                    yield item

        return self.harvester(harvest).run()

    def harvester(self, harvest: Any) -> Harvester:
        pipeline = Pipeline(
            source=self.source.slug,
            source_title=self.source.title,
            base=BASE,
            validator=self.validator,
            profiles=PROFILES,
            rules=self.rules,
            others=partial(self.register.theirs, self.source.owner),
        )
        return Harvester(
            source=self.source,
            harvest=harvest,
            web=FakeWeb(self.parser, self.redirects),
            pipeline=pipeline,
            writer=self.writer,
            progress=self.progress,
            budget=self.budget,
        )

    def counts(self) -> dict[Outcome, int]:
        """What the last run did."""
        return self.register.runs(self.source.slug, 1)[0].counts

    def message(self) -> str:
        """What the last run says about itself."""
        return self.register.runs(self.source.slug, 1)[0].message

    def report(self) -> list[RecordOutcome]:
        """The last run, record by record."""
        return self.register.outcomes(self.register.runs(self.source.slug, 1)[0].id)

    def titles(self) -> list[str]:
        """The titles of what is published."""
        return sorted(item.value.title.value("en") for item in self.register.published("dataset"))

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        with self.register.engine.connect() as connection:
            query = f"SELECT count(*) FROM {table}"
            return int(connection.exec_driver_sql(query).scalar_one())


def doc(turtle: str, url: str = "https://umc.example/dump.ttl") -> Received:
    """A Turtle document, received at an address."""
    document = Document(
        url=url,
        final_url=url,
        content=(PREFIXES + turtle).encode(),
        media_type="text/turtle",
        fetched=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return Received(url=url, documents=(document,))


def good(*numbers: int) -> Received:
    """A document with these datasets, all of them fit to be published."""
    return doc("".join(GOOD.format(number, 83) for number in numbers))
