"""The translations of the website, compiled from `translations/<language>/…/messages.po`.

The `.po` file is what people edit and what is committed; it is small enough to be compiled in
memory when the site starts, so that no compiled copy can ever be out of date.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).parent / "translations"


def read_messages(language: str) -> NullTranslations:
    """The messages of a language; English is the language of the keys and has no file."""
    path = po_file(language)
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(fp=compiled)


def po_file(language: str) -> Path:
    """Where the messages of a language are kept."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def gettext(text: str, **values: Any) -> str:
    """The text in the language of the page, with its values filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, number: int, **values: Any) -> str:
    """The singular or the plural, in the language of the page."""
    return str(flask_babel.ngettext(one, many, number, **values))


def lazy_gettext(text: str) -> Any:
    """A text that is translated when it is shown; for tables that exist before any page."""
    return flask_babel.lazy_gettext(text)
