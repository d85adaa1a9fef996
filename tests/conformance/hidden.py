"""A catalogue with everything that must stay hidden in it, and what to look for.

Every hidden thing carries words of its own, so that finding one of them in an answer tells what
leaked. A dataset that is public has exact counts of 3 and 7, which no answer may tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from harvested import BASE, Bench, doc

from catalogue.accounts.permissions import Role
from catalogue.cli.parts import SHAPES, services
from catalogue.ingest.projection import LiveIndex
from catalogue.ingest.source import Gone
from catalogue.rdf.parse import Parser
from catalogue.register.records import Published
from catalogue.search.index import Index
from catalogue.settings import Settings
from catalogue.store.base import Answer, HeldBack
from catalogue.validation.validate import Validator
from catalogue.web import create_app
from catalogue.web.services import Services

BSN = "111222333"
GC = "https://w3id.org/genoomcatalogus/ns#"
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
  hdc:numberOfRecords 7 ; <{GC}assayGroup> [ a <{GC}AssayGroup> ;
    <{GC}assay> <{GC}assay-wes> ; <{GC}individuals> 3 ; <{GC}records> 7 ] .
"""
WAS = f"""
<https://umc.example/gone> a dcat:Dataset ; dct:title "Gone wombat"@en ; {HOLDER} ;
  dct:description "It was about potoroos."@en ; hdc:numberOfUniqueIndividuals 4321 .
"""
HELD = """
<https://umc.example/held-quokka> a dcat:Dataset ; dct:description "A held bilby."@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "Held Kowari Institute"@en ] .
<https://umc.example/bsn-numbat> a dcat:Dataset ; dct:title "Person dunnart"@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "UMC Voorbeeld"@nl ] ;
  dct:description "BSN 111222333 of a patient."@en .
"""
WORSE = """
<https://umc.example/open> a dcat:Dataset ; dct:description "Held again: chuditch."@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "Held Quoll Institute"@en ] .
"""
BETTER = OPEN.replace('"Openset"@en', '"Openset"@en ; dct:description "Second form."@en')
DRAFT = """
<> a dcat:Dataset ; dct:title "Draft antechinus"@en ; dct:isPartOf <{catalog}> ;
  dct:publisher [ a foaf:Agent ; foaf:name "Draft Phascogale Institute"@en ] .
"""
DRAFT_CATALOG = """
<> a dcat:Catalog ; dct:title "Draft bettong"@en ; dct:isPartOf <{base}> ;
  dct:publisher [ a foaf:Agent ; foaf:name "Draft Phascogale Institute"@en ] .
"""
WORDS = (
    "quokka", "bilby", "kowari", "numbat", "dunnart", BSN, "chuditch", "quoll",
    "antechinus", "phascogale", "bettong", "wombat", "potoroo", "4321", "000000000003",
)  # fmt: skip
"""What only hidden things say."""
_COUNTED = (
    r"(?:individuals|numberof\w*|records|people|persons|personen|participants|size|population)"
)
FEW_COUNTS = (
    re.compile(rf"{_COUNTED}\"?\W{{1,24}}[37]\b(?![-\d.,/:])", re.IGNORECASE),
    re.compile(r"(?<![-\d.,/:])\b[37]\W{1,8}(?:individuals|people|persons|personen|mensen|famil)"),
)
"""An exact 3 or 7 beside a word for what was counted."""


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
    public: Mapping[str, str]  # kind → identifier
    hidden: tuple[str, ...]
    withdrawn: str
    distribution: str
    moment: str
    runs: tuple[int, ...]
    token: str  # of the steward who wrote the drafts
    draft: str


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Harvest, change, hold, withdraw and draft; then open the site."""
    with Parser() as parser, Validator(SHAPES) as validator:
        bench = Bench(folder, parser, validator)
        bench.run(doc(OPEN), doc(FEW), doc(WAS), doc(HELD))
        bench.run(doc(BETTER), doc(FEW), doc(HELD), Gone(subject="https://umc.example/gone"))
        bench.run(doc(WORSE), doc(FEW), doc(HELD))
        made = _opened(bench, folder)
        yield made
        for part in (
            made.parts.submissions,
            made.parts.checker,
            made.parts.register,
            bench.register,
        ):
            part.close()  # type: ignore[union-attr]


def _opened(bench: Bench, folder: Path) -> Scene:
    settings = Settings(
        data=folder, base_url=BASE, database_url=f"sqlite:///{folder}/r.sqlite", pings=True
    )
    made = services(settings)
    token = made.desk.issue("umc", Role.STEWARD, "Anna", days=1, actor="operator").text  # type: ignore[union-attr]
    drafts = _draft(create_app(made, settings), token)
    index = LiveIndex(made.register, made.vocabulary, Index(made.vocabulary))  # type: ignore[arg-type]
    index.catch_up()
    store = LocalStore(made.register.graphs())
    parts = replace(made, search=index, store=store)  # type: ignore[arg-type]
    return _scene(bench, create_app(parts, settings), parts, drafts, token)


def _draft(app: Any, token: str) -> list[str]:
    """A steward writes a catalog and a dataset, and publishes neither; their addresses."""
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    written = [""]
    for path, turtle in (("/catalog", DRAFT_CATALOG), ("/dataset", DRAFT)):
        body = doc(turtle.format(base=BASE, catalog=written[-1])).documents[0].content
        answer = client.post(path, data=body, content_type="text/turtle", headers=headers)
        assert answer.status_code == 201, answer.text
        written.append(answer.headers["Location"].replace("http://localhost", BASE))
    return written[1:]


def _scene(bench: Bench, app: Any, parts: Services, drafts: list[str], token: str) -> Scene:
    titled = {each.value.title.value("en"): each for each in _published(parts)}
    assert set(titled) == {"Openset", "Fewset", "Openlist"}, titled
    with bench.register.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, state FROM records").all()
    known = {each.record.id for each in titled.values()}
    (withdrawn,) = [name for name, state in rows if state == "gone"]
    held = [name for name, _ in rows if name not in {*known, withdrawn}]
    opened = titled["Openset"].record.id
    versions = parts.register.public_versions(opened)
    return Scene(
        app=app,
        parts=parts,
        public={
            "dataset": opened,
            "few": titled["Fewset"].record.id,
            "catalog": titled["Openlist"].record.id,
        },
        hidden=tuple(dict.fromkeys([*held, *(each.rpartition("/")[2] for each in drafts)])),
        withdrawn=withdrawn,
        distribution=titled["Openset"].value.distributions[0].iri.rpartition("/")[2],  # type: ignore[union-attr]
        moment=f"{versions[0].since:%Y%m%d%H%M%S}",
        runs=tuple(each.id for each in parts.register.runs("umc")),
        token=token,
        draft=drafts[1].rpartition("/")[2],
    )


def _published(parts: Services) -> list[Published]:
    kinds = ("dataset", "catalog", "series")
    return [each for kind in kinds for each in parts.register.published(kind)]
