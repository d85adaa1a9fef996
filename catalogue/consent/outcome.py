"""How one clause answers, and how a dataset's answer is called.

The worst reason decides: not permitted, then undetermined, then permitted with conditions,
then permitted. A note never decides anything. That nobody recorded a consent is a verdict of
its own: silence is neither permission nor refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum

from catalogue.model.text import LangText, Text


def both(nl: str, en: str) -> LangText:
    """A sentence in our two languages; in a template, names in braces are filled in later."""
    return LangText((Text(nl, "nl"), Text(en, "en")))


def filled(template: LangText, values: Mapping[str, Mapping[str, str]]) -> LangText:
    """The template with its names in braces replaced, in each language."""
    return LangText(
        tuple(
            Text(each.value.format_map(values[each.language]), each.language)
            for each in template.texts
        )
    )


class Outcome(IntEnum):
    """What one clause does to the answer, from best to worst."""

    NOTE = 0
    PERMITTED = 1
    CONDITION = 2
    UNDETERMINED = 3
    PROHIBITED = 4


class Verdict(Enum):
    """The five answers that people see; the value names it in addresses and facets."""

    FITS = "fits"
    DUTIES = "duties"
    COMMITTEE = "committee"
    NOT_STATED = "not-stated"
    DOES_NOT_FIT = "does-not-fit"

    @property
    def rank(self) -> int:
        """0 is best; that nothing is stated ranks with what a committee must judge."""
        return RANKS[self]

    @property
    def words(self) -> str:
        """The four words of case files, in which both kinds of "unclear" are one."""
        return WORDS[self]

    def label(self, language: str) -> str:
        """What a reader of `language` sees."""
        return LABELS[self].value(language)


RANKS = {
    Verdict.FITS: 0,
    Verdict.DUTIES: 1,
    Verdict.COMMITTEE: 2,
    Verdict.NOT_STATED: 2,
    Verdict.DOES_NOT_FIT: 3,
}

WORDS = {
    Verdict.FITS: "permitted",
    Verdict.DUTIES: "permitted-with-conditions",
    Verdict.COMMITTEE: "undetermined",
    Verdict.NOT_STATED: "undetermined",
    Verdict.DOES_NOT_FIT: "not permitted",
}

LABELS = {
    Verdict.FITS: both("past", "fits"),
    Verdict.DUTIES: both("past, met plichten", "fits, with duties"),
    Verdict.COMMITTEE: both("commissie moet oordelen", "committee must judge"),
    Verdict.NOT_STATED: both("toestemming niet vermeld", "consent not stated"),
    Verdict.DOES_NOT_FIT: both("past niet", "does not fit"),
}

VERDICTS = {
    Outcome.NOTE: Verdict.COMMITTEE,
    Outcome.PERMITTED: Verdict.FITS,
    Outcome.CONDITION: Verdict.DUTIES,
    Outcome.UNDETERMINED: Verdict.COMMITTEE,
    Outcome.PROHIBITED: Verdict.DOES_NOT_FIT,
}
"""The verdict when this is the worst outcome; notes alone leave it to the committee."""
