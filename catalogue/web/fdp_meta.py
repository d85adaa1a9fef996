"""In which state a record of the FAIR Data Point is: `…/meta` to read it, `…/meta/state` to change.

Everybody may ask where a public record stands; states are told to its own organisation only.
The same state once more is no error: a client that retries gets the same answer.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response

from catalogue.accounts.permissions import Action
from catalogue.errors import BadRequest
from catalogue.register.records import Published
from catalogue.register.submitted import Submission
from catalogue.submissions.states import name_of
from catalogue.web import fdp
from catalogue.web.fdp_write import KIND, address, body_json, check_unchanged, writer
from catalogue.web.parts import services, settings
from catalogue.web.session import account


def install(app: Flask) -> None:
    """Serve it."""
    for path in ("/meta", "/meta/state"):
        app.add_url_rule(path, f"fdp_root{path.replace('/', '_')}", root)
    for tail in ("meta", "meta/state"):
        name = tail.replace("/", "_")
        app.add_url_rule(f"/{KIND}/<id>/{tail}", f"fdp_{name}", show)
        app.add_url_rule(f"/{KIND}/<id>/{tail}", f"fdp_set_{name}", turn, methods=["PUT"])


def root() -> Response:
    """Of the FAIR Data Point itself, which is always public."""
    base = settings().base_url
    path = {base: {"resourceDefinitionUuid": "fdp", "title": "Genoomcatalogus", "parent": None}}
    return _json({"member": _member(), "state": None, "path": path})


def show(kind: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """Where a record stands and, for its own organisation, in which state it is."""
    published = fdp.record(kind, id)
    desk = services().submissions
    own = desk.own(kind, id, account()) if desk else None
    state = _state(own) if own else None
    return _json({"member": _member(), "state": state, "path": _path(kind, id, published)})


def turn(kind: str, id: str) -> Response:  # noqa: A002
    """Publish a record, or take it back. `current` is PUBLISHED, DRAFT or WITHDRAWN."""
    asker, desk = writer(Action.PUBLISH), fdp.submitting()
    before = desk.find(kind, id, asker)
    check_unchanged(before)
    after = desk.turn(before, _wanted(body_json()), asker)
    return _json(_state(after))


def _wanted(said: dict[str, Any]) -> object:
    """The state in `{"current": …}`, or in a whole `…/meta` that was read before."""
    inner = said.get("state")
    wanted = inner.get("current") if isinstance(inner, dict) else said.get("current")
    if wanted is None:
        raise BadRequest('the body is not {"current": "PUBLISHED"} or {"current": "DRAFT"}')
    return wanted


def _state(own: Submission) -> dict[str, Any]:
    children = fdp.submitting().children(own)
    states = {address(each): name_of(each.state) for each in children}
    return {"current": name_of(own.state), "children": states}


def _member() -> dict[str, Any] | None:
    asker = account()
    if asker is None:
        return None
    return {"user": {"name": asker.name, "organisation": asker.organisation}, "role": asker.role}


def _path(kind: str, identifier: str, published: Published) -> dict[str, Any]:
    """The record and everything it stands in, by address."""
    base, catalog = settings().base_url, published.record.catalog
    found = {base: _step("fdp", "Genoomcatalogus", None)}
    above = base
    if catalog:
        above = f"{base}/catalog/{catalog}"
        found[above] = _step("catalog", _title("catalog", catalog), base)
    found[published.record.iri] = _step(
        published.record.kind, published.value.title.value("en"), above
    )
    if kind == "distribution":
        iri = f"{base}/distribution/{identifier}"
        found[iri] = _step(kind, "", published.record.iri)
    return found


def _title(kind: str, identifier: str) -> str:
    return fdp.record(kind, identifier).value.title.value("en")


def _step(kind: str, title: str, parent: str | None) -> dict[str, Any]:
    return {"resourceDefinitionUuid": kind, "title": title, "parent": parent}


def _json(said: dict[str, Any]) -> Response:
    body = json.dumps(said, ensure_ascii=False, indent=1)
    response = Response(body + "\n", mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response
