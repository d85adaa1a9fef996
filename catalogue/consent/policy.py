"""Where published sources disagree, a named choice with a documented default.

Every choice is an `Outcome`, so an operator changes it without touching a rule. That silence
is no permission, and that an unknown code leaves the answer open, are no choices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from catalogue.consent.outcome import Outcome, both
from catalogue.errors import SettingsError
from catalogue.model.text import LangText


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The outcome for each question that the sources answer differently; see `CHOICES`."""

    methods_in_health: Outcome = Outcome.UNDETERMINED
    methods_in_disease: Outcome = Outcome.UNDETERMINED
    methods_in_ancestry: Outcome = Outcome.UNDETERMINED
    controls_in_health: Outcome = Outcome.PERMITTED
    controls_in_disease: Outcome = Outcome.UNDETERMINED
    care_without_restriction: Outcome = Outcome.UNDETERMINED
    methods_excluded_in_disease: Outcome = Outcome.UNDETERMINED
    commercial_use_by_nonprofit: Outcome = Outcome.UNDETERMINED
    permissions_disagree: Outcome = Outcome.UNDETERMINED
    linkage_not_mentioned: Outcome = Outcome.NOTE
    recontact_not_mentioned: Outcome = Outcome.NOTE

    @classmethod
    def read(cls, choices: Iterable[str]) -> Policy:
        """From `name=outcome` pairs, as in the setting; raises `SettingsError`.

        >>> Policy.read(["methods_in_disease=not-permitted"]).methods_in_disease.name
        'PROHIBITED'
        """
        given = dict(each.partition("=")[::2] for each in choices)
        for name, outcome in given.items():
            if name not in CHOICES or outcome not in OUTCOMES:
                raise SettingsError(
                    f"consent policy: {name}={outcome} is not one of {', '.join(CHOICES)} "
                    f"with one of {', '.join(OUTCOMES)}"
                )
        return cls(**{name: OUTCOMES[outcome] for name, outcome in given.items()})

    def decide(self, answer: Outcome | str) -> Outcome:
        """The outcome itself, or that of the choice of this name."""
        return answer if isinstance(answer, Outcome) else Outcome(getattr(self, answer))


OUTCOMES: dict[str, Outcome] = {
    "permitted": Outcome.PERMITTED,
    "condition": Outcome.CONDITION,
    "undetermined": Outcome.UNDETERMINED,
    "not-permitted": Outcome.PROHIBITED,
    "note": Outcome.NOTE,
}
"""How an operator writes an outcome."""

CHOICES: dict[str, LangText] = {
    "methods_in_health": both(
        "Alleen methodenontwikkeling, toestemming voor gezondheidsonderzoek: DUOS keurt goed, "
        "de definitie van HMB zegt er niets over.",
        "Methods development alone under consent for health research: DUOS approves, the "
        "definition of HMB is silent.",
    ),
    "methods_in_disease": both(
        "Alleen methodenontwikkeling, toestemming voor één ziekte: DUOS keurt goed doordat er "
        "geen ziekte te vergelijken is; de definitie van DS vraagt een verband met de ziekte.",
        "Methods development alone under consent for one disease: DUOS approves because there "
        "is no disease to compare; the definition of DS asks for a relation to the disease.",
    ),
    "methods_in_ancestry": both(
        "Alleen methodenontwikkeling, toestemming voor alleen afstammingsonderzoek.",
        "Methods development alone under consent for ancestry research only.",
    ),
    "controls_in_health": both(
        "Gebruik als controlegroep onder HMB: de README van DUO staat het toe, DUOS onthoudt zich.",
        "Use as controls under HMB: DUO's README allows it, DUOS abstains.",
    ),
    "controls_in_disease": both(
        "Gebruik als controlegroep zonder ziekte, onder toestemming voor één ziekte: de bronnen "
        "zwijgen of verschillen.",
        "Use as controls without a disease, under consent for one disease: the sources are "
        "silent or differ.",
    ),
    "care_without_restriction": both(
        "Gebruik in de zorg onder NRES: de redactie van DUO is er niet zeker van.",
        "Clinical care under NRES: the editors of DUO are unsure.",
    ),
    "methods_excluded_in_disease": both(
        "Methoden voor de ziekte zelf, bij DS met NMDS: eerder mocht dat binnen de andere "
        "grenzen, DUO 2021 verbiedt methodenonderzoek.",
        "Methods for the disease itself under DS with NMDS: once allowed within the other "
        "limits, DUO 2021 excludes methods research.",
    ),
    "commercial_use_by_nonprofit": both(
        "Commercieel gebruik door een organisatie zonder winstoogmerk bij NPU: DUOS versie 3 "
        "weigert, de definitie zwijgt.",
        "Commercial use by a not-for-profit organisation under NPU: DUOS version 3 denies, the "
        "definition is silent.",
    ),
    "permissions_disagree": both(
        "Meer dan één hoofdtoestemming, en zij zijn het niet eens: DUOS laat de ruimste winnen.",
        "More than one main permission, and they disagree: DUOS lets the widest win.",
    ),
    "linkage_not_mentioned": both(
        "Koppelen gewenst, en de toestemming zegt er niets over: DUO kent koppelen niet.",
        "Linkage wanted, and the consent does not mention it: DUO has no term for linkage.",
    ),
    "recontact_not_mentioned": both(
        "Opnieuw benaderen gewenst, en de toestemming zegt er niets over.",
        "Recontact wanted, and the consent does not mention it.",
    ),
}
"""What each choice is about and who says what; same names as the fields of `Policy`."""


def described(policy: Policy) -> tuple[tuple[str, Outcome, LangText], ...]:
    """Name, chosen outcome and explanation of every choice, for pages and the command line."""
    return tuple(
        (each.name, Outcome(getattr(policy, each.name)), CHOICES[each.name])
        for each in fields(policy)
    )
