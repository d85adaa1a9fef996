"""Make letters comparable: what a visitor types and what a label says, in one form.

Accents, case, hyphens and punctuation disappear, so "Beçhet-ziekte" and "bechet ziekte"
are the same words. Only for comparing; what people see is never folded.
"""

from __future__ import annotations

import re
import unicodedata

NOT_A_LETTER = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case words without accents, joined by one space.

    >>> fold("  Ziekte van Ménière ")
    'ziekte van meniere'
    >>> fold("ORPHA:227535")
    'orpha 227535'
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return NOT_A_LETTER.sub(" ", bare).strip()
