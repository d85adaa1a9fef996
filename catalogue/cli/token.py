"""`catalogue token`: who may do more than read."""

from __future__ import annotations

import getpass
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from catalogue.accounts.desk import USUAL_DAYS, Desk
from catalogue.accounts.permissions import Role
from catalogue.cli.parts import open_register
from catalogue.errors import SettingsError
from catalogue.register.register import Register
from catalogue.register.submitted import Submissions
from catalogue.register.tokens import KeptToken, Tokens
from catalogue.settings import Settings

ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
OPERATOR = "operator"
MOST_NAMED = 30
"""Organisations that a refusal names."""


@click.group()
def token() -> None:
    """Hand out, list and revoke the tokens of stewards and admins."""


@token.command()
@click.option("--organisation", required=True, metavar="ID", help="whose sources and descriptions")
@click.option("--role", type=click.Choice([each.value for each in Role]), default="steward")
@click.option("--name", required=True, help="the person or program that will use it")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=USUAL_DAYS, show_default=True, help="it lasts"
)
@click.option("--new", is_flag=True, help="an organisation that has no source yet")
@click.pass_obj
def create(  # noqa: PLR0917 - one for each option
    settings: Settings, organisation: str, role: str, name: str, days: int, new: bool
) -> None:
    """Make a token and show it, once: only a digest of it is kept.

    An organisation is named as `catalogue source list` does, or as its page is: /organisation/ID.
    """
    if not ORGANISATION.fullmatch(organisation):
        raise SettingsError(
            f"{organisation!r}: an organisation is named with a-z, 0-9 and hyphens, as its source"
        )
    with _register(settings) as register:
        kept = Tokens(register.engine)
        organisation = _meant(register, kept, organisation, new=new)
        made = Desk(kept).issue(organisation, Role(role), name, days=days, actor=_operator())
    click.echo(made.text)
    click.echo(
        f"{made.id}: {role} of {organisation}, for {days} days. This is shown once. Sign in at "
        f"{settings.base_url}/sign-in, or send it as: Authorization: Bearer …",
        err=True,
    )


@token.command(name="list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the tokens; what makes them work is not known here."""
    with _tokens(settings) as kept:
        for each in kept.every():
            click.echo(
                f"{each.id}  {each.role:8} {each.organisation:20} {_state(each):24} {each.name}"
            )


@token.command()
@click.argument("identifier", metavar="ID")
@click.pass_obj
def revoke(settings: Settings, identifier: str) -> None:
    """End a token, and every session opened with it, at once."""
    with _tokens(settings) as kept:
        kept.revoke(identifier, _operator())
    click.echo(f"{identifier}: revoked")


@contextmanager
def _tokens(settings: Settings) -> Iterator[Tokens]:
    with _register(settings) as register:
        yield Tokens(register.engine)


@contextmanager
def _register(settings: Settings) -> Iterator[Register]:
    register = open_register(settings)
    try:
        yield register
    finally:
        register.close()


def _meant(register: Register, kept: Tokens, name: str, *, new: bool) -> str:
    """The organisation that the operator means. Raises `SettingsError` for an unknown one."""
    known = {each.owner for each in register.sources() if not each.pending}
    known |= {each.organisation for each in kept.every()}
    if name in known:
        return name
    told = Submissions(register.engine).speakers()
    owners = {owner for owner, holder in told if holder.slug == name}
    if len(owners) == 1:
        return _translated(name, *owners)
    if owners:
        raise SettingsError(
            f"{name}: several organisations describe what it holds; name one of {_named(owners)}"
        )
    if new:
        return name
    raise SettingsError(
        f"{name}: there is no such organisation here; known are {_named(known)}. "
        "With --new it becomes one that only writes here"
    )


def _translated(name: str, owner: str) -> str:
    click.echo(f"{name}: its sources are those of {owner}; the token is for {owner}", err=True)
    return owner


def _named(organisations: Collection[str]) -> str:
    first = sorted(organisations)[:MOST_NAMED]
    more = len(organisations) - len(first)
    return (", ".join(first) or "none") + (f" and {more} more" if more else "")


def _state(kept: KeptToken) -> str:
    if kept.revoked is not None:
        return f"revoked on {kept.revoked:%Y-%m-%d}"
    if kept.expires is None:
        return "until revoked"
    lasts = kept.valid(datetime.now(UTC))
    return f"{'until' if lasts else 'expired on'} {kept.expires:%Y-%m-%d}"


def _operator() -> str:
    """Whoever types the command, for the audit log."""
    try:
        return f"{OPERATOR} {getpass.getuser()}"
    except (KeyError, OSError):  # a container may run as a number without a name
        return OPERATOR
