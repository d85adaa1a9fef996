"""Try an address before it is a source: what would come in, be repaired, held back or refused.

Only for stewards and admins, because it makes this site call other sites; others read how to
get a token, and the command that does the same. Nothing of it is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, current_app, make_response, render_template, request

from catalogue.accounts.permissions import Account, Action, Role
from catalogue.errors import BadRequest, NotFound, SettingsError
from catalogue.ingest.check import Busy
from catalogue.ingest.source import Source
from catalogue.ingest.trial import Trial, Trier
from catalogue.web import session
from catalogue.web.messages import gettext
from catalogue.web.parts import reader, services
from catalogue.web.present.trial import TrialPage, choices, trial_page

LONGEST = 2000
TURNS = "trials"


class Turns:
    """Who is trying an address now: each account one at a time, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[str] = set()

    @contextmanager
    def turn(self, account: Account) -> Iterator[None]:
        """Hold the turn of an account. Raises `Busy` when it has one already."""
        with self._lock:
            if account.id in self._busy:
                raise Busy(f"{account.name}: your earlier trial is still running")
            self._busy.add(account.id)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(account.id)


def install(app: Flask) -> None:
    """Remember who is trying something."""
    app.extensions[TURNS] = Turns()


def show() -> Response:
    """The form, or how to get a token."""
    return _page(200)


def result() -> Response:
    """What came of trying the address in the form."""
    account = session.require(Action.TEST_ADDRESS)
    url, protocol = request.form.get("url", "").strip(), request.form.get("protocol", "")
    if protocol and protocol not in services().protocols:
        raise BadRequest(f"protocol: {protocol[:40]!r} is not one that we read")
    if not url or len(url) > LONGEST:
        return _page(400, url=url[:LONGEST], wrong=gettext("Give the address of a source."))
    if "@" in url.partition("//")[2].partition("/")[0]:  # it is not even shown again
        return _page(400, wrong=gettext("Give the address without a user name or password."))
    try:
        trial = _tried(account, url, protocol)
    except SettingsError:
        return _page(400, url=url, wrong=gettext("That is not an http or https address."))
    return _page(200, url=url, chosen=protocol, answer=trial_page(reader(), trial))


def _tried(account: Account, url: str, protocol: str) -> Trial:
    source = Source(slug="trial", title="trial", protocol=protocol, url=url)
    trusted = account.role is Role.ADMIN
    with current_app.extensions[TURNS].turn(account):
        return _trier().try_source(source, trusted=trusted)


def _trier() -> Trier:
    found = services().trier
    if found is None:
        raise NotFound("no address is tried on this site")
    return found


def _page(
    status: int,
    *,
    url: str = "",
    chosen: str = "",
    wrong: str = "",
    answer: TrialPage | None = None,
) -> Response:
    page = render_template(
        "source_test.html",
        allowed=session.allowed(Action.TEST_ADDRESS),
        protocols=choices(services().protocols, chosen),
        url=url,
        wrong=wrong,
        answer=answer,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
