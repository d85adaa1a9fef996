"""Lock a process in before it runs a stranger's query: memory, descriptors, system calls.

The filter is a list of what is allowed, so a system call that we did not think of is
refused. Nothing that opens a file, a connection or a process is on it: SERVICE and LOAD
cannot leave, whatever the query says. Linux on x86_64 or aarch64 only; anywhere else, and
whenever the kernel says no, `SandboxError` stops the engine rather than run it open.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from collections.abc import Sequence
from typing import Final

LISTENER: Final = 3
RETIRE: Final = 4
DESCRIPTORS: Final = 7  # 0-2, listener, retire pipe, what waits for both, one connection

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

# name: (x86_64, aarch64); -1 where the architecture has no such call
_ALLOWED: Final = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, -1),
    "ppoll": (271, 73),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "ioctl": (16, 29),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "accept": (43, 202),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
    "exit": (60, 93),
    "fcntl": (72, 25),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "getppid": (110, 173),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "time": (201, -1),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "epoll_wait": (232, -1),
    "epoll_pwait": (281, 22),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "set_robust_list": (273, 99),
    "accept4": (288, 242),
    "getrandom": (318, 278),
    "rseq": (334, 293),
}
_ON_ITSELF: Final = {"tgkill": (234, 131), "prlimit64": (302, 261)}
_ARCHITECTURES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD: Final = 0x20
_JUMP_IF_EQUAL: Final = 0x15
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000 | errno.EPERM
_NUMBER, _ARCHITECTURE, _FIRST_LOW, _FIRST_HIGH = 0, 4, 16, 20


class SandboxError(Exception):
    """A child cannot be locked in on this machine; the message says what is missing."""


def die_with_parent(parent: int) -> None:
    """Be killed when the parent ends; leave at once if it already has."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, "a signal at the parent's end")
    if os.getppid() != parent:
        os._exit(0)


def keep_only(listener: int, retire: int) -> None:
    """Close every descriptor but the standard three, these two (as 3 and 4)."""
    spare_listener = os.dup2(listener, 200)
    spare_retire = os.dup2(retire, 201)
    os.dup2(spare_listener, LISTENER)
    os.dup2(spare_retire, RETIRE)
    os.closerange(RETIRE + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def limit(memory_bytes: int) -> None:
    """Allow so much more address space, no files, no processes, no new descriptors."""
    limits = {
        resource.RLIMIT_AS: _address_space() + memory_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
    }
    for name, value in limits.items():
        resource.setrlimit(name, (value, value))


def limit_processor(seconds: float) -> None:
    """Allow so many more seconds of processor time: a second clock beside the parent's."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    total = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (total, resource.RLIM_INFINITY))


def confine() -> None:
    """Refuse every system call that is not on the list. Cannot be undone."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, "giving up new privileges")
    program = _program()
    code = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    holder = ctypes.create_string_buffer(header)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, "a system call filter", holder)


def _prctl(option: int, value: int, purpose: str, extra: object = 0) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, extra, 0, 0) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise SandboxError(f"the kernel refused {purpose} (prctl {option}): {reason}")


def _program() -> bytes:
    """The filter as classic BPF: the architecture, the checked calls, then the list."""
    column, architecture = _architecture()
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
    ]
    lines += _only_with(_ON_ITSELF["tgkill"][column], os.getpid())
    lines += _only_with(_ON_ITSELF["prlimit64"][column], 0)
    lines.append((_LOAD, 0, 0, _NUMBER))
    lines += _any_of([numbers[column] for numbers in _ALLOWED.values() if numbers[column] >= 0])
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _architecture() -> tuple[int, int]:
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in _ARCHITECTURES or struct.calcsize("P") != 8:
        raise SandboxError(
            f"no system call filter for {platform.system()} on {machine}; "
            "the embedded store needs Linux on x86_64 or aarch64 (or set CATALOGUE_STORE_URL)"
        )
    return _ARCHITECTURES[machine]


def _only_with(number: int, first_argument: int) -> list[tuple[int, int, int, int]]:
    """Allow this call when its first argument is this value; refuse it otherwise."""
    return [
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_IF_EQUAL, 0, 6, number),
        (_LOAD, 0, 0, _FIRST_HIGH),
        (_JUMP_IF_EQUAL, 0, 3, 0),
        (_LOAD, 0, 0, _FIRST_LOW),
        (_JUMP_IF_EQUAL, 0, 1, first_argument),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]


def _any_of(numbers: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Allow these calls, refuse every other (the x32 numbers of x86_64 are others too)."""
    count = len(numbers)
    jumps = [
        (_JUMP_IF_EQUAL, count - position, 0, number) for position, number in enumerate(numbers)
    ]
    return [*jumps, (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - keeps pathlib out
        return int(statm.read().split()[0]) * resource.getpagesize()
