"""Two hospitals as their software would serve them: the reference implementation, and MOLGENIS.

The reference implementation (1.20) is known by its containers that are shared by all parents,
drafts that are listed and answer 403, and rights and licences that nobody chose; the old
MOLGENIS by vocabularies of before, and addresses below `/api/fdp`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from misbehaving import Misbehaving

from catalogue.cli.parts import Workshop, workshop
from catalogue.ingest.source import Source
from catalogue.register.records import Outcome, RunState
from catalogue.register.register import Register
from catalogue.settings import Settings

HOSPITALS = Path(__file__).parents[1] / "hospitals"
DRAFT = "/dataset/33d3e2a0-5b7c-4f7e-8a4e-2c6d9e0f1a03"
REFUSAL = '{"status": 403, "error": "Forbidden", "message": "You are not allowed to view this"}'


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(Settings(data=tmp_path_factory.mktemp("data"))) as shop:
        yield shop


def serve(server: Misbehaving, hospital: str, at: dict[str, str]) -> None:
    """Serve the files of a hospital, `root.ttl` first, at these paths."""
    for name, path in at.items():
        turtle = (HOSPITALS / hospital / name).read_bytes()
        server.answer(path, turtle, media_type="text/turtle;charset=utf-8")


def a_source(shop: Workshop, server: Misbehaving, slug: str, url: str) -> Source:
    """A source on an internal address; its records bear the name that the world knows."""
    place = f"127.0.0.1:{server.place[1]}"
    made = Source(slug=slug, title=slug, protocol="fdp", url=url, connect_to=place)
    shop.writer.save_source(made)
    return made


def public(register: Register, source: Source) -> dict[str, bytes]:
    """The public datasets of a source: title and graph."""
    return {
        each.value.title.value("en"): each.graph.n_triples()
        for each in register.published("dataset")
        if each.record.source == source.slug
    }


def test_row_55_the_reference_implementation_is_harvested_whole_without_its_drafts(
    shop: Workshop, server: Misbehaving
) -> None:
    folder = HOSPITALS / "fdp"
    files = [str(path.relative_to(folder)) for path in folder.glob("*/*.ttl")]
    serve(server, "fdp", {"root.ttl": "/", **{f: f"/{f.removesuffix('.ttl')}" for f in files}})
    server.answer(DRAFT, REFUSAL, status=403, media_type="application/json")
    source = a_source(shop, server, "waterland", "http://node-3.waterland.example/")
    assert shop.harvest(source) is RunState.COMPLETE
    [run, *_] = shop.register.runs("waterland")
    assert run.counts == {Outcome.NEW: 4, Outcome.FORBIDDEN: 1}
    found = public(shop.register, source)
    assert set(found) == {"Exomes of children with epilepsy", "Tumour genomes of the colon"}
    assert not any(b"has no access restriction" in graph for graph in found.values())
    assert b"application/vcf" in found["Exomes of children with epilepsy"].lower()
    assert {request.headers["Host"] for request in server.seen} == {"node-3.waterland.example"}


def test_row_56_an_old_molgenis_is_harvested_with_the_vocabularies_of_before(
    shop: Workshop, server: Misbehaving
) -> None:
    paths = {
        "root.ttl": "/api/fdp",
        "catalog/main.ttl": "/api/fdp/catalog/biobank/main",
        "dataset/1.ttl": "/api/fdp/dataset/biobank/1",
    }
    serve(server, "molgenis", paths)
    source = a_source(shop, server, "amstelland", "http://molgenis-7.amstelland.example/api/fdp")
    assert shop.harvest(source) is RunState.COMPLETE
    assert set(public(shop.register, source)) == {"Panel of cardiomyopathy genes"}
    assert shop.harvest(source) is RunState.COMPLETE
    [run, *_] = shop.register.runs("amstelland")
    assert run.counts == {Outcome.UNCHANGED: 2}
