"""Schemathesis makes requests from our description of the API; none may end in a server error.

The seed is in the output of a failure, with the command that repeats it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import ROOT, Served, free_port

pytestmark = [pytest.mark.slow, pytest.mark.server]

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
SEED, EXAMPLES = 20261122, 6
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The small catalogue, served by a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "web.townhall", str(port)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    served = Served(process, f"http://127.0.0.1:{port}", tmp_path, tmp_path / "log")
    try:
        served.wait()
        yield served.base
    finally:
        served.stop()


def test_no_request_that_the_description_allows_breaks_the_api(
    address: str, tmp_path: Path
) -> None:
    command = [
        *(str(SCHEMATHESIS), "run", f"{address}/api/v1/openapi.json", "--url", address),
        *("--seed", str(SEED), "--max-examples", str(EXAMPLES), "--continue-on-failure"),
        *("--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all"),
        *("--checks", ",".join(CHECKS), "--warnings", "off"),
    ]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
    assert f"Seed: {SEED}" in done.stdout
