"""Where descriptions come from, and how each reading of a source went."""

from __future__ import annotations

from flask import Response, make_response, render_template

from catalogue.accounts.permissions import Action
from catalogue.errors import NotFound
from catalogue.register.records import (
    SUBMITTED,
    Holder,
    Outcome,
    Published,
    RecordOutcome,
    RunSummary,
    SourceStatus,
)
from catalogue.web import feeds_source, origins, reported
from catalogue.web.answers import negotiated
from catalogue.web.pages import written
from catalogue.web.pages.tagged import tagged
from catalogue.web.parts import reader, services, settings
from catalogue.web.present.sources import (
    COLUMNS,
    LISTED,
    LOUD,
    run_report,
    source_line,
    source_page,
)
from catalogue.web.present.steward import SHOWN_RECORDS
from catalogue.web.present.trend import MOST_RUNS
from catalogue.web.session import allowed


def every() -> str:
    """All sources with their state, and for an admin how many wait to become one."""
    known = list(reported.sources())
    waiting = sum(each.pending for each in known)
    lines = [source_line(each) for each in known if not each.pending]
    return render_template("sources.html", sources=lines, waiting=waiting)


def one(slug: str) -> Response:
    """One source: what waits, its last run record by record, and its runs."""
    status, base = reported.visible(slug), settings().base_url
    return negotiated(
        lambda: tagged(_source_page(status)),
        lambda: origins.source_graph(
            base, status, reported.runs(status, MOST_RUNS), _holder(status.owner)
        ),
        iri=origins.source_name(base, status.slug),
    )


def _source_page(status: SourceStatus) -> str:
    if status.protocol == SUBMITTED:
        return written.page(status)
    register = services().register
    outcomes = listed(status, status.last_run.id) if status.last_run else []
    runs = reported.runs(status, MOST_RUNS)
    kinds = register.kinds(records_of(outcomes))
    page = source_page(reader(), status, runs, outcomes, kinds, at_stake(status))
    return render_template(
        "source.html",
        page=page,
        columns=COLUMNS,
        decides=allowed(Action.DECIDE_REMOVAL, status.owner),
        everything=reported.everything(status),
    )


def run(slug: str, number: int) -> Response:
    """One run, record by record."""
    status = reported.visible(slug)
    found, base = reported.run(status, number), settings().base_url
    return negotiated(
        lambda: tagged(_run_page(status, found)),
        lambda: origins.run_graph(base, found),
        iri=origins.run_name(base, found),
        modified=found.ended,
    )


def _run_page(status: SourceStatus, found: RunSummary) -> str:
    outcomes = listed(status, found.id)
    kinds = services().register.kinds(records_of(outcomes))
    return render_template(
        "run.html",
        source=source_line(status),
        report=run_report(reader(), found, outcomes, kinds),
        columns=COLUMNS,
        everything=reported.everything(status),
    )


def feed(slug: str) -> Response:
    """The runs of a source as an Atom feed, one entry each."""
    status = reported.visible(slug)
    runs = reported.runs(status, MOST_RUNS)
    return make_response(feeds_source.of_source(reader(), status, runs))


def listed(status: SourceStatus, number: int) -> list[RecordOutcome]:
    """The outcomes of a run that its page lists: what is worth a line, then unchanged ones."""
    loud = reported.outcomes(status, number, only=LOUD, limit=LISTED)
    quiet = reported.outcomes(status, number, only=(Outcome.UNCHANGED,), limit=LISTED)
    return [outcome for _, outcome in (*loud, *quiet)]


def at_stake(status: SourceStatus) -> list[Published]:
    """The public records that a removal which waits would take, as far as they are listed."""
    if status.brake is None:
        return []
    ids = status.brake.records[:SHOWN_RECORDS]
    register = services().register
    others = [each for each in register.kinds(ids).items() if each[1] != "dataset"]
    found = (_published(kind, identifier) for identifier, kind in others)
    return [*register.datasets(ids), *(each for each in found if each is not None)]


def _holder(slug: str) -> Holder | None:
    """The organisation, when it has a page."""
    try:
        return services().register.holder(slug)
    except NotFound:
        return None


def _published(kind: str, identifier: str) -> Published | None:
    try:
        return services().register.get(kind, identifier)
    except NotFound:
        return None


def records_of(outcomes: list[RecordOutcome]) -> list[str]:
    """The records that these outcomes are about; links to them lead to pages of their kind."""
    return [each.record for each in outcomes if each.record]
