"""THE table between data use terms and ODRL: how a term is said in a policy, both ways.

A policy may say "not for profit" in many ways; we read the plain ones and write one. Every node
that we write names its term (`dct:source`), so that what was written is read back exactly. A rule
or constraint that we do not understand becomes an unknown condition under its own IRI: it stays
in the reasons, and leaves the answer open. https://www.w3.org/TR/odrl-model/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalogue.consent.codes import IRIS, NAMES, names
from catalogue.namespaces import DUO, GC, ODRL, Iri

NAMESPACES = tuple(
    f"{scheme}://{rest}"
    for scheme in ("http", "https")
    for rest in (
        *("www.w3.org/ns/odrl/2/", "www.w3.org/ns/odrl/2#", "w3.org/ns/odrl/2/"),
        *("www.w3.org/ns/odrl.jsonld#", "www.w3.org/TR/odrl-model/#", "www.w3.org/TR/odrl-model/"),
    )
)
"""Where people find ODRL; the first is the right one."""

GENETIC, METHODS, ANCESTRY = (Iri(f"{DUO}00000{number}") for number in (38, 31, 33))


def local(iri: str) -> str:
    """`permission` for `odrl:permission` in any of its namespaces; other IRIs are empty."""
    found = next((each for each in NAMESPACES if iri.startswith(each)), None)
    return iri.removeprefix(found).removeprefix("odrl:") if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a term is said: in a rule of this kind, with this action and constraint.

    `kind` is `constraint` (on the permission), or a rule of its own: `permission`,
    `prohibition` or `duty`. `value` is what the constraint compares with, besides the parameters.
    """

    kind: str
    action: str = ODRL + "use"
    operand: str = ""
    operator: str = "isA"
    value: str = ""


def of_purpose(value: str = "", operator: str = "isA", kind: str = "constraint") -> Form:
    """A term that limits the purpose."""
    return Form(kind=kind, operand="purpose", operator=operator, value=value)


def forbidden(purpose: str) -> Form:
    """A purpose that is prohibited."""
    return of_purpose(purpose, kind="prohibition")


MAIN = ("NRES", "GRU", "HMB", "DS", "POA")
FORMS: dict[str, Form] = {
    **{name: of_purpose(IRIS[name], kind="permission") for name in (*MAIN, "CC")},
    "GSO": of_purpose(GENETIC),
    "RS": of_purpose(operator="isAnyOf"),
    "PS": of_purpose(operator="isAnyOf"),
    "NMDS": forbidden(METHODS),
    "NPOA": forbidden(ANCESTRY),
    "NCU": Form(kind="prohibition", action=ODRL + "commercialize"),
    "NPU": Form(kind="constraint", operand="recipient", value=IRIS["NPU"]),
    "NPUNCU": Form(kind="constraint", operand="recipient", value=IRIS["NPUNCU"]),
    "IS": Form(kind="constraint", operand="recipient", operator="isAnyOf"),
    "US": Form(kind="constraint", operand="recipient", operator="isAnyOf"),
    "GS": Form(kind="constraint", operand="spatial", operator="isAnyOf"),
    "TS": Form(kind="constraint", operand="elapsedTime", operator="lteq"),
    "MOR": Form(kind="prohibition", action=ODRL + "distribute", operand="dateTime", operator="lt"),
    **{name: Form(kind="duty", action=IRIS[name]) for name in ("PUB", "COL", "RTN", "IRB")},
    "NO-LINKAGE": forbidden(IRIS["LINKAGE"]),
    "NO-RECONTACT": forbidden(IRIS["RECONTACT"]),
    "LINKAGE": of_purpose(IRIS["LINKAGE"], kind="permission"),
    "RECONTACT": of_purpose(IRIS["RECONTACT"], kind="permission"),
}
"""One row per term; see `form` for the rest."""

PROHIBITED_PURPOSES = {
    METHODS: "NMDS",
    ANCESTRY: "NPOA",
    IRIS["LINKAGE"]: "NO-LINKAGE",
    IRIS["RECONTACT"]: "NO-RECONTACT",
}
PROHIBITED_ACTIONS = {
    ODRL + "commercialize": "NCU",
    "http://creativecommons.org/ns#CommercialUse": "NCU",
    GC + "use-linkage-allowed": "NO-LINKAGE",
    GC + "use-recontact-allowed": "NO-RECONTACT",
}
"""What a prohibition means where it names no term."""

PARAMETERS = {
    ("spatial", "eq"): "GS",
    ("spatial", "isPartOf"): "GS",
    ("spatial", "isAnyOf"): "GS",
    ("spatial", "isA"): "GS",
    ("elapsedTime", "lteq"): "TS",
    ("elapsedTime", "eq"): "TS",
    ("dateTime", "lteq"): "TS",
    ("recipient", "eq"): "IS",
    ("recipient", "isAnyOf"): "IS",
}
"""What a constraint on a permission means where it names no term: left operand, operator."""

POSITIVE = frozenset({"", "eq", "isA", "isAnyOf", "isPartOf", "isAllOf", "hasPart"})
"""Operators under which a purpose is allowed; `neq` and `isNoneOf` turn it round."""

NOT_PURPOSES = frozenset({"NRES", "GRU", "HMB", "DS", "POA", "CC"})


def form(term: str) -> Form:
    """How a term is said; a term without a row is a purpose of its own."""
    return FORMS.get(names(term)[0]) or of_purpose(term)


def duty_term(action: str) -> Iri:
    """The term that a duty states: one of ours by its action, else the action itself."""
    return recognised(action) or Iri(action)


def recognised(text: str) -> Iri | None:
    """The IRI of a term that has a rule, from any spelling; `None` for other values.

    >>> recognised("http://purl.obolibrary.org/obo/DUO_00000044")
    'http://purl.obolibrary.org/obo/DUO_0000044'
    """
    found = names(text)
    if len(found) == 1 and found[0] in IRIS:
        return IRIS[found[0]]
    return Iri(DUO + "0000005") if found == ("GRU", "CC") else None


def is_main(term: str) -> bool:
    """Whether a term is a permission, which only a policy with one of these can give."""
    return any(name in MAIN for name in names(term))


def widens(term: str) -> bool:
    """Whether a term allows more instead of less."""
    return NAMES.get(Iri(term)) in {"CC", "LINKAGE", "RECONTACT"}


MONTHS = re.compile(r"P(\d{1,4})M", re.ASCII)


def plain(value: str) -> str:
    """A duration of months as a number of months; other values as they are."""
    found = MONTHS.fullmatch(value)
    return found[1] if found else value
