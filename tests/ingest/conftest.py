"""The parts of a harvest that start processes, shared by the tests of one session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from harvested import Bench

from catalogue.cli.parts import SHAPES
from catalogue.rdf.parse import Parser
from catalogue.validation.validate import Validator


@pytest.fixture(scope="session")
def warm_parser() -> Iterator[Parser]:
    """The limited child that parses."""
    with Parser() as made:
        yield made


@pytest.fixture(scope="session")
def warm_validator() -> Iterator[Validator]:
    """The children that validate."""
    with Validator(SHAPES) as made:
        yield made


@pytest.fixture
def bench(tmp_path: Path, warm_parser: Parser, warm_validator: Validator) -> Iterator[Bench]:
    """An empty register with one source."""
    made = Bench(tmp_path, warm_parser, warm_validator)
    yield made
    made.register.close()
