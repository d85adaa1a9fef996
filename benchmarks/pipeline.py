"""From bytes to published: our pipeline against a naive loop over the same descriptions.

The naive loop is what a first version would do: rdflib parses each description, pySHACL
validates it against the same three profiles reading their files each time, and the triples
go into an rdflib graph in memory. It is timed over fewer descriptions and scaled, because
it would take minutes; the number it ran is printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyshacl
import rdflib
from machine import describe

from catalogue.cli.parts import SHAPES, vocabulary
from catalogue.ingest.http import Session
from catalogue.ingest.pipeline import Pipeline
from catalogue.ingest.projection import LiveIndex, StoreProjection
from catalogue.ingest.run import Harvester
from catalogue.ingest.source import Document, Received, Source, Web
from catalogue.rdf.parse import Parser
from catalogue.register.register import Register
from catalogue.register.writer import Writer
from catalogue.search.index import Index
from catalogue.search.request import SearchRequest
from catalogue.store import embedded
from catalogue.validation.validate import Validator

PROFILES = ("minimum", "genome-inventory-1", "health-ri-core-2")
BASE = "https://catalogue.example"
SOURCE = Source(slug="bench", title="Bench", protocol="fake", url="https://umc.example/")


def description(number: int) -> str:
    """One rich dataset as Turtle (about 75 triples), different for each number."""
    n = f"https://umc.example/dataset/{number}"
    return f"""@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix gc: <https://w3id.org/genoomcatalogus/ns#> .
@prefix hri: <https://w3id.org/health-ri/metadata-vocabulary#> .
@prefix duo: <http://purl.obolibrary.org/obo/DUO_> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
<{n}> a dcat:Dataset ; dct:title "Exomes of cohort {number}"@en, "Exomen van cohort {number}"@nl ;
  dct:description "Whole exome sequencing of cohort {number}, synthetic."@en ;
  dct:identifier "{n}" ; dct:accessRights <{EU}access-right/RESTRICTED> ;
  dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj> ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Desk" ; vcard:hasEmail <mailto:desk@umc.example> ] ;
  dct:creator <https://umc.example/org> ; dct:publisher <https://umc.example/org> ;
  dcat:keyword "exome"@en, "cohort {number}"@en, "synthetic"@en ; dcat:theme <{EU}data-theme/HEAL> ;
  hri:healthConditionOfInterest <http://www.orpha.net/ORDO/Orphanet_{154 + number % 90}> ;
  hdc:numberOfUniqueIndividuals "{40 + number % 4000}"^^xsd:nonNegativeInteger ;
  hdc:minTypicalAge "18"^^xsd:nonNegativeInteger ; hdc:maxTypicalAge "80"^^xsd:nonNegativeInteger ;
  dct:issued "20{10 + number % 15}-03-01T00:00:00Z"^^xsd:dateTime ;
  dct:modified "2026-01-{1 + number % 27:02}T00:00:00Z"^^xsd:dateTime ;
  dct:language <{EU}language/ENG> ; dct:spatial <{EU}country/NLD> ;
  dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2015-01-01T00:00:00Z"^^xsd:dateTime ;
    dcat:endDate "2024-12-31T00:00:00Z"^^xsd:dateTime ] ;
  gc:assayGroup [ a gc:AssayGroup ; gc:assay gc:assay-wes ; gc:individuals {30 + number % 3000} ;
    gc:referenceGenome gc:genome-grch38 ; gc:tissueOrigin gc:tissue-germline ;
    gc:meanCoverage 80.0 ; gc:dataLevel gc:level-raw, gc:level-variants ] ;
  gc:consentStratum [ a gc:ConsentStratum ; dct:title "Broad consent"@en ;
    gc:individuals {20 + number % 2000} ;
    gc:consentModel gc:model-broad ; gc:condition [ a gc:DataUseCondition ; gc:term duo:0000006 ],
    [ a gc:DataUseCondition ; gc:term duo:0000045 ] ] ;
  gc:linkage [ a gc:Linkage ; gc:targetKind gc:target-ehr ; gc:linkageStatus gc:linkage-possible ] ;
  gc:accessibility gc:access-controlled ; gc:accessRoute gc:route-committee ; gc:weeksToAccess 8 ;
  dcat:distribution <{n}/files> .
