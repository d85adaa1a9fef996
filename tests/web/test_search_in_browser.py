"""The search page in a real browser: nothing that was typed is lost, and nothing is too wide."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from web import townhall
from werkzeug.serving import make_server

pytestmark = [pytest.mark.slow, pytest.mark.browser]

UNKNOWN = "http://purl.obolibrary.org/obo/DUO_0009999"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, townhall.application(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: sh tests/outside.sh installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def wide(browser: Browser, site: str) -> Iterator[Callable[[str], Page]]:
    """Opens a path in a wide window."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})

    def opened(path: str) -> Page:
        page.goto(site + path)
        return page

    yield opened
    page.close()


def asked(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def fill_in(page: Page, months: str) -> None:
    """A purpose in the form, not sent yet."""
    page.locator("#purpose > summary").click()
    page.locator("input[name=purpose][value=health]").check()
    page.locator("#purpose details.more > summary").click()
    page.locator("#institution").fill("UMC Noordzee")
    page.locator("#months").fill(months)


def filled_in(page: Page) -> tuple[bool, str, str]:
    aim = page.locator("input[name=purpose][value=health]").is_checked()
    return aim, page.locator("#institution").input_value(), page.locator("#months").input_value()


def test_an_unknown_code_breaks_on_a_narrow_page_and_a_known_one_does_not(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 900})
    page.goto(f"{site}/nl/datasets")
    codes = page.locator(".pill .code")
    codes.first.evaluate("(code, iri) => { code.textContent = iri }", UNKNOWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    unknown, *known = (each.bounding_box() for each in codes.all())
    assert unknown
    assert known
    assert all(box and box["height"] < unknown["height"] / 1.5 for box in known)
    page.close()


@pytest.mark.parametrize("path", ["/nl/datasets?assay=wes", "/en/dataset/rich"])
def test_more_months_than_we_can_read_do_not_leave_the_browser(
    wide: Callable[[str], Page], path: str
) -> None:
    page = wide(path)
    before = page.url
    fill_in(page, months="1500")
    page.locator(".purpose-form .button").click()
    assert page.locator("#months:invalid").count() == 1
    assert page.url == before
    assert filled_in(page) == (True, "UMC Noordzee", "1500")


def test_a_mistake_in_a_closed_part_of_the_form_is_shown(wide: Callable[[str], Page]) -> None:
    page = wide("/nl/datasets")
    fill_in(page, months="1500")
    page.locator("#purpose details.more > summary").click()
    page.locator(".purpose-form .button").click()
    assert page.locator("#months").is_visible()
    assert page.locator("#months:focus").count() == 1


def test_back_returns_to_the_purpose_as_it_was_filled_in(wide: Callable[[str], Page]) -> None:
    page = wide("/nl/datasets?assay=wes")
    fill_in(page, months="12")
    page.locator(".purpose-form .button").click()
    page.wait_for_url("**months=12*")
    page.go_back()
    page.wait_for_url("**/datasets?assay=wes")
    assert filled_in(page) == (True, "UMC Noordzee", "12")


def test_back_takes_away_choices_that_the_results_do_not_have(
    wide: Callable[[str], Page],
) -> None:
    page = wide("/nl/datasets?assay=wes")
    fill_in(page, months="12")
    page.locator("#filters input[name=assay][value=wes]").evaluate("box => box.checked = false")
    page.locator("#sort").select_option("title")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.locator("#filters input[name=assay][value=wes]").is_checked()
    assert page.locator("#sort").input_value() == "relevance"
    assert filled_in(page) == (True, "UMC Noordzee", "12")


@pytest.mark.parametrize("before", ["q=genome&sort=newest", "sort=newest"])
def test_words_that_were_not_sent_yet_go_along_with_a_filter(
    wide: Callable[[str], Page], before: str
) -> None:
    page = wide(f"/en/datasets?{before}")
    page.locator("#q").fill("cancer")
    page.locator("#filters input[name=assay][value=wgs]").check()
    page.wait_for_url("**assay=wgs*")
    assert asked(page) == {"q": "cancer", "sort": "newest", "assay": "wgs"}
    page.locator("#q").fill(" ")
    page.locator("#filters input[name=assay][value=wgs]").uncheck()
    page.wait_for_url("**/datasets?sort=newest")
