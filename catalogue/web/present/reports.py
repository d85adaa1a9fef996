"""The reports on a published record, now and at each version, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyoxigraph as ox

from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import identifier
from catalogue.register.records import Published
from catalogue.validation.report import Finding, Report
from catalogue.web.present.judgement import (
    Found,
    Judgement,
    Titles,
    found_in,
    judgement,
    profile_title,
    worst_first,
)
from catalogue.web.present.reader import Reader, Shown, day

Kept = tuple[int, datetime, tuple[dict[str, Any], ...]]
"""A version as `Register.reports` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one profile says differently since the version before."""

    title: str
    mended: tuple[Found, ...]
    new: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One version: when, and what changed with it. `first` has nothing to be compared with."""

    number: int
    when: Shown
    changes: tuple[Change, ...]
    first: bool

    @property
    def mended(self) -> int:
        """How many findings went away."""
        return sum(len(each.mended) for each in self.changes)

    @property
    def new(self) -> int:
        """How many findings appeared."""
        return sum(len(each.new) for each in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """Everything on the page of the reports on one record."""

    title: Shown
    judgements: tuple[Judgement, ...]
    steps: tuple[Step, ...]


def report_page(
    reader: Reader, published: Published, kept: Sequence[Kept], titles: Titles
) -> ReportPage:
    """The page. `kept` are the versions, newest first."""
    judged = (
        judgement(reader, each, published.graph, titles=titles) for each in reports_of(published)
    )
    title = reader.text(published.value.title)
    return ReportPage(
        title=Shown(published.record.id) if title.mark else title,
        judgements=worst_first(judged),
        steps=tuple(_steps(reader, published, kept, titles)),
    )


def reports_of(published: Published) -> tuple[Report, ...]:
    """The reports on a record, speaking of it by our names as its public graph does."""
    return _renamed(published, published.reports)


def _renamed(published: Published, said: Iterable[Mapping[str, Any]]) -> tuple[Report, ...]:
    return tuple(_ours(Report.from_json(each), published) for each in said)


def _ours(report: Report, published: Published) -> Report:
    found = (replace(each, focus=_name(each.focus, published)) for each in report.findings)
    return replace(report, findings=tuple(found))


def _name(focus: str, published: Published) -> str:
    """A place in words, with our name for the record or distribution where it starts."""
    record = published.record
    start, slash, way = focus.partition(" / ")
    if start == record.source_iri:
        return record.iri + slash + way
    base = record.iri.removesuffix(f"/{record.kind}/{record.id}")
    ours = f"{base}/distribution/{identifier(record.source, start)}"
    return (ours if published.graph.about(ox.NamedNode(ours)) else start) + slash + way


def _steps(
    reader: Reader, published: Published, kept: Sequence[Kept], titles: Titles
) -> Iterable[Step]:
    for place, (number, created, said) in enumerate(kept):
        before = kept[place + 1][2] if place + 1 < len(kept) else None
        now, then = _renamed(published, said), _renamed(published, before or ())
        yield Step(
            number=number,
            when=day(created),
            changes=() if before is None else tuple(_changes(reader, now, then, titles)),
            first=before is None,
        )


def _changes(
    reader: Reader, now: Iterable[Report], then: Iterable[Report], titles: Titles
) -> Iterable[Change]:
    """Profile by profile; a profile that was not asked before is not compared."""
    before = {each.profile: each for each in then}
    for report in now:
        if report.profile in before:
            old = before[report.profile]
            change = Change(
                title=profile_title(reader, report.profile, titles),
                mended=_lost(reader, old, report),
                new=_lost(reader, report, old),
            )
            if change.mended or change.new:
                yield change


def _lost(reader: Reader, one: Report, other: Report) -> tuple[Found, ...]:
    """What the one report says and the other does not."""
    known = {_place(each) for each in other.findings}
    gone = (each for each in one.findings if _place(each) not in known)
    return tuple(found_in(reader, each, Graph()) for each in gone)


def _place(finding: Finding) -> tuple[str, str | None, str | None, str]:
    return finding.focus, finding.path, finding.value, finding.component
