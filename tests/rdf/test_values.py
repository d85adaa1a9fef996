from __future__ import annotations

import doctest

import pytest

from catalogue.rdf import addresses, media, repair, values


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2021", "2021"),
        ("2021-12", "2021-12"),
        ("2021-12-21", "2021-12-21"),
        (" 2021-12-21 ", "2021-12-21"),
        ("2021/12/21", "2021-12-21"),
        ("20211221", "2021-12-21"),
        ("21-12-2021", "2021-12-21"),
        ("21.12.2021", "2021-12-21"),
        ("12/21/2021", "2021-12-21"),
        ("05/05/2009", "2009-05-05"),
        ("1 mei 2020", "2020-05-01"),
        ("May 1, 2020", "2020-05-01"),
        ("2019-10-30 23:00:00", "2019-10-30T23:00:00"),
        ("2019-10-30 23:00", "2019-10-30T23:00:00"),
        ("2019-10-30 23:00:00 UTC", "2019-10-30T23:00:00Z"),
        ("2019-10-30T23:00:00.5+01:00", "2019-10-30T23:00:00.5+01:00"),
        ("2019-10-30 23:00:00+0100", "2019-10-30T23:00:00+01:00"),
    ],
)
def test_a_date_with_one_reading_is_read(text: str, read: str) -> None:
    found = values.typed_date(text)
    assert found is not None
    assert found.value == read
    assert values.is_valid_date(found)


@pytest.mark.parametrize(
    "text",
    [
        "06/05/2009",
        "2026-02-30",
        "31-02-2020",
        "13/13/2020",
        "1-2-20",
        "spring 2020",
        "",
        "99999999",
    ],
)
def test_a_date_with_two_readings_or_none_is_not_guessed(text: str) -> None:
    assert values.typed_date(text) is None


@pytest.mark.parametrize("text", ["YYYY-MM-DD", "jjjj-mm-dd", "n/a", "Onbekend", "-", "??", ""])
def test_a_placeholder_is_recognised(text: str) -> None:
    assert values.is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0", "0"),
        ("450", "450"),
        ("1,200", "1200"),
        ("1.200", "1200"),
        ("1 200 000", "1200000"),
        ("1.200,000", None),
        ("12.00", None),
        ("circa 450", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_only_whole_counts_are_read(text: str, digits: str | None) -> None:
    assert values.count(text) == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [("450.0", "450"), ("4.5E2", "450"), ("0.5", None), ("NaN", None), ("1E999999", None)],
)
def test_a_fraction_of_nothing_is_a_whole_number(text: str, digits: str | None) -> None:
    assert values.whole(text) == digits


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("data@umc.example", "data@umc.example"),
        ("mailto:data@umc.example", "data@umc.example"),
        ("https://umc.example/data@umc.example", "data@umc.example"),
        ("mailto:a@b.nl?bcc=x@y.nl", None),
        ("data at umc.example", None),
        ("https://umc.example/contact", None),
    ],
)
def test_an_email_address_is_recognised(text: str, address: str | None) -> None:
    assert values.email(text) == address


@pytest.mark.parametrize("module", [addresses, media, repair, values])
def test_the_examples_in_the_documentation_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
