"""The promise of the page: the number beside a choice is what choosing it finds."""

from __future__ import annotations

import pytest
from search.examples import VOCABULARY, documents

from catalogue.search import FACETS, Index, SearchRequest

QUESTIONS = (
    SearchRequest(),
    SearchRequest(q="genomes"),
    SearchRequest(q="cardiomyopathies patients"),
    SearchRequest(q="borstkanker"),
    SearchRequest(selected={"assay": ("wgs", "wes")}),
    SearchRequest(selected={"disease": ("cancer",), "consent": ("HMB", "GRU")}),
    SearchRequest(selected={"disease": ("cancer",), "assay": ("wes",)}, exact=True),
    SearchRequest(selected={"disease": ("rare-genetic", "not-stated"), "year": ("2016",)}),
    SearchRequest(q="blood", selected={"organisation": ("noordzee",), "access": ("no-route",)}),
    SearchRequest(
        selected={
            "disease": ("cystic-fibrosis",),
            "assay": ("array",),
            "access": ("open",),
            "consent": ("NPU",),
            "individuals": ("100-999",),
        }
    ),
)

CORPUS = tuple(documents(300))


@pytest.fixture(scope="module")
def index() -> Index:
    made = Index(VOCABULARY)
    made.replace(CORPUS)
    return made


@pytest.mark.parametrize("request_", QUESTIONS, ids=str)
def test_every_count_is_the_total_of_choosing_that_value(index, request_):
    for result in index.search(request_).facets:
        for value in result.values:
            chosen = request_.only(result.facet.name, value.value)
            expected = SearchRequest(
                q=chosen.q, selected=chosen.selected, exact=request_.exact and chosen.exact
            )
            assert (value.value, index.total(expected)) == (value.value, value.count)


@pytest.mark.parametrize("request_", [each for each in QUESTIONS if not each.q], ids=str)
def test_totals_and_counts_agree_with_reading_every_dataset(index, request_):
    results = index.search(request_)
    assert results.total == sum(fits(each, request_) for each in CORPUS)
    for result in results.facets:
        name = result.facet.name
        others = request_.without(name)
        for value in result.values:
            assert value.count == sum(
                fits(each, others) and has(each, name, (value.value,), request_.exact)
                for each in CORPUS
            )


def fits(document, request_):
    return all(
        has(document, name, values, request_.exact) for name, values in request_.selected.items()
    )


def has(document, name, values, exact):
    """Whether a dataset has one of the values, read from the document and the vocabulary alone."""
    facet = next(each for each in FACETS if each.name == name)
    wanted = set(values)
    if facet.hierarchical and not (facet.exact and exact):
        scheme = VOCABULARY.scheme(facet.scheme)
        for value in values:
            concept = scheme.by_notation(value)
            below = scheme.descendants(concept.iri) if concept else ()
            wanted |= {scheme.get(iri).notation for iri in below}
    return bool(wanted & set(document.facets[name]))


def test_counts_agree_after_most_datasets_were_replaced_and_removed():
    index = Index(VOCABULARY)
    index.replace(documents(1500, seed=1))
    index.replace(documents(1500, seed=2))
    index.remove(f"d{number:04}" for number in range(300, 1500))
    index.replace(CORPUS)
    fresh = Index(VOCABULARY)
    fresh.replace(CORPUS)
    for request_ in QUESTIONS:
        old, new = index.search(request_), fresh.search(request_)
        assert (old.total, counts(old)) == (new.total, counts(new))


def counts(results):
    return {
        (each.facet.name, value.value): value.count
        for each in results.facets
        for value in each.values
        if value.count
    }


def test_every_page_together_shows_each_hit_once(index):
    request_ = SearchRequest(q="genomes", size=7)
    pages = [
        index.search(request_.on_page(page)) for page in range(1, index.search(request_).pages + 1)
    ]
    ids = [hit.id for page in pages for hit in page.hits]
    assert len(ids) == len(set(ids)) == pages[0].total
    scores = [hit.score for page in pages for hit in page.hits]
    assert scores == sorted(scores, reverse=True)


def test_a_facet_lists_parents_before_children_and_not_stated_last(index):
    values = next(each for each in index.search(SearchRequest()).facets).values
    places = {value.value: place for place, value in enumerate(values)}
    assert all(places[each.parent] < places[each.value] for each in values if each.parent)
    assert values[-1].value == "not-stated"
    assert next(each for each in values if each.value == "breast-cancer").depth == 2


def test_choices_stay_visible_when_nothing_is_found(index):
    request_ = SearchRequest(selected={"disease": ("unheard-of",), "access": ("open",)})
    results = index.search(request_)
    chosen = {value.value for each in results.facets for value in each.selected}
    assert (results.total, chosen) == (0, {"unheard-of", "open"})


def test_what_is_offered_when_nothing_is_found_finds_what_it_says(index):
    request_ = SearchRequest(q="xylophone", selected={"access": ("open",)})
    offered = index.search(request_).relaxed
    assert [each.parameter for each in offered] == ["q"]
    assert all(index.total(each.request) == each.total > 0 for each in offered)


def test_a_page_beyond_the_last_shows_the_last(index):
    results = index.search(SearchRequest(page=99))
    assert (results.page, results.pages, len(results.hits)) == (15, 15, 20)
