"""Have a description checked before anybody harvests it; nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, make_response, render_template, request

from catalogue.rdf.serialise import serialise
from catalogue.web.parts import reader
from catalogue.web.present.validate import Form, Trouble, answer, form, trouble
from catalogue.web.submitted import FAULTS, Submitted, checker, from_form, make_room, status_of

LONGEST_SHOWN = 300_000
"""Characters of a text that the form shows again."""


def show() -> str:
    """The form."""
    return render_template("validate.html", form=_form(), answer=None, trouble=None, given="")


def result() -> Response:
    """The report on what the form holds, or why there is none."""
    make_room()
    given = Submitted(content=b"", base="")
    chosen = request.form.getlist("profile")
    try:
        given = from_form()
        checked = checker().check(given.content, profiles=chosen, **given.about)
    except FAULTS as error:
        return _page(given, status_of(error), trouble=trouble(error, given.content))
    return _page(given, 200, answer=answer(reader(), checked, checker().profiles))


def repaired() -> Response:
    """The repaired copy, as Turtle to keep."""
    make_room()
    given = Submitted(content=b"", base="")
    try:
        given = from_form()
        graph = checker().repaired(given.content, **given.about)
    except FAULTS as error:
        return _page(given, status_of(error), trouble=trouble(error, given.content))
    response = Response(serialise(graph), content_type="text/turtle; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="repaired.ttl"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(
    given: Submitted, status: int, *, answer: object = None, trouble: Trouble | None = None
) -> Response:
    page = render_template(
        "validate.html",
        form=_filled(given),
        answer=answer,
        trouble=trouble,
        given=given.name,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _form() -> Form:
    here = checker()
    chosen = request.form.getlist("profile")
    return form(reader(), here.profiles, chosen, addresses=here.takes_addresses)


def _filled(given: Submitted) -> Form:
    """The form with the text in it, so that it can be mended and checked again."""
    text = given.content.decode("utf-8", "replace")
    return replace(
        _form(),
        text=text if len(text) <= LONGEST_SHOWN else "",
        notation=request.form.get("format", ""),
        url=request.form.get("url", "").strip() if not given.content else "",
    )
