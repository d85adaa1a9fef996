"""Levels, groups and the tree: the small parts below the index."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap
from search.examples import VOCABULARY, a_concept, a_scheme

from catalogue.search.analysis import query_words
from catalogue.search.facets import FACETS
from catalogue.search.postings import IMPACTS, LEVELS, levels_of, matched, ranked
from catalogue.search.tree import tree
from catalogue.terms.concept import Vocabulary

NUMBERS = st.sets(st.integers(0, 40)).map(BitMap)
WORDS = st.lists(st.lists(NUMBERS, min_size=LEVELS, max_size=LEVELS), min_size=1, max_size=4)


@given(WORDS)
def test_groups_hold_every_candidate_once_in_order_of_its_score(rows):
    everything = BitMap(range(41))
    words = [matched(("x",), row, BitMap(), everything) for row in rows]
    candidates = BitMap.intersection(everything, *(word.all() for word in words))
    groups = list(ranked(candidates, words))
    numbers = [number for _, group in groups for number in group]
    assert sorted(numbers) == list(candidates)
    assert [score for score, _ in groups] == sorted((s for s, _ in groups), reverse=True)
    for score, group in groups:
        for number in group:
            assert abs(score - sum(score_of(number, word) for word in words)) < 1e-9


def score_of(number, word):
    at = next(at for at, numbers in enumerate(word.levels) if number in numbers)
    return word.weight * IMPACTS[at]


def test_a_title_says_more_than_a_description_and_a_long_one_less_than_a_short():
    in_title = levels_of([("title", "exome")])["exom"]
    in_short = levels_of([("description", "exome " + "word " * 20)])["exom"]
    in_long = levels_of([("description", ("exome " + "word " * 50) * 5)])["exom"]
    often = levels_of([("description", "exome " * 5)])["exom"]
    assert in_title > in_short
    assert often > in_long


def test_a_question_of_only_small_words_keeps_them():
    assert [word.text for word in query_words("is it")] == ["is", "it"]
    assert [word.text for word in query_words("is it blood")] == ["blood"]


def test_a_disease_with_two_parents_is_listed_below_the_first():
    diseases = tree(FACETS[0], VOCABULARY)
    value = "hereditary-breast-carcinoma"
    assert diseases.parent[value] == "breast-cancer"
    assert {"cancer", "rare-genetic"} <= set(diseases.above[value])


def test_a_circle_in_a_vocabulary_loses_no_value():
    circle = a_scheme(
        "disease",
        (
            a_concept("disease-a", "a", "a", ["disease-b"]),
            a_concept("disease-b", "b", "b", ["disease-a"]),
        ),
    )
    made = tree(FACETS[0], Vocabulary(schemes={"disease": circle}))
    assert {value for value, _ in made.listed({"a", "b"}, lambda value: 0)} == {"a", "b"}
