"""The system call filter, read by a small interpreter, for machines that we do not have."""

from __future__ import annotations

import os
import platform
import struct

import pytest

from catalogue.store.engine import sandbox

ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {
    "x86_64": {"openat": 257, "socket": 41, "connect": 42, "clone": 56, "execve": 59,
               "ptrace": 101, "io_uring_setup": 425, "clone3": 435, "kill": 62, "sendmsg": 46},
    "aarch64": {"openat": 56, "socket": 198, "connect": 203, "clone": 220, "execve": 221,
                "ptrace": 117, "io_uring_setup": 425, "clone3": 435, "kill": 129, "sendmsg": 211},
}  # fmt: skip
HARMLESS = {
    "x86_64": {"read": 0, "mmap": 9, "accept4": 288, "sendto": 44, "exit_group": 231},
    "aarch64": {"read": 63, "mmap": 222, "accept4": 242, "sendto": 206, "exit_group": 94},
}
TGKILL = {"x86_64": 234, "aarch64": 131}


def verdict(machine: str, number: int, *, first: int = 0, architecture: int | None = None) -> int:
    """What the filter for this machine says about a call with this first argument."""
    data = struct.pack("=IIQQ", number, architecture or ARCHITECTURES[machine], 0, first)
    program = list(struct.iter_unpack("HBBI", sandbox._program()))
    position = accumulator = 0
    while True:
        code, yes, no, value = program[position]
        position += 1
        if code == sandbox._RETURN:
            return value
        if code == sandbox._LOAD:
            (accumulator,) = struct.unpack_from("=I", data, value)
        else:
            position += yes if accumulator == value else no


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    return request.param


def test_what_opens_connects_or_executes_is_refused(machine):
    found = {name: verdict(machine, number) for name, number in NUMBERS[machine].items()}
    assert found == dict.fromkeys(NUMBERS[machine], REFUSE)


def test_what_answers_a_query_is_allowed(machine):
    found = {name: verdict(machine, number) for name, number in HARMLESS[machine].items()}
    assert found == dict.fromkeys(HARMLESS[machine], ALLOW)


def test_a_child_may_abort_itself_and_nobody_else(machine):
    assert verdict(machine, TGKILL[machine], first=os.getpid()) == ALLOW
    assert verdict(machine, TGKILL[machine], first=1) == REFUSE


def test_the_calls_of_another_architecture_kill(machine):
    assert verdict(machine, 1, architecture=0x40000003) == KILL


def test_the_x32_numbers_are_refused(machine):
    assert verdict(machine, 0x40000000 | 41) == REFUSE


def test_a_machine_without_a_filter_is_told_so(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(sandbox.SandboxError, match="riscv64"):
        sandbox.confine()
