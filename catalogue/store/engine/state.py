"""A small file beside the sockets that says which content the engine serves now.

Web workers map it into memory, so that looking costs them no system call. It is written in
place and never replaced: whoever mapped it sees the next engine too.
"""

from __future__ import annotations

import mmap
import os
import secrets
from pathlib import Path

from catalogue.store.engine.wire import STATE


class State:
    """The writing side, and (without a number of its own) the reading side."""

    def __init__(self, memory: mmap.mmap, start: int = 0) -> None:
        self._memory = memory
        self._start = start

    @classmethod
    def create(cls, path: Path) -> State:
        """For a starting engine: until it tells a generation, nothing is known."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, STATE.size)
            state = cls(mmap.mmap(descriptor, STATE.size), secrets.randbits(63) | 1)
        finally:
            os.close(descriptor)
        state.tell(0)
        return state

    @classmethod
    def open(cls, path: Path) -> State:
        """For a reader. Raises `OSError` or `ValueError` when no engine has written it."""
        with path.open("rb") as file:
            return cls(mmap.mmap(file.fileno(), STATE.size, access=mmap.ACCESS_READ))

    def tell(self, generation: int) -> None:
        """Say that this generation serves now."""
        STATE.pack_into(self._memory, 0, self._start, generation)

    def read(self) -> str:
        """A name for the content, another one after every change; empty when not known."""
        start, generation = STATE.unpack_from(self._memory, 0)
        return f"{start:x}-{generation:x}" if start and generation else ""
