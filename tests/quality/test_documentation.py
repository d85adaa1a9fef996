"""The explanation for people lists the same criteria and points as the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from catalogue.quality.controlled import RULES
from catalogue.quality.mqa import DATASET, DISTRIBUTION
from catalogue.quality.score import Rule

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "quality-scores.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| ([a-z-]+) \| (\d+) \|", re.MULTILINE)


def test_the_explanation_lists_every_criterion_with_its_points() -> None:
    listed = [(key, part, int(points)) for key, part, points in ROW.findall(PAGE.read_text())]
    rules: tuple[Rule[Any], ...] = (*DATASET, *DISTRIBUTION, *RULES)
    assert sorted(listed) == sorted((rule.key, rule.dimension, rule.of) for rule in rules)
