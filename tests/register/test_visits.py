"""What a source answered is kept between runs, on both databases, and written only if new."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from given import NOON

from catalogue.model.source import Source
from catalogue.model.visit import Visit
from catalogue.register import tables as t
from catalogue.register.register import Register
from catalogue.register.visits import SourceVisits
from catalogue.register.writer import Writer

URL = "https://umc.example/dataset/1"
TURTLE = "text/turtle"


def a_visit(**changes: Any) -> Visit:
    given = Visit(
        url=URL,
        accept=TURTLE,
        final_url=URL,
        media_type=TURTLE,
        etag='"1"',
        last_modified=None,
        next_page=None,
        fetched=NOON,
    )
    return replace(given, **changes)


@pytest.fixture
def visits(register: Register) -> SourceVisits:
    for slug in ("umc-a", "umc-b"):
        Writer(register.engine).save_source(
            Source(slug=slug, title=slug, protocol="fdp", url=f"https://{slug}.example/")
        )
    return SourceVisits(register.engine, "umc-a")


def rows(register: Register) -> list[Any]:
    with register.engine.connect() as connection:
        return list(connection.execute(sa.select(t.visits)))


def test_an_answer_is_found_again_with_its_bytes(visits: SourceVisits) -> None:
    visit = a_visit(last_modified="Sun, 01 Nov 2026 08:00:00 GMT", next_page="/p2")
    visits.keep(visit, b"<> <#p> 1 .")
    assert visits.known(URL, TURTLE) == visit
    assert visits.content(visit) == b"<> <#p> 1 ."


def test_what_was_never_asked_is_not_known(visits: SourceVisits) -> None:
    visits.keep(a_visit(), b"1")
    assert visits.known(URL + "0", TURTLE) is None
    assert visits.known(URL, "application/json") is None
    assert visits.content(a_visit(url="https://umc.example/")) is None


def test_sources_do_not_share_what_they_answered(visits: SourceVisits, register: Register) -> None:
    visits.keep(a_visit(), b"1")
    assert SourceVisits(register.engine, "umc-b").known(URL, TURTLE) is None


def test_the_same_answer_at_another_time_is_not_written(
    visits: SourceVisits, register: Register
) -> None:
    visits.keep(a_visit(), b"1")
    visits.keep(a_visit(fetched=NOON.replace(hour=18)), b"1")
    assert [row.fetched for row in rows(register)] == [NOON]


@pytest.mark.parametrize(
    ("visit", "content"),
    [
        (a_visit(etag='"2"'), b"1"),
        (a_visit(etag=None, last_modified="Sun, 01 Nov 2026 08:00:00 GMT"), b"1"),
        (a_visit(final_url="https://umc.example/new"), b"1"),
        (a_visit(), b"2"),
    ],
    ids=["a new tag", "a date instead", "moved", "other bytes under the same tag"],
)
def test_an_answer_that_differs_replaces_the_one_before(
    visits: SourceVisits, register: Register, visit: Visit, content: bytes
) -> None:
    visits.keep(a_visit(), b"1")
    visits.keep(visit, content)
    assert visits.known(URL, TURTLE) == visit
    assert visits.content(visit) == content
    assert len(rows(register)) == 1


def test_an_address_is_forgotten_for_every_question(
    visits: SourceVisits, register: Register
) -> None:
    visits.keep(a_visit(), b"1")
    visits.keep(a_visit(accept="application/json"), b"{}")
    visits.forget(URL)
    visits.forget(URL)
    assert rows(register) == []


def test_bytes_that_are_not_what_they_were_are_no_answer(
    visits: SourceVisits, register: Register
) -> None:
    visits.keep(a_visit(), b"1")
    with register.engine.begin() as connection:
        connection.execute(t.visits.update().values(digest="0" * 64))
    assert visits.content(a_visit()) is None


def test_a_question_in_very_many_words_is_kept_too(visits: SourceVisits) -> None:
    long, longer = "text/turtle, " * 40, "text/turtle, " * 41
    visits.keep(a_visit(accept=long), b"1")
    assert visits.known(URL, long) == a_visit(accept=long)
    assert visits.known(URL, longer) is None


def test_a_source_that_is_removed_takes_its_answers_along(
    visits: SourceVisits, register: Register
) -> None:
    visits.keep(a_visit(), b"1")
    Writer(register.engine).remove_source("umc-a")
    assert rows(register) == []


def test_many_threads_may_keep_answers_at_once(visits: SourceVisits, register: Register) -> None:
    def keep(number: int) -> None:
        for each in range(10):
            visits.keep(a_visit(url=f"{URL}/{number % 2}/{each}"), b"%d" % number)

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(register)) == 20


def test_an_address_that_is_still_asked_for_says_so_once_a_month(
    visits: SourceVisits, register: Register
) -> None:
    visits.keep(a_visit(), b"1")
    for days in (29, 31, 60):
        visits.keep(a_visit(fetched=NOON + timedelta(days=days)), b"1")
    assert [row.fetched for row in rows(register)] == [NOON + timedelta(days=31)]


def test_an_address_that_nobody_asked_for_in_three_months_is_dropped(
    visits: SourceVisits, register: Register
) -> None:
    other = SourceVisits(register.engine, "umc-b")
    for each in (visits, other):
        each.keep(a_visit(url=URL + "?token=1"), b"1")
    later = NOON + timedelta(days=91)
    SourceVisits(register.engine, "umc-a").keep(a_visit(fetched=later), b"1")
    assert sorted((row.source, row.url) for row in rows(register)) == [
        ("umc-a", URL),
        ("umc-b", URL + "?token=1"),
    ]
