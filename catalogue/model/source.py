"""Where descriptions come from, as an operator configured it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An endpoint of a hospital and the protocol it speaks (a module in `harvesters/`).

    `connect_to` ("127.0.0.1:8642") sends every connection for the host of `url` there
    instead of asking DNS, like curl's `--connect-to`; only an operator can set it.
    `organisation` is the slug of whoever may confirm and see more than the public (the
    source's own slug when empty); `contact` gets mail when a run fails. `schedule` is a cron
    expression or an interval ("6h", "1d"); empty is harvested on command only. `options` are
    words of the protocol, such as `prefix` for OAI-PMH; each harvester documents its own.
    `language` is that of mail to the contact.
    """

    slug: str
    title: str
    protocol: str
    url: str
    connect_to: str | None = None
    organisation: str = ""
    contact: str | None = None
    schedule: str = ""
    language: str = "nl"
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The organisation whose stewards answer for the source."""
        return self.organisation or self.slug
