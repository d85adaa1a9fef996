"""An .xlsx or .csv file as tables of texts, whoever made it; and tables as a file.

Files come from people and from strangers, so nothing is trusted: a workbook is unpacked only
within limits, no part of it may declare a document type (the door of entity bombs), formulas
give their last result and are never run, and macros and old formats are refused with a
sentence. A file is read as text throughout; what a text means is decided in `sheet`.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalogue.errors import LimitExceeded, ParseFailed

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE
MOST_PARTS = 1000
MOST_ROWS = 20_000
MOST_COLUMNS = 300
MOST_SHEETS = 30
MOST_EMPTY_ROWS = 500
LONGEST_CELL = 100_000
EXTENSIONS = ("xlsx", "csv", "tsv")
"""What is read; a file of another kind is refused by name."""

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet program would run."""


Line = tuple[int, Sequence[str]]
"""The number of a row, and its cells."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number as the program shows it, and its cells as texts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, without the rows in which nothing stands. A .csv file is one nameless table."""

    name: str
    rows: tuple[Row, ...]


def is_workbook(name: str) -> bool:
    """Whether a file of this name is taken for a spreadsheet.

    >>> is_workbook("Datasets.XLSX"), is_workbook("datasets.ttl")
    (True, False)
    """
    return name.lower().rpartition(".")[2] in {*EXTENSIONS, "xls", "xlsm", "ods"}


def tables(content: bytes, name: str = "") -> list[Table]:
    """The tables in a file. Raises `ParseFailed` or `LimitExceeded` in a sentence with its name."""
    _refuse_size(content, name)
    if content.startswith(OLD_EXCEL):
        raise ParseFailed(f"{name}: this is an old or a protected workbook; save it as .xlsx")
    if content.startswith(b"PK"):
        return _workbook(content, name)
    if name.lower().endswith((".xls", ".xlsm", ".ods", ".xlsx")):
        raise ParseFailed(f"{name}: this is not a workbook that can be read; save it as .xlsx")
    return [_text(content, name)]


def _refuse_size(content: bytes, name: str) -> None:
    if len(content) > MOST_BYTES:
        raise LimitExceeded(f"{name}: larger than {MOST_BYTES // MEGABYTE} MB")
    if not content.strip():
        raise ParseFailed(f"{name}: the file is empty")


# --- workbooks ---------------------------------------------------------------------------


def _workbook(content: bytes, name: str) -> list[Table]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_parts(parts, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that openpyxl does not keep
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return [_sheet(each, name) for each in book.worksheets[:MOST_SHEETS]]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise ParseFailed(f"{name}: the workbook is damaged ({_brief(error)})") from error
    except (expat.ExpatError, SyntaxError, EOFError, OSError, AttributeError) as error:
        raise ParseFailed(f"{name}: the workbook is damaged ({_brief(error)})") from error


def _brief(error: Exception) -> str:
    return str(error)[:120] or type(error).__name__


def _refuse_parts(parts: zipfile.ZipFile, name: str) -> None:
    """Look at what is in the package before any of it is read as a workbook."""
    found = parts.infolist()
    names = {each.filename for each in found}
    if len(found) > MOST_PARTS or sum(each.file_size for each in found) > MOST_UNPACKED:
        raise LimitExceeded(
            f"{name}: unpacks to more than {MOST_UNPACKED // MEGABYTE} MB or {MOST_PARTS} parts"
        )
    if "[Content_Types].xml" not in names:
        raise ParseFailed(f"{name}: this is not an Excel workbook; save it as .xlsx")
    if any(each.lower().endswith("vbaproject.bin") for each in names):
        raise ParseFailed(f"{name}: the workbook holds macros; save it as .xlsx without them")
    for each in found:
        if each.filename.lower().endswith((".xml", ".rels", ".vml")):
            with parts.open(each) as part:
                _refuse_document_type(part, name)


def _refuse_document_type(part: Any, name: str) -> None:
    """Read as far as the first element: a document type can only stand before it."""
    looking = True

    def refuse(*_: object) -> None:
        raise ParseFailed(f"{name}: a part of the workbook declares a document type (DTD)")

    def stop(*_: object) -> None:
        nonlocal looking
        looking = False

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    while looking and (chunk := part.read(4096)):
        parser.Parse(chunk, False)


def _sheet(sheet: Any, name: str) -> Table:
    return Table(sheet.title, tuple(_rows(_values(sheet), f"{name}, sheet {sheet.title}")))


def _values(sheet: Any) -> Iterator[Line]:
    """The lines of a sheet, up to a long stretch in which nothing stands."""
    empty = 0
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    for number, row in enumerate(rows, start=1):
        cells = [_written(value) for value in row]
        empty = 0 if any(cells) else empty + 1
        if empty > MOST_EMPTY_ROWS:
            return
        yield number, cells


def _written(value: Any) -> str:
    """What a person sees in a cell: whole numbers without a point, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if midnight else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _rows(lines: Iterable[Line], where: str) -> Iterator[Row]:
    """The rows with something in them, within the limits."""
    found = 0
    for number, cells in lines:
        kept = _trimmed(cells, f"{where}, row {number}")
        if kept:
            found += 1
            yield Row(number, kept)
        if found > MOST_ROWS:
            raise LimitExceeded(f"{where}: more than {MOST_ROWS} rows")


def _trimmed(cells: Sequence[str], where: str) -> tuple[str, ...]:
    width = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    if width > MOST_COLUMNS:
        raise LimitExceeded(f"{where}: more than {MOST_COLUMNS} columns")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise LimitExceeded(f"{where}: a cell of more than {LONGEST_CELL} characters")
    return tuple(cells[:width])


# --- text --------------------------------------------------------------------------------


def _text(content: bytes, name: str) -> Table:
    text = decoded(content)
    if "\0" in text[:4096]:
        raise ParseFailed(f"{name}: this is neither a workbook nor text")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    return Table("", tuple(_rows(_csv(lines, name), name)))


def decoded(content: bytes) -> str:
    """The text of a file: UTF-16 with its mark, UTF-8, else what Excel saves on Windows."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def delimiter(text: str) -> str:
    """The sign between cells that the first line has most of, outside quotes.

    >>> delimiter('title;"a,b,c"'), delimiter("title,keywords")
    (';', ',')
    """
    first = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max(";,\t", key=first.count)


def _csv(lines: Any, name: str) -> Iterator[Line]:
    """Rows by the number of their first line, so that a message points to the right one."""
    while True:
        number = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error as error:
            raise _not_closed(name, number, str(error)) from error
        if cells is None:
            return
        if any(len(cell) > LONGEST_CELL and "\n" in cell for cell in cells):
            why = f"a cell of more than {LONGEST_CELL} characters over several lines"
            raise _not_closed(name, number, why)
        yield number, [unquoted(cell.strip()) for cell in cells]


def _not_closed(name: str, number: int, why: str) -> ParseFailed:
    return ParseFailed(f"{name}: row {number}: {why}; is a quote not closed?", line=number)


def unquoted(cell: str) -> str:
    """Without the mark that keeps a spreadsheet program from running the cell."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in RISKY else cell


def quoted(cell: str) -> str:
    """A cell that no spreadsheet program runs.

    >>> quoted("=HYPERLINK(1)"), quoted("genomes")
    ("'=HYPERLINK(1)", 'genomes')
    """
    return f"'{cell}" if cell.startswith(RISKY) else cell


def as_csv(rows: Iterable[Sequence[str]], *, separator: str = ";") -> bytes:
    """Rows as a .csv that Excel opens well: UTF-8 with its mark, nothing that would be run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        writer.writerow([quoted(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
