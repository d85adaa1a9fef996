"""What fits a purpose, as a facet: counted, filtered, sorted and summed."""

from __future__ import annotations

from datetime import date

import pytest
from search.examples import VOCABULARY

from catalogue.consent.codes import IRIS
from catalogue.consent.outcome import Verdict
from catalogue.consent.policy import Policy
from catalogue.consent.purpose import Purpose
from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.model.text import LangText, Text
from catalogue.namespaces import GC, Iri
from catalogue.search import Index, SearchDocument, SearchRequest, document
from catalogue.search.consents import People

DIABETES = Purpose.from_args([("purpose", "disease:MONDO:0005148"), ("org", "nonprofit")])
ANYBODY = LangText((Text("Somewhere", "en"),))


def codes(*names: str, individuals: Count | None = None) -> ConsentStratum:
    conditions = tuple(Condition(term=IRIS[name]) for name in names)
    return ConsentStratum(conditions=conditions, individuals=individuals)


def a_document(name: str, *strata: ConsentStratum, individuals: Count | None = None):
    dataset = Dataset(
        iri=Iri(f"https://umc.example/{name}"),
        title=LangText((Text(name, "en"),)),
        consent=strata,
        individuals=individuals,
    )
    return document(name, dataset, "umc", ANYBODY, VOCABULARY)


@pytest.fixture
def index() -> Index:
    made = Index(VOCABULARY, today=lambda: date(2026, 11, 22))
    made.replace(
        [
            a_document("open", codes("GRU"), individuals=Count(value=500)),
            a_document("health", codes("HMB", "PUB"), individuals=Count(below=10)),
            a_document("ancestry", codes("POA"), individuals=Count(value=70)),
            a_document("silent", individuals=Count(value=40)),
            a_document(
                "both",
                codes("GRU", individuals=Count(value=1200)),
                codes("POA", individuals=Count(value=300)),
            ),
        ]
    )
    return made


def found(index: Index, **asked: object) -> list[str]:
    return [hit.id for hit in index.search(SearchRequest(**asked)).hits]  # type: ignore[arg-type]


def test_without_a_purpose_there_is_no_verdict_facet_and_nothing_is_summed(index: Index) -> None:
    results = index.search(SearchRequest())
    assert "fits" not in {each.facet.name for each in results.facets}
    assert results.compatible == ()


def test_a_choice_of_verdict_without_a_purpose_is_dropped() -> None:
    request = SearchRequest(selected={"fits": ("fits",)}, sort="fit")
    assert request == SearchRequest()


def test_the_count_beside_every_verdict_is_the_total_of_choosing_it(index: Index) -> None:
    results = index.search(SearchRequest(purpose=DIABETES))
    facet = next(each for each in results.facets if each.facet.name == "fits")
    assert [each.value for each in facet.values] == [each.value for each in Verdict]
    assert sum(each.count for each in facet.values) == 6  # one dataset is found under two
    for value in facet.values:
        chosen = SearchRequest(purpose=DIABETES, selected={"fits": (value.value,)})
        assert index.search(chosen).total == value.count


def test_a_dataset_with_two_consents_is_found_under_both_answers(index: Index) -> None:
    assert "both" in found(index, purpose=DIABETES, selected={"fits": ("fits",)})
    assert "both" in found(index, purpose=DIABETES, selected={"fits": ("does-not-fit",)})


def test_what_fits_comes_first_and_what_fits_for_some_only_comes_last(index: Index) -> None:
    ids = found(index, purpose=DIABETES, sort="fit")
    assert ids[0] == "open"
    assert set(ids[-2:]) == {"ancestry", "both"}


def test_pages_in_order_of_fit_show_every_dataset_once(index: Index) -> None:
    pages = (found(index, purpose=DIABETES, sort="fit", size=2, page=page) for page in (1, 2, 3))
    assert sorted(each for page in pages for each in page) == [
        "ancestry",
        "both",
        "health",
        "open",
        "silent",
    ]


