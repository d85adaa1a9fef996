"""Harvest every source when its time comes: plan its next moment, take its turn, run it.

Several schedulers may work on one register, on one machine or more; the register sees to it
that each turn is taken once. A run that fails is tried again after a quarter of an hour, and
then less and less often, but every day. A run that ended with its process is done again at
once; when that happens time after time, it waits like any other failure.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from catalogue.errors import CatalogueError, SettingsError
from catalogue.ingest.budget import never
from catalogue.ingest.schedule import Schedule, parse, retry
from catalogue.model.source import Source
from catalogue.register.records import RunState
from catalogue.register.scheduling import Scheduling, Turn

FREE_INTERRUPTIONS = 2
"""How many runs in a row may be cut off before the source has to wait for another try."""
FAR = timedelta(hours=25)
"""A turn so much after the schedule's next moment is a mistake: no other try waits so long."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that is ours: the source, and its next moment after this one."""

    source: Source
    then: datetime | None


@dataclass(slots=True)
class Scheduler:
    """Plans and takes turns; `configured` gives the sources. May be used by several threads.

    A run that ends while we are `stopping` is cut short, and its source is due again.
    """

    turns: Scheduling
    configured: Callable[[], Sequence[Source]]
    stopping: Callable[[], bool] = never
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _unreadable: set[tuple[str, str]] = field(default_factory=set)
    _taking: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> bool:
        """Free the runs of dead processes and plan new sources; whether anything is due."""
        for slug in self.turns.forsaken():
            self._interrupted(slug)
        for turn in self.turns.unplanned():
            self._plan(turn)
        for turn in self.turns.later(self.clock() + FAR):
            self._nearer(turn)
        return bool(self.turns.due(self.clock()))

    def take(self, until: datetime | None = None) -> Taken | None:
        """The turn of a source that was due at `until` (default now); `None` when none is left."""
        with self._taking:
            sources = {source.slug: source for source in self.configured()}
            for turn in self.turns.due(until or self.clock()):
                then = self._next(turn, self.clock())
                if turn.source in sources and self.turns.move(turn.source, turn.at, then):
                    return Taken(sources[turn.source], then)
            return None

    def run(self, taken: Taken, harvest: Callable[[Source], RunState]) -> RunState:
        """Harvest, and plan another try when that fails."""
        try:
            state = harvest(taken.source)
        except CatalogueError as error:
            log.warning("%s: %s", taken.source.slug, error)
            return RunState.FAILED
        if self.stopping() and state is not RunState.COMPLETE:
            self.turns.soon(taken.source.slug, self.clock())
        elif state is RunState.FAILED:
            self._try_again(taken)
        elif state is RunState.COMPLETE:
            self.turns.read_once(taken.source.slug)
        return state

    def stop(self) -> None:
        """Close the runs of this process, which is ending; their sources are due again."""
        for slug in self.turns.interrupt():
            self.turns.soon(slug, self.clock())

    def _try_again(self, taken: Taken) -> None:
        """Sooner than the next moment or later, as the number of failures asks.

        A turn that somebody asked for, of a source without a schedule, is over.
        """
        slug = taken.source.slug
        if taken.then is not None:
            at = self.clock() + retry(self.turns.failures(slug))
            self.turns.move(slug, taken.then, at)

    def _interrupted(self, slug: str) -> None:
        cut_off = self.turns.failures(slug) - FREE_INTERRUPTIONS
        now = self.clock()
        self.turns.soon(slug, now if cut_off <= 0 else now + retry(cut_off))

    def _plan(self, turn: Turn) -> None:
        now = self.clock()
        if turn.last_started is not None:
            at = self._next(turn, now)
        else:
            schedule = self._schedule(turn)
            at = schedule.first(now) if schedule else None
        if at is not None:
            self.turns.move(turn.source, None, at)

    def _nearer(self, turn: Turn) -> None:
        """Plan again what was planned by a clock that was ahead of its time."""
        then = self._next(turn, self.clock())
        if then is not None and turn.at is not None and turn.at > then + FAR:
            self.turns.move(turn.source, turn.at, then)

    def _next(self, turn: Turn, moment: datetime) -> datetime | None:
        schedule = self._schedule(turn)
        return schedule.after(moment) if schedule else None

    def _schedule(self, turn: Turn) -> Schedule | None:
        """The schedule as a value; what cannot be read is reported once, not every second."""
        try:
            return parse(turn.schedule, turn.source)
        except SettingsError as error:
            if (turn.source, turn.schedule) not in self._unreadable:
                self._unreadable.add((turn.source, turn.schedule))
                log.warning("%s", error)
            return None
