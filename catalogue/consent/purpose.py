"""What a study intends, and the same thing as parameters of an address.

Every question may stay unanswered: `None` is neither yes nor no. A purpose without any answer
is empty, and an empty purpose gets no verdict. Parameters that are not ours are left alone; a
value that cannot be understood is refused by the name of its parameter, as in a search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from catalogue.errors import BadRequest
from catalogue.namespaces import DUO
from catalogue.terms.alias import canonical, curie

LONGEST = 200
MOST_AIMS = 20
MOST_MONTHS = 1200


class Aim(Enum):
    """What research is for. `GENERAL` is research outside health; `CARE` is no research."""

    GENERAL = "general"
    HEALTH = "health"
    DISEASE = "disease"
    ANCESTRY = "ancestry"
    METHODS = "methods"
    CONTROLS = "controls"
    CARE = "clinical"


AIM_SPELLINGS = {
    **{aim.value: aim for aim in Aim},
    "gru": Aim.GENERAL,
    "hmb": Aim.HEALTH,
    "ds": Aim.DISEASE,
    "poa": Aim.ANCESTRY,
    "care": Aim.CARE,
    "mds": Aim.METHODS,
    DUO + "0000031": Aim.METHODS,
    DUO + "0000033": Aim.ANCESTRY,
    DUO + "0000036": Aim.CONTROLS,
    DUO + "0000037": Aim.HEALTH,
}
"""Other words for an aim, among them DUO's own terms for kinds of research."""


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """One aim of a study; `disease` is its code where the aim is a disease, else empty."""

    name: str
    disease: str = ""

    @property
    def aim(self) -> Aim:
        """The kind of aim."""
        return Aim(self.name)

    @classmethod
    def read(cls, text: str) -> Goal:
        """`health`, or `disease:MONDO:0005105` with the code in any spelling."""
        whole = AIM_SPELLINGS.get(canonical(text))
        if whole:
            return cls(whole.value)
        name, _, rest = text.partition(":")
        aim = AIM_SPELLINGS.get(name.strip().lower())
        if aim is None or (rest and aim is not Aim.DISEASE):
            raise ValueError("is not an aim that we know")
        return cls(aim.value, curie(canonical(rest)) if rest.strip() else "")

    def __str__(self) -> str:
        return f"{self.name}:{self.disease}" if self.disease else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a study intends; each attribute is `None` or empty when it was not answered.

    `nonprofit` is about the organisation, `commercial` about the use. `months` is how long the
    data would be used, `topics` the kinds of research as IRIs (EDAM topics, for instance).
    """

    goals: tuple[Goal, ...] = ()
    nonprofit: bool | None = None
    commercial: bool | None = None
    country: str | None = None
    institution: str | None = None
    ethics: bool | None = None
    collaborates: bool | None = None
    publishes: bool | None = None
    publication_date: date | None = None
    returns: bool | None = None
    genetic: bool | None = None
    linkage: bool | None = None
    recontact: bool | None = None
    months: int | None = None
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "goals", tuple(sorted(set(self.goals))))
        object.__setattr__(self, "topics", tuple(sorted(set(self.topics))))

    @property
    def empty(self) -> bool:
        """Whether nothing at all was answered."""
        return self == Purpose()

    def aims(self) -> frozenset[Aim]:
        """The kinds of aim."""
        return frozenset(goal.aim for goal in self.goals)

    def diseases(self) -> tuple[str, ...]:
        """The diseases that the study names."""
        return tuple(goal.disease for goal in self.goals if goal.disease)

    @classmethod
    def from_args(cls, args: Iterable[tuple[str, str]]) -> Purpose:
        """Read the parameters of an address: `from_args(request.args.items(multi=True))`.

        One question has one answer: two that differ raise `BadRequest`, like one that cannot
        be read.

        >>> args = [("purpose", "DS:MONDO_0005148"), ("org", "nonprofit"), ("q", "x")]
        >>> Purpose.from_args(args).to_args()
        [('purpose', 'disease:MONDO:0005148'), ('org', 'nonprofit')]
        """
        given: dict[str, list[str]] = {}
        for name, value in args:
            if value.strip():
                given.setdefault(name, []).append(value.strip())
        return cls(
            **{
                row.name: row.read_all(given[row.parameter])
                for row in ROWS
                if row.parameter in given
            }
        )

    def to_args(self) -> list[tuple[str, str]]:
        """The parameters of the address; `from_args` reads them back."""
        return [pair for row in ROWS for pair in row.write_all(getattr(self, row.name))]


@dataclass(frozen=True, slots=True)
class Row:
    """How one attribute travels: its parameter, and reading and writing one value."""

    name: str
    parameter: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    many: bool = False

    def read_all(self, texts: list[str]) -> Any:
        """The attribute from the values of its parameter; raises `BadRequest`."""
        if self.many:
            if len(texts) > MOST_AIMS:
                raise BadRequest(f"{self.parameter}: at most {MOST_AIMS} values")
            return tuple(self._one(text) for text in texts)
        found = {self._one(text) for text in texts}
        if len(found) > 1:
            raise BadRequest(f"{self.parameter}: answered in two ways; one answer is needed")
        return found.pop()

    def write_all(self, value: Any) -> list[tuple[str, str]]:
        """Its parameters; none when it was not answered."""
        if value is None:
            return []
        values = value if self.many else (value,)
        return [(self.parameter, self.write(each)) for each in values]

    def _one(self, text: str) -> Any:
        if len(text) > LONGEST or not text.isprintable():
            raise BadRequest(f"{self.parameter}: printable, and at most {LONGEST} characters")
        try:
            return self.read(text)
        except ValueError as error:
            raise BadRequest(f"{self.parameter}: {text[:40]!r} {error}") from error


YES_AND_NO = {"true": True, "1": True, "ja": True, "false": False, "0": False, "nee": False}
"""Other ways to say yes and no."""


def _choice(yes: str, no: str) -> tuple[Callable[[str], bool], Callable[[Any], str]]:
    said = {yes: True, no: False}
    spellings = said | (YES_AND_NO if yes == "yes" else {})

    def read(text: str) -> bool:
        answer = spellings.get(text.lower().replace("-", "").replace("notfor", "non"))
        if answer is None:
            raise ValueError(f"is neither {yes} nor {no}")
        return answer

    return read, lambda value: yes if value else no


def _months(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) > MOST_MONTHS:
        raise ValueError(f"is not a number of months up to {MOST_MONTHS}")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("is not a date such as 2030-01-31") from error


def _country(text: str) -> str:
    return text.upper()


YES_NO = _choice("yes", "no")

ROWS: tuple[Row, ...] = (
    Row("goals", "purpose", Goal.read, many=True),
    Row("nonprofit", "org", *_choice("nonprofit", "forprofit")),
    Row("commercial", "use", *_choice("commercial", "noncommercial")),
    Row("country", "country", _country),
    Row("institution", "institution", str),
    Row("ethics", "ethics", *YES_NO),
    Row("collaborates", "collab", *YES_NO),
    Row("publishes", "publish", *YES_NO),
    Row("publication_date", "publish_date", _date),
    Row("returns", "return", *YES_NO),
    Row("genetic", "genetic", *YES_NO),
    Row("linkage", "link", *YES_NO),
    Row("recontact", "recontact", *YES_NO),
    Row("months", "months", _months),
    Row("topics", "topic", canonical, many=True),
)
"""THE table of questions: attribute and parameter; one row is one more question."""

PARAMETERS = tuple(row.parameter for row in ROWS)
"""Every parameter of an address that belongs to the purpose."""
