"""Archives: which files are read, and that a small one never becomes a large one."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from misbehaving import gzipped

from catalogue.errors import DescriptionError, LimitExceeded, ParseFailed
from catalogue.rdf.archive import ArchiveLimits, Found, Member, Unread, unpack

Fill = Callable[[zipfile.ZipFile], None]


def zipped(fill: Fill) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return packed.getvalue()


def tarred(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for entry, content in entries:
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def members(found: list[Found]) -> list[str]:
    return [item.name for item in found if isinstance(item, Member)]


def unread(found: list[Found]) -> dict[str, str]:
    return {item.name: str(item.reason) for item in found if isinstance(item, Unread)}


def test_only_files_that_are_rdf_by_name_are_read() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        for name in ("a.ttl", "b/C.JSONLD", "d.rdf", "readme.md", ".e.ttl", "__MACOSX/f.ttl", "g"):
            archive.writestr(name, "x")
        archive.mkdir("h.ttl")

    found = list(unpack(zipped(fill)))
    assert (members(found), unread(found)) == (["a.ttl", "b/C.JSONLD", "d.rdf"], {})


def test_a_file_says_what_it_is_by_its_name() -> None:
    [member] = unpack(zipped(lambda archive: archive.writestr("a.nq", "x")))
    assert isinstance(member, Member)
    assert member.media_type == "application/n-quads"


@pytest.mark.parametrize("name", ["../../app.ttl", "/etc/app.ttl", "C:\\app.ttl", "a\n.ttl"])
def test_a_name_is_only_a_name(name: str) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, "x")

    assert len(members(list(unpack(zipped(fill))))) == 1


def test_links_archives_and_odd_files_are_named_and_not_read() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("link.ttl")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("more.zip", "PK")
        archive.writestr("slow.ttl", "x", compress_type=zipfile.ZIP_LZMA)

    reasons = unread(list(unpack(zipped(fill))))
    assert "it is a link" in reasons["link.ttl"]
    assert "inside an archive" in reasons["more.zip"]
    assert "packed in a way" in reasons["slow.ttl"]


@pytest.mark.parametrize("kind", [tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE])
def test_what_is_no_file_in_a_tar_is_not_read(kind: bytes) -> None:
    odd = tarfile.TarInfo("passwd.ttl")
    odd.type, odd.linkname = kind, "/etc/passwd"
    found = list(unpack(tarred((tarfile.TarInfo("a.ttl"), b"x"), (odd, b""))))
    assert (members(found), list(unread(found))) == (["a.ttl"], ["passwd.ttl"])


def test_an_encrypted_file_is_named_and_not_read() -> None:
    packed = bytearray(zipped(lambda archive: archive.writestr("a.ttl", "x")))
    directory = packed.find(b"PK\x01\x02")
    packed[directory + 8] |= 1
    assert unread(list(unpack(bytes(packed)))) == {"a.ttl": "it is encrypted"}


def test_one_file_that_is_damaged_does_not_hide_the_others() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("a.ttl", "the first", compress_type=zipfile.ZIP_STORED)
        archive.writestr("b.ttl", "x")

    found = list(unpack(zipped(fill).replace(b"the first", b"the wurst")))
    assert (members(found), list(unread(found))) == (["b.ttl"], ["a.ttl"])


def test_a_file_that_is_too_large_is_named_and_the_next_is_read() -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("large.ttl", "x" * 101)
        archive.writestr("small.ttl", "x" * 100)

    found = list(unpack(zipped(fill), ArchiveLimits(member=100)))
    assert (members(found), list(unread(found))) == (["small.ttl"], ["large.ttl"])


def lying(archive: zipfile.ZipFile) -> None:
    """A file that says that it is small and is not."""
    archive.writestr("a.ttl", "x" * 5000)
    archive.infolist()[0].file_size = 10


@pytest.mark.parametrize(
    ("packed", "limits"),
    [
        pytest.param(
            zipped(lambda a: [a.writestr(f"{n}.ttl", "x") for n in range(4)] and None),
            ArchiveLimits(members=3),
            id="too many files in a zip",
        ),
        pytest.param(
            tarred(*((tarfile.TarInfo(f"{n}.ttl"), b"x") for n in range(4))),
            ArchiveLimits(members=3),
            id="too many files in a tar",
        ),
        pytest.param(
            zipped(lambda a: [a.writestr(f"{n}.ttl", "x" * 90) for n in range(4)] and None),
            ArchiveLimits(total=300),
            id="too much in all in a zip",
        ),
        pytest.param(
            tarred(*((tarfile.TarInfo(f"{n}.ttl"), b"x" * 900) for n in range(4))),
            ArchiveLimits(total=3000),
            id="too much in all in a tar",
        ),
        pytest.param(gzipped(b" " * 3_000_000), ArchiveLimits(ratio=10), id="too well packed"),
        pytest.param(
            zipped(lambda a: a.writestr("a.ttl", b" " * 3_000_000)),
            ArchiveLimits(ratio=10),
            id="too well packed in a zip",
        ),
        pytest.param(
            zipped(lambda a: [a.writestr(f"{n}.ttl", "x") for n in range(9)] and None),
            ArchiveLimits(directory=100),
            id="too long a table of contents",
        ),
    ],
)
def test_an_archive_beyond_a_limit_is_refused(packed: bytes, limits: ArchiveLimits) -> None:
    with pytest.raises(LimitExceeded):
        list(unpack(packed, limits))


def test_a_zip_that_lies_about_a_size_is_not_believed() -> None:
    packed = zipped(lying)
    assert members(list(unpack(packed, ArchiveLimits(member=100)))) == []


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(b"PK\x03\x04" + b"\0" * 100, id="no table of contents"),
        pytest.param(b"PK\x03\x04" + b"PK\x05\x06" + b"\xff" * 18, id="an odd table of contents"),
        pytest.param(b"\x1f\x8b" + b"\0" * 100, id="no gzip"),
        pytest.param(gzipped(b"x" * 1000)[:-4], id="cut off"),
        pytest.param(gzipped(b"\0" * 257 + b"ustar" + b"\0" * 250), id="no tar"),
        pytest.param(gzipped(gzipped(b"x")), id="packed twice"),
        pytest.param(b"BZh9" + b"\0" * 10, id="bzip2"),
    ],
)
def test_bytes_that_are_no_archive_are_refused_with_a_sentence(packed: bytes) -> None:
    with pytest.raises(DescriptionError) as failure:
        list(unpack(packed))
    assert isinstance(failure.value, ParseFailed | LimitExceeded)
