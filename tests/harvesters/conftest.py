from __future__ import annotations

from collections.abc import Iterator

import pytest
from misbehaving import Misbehaving

from catalogue.ingest.http import Session
from catalogue.rdf.parse import Parser


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser(processes=1) as parser:
        yield parser


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


@pytest.fixture
def web(parser: Parser, server: Misbehaving) -> Iterator[Session]:
    """A session that finds every host of this test at the server, whatever its port."""
    hosts = ("fdp.example", "elsewhere.example", "id.example")
    with Session(
        parser,
        connect_to=dict.fromkeys(hosts, server.place),
        seconds=30,
        retries=0,
    ) as session:
        yield session
