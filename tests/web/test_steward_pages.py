"""What stewards and admins decide, and what a trial of an address shows."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from web.site import HERE, PERSON, Site, bearer, form_token

from catalogue.errors import SettingsError
from catalogue.ingest.check import Busy
from catalogue.ingest.trial import HELD, PUBLISHED, REFUSED, Trial, Tried
from catalogue.register.records import Outcome, RecordOutcome

BRAKED, OTHER, STRANGER = "waalkade", "noordzee", "stranger"
REPAIR = {
    "name": "typed-dates",
    "predicate": "http://purl.org/dc/terms/issued",
    "before": '"21-12-2021"',
    "after": '"2021-12-21"',
    "sentence": {"en": "A date was written as ISO.", "nl": "Een datum is als ISO geschreven."},
}


class FakeTrier:
    """Answers what it was told, and remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, bool]] = []

    def try_source(self, source: Any, limit: int = 25, *, trusted: bool = False) -> Trial:
        self.asked.append((source.url, source.protocol, trusted))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer


def tried(title: str, verdict: str, **details: Any) -> Tried:
    outcome = Outcome.HELD if verdict == HELD else Outcome.NEW
    found = RecordOutcome(
        url=f"https://fdp.example/{title}", outcome=outcome, title=title, details=details
    )
    return Tried(kind="dataset", title=title, verdict=verdict, outcome=found)


A_TRIAL = Trial(
    url="https://fdp.example/",
    protocol="fdp",
    records=(
        tried("Genomes", PUBLISHED, repairs=[REPAIR]),
        tried("Untitled", HELD, message={"en": "It has no title.", "nl": "Er is geen titel."}),
        tried("People", REFUSED, message={"en": "It is about persons.", "nl": "Over personen."}),
    ),
    problems=(
        RecordOutcome(
            url="https://fdp.example/4",
            outcome=Outcome.FAILED,
            details={"message": {"en": "timed out after 20 s"}, "kind": "timeout"},
        ),
    ),
    more=True,
)


@pytest.fixture
def site() -> Site:
    return Site(trier=FakeTrier(A_TRIAL))


def tokens(site: Site) -> dict[str, str]:
    """Waalkade has a steward of its own; Anna is of another organisation, Ada an admin."""
    own = site.desk.desk.issue("waalkade", "steward", "Wim", days=1, actor="x").text  # type: ignore[arg-type]
    return {"visitor": "", "own": own, "other": site.desk.anna, "admin": site.desk.ada}


ROUTES = {
    # what is asked: (method, path, form, who may)
    "removal": ("POST", f"/en/sources/{BRAKED}/removal", {"decision": "confirm"}, "own admin"),
    "keeping": ("POST", f"/nl/sources/{BRAKED}/removal", {"decision": "decline"}, "own admin"),
    "pending": ("GET", "/en/sources/pending", {}, "admin"),
    "approval": ("POST", f"/en/sources/{STRANGER}/decision", {"decision": "approve"}, "admin"),
    "refusal": ("POST", f"/sources/{STRANGER}/decision", {"decision": "refuse"}, "admin"),
    "a stranger": ("GET", f"/en/sources/{STRANGER}", {}, "admin"),
    "a stranger as JSON": ("GET", f"/api/v1/sources/{STRANGER}", {}, "admin"),
    "runs of a stranger": ("GET", f"/api/v1/sources/{STRANGER}/runs", {}, "admin"),
    "feed of a stranger": ("GET", f"/en/sources/{STRANGER}/feed.atom", {}, "admin"),
    "trial": ("POST", "/en/sources/test", {"url": "https://x.example/"}, "own other admin"),
}


