"""A catalogue with everything that must stay hidden in it, and what to look for.

Every hidden thing carries words of its own, so that finding one of them in an answer tells what
leaked. A dataset that is public has exact counts of 3 and 7, which no answer may tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from harvested import BASE, PREFIXES, SOURCE, Bench, doc

from catalogue.accounts.permissions import Role
from catalogue.cli.parts import SHAPES, services
from catalogue.errors import FetchFailed
from catalogue.ingest.projection import LiveIndex
from catalogue.ingest.source import Gone
from catalogue.model.source import Source
from catalogue.rdf.identity import identifier
from catalogue.rdf.parse import Parser
from catalogue.register.pings import PingBook
from catalogue.register.records import Published
from catalogue.register.writer import Writer
from catalogue.search.index import Index
from catalogue.settings import Settings
from catalogue.store.base import Answer, HeldBack
from catalogue.validation.validate import Validator
from catalogue.web import create_app
from catalogue.web.services import Services

BSN = "111222333"
GC = "https://w3id.org/genoomcatalogus/ns#"
START = datetime(2025, 3, 1, 12, tzinfo=UTC)
HOLDER = 'dct:publisher [ a foaf:Agent ; foaf:name "UMC Voorbeeld"@nl ]'
OPEN = f"""
<https://umc.example/c> a dcat:Catalog ; dct:title "Openlist"@en ; {HOLDER} ;
  dcat:dataset <https://umc.example/open>, <https://umc.example/few>, <https://umc.example/gone>,
    <https://umc.example/held-quokka>, <https://umc.example/bsn-numbat> .
<https://umc.example/open> a dcat:Dataset ; dct:title "Openset"@en ; {HOLDER} ;
  hdc:numberOfUniqueIndividuals 83 ; dcat:distribution <https://umc.example/open/file> .
<https://umc.example/open/file> a dcat:Distribution ; dct:title "Reads"@en ;
  dcat:accessURL <https://umc.example/ask> .
"""
FEW = f"""@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://umc.example/few> a dcat:Dataset ; dct:title "Fewset"@en ; {HOLDER} ;
  dct:description "A rare trait."@en ;
  hdc:numberOfUniqueIndividuals "000000000003"^^xsd:nonNegativeInteger ;
  hdc:numberOfRecords 7 ; <https://umc.example/ns#patients> 7 ; dct:extent "3 families" ;
  <https://umc.example/ns#aantalPatienten> "7"@dut ; <https://umc.example/ns#numberOfCases> 7e0 ;
  <https://umc.example/ns#numberOfDonors> "3.0E0"^^xsd:double ;
  <https://umc.example/ns#sizeOfGroup> "&#55;&#32;persons"@en, "~3", "n&#61;3" ;
  <{GC}assayGroup> [ a <{GC}AssayGroup> ;
    <{GC}assay> <{GC}assay-wes> ; <{GC}individuals> 3 ; <{GC}records> 7 ] ;
  <{GC}consentStratum> [ a <{GC}ConsentStratum> ; dct:title "Broad"@en ; <{GC}individuals> 3 ] ;
  <{GC}linkage> [ a <{GC}Linkage> ; <{GC}completeness> 42.857 ] ;
  dcat:distribution <https://umc.example/few/file> .
<https://umc.example/few/file> a dcat:Distribution ; dct:title "Few reads"@en ;
  hdc:numberOfRecords 7 ; dcat:accessURL <https://umc.example/ask> .
<https://umc.example/linked> a dcat:Dataset ; dct:title "Linkset"@en ; {HOLDER} ;
  hdc:numberOfUniqueIndividuals 250 ;
  <{GC}linkage> [ a <{GC}Linkage> ; <{GC}completeness> 1.2345 ] .
"""
WAS = f"""
<https://umc.example/gone> a dcat:Dataset ; dct:title "Gone wombat"@en ; {HOLDER} ;
  dct:description "It was about potoroos."@en ; hdc:numberOfUniqueIndividuals 43217 .
"""
RETURNED = """
<https://umc.example/gone> a dcat:Dataset ; dct:title "Returned bandicoot"@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "Held Tammar Institute"@en ] ;
  dct:description "BSN 111222333 of a patient."@en .
"""
HELD = f"""@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
<https://umc.example/held-quokka> a dcat:Dataset ; dct:description "A held bilby."@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "Held Kowari Institute"@en ] ;
  dcat:keyword "dibbler"@en ; dct:issued "31-12-1907" ; dct:identifier "doi:10.1234/mulgara" ;
  hdc:numberOfUniqueIndividuals 61733 ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Planigale Desk" ;
    vcard:hasEmail <mailto:ningaui@umc.example> ] ;
  dcat:distribution <https://umc.example/files/pademelon.bam> .
