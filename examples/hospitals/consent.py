"""The consent situations of the demonstration, in a shorthand a steward can read.

`HMB;NPU;IRB@60 | DS=own@20` is two strata: 60 % of the people agreed to health research by
non-profit organisations with ethics approval, 20 % to research on the dataset's own disease,
and the rest is not described. `own` is the dataset's disease, `home` the hospital.
"""

from __future__ import annotations

from examples.hospitals.describe import DUO, UNKNOWN_CODE, Condition, Stratum
from examples.hospitals.diseases import canonical_iri

EU = "http://publications.europa.eu/resource/authority/"
GC = "https://w3id.org/genoomcatalogus/ns#"
OBO = "http://purl.obolibrary.org/obo/"

SITUATIONS = (
    "GRU",
    "HMB",
    "DS=own",
    "",
    "HMB;NPU;IRB;PUB@60 | DS=own@20",
    "NRES",
    "HMB;NPU",
    "DS=own;NPU;IRB",
    "POA",
    "GRU;NCU",
    "HMB;NPUNCU",
    "GRU;GSO",
    "HMB;NMDS",
    "",
    "GRU;NPOA",
    "GRU;NPOA!",
    "HMB;GS=country/NLD",
    "HMB;GS=continent/EUROPE;IRB",
    "DS=own;IS=home",
    "GRU;TS=24",
    "HMB;MOR=2027-06-01",
    "HMB;PUB;COL;IRB",
    "GRU;RTN",
    "HMB;PS=KOMPAS",
    "HMB;US=named",
    "GRU;RS=ageing",
    "HMB;CC",
    "GRU@55 | HMB;NPU@25 | @20",
    "HMB;linkage-prohibited",
    "GRU;linkage-allowed;recontact-allowed",
    "DS",
    "DS=cancer;NPU",
    "HMB;??",
    "HMB;recontact-prohibited",
    "not-stated",
)
"""Every data use term at least once, with the holes that real records have."""

_TEXT_PARAMETERS = {
    "KOMPAS": '"KOMPAS-2"',
    "named": '"de aanvrager en leden van het projectteam"@nl, "the applicant and the team"@en',
    "ageing": '"healthy ageing"@en',
}


def strata(shorthand: str, *, disease: str, home: str, individuals: int | None) -> list[Stratum]:
    """The strata of a situation. Without a percentage the people are not counted per stratum."""
    if not shorthand:
        return []
    return [
        _stratum(part.strip(), disease=disease, home=home, individuals=individuals)
        for part in shorthand.split("|")
    ]


def _stratum(part: str, *, disease: str, home: str, individuals: int | None) -> Stratum:
    codes, _, percent = part.partition("@")
    share = individuals * int(percent) // 100 if percent and individuals is not None else None
    conditions = [condition(code, disease, home) for code in codes.split(";") if code]
    return Stratum(conditions=tuple(conditions), individuals=share)


def condition(text: str, disease: str, home: str) -> Condition:
    """One condition from its shorthand.

    >>> condition("TS=24", "cancer", "").parameters
    ('24',)
    >>> condition("NPOA!", "cancer", "").term
    'http://purl.obolibrary.org/obo/DUO_00000044'
    """
    code, _, given = text.partition("=")
    parameters = (_parameter(code, given, disease, home),) if given else ()
    name, term = _term(code)
    return Condition(code=name, term=term, parameters=parameters)


def _term(code: str) -> tuple[str, str]:
    if code == "NPOA!":  # DUO's own release spells it with eight digits
        return "NPOA", f"{OBO}DUO_00000044"
    if code == "??":
        return UNKNOWN_CODE, f"{OBO}{UNKNOWN_CODE}"
    if code in DUO:
        return code, f"{OBO}DUO_{DUO[code]}"
    return code, f"{GC}use-{code}"


def _parameter(code: str, given: str, disease: str, home: str) -> str:
    if code == "DS":
        return f"<{canonical_iri(disease if given == 'own' else given)}>"
    if code == "GS":
        return f"<{EU}{given}>"
    if code == "MOR":
        return f'"{given}"^^xsd:date'
    if code == "IS":
        return f"<{home}>"
    return _TEXT_PARAMETERS.get(given, given)
