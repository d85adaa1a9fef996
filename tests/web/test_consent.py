"""May I use this? The purpose in the address, the verdicts on cards and pages, and the API."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from web import townhall

from catalogue.consent.outcome import Verdict
from catalogue.consent.policy import Policy
from catalogue.consent.purpose import MOST_MONTHS
from catalogue.consent.rules import NOT_A_PERMISSION, VERSION

DIABETES = "purpose=disease:MONDO:0005148&org=nonprofit&country=NL"


def verdict_of(html: str, title: str) -> list[str]:
    """The verdicts on the card with this title."""
    cards = html.split('<li class="result">')[1:]
    card = next(each for each in cards if title in each)
    side = card.split('<details class="disclosure full why">')[0]
    return re.findall(r'<span class="verdict verdict--(\w+)">', side)


def test_without_a_purpose_no_card_and_no_page_has_a_verdict(page: Any) -> None:
    for path in ("/en/datasets", "/nl/datasets?q=genoom", "/en/dataset/rich"):
        html = page(path).text
        assert 'class="verdict' not in html
        assert "Why this verdict" not in html


def test_every_card_shows_one_of_the_five_verdicts_in_words(page: Any) -> None:
    html = page(f"/en/datasets?{DIABETES}").text
    assert verdict_of(html, "Cardiomyopathy exomes") == ["fits"]
    assert verdict_of(html, "CF gene panel") == ["unfit"]
    assert verdict_of(html, "Solid tumours") == ["unstated"]
    assert html.count("Why this verdict") == html.count('<li class="result">')


def test_groups_that_differ_get_a_verdict_each_and_are_never_one_yes(page: Any) -> None:
    html = page(f"/en/datasets?{DIABETES}").text
    assert verdict_of(html, "Hereditary breast cancer genomes") == ["fits", "unstated"]


def test_the_reasons_of_a_verdict_give_the_code_and_the_version_of_the_rules(page: Any) -> None:
    html = page(f"/en/datasets?{DIABETES}").text
    assert re.search(r'href="http://purl.obolibrary.org/obo/DUO_0000042"[^>]*>GRU</a>', html)
    assert f"Rules version {VERSION}." in html
    assert NOT_A_PERMISSION.value("en") in html


def test_dutch_pages_speak_dutch(page: Any) -> None:
    html = page(f"/nl/datasets?{DIABETES}").text
    assert "Waarom dit oordeel" in html
    assert "toestemming niet vermeld" in html.lower()
    assert NOT_A_PERMISSION.value("nl") in html


def test_the_question_is_repeated_in_words(page: Any) -> None:
    html = page(f"/en/datasets?{DIABETES}").text
    assert "research on type 2 diabetes mellitus, non-profit, Netherlands" in html


@pytest.mark.parametrize("typed", ["breast cancer", "Borstkanker", "MONDO:0007254", "C50"])
def test_a_disease_typed_in_any_spelling_becomes_one_address(page: Any, typed: str) -> None:
    answer = page(f"/nl/datasets?purpose=disease&study={typed}&org=&use=&country=")
    assert answer.status_code == 302
    assert (
        dict(parse_qsl(urlsplit(answer.location).query))
        == {"purpose": "disease:gc:disease-breast-cancer"}
        or "breast-cancer" in answer.location
    )


def test_a_disease_that_nobody_knows_is_said_at_its_field_and_guessed_at(page: Any) -> None:
    html = page("/en/datasets?purpose=disease&study=diabetes+mel").text
    assert "We do not know “diabetes mel” as a disease" in html
    assert 'aria-invalid="true"' in html
    meant = html.split("Do you mean:")[1].split("</ul>")[0]
    assert "purpose=disease" in meant
    assert "diabetes mellitus</a>" in meant


def test_an_empty_form_asks_nothing(page: Any) -> None:
    answer = page("/en/datasets?q=exome&study=&org=&use=&country=&link=&months=")
    assert answer.status_code == 302
    assert urlsplit(answer.location).query == "q=exome"


def test_filters_words_and_pages_keep_the_purpose(page: Any) -> None:
    html = page(f"/en/datasets?{DIABETES}&assay=wes").text
    search, filters = html.split('<form class="filters"', 1)
    for part in (search, filters.split("</form>")[0]):
        assert 'name="purpose" value="disease:MONDO:0005148"' in part
        assert 'name="org" value="nonprofit"' in part


def test_a_card_leads_to_the_dataset_with_the_same_purpose(page: Any) -> None:
    html = page(f"/en/datasets?{DIABETES}").text
    links = re.findall(r'href="(/en/dataset/rich\?[^"]+)"', html)
    shown = page(links[0].replace("&amp;", "&")).text
    assert "May I use this?" in shown
    assert 'class="verdict verdict--fits"' in shown


def test_choosing_a_verdict_is_a_filter_like_any_other(page: Any, client: Any) -> None:
    for verdict in Verdict:
        address = f"/api/datasets?{DIABETES}&fits={verdict.value}"
        found = client.get(address).json
        assert all(verdict.value in each["fit"]["verdicts"] for each in found["hits"])
    html = page(f"/en/datasets?{DIABETES}&fits=fits").text
    assert "Consent fits my purpose: fits" in html


def test_people_are_summed_by_verdict_but_not_over_very_few_datasets(page: Any) -> None:
    html = page(f"/en/datasets?{DIABETES}").text
    table = html.split('id="tallies-cap"')[1].split("</table>")[0]
    assert "4,240 + 2 groups without a number" in table
    assert table.count("not added up: fewer than 3 datasets") == 2  # fits, does not fit
    assert not re.search(r">[1-9]</td>\s*</tr>", table)  # individuals, the last column


def test_a_bad_answer_is_refused_by_its_name(page: Any) -> None:
    answer = page("/en/datasets?months=many")
    assert answer.status_code == 400
    assert "months" in answer.text


@pytest.mark.parametrize("path", ["/en/datasets", "/en/dataset/rich"])
@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("months", "1500", "“1500” is not a whole number from 0 to 1200, so it is left out."),
        ("publish_date", "31-1-2030", "“31-1-2030” is not a date such as 2030-01-31"),
        ("institution", "UMC " * 60, "A name has at most 200 characters, all of them visible"),
    ],
)
def test_a_mistake_in_the_form_is_said_at_its_field_and_the_rest_stays(
    page: Any, path: str, field: str, typed: str, said: str
) -> None:
    rest = "purpose=disease&study=breast+cancer&org=nonprofit&collab=yes"
    answer = page(f"{path}?{rest}&{field}={typed}")
    assert answer.status_code == 200
    form = answer.text.split('<form class="purpose-form"')[1].split("</form>")[0]
    assert said in form.split(f'id="{field}-error"')[1]
    assert f'value="{typed[:200]}" aria-invalid="true" aria-describedby="{field}-error"' in form
    assert 'name="study" maxlength="200" list="study-names" value="breast cancer"' in form
    for chosen in ("disease", "nonprofit", "yes"):
        assert f'value="{chosen}" checked' in form
    assert '<details class="purpose disclosure" id="purpose" open>' in answer.text
    assert '<details class="full more" open>' in form


def test_several_mistakes_in_the_form_are_said_at_once_in_dutch(page: Any) -> None:
    html = page("/nl/datasets?study=oeps&months=veel&months=1e3&publish_date=morgen").text
    assert html.count('aria-invalid="true"') == 3
    assert "‘morgen’ is geen datum zoals 2030-01-31; het is weggelaten." in html
    assert "is geen heel getal van 0 tot en met 1200; het is weggelaten." in html


def test_the_form_asks_for_no_more_months_than_can_be_read(page: Any) -> None:
    assert (
        f'type="number" inputmode="numeric" min="0" max="{MOST_MONTHS}"'
        in page("/en/datasets").text
    )
    for months, status in ((MOST_MONTHS, 302), (MOST_MONTHS + 1, 200)):
        assert page(f"/en/datasets?study=&months={months}").status_code == status


def test_the_api_answers_for_a_dataset_and_for_codes(client: Any) -> None:
    answer = client.post(
        "/api/v1/consent/match",
        json={
            "datasets": ["rich", "small"],
            "consents": ["HMB;NPU", ""],
            "purposes": [
                {"purpose": "disease:MONDO:0005148", "org": "nonprofit", "country": "NL"},
                {"purpose": ["health"], "org": "forprofit"},
            ],
        },
    )
    assert answer.status_code == 200
    first, second = answer.json["results"]
    assert [each["fit"]["verdict"] for each in first["answers"][2:]] == ["fits", "not-stated"]
    assert second["answers"][2]["fit"]["verdict"] == "does-not-fit"
    assert set(answer.json["notice"]) == {"nl", "en"}
    reasons = first["answers"][0]["fit"]["groups"][0]["reasons"]
    assert {"HMB", "NPU", "GS"} <= {each["code"] for each in reasons}


def test_an_empty_purpose_gets_no_verdict_from_the_api(client: Any) -> None:
    answer = client.post("/api/v1/consent/match", json={"consents": ["GRU"], "purposes": [{}]})
    assert answer.json["results"][0]["answers"] == [{"consent": "GRU", "fit": None}]
    assert client.get("/api/datasets").json["hits"][0]["fit"] is None


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([], "object"),
        ({"purposes": []}, "purposes"),
        ({"purposes": [{}], "consents": []}, "consents"),
        ({"purposes": "health", "consents": ["GRU"]}, "purposes"),
        ({"purposes": ["health"], "consents": ["GRU"]}, "purposes[0]"),
        ({"purposes": [{"months": "x"}], "consents": ["GRU"]}, "months"),
        ({"purposes": [{"goal": "x"}], "consents": ["GRU"]}, "goal"),
        ({"purposes": [{"org": {"a": 1}}], "consents": ["GRU"]}, "org"),
        ({"purposes": [{}], "consents": ["GRU" * 1000]}, "consents"),
        ({"purposes": [{}] * 21, "consents": ["GRU"]}, "purposes"),
        ({"purposes": [{}], "consents": ["GRU"], "role": "admin"}, "role"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_by_name(
    client: Any, body: Any, named: str
) -> None:
    answer = client.post("/api/v1/consent/match", json=body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert named in answer.json["detail"]


def test_a_dataset_that_is_not_there_is_named(client: Any) -> None:
    body = {"purposes": [{"purpose": "health"}], "datasets": ["nowhere"]}
    answer = client.post("/api/v1/consent/match", json=body)
    assert answer.status_code == 404
    assert "nowhere" in answer.json["detail"]


def test_a_withdrawn_dataset_gets_no_verdict(client: Any) -> None:
    body = {"purposes": [{"purpose": "health"}], "datasets": ["old"]}
    assert client.post("/api/v1/consent/match", json=body).status_code == 404


@pytest.fixture(scope="module")
def strict() -> Any:
    """A catalogue whose operator made another choice."""
    policy = Policy.read(["methods_in_disease=not-permitted"])
    return townhall.application(townhall.services(policy=policy)).test_client()


def test_a_choice_of_the_operator_decides_on_every_page_alike(page: Any, strict: Any) -> None:
    html = {"Accept": "text/html"}
    cards = strict.get("/en/datasets?purpose=methods", headers=html).text
    assert verdict_of(page("/en/datasets?purpose=methods").text, "CF gene panel") == ["committee"]
    assert verdict_of(cards, "CF gene panel") == ["unfit"]
    (found,) = strict.get("/api/v1/datasets?purpose=methods&fits=does-not-fit").json["hits"]
    assert found["title"]["en"].endswith("CF gene panel")
    assert found["fit"]["verdict"] == "does-not-fit"
    shown = strict.get(f"/en/dataset/{found['id']}?purpose=methods", headers=html).text
    assert "verdict--unfit" in shown
    one = strict.get(f"/api/v1/datasets/{found['id']}?purpose=methods").json
    assert one["fit"]["verdict"] == "does-not-fit"
    asked = {"purposes": [{"purpose": ["methods"]}], "datasets": [found["id"]]}
    answer = strict.post("/api/v1/consent/match", json=asked).json["results"][0]["answers"][0]
    assert answer["fit"]["verdict"] == "does-not-fit"


def test_the_page_of_the_rules_says_what_was_chosen_here(page: Any, strict: Any) -> None:
    def chosen(html: str) -> str:
        return html.split('<div id="methods_in_disease">')[1].split("</strong>", maxsplit=1)[0]

    assert "undetermined" in chosen(page("/en/about/consent/rules").text)
    rules = strict.get("/en/about/consent/rules", headers={"Accept": "text/html"}).text
    assert "not permitted" in chosen(rules)


def test_an_unanswered_question_is_not_said_to_go_to_the_committee(page: Any) -> None:
    """Under NPU it is a duty: the hint beside the question may not contradict the verdict."""
    html = page("/en/datasets?purpose=health").text
    assert "what depends on it becomes a duty or is left to the committee" in html


def test_json_that_is_nested_too_deeply_is_a_bad_request(client: Any) -> None:
    options = {"data": b"[" * 2000, "content_type": "application/json"}
    assert client.post("/api/v1/consent/match", **options).status_code == 400
