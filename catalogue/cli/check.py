"""`catalogue validate`: what the profiles say about files, before anybody harvests them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from catalogue.cli.check_formats import FORMATS, Checked, CheckedFile
from catalogue.cli.parts import shape_sets, shapes_folder
from catalogue.errors import CatalogueError, DescriptionError
from catalogue.ingest.pipeline import GATE
from catalogue.rdf.media import from_url
from catalogue.rdf.normalise import normalise
from catalogue.rdf.parse import Parser
from catalogue.rdf.split import Description, split, too_long
from catalogue.settings import Settings
from catalogue.validation.validate import Validator

NOTHING = "describes no dataset, series or catalog with a title or description"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--profile", "-p", multiple=True, help="only these profiles; default all")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(FORMATS)),
    default="text",
    show_default=True,
    help="text for people; json, junit or sarif for other software",
)
@click.pass_obj
def validate(
    settings: Settings, files: tuple[Path, ...], profile: tuple[str, ...], language: str, form: str
) -> None:
    """Validate the descriptions in files, or in the RDF files of folders, as they are.

    What a harvest would repair is named beside the findings. Exit code 1 when one does not
    conform to the minimum profile (or to any profile named with -p), 2 when a file cannot
    be read.
    """
    chosen = _chosen(settings, profile)
    with Parser() as parser, Validator(shapes_folder(settings)) as validator:
        found = [_file(path, parser, validator, chosen) for path in _unfolded(files)]
    if not found:
        raise CatalogueError(f"no RDF files in {', '.join(map(str, files))}")
    click.echo(FORMATS[form](found, language))
    sys.exit(max(_code(file, strict=bool(profile)) for file in found))


def _chosen(settings: Settings, wanted: Sequence[str]) -> Sequence[str]:
    there = shape_sets(settings)
    unknown = set(wanted) - set(there)
    if unknown:
        raise CatalogueError(f"no such profile: {', '.join(unknown)}; there is {', '.join(there)}")
    return wanted or tuple(sorted(there))


def _unfolded(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, and those with an RDF extension in folders that are named."""
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if from_url(p.name) and p.is_file())
            yield from inside
        else:
            yield path


def _file(path: Path, parser: Parser, validator: Validator, profiles: Sequence[str]) -> CheckedFile:
    try:
        graph = parser.parse(
            path.read_bytes(), media_type=None, base=path.resolve().as_uri(), url=str(path)
        )
    except DescriptionError as error:
        return CheckedFile(path, problem=str(error), line=getattr(error, "line", None))
    found = split(graph, source=path.as_posix())
    for each in found:
        if what := too_long(each.graph):
            return CheckedFile(path, problem=f"{each.subject.value}: {what} is too long to be read")
    if not found:
        return CheckedFile(path, problem=NOTHING)
    return CheckedFile(path, tuple(_checked(each, validator, profiles) for each in found))


def _checked(description: Description, validator: Validator, profiles: Sequence[str]) -> Checked:
    """As it was given: what the pipeline would repair is said beside it, not judged."""
    item = (description.subject.value, description.graph)
    covering = [key for key in profiles if validator.profiles[key].covers(description.kind)]
    (answer,) = validator.validate_all([item], covering)
    return Checked(normalise(description), tuple(answer[key] for key in covering))


def _code(file: CheckedFile, *, strict: bool) -> int:
    """0 good, 1 something required is missing or nothing is described, 2 not readable."""
    if file.problem:
        return 1 if file.problem == NOTHING else 2
    reports = [report for each in file.descriptions for report in each.reports]
    failed = any(not r.conforms and (strict or r.profile == GATE) for r in reports)
    return 1 if failed else 0
