"""One spreadsheet (.xlsx or .csv) with a dataset in each row, at an address or on our disk.

`catalogue source template FILE.xlsx` writes one with the right columns. A row with a mistake
is reported with its row, column, value and reason, and keeps no other row out. A folder with
spreadsheets is read by `files`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from catalogue.ingest.http import read_file
from catalogue.ingest.paths import path_of
from catalogue.ingest.sheets import from_sheet
from catalogue.ingest.source import Missed, Received, Source, Web

SPREADSHEET = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, text/csv;q=0.9, */*;q=0.1"
)


def harvest(source: Source, web: Web) -> Iterator[Received | Missed]:
    """Every row. Raises `SourceError` when the file as a whole cannot be read."""
    if source.url.startswith(("http://", "https://")):
        document = web.get(source.url, accept=SPREADSHEET)
    else:
        document = read_file(path_of(source.url))
    name = unquote(urlsplit(document.final_url).path.rpartition("/")[2])
    yield from from_sheet(document, name or source.slug, source)
