"""`catalogue source`: the endpoints that are harvested."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

import harvesters
from catalogue.cli.listed import listed_in, sources_in
from catalogue.cli.parts import open_register
from catalogue.cli.template import template
from catalogue.cli.trying import test
from catalogue.errors import AddressRefused, NotFound, SettingsError
from catalogue.ingest.address import hostname, split
from catalogue.ingest.mail import address
from catalogue.ingest.schedule import AMSTERDAM, parse
from catalogue.ingest.source import Source
from catalogue.register.records import SourceStatus
from catalogue.register.register import Register
from catalogue.register.scheduling import Scheduling
from catalogue.register.writer import Writer
from catalogue.settings import Settings

__all__ = ["check_source", "source", "sources_in"]

BY = "command line"
"""Who decided, in the audit log."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LOCAL = ("files",)
"""Protocols that read a path on this machine."""
LANGUAGES = ("nl", "en")
RESERVED = ("pending", "test")
"""Pages below `/sources` that are no source."""
PLACE = re.compile(r"[^\s/:]+:(\d{1,5})")


@click.group()
def source() -> None:
    """Add, try, list, schedule or remove the endpoints that are harvested."""


source.add_command(test)
source.add_command(template)


@source.command()
@click.argument("slug")
@click.argument("url")
@click.option("--protocol", type=click.Choice(harvesters.names()), help="default fdp")
@click.option("--title", help="the name of the organisation; default the slug")
@click.option("--connect-to", metavar="HOST:PORT", help="connect there instead of asking DNS")
@click.option("--schedule", help='"6h", "1d", "weekly" or cron in Amsterdam time; "" for never')
@click.option("--contact", metavar="E-MAIL", help='who is told when a run fails; "" for nobody')
@click.option("--organisation", metavar="SLUG", help="whose stewards answer for it")
@click.option("--language", type=click.Choice(LANGUAGES), help="of mail to the contact; default nl")
@click.option(
    "--option", "options", multiple=True, metavar="NAME=VALUE", help="words of the protocol"
)
@click.pass_obj
def add(settings: Settings, /, slug: str, url: str, options: tuple[str, ...], **given: Any) -> None:
    """Add a source, or change the one of that name; what is not named stays as it is."""
    register = open_register(settings)
    there = _known(register, slug)
    named = {name: value for name, value in given.items() if value is not None}
    before = there or Source(slug=slug, title=slug, protocol="fdp", url=url)
    made = replace(before, url=url, options=_options(before, options), **named)
    check_source(made)
    Writer(register.engine).save_source(made)
    register.close()
    done = "changed" if there else "added"
    click.echo(f"{slug}: {done}: {made.protocol} at {url}; now: catalogue harvest {slug}")


def _known(register: Register, slug: str) -> Source | None:
    try:
        return register.settings_of(slug)
    except NotFound:
        return None


def _options(before: Source, given: Sequence[str]) -> dict[str, str]:
    """The options of the protocol; an empty value takes one away."""
    found = dict(before.options)
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name.strip():
            raise SettingsError(f"{before.slug}: the option {each!r} is not NAME=VALUE")
        found[name.strip()] = value.strip()
    return {name: value for name, value in found.items() if value}


def check_source(made: Source) -> None:
    """Refuse what cannot be harvested, naming the part that is wrong. Raises `SettingsError`."""
    for name in filter(None, (made.slug, made.organisation)):
        if not NAME.fullmatch(name):
            raise SettingsError(f"{name!r}: a source is named with a-z, 0-9 and hyphens")
    if made.slug in RESERVED:
        raise SettingsError(f"{made.slug!r}: a page has this name; give the source another one")
    parse(made.schedule, made.slug)
    if made.contact:
        address(made.contact, f"{made.slug}: the contact")
    if made.language not in LANGUAGES:
        raise SettingsError(f"{made.slug}: the language {made.language!r} is not nl or en")
    if made.connect_to and not _is_place(made.connect_to):
        raise SettingsError(f"{made.slug}: {made.connect_to!r} is not HOST:PORT")
    _check_address(made)


def _is_place(text: str) -> bool:
    found = PLACE.fullmatch(text)
    return found is not None and 0 < int(found[1]) < 65_536


def _check_address(made: Source) -> None:
    if made.protocol in LOCAL:
        if not Path(made.url.removeprefix("file://")).exists():
            raise SettingsError(f"{made.slug}: there is no file or folder {made.url}")
        return
    try:
        hostname(split(made.url))
    except AddressRefused as error:
        raise SettingsError(f"{made.slug}: {error}") from error


