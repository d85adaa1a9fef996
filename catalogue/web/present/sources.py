"""Sources and their runs: what is public, what is held, and what to do about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.ingest.advice import AGAIN, what_to_do
from catalogue.register.records import (
    Outcome,
    Published,
    RecordOutcome,
    RunState,
    RunSummary,
    SourceStatus,
)
from catalogue.register.submitted import PROTOCOL as SUBMITTED
from catalogue.web.messages import gettext, lazy_gettext, ngettext
from catalogue.web.present.advice import advice
from catalogue.web.present.figures import Figure
from catalogue.web.present.findings import Finding, Repair, findings, remarks, repairs
from catalogue.web.present.focus import Focus
from catalogue.web.present.reader import Reader, Shown, clean, moment, number, safe_link
from catalogue.web.present.steward import Removal, removal_of
from catalogue.web.present.trend import Trend, duration, seconds, trend

STATES = {
    RunState.RUNNING: lazy_gettext("Running"),
    RunState.COMPLETE: lazy_gettext("Complete"),
    RunState.PARTIAL: lazy_gettext("Partly read"),
    RunState.FAILED: lazy_gettext("Failed"),
}
STATE_ICONS = {RunState.COMPLETE: "ok", RunState.RUNNING: "pause", RunState.PARTIAL: "pause"}
OUTCOMES = {
    Outcome.FAILED: (lazy_gettext("Could not be read"), "warn"),
    Outcome.HELD: (lazy_gettext("Held back"), "pause"),
    Outcome.FORBIDDEN: (lazy_gettext("Not open to us"), "lock"),
    Outcome.REMOVED: (lazy_gettext("Removed"), "x"),
    Outcome.NEW: (lazy_gettext("Added"), "ok"),
    Outcome.CHANGED: (lazy_gettext("Updated"), "ok"),
    Outcome.UNCHANGED: (lazy_gettext("Unchanged"), "ok"),
    Outcome.ASIDE: (lazy_gettext("Set aside by us"), "pause"),
    Outcome.EMPTY: (lazy_gettext("No dataset in it"), "unstated"),
    Outcome.DUPLICATE: (lazy_gettext("Listed twice"), "unstated"),
}
"""In the order of the page: what needs somebody's attention comes first."""

Kinds = Mapping[str, str]
"""Of the records that are no dataset: their kind, by id."""

