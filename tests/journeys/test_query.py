"""The query page in a real browser: YASGUI that knows our names, and asks nobody else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright
from served import ROOT, Served

from catalogue.store.queries import examples

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("demo")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
EXAMPLE = "datasets-by-assay"
EUROPE = "http://publications.europa.eu/resource/authority/"
DIGITS = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }}"
MANY = (
    "SELECT ?n ?text WHERE { "
    + " ".join(DIGITS.format(name) for name in "abcd")
    + " BIND(1000 * ?a + 100 * ?b + 10 * ?c + ?d AS ?n) BIND(CONCAT('row ', STR(?n)) AS ?text) }"
)
HOSTILE = """SELECT ?html ?script ?braces ?formula ?long WHERE {
  BIND("<img src='https://elsewhere.example/x.png' onerror='alert(1)'><b>bold</b>" AS ?html)
  BIND(IRI("javascript:alert(1)") AS ?script)
  BIND("{{html}} {{constructor}}" AS ?braces)
  BIND("=HYPERLINK(1)" AS ?formula)
  BIND(IRI(CONCAT("https://x.example/", "%s")) AS ?long)
}""" % ("a" * 900)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d) }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is missing: sh tests/outside.sh installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def watched(
    browser: Browser, demo: Served, *, refusals: bool = False, **options: Any
) -> Iterator[Page]:
    """A page that may speak to our host only, and breaks no rule of its own.

    With `refusals` our host may refuse a query, which a browser tells as an error.
    """
    context = browser.new_context(**options)
    page, trouble = context.new_page(), []
    host = urlsplit(demo.base).netloc

    def asked(request: Any) -> None:
        if urlsplit(request.url).netloc not in ("", host):
            trouble.append(request.url)

    def said(message: Any) -> None:
        told = message.type == "error" and not (refusals and "status of" in message.text)
        trouble.extend([message.text] if told else [])

    context.on("request", asked)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", said)
    yield page
    assert context.cookies() == []
    context.close()
    assert trouble == []


def shown(page: Page, selector: str) -> Any:
    """What is in the tab that is open."""
    return page.locator(f"#yasgui .tabPanel.active {selector}")


def editor(page: Page) -> Any:
    """The editor, once it stands in place of the field."""
    found = shown(page, ".yasqe .CodeMirror")
    found.wait_for()
    return found


def write(page: Page, query: str) -> None:
    """Replace what is in the editor."""
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def ask(page: Page, query: str, expected: str = ".answer-table") -> Any:
    """Ask it, and wait for what the answer is expected to show."""
    write(page, query)
    page.keyboard.press("Control+Enter")
    found = shown(page, expected)
    found.wait_for()
    return found


def column(page: Page, place: int) -> list[str]:
    """The texts in a column of the table, from 1."""
    return shown(page, f".answer-table tbody td:nth-child({place + 1})").all_inner_texts()


def view(page: Page, name: str) -> None:
    """Show the answer in another way."""
    shown(page, ".yasr_btnGroup").get_by_role("button", name=name).click()


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
        ask(page, "SELECT (COUNT(*) AS ?n) { ?d a <http://www.w3.org/ns/dcat#Dataset> }")
        assert int(column(page, 1)[0]) > 100
        assert "query=SELECT" in page.url
        expect(shown(page, ".view-pages [role=status]")).to_have_text("Rows 1 to 1 of 1")


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


def completed(page: Page, typed: str) -> list[str]:
    """What is offered after this text, inside the braces of a query with our prefixes."""
    names = {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}
    names |= {"gc": "https://w3id.org/genoomcatalogus/ns#", "eu": EUROPE}
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in names.items())
    write(page, f"{declared}SELECT * WHERE {{ ?s {typed}")
    page.keyboard.press("Control+Space")
    hints = page.locator(".CodeMirror-hint")
    hints.first.wait_for()
    found = hints.all_inner_texts()
    page.keyboard.press("Enter")
    return found


@pytest.mark.parametrize(
    ("typed", "first", "written"),
    [
        ("a dcat:Data", "dcat:Dataset", "?s a dcat:Dataset"),
        ("a gc:", "gc:AssayGroup", "?s a gc:AssayGroup"),
        ("a Data", "dcat:Dataset", "?s a dcat:Dataset"),
        ("a ", "dct:PeriodOfTime", "?s a dct:PeriodOfTime"),
        ("a dcat:Dataset ; dct:ti", "dct:title", "?s a dcat:Dataset ; dct:title"),
        ("dct:ti", "dct:title", "?s dct:title"),
        ("<http://purl.org/dc/terms/ti", "<http://purl.org/dc/terms/title>", "terms/title>"),
        ("gc:assay exoo", "gc:assay-wes exoom (WES)", "?s gc:assay gc:assay-wes"),
        ("gc:assay gc:exoo", "gc:assay-wes exoom (WES)", "?s gc:assay gc:assay-wes"),
        ("gc:assay ader", "gc:disease-prader", "?s gc:assay gc:disease-prader-willi-syndrome"),
        ("dct:format eu:file-", f"<{EUROPE}file-type/CSV>", f"<{EUROPE}file-type/CSV>"),
    ],
)
def test_the_name_that_fits_best_is_offered_first(
    demo: Served, browser: Browser, typed: str, first: str, written: str
) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/nl/query")
        assert completed(page, typed)[0].startswith(first)
        expect(editor(page)).to_contain_text(written)


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
        expect(shown(page, ".query-ask")).to_be_focused()


def test_an_example_opens_in_a_tab_with_its_words(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/nl/query")
        editor(page)
        page.wait_for_load_state("networkidle")
        for _ in range(2):
            page.get_by_role("link", name="Hoeveel datasets staan er in elke catalogus?").click()
            shown(page, ".answer-table").wait_for()
        tabs = page.get_by_role("tab")
        expect(tabs).to_have_count(2)
        expect(tabs.nth(1)).to_contain_text("Hoeveel datasets staan er in elke catalogus?")


def test_a_link_gives_another_visitor_the_same_answer(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query?example={EXAMPLE}")
        shown(page, ".answer-table").wait_for()
        rows = len(column(page, 1))
        link = shown(page, ".link-label input").input_value()
    with watched(browser, demo) as other:
        other.goto(link)
        shown(other, ".answer-table").wait_for()
        assert len(column(other, 1)) == rows > 5
        view(other, "Chart")
        expect(shown(other, ".bars li")).to_have_count(rows)


@pytest.mark.parametrize("size", [100, 9000], ids=["short", "too long for an address"])
def test_a_link_carries_every_letter(demo: Served, browser: Browser, size: int) -> None:
    text = 'é 漢字 🧬 %41 + & # \\" z'
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        query = f'SELECT ("{text}" AS ?t) {{}} #{"x" * size}'
        ask(page, query)
        said = column(page, 1)
        link = shown(page, ".link-label input").input_value()
        assert quote(query, safe="!'()*") in link
    with watched(browser, demo) as other:
        other.goto(link)
        shown(other, ".answer-table").wait_for()
        assert column(other, 1) == said == [text.replace('\\"', '"')]


def test_a_link_cannot_send_the_question_elsewhere(demo: Served, browser: Browser) -> None:
    more = {
        "query": "ASK {}",
        "endpoint": "https://elsewhere.example/sparql",
        "headers": '{"Authorization":"x"}',
        "outputSettings": "{",
        "outputFormat": "nothing",
    }
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query#{urlencode(more)}")
        expect(shown(page, ".yes-no")).to_have_text("Yes")


def test_tabs_survive_a_reload_and_their_answers_do_not(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, "SELECT ('first' AS ?it) {}")
        page.get_by_role("button", name="New tab").click()
        ask(page, "SELECT ('second' AS ?it) {}")
        asked: list[str] = []
        page.on("request", lambda it: asked.append(it.url) if "/sparql" in it.url else None)
        page.goto(f"{demo.base}/nl/query")
        expect(editor(page)).to_contain_text("'second'")
        page.get_by_role("tab").first.click()
        expect(editor(page)).to_contain_text("'first'")
        expect(page.locator("#yasgui .answer-table")).to_have_count(0)
        assert asked == []


def test_the_address_holds_the_question_of_the_tab_that_is_open(
    demo: Served, browser: Browser
) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query?query=ASK+%7B%7D")
        shown(page, ".yes-no").wait_for()
        assert page.url == f"{demo.base}/en/query#query=ASK%20%7B%7D"
        page.get_by_role("button", name="New tab").click()
        assert page.url == f"{demo.base}/en/query"
        page.get_by_role("tab").first.click()
        assert page.url.endswith("#query=ASK%20%7B%7D")
        page.goto(f"{demo.base}/en/query#query=SELECT%20%28%22pasted%22%20AS%20%3Fit%29%20%7B%7D")
        expect(shown(page, ".answer-table tbody")).to_contain_text("pasted")
        expect(page.get_by_role("tab")).to_have_count(3)


def test_tabs_are_worked_with_keys_and_closed_ones_come_back(
    demo: Served, browser: Browser
) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        write(page, "SELECT ('kept' AS ?it) {}")
        page.get_by_role("button", name="Rename tab").click()
        page.keyboard.type("Mine")
        page.keyboard.press("Delete")
        page.keyboard.press("Enter")
        expect(page.get_by_role("tab").first).to_have_text(re.compile("^Mine"))
        page.get_by_role("button", name="New tab").click()
        page.get_by_role("tab").nth(1).focus()
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("tab", name="Mine")).to_be_focused()
        page.keyboard.press("Delete")
        expect(page.get_by_role("tab", name="Mine")).to_have_count(0)
        page.get_by_role("button", name="Reopen tab").click()
        expect(page.get_by_role("tab", name="Mine")).to_have_count(1)
        expect(editor(page)).to_contain_text("kept")
        for _ in range(3):
            page.get_by_role("button", name="Close tab").click()
        expect(page.get_by_role("tab")).to_have_count(1)


def test_the_focus_is_never_lost_among_the_tabs(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        editor(page)
        selected = page.locator("[role=tab][aria-selected=true]")
        page.get_by_role("button", name="Rename tab").click()
        page.keyboard.type("Mine")
        page.keyboard.press("Enter")
        expect(selected).to_be_focused()
        page.get_by_role("button", name="New tab").click()
        selected.focus()
        page.keyboard.press("Delete")
        expect(selected).to_be_focused()
        page.get_by_role("button", name="Reopen tab").click()
        expect(page.get_by_role("tab")).to_have_count(2)
        expect(selected).to_be_focused()


def test_the_focus_is_never_lost_among_the_pages(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, "SELECT * { VALUES ?a { 1 2 3 4 5 6 7 8 } VALUES ?b { 1 2 3 4 5 6 7 8 } }")
        pages = shown(page, ".view-pages")
        pages.get_by_role("button", name="Next").click()
        expect(pages.get_by_role("button", name="Previous")).to_be_focused()


def test_a_filter_that_fits_no_row_says_so(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/nl/query")
        ask(page, "SELECT * { VALUES ?a { 1 2 } }")
        shown(page, "input[type=search]").fill("zzz")
        expect(shown(page, ".yasr_results")).to_have_text(
            "Deze tekst staat in geen van de 2 rijen."
        )
        shown(page, "input[type=search]").fill("2")
        assert column(page, 1) == ["2"]


def test_a_term_of_ours_leads_to_our_vocabulary(demo: Served, browser: Browser) -> None:
    query = "SELECT (IRI('https://w3id.org/genoomcatalogus/ns#assay-wes') AS ?it) {}"
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/nl/query")
        ask(page, query)
        link = shown(page, ".answer-table tbody a")
        expect(link).to_have_attribute("href", "/nl/ns#assay-wes")
        link.click()
        expect(page.locator("#assay-wes")).to_contain_text("exoom")


def test_a_pie_has_few_slices_with_numbers(demo: Served, browser: Browser) -> None:
    rows = " ".join(f"('n{place}' {place})" for place in range(1, 18))
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, f"SELECT ?name ?n {{ VALUES (?name ?n) {{ {rows} }} }}")
        view(page, "Chart")
        shown(page, ".yasr_plugin_control select").first.select_option("pie")
        looks = shown(page, ".pie > svg .slice").evaluate_all(
            "all => all.map((each) => getComputedStyle(each).stroke)"
        )
        assert len(looks) == len(set(looks)) == 8
        expect(shown(page, ".pie li").last).to_contain_text("10 others together")
        expect(shown(page, ".pie li").last).to_contain_text("55 (35.9%)")
        expect(shown(page, ".pie-number")).to_have_text([str(place) for place in range(1, 9)])


def test_the_numbers_beside_a_line_can_be_read_on_a_phone(demo: Served, browser: Browser) -> None:
    with watched(browser, demo, viewport={"width": 360, "height": 800}) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, "SELECT ?name ?n { VALUES (?name ?n) { ('a' 1) ('b' 30) } }")
        view(page, "Chart")
        shown(page, ".yasr_plugin_control select").first.select_option("line")
        expect(shown(page, ".line-axis span")).to_have_text(["30", "0"])
        assert shown(page, ".line-axis span").first.bounding_box()["height"] >= 12


def test_ten_thousand_rows_are_sorted_filtered_and_paged(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, MANY)
        status = shown(page, ".view-pages [role=status]")
        expect(status).to_have_text("Rows 1 to 50 of 10000")
        head = shown(page, "th").filter(has_text="n").first
        head.get_by_role("button").click()
        assert column(page, 1)[:3] == ["0", "1", "2"]
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        expect(head.get_by_role("button")).to_be_focused()
        assert column(page, 1)[:3] == ["9999", "9998", "9997"]
        shown(page, ".view-pages").get_by_role("button", name="Next").click()
        assert column(page, 1)[0] == "9949"
        shown(page, "input[type=search]").fill("row 77")
        expect(status).to_have_text("Rows 1 to 50 of 111")
        shown(page, ".yasr_plugin_control select").select_option("500")
        expect(status).to_have_text("Rows 1 to 111 of 111")
        assert column(page, 1)[0] == "7799"


def test_numbers_are_drawn_in_three_ways(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, "SELECT ?name ?n { VALUES (?name ?n) { ('a' 1) ('b' 30) ('c' UNDEF) } }")
        view(page, "Chart")
        expect(shown(page, ".bars li")).to_have_count(2)
        kind = shown(page, ".yasr_plugin_control select").first
        kind.select_option("line")
        expect(shown(page, "svg.line circle")).to_have_count(2)
        kind.select_option("pie")
        expect(shown(page, ".pie li").last).to_contain_text("96.8")


def test_values_of_strangers_are_only_text(demo: Served, browser: Browser) -> None:
    with watched(browser, demo, viewport={"width": 360, "height": 800}) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, HOSTILE)
        texts = [column(page, place)[0] for place in range(1, 6)]
        assert texts[0].startswith("<img src=")
        assert texts[1:4] == ["javascript:alert(1)", "{{html}} {{constructor}}", "=HYPERLINK(1)"]
        assert shown(page, ".answer-table :is(img, b)").count() == 0
        assert shown(page, ".answer-table a").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        view(page, "Raw answer")
        expect(shown(page, "pre code").first).to_contain_text("<img src=")


def test_an_old_answer_is_not_taken_for_the_one_that_is_awaited(
    demo: Served, browser: Browser
) -> None:
    with watched(browser, demo, refusals=True) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, "SELECT ('old' AS ?it) {}")
        write(page, ENDLESS + " # slowly")
        page.keyboard.press("Control+Enter")
        shown(page, "[aria-busy=true]").wait_for()
        assert (
            shown(page, ".yasr").evaluate("it => it.inert && getComputedStyle(it).opacity") == "0.3"
        )
        shown(page, "[role=alert]").wait_for()
        expect(shown(page, "[aria-busy=true]")).to_have_count(0)
        assert not shown(page, ".yasr").evaluate("it => it.inert")


def test_bars_with_the_same_name_are_told_apart(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, "SELECT ?it ?kind ?n { VALUES (?it ?kind ?n) { ('a' 'x' 1) ('a' 'y' 2) } }")
        view(page, "Chart")
        expect(shown(page, ".bars-name")).to_have_text(["a · x", "a · y"])
        view(page, "Table")
        ask(page, "SELECT ?it ?n { VALUES (?it ?n) { ('a' 1) ('a' 2) } } # alike")
        expect(shown(page, ".yasr_btnGroup").get_by_text("Chart")).to_be_hidden()


def test_a_phone_is_led_to_the_answer(demo: Served, browser: Browser) -> None:
    with watched(browser, demo, viewport={"width": 360, "height": 700}) as page:
        page.goto(f"{demo.base}/en/query?example={EXAMPLE}")
        expect(page.locator("#yasgui [aria-busy]:focus .answer-table")).to_be_in_viewport()
        expect(shown(page, ".scroll-hint")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.get_by_role("link", name="How many datasets does each catalog list?").click()
        expect(page.locator("#yasgui [aria-busy]:focus .answer-table")).to_be_in_viewport()


def test_full_screen_holds_the_keyboard_until_it_is_left(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        editor(page)
        page.get_by_role("button", name="Full screen").click()
        assert page.locator("header a, footer a, [role=tab]").evaluate_all(
            "all => all.length > 3 && all.every((each) => each.closest('[inert]'))"
        )
        page.get_by_role("button", name="Leave full screen").wait_for()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Full screen", exact=True).wait_for()
        assert page.locator("[inert]").count() == 0


def test_the_editor_is_believed_about_the_place_of_a_mistake(
    demo: Served, browser: Browser
) -> None:
    with watched(browser, demo, refusals=True) as page:
        page.goto(f"{demo.base}/en/query")
        page.route(
            "**/sparql?*",
            lambda route: route.fulfill(
                status=400, json={"status": 400, "detail": "wrong at line 3, column 1"}
            ),
        )
        ask(page, "SELECT * WHERE {\n?s ?p }\n#", "[role=alert]")
        shown(page, ".notice").get_by_role("button", name="Go to line 2, column 7").wait_for()
        expect(shown(page, ".notice")).to_contain_text("This line is not right yet.")
        expect(shown(page, ".query-wrong")).to_have_text("}")


def test_of_two_places_on_a_line_the_editor_is_believed_about_the_earlier(
    demo: Served, browser: Browser
) -> None:
    declared = "PREFIX dcat: <http://www.w3.org/ns/dcat#>"
    query = f"{declared}\nSELECT * WHERE {{\n?dataset a dcat:Dataset ;\n  FILTR(?x > 3)\n}}"
    with watched(browser, demo, refusals=True) as page:
        page.goto(f"{demo.base}/nl/query")
        ask(page, query, "[role=alert]")
        shown(page, ".notice").get_by_role("button", name="regel 4, kolom 3").wait_for()
        expect(shown(page, ".query-wrong").first).to_have_text("FILTR")
        expect(shown(page, ".notice")).to_contain_text("?x ^ a ! ( <https://…> dct:title")


def test_a_prefix_that_is_not_declared_is_named_and_marked(demo: Served, browser: Browser) -> None:
    with watched(browser, demo, refusals=True) as page:
        page.goto(f"{demo.base}/nl/query")
        ask(page, "SELECT * WHERE { ?s a nope:Thing }", "[role=alert]")
        notice = shown(page, ".notice")
        expect(notice).to_contain_text("De technische melding:")
        expect(notice.locator("[lang=en]")).to_contain_text("the prefix nope: is not declared")
        notice.get_by_role("button", name="regel 1, kolom 23").wait_for()
        expect(shown(page, ".query-wrong")).to_have_text("nope:Thing")


@pytest.mark.parametrize("way", ["no connection", "no answer of ours"])
def test_a_catalogue_that_cannot_be_reached_is_not_taken_for_a_long_question(
    demo: Served, browser: Browser, way: str
) -> None:
    def answer(route: Any) -> None:
        if way == "no connection":
            route.abort()
        else:
            route.fulfill(status=502, content_type="text/html", body="<html><b>Bad Gateway</b>")

    context = browser.new_context()
    page = context.new_page()
    page.route("**/sparql?*", answer)
    page.goto(f"{demo.base}/nl/query")
    ask(page, "ASK {}", "[role=alert]")
    expect(shown(page, ".notice")).to_contain_text("De catalogus is nu niet te bereiken.")
    expect(shown(page, ".notice")).not_to_contain_text("<")
    context.close()


def test_a_file_for_a_spreadsheet_holds_no_formula(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, HOSTILE)
        with page.expect_download() as waiting:
            shown(page, ".after-answer").get_by_role("button", name="CSV").click()
        assert waiting.value.suggested_filename == "answer.csv"
        assert ",'=HYPERLINK(1)," in waiting.value.path().read_text()
        with page.expect_download() as waiting:
            shown(page, ".after-answer").get_by_role("button", name="JSON").click()
        assert waiting.value.suggested_filename == "answer.srj"


def test_every_kind_of_answer_is_shown(demo: Served, browser: Browser) -> None:
    with watched(browser, demo) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, "CONSTRUCT { <x:a> <x:b> 'made' } WHERE {}")
        assert column(page, 3) == ["made"]
        view(page, "Raw answer")
        expect(shown(page, ".yasr_results")).to_contain_text("text/turtle")
        view(page, "Table")
        ask(page, "ASK { <x:nobody> ?p ?o }", ".yes-no")
        expect(shown(page, ".yes-no")).to_have_text("No")
        expect(shown(page, ".select_table")).to_be_hidden()
        write(page, "SELECT ?s { ?s <x:nothing> ?o }")
        page.keyboard.press("Control+Enter")
        expect(shown(page, ".yasr_results")).to_contain_text("Nothing here fits this question.")


def test_a_mistake_is_explained_with_its_place(demo: Served, browser: Browser) -> None:
    with watched(browser, demo, refusals=True) as page:
        page.goto(f"{demo.base}/nl/query")
        ask(page, "# één\nSELECT * WHERE { ?s ?p }", "[role=alert]")
        expect(page.get_by_role("heading", name="Deze vraag is niet te begrijpen")).to_be_visible()
        expect(shown(page, ".query-wrong")).to_have_text("}")
        shown(page, ".parseErrorIcon").hover()
        expect(shown(page, ".parseErrorIcon")).to_have_attribute("title", re.compile("verwacht"))
        shown(page, ".notice").get_by_role("button", name="Ga naar regel 2, kolom 24").click()
        page.keyboard.type("# here")
        expect(editor(page)).to_contain_text("?s ?p # here}")


def test_a_question_that_takes_too_long_is_told_and_may_be_stopped(
    demo: Served, browser: Browser
) -> None:
    with watched(browser, demo, refusals=True) as page:
        page.goto(f"{demo.base}/en/query")
        ask(page, ENDLESS, "[role=alert]")
        expect(shown(page, "[role=alert]")).to_contain_text("3 s")
        write(page, ENDLESS + " # again")
        shown(page, ".query-bar").get_by_role("button", name="Ask").click()
        shown(page, ".query-bar").get_by_role("button", name="Stop").click()
        expect(shown(page, "[role=alert]")).to_contain_text("You stopped this question.")


@pytest.mark.parametrize(
    ("query", "shell", "python"),
    [
        ("SELECT ('é \\\\ $x' AS ?it) {}", "it\r\né \\ $x", "{'it': 'é \\\\ $x'}"),
        ("ASK {}", '{"head":{},"boolean":true}', "True"),
        ("CONSTRUCT { <x:a> <x:b> 1 } {}", "<x:a> <x:b> 1 .", "<x:a> <x:b> 1 ."),
    ],
    ids=["table", "yes or no", "graph"],
)
def test_the_programs_work_as_they_are_shown(
    demo: Served, query: str, shell: str, python: str
) -> None:
    sent = requests.post(f"{demo.base}/en/query/programs", data={"query": query}, timeout=20)
    programs = {each["name"]: each["code"] for each in sent.json()["programs"]}
    assert run("sh", "-c", programs["curl"]) == shell
    assert run(sys.executable, "-c", programs["Python"]) == python
    if rscript := shutil.which("Rscript"):
        assert run(rscript, "-e", programs["R"])


def run(*command: str) -> str:
    """What a program says."""
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().strip()


def test_without_scripts_a_form_asks_and_examples_are_links(demo: Served, browser: Browser) -> None:
    with watched(browser, demo, java_script_enabled=False) as page:
        page.goto(f"{demo.base}/nl/query")
        page.get_by_role("link", name="Hoeveel datasets staan er in elke catalogus?").click()
        assert page.locator("#answer tbody tr").count() > 5
        page.locator("#query").fill("ASK { ?s ?p ?o }")
        page.get_by_role("button", name="Stel de vraag").click()
        expect(page.locator("#answer-head")).to_have_text("Ja")


def test_without_yasgui_or_with_broken_tabs_the_page_still_asks(
    demo: Served, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{demo.base}/en/query")
    editor(page)
    page.evaluate(
        "Object.keys(localStorage).forEach((key) => localStorage.setItem(key, '{\"value\":7}'))"
    )
    page.goto(f"{demo.base}/en/query?query=ASK+%7B%7D")
    expect(shown(page, ".yes-no")).to_have_text("Yes")
    page.route("**/yasgui.min.js*", lambda route: route.abort())
    page.goto(f"{demo.base}/en/query?query=ASK+%7B%7D")
    expect(page.locator("#answer-head")).to_have_text("Yes")
    expect(page.locator("#query")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1280, "light"), ("en", 360, "dark"), ("nl", 360, "light"), ("nl", 1280, "dark")],
)
def test_the_pages_for_programmers_fit_and_are_accessible(
    demo: Served, browser: Browser, language: str, width: int, scheme: Any
) -> None:
    size = {"width": width, "height": 900}
    options = {"viewport": size, "bypass_csp": True, "color_scheme": scheme}
    with watched(browser, demo, refusals=True, **options) as page:
        for path in (
            "/docs",
            "/query",
            "/query?example=largest",
            "/query?example=describe-as-dcat",
            "/query?query=SELECT",
        ):
            page.goto(f"{demo.base}/{language}{path}", wait_until="networkidle")
            assert_accessible(page, path)
        page.goto(f"{demo.base}/{language}/query?example={EXAMPLE}", wait_until="networkidle")
        for place in (1, 2):
            shown(page, ".yasr_btnGroup button").nth(place).click()
            assert_accessible(page, f"view {place}")


def assert_accessible(page: Page, path: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{path} is {wide} px too wide"
    page.add_script_tag(path=str(AXE))
    broken = page.evaluate("axe.run().then(found => found.violations)")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in broken] == [], path
