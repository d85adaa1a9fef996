"""Which language a page speaks: the address decides, else the browser, else English.

`/nl/…` and `/en/…` fix the language; the same address without a prefix follows
`Accept-Language`. Links on a page always carry the prefix, so a visitor keeps their language.
"""

from __future__ import annotations

from typing import Any

from babel.support import NullTranslations
from flask import Flask, Response, g, has_request_context, request, url_for
from flask_babel import Babel, Domain

from catalogue.model.text import LANGUAGES
from catalogue.web.messages import read_messages

DEFAULT = "en"
TIME_ZONE = "Europe/Amsterdam"
"""In which people read times; programs get UTC."""

PREFIX = f"/<any({', '.join(LANGUAGES)}):language>"
"""The beginning of a rule for an address with a language."""


class Messages(Domain):  # type: ignore[misc]  # flask-babel has no types
    """Messages that were read when the site started, instead of looked for on disk."""

    def __init__(self, by_language: dict[str, NullTranslations]) -> None:
        super().__init__()
        self._by_language = by_language

    def get_translations(self) -> NullTranslations:
        """The messages of the page's language."""
        return self._by_language[language()]


def install(app: Flask) -> None:
    """Let every view of `app` know its language through `language()`."""
    Babel(app, locale_selector=language, default_timezone=TIME_ZONE)
    app.before_request(Messages({each: read_messages(each) for each in LANGUAGES}).as_default)
    app.url_value_preprocessor(_take_prefix)
    app.after_request(_say_language)


def language() -> str:
    """The language of the page that is being made."""
    if not has_request_context():
        return DEFAULT
    found = g.get("language")  # asked for every text of a page
    if found is None:
        found = g.language = prefix() or request.accept_languages.best_match(LANGUAGES, DEFAULT)
    return str(found)


def prefix() -> str | None:
    """The language in the address, if there is one."""
    first = request.path.lstrip("/").partition("/")[0]
    return first if first in LANGUAGES else None


def page_url(endpoint: str, **values: Any) -> str:
    """The address of a page in the visitor's language."""
    return url_for(endpoint, language=language(), **values)


def same_page_in(other: str) -> str:
    """The present address with its query, in another language."""
    path = request.path
    if (stated := prefix()) is not None:
        path = path[len(stated) + 1 :] or "/"
    query = request.query_string.decode("latin-1")
    return f"/{other}{path}" + (f"?{query}" if query else "")


def _take_prefix(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The prefix is no argument of a view: `language()` knows it."""
    if values is not None:
        values.pop("language", None)


def _say_language(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language()
        response.vary.update(("Accept", "Accept-Language"))
    return response
