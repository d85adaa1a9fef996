"""THE rule table as a whole, for the page that documents it, and its version.

The version changes with any rule, sentence or default choice, and travels with every
judgement: an answer that was printed can be traced to the rules that gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from catalogue.consent import modifiers, permissions
from catalogue.consent.codes import IRIS
from catalogue.consent.modifiers import Answer
from catalogue.consent.outcome import Outcome, both, filled
from catalogue.consent.policy import Policy
from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.terms.concept import grouped

VERSION = "1.2.0"

NOT_A_PERMISSION = both(
    "Dit is een aanwijzing, geen toestemming: de commissie die over toegang gaat, beslist.",
    "This is an indication, not a permission: the data access committee decides.",
)
"""Goes with every verdict, wherever it is shown."""

OWN_WORDS = both(
    "De Nederlandse uitleg van DUO-codes is onze eigen uitleg, geen officiële vertaling.",
    "The explanations of DUO codes are our own words.",
)
"""GA4GH asks that unofficial translations are not passed off as DUO."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answer of one rule: a line of the documented table.

    `choice` names the policy choice that the outcome follows, if any.
    """

    code: str
    iri: Iri
    question: LangText
    answer: str
    outcome: Outcome
    sentence: LangText
    choice: str = ""

    @property
    def name(self) -> str:
        """What `Reason.line` calls it."""
        return f"{self.code}:{self.answer}"

    @property
    def in_grid(self) -> bool:
        """Whether it is a cell of `permission_table`."""
        row = permissions.BY_NAME.get(self.code)
        return row is not None and self.answer in row.cells


PARAMETERS: dict[str, LangText] = {
    "DS": both("de ziekte", "the disease"),
    "GS": both("het land of gebied", "the country or region"),
    "IS": both("de instelling", "the institution"),
    "TS": both("maanden, of een einddatum", "months, or an end date"),
    "MOR": both("de datum", "the date"),
    "COL": both("met wie", "with whom"),
    "PS": both("het project", "the project"),
    "US": both("de personen", "the people"),
    "RS": both("het soort onderzoek", "the kind of research"),
    "FG:0000743": both("de wetgeving", "the legislation"),
}
"""What a term applies to; the others apply as they are."""

BLANKS = {
    "nl": {
        "parameter": "[wat de houder noemt]",
        "given": "[uw antwoord]",
        "allowed": "[de ziekte van de toestemming]",
        "asked": "[de ziekte van het onderzoek]",
        "path": "[het pad]",
    },
    "en": {
        "parameter": "[what the holder names]",
        "given": "[your answer]",
        "allowed": "[the disease of the consent]",
        "asked": "[the disease of the study]",
        "path": "[the path]",
    },
}
"""What stands in a documented sentence for what differs per case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term with every answer that its rule can give: a section of the documentation."""

    code: str
    iri: Iri
    question: LangText
    parameter: LangText
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one main permission says to one aim; `choice` names the policy choice, if any.

    `outcome` is `None` where the disease decides.
    """

    outcome: Outcome | None
    choice: str = ""


def permission_table(
    policy: Policy | None = None,
) -> tuple[tuple[LangText, Mapping[str, Cell]], ...]:
    """Every aim, with a cell for each main permission.

    >>> [cells["GRU"].outcome.name for _, cells in permission_table()][:2]
    ['PERMITTED', 'PERMITTED']
    """
    chosen = policy or Policy()
    return tuple(
        (words, {row.name: _cell(row, key, chosen) for row in permissions.PERMISSIONS})
        for key, words in permissions.AIMS.items()
    )


def _cell(row: permissions.Permission, key: str, policy: Policy) -> Cell:
    if row.name == "DS" and key == "disease":
        return Cell(outcome=None)
    answer = row.cells.get(key, row.cells.get(key.removesuffix("-alone"), Outcome.NOTE))
    choice = answer if isinstance(answer, str) else ""
    return Cell(outcome=policy.decide(answer), choice=choice)


def terms(policy: Policy | None = None) -> tuple[Term, ...]:
    """The rule table by term, in its order; what differs per case is named in brackets."""
    found = grouped((line.code, line) for line in lines(policy))
    return tuple(
        Term(
            code=code,
            iri=own[0].iri,
            question=own[0].question,
            parameter=PARAMETERS.get(code, LangText()),
            lines=tuple(replace(line, sentence=filled(line.sentence, BLANKS)) for line in own),
        )
        for code, own in found.items()
    )


def lines(policy: Policy | None = None) -> Iterator[Line]:
    """Every rule and every answer, permissions first; codes without a rule come last as `*`."""
    chosen = policy or Policy()
    yield from _permission_lines(chosen)
    yield from (
        _line(row.name, row.question, key, answer, chosen)
        for row in (*modifiers.MODIFIERS, modifiers.UNKNOWN)
        for key, answer in row.answers.items()
    )


def _permission_lines(policy: Policy) -> Iterator[Line]:
    for row in permissions.PERMISSIONS:
        for key, cell in row.cells.items():
            if row.name == "DS" and key == "disease":
                yield from (
                    _line("DS", row.meaning, f"disease-{answer}", Answer(*cells), policy)
                    for answer, cells in permissions.DISEASE.items()
                )
            else:
                answer = Answer(cell, permissions.sentence(row, key, policy.decide(cell)))
                yield _line(row.name, row.meaning, key, answer, policy)
        if row.name != "DS":
            blanks = dict.fromkeys(BLANKS, "{parameter}")
            answer = Answer(Outcome.UNDETERMINED, permissions.limited(row, blanks))
            yield _line(row.name, row.meaning, "limited", answer, policy)


def _line(code: str, question: LangText, key: str, answer: Answer, policy: Policy) -> Line:
    return Line(
        code=code,
        iri=IRIS.get(code, Iri("")),
        question=question,
        answer=key,
        outcome=policy.decide(answer.outcome),
        sentence=answer.sentence,
        choice=answer.outcome if isinstance(answer.outcome, str) else "",
    )
