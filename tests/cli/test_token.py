"""`catalogue token`, as an operator types it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from given import a_draft
from story import SOURCE, Story

from catalogue.accounts.token import read_token
from catalogue.cli import catalogue
from catalogue.errors import CatalogueError
from catalogue.model.text import LangText, Text
from catalogue.register.records import Holder
from catalogue.register.register import Register


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CATALOGUE_DATA", str(tmp_path))
    monkeypatch.delenv("CATALOGUE_DATABASE_URL", raising=False)

    def type_(*words: str) -> Result:
        return CliRunner().invoke(catalogue, ["token", *words])

    return type_


def created(run: Any, *more: str) -> str:
    said = run("create", "--organisation", "merwestad", "--new", "--name", "Anna de Wit", *more)
    assert said.exit_code == 0, said.output
    return str(said.stdout.strip())


def test_a_token_is_shown_once_and_alone(run: Any) -> None:
    text = created(run)
    assert read_token(text)
    listed = run("list").output
    assert text not in listed
    assert text[5:15] in listed
    assert "steward" in listed
    assert "Anna de Wit" in listed


def test_a_revoked_token_says_so(run: Any) -> None:
    name = created(run, "--role", "admin", "--days", "7")[5:15]
    assert "revoked" in run("revoke", name).output
    assert f"{name}  admin    merwestad            revoked on" in run("list").output


@pytest.mark.parametrize(
    "words",
    [
        ("create", "--name", "x"),
        ("create", "--organisation", "umc", "--name", "x", "--role", "owner"),
        ("create", "--organisation", "umc", "--name", "x", "--days", "0"),
    ],
)
def test_what_is_left_out_or_unknown_is_named(run: Any, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_an_organisation_is_named_as_its_source(run: Any) -> None:
    said = run("create", "--organisation", "UMC Merwestad", "--name", "x")
    assert isinstance(said.exception, CatalogueError)
    assert "UMC Merwestad" in str(said.exception)


@pytest.fixture
def harvested(tmp_path: Path) -> Story:
    """A source called merwestad, with a dataset that the Umcg holds."""
    register = Register.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}", "https://c.example")
    told = Story(register)
    held = Holder(slug="merwestad-hospital", name=LangText((Text("Merwestad Hospital", "en"),)))
    told.save("one", holder=held)
    register.close()
    return told


@pytest.mark.usefixtures("harvested")
def test_an_unknown_organisation_is_refused_with_the_known_ones(run: Any) -> None:
    said = run("create", "--organisation", "merwstad", "--name", "x")
    assert isinstance(said.exception, CatalogueError)
    assert "merwstad" in str(said.exception)
    assert "known are merwestad." in str(said.exception)
    assert "--new" in str(said.exception)
    assert run("list").output == ""


@pytest.mark.usefixtures("harvested")
def test_a_new_organisation_is_known_from_its_first_token_on(run: Any) -> None:
    assert run("create", "--organisation", "health-ri", "--name", "x", "--new").exit_code == 0
    assert run("create", "--organisation", "health-ri", "--name", "y").exit_code == 0


@pytest.mark.usefixtures("harvested")
@pytest.mark.parametrize("more", [(), ("--new",)])
def test_the_name_of_its_page_means_whoever_describes_it(run: Any, more: tuple[str, ...]) -> None:
    said = run("create", "--organisation", "merwestad-hospital", "--name", "x", *more)
    assert said.exit_code == 0, said.output
    assert "the token is for merwestad" in said.stderr
    assert "steward  merwestad  " in run("list").output


def test_a_page_of_what_several_describe_means_none_of_them(tmp_path: Path, run: Any) -> None:
    register = Register.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}", "https://c.example")
    told = Story(register)
    held = Holder(slug="hospital", name=LangText((Text("Hospital", "en"),)))
    told.save("one", holder=held)
    told.writer.save_source(replace(SOURCE, slug="noordzee"))
    draft = a_draft("two", holder=held)
    told.writer.save(told.writer.begin("noordzee"), draft)
    register.close()
    said = run("create", "--organisation", "hospital", "--name", "x", "--new")
    assert isinstance(said.exception, CatalogueError)
    assert "name one of merwestad, noordzee" in str(said.exception)


def test_revoking_what_does_not_exist_is_an_error(run: Any) -> None:
    said = run("revoke", "aaaaaaaaaa")
    assert isinstance(said.exception, CatalogueError)
