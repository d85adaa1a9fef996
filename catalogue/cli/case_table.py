"""Tables that people saved from a spreadsheet: read whole, with the line of every fault.

The sign between cells, the order of columns, further columns, the mark at the beginning of a
file and the ends of lines may all differ. A row that does not fit the head of the table is
named by its line and not guessed at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue.errors import DescriptionError

DELIMITERS = (",", ";", "\t")
COMMENT = "#"
"""Begins the lines above the head of a table of mappings (SSSOM)."""

MAPPING_COLUMNS = {f"{name}_id": name for name in ("subject", "predicate", "object")}
"""How SSSOM names what we call by its plain name."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells that were asked for; `fault` says what is wrong with the row, if anything."""

    cells: Mapping[str, str]
    fault: str = ""

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def table(path: Path, *needed: str) -> Iterator[Row]:
    """The rows of a file with the columns `needed`.

    Raises `DescriptionError` when a column is not there, and when it is no text in UTF-8.
    """
    text = _text(path)
    heads = {each: _head(path, text, each) for each in DELIMITERS}
    delimiter = min(heads, key=lambda each: len(set(needed) - set(heads[each])))
    head = heads[delimiter]
    missing = sorted(set(needed) - set(head))
    if missing:
        raise DescriptionError(f"{path}: there is no column {', '.join(missing)}")
    rows = _rows(path, text, delimiter)
    next(rows)
    yield from (_row(number, head, cells, needed) for number, cells in rows)


def sound(path: Path, *needed: str) -> Iterator[Row]:
    """The rows of a file in which every row must be right; raises `DescriptionError`."""
    for row in table(path, *needed):
        if row.fault:
            raise DescriptionError(f"{path}: {row.fault}")
        yield row


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DescriptionError(f"{path}: is not CSV in UTF-8: {error}") from error


def _head(path: Path, text: str, delimiter: str) -> list[str]:
    _, cells = next(_rows(path, text, delimiter), (0, []))
    plain = (name.strip().lower() for name in cells)
    return [MAPPING_COLUMNS.get(name, name) for name in plain]


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the number of its last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begun = False
    try:
        for cells in reader:
            begun = begun or not cells or not cells[0].startswith(COMMENT)
            if begun and any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise DescriptionError(f"{path}: line {reader.line_num}: is not CSV: {error}") from error


def _row(number: int, head: list[str], cells: list[str], needed: tuple[str, ...]) -> Row:
    found = dict(zip(head, (cell.strip() for cell in cells), strict=False))
    surplus = any(cell.strip() for cell in cells[len(head) :])
    absent = [name for name in needed if name not in found]
    if not surplus and not absent:
        return Row(found)
    fault = f"line {number}: {len(cells)} cells where the head has {len(head)}"
    return Row(found, f"{fault}; a cell with a comma needs quotation marks" if surplus else fault)
