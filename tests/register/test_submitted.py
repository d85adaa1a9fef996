"""What stewards wrote: kept apart from what is public, and changed by one at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from given import NOON, a_draft, a_graph

from catalogue.errors import Gone, NotFound
from catalogue.model.source import Source
from catalogue.register.register import Register
from catalogue.register.submitted import (
    PROTOCOL,
    TAKEN_BACK,
    Phase,
    Reading,
    Submission,
    Submissions,
    Superseded,
    Write,
)
from catalogue.register.writer import Writer

SOURCE = Source(
    slug="submitted-merwestad",
    title="Merwestad",
    protocol=PROTOCOL,
    url="https://catalogue.example/sources/submitted-merwestad",
    organisation="merwestad",
)


@pytest.fixture
def kept(register: Register) -> Submissions:
    return Submissions(register.engine, lambda: NOON)


def a_submission(name: str = "aaaaaaaaaaaa", **changes: Any) -> Submission:
    given: dict[str, Any] = {
        "id": name,
        "kind": "dataset",
        "source": SOURCE.slug,
        "organisation": "merwestad",
        "parent": "",
        "subject": "https://umc.example/d",
        "original": "https://umc.example/d",
        "content": a_graph('<https://umc.example/d> a dcat:Dataset ; dct:title "Genomes"@en .'),
        "created": NOON,
        "changed": NOON,
    }
    return Submission(**(given | changes))


def published(kept: Submissions) -> Submission:
    kept.create(SOURCE, a_submission(), "Anna")
    before = kept.get("aaaaaaaaaaaa")
    assert before is not None
    after = replace(before, state=Phase.PUBLISHED)
    kept.change(before, after, Write(actor="Anna", action="record-published", draft=a_draft()))
    found = kept.get("aaaaaaaaaaaa")
    assert found is not None
    return found


def test_a_draft_comes_back_as_it_was_and_is_no_record(
    register: Register, kept: Submissions
) -> None:
    kept.create(SOURCE, a_submission(), "Anna")
    assert kept.get("aaaaaaaaaaaa") == a_submission()
    assert register.find("aaaaaaaaaaaa") == []
    assert register.position() == 0


def test_publishing_makes_a_record(register: Register, kept: Submissions) -> None:
    assert published(kept).number == 2
    assert register.get("dataset", "aaaaaaaaaaaa").record.source == SOURCE.slug
    assert kept.owner("dataset", "aaaaaaaaaaaa") == "merwestad"


def test_taking_back_makes_a_tombstone(register: Register, kept: Submissions) -> None:
    before = published(kept)
    gone = [("dataset", before.id)]
    write = Write(actor="Anna", action="record-withdrawn", withdrawn=gone, reason=TAKEN_BACK)
    kept.change(before, replace(before, state=Phase.DRAFT), write)
    with pytest.raises(Gone, match="took it back"):
        register.get("dataset", before.id)


def test_only_one_of_two_changes_the_same_version(register: Register, kept: Submissions) -> None:
    before = published(kept)
    position = register.position()
    write = Write(actor="Anna", action="record-changed", draft=a_draft(title="Other"))
    kept.change(before, before, write)
    with pytest.raises(Superseded):
        kept.change(before, before, write)
    assert register.position() == position + 1


def test_what_is_checked_while_nobody_else_writes_can_stop_a_change(
    register: Register, kept: Submissions
) -> None:
    kept.create(SOURCE, a_submission(), "Anna")
    before = a_submission()

    def check(seen: Reading) -> None:
        assert seen.get(before.id) == before
        assert not seen.inhabited(before.id)
        raise NotFound("not now")

    write = Write(actor="Anna", action="record-published", draft=a_draft())
    with pytest.raises(NotFound, match="not now"):
        kept.change(before, replace(before, state=Phase.PUBLISHED), write, check)
    assert kept.get(before.id) == before
    assert register.position() == 0


def test_who_writes_here_speaks_for_the_holder_only_once_it_is_public(kept: Submissions) -> None:
    kept.create(SOURCE, a_submission("bbbbbbbbbbbb"), "Anna")
    assert kept.speakers() == []
    published(kept)
    ((who, holder),) = kept.speakers()
    assert (who, holder) == ("merwestad", a_draft().holder)


def test_a_distribution_is_not_changed_against_an_older_dataset(kept: Submissions) -> None:
    dataset = published(kept)
    part = a_submission("bbbbbbbbbbbb", kind="distribution", parent=dataset.id)
    kept.create(SOURCE, part, "Anna")
    kept.change(dataset, dataset, Write(actor="Anna", action="record-changed"))
    with pytest.raises(Superseded):
        kept.change(part, part, Write(actor="Anna", action="record-changed", dataset=dataset))
    assert kept.get(part.id) == part


def test_what_stood_in_something_deleted_is_deleted_with_its_content(kept: Submissions) -> None:
    dataset = published(kept)
    kept.create(SOURCE, a_submission("bbbbbbbbbbbb", parent=dataset.id), "Anna")
    assert len(kept.children(dataset.id)) == 1
    after = replace(dataset, state=Phase.DELETED)
    kept.change(dataset, after, Write(actor="Anna", action="record-deleted"))
    part = kept.get("bbbbbbbbbbbb")
    assert part is not None
    assert (part.state, len(part.content)) == (Phase.DELETED, 0)
    assert kept.children(dataset.id) == []


def test_forgetting_a_source_forgets_its_drafts(register: Register, kept: Submissions) -> None:
    name = published(kept).id
    Writer(register.engine).remove_source(SOURCE.slug)
    assert kept.get(name) is None
    with pytest.raises(NotFound):
        register.get("dataset", name)


def test_a_source_is_made_once_and_never_harvested(register: Register, kept: Submissions) -> None:
    for name in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        kept.create(SOURCE, a_submission(name), "Anna")
    (status,) = register.sources()
    assert (status.enabled, status.organisation) == (False, "merwestad")
    assert register.configured() == []
