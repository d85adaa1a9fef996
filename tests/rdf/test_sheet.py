"""Spreadsheets: what a row means, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from given import both
from openpyxl import Workbook

from catalogue.errors import LimitExceeded, ParseFailed
from catalogue.model.agent import Agent, Contact
from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset, Distribution
from catalogue.model.genome import AssayGroup, Condition, ConsentStratum, Linkage, Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DUO, EU_AUTHORITY, GC, MONDO, Iri
from catalogue.rdf.own_terms import own_vocabulary
from catalogue.rdf.sheet import Reading, as_rows, as_tables, read
from catalogue.rdf.sheet_columns import OFFERED, PARTS, WORDS, column_of
from catalogue.rdf.sheet_template import template
from catalogue.rdf.workbook import Row, Table, as_csv, tables
from catalogue.rdf.write import write

BSN = "111222333"


def text(en: str = "", nl: str = "") -> LangText:
    return LangText(tuple(Text(value, tag) for value, tag in ((nl, "nl"), (en, "en")) if value))


def table(*lines: tuple[str, ...], name: str = "") -> Table:
    return Table(name, tuple(Row(number, line) for number, line in enumerate(lines, start=1)))


def a_row(**stated: str) -> dict[str, str]:
    return {"identifiers": "a1", "title@nl": "Genomen", "publisher": "Merwestad", **stated}


def reading(*rows: dict[str, str], extra: tuple[Table, ...] = ()) -> Reading:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [tuple(names), *(tuple(row.get(name, "") for name in names) for row in rows)]
    return read([table(*lines), *extra], "umc")


def one(**stated: str) -> Dataset:
    found = reading(a_row(**stated))
    assert not found.problems, [each.sentence("en") for each in found.problems]
    return found.described[0].dataset


def reason(**stated: str) -> str:
    found = reading(a_row(**stated))
    [problem] = found.problems
    assert not found.described
    return problem.sentence("en")


def a_workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            new.writestr(each, part if each.filename == name else old.read(each))
        if name not in old.namelist():
            new.writestr(name, part)
    return out.getvalue()


RICH = Dataset(
    iri=Iri("https://umc.example/dataset/rich"),
    title=text("Genomes; all of them | really", "Genomen"),
    description=text("Of families,\nread = at 30x."),
    identifiers=("rich-1", "https://doi.org/10.1234/rich"),
    access_rights=Iri(EU_AUTHORITY + "access-right/RESTRICTED"),
    contacts=(
        Contact(email="desk@umc.example"),
        Contact(name=text("Data desk"), page=Iri("https://umc.example/desk?a=b;c=d")),
    ),
    creators=(Agent(name=text("One, two; and | three")), Agent(iri=Iri("https://ror.org/1"))),
    publisher=Agent(
        name=text("Merwestad Hospital", "Merwestad UMC"),
        identifiers=("https://ror.org/02", "https://ror.org/03"),
        homepage=Iri("https://umc.example/"),
        email="info@umc.example",
    ),
    keywords=(Text("a|b", "nl"), Text("hart", "nl"), Text("heart", "en"), Text("none")),
    diseases=(GC + "disease-breast-cancer", MONDO + "0000001"),
    records=Count(value=1300),
    individuals=Count(below=10),
    min_age=18,
    spatial=(Iri(EU_AUTHORITY + "country/NLD"),),
    temporal=(
        Period(start="2017-01-01", end="2025-12-31"),
        Period(start="2016"),
        Period(end="9999"),
    ),
    languages=(Iri(EU_AUTHORITY + "language/NLD"),),
    structured=True,
    assays=(Iri(GC + "assay-wgs"), Iri("https://other.example/assay")),
    assay_groups=(
        AssayGroup(
            assay=Iri(GC + "assay-wgs"),
            individuals=Count(value=1230),
            coverage=30.5,
            reference_genome=Iri(GC + "genome-grch38"),
            tissue=Iri(GC + "tissue-germline"),
            data_levels=(Iri(GC + "level-aligned"), Iri(GC + "level-variants")),
        ),
        AssayGroup(assay=Iri(GC + "assay-rna-seq")),
    ),
    consent=(
        ConsentStratum(
            label=text("Broad, from 2020; a=b"),
            conditions=(
                Condition(term=Iri(DUO + "0000006")),
                Condition(term=Iri(DUO + "0000007"), parameters=(MONDO + "0007254", "a + b")),
                Condition(term=Iri(GC + "use-linkage-prohibited")),
            ),
            individuals=Count(value=980),
            model=Iri(GC + "model-broad"),
            period=Period(start="2020"),
        ),
    ),
    linkages=(
        Linkage(
            target=Iri(GC + "target-cancer-registry"),
            status=Iri(GC + "linkage-linked"),
            completeness=92.5,
            checked=date(2026, 3, 1),
        ),
    ),
    access_routes=(Iri(GC + "route-committee"),),
    accessibility=Iri(GC + "access-controlled"),
    weeks_to_access=8,
    distributions=(
        Distribution(title=text("Reads"), access_url=Iri("https://umc.example/ask?x=1;2,3")),
    ),
)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_written_to_sheets_is_read_back_whole(language: str) -> None:
    found = read(as_tables([RICH], language), "umc")
    assert [each.sentence("en") for each in found.problems] == []
    assert both(found.described[0].graph) == both(write(RICH))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_written_to_csv_is_read_back_whole(language: str) -> None:
    content = as_csv(as_rows([RICH], language))
    found = read(tables(content, "data.csv"), "umc")
    assert [each.sentence("en") for each in found.problems] == []
    assert both(found.described[0].graph) == both(write(RICH))


def test_a_row_of_the_simplest_kind_is_a_dataset() -> None:
    dataset = one(assays="WES", individuals="1.200", diseases="borstkanker | ORPHA:217604")
    assert dataset.title == text(nl="Genomen")
    assert dataset.publisher == Agent(name=LangText((Text("Merwestad"),)))
    assert dataset.assays == (GC + "assay-wes",)
    assert dataset.individuals == Count(value=1200)
    assert "http://www.orpha.net/ORDO/Orphanet_217604" in dataset.diseases or dataset.diseases[1]


@pytest.mark.parametrize("heading", ["title@nl", "Titel@nl", "TITLE @NL", " titel@nl "])
def test_a_heading_may_be_a_name_or_words_in_either_language(heading: str) -> None:
    found = read([table(("Identifier", heading, "Organisatie"), ("a", "Genomen", "M"))], "umc")
    assert found.described[0].dataset.title == text(nl="Genomen")


def test_the_address_of_a_dataset_stays_when_the_file_moves() -> None:
    first, second = one(), one(**{"title@nl": "Anders"})
    assert first.iri == second.iri
    assert first.iri.startswith("urn:uuid:")
    assert one(identifiers="https://doi.org/10.1234/a").iri == "https://doi.org/10.1234/a"
    assert one(iri="https://umc.example/a").iri == "https://umc.example/a"


def test_an_empty_count_is_unknown_and_not_zero() -> None:
    assert one(individuals="").individuals is None
    assert one(individuals="0").individuals == Count(value=0)
    assert one(individuals="< 10").individuals == Count(below=10)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("individuals", "circa 450", "“circa 450” this is no whole number"),
        ("individuals", "-5", "no whole number"),
        ("individuals", "1,5", "no whole number"),
        ("assays", "WES | dowsing", "“dowsing” is not in the list “sequencing type”"),
        ("access_rights", "geheim", "do you mean: public · restricted · non-public?"),
        ("issued", "06/05/2009", "write 2024-05-31"),
        ("contacts", "email=nobody", "no e-mail address"),
        ("landing_page", "javascript:alert(1)", "this is no web address"),
        ("structured", "misschien", "fill in yes or no"),
        ("temporal", "long ago", "cannot be read for certain"),
        ("assay_groups", "assay=WES; mood=good", "“mood=good” is not a part"),
        ("diseases", "borstkankr", "is not in the list"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_its_reason(
    column: str, value: str, expected: str
) -> None:
    sentence = reason(**{column: value})
    assert sentence.startswith("row 2, ")
    assert expected in sentence


@pytest.mark.parametrize("column", ["identifiers", "title@nl", "publisher"])
def test_a_row_without_what_it_cannot_do_without_is_refused(column: str) -> None:
    assert "required" in reason(**{column: ""})


def test_a_wrong_row_never_keeps_another_out() -> None:
    rows = [
        a_row(identifiers=f"a{n}", individuals="x" if n in {3, 5, 8} else "5") for n in range(10)
    ]
    found = reading(*rows)
    assert len(found.described) == 7
    assert sorted(found.refused) == [5, 7, 10]


def test_the_second_row_with_an_identifier_is_refused() -> None:
    found = reading(a_row(), a_row())
    assert [each.row for each in found.described] == [2]
    assert "row above" in found.problems[0].sentence("en")


def test_a_citizen_service_number_is_refused_and_not_repeated() -> None:
    found = reading(a_row(**{"description@nl": f"Van {BSN} en anderen"}))
    assert not found.described
    assert BSN not in repr(found)
    assert "burgerservicenummer" in found.problems[0].sentence("nl")


@pytest.mark.parametrize("column", ["identifiers", "keywords", "publisher", "population@nl"])
def test_h98_such_a_number_is_refused_in_every_column_of_text(column: str) -> None:
    assert "citizen service number" in reading(a_row(**{column: BSN})).problems[0].sentence("en")


def test_a_number_of_records_is_no_citizen() -> None:
    assert one(records=BSN).records == Count(value=int(BSN))


def test_an_unknown_column_is_reported_and_the_rest_is_read() -> None:
    found = reading(a_row(Titell="x", mood="y"))
    assert len(found.described) == 1
    sentences = [each.sentence("en") for each in found.problems]
    assert "do you mean: Title?" in sentences[0]
    assert "row 1, mood: we do not know this column" in sentences[1]


def test_parts_stand_in_columns_of_their_own_too() -> None:
    dataset = one(**{"publisher.homepage": "https://m.example/", "contacts.name@nl": "Loket"})
    assert dataset.publisher is not None
    assert dataset.publisher.homepage == "https://m.example/"
    assert dataset.contacts == (Contact(name=text(nl="Loket")),)


def test_rows_of_other_sheets_belong_to_their_dataset() -> None:
    assays = table(("dataset", "Soort", "Personen"), ("a1", "WES", "1200"), name="sequencing")
    dataset = reading(a_row(), extra=(assays,)).described[0].dataset
    assert dataset.assay_groups == (
        AssayGroup(assay=Iri(GC + "assay-wes"), individuals=Count(value=1200)),
    )


def test_a_wrong_row_of_another_sheet_keeps_its_dataset_out() -> None:
    wrong = table(("dataset", "Soort"), ("a1", "dowsing"), ("a9", "WES"), name="assays")
    found = reading(a_row(), a_row(identifiers="a2"), extra=(wrong,))
    assert [each.identifier for each in found.described] == ["a2"]
    sentences = [each.sentence("en") for each in found.problems]
    assert any("sequencing, row 2, Soort" in each for each in sentences)
    assert any("no dataset with this identifier" in each for each in sentences)


def test_rows_that_begin_with_a_hash_are_remarks() -> None:
    assert len(reading(a_row(identifiers="# not this"), a_row()).described) == 1


def test_a_file_without_headings_says_so() -> None:
    found = read([table(("1", "2"))], "umc")
    assert "names of the columns" in found.problems[-1].sentence("en")
    assert read([], "umc").problems


def test_every_offered_column_has_words_and_is_understood() -> None:
    for cls, names in OFFERED.items():
        for name in names:
            column = column_of(cls, name)
            assert column is not None, name
            assert column.name == name
            assert name in WORDS
            for heading in (WORDS[name].nl, WORDS[name].en):
                found = column_of(cls, heading)
                assert found is not None, (cls, heading)
                assert found.name == name, (cls, heading)


# --- files -------------------------------------------------------------------------------


def test_a_workbook_gives_its_sheets_as_text() -> None:
    content = a_workbook(
        ("Blad1", [["a", 1200.0, 2.5, True, None, datetime(2024, 5, 31)], [None], ["b"]])  # noqa: DTZ001
    )
    [found] = tables(content, "x.xlsx")
    assert found.rows[0].cells == ("a", "1200", "2.5", "true", "", "2024-05-31")
    assert [row.number for row in found.rows] == [1, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_csv_may_have_any_usual_encoding_and_separator(encoding: str, sign: str) -> None:
    content = f'Titel{sign}"Patiënten"\r\n"a{sign}b"{sign}é\r\n'.encode(encoding)
    [found] = tables(content, "x.csv")
    assert [row.cells for row in found.rows] == [("Titel", "Patiënten"), (f"a{sign}b", "é")]


def test_a_cell_of_several_lines_does_not_shift_the_numbers_of_rows() -> None:
    [found] = tables(b'a;b\r\n"1\n2\n3";x\r\ny;z\r\n', "x.csv")
    assert [row.number for row in found.rows] == [1, 2, 5]


def test_no_cell_that_we_write_is_run_by_a_spreadsheet_program() -> None:
    content = as_csv([("=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "plain")])
    assert content.decode("utf-8-sig").count("'") == 5
    [found] = tables(content + b"\r\n", "x.csv")
    assert found.rows[0].cells[0] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        pytest.param(b"\xd0\xcf\x11\xe0old", "x.xls", "save it as .xlsx", id="H90 old Excel"),
        pytest.param(b"\xd0\xcf\x11\xe0old", "x.xlsx", "protected", id="H90 password"),
        pytest.param(b"PK\x03\x04broken", "x.xlsx", "damaged", id="H90 broken"),
        pytest.param(b"", "x.csv", "empty", id="empty"),
        pytest.param(b"a;b\0\0\x01", "x.csv", "neither", id="binary"),
        pytest.param(b"not a zip", "x.xlsx", "cannot be|can be read", id="text called xlsx"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence(
    content: bytes, name: str, expected: str
) -> None:
    with pytest.raises(ParseFailed, match=expected):
        tables(content, name)


def test_h90_a_workbook_with_macros_is_refused() -> None:
    content = with_part(a_workbook(("a", [["x"]])), "xl/vbaProject.bin", b"macro")
    with pytest.raises(ParseFailed, match="macros"):
        tables(content, "x.xlsm")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_h90_a_workbook_that_declares_an_entity_is_refused(encoding: str) -> None:
    part = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&e;</t></si></sst>'
    ).encode(encoding)
    content = with_part(a_workbook(("a", [["x"]])), "xl/sharedStrings.xml", part)
    with pytest.raises(ParseFailed, match="document type"):
        tables(content, "x.xlsx")


def test_h90_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", b"<Types/>")
        bomb.writestr("xl/sharedStrings.xml", b"\0" * 101 * 1024 * 1024)
    with pytest.raises(LimitExceeded, match="unpacks to more"):
        tables(out.getvalue(), "x.xlsx")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(ParseFailed, match="not an Excel workbook"):
        tables(out.getvalue(), "x.ods")


def test_a_sheet_with_a_cell_far_away_ends_before_it() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A900000"] = "x", "y"
    out = io.BytesIO()
    book.save(out)
    [found] = tables(out.getvalue(), "x.xlsx")
    assert [row.number for row in found.rows] == [1]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b";".join([b"x"] * 100_000), id="H91 columns"),
        pytest.param(b"x\r\n" * 30_000, id="H91 rows"),
    ],
)
def test_a_csv_beyond_the_limits_is_refused(content: bytes) -> None:
    with pytest.raises(LimitExceeded, match=r"x\.csv"):
        tables(content, "x.csv")


@pytest.mark.parametrize("longest_field", [131_072, 1 << 30])
def test_h91_a_quote_that_is_not_closed_names_its_row(longest_field: int) -> None:
    before = csv.field_size_limit(longest_field)
    try:
        _a_quote_that_is_not_closed_names_its_row()
    finally:
        csv.field_size_limit(before)


def _a_quote_that_is_not_closed_names_its_row() -> None:
    with pytest.raises(ParseFailed, match=r"row 2.*quote") as failed:
        tables(b'a;b\r\n"x;y\r\n' + b"z;z\r\n" * 50_000, "x.csv")
    assert failed.value.line == 2


# --- the template ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_template_that_we_hand_out_is_one_that_we_read(language: str) -> None:
    found = tables(template(language), "template.xlsx")
    assert len(found) == len(PARTS) + 3
    example = read(found, "umc")
    assert [each.sentence("en") for each in example.problems] == []
    assert example.described == ()


def test_the_lists_of_the_template_hold_names_that_are_understood() -> None:
    scheme = own_vocabulary().scheme("assay")
    lists = next(each for each in tables(template("nl"), "t.xlsx") if each.name == "lijsten")
    names = [row.cells for row in lists.rows]
    place = names[0].index("Sequencing")
    shown = {row[place] for row in names[1:] if len(row) > place and row[place]}
    assert "heel exoom (WES)" in shown or len(shown) == len(scheme) - 1
    assert one(assays=min(shown)).assays
