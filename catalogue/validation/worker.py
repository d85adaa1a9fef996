"""The child process that checks descriptions: `python -m catalogue.validation.worker`.

Descriptions come from strangers, and a pattern or a path can be made to run for ever, so
checking happens here: with limits on memory and processor time, where the parent can kill
it. Profiles are loaded once; then one frame in, one frame out, until the input ends.

A frame is four bytes of length (big-endian) and a body. A request is a JSON frame
`{"profiles": [key, …], "count": n}` and n pairs of a subject and its N-Triples; all of it
is read before the first answer is written. The answer is one JSON frame per description: a
list of reports, in the order of the profiles.
"""

from __future__ import annotations

import argparse
import json
import resource
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from catalogue.errors import CatalogueError
from catalogue.validation import profile as profile_
from catalogue.validation.engine import Engine
from catalogue.validation.report import FAILED, Report, unchecked
from catalogue.validation.view import View

LENGTH = struct.Struct(">I")

MISHAPS = (CatalogueError, MemoryError, RecursionError, SyntaxError, ValueError)
"""What can go wrong with one description and leaves the process usable."""


def main() -> None:
    """Load the profiles, say "ready", and answer until the input ends."""
    options = _options()
    _limit(options.megabytes)
    engines = {key: Engine(profile) for key, profile in profile_.profiles(options.folder).items()}
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    write(sink, b"ready")
    while (request := read(source)) is not None:
        asked = json.loads(request)
        for subject, content in list(_items(source, asked["count"])):
            _allow(options.seconds)
            answer = _answer([engines[key] for key in asked["profiles"]], subject, content)
            write(sink, json.dumps(answer, ensure_ascii=False).encode())


def read(source: IO[bytes]) -> bytes | None:
    """The body of the next frame, or `None` at the end of the input."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return source.read(LENGTH.unpack(head)[0])


def write(sink: IO[bytes], body: bytes) -> None:
    """Write one frame and send it."""
    sink.write(LENGTH.pack(len(body)) + body)
    sink.flush()


def _items(source: IO[bytes], count: int) -> Iterator[tuple[str, bytes]]:
    for _ in range(count):
        subject, content = read(source), read(source)
        yield (subject or b"").decode(), content or b""


def _answer(engines: list[Engine], subject: str, content: bytes) -> list[dict[str, Any]]:
    try:
        view = _view(content)
    except MISHAPS as error:
        return [_failed(engine, subject, error).to_json() for engine in engines]
    return [_checked(engine, subject, view).to_json() for engine in engines]


def _view(content: bytes) -> View:
    quads = ox.parse(content, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return View(quad.triple for quad in quads)


def _checked(engine: Engine, subject: str, view: View) -> Report:
    try:
        return engine.check(subject, view)
    except MISHAPS as error:
        return _failed(engine, subject, error)


def _failed(engine: Engine, subject: str, error: BaseException) -> Report:
    return unchecked(engine.profile.key, subject, FAILED, str(error) or type(error).__name__)


def _options() -> Any:
    parser = argparse.ArgumentParser(description="Check descriptions that arrive on stdin.")
    parser.add_argument("folder", type=Path, help="folder of profiles")
    parser.add_argument("megabytes", type=int, help="memory that the process may use")
    parser.add_argument("seconds", type=int, help="processor time for one description")
    return parser.parse_args()


def _limit(megabytes: int) -> None:
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow(seconds: int) -> None:
    """Processor time is counted from the start of the process, so the limit moves along."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    total = int(used.ru_utime + used.ru_stime) + seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (total, hard))


if __name__ == "__main__":
    main()
