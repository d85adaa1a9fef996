"""How a number of people is published: below ten as "fewer than 10", otherwise rounded.

The rules are deterministic, the same for every channel, and applied once, before anything
reaches a public place; random noise is not used, because repeated questions average it out.
A published number changes only when the true one has moved by ten or more, so that two
versions of a description do not reveal the few people between them.

>>> published(7), published(83), published(1234)
(Count(value=None, below=10), Count(value=85, below=None), Count(value=1230, below=None))
"""

from __future__ import annotations

from catalogue.model.counts import Count

THRESHOLD = 10
"""Numbers below this are not shown (k in the statistical disclosure literature)."""

BANDS = (
    (10, "fewer-than-10"),
    (100, "10-99"),
    (1_000, "100-999"),
    (10_000, "1000-9999"),
)
LARGEST_BAND = "10000-plus"


def published(exact: int) -> Count:
    """The count that the public sees of `exact` people.

    A zero hides among the small numbers, so that nobody can tell it from a one.
    Numbers from 10 to 99 are rounded to fives, from 100 to tens; halves go up.
    """
    if exact < THRESHOLD:
        return Count(below=THRESHOLD)
    step = 5 if exact < 100 else 10
    return Count(value=(exact + step // 2) // step * step)


def steady(exact: int, before: int | None, shown_before: Count | None, now: Count) -> Count:
    """Keep what was shown when the true number moved by less than the threshold.

    A number below ten is hidden whatever was shown before it.
    """
    if before is None or shown_before is None or exact < THRESHOLD:
        return now
    return shown_before if abs(exact - before) < THRESHOLD else now


def band(count: Count | None) -> str:
    """The band of a published count, as the notation of a concept of our band scheme."""
    if count is None:
        return "not-stated"
    for upper, name in BANDS:
        if count.lowest < upper:
            return name
    return LARGEST_BAND
