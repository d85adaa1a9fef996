"""Strangers hammer the query endpoint of a real catalogue while others work with it.

Nothing here asserts how long something took; `benchmarks/sparql.py` measures that.
"""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hostile
import pytest
import requests
from served import Served, serving

DATASETS = 300
CLIENTS = 20
SECONDS = 20.0
ENDED = {413, 429, 503}
MEGABYTES = 1024
LEFT_OVER = 150
"""Megabytes that the engine may keep: children that have answered share its pages less."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("data") / "graphs.nq"
    data.write_text("".join(map(a_dataset, range(DATASETS))))
    with serving("serve", "--data", str(data)) as running:
        yield running


def a_dataset(number: int) -> str:
    graph, dataset = f"<http://d.example/graph/{number}>", f"<http://d.example/dataset/{number}>"
    lines = [
        f'{dataset} {hostile.P} "Dataset {number} aaaaaaaaaaaaaaaaaaaaaaa!" {graph} .',
        f"{dataset} {hostile.Q} <http://d.example/holder/{number % 20}> {graph} .",
        *(
            f'{dataset} <http://d.example/p{n}> "value {n} of {number}" {graph} .'
            for n in range(20)
        ),
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that nobody may call."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


def address_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"


def was_called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def ask(served: Served, query: str) -> requests.Response:
    return requests.post(served.base + "/sparql", {"query": query}, timeout=60)


def right(served: Served, number: int) -> bool:
    """Whether a normal question, never asked before, has its normal answer."""
    dataset = number % DATASETS
    query = f"SELECT ?p {{ <http://d.example/dataset/{dataset}> {hostile.Q} ?p }} # {number}"
    found = requests.get(served.base + "/sparql", {"query": query}, timeout=60)
    holder = f"http://d.example/holder/{dataset % 20}"
    rows = found.json()["results"]["bindings"] if found.status_code == 200 else []
    return [row["p"]["value"] for row in rows] == [holder]


def test_hostile_queries_end_and_everybody_else_is_answered(
    served: Served, listener: socket.socket
) -> None:
    assert right(served, 0)
    before = engine_of(served)
    queries = hostile.endless() | hostile.refused(address_of(listener))
    over = time.monotonic() + SECONDS
    with ThreadPoolExecutor(len(queries) + CLIENTS) as crowd:
        attacks = {
            name: crowd.submit(keep_attacking, served, q, over) for name, q in queries.items()
        }
        normal = [crowd.submit(keep_asking, served, n, over) for n in range(CLIENTS)]
        answers = sum((each.result() for each in normal), Counter())
    assert answers[False] == 0
    assert answers[True] >= CLIENTS
    statuses = {name: attack.result() for name, attack in attacks.items()}
    assert {name for name in hostile.endless() if not statuses[name] <= ENDED} == set()
    assert {name for name in hostile.refused("") if not statuses[name] <= refusals(name)} == set()
    assert not was_called(listener)
    assert eventually(lambda: len(family(served)) == len(before))
    assert eventually(lambda: not busy(served))
    assert eventually(lambda: memory(family(served)) < memory(before.keys()) + LEFT_OVER)
    assert right(served, 1)


def refusals(name: str) -> set[int]:
    """How it is refused; what takes long to read may also be told to wait for that."""
    return {400, 403, 413} | ({429, 503} if name.startswith("nested") else set())


def keep_attacking(served: Served, query: str, over: float) -> set[int]:
    """The statuses seen; who is told to wait waits a little, as an impatient script would."""
    seen = set()
    while time.monotonic() < over:
        seen.add(ask(served, query).status_code)
        time.sleep(0.5)
    return seen


def keep_asking(served: Served, number: int, over: float) -> Counter[bool]:
    seen: Counter[bool] = Counter()
    while time.monotonic() < over:
        number += CLIENTS
        seen[right(served, number)] += 1
    return seen


def test_graphs_elsewhere_are_empty_and_nobody_is_called(
    served: Served, listener: socket.socket
) -> None:
    for query in hostile.harmless(address_of(listener)).values():
        found = ask(served, query)
        assert (found.status_code, found.json()["results"]["bindings"]) == (200, [])
    assert not was_called(listener)


def test_whoever_asks_too_many_long_queries_at_once_is_told_to_wait(served: Served) -> None:
    query = hostile.endless()["a cross product"]
    with ThreadPoolExecutor(12) as crowd:
        found = list(crowd.map(lambda number: ask(served, f"{query} # {number}"), range(12)))
    assert {each.status_code for each in found} == {429, 503}
    for each in found:
        assert int(each.headers["Retry-After"]) > 0
        assert each.headers["Access-Control-Allow-Origin"] == "*"
        assert each.headers["Content-Type"] == "application/problem+json"


def engine_of(served: Served) -> dict[int, int]:
    """The engine's processes, with the megabytes of each."""
    return {process: megabytes(process) for process in family(served)}


def family(served: Served) -> list[int]:
    """The engine and its children."""
    engine = next(each for each in children(served.process.pid) if "store.engine" in command(each))
    return [engine, *children(engine)]


def children(process: int) -> list[int]:
    threads = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()


def megabytes(process: int) -> int:
    """What this process alone holds in memory."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    private = (line.split()[1] for line in lines if line.startswith("Private_"))
    return sum(map(int, private)) // MEGABYTES


def memory(processes: object) -> int:
    return sum(megabytes(process) for process in processes)  # type: ignore[attr-defined]


def busy(served: Served) -> bool:
    return bool(served.json("/health")["store"]["busy"])  # type: ignore[index]


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return condition()