@pytest.mark.parametrize("who", ["visitor", "own", "other", "admin"])
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("by_cookie", [True, False], ids=["browser", "program"])
def test_each_role_may_do_what_the_table_says_and_no_more(
    site: Site, route: str, who: str, by_cookie: bool
) -> None:
    method, path, data, allowed = ROUTES[route]
    token = tokens(site)[who]
    browser = site.sign_in(token) if token and by_cookie else site.browser()
    headers = PERSON | ({} if by_cookie or not token else bearer(token))
    sent = data | ({"form_token": form_token(browser)} if token and by_cookie else {})
    options = {"headers": headers, "base_url": HERE, "method": method}
    answer = browser.open(path, data=sent if method == "POST" else None, **options)
    good = who in allowed.split()
    assert (answer.status_code in (200, 303)) == good, answer.status_code
    if not good:
        assert answer.status_code in ((401,) if who == "visitor" else (403,)) or (
            answer.status_code == 404 and "stranger" in route
        )
        assert site.decisions.made == []


def test_a_program_that_is_not_let_in_reads_why_as_json(site: Site) -> None:
    path = f"/en/sources/{BRAKED}/removal"
    answer = site.browser().post(path, data={"decision": "confirm"})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json["status"] == 401


@pytest.mark.parametrize("decision", ["confirm", "decline"])
def test_a_decision_is_made_in_the_name_of_whoever_made_it(site: Site, decision: str) -> None:
    answer = site.post(f"/nl/sources/{BRAKED}/removal", site.desk.ada, decision=decision)
    assert answer.headers["Location"] == f"/nl/sources/{BRAKED}"
    ((made, source, by),) = site.decisions.made
    assert (made, source) == (decision, BRAKED)
    assert by.startswith("Ada (admin of health-ri, token ")
    assert site.desk.ada not in by


@pytest.mark.parametrize("sent", [{}, {"decision": "perhaps"}, {"decision": ""}])
def test_what_is_not_a_decision_decides_nothing(site: Site, sent: dict[str, str]) -> None:
    assert site.post(f"/en/sources/{BRAKED}/removal", site.desk.ada, **sent).status_code == 400
    assert site.post(f"/en/sources/{STRANGER}/decision", site.desk.ada, **sent).status_code == 400
    assert site.decisions.made == []


def test_fields_that_nobody_asked_for_are_ignored(site: Site) -> None:
    extra = {"role": "admin", "organisation": "waalkade", "records": "all", "source": OTHER}
    path = f"/en/sources/{BRAKED}/removal"
    assert site.post(path, site.desk.anna, decision="confirm", **extra).status_code == 403
    assert site.post(path, site.desk.ada, decision="confirm", **extra).status_code == 303
    assert [each[:2] for each in site.decisions.made] == [("confirm", BRAKED)]


def test_nothing_is_decided_where_nothing_waits(site: Site) -> None:
    for path in (f"/en/sources/{OTHER}/removal", "/en/sources/nowhere/removal"):
        assert site.post(path, site.desk.ada, decision="confirm").status_code == 404
    path = f"/en/sources/{BRAKED}/decision"
    assert site.post(path, site.desk.ada, decision="refuse").status_code == 404
    assert site.decisions.made == []


def test_the_buttons_are_shown_to_whoever_may_press_them(site: Site) -> None:
    who = tokens(site)
    path = f"/en/sources/{BRAKED}"
    for name in ("own", "admin"):
        assert 'name="decision" value="confirm"' in site.page(path, who[name]).text
    for name in ("visitor", "other"):
        assert 'name="decision"' not in site.page(path, who[name]).text
    assert "Sign in to decide" in site.page(path).text


def test_an_admin_is_told_that_sources_wait(site: Site) -> None:
    assert "1 new source waits for you" in site.page("/en/sources", site.desk.ada).text
    assert "1 nieuwe bron wacht op u" in site.page("/nl/sources", site.desk.ada).text
    for token in ("", site.desk.anna):
        html = site.page("/en/sources", token).text
        assert "waits for you" not in html
        assert "stranger" not in html


def test_what_a_stranger_calls_itself_is_only_text(site: Site) -> None:
    html = site.page("/en/sources/pending", site.desk.ada).text
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_visitor_reads_how_to_get_a_token(site: Site) -> None:
    html = site.page("/en/sources/test").text
    assert "catalogue source test" in html
    assert "catalogue token create" in html
    assert 'name="url"' not in html
    assert "Een adres testen" in site.page("/nl/sources/test").text


