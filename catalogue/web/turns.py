"""Turns at what takes a processor: however many ask at once, few threads of a worker compute.

Python runs one thread at a time and chooses it without looking who came first. So a burst of
requests that each take some milliseconds to read and to refuse would keep every small query
waiting that another thread only has to pass on. Here the burst waits, without computing.
"""

from __future__ import annotations

import threading
from typing import Final, Self

from flask import request

MOST: Final = 2
KEY: Final = "catalogue.turn"


class Turns:
    """The turns of one worker.

    >>> turns = Turns(most=1)
    >>> with turns.take() as turn:
    ...     turn.leave()
    ...     with turns.take():
    ...         print("another goes on")
    another goes on
    """

    def __init__(self, most: int = MOST) -> None:
        self._free = threading.Semaphore(most)

    def take(self) -> Turn:
        """Wait for a turn; it is given back at the end of its `with`, or before."""
        self._free.acquire()
        return Turn(self._free)


class Turn:
    """One turn, of one thread."""

    def __init__(self, free: threading.Semaphore) -> None:
        self._free = free
        self._taken = True

    def leave(self) -> None:
        """Give it back, before a wait for instance; a second time does nothing."""
        if self._taken:
            self._taken = False
            self._free.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


def leave() -> None:
    """Give back the turn of this request, if it has one: it is going to wait."""
    turn = request.environ.get(KEY)
    if turn is not None:
        turn.leave()
