"""Invent the rest: about 150 descriptions, the same ones for the same seed.

    python -m examples.hospitals.generate --out var/hospitals

writes them as Turtle, one file per dataset. The demonstration server needs no files: it
generates them at start-up. Every choice is drawn from a shuffled deck, so that each
consent situation, each way to write a disease and each access state occurs.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from examples.hospitals import consent
from examples.hospitals.describe import AssayGroup, Description, Form, Stratum
from examples.hospitals.diseases import ENCODINGS
from examples.hospitals.hospital import Hospital, hospitals
from examples.hospitals.mess import spoil
from examples.hospitals.prose import Study
from examples.hospitals.topics import ACCESSES, LINKAGES, TOPICS, Topic
from examples.hospitals.turtle import Written, write

SEED = 2026
T = TypeVar("T")
Years = tuple[int, int]

COUNTS = (
    "stated", "stated", "unstated", "stated", "small", "stated", "large", "unstated", "stated",
    "zero", "stated",
)  # fmt: skip
ASSAY_FORMS = ("groups", "groups", "short", "groups", "code", "groups", "unstated", "groups")
ONE_MG = ("", "", "", "1MGCompliant", "1MGCohort", "ExternallyGoverned")
LANGUAGES = (("nl", "en"), ("nl", "en"), ("nl", "en"), ("nl",), ("en",), ("",))
MODELS = ("study-specific", "broad", "dynamic", "opt-out", "waiver", "anonymous", "none", "", "")
FORMS = ((), ("reads",), ("variants",), ("reads", "variants"), ("summary",))
FORM_TITLES = {
    "reads": ("Raw data files", "application/octet-stream"),
    "variants": ("Variants per person", "application/gzip"),
    "summary": ("Summary table", "text/csv"),
}
LEVELS = {
    "wgs": ("raw", "aligned", "variants"),
    "wes": ("aligned", "variants"),
    "panel": ("variants",),
    "rna-seq": ("raw", "expression"),
    "snp-array": ("variants", "aggregate"),
}
CROWDS = {TOPICS[name].who["en"] for name in ("population", "diabetes-type-2", "cardiovascular")}
TUMOUR = frozenset({"cancer", "breast-carcinoma", "melanoma", "lung-cancer", "glioma"})


class Decks:
    """Shuffled decks of choices; a deck is shuffled again when it is empty."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.decks: dict[str, Iterator[object]] = {}

    def draw(self, name: str, cards: Sequence[T]) -> T:
        """The next card of the deck of this name."""
        if name not in self.decks:
            self.decks[name] = _shuffled(random.Random(f"{self.seed}:{name}"), cards)
        card: T = next(self.decks[name])  # type: ignore[assignment]  # one deck, one kind of card
        return card


def _shuffled(rng: random.Random, cards: Sequence[T]) -> Iterator[T]:
    while True:
        pack = list(cards)
        rng.shuffle(pack)
        yield from pack


def generate(all_hospitals: Sequence[Hospital], seed: int = SEED) -> dict[str, list[Description]]:
    """The generated descriptions of each hospital, by its slug."""
    decks = Decks(seed)
    return {
        hospital.slug: [
            _describe(hospital, number, decks) for number in range(1, hospital.generated + 1)
        ]
        for hospital in all_hospitals
    }


def _describe(hospital: Hospital, number: int, decks: Decks) -> Description:
    rng = random.Random(f"{decks.seed}:{hospital.slug}:{number}")
    topic = TOPICS[hospital.specialties[number % len(hospital.specialties)]]
    assays = decks.draw(f"assays of {topic.who['en']}", topic.assays)
    start = rng.randint(2008, 2022)
    end = min(2026, start + rng.randint(1, 8))
    individuals = _individuals(decks.draw("counts", COUNTS), topic, rng)
    issued = date(end, 1, 1) + timedelta(days=rng.randrange(300))
    study = Study.draw(f"{hospital.prefix}-{number}", topic, assays, (start, end), rng)
    tags = decks.draw("languages", LANGUAGES)
    form = "imaging" if "imaging" in hospital.ways else decks.draw("encodings", tuple(ENCODINGS))
    return Description(
        host=hospital.host,
        id=f"{hospital.prefix.lower()}-{number:02d}",
        catalog=hospital.catalogs[number % len(hospital.catalogs)].id,
        title={tag: study.title(tag or "nl") for tag in tags},
        description={tag: study.description(tag or "nl") for tag in tags},
        keywords={language: study.keywords(language) for language in ("nl", "en")},
        diseases=topic.diseases,
        encoding=form,
        assay_form=decks.draw("assay forms", ASSAY_FORMS),
        groups=_groups(topic, assays, individuals, rng),
        individuals=individuals,
        records=None if individuals is None or rng.random() < 0.5 else individuals * 2,
        strata=_strata(hospital, topic, individuals, (start, end), decks),
        linkages=decks.draw("linkages", LINKAGES),
        access=decks.draw("access", ACCESSES),
        one_mg=decks.draw("1+MG", ONE_MG),
        start=start,
        end=end,
        issued=issued.isoformat(),
        modified=max(issued, date(2026, rng.randint(1, 10), rng.randint(1, 28))).isoformat(),
        ages=topic.ages if rng.random() < 0.7 else None,
        forms=_forms(decks.draw("forms", FORMS), rng),
        quirk=_quirk(hospital, number),
        draft=f"{hospital.prefix.lower()}-{number:02d}" in hospital.drafts,
    )


