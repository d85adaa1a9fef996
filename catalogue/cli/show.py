"""`catalogue show`: one published record as the world sees it."""

from __future__ import annotations

import click

from catalogue.cli.parts import open_register
from catalogue.errors import NotFound
from catalogue.rdf.serialise import serialise
from catalogue.register.records import Published
from catalogue.register.register import Register
from catalogue.settings import Settings


@click.command()
@click.argument("identifier")
@click.pass_obj
def show(settings: Settings, identifier: str) -> None:
    """Show a record by its identifier or address: where it is from, and its Turtle."""
    register = open_register(settings)
    record = _find(register, identifier.rstrip("/").rpartition("/")[2])
    about = record.record
    click.echo(f"# {about.iri}, version {about.version} of {about.changed:%Y-%m-%d %H:%M} UTC")
    click.echo(f"# from {about.source}: {about.source_iri}")
    click.echo(f"# {len(record.repairs)} repairs; " + _levels(record))
    click.echo(serialise(record.graph, "text/turtle").decode())
    register.close()


def _find(register: Register, identifier: str) -> Published:
    for kind in ("dataset", "catalog", "series"):
        try:
            return register.get(kind, identifier)
        except NotFound as error:
            if type(error) is not NotFound:
                raise
    raise NotFound(f"there is no record {identifier}")


def _levels(record: Published) -> str:
    return ", ".join(f"{report['profile']}: {report['level']}" for report in record.reports)
