"""`catalogue validate`: what the profiles say about files, before anybody harvests them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from catalogue.cli.parts import SHAPES, shape_sets
from catalogue.errors import CatalogueError, DescriptionError
from catalogue.ingest.pipeline import GATE
from catalogue.rdf.media import from_url
from catalogue.rdf.normalise import normalise
from catalogue.rdf.parse import Parser
from catalogue.rdf.split import Description, split
from catalogue.validation.report import Report
from catalogue.validation.validate import Validator

WORDS = {
    "conforms": "voldoet",
    "conforms-with-warnings": "voldoet, met waarschuwingen",
    "does-not-conform": "voldoet niet",
    "Violation": "Verplicht",
    "Warning": "Waarschuwing",
    "Info": "Suggestie",
}
"""Levels and severities in Dutch."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--profile", "-p", multiple=True, help="only these profiles; default all")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
def validate(files: tuple[Path, ...], profile: tuple[str, ...], language: str) -> None:
    """Validate the descriptions in files.

    Exit code 1 when one does not conform to the minimum profile (or to any profile named
    with -p), 2 when a file cannot be read.
    """
    shapes = shape_sets()
    chosen = profile or tuple(sorted(shapes))
    unknown = set(chosen) - set(shapes)
    if unknown:
        raise CatalogueError(f"no such profile: {', '.join(unknown)}; there is {', '.join(shapes)}")
    with Parser() as parser, Validator(SHAPES) as validator:
        codes = [
            _file(path, parser, validator, chosen, language, bool(profile))
            for path in _unfolded(files)
        ]
    sys.exit(max(codes))


def _unfolded(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, and those with an RDF extension in folders that are named."""
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if from_url(p.name) and p.is_file())
            yield from inside
        else:
            yield path


def _file(  # noqa: PLR0917 - what the command was given
    path: Path,
    parser: Parser,
    validator: Validator,
    profiles: Sequence[str],
    language: str,
    strict: bool,
) -> int:
    try:
        graph = parser.parse(
            path.read_bytes(), media_type=None, base=path.resolve().as_uri(), url=str(path)
        )
    except DescriptionError as error:
        click.echo(str(error) if str(error).startswith(str(path)) else f"{path}: {error}")
        return 2
    found = [normalise(description) for description in split(graph, source="validate")]
    if not found:
        click.echo(f"{path}: describes no dataset, series or catalog")
        return 1
    return max(_description(path, d, validator, profiles, language, strict) for d in found)


def _description(  # noqa: PLR0917 - what the command was given
    path: Path,
    description: Description,
    validator: Validator,
    profiles: Sequence[str],
    language: str,
    strict: bool,
) -> int:
    click.echo(f"{path}: {description.kind} {description.subject.value}")
    for repair in description.repairs:
        click.echo(f"    repair: {repair.sentence(language)}")
    item = [(description.subject.value, description.graph)]
    covering = [key for key in profiles if validator.profiles[key].covers(description.kind)]
    (answer,) = validator.validate_all(item, covering)
    reports = [answer[key] for key in covering]
    for report in reports:
        _print(report, language)
    failed = [r for r in reports if not r.conforms and (strict or r.profile == GATE)]
    return 1 if failed else 0


def _print(report: Report, language: str) -> None:
    words = WORDS if language == "nl" else {}
    click.echo(f"    {report.profile}: {words.get(report.level, report.level)}")
    for finding in report.findings:
        severity = words.get(finding.severity, finding.severity)
        click.echo(f"        {severity}: {finding.focus}: {finding.messages[language]}")
