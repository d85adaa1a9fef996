"""Pages and descriptions per second through the whole stack: first, again, and not modified.

    python benchmarks/pages.py [--seconds 1] [--url http://127.0.0.1:8000]

Without --url it serves the demonstration. "First" is one look at each address after the start,
when nothing has been made yet. "Not seen before" is a client that has the answer, in a question
that nobody asked in these words, so that it is decided by one look at the register; "again" is
the same question once more. The baselines run in the same rounds, on the same web server with as
many workers: one that says hello, and one that renders one description with rdflib each time.
The client is one Python process that shares the machine, so compare rows and not runs; the
processor time is that of the server's processes alone.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / name) for name in ("", "tests")]

import requests  # noqa: E402 - the path above makes the others importable
from machine import describe  # noqa: E402
from served import free_port, serving  # noqa: E402

CLIENTS = 4
ROUNDS = 3
WORKERS = 2
TURTLE, JSON_LD, HTML, JSON = "text/turtle", "application/ld+json", "text/html", "application/json"
TICKS = os.sysconf("SC_CLK_TCK")
NUMBERS = itertools.count()


@dataclass(frozen=True)
class Way:
    """What is asked of each path, whether the client has it already, and of which server.

    With `anew` every question is in words that were not used before; `once` asks each path once.
    """

    name: str
    paths: Sequence[str]
    accept: str
    conditional: bool = False
    anew: bool = False
    once: bool = False
    bare: bool = False


@dataclass
class Sample:
    """One round: times in milliseconds, statuses, elapsed and processor time in seconds."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    elapsed: float = 0.0
    processor: float = 0.0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.times) / self.elapsed

    @property
    def cost(self) -> float:
        """Milliseconds of the server's processors per answer."""
        return self.processor * 1000 / len(self.times)

    def quantile(self, part: float) -> float:
        """A quantile of the times."""
        return sorted(self.times)[min(len(self.times) - 1, int(part * len(self.times)))]


def first_ways(paths: Sequence[str]) -> tuple[Way, ...]:
    """What is measured once, before anything else."""
    return (
        Way("record as page, first", [f"/en{path}" for path in paths], HTML, once=True),
        Way("record as Turtle, first", paths, TURTLE, once=True),
        Way("record as JSON-LD, first", paths, JSON_LD, once=True),
    )


def ways(paths: Sequence[str], catalogs: Sequence[str]) -> Iterator[Way]:
    """The rows of the table."""
    yield Way("bare server: hello", ("/",), "*/*", bare=True)
    yield Way("bare server: rdflib", ("/turtle",), "*/*", bare=True)
    pages = [f"/en{path}" for path in paths]
    for name, some, accept in (
        ("record as page", pages, HTML),
        ("record as Turtle", paths, TURTLE),
        ("record as JSON-LD", paths, JSON_LD),
        ("record as JSON", [f"/api/v1{p}".replace("dataset/", "datasets/") for p in paths], JSON),
        ("catalog as Turtle", catalogs, TURTLE),
        ("root as Turtle", ("/",), TURTLE),
    ):
        yield Way(name, some, accept)
        yield Way(f"{name}, 304", some, accept, conditional=True)
    yield Way("page, 304 not seen before", pages, HTML, conditional=True, anew=True)
    yield Way("Turtle, 304 not seen before", paths, TURTLE, conditional=True, anew=True)
    yield Way("root, 304 not seen before", ("/",), TURTLE, conditional=True, anew=True)
    searches = ("/en/datasets?assay=wes", "/en/datasets?q=cancer")
    yield Way("search page", searches, HTML)
    yield Way("search page, not seen before", searches, HTML, anew=True)
    yield Way("home page", ("/en/",), HTML)
    yield Way("robots.txt", ("/robots.txt",), "*/*")


