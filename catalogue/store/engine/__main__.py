"""`python -m catalogue.store.engine`: the process that `embedded.start` executes.

It prints one line of JSON, `{"ready": true}` or `{"error": "…"}`, and then serves until its
standard input closes.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import socket
import sys
from pathlib import Path
from typing import IO

from catalogue.store.engine import content, sandbox, wire
from catalogue.store.engine.child import Limits, warm
from catalogue.store.engine.parent import Parent
from catalogue.store.engine.pool import Pool, PoolError
from catalogue.store.engine.state import State

BACKLOG = 256
SHORT_PER_LONG = 3
"""Children for short queries, for each that may run a long one: while a stranger's heavy query
has its moment in one, the next ones still find another."""


def main() -> int:
    """Load, check that children can be locked in, say so, serve."""
    options = _options()
    try:
        lock = _lock(options.sockets / "engine.lock")
        _try_sandbox()
        graphs = _load(options.load)
        parent = _parent(options, graphs)
    except (sandbox.SandboxError, OSError, SyntaxError, ValueError) as error:
        _say({"error": str(error)})
        return 1
    _say({"ready": True})
    with lock:
        return _run(parent)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="catalogue.store.engine", description=__doc__)
    parser.add_argument("--sockets", type=Path, required=True, help="folder for the sockets")
    parser.add_argument("--load", type=Path, help="N-Quads to begin with")
    parser.add_argument("--seconds", type=float, default=10.0, help="deadline of one query")
    parser.add_argument("--memory", type=int, default=512, help="megabytes one query may allocate")
    parser.add_argument("--answer", type=int, default=64, help="megabytes one answer may have")
    parser.add_argument(
        "--children", type=int, default=2, help="short, and long, queries at the same time"
    )
    parser.add_argument("--closed", action="store_true", help="answer nobody until filled")
    return parser.parse_args()


def _lock(path: Path) -> IO[bytes]:
    """Hold the folder: two engines on the same sockets would each see half of the updates."""
    lock = path.open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise OSError(f"another query engine runs in {path.parent}") from error
    return lock


def _try_sandbox() -> None:
    """Lock in a child that does nothing, so that a refusal is known before we serve."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        _confess(write)
    os.close(write)
    with os.fdopen(read) as answer:
        refusal = answer.read()
    _, status = os.waitpid(process, 0)
    if refusal or status:
        raise sandbox.SandboxError(refusal or f"a child could not be locked in (status {status})")


def _confess(write: int) -> None:
    """In the trial child: try, tell what failed, leave."""
    status = 0
    try:
        sandbox.confine()
        status = _escapes()
    except sandbox.SandboxError as error:
        os.write(write, str(error).encode())
        status = 1
    finally:
        os._exit(status)


def _escapes() -> int:
    """1 when a socket can still be made: the filter then does not filter."""
    try:
        socket.socket(socket.AF_INET)
    except PermissionError:
        return 0
    return 1


def _load(path: Path | None) -> content.Graphs:
    graphs = content.Graphs() if path is None else content.Graphs.from_file(str(path))
    warm(graphs)
    content.settle()
    content.trim()
    return graphs


def _parent(options: argparse.Namespace, graphs: content.Graphs) -> Parent:
    public = _listener(options.sockets / wire.QUERY_SOCKET)
    long = _listener(options.sockets / wire.LONG_SOCKET)
    own = _listener(options.sockets / wire.OWN_SOCKET)
    control = _listener(options.sockets / wire.CONTROL_SOCKET)
    limits = Limits(options.seconds, options.memory << 20, options.answer << 20)
    listeners = [
        ("public", public.detach(), options.children * SHORT_PER_LONG),
        ("long", long.detach(), options.children),
        ("own", own.detach(), 1),
    ]
    state = State.create(options.sockets / wire.STATE_FILE)
    return Parent(graphs, Pool(listeners, limits), control, state, closed=options.closed)


def _listener(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(BACKLOG)
    return listener


def _say(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _run(parent: Parent) -> int:
    try:
        parent.run()
    except PoolError as error:
        sys.stderr.write(f"query engine: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
