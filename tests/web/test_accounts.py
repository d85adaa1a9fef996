"""Signing in, and what nobody can do in the name of somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from web import townhall
from web.site import Site, bearer, form_token

from catalogue.web.pages.steward import local
from catalogue.web.rate import Window, network

PERSON = {"Accept": "text/html"}


HERE = townhall.BASE


@pytest.fixture
def site() -> Site:
    return Site()


def cookie(answer: Any) -> str:
    return str(answer.headers["Set-Cookie"])


def test_a_steward_signs_in_and_goes_on_to_where_they_were(site: Site) -> None:
    browser = site.browser()
    answer = browser.post(
        "/nl/sign-in", data={"token": site.desk.anna, "next": "/nl/sources/waalkade"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/nl/sources/waalkade"


def test_the_cookie_is_bound_to_this_host_and_hidden_from_scripts(site: Site) -> None:
    said = cookie(site.browser().post("/en/sign-in", data={"token": site.desk.anna}))
    for part in ("__Host-gcat=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"):
        assert part in said
    assert "Domain" not in said
    assert "gcat_" not in said.replace("__Host-gcat=", "")


def test_without_https_the_cookie_has_a_plain_name() -> None:
    site = Site(base_url="http://localhost:8000")
    said = cookie(site.browser().post("/en/sign-in", data={"token": site.desk.anna}))
    assert said.startswith("gcat=")
    assert "Secure" not in said


def test_whoever_signed_in_reads_for_whom_and_is_not_asked_to_sign_in(site: Site) -> None:
    browser = site.sign_in(site.desk.anna)
    for path, role in (("/en/sign-in", "steward of Noordzee UMC (noordzee)"), ("/nl/", "")):
        html = browser.get(path, headers=PERSON, base_url=HERE).text
        assert role in html
        assert "noordzee" in html[: html.index("<main")]
        assert "For stewards: sign in" not in html
        assert "Voor datastewards: inloggen" not in html
    admin = site.sign_in(site.desk.ada).get("/en/sign-in", headers=PERSON, base_url=HERE).text
    assert "You are an admin" in admin
    assert "For stewards: sign in" in site.page("/en/").text


def test_a_visitor_never_gets_a_cookie(site: Site) -> None:
    browser = site.browser()
    for path in ("/en/", "/en/sign-in", "/en/sources/waalkade", "/en/nope"):
        assert "Set-Cookie" not in browser.get(path, headers=PERSON).headers
    wrong = browser.post("/en/sign-in", data={"token": "gcat_wrong"}, headers=PERSON)
    assert wrong.status_code == 401
    assert "Set-Cookie" not in wrong.headers
    assert "wrong, was revoked or has expired" in wrong.text


def test_each_sign_in_has_another_cookie_and_ends_the_earlier_one(site: Site) -> None:
    browser = site.browser()
    first = cookie(browser.post("/en/sign-in", data={"token": site.desk.anna}, base_url=HERE))
    second = cookie(browser.post("/en/sign-in", data={"token": site.desk.anna}, base_url=HERE))
    assert first.partition(";")[0] != second.partition(";")[0]
    assert len(site.desk.tokens.sessions) == 1


def test_pages_of_somebody_signed_in_are_kept_by_no_cache(site: Site) -> None:
    signed_in, visitor = site.sign_in(site.desk.anna), site.browser()
    mine = signed_in.get("/en/sources/waalkade", headers=PERSON, base_url=HERE)
    theirs = visitor.get("/en/sources/waalkade", headers=PERSON, base_url=HERE)
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in theirs.headers.get("Cache-Control", "")
    assert {"Accept", "Accept-Language", "Cookie"} <= set(theirs.vary)
    assert "Anna" in mine.text
    assert "Anna" not in theirs.text


def test_signing_out_ends_the_session_at_the_server(site: Site) -> None:
    browser = site.sign_in(site.desk.anna)
    stolen = browser.get_cookie("__Host-gcat", "catalogue.example").value
    word = form_token(browser)
    answer = browser.post("/en/sign-out", data={"form_token": word}, base_url=HERE)
    assert answer.status_code == 303
    thief = site.browser()
    thief.set_cookie("__Host-gcat", stolen, domain="catalogue.example")
    assert "Anna" not in thief.get("/en/sign-in", headers=PERSON, base_url=HERE).text


def test_a_session_ends_with_its_token_and_after_eight_hours(site: Site) -> None:
    anna, bob = site.sign_in(site.desk.anna), site.sign_in(site.desk.bob)
    site.desk.tokens.revoke(site.desk.anna[5:15])
    assert "Anna" not in anna.get("/en/sign-in", headers=PERSON, base_url=HERE).text
    assert "Bob" in bob.get("/en/sign-in", headers=PERSON, base_url=HERE).text
    site.desk.later(hours=8)
    assert "Bob" not in bob.get("/en/sign-in", headers=PERSON, base_url=HERE).text


@pytest.mark.parametrize("made_up", ["x", "a.b", "", "\u00e9", "x" * 5000])
def test_a_made_up_cookie_is_a_visitors(site: Site, made_up: str) -> None:
    asked = site.desk.tokens.asked
    headers = {**PERSON, "Cookie": f"__Host-gcat={made_up}"}
    answer = site.browser().get("/en/sources", headers=headers, base_url=HERE)
    assert answer.status_code == 200
    assert site.desk.tokens.asked == asked


def decide(browser: Any, **sent: Any) -> Any:
    options = {"headers": PERSON, "base_url": HERE, **sent}
    return browser.post("/en/sources/waalkade/removal", **options)


def test_a_form_without_the_word_of_its_session_changes_nothing(site: Site) -> None:
    browser, other = site.sign_in(site.desk.ada), site.sign_in(site.desk.ada)
    theirs = form_token(other)
    for data in (
        {"decision": "confirm"},
        {"decision": "confirm", "form_token": ""},
        {"decision": "confirm", "form_token": "0" * 64},
        {"decision": "confirm", "form_token": theirs},
    ):
        assert decide(browser, data=data).status_code == 403
    assert site.decisions.made == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_another_site_changes_nothing(site: Site, headers: dict[str, str]) -> None:
    browser = site.sign_in(site.desk.ada)
    data = {"decision": "confirm", "form_token": form_token(browser)}
    assert decide(browser, data=data, headers=PERSON | headers).status_code == 403
    answer = site.browser().post("/en/sign-in", data={"token": site.desk.ada}, headers=headers)
    assert answer.status_code == 403
    assert site.decisions.made == []


def test_json_dressed_as_text_changes_nothing(site: Site) -> None:
    browser = site.sign_in(site.desk.ada)
    word = form_token(browser)
    body = f'{{"decision": "confirm", "form_token": "{word}"}}'
    for kind in ("text/plain", "application/json"):
        assert decide(browser, data=body, content_type=kind).status_code == 403
    assert site.decisions.made == []


def test_nothing_changes_by_opening_an_address(site: Site) -> None:
    browser = site.sign_in(site.desk.ada)
    for path in ("/en/sources/waalkade/removal?decision=confirm", "/en/sign-out"):
        assert browser.get(path, headers=PERSON, base_url=HERE).status_code == 405
    assert site.decisions.made == []


def test_a_program_with_a_token_needs_no_form_and_its_cookie_counts_for_nothing(
    site: Site,
) -> None:
    browser = site.sign_in(site.desk.ada)
    data = {"decision": "decline"}
    assert decide(browser, data=data, headers=bearer(site.desk.bob)).status_code == 403
    assert decide(site.browser(), data=data, headers=bearer(site.desk.ada)).status_code == 303
    assert [each[:2] for each in site.decisions.made] == [("decline", "waalkade")]


@pytest.mark.parametrize("path", ["/", "/en/datasets", "/dataset/rich", "/api/datasets", "/health"])
def test_a_wrong_token_is_refused_also_where_none_is_needed(site: Site, path: str) -> None:
    for wrong in ("x", "gcat_" + 10 * "a" + "_" + 40 * "b"):
        answer = site.browser().get(path, headers={**PERSON, **bearer(wrong)})
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_revoked_or_expired_token_is_refused_at_once(site: Site) -> None:
    client = site.browser()
    assert client.get("/api/datasets", headers=bearer(site.desk.anna)).status_code == 200
    site.desk.tokens.revoke(site.desk.anna[5:15])
    assert client.get("/api/datasets", headers=bearer(site.desk.anna)).status_code == 401
    site.desk.later(days=31)
    assert client.get("/api/datasets", headers=bearer(site.desk.bob)).status_code == 401


def test_what_somebody_with_a_token_gets_is_kept_by_no_cache(site: Site) -> None:
    answer = site.browser().get("/dataset/rich", headers=bearer(site.desk.anna))
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "q"])
def test_a_token_in_an_address_is_refused(site: Site, name: str) -> None:
    answer = site.browser().get(f"/api/datasets?{name}={site.desk.anna}")
    assert answer.status_code == 400
    assert "never read from an address" in answer.json["detail"]
    assert site.desk.anna not in answer.text


def test_another_scheme_than_bearer_is_somebody_elses_business(site: Site) -> None:
    answer = site.browser().get("/api/datasets", headers={"Authorization": "Basic eDp5"})
    assert answer.status_code == 200


def test_too_many_wrong_tokens_have_to_wait_but_a_right_one_works(site: Site) -> None:
    client = site.browser()
    statuses = [
        client.get("/api/datasets", headers=bearer(f"gcat_{number}")).status_code
        for number in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2
    answer = client.post("/en/sign-in", data={"token": "gcat_x"}, headers=PERSON)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert client.get("/api/datasets", headers=bearer(site.desk.anna)).status_code == 200


def test_a_header_does_not_make_somebody_another_client(site: Site) -> None:
    for number in range(10):
        forwarded = {"X-Forwarded-For": f"192.0.2.{number}"}
        site.browser().get("/", headers={**bearer("x"), **forwarded})
    assert site.browser().get("/", headers=bearer("x")).status_code == 429


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/%2f%2fevil.example",
        "/nl/%2f%2fevil.example",
        "/nl//evil.example",
        "/a\r\nSet-Cookie: x=y",
        "javascript:alert(1)",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(site: Site, path: str) -> None:
    assert local(path) == ""
    answer = site.browser().post("/nl/sign-in", data={"token": site.desk.anna, "next": path})
    assert answer.headers["Location"] == "/nl/sources"


def test_a_site_without_a_desk_lets_nobody_in() -> None:
    client = townhall.application(townhall.services(desk=None)).test_client()
    assert client.get("/en/sign-in", headers=PERSON).status_code == 404
    assert client.get("/en/", headers=bearer("gcat_x")).status_code == 401


def test_programs_in_browsers_may_send_a_token(site: Site) -> None:
    answer = site.browser().options("/api/datasets")
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_large_description_can_be_checked_by_somebody_signed_in(site: Site) -> None:
    browser = site.sign_in(site.desk.anna)
    data = {"text": "# " + "x" * 1_200_000, "format": "text/turtle"}
    answer = browser.post("/en/validate", data=data, headers=PERSON, base_url=HERE)
    assert answer.status_code == 404  # nobody checks here, but it was not too large


def test_a_form_that_changes_nothing_needs_no_word_and_the_page_knows_who_asked(
    site: Site,
) -> None:
    answer = site.sign_in(site.desk.anna).post("/en/validate", headers=PERSON, base_url=HERE)
    assert answer.status_code == 404  # nobody checks here
    assert "Anna" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_window_slides() -> None:
    now = [0.0]
    window = Window(2, 10.0, clock=lambda: now[0])
    assert window.take("a") == 0
    now[0] = 5.0
    assert window.take("a") == 0
    now[0] = 9.0
    assert window.take("a") == 1
    assert window.take("b") == 0
    now[0] = 10.5
    assert window.take("a") == 0
    assert window.take("a") == 5


def test_a_window_remembers_only_so_many_clients() -> None:
    window = Window(1, 10.0, clock=lambda: 0.0, clients=2)
    for name in ("a", "b", "c"):
        window.note(name)
    assert window.wait("a") == 0
    assert window.wait("c") == 10


def test_a_subscriber_with_many_ipv6_addresses_is_one_client() -> None:
    assert network("2001:db8::1") == network("2001:db8::2")
    assert network("2001:db8:0:1::1") != network("2001:db8::1")
