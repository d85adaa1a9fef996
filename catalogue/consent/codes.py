"""Any spelling of a data use term becomes the short name by which the rules know it.

`DUO:0000044`, `DUO_00000044` (the eight digits of DUO's own release), `NPOA` and the full IRI
are one term. The obsolete GRU-CC becomes GRU and CC. A term that we do not know keeps the
spelling in which it came: it must show up in the reasons, because silence would read as
permission.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from catalogue.model.genome import Condition
from catalogue.namespaces import DUO, GC, OBO, Iri
from catalogue.terms.alias import canonical

FAIR_GENOMES = "https://w3id.org/fair-genomes/resource/FG_"

DUO_NUMBERS = {
    "NRES": "0000004",
    "GRU": "0000042",
    "HMB": "0000006",
    "DS": "0000007",
    "POA": "0000011",
    "RS": "0000012",
    "NMDS": "0000015",
    "GSO": "0000016",
    "NPUNCU": "0000018",
    "PUB": "0000019",
    "COL": "0000020",
    "IRB": "0000021",
    "GS": "0000022",
    "MOR": "0000024",
    "TS": "0000025",
    "US": "0000026",
    "PS": "0000027",
    "IS": "0000028",
    "RTN": "0000029",
    "CC": "0000043",
    "NPOA": "0000044",
    "NPU": "0000045",
    "NCU": "0000046",
    "PERMISSION": "0000001",
    "MODIFIER": "0000017",
}
"""The 25 terms of DUO (release 2021-02-23); the last two are the groups above the others."""

IRIS: dict[str, Iri] = {
    **{name: Iri(DUO + number) for name, number in DUO_NUMBERS.items()},
    "LINKAGE": Iri(GC + "use-linkage-allowed"),
    "NO-LINKAGE": Iri(GC + "use-linkage-prohibited"),
    "RECONTACT": Iri(GC + "use-recontact-allowed"),
    "NO-RECONTACT": Iri(GC + "use-recontact-prohibited"),
    "NOT-STATED": Iri(GC + "use-not-stated"),
    "NCIT:C15424": Iri(OBO + "NCIT_C15424"),
    "FG:0000740": Iri(FAIR_GENOMES + "0000740"),
    "FG:0000741": Iri(FAIR_GENOMES + "0000741"),
    "FG:0000742": Iri(FAIR_GENOMES + "0000742"),
    "FG:0000743": Iri(FAIR_GENOMES + "0000743"),
    "DUO:0000002": Iri(DUO + "0000002"),
    "DUO:0000003": Iri(DUO + "0000003"),
    "DUO:0000014": Iri(DUO + "0000014"),
    **{f"DUO:00000{number}": Iri(f"{DUO}00000{number}") for number in range(31, 41)},
}
"""Every term that has a rule, by its short name."""

NAMES = {iri: name for name, iri in IRIS.items()}

SPELLINGS = {
    "LINKAGE-ALLOWED": "LINKAGE",
    "LINKAGE-PROHIBITED": "NO-LINKAGE",
    "RECONTACT-ALLOWED": "RECONTACT",
    "RECONTACT-PROHIBITED": "NO-RECONTACT",
    "NAGR": "NPOA",
    "NPNCU": "NPUNCU",
    "NPU-NCU": "NPUNCU",
}
"""Other short names in use."""

REPLACED: dict[str, tuple[str, ...]] = {
    DUO + "0000005": ("GRU", "CC"),
    "GRU-CC": ("GRU", "CC"),
}
"""Obsolete terms that live on as others."""

FG_SPELLING = re.compile(
    r"(?:https?://w3id\.org/fair-genomes/resource/|fair-?genomes:|obo:)?FG[_:](\d{7})/?",
    re.IGNORECASE | re.ASCII,
)
DUO_TWICE = re.compile(r"duo:DUO_", re.IGNORECASE)
DUO_SHORT = re.compile(r"(?:obo:)?duo[:_]\s?(?=[a-z])", re.IGNORECASE)
"""Before a short name, as in `DUO:HMB`; numbers are read as codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One clause of a consent as it was recorded.

    `source` says where it was read, such as `odrl:hasPolicy`; `text` is the steward's own
    wording. What was only inferred from free text is not `counted`: it is shown, and never
    decides.
    """

    code: str
    parameters: tuple[str, ...] = ()
    source: str = ""
    text: str = ""
    counted: bool = True

    @classmethod
    def of(
        cls, condition: Condition, source: str = "gc:consentStratum", *, counted: bool = True
    ) -> Statement:
        """The statement that a condition of a dataset makes."""
        return cls(
            code=condition.term,
            parameters=condition.parameters,
            source=condition.source or source,
            text=condition.text or "",
            counted=counted,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A statement under the name that the rules use; unknown terms keep their own spelling."""

    name: str
    statement: Statement

    @property
    def parameters(self) -> tuple[str, ...]:
        """What it applies to, without blanks, each once and in a fixed order."""
        return tuple(sorted({each.strip() for each in self.statement.parameters} - {""}))

    @property
    def iri(self) -> Iri:
        """The IRI that we publish the term under."""
        return IRIS.get(self.name, Iri(self.name))


@lru_cache(maxsize=4096)
def names(code: str) -> tuple[str, ...]:
    """The rule names for a term in any spelling.

    >>> names("http://purl.obolibrary.org/obo/DUO_00000044"), names("duo:0000005")
    (('NPOA',), ('GRU', 'CC'))
    >>> names("DUO:9999999")
    ('http://purl.obolibrary.org/obo/DUO_9999999',)
    """
    iri = iri_of(code)
    short = DUO_SHORT.sub("", iri).upper().replace("_", "-")
    short = SPELLINGS.get(short, short)
    if iri in REPLACED or short in REPLACED:
        return REPLACED.get(iri) or REPLACED[short]
    found = NAMES.get(iri) or (short if short in IRIS else None)
    return (found,) if found else joined(short) or (iri,)


def joined(short: str) -> tuple[str, ...]:
    """The names in `HMB-IRB-NPU`, the way consent groups are written; empty for other text.

    >>> joined("HMB-IRB-NPU"), joined("HMB-MDS")
    (('HMB', 'IRB', 'NPU'), ())
    """
    parts = tuple(SPELLINGS.get(each, each) for each in short.split("-"))
    return parts if len(parts) > 1 and all(each in DUO_NUMBERS for each in parts) else ()


def iri_of(code: str) -> Iri:
    """The IRI in our canonical form, or the text itself."""
    text = code.strip().removeprefix("<").removesuffix(">").strip()
    found = FG_SPELLING.fullmatch(text)
    if found:
        return Iri(FAIR_GENOMES + found[1])
    return canonical(DUO_TWICE.sub("DUO_", text))


def clauses(statement: Statement) -> tuple[Clause, ...]:
    """The clause that a statement makes; two for GRU-CC."""
    return tuple(Clause(name=name, statement=statement) for name in names(statement.code))
