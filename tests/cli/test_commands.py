"""The command line, as stewards and operators type it."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from served import CATALOGUE, ROOT, environment

from catalogue.settings import Settings

GOOD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://umc.example/1> a dcat:Dataset ; dct:title "One"@eng ; dct:publisher "UMC" .
"""
UNTITLED = GOOD.replace('dct:title "One"@eng', 'dct:description "x"@en')


class Shell:
    """Types commands for one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0

    def __call__(self, *words: object) -> str:
        done = subprocess.run(
            [CATALOGUE, *map(str, words)],
            cwd=ROOT,
            env=environment(self.folder / "data", 8000),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        self.code = done.returncode
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_a_good_file_validates_and_its_repairs_are_named(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "good.ttl"
    file.write_text(GOOD)
    said = shell("validate", file, "-p", "minimum")
    assert shell.code == 0
    assert "minimum: conforms" in said
    assert "language" in said
    assert "repair:" in said


def test_a_folder_can_be_validated_and_the_worst_file_decides(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(GOOD)
    (tmp_path / "b.ttl").write_text(UNTITLED)
    assert "voldoet niet" in shell("validate", tmp_path, "--language", "nl")
    assert shell.code == 1
    (tmp_path / "c.ttl").write_text("<x> a .. .")
    assert "line 1" in shell("validate", tmp_path)
    assert shell.code == 2


def test_a_repaired_copy_has_fewer_findings(shell: Shell, tmp_path: Path) -> None:
    file, folder = tmp_path / "typed.ttl", tmp_path / "mended"
    file.write_text(GOOD.replace('"UMC" .', '"UMC" ; dct:issued "21-12-2021" .'))
    before = shell("validate", file, "-p", "dcat-ap-3", "--repaired", folder)
    after = shell("validate", folder, "-p", "dcat-ap-3")
    assert after.count("Violation") < before.count("Violation")


def test_an_address_is_validated_through_the_guard(shell: Shell) -> None:
    assert "127.0.0.1" in shell("validate", "http://127.0.0.1:9/x.ttl")
    assert shell.code == 2
    assert "no file" in shell("validate", "nothing-here.ttl")
    assert shell.code == 1


@pytest.fixture
def two_files(tmp_path: Path) -> Path:
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "held.ttl").write_text(UNTITLED)
    (folder / "broken.ttl").write_text("\n<x> a .. .")
    return folder


def test_other_software_reads_the_findings_as_json(shell: Shell, two_files: Path) -> None:
    found = json.loads(shell("validate", two_files, "--format", "json"))["files"]
    assert [each["line"] for each in found] == [2, None]
    (described,) = found[1]["descriptions"]
    assert described["subject"] == "https://umc.example/1"
    assert not all(report["conforms"] for report in described["reports"])


def test_continuous_integration_reads_them_as_junit(shell: Shell, two_files: Path) -> None:
    suites = ET.fromstring(shell("validate", two_files, "--format", "junit"))
    assert [(s.get("errors"), int(s.get("failures") or 0) > 0) for s in suites] == [
        ("1", False),
        ("0", True),
    ]
    assert shell.code == 2


def test_code_scanning_reads_them_as_sarif(shell: Shell, two_files: Path) -> None:
    said = shell("validate", two_files, "--format", "sarif", "--language", "nl")
    (run,) = json.loads(said)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == rules
    assert {result["level"] for result in run["results"]} <= {"error", "warning", "note"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.html", b"<!doctype html><title>Log in</title>", "Log in"),
        ("x.ttl", gzip.compress(GOOD.encode()), "gzip"),
        ("x.zip", b"PK\x03\x04rest", "ZIP"),
        ("x.jsonld", b"[1,2", "JSON-LD"),
        ("x.ttl", b"", ""),
        ("x.ttl", "\ufeff".encode() + GOOD.encode(), "dataset"),
        ("x.ttl", GOOD.replace("One", "Eén").encode("latin-1"), "UTF-8"),
    ],
)
def test_strange_files_are_named_for_what_they_are(
    shell: Shell, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert says in shell("validate", file, "-p", "minimum")


def test_a_harvested_file_is_found_by_every_name_it_has(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "good.ttl"
    file.write_text(GOOD)
    assert "1 new" in shell("harvest", file)
    assert shell.code == 0
    shown = shell("show", "https://umc.example/1")
    assert "dcat:Dataset" in shown
    ours = shown.split()[1].rstrip(",")
    assert shell("show", ours) == shown
    assert shell("show", ours.rpartition("/")[2]) == shown
    shell("show", "nothing")
    assert shell.code == 1


def test_a_held_record_says_why_it_is_not_shown(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "untitled.ttl"
    file.write_text(UNTITLED)
    assert "held" in shell("harvest", file)
    assert "held" in shell("show", "https://umc.example/1")


def test_a_partial_run_has_an_exit_code_of_its_own(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "good.ttl").write_text(GOOD)
    (folder / "broken.ttl").write_text("<x> a .. .")
    assert "line 1" in shell("harvest", folder)
    assert shell.code == 3


@pytest.mark.parametrize(
    "words",
    [
        ("Mijn Bron!", "https://x.example/"),
        ("bron", "not a url"),
        ("bron", "ftp://x.example/"),
        ("bron", "https://x.example/", "--connect-to", "nonsense"),
        ("bron", "/no/such/folder", "--protocol", "files"),
    ],
)
def test_a_source_that_cannot_work_is_refused(shell: Shell, words: tuple[str, ...]) -> None:
    shell("source", "add", *words)
    assert shell.code == 1
    assert shell("source", "list") == ""


def test_changing_a_source_keeps_what_is_not_named(shell: Shell) -> None:
    shell("source", "add", "umc", "https://x.example/", "--protocol", "dcat", "--title", "UMC")
    assert "changed: dcat" in shell("source", "add", "umc", "https://y.example/")
    assert "https://y.example/" in shell("source", "list")


def test_removing_a_source_that_is_not_there_asks_nothing(shell: Shell) -> None:
    assert "no source" in shell("source", "remove", "nope")
    assert shell.code == 1


SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <{dcat}> . @prefix dct: <http://purl.org/dc/terms/> .
<urn:s> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:license ; sh:minCount 1 ] .
"""


