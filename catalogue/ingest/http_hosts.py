"""Be a polite guest: few requests to one host at once, none while it asks to be left alone.

One `Hosts` is shared by all sessions of a process, because two sources may be served by the
same machine, and that machine has only one patience.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from catalogue.ingest.http_connection import Deadline

AT_ONCE: Final = 4
LONGEST_PAUSE: Final = 3600.0
"""Seconds. A host that asks for more is asked again after this."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A host asked to be left alone: for so many seconds still, by this status."""

    seconds: float
    status: int


class Hosts:
    """A turnstile for each host. `at_once` is how many requests may be under way."""

    def __init__(self, at_once: int = AT_ONCE, clock: Callable[[], float] = time.monotonic) -> None:
        self.at_once = at_once
        self._clock = clock
        self._free = threading.Condition()
        self._busy: Counter[str] = Counter()
        self._closed: dict[str, tuple[float, int]] = {}

    def enter(self, host: str, deadline: Deadline) -> bool:
        """Wait for a turn at the host; false when the deadline passes first."""
        with self._free:
            if not self._free.wait_for(lambda: self._busy[host] < self.at_once, deadline.left()):
                return False
            self._busy[host] += 1
            return True

    def leave(self, host: str) -> None:
        """The turn is over."""
        with self._free:
            self._busy[host] -= 1
            self._free.notify_all()

    def close(self, host: str, pause: Pause) -> None:
        """The host asks to be left alone for a while; the longest wish counts."""
        until = self._clock() + min(pause.seconds, LONGEST_PAUSE)
        with self._free:
            if until > self._closed.get(host, (0.0, 0))[0]:
                self._closed[host] = (until, pause.status)

    def pause(self, host: str) -> Pause | None:
        """How long the host still wants to be left alone."""
        with self._free:
            until, status = self._closed.get(host, (0.0, 0))
        seconds = until - self._clock()
        return Pause(seconds, status) if seconds > 0 else None
