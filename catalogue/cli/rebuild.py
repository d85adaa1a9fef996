"""`catalogue rebuild`: refill the public store from the register."""

from __future__ import annotations

import click

from catalogue.cli.parts import open_register, remote_store
from catalogue.ingest.projection import StoreProjection
from catalogue.register.writer import Writer
from catalogue.settings import Settings


@click.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Empty the public store and refill it from the register.

    The embedded engine and the search index live in the serving process and are rebuilt at
    every start; a running `catalogue serve` is told to do so now.
    """
    register = open_register(settings)
    writer = Writer(register.engine)
    if settings.store_url:
        store = remote_store(settings)
        position = StoreProjection(register, store, writer).rebuild()
        click.echo(f"{settings.store_url}: refilled up to change {position}")
        store.close()
    else:
        number = writer.ask_rebuild()
        click.echo(f"a running catalogue rebuilds its store and index now (change {number})")
    register.close()
