"""How recorded facts become words: consent and companies, findings, advice, dates, addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from web import townhall

from catalogue.model.counts import Count
from catalogue.model.genome import Condition, ConsentStratum, Period
from catalogue.register.records import Outcome
from catalogue.web.present import card
from catalogue.web.present.advice import advice
from catalogue.web.present.companies import companies, kinds
from catalogue.web.present.dataset import _period
from catalogue.web.present.findings import remarks, repairs
from catalogue.web.present.focus import Focus, about
from catalogue.web.present.reader import Reader, language_name, moment, stated_date
from catalogue.web.present.sources import address


@pytest.fixture
def reader(app: Any) -> Any:
    with app.test_request_context("/en/"):
        yield Reader("en", townhall.vocabulary())


@pytest.fixture
def lezer(app: Any) -> Any:
    with app.test_request_context("/nl/"):
        app.preprocess_request()
        yield Reader("nl", townhall.vocabulary())


def stratum(*codes: str, **stated: Any) -> ConsentStratum:
    return ConsentStratum(
        conditions=tuple(Condition(term=townhall.term(each)) for each in codes), **stated
    )


def said(reader: Reader, *strata: ConsentStratum) -> list[str]:
    dataset = townhall.a_dataset("x", consent=strata)
    return list(companies(card.consent_groups(reader, dataset)))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        pytest.param({"NRES"}, ("open",), id="no restriction"),
        pytest.param({"GRU"}, ("open",), id="general research"),
        pytest.param({"HMB", "IRB"}, ("open",), id="health research"),
        pytest.param({"DS"}, ("open",), id="a disease"),
        pytest.param({"HMB", "NPU"}, ("non-profit",), id="non-profit"),
        pytest.param({"HMB", "NCU"}, ("non-commercial",), id="non-commercial"),
        pytest.param({"HMB", "NPUNCU"}, ("both",), id="both in one code"),
        pytest.param({"HMB", "NPU", "NCU"}, ("both",), id="both in two codes"),
        pytest.param({"HMB", "NPU", "IS"}, ("non-profit", "named"), id="narrowed twice"),
        pytest.param({"HMB", ""}, ("unknown",), id="an unknown code"),
        pytest.param({"PUB"}, ("silent",), id="a duty without a permission"),
        pytest.param(set(), ("unstated",), id="nothing"),
    ],
)
def test_what_the_codes_say_about_companies(terms: set[str], expected: tuple[str, ...]) -> None:
    assert kinds(frozenset(terms)) == expected


def test_consent_for_everybody_is_said_once(reader: Reader) -> None:
    (paragraph,) = said(reader, stratum("0000006"), stratum("0000042"))
    assert paragraph == (
        "May companies use it? No recorded condition excludes companies. This is an indication, "
        "not a permission: the access committee decides."
    )


def test_different_consent_is_said_group_by_group(reader: Reader) -> None:
    paragraphs = said(reader, stratum("0000006", "0000045", individuals=Count(below=10)), stratum())
    assert paragraphs[1] == (
        "Consent group 1 (fewer than 10 people): only non-profit organisations. A company may not."
    )
    assert paragraphs[2].startswith("Consent group 2: what the people agreed to is not stated.")
    assert paragraphs[-1].startswith("This is an indication, not a permission")


def test_a_group_with_a_foreign_name_is_numbered_in_a_sentence(lezer: Reader) -> None:
    broad = stratum("0000006", "0000045", label=townhall.text("Broad consent"))
    paragraphs = said(lezer, broad, stratum("0000006"))
    assert paragraphs[1] == (
        "Toestemmingsgroep 1: alleen organisaties zonder winstoogmerk. Een bedrijf mag het niet."
    )


def test_a_card_keeps_groups_apart(page: Any) -> None:
    html = page("/en/datasets?consent=NPU").text
    assert "2 consent groups:" in html
    assert '<em class="not-stated">not stated for a part</em>' in html


def test_permissions_limits_and_duties_have_their_own_icon(page: Any) -> None:
    html = page("/en/dataset/rich").text
    assert 'visually-hidden">Allowed: </span><b>Health or medical' in html
    assert 'visually-hidden">Limit: </span><b>Not for profit' in html


def test_two_codes_of_one_disease_are_one_disease(reader: Reader) -> None:
    cancer = townhall.ours("disease-breast-cancer")
    dataset = townhall.a_dataset("x", diseases=("C50", cancer, "C50.4"))
    assert [each.text for each in card.diseases(reader, dataset)] == ["Breast cancer"]


def test_a_repair_that_changed_nothing_is_a_remark(reader: Reader) -> None:
    seen = {"name": "unclear-date", "before": "01-05-2026", "after": "01-05-2026"}
    changed = {"name": "typed-date", "before": "2026", "after": '"2026"^^xsd:gYear'}
    assert [each.before for each in repairs(reader, [seen, changed])] == ["2026"]
    assert [each.before for each in remarks(reader, [seen, changed])] == ["01-05-2026"]


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"kind": "fetch", "status": 503}, "fault of its own (status 503)"),
        ({"message": {"en": "x: answered with status 500"}}, "fault of its own (status 500)"),
        ({"kind": "status", "status": 404}, "does not give this address (status 404)"),
        ({"message": {"en": "x: timed out after 60 s"}}, "too long to answer"),
        ({"kind": "fetch", "message": {"en": "x: the answer breaks off"}}, "broke off"),
        ({"message": {"en": "x: larger than 20 MB"}}, "larger than we read"),
        ({"kind": "html"}, "web page instead of RDF"),
        ({"kind": "syntax", "line": 6}, "Mend line 6"),
        ({"kind": "syntax", "line": None}, "not well-formed RDF"),
        ({"kind": "refused"}, "it is not public"),
        ({}, "Check that this address answers with RDF."),
    ],
)
def test_each_failure_has_its_own_advice(
    reader: Reader, details: dict[str, Any], words: str
) -> None:
    assert words in advice(Outcome.FAILED, details)


def test_a_finding_names_the_part_that_it_is_about(reader: Reader) -> None:
    known = Focus.of(townhall.DATASETS[0])
    assert about("https://fdp.example/dataset/rich", known) == "Dataset"
    assert about("https://fdp.example/dataset/rich / dcat:contactPoint", known) == "Contact"
    assert about(f"{townhall.BASE}/distribution/richdist", known) == "Distribution"
    assert about("https://fdp.example/somebody", known) == "somebody"


def test_a_finding_names_the_profile_that_requires_it(page: Any) -> None:
    assert "(required by Health-RI core 2)" in page("/en/dataset/small").text
    assert "(verplicht volgens Health-RI core 2)" in page("/nl/dataset/small").text


def test_times_are_dutch_for_people_and_utc_for_programs(reader: Reader, client: Any) -> None:
    assert moment(datetime(2026, 1, 14, 23, 30, tzinfo=UTC)).text == "15 Jan 2026, 00:30 CET"
    assert client.get("/api/datasets/rich").json["last_seen"] == "2026-11-20T12:00:00+00:00"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("2020", "2020"), ("2020-03", "mrt 2020"), ("2020-03-01T00:00:00Z", "1 mrt 2020"), ("x", "x")],
)
def test_a_date_is_as_precise_as_it_was_stated(lezer: Reader, written: str, shown: str) -> None:
    assert stated_date(written) == shown


def test_a_consent_period_is_written_like_other_dates(lezer: Reader) -> None:
    assert _period(Period(start="2017-01-01", end="2025")).text == "1 jan 2017 tot en met 2025"


def test_a_language_is_called_by_its_name(lezer: Reader) -> None:
    assert [language_name(each) for each in ("en", "de-AT", "xx-qq")] == [
        "Engels",
        "Duits",
        "xx-qq",
    ]


@pytest.mark.parametrize("url", ["file:///srv/data/list.ttl", "/srv/data/list.ttl"])
def test_the_path_of_a_file_on_our_disk_is_not_shown(url: str) -> None:
    assert address(url).text == "list.ttl"
    assert address(url).href == ""
