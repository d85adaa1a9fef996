"""THE rule table as a whole, for the page that documents it, and its version.

The version changes with any rule, sentence or default choice, and travels with every
judgement: an answer that was printed can be traced to the rules that gave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.consent import modifiers, permissions
from catalogue.consent.codes import IRIS
from catalogue.consent.modifiers import Answer
from catalogue.consent.outcome import Outcome, both
from catalogue.consent.policy import Policy
from catalogue.model.text import LangText
from catalogue.namespaces import Iri

VERSION = "1.0.0"

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
