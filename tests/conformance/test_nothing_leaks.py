"""Nothing that is hidden shows anywhere: every route of the site, in every format, is asked.

The routes come from the site itself. One that this file cannot call makes the test fail, so a
new route cannot be forgotten: give its endpoint a row in `QUERIES`, and its arguments a row in
`_values`.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import pytest
from conformance.hidden import FEW_COUNTS, WORDS, Scene, scene
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, Map, Rule

from catalogue.exports import exports
from catalogue.rdf.views import VIEWS
from catalogue.web.negotiate import RDF_FORMATS
from catalogue.web.oai_formats import FORMATS as OAI

ACCEPTS = ("text/html", "*/*", "application/json")
NONE = ("",)
NOTATIONS = tuple(f"format={each.key}" for each in RDF_FORMATS)
PROFILES = tuple(f"format=ttl&profile={key}" for key in VIEWS)
EXPORTS = tuple(f"format={key}" for key in exports())
SEARCHES = (
    "", "q=held", "q=quokka", "q=kowari", "q=wombat", "q=antechinus", "q=dibbler", "q=cuscus",
    "q=bandicoot", "q=yapok", "organisation=held-kowari-institute", "sort=newest",
    "sort=individuals", "size=100", "purpose=research", "disease=disease-cancer",
)  # fmt: skip
SPARQL = tuple(
    urlencode({"query": each})
    for each in (
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(CONTAINS(LCASE(STR(?o)), 'held')) }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s a <http://www.w3.org/ns/dcat#Dataset> }",
    )
)
LISTS = tuple(
    f"verb={v}&metadataPrefix={p}" for v in ("ListRecords", "ListIdentifiers") for p in OAI
)
OAI_VERBS = ("verb=Identify", "verb=ListSets", "verb=ListMetadataFormats", *LISTS)

QUERIES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("about", "about_consent", "about_numbers", "accessibility", "api_concepts"), NONE
    ),
    **dict.fromkeys(("api_openapi", "api_schemes", "consent_rules", "consent_wizard"), NONE),
    **dict.fromkeys(("docs", "favicon", "favicon_ico", "health", "robots", "static"), NONE),
    **dict.fromkeys(("pending_sources", "sign_in", "test_source", "validate"), NONE),
    **dict.fromkeys(("query_terms", "fdp_bootstrap", "fdp_label", "sparql_options"), NONE),
    **dict.fromkeys(("fdp_search_filters", "fdp_search_query_saved", "fdp_root_meta_state"), NONE),
    "fdp_search_template": NONE,
    **dict.fromkeys(("catalogs", "organisations", "organisation", "home"), ("", *NOTATIONS)),
    **dict.fromkeys(("fdp_spec", "fdp_spec_root", "fdp_profile", "namespace", "void"), NOTATIONS),
    **dict.fromkeys(("fdp_profile_shapes", "fdp_expanded_root", "fdp_page_root"), NOTATIONS),
    **dict.fromkeys(("fdp_expanded", "fdp_page", "fdp_meta", "fdp_meta_state"), NOTATIONS),
    **dict.fromkeys(("fdp_root_meta", "quality", "report", "dataset_quality"), ("", *NOTATIONS)),
    **dict.fromkeys(("linkset", "graph", "graph_navigation", "graph_provenance"), NONE),
    **dict.fromkeys(("sitemap", "sitemap_pages", "sitemap_records"), NONE),
    **dict.fromkeys(("provenance", "version"), ("", *NOTATIONS, *PROFILES)),
    **dict.fromkeys(("catalog", "series", "distribution"), ("", *NOTATIONS, *PROFILES)),
    "query": SPARQL,
    "dataset": ("", *NOTATIONS, *PROFILES, *EXPORTS),
    "versions": ("", "format=link", "format=html"),
    **dict.fromkeys(("datasets", "datasets_csv", "api_datasets"), SEARCHES),
    **dict.fromkeys(("api_dataset", "api_catalog", "api_catalogs"), NONE),
    **dict.fromkeys(("api_organisation", "api_organisations"), NONE),
    **dict.fromkeys(("source", "run"), ("", *NOTATIONS)),
    **dict.fromkeys(("sources", "source_feed", "atom"), NONE),
    **dict.fromkeys(("api_sources", "api_source", "api_runs", "api_run", "api_outcomes"), NONE),
    "bulk": ("", "page=1", "modified_since=2020-01-01"),
    "dump": NONE,
    **dict.fromkeys(("feed", "feed_page"), ("", "format=nq", "format=trig")),
    "oai": OAI_VERBS,
    "sparql": SPARQL,
}
"""What each endpoint is asked, beside its bare address."""

FAMILIES = ("fdp_spec",)
WRITES = (
    "api_consent_match", "api_validate", "decide_source", "fdp_delete", "fdp_make", "fdp_replace",
    "fdp_set_meta", "fdp_token", "ping", "query_form", "query_programs", "removal", "repaired",
    "sign_out", "signed_in", "tested_source", "validate_result", "fdp_search",
)  # fmt: skip
"""How endpoints begin that only take something in: they answer about what was sent."""


REPORTS = {"source", "run", "api_outcomes"}
TOLD = ("quokka", "numbat", "wombat")
"""A report on a run names what the holder has to mend by the holder's own address (it has a
quokka or a numbat in it), and what was public and is gone by the title that it had."""
SLUGS = (
    "held-kowari-institute", "held-quoll-institute", "draft-phascogale-institute", "tenrec",
    "submitted-tenrec", "echidna",
)  # fmt: skip
"""Organisations and sources that have nothing public."""
ANSWERS = (200, 301, 302, 303, 308, 400, 401, 403, 404, 406, 410)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("hidden")
    with scene(folder) as made:
        yield made


@pytest.mark.timeout(900)  # some thousands of requests, beside whatever else is running
def test_nothing_hidden_appears_on_any_route_in_any_format(site: Scene) -> None:
    client = site.app.test_client()
    leaks = set()
    for address, accept in sorted(asked(site)):
        with client.get(address, headers={"Accept": accept}) as answer:
            found = leaks_in(site, answer, address)
            leaks |= {f"{leak} at {address} as {accept}" for leak in found}
    assert not leaks, "\n".join(sorted(leaks)[:60])


def test_what_is_looked_for_is_really_there(site: Scene) -> None:
    client, mine = site.app.test_client(), {"Authorization": f"Bearer {site.tokens['anna']}"}
    where = f"/dataset/{site.drafts['draft']}"
    draft = client.get(where, headers={**mine, "Accept": "text/turtle"})
    assert any("antechinus" in leak for leak in leaks_in(site, draft, "/"))
    kept = str([site.parts.register.outcomes(each) for each in site.runs])
    assert "held" in kept
    assert "quokka" in kept


def test_a_small_count_is_recognised_in_every_notation(site: Scene) -> None:
    plain = ('"individuals": 3', "numberOfRecords> 7 .", "<td>7 people</td>", "Records: 7")
    typed = ("7e0", '"3.0E0"^^xsd:double', "was: 7 (@dut)", "~3", "n=3", '"7"^^<http://x#double>')
    for said in (*plain, *typed):
        assert any(pattern.search(said) for pattern in FEW_COUNTS), said


def test_a_new_route_cannot_be_forgotten(site: Scene) -> None:
    for rule, methods in (("/new", ["GET"]), ("/new/<thing>", ["GET"]), ("/new", ["POST"])):
        made = Rule(rule, endpoint="new", methods=methods)
        Map([made])
        with pytest.raises(AssertionError, match="tell this test how to call"):
            list(of_rule(site, made))


def test_a_new_argument_of_a_route_cannot_be_forgotten(site: Scene) -> None:
    made = Rule("/dataset/<id>/<twist>", endpoint="dataset", methods=["GET"])
    Map([made])
    with pytest.raises(AssertionError, match="what can 'twist' be"):
        list(of_rule(site, made))


def test_a_new_route_that_tells_a_secret_is_found_out(site: Scene) -> None:
    title, told = "Held Kowari Institute", "\u201cHeld K\u006fwari\u201d"
    for body in (title, html.escape(told), json.dumps({"a": title})):
        kind = "application/json" if body.startswith("{") else "text/html"
        answer = site.app.response_class(body, mimetype=kind)
        assert list(secrets_in(site, answer, "")), body
    assert not list(secrets_in(site, site.app.response_class(title), title.lower()))


def test_a_new_format_is_asked_without_a_row(site: Scene) -> None:
    addresses = {each for rule in site.app.url_map.iter_rules() for each in of_rule(site, rule)}
    opened = site.public["Openset"]
    for wanted in (*EXPORTS, *NOTATIONS, *PROFILES):
        assert f"/dataset/{opened}?{wanted}" in addresses
    for prefix in OAI:
        assert f"/oai?verb=ListRecords&metadataPrefix={prefix}" in addresses
    assert len(EXPORTS) == len(exports())
    assert len(NOTATIONS) == len(RDF_FORMATS)


def test_no_row_is_about_a_route_that_is_gone(site: Scene) -> None:
    known = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    assert not set(QUERIES) - known - set(FAMILIES)
    assert not {each for each in WRITES if not any(name.startswith(each) for name in known)}


def asked(site: Scene) -> set[tuple[str, str]]:
    """Every address for every kind of client; with a query or a language, for people."""
    addresses = {each for rule in site.app.url_map.iter_rules() for each in of_rule(site, rule)}
    plain = {
        each for each in addresses if "?" not in each and not each.startswith(("/nl/", "/en/"))
    }
    return {*product(plain, ACCEPTS), *product(addresses, ACCEPTS[:1])}


def of_rule(site: Scene, rule: Rule) -> Iterator[str]:
    """The addresses of one rule. Fails, saying what to do, for a rule that is not known here."""
    if "GET" not in (rule.methods or ()):
        assert rule.endpoint.startswith(WRITES) or rule.endpoint in QUERIES, how(rule)
        return
    assert queries(rule.endpoint) is not None, how(rule)
    names = sorted(rule.arguments - set(rule.defaults or {}))
    for values in product(*(values_of(site, rule, name) for name in names)):
        path = rule.rule
        for name, value in zip(names, values, strict=True):
            path = re.sub(rf"<(?:[^<>]*:)?{name}>", quote(value, safe="/"), path)
        yield path
        if "language" not in rule.arguments:
            every = [query for query in queries(rule.endpoint) or () if query]
            lost = not {*values}.isdisjoint((*site.hidden, *site.withdrawn))
            yield from (f"{path}?{query}" for query in (every[::4] if lost else every))


def queries(endpoint: str) -> tuple[str, ...] | None:
    """The row of an endpoint; `fdp_spec_catalog` and its sisters share that of `fdp_spec`."""
    for name in (endpoint, *(each for each in FAMILIES if endpoint.startswith(f"{each}_"))):
        if name in QUERIES:
            return QUERIES[name]
    return None


def how(rule: Rule) -> str:
    """What whoever made a new route has to do."""
    return f"tell this test how to call {rule.endpoint} ({rule.rule}): add a row to QUERIES"


def some_hidden(site: Scene) -> tuple[str, ...]:
    """A held dataset and a draft; `test_nothing_told_apart` has all of them."""
    return (site.hidden[2], site.drafts["draft"])


def values_of(site: Scene, rule: Rule, name: str) -> tuple[str, ...]:
    """What to put in an argument: everything that it can be, and what is hidden."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return tuple(sorted(converter.items))
    known = values(site, runs="slug" in rule.arguments)
    assert name in known, f"tell this test how to call {rule.rule}: what can {name!r} be?"
    return known[name]


