"""How often one client may do something: a sliding window, kept in this process.

Every worker counts for itself and forgets when it restarts, so with four workers a client may
do up to four times as much. That is enough against guessing and hammering; what must hold
exactly is counted in the register. The client is the address that connected: a header such as
`X-Forwarded-For` can be made up by anybody, so it is not read.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from flask import request


class Window:
    """At most `most` times in any `seconds` for each client; remembers the last `clients`."""

    def __init__(
        self,
        most: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        clients: int = 10_000,
    ) -> None:
        self._most, self._seconds, self._clients = most, seconds, clients
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """Whole seconds until this client may again; 0 when it may now."""
        with self._lock:
            times = self._recent(client)
            full = len(times) >= self._most
            return max(1, ceil(times[0] + self._seconds - self._clock())) if full else 0

    def note(self, client: str) -> None:
        """It did."""
        with self._lock:
            times = self._recent(client)
            times.append(self._clock())
            self._seen[client] = times
            self._seen.move_to_end(client)
            while len(self._seen) > self._clients:
                self._seen.popitem(last=False)

    def take(self, client: str) -> int:
        """Count it when it may, and 0; else whole seconds to wait, and it is not counted."""
        seconds = self.wait(client)
        if not seconds:
            self.note(client)
        return seconds

    def _recent(self, client: str) -> deque[float]:
        times = self._seen.get(client) or deque(maxlen=self._most)
        while times and times[0] <= self._clock() - self._seconds:
            times.popleft()
        return times


def client() -> str:
    """Who asks: an IPv4 address, or the /64 network of an IPv6 address."""
    return network(request.remote_addr or "")


@lru_cache(maxsize=1024)
def network(address: str) -> str:
    """The part of an address that one subscriber has.

    >>> network("192.0.2.7"), network("2001:db8:1:2:3::4"), network("odd")
    ('192.0.2.7', '2001:db8:1:2::/64', 'odd')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address
