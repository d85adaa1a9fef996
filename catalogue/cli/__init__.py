"""The command line: parse, call, print. `catalogue --help` lists what it can do."""

from __future__ import annotations

import os
import sys

import click

from catalogue.cli import (
    check,
    consent,
    demo,
    harvest,
    profile,
    rebuild,
    serve,
    show,
    source,
    token,
)
from catalogue.errors import CatalogueError
from catalogue.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="genoomcatalogus")
@click.pass_context
def catalogue(context: click.Context) -> None:
    """The FAIR catalogue of human genome data.

    Options come from CATALOGUE_* variables; `catalogue settings` lists them.
    """
    context.obj = Settings.from_environ(os.environ)


@catalogue.command()
def settings() -> None:
    """List every option: its variable, its default, what it does."""
    for variable, default, help_text in Settings.help_lines():
        click.echo(f"{variable:26} {help_text} [{default or 'none'}]")


for command in (
    serve.serve,
    harvest.harvest,
    source.source,
    token.token,
    check.validate,
    profile.profile,
    consent.consent,
    rebuild.rebuild,
    show.show,
    demo.demo,
):
    catalogue.add_command(command)


def main() -> None:
    """Run, and turn our own errors into one line and exit code 1."""
    try:
        catalogue()
    except CatalogueError as error:
        click.echo(f"catalogue: {error}", err=True)
        sys.exit(1)
