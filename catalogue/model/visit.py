"""What an address answered the last time, so that it can be asked whether that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REFRESHED_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An answer that can be asked for conditionally; its bytes are kept beside it.

    `url` is the address asked for and `accept` what was asked for; `final_url` is where it
    led, and the only place that `etag` and `last_modified` may be sent to (RFC 9110, 13).
    `next_page` is the target of `Link: rel="next"`, which a 304 need not repeat.
    """

    url: str
    accept: str
    final_url: str
    media_type: str | None
    etag: str | None
    last_modified: str | None
    next_page: str | None
    fetched: datetime

    def is_old(self, now: datetime) -> bool:
        """Whether it is time to note that the address is still asked for."""
        return now - self.fetched > REFRESHED_AFTER
