"""A token: `gcat_`, ten characters that name it, and a secret of forty.

The name is no secret and finds the token; of the whole only a SHA-256 digest is ever kept. The
secret has 200 random bits, so that a slow digest would add nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

PREFIX = "gcat_"
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
NAME_LENGTH, SECRET_LENGTH = 10, 40
FORM = re.compile(rf"{PREFIX}([a-z2-7]{{{NAME_LENGTH}}})_[a-z2-7]{{{SECRET_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is written; `text` is shown once and never printed by accident."""

    id: str
    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """What is kept of it."""
        return digest(self.text)


def new_token() -> Token:
    """A token that nobody has."""
    name = _random(NAME_LENGTH)
    return Token(name, f"{PREFIX}{name}_{_random(SECRET_LENGTH)}")


def read_token(text: str) -> Token | None:
    """The token in `text`, or `None` when it cannot be one.

    >>> read_token("gcat_" + 10 * "a" + "_" + 40 * "b").id
    'aaaaaaaaaa'
    >>> read_token("gcat_short") is None
    True
    """
    found = FORM.fullmatch(text)
    return Token(found[1], text) if found else None


def digest(text: str) -> str:
    """What is kept of a secret: 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
