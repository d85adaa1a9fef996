"""Every error as an answer that helps: a page for people, `application/problem+json` (RFC 9457).

The message of one of our own errors is a sentence made to be read. Anything else is shown as a
number that can be found in the log, never as a traceback.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from catalogue import errors
from catalogue.ingest.check import Busy
from catalogue.web import negotiate, tombstone
from catalogue.web.language import language, page_url, prefix
from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.present.reader import Shown, clean

STATUSES: dict[type[errors.CatalogueError], int] = {
    errors.Gone: 410,
    errors.NotFound: 404,
    errors.Unoffered: 406,
    errors.BadRequest: 400,
    errors.QueryRefused: 403,
    errors.QuerySyntax: 400,
    errors.QueryTimeout: 503,
    errors.QueryTooLarge: 413,
    errors.StoreUnavailable: 503,
    errors.PeerLate: 504,
    errors.PeerFailed: 502,
    Busy: 503,
    errors.CatalogueError: 500,
}
"""The first row whose class fits decides; so a class stands before its parent."""

TITLES = {
    400: lazy_gettext("This question cannot be understood"),
    401: lazy_gettext("Sign in first"),
    403: lazy_gettext("This is not allowed here"),
    404: lazy_gettext("There is no such page"),
    405: lazy_gettext("This address does not do that"),
    406: lazy_gettext("Not available in that format"),
    408: lazy_gettext("Sending took too long"),
    409: lazy_gettext("This cannot be done as things stand now"),
    410: lazy_gettext("Withdrawn"),
    411: lazy_gettext("The length of the content is not told"),
    412: lazy_gettext("Changed since you read it"),
    413: lazy_gettext("Too large"),
    414: lazy_gettext("The address is too long"),
    415: lazy_gettext("This kind of content is not understood"),
    416: lazy_gettext("There is no such part"),
    417: lazy_gettext("What is expected cannot be done"),
    422: lazy_gettext("Nothing here can be used"),
    428: lazy_gettext("Say which version you mean"),
    429: lazy_gettext("Too often"),
    431: lazy_gettext("The headers are too long"),
    500: lazy_gettext("Something went wrong on our side"),
    501: lazy_gettext("This is not done here"),
    502: lazy_gettext("Another system gave no good answer"),
    503: lazy_gettext("This part does not answer at the moment"),
    504: lazy_gettext("Another system answered too late"),
    505: lazy_gettext("This version of HTTP is not spoken here"),
}
"""What each status is called; every status that we or the web framework may send is here."""

HELP = {
    400: lazy_gettext("Something in the address is not as it should be. Start again from a page."),
    404: lazy_gettext(
        "There is nothing at this address. It may be mistyped, or never have existed."
    ),
    405: lazy_gettext("This address is not made for that. Open the page from a link."),
    406: lazy_gettext("The page itself and several notations exist; see its downloads."),
    413: lazy_gettext("What was asked or sent is larger than this site handles."),
    414: lazy_gettext("Choose fewer filters or use fewer words."),
    429: lazy_gettext("Wait a while, and try again."),
}
"""What a visitor can do, by status; where nothing helps, nothing is said."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What an error of ours is called, and what helps, where its status alone says too little.

    Programs read `name` as `cause` in the problem document.
    """

    name: str
    title: Any
    help: Any


CAUSES: dict[type[errors.CatalogueError], Cause] = {
    errors.QueryTimeout: Cause(
        "query-timeout",
        lazy_gettext("This question took too long"),
        lazy_gettext(
            "Ask for less: let every line share a variable with another, name a class or a"
            " property where you can, or count fewer things at once."
        ),
    ),
}

LISTS = {"/catalog": "catalogs", "/dataset": "datasets"}
"""Where programs send descriptions, and the page that people mean who type the address."""

FIXED = {
    f"{method} {path}": lazy_gettext(
        "What this catalogue says of itself comes from its settings, among them"
        " CATALOGUE_PUBLISHER and CATALOGUE_LICENSE. Whoever runs it changes it there; nobody"
        " writes, publishes or deletes it here."
    )
    for method, path in (("PUT", "/"), ("DELETE", "/"), ("PUT", "/meta/state"), ("PUT", "/meta"))
}
"""What clients of FAIR Data Points may try on the root, where it answers 405; and why it does."""

OWN_WORDS = (401, 403, 406, 415, 429)
"""Of these errors of the web framework we wrote the description."""

MACHINE_PATHS = ("/api/", "/health")
"""Where errors are JSON for browsers too, as the answers are."""


def named_causes() -> dict[str, str]:
    """The causes as the scripts of a page find them: what each is called, and what helps."""
    said = {each.name: str(each.title) for each in CAUSES.values()}
    return said | {f"{each.name}-help": str(each.help) for each in CAUSES.values()}


def install(app: Flask) -> None:
    """Answer every error of `app` from here."""
    app.register_error_handler(errors.CatalogueError, of_ours)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, unexpected)
    app.after_request(_say_unmet)


def of_ours(error: errors.CatalogueError) -> Response:
    """One of our own errors: its sentence may be shown, unless it is about our insides."""
    status = next(code for kind, code in STATUSES.items() if isinstance(error, kind))
    if status == 500:
        return unexpected(error)
    gone = getattr(error, "record", None)
    if gone is not None and not gone.version:  # it never was public, so it never was here
        return problem(404, "")
    cause = CAUSES.get(type(error))
    response = _of_gone(gone) or problem(status, str(error), gone=gone, cause=cause)
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response


def _of_gone(record: Any) -> Response | None:
    """A withdrawn record as a graph, for a client that reads descriptions as graphs."""
    machine = request.path.startswith(MACHINE_PATHS)
    return None if record is None or machine else tombstone.graph_answer(record)


def of_http(error: HTTPException) -> Response:
    """An error of the web framework: 404, 405, 413 and so on."""
    if isinstance(error, SecurityError):
        return Response("This host name is not served here.\n", 400, mimetype="text/plain")
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    if error.code in {404, 405} and (onward := _list_instead()):
        return onward
    own = error.description if error.code in OWN_WORDS else _why_fixed(error.code)
    response = problem(error.code, own or "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _list_instead() -> Response | None:
    """The way to the list, for a visitor who typed the address where programs send one."""
    path = request.path.removeprefix(f"/{prefix()}")
    if path not in LISTS or request.method not in ("GET", "HEAD") or not _is_person():
        return None
    response = make_response(redirect(page_url(LISTS[path])))
    response.vary.add("Accept")
    return response


def _say_unmet(response: Response) -> Response:
    """That a condition does not hold (RFC 9110 §13.1.1), where the web framework says only 412."""
    if response.status_code != 412 or request.method not in ("GET", "HEAD"):
        return response
    response.close()
    told = problem(412, "")
    told.headers["ETag"] = response.headers["ETag"]
    return told


def _why_fixed(status: int) -> str:
    return str(FIXED.get(f"{request.method} {request.path}", "")) if status == 405 else ""


def unexpected(error: Exception) -> Response:
    """A mistake of ours: the log knows more, under the number that the visitor sees."""
    number = secrets.token_hex(4).upper()
    current_app.logger.error("error %s at %s", number, request.path, exc_info=error)
    return problem(500, "", number=number)


def problem(
    status: int, detail: str, *, number: str = "", gone: Any = None, cause: Cause | None = None
) -> Response:
    """The answer itself, as a page or as JSON, whichever the client reads."""
    known = cause or Cause("", TITLES.get(status, gettext("Error")), HELP.get(status, ""))
    if _is_person():
        response = _page(status, detail, number, gone, known)
    else:
        response = _json(status, detail, number, known)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    return response


def english(sentence: str) -> Shown:
    """A sentence of our own errors, which are English: marked for a reader of another language."""
    return Shown(clean(sentence), lang="" if language() == "en" else "en")


def _is_person() -> bool:
    machine = request.path.startswith(MACHINE_PATHS)
    machine = machine or request.headers.get("Authorization", "").lower().startswith("bearer ")
    by_name = request.args.get("format") == negotiate.HTML.key
    return not machine and (by_name or negotiate.wants_page(request.headers.get("Accept")))


def _json(status: int, detail: str, number: str, known: Cause) -> Response:
    said = {
        "type": "about:blank",
        "title": str(known.title),
        "status": status,
        "detail": detail,
        "cause": known.name,
        "instance": number,
    }
    body = json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)
    return Response(body + "\n", status, mimetype="application/problem+json")


def _page(status: int, detail: str, number: str, gone: Any, known: Cause) -> Response:
    template = "gone.html" if gone is not None else "problem.html"
    page = render_template(
        template,
        status=status,
        title=str(known.title),
        help=known.help,
        detail=english(detail),
        number=number,
        record=gone,
        reason=_reason(gone),
    )
    return make_response(page, status)


def _reason(gone: Any) -> Shown:
    """Why a record was withdrawn: in the reader's language where we know the reason."""
    said = gone.reason if gone is not None else ""
    known = tombstone.REASONS
    return Shown(str(known[said])) if said in known else english(said)
