"""What others are compared with: a web server that does nothing, and one that renders naively.

`/` answers a few fixed bytes. `/turtle` reads the N-Triples of one description with rdflib and
writes them as Turtle, for every request anew, as catalogues that keep nothing do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import rdflib

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TRIPLES = Path(os.environ["BARE_TRIPLES"]).read_bytes()


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer either path."""
    body = _turtle() if environ["PATH_INFO"] == "/turtle" else b"hello\n"
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


def _turtle() -> bytes:
    return rdflib.Graph().parse(data=TRIPLES, format="nt").serialize(format="turtle").encode()
