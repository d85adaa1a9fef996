"""A judgement in words, for a page, a mail or the command line; never as a permission."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.consent.match import DatasetJudgement, Judgement, Reason, StratumJudgement
from catalogue.consent.outcome import Outcome, both
from catalogue.consent.rules import NOT_A_PERMISSION, OWN_WORDS
from catalogue.model.counts import Count

OUTCOMES = {
    Outcome.NOTE: both("ter informatie", "for information"),
    Outcome.PERMITTED: both("mag", "permitted"),
    Outcome.CONDITION: both("voorwaarde", "condition"),
    Outcome.UNDETERMINED: both("onbeslist", "undetermined"),
    Outcome.PROHIBITED: both("mag niet", "not permitted"),
}

EVERYBODY = both("alle deelnemers", "all participants")
NOBODY_SAYS = both("een groep zonder naam", "a group without a name")
PEOPLE = both("{number} personen", "{number} individuals")
FEWER = both("minder dan {number} personen", "fewer than {number} individuals")
RULES = both("Regels versie {version}.", "Rules version {version}.")


def reason_line(reason: Reason, language: str) -> str:
    """One reason on one line: its code, its parameter and its sentence."""
    name = f"{reason.code}={reason.parameter}" if reason.parameter else reason.code
    sentence = reason.sentence.value(language)
    return f"{name}: {sentence}" if name else sentence


def judgement_lines(judgement: Judgement, language: str) -> Iterator[str]:
    """The verdict, every reason with what it does and where it comes from, and the caveats."""
    yield judgement.verdict.label(language)
    for reason in judgement.reasons:
        outcome = OUTCOMES[reason.outcome].value(language)
        origin = "; ".join((*reason.sources, *(f"“{text}”" for text in reason.texts)))
        end = f" [{origin}]" if origin else ""
        yield f"- {outcome}: {reason_line(reason, language)}{end}"
    yield NOT_A_PERMISSION.value(language)
    yield f"{RULES.value(language).format(version=judgement.version)} {OWN_WORDS.value(language)}"


def summary(judgement: DatasetJudgement, language: str) -> tuple[str, ...]:
    """One line for each stratum: "fits: broad consent, 1200 individuals"."""
    alone = len(judgement.strata) == 1
    return tuple(_stratum(each, language, alone=alone) for each in judgement.strata)


def _stratum(stratum: StratumJudgement, language: str, *, alone: bool) -> str:
    unnamed = EVERYBODY if alone else NOBODY_SAYS
    who = stratum.label.value(language) or unnamed.value(language)
    if stratum.individuals is not None:
        who = f"{who}, {people(stratum.individuals, language)}"
    verdict = stratum.judgement.verdict.label(language)
    return f"{verdict}: {who}"


def people(count: Count, language: str) -> str:
    """A published number of people in words."""
    if count.value is None:
        return FEWER.value(language).format(number=count.below)
    return PEOPLE.value(language).format(number=count.value)