<https://umc.example/files/pademelon.bam> a dcat:Distribution ; dct:title "phalanger.bam" ;
  dcat:accessURL <https://umc.example/files/cuscus> .
<https://umc.example/bsn-numbat> a dcat:Dataset ; dct:title "Person dunnart"@en ; {HOLDER} ;
  dct:description "BSN 111222333 of a patient."@en .
<https://umc.example/list-numbat> a dcat:Catalog ; dct:description "Euro list"@en .
<https://umc.example/series-numbat> a dcat:DatasetSeries ; dct:description "Monjon series"@en .
"""
NEVER = """
<https://umc.example/never-numbat> a dcat:Dataset ; dct:title "Never yapok"@en ;
  dct:issued "30-11-1908" .
"""
BROKEN = "Dasyure is no description ."
BETTER = OPEN.replace('"Openset"@en', '"Openset"@en ; dct:description "Second form."@en')
WORSE = BETTER.replace(
    f'dct:title "Openset"@en ; dct:description "Second form."@en ; {HOLDER}',
    'dct:description "Held again: chuditch."@en ;'
    ' dct:publisher [ a foaf:Agent ; foaf:name "Held Quoll Institute"@en ]',
)
DRAFT = """
<> a dcat:Dataset ; dct:title "Draft antechinus"@en ; dct:isPartOf <{parent}> ;
  dcat:keyword "betong"@en ; hdc:numberOfUniqueIndividuals 7 ;
  dct:publisher [ a foaf:Agent ; foaf:name "Draft Phascogale Institute"@en ] .
"""
DRAFT_CATALOG = """
<> a dcat:Catalog ; dct:title "Draft bettong"@en ; dct:isPartOf <{parent}> ;
  dct:publisher [ a foaf:Agent ; foaf:name "Draft Phascogale Institute"@en ] .
"""
DRAFT_FILE = """
<> a dcat:Distribution ; dct:title "wallaroo.bam"@en ; dct:isPartOf <{parent}> ;
  dcat:accessURL <https://umc.example/drafts/wallaroo> .
"""
PARTED = """
<> a dcat:Dataset ; dct:title "Partset"@en ; dct:isPartOf <{parent}> ;
  dct:publisher [ a foaf:Agent ; foaf:name "Public Institute"@en ] .
"""
TAKEN_FILE = """
<https://umc.example/quenda> a dcat:Distribution ; dct:title "woylie.bam"@en ;
  dct:isPartOf <{parent}> ; dct:issued "kaluta day" ;
  dcat:accessURL <https://umc.example/nabarlek> .
