"""A spreadsheet of descriptions: one dataset in each row, and what each row means.

The first sheet holds the datasets. What a dataset has several of (kinds of sequencing, groups
of consent, linkages, distributions) stands on sheets of their own with one row each, or in one
cell of a .csv. A row with a mistake is left out whole, with its row, column, value and reason,
and never keeps another row out. A citizen service number is refused and never repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from catalogue.model.dataset import Dataset
from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.privacy.person import holds_bsn, names_bsn
from catalogue.rdf.fields import Field, Kind
from catalogue.rdf.graph import Graph
from catalogue.rdf.sheet_cells import Unreadable, Words, attribute, written
from catalogue.rdf.sheet_columns import (
    HEADINGS,
    MAIN,
    PARTS,
    REQUIRED,
    Column,
    Part,
    column_of,
    fields_of,
    words_of,
)
from catalogue.rdf.workbook import Row, Table
from catalogue.rdf.write import write
from catalogue.terms.fold import fold

DATASET = "dataset"
"""The column of the other sheets that says to which dataset a row belongs."""
NO_RUNNING_TEXT = frozenset({Kind.IRI, Kind.IDENTIFIER, Kind.EMAIL, Kind.NUMBER, Kind.COUNT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one cell, or with a row when `column` is empty.

    `value` is empty where it must not be repeated. `sheet` is empty for the first one.
    """

    row: int
    column: str
    value: str
    reason: Words
    suggestion: Words = field(default_factory=dict)
    sheet: str = ""

    def sentence(self, language: str) -> str:
        """The problem in one sentence."""
        row, meant = ("rij", "bedoelt u") if language == "nl" else ("row", "do you mean")
        sheet = f"{self.sheet}, " if self.sheet else ""
        column = f", {self.column}" if self.column else ""
        value = f" “{self.value:.80}”" if self.value else ""
        hint = f" ({meant}: {self.suggestion[language]}?)" if self.suggestion else ""
        return f"{sheet}{row} {self.row}{column}:{value} {self.reason[language]}{hint}"


@dataclass(frozen=True, slots=True)
class Described:
    """One row that can be taken in."""

    row: int
    identifier: str
    dataset: Dataset

    @property
    def graph(self) -> Graph:
        """Its description as RDF."""
        return write(self.dataset)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a spreadsheet says; `problems` of rows that are left out, and of headings."""

    described: tuple[Described, ...]
    problems: tuple[Problem, ...]
    identifiers: Mapping[int, str] = field(default_factory=dict)
    """Of the rows that are left out, as far as they have one."""

    @property
    def refused(self) -> Mapping[int, tuple[Problem, ...]]:
        """The problems of the first sheet by row, without those of the headings."""
        rows: dict[int, tuple[Problem, ...]] = {}
        for each in self.problems:
            if not each.sheet and each.row > 1:
                rows[each.row] = (*rows.get(each.row, ()), each)
        return rows


@dataclass(slots=True)
class _Row:
    """A row while it is being read."""

    number: int
    sheet: str
    found: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, value: str, error: Unreadable) -> None:
        self.problems.append(
            Problem(
                row=self.number,
                column=column,
                value=value,
                reason=error.reason,
                suggestion=error.suggestion,
                sheet=self.sheet,
            )
        )


PERSONAL = Unreadable(
    "hier staat een burgerservicenummer (BSN); haal het weg. De waarde wordt niet herhaald",
    "this holds a citizen service number (BSN); remove it. The value is not repeated",
)
MISSING = Unreadable("verplicht, en niet ingevuld", "required, and not filled in")
TWICE = Unreadable(
    "deze identificatie staat al in een rij hierboven",
    "this identifier is already in a row above",
)
UNKNOWN_COLUMN = Unreadable(
    "deze kolom kennen we niet; hij is niet gelezen",
    "we do not know this column; it was not read",
)
NO_SUCH_DATASET = Unreadable(
    "er is geen dataset met deze identificatie op het eerste blad",
    "there is no dataset with this identifier on the first sheet",
)
PART_REFUSED = Unreadable(
    "een rij op een ander blad die hierbij hoort kan niet worden gelezen",
    "a row of another sheet that belongs to this one cannot be read",
)
NO_HEADINGS = Unreadable(
    "de eerste rij moet de namen van de kolommen bevatten, zoals Titel",
    "the first row must hold the names of the columns, such as Title",
)


def read(tables: Sequence[Table], base: str) -> Reading:
    """The datasets in the tables of one file.

    `base` names whose they are, such as the source: a dataset whose identifier is not an
    address of its own gets an IRI made of both, which stays the same when the file moves.
    """
    main = _main(tables)
    columns, problems = _columns(main, Dataset, "")
    if main is None or not columns:
        return Reading((), (*problems, _problem(1, NO_HEADINGS)))
    rows = [_row(each, columns, Dataset, "") for each in main.rows[1:] if not _is_remark(each)]
    _check_identifiers(rows, _headings(columns))
    for part in PARTS:
        problems.extend(_add_part(part, _part_table(tables, part, main), rows))
    described = [_described(each, base) for each in rows if not each.problems]
    refused = [problem for each in rows for problem in each.problems]
    identifiers = {
        each.number: own for each in rows if each.problems and (own := _identifier(each))
    }
    return Reading(tuple(described), (*problems, *refused), identifiers)


def _main(tables: Sequence[Table]) -> Table | None:
    """The sheet called datasets, else the first one with a title."""
    called = [each for each in tables if fold(each.name) in {fold(MAIN.nl), fold(MAIN.en)}]
    titled = [each for each in tables if each.rows and _has_title(each.rows[0])]
    return next((each for each in (*called, *titled) if each.rows), None)


def _has_title(row: Row) -> bool:
    found = (column_of(Dataset, cell) for cell in row.cells)
    return any(column is not None and column.name == "title" for column in found)


def _part_table(tables: Sequence[Table], part: Part, main: Table) -> Table | None:
    names = {fold(part.name), fold(part.words.nl), fold(part.words.en)}
    found = (each for each in tables if fold(each.name) in names and each is not main)
    return next(found, None)


def _is_remark(row: Row) -> bool:
    return next((cell for cell in row.cells if cell), "").startswith("#")


def _problem(row: int, error: Unreadable, column: str = "", sheet: str = "") -> Problem:
    return Problem(
        row=row,
        column=column,
        value="",
        reason=error.reason,
        suggestion=error.suggestion,
        sheet=sheet,
    )


def _columns(
    table: Table | None, cls: type[Any], sheet: str
) -> tuple[dict[int, Column | str], list[Problem]]:
    """The column at each place; the name of the dataset's identifier stands for itself."""
    found: dict[int, Column | str] = {}
    problems: list[Problem] = []
    for place, heading in enumerate(table.rows[0].cells if table and table.rows else ()):
        column = column_of(cls, heading)
        if sheet and fold(heading) == DATASET:
            found[place] = DATASET
        elif column is not None and column not in found.values():
            found[place] = column
        elif heading:
            problems.append(_problem(1, _unknown(heading, cls), heading[:60], sheet))
    return found, problems


