"""kill -9 in the middle of a run of each protocol: nothing half-written, runnable at once.

Row 66 of the checklist of harvesting, for every module in `harvesters/`: a protocol without a
source here fails the last test.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import endpoints
import pytest
import sqlalchemy as sa
from faults import PREFIXES, FairDataPoint, Holding, dataset
from misbehaving import Misbehaving, answering
from served import CATALOGUE, ROOT, environment, free_port

import harvesters
from catalogue.cli.parts import Workshop, workshop
from catalogue.model.source import Source
from catalogue.rdf.graph import Graph
from catalogue.register import tables as t
from catalogue.register.packing import unpacked
from catalogue.register.records import RunState, State
from catalogue.register.runs import INTERRUPTED
from catalogue.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killed protocols")]

SIZE = 120
"""Datasets; the first fifty are written together, the others come after the kill."""
HOLDINGS = [Holding(number) for number in range(SIZE)]
DUMP = PREFIXES + "\n".join(map(dataset, HOLDINGS))
HOST = "http://umc.example"
LONG_AGO = 1_700_000_000


class Place:
    """Where a source is made: a web server and a folder; what is opened is closed with it."""

    def __init__(self, server: Misbehaving, folder: Path, opened: ExitStack) -> None:
        self.server, self.folder, self.opened = server, folder, opened

    def source(self, protocol: str, path: str) -> Source:
        place = f"127.0.0.1:{self.server.place[1]}"
        return Source(
            slug=protocol, title="UMC", protocol=protocol, url=HOST + path, connect_to=place
        )


def dcat(place: Place) -> Source:
    place.server.answer("/all.ttl", DUMP)
    return place.source("dcat", "/all.ttl")


def emx2(place: Place) -> Source:
    place.server.answer("/genomes/api/rdf?format=ttl", DUMP)
    return place.source("emx2", "/genomes")


def fdp(place: Place) -> Source:
    for path, turtle in FairDataPoint().pages(HOLDINGS, 1).items():
        place.server.answer(path, PREFIXES + str(turtle))
    return place.source("fdp", "/")


def files(place: Place) -> Source:
    path = place.folder / "all.ttl"
    path.write_text(DUMP.replace("</", f"<{HOST}/"))
    os.utime(path, (LONG_AGO, LONG_AGO))
    return Source(slug="files", title="UMC", protocol="files", url=str(place.folder))


def spreadsheet(place: Place) -> Source:
    rows = "".join(f"set-{h.number};{h.title};UMC\n" for h in HOLDINGS)
    place.server.answer(
        "/all.csv", f"Identificatie;Titel@en;Organisatie\n{rows}", media_type="text/csv"
    )
    return place.source("spreadsheet", "/all.csv")


def ckan(place: Place) -> Source:
    packages = [
        {
            "id": f"{h.number:03}",
            "name": f"d{h.number}",
            "state": "active",
            "title": h.title,
            "notes": "Made up.",
            "metadata_modified": f"2026-01-01T00:{h.number // 60:02}:{h.number % 60:02}.000000",
            "organization": {"title": "UMC"},
        }
        for h in HOLDINGS
    ]

    def handle(handler: Any) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        if "package_search" not in handler.path:
            return answering(status=404)(handler)
        since = re.search(r"metadata_modified:\[(.*)Z TO \*\]", asked.get("fq", ""))
        wanted = [p for p in packages if since is None or p["metadata_modified"][:23] >= since[1]]
        start, rows = int(asked.get("start", 0)), int(asked.get("rows", 10))
        result = {"count": len(wanted), "results": wanted[start : start + rows]}
        answer = json.dumps({"success": True, "result": result})
        return answering(answer, media_type="application/json")(handler)

    place.server.handle = handle  # type: ignore[method-assign]
    return place.source("ckan", "")


def ldes(place: Place) -> Source:
    prefixes = """@prefix as: <https://www.w3.org/ns/activitystreams#> .
    @prefix ldes: <https://w3id.org/ldes#> . @prefix tree: <https://w3id.org/tree#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """
    members = ", ".join(f"</change/{h.number}>" for h in HOLDINGS)
    changes = "".join(
        f"</change/{h.number}> a as:Create ; as:object </d/{h.number}> ; as:published "
        f'"2026-01-01T00:{h.number // 60:02}:{h.number % 60:02}Z"^^xsd:dateTime .\n'
        f"</change/{h.number}> {{ {dataset(h)} }}\n"
        for h in HOLDINGS
    )
    stream = f"""{prefixes}{PREFIXES}</feed> a ldes:EventStream ; tree:view </feed> ;
    ldes:timestampPath as:published ; ldes:versionOfPath as:object ; tree:member {members} .
    {changes}"""
    place.server.answer("/feed", stream, media_type="application/trig")
    return place.source("ldes", "/feed")


