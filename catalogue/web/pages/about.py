"""What the catalogue is, how it treats numbers and consent, and who can use it."""

from __future__ import annotations

from flask import render_template

from catalogue.web.parts import reader, services
from catalogue.web.present.consent import consent_terms


def site() -> str:
    """What this is, for whom, and what it is not."""
    return render_template("about.html", totals=services().register.totals())


def numbers() -> str:
    """How numbers of people are protected."""
    return render_template("about_numbers.html")


def consent() -> str:
    """How recorded consent is read, with every code in words."""
    return render_template("about_consent.html", terms=consent_terms(reader()))


def accessibility() -> str:
    """What was done and tested for accessibility, and what was not."""
    return render_template("accessibility.html")
