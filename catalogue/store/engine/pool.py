"""The children: forked ahead, ended at their deadline, replaced when gone.

A generation is a set of children that see the same graphs. After an update a new one is
forked and the old one retired: idle children leave at once, busy ones finish their query.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from catalogue.store.engine.child import Child, Limits
from catalogue.store.engine.content import Graphs
from catalogue.store.engine.slots import Slot, Slots

FATES_KEPT: Final = 1000
FAILED_TO_START: Final = 70
GIVE_UP_AFTER: Final = 5
YOUNG_SECONDS: Final = 0.05
LAST: Final = "long"
"""Short queries have a moment of processor time; the long ones give way to them."""

_WHY_SIGNAL: Final = {
    signal.SIGALRM: "timeout",
    signal.SIGXCPU: "timeout",
    signal.SIGPROF: "timeout",
    signal.SIGABRT: "memory",
    signal.SIGSEGV: "memory",
    signal.SIGBUS: "memory",
}


class PoolError(Exception):
    """Children do not stay alive; the engine cannot go on."""


@dataclass(slots=True)
class _Forked:
    slot: Slot
    role: str
    generation: int
    born: float
    ended: bool = False


class Pool:
    """Children for each listening socket. `listeners` has (role, descriptor, how many)."""

    def __init__(self, listeners: Sequence[tuple[str, int, int]], limits: Limits) -> None:
        self._listeners = listeners
        self._limits = limits
        self._wanted = sum(count for _, _, count in listeners)
        self._slots = Slots(self._wanted * 6)
        self._children: dict[int, _Forked] = {}
        self._retire = os.pipe()
        self._fates: OrderedDict[int, str] = OrderedDict()
        self._failed_starts = 0
        self.generation = 0
        self.ends: Counter[str] = Counter()

    def swap(self, graphs: Graphs) -> None:
        """Fork a generation that sees the graphs as they are now, and retire the one before."""
        self.generation += 1
        before, self._retire = self._retire, os.pipe()
        for role, listener, count in self._listeners:
            for _ in range(count):
                self._fork(graphs, role, listener)
        _retire(before)

    def may_swap(self) -> bool:
        """Whether so few old children are still busy that another generation fits."""
        return len(self._slots) >= self._wanted

    def processes(self) -> list[int]:
        """The ids of all children, retired ones too."""
        return list(self._children)

    def next_deadline(self) -> float | None:
        """The earliest moment (monotonic) at which a child must be ended."""
        running = [c.slot.deadline for c in self._children.values() if not c.ended]
        return min((deadline for deadline in running if deadline), default=None)

    def end_late(self) -> None:
        """Kill every child that is past its deadline."""
        now = time.monotonic()
        for process, child in self._children.items():
            if not child.ended and 0 < child.slot.deadline <= now:
                child.ended = True
                os.kill(process, signal.SIGKILL)

    def reap(self, graphs: Graphs) -> None:
        """Note how children ended, and replace those of the generation that serves."""
        while self._children:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            child = self._children.pop(process)
            self._note(child, status)
            self._slots.give_back(child.slot)
            if child.generation == self.generation:
                self._fork_again(graphs, child)

    def why(self, token: int) -> str | None:
        """How the query with this token ended, or `None` when its child is not reaped yet."""
        return self._fates.get(token)

    def figures(self) -> dict[str, Any]:
        """Numbers for a dashboard."""
        return {
            "generation": self.generation,
            "children": len(self._children),
            "busy": sum(1 for c in self._children.values() if c.slot.deadline),
            "ends": dict(self.ends),
        }

    def _fork_again(self, graphs: Graphs, child: _Forked) -> None:
        listener = next(fd for role, fd, _ in self._listeners if role == child.role)
        self._fork(graphs, child.role, listener)

    def _fork(self, graphs: Graphs, role: str, listener: int) -> None:
        slot = self._slots.borrow()
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            self._be_child(
                Child(graphs, slot, self.generation, self._limits), parent, role, listener
            )
        self._children[process] = _Forked(slot, role, self.generation, time.monotonic())

    def _be_child(self, child: Child, parent: int, role: str, listener: int) -> None:
        """Never returns: a child must not fall back into the parent's loop."""
        status = FAILED_TO_START
        try:
            last = role == LAST
            child.run(parent=parent, listener=listener, retire=self._retire[0], last=last)
            status = 0
        except BaseException as error:  # noqa: BLE001 - the last thing this process does is say why
            os.write(2, f"query engine: a child ended: {error!r}\n".encode())
        finally:
            os._exit(status)

    def _note(self, child: _Forked, status: int) -> None:
        why = _why(child, status)
        self._count_failed_start(child, status)
        self.ends[why] += 1
        if child.slot.token and why != "retired":
            self._fates[child.slot.token] = why
            if len(self._fates) > FATES_KEPT:
                self._fates.popitem(last=False)

    def _count_failed_start(self, child: _Forked, status: int) -> None:
        failed = status != 0 and child.slot.token == 0 and not child.ended
        self._failed_starts = self._failed_starts + 1 if failed and _young(child) else 0
        if self._failed_starts >= GIVE_UP_AFTER + self._wanted:
            raise PoolError(
                f"{self._failed_starts} children in a row ended before their first query"
            )


def _retire(pipe: tuple[int, int]) -> None:
    """Tell the children on this pipe; by a byte, as a new child may still hold it open."""
    os.write(pipe[1], b"!")
    for descriptor in pipe:
        os.close(descriptor)


def _young(child: _Forked) -> bool:
    return time.monotonic() - child.born < YOUNG_SECONDS * 20


def _why(child: _Forked, status: int) -> str:
    """timeout, memory, crashed, killed or retired."""
    if child.ended:
        return "timeout"
    if os.WIFSIGNALED(status):
        number = signal.Signals(os.WTERMSIG(status))
        return _WHY_SIGNAL.get(number, "killed")
    return "crashed" if os.WEXITSTATUS(status) else "retired"
