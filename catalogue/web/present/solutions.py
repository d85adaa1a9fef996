"""The answer to a query as a page shows it: a table, a drawing where it has numbers, or text.

Solutions are read from tab-separated values (SPARQL 1.1 Query Results CSV and TSV, §4), because
there every row is a line: reading stops after the last row that is shown, however many follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from catalogue.store.base import Answer
from catalogue.web.present.reader import LANGUAGE_TAG, clean, curie, safe_link
from catalogue.web.present.snippets import Kind

ACCEPT = "text/tab-separated-values, text/turtle;q=0.9"
MOST_ROWS = 500
MOST_TEXT = 200_000
MOST_BARS = 40
LONGEST_CELL = 1000
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "nonNegativeInteger", "float")}

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


Name = Callable[[str], tuple[str, str]]
"""What to call an IRI, nothing when it has no name, and the address to follow for it."""


def nameless(iri: str) -> tuple[str, str]:
    """An IRI that has no name and is its own address."""
    return "", iri


@dataclass(frozen=True, slots=True)
class Cell:
    """A value; `href` is safe to follow, `code` its short name, `number` only where it is one."""

    text: str = ""
    lang: str = ""
    href: str = ""
    code: str = ""
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the drawing; `share` of the longest bar in whole percent."""

    label: Cell
    number: str
    share: int


@dataclass(frozen=True, slots=True)
class Solutions:
    """What is shown of an answer. `more` says that it goes on."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    numeric: frozenset[int] = frozenset()
    yes: bool | None = None
    graph: str = ""
    more: bool = False
    bars: tuple[Bar, ...] = ()
    measure: str = ""

    @property
    def kind(self) -> Kind:
        """Which of the three forms it has."""
        return "ask" if self.yes is not None else "table" if self.columns else "graph"


def solutions(answer: Answer, name: Name = nameless) -> Solutions:
    """What a page shows of `answer`, which is abandoned after that.

    `name` says what IRIs are called. Raises what reading the answer raises.
    """
    try:
        if answer.kind == "graph":
            return _graph(answer.chunks)
        lines = _lines(answer.chunks)
        if answer.kind == "ask":
            return Solutions(yes="true" in "".join(lines).lower())
        return _table(lines, name)
    finally:
        answer.close()


def cell(term: str, name: Name = nameless) -> Cell:
    r"""A term in the notation of Turtle.

    >>> cell("<http://purl.org/dc/terms/title>").text, cell('"Een"@nl').lang, cell("12").number
    ('dct:title', 'nl', Decimal('12'))
    """
    if term.startswith("<") and term.endswith(">"):
        return _of_iri(term[1:-1], name)
    literal = _LITERAL.fullmatch(term)
    if literal is None:
        return Cell(_short(term), number=_number(term))
    value, language, datatype = literal.groups()
    text = _ESCAPE.sub(_unescaped, value)
    number = _number(text) if datatype in NUMBERS else None
    known = language if language and LANGUAGE_TAG.fullmatch(language) else ""
    return Cell(_short(text), lang=known, number=number)


def _of_iri(iri: str, name: Name) -> Cell:
    called, address = name(iri)
    short = clean(curie(iri))
    return Cell(
        called or short, href=safe_link(address), code=short if called and short != iri else ""
    )


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Whole lines, read no further than they are asked for."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (each.decode("utf-8", "replace") for each in whole)
    if rest:
        yield rest.decode("utf-8", "replace")


def _table(lines: Iterator[str], name: Name) -> Solutions:
    head = next(lines, "").rstrip("\r")
    columns = tuple(each.lstrip("?") for each in head.split("\t"))
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        if len(rows) == MOST_ROWS:
            return _with_bars(columns, rows, more=True)
        cells = [cell(each, name) for each in line.rstrip("\r").split("\t")]
        rows.append(tuple(cells + [Cell()] * (len(columns) - len(cells))))
    return _with_bars(columns, rows, more=False)


def _with_bars(
    columns: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], *, more: bool
) -> Solutions:
    numeric = frozenset(place for place in range(len(columns)) if _is_numeric(rows, place))
    labels = [place for place in _best_labels(columns) if place not in numeric]
    measure = max(numeric, default=None)
    found = Solutions(columns, tuple(rows), numeric, more=more)
    if not labels or measure is None or len(rows) < 2:
        return found
    bars = _bars(rows[:MOST_BARS], labels, measure)
    return Solutions(columns, tuple(rows), numeric, None, "", more, bars, columns[measure])


def _best_labels(columns: Sequence[str]) -> list[int]:
    """Places of columns, those that by their name are for reading first."""
    return sorted(range(len(columns)), key=lambda place: columns[place] not in ("title", "name"))


def _is_numeric(rows: Sequence[tuple[Cell, ...]], place: int) -> bool:
    stated = [row[place] for row in rows if row[place].text]
    return bool(stated) and all(each.number is not None for each in stated)


def _bars(rows: Sequence[tuple[Cell, ...]], labels: Sequence[int], measure: int) -> tuple[Bar, ...]:
    """A bar for each row with a number.

    None when one is below zero, all are zero, or two of them cannot be told apart.
    """
    drawn = [row for row in rows if row[measure].number is not None]
    numbers = [row[measure].number or Decimal(0) for row in drawn]
    longest = max(numbers, default=Decimal(0))
    called = _told_apart(drawn, labels)
    if longest <= 0 or min(numbers) < 0 or not called:
        return ()
    shares = [max(1, round(100 * number / longest)) if number else 0 for number in numbers]
    lines = zip(called, drawn, shares, strict=True)
    return tuple(Bar(label, row[measure].text, share) for label, row, share in lines)


def _told_apart(rows: Sequence[tuple[Cell, ...]], labels: Sequence[int]) -> list[Cell]:
    """A label for each row: the best column when no two are alike there, else all of them.

    Codes are added where that is not enough; nothing when rows are still alike.
    """
    for places, coded in ((labels[:1], False), (labels, False), (labels, True)):
        found = [_joined([row[place] for place in places], coded=coded) for row in rows]
        if len({each.text for each in found}) == len(found):
            return found
    return []


def _joined(cells: Sequence[Cell], *, coded: bool) -> Cell:
    """The texts of some cells as one; its language where they share it."""
    stated = [each for each in cells if each.text]
    languages = {each.lang for each in stated}
    lang = languages.pop() if len(languages) == 1 else ""
    texts = [f"{each.text} ({each.code})" if coded and each.code else each.text for each in stated]
    return Cell(" · ".join(texts), lang=lang)


def _graph(chunks: Iterable[bytes]) -> Solutions:
    held, size = [], 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size > MOST_TEXT:
            break
    text = b"".join(held).decode("utf-8", "replace")
    return Solutions(graph=clean(text[:MOST_TEXT]), more=len(text) > MOST_TEXT)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 100 else None


def _unescaped(match: re.Match[str]) -> str:
    letter = match[1]
    if len(letter) == 1:
        return _ESCAPED.get(letter, letter)
    number = int(letter[1:], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"


def _short(text: str) -> str:
    shown = clean(text)
    return shown if len(shown) <= LONGEST_CELL else shown[:LONGEST_CELL] + " …"
