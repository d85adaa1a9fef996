"""Journey 3: a researcher asks “may I use this?”, in two languages, with and without scripts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from served import ROOT, Served

from catalogue.consent.outcome import Verdict
from catalogue.consent.rules import NOT_A_PERMISSION

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("demo")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WORDS = {
    "en": {
        "aim": "A disease",
        "disease": "type 2 diabetes",
        "org": "Non-profit organisation",
        "country": "Netherlands",
        "read": "Read consent against this purpose",
        "why": "Why this verdict",
        "clear": "Clear purpose",
    },
    "nl": {
        "aim": "Een ziekte",
        "disease": "diabetes type 2",
        "org": "Organisatie zonder winstoogmerk",
        "country": "Nederland",
        "read": "Lees de toestemming voor dit doel",
        "why": "Waarom dit oordeel",
        "clear": "Doel wissen",
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: sh tests/outside.sh installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 1280, "height": 900}
    )
    yield opened
    opened.close()


def state_purpose(page: Page, demo: Served, language: str) -> None:
    words = WORDS[language]
    page.goto(f"{demo.base}/{language}/datasets?assay=wes")
    page.locator("#purpose > summary").click()
    page.get_by_label(words["aim"], exact=True).check()
    page.locator("#study").fill(words["disease"])
    page.get_by_label(words["org"]).check()
    page.locator("#country").select_option(label=words["country"])
    page.get_by_role("button", name=words["read"]).click()
    page.wait_for_url("**org=nonprofit*")


def verdicts(page: Page) -> list[str]:
    return page.locator(".result-side .verdict").all_inner_texts()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_purpose_puts_a_verdict_on_every_card_and_a_reason_behind_it(
    demo: Served, context: BrowserContext, language: str
) -> None:
    page = context.new_page()
    state_purpose(page, demo, language)
    cards = page.locator("ol.results").first.locator("> li")
    labels = {each.label(language).lower() for each in Verdict}
    assert cards.count() > 5
    for card in cards.all():
        said = card.locator(".result-side .verdict").all_inner_texts()
        assert said
        assert {each.strip().lower() for each in said} <= labels
    page.locator("details.why > summary").first.click()
    opened = page.locator("details.why").first
    assert opened.locator(".clauses li").count() >= 1
    assert NOT_A_PERMISSION.value(language) in opened.inner_text()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_address_gives_somebody_else_the_same_verdicts(
    demo: Served, context: BrowserContext, browser: Browser, language: str
) -> None:
    page = context.new_page()
    state_purpose(page, demo, language)
    mine = verdicts(page)
    other = browser.new_context().new_page()
    other.goto(page.url)
    assert verdicts(other) == mine
    other.context.close()


def test_each_verdict_can_be_chosen_and_its_count_is_kept(
    demo: Served, context: BrowserContext
) -> None:
    page = context.new_page()
    state_purpose(page, demo, "en")
    address = page.url
    for verdict in Verdict:
        page.goto(address)
        box = page.locator(f"input[name=fits][value={verdict.value}]")
        counted = int(box.locator("xpath=../span[@class='num']").inner_text())
        page.goto(f"{address}&fits={verdict.value}")
        heading = page.locator(".results-bar h2").inner_text()
        assert int(re.sub(r"\D", "", heading.split()[0])) == counted


def test_clearing_the_purpose_takes_every_verdict_away(
    demo: Served, context: BrowserContext
) -> None:
    page = context.new_page()
    state_purpose(page, demo, "en")
    if not page.locator("#purpose").get_attribute("open"):
        page.locator("#purpose > summary").click()
    page.get_by_role("link", name=WORDS["en"]["clear"]).click()
    page.wait_for_url("**/datasets?assay=wes")
    assert verdicts(page) == []


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_with_verdicts_are_readable_for_everybody(
    demo: Served, browser: Browser, language: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    state_purpose(page, demo, language)
    link = page.locator("ol.results h3 a").first.get_attribute("href")
    for address in (page.url, f"{demo.base}{link}"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
        page.add_script_tag(path=str(AXE))
        broken = page.evaluate("axe.run().then(found => found.violations)")
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in broken] == [], address
    page.close()
