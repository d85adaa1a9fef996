"""What became of the queries before: which took long, and which kind of query was quick.

A query that took long queues with the long ones from then on. A query of a kind that nobody has
asked yet is tried while no other such query is: so strangers' heavy queries, however many come
at once, leave most children of the engine to the kinds of query that were quick before.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Final

from catalogue.store.question import Question

REMEMBERED: Final = 2_000
CROWD: Final = 4
PATIENCE: Final = 0.5
"""So many queries of new kinds wait to be tried, for so many seconds."""


class Experience:
    """The texts that took long and the kinds that did not. Safe between threads.

    >>> from catalogue.store.guard import inspect
    >>> experience, one = Experience(), inspect("SELECT * { <x:a> ?p ?o }")
    >>> experience.was_quick(one)
    >>> experience.knows_quick(inspect("SELECT * { <x:b> ?p ?o }"))
    True
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self._long = _Lately(most)
        self._quick = _Lately(most)
        self._turn = threading.Lock()
        self._crowd = threading.Semaphore(CROWD)

    def was_long(self, question: Question) -> None:
        """It took long; others of its kind have to prove themselves again."""
        self._long.add(_digest(question))
        self._quick.forget(question.shape)

    def was_quick(self, question: Question) -> None:
        """It did not."""
        self._quick.add(question.shape)

    def knows_long(self, question: Question) -> bool:
        """Whether this very text took long."""
        return bool(self._long) and _digest(question) in self._long

    def knows_quick(self, question: Question) -> bool:
        """Whether a query that differs only in names, values and remarks was quick."""
        return question.shape in self._quick

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Be the one whose kind is tried, or go on without when that takes too long to become."""
        turn = self._turn_came()
        try:
            yield
        finally:
            if turn:
                self._turn.release()

    def _turn_came(self) -> bool:
        if not self._crowd.acquire(blocking=False):
            return False
        try:
            return self._turn.acquire(timeout=PATIENCE)
        finally:
            self._crowd.release()


class _Lately:
    """The keys met last, up to so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def add(self, key: Hashable) -> None:
        with self._lock:
            self._keys[key] = None
            self._keys.move_to_end(key)
            while len(self._keys) > self._most:
                self._keys.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        with self._lock:
            self._keys.pop(key, None)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._keys

    def __bool__(self) -> bool:
        return bool(self._keys)


def _digest(question: Question) -> bytes:
    return hashlib.sha256(question.text.encode()).digest()
