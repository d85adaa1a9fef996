"""Which queries took long before: they queue with the long ones from then on.

A stranger's heavy query may so delay the short queries of others once, and not every time.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Final

REMEMBERED: Final = 2_000


class Lengthy:
    """The texts, as digests, of the queries that lately took long. Safe between threads."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def add(self, query: str) -> None:
        """It took long."""
        with self._lock:
            self._known[_digest(query)] = None
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def __contains__(self, query: str) -> bool:
        return bool(self._known) and _digest(query) in self._known


def _digest(query: str) -> bytes:
    return hashlib.sha256(query.encode()).digest()
