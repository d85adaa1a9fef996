"""The European assessment: 405 points, honest about what was not checked."""

from __future__ import annotations

import pytest
from given import a_graph, named
from hypothesis import given
from hypothesis import strategies as st
from quality.described import OPEN, REACHED, the

from catalogue.quality import mqa as scheme
from catalogue.quality.mqa import mqa
from catalogue.quality.score import Score
from catalogue.rdf.graph import Graph

TRIPLES = sorted(a_graph(OPEN), key=str)


def scored(
    turtle: str, *, conforms: bool | None = True, reachable: dict[str, bool] | None = None
) -> Score:
    return mqa(a_graph(turtle), named("d"), shacl_conforms=conforms, reachable=reachable)


def one(turtle: str) -> str:
    return f"<d> dcat:distribution <f> . <f> {turtle} ."


def test_the_weights_are_those_of_the_european_portal() -> None:
    assert scored("<d> a dcat:Dataset .").dimensions() == {
        "findability": (0, 100),
        "interoperability": (30, 110),
        "reusability": (0, 75),
        "contextuality": (0, 20),
        "accessibility": (0, 100),
    }


def test_a_perfect_open_dataset_whose_addresses_answer_gets_every_point() -> None:
    score = scored(OPEN, reachable=REACHED)
    assert (score.points, score.of, score.rating) == (405, 405, "excellent")
    assert score.fixes() == ()


def test_addresses_that_nobody_tried_are_not_checked_rather_than_broken() -> None:
    score = scored(OPEN)
    assert [c.key for c in score.unchecked()] == ["access-url-status", "download-url-status"]
    assert (score.points, score.at_most) == (325, 405)
    assert score.fixes() == ()


def test_an_address_that_does_not_answer_is_something_to_mend() -> None:
    score = scored(OPEN, reachable={**REACHED, "https://umc.example/data": False})
    assert [c.key for c in score.fixes()] == ["access-url-status"]


def test_without_an_address_there_is_nothing_to_try() -> None:
    assert the(scored("<d> a dcat:Dataset ."), "access-url-status").met is False


def test_an_unchecked_profile_is_not_a_failed_one() -> None:
    assert the(scored(OPEN, conforms=None), "dcat-ap").met is None
    assert the(scored(OPEN, conforms=False), "dcat-ap").met is False


def test_a_closed_dataset_without_distribution_cannot_be_good() -> None:
    closed = OPEN.replace("dcat:distribution <d/csv>", "dct:type <x>")
    score = scored(closed)
    assert score.at_most == 185
    assert score.rating == "sufficient"


def test_the_best_of_several_distributions_counts() -> None:
    two = scored(OPEN + "<d> dcat:distribution <other> . <other> dct:format <x> .")
    assert two.points == scored(OPEN).points


def test_an_empty_keyword_states_nothing() -> None:
    assert the(scored('<d> dcat:keyword " " .'), "keyword").met is False


@pytest.mark.parametrize(
    ("value", "listed"),
    [
        ("eu:file-type\\/CSV", True),
        ("eu:file-type\\/PDF", True),
        ('"CSV"', False),
        ("<http://edamontology.org/format_3016>", False),
    ],
)
def test_a_format_is_looked_up_in_the_european_table(value: str, listed: bool) -> None:
    score = scored(one(f"dct:format {value}"))
    assert the(score, "format").met
    assert the(score, "format-listed").met is listed


def test_a_portable_document_is_no_data_for_programs() -> None:
    score = scored(one("dct:format eu:file-type\\/PDF"))
    assert not the(score, "machine-readable").met
    assert not the(score, "non-proprietary").met


@pytest.mark.parametrize(
    ("value", "listed"),
    [
        ("<https://www.iana.org/assignments/media-types/application/gzip>", True),
        ("<http://www.iana.org/assignments/media-types/text/csv>", True),
        ("<https://www.iana.org/assignments/media-types/application/x-vcf>", False),
        ('"text/csv"', False),
    ],
)
def test_a_media_type_is_an_address_at_iana(value: str, listed: bool) -> None:
    assert the(scored(one(f"dcat:mediaType {value}")), "media-type-listed").met is listed


@pytest.mark.parametrize(
    ("value", "listed"),
    [
        ("eu:licence\\/CC_BY_4_0", True),
        ("<http://creativecommons.org/publicdomain/zero/1.0/>", True),
        ("<https://umc.example/terms>", False),
    ],
)
def test_a_licence_is_looked_up_in_the_european_table(value: str, listed: bool) -> None:
    assert the(scored(one(f"dct:license {value}")), "licence-listed").met is listed


def test_a_licence_on_the_dataset_is_not_read_as_one_of_a_distribution() -> None:
    assert not the(scored("<d> dct:license eu:licence\\/CC0 ."), "licence").met


def test_access_rights_in_words_are_not_from_the_list() -> None:
    score = scored('<d> dct:accessRights "restricted" .')
    assert the(score, "access-rights").met
    assert not the(score, "access-rights-listed").met


def test_nobody_is_told_to_open_closed_data() -> None:
    fix = the(scored("<d> a dcat:Dataset ."), "download-url").fix
    assert "only if everybody may" in fix["en"]
    assert "alleen als iedereen" in fix["nl"]


@pytest.mark.parametrize(
    "stated",
    [
        "dct:accessRights eu:access-right\\/NON_PUBLIC",
        "dct:accessRights eu:access-right\\/RESTRICTED",
        "gc:accessibility gc:access-controlled",
    ],
)
def test_a_download_is_no_fix_for_data_that_are_stated_to_be_closed(stated: str) -> None:
    score = scored(f"<d> {stated} .")
    assert the(score, "download-url").met is False
    assert not {"download-url", "download-url-status"} & {c.key for c in score.fixes()}


def test_a_download_is_a_fix_for_data_of_which_nothing_is_stated() -> None:
    assert "download-url" in {c.key for c in scored("<d> a dcat:Dataset .").fixes()}


@given(st.sets(st.sampled_from(TRIPLES)), st.sets(st.sampled_from(TRIPLES)))
def test_stating_more_never_lowers_the_score(said: set, more: set) -> None:  # type: ignore[type-arg]
    def points(triples: set) -> int:  # type: ignore[type-arg]
        graph = Graph(triples)
        return mqa(graph, named("d"), shacl_conforms=None, reachable=REACHED).points

    assert points(said) <= points(said | more)


def test_every_criterion_has_a_key_of_its_own() -> None:
    keys = [rule.key for rule in (*scheme.DATASET, *scheme.DISTRIBUTION)]
    assert len(keys) == len(set(keys)) == 24
