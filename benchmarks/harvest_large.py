"""Whether a source with 100,000 datasets in one paged list fits, and how fast it comes in.

The server is a process of its own that makes each page when it is asked for, with an ETag.
The harvesting process is another, so that its memory is its own; its children parse and
validate. Printed are the rates of a first run and of one in which nothing changed, the most
memory that the harvesting process ever held and that of its children together, and the size
of the database. The harvesting process must stay below 500 MB, whatever the number.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from harvest import PREFIXES, dataset, distribution
from machine import describe

from catalogue.cli.parts import Workshop, workshop
from catalogue.ingest.source import Source
from catalogue.register.records import Outcome, RecordOutcome, RunState
from catalogue.settings import Settings

PAGE = 100
"""Datasets on one page."""
MOST_MEGABYTES = 500
"""What the harvesting process may hold, whatever the size of the source."""
SPAWN = multiprocessing.get_context("spawn")


# The source


def page(number: int, size: int) -> bytes:
    """One page of the list: its datasets, and where the next page is."""
    here, last = f"/datasets?page={number}", (size - 1) // PAGE
    members = range(number * PAGE, min(size, (number + 1) * PAGE))
    following = f"hydra:next </datasets?page={number + 1}> ;" if number < last else ""
    listed = ", ".join(f"</dataset/{each}>" for each in members)
    return f"""{PREFIXES}@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<{here}> a hydra:PartialCollectionView ; {following} hydra:itemsPerPage {PAGE} .
</catalog/0> a dcat:Catalog ; dct:title "Everything"@en ; dct:description "A list."@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "UMC Example"@en ] ; dcat:dataset {listed} .
{"".join(dataset(each) + distribution(each) for each in members)}""".encode()


def serve(size: int, told: Connection) -> None:
    """Serve until we are stopped; the port is told when we listen."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            body = page(int(asked.get("page", ["0"])[0]), size)
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            status = 304 if self.headers.get("If-None-Match") == etag else 200
            self.send_response(status)
            self.send_header("ETag", etag)
            if status != 304:
                self.send_header("Content-Type", "text/turtle")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if status == 304 else body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.send(server.server_address[1])
        server.serve_forever()


@contextmanager
def served(size: int) -> Iterator[str]:
    """The address of the first page."""
    here, there = multiprocessing.Pipe()
    process = SPAWN.Process(target=serve, args=(size, there))
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/datasets?page=0"
    finally:
        process.terminate()
        process.join()


# The harvest


@dataclass(frozen=True)
class Measured:
    """One run: its rate, the most memory of the process and of its children, the database."""

    name: str
    state: RunState
    datasets: int
    seconds: float
    process_megabytes: float
    children_megabytes: float
    database_megabytes: float

    def line(self) -> str:
        """As it is printed."""
        return (
            f"{self.name:24} {self.state:9} {self.datasets:8} {self.seconds:9.1f} "
            f"{self.datasets / self.seconds:8.1f} {self.process_megabytes:10.0f} "
            f"{self.children_megabytes:10.0f} {self.database_megabytes:10.0f}"
        )


def harvest(name: str, url: str, folder: Path, told: Connection) -> None:
    """One run in this process, which does nothing else; what was measured is told."""
    settings = Settings(data=folder, allowed_hosts=("127.0.0.1",), run_seconds=1e9, run_bytes=10**9)
    with workshop(settings) as shop:
        source = Source(slug="large", title="Large", protocol="dcat", url=url)
        shop.writer.save_source(source)
        started = time.perf_counter()
        state = shop.harvest(source, Ticker(started))
        seconds = time.perf_counter() - started
        told.send(measured(name, shop, state, seconds, folder))


@dataclass
class Ticker:
    """Says now and then on the error stream how far the run is."""

    started: float
    every: int = 5_000
    count: int = 0

    def __call__(self, _outcome: RecordOutcome) -> None:
        """Another record."""
        self.count += 1
        if self.count % self.every == 0:
            seconds = time.perf_counter() - self.started
            held = peak_megabytes(os.getpid())
            print(f"  {self.count} in {seconds:.0f} s, {held:.0f} MB", file=sys.stderr, flush=True)


def measured(name: str, shop: Workshop, state: RunState, seconds: float, folder: Path) -> Measured:
    """What there is to say about a run that just ended, while its children still live."""
    (run,) = shop.register.runs("large", 1)
    counts = run.counts
    found = sum(counts.get(each, 0) for each in (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED))
    return Measured(
        name=name,
        state=state,
        datasets=found - 1,  # the catalog is a record as well
        seconds=seconds,
        process_megabytes=peak_megabytes(os.getpid()),
        children_megabytes=sum(peak_megabytes(pid) for pid in family(os.getpid())),
        database_megabytes=sum(each.stat().st_size for each in folder.glob("*.sqlite*")) / 1e6,
    )


def family(parent: int) -> list[int]:
    """The process ids below one, however deep; proc(5)."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            child = int(path.parent.name)
            found += [child, *family(child)]
    return found


def peak_megabytes(pid: int) -> float:
    """The most memory a process ever held: `VmHWM` in kB of /proc/PID/status, proc(5)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(next(found, "0")) * 1024 / 1e6


def apart(name: str, url: str, folder: Path) -> Measured:
    """A run in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = SPAWN.Process(target=harvest, args=(name, url, folder, there))
    process.start()
    there.close()
    try:
        found: Measured = here.recv()
    except EOFError:
        sys.exit(f"{name}: the harvesting process ended without a word")
    process.join()
    return found


def main() -> None:
    """Print the measurements; fail when too much memory was held, or a dataset is missing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--quick", action="store_true", help="5,000 datasets")
    options.add_argument("--data", type=Path, help="keep the catalogue in this folder")
    chosen = options.parse_args()
    size = 5_000 if chosen.quick else chosen.size
    print(describe())
    print(f"{'':24} {'state':9} {'datasets':>8} {'seconds':>9} {'ds/s':>8} ", end="")
    print(f"{'process MB':>10} {'child. MB':>10} {'database':>10}", flush=True)
    with tempfile.TemporaryDirectory() as scratch, served(size) as url:
        folder = chosen.data or Path(scratch)
        for name in ("first run", "second run (unchanged)"):
            found = apart(name, url, folder)
            print(found.line(), flush=True)
            if found.state is not RunState.COMPLETE or found.datasets != size:
                sys.exit(f"{name}: {found.state}, {found.datasets} of {size}")
            if found.process_megabytes > MOST_MEGABYTES:
                sys.exit(f"{name}: more than {MOST_MEGABYTES} MB")


if __name__ == "__main__":
    main()
