"""Descriptions in a file, or in a folder of files, on a disk of the catalogue itself.

For what is handed over by e-mail or share instead of served; a folder may be a mounted WebDAV
or SFTP share or a Git checkout. RDF in any notation is read, packed or not, and spreadsheets.
The path comes from an operator's configuration: no source on the network can make us open a
file, and no link in the folder leads us out of it.

A file that is as it was (size and time, or else its content) is not read again, but for once
a week. One that is being written is left for the next run, and a run that left or missed
something removes nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from catalogue.errors import (
    AddressRefused,
    DescriptionError,
    FetchFailed,
    NotRdf,
    SourceError,
)
from catalogue.ingest.http import read_file
from catalogue.ingest.paths import path_of
from catalogue.ingest.resume import FULL_EVERY, utc_now
from catalogue.ingest.sheets import from_sheet
from catalogue.ingest.source import Document, Item, Mark, Missed, Received, Seen, Source, Web
from catalogue.ingest.subjects import still_there, subjects
from catalogue.rdf import archive
from catalogue.rdf.media import BY_EXTENSION
from catalogue.rdf.workbook import is_workbook

PACKED: Final = ("gz", "zip", "tgz")
UNFINISHED: Final = (".part", ".tmp", ".filepart", ".crdownload", ".partial", "~")
SETTLED: Final = 2.0
"""Seconds since its last change after which a file counts as written."""
MOST_SUBJECTS: Final = 2000
"""A file that describes more is read every time: its list would be too long to keep."""
MOST_FILES: Final = 100_000

Clock = Callable[[], datetime]
Sleep = Callable[[float], object]
Kept = Mapping[str, Any]


def harvest(
    source: Source, web: Web, *, now: Clock = utc_now, sleep: Sleep = time.sleep
) -> Iterator[Item]:
    """Every file once, in the order of their paths; files of other kinds are not looked at.

    Raises `SourceError` when the path is not there, or is one file that cannot be read.
    """
    path = path_of(source.url)
    if path.is_file():
        yield from _items(read_file(path), path.name, source, web)
    elif path.is_dir():
        yield from _Folder(path, source, web, now, sleep).items()
    else:
        raise FetchFailed(f"{source.url}: there is no such file or folder", url=source.url)


def _items(document: Document, name: str, source: Source, web: Web) -> Iterator[Received | Missed]:
    """What one file says. Raises `SourceError` when it cannot be read at all."""
    if is_workbook(name):
        yield from from_sheet(document, name, source)
    elif archive.is_packed(document.content):
        yield from _unpacked(document, web)
    else:
        web.parse(document)
        yield Received(url=document.url, documents=(document,))


def _unpacked(document: Document, web: Web) -> Iterator[Received | Missed]:
    try:
        for member in archive.unpack(document.content):
            address = f"{document.url}#{quote(member.name)}" if member.name else document.url
            if isinstance(member, archive.Unread):
                reason = NotRdf(f"{address}: {member.reason}", url=address)
                yield Missed(url=address, reason=reason)
                continue
            yield _member(document, member, address, web)
    except DescriptionError as error:
        raise NotRdf(f"{document.url}: {error}", url=document.url) from error


def _member(
    document: Document, member: archive.Member, address: str, web: Web
) -> Received | Missed:
    inner = replace(document, url=address, content=member.content, media_type=member.media_type)
    try:
        web.parse(inner)
    except SourceError as error:
        return Missed(url=address, reason=error)
    return Received(url=address, documents=(inner,))


# --- folders -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Folder:
    """One run over a folder. `files` is what is kept of each file for the next run."""

    root: Path
    source: Source
    web: Web
    now: Clock
    sleep: Sleep
    files: dict[str, Kept] = field(default_factory=dict)
    faults: list[Missed] = field(default_factory=list)

    def items(self) -> Iterator[Item]:
        """Every file: as it was, read, or missed."""
        before, full = self._remembered()
        young: list[Path] = []
        for path in self._paths():
            if self._age(path) < SETTLED:
                young.append(path)
            else:
                yield from self._file(path, before)
        yield from self._young(young, before)
        yield from self.faults
        if self.files != before or full != self.web.remembered.get("full"):
            yield Mark(state={"full": full, "files": self.files})

    def _remembered(self) -> tuple[Mapping[str, Kept], str]:
        """What an earlier run kept, and when everything was last read; nothing when that is due."""
        kept, now = self.web.remembered, self.now()
        if "full" in kept and now - datetime.fromisoformat(kept["full"]) < FULL_EVERY:
            return kept["files"], kept["full"]
        return {}, now.isoformat()

    def _age(self, path: Path) -> float:
        """Seconds since the file changed; one that cannot be looked at is old."""
        try:
            return abs(self.now().timestamp() - path.stat().st_mtime)
        except OSError:
            return SETTLED

    def _young(self, paths: list[Path], before: Mapping[str, Kept]) -> Iterator[Item]:
        """Files that changed a moment ago: read when they no longer do, else left for next time."""
        sizes = {path: _state(path) for path in paths}
        if paths:
            self.sleep(SETTLED)
        for path, state in sizes.items():
            if _state(path) == state:
                yield from self._file(path, before)
            else:
                yield _missed(path, "is still being written; it is read the next time")

    def _file(self, path: Path, before: Mapping[str, Kept]) -> Iterator[Item]:
        name = path.relative_to(self.root).as_posix()
        kept = before.get(name)
        if kept and kept["state"] == _state(path) and still_there(kept["subjects"], self.web):
            yield from self._as_it_was(name, kept)
            return
        try:
            document = read_file(path)
            digest = sha256(document.content).hexdigest()
            if kept and kept["sha256"] == digest and still_there(kept["subjects"], self.web):
                yield from self._as_it_was(name, {**kept, "state": _state(path)})
                return
            yield from self._read(path, name, document, digest)
        except SourceError as error:
            yield Missed(url=path.absolute().as_uri(), reason=error)

    def _as_it_was(self, name: str, kept: Kept) -> Iterator[Seen]:
        self.files[name] = kept
        for iri in kept["subjects"]:
            yield Seen(subject=iri)

    def _read(self, path: Path, name: str, document: Document, digest: str) -> Iterator[Item]:
        """Hand over a file, and keep what it described when it was read without a fault."""
        state, found, faultless = _state(path), list[str](), True
        for item in _items(document, path.name, self.source, self.web):
            if isinstance(item, Missed):
                faultless = False
            elif len(found) <= MOST_SUBJECTS:
                found.extend(subjects(item, self.source, self.web))
            yield item
        if faultless and len(found) <= MOST_SUBJECTS:
            self.files[name] = {"state": state, "sha256": digest, "subjects": found}

    def _paths(self) -> list[Path]:
        """The files that we read, in order; what may not be looked at becomes a fault."""
        found: list[Path] = []
        for folder, folders, files in os.walk(self.root, onerror=self._closed):
            folders[:] = [name for name in folders if not name.startswith(".")]
            here = Path(folder)
            for name in folders:
                self._stays(here / name)
            found.extend(here / name for name in files if self._is_wanted(here / name))
            if len(found) > MOST_FILES:
                raise FetchFailed(
                    f"{self.source.url}: more than {MOST_FILES:,} files", url=self.source.url
                )
        return sorted(found)

    def _is_wanted(self, path: Path) -> bool:
        name = path.name.lower()
        if name.startswith((".", "~$")) or name.endswith(UNFINISHED):
            return False
        extension = name.rpartition(".")[2]
        readable = extension in BY_EXTENSION or extension in PACKED or is_workbook(name)
        return readable and self._stays(path) and path.is_file()

    def _stays(self, path: Path) -> bool:
        """Whether a path leads to what is in the folder; a link that leaves it is a fault."""
        if not path.is_symlink() or path.resolve().is_relative_to(self.root.resolve()):
            return True
        url = path.absolute().as_uri()
        reason = AddressRefused(f"{path}: is a link that leaves the folder; not read", url=url)
        self.faults.append(Missed(url=url, reason=reason))
        return False

    def _closed(self, error: OSError) -> None:
        self.faults.append(_missed(Path(error.filename), str(error.strerror)))


def _state(path: Path) -> list[int]:
    """Time and size, by which a change shows without reading."""
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_mtime_ns, found.st_size]


def _missed(path: Path, reason: str) -> Missed:
    url = path.absolute().as_uri()
    return Missed(url=url, reason=FetchFailed(f"{path}: {reason}", url=url))
