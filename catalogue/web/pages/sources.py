"""Where descriptions come from, and how each reading of a source went."""

from __future__ import annotations

from flask import render_template

from catalogue.errors import NotFound
from catalogue.web.parts import reader, services
from catalogue.web.present.sources import COLUMNS, run_report, source_line, source_page


def every() -> str:
    """All sources with their state."""
    lines = [source_line(each) for each in services().register.sources()]
    return render_template("sources.html", sources=lines)


def one(slug: str) -> str:
    """One source: its last run record by record, and its runs."""
    register = services().register
    status = register.source(slug)
    outcomes = register.outcomes(status.last_run.id) if status.last_run else []
    page = source_page(reader(), status, register.runs(slug), outcomes, _kinds())
    return render_template("source.html", page=page, columns=COLUMNS)


def run(slug: str, number: int) -> str:
    """One run, record by record."""
    register = services().register
    status, found = register.source(slug), register.run(number)
    if found.source != slug:
        raise NotFound(f"{slug}: there is no run {number} of this source")
    report = run_report(reader(), found, register.outcomes(number), _kinds())
    return render_template("run.html", source=source_line(status), report=report, columns=COLUMNS)


def _kinds() -> dict[str, str]:
    """The records that are no dataset, so that a link to one leads to its own page."""
    register = services().register
    return {each.record.id: kind for kind in OTHERS for each in register.published(kind)}


OTHERS = ("catalog", "series")
