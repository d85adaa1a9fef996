"""`catalogue token`, as an operator types it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from catalogue.accounts.token import read_token
from catalogue.cli import catalogue
from catalogue.errors import CatalogueError


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CATALOGUE_DATA", str(tmp_path))
    monkeypatch.delenv("CATALOGUE_DATABASE_URL", raising=False)

    def type_(*words: str) -> Result:
        return CliRunner().invoke(catalogue, ["token", *words])

    return type_


def created(run: Any, *more: str) -> str:
    said = run("create", "--organisation", "merwestad", "--name", "Anna de Wit", *more)
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


def test_revoking_what_does_not_exist_is_an_error(run: Any) -> None:
    said = run("revoke", "aaaaaaaaaa")
    assert isinstance(said.exception, CatalogueError)
