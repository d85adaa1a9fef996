"""Show how far long work is: one moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from dataclasses import dataclass, field

import click

from catalogue.register.records import Outcome, RecordOutcome


@dataclass(slots=True)
class Board:
    """What several runs at once have handled so far, as a bar over the sources.

    On a terminal the last line moves with every record; elsewhere only finished lines are
    printed. Safe to use from several threads.
    """

    sources: int
    live: bool = field(default_factory=sys.stderr.isatty)
    finished: int = 0
    counts: Counter[Outcome] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, outcome: RecordOutcome) -> None:
        """One record was handled."""
        with self._lock:
            self.counts[outcome.outcome] += 1
            self._draw()

    def done(self, lines: list[str]) -> None:
        """A source is finished; these are its lines."""
        with self._lock:
            self.finished += 1
            self._clear()
            for line in lines:
                click.echo(line)
            self._draw()
            if self.finished == self.sources:
                self._clear()

    def _draw(self) -> None:
        if self.live:
            words = ", ".join(f"{number} {outcome}" for outcome, number in self.counts.items())
            bar = "#" * self.finished + "-" * (self.sources - self.finished)
            click.echo(f"\r\033[K[{bar}] {words}", nl=False, err=True)

    def _clear(self) -> None:
        if self.live:
            click.echo("\r\033[K", nl=False, err=True)
