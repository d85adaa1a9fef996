"""Files and folders of this machine: what is read, what is refused, what is not read again."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa

from catalogue.cli.parts import Workshop, workshop
from catalogue.errors import AddressRefused, FetchFailed, NotRdf
from catalogue.ingest.http import Session
from catalogue.ingest.paths import path_of
from catalogue.ingest.source import Item, Mark, Missed, Received, Seen, Source
from catalogue.rdf.parse import Parser
from catalogue.register import tables as t
from catalogue.register.records import Outcome, RunState
from catalogue.settings import Settings
from harvesters.files import harvest

HOSPITAL = Path(__file__).parents[1] / "hospitals" / "folder"
TURTLE = (
    "<http://umc.example/d> a <http://www.w3.org/ns/dcat#Dataset> ; "
    "<http://purl.org/dc/terms/title> 'D' ."
)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
numbers = count()


class Disk(Session):
    """A session that may also remember a mark and have some records."""

    known: frozenset[str] = frozenset()

    def has(self, subject: str) -> bool:
        return subject in self.known


@pytest.fixture
def web(parser: Parser) -> Disk:
    return Disk(parser)


def again(web: Disk, found: list[Item], *known: str) -> Disk:
    """The session of a next run."""
    [mark] = [item for item in found if isinstance(item, Mark)]
    web.remembered = mark.state
    web.known = frozenset(known)
    return web


def a_source(url: Path | str) -> Source:
    return Source(slug="drop", title="Drop box", protocol="files", url=str(url))


def put(path: Path, content: str | bytes = TURTLE, *, changed: float = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (changed, changed))
    return path


def turtle(name: str) -> str:
    return TURTLE.replace("/d>", f"/{name}>")


def walk(folder: Path | str, web: Session, **options: Any) -> list[Item]:
    options = {"now": lambda: NOW, "sleep": lambda _: None, **options}
    return list(harvest(a_source(folder), web, **options))


def names(found: list[Item]) -> list[str]:
    return [item.url.rpartition("/")[2] for item in found if isinstance(item, Received)]


def reasons(found: list[Item]) -> list[str]:
    return [str(item.reason) for item in found if isinstance(item, Missed)]


# --- one run -----------------------------------------------------------------------------


def test_every_rdf_file_in_a_folder_is_received_in_order(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "b.TTL")
    put(tmp_path / "a.jsonld", '{"@id": "urn:x", "urn:p": 1}')
    put(tmp_path / "below" / "c.nt", "<urn:x> <urn:p> <urn:y> .")
    put(tmp_path / "notes.txt", "not looked at")
    for hidden in (".hidden.ttl", ".git/x.ttl", "~$list.xlsx", "x.ttl.part", "y.ttl.tmp"):
        put(tmp_path / hidden)
    found = walk(tmp_path, web)
    assert (names(found), reasons(found)) == (["a.jsonld", "b.TTL", "c.nt"], [])


def test_a_file_that_cannot_be_read_is_missed_and_others_are_received(
    tmp_path: Path, web: Disk
) -> None:
    for name, content in (("a.ttl", TURTLE), ("b.ttl", "<#d> a "), ("c.ttl", TURTLE)):
        put(tmp_path / name, content)
    found = walk(tmp_path.as_uri(), web)
    assert names(found) == ["a.ttl", "c.ttl"]
    [missed] = [item for item in found if isinstance(item, Missed)]
    assert (missed.url, type(missed.reason)) == ((tmp_path / "b.ttl").as_uri(), NotRdf)


def test_one_file_can_be_a_source(tmp_path: Path, web: Disk) -> None:
    path = put(tmp_path / "one file.ttl")
    [received] = walk(path.as_uri(), web)
    assert isinstance(received, Received)
    assert received.documents[0].content == TURTLE.encode()


def test_a_path_that_is_not_there_fails_the_source(tmp_path: Path, web: Disk) -> None:
    with pytest.raises(FetchFailed, match="no such file or folder"):
        walk(tmp_path / "gone", web)


def test_one_file_that_cannot_be_read_fails_the_source(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl", "<html>")
    with pytest.raises(NotRdf):
        walk(tmp_path / "a.ttl", web)


def test_a_path_may_be_typed_or_an_address() -> None:
    assert path_of("file:///srv/a%20b") == path_of("/srv/a b") == Path("/srv/a b")


def test_packed_files_are_opened(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl.gz", gzip.compress(TURTLE.encode()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("x.ttl", "../../etc/y.ttl", "z.exe", "w.ttl"):
            archive.writestr(name, "<#d> a" if name == "w.ttl" else TURTLE)
    put(tmp_path / "b.zip", packed.getvalue())
    found = walk(tmp_path, web)
    assert names(found) == ["a.ttl.gz", "b.zip#x.ttl", "y.ttl"]
    assert len(reasons(found)) == 1
    assert not (tmp_path.parent / "etc").exists()


def test_h89_an_archive_that_unpacks_to_too_much_is_missed(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl.gz", gzip.compress(b" " * 60_000_000))
    put(tmp_path / "b.ttl")
    found = walk(tmp_path, web)
    assert names(found) == ["b.ttl"]
    assert "unpacks to more" in reasons(found)[0]


def test_h89_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, web: Disk) -> None:
    secret = put(tmp_path / "secret" / "s.ttl")
    inside = put(tmp_path / "drop" / "a.ttl")
    (tmp_path / "drop" / "out.ttl").symlink_to(secret)
    (tmp_path / "drop" / "folder").symlink_to(secret.parent)
    (tmp_path / "drop" / "in.ttl").symlink_to(inside)
    found = walk(tmp_path / "drop", web)
    assert names(found) == ["a.ttl", "in.ttl"]
    refused = [item.reason for item in found if isinstance(item, Missed)]
    assert [type(reason) for reason in refused] == [AddressRefused, AddressRefused]


def test_a_pipe_is_not_waited_for(tmp_path: Path, web: Disk) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    assert walk(tmp_path, web)[:-1] == []


def test_a_file_that_is_being_written_is_left_for_the_next_run(tmp_path: Path, web: Disk) -> None:
    growing = put(tmp_path / "a.ttl", changed=NOW.timestamp())
    put(tmp_path / "b.ttl")
    found = walk(tmp_path, web, sleep=lambda _: put(growing, TURTLE * 2))
    assert names(found) == ["b.ttl"]
    assert "still being written" in reasons(found)[0]


def test_a_file_that_was_just_written_is_read_when_it_is_quiet(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl", changed=NOW.timestamp())
    assert names(walk(tmp_path, web)) == ["a.ttl"]


def test_a_spreadsheet_in_the_folder_is_read_by_its_rows(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "list.csv", "Identifier;Title@en;Organisation;Individuals\na;A;M;5\nb;B;M;x\n")
    put(tmp_path / "measurements.csv", "time;value\n1;2\n")
    found = walk(tmp_path, web)
    assert names(found) == ["list.csv#a", "measurements.csv"]
    assert "row 3, Individuals" in reasons(found)[0]


# --- the next run ------------------------------------------------------------------------


def test_a_file_that_is_as_it_was_is_not_read_again(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl")
    changed = put(tmp_path / "b.ttl", turtle("b"))
    first = walk(tmp_path, web)
    put(changed, turtle("c"), changed=LONG_AGO + 9)
    second = walk(tmp_path, again(web, first, "http://umc.example/d", "http://umc.example/b"))
    assert names(second) == ["b.ttl"]
    assert [item.subject for item in second if isinstance(item, Seen)] == ["http://umc.example/d"]


def test_a_file_that_was_only_touched_is_not_taken_in_again(tmp_path: Path, web: Disk) -> None:
    path = put(tmp_path / "a.ttl")
    first = walk(tmp_path, web)
    put(path, changed=LONG_AGO + 9)
    second = walk(tmp_path, again(web, first, "http://umc.example/d"))
    assert (names(second), len(second)) == ([], 2)


def test_a_run_in_which_nothing_changed_writes_no_mark(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl")
    found = walk(tmp_path, again(web, walk(tmp_path, web), "http://umc.example/d"))
    assert not [item for item in found if isinstance(item, Mark)]


def test_a_record_that_we_no_longer_have_is_read_again(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl")
    assert names(walk(tmp_path, again(web, walk(tmp_path, web)))) == ["a.ttl"]


def test_everything_is_read_again_once_a_week(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "a.ttl")
    later = again(web, walk(tmp_path, web), "http://umc.example/d")
    assert names(walk(tmp_path, later, now=lambda: NOW + timedelta(days=6))) == []
    assert names(walk(tmp_path, later, now=lambda: NOW + timedelta(days=7))) == ["a.ttl"]


def test_a_file_with_a_mistake_is_reported_every_time(tmp_path: Path, web: Disk) -> None:
    put(tmp_path / "list.csv", "Identifier;Title@en;Organisation\na;A;M\nb;;M\n")
    first = walk(tmp_path, web)
    second = walk(tmp_path, again(web, first))
    assert reasons(first) == reasons(second) != []


# --- through the engine ------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(Settings(data=tmp_path_factory.mktemp("data"))) as shop:
        yield shop


@pytest.fixture
def source(shop: Workshop, tmp_path: Path) -> Source:
    copytree(HOSPITAL, tmp_path / "drop")
    for path in (tmp_path / "drop").rglob("*.*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    url = str(tmp_path / "drop")
    made = Source(slug=f"drop-{next(numbers)}", title="Drop", protocol="files", url=url)
    shop.writer.save_source(made)
    return made


def outcomes(shop: Workshop, source: Source) -> dict[str, int]:
    [last, *_] = shop.register.runs(source.slug)
    return {name: number for name, number in last.counts.items() if number}


def live(shop: Workshop, source: Source) -> int:
    query = sa.select(sa.func.count()).where(
        t.records.c.source == source.slug, t.records.c.state == "published"
    )
    with shop.register.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def test_a_hospital_s_folder_is_harvested_and_a_second_run_reads_nothing(
    shop: Workshop, source: Source
) -> None:
    assert shop.harvest(source) is RunState.COMPLETE
    assert outcomes(shop, source) == {Outcome.NEW: 4}
    assert shop.harvest(source) is RunState.COMPLETE
    assert outcomes(shop, source) == {Outcome.UNCHANGED: 4}


def test_a_file_that_was_removed_is_withdrawn_after_two_runs(
    shop: Workshop, source: Source
) -> None:
    shop.harvest(source)
    (Path(source.url) / "nier.ttl").unlink()
    shop.harvest(source)
    assert live(shop, source) == 4
    shop.harvest(source)
    assert live(shop, source) == 3


def test_a_dataset_that_left_its_file_is_withdrawn_too(shop: Workshop, source: Source) -> None:
    shop.harvest(source)
    listed = Path(source.url) / "lijst.csv"
    put(
        listed,
        "\n".join(listed.read_text(encoding="utf-8").splitlines()[:-1]),
        changed=LONG_AGO + 9,
    )
    for _ in range(2):
        assert shop.harvest(source) is RunState.COMPLETE
    assert live(shop, source) == 3


def test_a_file_that_breaks_keeps_its_records(shop: Workshop, source: Source) -> None:
    shop.harvest(source)
    put(Path(source.url) / "nier.ttl", "<a> <b", changed=LONG_AGO + 9)
    for _ in range(3):
        assert shop.harvest(source) is RunState.PARTIAL
    assert live(shop, source) == 4
