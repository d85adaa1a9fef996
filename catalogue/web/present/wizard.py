"""The form that turns a consent form into codes, and its answer ready to copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.consent.questions import NAME, OTHER, QUESTIONS, Blank, Choice, Question
from catalogue.consent.wizard import Translated, translated
from catalogue.model.dataset import Dataset
from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.rdf.own_terms import named
from catalogue.rdf.serialise import serialise
from catalogue.rdf.sheet import as_tables
from catalogue.rdf.write import write
from catalogue.terms.alias import canonical, vocabulary_of
from catalogue.web.present.card import Pill, pills
from catalogue.web.present.reader import Reader

YOURS = Iri("https://example.org/your-dataset")
"""Stands in the Turtle where the steward puts their own address."""

Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line to fill in."""

    name: str
    label: str
    hint: str
    value: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it stands on the page."""

    name: str
    text: str
    hint: str
    several: bool
    options: tuple[Option, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the answers come to, in the reader's language and in both."""

    codes: tuple[Pill, ...]
    model: str
    sentences: tuple[tuple[str, str], ...]
    unsaid: tuple[str, ...]
    turtle: str
    cells: tuple[tuple[str, str], ...]


def questions(reader: Reader, given: Given) -> tuple[Asked, ...]:
    """The questions, with what was answered already."""
    return tuple(_asked(reader, each, given) for each in QUESTIONS)


def _asked(reader: Reader, question: Question, given: Given) -> Asked:
    chosen = given.get(question.name, ())
    return Asked(
        question.name,
        question.text.value(reader.language),
        question.hint.value(reader.language),
        question.several,
        tuple(_option(reader, each, chosen) for each in question.choices),
        tuple(line(reader, each, given) for each in question.blanks),
    )


def _option(reader: Reader, choice: Choice, chosen: Sequence[str]) -> Option:
    return Option(choice.value, choice.label.value(reader.language), choice.value in chosen)


def line(reader: Reader, blank: Blank, given: Given) -> Line:
    """A line with what was typed on it."""
    value = " ".join(given.get(blank.name, ()))
    label, hint = (each.value(reader.language) for each in (blank.label, blank.hint))
    return Line(blank.name, label, hint, value)


def lines(reader: Reader, given: Given) -> tuple[Line, ...]:
    """The lines that belong to no question."""
    return tuple(line(reader, each, given) for each in (NAME, OTHER))


def answer(reader: Reader, given: Given) -> Answer | None:
    """The codes and what goes with them; `None` when nothing was answered."""
    found = translated(given, lambda text: disease(reader, text))
    if found.empty and not found.stratum.model:
        return None
    dataset = Dataset(iri=YOURS, consent=(found.stratum,))
    return Answer(
        codes=pills(reader, found.stratum.conditions),
        model=reader.concept("consent-model", found.stratum.model).text,
        sentences=_both(found.sentences),
        unsaid=tuple(each.value(reader.language) for each in found.unsaid),
        turtle=serialise(write(dataset)).decode(),
        cells=tuple(_cells(reader, dataset, found)),
    )


def _both(sentences: Sequence[LangText]) -> tuple[tuple[str, str], ...]:
    return tuple((each.value("nl"), each.value("en")) for each in sentences)


def disease(reader: Reader, text: str) -> Iri | None:
    """The disease of a name or a code; a code of a vocabulary that we know stays as it is."""
    found = named(reader.scheme("disease"), text)
    if found:
        return found.iri
    iri = canonical(text)
    return iri if vocabulary_of(iri) else None


def _cells(reader: Reader, dataset: Dataset, found: Translated) -> Iterator[tuple[str, str]]:
    """Heading and cell of the sheet of consent; without codes and a name it has no row."""
    if not (found.stratum.conditions or found.stratum.model or found.stratum.label.texts):
        return
    headings, cells = as_tables([dataset], reader.language)[-1].rows[:2]
    own = tuple(zip(headings.cells, cells.cells, strict=True))
    yield from (pair for pair in own[1:] if pair[1])
