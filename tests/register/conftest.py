"""The register on both databases: SQLite always, PostgreSQL started by the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from given import NOON

from catalogue.model.source import Source
from catalogue.register.register import Register
from catalogue.register.writer import Writer

BASE = "https://catalogue.example"
SOURCE = Source(slug="merwestad", title="Merwestad", protocol="fdp", url="https://umc.example/")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def binaries() -> Path:
    """Where PostgreSQL's programs are; the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        pytest.fail("PostgreSQL is missing: sh tests/outside.sh installs it")
    return found[-1].parent


def as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def quietly(folder: Path, command: list[str | Path]) -> None:
    """Run one of PostgreSQL's programs."""
    subprocess.run([*as_somebody(), *command], cwd=folder, stdout=subprocess.DEVNULL, check=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server of our own, with an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, programs = folder / "data", binaries()
    quietly(folder, [programs / "initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8"])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -F"
    control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    quietly(folder, [*control, "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://test@127.0.0.1:{port}/postgres"
    finally:
        quietly(folder, [*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    """An empty register on each database."""
    if request.param == "sqlite":
        opened = Register.open(f"sqlite:///{tmp_path}/r.sqlite", BASE)
        yield opened
        opened.close()
        return
    url = request.getfixturevalue("postgresql")
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"r{os.urandom(4).hex()}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    opened = Register.open(url.replace("/postgres", f"/{name}"), BASE)
    yield opened
    opened.close()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    server.dispose()


@pytest.fixture
def clock() -> Clock:
    """Noon, until a test moves it."""
    return Clock()


@pytest.fixture
def writer(register: Register, clock: Clock) -> Writer:
    """The way into the register, with one source."""
    made = Writer(register.engine, clock)
    made.save_source(SOURCE)
    return made
