"""Scores in words: two figures, what would help most, who stands where, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from catalogue.quality.league import Gain, Standing
from catalogue.quality.score import CONTROLLED_ACCESS, DIMENSIONS, MQA, RATINGS, Criterion, Score
from catalogue.quality.yearly import Due, overdue
from catalogue.web.messages import gettext, lazy_gettext, ngettext
from catalogue.web.present.figures import Figure, bar
from catalogue.web.present.reader import Reader, Shown, day, not_stated, number
from catalogue.web.scores import League, Place, Scores

NAMES = {
    MQA: lazy_gettext("European metadata score"),
    CONTROLLED_ACCESS: lazy_gettext("Score for controlled access"),
}
MOST_FIXES = 8
MOST_DUE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One thing to mend and what it brings. `datasets` is 0 on the page of one dataset."""

    label: str
    advice: str
    points: str
    datasets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A part of a score."""

    name: str
    points: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The quality of one dataset or of several together."""

    figures: tuple[Figure, ...]
    fixes: tuple[Fix, ...]
    european_fixes: tuple[Fix, ...] = ()
    dimensions: tuple[tuple[str, tuple[Dimension, ...]], ...] = ()
    yearly: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the league."""

    key: str
    name: Shown
    datasets: int
    controlled: str
    european: str
    rating: str
    best: Fix | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaguePage:
    """The page of everybody's quality."""

    datasets: int
    catalogs: tuple[Line, ...]
    holders: tuple[Line, ...]
    fixes: tuple[Fix, ...]
    due: tuple[tuple[str, Shown, Shown], ...]
    due_further: int
    undated: int


def section(reader: Reader, scores: Scores, today: date) -> Section:
    """The quality of one dataset."""
    both = (scores.controlled, scores.european)
    late = overdue(scores.checked, today)
    return Section(
        figures=tuple(_figure(reader, each) for each in both),
        fixes=tuple(_fix(reader, each) for each in scores.controlled.fixes()[:MOST_FIXES]),
        european_fixes=tuple(_fix(reader, each) for each in scores.european.fixes()[:MOST_FIXES]),
        dimensions=tuple((str(NAMES[each.scheme]), _dimensions(reader, each)) for each in both),
        yearly=_yearly(scores.checked, late),
        late=late is True,
    )


def together(reader: Reader, place: Place) -> Section | None:
    """The quality of several datasets; `None` of none."""
    if not place.controlled.rated:
        return None
    return Section(
        figures=(
            _mean(reader, CONTROLLED_ACCESS, place.controlled),
            _mean(reader, MQA, place.european),
        ),
        fixes=tuple(_gain(reader, each) for each in place.controlled.fixes[:MOST_FIXES]),
    )


def league_page(
    reader: Reader, league: League, catalogs: Mapping[str, Shown], holders: Mapping[str, Shown]
) -> LeaguePage:
    """Everybody's quality. Only catalogs and holders that have a name are listed."""
    late = [each for each in league.due if each.since is not None]
    return LeaguePage(
        datasets=league.datasets,
        catalogs=tuple(_lines(reader, league.catalogs, catalogs)),
        holders=tuple(_lines(reader, league.holders, holders)),
        fixes=tuple(_gain(reader, each) for each in league.fixes),
        due=tuple(_due(reader, each, league) for each in late[:MOST_DUE]),
        due_further=len(late[MOST_DUE:]),
        undated=len(league.due) - len(late),
    )


def _figure(reader: Reader, score: Score) -> Figure:
    waiting = score.at_most - score.points
    unchecked = ngettext("%(num)d point not checked", "%(num)d points not checked", waiting)
    return Figure(
        value=number(score.points),
        unit=f"/ {score.of}",
        label=str(NAMES[score.scheme]),
        parts=bar(score.points, score.of - score.points, 0),
        note=RATINGS[score.rating][reader.language] + (f"; {unchecked}" if waiting else ""),
    )


def _mean(reader: Reader, scheme: str, standing: Standing) -> Figure:
    mean, of = standing.mean or 0, standing.of or 0
    rating = RATINGS[standing.rating][reader.language] if standing.rating else ""
    return Figure(
        value=number(mean),
        unit=f"/ {of}",
        label=str(NAMES[scheme]),
        parts=bar(round(mean), of - round(mean), 0),
        note=ngettext(
            "%(rating)s; mean of %(num)d dataset",
            "%(rating)s; mean of %(num)d datasets",
            standing.rated,
            rating=rating,
        ),
    )


def _fix(reader: Reader, criterion: Criterion) -> Fix:
    return Fix(
        label=criterion.label[reader.language],
        advice=criterion.fix[reader.language],
        points=f"+ {criterion.of}",
    )


def _gain(reader: Reader, gain: Gain) -> Fix:
    return Fix(
        label=gain.criterion.label[reader.language],
        advice=gain.criterion.fix[reader.language],
        points=f"+ {gain.criterion.of}",
        datasets=gain.datasets,
    )


def _dimensions(reader: Reader, score: Score) -> tuple[Dimension, ...]:
    return tuple(
        Dimension(name=DIMENSIONS[name][reader.language], points=points, of=of)
        for name, (points, of) in score.dimensions().items()
    )


def _yearly(checked: date | None, late: bool | None) -> str:
    if checked is None or late is None:
        return gettext("When the holder last checked this description is not stated.")
    when = day(checked).text
    if late:
        return gettext(
            "The holder last dated this description on %(day)s, more than a year ago. It should "
            "be checked every year.",
            day=when,
        )
    return gettext("The holder last dated this description on %(day)s.", day=when)


def _lines(reader: Reader, places: Iterable[Place], names: Mapping[str, Shown]) -> Iterable[Line]:
    for each in places:
        if each.key in names:
            yield _line(reader, each, names[each.key])


def _line(reader: Reader, place: Place, name: Shown) -> Line:
    ours, fixes = place.controlled, place.controlled.fixes
    return Line(
        key=place.key,
        name=name,
        datasets=ours.rated,
        controlled=_points(ours),
        european=_points(place.european),
        rating=RATINGS[ours.rating][reader.language] if ours.rating else "",
        best=_gain(reader, fixes[0]) if fixes else None,
    )


def _points(standing: Standing) -> str:
    return not_stated().text if standing.mean is None else number(standing.mean)


def _due(reader: Reader, item: Due, league: League) -> tuple[str, Shown, Shown]:
    title = reader.text(league.titles[item.name])
    return item.name, Shown(item.name) if title.mark else title, day(item.since)
