"""Real SPARQL servers on this machine: an oxigraph server, and a Virtuoso with a row cap."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from requests.auth import HTTPDigestAuth
from served import free_port

PASSWORD = "only-for-tests"
START_SECONDS = 60.0
WITHOUT_VIRTUOSO = os.environ.get("CATALOGUE_TEST_WITHOUT_VIRTUOSO") == "1"


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """The root address of an oxigraph server with an empty store in memory."""
    port = free_port()
    binary = Path(sys.executable).parent / "oxigraph"
    with running([str(binary), "serve", "--bind", f"127.0.0.1:{port}"], folder):
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def virtuoso(folder: Path, *, rows: int) -> Iterator[str]:
    """The root address of a Virtuoso of our own that never gives more rows than `rows`."""
    sql, http = free_port(), free_port()
    (folder / "v.ini").write_text(SETTINGS.format(sql=sql, http=http, rows=rows))
    with running(["virtuoso-t", "-f", "+configfile", "v.ini"], folder):
        wait_for(f"http://127.0.0.1:{http}/sparql")
        _set_password(sql)
        yield f"http://127.0.0.1:{http}"


def refuse_without_virtuoso() -> None:
    """Fail, or skip when somebody said so, on a machine without Virtuoso."""
    if shutil.which("virtuoso-t"):
        return
    if WITHOUT_VIRTUOSO:
        pytest.skip("CATALOGUE_TEST_WITHOUT_VIRTUOSO=1")
    pytest.fail("virtuoso-t is missing: run tests/outside.sh")


def put(url: str, turtle: str, *, password: str | None = None) -> None:
    """Replace a graph over the Graph Store Protocol; `url` names it."""
    answer = requests.put(
        url,
        data=turtle.encode(),
        headers={"Content-Type": "text/turtle"},
        auth=HTTPDigestAuth("dba", password) if password else None,
        timeout=60,
    )
    answer.raise_for_status()


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    """A program, until the test is done."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str) -> None:
    """Until something answers there, whatever it says."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            requests.get(url, timeout=5)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{url} did not answer within {START_SECONDS:.0f} s")


def _set_password(port: int) -> None:
    subprocess.run(
        [
            *("isql-vt", f"127.0.0.1:{port}", "dba", "dba"),
            f'exec=set password "dba" "{PASSWORD}";',
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )


SETTINGS = """
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
ResultSetMaxRows = {rows}
[Plugins]
"""
