"""Pages and descriptions per second through the whole stack, whole and not modified.

    python benchmarks/pages.py [--seconds 2] [--url http://127.0.0.1:8000]

Without --url it serves the demonstration. The client is one Python process with a kept
connection per thread and shares the machine; `/robots.txt` shows what client, web server and
framework cost when there is nothing to do, so compare with that row and not between two runs.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("", "tests")]

import requests  # noqa: E402 - the path above makes the others importable
from machine import describe  # noqa: E402
from served import serving  # noqa: E402

CLIENTS = 4
ROUNDS = 3
TURTLE, HTML = "text/turtle", "text/html"


@dataclass(frozen=True)
class Way:
    """What is asked of each path, and whether the client has it already."""

    name: str
    paths: Sequence[str]
    accept: str
    conditional: bool = False


@dataclass
class Sample:
    """Times in milliseconds and statuses of one round."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def ways(paths: Sequence[str]) -> tuple[Way, ...]:
    """The rows of the table."""
    return (
        Way("/robots.txt", ("/robots.txt",), "*/*"),
        Way("record as page", [f"/en{path}" for path in paths], HTML),
        Way("record as Turtle", paths, TURTLE),
        Way("record, not modified", paths, TURTLE, conditional=True),
        Way("search page", ("/en/datasets?assay=wes", "/en/datasets?q=cancer"), HTML),
        Way("catalogue root", ("/",), TURTLE),
        Way("root, not modified", ("/",), TURTLE, conditional=True),
    )


def measure(base: str, way: Way, seconds: float) -> tuple[float, Sample]:
    """Answers per second, and the sample, of one round."""
    tags = _tags(base, way) if way.conditional else {}
    sample, begin = Sample(), time.monotonic()
    threads = [
        threading.Thread(target=_keep_asking, args=(base, way, tags, begin + seconds, sample))
        for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(sample.times) / (time.monotonic() - begin), sample


def _tags(base: str, way: Way) -> dict[str, str]:
    return {
        path: requests.get(base + path, headers={"Accept": way.accept}, timeout=60).headers["ETag"]
        for path in way.paths
    }


def _keep_asking(base: str, way: Way, tags: dict[str, str], until: float, sample: Sample) -> None:
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    for path in itertools.cycle(way.paths):
        started = time.monotonic()
        if started >= until:
            break
        headers = {"Accept": way.accept} | ({"If-None-Match": tags[path]} if tags else {})
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        sample.statuses[response.status] += 1
        sample.times.append((time.monotonic() - started) * 1000)
    connection.close()


def compare(base: str, paths: Sequence[str], seconds: float) -> None:
    """Print the median of the rounds of every way."""
    print(f"\n{CLIENTS} clients, median of {ROUNDS} rounds of {seconds:g} s, {len(paths)} records")
    print(f"{'':24}{'per s':>8}{'p50 ms':>9}{'p95 ms':>9}{'x nothing':>11}  statuses")
    nothing = 0.0
    for way in ways(paths):
        rounds = sorted((measure(base, way, seconds) for _ in range(ROUNDS)), key=lambda r: r[0])
        rate = statistics.median(rate for rate, _ in rounds)
        sample = rounds[len(rounds) // 2][1]
        nothing = nothing or rate
        ordered = sorted(sample.times)
        half, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        print(f"{way.name:24}{rate:8.0f}{half:9.2f}{most:9.2f}{rate / nothing:11.2f}  "
              f"{dict(sample.statuses)}")  # fmt: skip


def records(base: str) -> list[str]:
    """Paths of up to a hundred datasets."""
    query = "SELECT ?d { ?d a <http://www.w3.org/ns/dcat#Dataset> } ORDER BY ?d"
    asked = {"query": query, "format": "csv"}
    found = requests.get(f"{base}/sparql", asked, timeout=60).text.split()
    return [iri.removeprefix(base) for iri in found if iri.startswith(f"{base}/dataset/")][:100]


@contextmanager
def site(url: str) -> Iterator[str]:
    """The catalogue that was named, or the demonstration."""
    if url:
        yield url.rstrip("/")
        return
    with serving("demo") as served:
        yield served.base


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of one measurement")
    parser.add_argument("--url", default="", help="a running catalogue")
    options = parser.parse_args()
    print(describe())
    with site(options.url) as base:
        compare(base, records(base), options.seconds)


if __name__ == "__main__":
    main()
