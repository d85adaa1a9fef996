"""`catalogue source`: the endpoints that are harvested."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

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
@click.option("--protocol", type=click.Choice(harvesters.names()), help="default fdp")
@click.option("--title", help="the name of the organisation; default the slug")
@click.option("--connect-to", metavar="HOST:PORT", help="connect there instead of asking DNS")
@click.pass_obj
def add(  # noqa: PLR0917 - click hands the options over in this order
    settings: Settings,
    slug: str,
    url: str,
    protocol: str | None,
    title: str | None,
    connect_to: str | None,
) -> None:
    """Add a source, or change the one of that name; what is not named stays as it is."""
    register = open_register(settings)
    there = {known.slug: known for known in register.configured()}.get(slug)
    made = Source(
        slug=slug,
        url=url,
        title=title or (there.title if there else slug),
        protocol=protocol or (there.protocol if there else "fdp"),
        connect_to=connect_to or (there.connect_to if there else None),
    )
    check_source(made)
    Writer(register.engine).save_source(made)
    register.close()
    done = "changed" if there else "added"
    click.echo(f"{slug}: {done}: {made.protocol} at {url}; now: catalogue harvest {slug}")


def check_source(made: Source) -> None:
    """Refuse what cannot be harvested, naming the part that is wrong."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", made.slug):
        raise SettingsError(f"{made.slug!r}: a source is named with a-z, 0-9 and hyphens")
    if made.protocol == "files":
        if not Path(made.url.removeprefix("file://")).exists():
            raise SettingsError(f"{made.slug}: there is no file or folder {made.url}")
        return
    parts = urlsplit(made.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in made.url:
        raise SettingsError(f"{made.slug}: {made.url!r} is not an http or https address")
    if made.connect_to and not re.fullmatch(r"[^\s/:]+:\d{1,5}", made.connect_to):
        raise SettingsError(f"{made.slug}: {made.connect_to!r} is not HOST:PORT")


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
@click.option("--yes", is_flag=True, help="do not ask")
@click.pass_obj
def remove(settings: Settings, slug: str, yes: bool) -> None:
    """Forget a source; its records become tombstones."""
    register = open_register(settings)
    status = register.source(slug)
    if not yes:
        click.confirm(f"Withdraw the {status.datasets} datasets of {status.title}?", abort=True)
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
