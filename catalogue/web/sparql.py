"""The SPARQL endpoint: SPARQL 1.1 Protocol, queries only.

An answer is sent when it is complete (up to a megabyte in memory, a larger one in a temporary
file), so every failure has a true status and no cut answer can look whole, whatever the web
server does with an error in mid-stream. A small answer that cannot have changed is given again
without asking, and not even sent to who has it.

SPARQL 1.1 Protocol: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, cast

from flask import Flask, Response, current_app, g, request

from catalogue.settings import Settings
from catalogue.store import guard
from catalogue.store.base import Answer, PublicStore
from catalogue.web import limits
from catalogue.web.kept import LARGEST, Kept, Whole
from catalogue.web.language import PREFIX
from catalogue.web.parts import services, settings
from catalogue.web.rate import client
from catalogue.web.sparql_csv import made_plain
from catalogue.web.sparql_description import introduction
from catalogue.web.sparql_front import front
from catalogue.web.sparql_headers import CSV, described, limits_told, tagged
from catalogue.web.sparql_protocol import Asked, capped, read_question, takes_long_to_decode

KEY: Final = "sparql"
IN_MEMORY: Final = 1_000_000
PIECE: Final = 64 * 1024
BY_US: Final[dict[str, Any]] = {"provide_automatic_options": False}
"""`OPTIONS` is answered here and not by Flask."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one worker remembers: the answers that may be given again."""

    kept: Kept = field(default_factory=Kept)


def install(app: Flask, store: PublicStore, stated: Settings) -> None:
    """Serve the endpoint at `/sparql`."""
    limits.install(app, stated)
    endpoint = app.extensions[KEY] = Endpoint()
    known = limits.of(app)
    app.wsgi_app = front(app.wsgi_app, store, endpoint.kept, known, stated)  # type: ignore[method-assign]
    app.add_url_rule("/sparql", "sparql", answer, methods=["GET", "POST"], **BY_US)
    app.add_url_rule("/sparql", "sparql_options", preflight, methods=["OPTIONS"], **BY_US)
    app.add_url_rule(PREFIX + "/sparql", "sparql")
    app.after_request(_tell_limits)


def preflight() -> Response:
    """What a browser asks before it asks."""
    return Response(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})


def answer() -> Response:
    """Answer a query; without one, say what can be asked here.

    One that takes long to decode or to judge takes the seat of a long one before that.
    """
    with limits.seat() as seat:
        if takes_long_to_decode():
            seat.take()
        asked = read_question()
        if asked is None:
            return introduction()
        asked = capped(asked, settings().query_seconds)
        g.sparql_seconds = asked.seconds
        limits.of_this_worker().count(client())
        guard.check_size(asked.query)
        if len(asked.query) > guard.LONG_TEXT:
            seat.take()
        return _known(asked) or _found(asked, seat)


def _known(asked: Asked) -> Response | None:
    """The answer without asking: the client has it, or it was kept."""
    state = services().store.state()
    if not state:
        return None
    tag = asked.digest(state)
    if _has(tag):
        return _tagged(Response(status=304), tag)
    whole = _endpoint().kept.get(tag)
    return None if whole is None else _tagged(_small(whole, asked), tag)


def _has(tag: str) -> bool:
    """Whether the client names this very answer; `*` would be true of any question at all."""
    named = request.if_none_match
    looks = request.method in ("GET", "HEAD")
    return looks and named.contains_weak(tag) and not named.star_tag


def _found(asked: Asked, seat: limits.Seat) -> Response:
    """Ask the store; what it says is remembered when it would say so again."""
    store = services().store
    before = store.state()
    found = store.query(
        asked.query,
        accept=asked.accept,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        seconds=asked.seconds,
        at_length=seat.take,
    )
    whole = _collected(found, plain=asked.safe and found.media_type == CSV)
    tag = asked.digest(before) if _lasts(found, store, before) else ""
    if whole.tell() > LARGEST:
        return _tagged(_large(whole, found.media_type, asked), tag)
    kept = Whole(_all_of(whole), found.media_type)
    if tag:
        _endpoint().kept.put(tag, kept)
    return _tagged(_small(kept, asked), tag)


def _lasts(found: Answer, store: PublicStore, before: str) -> bool:
    """Whether this is what the content of that name says, and always will."""
    return bool(before) and found.repeatable and store.state() == before


def _collected(found: Answer, *, plain: bool) -> SpooledTemporaryFile[bytes]:
    """The whole answer; a limit that strikes before its end is an error."""
    whole = _filled(found.chunks)
    if not plain:
        return whole
    with whole:
        whole.seek(0)
        return _filled(made_plain(cast(IO[bytes], whole)))


def _filled(chunks: Iterable[bytes]) -> SpooledTemporaryFile[bytes]:
    whole = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the response
    try:
        whole.writelines(chunks)
    except BaseException:
        whole.close()
        raise
    return whole


def _all_of(whole: SpooledTemporaryFile[bytes]) -> bytes:
    with whole:
        whole.seek(0)
        return whole.read()


def _small(whole: Whole, asked: Asked) -> Response:
    headers = described(whole.media_type, len(whole.body), download=asked.download)
    return Response(whole.body, headers=headers)


def _large(whole: SpooledTemporaryFile[bytes], media_type: str, asked: Asked) -> Response:
    headers = described(media_type, whole.tell(), download=asked.download)
    whole.seek(0)
    response = Response(_pieces(whole), headers=headers)
    response.call_on_close(whole.close)
    return response


def _pieces(whole: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with whole:
        while piece := whole.read(PIECE):
            yield piece


def _tagged(response: Response, tag: str) -> Response:
    response.headers.extend(tagged(tag))
    return response


def _tell_limits(response: Response) -> Response:
    """Say on every answer of the endpoint, errors too, what one query may take here."""
    if request.path.rstrip("/").endswith("/sparql"):
        stated = settings()
        seconds = g.get("sparql_seconds") or stated.query_seconds
        response.headers.update(limits_told(stated, seconds))
    return response


def _endpoint() -> Endpoint:
    return cast(Endpoint, current_app.extensions[KEY])
