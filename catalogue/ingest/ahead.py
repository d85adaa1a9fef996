"""Let one thing be made while the one before is being used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


def weightless(_item: object) -> int:
    """Only the number of things counts."""
    return 0


def ahead(
    items: Iterable[T],
    size: int,
    *,
    weigh: Callable[[T], int] = weightless,
    most: int = 0,
) -> Generator[T, None, None]:
    """The same items in the same order, made by a thread that is at most `size` ahead.

    Neither is more made while what waits weighs more than `most`.

    What the maker raises is raised here, after the items that came before it. A user that
    stops early stops the maker at its next item, and closes it when it is a generator.

    >>> list(ahead(range(3), 1))
    [0, 1, 2]
    """
    made: queue.Queue[tuple[str, object]] = queue.Queue(size)
    stopped = threading.Event()
    scales: Scales[T] = Scales(weigh, most)

    def make() -> None:
        try:
            for item in items:
                made.put(("item", scales.put(item)))
                if stopped.is_set():
                    _close(items)
                    return
            made.put(("end", None))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the items are used
            made.put(("error", error))

    thread = threading.Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        yield from map(scales.take, _taken(made))
    finally:
        stopped.set()
        scales.close()
        _drain(made, thread)


class Scales(Generic[T]):
    """Keeps the maker waiting while too much lies ready."""

    def __init__(self, weigh: Callable[[T], int], most: int) -> None:
        self._weigh, self._most = weigh, most
        self._change = threading.Condition()
        self._ready = 0
        self._closed = False

    def put(self, item: T) -> tuple[T, int]:
        """An item with its weight, as soon as there is room for it."""
        weight = self._weigh(item)
        with self._change:
            self._change.wait_for(lambda: self._closed or self._ready <= self._most)
            self._ready += weight
        return item, weight

    def take(self, weighed: tuple[T, int]) -> T:
        """An item that is no longer ready."""
        item, weight = weighed
        with self._change:
            self._ready -= weight
            self._change.notify_all()
        return item

    def close(self) -> None:
        """Nobody weighs any more."""
        with self._change:
            self._closed = True
            self._change.notify_all()


def _close(items: Iterable[object]) -> None:
    if isinstance(items, Generator):
        items.close()


def _taken(made: queue.Queue[tuple[str, object]]) -> Iterator[Any]:
    while True:
        what, value = made.get()
        if what == "item":
            yield value
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
