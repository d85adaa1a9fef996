"""How a purpose is compared with a consent: the rule table, made from the rules themselves."""

from __future__ import annotations

from flask import render_template

from catalogue.consent.rules import NOT_A_PERMISSION, OWN_WORDS, VERSION
from catalogue.web.parts import reader, services
from catalogue.web.present import consent_rules


def show() -> str:
    """Every rule, every choice and the caveats."""
    here, policy = reader(), services().policy
    return render_template(
        "consent_rules.html",
        permissions=consent_rules.permissions(here, policy),
        rules=consent_rules.rules(here, policy),
        choices=consent_rules.choices(here, policy),
        version=VERSION,
        caveats=[each.value(here.language) for each in (NOT_A_PERMISSION, OWN_WORDS)],
    )