def test_individuals_are_summed_by_stratum_and_small_numbers_as_an_interval(index: Index) -> None:
    results = index.search(SearchRequest(purpose=DIABETES))
    people = {each.verdict: each.people for each in results.compatible}
    assert (people[Verdict.FITS].lowest, people[Verdict.FITS].highest) == (1700, 1700)
    assert (people[Verdict.DUTIES].lowest, people[Verdict.DUTIES].highest) == (0, 9)
    assert people[Verdict.DOES_NOT_FIT].lowest == 370
    assert people[Verdict.NOT_STATED].lowest == 40


def test_a_number_that_nobody_states_is_counted_apart_and_not_as_zero(index: Index) -> None:
    index.replace([a_document("unsaid", codes("GRU"))])
    results = index.search(SearchRequest(purpose=DIABETES))
    fits = next(each for each in results.compatible if each.verdict is Verdict.FITS)
    assert (fits.datasets, fits.people.lowest, fits.people.unknown) == (3, 1700, 1)


def test_equal_consents_are_judged_once_wherever_they_were_read() -> None:
    one, other = (
        ConsentStratum(conditions=tuple(Condition(term=IRIS[name], **where) for name in names))
        for names, where in (
            (("HMB", "NPU"), {"source": "odrl:hasPolicy", "text": "non-profit only"}),
            (("NPU", "HMB", "HMB"), {}),
        )
    )
    assert a_document("x", one).consent == a_document("x", other).consent


def test_the_parameters_of_a_condition_are_not_lost() -> None:
    here = ConsentStratum(conditions=(Condition(term=IRIS["GS"], parameters=("NL",), text="Here"),))
    ((conditions, _),) = a_document("x", here).consent
    assert conditions == (Condition(term=IRIS["GS"], parameters=("NL",)),)


def test_a_choice_of_the_operator_decides_and_is_kept_by_an_index_made_anew() -> None:
    asked = Purpose.from_args([("purpose", "methods")])
    refusing = Policy.read(["methods_in_health=not-permitted"])
    usual, strict = Index(VOCABULARY), Index(VOCABULARY, policy=refusing)
    verdicts = (Verdict.COMMITTEE, Verdict.DOES_NOT_FIT, Verdict.DOES_NOT_FIT)
    for index, verdict in zip((usual, strict, strict.anew()), verdicts, strict=True):
        index.replace([a_document("health", codes("HMB"))])
        assert found(index, purpose=asked, selected={"fits": (verdict.value,)}) == ["health"]


def test_the_answer_follows_a_change_of_consent(index: Index) -> None:
    index.search(SearchRequest(purpose=DIABETES))
    index.replace([a_document("open", codes("POA"))])
    index.remove(["health"])
    assert "open" not in found(index, purpose=DIABETES, selected={"fits": ("fits",)})
    assert found(index, purpose=DIABETES, selected={"fits": ("duties",)}) == []


def test_a_purpose_travels_in_the_address() -> None:
    request = SearchRequest(q="exome", purpose=DIABETES, selected={"fits": ("fits",)}, sort="fit")
    assert SearchRequest.from_args(request.to_args()) == request


def test_a_document_with_consent_survives_json() -> None:
    made = a_document("both", codes("GRU", individuals=Count(below=10)), codes("POA"))
    assert SearchDocument.from_json(made.to_json()) == made


def test_topic_search_walks_down_and_consent_walks_up() -> None:
    """Who looks for cancer finds melanoma; consent for melanoma is no consent for cancer."""
    index = Index(VOCABULARY, today=lambda: date(2026, 11, 22))
    melanoma, cancer = (f"{GC}disease-{each}" for each in ("melanoma", "cancer"))
    only = Condition(term=IRIS["DS"], parameters=(melanoma,))
    index.replace(
        [
            SearchDocument(
                id="skin",
                facets={"disease": ("melanoma",)},
                consent=(((only,), People(100, 100)),),
            )
        ]
    )
    topic = {"disease": ("cancer",)}
    for studied, verdict in ((cancer, Verdict.DOES_NOT_FIT), (melanoma, Verdict.FITS)):
        purpose = Purpose.from_args([("purpose", f"disease:{studied}")])
        chosen = {**topic, "fits": (verdict.value,)}
        assert found(index, purpose=purpose, selected=chosen) == ["skin"]
