"""A steward's path in a real browser: paste, read, download the repaired copy, check it again."""

from __future__ import annotations

import dataclasses
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from web import townhall
from web.test_validate import MESSY
from werkzeug.serving import make_server

from catalogue.ingest.check import Checker, tools

pytestmark = [pytest.mark.slow, pytest.mark.browser]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    checker = Checker(lambda: tools(townhall.SHAPES))
    app = townhall.application(dataclasses.replace(townhall.services(), checker=checker))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    checker.close()


@pytest.fixture(params=[1280, 360], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser without scripts of ours: none are needed."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_page(viewport={"width": request.param, "height": 900}, bypass_csp=True)
        browser.close()


def check(page: Page, text: str) -> None:
    page.get_by_label(re.compile("^Tekst")).fill(text)
    page.get_by_role("button", name="Controleer", exact=True).click()
    page.wait_for_load_state()


def findings(page: Page) -> int:
    """Everything that is required and lacking, over all profiles."""
    said = re.findall(r"verplicht: (\d+)", page.inner_text("main"))
    return sum(map(int, said))


def test_a_steward_repairs_a_description_and_has_fewer_findings(site: str, page: Page) -> None:
    page.goto(f"{site}/nl/validate")
    check(page, MESSY)
    before = findings(page)
    assert "Beschrijving: geef er minstens één, als tekst." in page.inner_text("main")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Download de herstelde versie").click()
    assert kept.value.suggested_filename == "repaired.ttl"
    check(page, Path(kept.value.path()).read_text())
    assert 0 < findings(page) < before
    assert "Er is niets dat wij zouden herstellen." in page.inner_text("main")


def test_the_pages_fit_and_break_no_rule_of_accessibility(site: str, page: Page) -> None:
    def sound(what: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        page.add_script_tag(path=str(AXE))
        broken = page.evaluate("axe.run().then(found => found.violations)")
        assert (wide, [each["id"] for each in broken]) == (0, []), what

    for path in ("/quality", "/dataset/small/report", "/dataset/rich", "/catalog/noord"):
        page.goto(f"{site}/nl{path}")
        sound(path)
    page.goto(f"{site}/nl/validate")
    sound("the form")
    check(page, MESSY)
    sound("the answer")
    check(page, "<urn:a> <urn:b> oops .")
    sound("a syntax error")
