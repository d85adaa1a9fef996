"""What holds for every answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from consent.consenting import (
    DILATED,
    FAMILY,
    HEART,
    KIDNEY,
    MUSCLE,
    NOWHERE,
    TODAY,
    a_purpose,
    judged,
)
from hypothesis import given
from hypothesis import strategies as st

from catalogue.consent.cases import statements
from catalogue.consent.codes import IRIS, Statement, names
from catalogue.consent.disease import ListedDiseases, SchemeDiseases, compare
from catalogue.consent.explain import judgement_lines, summary
from catalogue.consent.match import Matcher
from catalogue.consent.outcome import Outcome, Verdict
from catalogue.consent.purpose import PARAMETERS as QUESTIONS
from catalogue.consent.purpose import Aim, Goal, Purpose
from catalogue.model.counts import Count
from catalogue.model.genome import Condition, ConsentStratum
from catalogue.model.text import LangText, Text
from catalogue.namespaces import GC, MONDO
from catalogue.terms.concept import Scheme
from catalogue.terms.load import load
from catalogue.terms.walk import topic

ROOT = Path(__file__).parents[2]
DISEASES = load([(ROOT / "ontologies" / "diseases.ttl").read_bytes()]).scheme("disease")

WIDENING = {"CC", "LINKAGE", "RECONTACT", "NOT-STATED"}
PERMISSIONS = ("NRES", "GRU", "HMB", "DS", "POA")
PARAMETERS = {
    "DS": (HEART, MUSCLE, DILATED, ""),
    "GS": ("NL", "EU", "Utrecht", ""),
    "TS": ("12", "soon", ""),
    "MOR": ("2020-01-01", "2030-01-01", ""),
    "IS": ("UMC", ""),
    "RS": ("EDAM:topic_3063", "x", ""),
}
UNKNOWN_CODES = ("XYZ", "DUO:9999999", "https://example.org/only-on-tuesdays")

all_codes = st.sampled_from([*IRIS, *UNKNOWN_CODES])
restrictions = st.sampled_from(
    [each for each in (*IRIS, *UNKNOWN_CODES) if each not in {*PERMISSIONS, *WIDENING}]
)


@st.composite
def a_statement(draw: st.DrawFn, codes: st.SearchStrategy[str] = all_codes) -> Statement:
    code = draw(codes)
    known = st.sampled_from(PARAMETERS.get(code, ("", "", "x")))
    return Statement(code=code, parameters=tuple(draw(st.lists(known, max_size=2))))


answers = st.sampled_from([None, True, False])
goals = st.one_of(
    st.sampled_from([Goal(aim.value) for aim in Aim]),
    st.sampled_from([HEART, MUSCLE, DILATED]).map(lambda code: Goal("disease", code)),
)
purposes = st.builds(
    Purpose,
    goals=st.lists(goals, max_size=3).map(tuple),
    nonprofit=answers,
    commercial=answers,
    country=st.sampled_from([None, "NL", "DE", "US"]),
    institution=st.sampled_from([None, "UMC", "other"]),
    ethics=answers,
    collaborates=answers,
    publishes=answers,
    publication_date=st.none() | st.dates(date(2026, 1, 1), date(2032, 1, 1)),
    returns=answers,
    genetic=answers,
    linkage=answers,
    recontact=answers,
    months=st.none() | st.integers(0, 99),
)
consents = st.lists(a_statement(), max_size=5)


def verdict(purpose: Purpose, consent: list[Statement]) -> Verdict | None:
    judgement = Matcher(purpose, FAMILY, TODAY).judge(consent)
    return judgement.verdict if judgement else None


@given(purposes)
def test_no_codes_never_fit(purpose: Purpose) -> None:
    assert verdict(purpose, []) is (None if purpose.empty else Verdict.NOT_STATED)


silence = st.one_of(
    st.just(Statement(code="NOT-STATED")),
    a_statement().map(lambda each: replace(each, counted=False)),
)


@given(purposes.filter(lambda each: not each.empty), st.lists(silence, max_size=5))
def test_what_does_not_count_is_as_no_codes_at_all(
    purpose: Purpose, consent: list[Statement]
) -> None:
    assert verdict(purpose, consent) is Verdict.NOT_STATED


@given(purposes, consents, st.lists(silence, max_size=3))
def test_what_does_not_count_never_changes_a_verdict(
    purpose: Purpose, consent: list[Statement], silent: list[Statement]
) -> None:
    assert verdict(purpose, [*consent, *silent]) is verdict(purpose, consent)


@given(st.lists(st.tuples(st.sampled_from([*QUESTIONS, "q", "utm"]), st.just(" "))), consents)
def test_a_purpose_of_blanks_is_empty_and_has_no_verdict(
    args: list[tuple[str, str]], consent: list[Statement]
) -> None:
    assert verdict(Purpose.from_args([*args, ("q", "exome")]), consent) is None


@given(consents)
def test_an_empty_purpose_has_no_verdict(consent: list[Statement]) -> None:
    assert verdict(Purpose(), consent) is None
    assert Matcher(Purpose(), FAMILY, TODAY).dataset([]) is None


@given(purposes, st.lists(a_statement(), min_size=1, max_size=5), a_statement(restrictions))
def test_a_restriction_never_improves_a_verdict(
    purpose: Purpose, consent: list[Statement], restriction: Statement
) -> None:
    before, after = verdict(purpose, consent), verdict(purpose, [*consent, restriction])
    assert before is None or (after is not None and after.rank >= before.rank)


@given(purposes, consents)
def test_a_broader_disease_never_improves_a_verdict(
    purpose: Purpose, consent: list[Statement]
) -> None:
    ranks = []
    for disease in (DILATED, MUSCLE, HEART):
        asked = replace(purpose, goals=(*purpose.goals, Goal("disease", disease)))
        found = verdict(replace(asked, goals=without_others(asked, disease)), consent)
        ranks.append(found.rank if found else 0)
    assert ranks == sorted(ranks)


def without_others(purpose: Purpose, disease: str) -> tuple[Goal, ...]:
    return tuple(each for each in purpose.goals if each.disease in {"", disease})


FAMILY_OF_SIX = tuple(f"MONDO:000000{number}" for number in range(6))


@st.composite
def families(draw: st.DrawFn) -> ListedDiseases:
    """Six diseases, each with no, one or two parents among the earlier ones."""
    edges = [(each, "") for each in FAMILY_OF_SIX]
    for place, each in enumerate(FAMILY_OF_SIX[1:], start=1):
        above = st.sampled_from(FAMILY_OF_SIX[:place])
        edges += [(each, up) for up in draw(st.lists(above, max_size=2))]
    return ListedDiseases.of(edges)


for_diseases = st.lists(st.sampled_from([*FAMILY_OF_SIX, NOWHERE, ""]), min_size=1, max_size=3).map(
    lambda each: Statement(code="DS", parameters=tuple(each))
)


@given(families(), st.sampled_from(FAMILY_OF_SIX), st.lists(for_diseases, min_size=1), consents)
def test_in_any_family_consent_for_a_disease_covers_what_is_below_and_nothing_above(
    family: ListedDiseases, studied: str, specific: list[Statement], others: list[Statement]
) -> None:
    def rank(disease: str) -> int:
        judgement = Matcher(a_purpose(f"disease:{disease}"), family, TODAY).judge(
            [*specific, *others]
        )
        assert judgement is not None
        return judgement.verdict.rank

    above = family.above(family.identity(studied))
    assert all(rank(each) >= rank(studied) for each in above)


@given(families(), st.sampled_from(FAMILY_OF_SIX), st.sampled_from(FAMILY_OF_SIX))
def test_consent_for_one_disease_fits_exactly_what_is_below_it(
    family: ListedDiseases, allowed: str, studied: str
) -> None:
    found = judged(f"DS={allowed}", a_purpose(f"disease:{studied}"), diseases=family)
    below = family.identity(allowed) in family.above(family.identity(studied))
    assert found.verdict is (Verdict.FITS if below else Verdict.DOES_NOT_FIT)


def written(code: str) -> list[str]:
    """One disease in the ways in which people write it."""
    prefix, number = code.split(":")
    return [
        code,
        f"{prefix}_{number}",
        f"obo:{prefix}_{number}",
        f"http://purl.obolibrary.org/obo/{prefix}_{number}",
        code.lower(),
    ]


@given(st.sampled_from((HEART, MUSCLE, DILATED)), st.sampled_from((HEART, MUSCLE)), st.data())
def test_the_spelling_and_order_of_diseases_do_not_matter(
    studied: str, allowed: str, data: st.DataObject
) -> None:
    usual = judged(f"DS={allowed}|{KIDNEY}", a_purpose(f"disease:{studied}"))
    respelled = [data.draw(st.sampled_from(written(each))) for each in (KIDNEY, allowed)]
    asked = data.draw(st.sampled_from(written(studied)))
    found = judged(f"DS={'|'.join(respelled)}", a_purpose(f"disease:{asked}"))
    assert (found.verdict, [each.line for each in found.reasons]) == (
        usual.verdict,
        [each.line for each in usual.reasons],
    )


@given(purposes, consents.flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_the_order_of_clauses_does_not_matter(
    purpose: Purpose, orders: tuple[list[Statement], list[Statement]]
) -> None:
    first, second = orders
    assert Matcher(purpose, FAMILY, TODAY).judge(first) == Matcher(purpose, FAMILY, TODAY).judge(
        second
    )


def spellings(name: str) -> list[str]:
    iri = IRIS.get(name)
    if iri is None:
        return [name]
    last = iri.rpartition("/")[2]
    found = [name, iri, f"<{iri}>", f" {name.lower()} "]
    if last.startswith("DUO_"):
        number = last.removeprefix("DUO_")
        found += [last, f"DUO:{number}", f"duo:{number}", f"obo:DUO_{number}", f"DUO_0{number}"]
        found += [iri.replace("http:", "https:"), f"{iri}/", f"DUO:{name}"]
    return found


@given(purposes, consents, st.randoms(use_true_random=False))
def test_the_spelling_of_a_term_does_not_matter(
    purpose: Purpose, consent: list[Statement], random: Random
) -> None:
    respelled = [replace(each, code=random.choice(spellings(each.code))) for each in consent]
    assert Matcher(purpose, FAMILY, TODAY).judge(respelled) == Matcher(
        purpose, FAMILY, TODAY
    ).judge(consent)


@given(purposes, consents, st.sampled_from(UNKNOWN_CODES))
def test_an_unknown_code_stays_in_the_reasons(
    purpose: Purpose, consent: list[Statement], code: str
) -> None:
    judgement = Matcher(purpose, FAMILY, TODAY).judge([*consent, Statement(code=code)])
    if judgement is not None:
        unknown = [each for each in judgement.reasons if each.line == "*:always"]
        assert any(each.code.endswith(code.rpartition(":")[2]) for each in unknown)
        assert judgement.verdict in {Verdict.COMMITTEE, Verdict.DOES_NOT_FIT}


anything = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)


@given(purposes, consents, st.lists(anything, max_size=3, unique_by=names))
def test_whatever_somebody_writes_stays_in_the_reasons(
    purpose: Purpose, consent: list[Statement], codes: list[str]
) -> None:
    strange = [each for each in codes if not set(names(each)) <= IRIS.keys()]
    written_down = [*consent, *(Statement(code=each) for each in strange)]
    judgement = Matcher(purpose, FAMILY, TODAY).judge(written_down)
    if judgement is not None:
        told = {each.code for each in judgement.reasons if each.line == "*:always"}
        assert {names(each)[0] for each in strange} <= told


def test_topic_search_goes_down_and_consent_goes_up() -> None:
    cancer = DISEASES.by_notation("cancer")
    melanoma = DISEASES.by_notation("melanoma")
    assert cancer is not None
    assert melanoma is not None
    # a search for cancer finds melanoma, a search for melanoma does not find cancer
    assert melanoma.iri in topic(DISEASES, cancer.iri)
    assert cancer.iri not in topic(DISEASES, melanoma.iri)
    # consent for melanoma does not cover cancer, consent for cancer covers melanoma
    ours = SchemeDiseases(DISEASES)
    study_of_cancer = a_purpose(f"disease:{cancer.iri}")
    study_of_melanoma = a_purpose("disease:MONDO:0005105")
    for_melanoma, for_cancer = f"DS={MONDO}0005105", f"DS={cancer.iri}"
    assert judged(for_melanoma, study_of_cancer, diseases=ours).verdict is Verdict.DOES_NOT_FIT
    assert judged(for_cancer, study_of_melanoma, diseases=ours).verdict is Verdict.FITS


def test_a_topic_above_that_it_is_no_kind_of_is_for_the_committee() -> None:
    odd = [(low, high) for low in DISEASES for high in above_only_as_topic(DISEASES, low.iri)]
    low, high = odd[0]
    assert compare(SchemeDiseases(DISEASES), high, low.iri).answer == "unclear"
    purpose = a_purpose(f"disease:{low.iri}")
    found = judged(f"DS={high}", purpose, diseases=SchemeDiseases(DISEASES))
    assert found.verdict is Verdict.COMMITTEE


def above_only_as_topic(scheme: Scheme, iri: str) -> list[str]:
    ours = SchemeDiseases(scheme)
    found = scheme.get(iri)
    assert found is not None
    return sorted(ours.unclear(found.iri))


def test_a_reason_carries_the_path_of_the_disease() -> None:
    (reason,) = judged(f"DS={HEART}", a_purpose(f"disease:{DILATED}")).reasons
    assert [each.rpartition("_")[2] for each in reason.path] == ["0005021", "0004994", "0005267"]
    assert f"{DILATED} → {MUSCLE} → {HEART}" in reason.sentence.value("nl")


def test_a_reason_carries_source_parameter_and_the_words_of_the_steward() -> None:
    statement = Statement(
        code="GS", parameters=("NL",), source="odrl:hasPolicy", text="Alleen in Nederland"
    )
    judgement = Matcher(a_purpose("health", country="NL"), FAMILY, TODAY).judge(
        [statement, Statement(code="HMB")]
    )
    assert judgement is not None
    reason = next(each for each in judgement.reasons if each.code == "GS")
    assert (reason.parameter, reason.sources, reason.texts) == (
        "NL",
        ("odrl:hasPolicy",),
        ("Alleen in Nederland",),
    )


def test_what_was_only_inferred_is_shown_and_never_counted() -> None:
    inferred = Statement(code="GRU", counted=False, source="free text")
    judgement = Matcher(a_purpose("health"), FAMILY, TODAY).judge([inferred])
    assert judgement is not None
    assert judgement.verdict is Verdict.NOT_STATED
    assert [(each.code, each.outcome) for each in judgement.reasons] == [("GRU", Outcome.NOTE)]


def test_wanting_linkage_that_nobody_mentions_is_noted() -> None:
    judgement = judged("GRU", a_purpose("health", linkage=True))
    assert any(
        "does not mention linkage" in each.sentence.value("en") for each in judgement.reasons
    )


def test_conditions_are_listed_only_with_a_verdict_of_duties() -> None:
    assert judged("HMB;IRB;COL", a_purpose("health")).conditions == ("COL", "IRB")
    assert judged("HMB;IRB", a_purpose("ancestry")).conditions == ()
    assert judged("HMB;IRB;XYZ", a_purpose("health")).conditions == ()


def a_stratum(label: str, people: int, *codes: str) -> ConsentStratum:
    return ConsentStratum(
        label=LangText((Text(label, "en"),)),
        individuals=Count(value=people),
        conditions=tuple(Condition(term=IRIS[each]) for each in codes),
    )


def test_each_group_of_people_gets_its_own_verdict() -> None:
    strata = [a_stratum("broad consent", 1200, "GRU"), a_stratum("study consent", 300, "POA")]
    judgement = Matcher(a_purpose("health"), FAMILY, TODAY).dataset(strata)
    assert judgement is not None
    assert summary(judgement, "en") == (
        "fits: broad consent, 1200 individuals",
        "does not fit: study consent, 300 individuals",
    )
    assert judgement.verdict is Verdict.DOES_NOT_FIT
    assert judgement.verdicts == (Verdict.FITS, Verdict.DOES_NOT_FIT)
    assert judgement.mixed


def test_a_dataset_without_strata_states_no_consent() -> None:
    judgement = Matcher(a_purpose("health"), FAMILY, TODAY).dataset([])
    assert judgement is not None
    assert judgement.verdict is Verdict.NOT_STATED
    assert not judgement.mixed


@pytest.mark.parametrize(
    ("language", "caveat"), [("nl", "geen toestemming"), ("en", "not a permission")]
)
def test_a_judgement_in_words_is_an_indication(language: str, caveat: str) -> None:
    found = "\n".join(judgement_lines(judged("GRU", a_purpose("health")), language))
    assert caveat in found


def test_our_own_linkage_concepts_are_read_as_they_are_published() -> None:
    (statement,) = statements(f"{GC}use-linkage-prohibited")
    judgement = judged(f"GRU;{statement.code}", a_purpose("health", linkage=True))
    assert judgement.verdict is Verdict.DOES_NOT_FIT
