"""CSV that a spreadsheet may open: a text that would be taken for a formula is made plain.

The standard form of SPARQL results stays as it is for programs; this is for `csv=safe`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Final

STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def made_plain(source: IO[bytes]) -> Iterator[bytes]:
    """The rows of a CSV file, with an apostrophe before every cell that begins like a formula."""
    lines = io.TextIOWrapper(source, encoding="utf-8", newline="")
    row = io.StringIO(newline="")
    writer = csv.writer(row, lineterminator="\r\n")
    csv.field_size_limit(1 << 30)
    for cells in csv.reader(lines):
        writer.writerow(map(plain, cells))
        yield row.getvalue().encode()
        row.seek(0)
        row.truncate()
    lines.detach()


def plain(cell: str) -> str:
    """A cell that no spreadsheet calculates; numbers stay numbers.

    >>> plain("=HYPERLINK(1)"), plain("-1.5"), plain("-1+1"), plain("gene")
    ("'=HYPERLINK(1)", '-1.5', "'-1+1", 'gene')
    """
    dangerous = cell.startswith(STARTS_A_FORMULA) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if dangerous else cell
