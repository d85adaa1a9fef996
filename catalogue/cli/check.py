"""`catalogue validate`: what the profiles say about files, before anybody harvests them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from catalogue.cli.check_formats import FORMATS, Checked, CheckedFile
from catalogue.cli.parts import one_session, shape_sets, shapes_folder
from catalogue.errors import CatalogueError, DescriptionError, NotFound, SourceError
from catalogue.ingest.pipeline import GATE
from catalogue.rdf.graph import Graph
from catalogue.rdf.media import from_url
from catalogue.rdf.normalise import normalise
from catalogue.rdf.parse import Parser
from catalogue.rdf.serialise import serialise
from catalogue.rdf.split import Description, split, too_long
from catalogue.settings import Settings
from catalogue.validation.validate import Validator

NOTHING = "describes no dataset, series or catalog with a title or description"


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="[FILE | FOLDER | URL]...")
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
@click.option(
    "--repaired",
    type=click.Path(file_okay=False, path_type=Path),
    help="write each file as a harvest would repair it (Turtle) into this folder",
)
@click.pass_obj
def validate(  # noqa: PLR0917 - click hands the options over in this order
    settings: Settings,
    what: tuple[str, ...],
    profile: tuple[str, ...],
    language: str,
    form: str,
    repaired: Path | None,
) -> None:
    """Validate the descriptions in files, the RDF files of folders, or at addresses, as they are.

    What a harvest would repair is named beside the findings. Exit code 1 when one does not
    conform to the minimum profile (or to any profile named with -p), 2 when a file cannot
    be read.
    """
    chosen = _chosen(settings, profile)
    with Parser() as parser, Validator(shapes_folder(settings)) as validator:
        found = [
            _document(name, _reading(settings, parser, name), validator, chosen)
            for name in _unfolded(what)
        ]
    if not found:
        raise CatalogueError(f"no RDF files in {', '.join(what)}")
    if repaired is not None:
        _write_repaired(found, repaired)
    click.echo(FORMATS[form](found, language))
    sys.exit(max(_code(file, strict=bool(profile)) for file in found))


def _chosen(settings: Settings, wanted: Sequence[str]) -> Sequence[str]:
    there = shape_sets(settings)
    unknown = set(wanted) - set(there)
    if unknown:
        raise CatalogueError(f"no such profile: {', '.join(unknown)}; there is {', '.join(there)}")
    return wanted or tuple(sorted(there))


def _unfolded(what: Iterable[str]) -> Iterator[str]:
    """The files and addresses that are named, and the RDF files in folders that are named."""
    for name in what:
        if "://" not in name and not Path(name).exists():
            raise NotFound(f"{name}: no file or folder of that name")
        if Path(name).is_dir():
            inside = (p for p in sorted(Path(name).rglob("*")) if from_url(p.name) and p.is_file())
            yield from map(str, inside)
        else:
            yield name


def _reading(settings: Settings, parser: Parser, name: str) -> Callable[[], Graph]:
    """How to read one file, or one address through the guarded session."""

    def from_file() -> Graph:
        path = Path(name)
        return parser.parse(
            path.read_bytes(), media_type=None, base=path.resolve().as_uri(), url=name
        )

    def from_address() -> Graph:
        with one_session(settings, parser) as web:
            return web.parse(web.get(name))

    return from_address if "://" in name else from_file


def _document(
    name: str, reading: Callable[[], Graph], validator: Validator, profiles: Sequence[str]
) -> CheckedFile:
    try:
        graph = reading()
    except (DescriptionError, SourceError) as error:
        line = getattr(error.__cause__ if isinstance(error, SourceError) else error, "line", None)
        return CheckedFile(name, problem=str(error), line=line)
    found = split(graph, source=name)
    for each in found:
        if what := too_long(each.graph):
            return CheckedFile(name, problem=f"{each.subject.value}: {what} is too long to be read")
    if not found:
        return CheckedFile(name, problem=NOTHING)
    return CheckedFile(name, tuple(_checked(each, validator, profiles) for each in found))


def _write_repaired(files: Iterable[CheckedFile], folder: Path) -> None:
    """One Turtle file for each that could be read, under its own name."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        if file.descriptions:
            graph = Graph(t for each in file.descriptions for t in each.description.graph)
            name = re.sub(r"[^\w.-]+", "-", Path(file.name.rstrip("/")).stem) or "repaired"
            (folder / f"{name}.ttl").write_bytes(serialise(graph, "text/turtle"))


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
