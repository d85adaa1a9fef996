"""The headers of an answer to a query, said once for both ways to one."""

from __future__ import annotations

from typing import Final

from catalogue.settings import Settings
from catalogue.store.formats import FORMATS
from catalogue.store.guard import MAX_BYTES

CSV: Final = "text/csv"
EXTENSIONS: Final = {each.media_type: each.extension for each in FORMATS}

Headers = list[tuple[str, str]]


def described(media_type: str, size: int, *, download: bool = False) -> Headers:
    """What is sent: its type, its size, and whether it is a file to keep, as CSV always is."""
    text = media_type.startswith("text/")
    headers = [
        ("Content-Type", f"{media_type}; charset=utf-8" if text else media_type),
        ("Content-Length", str(size)),
    ]
    if download or media_type == CSV:
        name = f"answer.{EXTENSIONS.get(media_type, 'txt')}"
        headers.append(("Content-Disposition", f'attachment; filename="{name}"'))
    return headers


def tagged(tag: str) -> Headers:
    """A weak tag: who asks again may get the same rows in another order. Empty: none."""
    caching = [("Cache-Control", "no-cache"), ("ETag", f'W/"{tag}"')]
    return [("Vary", "Accept"), *(caching if tag else [("Cache-Control", "no-store")])]


def limits_told(settings: Settings, seconds: float) -> Headers:
    """What one query may take here, and how long this one."""
    return [
        ("X-SPARQL-Timeout", str(round(seconds * 1000))),
        ("X-SPARQL-Answer-Bytes", str(settings.query_answer << 20)),
        ("X-SPARQL-Query-Bytes", str(MAX_BYTES)),
    ]
