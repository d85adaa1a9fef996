"""A purpose and its address are the same thing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.consent.purpose import PARAMETERS, ROWS, Aim, Goal, Purpose
from catalogue.errors import BadRequest
from catalogue.search.facets import FACETS

answers = st.sampled_from([None, True, False])
words = st.text(st.sampled_from("abc é-"), min_size=1).map(str.strip).filter(bool)
purposes = st.builds(
    Purpose,
    goals=st.lists(
        st.sampled_from([Goal(each.value) for each in Aim])
        | st.integers(1, 9999999).map(lambda number: Goal("disease", f"MONDO:{number:07d}")),
        max_size=4,
    ).map(tuple),
    nonprofit=answers,
    commercial=answers,
    country=st.sampled_from([None, "NL", "EU"]),
    institution=st.none() | words,
    ethics=answers,
    collaborates=answers,
    publishes=answers,
    publication_date=st.none() | st.dates(),
    returns=answers,
    genetic=answers,
    linkage=answers,
    recontact=answers,
    months=st.none() | st.integers(0, 1200),
    topics=st.lists(st.just("http://edamontology.org/topic_3063"), max_size=1).map(tuple),
)


@given(purposes)
def test_the_address_of_a_purpose_reads_back(purpose: Purpose) -> None:
    assert Purpose.from_args(purpose.to_args()) == purpose


@given(purposes)
def test_only_a_purpose_without_answers_is_empty(purpose: Purpose) -> None:
    assert purpose.empty is (purpose.to_args() == [])


def test_parameters_that_are_not_ours_are_left_alone() -> None:
    assert Purpose.from_args([("q", "borstkanker"), ("page", "2"), ("org", " ")]).empty


def test_no_parameter_is_also_one_of_the_search() -> None:
    search = {facet.parameter for facet in FACETS} | {"q", "exact", "sort", "page", "size"}
    assert not search & set(PARAMETERS)


def test_every_attribute_has_one_row() -> None:
    assert [row.name for row in ROWS] == list(Purpose.__dataclass_fields__)


@pytest.mark.parametrize(
    "written",
    ["DS:MONDO_0005148", "disease:mondo:5148", "ds:http://purl.obolibrary.org/obo/MONDO_0005148"],
)
def test_a_disease_in_any_spelling_is_one_goal(written: str) -> None:
    assert Purpose.from_args([("purpose", written)]).goals == (Goal("disease", "MONDO:0005148"),)


def test_an_unanswered_question_is_neither_yes_nor_no() -> None:
    purpose = Purpose.from_args([("purpose", "health")])
    assert purpose.nonprofit is None
    assert Purpose.from_args([("org", "forprofit")]).nonprofit is False
    assert Purpose.from_args([("months", "0")]).months == 0


def test_two_answers_to_one_question_are_refused_and_the_same_one_twice_is_not() -> None:
    once = ("publish_date", "2030-01-31")
    assert Purpose.from_args([once, once]).publication_date == date(2030, 1, 31)
    with pytest.raises(BadRequest, match="publish_date"):
        Purpose.from_args([once, ("publish_date", "2031-01-31")])


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("purpose", "world peace"),
        ("purpose", "health:MONDO:0005148"),
        ("org", "maybe"),
        ("use", "yes"),
        ("ethics", "soon"),
        ("months", "-3"),
        ("months", "99999"),
        ("publish_date", "next year"),
        ("institution", "x" * 201),
        ("country", "N\x00L"),
    ],
)
def test_a_value_that_cannot_be_understood_is_refused_by_name(parameter: str, value: str) -> None:
    with pytest.raises(BadRequest, match=f"^{parameter}: "):
        Purpose.from_args([(parameter, value)])


def test_a_flood_of_aims_is_refused() -> None:
    with pytest.raises(BadRequest, match="at most 20"):
        Purpose.from_args([("purpose", "health")] * 21)
