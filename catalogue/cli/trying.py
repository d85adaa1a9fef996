"""`catalogue source test`: what a harvest of an address would bring; nothing is stored."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

import harvesters
from catalogue.cli.parts import trying
from catalogue.ingest.source import Source
from catalogue.ingest.trial import HELD, LIMIT, PUBLISHED, REFUSED, Trial, Tried, try_source
from catalogue.register.records import RecordOutcome
from catalogue.settings import Settings

VERDICTS = {PUBLISHED: "would be public", HELD: "would be held", REFUSED: "would be refused"}
LINES = 5


@click.command()
@click.argument("url")
@click.option("--protocol", type=click.Choice(harvesters.names()), help="default: find out")
@click.option("--limit", default=LIMIT, show_default=True, help="records that are looked at")
@click.option("--connect-to", metavar="HOST:PORT", help="connect there instead of asking DNS")
@click.option("--language", type=click.Choice(("nl", "en")), default="en", help="of the findings")
@click.pass_obj
def test(  # noqa: PLR0917 - click hands the options over in this order
    settings: Settings,
    url: str,
    protocol: str | None,
    limit: int,
    connect_to: str | None,
    language: str,
) -> None:
    """Try an address: its protocol, what would come in, be repaired, held or refused.

    Nothing is stored. Exit code 1 when nothing would come in.
    """
    wanted = Source(
        slug="trial", title="trial", protocol=protocol or "", url=url, connect_to=connect_to
    )
    with trying(settings, True) as tools:
        trial = try_source(wanted, tools, limit)
    for line in _lines(trial, language):
        click.echo(line)
    sys.exit(0 if trial.count(PUBLISHED) else 1)


def _lines(trial: Trial, language: str) -> Iterator[str]:
    yield f"{trial.url}: {f'speaks {trial.protocol}' if trial.protocol else 'no protocol fits'}"
    if trial.error:
        yield f"  {trial.error}"
    if trial.protocol is None:
        yield from (f"  asked: {address}" for address in trial.asked)
        return
    counts = ", ".join(f"{trial.count(key)} {words}" for key, words in VERDICTS.items())
    repaired = sum(bool(record.repairs) for record in trial.records)
    more = ", and there is more" if trial.more else ""
    yield f"  {len(trial.records)} records looked at{more}: {counts}; {repaired} would be repaired"
    for record in trial.records:
        yield from _record(record, language)
    for problem in trial.problems:
        yield f"  {problem.outcome}: {problem.url}: {_message(problem, language)}"


def _record(record: Tried, language: str) -> Iterator[str]:
    yield f"  {VERDICTS[record.verdict]}: {record.kind}: {record.title}"
    message = _message(record.outcome, language)
    if message:
        yield f"      {message}"
    if record.verdict == HELD:
        yield from (f"      missing: {words[language]}" for words in record.violations[:LINES])
    yield from (f"      repair: {words[language]}" for words in record.repairs[:LINES])


def _message(outcome: RecordOutcome, language: str) -> str:
    return str(outcome.details.get("message", {}).get(language, ""))
