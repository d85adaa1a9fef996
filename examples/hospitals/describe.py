"""What the generator knows about one invented dataset, before anybody writes it as RDF.

This is the truth that tests compare the catalogue with. `None` and empty mean that the
hospital does not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

UNKNOWN_CODE = "DUO_0009999"

DUO = {
    "NRES": "0000004", "GRU": "0000042", "HMB": "0000006", "DS": "0000007", "POA": "0000011",
    "RS": "0000012", "NMDS": "0000015", "GSO": "0000016", "NPUNCU": "0000018",
    "PUB": "0000019", "COL": "0000020", "IRB": "0000021", "GS": "0000022", "MOR": "0000024",
    "TS": "0000025", "US": "0000026", "PS": "0000027", "IS": "0000028", "RTN": "0000029",
    "CC": "0000043", "NPOA": "0000044", "NPU": "0000045", "NCU": "0000046",
}  # fmt: skip
"""The short name of each data use term and its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayGroup:
    """The people of a dataset who share one assay. `assay` and the rest are slugs."""

    assay: str
    individuals: int | None = None
    records: int | None = None
    genome: str = ""
    coverage: str = ""
    tissue: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: a DUO short name or our slug (`linkage-allowed`), and its IRI as written."""

    code: str
    term: str
    parameters: tuple[str, ...] = ()  # Turtle terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """The people who agreed to the same conditions."""

    title: dict[str, str] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    individuals: int | None = None
    model: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """What the data can be joined with; every value but the percentage is a slug."""

    target: str
    status: str = ""
    method: str = ""
    linked_by: str = ""
    analysed_in: str = ""
    completeness: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How the data can be asked for: an EU access right, slugs, and weeks to an answer."""

    rights: str = ""
    accessibility: str = ""
    routes: tuple[str, ...] = ()
    weeks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One distribution: a form in which the data exist."""

    name: str
    title: str
    format: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One invented dataset."""

    host: str
    id: str
    catalog: str
    title: dict[str, str]  # language → text; "" is an untagged text
    description: dict[str, str]
    keywords: dict[str, tuple[str, ...]]
    diseases: tuple[str, ...]
    encoding: str
    assay_form: str  # "groups", "short", "code" or "unstated"
    groups: tuple[AssayGroup, ...]
    individuals: int | None
    records: int | None
    strata: tuple[Stratum, ...]
    linkages: tuple[Linkage, ...]
    access: Access
    one_mg: str
    start: int
    end: int
    issued: str
    modified: str
    ages: tuple[int, int] | None
    forms: tuple[Form, ...]
    quirk: str
    draft: bool = False

    @property
    def iri(self) -> str:
        """How the hospital calls the dataset."""
        return f"http://{self.host}/dataset/{self.id}"

    @property
    def assays(self) -> frozenset[str]:
        """The assays that are stated; none when the hospital leaves them out."""
        stated = () if self.assay_form == "unstated" else self.groups
        return frozenset(group.assay for group in stated)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of every stratum together."""
        return frozenset(c.code for stratum in self.strata for c in stratum.conditions)