"""
FIRST = DRAFT_CATALOG.replace("Draft bettong", "First parma")
SECOND = FIRST.replace("First parma", "Publiclist").replace("Draft Phascogale", "Public")
TAKEN = SECOND.replace("Publiclist", "Taken wambenger")
WORDS = (
    "quokka", "bilby", "kowari", "numbat", "dunnart", BSN, "chuditch", "quoll", "dibbler",
    "31-12-1907", "1907-12-31", "mulgara", "61733", "61730", "planigale", "ningaui", "pademelon",
    "phalanger", "cuscus", "euro list", "monjon", "yapok", "30-11-1908", "1908-11-30", "dasyure",
    "bandicoot", "antechinus", "betong", "phascogale", "bettong", "wallaroo", "parma", "wambenger",
    "tenrec", "echidna", "kultarr", "tammar", "wombat", "potoroo", "43217", "43220",
    "000000000003", "1.2345", "42.857", "quenda", "woylie", "kaluta", "nabarlek",
)  # fmt: skip
"""What only hidden things say, in small letters."""
_COUNTED = (
    r"(?:individuals|numberof\w*|records|people|persons|personen|participants|size|population)"
)
FEW_COUNTS = (
    re.compile(rf"{_COUNTED}\"?\W{{1,24}}[37]\b(?![-\d.,/:])", re.IGNORECASE),
    re.compile(r"(?<![-\d.,/:])\b[37]\W{1,8}(?:individuals|people|persons|personen|mensen|famil)"),
    re.compile(r"(?<![0-9a-z])[37](?:\.0)?e0(?![0-9a-z])", re.IGNORECASE),
    re.compile(r"(?<![\w.,/:-])(?:~|n ?= ?)?[37]\"? ?(?:\((?:@|xsd:)|\^\^\S*(?:double|float))"),
    re.compile(r"(?<![\w.])(?:~|n=)[37](?![\w.])"),
)
"""An exact 3 or 7 beside a word for what was counted, or as nobody writes any other number."""


class LocalStore:
    """The public store in this process, filled as the engine is; for our own questions only."""

    def __init__(self, graphs: Iterator[tuple[str, bytes]]) -> None:
        self.store = ox.Store()
        for name, triples in graphs:
            place = ox.NamedNode(name)
            self.store.load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=place)

    def query(self, query: str, **_options: Any) -> Answer:
        found = self.store.query(query, use_default_graph_as_union=True)
        if isinstance(found, ox.QueryTriples):
            body, media = found.serialize(format=ox.RdfFormat.N_TRIPLES), "application/n-triples"
        else:
            body = found.serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]
            media = "application/sparql-results+json"
        return Answer(media_type=media, kind="select", chunks=HeldBack(_once(body or b"")))

    def state(self) -> str:
        return "always the same"

    def health(self) -> Mapping[str, Any]:
        return {"ok": True, "kind": "local"}


def _once(body: bytes) -> Any:
    yield body


@dataclass(frozen=True, slots=True)
class Scene:
    """The site, the identifiers that exist, and those of them that nobody may learn."""

    app: Any
    parts: Services
    public: Mapping[str, str]  # title → identifier
    hidden: tuple[str, ...]
    withdrawn: tuple[str, ...]
    distribution: str
    moments: tuple[str, ...]
    runs: tuple[int, ...]
    tokens: Mapping[str, str]
    drafts: Mapping[str, str]  # what → identifier


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Harvest, change, hold, withdraw and draft; then open the site."""
    with Parser() as parser, Validator(SHAPES) as validator:
        world = World(Bench(folder, parser, validator))
        world.harvest(hidden=True)
        with world.site(folder) as made:
            tokens = tokens_of(made)
            drafts = Desk(create_app(made, world.settings(folder)), tokens).write()
            PingBook(world.bench.register.engine).add(ANNOUNCED)
            app, parts = world.opened(folder, made)
            yield _scene(world, app, parts, drafts, tokens)


ANNOUNCED = Source(
    slug="echidna", title="Echidna", protocol="fdp", url="https://echidna.example/fdp"
)


@dataclass(slots=True)
class World:
    """A register that is filled on days of our choosing, and the site that shows it."""

    bench: Bench
    now: datetime = START

    def __post_init__(self) -> None:
        self.bench.writer = Writer(self.bench.register.engine, lambda: self.now)
        self.bench.writer.save_source(replace(SOURCE, contact="kultarr@umc.example"))

    def harvest(self, *, hidden: bool) -> None:
        """Five runs; with `hidden` the source also sends what is not for the public."""
        held, never = (doc(HELD), doc(NEVER)) if hidden else (doc(""), doc(""))
        broken = doc(BROKEN, "https://umc.example/broken.ttl") if hidden else doc("")
        worse, back = (doc(WORSE), doc(RETURNED)) if hidden else (doc(BETTER), doc(""))
        gone, unseen = (Gone(subject=f"https://umc.example/{n}") for n in ("gone", "never-numbat"))
        few = doc(FEW)
        self._run(doc(OPEN), few, doc(WAS), held, never)
        self._run(doc(BETTER), few, held, never, gone)
        self._run(worse, few, held, broken, back, *([unseen] if hidden else []))
        self._run(worse, few, held, *([gone] if hidden else []))
        message = "https://umc.example/: Turtle: Dasyure is not a valid subject (line 1)"
        self._run(*([FetchFailed(message, url="https://umc.example/")] if hidden else []))

    def _run(self, *items: Any) -> None:
        self.now += timedelta(days=1)
        self.bench.run(*(each for each in items if each != doc("")))

    def settings(self, folder: Path) -> Settings:
        """Of the site."""
        url = f"sqlite:///{folder}/r.sqlite"
        return Settings(data=folder, base_url=BASE, database_url=url, pings=True, write_minute=0)

    @contextmanager
    def site(self, folder: Path) -> Iterator[Services]:
        """The parts of the site, closed afterwards."""
        made = services(self.settings(folder))
        yield made
        for part in (made.submissions, made.checker, made.register, self.bench.register):
            part.close()  # type: ignore[union-attr]

    def opened(self, folder: Path, made: Services) -> tuple[Any, Services]:
        """The site as it stands now, with a search index and a store that have followed."""
        index = LiveIndex(made.register, made.vocabulary, Index(made.vocabulary))  # type: ignore[arg-type]
        index.catch_up()
        register: Any = made.register
        store = LocalStore(chain(register.graphs(), register.walk()))
        parts = replace(made, search=index, store=store)  # type: ignore[arg-type]
        return create_app(parts, self.settings(folder)), parts


