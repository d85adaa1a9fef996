"""The Python client that Dutch stewards use, unchanged from PyPI, against a running catalogue."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import requests
from served import ROOT, Served

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.xdist_group("interop")]

PYTHON = ROOT / ".venv" / "fairclient" / "bin" / "python"
WALK = Path(__file__).with_name("fairclient_walk.py")
START = (
    "import runpy, sys; sys.path.append(sys.argv.pop());"
    f"runpy.run_path({str(WALK)!r}, run_name='__main__')"
)
REQUESTS = str(Path(requests.__file__).parents[1])
"""fairclient imports requests and does not say so: where ours is, after everything of its own."""


def test_fairclient_creates_publishes_finds_updates_and_deletes(served: Served, token: str) -> None:
    assert PYTHON.exists(), "fairclient is missing: make .venv/fairclient/.done installs it"
    done = subprocess.run(
        [str(PYTHON), "-c", START, served.base, token, REQUESTS],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["catalog"].startswith(f"{served.base}/catalog/")
    assert said["dataset"].startswith(f"{served.base}/dataset/")
    assert said["distribution"].startswith(f"{served.base}/distribution/")
    assert said["found"] == said["dataset"]
    assert said["updated"]
    assert said["gone"] == 410
