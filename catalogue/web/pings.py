"""`POST /` with `{"clientUrl": …}`: a FAIR Data Point announces itself, as at any FDP index.

The answer is 204 whether the address is new or known. No cookie or key plays a part, so a
page elsewhere that makes a browser send this gains nothing.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from catalogue.errors import BadRequest
from catalogue.ingest.pinging import PingsOff, TooManyPings
from catalogue.web.parts import services
from catalogue.web.problems import problem
from catalogue.web.rate import client

MOST_BYTES = 10_000


def install(app: Flask) -> None:
    """Serve it."""
    app.add_url_rule("/", "ping", receive, methods=["POST"])


def receive() -> Response:
    """Take an announcement; an admin decides what becomes of it."""
    desk = services().pings
    if desk is None:
        return problem(403, "announcements are not taken here")
    request.max_content_length = MOST_BYTES
    try:
        desk.receive(_client_url(), client())
    except PingsOff as error:
        return problem(403, str(error))
    except TooManyPings as error:
        response = problem(429, str(error))
        response.headers["Retry-After"] = str(int(error.wait.total_seconds()) + 1)
        return response
    return Response(status=204)


def _client_url() -> object:
    """The address in the body. Raises for a body that is not `{"clientUrl": …}` in JSON."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        said: Any = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or "clientUrl" not in said:
        raise BadRequest('the body is not {"clientUrl": "https://…"}')
    return said["clientUrl"]
