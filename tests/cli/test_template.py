"""`catalogue source template`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from catalogue.cli import catalogue
from catalogue.errors import SettingsError
from catalogue.rdf.workbook import tables


def run(*arguments: str) -> str:
    found = CliRunner().invoke(catalogue, ["source", "template", *arguments])
    if isinstance(found.exception, SettingsError):
        return str(found.exception)
    return found.output


def test_the_template_is_written_in_the_language_asked_for(tmp_path: Path) -> None:
    for language, sheet in (("nl", "uitleg"), ("en", "explanation")):
        path = tmp_path / f"{language}.xlsx"
        assert "written" in run(str(path), "--language", language)
        assert sheet in {each.name for each in tables(path.read_bytes(), path.name)}


def test_a_file_that_is_there_is_not_written_over_by_accident(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_text("mine")
    assert "add --replace" in run(str(path))
    assert path.read_text() == "mine"
    assert "written" in run(str(path), "--replace")


def test_a_name_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert "ends in .xlsx" in run(str(tmp_path / "x.csv"))
    assert "No such file" in run(str(tmp_path / "nowhere" / "x.xlsx"))
