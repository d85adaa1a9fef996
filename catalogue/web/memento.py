"""How a description read before: RFC 7089 (Memento), and a page of its history for people.

The address of a record is its own time gate: with `Accept-Datetime` it leads to the version that
was public then. A version's address ends in the moment from which it was public, because numbers
would tell how many were held in between. What a holder withdrew is not shown again; the page
still says that it was there. The time map lists what can be shown. A distribution that was taken
out of a dataset is in no version of it any more, so that a version too may change.

A version of a catalog or a series is its description without its members: it would name those
that never were public, and those that are gone.

https://www.rfc-editor.org/rfc/rfc7089
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request
from werkzeug.http import http_date, parse_date

from catalogue.errors import BadRequest, NotFound
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import MEMBERSHIP
from catalogue.rdf.serialise import serialise
from catalogue.register.records import Record, VersionSummary
from catalogue.register.standing import PublicVersion
from catalogue.web import negotiate
from catalogue.web.answers import negotiated, tag_of
from catalogue.web.language import PREFIX, page_url, prefix
from catalogue.web.parts import reader, services
from catalogue.web.present.reader import Shown, not_stated
from catalogue.web.present.reader import second as in_words

LINK_FORMAT = "application/link-format"
STAMP = "%Y%m%d%H%M%S"
Versions = Sequence[PublicVersion]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history: from when until when, and where it can be read."""

    since: Shown
    until: Shown
    href: str


def install(app: Flask) -> None:
    """Serve the history of every record, and every version of it."""
    base = "/<any(dataset, catalog, series):kind>/<id>/versions"
    for rule, endpoint, view in (
        (base, "versions", versions),
        (f"{base}/<moment>", "version", version),
    ):
        app.add_url_rule(rule, endpoint, view)
        app.add_url_rule(PREFIX + rule, endpoint, view)


# --- the time gate ------------------------------------------------------------------------


def elsewhen(record: Record) -> Response | None:
    """The way to the version that `Accept-Datetime` asks for; `None` when it asks for none.

    Raises `BadRequest` for what is no date (RFC 7089 §4.5.3).
    """
    asked = request.headers.get("Accept-Datetime")
    if asked is None or prefix() is not None:
        return None
    wanted = parse_date(asked)
    if wanted is None:
        raise BadRequest(f"Accept-Datetime: {asked[:60]!r} is not a date of HTTP")
    shown = [each for each in services().register.public_versions(record.id) if each.shown]
    response = Response(status=302)
    response.headers["Location"] = address(record, at(shown, wanted)) + _form()
    response.vary.update(("Accept-Datetime", "Accept"))
    response.headers["Cache-Control"] = "no-cache"
    _link(response, record)
    return response


def _form() -> str:
    """The format and the profile that the address asks for, to ask the version for."""
    said = [(name, value) for name in ("format", "profile") if (value := request.args.get(name))]
    return f"?{urlencode(said)}" if said else ""


def at(shown: Versions, wanted: datetime) -> PublicVersion:
    """What was public at a moment; the first when it came later. `shown` is never empty."""
    before = [each for each in shown if each.since.replace(microsecond=0) <= wanted]
    return before[-1] if before else shown[0]


def address(record: Record, version: PublicVersion) -> str:
    """Where a version stands."""
    return f"{record.iri}/versions/{stamp(version)}"


def stamp(version: PublicVersion) -> str:
    """The moment from which it was public, as fourteen digits in UTC."""
    return version.since.astimezone(UTC).strftime(STAMP)


# --- the time map -------------------------------------------------------------------------


