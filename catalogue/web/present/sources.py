"""Sources and their runs: what is public, what is held, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.register.records import Outcome, RecordOutcome, RunState, RunSummary, SourceStatus
from catalogue.web.messages import gettext, lazy_gettext, ngettext
from catalogue.web.present.advice import advice
from catalogue.web.present.figures import Figure
from catalogue.web.present.findings import Finding, Repair, findings, remarks, repairs
from catalogue.web.present.focus import Focus
from catalogue.web.present.reader import Reader, Shown, clean, moment, number, safe_link

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
    Outcome.EMPTY: (lazy_gettext("No dataset in it"), "unstated"),
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
    enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in the table."""

    id: int
    source: str
    started: Shown
    state: str
    icon: str
    message: Shown
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run, record by record; unchanged records apart."""

    run: RunLine
    records: tuple[RecordLine, ...]
    unchanged: tuple[RecordLine, ...]
    unchanged_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """Everything on the page of a source."""

    source: SourceLine
    figures: tuple[Figure, ...]
    last: RunReport | None
    runs: tuple[RunLine, ...]


COLUMNS = (
    lazy_gettext("Added"),
    lazy_gettext("Updated"),
    lazy_gettext("Unchanged"),
    lazy_gettext("Removed"),
    lazy_gettext("To mend"),
)


def source_line(status: SourceStatus) -> SourceLine:
    """A source as the list shows it."""
    last = status.last_run
    return SourceLine(
        slug=status.slug,
        title=clean(status.title),
        protocol=status.protocol,
        url=address(status.url),
        datasets=number(status.datasets),
        held=number(status.held),
        state=str(STATES[last.state]) if last else gettext("Not read yet"),
        icon=STATE_ICONS.get(last.state, "warn") if last else "unstated",
        checked=moment(last.ended or last.started) if last else Shown("–"),
        enabled=status.enabled,
    )


def source_page(
    reader: Reader,
    status: SourceStatus,
    runs: list[RunSummary],
    outcomes: list[RecordOutcome],
    kinds: Kinds,
) -> SourcePage:
    """The page of a source; `outcomes` are those of its last run."""
    last = status.last_run
    return SourcePage(
        source=source_line(status),
        figures=_figures(status, outcomes, kinds),
        last=run_report(reader, last, outcomes, kinds) if last else None,
        runs=tuple(run_line(reader, each) for each in runs),
    )


def run_report(
    reader: Reader, run: RunSummary, outcomes: list[RecordOutcome], kinds: Kinds
) -> RunReport:
    """One run, record by record."""
    order = list(OUTCOMES)
    ranked = sorted(outcomes, key=lambda each: (order.index(each.outcome), each.title, each.url))
    busy = [each for each in ranked if not _is_quiet(each)]
    quiet = [each for each in ranked if _is_quiet(each)]
    same = run.counts.get(Outcome.UNCHANGED, len(quiet))
    words = ngettext("%(num)d record unchanged", "%(num)d records unchanged", same)
    return RunReport(
        run=run_line(reader, run),
        records=tuple(_record_line(reader, each, kinds) for each in busy),
        unchanged=tuple(_record_line(reader, each, kinds) for each in quiet),
        unchanged_words=words if same else "",
    )


def address(url: str) -> Shown:
    """An address that a visitor may know: of a file on our own disk only its name."""
    if url.startswith(("file:", "/")):
        return Shown(clean(url.rstrip("/").rpartition("/")[2]))
    return Shown(clean(url), href=safe_link(url))


def run_line(reader: Reader, run: RunSummary) -> RunLine:
    """A run as the table shows it."""
    counts = run.counts
    columns = (
        counts.get(Outcome.NEW, 0),
        counts.get(Outcome.CHANGED, 0),
        counts.get(Outcome.UNCHANGED, 0),
        counts.get(Outcome.REMOVED, 0),
        sum(counts.get(each, 0) for each in TO_MEND),
    )
    return RunLine(
        id=run.id,
        source=run.source,
        started=moment(run.started),
        state=str(STATES[run.state]),
        icon=STATE_ICONS.get(run.state, "warn"),
        message=Shown(clean(run.message), lang=reader.foreign("en")),
        counts=tuple(number(each) for each in columns),
    )


def _is_quiet(outcome: RecordOutcome) -> bool:
    return outcome.outcome is Outcome.UNCHANGED


def _figures(
    status: SourceStatus, outcomes: list[RecordOutcome], kinds: Kinds
) -> tuple[Figure, ...]:
    last = status.last_complete
    complete = moment(last.ended).text if last else gettext("none yet")
    mend = sum(each.outcome in TO_MEND for each in outcomes)
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


def _besides(status: SourceStatus, outcomes: list[RecordOutcome], kinds: Kinds) -> str:
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


def _record_line(reader: Reader, outcome: RecordOutcome, kinds: Kinds) -> RecordLine:
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
    own, english = str(said.get(reader.language) or ""), str(said.get("en") or "")
    if own and (own != english or reader.language == "en"):
        return Shown(clean(own))
    return Shown(clean(english), lang=reader.foreign("en"))


def _line(number_: int) -> str:
    return gettext("line %(line)s", line=number_)


PUBLIC = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)
