"""`catalogue harvest`: run sources now, or take files and addresses that are given."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from catalogue.cli.parts import Workshop, open_register, workshop
from catalogue.cli.progress import Board
from catalogue.errors import CatalogueError, NotFound
from catalogue.ingest.pipeline import slug_of
from catalogue.ingest.source import Source
from catalogue.register.records import Outcome, RecordOutcome, RunState
from catalogue.register.register import Register
from catalogue.settings import Settings

LINES_SHOWN = 10
WORTH_A_LINE = {Outcome.FAILED, Outcome.HELD}


@click.command()
@click.argument("what", nargs=-1, metavar="[SOURCE | FILE | FOLDER | URL]...")
@click.option("--at-once", default=4, show_default=True, help="sources harvested side by side")
@click.pass_obj
def harvest(settings: Settings, what: tuple[str, ...], at_once: int) -> None:
    """Harvest sources (all of them without arguments), files, folders or addresses.

    A file, folder or address becomes a source of its own. Exit code 1 when a run failed, 3
    when one was partial: something of it could not be read.
    """
    register = open_register(settings)
    with workshop(settings) as shop:
        named = [_named(register, shop, name) for name in dict.fromkeys(what)]
        wanted = named or register.configured()
        states = run_all(shop, register, wanted, at_once)
    register.close()
    if not states:
        click.echo("There are no sources yet: catalogue source add --help", err=True)
    sys.exit(1 if RunState.FAILED in states else 3 if RunState.PARTIAL in states else 0)


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
    """One run with its progress and its lines of report."""
    try:
        state = shop.harvest(source, board.record)
    except CatalogueError as error:
        board.done([f"{source.slug}: {error}"])
        return RunState.FAILED
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
