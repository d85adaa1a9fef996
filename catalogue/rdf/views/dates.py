"""Dates as moments, for profiles that know no days.

Health-RI accepts only a date with a time and a zone. A stated day becomes midnight UTC of that
day, and a note says that the hour is ours. A month or a year has no day, and a time without
a zone may be any of 26 hours: those stay as they are.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, XSD
from catalogue.rdf import values
from catalogue.rdf.graph import Graph
from catalogue.rdf.views.change import Adaptation, Adapted, note, swapped
from catalogue.rdf.views.note import ViewNote

MOMENTS = frozenset({DCT + "issued", DCT + "modified", DCAT + "startDate", DCAT + "endDate"})
"""The dates that profiles want as `xsd:dateTime`."""

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00(?:\.0+)?)?(Z|[+-]\d{2}:\d{2})?")
_ZONED = re.compile(r".*T.*(?:Z|[+-]\d{2}:\d{2})")
Read = tuple[ox.Literal | None, str]
"""The literal to put in place, if any, and the name of the remark, if any."""


def as_moments(*, zoned: bool) -> Adaptation:
    """Days become `xsd:dateTime`; `zoned` when the profile also refuses a time without zone."""

    def adapt(graph: Graph, _subject: ox.NamedNode) -> Adapted:
        notes: list[ViewNote] = []
        gone: dict[ox.Triple, ox.Triple] = {}
        for triple in graph:
            new, remark = _moment(triple, zoned)
            if remark:
                notes.append(note(remark, triple))
            if new is not None:
                gone[triple] = ox.Triple(triple.subject, triple.predicate, new)
        return swapped(graph, gone, gone.values()), tuple(notes)

    return adapt


def unread(graph: Graph, _subject: ox.NamedNode) -> Adapted:
    """Say which dates are no dates; they stay as they were written."""
    literals = (t for t in graph if t.predicate.value in MOMENTS)
    wrong = (
        t
        for t in literals
        if not isinstance(t.object, ox.Literal) or not values.is_valid_date(t.object)
    )
    return graph, tuple(note("no-date", t) for t in wrong)


def _moment(triple: ox.Triple, zoned: bool) -> Read:
    literal = triple.object
    if triple.predicate.value not in MOMENTS or not isinstance(literal, ox.Literal):
        return None, ""
    if not values.is_valid_date(literal):
        return None, ""
    kind = literal.datatype.value.removeprefix(XSD)
    return _READ[kind](literal, zoned)


def _day(literal: ox.Literal, _zoned: bool) -> Read:
    found = _DAY.fullmatch(literal.value)
    return (_midnight(found), "day-as-moment") if found else (None, "day-not-stated")


def _date_time(literal: ox.Literal, zoned: bool) -> Read:
    """A time without a zone; midnight exactly is what software makes of a day."""
    if not zoned or _ZONED.fullmatch(literal.value):
        return None, ""
    found = _DAY.fullmatch(literal.value)
    return (_midnight(found), "day-as-moment") if found else (None, "zone-not-stated")


def _too_vague(_literal: ox.Literal, _zoned: bool) -> Read:
    return None, "day-not-stated"


_READ = {"date": _day, "dateTime": _date_time, "gYear": _too_vague, "gYearMonth": _too_vague}


def _midnight(found: re.Match[str]) -> ox.Literal:
    written = f"{found[1]}T00:00:00{found[2] or 'Z'}"
    return ox.Literal(written, datatype=ox.NamedNode(XSD + "dateTime"))
