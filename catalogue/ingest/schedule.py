"""When a source is harvested: an interval ("6h", "1d", "weekly") or a cron expression.

A cron expression is read on the clock of Amsterdam, because that is the clock of whoever
writes it: "0 3 * * *" is three at night in winter and in summer. On the night that skips an
hour, a moment in that hour comes an hour later; in the night that has an hour twice, it comes
once. An interval is counted in real time and has moments of its own for each source, so that
a hundred sources that all say "1d" do not start together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from catalogue.errors import SettingsError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=366)
FIRST_RETRY = timedelta(minutes=15)
LONGEST_RETRY = timedelta(days=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LOOKED_AT = 60
"""Moments of a cron expression that are looked at to find the shortest time between two."""

WORDS = {"hourly": "1h", "daily": "1d", "weekly": "7d"}
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
INTERVAL = re.compile(r"(\d{1,6})\s*([mhdw])")
HINT = "write an interval (30m, 6h, 1d, weekly) or a cron expression (0 3 * * *)"


class Schedule(Protocol):
    """When to harvest a source."""

    def after(self, moment: datetime) -> datetime:
        """The next moment of harvesting after `moment`, in UTC."""
        ...

    def first(self, moment: datetime) -> datetime:
        """When to harvest a source that has not been harvested yet, seen from `moment`."""
        ...


@dataclass(frozen=True, slots=True)
class Interval:
    """Every `every`, at moments that lie `shift` after those of the epoch.

    Two moments are exactly `every` apart. Whoever asks in between gets a moment at least half
    an interval away, so that a run that came late is not followed by another one at once.
    """

    every: timedelta
    shift: timedelta

    def after(self, moment: datetime) -> datetime:
        """The next of its moments that is at least half an interval away."""
        start = EPOCH + self.shift
        passed = (moment + self.every / 2 - start) // self.every
        return start + self.every * (passed + 1)

    def first(self, moment: datetime) -> datetime:
        """At once."""
        return moment


@dataclass(frozen=True, slots=True)
class Cron:
    """The moments of a cron expression with five fields, on the clock of Amsterdam."""

    expression: str

    def after(self, moment: datetime) -> datetime:
        """The next of its moments."""
        return next(self._moments(moment))

    def first(self, moment: datetime) -> datetime:
        """Its next moment: whoever states an hour means that hour, also for the first run."""
        return self.after(moment)

    def _moments(self, moment: datetime) -> Iterator[datetime]:
        for found in CronSim(self.expression, moment.astimezone(AMSTERDAM)):
            yield found.astimezone(UTC)

    def shortest(self, moment: datetime) -> timedelta:
        """The shortest time between two moments, as far as we look."""
        moments = islice(self._moments(moment), LOOKED_AT)
        gaps: list[timedelta] = [later - sooner for sooner, later in pairwise(moments)]
        return min(gaps, default=LONGEST)


def parse(text: str, source: str) -> Schedule | None:
    """The schedule that `text` states; `None` when it is empty: on command only.

    Raises `SettingsError`, naming the source and the text, when it is neither an interval nor
    a cron expression, or asks for more than one run in five minutes.

    >>> schedule = parse("0 3 * * *", "umc")
    >>> schedule.after(datetime(2026, 7, 1, tzinfo=UTC)).isoformat()
    '2026-07-01T01:00:00+00:00'
    """
    words = " ".join(text.split())
    if not words:
        return None
    found = INTERVAL.fullmatch(WORDS.get(words.lower(), words.lower()))
    return _interval(found, text, source) if found else _cron(words, source)


def retry(failures: int) -> timedelta:
    """How long to wait after so many failed runs in a row: 15 minutes, doubling, at most a day.

    >>> [str(retry(number)) for number in (1, 2, 3, 50)]
    ['0:15:00', '0:30:00', '1:00:00', '1 day, 0:00:00']
    """
    doubled: timedelta = FIRST_RETRY * 2 ** min(failures - 1, 10)
    return min(doubled, LONGEST_RETRY)


def _interval(found: re.Match[str], text: str, source: str) -> Interval:
    every = timedelta(**{UNITS[found[2]]: int(found[1])})
    if not SHORTEST <= every <= LONGEST:
        raise SettingsError(f"{source}: the schedule {text!r} is not between 5m and 366d")
    return Interval(every, _shift(source, every))


def _shift(source: str, every: timedelta) -> timedelta:
    """A moment within the interval that is always the same for the same source, in seconds."""
    number = int.from_bytes(sha256(source.encode()).digest()[:8], "big")
    return timedelta(seconds=number % int(every.total_seconds()))


def _cron(words: str, source: str) -> Cron:
    if len(words.split()) != 5:
        raise SettingsError(f"{source}: the schedule {words!r} cannot be read; {HINT}")
    made = Cron(words)
    try:
        shortest = made.shortest(EPOCH)
        made.after(EPOCH)
    except CronSimError as error:
        raise SettingsError(f"{source}: the schedule {words!r}: {error}; {HINT}") from error
    except StopIteration:
        raise SettingsError(f"{source}: the schedule {words!r} never comes; {HINT}") from None
    if shortest < SHORTEST:
        raise SettingsError(f"{source}: the schedule {words!r} runs more than once in 5 minutes")
    return made
