"""From consent form to codes: a steward answers a dozen questions and copies the result.

Nothing is kept. The answers stand in the address, so a page can be sent to a colleague.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from catalogue.consent.questions import FIELDS
from catalogue.consent.wizard import LONGEST
from catalogue.web.parts import reader
from catalogue.web.present import wizard

MOST = 10
"""Answers to one question."""


def show() -> Response:
    """The questions, and above them the codes once something was answered."""
    here, given = reader(), _given()
    page = render_template(
        "wizard.html",
        questions=wizard.questions(here, given),
        lines=wizard.lines(here, given),
        answer=wizard.answer(here, given),
        asked=bool(request.args),
    )
    response = make_response(page)
    if request.args:
        response.headers["Cache-Control"] = "no-store"
    return response


def _given() -> dict[str, list[str]]:
    """What was answered, without what hides in it."""
    found = {name: request.args.getlist(name)[:MOST] for name in FIELDS if name in request.args}
    return {name: [_plain(each) for each in values] for name, values in found.items()}


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text[:LONGEST]).split())
