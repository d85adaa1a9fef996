"""Keep the public store and the search index equal to the register.

A projection follows the register's change log and can be rebuilt from it at any time. The
store has one follower in the serving process; every web worker follows with an index of its
own, looking at the log at most a few times a second and only when somebody searches.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.register.records import Published
from catalogue.register.register import Register
from catalogue.register.writer import Writer
from catalogue.search.document import SearchDocument, document
from catalogue.search.index import Index
from catalogue.search.request import SearchRequest
from catalogue.search.results import Results
from catalogue.store.base import PublicStore
from catalogue.terms.concept import Vocabulary

SLICE = 500


@dataclass(slots=True)
class StoreProjection:
    """Follows the register into a public store.

    With a `writer`, the position is remembered in the register: right for a store that
    outlives us. The embedded engine starts empty, and is rebuilt at every start.
    """

    register: Register
    store: PublicStore
    writer: Writer | None = None
    position: int = 0

    def rebuild(self) -> int:
        """Empty the store and refill it; returns the position reached."""
        self.position = self.register.position()
        self.store.reload(chain(self.register.graphs(), self.register.walk()))
        self._remember()
        return self.position

    def catch_up(self) -> int:
        """Apply what changed since the last time; returns how many changes."""
        changes = self.register.changes_since(self.position, SLICE)
        if not changes:
            return 0
        if any(action == "rebuild" for *_, action in changes):
            self.rebuild()
            return len(changes)
        touched = dict.fromkeys(record for _, record, _, _ in changes)
        self.store.replace(dict(self._graphs(list(touched))))
        self.position = changes[-1][0]
        self._remember()
        return len(changes)

    def _graphs(self, records: list[str]) -> Iterator[tuple[Iri, bytes | None]]:
        """A changed dataset also changes its catalog, which lists it."""
        wanted = dict.fromkeys([*records, *self.register.catalogs_holding(records)])
        yield from self.register.graphs_of(list(wanted))
        yield from self.register.walk_of(list(wanted))

    def _remember(self) -> None:
        if self.writer is not None:
            self.writer.set_position("store", self.position)


def follow(
    projection: StoreProjection,
    stop: threading.Event,
    report: Callable[[Exception], None],
    *,
    started_again: Callable[[], bool] = lambda: False,
    pause: float = 0.2,
) -> None:
    """Catch up until told to stop; after an error, report it, wait, and rebuild.

    `started_again` is asked on every round whether the store had to be started anew, and
    is therefore empty.
    """
    broken = False
    while not stop.wait(5.0 if broken else pause):
        try:
            if started_again() or broken:
                projection.rebuild()
            while projection.catch_up() and not stop.is_set():
                pass
            broken = False
        except Exception as error:  # noqa: BLE001 - a follower must survive; it reports and retries
            broken = True
            report(error)


@dataclass(slots=True)
class LiveIndex:
    """A search index that follows the register; safe to ask from several threads."""

    register: Register
    vocabulary: Vocabulary
    index: Index
    pause: float = 0.3
    position: int = -1
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _checked: float = 0.0

    def __len__(self) -> int:
        self.catch_up()
        return len(self.index)

    def search(self, request: SearchRequest, language: str = "en") -> Results:
        """Search what is published now (at most `pause` seconds ago)."""
        self.catch_up()
        return self.index.search(request, language)

    def identifiers(self, request: SearchRequest) -> list[str]:
        """The ids of everything that a search finds, in order of id."""
        self.catch_up()
        return self.index.identifiers(request)

    def total(self, request: SearchRequest) -> int:
        """How many datasets a search finds, and nothing else."""
        self.catch_up()
        return self.index.total(request)

    def label(self, facet: str, value: str) -> LangText:
        """What to call a value of a facet."""
        return self.index.label(facet, value)

    def catch_up(self) -> None:
        """Read the change log when it was not read just now."""
        if self.position >= 0 and time.monotonic() - self._checked < self.pause:
            return
        with self._lock:
            if self.position < 0:
                self._start_again()
            else:
                self._follow()
            self._checked = time.monotonic()

    def _start_again(self) -> None:
        """Fill a new index and take its place, so that readers never see half of one."""
        position, fresh = self.register.position(), self.index.anew()
        fresh.replace(self._documents(self.register.published("dataset")))
        self.index, self.position = fresh, position

    def _follow(self) -> None:
        while changes := self.register.changes_since(self.position, SLICE):
            if any(action == "rebuild" for *_, action in changes):
                self._start_again()
                return
            touched = list(
                dict.fromkeys(record for _, record, kind, _ in changes if kind == "dataset")
            )
            present = self.register.datasets(touched)
            self.index.replace(self._documents(present))
            self.index.remove(set(touched) - {item.record.id for item in present})
            self.position = changes[-1][0]

    def _documents(self, items: Iterable[Published]) -> Iterator[SearchDocument]:
        for item in items:
            holder = item.record.holder
            yield document(
                item.record.id,
                item.value,  # type: ignore[arg-type] # only datasets are asked for
                holder.slug,
                holder.name,
                self.vocabulary,
                changed=item.record.changed,
            )
