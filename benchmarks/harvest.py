"""Harvesting a FAIR Data Point: the first run, the second, and a straightforward traversal.

The server is a process of its own on this machine: catalogs of a hundred datasets, each with
a distribution at an address of its own, everything with an ETag, and a delay before each
answer as a network has it. The straightforward traversal reads the tree twice, once to list
the records and once to fetch them, one request after the other, never conditionally, and
parses with rdflib. It stores nothing and validates nothing; ours does both. It is timed over
fewer datasets, because it would take minutes; requests per dataset hardly depend on that.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import rdflib
import requests
import sqlalchemy as sa
from machine import describe
from rdflib.namespace import DCAT

from catalogue.cli.parts import Workshop, workshop
from catalogue.ingest.source import Source
from catalogue.register import tables as t
from catalogue.register.records import RunState
from catalogue.settings import Settings

CATALOG = 100
"""Datasets in one catalog."""
LDP = rdflib.Namespace("http://www.w3.org/ns/ldp#")
MAY_CHANGE = {"last_seen", "last_run", "missing"}
"""Columns of `records` that say that a run came by, not that anything is new."""
LASTING = (t.records, t.versions, t.changes, t.visits, t.documents, t.distributions)

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> . @prefix ldp: <http://www.w3.org/ns/ldp#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> .
"""


# The source


