"""CSV: a row for each dataset, for people who work in a spreadsheet.

A cell that a spreadsheet would run as a formula begins with an apostrophe, because anybody may
write a title (https://owasp.org/www-community/attacks/CSV_Injection). What was not stated is an
empty cell; "fewer than 10" is a text, never a number. RFC 4180, UTF-8 with a byte order mark.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from catalogue.exports.export import Described, Export, each_language, line, web
from catalogue.model.counts import Count
from catalogue.model.genome import Period
from catalogue.model.text import LangText

MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for the letters of the machine."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
INSIDE = re.compile(r"([;,\t])(?=[=+\-@＝＋－＠])")
"""A formula behind what some languages' spreadsheets take for the end of a cell."""
COLUMNS = (
    "id", "iri", "title", "title_nl", "description", "holder", "publisher", "doi", "individuals",
    "records", "diseases", "techniques", "consent_terms", "access", "weeks_to_access", "keywords",
    "period", "licence", "landing_page", "source_iri", "first_published", "changed",
)  # fmt: skip


def write(described: Described) -> bytes:
    """The header and one row."""
    return "".join(table([described])).encode()


def table(every: Iterable[Described]) -> Iterator[str]:
    """The header and a row for each, as they come."""
    yield MARK + _line(COLUMNS)
    yield from (_line(cells(each)) for each in every)


def cells(described: Described) -> list[str]:
    """One dataset, in the order of `COLUMNS`."""
    dataset = described.dataset
    return [
        described.record.id,
        described.iri,
        described.title,
        _in(dataset.title, "nl"),
        described.description,
        described.record.holder.name.value("en"),
        described.publisher.name,
        described.doi or "",
        count(dataset.individuals),
        count(dataset.records),
        "; ".join(described.labels(*dataset.diseases)),
        "; ".join(described.labels(*described.techniques)),
        "; ".join(described.labels(*_terms(described))),
        "; ".join(described.access),
        "" if dataset.weeks_to_access is None else str(dataset.weeks_to_access),
        "; ".join(described.keywords),
        "; ".join(filter(None, map(period, dataset.temporal))),
        described.licence or "",
        web(dataset.landing_page) or "",
        described.record.source_iri,
        described.record.first_seen.date().isoformat(),
        described.changed,
    ]


def count(value: Count | None) -> str:
    """A number that may be shown, as it may be shown.

    >>> count(Count(value=0)), count(Count(below=10)), count(None)
    ('0', 'fewer than 10', '')
    """
    if value is None:
        return ""
    return str(value.value) if value.value is not None else f"fewer than {value.below}"


def period(stated: Period) -> str:
    """From and until, either of which may be open."""
    return f"{stated.start or ''}/{stated.end or ''}".removesuffix("/")


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, on one line.

    >>> safe("=1+1"), safe(" @SUM(A1)"), safe("plain"), safe("a;=1+1")
    ("'=1+1", "'@SUM(A1)", 'plain', "a;'=1+1")
    """
    flat = INSIDE.sub(r"\1'", line(text))
    return f"'{flat}" if flat.startswith(DANGEROUS) else flat


def _terms(described: Described) -> list[str]:
    conditions = (each for group in described.dataset.consent for each in group.conditions)
    return [each.term for each in conditions]


def _in(text: LangText, language: str) -> str:
    return next((said for said, tag in each_language(text) if tag.startswith(language)), "")


def _line(row: Iterable[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow([safe(each) for each in row])
    return written.getvalue()


EXPORT = Export(key="csv", media_type="text/csv", name="CSV", suffix="csv", write=write)
