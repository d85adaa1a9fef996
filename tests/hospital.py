"""Harvest a recorded hospital through the whole catalogue, with real requests.

The recorded hospitals are in `tests/hospitals/`, one folder each: what it answers, written
by us in the shape of the products that are used for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.cli.parts import Workshop, workshop
from catalogue.model.source import Source
from catalogue.register.records import Outcome, RunState
from catalogue.settings import Settings

HOSPITALS = Path(__file__).parent / "hospitals"


def recorded(hospital: str, name: str) -> str:
    """What a recorded hospital answers."""
    return (HOSPITALS / hospital / name).read_text()


class Catalogue:
    """A catalogue of one's own, without a website."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.register = shop.register

    def harvest(self, source: Source) -> RunState:
        """One run."""
        self.shop.writer.save_source(source)
        return self.shop.harvest(source)

    def counts(self, source: str) -> dict[Outcome, int]:
        """How often each outcome was there in the last run."""
        last = self.register.runs(source, 1)[0]
        return {outcome: number for outcome, number in last.counts.items() if number}

    def said(self, source: str) -> str:
        """Everything that the last run reports, as one text."""
        return str(self.register.outcomes(self.register.runs(source, 1)[0].id))

    def titles(self, kind: str = "dataset") -> list[str]:
        """The titles of what is published, sorted."""
        return sorted(each.value.title.value("en") for each in self.register.published(kind))

    def value(self, title: str) -> Any:
        """The published dataset with this title."""
        published = self.register.published("dataset")
        (found,) = (each for each in published if each.value.title.value("en") == title)
        return found.value


@contextmanager
def a_catalogue(folder: Path) -> Iterator[Catalogue]:
    """An empty catalogue in a folder."""
    settings = Settings(data=folder, base_url="https://catalogue.example")
    with workshop(settings) as shop:
        yield Catalogue(shop)
