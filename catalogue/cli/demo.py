"""`catalogue demo`: ten invented hospitals, harvested over HTTP, then served."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from catalogue.cli import harvest, serve
from catalogue.cli.parts import ROOT, open_register, workshop
from catalogue.cli.source import sources_in
from catalogue.errors import CatalogueError
from catalogue.register.writer import Writer
from catalogue.settings import Settings


@click.command()
@click.option("--harvest-only", is_flag=True, help="harvest and stop, without serving")
@click.pass_obj
def demo(settings: Settings, harvest_only: bool) -> None:
    """Harvest the demonstration hospitals through the real harvesters, then serve."""
    with hospitals() as address:
        click.echo(f"The demonstration hospitals answer at {address}; harvesting them:", err=True)
        load(settings, address)
        if not harvest_only:
            serve.run(replace(settings, demonstration=True))


@contextmanager
def hospitals() -> Iterator[str]:
    """The local server that plays all hospitals; yields its host:port."""
    command = [sys.executable, "-m", "examples.hospitals.serve", "--port", "0"]
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise CatalogueError("the demonstration hospitals did not start; see the lines above")
        yield f"127.0.0.1:{json.loads(line)['port']}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def load(settings: Settings, address: str) -> None:
    """Register the ten sources and harvest each once."""
    register = open_register(settings)
    writer = Writer(register.engine)
    with workshop(settings) as shop:
        sources = sources_in(ROOT / "examples" / "sources-demo.toml", address)
        for source in sources:
            writer.save_source(source)
        harvest.run_all(shop, register, sources)
    register.close()
