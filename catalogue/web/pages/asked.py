"""The purpose in the address of a page, and the disease that was typed into its form."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from catalogue.consent.purpose import Purpose
from catalogue.web.parts import reader
from catalogue.web.present.purpose import STUDY, with_study


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose as it stands in the address.

    `typed` is a disease that was typed and not recognised. When the form was sent, the page
    has a shorter address (`moved`) in which every answer is in its canonical form.
    """

    purpose: Purpose
    typed: str = ""
    moved: bool = False


def asked() -> Asked:
    """What the address says. Raises `BadRequest` naming the parameter."""
    purpose = Purpose.from_args(request.args.items(multi=True))
    typed = request.args.get(STUDY)
    if typed is None:
        return Asked(purpose)
    whole = with_study(reader(), purpose, typed)
    return Asked(purpose, typed) if whole is None else Asked(whole, moved=True)
