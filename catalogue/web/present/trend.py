"""The last runs of a source in two small drawings; the table under them has the same numbers.

A drawing is read by eye only: everything in it also stands in the table, so it is one image
with one sentence for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.register.records import Outcome, RunState, RunSummary
from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.present.reader import day, number

MOST_RUNS = 30
SLOT, BAR = 20.0, 14.0
RECORDS_HIGH, DURATION_HIGH = 110.0, 44.0
LEAST = 3.0
"""Units high, so that one failure among a thousand records can be seen."""

STACK: tuple[tuple[str, tuple[Outcome, ...]], ...] = (
    ("same", (Outcome.UNCHANGED,)),
    ("fresh", (Outcome.NEW, Outcome.CHANGED)),
    ("gone", (Outcome.REMOVED,)),
    ("mend", (Outcome.HELD, Outcome.FAILED)),
)
"""What a bar is made of, from the bottom up."""

LEGEND = (
    ("same", lazy_gettext("unchanged")),
    ("fresh", lazy_gettext("added or updated")),
    ("gone", lazy_gettext("removed")),
    ("mend", lazy_gettext("held back or not readable")),
    ("failed", lazy_gettext("the run failed")),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a bar, in units of the drawing."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One drawing. `crosses` are the middles of runs that failed; `words` say what it shows."""

    height: float
    blocks: tuple[Block, ...]
    crosses: tuple[float, ...]
    words: str
    top: str

    @property
    def width(self) -> float:
        """In units; always room for as many runs as fit."""
        return SLOT * MOST_RUNS


@dataclass(frozen=True, slots=True)
class Trend:
    """How the last runs went, the newest at the right; `legend` names only what occurs."""

    records: Chart
    durations: Chart
    period: str
    legend: tuple[tuple[str, str], ...]


def trend(runs: Sequence[RunSummary]) -> Trend | None:
    """The drawings of `runs`, newest first; `None` when there is nothing to compare."""
    shown = list(reversed([each for each in runs if each.ended][:MOST_RUNS]))
    if len(shown) < 2:
        return None
    records, durations = _records(shown), _durations(shown)
    kinds = {each.kind for each in records.blocks} | ({"failed"} if records.crosses else set())
    legend = tuple((kind, str(name)) for kind, name in LEGEND if kind in kinds)
    return Trend(records, durations, _period(shown), legend)


def seconds(run: RunSummary) -> float | None:
    """How long a run took; `None` while it is running."""
    return (run.ended - run.started).total_seconds() if run.ended else None


def duration(taken: float | None) -> str:
    """A duration in words: `< 1 s`, `41 s`, `3 min 20 s`, `2 h 5 min`."""
    if taken is None:
        return "–"
    if taken < 1:
        return "< 1 s"
    whole = round(taken)
    minutes, rest = divmod(whole, 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return gettext("%(hours)s h %(minutes)s min", hours=number(hours), minutes=left)
    if minutes:
        return gettext("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
    return gettext("%(seconds)s s", seconds=whole)


def _records(runs: Sequence[RunSummary]) -> Chart:
    parts = [_parts(each) for each in runs]
    most = max(sum(each.values()) for each in parts)
    blocks: list[Block] = []
    for each, left in zip(parts, _lefts(len(runs)), strict=True):
        blocks.extend(_stack(left, each, most))
    top = gettext("Records of a run, at most %(number)s", number=number(most))
    return _chart(runs, RECORDS_HIGH, blocks, _crosses(runs), top)


def _durations(runs: Sequence[RunSummary]) -> Chart:
    taken = [seconds(each) or 0.0 for each in runs]
    most = max(taken)
    height = _scale(most, DURATION_HIGH)
    blocks = [
        Block("time", left, DURATION_HIGH - height(each), BAR, height(each))
        for each, left in zip(taken, _lefts(len(runs)), strict=True)
    ]
    top = gettext("Duration of a run, at most %(duration)s", duration=duration(most))
    return _chart(runs, DURATION_HIGH, blocks, (), top)


def _chart(
    runs: Sequence[RunSummary],
    height: float,
    blocks: Sequence[Block],
    crosses: Sequence[float],
    top: str,
) -> Chart:
    words = gettext(
        "%(what)s; %(runs)s runs, %(period)s. The table has the numbers.",
        what=top,
        runs=len(runs),
        period=_period(runs),
    )
    return Chart(height=height, blocks=tuple(blocks), crosses=tuple(crosses), words=words, top=top)


def _crosses(runs: Sequence[RunSummary]) -> tuple[float, ...]:
    """The middles of the runs that failed."""
    places = zip(runs, _lefts(len(runs)), strict=True)
    return tuple(left + BAR / 2 for each, left in places if each.state is RunState.FAILED)


def _period(runs: Sequence[RunSummary]) -> str:
    return f"{day(runs[0].started).text} – {day(runs[-1].started).text}"


def _parts(run: RunSummary) -> Mapping[str, int]:
    return {kind: sum(run.counts.get(each, 0) for each in of) for kind, of in STACK}


def _stack(left: float, parts: Mapping[str, int], most: int) -> list[Block]:
    height, floor = _scale(most, RECORDS_HIGH - LEAST * len(STACK)), RECORDS_HIGH
    blocks = []
    for kind, _ in STACK:
        if parts[kind]:
            floor -= height(parts[kind])
            blocks.append(Block(kind, left, round(floor, 1), BAR, height(parts[kind])))
    return blocks


def _scale(most: float, high: float) -> Callable[[float], float]:
    """From a number to units, the largest filling the drawing; nothing is too low to see."""
    return lambda value: round(max(LEAST, high * value / most), 1) if most else LEAST


def _lefts(runs: int) -> list[float]:
    """Where the bars stand: to the right, so that the newest run is always at the same place."""
    return [place * SLOT + (SLOT - BAR) / 2 for place in range(MOST_RUNS - runs, MOST_RUNS)]
