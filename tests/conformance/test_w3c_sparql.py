"""The W3C's tests of SPARQL 1.0 and 1.1 queries over HTTP, beside a bare oxigraph server.

They are not part of the project. `W3C_SPARQL_TESTS` names a folder with their manifests, such as
`sparql` of https://github.com/w3c/rdf-tests, or the two data folders in `test/DAWG` of the
source distribution of rdflib 5.0.0. Each is asked in both servers, by GET and by POST; whatever
the oxigraph server answers as the W3C says, we do too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from conformance import w3c
from endpoints import oxigraph
from served import serving

SUITE = Path(os.environ.get("W3C_SPARQL_TESTS") or "no such folder")

pytestmark = [pytest.mark.slow, pytest.mark.server]


@pytest.fixture(scope="module")
def cases() -> list[w3c.Case]:
    if not SUITE.is_dir():
        pytest.skip("no copy of the W3C tests; see the first lines of this file")
    return w3c.cases(SUITE)


@pytest.fixture(scope="module")
def endpoints(
    cases: list[w3c.Case], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Ours and the bare server's, with the same data."""
    folder = tmp_path_factory.mktemp("w3c")
    data = folder / "all.nq"
    data.write_bytes(w3c.together(cases))
    with serving("serve", "--data", str(data)) as ours, oxigraph(folder) as bare:
        headers = {"Content-Type": "application/n-quads"}
        sent = requests.post(f"{bare}/store", data=data.read_bytes(), headers=headers, timeout=60)
        sent.raise_for_status()
        yield f"{ours.base}/sparql", f"{bare}/query"


def test_there_are_as_many_tests_as_there_should_be(cases: list[w3c.Case]) -> None:
    kinds = {case.kind for case in cases}
    assert (kinds, len(cases) > 250) == ({"evaluation", "legal", "illegal"}, True)


def difference(names: set[str], ours: set[str], bare: set[str]) -> str:
    """The figures, and a line for each test that not both pass; `pytest -s` shows them."""
    lines = [f"{len(names)} tests: we pass {len(ours)}, the oxigraph server {len(bare)}"]
    for name in sorted(names - (ours & bare)):
        passes = [who for who, passed in (("we", ours), ("oxigraph", bare)) if name in passed]
        lines.append(f"{name}: {' '.join(passes) or 'neither'}")
    return "\n".join(["", *lines, ""])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("post", [False, True], ids=["by GET", "by POST"])
def test_we_pass_what_the_oxigraph_server_passes(
    cases: list[w3c.Case], endpoints: tuple[str, str], post: bool
) -> None:
    ours, bare = (
        {case.name for case in cases if w3c.passes(case, endpoint, post=post)}
        for endpoint in endpoints
    )
    sys.stdout.write(difference({case.name for case in cases}, ours, bare))
    assert bare - ours == set()


@pytest.mark.timeout(900)
def test_a_file_with_a_default_graph_is_served_as_it_is(
    cases: list[w3c.Case], endpoints: tuple[str, str], tmp_path: Path
) -> None:
    """Some tests for a default and named graphs, each with a server of its own."""
    chosen = {case.query.parent: case for case in cases if case.data and case.graphs}
    passed = [case for case in chosen.values() if w3c.passes(case, endpoints[1])][:3]
    assert passed
    for case in passed:
        data = tmp_path / "alone.nq"
        data.write_bytes(w3c.alone(case))
        with serving("serve", "--data", str(data)) as served:
            assert w3c.passes(case, f"{served.base}/sparql", exact=True), case.name
