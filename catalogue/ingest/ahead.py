"""Let one thing be made while the one before is being used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from typing import TypeVar, cast

T = TypeVar("T")


def ahead(items: Iterable[T], size: int) -> Generator[T, None, None]:
    """The same items in the same order, made by a thread that is at most `size` ahead.

    What the maker raises is raised here, after the items that came before it. A user that
    stops early stops the maker at its next item, and closes it when it is a generator.

    >>> list(ahead(range(3), 1))
    [0, 1, 2]
    """
    made: queue.Queue[tuple[str, object]] = queue.Queue(size)
    stopped = threading.Event()

    def make() -> None:
        try:
            for item in items:
                made.put(("item", item))
                if stopped.is_set():
                    _close(items)
                    return
            made.put(("end", None))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the items are used
            made.put(("error", error))

    thread = threading.Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        yield from _taken(made)
    finally:
        stopped.set()
        _drain(made, thread)


def _close(items: Iterable[object]) -> None:
    if isinstance(items, Generator):
        items.close()


def _taken(made: queue.Queue[tuple[str, object]]) -> Iterator[T]:
    while True:
        what, value = made.get()
        if what == "item":
            yield cast(T, value)
        elif what == "error":
            raise cast(BaseException, value)
        else:
            return


def _drain(made: queue.Queue[tuple[str, object]], thread: threading.Thread) -> None:
    """Make room until the maker has seen that nobody wants more."""
    while thread.is_alive():
        try:
            made.get(timeout=0.05)
        except queue.Empty:
            continue