def values(site: Scene, *, runs: bool) -> dict[str, tuple[str, ...]]:
    """Values of the arguments of routes, by name; `id` is of a run or else of a record."""
    records = (*site.public.values(), *some_hidden(site), *site.withdrawn, site.distribution)
    numbers = tuple(map(str, site.runs))
    return {
        "id": numbers if runs else records,
        "slug": ("umc", "umc-voorbeeld", "submitted-umc", *SLUGS),
        "number": numbers,
        "page": ("1",),
        "moment": site.moments,
        "scheme": ("assay",),
        "name": ("minimum", "health-ri-core-2"),
        "child": ("catalog", "dataset", "distribution", "series"),
        "filename": ("base.css",),
    }


def leaks_in(site: Scene, answer: Any, address: str) -> Iterator[str]:
    """What an answer tells that it should not. What the client asked for may be repeated."""
    assert answer.status_code in ANSWERS, f"{answer.status_code} at {address}"
    told = TOLD if endpoint_of(site, answer) in REPORTS else ()
    yield from secrets_in(site, answer, unquote(address).lower(), told)


def secrets_in(site: Scene, answer: Any, mine: str, told: tuple[str, ...] = ()) -> Iterator[str]:
    """Every word, identifier and small number that is hidden, and neither `mine` nor `told`."""
    said = text_of(answer) + "\n".join(f"{name}: {value}" for name, value in answer.headers)
    lower = said.lower()
    for word in (*WORDS, *site.hidden):
        if word in lower and word not in mine and word not in told and stands(word, lower):
            place = lower.index(word)
            yield f"{word!r} ({said[max(0, place - 60) : place + 40]!r})"
    for pattern in FEW_COUNTS:
        if found := pattern.search(said):
            yield f"a small count ({said[max(0, found.start() - 60) : found.end() + 30]!r})"


def stands(word: str, text: str) -> bool:
    """Whether a number stands alone in the text, and not within a hash; a word anywhere."""
    return not word.isdigit() or bool(re.search(rf"(?<![0-9a-z]){word}(?![0-9a-z])", text))


def text_of(answer: Any) -> str:
    """The body in the characters that a reader sees, whatever its notation."""
    body = answer.data
    if answer.mimetype == "application/gzip":
        body = gzip.decompress(body)
    text = body.decode("utf-8", "replace")
    if "json" in answer.mimetype:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text)


def endpoint_of(site: Scene, answer: Any) -> str:
    """Which view answered."""
    adapter = site.app.url_map.bind("localhost")
    try:
        return str(adapter.match(answer.request.path, method="GET")[0])
    except HTTPException:
        return ""
