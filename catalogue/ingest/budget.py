"""How much one run may take: when it is used up the run stops, and keeps what it has.

A run that stopped is partial, so it removes nothing; the next one goes on at the last mark.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from catalogue.register.records import Words

MEGABYTE = 1_000_000
SENTENCES: dict[str, Words] = {
    "seconds": {
        "en": "The run used up its {limit:.0f} seconds; the next one goes on from there.",
        "nl": "De run heeft zijn {limit:.0f} seconden gebruikt; de volgende gaat daar verder.",
    },
    "bytes": {
        "en": "The run used up its {limit:.0f} bytes; the next one goes on from there.",
        "nl": "De run heeft zijn {limit:.0f} bytes gebruikt; de volgende gaat daar verder.",
    },
    "records": {
        "en": "The run took in the {limit:.0f} records it may; the next one goes on from there.",
        "nl": "De run nam de {limit:.0f} records op die hij mag; de volgende gaat daar verder.",
    },
    "stop": {
        "en": "The run was stopped; the next one goes on from there.",
        "nl": "De run is gestopt; de volgende gaat daar verder.",
    },
}


def never() -> bool:
    """Nobody asks to stop."""
    return False


def nothing_counted() -> Mapping[str, int]:
    """Figures of a session that keeps none."""
    return {}


@dataclass(slots=True)
class Budget:
    """The limits of one run: seconds, bytes fetched, and records taken in (new or changed).

    `figures` are the session's, of which `bytes` counts here; `stopped` is asked whether
    somebody wants the run to end. `clock` counts seconds.
    """

    seconds: float = float("inf")
    bytes: float = float("inf")
    records: float = float("inf")
    figures: Callable[[], Mapping[str, int]] = nothing_counted
    stopped: Callable[[], bool] = never
    clock: Callable[[], float] = time.monotonic
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.clock()

    def used_up(self, records: int) -> Words | None:
        """Which limit was reached, as a sentence in each language; `None` when none was."""
        limits = (
            ("stop", float(self.stopped()), 1.0),
            ("seconds", self.clock() - self._started, self.seconds),
            ("bytes", self.figures().get("bytes", 0), self.bytes),
            ("records", records, self.records),
        )
        for name, used, limit in limits:
            if used >= limit:
                return {lang: text.format(limit=limit) for lang, text in SENTENCES[name].items()}
        return None
