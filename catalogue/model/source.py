"""Where descriptions come from, as an operator configured it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An endpoint of a hospital and the protocol it speaks (a module in `harvesters/`).

    `connect_to` ("127.0.0.1:8642") sends every connection for the host of `url` there
    instead of asking DNS, like curl's `--connect-to`; only an operator can set it.
    """

    slug: str
    title: str
    protocol: str
    url: str
    connect_to: str | None = None
