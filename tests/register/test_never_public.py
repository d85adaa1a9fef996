"""What never was public leaves no trace in public, and what was leaves its tombstone."""

from __future__ import annotations

import pytest
from given import a_draft

from catalogue.errors import Gone, NotFound
from catalogue.model.text import LangText, Text
from catalogue.register.records import Holder, Outcome, RecordOutcome, RunState, State
from catalogue.register.register import Register
from catalogue.register.writer import Writer


def removed(writer: Writer, *names: str) -> None:
    """The source says that these are gone."""
    run = writer.begin("merwestad")
    writer.finish(run, RunState.COMPLETE, gone=set(names))


def saved(writer: Writer, name: str, title: str, reason: str = "", **changes: object) -> None:
    """A run that brings this version, and says nothing of others."""
    run = writer.begin("merwestad")
    writer.save(run, a_draft(name, title=title, reason=reason, **changes))
    writer.finish(run, RunState.PARTIAL)


def told(register: Register) -> list[tuple[str, str]]:
    return [(record, action) for _, record, _, action in register.changes_since(0)]


def test_the_removal_of_what_never_was_public_is_told_to_nobody(
    register: Register, writer: Writer
) -> None:
    saved(writer, "a", "Never shown", "minimum")
    removed(writer, "a")
    assert told(register) == []
    assert register.recent_changes() == []
    with pytest.raises(NotFound) as error:
        register.get("dataset", "a")
    assert not isinstance(error.value, Gone)


def test_a_source_that_is_removed_tells_only_of_what_was_public(
    register: Register, writer: Writer
) -> None:
    saved(writer, "a", "Never shown", "minimum")
    saved(writer, "b", "Shown")
    writer.remove_source("merwestad")
    assert told(register) == [("b", "added"), ("b", "withdrawn")]


def test_a_tombstone_stays_when_what_returns_is_held(register: Register, writer: Writer) -> None:
    saved(writer, "a", "Shown")
    removed(writer, "a")
    saved(writer, "a", "Not yet", "minimum")
    with pytest.raises(Gone) as error:
        register.get("dataset", "a")
    assert error.value.record.state is State.GONE
    assert error.value.record.version
    removed(writer, "a")
    with pytest.raises(Gone) as again:
        register.get("dataset", "a")
    assert again.value.record.changed == error.value.record.changed
    assert told(register) == [("a", "added"), ("a", "withdrawn")]


def test_a_tombstone_does_not_say_whose_the_held_version_is(
    register: Register, writer: Writer
) -> None:
    other = Holder(slug="elsewhere", name=LangText((Text("Elsewhere", "en"),)))
    saved(writer, "a", "Shown")
    removed(writer, "a")
    for title in ("Not yet", "Not yet either"):
        saved(writer, "a", title, "minimum", holder=other, catalog="c", digest=title)
        with pytest.raises(Gone) as error:
            register.get("dataset", "a")
        assert error.value.record.holder.slug == "merwestad"
        assert error.value.record.catalog is None


def test_a_version_that_is_held_shows_nowhere(register: Register, writer: Writer) -> None:
    other = Holder(slug="elsewhere", name=LangText((Text("Elsewhere", "en"),)))
    saved(writer, "a", "Shown")
    before = register.get("dataset", "a").record
    saved(writer, "a", "Held", "minimum", holder=other, catalog="c", kind="series")
    record = register.get("dataset", "a").record
    assert (record.holder, record.catalog, record.changed) == (before.holder, None, before.changed)
    assert [holder.slug for holder, _ in register.holders()] == ["merwestad"]
    assert [change.title.value("en") for change in register.recent_changes()] == ["Shown"]
    assert register.datasets_of_catalog("c") == []


def test_words_of_a_source_that_no_database_takes_are_written_visibly(
    register: Register, writer: Writer
) -> None:
    run = writer.begin("merwestad")
    odd = "https://umc.example/\x00\ud800"
    line = RecordOutcome(
        url=odd, outcome=Outcome.FAILED, title=odd, details={"message": {"en": odd, "nl": odd}}
    )
    writer.report(run, [line])
    writer.finish(run, RunState.FAILED, f"says {odd}")
    shown = "https://umc.example/\ufffd\ufffd"
    assert register.run(run.id).message == f"says {shown}"
    (kept,) = register.outcomes(run.id)
    assert (kept.url, kept.details["message"]["nl"]) == (shown, shown)
