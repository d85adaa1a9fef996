"""What the operator chose reaches everything that judges consent."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.cli.parts import services
from catalogue.consent.outcome import Outcome
from catalogue.errors import SettingsError
from catalogue.settings import Settings


def test_the_choices_of_the_operator_reach_the_pages_and_the_index(tmp_path: Path) -> None:
    chosen = ("methods_in_health=not-permitted",)
    parts = services(Settings(data=tmp_path, consent_policy=chosen))
    try:
        assert parts.policy.methods_in_health is Outcome.PROHIBITED
        assert parts.search.index.anew().policy == parts.policy  # type: ignore[attr-defined]
    finally:
        parts.register.close()  # type: ignore[attr-defined]


def test_a_catalogue_does_not_start_with_a_choice_that_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="methods_in_halth"):
        services(Settings(data=tmp_path, consent_policy=("methods_in_halth=permitted",)))
