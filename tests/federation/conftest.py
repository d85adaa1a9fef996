"""An engine of our own, an oxigraph server as a peer, and servers that are worse peers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from endpoints import oxigraph, put
from federation.neighbours import RESULTS, iri, results
from misbehaving import Misbehaving

from catalogue.namespaces import Iri
from catalogue.store import embedded

OURS = b"""<urn:a> <urn:title> "one" .
<urn:b> <urn:title> "two" .
<urn:c> <urn:title> "three" .
"""
THEIRS = """<urn:a> <urn:held> <urn:umc> ; <urn:count> 12 .
<urn:b> <urn:held> <urn:umc> , <urn:ncc> ; <urn:said> "nee"@nl, "a \\"b\\"\\n\\\\u0022 \\u00e9" .
<urn:z> <urn:held> [ <urn:name> "someone" ] ; <urn:by> [ <urn:name> "else" ] ."""


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Engine]:
    folder = tmp_path_factory.mktemp("federation")
    with embedded.start(folder, seconds=20, memory=256, answer=8, children=2) as running:
        running.store().replace({Iri("urn:graph:ours"): OURS})
        yield running


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a peer that does as it should."""
    with oxigraph(tmp_path_factory.mktemp("peer")) as root:
        put(f"{root}/store?default", THEIRS)
        yield f"{root}/query"


@pytest.fixture
def odd() -> Iterator[Misbehaving]:
    """A peer of which each path behaves in its own way."""
    with Misbehaving() as server:
        server.answer("/sparql", results(["s"], [{"s": iri("urn:a")}]), media_type=RESULTS)
        yield server


@pytest.fixture
def stranger() -> Iterator[Misbehaving]:
    """A server that is on nobody's list."""
    with Misbehaving() as server:
        server.answer("/sparql", results(["s"], [{"s": iri("urn:a")}]), media_type=RESULTS)
        yield server
