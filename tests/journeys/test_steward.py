"""A steward in a real browser: signs in, tests an address, decides about a removal."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from served import ROOT, free_port
from web.site import Site
from web.test_steward_pages import A_TRIAL, FakeTrier
from werkzeug.serving import make_server

pytestmark = [pytest.mark.slow, pytest.mark.browser]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


class Running:
    """A site with real HTTP, and where it is."""

    def __init__(self, site: Site, base: str) -> None:
        self.site, self.base = site, base


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    site = Site(trier=FakeTrier(*[A_TRIAL] * 9), base_url=base)
    server = make_server("127.0.0.1", port, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Running(site, base)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: sh tests/outside.sh installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


def sign_in(page: Page, running: Running, language: str, token: str) -> None:
    page.goto(f"{running.base}/{language}/sources/waalkade")
    page.locator(".brake a", has_text={"en": "Sign in", "nl": "Log in"}[language]).click()
    page.fill("input[name=token]", token)
    page.locator("main form button").click()
    page.wait_for_url(f"**/{language}/sources/waalkade")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_of_stewards_are_readable_and_reachable(
    running: Running, browser: Browser, language: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    sign_in(page, running, language, running.site.desk.ada)
    for path in ("/sources/waalkade", "/sources", "/sources/pending", "/sign-in", "/sources/test"):
        page.goto(f"{running.base}/{language}{path}")
        assert_good(page, path)
    page.fill("#url", "https://fdp.example/")
    page.locator("main form button").click()
    page.wait_for_selector("#res")
    assert_good(page, "the result of a trial")
    page.close()


def assert_good(page: Page, where: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{where} is {wide} px too wide"
    page.add_script_tag(path=str(AXE))
    broken = page.evaluate("axe.run().then(found => found.violations)")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in broken] == [], where


def test_a_steward_without_scripts_keeps_what_the_source_lost(
    running: Running, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, running, "nl", running.site.desk.ada)
    page.get_by_role("button", name="Behouden").click()
    assert page.url.endswith("/nl/sources/waalkade")
    ((made, source, by),) = running.site.decisions.made
    assert (made, source) == ("decline", "waalkade")
    assert by.startswith("Ada")
    page.goto(f"{running.base}/nl/sign-in")
    page.get_by_role("button", name="Uitloggen").click()
    assert context.cookies() == []
    page.goto(f"{running.base}/nl/sources/waalkade")
    assert page.get_by_role("button", name="Behouden").count() == 0
    context.close()