def tokens_of(parts: Services) -> dict[str, str]:
    """Of the steward who wrote the drafts, one who has only drafts, and one of elsewhere."""
    who = {"anna": "umc", "bob": "tenrec", "eve": "elsewhere"}
    return {
        name: parts.desk.issue(of, Role.STEWARD, name, days=1, actor="operator").text  # type: ignore[union-attr]
        for name, of in who.items()
    }


@dataclass(slots=True)
class Desk:
    """Stewards who write: what they publish, take back, and leave as drafts."""

    app: Any
    tokens: Mapping[str, str]
    made: dict[str, str] = field(default_factory=dict)

    def write(self) -> dict[str, str]:
        """The identifiers of what they wrote, by what it is."""
        catalog = self.make("draft catalog", "catalog", DRAFT_CATALOG, BASE)
        dataset = self.make("draft", "dataset", DRAFT, catalog)
        self.make("draft file", "distribution", DRAFT_FILE, dataset)
        self.make("only draft", "catalog", DRAFT_CATALOG, BASE, "bob")
        was_draft = self.make("was a draft", "catalog", FIRST, BASE)
        self.ask("PUT", was_draft, SECOND.format(parent=BASE).replace("<>", f"<{was_draft}>"))
        self.state(was_draft, "PUBLISHED")
        taken = self.make("taken back", "catalog", TAKEN, BASE)
        self.state(taken, "PUBLISHED")
        self.state(taken, "DRAFT")
        parted = self.make("parted", "dataset", PARTED, was_draft)
        self.state(parted, "PUBLISHED")
        file = self.make("taken file", "distribution", TAKEN_FILE, parted)
        self.state(file, "PUBLISHED")
        self.state(file, "DRAFT")
        self.make("child of a public one", "dataset", DRAFT, was_draft)
        return self.made

    def make(self, name: str, prefix: str, turtle: str, parent: str, who: str = "anna") -> str:
        """A new draft; its address."""
        answer = self.ask("POST", f"/{prefix}", turtle.format(parent=parent), who)
        where = str(answer.headers["Location"]).replace("http://localhost", BASE)
        self.made[name] = where.rpartition("/")[2]
        return where

    def state(self, where: str, wanted: str) -> None:
        """Publish it or take it back."""
        body = f'{{"current": "{wanted}"}}'
        self.ask("PUT", f"{where}/meta/state", body, media="application/json")

    def ask(self, method: str, path: str, body: str, who: str = "anna", media: str = "") -> Any:
        """One request of a steward, which must be taken."""
        sent = body if media else PREFIXES + body
        answer = self.app.test_client().open(
            path.replace(BASE, ""),
            method=method,
            data=sent.encode(),
            content_type=media or "text/turtle",
            headers={"Authorization": f"Bearer {self.tokens[who]}"},
        )
        assert answer.status_code in (200, 201, 204), answer.text
        return answer


def _scene(
    world: World, app: Any, parts: Services, drafts: dict[str, str], tokens: dict[str, str]
) -> Scene:
    titled = {each.value.title.value("en"): each for each in published(parts)}
    public = {title: each.record.id for title, each in titled.items()}
    titles = {"Openset", "Fewset", "Linkset", "Partset", "Openlist", "Publiclist"}
    assert set(public) == titles, public
    with world.bench.register.engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT id, source_iri FROM records").all()
    withdrawn = [name for name, iri in known if iri.endswith("/gone")]
    withdrawn += [drafts["taken back"], drafts["taken file"]]
    left = dict.fromkeys([*(name for name, _ in known), *drafts.values()])
    hidden = [name for name in left if name not in {*public.values(), *withdrawn}]
    versions = chain(*(parts.register.public_versions(name) for name in public.values()))
    return Scene(
        app=app,
        parts=parts,
        public=public,
        hidden=(*hidden, identifier(SOURCE.slug, "https://umc.example/files/pademelon.bam")),
        withdrawn=tuple(withdrawn),
        distribution=titled["Openset"].value.distributions[0].iri.rpartition("/")[2],  # type: ignore[union-attr]
        moments=tuple(sorted({f"{each.since:%Y%m%d%H%M%S}" for each in versions})),
        runs=tuple(each.id for each in parts.register.runs("umc")),
        tokens=tokens,
        drafts=drafts,
    )


def published(parts: Services) -> list[Published]:
    """Everything that is public."""
    kinds = ("dataset", "catalog", "series")
    return [each for kind in kinds for each in parts.register.published(kind)]
