"""SPARQL through our engine, and how it bears hostile queries, beside a bare oxigraph server.

    python benchmarks/sparql.py [--datasets 2000] [--seconds 3] [--url http://127.0.0.1:8000/sparql]

Same data, same machine, same run, one after the other; compare ratios, not figures of two runs.
The socket row is the Python client of a web worker; the HTTP rows use one kept connection per
client. The whole stack is `catalogue serve` with that data; --url names another endpoint, which
must hold the same for the rates to mean anything. Every query there is a new text, so nothing is
answered from memory; two more rows show what repeated queries cost, sent again and not sent.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import multiprocessing
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("", "tests")]

import hostile  # noqa: E402 - the path above makes them importable
from served import serving  # noqa: E402

from catalogue.errors import StoreError  # noqa: E402
from catalogue.namespaces import Iri  # noqa: E402
from catalogue.store import embedded  # noqa: E402

BASE = "https://catalogue.example"
DCT, DCAT, FOAF = (
    "http://purl.org/dc/terms/",
    "http://www.w3.org/ns/dcat#",
    "http://xmlns.com/foaf/0.1/",
)
ROUNDS = 3
CLIENTS = 4
CROWD, PACE = 20, 5.0
"""Normal clients beside the hostile ones, and how often each asks in a second."""

Ask = Callable[[str], int]
NUMBERS = itertools.count()


@dataclass
class Sample:
    """Times of one client count, in milliseconds."""

    times: list[float] = field(default_factory=list)
    failed: int = 0
    why: str = ""
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.times) / self.elapsed if self.elapsed else 0.0

    def quantile(self, part: float) -> float:
        """A quantile of the times."""
        ordered = sorted(self.times) or [float("nan")]
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def a_dataset(number: int) -> tuple[Iri, bytes]:
    """About 70 triples: a description with a publisher that many share."""
    iri = f"<{BASE}/dataset/{number}>"
    holder = f"<{BASE}/holder/{number % 20}>"
    lines = [f'{iri} <{DCT}extra{k}> "value {k} of {number}" .' for k in range(55)]
    lines += [
        f"{iri} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DCAT}Dataset> .",
        f'{iri} <{DCT}title> "Dataset {number}"@en .',
        f"{iri} <{DCAT}theme> <{BASE}/disease/{number % 200}> .",
        f"{iri} <{DCT}publisher> {holder} .",
    ]
    lines += [f'{holder} <{FOAF}part{k}> "holder {number % 20} part {k}" .' for k in range(10)]
    return Iri(f"{BASE}/graph/{number}"), ("\n".join(lines) + "\n").encode()


def questions(datasets: int) -> dict[str, Callable[[int], str]]:
    """The two small queries, each for the n-th call."""
    return {
        "SELECT by disease": lambda n: (
            f"SELECT ?d ?t WHERE {{ ?d <{DCAT}theme> <{BASE}/disease/{n % 200}> ; "
            f"<{DCT}title> ?t }} LIMIT 10"
        ),
        "CONSTRUCT one dataset": lambda n: (
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}/graph/{n % datasets}> "
            "{ ?s ?p ?o } }"
        ),
    }


CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
HOSTILE = {
    "cross product": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "big ORDER BY": f"SELECT ?a {{ {CROSS} }} ORDER BY ?c ?f ?i",
    "big DISTINCT": f"SELECT DISTINCT ?a ?c ?f ?i {{ {CROSS} }}",
    "path of anything": "SELECT (COUNT(*) AS ?n) { ?s (<x:p>|!<x:p>)* ?o . ?a ?b ?c }",
    "GROUP_CONCAT": f"SELECT (GROUP_CONCAT(CONCAT(STR(?c),STR(?f))) AS ?x) {{ {CROSS} }}",
    "stream": f"SELECT * {{ {CROSS} }}",
    "star of 160": "SELECT * {" + "".join(f" ?s ?p{i} ?o{i} ." for i in range(160)) + "}",
    "sum of 20,000": "SELECT (1" + "+1" * 20_000 + " AS ?x) {}",
}


def measure(
    ask: Callable[[], Ask], query: Callable[[int], str], seconds: float, clients: int
) -> Sample:
    """Ask as fast as the answers come, with so many clients, for so long."""
    sample = Sample()
    begin = time.monotonic()
    threads = [
        threading.Thread(target=_keep_asking, args=(ask(), query, begin + seconds, sample, offset))
        for offset in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sample.elapsed = time.monotonic() - begin
    return sample


def _keep_asking(
    ask: Ask, query: Callable[[int], str], until: float, sample: Sample, offset: int
) -> None:
    number = offset
    while (started := time.monotonic()) < until:
        try:
            ask(query(number))
            sample.times.append((time.monotonic() - started) * 1000)
        except (StoreError, OSError) as error:
            sample.failed += 1
            sample.why = str(error)
        number += CLIENTS


def over_http(url: str) -> Ask:
    """A client with one kept connection; small queries by GET."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)

    def ask(query: str) -> int:
        connection.request("GET", f"{parts.path}?{urlencode({'query': query})}")
        response = connection.getresponse()
        length = len(response.read())
        if response.status != 200:
            raise OSError(f"status {response.status}")
        return length

    return ask


