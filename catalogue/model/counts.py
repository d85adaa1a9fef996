"""Numbers of people, as they were stated and as they may be shown.

A count is one of three things: stated exactly (inside the register only), rounded, or
"fewer than ten". A count that nobody stated is `None`, never a `Count`, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """`value` people, or when `below` is set: fewer than `below`, and we do not say how many.

    >>> Count(value=83).lowest, Count(below=10).lowest
    (83, 0)
    """

    value: int | None = None
    below: int | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.below is None):
            raise ValueError("a count is either a value or an upper bound")

    @property
    def lowest(self) -> int:
        """The least number that this count can mean; used to sort and to sum lower bounds."""
        return self.value if self.value is not None else 0

    @property
    def highest(self) -> int:
        """The greatest number that this count can mean; used to sum upper bounds."""
        return self.value if self.value is not None else (self.below or 1) - 1
