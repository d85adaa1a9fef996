"""Check descriptions in warm child processes that can be stopped.

A description that takes too long, or breaks the child, gets a report that says so and does
not conform; the others of its batch are checked by a new child.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import IO, Self

import catalogue
from catalogue.errors import ProfileError
from catalogue.rdf.graph import Graph
from catalogue.validation.profile import Profile, profiles
from catalogue.validation.report import FAILED, TIMED_OUT, Report, unchecked
from catalogue.validation.worker import LENGTH, write

BATCH = 50
START_SECONDS = 60.0

Item = tuple[str, Graph]
"""The IRI of what is described, and its description."""

Reports = dict[str, Report]
"""The reports on one description, by the key of the profile."""


class Validator:
    """Reports on descriptions. A context manager: leaving it stops the children.

    `seconds` is the time for one description, `megabytes` the memory of one child. Safe to
    use from several threads; a batch is spread over the children.
    """

    def __init__(
        self, folder: Path, *, children: int = 2, seconds: float = 10.0, megabytes: int = 1024
    ) -> None:
        self.profiles: dict[str, Profile] = profiles(folder)
        self._free: LifoQueue[_Child] = LifoQueue()
        self._all = [_Child(folder.absolute(), seconds, megabytes) for _ in range(children)]
        self._threads = ThreadPoolExecutor(children, thread_name_prefix="validator")
        for child in self._all:
            self._free.put(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the children; may be called twice."""
        self._threads.shutdown()
        for child in self._all:
            child.stop()

    def pids(self) -> list[int]:
        """The process ids of the children that are running."""
        return [child.pid for child in self._all if child.pid is not None]

    def validate(self, items: Sequence[Item], profile: str) -> list[Report]:
        """One report per item, in the same order; raises `ProfileError` on an unknown profile."""
        return [reports[profile] for reports in self.validate_all(items, [profile])]

    def validate_all(self, items: Sequence[Item], profiles: Sequence[str]) -> list[Reports]:
        """Several profiles at once: for each item its reports by profile. Faster than one by one.

        Raises `ProfileError` on an unknown profile.
        """
        for key in profiles:
            if key not in self.profiles:
                raise ProfileError(f"there is no profile {key!r}")
        batches = list(_batches(items, len(self._all)))
        if len(batches) == 1:
            return self._one_batch(batches[0], profiles)
        answers = self._threads.map(lambda batch: self._one_batch(batch, profiles), batches)
        return [reports for answer in answers for reports in answer]

    def _one_batch(self, items: Sequence[Item], profiles: Sequence[str]) -> list[Reports]:
        child = self._free.get()
        try:
            return child.validate(items, profiles)
        finally:
            self._free.put(child)


def _batches(items: Sequence[Item], children: int) -> Iterable[Sequence[Item]]:
    """Slices for the children: none empty, none longer than `BATCH`."""
    size = max(1, min(BATCH, -(-len(items) // children)))
    return (items[start : start + size] for start in range(0, len(items), size))


class _Stopped(Exception):
    """The child ended or was ended; `reason` is a component of our own."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Child:
    """One worker process, started when first needed and again after each mishap."""

    def __init__(self, folder: Path, seconds: float, megabytes: int) -> None:
        self._command = _command(folder, seconds, megabytes)
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, while there is a process."""
        return self._process.pid if self._process else None

    def validate(self, items: Sequence[Item], profiles: Sequence[str]) -> list[Reports]:
        """The reports on every item; each mishap costs one report and a restart or two."""
        reports: list[Reports] = []
        while len(reports) < len(items):
            try:
                self._ask(items[len(reports) :], profiles, reports)
            except _Stopped as stopped:
                self.stop()
                reports.append(self._after(stopped, items[len(reports)], profiles))
        return reports

    def _after(self, stopped: _Stopped, item: Item, profiles: Sequence[str]) -> Reports:
        """Find out which of several profiles it was: the others can still be checked."""
        if len(profiles) == 1:
            return {profiles[0]: _mishap(profiles[0], item[0], stopped.reason)}
        return {key: self.validate([item], [key])[0][key] for key in profiles}

    def stop(self) -> None:
        """Kill the process, if there is one, and wait for its end."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)

    def _ask(self, items: Sequence[Item], profiles: Sequence[str], reports: list[Reports]) -> None:
        process = self._running()
        _send(process, items, profiles)
        for _ in items:
            answer = json.loads(_receive(process, self._seconds))
            reports.append({value["profile"]: Report.from_json(value) for value in answer})

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = _start(self._command)
            _receive(self._process, START_SECONDS)
        return self._process


def _command(folder: Path, seconds: float, megabytes: int) -> list[str]:
    module = "catalogue.validation.worker"
    limits = [str(megabytes), str(max(1, round(seconds)))]
    return [sys.executable, "-P", "-m", module, str(folder), *limits]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child that knows where our code is and nothing else of our environment."""
    root = Path(catalogue.__file__).parent.parent
    environment = {"PYTHONPATH": str(root), "PATH": os.defpath, "PYTHONUTF8": "1"}
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # failures are answered as reports, not printed
        env=environment,
    )


def _send(process: subprocess.Popen[bytes], items: Sequence[Item], profiles: Sequence[str]) -> None:
    sink = _stream(process.stdin)
    try:
        write(sink, json.dumps({"profiles": list(profiles), "count": len(items)}).encode())
        for subject, graph in items:
            write(sink, subject.encode())
            write(sink, graph.n_triples())
    except OSError as error:
        raise _Stopped(FAILED) from error


def _receive(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    descriptor = _stream(process.stdout).fileno()
    head = _exactly(descriptor, LENGTH.size, deadline)
    return _exactly(descriptor, LENGTH.unpack(head)[0], deadline)


def _exactly(descriptor: int, size: int, deadline: float) -> bytes:
    """Read `size` bytes by the deadline; the descriptor is read here and nowhere else."""
    received = bytearray()
    while len(received) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise _Stopped(TIMED_OUT)
        part = os.read(descriptor, size - len(received))
        if not part:
            raise _Stopped(FAILED)
        received += part
    return bytes(received)


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise _Stopped(FAILED)
    return stream


def _close(stream: IO[bytes]) -> None:
    """Close a pipe whose reader is gone; what was still unsent does not matter."""
    try:
        stream.close()
    except BrokenPipeError:
        return


def _mishap(profile: str, subject: str, reason: str) -> Report:
    details = "the process that checks it ended" if reason == FAILED else ""
    return unchecked(profile, subject, reason, details)
