"""From foreign bytes to a graph, in a process that can be stopped.

A `Parser` owns a few warm child processes (`parse_child`) with limits on memory, processor
time and open files. A child that is too slow, or that a document brings down, is replaced;
the document is refused with a sentence and the next one finds a fresh child.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import pyoxigraph as ox

import catalogue
from catalogue.errors import LimitExceeded, ParseFailed
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse_child import Limits, read_frame, write_frame

Answer = tuple[dict[str, Any], bytes]
"""The header and payload of a frame (`parse_child.read_frame`)."""

ROOT = Path(catalogue.__file__).parent.parent
RETIRE_AFTER_JOBS = 500
RETIRE_AFTER_BYTES = 4_000_000
"""A child that did much, or something large, is replaced: memory is returned for certain."""


class Parser:
    """Parses documents of strangers; safe to share between threads.

    `processes` documents are parsed at the same time, others wait. Children start when they
    are first needed and end with `close`, with this process, or by the deadline.
    """

    def __init__(self, *, processes: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._processes = processes
        self._idle = self._fresh_pool()

    def _fresh_pool(self) -> queue.LifoQueue[_Child]:
        self._owner = os.getpid()
        pool: queue.LifoQueue[_Child] = queue.LifoQueue()
        for _ in range(self._processes):
            pool.put(_Child(self._limits))
        return pool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the idle children; a later `parse` starts new ones."""
        idle = [self._idle.get() for _ in range(self._idle.qsize())]
        for child in idle:
            child.end()
            self._idle.put(child)

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        """The triples of a document; relative IRIs are resolved against `base`.

        Raises `ParseFailed` (with a line where there is one) or `LimitExceeded`.
        """
        header = {"media_type": media_type, "base": base, "url": url or base}
        return Graph.from_n_triples(self._answered(header, content))

    def parse_graphs(
        self, content: bytes, *, media_type: str | None, base: str, url: str = ""
    ) -> dict[str, Graph]:
        """The graphs of a document by their names; the one without a name is `""`.

        For protocols in which the name of a graph means something. Raises as `parse` does.
        """
        header = {"media_type": media_type, "base": base, "url": url or base, "named": True}
        found: dict[str, list[ox.Triple]] = {}
        quads = self._answered(header, content)
        for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS, lenient=True):
            found.setdefault(_name(quad.graph_name), []).append(quad.triple)
        return {name: Graph(triples) for name, triples in found.items()}

    def _answered(self, header: dict[str, Any], content: bytes) -> bytes:
        """The lines that a child made of a document. Raises when it refused."""
        if len(content) > self._limits.content_bytes:
            limit = self._limits.content_bytes
            raise LimitExceeded(f"{header['url']}: longer than {limit:,} bytes")
        url, base = header["url"], header["base"]
        answer, triples = self._ask(header, content)
        if answer["kind"] == "triples":
            return triples
        message = f"{url or base}: {answer['message']}"
        if answer["kind"] == "limit":
            raise LimitExceeded(message)
        raise ParseFailed(_with_line(message, answer["line"]), line=answer["line"])

    def _ask(self, header: dict[str, Any], content: bytes) -> Answer:
        if self._owner != os.getpid():  # after a fork the children belong to the other process
            self._idle = self._fresh_pool()
        pool = self._idle
        child = pool.get()
        try:
            return child.ask({**header, "limits": asdict(self._limits)}, content)
        finally:
            pool.put(child)


def _name(graph: Any) -> str:
    return "" if isinstance(graph, ox.DefaultGraph) else str(graph.value)


def _with_line(message: str, line: int | None) -> str:
    return message if line is None else f"{message} (line {line})"


class _Child:
    """A limited process that is started when there is a job, and again after its end."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._late = False
        self._jobs = 0
        self._bytes = 0

    def ask(self, header: dict[str, Any], content: bytes) -> Answer:
        """Do one job. A warm process that is found dead is replaced once."""
        warm = self._process is not None
        try:
            answer = self._try(header, content)
            if answer is None and warm and not self._late:
                answer = self._try(header, content)
        except BaseException:
            self.end()
            raise
        self._retire_when_done(len(content))
        return answer or (self._obituary(), b"")

    def _try(self, header: dict[str, Any], content: bytes) -> Answer | None:
        process = self._process = self._process or _started(self._limits)
        self._late = False
        watchdog = threading.Timer(self._limits.seconds, self._stop, [process])
        watchdog.daemon = True
        watchdog.start()
        try:
            answer = _exchange(process, header, content)
        finally:
            watchdog.cancel()
        if answer is None:
            self.end()
        return answer

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        self._late = True
        process.kill()

    def _retire_when_done(self, size: int) -> None:
        self._jobs += 1
        self._bytes += size
        if self._jobs >= RETIRE_AFTER_JOBS or self._bytes >= RETIRE_AFTER_BYTES:
            self.end()

    def _obituary(self) -> dict[str, Any]:
        if self._late:
            return {"kind": "limit", "message": f"not parsed within {self._limits.seconds} seconds"}
        megabytes = self._limits.memory_bytes // 1_000_000
        message = f"the parser stopped; it may use {megabytes:,} MB and {self._limits.seconds} s"
        return {"kind": "limit", "message": message}

    def end(self) -> None:
        """Stop the process and close our ends of its pipes."""
        process, self._process = self._process, None
        self._jobs = self._bytes = 0
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                _close(pipe)
            process.wait()


def _started(limits: Limits) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "catalogue.rdf.parse_child", str(limits.memory_bytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
        cwd="/",
    )


def _exchange(
    process: subprocess.Popen[bytes], header: dict[str, Any], content: bytes
) -> Answer | None:
    """Send a job and wait; `None` when the process ended instead of answering."""
    try:
        write_frame(cast("IO[bytes]", process.stdin), header, content)
    except BrokenPipeError:
        return None
    return read_frame(cast("IO[bytes]", process.stdout))


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:
        return  # what was still to be written is for a process that has ended
