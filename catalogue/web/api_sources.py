"""Sources, their runs and what each run did with each record, for programs.

The same values as on the pages of sources, and as much of them for whoever asks (`reported`).
The contact of a source is never in them.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from catalogue.errors import BadRequest, NotFound
from catalogue.ingest.advice import advice
from catalogue.model.text import LANGUAGES
from catalogue.register.records import Brake, Outcome, RecordOutcome, RunSummary, SourceStatus
from catalogue.web import reported
from catalogue.web.api import only_known
from catalogue.web.api_answers import only, selected
from catalogue.web.api_cursor import (
    LARGEST_NUMBER,
    PARAMETERS,
    answer,
    asked,
    cut,
    part,
)
from catalogue.web.openapi_sources import OUTCOME_FIELDS, RUN_FIELDS, SOURCE_FIELDS
from catalogue.web.parts import settings
from catalogue.web.present.sources import address
from catalogue.web.present.trend import seconds

DETAILS = ("findings", "repairs")


def install(app: Flask) -> None:
    """Serve them under `/api/v1/sources`."""
    base = "/api/v1/sources"
    app.add_url_rule(base, "api_sources", every)
    app.add_url_rule(f"{base}/<slug>", "api_source", one)
    app.add_url_rule(f"{base}/<slug>/runs", "api_runs", runs)
    app.add_url_rule(f"{base}/<slug>/runs/<id>", "api_run", run)
    app.add_url_rule(f"{base}/<slug>/runs/<id>/outcomes", "api_outcomes", outcomes)


def every() -> Response:
    """All sources with their last run."""
    only_known(PARAMETERS)
    fields, wanted = selected(SOURCE_FIELDS), asked()
    found = part(reported.sources(), lambda each: each.slug, wanted)
    return answer("sources", found, source_json, fields)


def one(slug: str) -> Response:
    """One source."""
    only_known(("fields",))
    fields = selected(SOURCE_FIELDS)
    return jsonify(only(source_json(reported.visible(slug)), fields))


def runs(slug: str) -> Response:
    """The runs of a source, newest first."""
    only_known(PARAMETERS)
    fields, wanted, status = selected(RUN_FIELDS), asked(), reported.visible(slug)
    found = reported.runs(status, wanted.size + 1, before=wanted.number)
    return answer("runs", cut(found, lambda each: str(each.id), wanted), run_json, fields)


def run(slug: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """One run."""
    only_known(("fields",))
    fields, status = selected(RUN_FIELDS), reported.visible(slug)
    return jsonify(only(run_json(_run_of(status, id)), fields))


def outcomes(slug: str, id: str) -> Response:  # noqa: A002
    """What a run did, record by record."""
    only_known((*PARAMETERS, "outcome"))
    fields, wanted, status = selected(OUTCOME_FIELDS), asked(), reported.visible(slug)
    found = reported.outcomes(
        status,
        _run_of(status, id).id,
        only=_wanted(),
        after=wanted.number or 0,
        limit=wanted.size + 1,
    )
    shown = cut(found, lambda each: str(each[0]), wanted)
    return answer("outcomes", shown, lambda each: outcome_json(*each), fields)


def source_json(status: SourceStatus) -> dict[str, Any]:
    """A source. What nobody stated or what did not happen yet is `null`."""
    return {
        "slug": status.slug,
        "title": status.title,
        "protocol": status.protocol,
        "url": address(status.url).text,
        "organisation": status.owner,
        "schedule": status.schedule or None,
        "next_run": _moment(status.next_run),
        "enabled": status.enabled,
        "pending": status.pending,
        "verified": status.verified,
        "datasets": status.datasets,
        "held": status.held,
        "removal": _removal(status.brake),
        "last_run": run_json(status.last_run) if status.last_run else None,
        "last_complete": run_json(status.last_complete) if status.last_complete else None,
        "page": f"{settings().base_url}/sources/{status.slug}",
        "feed": f"{settings().base_url}/sources/{status.slug}/feed.atom",
    }


def run_json(run: RunSummary) -> dict[str, Any]:
    """A run: how it ended, how many of each outcome, and what it asked of the source."""
    said = run.messages or ({"en": run.message} if run.message else {})
    return {
        "id": run.id,
        "source": run.source,
        "started": _moment(run.started),
        "ended": _moment(run.ended),
        "seconds": seconds(run),
        "state": run.state,
        "cause": run.cause,
        "message": dict(said),
        "counts": {each.value: run.counts.get(each, 0) for each in Outcome},
        "figures": dict(run.figures),
    }


def outcome_json(number: int, outcome: RecordOutcome) -> dict[str, Any]:
    """What a run did with one record, and what to do about it."""
    details = outcome.details
    said = details.get("message") or {}
    return {
        "number": number,
        "outcome": outcome.outcome,
        "title": outcome.title,
        "url": address(outcome.url).text,
        "record": outcome.record,
        "source_iri": address(outcome.source_iri).text,
        "message": said if isinstance(said, dict) else {"en": str(said)},
        "line": details.get("line"),
        **{name: list(details.get(name) or ()) for name in DETAILS},
        "advice": {each: advice(outcome.outcome, details, each) for each in LANGUAGES},
    }


def _run_of(status: SourceStatus, identifier: str) -> RunSummary:
    missing = NotFound(f"{status.slug}: there is no run {identifier[:20]} of this source")
    if not 0 <= _number(identifier) <= LARGEST_NUMBER:
        raise missing
    return reported.run(status, _number(identifier))


def _number(text: str) -> int:
    """The whole number that `text` writes; -1 when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1


def _wanted() -> tuple[Outcome, ...]:
    said = request.args.getlist("outcome")
    known = {each.value: each for each in Outcome}
    for each in said:
        if each not in known:
            raise BadRequest(f"outcome: {each[:40]!r} is not one of {', '.join(known)}")
    return tuple(known[each] for each in dict.fromkeys(said))


def _removal(brake: Brake | None) -> dict[str, Any] | None:
    if brake is None:
        return None
    return {
        "run": brake.run,
        "since": _moment(brake.at),
        "missing": len(brake.records),
        "live": brake.live,
        "message": dict(brake.message),
    }


def _moment(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
