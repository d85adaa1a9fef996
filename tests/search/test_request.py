"""A question and its address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import BadRequest
from catalogue.search import FACETS, SearchRequest
from catalogue.search.request import SORTS

VALUES = st.lists(st.from_regex(r"[A-Za-z0-9][\w.:+-]{0,20}", fullmatch=True).filter(str.isascii))
REQUESTS = st.builds(
    SearchRequest,
    q=st.from_regex(r"([a-zé]{1,8}( [a-z]{1,8}){0,3})?", fullmatch=True),
    selected=st.dictionaries(st.sampled_from([each.name for each in FACETS]), VALUES.map(tuple)),
    exact=st.booleans(),
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 1000),
    size=st.integers(1, 100),
)


@given(REQUESTS)
def test_a_question_survives_its_address(request_):
    assert SearchRequest.from_args(request_.to_args()) == request_


@given(st.lists(st.tuples(st.sampled_from(["q", "page", "disease", "exact", "x"]), st.text())))
def test_an_address_is_understood_or_refused(args):
    try:
        request_ = SearchRequest.from_args(args)
    except BadRequest:
        return
    assert SearchRequest.from_args(request_.to_args()) == request_


def test_what_is_usual_leaves_the_address_clean():
    assert SearchRequest.from_args([("page", "1"), ("sort", "relevance")]).to_args() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("page", "-1", 1),
        ("page", "0", 1),
        ("page", "", 1),
        ("page", " 3 ", 3),
        ("page", "999999999999", 100_000),
        ("size", "1000000", 100),
        ("size", "0", 1),
    ],
)
def test_a_number_out_of_range_becomes_the_nearest(name, value, expected):
    assert getattr(SearchRequest.from_args([(name, value)]), name) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "1e9"),
        ("page", "NaN"),
        ("page", "٣"),
        ("page", "9" * 5000),
        ("size", "many"),
        ("sort", "random"),
        ("exact", "maybe"),
        ("q", "x" * 10_000),
        ("disease", "http://x> } ; DROP ALL #"),
        ("assay", '"} UNION {'),
        ("access", "x" * 101),
        ("year", "\x00"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(name, value):
    with pytest.raises(BadRequest, match=f"^{name}: "):
        SearchRequest.from_args([(name, value)])


def test_more_than_a_hundred_choices_are_refused():
    with pytest.raises(BadRequest, match=r"^disease: 101 values"):
        SearchRequest.from_args([("disease", f"d{number}") for number in range(101)])


def test_the_same_choice_five_thousand_times_is_one_choice():
    assert SearchRequest.from_args([("disease", "x")] * 5000).chosen("disease") == ("x",)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two\twords\n", "two words"),
        ("a\x00b\u202ec", "abc"),
        ("*:*", ""),
        ("***", ""),
        ("wgs*", "wgs*"),
    ],
)
def test_words_are_kept_without_what_cannot_be_seen(typed, kept):
    assert SearchRequest.from_args([("q", typed)]).q == kept


def test_exactly_means_nothing_without_a_disease():
    assert not SearchRequest.from_args([("exact", "1"), ("assay", "wgs")]).exact
    assert SearchRequest.from_args([("exact", "1"), ("disease", "cancer")]).exact


def test_choices_are_added_and_taken_away_on_the_first_page():
    start = SearchRequest(selected={"assay": ("wgs",)}, page=4)
    both = start.adding("assay", "wes")
    assert (both.chosen("assay"), both.page) == (("wgs", "wes"), 1)
    assert both.without("assay", "wgs").chosen("assay") == ("wes",)
    assert both.without("assay") == SearchRequest()
    assert both.only("assay", "array").chosen("assay") == ("array",)


def test_parameters_that_are_not_ours_are_left_alone():
    assert SearchRequest.from_args([("utm_source", "x"), ("lang", "nl")]) == SearchRequest()
