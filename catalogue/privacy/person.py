"""Recognise text about a person, which never belongs in a description of a dataset.

Only what can be recognised without guessing blocks a record: a Dutch citizen service number
(BSN), nine digits that pass the eleven-test, standing free in running text. Codes that look
the same (SNOMED CT, ORPHA) stand behind a prefix, in an address, or beside their name.
"""

from __future__ import annotations

import re

NINE_DIGITS = re.compile(r"(?<![\w:/#.,-])(\d{9}|\d{4}[. ]\d{2}[. ]\d{3})(?![\w/-]|[.,]\d)")
CODE_NAMES = re.compile(
    r"(snomed|sctid|sct|orpha|omim|icd|kvk|rsin|isbn|pmid|doi|nct)\W*$", re.IGNORECASE
)
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def is_bsn(digits: str) -> bool:
    """Nine digits, not all zero, whose weighted sum divides by eleven (the eleven-test).

    >>> is_bsn("111222333"), is_bsn("111222334")
    (True, False)
    """
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return total % 11 == 0 and digits != "000000000"


def holds_bsn(text: str) -> bool:
    """Whether running text contains a number that can only be read as a BSN."""
    return any(
        is_bsn(re.sub(r"\D", "", match.group())) and not CODE_NAMES.search(text[: match.start()])
        for match in NINE_DIGITS.finditer(text)
    )
