"""Dumps: packed files, inside limits, taken in as one description of a hospital."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hospital import HOSPITALS, a_catalogue
from misbehaving import Misbehaving, answering, gzipped, gzipped_zeros

from catalogue.errors import SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import Item, Missed, Received, Source
from catalogue.model.source import Source as Configured
from catalogue.register.records import Outcome, RunState
from harvesters.dcat import harvest

HOST = "http://fdp.example"
DATASET = "@prefix dcat: <http://www.w3.org/ns/dcat#> . </dataset/{0}> a dcat:Dataset ."
FILES = {
    str(path.relative_to(HOSPITALS / "dump")): path.read_bytes()
    for path in sorted((HOSPITALS / "dump").rglob("*"))
    if path.is_file()
}


def a_source(path: str) -> Source:
    return Source(slug="umc-d", title="UMC D", protocol="dcat", url=HOST + path)


def zipped(files: dict[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(files: dict[str, bytes], *links: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for name in links:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)
    return packed.getvalue()


def serve(
    server: Misbehaving, path: str, content: bytes, media_type: str = "application/zip"
) -> None:
    server.answer(path, content, media_type=media_type)


def datasets(found: list[Item]) -> list[str]:
    graphs = [item.graph for item in found if isinstance(item, Received) and item.graph]
    return sorted(
        node.value.removeprefix(HOST)
        for graph in graphs
        for node in graph.instances("http://www.w3.org/ns/dcat#Dataset")
    )


def reasons(found: list[Item]) -> list[str]:
    return [str(item.reason) for item in found if isinstance(item, Missed)]


@pytest.mark.parametrize(
    ("path", "packed"),
    [
        ("/all.ttl.gz", gzipped(DATASET.format(1).encode())),
        ("/all.zip", zipped({"all.ttl": DATASET.format(1), "README.md": "read me"})),
        ("/all.tar.gz", tarred({"all.ttl": DATASET.format(1).encode()})),
        ("/download", zipped({"../../deep/all.ttl": DATASET.format(1)})),
    ],
    ids=["gzip", "zip", "tar.gz", "names are only names"],
)
def test_a_packed_document_is_read(
    server: Misbehaving, web: Session, path: str, packed: bytes
) -> None:
    serve(server, path, packed, "application/octet-stream")
    found = list(harvest(a_source(path), web))
    assert (datasets(found), reasons(found)) == (["/dataset/1"], [])
    [received] = [item for item in found if isinstance(item, Received)]
    assert received.documents[0].content == packed


def test_a_file_that_was_packed_for_the_journey_too_is_read(
    server: Misbehaving, web: Session
) -> None:
    inner = gzipped(DATASET.format(1).encode())
    headers = {"Content-Encoding": "gzip"}
    server.behave("/all.ttl.gz", answering(gzipped(inner), headers=headers))
    assert datasets(list(harvest(a_source("/all.ttl.gz"), web))) == ["/dataset/1"]


def test_a_server_that_unpacks_a_gz_file_on_the_way_is_understood(
    server: Misbehaving, web: Session
) -> None:
    headers = {"Content-Encoding": "gzip"}
    packed = gzipped(DATASET.format(1).encode())
    server.behave("/all.ttl.gz", answering(packed, headers=headers))
    [received] = harvest(a_source("/all.ttl.gz"), web)
    assert isinstance(received, Received)
    assert received.documents[0].content.startswith(b"@prefix")


def test_one_bad_file_is_missed_and_the_others_are_taken(server: Misbehaving, web: Session) -> None:
    files: dict[str, bytes | str] = {
        "1.ttl": DATASET.format(1),
        "2.ttl": "<#a> <#b> 1 .\n<#a> oops\n",
        "3.ttl": DATASET.format(3),
        "4.zip": zipped({"4.ttl": DATASET.format(4)}),
    }
    serve(server, "/all.zip", zipped(files))
    found = list(harvest(a_source("/all.zip"), web))
    assert datasets(found) == ["/dataset/1", "/dataset/3"]
    syntax, nested = reasons(found)
    assert "all.zip#2.ttl" in syntax
    assert "line 2" in syntax
    assert "an archive inside an archive is not opened" in nested


def test_a_link_in_an_archive_is_not_followed(server: Misbehaving, web: Session) -> None:
    packed = tarred({"1.ttl": DATASET.format(1).encode()}, "passwd.ttl")
    serve(server, "/all.tar.gz", packed)
    found = list(harvest(a_source("/all.tar.gz"), web))
    assert datasets(found) == ["/dataset/1"]
    assert "links in an archive are not followed" in reasons(found)[0]


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        pytest.param(gzipped_zeros(250_000_000), "20,000,000 bytes", id="A20 gzip bomb"),
        pytest.param(gzipped(gzipped_zeros(1_000_000)), "inside an archive", id="A20 gzip in gzip"),
        pytest.param(zipped({"1.ttl": b" " * 21_000_000}), "20,000,000 bytes", id="A20 zip bomb"),
        pytest.param(gzipped(b"<a> <b> <c> .")[:-9], "breaks off", id="gzip cut off"),
        pytest.param(zipped({"1.ttl": "x"})[:-30], "breaks off", id="zip cut off"),
        pytest.param(zipped({"README.md": "x"}), "holds no RDF files", id="nothing inside"),
        pytest.param(b"BZh91AY", "bzip2 file", id="bzip2"),
        pytest.param(gzipped(b"<html><title>Log in</title></html>"), "web page", id="a page"),
    ],
)
def test_an_archive_that_cannot_be_used_fails_the_source(
    server: Misbehaving, web: Session, packed: bytes, reason: str
) -> None:
    serve(server, "/all.ttl.gz", packed)
    with pytest.raises(SourceError, match=reason):
        list(harvest(a_source("/all.ttl.gz"), web))


def test_a_plain_answer_where_an_archive_was_meant_is_just_read(
    server: Misbehaving, web: Session
) -> None:
    server.answer("/all.ttl.gz", DATASET.format(1))
    [received] = harvest(a_source("/all.ttl.gz"), web)
    assert isinstance(received, Received)


def test_a_hospital_that_gives_a_dump_is_harvested_whole(
    server: Misbehaving, tmp_path: Path
) -> None:
    source = Configured(
        slug="duinrand",
        title="Duinrand",
        protocol="dcat",
        url="http://dump.example/all.zip",
        connect_to=f"127.0.0.1:{server.place[1]}",
    )
    serve(server, "/all.zip", zipped(dict(FILES)))
    with a_catalogue(tmp_path) as catalogue:
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert catalogue.titles() == [
            "Exomes of families with an arrhythmia",
            "Panel of 120 heart genes",
        ]
        [distribution] = catalogue.value("Exomes of families with an arrhythmia").distributions
        assert distribution.access_url == "https://dump.example/request"
        assert catalogue.harvest(source) is RunState.COMPLETE
        assert catalogue.counts("duinrand") == {Outcome.UNCHANGED: 3}
