"""Every consent code in plain words."""

from __future__ import annotations

from catalogue.terms.concept import NOT_STATED
from catalogue.web.present.card import Pill
from catalogue.web.present.reader import Reader, capital


def consent_terms(reader: Reader) -> tuple[Pill, ...]:
    """The terms of the data use scheme, in its order, without "not stated"."""
    return tuple(
        Pill(
            each.notation if each.notation.isupper() else "",
            capital(reader.label(each)),
            each.definition.value(reader.language),
            term=each.notation,
        )
        for each in reader.scheme("data-use").concepts
        if not each.notation.endswith(NOT_STATED)
    )
