"""Every page, in both languages, as a browser without JavaScript sees it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from web import townhall

from catalogue.web import create_app

PATHS = (
    "/",
    "/datasets",
    "/datasets?disease=breast-cancer&assay=wes",
    "/datasets?disease=cystic-fibrosis&assay=wgs",
    "/datasets?q=ORPHA:227535",
    "/dataset/rich",
    "/dataset/small",
    "/dataset/bare",
    "/dataset/hostile",
    "/catalogs",
    "/catalog/noord",
    "/organisations",
    "/organisation/noordzee",
    "/sources",
    "/sources/noordzee",
    "/sources/merwestad",
    "/sources/waalkade",
    "/sign-in",
    "/sources/noordzee/runs/7",
    "/about",
    "/about/numbers",
    "/about/consent",
    "/accessibility",
)
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Outline(HTMLParser):
    """Reads a page strictly: what is opened is closed, and what was met is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.met: list[tuple[str, dict[str, str | None]]] = []
        self.mistakes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))
        if tag not in VOID and "rect" not in tag and tag not in {"path", "use"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"</{tag}> at {self.getpos()}")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.met if name == tag]


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    assert not found.mistakes, found.mistakes[:3]
    assert not found.open
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_sound_in_both_languages(page: Any, path: str, language: str) -> None:
    response = page(f"/{language}{path}")
    found = outline(response.text)
    assert response.status_code == 200
    assert found.all("html") == [{"lang": language}]
    assert len(found.all("main")) == 1
    assert len(found.all("h1")) == 1
    assert response.headers["Content-Language"] == language
    twice = [key for key, n in Counter(a["id"] for _, a in found.met if "id" in a).items() if n > 1]
    assert not twice


@pytest.mark.parametrize("path", PATHS)
def test_headings_skip_no_level(page: Any, path: str) -> None:
    levels = [
        int(tag[1])
        for tag, _ in outline(page(f"/en{path}").text).met
        if re.fullmatch("h[1-6]", tag)
    ]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", PATHS)
def test_every_field_has_a_label(page: Any, path: str) -> None:
    found = outline(page(f"/en{path}").text)
    labelled = {each.get("for") for each in found.all("label")}
    fields = [*found.all("input"), *found.all("select"), *found.all("textarea")]
    named = [each for each in fields if each.get("type") not in {"hidden", "checkbox"}]
    assert all(each.get("id") in labelled for each in named)


@pytest.mark.parametrize("path", PATHS)
def test_pages_carry_no_style_or_script_of_their_own(page: Any, path: str) -> None:
    found = outline(page(f"/nl{path}").text)
    assert not [attributes for _, attributes in found.met if "style" in attributes]
    assert not [name for _, a in found.met for name in a if name.startswith("on")]
    run = [each for each in found.all("script") if each.get("type") != "application/ld+json"]
    assert all(each.get("src") for each in run)


def links(html: str, base: str) -> set[str]:
    hrefs = [a.get("href") for a in outline(html).all("a")]
    whole = (urljoin(base, href) for href in hrefs if href and not href.startswith("#"))
    return {each for each in whole if urlsplit(each).netloc == "site"}


def test_every_link_on_every_page_leads_somewhere(page: Any) -> None:
    waiting = {f"http://site/{language}{path}" for language in ("nl", "en") for path in PATHS}
    seen: set[str] = set()
    while waiting and len(seen) < 600:
        address = waiting.pop()
        seen.add(address)
        parts = urlsplit(address)
        response = page(parts.path + (f"?{parts.query}" if parts.query else ""))
        expected = {200, 410} if parts.path.endswith("/old") else {200}
        assert response.status_code in expected, address
        if response.mimetype == "text/html" and "/datasets" not in parts.path:
            waiting |= links(response.text, address) - seen
    assert len(seen) > 40


def test_anchors_on_the_dataset_page_exist(page: Any) -> None:
    found = outline(page("/en/dataset/rich").text)
    ids = {a["id"] for _, a in found.met if "id" in a}
    assert {a["href"][1:] for a in found.all("a") if (a.get("href") or "").startswith("#")} <= ids


def test_the_language_switch_keeps_the_question(page: Any) -> None:
    html = page("/en/datasets?disease=cancer&page=1").text
    assert 'href="/nl/datasets?disease=cancer&amp;page=1"' in html


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("nl-BE,nl;q=0.9", "nl"), ("de,en;q=0.5", "en"), ("fr", "en"), ("", "en")],
)
def test_without_a_prefix_the_browser_decides(page: Any, accepted: str, expected: str) -> None:
    response = page("/about", **{"Accept-Language": accepted})
    assert response.headers["Content-Language"] == expected
    assert {"Accept", "Accept-Language"} <= set(response.vary)


def test_what_nobody_stated_is_said_and_hatched(page: Any) -> None:
    html = page("/en/dataset/bare").text
    assert '<em class="not-stated">Consent not stated</em>' in html
    assert '<em class="not-stated">not stated</em>' in html
    assert "How many people are in it is not stated." in html


