"""Text as XML can hold it: no control character, and a carriage return by its number.

The serialiser passes them on, so an answer with a control character would be no XML at all, and
a reader would take a carriage return for the end of a line. Descriptions lose both when they are
read; a query can make them, and so can a file that is served as it is.

https://www.w3.org/TR/xml/#charsets, https://www.w3.org/TR/xml/#sec-line-ends
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from catalogue.store.engine.xml_names import Unwritable

_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_BEGUN: Final = 2
"""So many bytes of a piece may begin a character that the next one ends."""


class Target(Protocol):
    """Where an answer is written."""

    def write(self, data: bytes, /) -> int:
        """Take some of it."""

    def flush(self) -> None:
        """Nothing more comes for now."""


class Text:
    r"""Passes an answer on, unless XML has no character for what is in it.

    >>> import io
    >>> Text(io.BytesIO()).write(b"<literal>\x01</literal>")
    Traceback (most recent call last):
    catalogue.store.engine.xml_names.Unwritable: XML cannot write the character U+0001: ...
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._last = b""

    def write(self, data: bytes) -> int:
        """Raises `Unwritable`."""
        if found := _FORBIDDEN.search(self._last + data):
            raise Unwritable(
                f"XML cannot write the character U+{ord(found[0].decode()):04X}: ask for another"
                " format, such as JSON, CSV, Turtle or N-Triples"
            )
        self._last = (self._last + data)[-_BEGUN:]
        self._target.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Pass it on."""
        self._target.flush()
