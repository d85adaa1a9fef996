"""Whether recorded consent fits a purpose, for a card, a page and the API: never a bare yes.

Groups of people are judged one by one and stay apart. Every verdict has its clauses: what each
recorded code does to the answer, in words, with where it comes from. Numbers of people are the
published ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from catalogue.consent.disease import SchemeDiseases
from catalogue.consent.match import DatasetJudgement, Judgement, Matcher, Reason, StratumJudgement
from catalogue.consent.outcome import Outcome, Verdict
from catalogue.consent.policy import Policy
from catalogue.consent.purpose import Purpose
from catalogue.consent.rules import NOT_A_PERMISSION, VERSION
from catalogue.model.dataset import Dataset
from catalogue.search.consents import FEWEST, Compatible, People
from catalogue.terms.concept import Vocabulary
from catalogue.web.messages import gettext, ngettext
from catalogue.web.present import card as short
from catalogue.web.present.reader import Reader, Shown, clean, number, safe_link

KINDS = {
    Verdict.FITS: "fits",
    Verdict.DUTIES: "duties",
    Verdict.COMMITTEE: "committee",
    Verdict.NOT_STATED: "unstated",
    Verdict.DOES_NOT_FIT: "unfit",
}
"""The icon and the colour of a verdict; its word always stands beside them."""

ICONS = {
    Outcome.NOTE: "unstated",
    Outcome.PERMITTED: "ok",
    Outcome.CONDITION: "duty",
    Outcome.UNDETERMINED: "committee",
    Outcome.PROHIBITED: "x",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """One verdict: `kind` chooses icon and colour, `words` say it."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One reason: what a recorded code does to the answer.

    `does` is the outcome in a word, for those who do not see the icon; `path` leads from the
    disease studied to the disease consented to; `texts` are the holder's own words.
    """

    icon: str
    does: str
    sentence: str
    code: str
    href: str
    parameter: str
    path: tuple[str, ...]
    texts: tuple[str, ...]
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FitGroup:
    """The answer for the people who agreed to the same."""

    name: Shown
    individuals: Shown
    badge: Badge
    clauses: tuple[Clause, ...]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The answer for a dataset; when its groups differ, no single word will do."""

    badge: Badge
    groups: tuple[FitGroup, ...]
    mixed: bool
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of "how many people": a verdict, datasets, and individuals in words."""

    badge: Badge
    datasets: str
    individuals: str


def matcher(
    vocabulary: Vocabulary, purpose: Purpose, policy: Policy, today: date | None = None
) -> Matcher | None:
    """What judges for this purpose; `None` for an empty one, which gets no verdict."""
    if purpose.empty:
        return None
    day = today or datetime.now(UTC).date()
    return Matcher(purpose, SchemeDiseases(vocabulary.scheme("disease")), day, policy)


def fit(reader: Reader, judge: Matcher | None, dataset: Dataset) -> Fit | None:
    """The verdict on a dataset with its reasons; `None` without a purpose."""
    judgement = judge.dataset(dataset.consent) if judge else None
    if judgement is None:
        return None
    return Fit(
        badge=badge(reader, judgement.verdict),
        groups=tuple(_groups(reader, judgement, dataset)),
        mixed=judgement.mixed,
    )


def badge(reader: Reader, verdict: Verdict) -> Badge:
    """A verdict in a word and an icon."""
    words = verdict.label(reader.language)
    return Badge(KINDS[verdict], words[:1].upper() + words[1:])


def indication(reader: Reader) -> str:
    """What stands near every verdict."""
    return NOT_A_PERMISSION.value(reader.language)


def tallies(reader: Reader, found: tuple[Compatible, ...]) -> tuple[Tally, ...]:
    """How many datasets and individuals have each verdict; empty without a purpose."""
    return tuple(
        Tally(badge(reader, each.verdict), number(each.datasets), _summed(each))
        for each in found
        if each.datasets
    )


def _summed(found: Compatible) -> str:
    """The individuals of a verdict; a sum over very few datasets would be about one of them."""
    if found.people_shown is None:
        return gettext("not added up: fewer than %(least)s datasets", least=FEWEST)
    return people(found.people_shown)


def people(found: People) -> str:
    """A number of individuals, as an interval where small groups are in it.

    A group that states no number is said beside it, and never taken for nobody.
    """
    unknown = ngettext(
        "%(num)d group without a number", "%(num)d groups without a number", found.unknown
    )
    if not found.highest:
        return unknown if found.unknown else number(0)
    known = number(found.lowest)
    if found.lowest != found.highest:
        known = gettext(
            "between %(low)s and %(high)s", low=number(found.lowest), high=number(found.highest)
        )
    return f"{known} + {unknown}" if found.unknown else known


def _groups(reader: Reader, judgement: DatasetJudgement, dataset: Dataset) -> Iterator[FitGroup]:
    several = len(judgement.strata) > 1
    for place, each in enumerate(judgement.strata, start=1):
        yield FitGroup(
            name=_name(reader, each, place if several else 0),
            individuals=reader.count(
                each.individuals or (None if several else dataset.individuals)
            ),
            badge=badge(reader, each.judgement.verdict),
            clauses=tuple(clause(reader, reason) for reason in each.judgement.reasons),
            origins=_origins(each.judgement),
        )


def _origins(judgement: Judgement) -> tuple[str, ...]:
    """In which parts of the description the codes stood, each once."""
    return tuple(
        dict.fromkeys(clean(each)[:200] for reason in judgement.reasons for each in reason.sources)
    )


def _name(reader: Reader, each: StratumJudgement, place: int) -> Shown:
    title = reader.text(each.label)
    if not title.mark:
        return title
    if place:
        return Shown(gettext("Consent group %(number)s", number=place))
    return Shown(gettext("Everybody in this dataset"))


def clause(reader: Reader, reason: Reason) -> Clause:
    """One reason in the reader's words."""
    scheme = reader.scheme("disease")
    concepts = (scheme.get(iri) for iri in reason.path)
    return Clause(
        icon=ICONS[reason.outcome],
        does=_does(reason.outcome),
        sentence=reason.sentence.value(reader.language),
        code=clean(reason.code)[:120],
        href=safe_link(reason.iri),
        parameter=_parameter(reader, reason.parameter),
        path=tuple(reader.label(each).text for each in concepts if each),
        texts=tuple(clean(each)[:500] for each in reason.texts),
        decides=reason.decides,
    )


def _parameter(reader: Reader, text: str) -> str:
    return ", ".join(short.parameter(reader, each).text for each in text.split(", ") if each)


def _does(outcome: Outcome) -> str:
    return {
        Outcome.NOTE: gettext("For information"),
        Outcome.PERMITTED: gettext("Allowed"),
        Outcome.CONDITION: gettext("Duty"),
        Outcome.UNDETERMINED: gettext("Open question"),
        Outcome.PROHIBITED: gettext("Not allowed"),
    }[outcome]