def test_a_trial_says_what_would_become_of_each_record(site: Site) -> None:
    data = {"url": " https://fdp.example/ ", "protocol": ""}
    html = site.post("/en/sources/test", site.desk.anna, **data).text
    assert "Of 3 records that we looked at, 1 would be public, 1 held back and 1 refused." in html
    for words in ("FAIR Data Point", "would be public", "would be held back", "would be refused"):
        assert words in html
    assert "A date was written as ISO." in html
    assert "It has no title." in html
    assert "The server took too long to answer." in html
    assert "There is more at the source." in html
    assert "catalogue source add NAME &#39;https://fdp.example/&#39; --protocol fdp" in html


def test_a_password_in_an_address_is_neither_used_nor_shown(site: Site) -> None:
    answer = site.post("/nl/sources/test", site.desk.anna, url="https://me:secret@umc.example/")
    assert answer.status_code == 400
    assert "zonder gebruikersnaam of wachtwoord" in answer.text
    assert "secret" not in answer.text


def test_a_trial_is_told_in_dutch(site: Site) -> None:
    html = site.post("/nl/sources/test", site.desk.anna, url="https://fdp.example/").text
    assert "worden er 1 openbaar, 1 aangehouden en 1 geweigerd" in html
    assert "Er is geen titel." in html
    assert "Een datum is als ISO geschreven." in html


def test_only_an_admin_may_have_the_operators_own_hosts_called(site: Site) -> None:
    trier = FakeTrier(A_TRIAL, A_TRIAL)
    site = Site(trier=trier)
    site.post("/en/sources/test", site.desk.anna, url="https://a.example/", protocol="dcat")
    site.post("/en/sources/test", site.desk.ada, url="https://a.example/")
    assert trier.asked == [
        ("https://a.example/", "dcat", False),
        ("https://a.example/", "", True),
    ]


def test_when_no_protocol_fits_the_page_says_what_was_tried() -> None:
    asked = ("https://x.example/", "https://x.example/sparql")
    nothing = Trial(url=asked[0], protocol=None, error="answers, but in nothing", asked=asked)
    site = Site(trier=FakeTrier(nothing))
    html = site.post("/en/sources/test", site.desk.anna, url=asked[0]).text
    assert "No protocol fits" in html
    assert asked[1] in html
    assert "answers, but in nothing" in html
    assert "source add" not in html


@pytest.mark.parametrize(
    ("answer", "data", "status"),
    [
        pytest.param(None, {"url": ""}, 400, id="no address"),
        pytest.param(None, {"url": "x" * 2001}, 400, id="an endless address"),
        pytest.param(SettingsError("no"), {"url": "file:///etc/passwd"}, 400, id="a file"),
        pytest.param(None, {"url": "https://a.example", "protocol": "files"}, 400, id="files"),
        pytest.param(Busy("busy"), {"url": "https://a.example"}, 503, id="busy"),
    ],
)
def test_what_cannot_be_tried_is_said(answer: Any, data: dict[str, str], status: int) -> None:
    site = Site(trier=FakeTrier(answer))
    assert site.post("/en/sources/test", site.desk.anna, **data).status_code == status


def test_each_account_tries_one_address_at_a_time() -> None:
    going, done = threading.Event(), threading.Event()

    def slow() -> Trial:
        going.set()
        assert done.wait(20)
        return A_TRIAL

    site = Site(trier=FakeTrier(slow, A_TRIAL, A_TRIAL))
    first: list[int] = []

    def ask() -> None:
        answer = site.post("/en/sources/test", site.desk.anna, url="https://a.example/")
        first.append(answer.status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    assert going.wait(20)
    data = {"url": "https://b.example/"}
    again = site.post("/en/sources/test", site.desk.anna, **data)
    assert again.status_code == 503
    assert again.headers["Retry-After"]
    assert site.post("/en/sources/test", site.desk.bob, **data).status_code == 200
    done.set()
    thread.join(20)
    assert first == [200]
    assert site.post("/en/sources/test", site.desk.anna, **data).status_code == 200