OAI = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-11-22T08:00:00Z</responseDate><request>x</request>{}</OAI-PMH>"""
IDENTIFY = """<Identify><baseURL>http://umc.example/oai</baseURL>
<earliestDatestamp>2021-03-01T00:00:00Z</earliestDatestamp><deletedRecord>no</deletedRecord>
<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"""
OAI_RECORD = """<record><header><identifier>oai:umc:{0}</identifier>
<datestamp>2024-02-11T10:15:00Z</datestamp></header><metadata>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">
<dcat:Dataset rdf:about="http://umc.example/d/{0}"><dct:title xml:lang="en">{1}</dct:title>
<dct:publisher>UMC</dct:publisher></dcat:Dataset></rdf:RDF></metadata></record>"""


def oai(place: Place) -> Source:
    formats = "<metadataFormat><metadataPrefix>dcat</metadataPrefix></metadataFormat>"
    records = "".join(OAI_RECORD.format(h.number, h.title) for h in HOLDINGS)
    answers = {
        "Identify": IDENTIFY,
        "ListMetadataFormats": f"<ListMetadataFormats>{formats}</ListMetadataFormats>",
        "ListRecords": f"<ListRecords>{records}</ListRecords>",
    }

    def handle(handler: Any) -> None:
        (verb,) = parse_qs(urlsplit(handler.path).query)["verb"]
        answering(OAI.format(answers[verb]), media_type="text/xml")(handler)

    place.server.handle = handle  # type: ignore[method-assign]
    return place.source("oai", "/oai")


def sitemap(place: Place) -> Source:
    lines = "".join(f"<url><loc>{HOST}/d/{h.number}</loc></url>" for h in HOLDINGS)
    place.server.answer("/sitemap.xml", f"<urlset>{lines}</urlset>", media_type="text/xml")
    for held in HOLDINGS:
        said = {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": f"/d/{held.number}",
            "name": held.title,
            "publisher": {"name": "UMC"},
        }
        page = f'<html><script type="application/ld+json">{json.dumps(said)}</script></html>'
        place.server.answer(f"/d/{held.number}", page, media_type="text/html")
    return place.source("sitemap", "/sitemap.xml")


def sparql(place: Place) -> Source:
    root = place.opened.enter_context(endpoints.oxigraph(place.folder))
    graph = f"{HOST}/graph"
    endpoints.put(f"{root}/store?graph={graph}", DUMP.replace("</", f"<{HOST}/"))
    return Source(
        slug="sparql",
        title="UMC",
        protocol="sparql",
        url=f"{HOST}/query",
        connect_to=urlsplit(root).netloc,
        options={"graph": graph},
    )


SOURCES: dict[str, Callable[[Place], Source]] = {
    make.__name__: make
    for make in (ckan, dcat, emx2, fdp, files, ldes, oai, sitemap, sparql, spreadsheet)
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), base_url="http://127.0.0.1")
    with workshop(settings) as shop:
        yield shop


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Misbehaving() as server, ExitStack() as opened:
        yield Place(server, tmp_path, opened)


def rows(shop: Workshop, source: Source) -> list[Any]:
    """The records of a source, each with its newest version and its changes."""
    newest = sa.and_(
        t.versions.c.record == t.records.c.id, t.versions.c.number == t.records.c.latest
    )
    changes = (
        sa.select(sa.func.count()).where(t.changes.c.record == t.records.c.id).scalar_subquery()
    )
    query = (
        sa.select(t.records, t.versions.c.received, t.versions.c.public, changes.label("changes"))
        .outerjoin(t.versions, newest)
        .where(t.records.c.source == source.slug)
    )
    with shop.register.engine.connect() as connection:
        return list(connection.execute(query))


def start_and_kill(shop: Workshop, source: Source) -> None:
    """`catalogue harvest`, killed when the first records are written."""
    env = environment(shop.settings.data, free_port(), CATALOGUE_BASE_URL="http://127.0.0.1")
    process = subprocess.Popen(
        [CATALOGUE, "harvest", source.slug], cwd=ROOT, env=env, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 120
    try:
        while not rows(shop, source):
            assert process.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("protocol", harvesters.names())
def test_row_66_a_killed_run_leaves_whole_records_and_the_next_one_ends_it(
    shop: Workshop, place: Place, protocol: str
) -> None:
    source = SOURCES[protocol](place)
    shop.writer.save_source(source)
    start_and_kill(shop, source)
    left = rows(shop, source)
    assert 0 < len(left) < SIZE, "the kill came too late to show anything"
    for row in left:
        assert row.state == State.PUBLISHED
        assert row.changes == 1
        assert Graph.from_n_triples(unpacked(row.received))
        assert Graph.from_n_triples(unpacked(row.public))
    assert shop.harvest(source) is RunState.COMPLETE
    last, first = shop.register.runs(source.slug)
    assert (first.state, first.message) == (RunState.FAILED, INTERRUPTED["en"])
    assert last.started >= first.started
    found = {row.title[0][0] for row in rows(shop, source) if row.kind == "dataset"}
    assert found == {held.title for held in HOLDINGS}
    assert all(row.version == 1 for row in rows(shop, source)), "nothing was written twice"


def test_no_protocol_is_forgotten() -> None:
    assert set(SOURCES) == set(harvesters.names())