def never_before(ask: Ask) -> Ask:
    """The same questions, each in words that were never used before."""
    return lambda query: ask(f"{query} # {next(NUMBERS)}")


def not_modified(url: str) -> Ask:
    """A client that has every answer already, and asks whether it changed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    tags: dict[str, str] = {}

    def ask(query: str) -> int:
        headers = {"If-None-Match": tags[query]} if query in tags else {}
        connection.request("GET", f"{parts.path}?{urlencode({'query': query})}", headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status != (304 if headers else 200):
            raise OSError(f"status {response.status}")
        tags[query] = response.headers["ETag"]
        return 0

    return ask


def over_socket(store: embedded.EmbeddedStore) -> Ask:
    """The way a web worker asks."""
    return lambda query: len(store.query(query).read())


@contextmanager
def bare_server(graphs: Sequence[tuple[Iri, bytes]], folder: Path) -> Iterator[str]:
    """`oxigraph serve` in memory with the same graphs; yields the address of its endpoint."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    binary = Path(sys.executable).parent / "oxigraph"
    command = [str(binary), "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
    try:
        _fill(port, graphs)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.terminate()
        process.wait()


def _fill(port: int, graphs: Sequence[tuple[Iri, bytes]]) -> None:
    quads = b"".join(_as_quads(iri, content) for iri, content in graphs)
    for _ in range(100):
        if _posted(port, quads):
            return
        time.sleep(0.1)
    raise OSError("the oxigraph server did not start")


def _posted(port: int, quads: bytes) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("POST", "/store", quads, {"Content-Type": "application/n-quads"})
    except ConnectionRefusedError:
        return False
    return connection.getresponse().status < 300


def _as_quads(iri: Iri, content: bytes) -> bytes:
    return content.replace(b" .\n", f" <{iri}> .\n".encode())


def compare(ways: dict[str, Callable[[], Ask]], datasets: int, seconds: float) -> None:
    """Rates of each way for each small query: median of the rounds, and the ratio to bare."""
    print(f"\nSmall queries, {CLIENTS} clients, median of {ROUNDS} rounds of {seconds:g} s")
    print(f"{'':24}{'way':28}{'per s':>8}{'p50 ms':>9}{'p95 ms':>9}{'failed':>8}{'x bare':>8}")
    for name, query in questions(datasets).items():
        rounds: dict[str, list[Sample]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, ask in ways.items():
                rounds[way].append(measure(ask, query, seconds, CLIENTS))
        bare = statistics.median(sample.rate for sample in rounds["bare oxigraph, HTTP"])
        for way, samples in rounds.items():
            _print_row(name, way, samples, bare)


def _print_row(name: str, way: str, samples: list[Sample], bare: float) -> None:
    middle = statistics.median(sample.rate for sample in samples)
    sample = min(samples, key=lambda s: abs(s.rate - middle))
    print(
        f"{name:24}{way:28}{middle:8.0f}{sample.quantile(0.5):9.2f}{sample.quantile(0.95):9.2f}"
        f"{sum(s.failed for s in samples):8}{middle / bare:8.2f}  {samples[-1].why}"
    )


def attack(store: embedded.EmbeddedStore, datasets: int, deadline: float) -> None:
    """Hostile queries one after another while normal clients go on."""
    query = questions(datasets)["SELECT by disease"]
    quiet = measure(lambda: over_socket(store), query, deadline, CLIENTS)
    print(f"\nHostile queries with {CLIENTS} normal clients; deadline {deadline:g} s")
    print(
        f"{'':20}{'ended after s':>14}  {'how':18}{'normal p50 ms':>14}{'p95 ms':>9}{'failed':>8}"
    )
    print(
        f"{'(quiet)':36}{'':18}{quiet.quantile(0.5):14.2f}{quiet.quantile(0.95):9.2f}{quiet.failed:8}"
    )
    for name, harm in HOSTILE.items():
        ended: list[tuple[float, str]] = []
        attacker = threading.Thread(target=lambda q=harm, e=ended: e.append(_end_of(store, q)))
        attacker.start()
        normal = measure(lambda: over_socket(store), query, deadline * 0.9, CLIENTS)
        attacker.join()
        took, how = ended[0]
        print(
            f"{name:20}{took:14.2f}  {how:18}{normal.quantile(0.5):14.2f}"
            f"{normal.quantile(0.95):9.2f}{normal.failed:8}"
        )


def _end_of(store: embedded.EmbeddedStore, query: str) -> tuple[float, str]:
    started = time.monotonic()
    try:
        store.query(query).read()
    except StoreError as error:
        return time.monotonic() - started, type(error).__name__
    return time.monotonic() - started, "finished"


def crowd(url: str, datasets: int, seconds: float) -> None:
    """All hostile queries at once over HTTP, while 20 clients go on at an even pace."""
    query = questions(datasets)["SELECT by disease"]
    quiet = paced(url, query, seconds)
    horde = multiprocessing.Process(target=attack_together, args=(url, seconds))
    horde.start()
    normal = paced(url, query, seconds)
    horde.join()
    for name, sample in (("quiet", quiet), ("attacked", normal)):
        print(f"{name:12} {len(sample.times):6} answers, p50 {sample.quantile(0.5):7.2f} ms, "
              f"p95 {sample.quantile(0.95):7.2f} ms, failed {sample.failed}")  # fmt: skip
    ratio = normal.quantile(0.95) / quiet.quantile(0.95)
    print(f"p95 attacked / quiet: {ratio:.2f}, {CROWD} clients of {PACE:g} a second each")


def attack_together(url: str, seconds: float) -> None:
    """The hostile clients; a process of their own, so that they do not slow the normal ones."""
    hostile_ones = hostile.endless() | hostile.refused("http://127.0.0.1:9/sparql")
    statuses: Counter[str] = Counter()
    over = time.monotonic() + seconds
    attackers = [
        threading.Thread(target=_keep_attacking, args=(url, each, over, statuses))
        for each in hostile_ones.values()
    ]
    for attacker in attackers:
        attacker.start()
    for attacker in attackers:
        attacker.join()
    print(f"\n{len(attackers)} hostile queries at once ended with {dict(statuses)}", flush=True)


def paced(url: str, query: Callable[[int], str], seconds: float) -> Sample:
    """Clients that ask at an even pace, as people and pages do."""
    sample = Sample()
    begin = time.monotonic()
    threads = [
        threading.Thread(target=_keep_pace, args=(url, query, begin + seconds, sample, offset))
        for offset in range(CROWD)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sample.elapsed = time.monotonic() - begin
    return sample


def _keep_pace(
    url: str, query: Callable[[int], str], until: float, sample: Sample, offset: int
) -> None:
    ask, number = never_before(over_http(url)), offset
    while (started := time.monotonic()) < until:
        try:
            ask(query(number))
            sample.times.append((time.monotonic() - started) * 1000)
        except OSError:
            sample.failed += 1
            ask = never_before(over_http(url))
        number += CROWD
        time.sleep(max(0.0, started + 1 / PACE - time.monotonic()))


def _keep_attacking(url: str, query: str, over: float, statuses: Counter[str]) -> None:
    """One of the hostile clients; told to wait, it waits half a second."""
    parts = urlsplit(url)
    body, kind = urlencode({"query": query}), "application/x-www-form-urlencoded"
    while time.monotonic() < over:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        try:
            connection.request("POST", parts.path, body, {"Content-Type": kind})
            statuses[str(connection.getresponse().status)] += 1
        except (OSError, http.client.HTTPException):
            statuses["broken"] += 1
        finally:
            connection.close()
        time.sleep(0.5)


def updates(store: embedded.EmbeddedStore, graphs: Sequence[tuple[Iri, bytes]]) -> None:
    """One graph replaced at a time: how long until it is visible."""
    times = []
    for graph in graphs[:10]:
        started = time.monotonic()
        store.replace(dict([graph]))
        times.append((time.monotonic() - started) * 1000)
        time.sleep(0.25)
    print(f"\nOne graph replaced and visible: p50 {statistics.median(times):.0f} ms, "
          f"max {max(times):.0f} ms")  # fmt: skip


def main() -> None:
    """Print the tables."""
    options = _options()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}, "
          f"oxigraph {version('oxigraph')}, {options.datasets} datasets")  # fmt: skip
    graphs = [a_dataset(number) for number in range(options.datasets)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            embedded.start(folder, seconds=options.deadline, children=options.children) as engine,
            bare_server(graphs, folder) as bare,
        ):
            _run(engine.store(), bare, graphs, options)


def _run(
    store: embedded.EmbeddedStore,
    bare: str,
    graphs: Sequence[tuple[Iri, bytes]],
    options: argparse.Namespace,
) -> None:
    started = time.monotonic()
    store.reload(graphs)
    took = time.monotonic() - started
    triples = sum(content.count(b"\n") for _, content in graphs)
    print(f"reload: {triples} quads in {took:.1f} s = {triples / took:.0f} quads/s")
    ways: dict[str, Callable[[], Ask]] = {
        "bare oxigraph, HTTP": lambda: over_http(bare),
        "engine, socket": lambda: over_socket(store),
    }
    with whole_stack(graphs, options.url) as url:
        ways["whole stack, HTTP"] = lambda: never_before(over_http(url))
        ways["the same, repeated"] = lambda: over_http(url)
        ways["the same, not modified"] = lambda: not_modified(url)
        compare(ways, options.datasets, options.seconds)
        crowd(url, options.datasets, options.crowd)
    updates(store, graphs)
    attack(store, options.datasets, options.deadline)


@contextmanager
def whole_stack(graphs: Sequence[tuple[Iri, bytes]], url: str) -> Iterator[str]:
    """`catalogue serve` with the same graphs, or the endpoint that was named."""
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graphs.nq"
        with file.open("wb") as out:
            for name, content in graphs:
                end = f" <{name}> .".encode()
                out.writelines(line[:-2] + end + b"\n" for line in content.splitlines())
        with serving("serve", "--data", str(file)) as served:
            yield served.base + "/sparql"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--datasets", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one measurement")
    parser.add_argument("--deadline", type=float, default=2.0, help="of one query in the attack")
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("--crowd", type=float, default=15.0, help="seconds of the crowd")
    parser.add_argument("--url", default="", help="a running catalogue's SPARQL endpoint")
    return parser.parse_args()


if __name__ == "__main__":
    main()
