"""Who stands where, what would help most, and what is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from given import a_graph, named
from quality.described import CLOSED, controlled

from catalogue.quality.league import gains, league, standing
from catalogue.quality.mqa import mqa
from catalogue.quality.yearly import Due, due, last_checked, overdue

FULL = controlled(CLOSED)
BARE = controlled("<d> a dcat:Dataset .")
TODAY = date(2026, 11, 22)


def test_the_best_mean_stands_first() -> None:
    rows = league({"b": [BARE, FULL], "a": [BARE], "c": [FULL]})
    assert [row.name for row in rows] == ["c", "b", "a"]


def test_a_group_without_scores_stands_last_without_a_mean() -> None:
    row = league({"none": [None, None], "bare": [BARE]})[-1]
    assert (row.name, row.mean, row.rating, row.unrated) == ("none", None, None, 2)


def test_a_group_without_datasets_has_no_mean() -> None:
    assert standing("empty", []).mean is None


def test_an_unrated_dataset_does_not_lower_the_mean() -> None:
    row = standing("a", [FULL, None])
    assert (row.mean, row.rated, row.unrated) == (100.0, 1, 1)


def test_the_fix_that_brings_all_datasets_together_most_comes_first() -> None:
    without_dates = controlled(
        CLOSED.replace("dct:issued", "dct:x").replace("dct:modified", "dct:x")
    )
    first = gains([without_dates] * 6 + [BARE])[0]
    assert (first.criterion.key, first.datasets, first.points) == ("dates", 7, 7)


def test_scores_of_two_schemes_are_never_averaged() -> None:
    european = mqa(a_graph(CLOSED), named("d"), shacl_conforms=True)
    with pytest.raises(ValueError, match="umc: scores of"):
        standing("umc", [FULL, european])


def test_a_standing_can_be_given_to_machines() -> None:
    row = standing("a", [BARE, None]).to_json()
    assert row["mean"] == 10.0
    assert row["fixes"][0] == {
        "key": "individuals",
        "label": {"nl": "Aantal personen", "en": "Number of individuals"},
        "fix": row["fixes"][0]["fix"],
        "datasets": 1,
        "points": 5,
    }


@pytest.mark.parametrize(("days", "late"), [(0, False), (365, False), (366, True)])
def test_a_description_is_due_after_a_year(days: int, late: bool) -> None:
    assert overdue(TODAY - timedelta(days=days), TODAY) is late


def test_a_description_that_nobody_dated_is_neither_due_nor_in_order() -> None:
    assert overdue(None, TODAY) is None


def test_a_check_in_the_future_did_not_happen() -> None:
    assert overdue(TODAY + timedelta(days=1), TODAY) is None


@pytest.mark.parametrize(
    ("turtle", "day"),
    [
        ('<d> dct:issued "2020-05-06"^^xsd:date .', date(2020, 5, 6)),
        ('<d> dct:issued "2020" ; dct:modified "2021-03" .', date(2021, 3, 1)),
        ('<d> fdp:metadataModified "2026-02-03T10:00:00Z"^^xsd:dateTime .', date(2026, 2, 3)),
        (
            '<r> a dcat:CatalogRecord ; foaf:primaryTopic <d> ; dct:modified "2026-01-01" .',
            date(2026, 1, 1),
        ),
        ('<d> dct:modified "recently" .', None),
        ("<d> a dcat:Dataset .", None),
    ],
)
def test_the_latest_stated_day_is_when_it_was_last_checked(turtle: str, day: date | None) -> None:
    assert last_checked(a_graph(turtle), named("d")) == day


def test_what_is_due_stands_oldest_first_and_the_undated_after_it() -> None:
    checked = {
        "fresh": TODAY,
        "old": date(2024, 1, 1),
        "older": date(2020, 1, 1),
        "undated": None,
        "from the future": date(2030, 1, 1),
    }
    assert due(checked, TODAY) == (
        Due("older", date(2020, 1, 1)),
        Due("old", date(2024, 1, 1)),
        Due("from the future", None),
        Due("undated", None),
    )


def test_the_league_says_what_the_mean_may_still_become() -> None:
    row = standing("a", [controlled(CLOSED, reports=())])
    assert (row.mean, row.at_most) == (90.0, 100.0)