def _unknown(heading: str, cls: type[Any]) -> Unreadable:
    near = get_close_matches(fold(heading.partition("@")[0]), HEADINGS[cls], n=1)
    meant = words_of(HEADINGS[cls][near[0]]) if near else None
    reason = UNKNOWN_COLUMN.reason
    return Unreadable(reason["nl"], reason["en"], *((meant.nl, meant.en) if meant else ()))


def _row(row: Row, columns: Mapping[int, Column | str], cls: type[Any], sheet: str) -> _Row:
    made = _Row(row.number, sheet)
    for place, column in columns.items():
        text = row.cells[place] if place < len(row.cells) else ""
        if isinstance(column, str):
            made.found[column] = text
        elif text:
            _cell(made, column, text, cls)
    return made


def _cell(made: _Row, column: Column, text: str, cls: type[Any]) -> None:
    """Read one cell into the row, or note what is wrong with it."""
    if _is_personal(column, text):
        made.refuse(column.heading, "", PERSONAL)
        return
    try:
        value = attribute(column, text, cls)
    except Unreadable as error:
        made.refuse(column.heading, text, error)
        return
    _put(made.found, column, value)


def _is_personal(column: Column, text: str) -> bool:
    kind = (column.inner or column.field).kind
    return names_bsn(text) or (kind not in NO_RUNNING_TEXT and holds_bsn(text))


def _put(found: dict[str, Any], column: Column, value: Any) -> None:
    """Join what several columns say of one field: its languages, or parts of its value."""
    name, old = column.field.name, found.get(column.field.name)
    if column.inner is not None and column.field.cls is not None:
        first = (old[0] if column.field.many else old) if old else column.field.cls()
        made = replace(first, **value)
        found[name] = (made, *(old or ())[1:]) if column.field.many else made
    elif isinstance(old, LangText):
        found[name] = LangText(old.texts + value.texts)
    elif column.field.many:
        found[name] = (*(old or ()), *value)
    else:
        found[name] = value if old is None else replace(old, **_stated(value))


def _stated(value: Any) -> dict[str, Any]:
    return {
        name: stated
        for name in fields_of(type(value))
        if (stated := getattr(value, name)) not in (None, (), LangText())
    }


def _headings(columns: Mapping[int, Column | str]) -> dict[str, str]:
    """What the required columns are called in this file, in its own language if it has them."""
    present = {each.name: each.heading for each in columns.values() if isinstance(each, Column)}
    dutch = any(words_of(name).nl == heading.partition("@")[0] for name, heading in present.items())
    language = "nl" if dutch else "en"
    return {name: present.get(name, words_of(name).heading(language)) for name in REQUIRED}


def _check_identifiers(rows: Iterable[_Row], headings: Mapping[str, str]) -> None:
    """Every dataset needs a name, a holder and an identifier that no other row has."""
    taken: set[str] = set()
    for each in rows:
        blamed = {problem.column.partition("@")[0] for problem in each.problems}
        for name, heading in headings.items():
            if not each.found.get(name) and heading.partition("@")[0] not in blamed:
                each.refuse(heading, "", MISSING)
        own = _identifier(each)
        if own and own in taken:
            each.refuse(headings["identifiers"], own, TWICE)
        taken.add(own)


