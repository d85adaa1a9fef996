"""Every name that we mint leads somewhere: each IRI under our base, in any graph, is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from conformance.hidden import Scene, scene
from harvested import BASE

NAME = re.compile(rf'{re.escape(BASE)}[^\s<>"\\{{}}|^`,;)]*')
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
