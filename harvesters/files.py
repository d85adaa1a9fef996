"""Descriptions in a file, or in a folder of files, on a disk of the catalogue itself.

For what is handed over by e-mail or share instead of served. The path comes from an
operator's configuration; no source on the network can make us open a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from catalogue.errors import FetchFailed, SourceError
from catalogue.ingest.http import read_file
from catalogue.ingest.source import Missed, Received, Source, Web
from catalogue.rdf.media import BY_EXTENSION


def harvest(source: Source, web: Web) -> Iterator[Received | Missed]:
    """Every RDF file once, in the order of their paths; other files are not looked at.

    Raises `SourceError` when the path is not there, or is one file that cannot be read.
    """
    path = path_of(source.url)
    if path.is_file():
        yield _received(path, web)
        return
    for file in _files(path, source.url):
        try:
            yield _received(file, web)
        except SourceError as error:
            yield Missed(url=file.absolute().as_uri(), reason=error)


def path_of(url: str) -> Path:
    """The path that a source's `url` states, as a `file:` address or as it is typed.

    >>> path_of("file:///srv/drop%20box")
    PosixPath('/srv/drop box')
    """
    return Path(unquote(urlsplit(url).path)) if url.startswith("file:") else Path(url)


def _received(path: Path, web: Web) -> Received:
    document = read_file(path)
    web.parse(document)
    return Received(url=document.url, documents=(document,))


def _files(folder: Path, url: str) -> list[Path]:
    """The RDF files in a folder and below, without hidden ones."""
    if not folder.is_dir():
        raise FetchFailed(f"{url}: there is no such file or folder", url=url)
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower().lstrip(".") in BY_EXTENSION
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
