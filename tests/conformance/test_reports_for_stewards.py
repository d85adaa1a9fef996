"""Of the report on a run its stewards read everything, and strangers where and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.hidden import Scene, scene

HELD = "https://umc.example/held-quokka"
NEVER = "https://umc.example/never-numbat"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("reports")
    with scene(folder) as made:
        yield made


def ask(site: Scene, path: str, who: str = "", accept: str = "text/html") -> Any:
    bearer = {"Authorization": f"Bearer {site.tokens[who]}"} if who else {}
    return site.app.test_client().get(path, headers={"Accept": accept, **bearer})


def outcomes(site: Scene, number: int, who: str = "") -> list[dict[str, Any]]:
    """The lines of a run by its place: 1 is the first run."""
    run = site.runs[-number]
    path = f"/api/v1/sources/umc/runs/{run}/outcomes?size=100"
    found: list[dict[str, Any]] = ask(site, path, who).json["outcomes"]
    return found


def line(site: Scene, number: int, iri: str, who: str = "") -> dict[str, Any]:
    (found,) = [each for each in outcomes(site, number, who) if each["source_iri"] == iri]
    return found


def test_a_stranger_reads_where_a_held_record_is_and_why(site: Scene) -> None:
    said = line(site, 1, HELD)
    assert said["outcome"] == "held"
    assert (said["title"], said["record"], said["repairs"]) == ("", None, [])
    assert "at least one title" in said["findings"][0]["messages"]["en"]
    assert {each["value"] for each in said["findings"]} == {None}
    assert said["advice"]["nl"]


def test_a_steward_reads_all_of_it(site: Scene) -> None:
    said = line(site, 1, HELD, "anna")
    assert said["record"] in site.hidden
    assert any("31-12-1907" in each["before"] for each in said["repairs"])
    assert line(site, 1, NEVER, "anna")["title"] == "Never yapok"
    html = ask(site, f"/en/sources/umc/runs/{site.runs[-1]}", "anna").text
    assert "Never yapok" in html
    assert "sign in to read everything" not in html


@pytest.mark.parametrize("who", ["", "bob", "eve"])
def test_a_steward_of_another_organisation_is_a_stranger_here(site: Scene, who: str) -> None:
    for number in (1, 2, 3, 4, 5):
        assert outcomes(site, number, who) == outcomes(site, number)
    html = ask(site, f"/en/sources/umc/runs/{site.runs[-1]}", who).text
    assert "yapok" not in html.lower()
    assert NEVER in html
    assert "only the address at the source and the reason are told" in html


def test_what_was_removed_is_named_when_it_was_public_and_else_only_its_address(
    site: Scene,
) -> None:
    gone = line(site, 2, "https://umc.example/gone")
    assert (gone["outcome"], gone["title"]) == ("removed", "Gone wombat")
    never = line(site, 3, NEVER)
    assert (never["outcome"], never["title"], never["record"]) == ("removed", "", None)
    assert line(site, 3, NEVER, "anna")["title"] == "Never yapok"


def test_a_record_that_was_withdrawn_since_is_not_quoted_any_more(site: Scene) -> None:
    said = line(site, 1, "https://umc.example/gone")
    assert (said["outcome"], said["title"]) == ("new", "Gone wombat")
    assert said["findings"] == said["repairs"] == []
    assert line(site, 1, "https://umc.example/gone", "anna")["findings"]


def test_what_a_parser_quoted_is_for_stewards(site: Scene) -> None:
    (said,) = [each for each in outcomes(site, 3) if each["outcome"] == "failed"]
    assert re.search(r"broken\.ttl: Turtle: not well-formed \(line \d+\)$", said["message"]["en"])
    assert "line" in said["advice"]["en"]
    (told,) = [each for each in outcomes(site, 3, "anna") if each["outcome"] == "failed"]
    assert "Dasyure" in told["message"]["en"]


@pytest.mark.parametrize("path", ["/en/sources/umc", "/en/sources/umc/feed.atom"])
def test_a_run_that_failed_says_where_to_strangers_and_all_to_stewards(
    site: Scene, path: str
) -> None:
    assert "Turtle: not well-formed (line 1)" in ask(site, path).text
    assert "Dasyure is not a valid subject" in ask(site, path, "anna").text


@pytest.mark.parametrize(
    "path", ["/en/sources/submitted-tenrec", "/api/v1/sources/submitted-tenrec"]
)
def test_an_organisation_that_has_only_drafts_is_known_to_itself(site: Scene, path: str) -> None:
    assert ask(site, path).status_code == 404
    assert ask(site, path, "anna").status_code == 404
    assert ask(site, path, "bob").status_code == 200
    assert "tenrec" in ask(site, "/en/sources", "bob").text
    assert "submitted-umc" in ask(site, "/en/sources").text


def test_sources_that_nobody_reads_are_not_counted_as_unread(site: Scene) -> None:
    assert "not read completely" not in ask(site, "/en/").text
    assert site.parts.register.totals()["sources"] == 1
