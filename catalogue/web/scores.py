"""The two scores of each dataset, computed from what is public and remembered for a while.

A score depends on a version of a record and nothing else, so it is remembered by version. The
league of all catalogs follows the log of changes, so that only what changed is read again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Protocol

import pyoxigraph as ox

from catalogue.model.dataset import Dataset
from catalogue.model.text import LangText
from catalogue.namespaces import Iri
from catalogue.quality.controlled import NOT_CHECKED, controlled_access
from catalogue.quality.league import Gain, Standing, gains, league, standing
from catalogue.quality.measurement import metrics
from catalogue.quality.mqa import mqa
from catalogue.quality.score import Criterion, Score
from catalogue.quality.yearly import Due, due, last_checked
from catalogue.rdf.graph import Graph
from catalogue.register.records import Published
from catalogue.validation.report import Report

EUROPEAN_PROFILE = "dcat-ap-3"
MOST_GAINS = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """The European score, ours for controlled access, and when somebody last checked."""

    european: Score
    controlled: Score
    checked: date | None


@dataclass(frozen=True, slots=True)
class Rated:
    """What the league knows of one dataset."""

    scores: Scores
    title: LangText
    holder: str
    catalog: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """One catalog or organisation in the league, by both scores."""

    key: str
    european: Standing
    controlled: Standing


@dataclass(frozen=True, slots=True)
class League:
    """Everybody's place, the fixes that would help most, and what is due for its yearly check."""

    catalogs: tuple[Place, ...]
    holders: tuple[Place, ...]
    fixes: tuple[Gain, ...]
    due: tuple[Due, ...]
    titles: Mapping[str, LangText]
    datasets: int


class Reads(Protocol):
    """What a league needs of the register."""

    def position(self) -> int:
        """The number of the last change."""
        ...

    def published(self, kind: str) -> Iterable[Published]:
        """Every published record of a kind."""
        ...

    def datasets(self, identifiers: Sequence[str]) -> list[Published]:
        """Published datasets; missing ones are skipped."""
        ...

    def changes_since(self, position: int, limit: int = ...) -> Sequence[tuple[int, str, str, str]]:
        """(number, record id, kind, action) of what came after `position`."""
        ...


class Scorer:
    """Computes scores; `most` of them are remembered. May be used by several threads."""

    def __init__(
        self, most: int = 5000, today: Callable[[], date] = lambda: datetime.now(UTC).date()
    ) -> None:
        self._most, self._today = most, today
        self._known: OrderedDict[tuple[str, int, datetime], Scores] = OrderedDict()
        self._criteria: dict[tuple[str, str, bool | None, bool], Criterion] = {}
        self._rated: dict[str, Rated] = {}
        self._position: int | None = None
        self._league: tuple[int, date, League] | None = None
        self._lock, self._making = threading.Lock(), threading.Lock()

    def today(self) -> date:
        """The day by which a yearly check is due or not."""
        return self._today()

    def of(self, published: Published) -> Scores:
        """The scores of a published dataset."""
        record = published.record
        key = (record.id, record.version, record.changed)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = self._computed(published)
            self._remember(key, known)
        return known

    def group(self, published: Iterable[Published]) -> Place:
        """Some datasets together."""
        found = [self.of(each) for each in published]
        return Place(
            "",
            standing("", [each.european for each in found]),
            standing("", [each.controlled for each in found]),
        )

    def league(self, register: Reads) -> League:
        """All datasets, made again when something was published since or the day has changed."""
        with self._making:
            now = (register.position(), self._today())
            if self._league is None or self._league[:2] != now:
                self._follow(register, now[0])
                self._league = (*now, _league(self._rated, now[1]))
            return self._league[2]

    def _remember(self, key: tuple[str, int, datetime], scores: Scores) -> None:
        with self._lock:
            self._known[key] = scores
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def _computed(self, published: Published) -> Scores:
        dataset, graph = published.value, published.graph
        if not isinstance(dataset, Dataset):
            raise TypeError(f"{published.record.iri} is no dataset, so it has no scores")
        subject = ox.NamedNode(published.record.iri)
        reports = tuple(Report.from_json(each) for each in published.reports)
        return Scores(
            self._shared(mqa(graph, subject, shacl_conforms=_verdict(reports))),
            self._shared(controlled_access(dataset, graph, reports)),
            last_checked(graph, subject),
        )

    def _shared(self, score: Score) -> Score:
        """The same score, of criteria that all scores have in common: there are few answers."""
        return replace(
            score,
            criteria=tuple(
                self._criteria.setdefault((score.scheme, each.key, each.met, each.advised), each)
                for each in score.criteria
            ),
        )

    def _follow(self, register: Reads, position: int) -> None:
        """Bring what is known of every dataset up to date; the first time all are read."""
        if self._position is None:
            every = register.published("dataset")
            self._rated = {each.record.id: self._rate(each) for each in every}
        else:
            for identifiers in _changed(register, self._position):
                found = {each.record.id: each for each in register.datasets(identifiers)}
                self._rated |= {name: self._rate(each) for name, each in found.items()}
                for name in set(identifiers) - set(found):
                    self._rated.pop(name, None)
        self._position = position

    def _rate(self, published: Published) -> Rated:
        record = published.record
        return Rated(self.of(published), published.value.title, record.holder.slug, record.catalog)


def _changed(register: Reads, position: int) -> Iterator[list[str]]:
    """The datasets that changed after a position, some at a time."""
    while changes := register.changes_since(position):
        yield list(dict.fromkeys(name for _, name, kind, _ in changes if kind == "dataset"))
        position = changes[-1][0]


def _league(rated: Mapping[str, Rated], today: date) -> League:
    catalogs: dict[str, list[Scores]] = defaultdict(list)
    holders: dict[str, list[Scores]] = defaultdict(list)
    for each in rated.values():
        holders[each.holder].append(each.scores)
        if each.catalog:
            catalogs[each.catalog].append(each.scores)
    late = due({name: each.scores.checked for name, each in rated.items()}, today)
    return League(
        catalogs=_places(catalogs),
        holders=_places(holders),
        fixes=gains([each.scores.controlled for each in rated.values()])[:MOST_GAINS],
        due=late,
        titles={item.name: rated[item.name].title for item in late},
        datasets=len(rated),
    )


def _places(groups: Mapping[str, list[Scores]]) -> tuple[Place, ...]:
    """By the score for controlled access, best first."""
    european = {key: standing(key, [s.european for s in found]) for key, found in groups.items()}
    ours = league({key: [s.controlled for s in found] for key, found in groups.items()})
    return tuple(Place(each.name, european[each.name], each) for each in ours)


def metrics_of_both() -> Graph:
    """What the two schemes measure, for the document of our vocabulary."""
    nothing, name = Graph(), Iri("urn:nothing")
    european = mqa(nothing, ox.NamedNode(name), shacl_conforms=None)
    ours = controlled_access(Dataset(iri=name), nothing, ())
    return Graph([*metrics(european), *metrics(ours)])


def _verdict(reports: Iterable[Report]) -> bool | None:
    """What DCAT-AP says; unknown when it was not checked, or not to the end."""
    found = [report for report in reports if report.profile == EUROPEAN_PROFILE]
    if not found or any(f.component in NOT_CHECKED for f in found[0].findings):
        return None
    return found[0].conforms
