"""Writing to the FAIR Data Point: tokens, and descriptions made, replaced and deleted.

The protocol is that of the reference software, so that its clients work here. Differences, all
on purpose: what is poor is kept as a draft with a report instead of refused; preconditions
are honoured; what was public leaves a tombstone; a catalog is not deleted while something stands
in it; and no licence or access right is ever filled in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import TooManyRequests, UnsupportedMediaType

from catalogue.accounts.permissions import Account, Action
from catalogue.errors import (
    BadRequest,
    CatalogueError,
    DescriptionError,
    LimitExceeded,
    ParseFailed,
)
from catalogue.rdf.graph import Graph, Node, Term
from catalogue.rdf.media import OFFERED
from catalogue.rdf.views import VIEWS, view
from catalogue.register.submitted import Submission, Superseded
from catalogue.settings import Settings
from catalogue.submissions.desk import Receipt, Sent
from catalogue.submissions.states import Conflict, Invalid, NotAllowed, Stale, TooLarge
from catalogue.validation.report import Report
from catalogue.web import fdp, negotiate, session
from catalogue.web.answers import as_a_whole, rdf, tag_of
from catalogue.web.messages import gettext
from catalogue.web.pages.records import state_of
from catalogue.web.parts import services, settings
from catalogue.web.problems import problem
from catalogue.web.rate import Window, client
from catalogue.web.submitted import make_room

PREFIXES = {
    "catalog": "catalog",
    "dataset": "dataset",
    "dataset-series": "series",
    "series": "series",
    "distribution": "distribution",
}
"""The addresses at which descriptions are made, and what each makes."""
KIND = f"<any({', '.join(dict.fromkeys(PREFIXES.values()))}):kind>"
STATUSES: dict[type[CatalogueError], int] = {
    NotAllowed: 403,
    Conflict: 409,
    Superseded: 409,
    Stale: 412,
    TooLarge: 413,
}
MOST_CREDENTIALS = 10_000
WRITTEN, MINUTE = "written", 60.0
"""How often each token wrote, by worker."""
TAKEN = frozenset(media_type for each in OFFERED for media_type in each.media_types)
JSON = "application/json"
CAREFUL = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
"""What a page elsewhere can make a browser send without asking: never a description."""


def install(app: Flask, settings: Settings) -> None:
    """Serve it."""
    most = settings.write_minute
    app.extensions[WRITTEN] = Window(most, MINUTE) if most else None
    app.add_url_rule("/tokens", "fdp_token", token, methods=["POST"])
    for prefix, kind in PREFIXES.items():
        for rule, name, does, method in WRITES:
            app.add_url_rule(
                f"/{prefix}{rule}",
                f"{name}_{prefix}",
                does,
                methods=[method],
                defaults={"kind": kind},
            )
    for error in STATUSES:
        app.register_error_handler(error, refused)
    app.register_error_handler(Invalid, invalid)


# who


def token() -> Response:
    """A token for `{"email": …, "password": …}`, of which the password is the token itself.

    Clients of FAIR Data Points begin so. Wrong ones are counted like any wrong token.
    """
    request.max_content_length = MOST_CREDENTIALS
    said = body_json().get("password")
    desk = session.desk()
    if not isinstance(said, str) or desk is None or desk.account(said.strip()) is None:
        _count_wrong()
        raise session.unauthorized(gettext("This token is wrong, was revoked or has expired."))
    response = Response(json.dumps({"token": said.strip()}) + "\n", mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _count_wrong() -> None:
    """One more wrong token. Raises `TooManyRequests` when there were too many."""
    seconds = current_app.extensions[session.WINDOW].take(client())
    if seconds:
        raise _too_often(seconds, gettext("Too many wrong tokens came from this address."))


def _too_often(seconds: int, why: str) -> TooManyRequests:
    return TooManyRequests(why, retry_after=seconds)


def writer(action: Action = Action.WRITE_RECORDS) -> Account:
    """Whoever asks, who writes for their own organisation; for which one is looked at later.

    Raises `Unauthorized`, `Forbidden`, or `TooManyRequests` when this token wrote too often.
    """
    asker = session.account()
    found = session.require(action, asker.organisation if asker else None)
    window: Window | None = current_app.extensions[WRITTEN]
    if window is not None and (seconds := window.take(found.id)):
        raise _too_often(seconds, gettext("This token wrote too often in a minute."))
    return found


# what


def make(kind: str) -> Response:
    """A new draft; the answer has its address in `Location`, and what the profiles say of it."""
    account, desk = writer(), fdp.submitting()
    with readable():
        receipt = desk.make(kind, sent(), account)
    response = answer(receipt)
    response.status_code = 201
    response.headers["Location"] = address(receipt.submission)
    if tag := _tag(_shown(receipt.submission), _wanted()):
        response.set_etag(tag)
    return response


def replace(kind: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """Everything that is said of a record, anew."""
    account, desk = writer(), fdp.submitting()
    before = desk.find(kind, id, account)
    check_unchanged(before)
    with readable():
        receipt = desk.replace(before, sent(), account)
    return answer(receipt)


def delete(kind: str, id: str) -> Response:  # noqa: A002
    """Take a record away for good; where it was public stays a tombstone."""
    account, desk = writer(), fdp.submitting()
    before = desk.find(kind, id, account)
    check_unchanged(before)
    desk.delete(before, account)
    return Response(status=204)


WRITES = (
    ("", "fdp_make", make, "POST"),
    ("/<id>", "fdp_replace", replace, "PUT"),
    ("/<id>", "fdp_delete", delete, "DELETE"),
)


@contextmanager
def readable() -> Iterator[None]:
    """What cannot be read is the writer's doing, and said to be."""
    try:
        yield
    except LimitExceeded as error:
        raise TooLarge(str(error)) from error
    except ParseFailed as error:
        if request.mimetype == JSON:
            raise UnsupportedMediaType(str(error)) from error
        raise BadRequest(str(error)) from error
    except DescriptionError as error:
        raise BadRequest(str(error)) from error


