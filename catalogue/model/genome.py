"""What the official profiles cannot say yet: assays, consent strata, linkage.

Each is a node of our extension vocabulary (`/ns`). Every attribute may be `None`, which
means that the holder did not say, and is shown as "not stated".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalogue.model.counts import Count
from catalogue.model.text import LangText
from catalogue.namespaces import Iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`dct:PeriodOfTime`; either end may be open. ISO 8601 text, as precise as was stated."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayGroup:
    """`gc:AssayGroup`: the people or records of one dataset that share one assay.

    `coverage` is the mean depth in fold (30 means 30×).
    """

    assay: Iri | None = None
    individuals: Count | None = None
    records: Count | None = None
    reference_genome: Iri | None = None
    coverage: float | None = None
    tissue: Iri | None = None
    data_levels: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`gc:DataUseCondition`: a DUO term with what it applies to (disease, region, months…).

    `source` is the property where it was stated, when that was not a consent stratum of ours;
    `text` is the steward's own wording.
    """

    term: Iri
    parameters: tuple[str, ...] = ()
    source: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStratum:
    """`gc:ConsentStratum`: the people of one dataset who consented to the same conditions.

    `inferred` are conditions that somebody's words seem to say: shown, and never counted.
    """

    label: LangText = LangText()
    conditions: tuple[Condition, ...] = ()
    individuals: Count | None = None
    model: Iri | None = None
    period: Period | None = None
    inferred: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """`gc:Linkage`: what can be joined to the data, how, by whom, and for how many.

    `completeness` is the percentage (0 to 100) of individuals that can be linked.
    """

    target: Iri | None = None
    status: Iri | None = None
    method: Iri | None = None
    linked_by: Iri | None = None
    analysed_in: Iri | None = None
    completeness: float | None = None
    checked: date | None = None
