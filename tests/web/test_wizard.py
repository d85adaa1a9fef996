"""A steward turns a consent form into codes; anybody reads the rules."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.test_pages import outline

from catalogue.consent.codes import names
from catalogue.consent.permissions import AIMS, BY_NAME
from catalogue.consent.questions import QUESTIONS
from catalogue.consent.rules import lines
from catalogue.consent.wizard import translated
from catalogue.model.dataset import Dataset
from catalogue.model.genome import Condition
from catalogue.namespaces import GC
from catalogue.rdf import read
from catalogue.rdf.graph import Graph
from catalogue.rdf.sheet_cells import condition as from_cell
from catalogue.rdf.views import view
from catalogue.rdf.write import write
from catalogue.web.present.wizard import YOURS

FORM = {
    "research": "disease",
    "disease": "borstkanker; ORPHA:154",
    "excluded": "no-methods",
    "care": "no",
    "companies": "nonprofit",
    "users": "institution",
    "institutions": "UMC Noord; UMC Zuid",
    "where": "eu",
    "duties": "ethics",
    "recontact": "no",
    "linkage": "yes",
    "duration": "months",
    "months": "24",
    "origin": "broad",
    "people": "minors",
    "name": "Brede toestemming",
    "other": "Geen gebruik voor verzekeringen",
}
CODES = ["DS", "GS", "IRB", "IS", "LINKAGE", "NMDS", "NO-RECONTACT", "NPU", "TS"]
TURTLE = re.compile(r"<code>(@prefix.*?)</code>", re.DOTALL)


def asked(page: Any, language: str = "en", **given: str) -> str:
    text: str = page(f"/{language}/consent-wizard?{urlencode(given)}").text
    return text


def turtle(html: str) -> Graph:
    (found,) = TURTLE.findall(html)
    parsed = ox.parse(unescape(found), format=ox.RdfFormat.TURTLE)
    return Graph(quad.triple for quad in parsed)


def stratum(graph: Graph) -> Any:
    (found,) = read.dataset(graph, ox.NamedNode(YOURS)).consent
    return found


def codes(conditions: tuple[Condition, ...]) -> list[str]:
    return sorted(name for each in conditions for name in names(each.term))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_answer_can_be_given_and_is_labelled(page: Any, language: str) -> None:
    found = outline(page(f"/{language}/consent-wizard").text)
    fields = [each for each in found.all("input") if each.get("type") not in {"radio", "checkbox"}]
    assert {each.get("id") for each in fields} <= {each.get("for") for each in found.all("label")}
    assert len(found.all("fieldset")) == len(QUESTIONS) == 12


def test_a_form_becomes_codes_that_come_back_from_rdf(page: Any) -> None:
    found = stratum(turtle(asked(page, **FORM)))
    assert codes(found.conditions) == CODES
    assert found.model == GC + "model-broad"
    said = {names(each.term)[0]: each.parameters for each in found.conditions}
    assert len(said["DS"]) == 2
    assert GC + "disease-breast-cancer" in said["DS"]
    assert (said["TS"], said["GS"]) == (("24",), ("EU",))


def test_the_codes_come_back_from_an_offer_too(page: Any) -> None:
    graph = turtle(asked(page, **FORM))
    shown = view(graph, ox.NamedNode(YOURS), "dcat-ap-3").graph
    bare = Graph(t for t in shown if t.predicate.value != GC + "consentStratum")
    assert codes(stratum(bare).conditions) == CODES


@pytest.mark.parametrize("language", ["nl", "en"])
def test_plain_sentences_come_in_both_languages(page: Any, language: str) -> None:
    html = asked(page, language, **FORM)
    assert "Alleen organisaties zonder winstoogmerk" in html
    assert "Only not-for-profit organisations" in html


def test_what_no_code_can_say_is_listed_and_not_lost(page: Any) -> None:
    html = asked(page, **FORM)
    assert "minors are included has no code" in html
    assert "Geen gebruik voor verzekeringen" in html


def test_the_cell_for_the_spreadsheet_is_read_as_the_same_codes(page: Any) -> None:
    html = asked(page, "en", research="health", companies="nonprofit", where="nl")
    (cell,) = re.findall(r"<dt>Conditions</dt><dd><span class=\"code\">([^<]*)</span>", html)
    read_back = [from_cell(part.strip()) for part in unescape(cell).split("|")]
    assert codes(tuple(read_back)) == ["GS", "HMB", "NPU"]


def test_a_form_that_names_no_research_says_what_follows(page: Any) -> None:
    assert "the committee must judge" in asked(page, companies="nonprofit")


def test_a_code_without_what_it_applies_to_is_named(page: Any) -> None:
    assert "Nothing is filled in at “Only research on a certain disease”" in asked(
        page, research="disease"
    )


def test_a_disease_that_we_do_not_know_stays_in_words(page: Any) -> None:
    html = asked(page, research="disease", disease="de vliegende tering")
    assert "We do not know “de vliegende tering”" in html
    assert stratum(turtle(html)).conditions[0].parameters == ("de vliegende tering",)


def test_silence_gives_no_code(page: Any) -> None:
    assert not TURTLE.findall(asked(page, research="silent", care="silent"))
    assert "neither a yes nor a no" in asked(page, research="silent")


def test_nothing_that_a_visitor_types_becomes_markup(page: Any) -> None:
    attack = "<script>alert(1)</script>\x00\u202e"
    html = asked(page, research="disease", disease=attack, name=attack, other=attack)
    assert "<script>alert" not in html


answers = st.fixed_dictionaries(
    {},
    optional={
        each.name: st.lists(st.sampled_from([c.value for c in each.choices]), max_size=3)
        for each in QUESTIONS
    }
    | {
        blank.name: st.lists(st.text(max_size=30), max_size=2)
        for q in QUESTIONS
        for blank in q.blanks
    },
)


@settings(max_examples=60)
@given(answers)
def test_any_answers_come_back_from_rdf(given_answers: dict[str, list[str]]) -> None:
    found = translated(given_answers, lambda _text: None)
    dataset = Dataset(iri=YOURS, consent=(found.stratum,))
    (again,) = read.dataset(write(dataset), ox.NamedNode(YOURS)).consent
    assert codes(again.conditions) == codes(found.stratum.conditions)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_of_the_rules_has_every_line_of_the_table(page: Any, language: str) -> None:
    html = unescape(page(f"/{language}/about/consent/rules").text)
    for line in lines():
        start = line.sentence.value(language).partition("{")[0].strip()
        assert start in html or line.code in BY_NAME
        assert f'id="{line.choice}"' in html or not line.choice
    assert {"nl": "geen toestemming", "en": "not a permission"}[language] in html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_table_of_permissions_has_a_cell_for_every_aim(page: Any, language: str) -> None:
    found = outline(page(f"/{language}/about/consent/rules").text)
    assert len(found.all("td")) == len(AIMS) * len(BY_NAME)
