"""What stewards and admins do here: sign in, decide about removals and sources that came up.

Everything below may also be asked by a program with `Authorization: Bearer`. What is decided
goes into the audit log under the name of whoever decided.
"""

from __future__ import annotations

import re

from flask import Response, make_response, redirect, render_template, request
from werkzeug.exceptions import Forbidden

from catalogue.accounts.permissions import Action
from catalogue.errors import BadRequest, NotFound
from catalogue.web import reported, session
from catalogue.web.language import page_url
from catalogue.web.messages import gettext
from catalogue.web.parts import services
from catalogue.web.present.steward import pending_line
from catalogue.web.services import Decisions

LOCAL = re.compile(r"/(?:[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*/?)?")


def sign_in() -> Response:
    """The form for a token; whoever has signed in sees who they are."""
    return _sign_in_page(200, next=local(request.args.get("next", "")))


def signed_in() -> Response:
    """Take the token in the form; go on to where the visitor was."""
    if not session.from_here():
        raise Forbidden(gettext("This form is out of date. Open the page again and retry."))
    onward = local(request.form.get("next", "")) or page_url("sources")
    response = make_response(redirect(onward, 303))
    if session.open_session(response, request.form.get("token", "")):
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return _sign_in_page(401, next=onward, wrong=True)


def sign_out() -> Response:
    """End the session."""
    if session.account() is None:
        raise Forbidden(gettext("This form is out of date. Open the page again and retry."))
    response = make_response(redirect(page_url("home"), 303))
    session.close_session(response)
    return response


def local(path: str) -> str:
    """A path on this site, or nothing: no redirect ever leads elsewhere.

    >>> local("/nl/sources"), local("//evil.example"), local("https:evil.example")
    ('/nl/sources', '', '')
    """
    return path if LOCAL.fullmatch(path) else ""


def removal(slug: str) -> Response:
    """Confirm or decline the removal that the brake stopped, as `decision` says."""
    status = reported.visible(slug)
    account = session.require(Action.DECIDE_REMOVAL, status.owner)
    if status.brake is None:
        raise NotFound(f"{slug}: no removal waits for a decision")
    if _decision("confirm", "decline") == "confirm":
        decisions().confirm_removal(slug, account.actor)
    else:
        decisions().decline_removal(slug, account.actor)
    return make_response(redirect(page_url("source", slug=slug), 303))


def pending() -> str:
    """The sources that announced themselves and wait for an admin."""
    session.require(Action.DECIDE_SOURCE)
    waiting = [each for each in services().register.sources() if each.pending]
    return render_template("sources_pending.html", lines=[pending_line(each) for each in waiting])


def decide_source(slug: str) -> Response:
    """Approve or refuse a source that announced itself, as `decision` says."""
    account = session.require(Action.DECIDE_SOURCE)
    if not services().register.source(slug).pending:
        raise NotFound(f"{slug}: this source does not wait for a decision")
    if _decision("approve", "refuse") == "approve":
        decisions().approve_source(slug, account.actor)
    else:
        decisions().refuse_source(slug, account.actor)
    return make_response(redirect(page_url("pending_sources"), 303))


def decisions() -> Decisions:
    """Where decisions are carried out. Raises `NotFound` in a site that only reads."""
    found = services().decisions
    if found is None:
        raise NotFound("nothing is decided on this site")
    return found


def _decision(*known: str) -> str:
    said = request.form.get("decision", "")
    if said not in known:
        raise BadRequest(f"decision: {said[:40]!r} is not one of {', '.join(known)}")
    return said


def _called(organisation: str) -> str:
    """An organisation by the title of its source, if it has one, and by its id."""
    title = services().register.source_titles().get(organisation)
    return f"{title} ({organisation})" if title and title != organisation else organisation


def _sign_in_page(status: int, *, next: str, wrong: bool = False) -> Response:  # noqa: A002
    if session.desk() is None:
        raise NotFound("nobody signs in on this site")
    known = session.signed_in()
    page = render_template(
        "sign_in.html", next=next, wrong=wrong, organisation=known and _called(known.organisation)
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