<{n}/files> a dcat:Distribution ; dct:title "Files"@en ; dcat:accessURL <https://umc.example/ask> ;
  dcat:byteSize "1000000"^^xsd:nonNegativeInteger ; dct:format <{EU}file-type/ZIP> ;
  dct:license <http://creativecommons.org/licenses/by/4.0/> ;
  dct:rights <https://umc.example/rights> .
<https://umc.example/org> a foaf:Agent ; foaf:name "UMC Example"@en ;
  dct:identifier "https://ror.org/x" ;
  foaf:mbox <mailto:info@umc.example> ; foaf:homepage <https://umc.example/> .
"""


EU = "http://publications.europa.eu/resource/authority/"


def received(number: int) -> Received:
    """One description as it would arrive from a FAIR Data Point."""
    url = f"https://umc.example/dataset/{number}"
    document = Document(
        url=url,
        final_url=url,
        content=description(number).encode(),
        media_type="text/turtle",
        fetched=datetime.now(UTC),
    )
    return Received(url=url, documents=(document,))


def ours(size: int) -> float:
    """Seconds from the first byte to everything published, in store and index."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Parser() as parser,
        Validator(SHAPES) as validator,
        embedded.start(Path(folder)) as engine,
    ):
        register = Register.open(f"sqlite:///{folder}/r.sqlite", BASE)
        writer = Writer(register.engine)
        writer.save_source(SOURCE)
        _warm(validator, parser)
        started = time.perf_counter()
        _harvest(size, Session(parser), validator, writer)
        projection = StoreProjection(register, engine.store())
        while projection.catch_up():
            pass
        index = LiveIndex(register, vocabulary(), Index(vocabulary()))
        found = index.search(SearchRequest()).total
        seconds = time.perf_counter() - started
        register.close()
    if found != size:
        sys.exit(f"published {found} of {size}")
    return seconds


def _warm(validator: Validator, parser: Parser) -> None:
    graph = parser.parse(description(0).encode(), media_type="text/turtle", base="https://x/")
    validator.validate_all([("https://umc.example/dataset/0", graph)] * 4, PROFILES)


def _harvest(size: int, web: Web, validator: Validator, writer: Writer) -> None:
    def harvest(_source: Source, _web: Web) -> Iterator[Received]:
        return (received(number) for number in range(size))

    pipeline = Pipeline(
        source="bench",
        source_title="Bench",
        base=BASE,
        validator=validator,
        profiles={"dataset": PROFILES},
    )
    Harvester(source=SOURCE, harvest=harvest, web=web, pipeline=pipeline, writer=writer).run()


def naive(size: int) -> float:
    """Seconds of the naive loop."""
    everything = rdflib.Graph()
    files = [str(SHAPES / profile / "shapes.ttl") for profile in PROFILES]
    started = time.perf_counter()
    for number in range(size):
        graph = rdflib.Graph().parse(data=description(number), format="turtle")
        for file in files:
            pyshacl.validate(graph, shacl_graph=file, shacl_graph_format="turtle")
        everything += graph
    return time.perf_counter() - started


def main() -> None:
    """Print the comparison."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=1000)
    options.add_argument("--naive", type=int, default=30, help="descriptions for the naive loop")
    chosen = options.parse_args()
    print(describe())
    slow = naive(chosen.naive) / chosen.naive
    fast = ours(chosen.size) / chosen.size
    print(f"naive rdflib + pySHACL loop  {1 / slow:8.1f} datasets/s  (over {chosen.naive})")
    print(f"the pipeline, all of it      {1 / fast:8.1f} datasets/s  (over {chosen.size})")
    print(f"ratio                        {slow / fast:8.1f} x         (target: at least 10)")


if __name__ == "__main__":
    main()
