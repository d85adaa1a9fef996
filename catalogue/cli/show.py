"""`catalogue show`: one published record as the world sees it."""

from __future__ import annotations

import click

from catalogue.cli.parts import open_register
from catalogue.errors import NotFound
from catalogue.rdf.serialise import serialise
from catalogue.register.records import Published, Record, State
from catalogue.register.register import Register
from catalogue.settings import Settings


@click.command()
@click.argument("identifier")
@click.pass_obj
def show(settings: Settings, identifier: str) -> None:
    """Show a record by its identifier, its address here, or its address at the holder."""
    register = open_register(settings)
    found = register.find(identifier)
    if not found:
        raise NotFound(f"{identifier}: no record of that identifier or address")
    for record in found:
        _print(register, record)
    register.close()


def _print(register: Register, record: Record) -> None:
    click.echo(f"# {record.iri}, {record.state}, version {record.version}")
    click.echo(f"# changed {record.changed:%Y-%m-%d %H:%M} UTC")
    click.echo(f"# from {record.source}: {record.source_iri}")
    if record.reason:
        click.echo(f"# reason: {record.reason}")
    if record.state is State.PUBLISHED:
        published = register.get(record.kind, record.id)
        click.echo(f"# {len(published.repairs)} repairs; {_levels(published)}")
        click.echo(serialise(published.graph, "text/turtle").decode())


def _levels(record: Published) -> str:
    return ", ".join(f"{report['profile']}: {report['level']}" for report in record.reports)
