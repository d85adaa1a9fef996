"""`catalogue source template`: the spreadsheet in which a data steward describes datasets."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.errors import SettingsError
from catalogue.rdf.sheet_template import template as made


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    default="nl",
    show_default=True,
    help="of its words",
)
@click.option("--replace", is_flag=True, help="write over a file that is there")
def template(file: Path, language: str, replace: bool) -> None:
    """Write an empty spreadsheet (.xlsx) with columns, drop-down lists and an explanation."""
    if file.suffix.lower() != ".xlsx":
        raise SettingsError(f"{file}: give it a name that ends in .xlsx")
    if file.exists() and not replace:
        raise SettingsError(f"{file}: is there already; add --replace to write over it")
    try:
        file.write_bytes(made(language))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    click.echo(f"{file}: written; fill in a row for each dataset on the first sheet")
