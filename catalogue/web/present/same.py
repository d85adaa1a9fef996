"""Datasets of other sources that may be the same: shown side by side, never merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.register.records import Published
from catalogue.web.present.reader import Reader, Shown, clean


@dataclass(frozen=True, slots=True)
class Same:
    """Another description, and the source that it came from; a source without page has no slug."""

    title: Shown
    id: str
    source: str
    source_title: str


def maybe_same(
    reader: Reader, found: Iterable[Published], sources: Mapping[str, str]
) -> tuple[Same, ...]:
    """The other descriptions, with the title of each one's source."""
    return tuple(
        Same(
            reader.text(each.value.title),
            each.record.id,
            each.record.source if each.record.source in sources else "",
            clean(sources.get(each.record.source, each.record.source)),
        )
        for each in found
    )


def same_json(found: Iterable[Published], sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "id": each.record.id,
            "iri": each.record.iri,
            "title": {text.language or "und": text.value for text in each.value.title.texts},
            "source": each.record.source,
            "sourceTitle": sources.get(each.record.source, each.record.source),
        }
        for each in found
    ]
