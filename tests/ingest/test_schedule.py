"""When a source is harvested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import SettingsError
from catalogue.ingest.schedule import AMSTERDAM, Schedule, parse, retry

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def schedule(text: str, source: str = "umc") -> Schedule:
    made = parse(text, source)
    assert made is not None
    return made


def moments(made: Schedule, start: datetime, number: int) -> list[datetime]:
    found = [made.after(start)]
    while len(found) < number:
        found.append(made.after(found[-1]))
    return found


def at(text: str) -> datetime:
    """A moment on the clock of Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("30m", timedelta(minutes=30)),
        ("6h", timedelta(hours=6)),
        ("6 H", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
        ("2w", timedelta(weeks=2)),
        ("hourly", timedelta(hours=1)),
        ("daily", timedelta(days=1)),
        (" weekly ", timedelta(days=7)),
        ("5m", timedelta(minutes=5)),
    ],
)
def test_an_interval_comes_again_after_exactly_that_time(text: str, every: timedelta) -> None:
    first, second, third = moments(schedule(text), NOON, 3)
    assert (second - first, third - second) == (every, every)


def test_a_new_source_with_an_interval_is_harvested_at_once() -> None:
    assert schedule("1d").first(NOON) == NOON


def test_a_new_source_with_a_cron_expression_waits_for_its_hour() -> None:
    assert schedule("0 3 * * *").first(NOON) == at("2026-11-23T03:00")


def test_sources_with_the_same_interval_do_not_start_together() -> None:
    found = {schedule("1d", f"umc-{number}").after(NOON) for number in range(100)}
    assert len(found) > 95
    assert max(found) - min(found) > timedelta(hours=20)


def test_a_source_keeps_its_moments_over_restarts() -> None:
    assert schedule("6h").after(NOON) == schedule("6h").after(NOON + timedelta(minutes=1))


@given(
    st.integers(0, 2_000_000_000),
    st.integers(5, 20_000),
    st.text("abcdefgh", min_size=1, max_size=5),
)
def test_the_next_moment_is_half_to_one_and_a_half_interval_away(
    second: int, minutes: int, source: str
) -> None:
    every, now = timedelta(minutes=minutes), datetime.fromtimestamp(second, UTC)
    found = schedule(f"{minutes}m", source).after(now)
    assert every / 2 <= found - now <= every * 3 / 2


@pytest.mark.parametrize(
    ("expression", "now", "comes"),
    [
        pytest.param("0 3 * * *", "2026-01-10T12:00", "2026-01-11T02:00Z", id="winter"),
        pytest.param("0 3 * * *", "2026-07-10T12:00", "2026-07-11T01:00Z", id="summer"),
        pytest.param("30 2 * * *", "2026-03-29T00:00", "2026-03-29T01:00Z", id="skipped hour"),
        pytest.param("0 22 * * 1-5", "2026-11-20T23:00", "2026-11-23T21:00Z", id="workdays"),
        pytest.param("0 4 L * *", "2026-02-10T00:00", "2026-02-28T03:00Z", id="last of month"),
    ],
)
def test_a_cron_expression_is_read_on_the_clock_of_amsterdam(
    expression: str, now: str, comes: str
) -> None:
    assert schedule(expression).after(at(now)) == datetime.fromisoformat(comes)


def test_the_hour_that_comes_twice_is_used_once() -> None:
    found = moments(schedule("30 2 * * *"), at("2026-10-24T12:00"), 2)
    assert found[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert found[1] == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_every_hour_is_every_hour_also_on_the_days_that_the_clock_changes() -> None:
    for day in ("2026-03-29T00:00", "2026-10-25T00:00"):
        found = moments(schedule("0 * * * *"), at(day), 6)
        gaps = {later - sooner for sooner, later in pairwise(found)}
        assert gaps == {timedelta(hours=1)}


@pytest.mark.parametrize(
    "text",
    ["soon", "6", "h", "-1h", "0h", "6h 30m", "0 3 * *", "0 0 3 * * *", "61 3 * * *", "٣h x"],
)
def test_what_cannot_be_read_is_named_with_its_source(text: str) -> None:
    with pytest.raises(SettingsError, match="umc") as caught:
        parse(text, "umc")
    assert text in str(caught.value)


@pytest.mark.parametrize("text", ["4m", "1m", "* * * * *", "*/2 * * * *", "0,1 3 * * *", "400d"])
def test_a_source_is_not_asked_more_than_once_in_five_minutes(text: str) -> None:
    with pytest.raises(SettingsError, match=r"5 minutes|5m"):
        parse(text, "umc")


def test_a_moment_that_never_comes_is_refused() -> None:
    with pytest.raises(SettingsError, match="31 2"):
        parse("0 0 31 2 *", "umc")


def test_without_a_schedule_a_source_is_harvested_on_command_only() -> None:
    assert parse("", "umc") is None
    assert parse("  ", "umc") is None


def test_a_failing_source_is_asked_less_and_less_but_every_day() -> None:
    waits = [retry(number) for number in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=15)
    assert waits[-1] == timedelta(days=1)
