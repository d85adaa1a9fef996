"""The demonstration in a real browser: readable, reachable, in both languages, at any width."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from served import ROOT, Served

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("demo")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SEARCH = "/datasets?disease=cardiomyopathy&assay=wes&assay=wgs"
NOTHING = "/datasets?disease=cystic-fibrosis&assay=sc-rna"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: sh tests/outside.sh installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=[1280, 360], ids=["wide", "narrow"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": request.param, "height": 900}, bypass_csp=True)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("requestfailed", lambda asked: problems.append(asked.url))
    yield opened
    opened.close()
    assert problems == []


def paths(demo: Served) -> list[str]:
    """One page of each kind."""
    answer: Any = demo.json("/api/datasets", disease="cardiomyopathy", size=1)
    dataset = answer["hits"][0]["id"]
    catalog = re.search(r"/catalog/(\w+)", demo.get("/en/catalogs", "text/html").text)
    run = re.search(
        r"/sources/merwestad/runs/\d+", demo.get("/en/sources/merwestad", "text/html").text
    )
    assert catalog
    return [
        "/",
        "/datasets",
        SEARCH,
        NOTHING,
        f"/dataset/{dataset}",
        *past(demo, f"/dataset/{dataset}"),
        "/catalogs",
        f"/catalog/{catalog[1]}",
        *past(demo, f"/catalog/{catalog[1]}"),
        "/organisations",
        "/sources",
        "/sources/merwestad",
        "/sources/test",
        "/sign-in",
        *([run[0]] if run else []),
        "/about",
        "/about/numbers",
        "/about/consent",
        "/accessibility",
        "/sparql",
        "/ns",
        "/nothing-here",
    ]


def past(demo: Served, record: str) -> list[str]:
    """The page of its history, and that of one version."""
    timemap = demo.get(f"{record}/versions", "application/link-format").text
    (moment, *_) = re.findall(r"/versions/(\d{14})>", timemap)
    return [f"{record}/versions", f"{record}/versions/{moment}"]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_page_scrolls_sideways_or_breaks_a_rule_of_accessibility(
    demo: Served, page: Page, language: str
) -> None:
    for path in paths(demo):
        page.goto(f"{demo.base}/{language}{path}")
        assert page.locator("html").get_attribute("lang") == language, path
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
        page.add_script_tag(path=str(AXE))
        broken = page.evaluate("axe.run().then(found => found.violations)")
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in broken] == [], path


def test_a_researcher_narrows_down_by_the_keyboard_alone(demo: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(demo.base + "/en/")
    page.get_by_role("searchbox").first.focus()
    page.keyboard.type("cardiomyopathy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/datasets?*")
    heading = page.locator("main h2", has_text=re.compile(r"\d+ datasets")).first
    before = int(re.findall(r"\d+", heading.inner_text())[0])
    box = page.locator("input[name=assay][value=wgs]").first
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=re.compile("Show")).last.press("Enter")
    page.wait_for_url("**assay=wgs*")
    after = int(re.findall(r"\d+", heading.inner_text())[0])
    assert 0 < after < before
    page.close()


def test_everything_works_without_scripts(demo: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.base}/nl{SEARCH}")
    total = int(
        re.findall(r"\d+", page.locator("main h2", has_text="dataset").first.inner_text())[0]
    )
    page.locator("input[name=consent][value=HMB]").first.check()
    page.locator("form#filters button[type=submit], form#filters button").last.click()
    page.wait_for_url("**consent=HMB*")
    fewer = int(
        re.findall(r"\d+", page.locator("main h2", has_text="dataset").first.inner_text())[0]
    )
    assert 0 < fewer < total
    page.locator(".result h3 a").first.click()
    assert "/nl/dataset/" in page.url
    context.close()


def test_zero_results_offer_ways_out_that_work(demo: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{demo.base}/en{NOTHING}")
    ways = page.locator("main .list-links a")
    assert ways.count() >= 1
    promised = int(re.findall(r"\d+", page.locator("main .list-links .num").first.inner_text())[0])
    ways.first.click()
    shown = page.locator("main h2", has_text=re.compile("dataset")).first.inner_text()
    assert int(re.findall(r"\d+", shown)[0]) == promised
    page.close()


def test_hostile_titles_are_text(demo: Served, browser: Browser) -> None:
    page = browser.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{demo.base}/en/datasets?q=Huntington+families")
    assert "<img src=x" in page.inner_text("main")
    page.get_by_role("link", name=re.compile("<img")).first.click()
    assert page.locator("a[href^='javascript']").count() == 0
    assert alerts == []
    page.close()


def test_the_language_switch_keeps_the_question(demo: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{demo.base}/en{SEARCH}")
    page.locator("a[hreflang=nl]").first.click()
    assert page.url == f"{demo.base}/nl{SEARCH}"
    assert page.locator("html").get_attribute("lang") == "nl"
    page.close()


def test_the_pictures_of_the_documentation_are_there() -> None:
    pictures = Path(ROOT / "docs" / "pictures")
    for name in ("home", "search", "dataset", "source"):
        for language in ("en", "nl"):
            for width in (1280, 360):
                assert (pictures / f"{name}-{language}-{width}.png").stat().st_size > 10_000
