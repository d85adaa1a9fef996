"""Answers that may be given again while the content of the store stays the same.

The name of the content is part of the key, so nothing ever has to be thrown away because it
is out of date; what nobody asks for any more makes room for what is asked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 32_000_000
LARGEST: Final = 256_000


@dataclass(frozen=True, slots=True)
class Whole:
    """A complete answer in memory."""

    body: bytes
    media_type: str


class Kept:
    """The answers used last, up to so many bytes. Safe between threads.

    >>> kept = Kept(most=10)
    >>> kept.put("a", Whole(b"12345678", "text/csv"))
    >>> kept.put("b", Whole(b"12345678", "text/csv"))
    >>> kept.get("a") is None, kept.get("b").body
    (True, b'12345678')
    """

    def __init__(self, most: int = MOST_BYTES, largest: int = LARGEST) -> None:
        self._most, self._largest = most, largest
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Whole] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> Whole | None:
        """The answer that was kept under this key."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: str, answer: Whole) -> None:
        """Keep it, unless it is large; the ones unused for longest go."""
        if len(answer.body) > self._largest:
            return
        with self._lock:
            self._forget(key)
            self._answers[key] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._most:
                self._forget(next(iter(self._answers)))

    def _forget(self, key: str) -> None:
        gone = self._answers.pop(key, None)
        if gone is not None:
            self._bytes -= len(gone.body)
