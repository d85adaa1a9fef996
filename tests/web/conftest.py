"""The site of `townhall`, made once for each file of tests; nothing in it changes."""

from __future__ import annotations

from typing import Any

import pytest
from web import townhall


@pytest.fixture(scope="module")
def app() -> Any:
    return townhall.application()


@pytest.fixture
def client(app: Any) -> Any:
    return app.test_client()


@pytest.fixture
def page(client: Any) -> Any:
    def get(path: str, **headers: str) -> Any:
        return client.get(path, headers={"Accept": "text/html", **headers})

    return get
