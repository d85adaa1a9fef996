"""The change log as the public may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from given import NOON
from story import Story

from catalogue.namespaces import DCT
from catalogue.register.changes_read import PublicChange, Selection
from catalogue.register.register import Register

ALL = (1, 1000)


@pytest.fixture
def story(register: Register) -> Story:
    return Story(register)


def told(changes: list[PublicChange]) -> list[tuple[str, str]]:
    return [(each.record.id, each.action) for each in changes]


def titles(change: PublicChange) -> list[str]:
    graph = change.content
    return [t.object.value for t in graph if t.predicate.value == DCT + "title"] if graph else []


def test_changes_come_in_the_order_in_which_they_were_made(
    register: Register, story: Story
) -> None:
    story.save("a")
    story.save("b")
    story.save("a", "Exomes")
    assert told(register.public_changes(*ALL)) == [
        ("a", "added"),
        ("b", "added"),
        ("a", "changed"),
    ]


def test_each_change_carries_what_was_public_then(register: Register, story: Story) -> None:
    story.save("a", "First")
    story.save("a", "Held", reason="minimum")
    story.save("a", "Second")
    found = register.public_changes(*ALL, content=True)
    assert [titles(each) for each in found] == [["First"], ["Second"]]


def test_what_was_withdrawn_is_gone_from_earlier_changes_too(
    register: Register, story: Story
) -> None:
    story.save("a", "First")
    story.withdraw("a")
    story.save("a", "Back")
    found = register.public_changes(*ALL, content=True)
    assert told(found) == [("a", "added"), ("a", "withdrawn"), ("a", "added")]
    assert [titles(each) for each in found] == [[], [], ["Back"]]


def test_a_distribution_that_left_its_dataset_is_gone_from_earlier_changes(
    register: Register, story: Story
) -> None:
    story.list("a", "k", "First", distributions=("ad",))
    (before,) = register.public_changes(*ALL, content=True)
    assert "Reads" in titles(before)
    story.save("a", "Second", distributions=())
    found = register.public_changes(*ALL, content=True)
    assert [titles(each) for each in found] == [["First"], ["Second"]]


def test_the_withdrawal_of_what_never_was_public_is_no_change(
    register: Register, story: Story
) -> None:
    story.save("a", reason="minimum")
    story.withdraw("a")
    assert register.public_changes(*ALL) == []
    assert register.last_changes(Selection(), 10) == []
    assert register.newest_changes(Selection(), 10) == []


def test_the_last_changes_name_each_record_once(register: Register, story: Story) -> None:
    for name in ("a", "b", "c"):
        story.save(name)
    story.save("a", "Exomes")
    story.withdraw("b")
    found = register.last_changes(Selection(), 10)
    assert told(found) == [("c", "added"), ("a", "changed"), ("b", "withdrawn")]
    assert register.count_last_changes(Selection()) == 3


def test_a_walk_over_the_last_changes_misses_nothing_that_changes_meanwhile(
    register: Register, story: Story
) -> None:
    for name in ("a", "b", "c", "d"):
        story.save(name)
    met, after = [], 0
    while page := register.last_changes(Selection(after=after), 2):
        met += [each.record.id for each in page]
        after = page[-1].number
        if len(met) == 2:
            story.save("a", "Exomes")
            story.save("c", "Exomes")
    assert met == ["a", "b", "d", "a", "c"]


Choice = Callable[[datetime], Selection]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        pytest.param(lambda noon: Selection(since=noon + timedelta(minutes=2)), "bc", id="since"),
        pytest.param(lambda noon: Selection(before=noon + timedelta(minutes=2)), "a", id="before"),
        pytest.param(lambda _: Selection(catalog="k"), "c", id="catalog"),
        pytest.param(lambda _: Selection(holder="merwestad"), "abc", id="holder"),
        pytest.param(lambda _: Selection(holder="elsewhere"), "", id="nobody"),
        pytest.param(lambda _: Selection(only=("b",)), "b", id="named"),
        pytest.param(lambda _: Selection(kinds=("catalog",)), "", id="kind"),
    ],
)
def test_changes_are_selected(
    register: Register, story: Story, choice: Choice, expected: str
) -> None:
    story.save("a")
    story.save("b")
    story.save("c", catalog="k")
    assert "".join(c.record.id for c in register.last_changes(choice(NOON), 9)) == expected
    assert register.count_last_changes(choice(NOON)) == len(expected)


def test_pages_of_the_log_have_fixed_bounds(register: Register, story: Story) -> None:
    assert register.change_pages(2) == []
    assert register.change_dates() is None
    for name in ("a", "b", "c"):
        story.save(name)
    first, last = register.change_pages(2)
    assert first == (1, NOON + timedelta(minutes=1), NOON + timedelta(minutes=2))
    assert last == (2, NOON + timedelta(minutes=3), NOON + timedelta(minutes=3))
    assert register.change_dates() == (first[1], last[2])


def test_a_call_for_a_rebuild_is_no_change(register: Register, story: Story) -> None:
    story.writer.ask_rebuild()
    assert register.public_changes(*ALL) == []
    assert register.change_dates() is None


def test_public_records_are_walked_in_order_of_their_identifiers(
    register: Register, story: Story
) -> None:
    for name in ("c", "a", "b"):
        story.save(name)
    story.save("d", reason="minimum")
    story.withdraw("c")
    assert [each.record.id for each in register.public_after("dataset", "", 9)] == ["a", "b"]
    assert [each.record.id for each in register.public_after("dataset", "a", 9)] == ["b"]
    assert [each.record.id for each in register.public_after("dataset", "", 9, skip=1)] == ["b"]
    later = NOON + timedelta(minutes=3)
    assert [p.record.id for p in register.public_after("dataset", "", 9, since=later)] == ["b"]
    assert (register.count_public("dataset"), register.count_public("dataset", later)) == (2, 1)
    assert sorted(register.public_records(["a", "c", "d"])) == ["a"]


def test_a_catalog_is_among_the_public_records_too(register: Register, story: Story) -> None:
    story.catalog("k")
    assert register.public_records(["k"])["k"].record.kind == "catalog"