def measure(base: str, way: Way, seconds: float, processor: Callable[[], float]) -> Sample:
    """One round."""
    tags = _tags(base, way) if way.conditional else {}
    sample, begin, before = Sample(), time.monotonic(), processor()
    until = begin + (3600 if way.once else seconds)
    paths = iter(way.paths) if way.once else itertools.cycle(way.paths)
    threads = [
        threading.Thread(target=_keep_asking, args=(base, way, paths, tags, until, sample))
        for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sample.elapsed = time.monotonic() - begin
    sample.processor = processor() - before
    return sample


def _tags(base: str, way: Way) -> dict[str, str]:
    return {
        path: requests.get(base + path, headers={"Accept": way.accept}, timeout=60).headers["ETag"]
        for path in way.paths
    }


def _keep_asking(  # noqa: PLR0913, PLR0917 - the arguments of one thread
    base: str,
    way: Way,
    paths: Iterator[str],
    tags: Mapping[str, str],
    until: float,
    sample: Sample,
) -> None:
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    while (started := time.monotonic()) < until and (path := next(paths, None)) is not None:
        connection.request("GET", _worded(path, way), headers=_headers(path, way, tags))
        response = connection.getresponse()
        response.read()
        sample.statuses[response.status] += 1
        sample.times.append((time.monotonic() - started) * 1000)
    connection.close()


def _worded(path: str, way: Way) -> str:
    """The path; a search in other words needs another address."""
    return f"{path}&page=1&size={10 + next(NUMBERS) % 40}" if way.anew and "?" in path else path


def _headers(path: str, way: Way, tags: Mapping[str, str]) -> dict[str, str]:
    headers = {"Accept": way.accept}
    if tags:
        headers["If-None-Match"] = tags[path]
    if tags and way.anew:
        headers["If-None-Match"] += f', "{next(NUMBERS)}"'
    return headers


def compare(
    servers: Mapping[bool, str],
    found: Sequence[Way],
    seconds: float,
    rounds: int,
    processor: Mapping[bool, Callable[[], float]],
) -> None:
    """Measure every way in turn, `rounds` times, and print the round in the middle.

    When there are several rounds, one goes before them that does not count, for each worker must
    have been asked.
    """
    samples: dict[str, list[Sample]] = {way.name: [] for way in found}
    for number in range(rounds if rounds == 1 else rounds + 1):
        for way in found:
            some = measure(servers[way.bare], way, seconds, processor[way.bare])
            if number or rounds == 1:
                samples[way.name].append(some)
    hello = statistics.median([each.rate for each in samples.get("bare server: hello", ())] or [0])
    for way in found:
        _row(way.name, sorted(samples[way.name], key=lambda each: each.rate), hello)


def _row(name: str, rounds: Sequence[Sample], hello: float) -> None:
    middle = rounds[len(rounds) // 2]
    times = hello and f"{middle.rate / hello:9.3f}"
    print(
        f"{name:29}{middle.rate:8.0f}{middle.quantile(0.5):9.2f}{middle.quantile(0.95):9.2f}"
        f"{middle.cost:10.2f}{times or '':>9}  {dict(middle.statuses)}",
        flush=True,
    )


def processor_of(root: int) -> Callable[[], float]:
    """The seconds of processor time that a process and those it started have used."""
    return lambda: sum(ticks for _, ticks in _family(root)) / TICKS if root else 0.0


def _family(root: int) -> Iterator[tuple[int, int]]:
    """(process, its ticks) of a process and all below it."""
    known = dict(filter(None, map(_process, Path("/proc").glob("[0-9]*/stat"))))
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if one in known:
            yield one, known[one][1]
            waiting += [each for each, (parent, _) in known.items() if parent == one]


def _process(stat: Path) -> tuple[int, tuple[int, int]] | None:
    """(process, (its parent, its ticks)); `None` when it has just ended."""
    try:
        words = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(stat.parent.name), (int(words[1]), int(words[11]) + int(words[12]))


def records(base: str, kind: str) -> list[str]:
    """Paths of up to a hundred datasets or catalogs."""
    query = f"SELECT ?d {{ ?d a <http://www.w3.org/ns/dcat#{kind}> }} ORDER BY ?d"
    asked = {"query": query, "format": "csv"}
    found = requests.get(f"{base}/sparql", asked, timeout=60).text.split()
    start = f"{base}/{kind.lower()}/"
    return [iri.removeprefix(base) for iri in found if iri.startswith(start)][:100]


@contextmanager
def site(url: str) -> Iterator[tuple[str, int]]:
    """The catalogue that was named, or the demonstration; with its process when it is ours."""
    if url:
        yield url.rstrip("/"), 0
        return
    with serving("demo", CATALOGUE_WORKERS=str(WORKERS)) as served:
        yield served.base, served.process.pid


@contextmanager
def bare(triples: bytes) -> Iterator[tuple[str, int]]:
    """The server to compare with, and its process."""
    with tempfile.TemporaryDirectory(prefix="bare-") as folder:
        path, port = Path(folder) / "description.nt", free_port()
        path.write_bytes(triples)
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
        command += ["--port", str(port), "--workers", str(WORKERS), "--log-level", "error"]
        process = subprocess.Popen(
            [*command, "bare:app"], cwd=HERE, env={**os.environ, "BARE_TRIPLES": str(path)}
        )
        try:
            yield f"http://127.0.0.1:{_ready(port)}", process.pid
        finally:
            process.terminate()
            process.wait()


def _ready(port: int) -> int:
    for _ in range(100):
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
    return port


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="of one measurement")
    parser.add_argument("--url", default="", help="a running catalogue")
    options = parser.parse_args()
    print(describe())
    with site(options.url) as (base, process):
        paths, catalogs = records(base, "Dataset"), records(base, "Catalog")
        print(f"\n{CLIENTS} clients, median of {ROUNDS} rounds of {options.seconds:g} s, "
              f"{len(paths)} records")  # fmt: skip
        print(
            f"{'':29}{'per s':>8}{'p50 ms':>9}{'p95 ms':>9}{'cpu ms':>10}{'x hello':>9}  statuses"
        )
        ours = processor_of(process)
        compare({False: base}, first_ways(paths), options.seconds, 1, {False: ours})
        triples = requests.get(f"{base}{paths[0]}?format=nt", timeout=60).content
        with bare(triples) as (address, other):
            servers, times = {False: base, True: address}, {False: ours, True: processor_of(other)}
            compare(servers, tuple(ways(paths, catalogs)), options.seconds, ROUNDS, times)


if __name__ == "__main__":
    main()
