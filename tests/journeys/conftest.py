"""One demonstration catalogue for all journeys, started as `make run` starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from served import Served, serving


@pytest.fixture(scope="session")
def demo() -> Iterator[Served]:
    with serving("demo") as served:
        yield served
