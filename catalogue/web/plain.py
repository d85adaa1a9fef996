"""Small addresses without a page: health, robots, the mark."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, jsonify

from catalogue.errors import CatalogueError
from catalogue.web.parts import services, settings

ROBOTS = """User-agent: *
Disallow: /sparql
Disallow: /api/
Disallow: /*/datasets?
Disallow: /datasets?
Disallow: /*/query?
Disallow: /query?
"""


def install(app: Flask) -> None:
    """Serve them."""
    app.add_url_rule("/health", "health", health)
    app.add_url_rule("/robots.txt", "robots", robots)
    app.add_url_rule("/favicon.svg", "favicon", favicon)
    app.add_url_rule("/favicon.ico", "favicon_ico", favicon)


def health() -> Response:
    """Whether each part answers, and how far the register is; 503 when one does not."""
    parts = {"register": _register(), "store": _store(), "search": _search()}
    good = all(each["ok"] for each in parts.values())
    response = jsonify(status="ok" if good else "degraded", **parts)
    response.status_code = 200 if good else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def robots() -> Response:
    """Robots may read everything but endless combinations of filters."""
    sitemap = f"\nSitemap: {settings().base_url}/sitemap.xml\n"
    return Response(ROBOTS + sitemap, mimetype="text/plain")


def favicon() -> Response:
    """The mark: a chromosome of which a part is not stated."""
    return current_app.send_static_file("favicon.svg")


def _register() -> dict[str, Any]:
    try:
        return {"ok": True, "position": services().register.position()}
    except CatalogueError as error:
        current_app.logger.warning("health: register: %s", error)
        return {"ok": False}


def _store() -> dict[str, Any]:
    said = services().store.health()
    return {"ok": bool(said.get("ok")), **{k: v for k, v in said.items() if k != "ok"}}


def _search() -> dict[str, Any]:
    return {"ok": True, "datasets": len(services().search)}
