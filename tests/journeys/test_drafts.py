"""What stewards write, in a real browser: a draft, and the history of a catalog and a series."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, sync_playwright
from served import CATALOGUE, ROOT, Served, serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<> a dcat:{kind} ; dct:title "{title}"@en ; dct:isPartOf <{parent}> ;
  dct:publisher [ a foaf:Agent ; foaf:name "Noordzee"@nl ] ."""
WIDE = "A draft with a long name and a_word_that_is_longer_than_any_narrow_screen_can_show_at_once"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: sh tests/outside.sh installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("serve") as started:
        yield started


@pytest.fixture(scope="module")
def token(served: Served) -> str:
    words = ["token", "create", "--organisation", "noordzee", "--role", "steward", "--name", "Anna"]
    words.append("--new")
    made = subprocess.run(
        [str(CATALOGUE), *words],
        cwd=ROOT,
        env=served.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


@pytest.fixture(scope="module")
def written(served: Served, token: str) -> dict[str, str]:
    """The paths of a public catalog, a public series in it, and a draft."""

    def write(path: str, kind: str, parent: str, title: str) -> str:
        body = TURTLE.format(kind=kind, parent=parent, title=title).encode()
        asked = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
        made = requests.post(f"{served.base}/{path}", data=body, headers=asked, timeout=60)
        assert made.status_code == 201, made.text
        return str(made.headers["Location"])

    def publish(address: str) -> None:
        asked = {"Authorization": f"Bearer {token}"}
        state = {"current": "PUBLISHED"}
        done = requests.put(f"{address}/meta/state", json=state, headers=asked, timeout=60)
        assert done.ok, done.text

    catalog = write("catalog", "Catalog", served.base, "Catalogue")
    publish(catalog)
    series = write("dataset-series", "DatasetSeries", catalog, "Series")
    publish(series)
    draft = write("dataset", "Dataset", catalog, WIDE)
    found = {"catalog": catalog, "series": series, "draft": draft}
    return {name: each.removeprefix(served.base) for name, each in found.items()}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_draft_is_readable_for_its_own_organisation_and_nobody_else(  # noqa: PLR0917
    served: Served, browser: Browser, token: str, written: dict[str, str], language: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(f"{served.base}/{language}{written['draft']}")
    assert WIDE not in page.content()
    page.goto(f"{served.base}/{language}/sign-in")
    page.fill("input[name=token]", token)
    page.locator("main form button").click()
    page.goto(f"{served.base}/{language}{written['draft']}")
    assert WIDE in page.inner_text("h1")
    assert_good(page, "the draft")
    page.close()


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("kind", ["catalog", "series"])
def test_the_history_is_reached_from_the_page_and_leads_back_to_it(  # noqa: PLR0917
    served: Served, browser: Browser, written: dict[str, str], kind: str, language: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    here = f"{served.base}/{language}{written[kind]}"
    page.goto(here)
    assert_good(page, kind)
    page.locator("main a[href$='/versions']").click()
    page.wait_for_url(f"{here}/versions")
    assert_good(page, f"the history of the {kind}")
    page.locator("main .timeline a").click()
    page.wait_for_url(f"{here}/versions/*")
    assert_good(page, f"a version of the {kind}")
    page.locator("main .notice a").click()
    page.wait_for_url(here)
    page.close()


def assert_good(page: Page, where: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{where} is {wide} px too wide"
    page.add_script_tag(path=str(AXE))
    broken = page.evaluate("axe.run().then(found => found.violations)")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in broken] == [], where
