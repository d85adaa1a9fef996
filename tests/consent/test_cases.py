"""Case files: the notation, the command that checks them, and the published cases."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from consent.consenting import TODAY
from given import a_draft, a_graph

from catalogue.cli.consent import consent
from catalogue.consent.cases import case, statements
from catalogue.consent.codes import IRIS
from catalogue.consent.disease import ListedDiseases
from catalogue.consent.explain import dataset_lines
from catalogue.consent.match import Matcher
from catalogue.consent.policy import Policy
from catalogue.errors import BadRequest, DescriptionError, NotFound, SettingsError
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.model.source import Source
from catalogue.model.text import LangText, Text
from catalogue.register.register import Register
from catalogue.register.writer import Writer
from catalogue.settings import Settings

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


HERE = Path(__file__).parent
FURTHER = HERE / "further_cases.csv"


@pytest.fixture(scope="module")
def ours() -> dict[str, dict[str, str]]:
    names = {"--hierarchy": "further_hierarchy.csv", "--mappings": "further_mappings.csv"}
    files = (each for option, name in names.items() for each in (option, HERE / name))
    return answers(FURTHER, *files)


def further() -> list[dict[str, str]]:
    with FURTHER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", further(), ids=lambda row: row["case_id"])
def test_a_further_case(row: dict[str, str], ours: dict[str, dict[str, str]]) -> None:
    found = ours[row["case_id"]]
    assert found["verdict"] == row["expected_verdict"], row["clause"]
    assert found["conditions"] == row["expected_conditions"]
    assert found["reasons"]


def test_cases_that_were_decided_from_the_definitions_alone() -> None:
    """Decided before the rules were run on them; judged by our own diseases."""
    cases = HERE / "independent_cases.csv"
    found = answers(cases)
    with cases.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 250
    for row in rows:
        given = found[row["case_id"]]
        wanted = (row["expected_verdict"], row["expected_conditions"])
        assert (given["verdict"], given["conditions"]) == wanted, row


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


HEAD = b"case_id,dataset_codes,purpose"
WRITTEN = {
    "with a mark at the beginning": b"\xef\xbb\xbf" + HEAD + b"\nx,HMB,aim=hmb\n",
    "with the line ends of Windows": HEAD + b"\r\nx,HMB,aim=hmb\r\n",
    "with blank lines": HEAD + b"\n\n,,\nx,HMB,aim=hmb\n\n",
    "in another order, with more columns": b"Purpose,note,Case_ID,dataset_codes\naim=hmb,a,x,HMB\n",
    "with semicolons": b"case_id;dataset_codes;purpose\nx;HMB;aim=hmb\n",
    "with tabs": b"case_id\tdataset_codes\tpurpose\nx\tHMB\taim=hmb\n",
    "with quotation marks": b'"case_id","dataset_codes","purpose"\n"x","HMB","aim=hmb"\n',
    "without an end": HEAD + b"\nx,HMB,aim=hmb",
    "with empty cells behind": HEAD + b"\nx,HMB,aim=hmb,,\n",
    "with blanks": HEAD + b"\n x , HMB , aim=hmb \n",
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_a_table_is_read_however_it_was_saved(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    assert answers(path)["x"]["verdict"] == "permitted"


@pytest.mark.parametrize("row", ["bad,GRU", "bad,GS=NL,BE,aim=hmb"])
def test_a_row_that_does_not_fit_is_named_by_its_line_and_the_others_are_answered(
    row: str, tmp_path: Path
) -> None:
    cases = a_file(tmp_path, "cases.csv", HEAD.decode(), "one,GRU,aim=hmb", row, "two,HMB,aim=poa")
    found = answers(cases)
    assert [each["verdict"] for each in found.values()] == [
        "permitted",
        "undetermined",
        "not permitted",
    ]
    assert "cases.csv: line 3: " in found["bad"]["reasons"]


def test_mappings_alone_extend_our_own_diseases(tmp_path: Path) -> None:
    line = "x,DS=MONDO:0004992,aim=disease:LOCAL:1"
    cases = a_file(tmp_path, "cases.csv", HEAD.decode(), line)
    table = a_file(
        tmp_path,
        "same.tsv",
        "# a table of mappings",
        "subject_id\tpredicate_id\tobject_id",
        "LOCAL:1\tskos:exactMatch\tMONDO:0005105",
    )
    assert answers(cases)["x"]["verdict"] == "undetermined"
    assert answers(cases, "--mappings", table)["x"]["verdict"] == "permitted"


@pytest.mark.parametrize(
    ("codes", "read"),
    [
        ("GRU,NPU", [("GRU", ()), ("NPU", ())]),
        ("DS=MONDO:1|MONDO:2,NPU", [("DS", ("MONDO:1", "MONDO:2")), ("NPU", ())]),
        ("GS=US|IS|PS", [("GS", ("US", "IS", "PS"))]),
        ("COL=Jansen, de Vries", [("COL", ("Jansen", "de Vries"))]),
        ("a,b", [("a,b", ())]),
        (";;", []),
    ],
)
def test_a_list_of_codes_is_read_code_by_code(
    codes: str, read: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(each.code, each.parameters) for each in statements(codes)] == read


@pytest.mark.parametrize(
    "purpose",
    [
        "aim=hmb org=nonprofit institution=UMC Oost",
        "aim=hmb;org=not-for-profit;institution='UMC Oost'",
        "purpose=HEALTH, org=non-profit, institution=UMC Oost",
        "aim=DUO:0000037 org=nonprofit institution=UMC Oost project=P-1 user=Anna",
    ],
)
def test_a_purpose_is_read_however_it_was_written(purpose: str) -> None:
    found = case(purpose).purpose
    assert (found.nonprofit, found.institution) == (True, "UMC Oost")
    assert [str(each) for each in found.goals] == ["health"]


def test_options_say_the_purpose_too() -> None:
    lines = run("explain", "HMB;NPU", "--aim", "health", "--org", "forprofit").output
    assert lines.startswith("does not fit\n")


def test_a_choice_of_the_operator_decides() -> None:
    settings = Settings(consent_policy=("methods_in_health=not-permitted",))
    found = CliRunner().invoke(consent, ["explain", "HMB", "--aim", "methods"], obj=settings)
    assert found.output.startswith("does not fit\n")


def test_a_choice_of_the_operator_decides_on_cases_too(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case_id,dataset_codes,purpose\n1,HMB,aim=methods\n")
    settings = Settings(consent_policy=("methods_in_health=not-permitted",))
    asked = CliRunner().invoke(consent, ["check", str(cases)], obj=settings)
    assert asked.output.splitlines()[1].startswith("1,not permitted,")
    usual = CliRunner().invoke(consent, ["check", str(cases)], obj=Settings())
    assert usual.output.splitlines()[1].startswith("1,undetermined,")


def test_a_question_that_is_answered_twice_is_not_answered_by_the_first() -> None:
    with pytest.raises(BadRequest, match="country has more than one answer: NL, US"):
        case("aim=hmb country=NL country=US")
    assert case("aim=hmb country=NL country=NL").purpose.country == "NL"


@pytest.mark.parametrize("word", ["unknown", "Onbekend", "?"])
def test_a_question_may_be_left_open_in_so_many_words(word: str) -> None:
    open_question = case(f"aim=hmb org={word} country={word} publish_date={word}")
    assert open_question == case("aim=hmb")


@pytest.mark.parametrize("choice", ["methods_in_health", "methods_in_health=yes", "x=permitted"])
def test_a_choice_that_we_do_not_know_is_refused_by_name(choice: str) -> None:
    with pytest.raises(SettingsError, match="consent policy: "):
        Policy.read([choice])


def test_what_is_recorded_about_a_dataset_is_said_group_by_group() -> None:
    term = IRIS["HMB"]
    strata = (
        ConsentStratum(
            label=LangText((Text("Broad", "en"),)),
            conditions=(Condition(term=term, source="dct:rights", text="after consultation"),),
        ),
        ConsentStratum(inferred=(Condition(term=IRIS["NPU"], source="dct:description"),)),
    )
    assert list(dataset_lines(strata, None, "en")) == [
        "# Broad",
        "- HMB [dct:rights] “after consultation”",
        "# a group without a name",
        "- NPU (inferred, not counted) [dct:description]",
        "- consent not stated",
    ]
    judged = Matcher(case("aim=hmb").purpose, ListedDiseases.of([]), TODAY).dataset(strata)
    said = "\n".join(dataset_lines(strata, judged, "nl"))
    assert "toestemming niet vermeld" in said
    assert "“after consultation”" in said
    assert "Afgeleid uit vrije tekst" in said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a catalogue with one dataset, whose rights state a code."""
    found = Settings(data=tmp_path, base_url="https://catalogue.example")
    register = Register.open(found.database_url, found.base_url)
    writer = Writer(register.engine)
    writer.save_source(Source(slug="umc", title="UMC", protocol="fdp", url="https://umc.example/"))
    ours = "https://catalogue.example/dataset/aaaaaaaaaaaa"
    graph = a_graph(f'<{ours}> a dcat:Dataset ; dct:title "Hearts"@en ; dct:rights duo:0000006 .')
    run_ = writer.begin("umc")
    writer.save(run_, a_draft(normalised=graph, public=graph, received=graph))
    register.close()
    return found


@pytest.mark.parametrize("name", ["aaaaaaaaaaaa", "https://catalogue.example/dataset/aaaaaaaaaaaa"])
def test_a_dataset_of_the_catalogue_is_explained_by_its_name(name: str, settings: Settings) -> None:
    found = CliRunner().invoke(consent, ["explain", name, "--aim", "ancestry"], obj=settings)
    assert "Hearts" in found.output
    assert "does not fit" in found.output
    assert "[dct:rights]" in found.output
    assert "Rules version" in found.output
    recorded = CliRunner().invoke(consent, ["explain", name], obj=settings)
    assert "- HMB [dct:rights]" in recorded.output


def test_a_dataset_that_is_not_there_is_named(settings: Settings) -> None:
    found = CliRunner().invoke(consent, ["explain", "bbbbbbbbbbbb"], obj=settings)
    assert isinstance(found.exception, NotFound)
    assert "bbbbbbbbbbbb: no dataset" in str(found.exception)
