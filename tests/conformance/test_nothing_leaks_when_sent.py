"""Nothing that is hidden comes back from the routes that take something in.

Every route that knows POST, PUT or DELETE gets every body below, sensible for one of them and
hostile for the others, from a visitor, from a steward of another organisation, and with tokens
that are wrong, expired or revoked. A new route needs no row here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conformance.hidden import Scene, scene
from conformance.test_nothing_leaks import SPARQL, secrets_in, values_of
from conformance.test_nothing_told_apart import filled
from harvested import BASE
from werkzeug.routing import Rule

from catalogue.accounts.permissions import Role
from catalogue.web.session import WINDOW, wrong_tokens

METHODS = ("POST", "PUT", "DELETE", "PATCH")
EVERYTHING = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<> a dcat:Dataset, dcat:Catalog, dcat:Distribution ; dct:title "Cuckoo" ; dct:isPartOf <{iri}> ;
  dct:relation <{iri}> ; dcat:dataset <{iri}> . <{iri}> a dcat:Dataset ; dct:title "Cuckoo" ."""
Body = tuple[str, bytes]


def bodies(iri: str) -> Iterator[Body]:
    """(media type, body): a field or a key for whatever any route reads; `iri` is hidden."""
    fields = {
        "query": EVERYTHING, "verb": "GetRecord", "identifier": iri, "metadataPrefix": "oai_dc",
        "token": "gcat_aaaaaaaaaa_bbbb", "next": iri, "decision": "confirm", "url": iri,
        "text": TURTLE.replace("{iri}", iri), "profile": "minimum", "q": "held",
    }  # fmt: skip
    keys = fields | {
        "current": "PUBLISHED", "clientUrl": iri, "email": "a@b.example", "password": "x",
        "purpose": {"disease": [iri]}, "datasets": [iri, iri.rpartition("/")[2]],
        "prefixes": "", "graphPattern": "?entity ?p ?o", "ordering": "", "dataset": iri,
    }  # fmt: skip
    yield "application/x-www-form-urlencoded", _form(fields)
    yield "application/x-www-form-urlencoded", _form({"verb": "ListRecords", **OAI_ALL})
    yield "application/x-www-form-urlencoded", _form({"update": "CLEAR ALL"})
    yield "application/json", json.dumps(keys).encode()
    yield "application/json", b'{"query": "held"}'
    yield "application/json", b"[" * 2000
    yield "text/turtle", TURTLE.replace("{iri}", iri).encode()
    yield "text/turtle", b"\xff\x00 not turtle"
    yield "application/sparql-query", f"DESCRIBE <{iri}>".encode()
    yield "application/sparql-update", b"LOAD <file:///etc/passwd>"
    yield "multipart/form-data; boundary=x", b"--x\r\nno part"
    yield "", b""


OAI_ALL = {"metadataPrefix": "oai_dc"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("sent")
    with scene(folder) as made:
        yield made


@pytest.mark.timeout(900)  # some thousands of requests, beside whatever else is running
def test_nothing_hidden_comes_back_from_what_is_sent(site: Scene) -> None:
    iri = f"{BASE}/dataset/{site.drafts['draft']}"
    leaks = set()
    for (method, path), (media, body), who in product(routes(site), bodies(iri), bearers(site)):
        mine = f"{path} {body.decode('latin-1')}".lower()
        with ask(site, path, method=method, data=body, content_type=media, headers=who) as answer:
            assert answer.status_code < 500, (method, path, media, answer.text)
            leaks |= {f"{leak} at {method} {path} ({media})" for leak in found(site, answer, mine)}
    assert not leaks, "\n".join(sorted(leaks)[:60])


@pytest.mark.parametrize("query", SPARQL)
def test_nothing_hidden_is_found_by_a_query_that_is_posted(site: Scene, query: str) -> None:
    form = {"data": query, "content_type": "application/x-www-form-urlencoded"}
    for path in ("/sparql", "/query", "/en/query"):
        with ask(site, path, method="POST", **form) as answer:
            assert not list(found(site, answer, query))


def test_every_route_that_takes_something_in_is_asked(site: Scene) -> None:
    asked = {method for method, _ in routes(site)}
    assert asked >= {"POST", "PUT", "DELETE"}
    rules = [r for r in site.app.url_map.iter_rules() if {*METHODS} & (r.methods or set())]
    assert len({path for _, path in routes(site)}) >= len({r.rule for r in rules})


def routes(site: Scene) -> list[tuple[str, str]]:
    """(method, path) of everything that is no mere reading."""
    return [
        (method, path)
        for rule in site.app.url_map.iter_rules()
        for method in METHODS
        if method in (rule.methods or ())
        for path in (every(site, rule) if rule.arguments else [rule.rule])
    ]


def every(site: Scene, rule: Rule) -> list[str]:
    """The paths of a rule about something hidden, something public, and what is nowhere."""
    known = {
        name: values_of(site, rule, name) for name in rule.arguments - set(rule.defaults or {})
    }
    if "id" in known:
        known["id"] = (site.drafts["draft"], site.hidden[2], site.public["Openset"])
    if "language" in known:
        known["language"] = ("en",)
    if not known:
        return [rule.rule]
    return list(filled(rule, known, next(iter(known))))


def bearers(site: Scene) -> list[dict[str, str]]:
    """Nobody, a steward of another organisation, and tokens that are no good any more."""
    desk = site.parts.desk
    assert desk
    old = desk.issue("umc", Role.STEWARD, "Old", days=-1, actor="operator").text
    texts = (site.tokens["eve"], old, "gcat_aaaaaaaaaa_bbbbbbbbbb")
    return [{}, *({"Authorization": f"Bearer {text}"} for text in texts)]


def ask(site: Scene, path: str, **options: Any) -> Any:
    """One request of a client that never sent a wrong token before."""
    site.app.extensions[WINDOW] = wrong_tokens()
    return site.app.test_client().open(path, **options)


def found(site: Scene, answer: Any, mine: str) -> Iterator[str]:
    """What an answer tells that the client did not know, whatever the answer is."""
    return secrets_in(site, answer, mine)


def _form(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()
