"""The scheduler of `catalogue serve`: by itself, once, and again after every kind of end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from journeys.test_killed import alive, children, command
from misbehaving import Misbehaving
from served import CATALOGUE, ROOT, Served, environment, free_port, serving

from catalogue.model.source import Source
from catalogue.register.records import RunState, RunSummary
from catalogue.register.register import Register
from catalogue.register.runs import INTERRUPTED
from catalogue.register.writer import Writer

pytestmark = pytest.mark.slow

TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://umc.example/1> a dcat:Dataset ; dct:title "One"@en ; dct:publisher "UMC" .
"""
TRUSTED = {"CATALOGUE_ALLOWED_HOSTS": "127.0.0.1"}


@contextmanager
def register_in(folder: Path) -> Iterator[Register]:
    register = Register.open(f"sqlite:///{folder}/catalogue.sqlite", "http://127.0.0.1")
    yield register
    register.close()


def add(register: Register, slug: str, url: str, schedule: str = "1d") -> None:
    Writer(register.engine).save_source(
        Source(slug=slug, title=slug, protocol="dcat", url=url, schedule=schedule)
    )


def eventually(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, what
        time.sleep(0.1)
    return found


def ended(register: Register, slug: str) -> list[RunSummary]:
    return [run for run in register.runs(slug) if run.state is not RunState.RUNNING]


def running(register: Register, slug: str) -> list[RunSummary]:
    return [run for run in register.runs(slug) if run.state is RunState.RUNNING]


def stalled(server: Misbehaving) -> Callable[[Any], None]:
    """Accepts, and says nothing until the test is over."""

    def behaviour(_request: Any) -> None:
        server.stopping.wait(120)

    return behaviour


def scheduler_of(served: Served) -> int:
    def found() -> list[int]:
        return [p for p in children(served.process.pid) if "catalogue.cli.scheduler" in command(p)]

    return int(eventually(found, "there is no scheduler")[0])


def niceness(process: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, process)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as made:
        made.answer("/good.ttl", TURTLE)
        yield made


def test_a_source_with_a_schedule_is_harvested_by_itself(
    tmp_path: Path, server: Misbehaving
) -> None:
    with register_in(tmp_path) as register:
        add(register, "umc", server.url("/good.ttl"))
        add(register, "by-hand", server.url("/good.ttl"), schedule="")
        with serving("serve", data=tmp_path, **TRUSTED) as served:
            (run,) = eventually(lambda: ended(register, "umc"), "it was not harvested")
            assert (run.state, run.cause) == (RunState.COMPLETE, "schedule")
            eventually(
                lambda: "One" in served.get("/datasets", "text/html").text, "it is not shown"
            )
            planned = register.source("umc").next_run
            assert planned is not None
            assert planned > datetime.now(UTC) + timedelta(hours=11)
            assert register.runs("by-hand") == []
        assert len(register.runs("umc")) == 1


def test_several_servers_on_one_register_harvest_each_source_once(
    tmp_path: Path, server: Misbehaving
) -> None:
    slugs = [f"umc-{number}" for number in range(6)]
    with register_in(tmp_path) as register, ExitStack() as stack:
        for slug in slugs:
            add(register, slug, server.url("/good.ttl"))
        shared = {"CATALOGUE_DATABASE_URL": f"sqlite:///{tmp_path}/catalogue.sqlite"}
        for name in ("one", "two"):
            stack.enter_context(serving("serve", data=tmp_path / name, **shared, **TRUSTED))
        for slug in slugs:
            eventually(lambda slug=slug: ended(register, slug), f"{slug} was not harvested")
        assert {slug: len(register.runs(slug)) for slug in slugs} == dict.fromkeys(slugs, 1)


def test_a_killed_server_takes_the_run_up_again_at_the_next_start(
    tmp_path: Path, server: Misbehaving
) -> None:
    server.behave("/slow.ttl", stalled(server))
    with register_in(tmp_path) as register:
        add(register, "umc", server.url("/slow.ttl"))
        with serving("serve", data=tmp_path, **TRUSTED) as served:
            eventually(lambda: server.paths, "the run did not begin")
            family = children(served.process.pid)
            served.process.send_signal(signal.SIGKILL)
            served.process.wait()
            eventually(lambda: not any(map(alive, family)), "a child is left", 20)
        (run,) = running(register, "umc")
        server.answer("/slow.ttl", TURTLE)
        with serving("serve", data=tmp_path, **TRUSTED):
            again = eventually(
                lambda: [r for r in ended(register, "umc") if r.id != run.id], "not done again"
            )
        assert again[0].state is RunState.COMPLETE
        assert register.run(run.id).message == INTERRUPTED["en"]
        assert len(register.runs("umc")) == 2


def test_a_scheduler_that_is_killed_is_started_again_and_goes_on(
    tmp_path: Path, server: Misbehaving
) -> None:
    server.behave("/slow.ttl", stalled(server))
    with register_in(tmp_path) as register:
        add(register, "umc", server.url("/slow.ttl"))
        with serving("serve", data=tmp_path, **TRUSTED) as served:
            eventually(lambda: server.paths, "the run did not begin")
            server.answer("/slow.ttl", TURTLE)
            os.kill(scheduler_of(served), signal.SIGKILL)
            eventually(
                lambda: [r for r in register.runs("umc") if r.state is RunState.COMPLETE],
                "not done again",
            )
            assert served.get("/health").status_code == 200


def test_a_stopped_server_ends_its_runs_cleanly_and_soon(
    tmp_path: Path, server: Misbehaving
) -> None:
    server.behave("/slow.ttl", stalled(server))
    with register_in(tmp_path) as register:
        add(register, "umc", server.url("/slow.ttl"))
        with serving("serve", data=tmp_path, **TRUSTED) as served:
            eventually(lambda: server.paths, "the run did not begin")
            family = children(served.process.pid)
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(timeout=30) == 0
            eventually(lambda: not any(map(alive, family)), "a child is left", 20)
        (run,) = register.runs("umc")
        assert (run.state, run.message) == (RunState.FAILED, INTERRUPTED["en"])
        due = register.source("umc").next_run
        assert due is not None
        assert due <= datetime.now(UTC)


def test_a_manual_run_and_the_scheduler_do_not_meet(tmp_path: Path, server: Misbehaving) -> None:
    server.behave("/slow.ttl", stalled(server))
    env = environment(tmp_path, free_port(), **TRUSTED)
    with register_in(tmp_path) as register:
        add(register, "umc", server.url("/slow.ttl"))
        manual = subprocess.Popen([CATALOGUE, "harvest", "umc"], cwd=ROOT, env=env)
        try:
            eventually(lambda: server.paths, "the manual run did not begin")
            add(register, "other", server.url("/good.ttl"))
            with serving("serve", data=tmp_path, **TRUSTED):
                eventually(lambda: ended(register, "other"), "the scheduler does nothing")
            assert [run.cause for run in register.runs("umc")] == ["command"]
        finally:
            manual.kill()
            manual.wait()


def test_without_a_scheduler_nothing_is_harvested_by_itself(
    tmp_path: Path, server: Misbehaving
) -> None:
    (tmp_path / "one.nq").write_text("<urn:s> <urn:p> <urn:o> <urn:g> .\n")
    for words, settings in (
        (("serve",), {"CATALOGUE_SCHEDULER": "no"}),
        (("serve", "--data", str(tmp_path / "one.nq")), {}),
    ):
        with serving(*words, data=tmp_path / "data", **TRUSTED, **settings) as served:
            kinds = [command(pid) for pid in children(served.process.pid)]
            assert not any("catalogue.cli.scheduler" in kind for kind in kinds)


def test_a_waiting_scheduler_has_no_children(tmp_path: Path) -> None:
    with serving("serve", data=tmp_path) as served:
        assert children(scheduler_of(served)) == []


def test_a_harvest_gives_way_to_the_website(tmp_path: Path) -> None:
    with serving("serve", data=tmp_path) as served:
        server, scheduler = served.process.pid, scheduler_of(served)
        eventually(lambda: niceness(scheduler) > niceness(server), "it does not give way")


def test_this_catalogue_announces_itself_to_the_indexes_an_operator_names(
    tmp_path: Path, server: Misbehaving
) -> None:
    server.answer("/index", status=204)
    index = server.url("/index")
    with serving("serve", data=tmp_path, CATALOGUE_PING_INDEXES=index) as served:
        (seen,) = eventually(lambda: server.seen, "nothing was announced")
        assert seen.method == "POST"
        assert json.loads(seen.body) == {"clientUrl": served.base}
        assert seen.headers["Content-Type"] == "application/json"
        assert "could not announce" not in served.log.read_text()
