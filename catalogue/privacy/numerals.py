"""Recognise a text that is nothing but a small number, however it is written.

A count of people can stand in a graph as `7`, `7e0`, `"+07.0"`, `"~7"`, `"n = 7"`, `"seven"`, or
in the digits of another script. What has a unit or a name (`30x`, `7%`, `€ 7`, `v7`, `chr7`,
`3'`), several numbers (`7.1.2`, `07:00`, `--07`) or other words with it is something else.
"""

from __future__ import annotations

import re
import unicodedata

from catalogue.privacy.counts import THRESHOLD

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DUTCH = ("nul", "een", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
NUMBER_WORDS = frozenset((*ENGLISH, *DUTCH))
"""The numbers below ten in words."""
NAMES = "n|count|number|total|size|sample size|aantal|totaal|omvang|steekproefgrootte"
"""What a number of people is called: "n = 7"."""
HEDGES = (
    "circa|ca|approx|approximately|about|around|roughly|some|nearly|almost|over|under|only|just"
    "|exactly|precisely|up to|more than|less than|fewer than|at least|at most|no more than"
    "|no less than|no fewer than|minimum|maximum|min|max|ongeveer|plm|ruim|bijna|rond|precies"
    "|exact|slechts|tot|meer dan|minder dan|minstens|ten minste|hoogstens|ten hoogste"
    "|niet meer dan|niet minder dan|minimaal|maximaal"
)
"""What may stand before a number: how certain it is."""
RESTS = "or more|or fewer|or less|in total|total|of meer|of minder|in totaal|totaal|stuks"
"""What may stand after a number without saying of what."""

_MARKS = r"""(?:[^\w%‰‱°×′″'"’”$€£¥.,+\-/:]|_)*+"""
_NUMBER = (
    r"(?P<coded>0[xX][0-9a-fA-F]++|0[oO][0-7]++|0[bB][01]++)"
    r"|(?P<over>[0-9]++)\s*+/\s*+(?P<under>[0-9]++)"
    r"|(?P<plain>(?:[0-9]++(?:[.,][0-9]*+)?+|[.,][0-9]++)(?:[eE][+-]?[0-9]++)?+)"
    r"|(?P<word>[^\W\d_]++)"
)
_ALONE = re.compile(
    rf"{_MARKS}(?:(?:{NAMES})\s*+[=:]{_MARKS})?+(?:(?:{HEDGES})(?:\.\s*+|\s++){_MARKS}){{0,2}}+"
    rf"[+\-]?+\s*+(?:{_NUMBER})(?:\s*+(?:{RESTS}))?+{_MARKS}[.,;:]?+{_MARKS}",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""\s*+["'‘’“”](.*)["'‘’“”]\s*""", re.DOTALL)
_SIGNS = str.maketrans({"⁄": "/", "∕": "/", "−": "-", "٫": ".", "·": "."})
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_UNSEEN = frozenset({"Cf", "Mn", "Me"})


def is_small(text: str) -> bool:
    """Whether a text is nothing but a number below ten, however it is written.

    >>> is_small("7.0E0"), is_small("n = 7"), is_small("⑦"), is_small("12"), is_small("30x")
    (True, True, True, False, False)
    """
    written = plain(text)
    inside = _QUOTED.fullmatch(written)
    found = _ALONE.fullmatch(inside[1] if inside else written)
    return found is not None and _is_small(found)


def plain(text: str) -> str:
    """The text in common digits and signs, without what nobody sees.

    >>> plain("٧"), plain("７ patients"), plain("Ⅶ"), plain("7\N{ZERO WIDTH SPACE}")
    ('7', '7 patients', '7', '7')
    """
    signs = _FOREIGN.sub(_plain_sign, text)
    return unicodedata.normalize("NFKC", signs).translate(_SIGNS)


def _plain_sign(found: re.Match[str]) -> str:
    if unicodedata.category(found[0]) in _UNSEEN:
        return ""
    value = unicodedata.numeric(found[0], -1)
    return str(int(value)) if value in range(10) else found[0]


def _is_small(found: re.Match[str]) -> bool:
    """Whether what was found is below ten; of a fraction, the part or the whole."""
    if found["word"]:
        return found["word"].lower() in NUMBER_WORDS
    if found["coded"]:
        return int(found["coded"], 0) < THRESHOLD
    if found["over"]:
        return _is_small_share(float(found["over"]), float(found["under"]))
    return float(found["plain"].replace(",", ".")) < THRESHOLD


def _is_small_share(over: float, under: float) -> bool:
    if over < THRESHOLD or not under:
        return over < THRESHOLD
    return (over / under).is_integer() and over / under < THRESHOLD