TO_MEND = (Outcome.FAILED, Outcome.HELD)
"""What somebody has to do something about; a closed record is a draft, and no fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source in the list."""

    slug: str
    title: str
    protocol: str
    url: Shown
    datasets: str
    held: str
    state: str
    icon: str
    checked: Shown
    next_run: Shown
    enabled: bool
    waits: bool
    """A removal waits for a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in the table."""

    id: int
    source: str
    started: Shown
    state: str
    icon: str
    message: Shown
    cause: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """What a run did with one record, and what to do about it."""

    title: str
    outcome: str
    icon: str
    bad: bool
    url: Shown
    record: str
    kind: str
    message: Shown
    line: str
    findings: tuple[Finding, ...]
    repairs: tuple[Repair, ...]
    remarks: tuple[Repair, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, and for how many records."""

    what: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run, record by record; unchanged records apart. `further` records are not listed."""

    run: RunLine
    todo: tuple[Todo, ...]
    records: tuple[RecordLine, ...]
    unchanged: tuple[RecordLine, ...]
    unchanged_words: str
    further: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """Everything on the page of a source."""

    source: SourceLine
    schedule: str
    figures: tuple[Figure, ...]
    removal: Removal | None
    last: RunReport | None
    trend: Trend | None
    runs: tuple[RunLine, ...]


LISTED = 200
"""Records of a run on its page; all of them are in the JSON."""

LOUD = tuple(each for each in Outcome if each is not Outcome.UNCHANGED)
"""What a run did that is worth a line; unchanged records are only counted."""

COUNTED = (
    (lazy_gettext("Added"), Outcome.NEW),
    (lazy_gettext("Updated"), Outcome.CHANGED),
    (lazy_gettext("Unchanged"), Outcome.UNCHANGED),
    (lazy_gettext("Held back"), Outcome.HELD),
    (lazy_gettext("Not readable"), Outcome.FAILED),
    (lazy_gettext("Removed"), Outcome.REMOVED),
)
COLUMNS = (
    lazy_gettext("Duration"),
    *(name for name, _ in COUNTED),
    lazy_gettext("Requests / not changed"),
)
CAUSES = {"steward": lazy_gettext("asked for by a steward")}
"""Why a run was made, where that is worth a word."""
INTERVAL = re.compile(r"(\d{1,6})\s*([mhdw])")
INTERVALS = {"hourly": "1h", "daily": "1d", "weekly": "1w"}


def source_line(status: SourceStatus) -> SourceLine:
    """A source as the list shows it."""
    last = status.last_run
    here = status.protocol == SUBMITTED
    unread = gettext("Described here") if here else gettext("Not read yet")
    return SourceLine(
        slug=status.slug,
        title=clean(status.title),
        protocol=status.protocol,
        url=address(status.url),
        datasets=number(status.datasets),
        held=number(status.held),
        state=str(STATES[last.state]) if last else unread,
        icon=STATE_ICONS.get(last.state, "warn") if last else "unstated",
        checked=moment(last.ended or last.started) if last else Shown("–"),
        next_run=moment(status.next_run) if status.next_run else Shown("–"),
        enabled=status.enabled or here,
        waits=status.brake is not None,
    )


def source_page(  # noqa: PLR0913, PLR0917 - what is known of a source, each by its name
    reader: Reader,
    status: SourceStatus,
    runs: Sequence[RunSummary],
    outcomes: Sequence[RecordOutcome],
    kinds: Kinds,
    at_stake: Sequence[Published] = (),
) -> SourcePage:
    """The page of a source; `outcomes` are those of its last run, as far as they are listed.

    `at_stake` are the records that a removal would take, as far as they are public.
    """
    last = status.last_run
    return SourcePage(
        source=source_line(status),
        schedule=schedule_words(status),
        figures=_figures(status, outcomes, kinds),
        removal=removal_of(reader, status.brake, at_stake),
        last=run_report(reader, last, outcomes, kinds) if last else None,
        trend=trend(runs),
        runs=tuple(run_line(reader, each) for each in runs),
    )


def schedule_words(status: SourceStatus) -> str:
    """When a source is read: `every 6 hours`, by a cron expression, or on command only."""
    if not status.schedule:
        return gettext("Read when somebody asks for it")
    found = INTERVAL.fullmatch(INTERVALS.get(status.schedule, status.schedule))
    if found is None:
        return gettext("Read by the schedule %(cron)s, Dutch time", cron=status.schedule)
    many = int(found[1])
    words = {
        "m": ngettext("every minute", "every %(num)d minutes", many),
        "h": ngettext("every hour", "every %(num)d hours", many),
        "d": ngettext("every day", "every %(num)d days", many),
        "w": ngettext("every week", "every %(num)d weeks", many),
    }
    return gettext("Read %(interval)s", interval=words[found[2]])


def run_report(
    reader: Reader, run: RunSummary, outcomes: Sequence[RecordOutcome], kinds: Kinds
) -> RunReport:
    """One run, record by record, as far as `outcomes` has them."""
    order = list(OUTCOMES)
    ranked = sorted(outcomes, key=lambda each: (order.index(each.outcome), each.title, each.url))
    busy = [each for each in ranked if not _is_quiet(each)]
    quiet = [each for each in ranked if _is_quiet(each)]
    same = run.counts.get(Outcome.UNCHANGED, len(quiet))
    words = ngettext("%(num)d record unchanged", "%(num)d records unchanged", same)
    return RunReport(
        run=run_line(reader, run),
        todo=_todo(reader, run, outcomes),
        records=tuple(record_line(reader, each, kinds) for each in busy),
        unchanged=tuple(record_line(reader, each, kinds) for each in quiet),
        unchanged_words=words if same else "",
        further=max(0, sum(run.counts.get(each, 0) for each in LOUD) - len(busy)),
    )


def _todo(reader: Reader, run: RunSummary, outcomes: Sequence[RecordOutcome]) -> tuple[Todo, ...]:
    """What the hospital should do, the most frequent first; what failed as a whole before all."""
    whole = []
    if run.state is RunState.FAILED:
        said = what_to_do({"message": {"en": run.message}}, reader.language)
        whole.append(Todo(gettext("The whole source"), f"{said} {AGAIN[reader.language]}"))
    asked = (each for each in outcomes if each.outcome in TO_MEND)
    counted = Counter((each.outcome, _advice(each)) for each in asked)
    return (*whole, *(Todo(_many(what, times), do) for (what, do), times in counted.most_common()))


def _advice(outcome: RecordOutcome) -> str:
    if outcome.outcome is Outcome.HELD:
        return gettext("Mend at the source what is listed with each record below.")
    return advice(outcome.outcome, outcome.details)


def _many(outcome: Outcome, times: int) -> str:
    if outcome is Outcome.HELD:
        return ngettext("%(num)d record held back", "%(num)d records held back", times)
    return ngettext("%(num)d record could not be read", "%(num)d records could not be read", times)


def address(url: str) -> Shown:
    """An address that a visitor may know: of a file on our own disk only its name."""
    if url.startswith(("file:", "/")):
        return Shown(clean(url.rstrip("/").rpartition("/")[2]))
    return Shown(clean(url), href=safe_link(url))


def run_line(reader: Reader, run: RunSummary) -> RunLine:
    """A run as the table shows it."""
    counts = (run.counts.get(outcome, 0) for _, outcome in COUNTED)
    return RunLine(
        id=run.id,
        source=run.source,
        started=moment(run.started),
        state=str(STATES[run.state]),
        icon=STATE_ICONS.get(run.state, "warn"),
        message=_said(reader, run.messages or {"en": run.message}),
        cause=str(CAUSES.get(run.cause, "")),
        counts=(
            duration(seconds(run)),
            *(number(each) if run.ended else "–" for each in counts),
            _asked(run),
        ),
    )


def _asked(run: RunSummary) -> str:
    """Requests, and how many of them the source answered with "not changed"; old runs say not."""
    asked, same = run.figures.get("requests"), run.figures.get("not_modified", 0)
    return "–" if asked is None else f"{number(asked)} / {number(same)}"


def _is_quiet(outcome: RecordOutcome) -> bool:
    return outcome.outcome is Outcome.UNCHANGED


def _figures(
    status: SourceStatus, outcomes: Sequence[RecordOutcome], kinds: Kinds
) -> tuple[Figure, ...]:
    last = status.last_complete
    complete = moment(last.ended).text if last else gettext("none yet")
    counts = status.last_run.counts if status.last_run else {}
    mend = sum(counts.get(each, 0) for each in TO_MEND)
    better = sum(_could_be_better(each) for each in outcomes)
    return (
        Figure(
            value=number(status.datasets),
            label=ngettext("dataset public", "datasets public", status.datasets),
            note=_besides(status, outcomes, kinds),
        ),
        Figure(value=complete, label=gettext("last complete run")),
        Figure(
            value=number(mend),
            label=gettext("to mend"),
            note=gettext("records that could not be read or are held back"),
        ),
        Figure(
            value=number(better),
            label=gettext("could be better"),
            note=gettext("records published although something below is required and missing"),
        ),
    )


def _besides(status: SourceStatus, outcomes: Sequence[RecordOutcome], kinds: Kinds) -> str:
    """What the source has besides public datasets, so that the numbers can be compared."""
    public = [each.record or "" for each in outcomes if each.outcome in PUBLIC]
    met = Counter(kinds[each] for each in public if each in kinds)
    parts = [
        ngettext("and %(num)d catalog", "and %(num)d catalogs", met["catalog"]),
        ngettext("and %(num)d series", "and %(num)d series", met["series"]),
        ngettext("%(num)d more held back", "%(num)d more held back", status.held),
    ]
    numbers = (met["catalog"], met["series"], status.held)
    return "; ".join(part for part, count in zip(parts, numbers, strict=True) if count)


def _could_be_better(outcome: RecordOutcome) -> bool:
    """Published, although a profile requires something that it does not have."""
    severities = (str(each.get("severity", "")) for each in outcome.details.get("findings", ()))
    return outcome.outcome in PUBLIC and any(each.endswith("iolation") for each in severities)


def record_line(reader: Reader, outcome: RecordOutcome, kinds: Kinds) -> RecordLine:
    """What a run did with one record, as the report shows it."""
    words, icon = OUTCOMES[outcome.outcome]
    details, kind = outcome.details, kinds.get(outcome.record or "", "dataset")
    message, line = _message(reader, details), details.get("line")
    return RecordLine(
        title=clean(outcome.title) or address(outcome.source_iri or outcome.url).text,
        outcome=str(words),
        icon=icon,
        bad=outcome.outcome is Outcome.FAILED,
        url=address(outcome.url),
        record=outcome.record or "" if outcome.outcome in PUBLIC else "",
        kind=kind,
        message=message,
        line="" if line is None or f"line {line}" in message.text else _line(line),
        findings=findings(reader, details.get("findings", ()), Focus(outcome.source_iri, kind)),
        repairs=repairs(reader, details.get("repairs", ())),
        remarks=remarks(reader, details.get("repairs", ())),
        advice=advice(outcome.outcome, details),
    )


def _message(reader: Reader, details: Mapping[str, Any]) -> Shown:
    """What happened: in the reader's language when it was really said in it.

    A technical sentence stands under every language with the same English words.
    """
    said = details.get("message") or {}
    if not isinstance(said, Mapping):
        return Shown(clean(str(said)), lang=reader.foreign("en"))
    return _said(reader, said)


def _said(reader: Reader, said: Mapping[str, Any]) -> Shown:
    own, english = str(said.get(reader.language) or ""), str(said.get("en") or "")
    if own and (own != english or reader.language == "en"):
        return Shown(clean(own))
    return Shown(clean(english), lang=reader.foreign("en"))


def _line(number_: int) -> str:
    return gettext("line %(line)s", line=number_)


PUBLIC = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)
