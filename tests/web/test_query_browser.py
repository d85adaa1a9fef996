"""The query page in a real browser: answers are of now, and lead where there is something."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from web import townhall
from web.test_query_page import WITH_PAGE, WITHOUT_PAGE, Store
from werkzeug.serving import make_server

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ONE = "SELECT (1 AS ?one) WHERE {}"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    parts = townhall.services()
    app = townhall.create_app(
        townhall.Services(
            parts.register,
            parts.search,
            Store(),  # type: ignore[arg-type]
            parts.vocabulary,
            townhall.documents(),
        ),
        townhall.settings(),
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def shown(page: Page, selector: str) -> Any:
    """What is in the tab that is open."""
    return page.locator(f"#yasgui .tabPanel.active {selector}")


def ask(page: Page, query: str, expected: str = ".answer-table") -> None:
    """Replace the question, ask it, and wait for what the answer is expected to show."""
    shown(page, ".yasqe .CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)
    page.keyboard.press("Control+Enter")
    expect(shown(page, "[aria-busy=true]")).to_have_count(0)
    shown(page, expected).wait_for()


def questions(page: Page) -> list[str]:
    """The addresses of all questions that are sent from now on."""
    sent: list[str] = []
    page.on("request", lambda it: sent.append(it.url) if "/sparql" in it.url else None)
    return sent


def kept(page: Page) -> str:
    """Everything that the browser keeps for a next visit."""
    return str(page.evaluate("JSON.stringify(Object.entries(localStorage))"))


def test_a_link_leads_to_a_page_in_a_language_only_where_there_is_one(
    site: str, page: Page
) -> None:
    values = " ".join(f"<{townhall.BASE}/{path}>" for path in WITH_PAGE + WITHOUT_PAGE)
    page.goto(f"{site}/nl/query#query={quote(f'SELECT * {{ VALUES ?it {{ {values} }} }}')}")
    links = shown(page, ".answer-table tbody a")
    expect(links).to_have_count(len(WITH_PAGE + WITHOUT_PAGE))
    found = links.evaluate_all("all => all.map((each) => each.getAttribute('href'))")
    assert found[: len(WITH_PAGE)] == [f"/nl/{path}" for path in WITH_PAGE]
    assert found[len(WITH_PAGE) :] == [f"{townhall.BASE}/{path}" for path in WITHOUT_PAGE]


@pytest.mark.parametrize("way", ["?example=everything", f"?query={quote(ONE)}"])
def test_a_question_of_an_address_is_asked_every_time(site: str, page: Page, way: str) -> None:
    sent = questions(page)
    for times in (1, 2):
        page.goto("about:blank")
        page.goto(f"{site}/nl/query{way}")
        shown(page, ".answer-table").wait_for()
        page.wait_for_load_state("networkidle")
        assert len(sent) == times


def test_an_example_is_asked_again_when_it_is_chosen_again(site: str, page: Page) -> None:
    page.goto(f"{site}/en/query")
    page.wait_for_load_state("networkidle")
    for _ in range(2):
        with page.expect_request("**/sparql?*"):
            page.locator("a[data-example=everything]").click()
        shown(page, ".answer-table").wait_for()


def test_no_answer_is_kept_beyond_a_visit(site: str, page: Page) -> None:
    page.goto(f"{site}/en/query")
    ask(page, "SELECT (CONCAT('with', 'drawn') AS ?it) {}")
    expect(shown(page, ".answer-table")).to_contain_text("withdrawn")
    assert "CONCAT" in kept(page)
    assert "withdrawn" not in kept(page)


OLD = """() => {
  const key = Object.keys(localStorage).find((each) => localStorage[each].includes("tabConfig"));
  const kept = JSON.parse(localStorage[key]);
  const response = { contentType: "application/sparql-results+json", status: 200, data:
    '{"head":{"vars":["it"]},"results":{"bindings":[{"it":{"type":"literal","value":"old"}}]}}' };
  const tabs = Object.values((kept.value ?? kept.val).tabConfig);
  for (const each of tabs) each.yasr.response = response;
  (kept.value ?? kept.val).lastClosedTab = { index: 0, tab: { ...tabs[0], id: "closed" } };
  localStorage[key] = JSON.stringify(kept);
}"""
"""As a visit to an earlier version of the page left it behind."""


def test_an_answer_that_an_earlier_visit_left_is_not_shown_and_forgotten(
    site: str, page: Page
) -> None:
    page.goto(f"{site}/en/query")
    ask(page, ONE)
    page.goto("about:blank")
    page.goto(f"{site}/robots.txt")
    page.evaluate(OLD)
    assert '\\"old\\' in unescaped(kept(page))
    page.goto(f"{site}/en/query")
    expect(shown(page, ".CodeMirror")).to_contain_text("?one")
    page.get_by_role("button", name="Reopen tab").click()
    expect(page.get_by_role("tab")).to_have_count(2)
    expect(page.locator("#yasgui .answer-table")).to_have_count(0)
    assert '\\"old\\' not in unescaped(kept(page))


def unescaped(text: str) -> str:
    """Text within text within text, with one backslash where there are several."""
    return re.sub(r"\\+", r"\\", text)


def test_the_other_language_has_the_question_that_was_asked_last(site: str, page: Page) -> None:
    page.goto(f"{site}/nl/query?example=consent-codes")
    shown(page, ".answer-table").wait_for()
    ask(page, ONE)
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/query#query=*")
    assert unquote(page.url).endswith(f"#query={ONE}")
    expect(shown(page, ".answer-table tbody")).to_contain_text("1")
    page.get_by_role("button", name="New tab").click()
    other = page.get_by_role("link", name="Nederlands")
    expect(other).to_have_attribute("href", re.compile(r"/nl/query$"))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "37"}, "Wacht even (37 s) en stel de vraag opnieuw."),
        ({}, "Wacht even en stel de vraag opnieuw."),
    ],
    ids=["known", "unknown"],
)
def test_who_asks_too_often_reads_how_long_to_wait(
    site: str, page: Page, headers: dict[str, str], expected: str
) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(
            status=429, headers=headers, json={"status": 429, "detail": "Too many queries."}
        )

    page.route("**/sparql?*", refuse)
    page.goto(f"{site}/nl/query?query={quote(ONE)}")
    notice = shown(page, "[role=alert]")
    expect(notice.get_by_role("heading")).to_have_text("Te vaak")
    expect(notice.get_by_text(expected, exact=True)).to_be_visible()
    expect(notice).to_contain_text("Too many queries.")
