"""The spreadsheet that a data steward downloads: headings, drop-down lists, an explanation.

Lists help and do not hinder: where several values are allowed, or codes of other vocabularies,
anything may be typed. The example stands on the sheet with the explanation, so that nobody
publishes it by accident.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from catalogue.model.dataset import Dataset
from catalogue.rdf.own_terms import own_vocabulary
from catalogue.rdf.sheet import DATASET, heading
from catalogue.rdf.sheet_cells import label
from catalogue.rdf.sheet_columns import (
    MAIN,
    PARTS,
    REQUIRED,
    Column,
    Words,
    offered,
    scheme_of,
    words_of,
)
from catalogue.terms.concept import NOT_STATED, Scheme

EXPLANATION = Words("uitleg", "explanation")
LISTS = Words("lijsten", "lists")
LAST_ROW = 2000
"""As far down as the drop-down lists reach."""
HEADS = {
    "nl": ("Blad", "Kolom", "Verplicht", "Wat vult u in", "Voorbeeld"),
    "en": ("Sheet", "Column", "Required", "What to fill in", "Example"),
}
INTRODUCTION = {
    "nl": (
        "Eén rij per dataset op het eerste blad. Vul in wat u weet: leeg betekent “niet vermeld”.",
        "Verander de namen van de kolommen niet; kolommen die u niet gebruikt mag u weghalen.",
        "Zet nooit gegevens van personen in dit bestand.",
    ),
    "en": (
        "One row per dataset on the first sheet. Fill in what you know: empty is “not stated”.",
        "Do not change the names of columns; columns that you do not use may be removed.",
        "Never put anything about a person in this file.",
    ),
}
YES = {"nl": "ja", "en": "yes"}
DARK = PatternFill("solid", start_color="FF1F3A4D")
WHITE = Font(bold=True, color="FFFFFFFF")


def template(language: str) -> bytes:
    """An empty workbook in Dutch ("nl") or English, with its lists and its explanation."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = MAIN.heading(language)
    sheets = [(first, list(offered(Dataset)), Dataset)]
    for part in PARTS:
        sheet = book.create_sheet(part.words.heading(language))
        sheets.append((sheet, list(offered(part.cls)), part.cls))
    explanation = book.create_sheet(EXPLANATION.heading(language))
    lists = _Lists(book.create_sheet(LISTS.heading(language)), language)
    for sheet, columns, cls in sheets:
        _head(sheet, columns, language, with_dataset=cls is not Dataset)
        _drop_downs(sheet, columns, cls, lists)
    _explain(explanation, [(sheet.title, columns) for sheet, columns, _ in sheets], language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Lists:
    """The sheet with the values of every list, one column each."""

    def __init__(self, sheet: Worksheet, language: str) -> None:
        self._sheet = sheet
        self._language = language
        self._places: dict[str, str] = {}

    def place(self, scheme: Scheme, name: str) -> str:
        """The range that holds a list, written when it is first asked for."""
        if scheme.key not in self._places:
            self._places[scheme.key] = self._write(scheme, name)
        return self._places[scheme.key]

    def _write(self, scheme: Scheme, name: str) -> str:
        names = [
            label(scheme, each.iri, self._language)
            for each in scheme
            if each.notation != NOT_STATED
        ]
        letter = get_column_letter(len(self._places) + 1)
        for row, text in enumerate((words_of(name).heading(self._language), *names), start=1):
            self._sheet[f"{letter}{row}"] = text
        return f"{quote_sheetname(self._sheet.title)}!${letter}$2:${letter}${len(names) + 1}"


def _head(
    sheet: Worksheet, columns: Iterable[Column], language: str, *, with_dataset: bool
) -> None:
    names = [heading(each.heading_name, language) for each in columns]
    for place, name in enumerate([DATASET, *names] if with_dataset else names, start=1):
        cell = sheet.cell(row=1, column=place, value=name)
        cell.font, cell.fill = WHITE, DARK
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = max(14, len(name) + 3)
    sheet.freeze_panes = "B2"


def _drop_downs(sheet: Worksheet, columns: Iterable[Column], cls: type[Any], lists: _Lists) -> None:
    first = 1 if cls is Dataset else 2
    for place, column in enumerate(columns, start=first):
        key = scheme_of(cls, column.field) if column.inner is None else None
        if key is None:
            continue
        values = lists.place(own_vocabulary().scheme(key), column.name)
        validation = DataValidation(type="list", formula1=f"={values}", allow_blank=True)
        validation.showErrorMessage = not column.field.many and key != "disease"
        letter = get_column_letter(place)
        validation.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(validation)


def _explain(
    sheet: Worksheet, sheets: Iterable[tuple[str, Iterable[Column]]], language: str
) -> None:
    for line in INTRODUCTION[language]:
        sheet.append([line])
    sheet.append([])
    sheet.append(HEADS[language])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for title, columns in sheets:
        for column in columns:
            words = words_of(column.name)
            required = YES[language] if column.name in REQUIRED else ""
            name = heading(column.heading_name, language)
            sheet.append([title, name, required, words.help(language), words.example])
    for letter, width in zip("ABCDE", (16, 28, 10, 80, 34), strict=True):
        sheet.column_dimensions[letter].width = width
