"""A small catalogue without a database: six datasets, two sources, one withdrawn record.

The search index and the vocabulary are the real ones; the register and the store are fakes
that answer from memory.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from web.changes import FakeChanges
from web.reception import reception

from catalogue.consent.policy import Policy
from catalogue.errors import Gone, NotFound, QuerySyntax, StoreUnavailable
from catalogue.ingest.check import Checker, tools
from catalogue.model.agent import Agent, Contact
from catalogue.model.counts import Count
from catalogue.model.dataset import Catalog, Dataset, Distribution
from catalogue.model.genome import AssayGroup, Condition, ConsentStratum, Linkage, Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCT, DUO, EU_AUTHORITY, GC, Iri
from catalogue.rdf.graph import Graph
from catalogue.rdf.write import write
from catalogue.register.records import (
    Brake,
    Change,
    Holder,
    Outcome,
    Published,
    Record,
    RecordOutcome,
    RunState,
    RunSummary,
    SourceStatus,
    State,
    VersionSummary,
)
from catalogue.register.standing import Origin, PublicVersion, ReceivedFrom
from catalogue.search.document import document
from catalogue.search.index import Index
from catalogue.settings import Settings
from catalogue.store.base import Answer
from catalogue.terms.load import load
from catalogue.web import create_app
from catalogue.web.services import Services

BASE = "https://catalogue.example"
ONTOLOGIES = Path(__file__).parents[2] / "ontologies"
SHAPES = Path(__file__).parents[2] / "shapes"
ATTACK = "<img src=x onerror=alert(1)>"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def text(en: str = "", nl: str = "") -> LangText:
    pairs = ((en, "en"), (nl, "nl"))
    return LangText(tuple(Text(value, tag) for value, tag in pairs if value))


NOORDZEE = Holder(slug="noordzee", name=text("Noordzee University Medical Centre", "Noordzee UMC"))
IJSSEL = Holder(slug="ijsselstroom", name=text("IJsselstroom Cancer Centre"))
HOLDERS = {each.slug: each for each in (NOORDZEE, IJSSEL)}


def term(number: str) -> Iri:
    return Iri(f"{DUO}{number}")


def ours(name: str) -> Iri:
    return Iri(GC + name)


def a_dataset(name: str, **stated: Any) -> Dataset:
    return Dataset(iri=Iri(f"{BASE}/dataset/{name}"), **stated)


RICH = a_dataset(
    "rich",
    title=text("Hereditary breast cancer genomes", "Genomen erfelijke borstkanker"),
    description=text("Germline genomes of families seen at the family cancer clinic."),
    identifiers=("https://doi.org/10.1234/rich",),
    access_rights=Iri(f"{EU_AUTHORITY}access-right/RESTRICTED"),
    contacts=(Contact(name=text("Data desk"), email="data@ijsselstroom.example"),),
    publisher=Agent(name=text("IJsselstroom Cancer Centre")),
    keywords=(Text("families", "en"), Text("families", "nl")),
    diseases=(ours("disease-hereditary-breast-carcinoma"),),
    individuals=Count(value=1230),
    records=Count(value=1300),
    min_age=18,
    temporal=(Period(start="2017-01-01", end="2025-12-31"),),
    assay_groups=(
        AssayGroup(
            assay=ours("assay-wgs"),
            individuals=Count(value=1230),
            reference_genome=ours("genome-grch38"),
            coverage=30.0,
            tissue=ours("tissue-germline"),
            data_levels=(ours("level-aligned"), ours("level-variants")),
        ),
        AssayGroup(assay=ours("assay-rna-seq"), individuals=Count(below=10)),
    ),
    consent=(
        ConsentStratum(
            label=text("Broad consent, from 2020"),
            conditions=(
                Condition(term=term("0000006")),
                Condition(term=term("0000045")),
                Condition(term=term("0000022"), parameters=("NLD",)),
            ),
            individuals=Count(value=980),
            model=ours("model-broad"),
            period=Period(start="2020"),
        ),
        ConsentStratum(label=text("The rest")),
    ),
    linkages=(
        Linkage(
            target=ours("target-cancer-registry"),
            status=ours("linkage-linked"),
            method=ours("method-ttp-pseudonym"),
            completeness=92.5,
            checked=date(2026, 3, 1),
        ),
    ),
    access_routes=(ours("route-committee"),),
    accessibility=ours("access-controlled"),
    weeks_to_access=8,
    landing_page=Iri("https://ijsselstroom.example/hbc"),
    distributions=(
        Distribution(
            iri=Iri(f"{BASE}/distribution/richdist"),
            title=text("Aligned reads"),
            access_url=Iri("https://ijsselstroom.example/request"),
            byte_size=92_000_000_000_000,
        ),
    ),
)
SMALL = a_dataset(
    "small",
    title=text("Cardiomyopathy exomes", "Exomen cardiomyopathie"),
    description=text("Exomes of a few families.", "Exomen van enkele families."),
    diseases=(ours("disease-dilated-cardiomyopathy"),),
    individuals=Count(below=10),
    assays=(ours("assay-wes"),),
    consent=(ConsentStratum(conditions=(Condition(term=term("0000042")),)),),
    temporal=(Period(start="2021", end="2021"),),
    accessibility=ours("access-no-route"),
)
BARE = a_dataset("bare", title=text("", "Alleen een titel"))
HOSTILE = a_dataset(
    "hostile",
    title=LangText((Text(ATTACK, "de"),)),
    description=text(f"[x](javascript:alert(1)) {ATTACK} </script><script>alert(1)</script>"),
    landing_page=Iri("javascript:alert(1)"),
    identifiers=("data:text/html;base64,PHNjcmlwdD4=",),
    contacts=(Contact(email="a@b.example?bcc=x@y.example"),),
    diseases=("C50.4",),
    individuals=Count(value=120),
    assays=(ours("assay-wes"),),
)
CANCER = a_dataset(
    "cancer",
    title=text("Solid tumours, pan-cancer exomes"),
    description=text("Coded only as cancer."),
    diseases=(ours("disease-breast-cancer"),),
    assays=(ours("assay-wes"), ours("assay-panel")),
    individuals=Count(value=4120),
)
CYSTIC = a_dataset(
    "cystic",
    title=text("CF gene panel", "Genpanel taaislijmziekte"),
    diseases=(ours("disease-cystic-fibrosis"),),
    assays=(ours("assay-panel"),),
    individuals=Count(value=350),
    consent=(
        ConsentStratum(conditions=(Condition(term=term("0000007"), parameters=("ORPHA:586",)),)),
    ),
)
CATALOG = Catalog(
    iri=Iri(f"{BASE}/catalog/noord"),
    title=text("Catalogue of Noordzee", "Catalogus van Noordzee"),
    publisher=Agent(name=text("Noordzee UMC")),
    datasets=(Iri(f"{BASE}/dataset/small"), Iri(f"{BASE}/dataset/draft")),
)
FINDING = {
    "focus": f"{BASE}/dataset/small",
    "path": "http://purl.org/dc/terms/license",
    "value": ATTACK,
    "severity": "Violation",
    "messages": {"en": "State a licence.", "nl": "Vermeld een licentie."},
    "component": "MinCount",
    "clause": "https://example.org/rule",
}
REPORTS = (
    {"profile": "minimum", "level": "conforms", "conforms": True, "findings": []},
    {
        "profile": "health-ri-core-2",
        "level": "does-not-conform",
        "conforms": False,
        "findings": [FINDING],
    },
)
REPAIRS = (
    {
        "name": "typed-dates",
        "subject": f"{BASE}/dataset/rich",
        "predicate": "http://purl.org/dc/terms/issued",
        "before": '"21-12-2021"',
        "after": '"2021-12-21"^^xsd:date',
        "sentence": {"en": "A date was written as ISO.", "nl": "Een datum is als ISO geschreven."},
    },
)


def record(name: str, kind: str, holder: Holder, **changes: Any) -> Record:
    stated = {
        "id": name,
        "kind": kind,
        "iri": Iri(f"{BASE}/{kind}/{name}"),
        "source": "noordzee" if holder is NOORDZEE else "ijsselstroom",
        "source_iri": Iri(f"https://fdp.example/{kind}/{name}"),
        "state": State.PUBLISHED,
        "version": 1,
        "first_seen": datetime(2026, 1, 14, 3, 12, tzinfo=UTC),
        "last_seen": NOON,
        "changed": datetime(2026, 11, 18, 3, 12, tzinfo=UTC),
        "holder": holder,
        "catalog": "noord" if holder is NOORDZEE else None,
    }
    return Record(**(stated | changes))


def published(value: Any, holder: Holder, **changes: Any) -> Published:
    kind, name = value.iri.removeprefix(BASE + "/").split("/")
    return Published(
        record=record(name, kind, holder, **changes),
        value=value,
        graph=write(value),
        repairs=REPAIRS if name == "rich" else (),
        reports=REPORTS,
    )


WITHDRAWN = record("old", "dataset", NOORDZEE, state=State.GONE, reason="The data were destroyed.")
DATASETS = (
    published(RICH, IJSSEL),
    published(SMALL, NOORDZEE),
    published(BARE, NOORDZEE),
    published(HOSTILE, NOORDZEE),
    published(CANCER, IJSSEL),
    published(CYSTIC, NOORDZEE),
)
RUN = RunSummary(
    id=7,
    source="noordzee",
    started=NOON,
    ended=NOON,
    state=RunState.PARTIAL,
    message="1 of 4 addresses gave no description.",
    counts={Outcome.NEW: 1, Outcome.HELD: 1, Outcome.FAILED: 1, Outcome.UNCHANGED: 2},
)
OUTCOMES = [
    RecordOutcome(
        url="https://fdp.example/1", outcome=Outcome.UNCHANGED, title="A", record="small"
    ),
    RecordOutcome(url="https://fdp.example/2", outcome=Outcome.UNCHANGED, title="B", record="bare"),
    RecordOutcome(url="https://fdp.example/3", outcome=Outcome.NEW, title="New", record="cystic"),
    RecordOutcome(url="https://fdp.example/c", outcome=Outcome.NEW, title="List", record="noord"),
    RecordOutcome(
        url="https://fdp.example/4",
        outcome=Outcome.HELD,
        title="",
        source_iri="https://fdp.example/dataset/4",
        details={
            "message": {"en": "It has no title.", "nl": "Er is geen titel."},
            "findings": [FINDING],
            "repairs": list(REPAIRS),
        },
    ),
    RecordOutcome(
        url="javascript:alert(1)",
        outcome=Outcome.FAILED,
        title=ATTACK,
        details={"message": {"en": "Syntax error", "nl": "Syntaxfout"}, "line": 12},
    ),
]


def a_run(number: int, **changes: Any) -> RunSummary:
    """The runs of Waalkade: daily, the ninth failed, three records were lost at the end."""
    started = NOON - timedelta(days=20 - number)
    lost = 3 if number > 18 else 0
    stated: dict[str, Any] = {
        "id": 100 + number,
        "source": "waalkade",
        "started": started,
        "ended": started + timedelta(seconds=30 + 4 * number),
        "state": RunState.COMPLETE,
        "counts": {Outcome.UNCHANGED: 8 - lost, Outcome.CHANGED: number % 3},
        "figures": {"requests": 12, "not_modified": 9, "bytes": 40_000},
        "cause": "schedule",
    }
    if number == 9:
        stated |= {
            "state": RunState.FAILED,
            "message": "https://fdp.waalkade.example/: timed out after 60 s",
            "counts": {},
        }
    return RunSummary(**(stated | changes))


WAALKADE_RUNS = [a_run(number) for number in range(20, 0, -1)]
BRAKE = Brake(
    run=120,
    at=NOON,
    records=("small", "bare", "cystic", "neverpublic"),
    live=8,
    message={"en": "brake: 4 of 8 records are missing", "nl": "noodrem: 4 van 8 ontbreken"},
)


def status(slug: str, title: str, run: RunSummary | None, **changes: Any) -> SourceStatus:
    return SourceStatus(
        **changes,
        slug=slug,
        title=title,
        protocol="fdp",
        url=f"https://fdp.{slug}.example/",
        enabled=True,
        datasets=4,
        held=1,
        last_run=run,
        last_complete=None,
    )


class FakeRegister(FakeChanges):
    def __init__(self) -> None:
        everything = (*DATASETS, published(CATALOG, NOORDZEE))
        self._records = {(each.record.kind, each.record.id): each for each in everything}
        self._sources = {
            "noordzee": status("noordzee", "Noordzee UMC", RUN),
            "merwestad": status("merwestad", "Merwestad Hospital", None),
            "waalkade": status(
                "waalkade",
                "Waalkade Clinic",
                WAALKADE_RUNS[0],
                schedule="6h",
                next_run=NOON + timedelta(hours=6),
                contact="secret.steward@waalkade.example",
                brake=BRAKE,
            ),
            "stranger": status("stranger", ATTACK, None, pending=True, verified=False),
        }

    def get(self, kind: str, identifier: str) -> Published:
        if identifier == "old":
            error = Gone("withdrawn on 2026-11-12")
            error.record = WITHDRAWN
            raise error
        if (kind, identifier) not in self._records:
            raise NotFound(f"there is no {kind} called {identifier[:64]!r}")
        return self._records[kind, identifier]

    def dataset_of_distribution(self, identifier: str) -> Published:
        if identifier != "richdist":
            raise NotFound("there is no such distribution")
        return self.get("dataset", "rich")

    def datasets(self, identifiers: Any) -> list[Published]:
        keys = (("dataset", each) for each in identifiers)
        return [self._records[key] for key in keys if key in self._records]

    def published(self, kind: str) -> list[Published]:
        return [each for (of, _), each in self._records.items() if of == kind]

    def catalogs(self) -> list[Published]:
        return [self._records["catalog", "noord"]]

    def datasets_of_catalog(self, identifier: str) -> list[str]:
        return [each.record.id for each in DATASETS if each.record.catalog == identifier]

    def members_of_catalog(self, catalog: str, kind: str) -> list[str]:
        return self.datasets_of_catalog(catalog) if kind == "dataset" else []

    def catalogs_holding(self, identifiers: list[str]) -> list[str]:
        found = [each.record for each in DATASETS if each.record.id in identifiers]
        return [each.catalog for each in found if each.catalog]

    def history(self, identifier: str) -> list[VersionSummary]:
        return [VersionSummary(number=1, created=NOON, action="published")]

    def standing(self, kind: str, identifier: str) -> Record:
        return self.get(kind, identifier).record

    def standings(self, kind: str) -> list[Record]:
        return [each.record for (k, _), each in sorted(self._records.items()) if k == kind]

    def standing_of_distribution(self, identifier: str) -> Record:
        return self.dataset_of_distribution(identifier).record

    def origin(self, identifier: str) -> Origin:
        received = ReceivedFrom(url="https://fdp.example/1", media_type="text/turtle", fetched=NOON)
        return Origin(created=NOON, documents=(received,), run=RUN)

    def public_versions(self, identifier: str) -> list[PublicVersion]:
        return [PublicVersion(since=NOON, until=None, shown=True)]

    def public_version(self, identifier: str, since: datetime) -> Graph:
        (kind,) = [each for each, name in self._records if name == identifier]
        return self.get(kind, identifier).graph

    def reports(self, identifier: str) -> list[Any]:
        earlier = ({**REPORTS[1], "findings": [FINDING, {**FINDING, "path": DCT + "publisher"}]},)
        versions = [(2, NOON, REPORTS), (1, datetime(2025, 1, 14, 3, 12, tzinfo=UTC), earlier)]
        return versions if identifier == "small" else versions[:1]

    def holders(self) -> list[tuple[Holder, int]]:
        held = [each.record.holder.slug for each in DATASETS]
        return [(holder, held.count(slug)) for slug, holder in HOLDERS.items()]

    def holder(self, slug: str) -> Holder:
        if slug not in HOLDERS:
            raise NotFound(f"there is no organisation called {slug!r}")
        return HOLDERS[slug]

    def sources(self) -> list[SourceStatus]:
        return list(self._sources.values())

    def source_titles(self) -> dict[str, str]:
        return {slug: each.title for slug, each in self._sources.items()}

    def source(self, slug: str) -> SourceStatus:
        if slug not in self._sources:
            raise NotFound(f"there is no source called {slug!r}")
        return self._sources[slug]

    def runs(self, source: str, limit: int = 20, *, before: int | None = None) -> list[RunSummary]:
        known = {"noordzee": [RUN], "waalkade": WAALKADE_RUNS}.get(source, [])
        return [each for each in known if before is None or each.id < before][:limit]

    def run(self, identifier: int) -> RunSummary:
        for each in (RUN, *WAALKADE_RUNS):
            if each.id == identifier:
                return each
        raise NotFound(f"there is no run {identifier}")

    def outcomes(self, run: int) -> list[RecordOutcome]:
        return OUTCOMES

    def outcome_page(
        self, run: int, *, only: Any = (), after: int = 0, limit: int = 100
    ) -> list[tuple[int, RecordOutcome]]:
        numbered = list(enumerate(OUTCOMES if run == RUN.id else [], start=1))
        wanted = [pair for pair in numbered if not only or pair[1].outcome in only]
        return [pair for pair in wanted if pair[0] > after][:limit]

    def kinds(self, identifiers: Any) -> dict[str, str]:
        return {name: kind for kind, name in self._records if name in identifiers}

    def public_among(self, identifiers: Any) -> set[str]:
        return {name for _, name in self._records if name in identifiers}

    def maybe_same(self, identifier: str) -> list[Record]:
        return [record("cystic", "dataset", NOORDZEE)] if identifier == "rich" else []

    def recent_changes(self, limit: int = 10) -> list[Change]:
        first = DATASETS[0]
        gone = Change(at=NOON, record=WITHDRAWN, action="withdrawn", title=text("Old panel"))
        added = Change(at=NOON, record=first.record, action="added", title=RICH.title)
        return [added, gone]

    def totals(self) -> dict[str, int]:
        return {"datasets": len(DATASETS), "sources": 2, "held": 1, "holders": 2}

    def public_names(self) -> list[tuple[str, str, datetime]]:
        return sorted(
            (kind, name, each.record.changed) for (kind, name), each in self._records.items()
        )

    def position(self) -> int:
        return 41

    def pulse(self) -> str:
        return ""

    def last_change(self) -> datetime:
        return max(each.record.changed for each in self._records.values())

    def last_change_in(self, catalog: str) -> datetime:
        return self.last_change()

    def changes_since(self, position: int, limit: int = 1000) -> list[Any]:
        return []


class FakeStore:
    """Answers one row; says what it was asked; fails as it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.fails: Exception | None = None
        self.breaks: Exception | None = None
        self.content = ""

    def query(self, query: str, **options: Any) -> Answer:
        self.asked.append((query, options))
        if self.fails:
            raise self.fails
        if not any(form in query for form in ("SELECT", "CONSTRUCT")):
            raise QuerySyntax("the query does not parse")
        csv = "text/csv" in str(options["accept"])
        return Answer(
            media_type="text/csv" if csv else "application/sparql-results+json",
            kind="select",
            chunks=self._chunks(),
            repeatable=bool(self.content),
        )

    def _chunks(self) -> Any:
        yield b"first,"
        if self.breaks:
            raise self.breaks
        yield b"second"

    def state(self) -> str:
        return self.content

    def health(self) -> dict[str, Any]:
        down = isinstance(self.fails, StoreUnavailable)
        return {"ok": not down, "kind": "fake"}


@cache
def vocabulary() -> Any:
    return load(path.read_bytes() for path in sorted(ONTOLOGIES.glob("*.ttl")))


@cache
def documents() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(ONTOLOGIES.glob("*.ttl")))


def services(**stated: Any) -> Services:
    index = Index(vocabulary(), policy=stated.get("policy", Policy()))
    index.replace(
        document(p.record.id, p.value, p.record.holder.slug, p.record.holder.name, vocabulary())
        for p in DATASETS
    )
    return Services(
        FakeRegister(),
        index,
        FakeStore(),
        vocabulary(),
        documents(),
        **({"checker": Checker(lambda: tools(SHAPES)), "desk": reception().desk} | stated),
    )


def settings(**stated: Any) -> Settings:
    return Settings(**({"base_url": BASE} | stated))


def application(parts: Services | None = None) -> Any:
    return create_app(parts or services(), settings())


if __name__ == "__main__":
    import sys

    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", int(sys.argv[1]), application(), threaded=True)
    server.serve_forever()
