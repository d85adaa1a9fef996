"""What a catalogue should make of the demonstration, worked out without a catalogue.

For generated datasets the answer comes from the generator's own `Description`; for
hand-written ones a person wrote it down in `<hospital>/facts.toml`.

    python -m examples.hospitals.expected > expected.json
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from examples.hospitals.describe import Description
from examples.hospitals.diseases import with_narrower
from examples.hospitals.generate import SEED, generate
from examples.hospitals.hospital import Hospital, hospitals
from examples.hospitals.site import records

ASSAY_BROADER = {
    "low-pass-wgs": "wgs",
    "ont": "long-read",
    "sc-rna": "rna-seq",
}
"""The steps of the assay hierarchy that occur here below something people search for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One dataset. Slugs as in the vocabulary; `None` and empty mean not stated.

    `codes` are those of all strata together: DUO's short names, our slugs, or the local name
    of a term that nobody knows. `linkages` are the kinds of target.
    `iri` is empty for a dataset without an address. `state` holds for a healthy server:
    "published", "held" (fails the minimum gate), "draft" (403) or "broken" (does not parse).
    `faulted` datasets cannot be fetched while the server shows its faults.
    """

    iri: str
    hospital: str
    id: str
    title: str
    diseases: frozenset[str] = frozenset()
    assays: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    individuals: int | None = None
    linkages: frozenset[str] = frozenset()
    accessibility: str = ""
    one_mg: str = ""
    state: str = "published"
    faulted: bool = False


def expected(seed: int = SEED) -> list[Expected]:
    """Every dataset of the demonstration, by hospital and id."""
    found = hospitals()
    generated = generate(found, seed)
    return [each for hospital in found for each in of_hospital(hospital, generated[hospital.slug])]


def of_hospital(hospital: Hospital, generated: Iterable[Description]) -> list[Expected]:
    """The datasets of one hospital, by id."""
    descriptions = {description.id: description for description in generated}
    facts = tomllib.loads((hospital.folder / "facts.toml").read_text("utf-8"))
    answers = []
    for position, record in enumerate(records(hospital, descriptions.values())):
        known = (
            _of_facts(hospital, record.id, facts[record.id])
            if record.id in facts
            else _of_description(hospital, descriptions[record.id])
        )
        faulted = bool(hospital.faults.at(position))
        answers.append(Expected(**known, hospital=hospital.slug, id=record.id, faulted=faulted))
    return answers


def _of_facts(hospital: Hospital, identifier: str, facts: dict[str, Any]) -> dict[str, Any]:
    sets = {
        name: frozenset(facts.get(name, ())) for name in ("diseases", "assays", "codes", "linkages")
    }
    state = "draft" if identifier in hospital.drafts else "published"
    return {"iri": f"{hospital.base}/dataset/{identifier}", "state": state, **facts, **sets}


def _of_description(hospital: Hospital, description: Description) -> dict[str, Any]:
    return {
        "iri": "" if description.quirk == "blank-dataset" else description.iri,
        "title": next(iter(description.title.values())),
        "diseases": frozenset(description.diseases),
        "assays": description.assays,
        "codes": description.codes,
        "individuals": description.individuals,
        "linkages": frozenset(linkage.target for linkage in description.linkages),
        "accessibility": description.access.accessibility,
        "one_mg": description.one_mg,
        "state": "draft" if description.id in hospital.drafts else "published",
    }


def matching(
    found: Iterable[Expected],
    *,
    disease: str = "",
    assays: Collection[str] = (),
    codes: Collection[str] = (),
) -> list[Expected]:
    """The published ones about a disease (or one below it), with any of these assays and codes.

    An empty argument asks nothing. A dataset that does not state an assay has none of them.
    """
    diseases = with_narrower(disease) if disease else frozenset()
    return [
        each
        for each in found
        if each.state == "published"
        and (not disease or each.diseases & diseases)
        and (not assays or _with_broader(each.assays) & set(assays))
        and (not codes or each.codes & set(codes))
    ]


def _with_broader(assays: Iterable[str]) -> set[str]:
    own = set(assays)
    return own | {ASSAY_BROADER[assay] for assay in own if assay in ASSAY_BROADER}


def main() -> None:
    """Print everything as JSON."""
    print(json.dumps([asdict(each) for each in expected()], default=sorted, indent=1))


if __name__ == "__main__":
    main()
