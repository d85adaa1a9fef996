"""On the page of a dataset: the source that it was read from, and the run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from web.townhall import RUN, a_run, application, services, status

from catalogue.register.records import SourceStatus
from catalogue.web.services import Services

SOURCE = status("noordzee", "Noordzee <b>UMC</b>", RUN)


def html(source: SourceStatus | None, run: Any = RUN, language: str = "en") -> str:
    """The page of a dataset of this source, read in this run."""
    parts: Services = services()
    register: Any = parts.register
    held = register.get("dataset", "rich")
    of = replace(held.record, source="noordzee")
    register._records["dataset", "rich"] = replace(held, record=of)
    register._sources = {"noordzee": source} if source else {}
    origin = replace(register.origin("rich"), run=run)
    register.origin = lambda _: origin
    asked = (
        application(parts)
        .test_client()
        .get(f"/{language}/dataset/rich", headers={"Accept": "text/html"})
    )
    assert asked.status_code == 200, asked.text
    return str(asked.text)


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Read from", "In run")), ("nl", ("Gelezen bij", "In ronde"))]
)
def test_it_links_to_the_source_and_the_run(language: str, words: tuple[str, ...]) -> None:
    said = html(SOURCE, language=language)
    for word in words:
        assert f"<dt>{word}</dt>" in said
    assert f'<a href="/{language}/sources/noordzee">Noordzee &lt;b&gt;UMC' in said
    assert f'<a href="/{language}/sources/noordzee/runs/{RUN.id}">' in said


def test_what_was_written_here_was_read_in_no_run() -> None:
    said = html(replace(SOURCE, protocol="submitted"))
    assert "<dt>Written here by</dt>" in said
    assert "/runs/" not in said
    assert "In run" not in said


@pytest.mark.parametrize("run", [None, a_run(3)])
def test_a_run_that_is_forgotten_or_of_another_source_is_left_out(run: Any) -> None:
    said = html(SOURCE, run)
    assert "<dt>Read from</dt>" in said
    assert "In run" not in said


@pytest.mark.parametrize("source", [None, replace(SOURCE, pending=True)])
def test_a_source_that_strangers_may_not_know_is_not_named(source: SourceStatus | None) -> None:
    said = html(source)
    assert "Read from" not in said


def test_provenance_is_offered_in_every_format() -> None:
    said = html(SOURCE)
    for key in ("ttl", "jsonld", "rdf", "nt"):
        assert f'/dataset/rich/provenance?format={key}"' in said


def test_the_date_of_the_data_is_not_taken_for_that_of_the_description() -> None:
    said = html(SOURCE)
    assert "<dt>Data changed by the holder</dt>" in said
    assert "<dt>Description last changed here</dt>" in said
