"""What may become of a description, and what is said when it may not.

A draft is seen by its own organisation only. Publishing makes it public; a public description
that becomes a draft again leaves a tombstone until it is published once more. What was deleted
does not come back.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.errors import CatalogueError
from catalogue.register.submitted import Phase
from catalogue.validation.report import Report

NAMES = {"PUBLISHED": Phase.PUBLISHED, "DRAFT": Phase.DRAFT, "WITHDRAWN": Phase.DRAFT}
"""The states as a client of a FAIR Data Point names them."""


class NotAllowed(CatalogueError):
    """Another organisation answers for this description."""


class Conflict(CatalogueError):
    """It cannot be done as things stand now."""


class Stale(CatalogueError):
    """The description is not any more what the client has seen."""


class TooLarge(CatalogueError):
    """Longer, deeper or more than is read here; the message names the limit."""


class Invalid(CatalogueError):
    """Below the minimum to be published; `reports` say what is missing."""

    def __init__(self, message: str, reports: Sequence[Report]) -> None:
        super().__init__(message)
        self.reports = tuple(reports)


def name_of(phase: Phase) -> str:
    """A state as a client of a FAIR Data Point knows it.

    >>> name_of(Phase.DRAFT)
    'DRAFT'
    """
    return phase.value.upper()
