"""Compare what a consent permits with what a study intends.

The answer is never a bare yes. A catalogue advises and the data access committee decides, so a
judgement carries every reason that led to it. A term that we do not understand becomes a reason
too, because silence would read as permission. People of one dataset may have consented to
different things, so each group is judged on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from catalogue.consent import modifiers as table
from catalogue.consent import permissions as main
from catalogue.consent.codes import Clause, Statement, clauses
from catalogue.consent.disease import Diseases, compare
from catalogue.consent.modifiers import NOT_MENTIONED, UNKNOWN, Asked
from catalogue.consent.outcome import VERDICTS, Outcome, Verdict, both, filled
from catalogue.consent.permissions import DISAGREE, DISEASE, NO_AIM, NO_PERMISSION
from catalogue.consent.policy import Policy
from catalogue.consent.purpose import Aim, Goal, Purpose
from catalogue.consent.rules import VERSION
from catalogue.model.counts import Count
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.model.text import LANGUAGES, LangText
from catalogue.namespaces import Iri
from catalogue.terms.alias import canonical, curie
from catalogue.terms.concept import grouped

KINSHIP = tuple(DISEASE)
"""How near a disease is to another, nearest first."""

NOT_NAMED = {"nl": "niet genoemd", "en": "not named"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One clause and what it does to the answer.

    `code` is the short name of the term, or the spelling in which an unknown term came; empty
    for a reason that no clause gives. `line` is the line of the rule table that answered, such
    as `NPU:yes`. A reason that does not `decide` is shown and not counted.
    """

    code: str
    outcome: Outcome
    sentence: LangText
    iri: Iri = Iri("")
    parameter: str = ""
    line: str = ""
    path: tuple[Iri, ...] = ()
    sources: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    decides: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The answer for one group of people: a verdict and every reason, worst first."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    version: str = VERSION

    @property
    def conditions(self) -> tuple[str, ...]:
        """The terms that ask something of the researcher; only where the answer is "duties"."""
        if self.verdict is not Verdict.DUTIES:
            return ()
        found = (each for each in self.reasons if each.outcome is Outcome.CONDITION)
        return tuple(sorted({each.code for each in found if each.decides}))


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumJudgement:
    """The answer for one consent stratum, with its own label and number of people."""

    judgement: Judgement
    label: LangText = LangText()
    individuals: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetJudgement:
    """The answers for every stratum of a dataset, in the order of the description."""

    strata: tuple[StratumJudgement, ...]

    @property
    def verdict(self) -> Verdict:
        """The answer for the dataset as a whole: the worst, so never a yes for some only."""
        return max(self.verdicts, key=lambda each: each.rank)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every answer that occurs, best first: what a filter should find the dataset under."""
        found = {each.judgement.verdict for each in self.strata}
        return tuple(sorted(found, key=lambda each: (each.rank, each.value)))

    @property
    def mixed(self) -> bool:
        """Whether the strata differ, so that no single word will do."""
        return len(self.verdicts) > 1


@dataclass(frozen=True, eq=False)
class Matcher:
    """One purpose, ready to be compared with many consents.

    Equal consents are judged once and equal clauses are weighed once, so a hundred thousand
    datasets cost as much as there are different consents among them. It remembers all of them:
    keep a matcher for one question, not for the life of a server. `judge` gives `None` when the
    purpose is empty.
    """

    purpose: Purpose
    diseases: Diseases
    today: date
    policy: Policy = Policy()
    _judged: dict[frozenset[Statement], Judgement] = field(default_factory=dict, repr=False)
    _reasoned: dict[object, Reason] = field(default_factory=dict, repr=False)
    _covered: dict[str, bool] = field(default_factory=dict, repr=False)
    _known: dict[tuple[tuple[Condition, ...], ...], Judgement] = field(
        default_factory=dict, repr=False
    )

    def judge(self, statements: Iterable[Statement]) -> Judgement | None:
        """The answer for one group of people, or `None` for an empty purpose."""
        if self.purpose.empty:
            return None
        key = frozenset(statements)
        if key not in self._judged:
            self._judged[key] = judged(tuple(self._reasons(key)), stated=is_stated(key))
        return self._judged[key]

    def dataset(self, strata: Iterable[ConsentStratum]) -> DatasetJudgement | None:
        """The answers for a dataset; without strata, that nothing is stated."""
        answers = [self._stratum(each) for each in tuple(strata) or (ConsentStratum(),)]
        found = tuple(each for each in answers if each)
        return DatasetJudgement(strata=found) if found else None

    def _stratum(self, stratum: ConsentStratum) -> StratumJudgement | None:
        key = (stratum.conditions, stratum.inferred)
        judgement = self._known.get(key) or self.judge(stated(stratum))
        if judgement is None:
            return None
        self._known[key] = judgement
        return StratumJudgement(
            judgement=judgement, label=stratum.label, individuals=stratum.individuals
        )

    def _reasons(self, statements: frozenset[Statement]) -> Iterator[Reason]:
        found = {clause for each in statements for clause in clauses(each)}
        ordered = sorted(found, key=lambda each: (each.name, each.parameters, repr(each.statement)))
        counted = [each for each in ordered if each.statement.counted]
        yield from self._permission_step(counted)
        yield from self._modifier_step(counted)
        yield from (self._inferred(each) for each in ordered if not each.statement.counted)

    def _permission_step(self, found: list[Clause]) -> Iterator[Reason]:
        groups = {
            name: [each for each in found if each.name == name]
            for name in main.BY_NAME
            if any(each.name == name for each in found)
        }
        if not self.purpose.goals:
            yield from (unasked(name, group) for name, group in groups.items())
            yield plain(NO_AIM)
            return
        if not groups:
            yield from (plain(NO_PERMISSION) for _ in found[:1])
            return
        care = any(each.name == "CC" for each in found)
        answers = {name: self._permission(name, group, care) for name, group in groups.items()}
        yield from self._agreed(answers)

    def _permission(self, name: str, group: list[Clause], care: bool) -> list[Reason]:
        """One reason for each aim, under one permission; a limit on all of it is one more."""
        aims = [
            self._once((*group, goal, care), partial(self._cell, name, group, goal, care=care))
            for goal in self.purpose.goals
        ]
        return aims if name == "DS" else [*aims, *limit(main.BY_NAME[name], group)]

    def _once(self, key: object, reason: Callable[[], Reason]) -> Reason:
        """The reason for these clauses, found once: consents differ, their clauses recur."""
        if key not in self._reasoned:
            self._reasoned[key] = reason()
        return self._reasoned[key]

    def _cell(self, name: str, group: list[Clause], goal: Goal, *, care: bool) -> Reason:
        if name == "DS" and goal.aim is Aim.DISEASE:
            return self._disease(group, goal)
        row = main.BY_NAME[name]
        question = row.question(goal, self.purpose.aims(), care=care)
        outcome = self.policy.decide(row.cells[question])
        reason = cited(group, outcome, main.sentence(row, question, outcome))
        return replace(reason, line=f"{name}:{question}")

    def _disease(self, group: list[Clause], goal: Goal) -> Reason:
        """Several diseases are alternatives: the one that suits the study best answers.

        Of two that suit alike, the nearest kin answers, however they are spelled.
        """
        compared, allowed = min(
            ((compare(self.diseases, each, goal.disease), each) for each in consented(group)),
            key=lambda pair: (
                DISEASE[pair[0].answer][0],
                KINSHIP.index(pair[0].answer),
                len(pair[0].path),
                self.diseases.identity(pair[1]),
            ),
        )
        outcome, template = DISEASE[compared.answer]
        values = {
            language: {
                "allowed": self._name(allowed, language),
                "asked": self._name(goal.disease, language),
                "path": " → ".join(self.diseases.label(each, language) for each in compared.path),
            }
            for language in LANGUAGES
        }
        reason = cited(group, outcome, filled(template, values))
        return replace(reason, path=compared.path, line=f"DS:disease-{compared.answer}")

    def _name(self, code: str, language: str) -> str:
        if not code:
            return NOT_NAMED[language]
        short = curie(canonical(code))
        label = self.diseases.label(self.diseases.identity(code), language)
        return label if label == short else f"{label} ({short})"

    def _agreed(self, answers: Mapping[str, list[Reason]]) -> Iterator[Reason]:
        """Several permissions decide only when all say yes, or all say no."""
        worst = {max(each.outcome for each in reasons) for reasons in answers.values()}
        agree = len(worst) == 1
        for reasons in answers.values():
            yield from reasons if agree else (replace(each, decides=False) for each in reasons)
        if not agree:
            names = ", ".join(sorted(answers))
            sentence = filled(DISAGREE, {each: {"codes": names} for each in LANGUAGES})
            yield plain(sentence, self.policy.permissions_disagree, code=names)

    def _modifier_step(self, found: list[Clause]) -> Iterator[Reason]:
        in_disease = self._in_disease(found)
        groups = grouped(((each.name, each.parameters), each) for each in found)
        for (name, _), group in groups.items():
            if name not in main.BY_NAME:
                yield self._once(
                    (group, in_disease), partial(self._modifier, group, in_disease=in_disease)
                )
        mentioned = {clause.name for clause in found}
        for attribute, (choice, names, sentence) in NOT_MENTIONED.items():
            if found and getattr(self.purpose, attribute) and not names & mentioned:
                yield plain(sentence, self.policy.decide(choice))

    def _in_disease(self, found: list[Clause]) -> bool:
        """Whether a DS covers every disease of the study, and the study names one."""
        groups = consented([each for each in found if each.name == "DS"])
        studied = self.purpose.diseases()
        return bool(groups and studied) and all(
            any(self._covers(each, disease) for each in groups) for disease in studied
        )

    def _covers(self, allowed: str, studied: str) -> bool:
        key = f"{allowed} {studied}"
        if key not in self._covered:
            self._covered[key] = compare(self.diseases, allowed, studied).answer == "covered"
        return self._covered[key]

    def _modifier(self, group: tuple[Clause, ...], *, in_disease: bool) -> Reason:
        clause = group[0]
        row = table.BY_NAME.get(clause.name, UNKNOWN)
        asked = Asked(clause=clause, purpose=self.purpose, today=self.today, in_disease=in_disease)
        key = row.ask(asked)
        answer = row.answers[key]
        given = self._given(clause.name)
        parameter = ", ".join(clause.parameters)
        values = {
            language: {
                "given": given or NOT_NAMED[language],
                "parameter": parameter or NOT_NAMED[language],
            }
            for language in LANGUAGES
        }
        sentence = filled(answer.sentence, values)
        reason = cited(group, self.policy.decide(answer.outcome), sentence)
        return replace(reason, line=f"{row.name}:{key}")

    def _given(self, name: str) -> str:
        attribute = GIVEN.get(name)
        value = getattr(self.purpose, attribute) if attribute else None
        return "" if value is None else str(value)

    def _inferred(self, clause: Clause) -> Reason:
        return replace(cited([clause], Outcome.NOTE, INFERRED), decides=False)


GIVEN = {
    "GS": "country",
    "IS": "institution",
    "TS": "months",
    "MOR": "publication_date",
}
"""Which answer of the purpose a sentence quotes."""

INFERRED = both(
    "Afgeleid uit vrije tekst; dit telt niet mee.",
    "Inferred from free text; this is not counted.",
)


def judged(reasons: tuple[Reason, ...], *, stated: bool) -> Judgement:
    """The worst reason that decides is the verdict."""
    worst = max((each.outcome for each in reasons if each.decides), default=Outcome.NOTE)
    verdict = VERDICTS[worst] if stated else Verdict.NOT_STATED
    ordered = sorted(reasons, key=lambda each: (not each.decides, -each.outcome))
    return Judgement(verdict=verdict, reasons=tuple(ordered))


def stated(stratum: ConsentStratum) -> Iterator[Statement]:
    """What a stratum states; what was only inferred is not counted."""
    yield from (Statement.of(each) for each in stratum.conditions)
    yield from (Statement.of(each, counted=False) for each in stratum.inferred)


def is_stated(statements: Iterable[Statement]) -> bool:
    """Whether anything is stated that counts; "not stated" in so many words is no statement."""
    found = (clause for each in statements if each.counted for clause in clauses(each))
    return any(clause.name != "NOT-STATED" for clause in found)


def consented(group: Iterable[Clause]) -> list[str]:
    """The diseases that clauses allow; a clause without one gives an empty code."""
    found = {each for clause in group for each in clause.parameters or ("",)}
    return sorted(found)


def unasked(name: str, group: list[Clause]) -> Reason:
    """A permission that the purpose gives nothing to compare with."""
    return cited(group, Outcome.NOTE, main.BY_NAME[name].meaning)


def limit(row: main.Permission, group: list[Clause]) -> Iterator[Reason]:
    """A permission for something only, where the term has no such thing: never a yes for all."""
    found = [each for each in group if each.parameters]
    if found:
        reason = cited(found, Outcome.UNDETERMINED, LangText())
        words = main.limited(row, dict.fromkeys(LANGUAGES, reason.parameter))
        yield replace(reason, sentence=words, line=f"{row.name}:limited")


def plain(sentence: LangText, outcome: Outcome = Outcome.UNDETERMINED, *, code: str = "") -> Reason:
    """A reason that no single clause gives."""
    return Reason(code=code, outcome=outcome, sentence=sentence)


def cited(group: Sequence[Clause], outcome: Outcome, sentence: LangText) -> Reason:
    """A reason that clauses of one name give, with all that was recorded about them."""
    return Reason(
        code=group[0].name,
        iri=group[0].iri,
        outcome=outcome,
        sentence=sentence,
        parameter=", ".join(sorted({one for each in group for one in each.parameters})),
        sources=tuple(sorted({each.statement.source for each in group} - {""})),
        texts=tuple(sorted({each.statement.text for each in group} - {""})),
    )
