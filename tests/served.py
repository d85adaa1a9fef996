"""Start the catalogue as a visitor's machine would: real commands, real processes, real HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = Path(sys.executable).parent / "catalogue"
START_SECONDS = 180


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Served:
    """A running catalogue."""

    process: subprocess.Popen[bytes]
    base: str
    data: Path
    log: Path

    def get(self, path: str, accept: str = "*/*", **options: object) -> requests.Response:
        """GET a path of it."""
        return requests.get(self.base + path, headers={"Accept": accept}, timeout=60, **options)  # type: ignore[arg-type]

    def json(self, path: str, **parameters: object) -> dict[str, object]:
        """GET JSON."""
        found = self.get(path, "application/json", params=parameters)
        found.raise_for_status()
        return dict(found.json())

    def environment(self) -> dict[str, str]:
        """What its other commands need to work on the same data."""
        return environment(self.data, int(self.base.rpartition(":")[2]))

    def wait(self) -> None:
        """Until it is healthy."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"it ended early:\n{self.log.read_text()[-3000:]}")
            try:
                if requests.get(self.base + "/health", timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.2)
        raise AssertionError(
            f"not healthy after {START_SECONDS} s:\n{self.log.read_text()[-3000:]}"
        )

    def stop(self) -> None:
        """As an operator would."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    """The variables of one catalogue of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("CATALOGUE_")}
    return {
        **clean,
        "CATALOGUE_DATA": str(data),
        "CATALOGUE_PORT": str(port),
        "CATALOGUE_BASE_URL": f"http://127.0.0.1:{port}",
        "CATALOGUE_QUERY_SECONDS": "3",
        **more,
    }


@contextmanager
def serving(*arguments: str, data: Path | None = None, **more: str) -> Iterator[Served]:
    """`catalogue …` until the test is done; healthy when this returns."""
    with tempfile.TemporaryDirectory(prefix="served-") as folder:
        here, port = data or Path(folder) / "data", free_port()
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(CATALOGUE), *arguments],
                cwd=ROOT,
                env=environment(here, port, **more),
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        served = Served(process, f"http://127.0.0.1:{port}", here, log)
        try:
            served.wait()
            yield served
        finally:
            served.stop()
