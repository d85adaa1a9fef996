"""Where a file lies that an operator's configuration names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit


def path_of(url: str) -> Path:
    """The path that a source's `url` states, as a `file:` address or as it is typed.

    >>> path_of("file:///srv/drop%20box")
    PosixPath('/srv/drop box')
    """
    return Path(unquote(urlsplit(url).path)) if url.startswith("file:") else Path(url)