def pages(size: int) -> dict[str, bytes]:
    """Everything that a FAIR Data Point of so many datasets serves, by path."""
    catalogs = range((size + CATALOG - 1) // CATALOG)
    found = {
        "/": container("/", "fdp:FAIRDataPoint", [f"/catalog/{number}" for number in catalogs])
    }
    for number in catalogs:
        members = range(number * CATALOG, min(size, (number + 1) * CATALOG))
        paths = [f"/dataset/{each}" for each in members]
        found[f"/catalog/{number}"] = container(f"/catalog/{number}", "dcat:Catalog", paths)
    for number in range(size):
        found[f"/dataset/{number}"] = dataset(number)
        found[f"/distribution/{number}"] = distribution(number)
    return {path: (PREFIXES + turtle).encode() for path, turtle in found.items()}


def container(path: str, kind: str, members: list[str]) -> str:
    """A record that leads to others."""
    listed = ", ".join(f"<{member}>" for member in members)
    return f"""<{path}> a {kind} ; dct:title "Of {path}"@en ; dct:description "A list."@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "UMC Example"@en ] .
<{path}/in/> a ldp:DirectContainer ; ldp:membershipResource <{path}> ; ldp:contains {listed} .
"""


def dataset(number: int) -> str:
    """One dataset, about thirty triples."""
    return f"""</dataset/{number}> a dcat:Dataset ; dct:title "Exomes of cohort {number}"@en ;
  dct:description "Whole exome sequencing of cohort {number}, synthetic."@en ;
  dct:identifier "cohort-{number}" ; dcat:keyword "exome"@en, "cohort {number}"@en ;
  dct:accessRights <http://publications.europa.eu/resource/authority/access-right/RESTRICTED> ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/HEAL> ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Desk" ; vcard:hasEmail <mailto:desk@umc.example> ] ;
  dct:publisher [ a foaf:Agent ; foaf:name "UMC Example"@en ; foaf:mbox <mailto:a@umc.example> ] ;
  hdc:numberOfUniqueIndividuals "{40 + number % 4000}"^^xsd:nonNegativeInteger ;
  dct:issued "2020-03-01T00:00:00Z"^^xsd:dateTime ; dct:isPartOf </catalog/{number // CATALOG}> ;
  dcat:distribution </distribution/{number}> .
"""


def distribution(number: int) -> str:
    """Its files."""
    return f"""</distribution/{number}> a dcat:Distribution ; dct:title "Files"@en ;
  dcat:accessURL <https://umc.example/ask> ; dct:isPartOf </dataset/{number}> ;
  dct:license <http://creativecommons.org/licenses/by/4.0/> .
"""


def serve(size: int, delay: float, told: Connection) -> None:
    """Serve until we are stopped; the port is told when we listen."""
    answers = {
        path: (body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
        for path, body in pages(size).items()
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            time.sleep(delay)
            body, etag = answers.get(self.path, (b"", ""))
            status = 200 if body else 404
            if etag and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("ETag", etag)
            if status != 304:
                self.send_header("Content-Type", "text/turtle")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.send(server.server_address[1])
        server.serve_forever()


@contextmanager
def served(size: int, delay: float) -> Iterator[str]:
    """The address of a FAIR Data Point in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(size, delay, there))
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


# The straightforward way


@dataclass
class Traversal:
    """Reads the tree, then every dataset of it again; counts its requests."""

    requests: int = 0

    def read(self, url: str) -> rdflib.Graph:
        """One record."""
        self.requests += 1
        answer = requests.get(url, headers={"Accept": "text/turtle"}, timeout=100)
        answer.raise_for_status()
        return rdflib.Graph().parse(data=answer.text, format="turtle", publicID=url)

    def record(self, url: str) -> rdflib.Graph:
        """A dataset with its distributions."""
        graph = self.read(url)
        for node in list(graph.objects(None, DCAT.distribution)):
            graph += self.read(str(node))
        return graph

    def gather(self, root: str) -> list[str]:
        """The addresses of all datasets; the tree is read to find them."""
        found = []
        for catalog in self.read(root + "/").objects(None, LDP.contains):
            for member in self.read(str(catalog)).objects(None, LDP.contains):
                self.record(str(member))
                found.append(str(member))
        return found

    def run(self, root: str) -> int:
        """Gather, then fetch each; how many there were."""
        return len([self.record(url) for url in self.gather(root)])


# Ours


@dataclass(frozen=True)
class Measured:
    """One run."""

    name: str
    datasets: int
    seconds: float
    requests: int
    not_modified: int = 0

    def line(self, baseline: Measured) -> str:
        """As it is printed."""
        each, rate = self.requests / self.datasets, self.datasets / self.seconds
        faster = rate * baseline.seconds / baseline.datasets
        fewer = baseline.requests / baseline.datasets / each
        share = 100 * self.not_modified / self.requests
        return (
            f"{self.name:32} {each:6.2f} {rate:10.1f} {share:6.0f} % {fewer:8.1f} x {faster:8.1f} x"
        )


def naive(root: str, size: int) -> Measured:
    """The straightforward way, timed."""
    traversal, started = Traversal(), time.perf_counter()
    count = traversal.run(root)
    if count != size:
        sys.exit(f"the straightforward traversal found {count} of {size}")
    return Measured(
        "straightforward, two passes", size, time.perf_counter() - started, traversal.requests
    )


def ours(name: str, shop: Workshop, source: Source, size: int) -> Measured:
    """One run of our own, timed, with everything that belongs to it."""
    started = time.perf_counter()
    state = shop.harvest(source)
    seconds = time.perf_counter() - started
    published = len([1 for row in rows(shop, t.records) if row["kind"] == "dataset"])
    if state is not RunState.COMPLETE or published != size:
        sys.exit(f"{name}: {state}, {published} of {size}")
    figures = last_figures(shop)
    return Measured(name, size, seconds, figures["requests"], figures["not_modified"])


def last_figures(shop: Workshop) -> Mapping[str, int]:
    """What the session of the last run counted."""
    query = sa.select(t.runs.c.figures).order_by(t.runs.c.id.desc()).limit(1)
    with shop.register.engine.connect() as connection:
        return dict(connection.execute(query).scalar_one())


def rows(shop: Workshop, table: sa.Table) -> list[dict[str, Any]]:
    """Everything in a table that says what is known, not that somebody looked."""
    columns = [column for column in table.c if column.name not in MAY_CHANGE]
    with shop.register.engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(*columns)).mappings()]


def everything(shop: Workshop) -> dict[str, set[str]]:
    """The rows of all lasting tables, as digests."""
    return {
        table.name: {hashlib.sha256(repr(row).encode()).hexdigest() for row in rows(shop, table)}
        for table in LASTING
    }


def both_runs(root: str, size: int) -> tuple[Measured, Measured, int]:
    """Our first run, our second, and how many rows the second wrote."""
    source = Source(slug="bench", title="Bench", protocol="fdp", url=root + "/")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), allowed_hosts=("127.0.0.1",))
        with workshop(settings) as shop:
            shop.writer.save_source(source)
            first = ours("ours, first run", shop, source, size)
            before = everything(shop)
            second = ours("ours, second run (unchanged)", shop, source, size)
            after = everything(shop)
    return first, second, sum(len(after[name] ^ before[name]) for name in after)


def main() -> None:
    """Print the comparison."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=1000)
    options.add_argument("--naive", type=int, default=100, help="datasets for the traversal")
    options.add_argument("--delay", type=float, default=5.0, help="milliseconds before an answer")
    chosen = options.parse_args()
    print(describe())
    with served(chosen.naive, chosen.delay / 1000) as root:
        baseline = naive(root, chosen.naive)
    with served(chosen.size, chosen.delay / 1000) as root:
        first, second, written = both_runs(root, chosen.size)
    print(f"{chosen.size} datasets (traversal: {chosen.naive}), {chosen.delay:g} ms per answer")
    print(f"{'':32} {'req/ds':>6} {'ds/s':>10} {'304':>8} {'fewer':>10} {'faster':>10}")
    for measured in (baseline, first, second):
        print(measured.line(baseline))
    print(f"rows written by the second run: {written} (target: 0)")
    if written:
        sys.exit("an unchanged source was written")


if __name__ == "__main__":
    main()