def versions(kind: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """The history of a record: a page for people, else a time map."""
    record = services().register.standing(kind, id)
    found = services().register.public_versions(id)
    if _wants_page():
        return Response(_history_page(record, found), mimetype="text/html")
    response = Response(timemap(record, found), content_type=LINK_FORMAT)
    response.set_etag(tag_of("versions", str(found)))
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    response.make_conditional(request)
    return response


def _wants_page() -> bool:
    asked = request.args.get("format")
    if asked is not None and asked not in {"html", "link"}:
        raise BadRequest(f"format: {asked[:40]!r} is not one of html, link")
    if asked is None:
        return prefix() is not None or negotiate.wants_page(request.headers.get("Accept"))
    return asked == "html"


def timemap(record: Record, found: Versions) -> str:
    """The versions that can be shown, as RFC 7089 §5 wants them."""
    shown = unique(found)
    here = f'<{record.iri}/versions>; rel="self"; type="{LINK_FORMAT}"'
    if shown:
        first, last = (http_date(shown[i].since) for i in (0, -1))
        here += f'; from="{first}"; until="{last}"'
    lines = [f'<{record.iri}>; rel="original timegate"', here]
    lines += [_memento(record, shown, number) for number in range(len(shown))]
    return ",\n".join(lines) + "\n"


def _memento(record: Record, shown: Versions, number: int) -> str:
    places = (("first", number == 0), ("last", number == len(shown) - 1))
    relation = " ".join([*(name for name, so in places if so), "memento"])
    when = http_date(shown[number].since)
    return f'<{address(record, shown[number])}>; rel="{relation}"; datetime="{when}"'


def unique(found: Versions) -> list[PublicVersion]:
    """Those that can be shown; of several within a second the last, which stayed."""
    return list({stamp(each): each for each in found if each.shown}.values())


def apart(found: Versions) -> list[PublicVersion]:
    """Those that their address and a reader can tell apart: as `unique`, hidden ones included."""
    return list({(stamp(each), each.shown): each for each in found}.values())


def _line(record: Record, each: PublicVersion) -> Line:
    until = in_words(each.until) if each.until else not_stated()
    return Line(in_words(each.since), until, _href(record, each) if each.shown else "")


def _history_page(record: Record, found: Versions) -> str:
    lines = [_line(record, each) for each in apart(found)]
    title = reader().text(services().register.get(record.kind, record.id).value.title)
    return render_template("versions.html", record=record, title=title, lines=lines[::-1])


def _href(record: Record, version: PublicVersion) -> str:
    return page_url("version", kind=record.kind, id=record.id, moment=stamp(version))


def history(found: Versions) -> list[VersionSummary]:
    """The history as the page of a dataset tells it, newest first."""
    told = [
        VersionSummary(number=number, created=each.since, action="published")
        for number, each in enumerate(apart(found), 1)
    ]
    told += [
        VersionSummary(number=number, created=each.until, action="gone")
        for number, (each, after) in enumerate(zip(found, [*found[1:], None], strict=True), 1)
        if each.until is not None and (after is None or after.since != each.until)
    ]
    return sorted(told, key=lambda each: (each.created, each.number), reverse=True)


# --- one version --------------------------------------------------------------------------


def version(kind: str, id: str, moment: str) -> Response:  # noqa: A002
    """A record as it was public from a moment on."""
    register = services().register
    record = register.standing(kind, id)
    shown = unique(register.public_versions(id))
    found = _of_stamp(shown, moment)

    def graph() -> Graph:
        return without_members(record, register.public_version(id, found.since))

    response = negotiated(
        lambda: _version_page(record, found, graph()),
        graph,
        iri=address(record, found),
        subject=record.iri,
        modified=record.changed,
        profiles=True,
        state=f"version {record.id} {found.since.isoformat()} {record.changed.isoformat()}",
    )
    response.headers["Memento-Datetime"] = http_date(found.since)
    _link(response, record)
    for line in _neighbours(record, shown, found):
        response.headers.add("Link", line)
    return response


def without_members(record: Record, graph: Graph) -> Graph:
    """The description of a catalog or a series itself; a dataset as it is."""
    if record.kind == "dataset":
        return graph
    return Graph(triple for triple in graph if triple.predicate.value not in MEMBERSHIP)


def _of_stamp(shown: Versions, wanted: str) -> PublicVersion:
    for each in shown:
        if stamp(each) == wanted:
            return each
    raise NotFound(f"there is no version of {wanted[:20]!r}; see the list of versions")


def _neighbours(record: Record, shown: Versions, found: PublicVersion) -> list[str]:
    """First, last, previous and next (RFC 7089 §2.2.4)."""
    place = list(shown).index(found)
    beside = {"first": 0, "prev": place - 1, "next": place + 1, "last": len(shown) - 1}
    return [
        f'<{address(record, shown[number])}>; rel="{name} memento"; '
        f'datetime="{http_date(shown[number].since)}"'
        for name, number in beside.items()
        if 0 <= number < len(shown)
    ]


def _version_page(record: Record, found: PublicVersion, graph: Graph) -> str:
    return render_template(
        "version.html",
        record=record,
        since=in_words(found.since),
        until=in_words(found.until) if found.until else None,
        turtle=serialise(graph).decode(),
    )


def _link(response: Response, record: Record) -> None:
    for line in (
        f'<{record.iri}>; rel="original timegate"',
        f'<{record.iri}/versions>; rel="timemap"; type="{LINK_FORMAT}"',
    ):
        response.headers.add("Link", line)
