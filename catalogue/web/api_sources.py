"""Sources, their runs and what each run did with each record, for programs.

The same values as on the pages of sources. The contact of a source is never in them, nor is a
source that only announced itself, but for an admin.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from catalogue.accounts.permissions import Action
from catalogue.errors import BadRequest, NotFound
from catalogue.ingest.advice import advice
from catalogue.model.text import LANGUAGES
from catalogue.register.records import Brake, Outcome, RecordOutcome, RunSummary, SourceStatus
from catalogue.web.api import only_known
from catalogue.web.openapi_sources import (
    LARGEST,
    MOST_OUTCOMES,
    MOST_RUNS,
    USUAL_OUTCOMES,
    USUAL_RUNS,
)
from catalogue.web.pages.sources import visible
from catalogue.web.parts import services, settings
from catalogue.web.present.sources import address
from catalogue.web.present.trend import seconds
from catalogue.web.session import allowed

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
    only_known(())
    known, pending = services().register.sources(), allowed(Action.DECIDE_SOURCE)
    return jsonify(sources=[source_json(each) for each in known if pending or not each.pending])


def one(slug: str) -> Response:
    """One source."""
    only_known(())
    return jsonify(source_json(visible(slug)))


def runs(slug: str) -> Response:
    """The last runs of a source, newest first."""
    only_known(("limit",))
    visible(slug)
    found = services().register.runs(slug, whole("limit", 1, MOST_RUNS, USUAL_RUNS))
    return jsonify(runs=[run_json(each) for each in found])


def run(slug: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """One run."""
    only_known(())
    return jsonify(run_json(_run_of(slug, id)))


def outcomes(slug: str, id: str) -> Response:  # noqa: A002
    """What a run did, record by record, in pages; `next` is the `after` of the next page."""
    only_known(("outcome", "after", "limit"))
    limit = whole("limit", 1, MOST_OUTCOMES, USUAL_OUTCOMES)
    found = services().register.outcome_page(
        _run_of(slug, id).id,
        only=_wanted(),
        after=whole("after", 0, LARGEST, 0),
        limit=limit + 1,
    )
    shown = found[:limit]
    return jsonify(
        outcomes=[outcome_json(place, each) for place, each in shown],
        next=shown[-1][0] if len(found) > limit else None,
    )


def whole(name: str, least: int, most: int, usual: int) -> int:
    """A whole number among the parameters. Raises `BadRequest` for anything else."""
    text = request.args.get(name)
    if text is None:
        return usual
    number = _number(text)
    if not least <= number <= most:
        raise BadRequest(f"{name}: {text[:40]!r} is not a whole number from {least} to {most}")
    return number


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


def _run_of(slug: str, identifier: str) -> RunSummary:
    visible(slug)
    missing = NotFound(f"{slug}: there is no run {identifier[:20]} of this source")
    if not 0 <= _number(identifier) <= LARGEST:
        raise missing
    found = services().register.run(_number(identifier))
    if found.source != slug:
        raise missing
    return found


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
