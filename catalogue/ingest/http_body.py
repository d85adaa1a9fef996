"""Read the body of an answer, decompressed, and never more of it than was agreed.

A few kilobytes can unpack to gigabytes, twice over when packed twice, so every layer is
unpacked in small steps and counted as it goes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import requests

from catalogue.errors import FetchFailed

STEP: Final = 65536
MOST_LAYERS: Final = 3
MOST_MEMBERS: Final = 1000
ACCEPT_ENCODING: Final = "gzip, deflate"


def read(response: requests.Response, *, url: str, limit: int) -> bytes:
    """The content in at most `limit` bytes.

    Raises `FetchFailed` when it is too large or oddly encoded, and `EOFError` when what was
    compressed breaks off, which the next attempt may not.
    """
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > limit:
        raise _too_large(url, limit, response.status_code)

    def capped(chunks: Iterable[bytes]) -> Iterator[bytes]:
        total = 0
        for chunk in chunks:
            total += len(chunk)
            if total > limit:
                raise _too_large(url, limit, response.status_code)
            yield chunk

    chunks = capped(response.raw.stream(STEP, decode_content=False))
    for unpack in _layers(response, url):
        chunks = capped(unpack(chunks))
    try:
        return b"".join(chunks)
    except zlib.error as error:
        raise FetchFailed(
            f"{url}: the answer is not compressed as it says ({error})",
            url=url,
            status=response.status_code,
        ) from error


def _layers(response: requests.Response, url: str) -> list[Callable[..., Iterator[bytes]]]:
    """How to unpack, outermost layer first."""
    stated = response.headers.get("Content-Encoding", "").lower().split(",")
    names = [name for text in stated if (name := text.strip()) not in {"", "identity"}]
    unknown = [name for name in names if name not in _UNPACKERS]
    if unknown or len(names) > MOST_LAYERS:
        raise FetchFailed(
            f"{url}: the answer is encoded as {', '.join(names)[:80]}, which we did not ask for",
            url=url,
            status=response.status_code,
        )
    return [_UNPACKERS[name] for name in reversed(names)]


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip, of one or several members; what follows the last one is ignored."""
    stream, members = zlib.decompressobj(wbits=31), 1
    for chunk in chunks:
        waiting = chunk
        while waiting:
            if stream.eof:
                if not waiting.startswith(b"\x1f"):
                    break
                stream, members = zlib.decompressobj(wbits=31), members + 1
                if members > MOST_MEMBERS:
                    raise zlib.error(f"more than {MOST_MEMBERS} members")
            yield stream.decompress(waiting, STEP)
            waiting = stream.unused_data if stream.eof else stream.unconsumed_tail
    yield from _ending(stream)


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack `deflate`: with the zlib header that the standard asks for, or without."""
    stream: zlib._Decompress | None = None
    for chunk in chunks:
        if stream is None and chunk:
            stream = zlib.decompressobj(wbits=15 if _has_zlib_header(chunk) else -15)
        waiting = chunk
        while stream is not None and waiting and not stream.eof:
            yield stream.decompress(waiting, STEP)
            waiting = stream.unconsumed_tail
    if stream is not None:
        yield from _ending(stream)


def _ending(stream: zlib._Decompress) -> Iterator[bytes]:
    yield stream.flush()
    if not stream.eof:
        raise EOFError


def _has_zlib_header(chunk: bytes) -> bool:
    return chunk[0] & 0x0F == 8 and (len(chunk) < 2 or (chunk[0] * 256 + chunk[1]) % 31 == 0)


def _too_large(url: str, limit: int, status: int) -> FetchFailed:
    size = f"{limit // 1048576} MB" if limit >= 1048576 else f"{limit} bytes"
    return FetchFailed(f"{url}: the answer is larger than {size}", url=url, status=status)


_UNPACKERS: Final[dict[str, Callable[..., Iterator[bytes]]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
}