def _identifier(row: _Row) -> str:
    stated = row.found.get("identifiers") or ("",)
    return str(stated[0])


def _add_part(part: Part, table: Table | None, rows: Sequence[_Row]) -> Iterator[Problem]:
    """The rows of another sheet, each added to its dataset."""
    columns, problems = _columns(table, part.cls, part.words.nl)
    yield from problems
    by_identifier = {_identifier(each): each for each in reversed(rows)}
    for row in table.rows[1:] if table and columns else ():
        if _is_remark(row):
            continue
        made = _row(row, columns, part.cls, part.words.nl)
        owner = by_identifier.get(made.found.pop(DATASET, ""))
        if owner is None:
            made.refuse(DATASET, "", NO_SUCH_DATASET)
        elif made.problems:
            owner.refuse("", "", PART_REFUSED)
        else:
            old = owner.found.get(part.attribute, ())
            owner.found[part.attribute] = (*old, part.cls(**made.found))
        yield from made.problems


def _described(row: _Row, base: str) -> Described:
    own = _identifier(row)
    iri = row.found.pop("iri", None) or iri_for(own, base)
    return Described(row.number, own, Dataset(iri=iri, **row.found))


def iri_for(identifier: str, base: str) -> Iri:
    """The IRI of a dataset: its identifier when that is an address, else made from it.

    >>> iri_for("https://doi.org/10.1234/ab", "umc")
    'https://doi.org/10.1234/ab'
    """
    parts = urlsplit(identifier) if "://" in identifier else None
    if parts and parts.scheme in {"http", "https"} and parts.netloc and " " not in identifier:
        return Iri(identifier)
    return Iri(f"urn:uuid:{uuid5(NAMESPACE_URL, f'{base}#{identifier}')}")


# --- the other direction -----------------------------------------------------------------


def as_tables(datasets: Sequence[Dataset], language: str = "en") -> list[Table]:
    """Datasets as the sheets that `read` reads; columns that nobody fills are left out."""
    main = [
        _main_cells(each, language, skip={part.attribute for part in PARTS}) for each in datasets
    ]
    sheets = [Table(MAIN.heading(language), tuple(_lines(main, language)))]
    for part in PARTS:
        cells = [
            {DATASET: _own(each), **_cells(part.cls, value, language)}
            for each in datasets
            for value in getattr(each, part.attribute)
        ]
        if cells:
            name = part.words.heading(language)
            sheets.append(Table(name, tuple(_lines(cells, language))))
    return sheets


def as_rows(datasets: Sequence[Dataset], language: str = "en") -> list[tuple[str, ...]]:
    """Datasets as the lines of one .csv, with what they have several of in one cell."""
    lines = _lines([_main_cells(each, language, skip=set()) for each in datasets], language)
    width = max((len(each.cells) for each in lines), default=0)
    return [(*each.cells, *[""] * (width - len(each.cells))) for each in lines]


def _own(dataset: Dataset) -> str:
    return dataset.identifiers[0] if dataset.identifiers else dataset.iri


def _main_cells(dataset: Dataset, language: str, skip: set[str]) -> dict[str, str]:
    """The cells of a dataset by column; its address only when that is not its identifier."""
    named = dataset if dataset.identifiers else replace(dataset, identifiers=(dataset.iri,))
    cells = _cells(Dataset, named, language, skip)
    if dataset.iri == _own(named):
        cells.pop("iri", None)
    return cells


def _cells(cls: type[Any], value: Any, language: str, skip: Iterable[str] = ()) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, field_ in fields_of(cls).items():
        stated = getattr(value, name)
        if name not in skip:
            found |= _field_cells(field_, stated, cls, language)
    return {name: text for name, text in found.items() if text}


def _field_cells(row: Field, stated: Any, cls: type[Any], language: str) -> dict[str, str]:
    """A text has a cell for each of its languages, and so have keywords."""
    if row.kind is Kind.TEXT:
        return {_at(row.name, each.language): each.value for each in stated.texts}
    if row.kind is Kind.KEYWORD:
        tags = dict.fromkeys(each.language for each in stated)
        return {
            _at(row.name, tag): written(
                row, tuple(each for each in stated if each.language == tag), cls, language
            )
            for tag in tags
        }
    return {row.name: written(row, stated, cls, language)}


def _at(name: str, language: str) -> str:
    return f"{name}@{language}" if language else name


def _lines(cells: Sequence[Mapping[str, str]], language: str) -> list[Row]:
    """A line of headings, and a line for each mapping."""
    names = list(dict.fromkeys(name for each in cells for name in each))
    headings = tuple(heading(name, language) for name in names)
    lines = [tuple(each.get(name, "") for name in names) for each in cells]
    return [Row(number, line) for number, line in enumerate((headings, *lines), start=1)]


def heading(name: str, language: str) -> str:
    """What stands above a column."""
    bare, _, tag = name.partition("@")
    return _at(words_of(bare).heading(language), tag)
