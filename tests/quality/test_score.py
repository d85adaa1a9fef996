"""What a score is, and how it is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from given import a_graph, named
from quality.described import CLOSED, OPEN, controlled

from catalogue.quality import controlled as ours
from catalogue.quality import mqa as european
from catalogue.quality.score import (
    DIMENSIONS,
    MQA,
    RATINGS,
    SCHEMES,
    THRESHOLDS,
    Criterion,
    Rating,
    Rule,
    Score,
    rating,
)

ALL_RULES: tuple[Rule[Any], ...] = (*european.DATASET, *european.DISTRIBUTION, *ours.RULES)
SAME = {"nl": "x", "en": "x"}


def a_criterion(key: str = "k", of: int = 10, met: bool | None = False) -> Criterion:
    return Criterion(key=key, dimension="coverage", of=of, met=met, label=SAME, fix=SAME)


def a_score(*criteria: Criterion) -> Score:
    return Score(scheme=MQA, criteria=criteria)


def test_the_fix_worth_most_comes_first() -> None:
    score = a_score(a_criterion("a", 5), a_criterion("b", 20), a_criterion("c", 5))
    assert [c.key for c in score.fixes()] == ["b", "a", "c"]


def test_what_is_met_or_unchecked_is_no_fix() -> None:
    assert a_score(a_criterion(met=True), a_criterion(met=None)).fixes() == ()


def test_an_unchecked_criterion_earns_nothing_yet() -> None:
    score = a_score(a_criterion(met=None), a_criterion(met=True))
    assert (score.points, score.at_most, score.of) == (10, 20, 20)


@pytest.mark.parametrize(
    ("points", "group"),
    [
        (405, "excellent"),
        (351, "excellent"),
        (350, "good"),
        (221, "good"),
        (220, "sufficient"),
        (121, "sufficient"),
        (120, "bad"),
        (0, "bad"),
    ],
)
def test_the_ratings_are_those_of_the_european_portal(points: int, group: str) -> None:
    assert rating(MQA, points) == group


def test_a_hundred_percent_means_every_point() -> None:
    assert a_score(a_criterion(of=404, met=True), a_criterion(of=1)).percentage == 99


@pytest.mark.parametrize(
    "score",
    [
        controlled(CLOSED, reports=()),
        european.mqa(a_graph(OPEN), named("d"), shacl_conforms=None),
    ],
    ids=["controlled-access", "mqa"],
)
def test_a_score_survives_being_kept_as_json(score: Score) -> None:
    assert Score.from_json(json.loads(json.dumps(score.to_json()))) == score


def test_points_that_somebody_changed_in_json_are_counted_again() -> None:
    kept = a_score(a_criterion(met=False)).to_json()
    kept["points"] = kept["criteria"][0]["points"] = 405
    assert Score.from_json(kept).points == 0


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.key)
def test_every_criterion_speaks_both_languages(rule) -> None:  # type: ignore[no-untyped-def]
    texts = (rule.nl, rule.en, rule.fix_nl, rule.fix_en)
    assert all(text.strip() for text in texts)
    assert rule.fix_nl.endswith(".")
    assert rule.fix_en.endswith(".")
    assert rule.fix_nl != rule.fix_en


@pytest.mark.parametrize("words", [*SCHEMES.values(), *DIMENSIONS.values(), *RATINGS.values()])
def test_every_name_speaks_both_languages(words: dict[str, str]) -> None:
    assert set(words) == {"nl", "en"}
    assert all(words.values())


def test_every_dimension_and_scheme_has_a_name() -> None:
    assert {rule.dimension for rule in ALL_RULES} == set(DIMENSIONS)
    assert set(SCHEMES) == set(THRESHOLDS)
    assert set(RATINGS) == set(Rating)
