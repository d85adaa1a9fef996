"""Files that list sources: `[[source]]` tables in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from catalogue.errors import SettingsError
from catalogue.ingest.source import Source

NEEDED = ("slug", "title", "protocol", "url")
FLAGS = ("enabled", "verified")
COMMENTS = ("note",)
"""What may stand in a table besides the attributes of `Source`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A source in a file. Nobody has `verified` an address that a document mentioned."""

    source: Source
    enabled: bool = True
    verified: bool = True


def listed_in(path: Path) -> list[Listed]:
    """The sources of a file. Raises `SettingsError` naming the file and what is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"{path}: sources are written as [[source]] tables")
    found = [_listed(path, table) for table in tables]
    slugs = [listed.source.slug for listed in found]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise SettingsError(f"{path}: the source {slug} is listed twice")
    return found


def sources_in(path: Path, connect_to: str | None = None) -> list[Source]:
    """The sources of a file, without their flags; `connect_to` is that of all of them."""
    listed = (each.source for each in listed_in(path))
    return [replace(each, connect_to=connect_to or each.connect_to) for each in listed]


def _listed(path: Path, table: Mapping[str, Any]) -> Listed:
    known = {field.name for field in fields(Source)}
    name = table.get("slug", "a [[source]]")
    for key in NEEDED:
        if key not in table:
            raise SettingsError(f"{path}: {name} lacks {key!r}")
    for key, value in table.items():
        _check(f"{path}: {name}", key, value, known)
    attributes = {key: value for key, value in table.items() if key in known}
    return Listed(Source(**attributes), *(table.get(flag, True) for flag in FLAGS))


def _check(where: str, key: str, value: Any, known: set[str]) -> None:
    if key not in {*known, *FLAGS, *COMMENTS}:
        raise SettingsError(f"{where}: there is no {key!r} in a source")
    wanted = bool if key in FLAGS else dict if key == "options" else str
    if not isinstance(value, wanted):
        raise SettingsError(f"{where}: {key} = {value!r} is no {wanted.__name__}")
    texts = value.values() if isinstance(value, dict) else ()
    if not all(isinstance(each, str) for each in texts):
        raise SettingsError(f"{where}: every option is a text")
