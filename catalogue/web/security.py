"""What every answer carries, and what no request may exceed.

Pages run no inline script or style, load nothing from elsewhere and cannot be framed. Everything
here may be read from any website, errors included, because a browser shows an error without
CORS headers as "endpoint not accessible" and hides its reason.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import RequestURITooLarge

from catalogue.settings import LOOPBACK, Settings

CONTENT_SECURITY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Location, Memento-Datetime, "
    "Content-Profile, Retry-After, "
    "Content-Disposition, X-SPARQL-Timeout, X-SPARQL-Answer-Bytes, X-SPARQL-Query-Bytes",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Datetime, Accept-Profile, Authorization, "
    "Content-Type, If-Match, "
    "If-None-Match, If-Modified-Since, If-Unmodified-Since",
    "Access-Control-Max-Age": "86400",
}
LONGEST_QUERY_STRING = 100_000
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound


def install(app: Flask, settings: Settings) -> None:
    """Set the limits of `app` and put the headers on its answers."""
    app.config.update(
        MAX_CONTENT_LENGTH=1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=100,
        TRUSTED_HOSTS=trusted_hosts(settings),
        SECRET_KEY=settings.secret_key,
    )
    app.before_request(_refuse_endless_addresses)
    app.after_request(_harden)


def trusted_hosts(settings: Settings) -> list[str] | None:
    """The names by which we may be called; `None` when the operator did not name any.

    No IRI is ever made from the `Host` header, so an unnamed host is an inconvenience and
    not a danger; a public address in the settings closes the door all the same.
    """
    named = urlsplit(settings.base_url).hostname or ""
    if settings.host in EVERYWHERE and named in LOOPBACK:
        return None
    return sorted({named, settings.host, *LOOPBACK, "[::1]"} - {"", "::1", *EVERYWHERE})


def _refuse_endless_addresses() -> None:
    if len(request.query_string) > LONGEST_QUERY_STRING:
        raise RequestURITooLarge


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response
