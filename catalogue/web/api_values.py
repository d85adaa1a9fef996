"""Values as programs get them: what nobody stated is `null`, never 0 or an empty word."""

from __future__ import annotations

from catalogue.model.counts import Count
from catalogue.model.text import LangText


def counted(count: Count | None) -> dict[str, int | None] | None:
    """A number of people: `null` when not stated, a value, or below how many."""
    return None if count is None else {"value": count.value, "below": count.below}


def texts(value: LangText) -> dict[str, str]:
    """Text by language tag; untagged text under `und`."""
    return {each.language or "und": each.value for each in value.texts}
