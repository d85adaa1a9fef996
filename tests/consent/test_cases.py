"""Case files: the notation, the command that checks them, and the published cases."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.cli.consent import consent
from catalogue.consent.cases import case, statements
from catalogue.errors import BadRequest, DescriptionError

BESIDE = Path(__file__).parents[3] / "shared" / "reference"
CASES = BESIDE / "consent_cases.csv"
FILES = {
    "--hierarchy": BESIDE / "consent_cases_hierarchy.csv",
    "--mappings": BESIDE / "consent_cases_mappings.csv",
}


def expected() -> list[dict[str, str]]:
    if not CASES.exists():
        return []
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(*arguments: str | Path) -> Result:
    found = CliRunner().invoke(consent, [str(each) for each in arguments])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


def answers(*arguments: str | Path) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(run("check", *arguments).output))
    return {row["case_id"]: row for row in rows}


@pytest.fixture(scope="module")
def published() -> dict[str, dict[str, str]]:
    return answers(CASES, *(each for pair in FILES.items() for each in pair))


@pytest.mark.skipif(not CASES.exists(), reason="the case files do not stand beside the checkout")
@pytest.mark.parametrize("row", expected(), ids=lambda row: row["case_id"])
def test_a_published_case(row: dict[str, str], published: dict[str, dict[str, str]]) -> None:
    found = published[row["case_id"]]
    assert found["verdict"] == row["expected_verdict"]
    assert found["conditions"] == row["expected_conditions"]


def a_file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


OURS = (
    ("curies", "DUO:0000006;FG:0000743", "aim=hmb", "permitted-with-conditions", "FG:0000743"),
    ("gru-cc", "DUO:0000005", "aim=clinical", "permitted", ""),
    ("opposite meanings", "GRU;NCIT:C15424", "aim=hmb linkage=no", "undetermined", ""),
    ("linked", "GRU;NO-LINKAGE", "aim=hmb linkage=yes", "not permitted", ""),
    ("exact code", "DS=ORPHA:1", "aim=disease:MONDO:0000002", "permitted", ""),
    ("below", "DS=MONDO:0000001", "aim=disease:ORPHA:1", "permitted", ""),
    ("close code", "DS=MONDO:0000002", "aim=disease:ICD10:D10", "undetermined", ""),
    ("silence", "", "aim=hmb", "undetermined", ""),
    ("two aims", "HMB", "aim=hmb aim2=poa", "not permitted", ""),
    ("no purpose", "GRU", "", "", ""),
    ("day", "GRU;MOR=2026-06-01", "aim=hmb today=2026-06-01", "permitted", ""),
    ("odd question", "GRU", "aim=hmb colour=red", "undetermined", ""),
)


def test_our_own_cases(tmp_path: Path) -> None:
    rows = (f'{name},"{codes}",{purpose}' for name, codes, purpose, _, _ in OURS)
    cases = a_file(tmp_path, "cases.csv", "case_id,dataset_codes,purpose", *rows)
    tree = a_file(tmp_path, "tree.csv", "child,parent", "MONDO:0000002,MONDO:0000001")
    same = a_file(
        tmp_path,
        "same.csv",
        "subject,predicate,object",
        "ORPHA:1,skos:exactMatch,MONDO:0000002",
        "ICD10:D10,skos:closeMatch,MONDO:0000002",
    )
    found = answers(cases, "--hierarchy", tree, "--mappings", same)
    assert {name: (row["verdict"], row["conditions"]) for name, row in found.items()} == {
        name: (verdict, conditions) for name, _, _, verdict, conditions in OURS
    }
    assert all(row["reasons"] for row in found.values())


def test_without_a_hierarchy_our_own_diseases_answer(tmp_path: Path) -> None:
    line = "one,DS=MONDO:0004992,aim=disease:MONDO:0005105"
    cases = a_file(tmp_path, "cases.csv", "case_id,dataset_codes,purpose", line)
    assert answers(cases)["one"]["verdict"] == "permitted"
    assert "melanoom" in answers(cases, "--language", "nl")["one"]["reasons"]


def test_a_file_without_the_columns_is_refused_by_name(tmp_path: Path) -> None:
    cases = a_file(tmp_path, "cases.csv", "id,codes", "1,GRU")
    with pytest.raises(DescriptionError, match="no column case_id"):
        run("check", cases)


def test_a_file_that_is_not_text_is_refused_by_name(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_bytes(b"case_id,dataset_codes,purpose\n1,\xff,aim=hmb\n")
    with pytest.raises(DescriptionError, match=r"cases\.csv: is not CSV in UTF-8"):
        run("check", cases)


def test_explain_prints_every_rule_and_choice() -> None:
    table = run("explain").output
    assert "NPUNCU" in table
    assert "methods_in_disease" in table
    assert "not a permission" in table


def test_explain_says_why() -> None:
    found = run(
        "explain", "HMB;NPU", "--purpose", "aim=hmb org=forprofit", "--language", "nl"
    ).output
    assert found.startswith("past niet\n- mag niet: NPU: ")
    assert "geen toestemming" in found


def test_explain_without_a_purpose_gives_no_verdict() -> None:
    assert "no verdict" in run("explain", "HMB").output


def test_alternatives_are_separated() -> None:
    (statement,) = statements("GS = NL | BE,FR")
    assert (statement.code, statement.parameters) == ("GS", ("NL", "BE", "FR"))


@pytest.mark.parametrize("purpose", ["aim", "colour=red", "today=soon", "aim=hmb org=both"])
def test_a_purpose_that_cannot_be_read_is_refused(purpose: str) -> None:
    with pytest.raises(BadRequest):
        case(purpose)
