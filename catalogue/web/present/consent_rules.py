"""The rule table of consent, for the page that documents it: generated, so it cannot drift."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.consent.codes import IRIS
from catalogue.consent.explain import OUTCOMES
from catalogue.consent.outcome import Outcome
from catalogue.consent.permissions import BY_NAME
from catalogue.consent.policy import Policy, described
from catalogue.consent.rules import Cell, Line, Term, permission_table, terms
from catalogue.web.messages import gettext
from catalogue.web.present.reader import Reader, Shown, capital

KINDS = {
    Outcome.NOTE: "note",
    Outcome.PERMITTED: "fits",
    Outcome.CONDITION: "duties",
    Outcome.UNDETERMINED: "committee",
    Outcome.PROHIBITED: "does-not-fit",
}
"""How the page marks an outcome."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a rule: what it does, and the sentence."""

    kind: str
    outcome: str
    sentence: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One term: its name in words, what it asks, what it applies to, and its answers."""

    code: str
    iri: str
    words: Shown
    question: str
    parameter: str
    answers: tuple[Answer, ...]
    is_permission: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A policy choice: its name, the outcome chosen, and who says what."""

    name: str
    kind: str
    outcome: str
    about: str


@dataclass(frozen=True, slots=True)
class Aim:
    """A row of the table of main permissions: an aim, and what each permission says to it."""

    words: str
    cells: tuple[Answer, ...]


def permissions(reader: Reader, policy: Policy) -> tuple[Aim, ...]:
    """The table of main permissions, with its columns in the order of `PERMISSIONS`."""
    return tuple(
        Aim(words.value(reader.language), tuple(_cell(reader, cells[name]) for name in BY_NAME))
        for words, cells in permission_table(policy)
    )


def _cell(reader: Reader, cell: Cell) -> Answer:
    if cell.outcome is None:
        return Answer("note", gettext("the disease decides"), "")
    outcome = OUTCOMES[cell.outcome].value(reader.language)
    return Answer(KINDS[cell.outcome], outcome, "", cell.choice)


def rules(reader: Reader, policy: Policy) -> tuple[Rule, ...]:
    """Every term with a rule; of the main permissions only what depends on the disease."""
    return tuple(_rule(reader, each) for each in terms(policy))


def _rule(reader: Reader, term: Term) -> Rule:
    return Rule(
        code=term.code if term.code != "*" else "",
        iri=term.iri,
        words=_words(reader, term),
        question=term.question.value(reader.language),
        parameter=term.parameter.value(reader.language),
        answers=tuple(dict.fromkeys(_answers(reader, term.lines))),
        is_permission=term.code in BY_NAME,
    )


def _words(reader: Reader, term: Term) -> Shown:
    """The label of our scheme; a term that is not in it has its code alone."""
    if term.code == "*":
        return Shown(gettext("Any other code"))
    concept = reader.scheme("data-use").resolve(IRIS.get(term.code, ""))
    return capital(reader.label(concept)) if concept else Shown("")


def _answers(reader: Reader, lines: tuple[Line, ...]) -> Iterator[Answer]:
    for each in lines:
        if each.in_grid:
            continue
        yield Answer(
            KINDS[each.outcome],
            OUTCOMES[each.outcome].value(reader.language),
            each.sentence.value(reader.language),
            each.choice,
        )


def choices(reader: Reader, policy: Policy) -> tuple[Choice, ...]:
    """Every choice where the sources disagree, as it is set here."""
    return tuple(
        Choice(
            name,
            KINDS[outcome],
            OUTCOMES[outcome].value(reader.language),
            about.value(reader.language),
        )
        for name, outcome, about in described(policy)
    )
