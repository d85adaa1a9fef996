"""What to do about a record that a run did not publish, by the kind of failure.

The run says the kind in `details["kind"]`; of older runs, and where that is not enough, the
words of the message tell it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalogue.register.records import Outcome
from catalogue.web.messages import gettext, lazy_gettext

ADVICE = {
    Outcome.HELD: lazy_gettext(
        "Mend the points above at the source. The next run reads the record again and "
        "publishes it when nothing required is missing."
    ),
    Outcome.FORBIDDEN: lazy_gettext(
        "The source keeps this record closed, as with a draft. Publish it there if it should "
        "be found."
    ),
    Outcome.REMOVED: lazy_gettext(
        "The source no longer lists this record. Its address stays reserved here."
    ),
}

BY_KIND = {
    "server": lazy_gettext(
        "The server at this address reports a fault of its own (status %(status)s). Ask its "
        "administrator to look in the log."
    ),
    "status": lazy_gettext(
        "The server does not give this address (status %(status)s). Check the link in the list "
        "that names it, and whether it is open to everybody."
    ),
    "timeout": lazy_gettext(
        "The server took too long to answer. Make it faster, or offer the descriptions in "
        "smaller parts."
    ),
    "broken": lazy_gettext(
        "The answer broke off before its end. Check the server and any proxy in front of it."
    ),
    "too-large": lazy_gettext(
        "The answer is larger than we read. Offer the descriptions in smaller parts."
    ),
    "refused": lazy_gettext(
        "We do not call this address, because it is not public. Publish the description at a "
        "public address."
    ),
    "html": lazy_gettext(
        "This address answers with a web page instead of RDF. Give the address of the RDF, or let "
        "the server answer with it when a program asks."
    ),
    "line": lazy_gettext(
        "Mend line %(line)s of the document at this address, or have the software that writes it "
        "mended."
    ),
    "syntax": lazy_gettext(
        "The document at this address is not well-formed RDF. Mend it, or have the software that "
        "writes it mended."
    ),
    "limit": lazy_gettext(
        "The document is too long, too deep or too slow to read. Offer it in smaller parts."
    ),
    "part": lazy_gettext(
        "A part of the description could not be fetched. Check that every part that it names has "
        "an address that answers."
    ),
    "other": lazy_gettext("Check that this address answers with RDF."),
}
WORDS = (
    ("timeout", r"timed out|time-out"),
    ("broken", r"breaks? off|broken off|incomplete"),
    ("too-large", r"larger than|too large"),
    ("status", r"status \d{3}|answered \d{3}"),
    ("part", r"part of it could not be fetched"),
)
"""How our own sentences tell kinds of failure apart."""

STATUS = re.compile(r"(?:status|answered) (\d{3})")


def advice(outcome: Outcome, details: Mapping[str, Any]) -> str:
    """What to do, in words; empty when there is nothing to do."""
    if outcome is not Outcome.FAILED:
        return str(ADVICE.get(outcome, ""))
    message = _english(details)
    said = STATUS.search(message)
    status = details.get("status") or (int(said[1]) if said else None)
    kind = _kind(details, message, status)
    what = str(BY_KIND[kind]) % {"status": status, "line": details.get("line")}
    again = gettext("We try it again at the next run; what was public stays public.")
    return f"{what} {again}"


def _kind(details: Mapping[str, Any], message: str, status: int | None) -> str:
    stated = str(details.get("kind") or "")
    if details.get("line") is not None:
        return "line"
    if stated not in BY_KIND or stated == "other":
        otherwise = "other" if status is None else "status"
        stated = next((kind for kind, words in WORDS if re.search(words, message)), otherwise)
    if stated == "status" and status is None:
        return "other"
    return "server" if stated == "status" and status is not None and status >= 500 else stated


def _english(details: Mapping[str, Any]) -> str:
    said = details.get("message") or {}
    return str(said.get("en") or "") if isinstance(said, Mapping) else str(said)
