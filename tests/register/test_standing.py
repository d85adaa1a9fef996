"""How a record stands and stood, as far as the public may know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from given import NOON, a_draft
from register.conftest import Clock

from catalogue.errors import Gone, NotFound
from catalogue.model.text import LangText, Text
from catalogue.register.incoming import ReceivedBytes
from catalogue.register.records import Holder, RunState
from catalogue.register.register import Register
from catalogue.register.writer import Writer

OTHER = Holder(slug="other", name=LangText((Text("Other", "en"),)))


def save(writer: Writer, clock: Clock, *titles: str, held: bool = False) -> None:
    for title in titles:
        clock.now += timedelta(minutes=1)
        run = writer.begin("merwestad")
        hidden = {"reason": "minimum", "holder": OTHER} if held else {}
        writer.save(run, a_draft("a", title=title, digest=title, **hidden))
        writer.finish(run, RunState.PARTIAL, "")


def withdraw(writer: Writer, clock: Clock) -> None:
    clock.now += timedelta(minutes=1)
    run = writer.begin("merwestad")
    writer.finish(run, RunState.PARTIAL, "", gone={"a"})


def minutes(register: Register) -> list[tuple[int, bool]]:
    """(minute from which it was public, whether it may be shown) of every version."""
    found = register.public_versions("a")
    return [((each.since - NOON).seconds // 60, each.shown) for each in found]


def test_a_record_stands_as_get_says(register: Register, writer: Writer, clock: Clock) -> None:
    save(writer, clock, "One")
    assert register.standing("dataset", "a") == register.get("dataset", "a").record
    for kind, name in (("dataset", "b"), ("catalog", "a")):
        with pytest.raises(NotFound):
            register.standing(kind, name)
    withdraw(writer, clock)
    with pytest.raises(Gone):
        register.standing("dataset", "a")


def test_a_held_version_leaves_everything_public_as_it_was(
    register: Register, writer: Writer, clock: Clock
) -> None:
    save(writer, clock, "One")
    before = register.standing("dataset", "a")
    save(writer, clock, "Hidden", held=True)
    after = register.standing("dataset", "a")
    assert (after.holder, after.changed, after.version) == (before.holder, before.changed, 1)
    assert [each.title.value("en") for each in register.recent_changes()] == ["One"]


def test_versions_that_were_held_or_withdrawn_are_not_shown(
    register: Register, writer: Writer, clock: Clock
) -> None:
    save(writer, clock, "One")
    save(writer, clock, "Hidden", held=True)
    save(writer, clock, "Three")
    assert minutes(register) == [(1, True), (3, True)]
    withdraw(writer, clock)
    save(writer, clock, "Five")
    assert minutes(register) == [(1, False), (3, False), (5, True)]


def test_only_a_version_that_may_be_shown_is_read(
    register: Register, writer: Writer, clock: Clock
) -> None:
    save(writer, clock, "One", "Two")
    first, second = register.public_versions("a")
    assert "One" in str(register.public_version("a", first.since).n_triples())
    assert "Two" in str(register.public_version("a", second.since).n_triples())
    withdraw(writer, clock)
    for moment in (first.since, NOON):
        with pytest.raises(NotFound):
            register.public_version("a", moment)


def test_the_origin_is_that_of_the_published_version(
    register: Register, writer: Writer, clock: Clock
) -> None:
    received = ReceivedBytes(
        url="https://umc.example/1",
        media_type="text/turtle",
        fetched=NOON,
        content=b"<a> <b> <c> .",
    )
    run = writer.begin("merwestad")
    writer.save(run, a_draft("a", documents=(received,)))
    writer.finish(run, RunState.PARTIAL, "")
    save(writer, clock, "Hidden", held=True)
    origin = register.origin("a")
    assert origin.run is not None
    assert origin.run.id == run.id
    assert [each.url for each in origin.documents] == ["https://umc.example/1"]
    withdraw(writer, clock)
    with pytest.raises(NotFound):
        register.origin("a")


def test_the_title_of_what_was_withdrawn_is_not_told_again(
    register: Register, writer: Writer, clock: Clock
) -> None:
    save(writer, clock, "One")
    withdraw(writer, clock)
    (change,) = register.recent_changes()
    assert change.action == "withdrawn"
    assert not change.title
