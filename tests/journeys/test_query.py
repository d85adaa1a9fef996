"""The query page in a real browser: an editor that knows our names, and asks nobody else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from served import ROOT, Served

from catalogue.store.queries import examples

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("demo")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
EXAMPLE = "datasets-by-assay"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: sh tests/outside.sh installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def watched(browser: Browser, demo: Served, **options: Any) -> Iterator[Page]:
    """A page that may speak to our host only, and breaks no rule of its own."""
    context = browser.new_context(**options)
    page, trouble = context.new_page(), []
    host = urlsplit(demo.base).netloc

    def asked(request: Any) -> None:
        if urlsplit(request.url).netloc not in ("", host):
            trouble.append(request.url)

    context.on("request", asked)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert trouble == []


def editor(page: Page) -> Any:
    """The editor, once it stands in place of the field."""
    found = page.locator(".yasqe .CodeMirror")
    found.wait_for()
    return found


def write(page: Page, query: str) -> None:
    """Replace what is in the editor."""
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


@pytest.mark.parametrize("name", [each.name for each in examples()])
def test_every_example_has_an_answer_in_the_demonstration(demo: Served, name: str) -> None:
    (query,) = [each.query for each in examples() if each.name == name]
    answer = demo.get("/sparql", "text/csv, application/n-triples;q=0.9", params={"query": query})
    assert answer.status_code == 200, answer.text
    assert len(answer.text.splitlines()) > 1


def test_a_question_is_asked_in_the_editor_and_nobody_else_hears_of_it(
    demo: Served, browser: Browser
) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        write(page, "SELECT (COUNT(*) AS ?n) WHERE { ?d a <http://www.w3.org/ns/dcat#Dataset> }")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answer-head")).to_have_text("1 row")
        assert int(page.locator("#answer td").inner_text()) > 100
        assert "query=SELECT" in page.url
        expect(page.locator("#answer-head")).to_be_focused()


def test_the_editor_completes_names_of_ours_with_their_labels(
    demo: Served, browser: Browser
) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/nl/query")
        start = "PREFIX gc: <https://w3id.org/genoomcatalogus/ns#>\nSELECT * WHERE {\n?d gc:assay "
        write(page, start + "gc:assay-we")
        page.keyboard.press("Control+Space")
        hints = page.locator(".CodeMirror-hints")
        expect(hints).to_contain_text("gc:assay-wes")
        expect(hints).to_contain_text(re.compile("exoo|exom"))
        page.keyboard.press("Escape")
        write(page, start.replace("gc:assay ", "gc:acce"))
        page.keyboard.press("Control+Space")
        expect(hints).to_contain_text("gc:accessRoute")


def test_a_prefix_that_is_used_is_declared(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        write(page, "SELECT * WHERE { ?d a ")
        page.keyboard.type("dcat:")
        expect(editor(page)).to_contain_text("PREFIX dcat: <http://www.w3.org/ns/dcat#>")


def test_tab_leaves_the_editor(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        editor(page).click()
        page.keyboard.press("Tab")
        expect(page.locator("#query-form button")).to_be_focused()


def test_a_link_gives_another_visitor_the_same_answer(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query?example={EXAMPLE}")
        rows = page.locator("#answer tbody tr").count()
        link = page.locator("#link").input_value()
    with watched(browser, demo) as other:
        other.goto(link)
        assert other.locator("#answer tbody tr").count() == rows > 5
        assert other.locator(".bars li").count() == rows


def test_a_mistake_is_explained_beside_the_question(demo: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{demo.base}/nl/query")
    write(page, "SELECT * WHERE { ?s ?p }")
    page.get_by_role("button", name="Stel de vraag").click()
    expect(page.get_by_role("alert")).to_contain_text("geen antwoord")
    expect(editor(page)).to_contain_text("?s ?p }")
    context.close()


def test_without_scripts_a_form_asks_and_examples_are_links(demo: Served, browser: Browser) -> None:
    with watched(browser, demo, java_script_enabled=False) as page:
        page.goto(f"{demo.base}/nl/query")
        page.get_by_role("link", name="Hoeveel datasets staan er in elke catalogus?").click()
        assert page.locator("#answer tbody tr").count() > 5
        page.locator("#query").fill("ASK { ?s ?p ?o }")
        page.get_by_role("button", name="Stel de vraag").click()
        expect(page.locator("#answer-head")).to_have_text("Ja")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_pages_for_programmers_fit_and_are_accessible(
    demo: Served, browser: Browser, language: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    with watched(browser, demo, viewport=size, bypass_csp=True) as page:
        for path in ("/query", f"/query?example={EXAMPLE}", "/query?example=largest", "/docs"):
            page.goto(f"{demo.base}/{language}{path}", wait_until="networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{path} is {wide} px too wide"
            page.add_script_tag(path=str(AXE))
            broken = page.evaluate("axe.run().then(found => found.violations)")
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in broken] == [], path