def test_an_operator_adds_a_shape_set_and_takes_it_away(shell: Shell, tmp_path: Path) -> None:
    shapes, good = tmp_path / "licence.ttl", tmp_path / "good.ttl"
    shapes.write_text(SHAPES.format(dcat="http://www.w3.org/ns/dcat#"))
    good.write_text(GOOD)
    assert "licence: added" in shell("profile", "add", shapes)
    assert "licence" in shell("profile", "list")
    assert "licence: does-not-conform" in shell("validate", good, "-p", "licence")
    assert shell.code == 1
    shell("harvest", good)
    assert "licence: does-not-conform" in shell("show", "https://umc.example/1")
    shell("profile", "add", shapes)
    assert shell.code == 1
    assert "removed" in shell("profile", "remove", "licence")
    assert "licence" not in shell("profile", "list")


def test_a_shape_set_that_would_pass_everything_is_refused(shell: Shell, tmp_path: Path) -> None:
    shapes = tmp_path / "vacuous.ttl"
    shapes.write_text(SHAPES.format(dcat="https://www.w3.org/ns/dcat#"))
    assert "cannot be used" in shell("profile", "add", shapes)
    assert shell.code == 1
    assert "vacuous" not in shell("profile", "list")


def test_every_setting_is_listed_with_its_variable(shell: Shell) -> None:
    said = shell("settings")
    assert all(variable in said for variable, _, _ in Settings.help_lines())


def test_a_setting_that_cannot_be_used_is_named() -> None:
    done = subprocess.run(
        [CATALOGUE, "settings"],
        env={"CATALOGUE_PORT": "eighty", "PATH": "/usr/bin:/bin"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "CATALOGUE_PORT='eighty'" in done.stderr
    assert done.returncode == 1
