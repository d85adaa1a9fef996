"""What templates may use besides the values they are given: links, languages, words."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for

from catalogue.model.text import LANGUAGES
from catalogue.web.language import language, page_url, prefix, same_page_in
from catalogue.web.negotiate import RDF_FORMATS
from catalogue.web.parts import settings
from catalogue.web.present.reader import day, language_name

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}
STATIC = Path(__file__).parent / "static"


def install(app: Flask) -> None:
    """Give the templates of `app` their words."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        page_url=page_url,
        asset=asset,
        icons=icons,
        day=day,
        language_name=language_name,
        rdf_formats=[each for each in RDF_FORMATS if each.key != "n3"],
    )
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """The language of the page and where the same page is in the other one.

    An error may be told at an address without a page: then the other language begins at home.
    """
    other = next(each for each in LANGUAGES if each != language())
    translated = _is_page(same_page_in(other))
    return {
        "language": language(),
        "other_language": other,
        "other_language_name": LANGUAGE_NAMES[other],
        "other_language_href": same_page_in(other) if translated else f"/{other}/",
        "alternates": [
            (each, settings().base_url + same_page_in(each)) for each in LANGUAGES if translated
        ],
        "default_href": settings().base_url + unprefixed(),
        "base_url": settings().base_url,
        "demonstration": settings().demonstration,
        "section": (request.path.removeprefix(f"/{prefix()}") if prefix() else request.path),
    }


def _is_page(address: str) -> bool:
    """Whether something answers at an address when it is read."""
    return current_app.url_map.bind("").test(address.partition("?")[0], "GET")


def unprefixed() -> str:
    """The present address without a language, for `x-default`."""
    path = same_page_in("en")[3:]
    return path or "/"


def asset(name: str) -> str:
    """The address of a static file, which changes when the file does."""
    return _address(request.script_root, name)


@cache
def _address(_root: str, name: str) -> str:
    return url_for("static", filename=name, v=_version(name))


def icons() -> str:
    """The address of the icons."""
    return asset("icons.svg")


@cache
def _version(name: str) -> str:
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else "0"
