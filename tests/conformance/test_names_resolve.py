"""Every name that we mint leads somewhere: each IRI under our base, in any graph, is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
from conformance.hidden import Scene, scene
from harvested import BASE

from catalogue.web.negotiate import RDF_FORMATS

NAME = re.compile(rf'{re.escape(BASE)}[^\s<>"\\{{}}|^`,;)]*')
ORIGIN = re.compile(rf"{re.escape(BASE)}/(sources/[\w-]+(/runs/\d+)?|organisation/[\w-]+)")
TURTLE = {"Accept": "text/turtle"}
SAID = (200, 302, 303, 410)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("names")
    with scene(folder) as made:
        yield made


def documents(site: Scene) -> tuple[str, ...]:
    """Every place where we say something in RDF, or link to it."""
    kinds = site.parts.register.kinds(list(site.public.values()))
    records = [f"/{kind}/{name}" for name, kind in kinds.items()]
    about = [f"{each}/{part}" for each in records for part in ("provenance", "linkset", "report")]
    more = ("/", "/catalog.ttl", "/catalog.nq", "/feed", "/feed/1", "/.well-known/void", "/sparql")
    return (*records, *about, *more, f"/distribution/{site.distribution}")


def test_every_name_under_our_base_leads_somewhere(site: Scene) -> None:
    client = site.app.test_client()
    names = {name for path in documents(site) for name in names_at(client, path)}
    assert len(names) > 30
    lost = sorted(name for name in names if not leads(client, name))
    assert not lost


def test_every_name_in_the_public_store_leads_somewhere(site: Scene) -> None:
    """Only to a page that is there: what was withdrawn is in no graph."""
    client = site.app.test_client()
    names = set()
    register: Any = site.parts.register
    for graph, triples in chain(register.graphs(), register.walk()):
        names |= {graph, *NAME.findall(triples.decode())}
    assert any(name.endswith("/provenance") for name in names)
    assert any("#repaired-" in name for name in names)
    lost = sorted(name for name in names if not leads(client, name))
    assert not lost


def test_what_provenance_names_is_told_in_every_notation(site: Scene) -> None:
    """Sources, runs and organisations: each with all that HTTP lets a client ask for."""
    client = site.app.test_client()
    named = {name for path in documents(site) for name in names_at(client, path)}
    paths = {name.removeprefix(BASE) for name in named if ORIGIN.fullmatch(name)}
    for part in ("/sources/umc", "/runs/", "/organisation/umc-voorbeeld", "/sources/submitted-umc"):
        assert any(part in path for path in paths), part
    for path, form in product(sorted(paths), RDF_FORMATS):
        answer = client.get(path, headers={"Accept": form.media_type})
        assert (answer.status_code, answer.mimetype) == (200, form.media_type), path
        known = {"Accept": form.media_type, "If-None-Match": answer.headers["ETag"]}
        assert client.get(path, headers=known).status_code == 304, path
        assert f"{BASE}{path}" in answer.text


def test_what_provenance_names_answers_as_http_wants(site: Scene) -> None:
    client = site.app.test_client()
    run = f"/sources/umc/runs/{site.runs[0]}"
    for path in ("/sources/umc", run, "/organisation/umc-voorbeeld"):
        turtle, head = client.get(path, headers=TURTLE), client.head(path, headers=TURTLE)
        assert turtle.headers["ETag"] == head.headers["ETag"]
        assert "Accept" in turtle.headers["Vary"]
        assert turtle.headers["Access-Control-Allow-Origin"] == "*"
        assert client.options(path).status_code == 200
        assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
        page = client.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (200, "text/html")
        known = {"Accept": "text/html", "If-None-Match": page.headers["ETag"]}
        assert client.get(path, headers=known).status_code == 304


def names_at(client: Any, path: str) -> set[str]:
    answer = client.get(path, headers={"Accept": "text/turtle, */*;q=0.1"})
    assert answer.status_code == 200, path
    return set(NAME.findall(answer.text))


def leads(client: Any, name: str) -> bool:
    """Whether something answers, and whether a fragment is spoken of in what answers."""
    address, _, fragment = name.partition("#")
    path = address.removeprefix(BASE) or "/"
    answer = client.get(path, headers=TURTLE)
    if answer.status_code == 406:  # a page or a feed, which has no notation of RDF
        answer = client.get(path)
    found = answer.status_code in SAID
    return found and (
        not fragment or f"#{fragment}" in answer.text or "text/html" in answer.mimetype
    )