def sent() -> Sent:
    """The body, when it is in a notation that is taken and the answer in one that is read.

    Raises `UnsupportedMediaType` or `NotAcceptable`; nothing is kept then.
    """
    make_room()
    _wanted()
    content = request.get_data(cache=False) if _is_taken(request.mimetype) else None
    if content is None or (request.mimetype == JSON and not _is_json(content)):
        raise UnsupportedMediaType(gettext("Send Turtle, JSON-LD, RDF/XML or N-Triples."))
    hosts = {request.host, urlsplit(settings().base_url).netloc}
    return Sent(
        content=content,
        media_type=request.mimetype or "text/turtle",
        here=tuple(f"{scheme}://{host}" for host in sorted(hosts) for scheme in ("http", "https")),
    )


def _is_taken(media_type: str) -> bool:
    return not media_type or media_type in TAKEN


def _is_json(content: bytes) -> bool:
    """Whether it may be JSON-LD; what it says as such, the limited parser finds out."""
    try:
        return isinstance(json.loads(content), dict | list)
    except (ValueError, RecursionError):
        return False


def body_json() -> dict[str, Any]:
    """The body as a JSON object. Raises `BadRequest`."""
    try:
        said: Any = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BadRequest("the body is not a JSON object")
    return said


def address(of: Submission) -> str:
    """Where a description is."""
    return fdp.address(of.kind, of.id)


# answers


def answer(receipt: Receipt) -> Response:
    """The record as its writer sees it, and the reports on it.

    Without a tag, as RFC 9110 §9.3.4 has it where not every byte is kept as it was sent.
    """
    shown = Graph([*_shown(receipt.submission), *merged(receipt.reports)])
    response = as_a_whole(shown, _wanted())
    del response.headers["ETag"]
    return response


def _wanted() -> negotiate.Format:
    """The notation of the answer."""
    accept = request.headers.get("Accept")
    return negotiate.choose(accept, request.args.get("format"), page=False)


def _shown(of: Submission) -> Graph:
    """What a GET gives its writer now."""
    published = fdp.own(of.kind, of.id)
    return fdp.graph(of.kind, of.id, published) if published else Graph()


def merged(reports: Iterable[Report]) -> Iterator[ox.Triple]:
    """Several `sh:ValidationReport`s in one graph."""
    for number, report in enumerate(reports):
        name = _apart(f"report{number}")
        for triple in report.graph():
            yield ox.Triple(name(triple.subject), triple.predicate, name(triple.object))  # type: ignore[arg-type]


def _apart(prefix: str) -> Callable[[Node | Term], Node]:
    """Blank nodes with labels that no other report has."""

    def name(term: Any) -> Any:
        return ox.BlankNode(f"{prefix}{term.value}") if isinstance(term, ox.BlankNode) else term

    return name


def check_unchanged(of: Submission) -> None:
    """Let a client change only what it has seen (RFC 9110 §13.2.2). Raises `Stale`.

    Whoever may not change it is refused for that, and learns nothing of when it was changed.
    """
    if not session.allowed(Action.WRITE_RECORDS, of.organisation):
        return
    if not _as_seen(of):
        raise Stale("the description was changed since you read it; read it again")
    unknown = request.if_none_match
    if unknown and any(unknown.contains_weak(tag) for tag in _tags(of)):
        raise Stale("the description is as If-None-Match says it must not be")


def _as_seen(of: Submission) -> bool:
    """Whether it is what the client says that it read: by its tag or else by its date."""
    if "If-Match" in request.headers:
        return any(request.if_match.contains(tag) for tag in _tags(of))
    seen = request.if_unmodified_since
    return seen is None or of.changed.replace(microsecond=0) <= seen


def _tags(of: Submission) -> Iterator[str]:
    """The tags of what everybody gets and of what its writer gets, in every form of it."""
    if of.public:
        state = _state(of)
        yield from (tag_of(state, f.key, key) for f in negotiate.RDF_FORMATS for key in VIEWS)
    graph = _shown(of)
    for key in VIEWS:
        form = view(graph, ox.NamedNode(address(of)), key).graph
        yield from (_tag(form, each) for each in negotiate.RDF_FORMATS)


def _tag(form: Graph, wanted: negotiate.Format) -> str:
    """What the writer's own answer is tagged by; empty where this notation cannot hold it."""
    try:
        return rdf(form, wanted).get_etag()[0] or ""
    except BadRequest:
        return ""


def _state(of: Submission) -> str:
    """What the public answer at this address is tagged by."""
    record = fdp.public(of.kind, of.id).record
    if of.kind == "distribution":
        return state_of(record, address(of))
    members = services().register.members_of_catalog
    catalog = of.kind == "catalog"
    names = [*members(of.id, "dataset"), *members(of.id, "series")] if catalog else []
    return state_of(record, *names)


def refused(error: CatalogueError) -> Response:
    """One of our refusals, with its status."""
    status = next(code for kind, code in STATUSES.items() if isinstance(error, kind))
    return problem(status, str(error))


def invalid(error: Invalid) -> Response:
    """400 with the report, in RDF as clients of FAIR Data Points expect."""
    accept = request.headers.get("Accept")
    wanted = negotiate.choose("*/*" if "json" in (accept or "") else accept, None, page=False)
    response = rdf(Graph(merged(error.reports)), wanted)
    response.status_code = 400
    response.headers["Cache-Control"] = "no-store"
    return response
