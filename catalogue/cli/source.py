"""`catalogue source`: the endpoints that are harvested."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

import harvesters
from catalogue.cli.parts import open_register
from catalogue.errors import SettingsError
from catalogue.ingest.source import Source
from catalogue.register.writer import Writer
from catalogue.settings import Settings


@click.group()
def source() -> None:
    """Add, list or remove the endpoints that are harvested."""


@source.command()
@click.argument("slug")
@click.argument("url")
@click.option("--protocol", type=click.Choice(harvesters.names()), default="fdp", show_default=True)
@click.option("--title", help="the name of the organisation; default the slug")
@click.option("--connect-to", metavar="HOST:PORT", help="connect there instead of asking DNS")
@click.pass_obj
def add(  # noqa: PLR0917 - click hands the options over in this order
    settings: Settings,
    slug: str,
    url: str,
    protocol: str,
    title: str | None,
    connect_to: str | None,
) -> None:
    """Add a source, or change the one of that name."""
    register = open_register(settings)
    Writer(register.engine).save_source(
        Source(slug=slug, title=title or slug, protocol=protocol, url=url, connect_to=connect_to)
    )
    register.close()
    click.echo(f"{slug}: {protocol} at {url}; now: catalogue harvest {slug}")


@source.command(name="list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the sources with their last run."""
    register = open_register(settings)
    for status in register.sources():
        last = status.last_run
        when = f"{last.state} on {last.started:%Y-%m-%d %H:%M}" if last else "never harvested"
        click.echo(
            f"{status.slug:20} {status.protocol:6} {status.datasets:5} datasets, "
            f"{status.held} held, {when}  {status.url}"
        )
    register.close()


@source.command()
@click.argument("slug")
@click.confirmation_option(prompt="Withdraw everything this source has published?")
@click.pass_obj
def remove(settings: Settings, slug: str) -> None:
    """Forget a source; its records become tombstones."""
    register = open_register(settings)
    number = Writer(register.engine).remove_source(slug)
    register.close()
    click.echo(f"{slug}: removed, {number} records withdrawn")


def sources_in(path: Path, connect_to: str | None = None) -> list[Source]:
    """The sources of a TOML file with [[source]] tables {slug, title, protocol, url}."""
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    try:
        return [
            Source(
                slug=table["slug"],
                title=table["title"],
                protocol=table["protocol"],
                url=table["url"],
                connect_to=connect_to or table.get("connect_to"),
            )
            for table in tables
        ]
    except KeyError as error:
        raise SettingsError(f"{path}: a [[source]] lacks {error}") from error
