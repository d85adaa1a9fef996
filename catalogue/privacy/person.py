"""Recognise text about a person, which never belongs in a description of a dataset.

Only what can be recognised without guessing blocks a record: a Dutch citizen service number
(BSN), nine digits that pass the eleven-test, standing free in running text. Codes that look
the same (SNOMED CT, ORPHA) stand behind a prefix, in an address, or beside their name.
"""

from __future__ import annotations

import re

NINE_DIGITS = re.compile(
    r"(?<!\d)(?<!\d[.,])(\d{9}|\d{3}[. -]\d{3}[. -]\d{3}|\d{4}[. -]\d{2}[. -]\d{3})(?!\d|[.,]\d)"
)
NAMED = re.compile(
    r"(bsn|burgerservicenummer|sofinummer|citizen service number)\W*$", re.IGNORECASE
)
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
        is_bsn(re.sub(r"\D", "", match.group())) and not _is_code(text, match.start(), match.end())
        for match in NINE_DIGITS.finditer(text)
    )


def names_bsn(text: str) -> bool:
    """Whether a text, also one that holds codes, has a valid number right after the word BSN."""
    return any(
        is_bsn(re.sub(r"\D", "", match.group())) and bool(NAMED.search(text[: match.start()]))
        for match in NINE_DIGITS.finditer(text)
    )


def _is_code(text: str, start: int, end: int) -> bool:
    """Whether the number is named as a code, or is part of a web address."""
    if CODE_NAMES.search(text[:start]):
        return True
    word = re.split(r"\s", text[:start])[-1] + text[start:end]
    return "://" in word and not NAMED.search(text[:start])
