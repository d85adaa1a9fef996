"""Cut what takes too long: one thread that watches the deadlines of all lines of a session.

A thread for each request would do the same and cost more than the request. It lives while
something is being watched, and a little longer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Cut = Callable[[], None]


class Watch:
    """Calls each `cut` when its time is up, unless its block was left before."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._ends: dict[object, tuple[float, Cut]] = {}
        self._running = False
        self._wakes = 0.0

    @contextmanager
    def cutting(self, cut: Cut, seconds: float) -> Iterator[None]:
        """Within this block `cut` is called once `seconds` are over."""
        ticket = object()
        self._begin(ticket, time.monotonic() + seconds, cut)
        try:
            yield
        finally:
            with self._change:
                self._ends.pop(ticket, None)

    def close(self) -> None:
        """Watch nothing any more."""
        with self._change:
            self._ends.clear()
            self._change.notify_all()

    def _begin(self, ticket: object, end: float, cut: Cut) -> None:
        with self._change:
            self._ends[ticket] = (end, cut)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()
            elif end < self._wakes:
                self._change.notify_all()

    def _run(self) -> None:
        with self._change:
            while self._ends:
                self._cut_late()
                self._sleep()
            self._running = False

    def _cut_late(self) -> None:
        now = time.monotonic()
        late = [ticket for ticket, (end, _) in self._ends.items() if end <= now]
        for _, cut in (self._ends.pop(ticket) for ticket in late):
            cut()

    def _sleep(self) -> None:
        """Until the next deadline, or until somebody has an earlier one."""
        if self._ends:
            self._wakes = min(end for end, _ in self._ends.values())
            self._change.wait(max(0.0, self._wakes - time.monotonic()))
