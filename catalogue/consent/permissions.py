"""The first half of THE rule table: what each main permission says to each aim.

A cell is an outcome, or the name of a choice in `policy`. `company` are the aims beside which
methods development or controls are part of a study that the permission can judge; without
such company they stand alone, where the row has a cell for that (`methods-alone`). For DS the
disease decides, see `DISEASE`.
Care for patients is no research: it needs the modifier CC, whatever the permission.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.consent.outcome import Outcome, both, filled
from catalogue.consent.purpose import Aim, Goal
from catalogue.model.text import LANGUAGES, LangText

P, U, N = Outcome.PERMITTED, Outcome.UNDETERMINED, Outcome.PROHIBITED

ALL_RESEARCH: dict[str, Outcome | str] = {
    "general": P,
    "health": P,
    "disease": P,
    "ancestry": P,
    "methods": P,
    "controls": P,
    "clinical": N,
    "clinical-with-cc": P,
}
"""Every question that a permission answers; each row starts from this or refuses it."""

NO_RESEARCH = {key: P if key == "clinical-with-cc" else N for key in ALL_RESEARCH}


@dataclass(frozen=True, slots=True)
class Permission:
    """One row: the name of the term, what it means, its cells, and its company."""

    name: str
    meaning: LangText
    cells: Mapping[str, Outcome | str]
    company: frozenset[Aim] = frozenset()

    def question(self, goal: Goal, aims: frozenset[Aim], *, care: bool) -> str:
        """Under which key of `cells` an aim of a study falls."""
        if goal.aim is Aim.CARE:
            return "clinical-with-cc" if care else "clinical"
        alone = f"{goal.name}-alone"
        return alone if alone in self.cells and not aims & self.company else goal.name


PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        "NRES",
        both("Elk onderzoek is toegestaan.", "Any research is allowed."),
        ALL_RESEARCH | {"clinical": "care_without_restriction"},
    ),
    Permission(
        "GRU",
        both(
            "Elk onderzoek is toegestaan, ook naar afstamming en naar methoden.",
            "Any research is allowed, on ancestry and on methods too.",
        ),
        ALL_RESEARCH,
    ),
    Permission(
        "HMB",
        both(
            "Gezondheidsonderzoek is toegestaan; onderzoek naar afstamming niet.",
            "Health research is allowed; ancestry research is not.",
        ),
        ALL_RESEARCH
        | {
            "general": N,
            "ancestry": N,
            "methods-alone": "methods_in_health",
            "controls": "controls_in_health",
        },
        frozenset({Aim.HEALTH, Aim.DISEASE, Aim.CONTROLS}),
    ),
    Permission(
        "DS",
        both(
            "Alleen onderzoek naar de genoemde ziekte of een vorm daarvan is toegestaan.",
            "Only research on the named disease or a kind of it is allowed.",
        ),
        ALL_RESEARCH
        | {
            "general": N,
            "health": N,
            "ancestry": N,
            "methods-alone": "methods_in_disease",
            "controls-alone": "controls_in_disease",
        },
        frozenset({Aim.DISEASE}),
    ),
    Permission(
        "POA",
        both(
            "Alleen onderzoek naar herkomst of afstamming is toegestaan.",
            "Only research on origins or ancestry is allowed.",
        ),
        NO_RESEARCH | {"ancestry": P, "methods": P, "methods-alone": "methods_in_ancestry"},
        frozenset({Aim.ANCESTRY}),
    ),
)

BY_NAME = {each.name: each for each in PERMISSIONS}

DISEASE: dict[str, tuple[Outcome, LangText]] = {
    "covered": (
        P,
        both(
            "De toestemming geldt voor {allowed}; {asked} valt daaronder ({path}).",
            "The consent is for {allowed}; {asked} is covered by it ({path}).",
        ),
    ),
    "broader": (
        N,
        both(
            "De toestemming geldt voor {allowed}; {asked} is ruimer ({path}).",
            "The consent is for {allowed}; {asked} is broader than that ({path}).",
        ),
    ),
    "unrelated": (
        N,
        both(
            "De toestemming geldt voor {allowed}; {asked} is daar geen vorm van.",
            "The consent is for {allowed}; {asked} is not a kind of that.",
        ),
    ),
    "unclear": (
        U,
        both(
            "{asked} hangt samen met {allowed}, maar is er niet zonder meer een vorm van.",
            "{asked} is related to {allowed}, but is not simply a kind of it.",
        ),
    ),
    "unknown": (
        U,
        both(
            "{allowed} en {asked} zijn niet te vergelijken: een van beide codes heeft geen plaats "
            "in onze ziekten. Alleen exact gelijke codes tellen.",
            "{allowed} and {asked} cannot be compared: one of the codes has no place in our "
            "diseases. Only exactly equal codes count.",
        ),
    ),
    "missing": (
        U,
        both(
            "Niet elke kant noemt een ziekte, dus er valt niets te vergelijken. Toestemming: "
            "{allowed}; doel: {asked}.",
            "Not both sides name a disease, so there is nothing to compare. Consent: {allowed}; "
            "purpose: {asked}.",
        ),
    ),
}
"""For DS and a study of a disease: the answer of `disease.compare`, its outcome and sentence."""

AIMS: dict[str, LangText] = {
    "general": both("onderzoek buiten de gezondheid", "research outside health"),
    "health": both("gezondheidsonderzoek", "health research"),
    "disease": both("onderzoek naar een ziekte", "research on a disease"),
    "ancestry": both("onderzoek naar afstamming", "ancestry research"),
    "methods": both("methodenontwikkeling bij dit onderzoek", "methods development for this study"),
    "methods-alone": both("alleen methodenontwikkeling", "methods development alone"),
    "controls": both("gebruik als controlegroep", "use as controls"),
    "controls-alone": both("gebruik alleen als controlegroep", "use as controls alone"),
    "clinical": both("gebruik in de zorg zonder CC", "use in clinical care without CC"),
    "clinical-with-cc": both("gebruik in de zorg, met CC", "use in clinical care, with CC"),
}
"""What each question is called in a sentence."""

SENTENCES: dict[Outcome, LangText] = {
    P: both(
        "{meaning} Dat omvat {aim}.",
        "{meaning} That covers {aim}.",
    ),
    U: both(
        "{meaning} Of dat {aim} omvat, moet een commissie beoordelen.",
        "{meaning} Whether that covers {aim} is for a committee to judge.",
    ),
    N: both(
        "{meaning} Dat omvat niet: {aim}.",
        "{meaning} That does not cover {aim}.",
    ),
    Outcome.CONDITION: both(
        "{meaning} Voor {aim} gelden voorwaarden.",
        "{meaning} For {aim} there are conditions.",
    ),
    Outcome.NOTE: both("{meaning} Gevraagd: {aim}.", "{meaning} Asked: {aim}."),
}
"""How a cell is said."""


def sentence(row: Permission, question: str, outcome: Outcome) -> LangText:
    """What a permission answers to one question, in both languages."""
    values = {
        language: {"meaning": row.meaning.value(language), "aim": AIMS[question].value(language)}
        for language in LANGUAGES
    }
    return filled(SENTENCES[outcome], values)


def limited(row: Permission, parameter: Mapping[str, str]) -> LangText:
    """What a permission says that was given for something only; by language."""
    return filled(
        LIMITED,
        {
            language: {"meaning": row.meaning.value(language), "parameter": parameter[language]}
            for language in LANGUAGES
        },
    )


NO_PERMISSION = both(
    "Er is geen hoofdtoestemming vermeld, alleen bijkomende voorwaarden.",
    "No main permission is stated, only further terms.",
)
NO_AIM = both(
    "Het doel zegt niet waar het onderzoek over gaat.",
    "The purpose does not say what the research is about.",
)
LIMITED = both(
    "{meaning} De houder beperkt dat tot: {parameter}. Of het doel daarbinnen valt, moet een "
    "commissie beoordelen.",
    "{meaning} The holder limits that to: {parameter}. Whether the purpose lies within is for a "
    "committee to judge.",
)
"""A permission that should apply to everything, with something that it applies to."""

DISAGREE = both(
    "Er is meer dan één hoofdtoestemming ({codes}), en zij antwoorden verschillend.",
    "There is more than one main permission ({codes}), and they answer differently.",
)
