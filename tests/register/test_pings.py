"""Announcements in the register, on both databases."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from given import NOON

from catalogue.model.source import Source
from catalogue.register import tables as t
from catalogue.register.pings import PingBook
from catalogue.register.register import Register

HOURS = timedelta(hours=6)
FDP = Source(slug="fdp-1", title="fdp.example", protocol="fdp", url="https://fdp.example/")


def test_a_client_waits_until_its_oldest_announcement_is_forgotten(register: Register) -> None:
    now = [NOON]
    book = PingBook(register.engine, lambda: now[0])
    for minutes in (0, 10, 20):
        now[0] = NOON + timedelta(minutes=minutes)
        assert not book.admit("a", 3, HOURS)
    now[0] = NOON + timedelta(hours=1)
    assert book.admit("a", 3, HOURS) == timedelta(hours=5)
    assert not book.admit("b", 3, HOURS)
    now[0] = NOON + HOURS
    assert not book.admit("a", 3, HOURS)
    assert book.admit("a", 3, HOURS) == timedelta(minutes=10)


def test_old_announcements_are_not_kept(register: Register) -> None:
    now = [NOON]
    book = PingBook(register.engine, lambda: now[0])
    book.admit("a", 3, HOURS)
    now[0] = NOON + timedelta(days=1)
    book.admit("b", 3, HOURS)
    with register.engine.connect() as connection:
        rows = connection.execute(sa.select(t.pings)).all()
    assert [row.client for row in rows] == ["b"]


def test_the_same_announcement_twice_at_once_is_one_source(register: Register) -> None:
    book = PingBook(register.engine)
    assert book.add(FDP)
    assert not book.add(FDP)
    assert book.waiting() == 1
    (known,) = book.addresses()
    assert (known.source, known.url) == ("fdp-1", FDP.url)
    assert (known.former, known.last_started) == ((), None)