def _individuals(kind: str, topic: Topic, rng: random.Random) -> int | None:
    crowd = topic.who["en"] in CROWDS
    ranges = {
        "zero": (0, 0),
        "small": (1, 9),
        "stated": (12, 2600),
        "large": (20_000, 160_000) if crowd else (3_000, 9_800),
    }
    return rng.randint(*ranges[kind]) if kind in ranges else None


def _quirk(hospital: Hospital, number: int) -> str:
    """Every second description has one of the hospital's quirks, in turn."""
    if number % 2 or not hospital.quirks:
        return ""
    return hospital.quirks[(number // 2 - 1) % len(hospital.quirks)]


def _groups(
    topic: Topic, assays: tuple[str, ...], individuals: int | None, rng: random.Random
) -> tuple[AssayGroup, ...]:
    """One group per assay; the first covers everybody, later ones a part."""
    shares = [100, rng.randint(20, 70)]
    return tuple(
        _group(topic, assay, individuals, share, rng)
        for assay, share in zip(assays, shares, strict=False)
    )


def _group(
    topic: Topic, assay: str, individuals: int | None, share: int, rng: random.Random
) -> AssayGroup:
    tumour = bool(TUMOUR & set(topic.diseases))
    depth = {"wgs": ("30", "38.5", "15"), "wes": ("80", "100", "120.5")}.get(assay, ("",))
    return AssayGroup(
        assay=assay,
        individuals=None if individuals is None else individuals * share // 100,
        genome=rng.choice(("grch37", "grch38", "grch38", "t2t-chm13", "")),
        coverage=rng.choice((*depth, "")),
        tissue=rng.choice(("tumour", "tumour-normal") if tumour else ("germline", "")),
        levels=LEVELS.get(assay, ()),
    )


def _strata(
    hospital: Hospital, topic: Topic, individuals: int | None, years: Years, decks: Decks
) -> tuple[Stratum, ...]:
    shorthand = decks.draw("consent", consent.SITUATIONS)
    disease = topic.diseases[0] if topic.diseases else "cancer"
    if not topic.diseases:
        shorthand = shorthand.replace("DS=own", "HMB")
    found = consent.strata(shorthand, disease=disease, home=hospital.iri, individuals=individuals)
    return tuple(
        Stratum(
            conditions=stratum.conditions,
            individuals=stratum.individuals,
            model=decks.draw("models", MODELS),
            start=f"{years[0]}-01-01",
            end=f"{years[1]}-12-31" if place else "",
        )
        for place, stratum in enumerate(found)
    )


def _forms(names_: tuple[str, ...], rng: random.Random) -> tuple[Form, ...]:
    return tuple(
        Form(
            name=name,
            title=FORM_TITLES[name][0],
            format=FORM_TITLES[name][1],
            size=rng.randrange(10**6, 10**13),
        )
        for name in names_
    )


def written(description: Description, hospital: Hospital) -> Written:
    """The description as this hospital publishes it, mess included."""
    return spoil(write(description, hospital), description.quirk)


def save(folder: Path, seed: int = SEED) -> int:
    """Write everything below `folder` and say how many datasets that were."""
    found = hospitals()
    generated = generate(found, seed)
    for hospital in found:
        for description in generated[hospital.slug]:
            _save(folder / hospital.slug, description.id, written(description, hospital))
    return sum(map(len, generated.values()))


def _save(folder: Path, identifier: str, texts: Written) -> None:
    files = {f"dataset/{identifier}.ttl": texts.dataset}
    for name, text in texts.distributions.items():
        files[f"distribution/{identifier}--{name}.ttl"] = text
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="write the generated demonstration descriptions")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, other datasets")
    arguments = parser.parse_args()
    print(f"{save(arguments.out, arguments.seed)} descriptions in {arguments.out}")


if __name__ == "__main__":
    main()
