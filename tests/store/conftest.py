"""Stores to test against: the embedded engine, an oxigraph server and a Virtuoso."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalogue.store import embedded
from catalogue.store.base import PublicStore
from catalogue.store.remote import from_url

PASSWORD = "only-for-tests"
START_CAP = 30.0


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Engine]:
    """An engine with a deadline of two seconds."""
    folder = tmp_path_factory.mktemp("engine")
    with embedded.start(folder, seconds=2, memory=256, answer=8, children=2) as running:
        yield running


@pytest.fixture
def store(engine: embedded.Engine) -> Iterator[PublicStore]:
    """The embedded store, emptied."""
    client = engine.store()
    client.reload([])
    yield client
    client.close()


@pytest.fixture(scope="session")
def oxigraph_server() -> Iterator[str]:
    """The address of an in-memory oxigraph server, as a setting."""
    port = free_port()
    binary = Path(sys.executable).parent / "oxigraph"
    with running([str(binary), "serve", "--bind", f"127.0.0.1:{port}"], Path.cwd()):
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"oxigraph+http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso of our own, as a setting."""
    if not shutil.which("virtuoso-t"):
        return without_virtuoso()
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = free_port(), free_port()
    (folder / "v.ini").write_text(virtuoso_settings(sql, http))
    with running(["virtuoso-t", "-f", "+configfile", "v.ini"], folder):
        wait_for(f"http://127.0.0.1:{http}/sparql")
        set_password(sql)
        yield f"virtuoso+http://dba:{PASSWORD}@127.0.0.1:{http}"
    return None


def without_virtuoso() -> None:
    if os.environ.get("CATALOGUE_TEST_WITHOUT_VIRTUOSO") == "1":
        pytest.skip("CATALOGUE_TEST_WITHOUT_VIRTUOSO=1")
    pytest.fail(
        "virtuoso-t is missing: `apt-get install virtuoso-opensource-7-bin "
        "virtuoso-opensource-7-common`, or set CATALOGUE_TEST_WITHOUT_VIRTUOSO=1 to leave it out"
    )


@pytest.fixture(params=["embedded", "oxigraph", "virtuoso"])
def any_store(request: pytest.FixtureRequest) -> Iterator[PublicStore]:
    """Each kind of store, emptied of our graphs."""
    if request.param == "embedded":
        found: PublicStore = request.getfixturevalue("store")
    else:
        address = request.getfixturevalue(f"{request.param}_server")
        found = from_url(address, prefix="https://catalogue.example/", seconds=10)
    found.reload([])
    yield found
    found.close()


@contextlib.contextmanager
def running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return True
        except urllib.error.HTTPError as error:
            error.close()
            return True
        except OSError:
            return False

    assert eventually(answers, START_CAP), f"{url} did not answer within {START_CAP} s"


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it becomes true in time; asked every 50 ms."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def set_password(port: int) -> None:
    command = ["isql-vt", f"127.0.0.1:{port}", "dba", "dba"]
    statement = f'set password "dba" "{PASSWORD}";'
    subprocess.run([*command, f"exec={statement}"], check=True, capture_output=True, timeout=20)


def virtuoso_settings(sql: int, http: int) -> str:
    return f"""
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = v-temp.db
TransactionFile = v-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 10000
[Plugins]
"""
