"""Sources, their runs and their reports, as far as whoever asks may read them.

Whoever may see the drafts of an organisation reads everything about its sources. Strangers read
what `present.openly` leaves, and know nothing of a source that waits to become one, or of an
organisation that wrote drafts here and published nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from catalogue.accounts.permissions import Action
from catalogue.errors import NotFound
from catalogue.register.records import Outcome, RecordOutcome, RunSummary, SourceStatus
from catalogue.web.parts import services
from catalogue.web.present import openly
from catalogue.web.session import allowed


def sources() -> Iterator[SourceStatus]:
    """Every source that whoever asks may know of; for an admin also those that wait."""
    return (_read(each) for each in services().register.sources() if _known(each))


def visible(slug: str) -> SourceStatus:
    """A source that whoever asks may know of. Raises `NotFound`."""
    status = services().register.source(slug)
    if not _known(status):
        raise NotFound(f"there is no source called {slug[:64]!r}")
    return _read(status)


def runs(status: SourceStatus, limit: int, *, before: int | None = None) -> list[RunSummary]:
    """The last runs of a source, or those before one, newest first."""
    found = services().register.runs(status.slug, limit, before=before)
    return found if everything(status) else [openly.of_run(each) for each in found]


def run(status: SourceStatus, number: int) -> RunSummary:
    """One run of a source. Raises `NotFound` for a run of another."""
    found = services().register.run(number)
    if found.source != status.slug:
        raise NotFound(f"there is no run {number}")
    return found if everything(status) else openly.of_run(found)


def outcomes(
    status: SourceStatus,
    number: int,
    *,
    only: Collection[Outcome] = (),
    after: int = 0,
    limit: int,
) -> list[tuple[int, RecordOutcome]]:
    """(number, outcome) of a run of this source, in slices as the register gives them."""
    found = services().register.outcome_page(number, only=only, after=after, limit=limit)
    if everything(status):
        return found
    named = {each.record for _, each in found if each.record}
    public = services().register.public_among(named)
    return [(place, openly.of_outcome(each, public)) for place, each in found]


def everything(status: SourceStatus) -> bool:
    """Whether whoever asks may read all about a source: its stewards, and admins."""
    return allowed(Action.SEE_DRAFTS, status.owner)


def _known(status: SourceStatus) -> bool:
    if status.pending:
        return allowed(Action.DECIDE_SOURCE)
    return status.shown or everything(status)


def _read(status: SourceStatus) -> SourceStatus:
    if everything(status):
        return status
    last, complete = status.last_run, status.last_complete
    return replace(
        status,
        last_run=openly.of_run(last) if last else None,
        last_complete=openly.of_run(complete) if complete else None,
    )
