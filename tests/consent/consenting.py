"""Consents, purposes and a small family of diseases for these tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalogue.consent.cases import statements
from catalogue.consent.disease import ListedDiseases
from catalogue.consent.match import Judgement, Matcher
from catalogue.consent.policy import Policy
from catalogue.consent.purpose import Goal, Purpose

TODAY = date(2027, 3, 1)

HEART, MUSCLE, DILATED = "MONDO:0005267", "MONDO:0004994", "MONDO:0005021"
KIDNEY, NOWHERE = "MONDO:0005240", "MONDO:0009999"

FAMILY = ListedDiseases.of(
    edges=[(MUSCLE, HEART), (DILATED, MUSCLE), (KIDNEY, "")],
    exact=[("ORPHA:217604", DILATED), ("ICD10:I42.0", "ORPHA:217604")],
)
"""Dilated cardiomyopathy is a cardiomyopathy is a heart disease; kidney disease is not."""


def a_purpose(*aims: str, **answers: Any) -> Purpose:
    """A study with these aims, such as `health` or `disease:MONDO:0005021`."""
    return Purpose(goals=tuple(Goal.read(each) for each in aims), **answers)


def judged(
    codes: str, purpose: Purpose, *, policy: Policy | None = None, diseases: Any = FAMILY
) -> Judgement:
    """The judgement; these tests give a purpose that is not empty."""
    matcher = Matcher(purpose, diseases, TODAY, policy or Policy())
    found = matcher.judge(statements(codes))
    assert found is not None
    return found
