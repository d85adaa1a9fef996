"""What holds for every answer of the API: a tag for caches, and the fields that were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, request

from catalogue.errors import BadRequest


def install(app: Flask) -> None:
    """Give every answer under `/api/` an ETag, and 304 to who has it (RFC 9110 §13)."""
    app.after_request(conditional)


def conditional(response: Response) -> Response:
    """The answer with its tag, without content when the client has it already."""
    read = request.method in ("GET", "HEAD") and request.path.startswith("/api/")
    if not read or response.status_code != 200 or response.is_streamed:
        return response
    response.add_etag()
    if not response.cache_control:
        response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def selected(known: Sequence[str]) -> tuple[str, ...] | None:
    """The fields that `fields=` names, `None` for all. Raises `BadRequest` for an unknown one."""
    said = request.args.get("fields")
    if said is None:
        return None
    wanted = tuple(dict.fromkeys(each.strip() for each in said.split(",") if each.strip()))
    unknown = [each for each in wanted if each not in known]
    if unknown or not wanted:
        name = unknown[0][:40] if unknown else "none is named"
        raise BadRequest(f"fields: {name}: there are only {', '.join(known)}")
    return wanted


def only(value: Mapping[str, Any], fields: tuple[str, ...] | None) -> dict[str, Any]:
    """Of an object just these fields, in the order asked for."""
    return dict(value) if fields is None else {name: value[name] for name in fields}
