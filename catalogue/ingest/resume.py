"""Where a harvest begins: from the start, where an earlier run stopped, or at what changed.

What is kept between runs is the state of a `Mark`. A list that was broken off is taken up
again within a day; after that too much may have changed before the place where we were. A
protocol that can tell what changed since a moment is asked for that, and for everything once
a week, because only a list of everything shows what is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from catalogue.ingest.source import Mark

MARK_HOLDS: Final = timedelta(hours=24)
FULL_EVERY: Final = timedelta(days=7)
SLACK: Final = timedelta(minutes=10)
"""So much earlier than our clock says is asked for: the clock of the source may differ."""


def utc_now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How this run goes about a list.

    `began` is when this walk through the list started, possibly in an earlier run; `place` is
    where to go on, in the protocol's own words, empty for the start; `since` is the moment
    from which changes are asked for, `None` for everything. `full` and `clean` are when the
    last faultless walk over everything, or over anything, began.
    """

    began: datetime
    dated: bool = False
    place: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    full: datetime | None = None
    clean: datetime | None = None

    @classmethod
    def of(cls, state: Mapping[str, Any], now: datetime, *, dated: bool = False) -> Self:
        """From the state of the last mark; `dated` when the source can tell what changed."""
        began, full, clean = (_moment(state, name) for name in ("began", "full", "clean"))
        if state.get("place") and _within(MARK_HOLDS, began, now):
            return cls(
                began=began or now,
                dated=dated,
                place=state["place"],
                since=_moment(state, "since"),
                full=full,
                clean=clean,
            )
        recent = _within(FULL_EVERY, full, now) and _within(FULL_EVERY, clean, now)
        since = clean - SLACK if dated and clean and recent else None
        return cls(began=now, dated=dated, since=since, full=full, clean=clean)

    def restarted(self) -> Self:
        """The same from the start of the list, because the place cannot be had."""
        return replace(self, place={})

    def at(self, **place: Any) -> Mark:
        """All before this place was handed over."""
        return Mark(
            state={
                **_written(began=self.began, since=self.since, full=self.full, clean=self.clean),
                "place": place,
            }
        )

    def lost(self) -> Mark:
        """Nothing to go on with: the next run starts the list again."""
        return Mark(state=_written(full=self.full, clean=self.clean))

    def done(self) -> Mark:
        """All was handed over, without a fault."""
        if not self.dated:
            return Mark(state={})
        full = self.began if self.since is None else self.full
        return Mark(state=_written(full=full, clean=self.began))


def _within(span: timedelta, moment: datetime | None, now: datetime) -> bool:
    """Whether a moment lies so far back at most; one that is yet to come tells nothing.

    A clock that was wrong, ours or that of the source, would else keep changes from us.
    """
    return moment is not None and timedelta() <= now - moment < span


def _moment(state: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(state[name]) if name in state else None


def _written(**moments: datetime | None) -> dict[str, Any]:
    return {name: moment.isoformat() for name, moment in moments.items() if moment is not None}
