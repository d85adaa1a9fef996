"""Ask the register which datasets of other sources may be the same as one of ours."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from catalogue.register.records import Published
from catalogue.web.parts import reader, services
from catalogue.web.present.same import Same, maybe_same, same_json


def shown(identifier: str) -> tuple[Same, ...]:
    """For the page of a dataset."""
    found = others(identifier)
    return maybe_same(reader(), found, source_titles(found))


def as_json(identifier: str) -> list[dict[str, Any]]:
    """For programs."""
    found = others(identifier)
    return same_json(found, source_titles(found))


def others(identifier: str) -> list[Published]:
    """Published datasets of other sources that share a persistent name with this one."""
    register = services().register
    names = [each.id for each in register.maybe_same(identifier)]
    return register.datasets(names) if names else []


def source_titles(found: Collection[Published]) -> dict[str, str]:
    """The titles of the sources of these records; a source that was removed has none."""
    titles = services().register.source_titles() if found else {}
    return {slug: titles[slug] for slug in {each.record.source for each in found} & set(titles)}
