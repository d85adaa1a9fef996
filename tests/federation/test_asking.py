"""Whom we wait for, and for how long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from catalogue.errors import PeerLate
from catalogue.federation.asking import Wanted, ask_all
from catalogue.federation.peers import Peer
from catalogue.ingest.http_connection import Deadline

UMC = Peer("umc", "https://umc.example/sparql")


def wanted(*, silent: bool) -> Wanted:
    return Wanted(peer=UMC, question="SELECT * {}", columns=("?s",), silent=silent)


@pytest.mark.parametrize("silent", [False, True])
def test_who_is_kept_by_something_else_is_not_waited_for(silent: bool) -> None:
    """A name server that does not answer, say, which no deadline of a connection ends."""
    over = threading.Event()

    class Stuck:
        def post(self, *_: Any, **__: Any) -> Any:
            over.wait()

    @contextmanager
    def connect(*_: object) -> Iterator[Any]:
        yield Stuck()

    def ask() -> list[str]:
        deadline = Deadline(time.monotonic, 0.05)
        return ask_all([wanted(silent=silent)], connect, deadline, "urn:x-blank:")

    try:
        if silent:
            assert ask() == ["VALUES (?s) { (UNDEF) }"]
        else:
            with pytest.raises(PeerLate, match="umc"):
                ask()
    finally:
        over.set()
