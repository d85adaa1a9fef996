"""The process beside the website that harvests by schedule: `python -m catalogue.cli.scheduler`.

`catalogue serve` starts it and starts it again when it dies; it does not outlive its parent.
What parses and validates is started when something is due and stopped afterwards, so that a
catalogue that waits costs little. Told to stop, it gives its runs a few seconds to come to a
mark, closes what is left as interrupted, and the next start takes those up at once.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from catalogue.cli.parts import Workshop, open_register, trusting, workshop
from catalogue.ingest.pinging import Announcer
from catalogue.ingest.scheduler import Scheduler, Taken
from catalogue.rdf.parse import Parser
from catalogue.register.scheduling import Scheduling
from catalogue.settings import Settings
from catalogue.store.engine.sandbox import die_with_parent

PAUSE: Final = 2.0
"""Seconds between two looks at the clock."""
GRACE: Final = 5.0
"""Seconds that runs get to stop by themselves."""
HOUR: Final = 3600.0
NICENESS: Final = 10
"""A harvest can wait for a page; all that it starts is as patient."""

log = logging.getLogger("catalogue.scheduler")


class Caretaker:
    """Harvests what is due until `stop` is set."""

    def __init__(self, settings: Settings, stop: threading.Event) -> None:
        self._settings, self._stop = settings, stop
        self._register = open_register(settings)
        self._scheduler = Scheduler(
            Scheduling(self._register.engine), self._register.configured, stopping=stop.is_set
        )

    def work(self) -> None:
        """Look every few seconds, and harvest when something is due."""
        while not self._stop.is_set():
            if self._look():
                self._harvest()
            self._stop.wait(PAUSE)

    def _look(self) -> bool:
        """Whether anything is due. An error is logged; the next look comes all the same."""
        try:
            return self._scheduler.prepare()
        except Exception:
            log.exception("the scheduler could not look; it tries again")
            self._stop.wait(10 * PAUSE)
            return False

    def _harvest(self) -> None:
        """Run everything that is due, so many sources side by side, until nothing is."""
        with workshop(self._settings) as shop:
            threads = ThreadPoolExecutor(self._settings.harvests_at_once)
            running = self._start(shop, threads, set())
            while running and not self._stop.is_set():
                wait(running, timeout=PAUSE)
                self._look()
                running = self._start(shop, threads, running)
            if self._stop.is_set():
                self._leave(running)
            threads.shutdown()

    def _start(
        self, shop: Workshop, threads: ThreadPoolExecutor, running: set[Future[None]]
    ) -> set[Future[None]]:
        """Fill the free places; returns what is running."""
        running = {each for each in running if not each.done()}
        while len(running) < self._settings.harvests_at_once and not self._stop.is_set():
            taken = self._scheduler.take()
            if taken is None:
                break
            running.add(threads.submit(self._run, shop, taken))
        return running

    def _run(self, shop: Workshop, taken: Taken) -> None:
        try:
            self._scheduler.run(
                taken,
                lambda source: shop.harvest(source, cause="schedule", stopped=self._stop.is_set),
            )
        except Exception:
            log.exception("%s: the catalogue itself failed", taken.source.slug)
            return
        last = self._register.runs(taken.source.slug, 1)
        for run in last:
            counts = ", ".join(f"{number} {outcome}" for outcome, number in run.counts.items())
            log.info("%s: %s: %s", taken.source.slug, run.state, counts or run.message or "nothing")

    def _leave(self, running: set[Future[None]]) -> None:
        """End now: a thread that waits for a slow source would keep us for a minute."""
        wait(running, timeout=GRACE)
        self._scheduler.stop()
        logging.shutdown()
        os._exit(0)


def announcing(settings: Settings, stop: threading.Event) -> None:
    """Announce this catalogue to indexes at the start and every week, until `stop` is set."""
    with Parser() as parser, trusting(settings, parser, settings.ping_indexes) as web:
        announcer = Announcer(settings.ping_indexes, settings.base_url, web)
        announcer.announce()
        while not stop.wait(HOUR):
            announcer.announce()


def main() -> None:
    """Work until SIGTERM, SIGINT or the end of the parent, whose process id is the argument."""
    die_with_parent(int(sys.argv[1]))
    os.nice(NICENESS)
    logging.basicConfig(level=logging.INFO, format="scheduler: %(message)s", stream=sys.stderr)
    settings = Settings.from_environ(os.environ)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if settings.ping_indexes:
        threading.Thread(target=announcing, args=(settings, stop), daemon=True).start()
    if settings.scheduler:
        Caretaker(settings, stop).work()
    stop.wait()


if __name__ == "__main__":
    main()
