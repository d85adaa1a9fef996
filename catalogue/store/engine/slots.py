"""Memory that parent and children share: which query each child runs, and until when."""

from __future__ import annotations

import mmap
import struct
from typing import Final

_SLOT: Final = struct.Struct("<dQ")  # deadline (monotonic seconds, 0 when idle), token


class Slot:
    """The place of one child; the child writes it, the parent reads it."""

    __slots__ = ("_memory", "_offset")

    def __init__(self, memory: mmap.mmap, number: int) -> None:
        self._memory = memory
        self._offset = number * _SLOT.size
        self.clear()

    def take(self, deadline: float, token: int) -> None:
        """A query begins."""
        _SLOT.pack_into(self._memory, self._offset, deadline, token)

    def free(self) -> None:
        """The query is over; the token stays, for whoever asks why the end was missing."""
        _SLOT.pack_into(self._memory, self._offset, 0.0, self.token)

    def clear(self) -> None:
        """Forget the previous child."""
        _SLOT.pack_into(self._memory, self._offset, 0.0, 0)

    @property
    def deadline(self) -> float:
        """Monotonic seconds, or 0 when no query runs."""
        return float(_SLOT.unpack_from(self._memory, self._offset)[0])

    @property
    def token(self) -> int:
        """The number that the client gave to the running (or last) query."""
        return int(_SLOT.unpack_from(self._memory, self._offset)[1])


class Slots:
    """A fixed number of slots in anonymous shared memory."""

    def __init__(self, count: int) -> None:
        self._memory = mmap.mmap(-1, _SLOT.size * count)
        self._free = list(range(count))
        self._numbers: dict[Slot, int] = {}

    def __len__(self) -> int:
        return len(self._free)

    def borrow(self) -> Slot:
        """A cleared slot. Raises `IndexError` when all are taken; ask `len` first."""
        number = self._free.pop()
        slot = Slot(self._memory, number)
        self._numbers[slot] = number
        return slot

    def give_back(self, slot: Slot) -> None:
        """The child is gone."""
        self._free.append(self._numbers.pop(slot))
