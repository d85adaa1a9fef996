"""What to do about a record that a run did not publish, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalogue.ingest import advice as words
from catalogue.register.records import Outcome
from catalogue.web.language import language


def advice(outcome: Outcome, details: Mapping[str, Any]) -> str:
    """What to do, in words; empty when there is nothing to do."""
    return words.advice(outcome, details, language())