@pytest.mark.parametrize("address", ["/en/dataset/small", "/en/datasets?disease=cardiomyopathy"])
def test_a_count_below_ten_shows_words_and_no_digit(page: Any, address: str) -> None:
    html = page(address).text
    said = r"<dt>(?:Individuals|individuals)</dt>\s*<dd[^>]*>(.*?)</dd>"
    people = re.findall(said, html, re.DOTALL)
    words = [re.sub("<[^>]+>", "", each).strip() for each in people]
    assert words
    assert "fewer than 10" in words
    assert set(words) <= {"fewer than 10", "not stated"}
    assert "withheld" in html


def test_consent_is_shown_by_code_and_in_words(page: Any) -> None:
    html = page("/nl/dataset/rich").text
    assert "HMB" in html
    assert "Alleen organisaties zonder winstoogmerk" in html
    assert "Toestemming niet vermeld" in html


def test_foreign_text_is_marked_with_its_language(page: Any) -> None:
    assert '<span lang="en">Germline genomes' in page("/nl/dataset/rich").text
    assert 'lang="de"' in page("/nl/dataset/hostile").text


def test_a_withdrawn_dataset_has_a_page_that_says_so(page: Any) -> None:
    response = page("/nl/dataset/old")
    assert response.status_code == 410
    assert "The data were destroyed." in response.text
    assert "https://catalogue.example/dataset/old" in response.text


def test_a_zero_result_offers_ways_out_that_are_not_empty(page: Any) -> None:
    html = page("/en/datasets?disease=cystic-fibrosis&assay=wgs").text
    assert "Leave out one part" in html
    assert "0 datasets</span>" not in html


def test_a_code_is_recognised_as_a_disease(page: Any) -> None:
    assert "disease=hereditary-breast-carcinoma" in page("/en/datasets?q=ORPHA:227535").text


def test_findings_say_what_was_received_and_what_to_do(page: Any) -> None:
    html = page("/nl/sources/noordzee").text
    assert "Vermeld een licentie." in html
    assert "dct:license" in html
    assert "Herstel de punten hierboven" in html
    assert "regel 12" in html


def test_dark_hosts_of_static_files_are_our_own(page: Any) -> None:
    found = outline(page("/en/").text)
    loaded = [a.get("href") for a in found.all("link") if a.get("rel") == "stylesheet"]
    assert loaded
    assert all(each and each.startswith("/static/") for each in loaded)


def test_the_pages_of_every_dataset_exist(page: Any) -> None:
    for each in townhall.DATASETS:
        assert page(f"/nl/dataset/{each.record.id}").status_code == 200


def test_a_record_of_a_run_links_to_the_page_of_its_own_kind(page: Any) -> None:
    html = page("/en/sources/noordzee").text
    assert 'href="/en/catalog/noord"' in html
    assert 'href="/en/dataset/cystic"' in html
    assert 'href="/en/dataset/noord"' not in html


def test_what_the_page_says_of_a_subtype_is_why_it_was_found(page: Any) -> None:
    html = page("/en/datasets?disease=breast-cancer").text
    assert "Matched as a subtype of <mark>breast cancer</mark>" in html
    assert "Disease: breast cancer and subtypes" in html
    assert "Only exactly this disease" in html


def test_plain_words_are_plain_dutch(page: Any) -> None:
    html = page("/nl/dataset/cystic").text
    assert "Deze verzameling gaat over taaislijmziekte." in html
    assert "Vraag het aan Noordzee UMC." in html
    assert "Mogen bedrijven de gegevens gebruiken?" in html


def test_a_demonstration_says_so_on_every_page() -> None:
    client = create_app(townhall.services(), townhall.settings(demonstration=True)).test_client()
    for path in ("/nl/", "/nl/dataset/rich", "/nl/nothing"):
        assert "verzonnen" in client.get(path, headers={"Accept": "text/html"}).text


def test_a_real_catalogue_does_not_call_itself_invented(page: Any) -> None:
    assert "invented" not in page("/en/").text


def test_the_share_that_states_consent_counts_who_states_it_for_a_part(page: Any) -> None:
    html = page("/en/").text
    assert "3 datasets, 1 of them not for everybody in it; <strong>not stated for 3" in html


def test_a_missing_description_is_called_a_description(page: Any) -> None:
    words = 'Description: <em class="not-stated">not stated</em>'
    assert words in page("/en/dataset/bare").text
    assert words in page("/en/organisation/noordzee").text


def test_an_english_message_is_marked_on_a_dutch_page(page: Any) -> None:
    html = page("/nl/organisation/nowhere").text
    assert "Op dit adres staat niets." in html
    assert 'De technische melding: <span lang="en">there is no organisation' in html
    assert "technische" not in page("/en/organisation/nowhere").text


def test_what_must_be_mended_is_not_what_could_be_better(page: Any) -> None:
    html = page("/en/sources/noordzee").text
    assert re.search(r"<dt>to mend</dt><dd class=\"value\">2</dd>", html)
    assert re.search(r"<dt>could be better</dt><dd class=\"value\">0</dd>", html)
    assert "and 1 catalog" in html


def test_about_numbers_says_that_zero_is_hidden_too(page: Any) -> None:
    assert "Zero as well" in page("/en/about/numbers").text
