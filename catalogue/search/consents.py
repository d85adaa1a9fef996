"""Whose consent fits a purpose: one judgement for every different consent among the datasets.

Many datasets have the same consent, so the rules are asked once for each different one and the
answer is a handful of bitmaps. People of one dataset may have consented to different things: it
is found under every answer that occurs, and sorted by the worst, so never a yes for some only.

Only published counts are here. "Fewer than ten" is summed as an interval from 0 to 9, and a
group whose number nobody states is counted apart.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pyroaring import BitMap

from catalogue.consent.disease import Diseases
from catalogue.consent.match import Matcher
from catalogue.consent.outcome import Verdict
from catalogue.consent.policy import Policy
from catalogue.consent.purpose import Purpose
from catalogue.model.genome import Condition, ConsentStratum

REMEMBERED = 16
"""Purposes whose answers are kept; a visitor turns pages, and many ask the same."""

FEWEST = 3
"""Over fewer datasets individuals are not added up: the sum would be about one of them."""

Consent = tuple[tuple[Condition, ...], ...]
"""The conditions of each stratum of a dataset, in its order: what decides its answer."""


@dataclass(frozen=True, slots=True)
class People:
    """How many individuals: at least `lowest`, at most `highest`.

    `unknown` groups, of datasets or strata, state no number and are in neither.
    """

    lowest: int = 0
    highest: int = 0
    unknown: int = 0

    def __add__(self, other: People) -> People:
        return People(
            self.lowest + other.lowest,
            self.highest + other.highest,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class Compatible:
    """What an answer comes down to for one verdict: datasets, and the individuals it is about."""

    verdict: Verdict
    datasets: int
    people: People

    @property
    def people_shown(self) -> People | None:
        """The sum as it may be told: `None` when fewer than `FEWEST` datasets are in it."""
        return self.people if self.datasets >= FEWEST else None


@dataclass(slots=True)
class Judged:
    """What one purpose gets from every consent that was met so far."""

    purpose: Purpose
    today: date
    answers: dict[Consent, tuple[Verdict, ...]] = field(default_factory=dict)
    bitmaps: dict[Verdict, BitMap] = field(default_factory=dict)
    worst: dict[Verdict, BitMap] = field(default_factory=dict)
    state: int = -1


class Consents:
    """The consents of all datasets, by their numbers in the index."""

    def __init__(
        self,
        diseases: Diseases,
        today: Callable[[], date],
        policy: Policy = Policy(),  # noqa: B008 - a frozen value
    ) -> None:
        self._diseases = diseases
        self._today = today
        self._policy = policy
        self._numbers: dict[Consent, BitMap] = {}
        self._mixed: dict[int, tuple[Consent, tuple[People, ...]]] = {}
        self._alike: dict[int, tuple[Consent, People]] = {}
        self._state = 0
        self._judged: OrderedDict[tuple[object, ...], Judged] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, number: int, strata: Sequence[tuple[tuple[Condition, ...], People]]) -> None:
        """Add a dataset: the conditions of its strata, and the people of each."""
        consent = tuple(conditions for conditions, _ in strata)
        with self._lock:
            self._numbers.setdefault(consent, BitMap()).add(number)
            if len(strata) == 1:
                self._alike[number] = (consent, strata[0][1])
            else:
                self._mixed[number] = (consent, tuple(people for _, people in strata))
            self._state += 1

    def sweep(self, forgotten: BitMap) -> None:
        """Forget the numbers of datasets that are gone."""
        with self._lock:
            for number in forgotten:
                consent, _ = self._alike.pop(number, None) or self._mixed.pop(number)
                self._numbers[consent].discard(number)
                if not self._numbers[consent]:
                    del self._numbers[consent]
            self._state += 1

    def prepare(self, purpose: Purpose) -> None:
        """Ask the rules about every consent that is new to this purpose; nobody else waits."""
        with self._lock:
            found = self._remembered(purpose)
            new = [each for each in self._numbers if each not in found.answers]
        if new:
            answers = self._answers(found, new)
            with self._lock:
                found.answers |= answers

    def judged(self, purpose: Purpose) -> Judged:
        """The answers of all datasets that are here now. Costs nothing when nothing changed."""
        with self._lock:
            found = self._remembered(purpose)
            if found.state != self._state:
                new = [each for each in self._numbers if each not in found.answers]
                found.answers |= self._answers(found, new)
                found.bitmaps = self._together(found.answers, lambda verdicts: verdicts)
                found.worst = self._together(found.answers, lambda verdicts: verdicts[-1:])
                found.state = self._state
            return found

    def compatible(self, judged: Judged, among: BitMap) -> tuple[Compatible, ...]:
        """For each verdict, best first: the datasets among these, and their individuals."""
        mixed = BitMap(self._mixed) & among
        found = {each: bitmap & among for each, bitmap in judged.bitmaps.items()}
        people = {each: self._people(numbers - mixed) for each, numbers in found.items()}
        for number in mixed:
            consent, groups = self._mixed[number]
            for verdict, group in zip(judged.answers[consent], groups, strict=True):
                people[verdict] += group
        return tuple(Compatible(each, len(found[each]), people[each]) for each in Verdict)

    def _people(self, numbers: BitMap) -> People:
        """The individuals of datasets in which everybody consented to the same."""
        groups = [self._alike[number][1] for number in numbers]
        return People(
            sum(each.lowest for each in groups),
            sum(each.highest for each in groups),
            sum(each.unknown for each in groups),
        )

    def _remembered(self, purpose: Purpose) -> Judged:
        """The answers that were given to this purpose before, on this day."""
        today = self._today()
        key = (today, *purpose.to_args())
        found = self._judged.pop(key, None) or Judged(purpose, today)
        self._judged[key] = found
        while len(self._judged) > REMEMBERED:
            self._judged.popitem(last=False)
        return found

    def _answers(
        self, found: Judged, consents: Iterable[Consent]
    ) -> dict[Consent, tuple[Verdict, ...]]:
        matcher = Matcher(found.purpose, self._diseases, found.today, self._policy)
        return {each: verdicts(matcher, each) for each in consents}

    def _together(
        self,
        answers: Mapping[Consent, tuple[Verdict, ...]],
        wanted: Callable[[tuple[Verdict, ...]], Iterable[Verdict]],
    ) -> dict[Verdict, BitMap]:
        parts: dict[Verdict, list[BitMap]] = {each: [] for each in Verdict}
        for consent, numbers in self._numbers.items():
            for verdict in set(wanted(_ranked(answers[consent]))):
                parts[verdict].append(numbers)
        return {each: BitMap.union(BitMap(), *found) for each, found in parts.items()}


def verdicts(matcher: Matcher, consent: Consent) -> tuple[Verdict, ...]:
    """The verdict of each stratum, in the order of the dataset."""
    strata = tuple(ConsentStratum(conditions=each) for each in consent)
    judgement = matcher.dataset(strata)
    if judgement is None:
        raise ValueError("an empty purpose has no verdicts")
    return tuple(each.judgement.verdict for each in judgement.strata)


def _ranked(answers: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    return tuple(sorted(answers, key=lambda each: (each.rank, each.value)))
