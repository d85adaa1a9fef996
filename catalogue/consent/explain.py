"""A judgement in words, for a page, a mail or the command line; never as a permission."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue.consent.codes import Statement, names
from catalogue.consent.match import DatasetJudgement, Judgement, Reason, StratumJudgement
from catalogue.consent.outcome import Outcome, Verdict, both
from catalogue.consent.rules import NOT_A_PERMISSION, OWN_WORDS
from catalogue.model.counts import Count
from catalogue.model.genome import ConsentStratum

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
INFERRED = both("afgeleid, telt niet mee", "inferred, not counted")
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


def dataset_lines(
    strata: Sequence[ConsentStratum], judgement: DatasetJudgement | None, language: str
) -> Iterator[str]:
    """Every group of a dataset: what was recorded about it, and what the rules say, if asked."""
    groups = tuple(strata) or (ConsentStratum(),)
    answers = judgement.strata if judgement else (None,) * len(groups)
    for stratum, answer in zip(groups, answers, strict=True):
        who = stratum.label.value(language) or (EVERYBODY if len(groups) == 1 else NOBODY_SAYS)
        yield f"# {who if isinstance(who, str) else who.value(language)}"
        yield from (
            judgement_lines(answer.judgement, language)
            if answer
            else stated_lines(stratum, language)
        )


def stated_lines(stratum: ConsentStratum, language: str) -> Iterator[str]:
    """What was recorded about a group, with where it was read; no verdict."""
    said = [(Statement.of(each), "") for each in stratum.conditions]
    said += [(Statement.of(each), f" ({INFERRED.value(language)})") for each in stratum.inferred]
    for statement, mark in said:
        parameters = ", ".join(statement.parameters)
        code = "+".join(names(statement.code)) + (f"={parameters}" if parameters else "")
        words = f" “{statement.text}”" if statement.text else ""
        yield f"- {code}{mark} [{statement.source}]{words}"
    if not stratum.conditions:
        yield f"- {Verdict.NOT_STATED.label(language)}"


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
