"""kill -9 in the middle of things: nothing half-written, everything can be done again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from served import CATALOGUE, ROOT, environment, free_port, serving

from catalogue.cli.source import sources_in
from catalogue.ingest.projection import StoreProjection
from catalogue.rdf.identity import record_iri
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.writer import Writer
from catalogue.store import embedded
from examples.hospitals.serve import Demonstration

pytestmark = pytest.mark.slow

HEALTHY = ("noordzee", "peelhorst", "veluwerand", "amstelkade")


def sources(register: Register, hospitals: Demonstration) -> None:
    writer = Writer(register.engine)
    for source in sources_in(ROOT / "examples" / "sources-demo.toml", hospitals.connect_to):
        if source.slug in HEALTHY:
            writer.save_source(source)


def harvest(env: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([CATALOGUE, "harvest"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)


def published(register: Register) -> set[str]:
    return {item.record.id for item in register.published("dataset")}


def wait_for(register: Register, changes: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while register.position() < changes:
        assert process.poll() is None, "it was over before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.mark.parametrize("moment", [1, 40])
def test_a_killed_harvest_leaves_whole_records_and_can_be_repeated(
    tmp_path: Path, moment: int
) -> None:
    env = environment(tmp_path, free_port())
    register = Register.open(f"sqlite:///{tmp_path}/catalogue.sqlite", env["CATALOGUE_BASE_URL"])
    with Demonstration(faults=False) as hospitals:
        sources(register, hospitals)
        process = harvest(env)
        wait_for(register, moment, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for item in register.published("dataset"):  # each is whole: subject, title, one version
            assert item.value.iri == record_iri(register.base, "dataset", item.record.id)
            assert item.value.title
        assert harvest(env).wait() == 0
        for slug in HEALTHY:
            runs = register.runs(slug)
            assert runs[0].state is RunState.COMPLETE
            assert all(run.state is not RunState.RUNNING for run in runs)
        after = published(register)
        assert harvest(env).wait() == 0
        assert published(register) == after
        assert len(after) > 60
    register.close()


def test_followed_changes_give_the_same_store_as_a_rebuild(tmp_path: Path) -> None:
    env = environment(tmp_path, free_port())
    register = Register.open(f"sqlite:///{tmp_path}/catalogue.sqlite", env["CATALOGUE_BASE_URL"])
    with Demonstration(faults=False) as hospitals, embedded.start(tmp_path / "a") as engine:
        sources(register, hospitals)
        followed = StoreProjection(register, engine.store())
        process = harvest(env)
        while process.poll() is None:
            followed.catch_up()
        while followed.catch_up():
            pass
        with embedded.start(tmp_path / "b") as other:
            StoreProjection(register, other.store()).rebuild()
            assert dump(engine.store()) == dump(other.store())
    register.close()


def dump(store: embedded.EmbeddedStore) -> set[bytes]:
    """Every triple that has no blank node (their labels differ), with its graph."""
    query = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(!isBlank(?s) && !isBlank(?o)) }"
    found = set(store.query(query, accept="text/csv").read().splitlines())
    assert len(found) > 1000
    return found


def test_a_killed_server_takes_its_children_along_and_starts_again(tmp_path: Path) -> None:
    with serving("serve", data=tmp_path) as served:
        family = children(served.process.pid)
        assert len(family) >= 3
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
        until = time.monotonic() + 20
        while any(alive(pid) for pid in family):
            assert time.monotonic() < until, [pid for pid in family if alive(pid)]
            time.sleep(0.05)
    with serving("serve", data=tmp_path) as served:
        assert served.get("/health").status_code == 200


def test_a_dead_query_engine_is_started_again_and_refilled(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text(
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> ."
        '<https://x.example/1> a dcat:Dataset ; dct:title "One"@en ; dct:publisher "UMC" .'
    )
    env = environment(tmp_path / "data", free_port())
    subprocess.run([CATALOGUE, "harvest", tmp_path / "one.ttl"], env=env, cwd=ROOT, check=True)
    ask = {"query": "ASK { ?s a <http://www.w3.org/ns/dcat#Dataset> }"}
    with serving("serve", data=tmp_path / "data") as served:
        assert served.get("/sparql", params=ask).json()["boolean"] is True
        (engine,) = [pid for pid in children(served.process.pid) if "store.engine" in command(pid)][
            :1
        ]
        os.kill(engine, signal.SIGKILL)
        until = time.monotonic() + 30
        while True:
            answer = served.get("/sparql", params=ask)
            if answer.status_code == 200 and answer.json()["boolean"]:
                break
            assert answer.status_code in {200, 503}
            assert time.monotonic() < until
            time.sleep(0.1)


def command(pid: int) -> str:
    """What a process was started as."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def children(pid: int) -> list[int]:
    """The process ids below one, however deep."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *children(child)]
    return found


def alive(pid: int) -> bool:
    """Running, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
