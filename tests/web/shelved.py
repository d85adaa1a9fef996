"""The site on a real register, whose records a test tells the story of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from web import townhall
from werkzeug.serving import WSGIRequestHandler, make_server

from catalogue.register.register import Register
from catalogue.web.services import Services


@cache
def _parts() -> Services:
    return townhall.services()


def application(register: Register, **parts: Any) -> Any:
    """The website reading from `register`; other `parts` stay as they are in the town hall."""
    settings = townhall.settings(base_url=register.base)
    return townhall.create_app(replace(_parts(), register=register, **parts), settings)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - inherited
        """Nothing."""


@contextmanager
def online(register: Register, **parts: Any) -> Iterator[tuple[str, int]]:
    """The site on a port of this machine; gives host and port."""
    site = application(register, **parts)
    server = make_server("127.0.0.1", 0, site, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
