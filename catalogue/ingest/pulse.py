"""Signs of life of a run, also while a slow source keeps it waiting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from catalogue.errors import RunLost
from catalogue.register.incoming import Run
from catalogue.register.runs import BEAT

log = logging.getLogger(__name__)


class Beats(Protocol):
    """What the pulse needs of the writer."""

    def beat(self, run: Run) -> None:
        """Raises `RunLost` when the run was taken over."""
        ...


@contextmanager
def pulse(
    writer: Beats, run: Run, every: float = BEAT.total_seconds()
) -> Iterator[threading.Event]:
    """Let a run give signs of life `every` so many seconds, until the block is left.

    The event is set when the run turns out to be taken over. A database that does not
    answer for a moment is tried again at the next beat.
    """
    done, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not done.wait(every) and not lost.is_set():
            try:
                writer.beat(run)
            except RunLost:
                lost.set()
            except Exception:
                log.exception("%s: run %d could not give a sign of life", run.source, run.id)

    thread = threading.Thread(target=beat, name="pulse", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        done.set()
        thread.join()
