"""What a stranger may read of a run: the addresses that a source publishes, and why, in words.

A report is made for whoever mends the source, so it quotes: titles, values, the words of a
parser. Whoever answers for the source reads all of it. Everybody else reads of a description
that is not public where it stands at its source and which rule it broke, and nothing that it
says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from catalogue.ingest import outcomes
from catalogue.ingest.pipeline import CONCERNS
from catalogue.register.records import Outcome, RecordOutcome, RunSummary, Words

SHOWN = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED})
"""What these say was public when it was said."""
FIXED: tuple[Words, ...] = (*CONCERNS.values(), outcomes.STILL_HELD)
"""What may be said of something that is held: sentences without a word of it."""
FACTS = ("kind", "status", "line", "reason")
"""Of a failure or a removal: what kind it was, and where. Nothing of it is content."""

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_PARSER = re.compile(
    r"\b(Turtle|TriG|N-Triples|N-Quads|N3|RDF/XML|JSON-LD): .*?(?=(?: \(line \d+\))?$)", re.DOTALL
)


def of_outcome(outcome: RecordOutcome, public: Collection[str]) -> RecordOutcome:
    """A line of a report; `public` are the ids of the records that are public now.

    A record that was withdrawn keeps the title that it had; one that never was has none.
    """
    if outcome.outcome in SHOWN:
        return outcome if outcome.record in public else replace(outcome, details={})
    named = outcome.outcome is Outcome.REMOVED and outcome.details.get("public") is True
    return replace(
        outcome,
        title=outcome.title if named else "",
        record=outcome.record if named else None,
        details=_details(outcome),
    )


def of_run(run: RunSummary) -> RunSummary:
    """How a run ended, without what it quotes."""
    said = {language: unquoted(text) for language, text in run.messages.items()}
    return replace(run, message=unquoted(run.message), messages=said)


def unquoted(sentence: str) -> str:
    """A sentence without what stands in it between quotes or was said by a parser.

    >>> unquoted("https://umc.example/7: Turtle: Genomes is not a valid subject (line 3)")
    'https://umc.example/7: Turtle: not well-formed (line 3)'
    >>> unquoted("https://umc.example/7: timed out after 30 s")
    'https://umc.example/7: timed out after 30 s'
    """
    return _PARSER.sub(r"\1: not well-formed", _QUOTED.sub("“…”", sentence))


def _details(outcome: RecordOutcome) -> dict[str, Any]:
    details = outcome.details
    found = [_finding(each, outcome.source_iri) for each in details.get("findings") or ()]
    said = _message(outcome.outcome, details.get("message") or {})
    known = {name: details[name] for name in FACTS if name in details}
    return {**known, **({"message": said} if said else {}), "findings": found}


def _message(of: Outcome, said: Any) -> dict[str, str]:
    words = said if isinstance(said, Mapping) else {"en": str(said)}
    if of is Outcome.HELD:
        return dict(words) if words in FIXED else {}
    return {language: unquoted(str(text)) for language, text in words.items()}


def _finding(finding: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Which rule was broken and where, without what was received or how its parts are called."""
    start, *steps = str(finding.get("focus") or "").split(" / ")
    place = " / ".join([subject, *steps]) if start == subject or steps else ""
    return {**finding, "value": None, "focus": place}
