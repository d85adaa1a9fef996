"""A page with a tag that is made of its own bytes.

Not of the pulse of the register, which also moves when a draft is written: whoever asked twice
would learn that something happened.
"""

from __future__ import annotations

from flask import Response, request


def tagged(page: str) -> Response:
    """The page, or 304 for who has it already; without a tag for who may be signed in."""
    response = Response(page, mimetype="text/html")
    if not request.cookies and "Authorization" not in request.headers:
        response.add_etag()
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request)
    return response
