"""How much of the query endpoint one client may take.

Short queries are not counted one by one: they cost little. A long query takes a seat. A worker
has a few, a client may sit on some of them, and may begin so many in a minute; whoever wants
more waits a moment, for most long queries are soon over, and is then told to come again (429
for the client's own share, 503 when everybody's seats are taken). Only as many wait as there
are seats: a thread that waits can answer nobody else.
Each worker counts for itself, and knows clients by the address that connected.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self, cast

from flask import Flask, current_app
from werkzeug.exceptions import TooManyRequests

from catalogue.errors import StoreUnavailable
from catalogue.settings import Settings
from catalogue.web import turns
from catalogue.web.rate import Window, client

KEY: Final = "limits"
MINUTE: Final = 60.0
SOON: Final = 5
"""Seconds after which a seat may be free."""
PATIENCE: Final = 0.5
"""Seconds that a query waits for a seat."""


class Seats:
    """The seats of one worker: `most` in all, `each` for one client, `often` a minute.

    >>> seats = Seats(most=2, each=1, often=10)
    >>> with seats.of("somebody") as seat:
    ...     seat.take()
    ...     seats.taken
    1
    >>> seats.taken
    0
    """

    def __init__(self, most: int, each: int, often: int, patience: float = PATIENCE) -> None:
        self._most, self._each, self._patience = most, each, patience
        self._begun = Window(often, MINUTE)
        self._freed = threading.Condition()
        self._waiting = 0
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many long queries run now."""
        return self._taken.total()

    def of(self, client: str, before: Callable[[], None] = lambda: None) -> Seat:
        """A seat that is not taken yet, and free again at the end of its `with`.

        `before` is called just before it is taken, which may mean to wait.
        """
        return Seat(self, client, before)

    def take(self, client: str) -> None:
        """Raises `TooManyRequests` or, when it is not this client's fault, `StoreUnavailable`."""
        with self._freed:
            self._wait_for(client)
            if self._taken[client] >= self._each:
                raise _too_many(f"{self._each} long queries of yours already run here", SOON)
            if self.taken >= self._most:
                raise StoreUnavailable("busy: as many long queries as may be run at the moment")
            if wait := self._begun.take(client):
                raise _too_many("you have asked many long queries in a minute", wait)
            self._taken[client] += 1

    def _wait_for(self, client: str) -> None:
        """Until there is a seat, for a moment, unless enough others wait already."""
        if self._waiting >= self._most or self._free(client):
            return
        self._waiting += 1
        try:
            self._freed.wait_for(lambda: self._free(client), self._patience)
        finally:
            self._waiting -= 1

    def _free(self, client: str) -> bool:
        return self._taken[client] < self._each and self.taken < self._most

    def give_back(self, client: str) -> None:
        """One long query of this client is over."""
        with self._freed:
            self._taken[client] -= 1
            self._taken += Counter()  # forgets who has none
            self._freed.notify_all()


class Seat:
    """A seat for one query, taken when that turns out to be a long one."""

    def __init__(self, seats: Seats, client: str, before: Callable[[], None]) -> None:
        self._seats, self._client, self._before = seats, client, before
        self._taken = False

    def take(self) -> None:
        """See `Seats.take`; a second time does nothing."""
        if not self._taken:
            self._before()
            self._seats.take(self._client)
            self._taken = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._taken:
            self._seats.give_back(self._client)


class Limits:
    """What the settings allow one worker: seats, turns, and queries of any kind in a minute."""

    def __init__(self, settings: Settings) -> None:
        most = max(1, min(settings.threads // 2, settings.query_children))
        self.turns = turns.Turns()
        self.seats = Seats(most, settings.query_each, settings.query_long_minute)
        self._rate = Window(settings.query_minute, MINUTE) if settings.query_minute else None

    def count(self, client: str) -> None:
        """One more query of this client. Raises `TooManyRequests`."""
        if self._rate is not None and (wait := self._rate.take(client)):
            raise _too_many("you have asked many queries in a minute", wait)


def _too_many(reason: str, seconds: int) -> TooManyRequests:
    return TooManyRequests(f"Too many: {reason}. Try again later.", retry_after=seconds)


def install(app: Flask, settings: Settings) -> None:
    """Give this worker its limits."""
    app.extensions[KEY] = Limits(settings)


def of(app: Flask) -> Limits:
    """The limits of an application."""
    return cast(Limits, app.extensions[KEY])


def of_this_worker() -> Limits:
    """The limits of this worker."""
    return of(current_app)


def seat() -> Seat:
    """Room for one query of whoever asks now; its `take` is meant as the store's `at_length`."""
    return of_this_worker().seats.of(client(), turns.leave)