@source.command(name="list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the sources with their last run, their schedule and what waits for somebody."""
    register = open_register(settings)
    for status in register.sources():
        last = status.last_run
        when = f"{last.state} on {last.started:%Y-%m-%d %H:%M}" if last else "never harvested"
        click.echo(
            f"{status.slug:20} {status.protocol:6} {status.datasets:5} datasets, "
            f"{status.held} held, {when}  {status.url}"
        )
        remarks = "; ".join(_remarks(status))
        if remarks:
            click.echo(f"    {remarks}")
    register.close()


def _remarks(status: SourceStatus) -> Iterator[str]:
    if status.schedule:
        at = status.next_run
        moment = f"{at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M} in Amsterdam" if at else "soon"
        yield f"schedule {status.schedule}, next run {moment if status.enabled else 'never'}"
    if status.pending:
        yield f"pending: announced itself, `catalogue source approve {status.slug}` takes it in"
    elif not status.enabled:
        yield "disabled"
    if not status.verified:
        yield "unverified: never read completely"
    if status.brake:
        number, live = len(status.brake.records), status.brake.live
        yield f"brake: {number} of {live} records would be removed, a steward must confirm"


@source.command()
@click.argument("slug")
@click.argument("text", metavar="SCHEDULE")
@click.pass_obj
def schedule(settings: Settings, slug: str, text: str) -> None:
    """Set when a source is harvested: "6h", "1d", "weekly", or cron in Amsterdam time ("" never).

    `catalogue serve` keeps to it, and so does `catalogue harvest --due`.
    """
    parse(text, slug)
    _decide(settings, lambda turns, _: turns.schedule(slug, text.strip(), BY))
    click.echo(f"{slug}: {f'harvested by schedule {text}' if text.strip() else 'on command only'}")


@source.command()
@click.argument("slug")
@click.pass_obj
def enable(settings: Settings, slug: str) -> None:
    """Harvest a source, by its schedule or on command."""
    _decide(settings, lambda turns, _: turns.enable(slug, BY))
    click.echo(f"{slug}: enabled; now: catalogue harvest {slug}")


@source.command()
@click.argument("slug")
@click.pass_obj
def disable(settings: Settings, slug: str) -> None:
    """Harvest a source no more; what it has published stays."""
    _decide(settings, lambda turns, _: turns.disable(slug, BY))
    click.echo(f"{slug}: disabled; what it has published stays")


@source.command()
@click.argument("slug")
@click.pass_obj
def approve(settings: Settings, slug: str) -> None:
    """Take in a source that announced itself."""
    _decide(settings, lambda turns, _: turns.approve(slug, BY))
    click.echo(f"{slug}: approved; now: catalogue harvest {slug}")


@source.command(name="confirm-removal")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="do not ask")
@click.pass_obj
def confirm_removal(settings: Settings, slug: str, yes: bool) -> None:
    """Remove what the brake kept, as far as it has not been seen again since."""
    brake = _brake(settings, slug)
    if not yes:
        click.confirm(f"Remove {len(brake.records)} of {brake.live} records?", abort=True)
    numbers: list[int] = []
    _decide(settings, lambda _, writer: numbers.append(writer.confirm_removal(slug, BY)))
    click.echo(f"{slug}: {numbers[0]} records removed; their addresses answer that they are gone")


@source.command(name="decline-removal")
@click.argument("slug")
@click.pass_obj
def decline_removal(settings: Settings, slug: str) -> None:
    """Keep what the brake kept; a later run counts anew."""
    _brake(settings, slug)
    _decide(settings, lambda _, writer: writer.decline_removal(slug, BY))
    click.echo(f"{slug}: the records stay")


def _brake(settings: Settings, slug: str) -> Any:
    register = open_register(settings)
    brake = register.source(slug).brake
    register.close()
    if brake is None:
        raise NotFound(f"{slug}: no removal waits to be confirmed")
    return brake


def _decide(settings: Settings, decision: Callable[[Scheduling, Writer], object]) -> None:
    register = open_register(settings)
    decision(Scheduling(register.engine), Writer(register.engine))
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


@source.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--enable", "enabled", multiple=True, metavar="SLUG", help="harvest this one")
@click.pass_obj
def import_(settings: Settings, file: Path, enabled: tuple[str, ...]) -> None:
    """Add the sources of a TOML file, such as examples/sources-nl.toml.

    A source that is there already is changed; whether it is enabled stays as it is.
    """
    found = listed_in(file)
    for listed in found:
        check_source(listed.source)
    strangers = set(enabled) - {listed.source.slug for listed in found}
    if strangers:
        raise NotFound(f"{file}: names no source {', '.join(sorted(strangers))}")
    register = open_register(settings)
    writer, turns = Writer(register.engine), Scheduling(register.engine)
    for listed in found:
        there = _known(register, listed.source.slug) is not None
        flags = {} if there else {"enabled": listed.enabled, "verified": listed.verified}
        writer.save_source(listed.source, **flags)
        if listed.source.slug in enabled:
            turns.enable(listed.source.slug, BY)
        click.echo(f"{listed.source.slug}: {'changed' if there else 'added'}")
    register.close()
