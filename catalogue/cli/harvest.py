"""`catalogue harvest`: run sources now, or take files and addresses that are given."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from catalogue.cli.parts import Workshop, open_register, workshop
from catalogue.cli.progress import Board
from catalogue.errors import CatalogueError, NotFound
from catalogue.ingest.pipeline import slug_of
from catalogue.ingest.scheduler import Scheduler
from catalogue.ingest.source import Source
from catalogue.register.records import Outcome, RecordOutcome, RunState
from catalogue.register.register import Register
from catalogue.register.scheduling import Scheduling
from catalogue.settings import Settings

LINES_SHOWN = 10
WORTH_A_LINE = {Outcome.FAILED, Outcome.HELD}


@click.command()
@click.argument("what", nargs=-1, metavar="[SOURCE | FILE | FOLDER | URL]...")
@click.option("--at-once", default=4, show_default=True, help="sources harvested side by side")
@click.option("--due", is_flag=True, help="only sources whose schedule says that it is their time")
@click.pass_obj
def harvest(settings: Settings, what: tuple[str, ...], at_once: int, due: bool) -> None:
    """Harvest sources (all of them without arguments), files, folders or addresses.

    A file, folder or address becomes a source of its own. Exit code 1 when a run failed, 3
    when one was partial: something of it could not be read.
    """
    if due and what:
        raise click.UsageError("--due chooses the sources by their schedule; name none")
    register = open_register(settings)
    states = _due(settings, register, at_once) if due else _now(settings, register, what, at_once)
    register.close()
    sys.exit(1 if RunState.FAILED in states else 3 if RunState.PARTIAL in states else 0)


def _now(
    settings: Settings, register: Register, what: tuple[str, ...], at_once: int
) -> list[RunState]:
    with workshop(settings) as shop:
        named = [_named(register, shop, name) for name in dict.fromkeys(what)]
        wanted = named or register.configured()
        if not wanted:
            click.echo("There are no sources to harvest: catalogue source add --help", err=True)
        return run_all(shop, register, wanted, at_once)


def _due(settings: Settings, register: Register, at_once: int) -> list[RunState]:
    """Run what is due at this moment, and nothing that becomes due meanwhile."""
    turns = Scheduling(register.engine)
    scheduler = Scheduler(turns, register.configured)
    if not scheduler.prepare():
        click.echo("Nothing is due.", err=True)
        return []
    now = datetime.now(UTC)
    board = Board(len(turns.due(now)))
    with workshop(settings) as shop, ThreadPoolExecutor(max_workers=at_once) as threads:
        place = partial(_turns, scheduler, shop, register, board, now)
        return [state for each in threads.map(lambda _: place(), range(at_once)) for state in each]


def _turns(
    scheduler: Scheduler, shop: Workshop, register: Register, board: Board, until: datetime
) -> list[RunState]:
    """Take one turn after the other, until there are none left."""
    states = []
    while taken := scheduler.take(until):
        harvest_ = partial(reported, shop, register, board=board, cause="schedule")
        states.append(scheduler.run(taken, harvest_))
    return states


def run_all(
    shop: Workshop, register: Register, sources: Sequence[Source], at_once: int = 4
) -> list[RunState]:
    """Run sources side by side, each in a thread; the work itself is in child processes."""
    board = Board(len(sources))
    with ThreadPoolExecutor(max_workers=at_once) as threads:
        return list(threads.map(lambda source: run(shop, register, source, board), sources))


def _named(register: Register, shop: Workshop, name: str) -> Source:
    for source in register.configured():
        if source.slug == name:
            return source
    if name.startswith(("http://", "https://")):
        protocol, address = "dcat", name
    elif Path(name).exists():
        protocol, address = "files", str(Path(name).resolve())
        name = Path(name).resolve().name
    else:
        raise NotFound(f"{name}: no source, file or folder of that name")
    made = Source(slug=slug_of(name)[-60:].strip("-"), title=name, protocol=protocol, url=address)
    shop.writer.save_source(made)
    return made


def run(shop: Workshop, register: Register, source: Source, board: Board) -> RunState:
    """One run; what prevents it is a line of the report too."""
    try:
        return reported(shop, register, source, board=board)
    except CatalogueError as error:
        board.done([f"{source.slug}: {error}"])
        return RunState.FAILED


def reported(
    shop: Workshop, register: Register, source: Source, *, board: Board, cause: str = "command"
) -> RunState:
    """One run with its progress and its lines of report. Raises what prevents it."""
    state = shop.harvest(source, board.record, cause=cause)
    summary = register.runs(source.slug, 1)[0]
    counts = ", ".join(f"{number} {outcome}" for outcome, number in summary.counts.items())
    lines = [summary.message] if summary.message else []
    lines.extend(_lines(register.outcomes(summary.id)))
    board.done(
        [f"{source.slug}: {state}: {counts or 'nothing'}", *(f"    {line}" for line in lines)]
    )
    return state


def _lines(outcomes: list[RecordOutcome]) -> Iterator[str]:
    worth = [outcome for outcome in outcomes if outcome.outcome in WORTH_A_LINE]
    for outcome in worth[:LINES_SHOWN]:
        name, reason = outcome.title or outcome.url, why(outcome)
        yield f"{outcome.outcome}: {reason if reason.startswith(name) else f'{name}: {reason}'}"
    if len(worth) > LINES_SHOWN:
        yield f"… and {len(worth) - LINES_SHOWN} more, see /sources"


def why(outcome: RecordOutcome) -> str:
    """The reason in one English sentence."""
    details = outcome.details
    if "message" in details:
        return str(details["message"]["en"])
    findings = details.get("findings") or []
    violations = [f for f in findings if f["severity"] == "Violation"]
    return str(violations[0]["messages"]["en"]) if violations else "see the report"
