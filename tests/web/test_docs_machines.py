"""What the page for programs says of harvesting and of writing is there, and answers."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from web import townhall
from web.writing import writing

from catalogue.web.fdp_write import PREFIXES
from catalogue.web.present import machines

HARVESTED = ("/oai?", "/feed", "/dump.nq.gz", "/catalog.ttl", "/.well-known/void", "/feed.atom")


def part(text: str, start: str, end: str) -> str:
    return text[text.index(f'id="{start}"') : text.index(f'id="{end}"')]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_address_for_harvesters_answers(client: Any, page: Any, language: str) -> None:
    found = part(html.unescape(page(f"/{language}/docs").text), "harvesters", "writing")
    links = set(re.findall(r'href="(/[^"]*)"', found))
    asked = set(re.findall(rf"curl (?:-O )?'{re.escape(townhall.BASE)}([^']+)'", found))
    assert len(asked) == len(machines.WAYS) == len(links)
    for start in HARVESTED:
        assert any(each.startswith(start) for each in asked)
    for address in links | asked:
        assert client.get(address).status_code == 200, address
    for address in links:
        assert page(address).status_code == 200, address


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_leads_harvesters_to_what_they_need(page: Any, language: str) -> None:
    text = html.unescape(page(f"/{language}/about").text)
    foot = text[text.index("<footer") :]
    for address in ("/oai?verb=Identify", "/feed?format=trig", "/dump.nq.gz", "/.well-known/void"):
        assert f'href="{address}' in foot
    assert f'href="/{language}/docs#harvesters"' in foot


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_request_that_writes_is_explained(tmp_path: Path, language: str) -> None:
    with writing(tmp_path) as desk:
        text = desk.ask("GET", f"/{language}/docs", Accept="text/html").text
        known = desk.app.url_map
    said = part(html.unescape(text), "writing", "api")
    explained = set(re.findall(r'class="method">(\w+)</span> <code>([^<]+)<', said))
    assert written(known) <= explained
    for address in re.findall(r'href="(/[^"]+)"', said):
        answer = desk.ask("GET", address, Accept="text/html")
        assert answer.status_code == 200, address


def written(known: Any) -> set[tuple[str, str]]:
    """The requests of the FAIR Data Point that write, with a record's address in one form."""
    kinds = "|".join(PREFIXES)
    rules = [each for each in known.iter_rules() if each.endpoint.startswith("fdp_")]
    found = {
        (method, re.sub(rf"^/(?:{kinds}|<[^>]*:kind>)/<id>", "/{kind}/{id}", str(rule)))
        for rule in rules
        for method in (rule.methods or set()) & {"POST", "PUT", "DELETE"}
    }
    return {each for each in found if "search" not in each[1]} - NOT_NAMED


NOT_NAMED = {("POST", "/series"), ("PUT", "/{kind}/{id}/meta")}
"""Second names of what is explained."""
