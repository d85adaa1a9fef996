"""Open a dump that was sent packed: gzip, zip or tar.gz, inside limits.

A few kilobytes can unpack to gigabytes, so everything is unpacked in small steps, one file
at a time, and counted as it goes; what the archive says of its own sizes is not believed.
Names in an archive are only names: nothing is ever written to a disk, links are not
followed, an archive inside an archive is not opened, and only files that are RDF by their
extension are read at all.
"""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final, Protocol, cast

from catalogue.errors import DescriptionError, LimitExceeded, ParseFailed
from catalogue.rdf.media import BY_EXTENSION, PACKED, from_url

STEP: Final = 65_536
SLACK: Final = 1_000_000
"""So much may always come out, however little went in."""
BLOCK: Final = 512
TAR_MAGIC: Final = (257, b"ustar")
ZIP_END: Final = b"PK\x05\x06"
NESTED: Final = frozenset({"gz", "tgz", "zip", "tar", "bz2", "xz", "7z"})
METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """What one archive may hold: sizes in bytes, unpacked; `ratio` is unpacked to packed."""

    member: int = 20_000_000
    total: int = 200_000_000
    members: int = 10_000
    ratio: int = 200
    directory: int = 4_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; `name` is empty for the only one in a gzip file."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str | None:
        """What its extension says it is."""
        notation = from_url(self.name)
        return None if notation is None else notation.media_type


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of an archive that looks like RDF and was not read, and why."""

    name: str
    reason: DescriptionError


Found = Member | Unread


def is_packed(content: bytes) -> bool:
    """Whether these bytes hold other files, by how they begin."""
    return content.startswith(tuple(PACKED))


def unpack(content: bytes, limits: ArchiveLimits | None = None) -> Iterator[Found]:
    """The RDF files in an archive, one at a time.

    Raises `ParseFailed` when it is no archive that is read here or breaks off, and
    `LimitExceeded` when it unpacks to more than was agreed.
    """
    for start, reader in _READERS.items():
        if content.startswith(start):
            return reader(content, limits or ArchiveLimits())
    kind = next((name for start, name in PACKED.items() if content.startswith(start)), "other")
    raise ParseFailed(f"this is a {kind} file; offer gzip, zip or tar.gz, or unpack it", line=1)


# --- counting ----------------------------------------------------------------------------


class _Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Counted:
    """Reads an unpacking stream in small steps and holds it to the limits."""

    def __init__(self, stream: _Reads, packed: int, limits: ArchiveLimits) -> None:
        self._stream = stream
        self._most = min(limits.total, packed * limits.ratio + SLACK)
        self._ahead = b""
        self._read = 0

    def read(self, size: int = STEP, /) -> bytes:
        """Exactly `size` bytes, fewer only at the end."""
        pieces, missing = [self._ahead[:size]], size - len(self._ahead)
        self._ahead = self._ahead[size:]
        while missing > 0 and (piece := self._step(missing)):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def peek(self, size: int) -> bytes:
        """What `read` will give next."""
        head = self.read(size)
        self._ahead = head + self._ahead
        return head

    def _step(self, most: int) -> bytes:
        piece = self._stream.read(min(STEP, most))
        self._read += len(piece)
        if self._read > self._most:
            raise LimitExceeded(f"the archive unpacks to more than {self._most:,} bytes")
        return piece


def _whole(stream: _Reads, name: str, limits: ArchiveLimits) -> Found:
    """The content of one file, or why it is too large."""
    pieces, size = [], 0
    while piece := stream.read(STEP):
        size += len(piece)
        if size > limits.member:
            return Unread(name, LimitExceeded(f"larger than {limits.member:,} bytes unpacked"))
        pieces.append(piece)
    return Member(name, b"".join(pieces))


# --- gzip and tar.gz ---------------------------------------------------------------------


def _gzip(content: bytes, limits: ArchiveLimits) -> Iterator[Found]:
    with gzip.GzipFile(fileobj=BytesIO(content)) as file:
        stream = _Counted(file, len(content), limits)
        try:
            head = stream.peek(BLOCK)
            if head[TAR_MAGIC[0] :].startswith(TAR_MAGIC[1]):
                yield from _tar(stream, limits)
            else:
                yield from _one(stream, limits)
        except (EOFError, OSError, zlib.error, tarfile.TarError) as error:
            raise ParseFailed(f"the gzip file is damaged or breaks off ({error})") from error


def _one(stream: _Counted, limits: ArchiveLimits) -> Iterator[Found]:
    found = _whole(stream, "", limits)
    if isinstance(found, Unread):
        raise found.reason
    if is_packed(found.content):
        raise ParseFailed("an archive inside an archive is not opened")
    yield found


def _tar(stream: _Counted, limits: ArchiveLimits) -> Iterator[Found]:
    with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as archive:
        for number, entry in enumerate(archive):
            _check_number(number, limits)
            if entry.isdir() or not _is_wanted(entry.name):
                continue
            reason = _tar_refusal(entry)
            file = None if reason else archive.extractfile(entry)
            if file is None:
                yield Unread(entry.name, ParseFailed(reason or "it is no ordinary file"))
            else:
                yield _whole(file, entry.name, limits)


def _tar_refusal(entry: tarfile.TarInfo) -> str:
    if entry.issym() or entry.islnk():
        return "it is a link, and links in an archive are not followed"
    if not entry.isreg() or entry.sparse:
        return "it is no ordinary file"
    return _nested(entry.name)


# --- zip ---------------------------------------------------------------------------------


def _zip(content: bytes, limits: ArchiveLimits) -> Iterator[Found]:
    _check_directory(content, limits)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from _zipped(archive, len(content), limits)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise ParseFailed(f"the zip file is damaged ({error})") from error


def _check_directory(content: bytes, limits: ArchiveLimits) -> None:
    """Refuse a table of contents that would fill the memory before anything is unpacked."""
    end = content.rfind(ZIP_END, max(0, len(content) - 65_557))
    if end < 0:
        raise ParseFailed("the zip file breaks off: its table of contents is missing")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    zip64 = content[end - 20 : end - 16] == b"PK\x06\x07"
    if zip64 or size > limits.directory:
        raise LimitExceeded("the zip file has too large a table of contents")


def _zipped(archive: zipfile.ZipFile, packed: int, limits: ArchiveLimits) -> Iterator[Found]:
    entries = archive.infolist()
    _check_number(len(entries) - 1, limits)
    left = min(limits.total, packed * limits.ratio + SLACK)
    for entry in entries:
        if entry.is_dir() or not _is_wanted(entry.filename):
            continue
        found = _zip_member(archive, entry, limits)
        left -= len(found.content) if isinstance(found, Member) else 0
        if left < 0:
            raise LimitExceeded("the archive unpacks to more than was agreed")
        yield found


def _zip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ArchiveLimits) -> Found:
    if reason := _zip_refusal(entry):
        return Unread(entry.filename, ParseFailed(reason))
    try:
        with archive.open(entry) as file:
            return _whole(file, entry.filename, limits)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        return Unread(entry.filename, ParseFailed(f"it is damaged in the archive ({error})"))


def _zip_refusal(entry: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link, and links in an archive are not followed"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.compress_type not in METHODS:
        return "it is packed in a way that is not read here; use ordinary zip (deflate)"
    return _nested(entry.filename)


# --- both --------------------------------------------------------------------------------


def _check_number(number: int, limits: ArchiveLimits) -> None:
    if number >= limits.members:
        raise LimitExceeded(f"the archive holds more than {limits.members:,} files")


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _is_wanted(name: str) -> bool:
    """RDF by its extension, or an archive that somebody should know is not opened."""
    parts = [part for part in name.split("/") if part not in {"", ".", ".."}]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not hidden and _extension(name) in {*BY_EXTENSION, *NESTED}


def _nested(name: str) -> str:
    return "an archive inside an archive is not opened" if _extension(name) in NESTED else ""


_READERS: Final[dict[bytes, Callable[[bytes, ArchiveLimits], Iterator[Found]]]] = {
    b"\x1f\x8b": _gzip,
    b"PK\x03\x04": _zip,
}
