"""The words of an invented study: title, description and keywords, in Dutch or English."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Self

from examples.hospitals.diseases import DISEASES, names
from examples.hospitals.topics import ASSAYS, KEYWORDS, REMARKS, SETTINGS, SYNTHETIC, Topic

LANGUAGES = ("nl", "en")
POPULATION = {"nl": "bevolking", "en": "population"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is told about a study. `style` chooses one of three kinds of title."""

    name: str
    topic: Topic
    assays: tuple[str, ...]
    years: tuple[int, int]
    style: int
    setting: tuple[str, str]
    remark: tuple[str, str]

    @classmethod
    def draw(
        cls,
        name: str,
        topic: Topic,
        assays: tuple[str, ...],
        years: tuple[int, int],
        rng: random.Random,
    ) -> Self:
        """A study whose open choices are left to chance."""
        return cls(
            name=name,
            topic=topic,
            assays=assays,
            years=years,
            style=rng.randrange(3),
            setting=rng.choice(SETTINGS),
            remark=rng.choice(REMARKS),
        )

    @property
    def span(self) -> str:
        """The years, as `2016–2021`."""
        return f"{self.years[0]}–{self.years[1]}"

    def title(self, language: str) -> str:
        """A title as stewards write them."""
        about = names(self.topic.diseases, language) or POPULATION[language]
        results = self.results(language)
        of = {"nl": "van", "en": "of"}[language]
        return (
            f"{_capital(about)}: {results} {self.span}",
            f"{self.name}: {results}, {about}",
            f"{_capital(results)} {of} {self.topic.who[language]}, {self.span}",
        )[self.style]

    def description(self, language: str) -> str:
        """Two sentences and the warning that nothing of it exists."""
        place = LANGUAGES.index(language)
        words = {"nl": ("van", "verzameld"), "en": ("of", "collected")}[language]
        who, setting = self.topic.who[language], self.setting[place]
        first = f"{_capital(self.results(language))} {words[0]} {who}, {words[1]} {setting}"
        return f"{first} ({self.span}). {self.remark[place]} {SYNTHETIC[language]}"

    def keywords(self, language: str) -> tuple[str, ...]:
        """Diseases, assays, and that it is a demonstration."""
        diseases = [getattr(DISEASES[slug], language) for slug in self.topic.diseases]
        assays = [ASSAYS[assay][LANGUAGES.index(language)] for assay in self.assays]
        return (*diseases, *assays, KEYWORDS[language])

    def results(self, language: str) -> str:
        """What the assays gave: `exomes and RNA profiles`."""
        word = {"nl": " en ", "en": " and "}[language]
        return word.join(ASSAYS[assay][LANGUAGES.index(language)] for assay in self.assays)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
