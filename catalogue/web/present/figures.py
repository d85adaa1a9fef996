"""Big numbers with an ideogram bar that keeps the unknown visible."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: `kind` is "yes", "no" or "unknown"; `share` in whole percent."""

    kind: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, what it counts, a bar and a note. `mark` as in `Shown`."""

    value: str
    label: str
    unit: str = ""
    mark: str = ""
    parts: tuple[Part, ...] = ()
    note: str = ""
    unknown: str = ""


def bar(yes: int, no: int, unknown: int) -> tuple[Part, ...]:
    """Shares of a whole that always fill the bar; nothing to show gives no bar.

    >>> [(part.kind, part.share) for part in bar(1, 0, 2)]
    [('yes', 33), ('unknown', 67)]
    """
    whole = yes + no + unknown
    if not whole:
        return ()
    first = round(100 * yes / whole)
    second = round(100 * (yes + no) / whole) - first
    parts = (Part("yes", first), Part("no", second), Part("unknown", 100 - first - second))
    return tuple(part for part in parts if part.share)


def percent(part: int, whole: int) -> int | None:
    """A whole percentage, or `None` of nothing."""
    return round(100 * part / whole) if whole else None
