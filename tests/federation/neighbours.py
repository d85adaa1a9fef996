"""Our store with some peers, and what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from catalogue.cli.parts import federated, peers
from catalogue.federation.store import FederatedStore
from catalogue.settings import Settings
from catalogue.store import embedded

SITE = "https://catalogue.example"
RESULTS = "application/sparql-results+json"


def store(
    engine: embedded.Engine,
    *endpoints: str,
    seconds: float = 15,
    allowed: tuple[str, ...] = ("127.0.0.1",),
) -> FederatedStore:
    """Our store, with these peers, as the command line makes it."""
    settings = Settings(
        base_url=SITE,
        peers=tuple(f"p{number}={url}" for number, url in enumerate(endpoints)),
        allowed_hosts=allowed,
        query_seconds=20,
        peer_seconds=seconds,
    )
    behind = embedded.EmbeddedStore(engine.sockets, seconds=20, base=f"{SITE}/sparql")
    return federated(settings, behind, peers(settings))


def rows(asked: FederatedStore, query: str, **options: Any) -> list[dict[str, str]]:
    """The solutions, each variable with its value; their order says nothing."""
    found = json.loads(asked.query(query, accept=RESULTS, **options).read())
    plain = [{k: v["value"] for k, v in row.items()} for row in found["results"]["bindings"]]
    return sorted(plain, key=repr)


def columns(asked: FederatedStore, query: str) -> set[str]:
    return set(json.loads(asked.query(query, accept=RESULTS).read())["head"]["vars"])


def iri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def results(names: Sequence[str], found: Sequence[object]) -> str:
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": list(found)}})
