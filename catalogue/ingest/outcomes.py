"""What a run says about one address or record, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalogue.errors import (
    AddressRefused,
    CatalogueError,
    FetchFailed,
    LimitExceeded,
    NotRdf,
    ParseFailed,
)
from catalogue.ingest.pipeline import CONCERNS, GATE, Found
from catalogue.rdf.identity import spelling
from catalogue.register.incoming import Draft, Known, Namesake, Poison
from catalogue.register.records import Outcome, RecordOutcome, Words

FINDINGS_KEPT = 20
OURS = "genome-inventory-1"

KINDS: tuple[tuple[type[Exception], str], ...] = (
    (ParseFailed, "syntax"),
    (LimitExceeded, "limit"),
    (AddressRefused, "refused"),
    (FetchFailed, "fetch"),
    (NotRdf, "html"),
)
"""What tells one failure from another; the first that fits names it."""

EMPTY = {
    "en": "It describes no dataset, series or catalog.",
    "nl": "Het beschrijft geen dataset, reeks of catalogus.",
}
CLOSED = {
    "en": "The source keeps this record closed (a draft). It is left out.",
    "nl": "De bron houdt dit record gesloten (een concept). Het is overgeslagen.",
}
STILL_HELD = {
    "en": "Unchanged since it was held; see the run that held it.",
    "nl": "Ongewijzigd sinds het werd aangehouden; zie de run die het aanhield.",
}
INCOMPLETE = {
    "en": "A part of it could not be fetched; the version that we have stays.",
    "nl": "Een deel kon niet worden opgehaald; de versie die we hebben blijft.",
}
TWICE = {
    "en": "The same record as {first}, spelled differently; it is listed once.",
    "nl": "Hetzelfde record als {first}, anders gespeld; het staat er één keer in.",
}
OUR_FAULT = {
    "en": "The catalogue itself failed on this record ({kind}); it was set aside.",
    "nl": "De catalogus zelf liep vast op dit record ({kind}); het is apart gezet.",
}
STILL_ASIDE = {
    "en": "Set aside, and unchanged since: {reason}",
    "nl": "Apart gezet, en sindsdien ongewijzigd: {reason}",
}
ALSO_THERE = {
    "en": "{source} describes a dataset of this address too; both records are kept apart.",
    "nl": "{source} beschrijft ook een dataset met dit adres; beide records blijven apart.",
}
MAYBE_SAME = {
    "en": "It may be the same as “{title}” ({source}): both are called {name}. Both are kept.",
    "nl": "Het is misschien hetzelfde als “{title}” ({source}): beide heten {name}. Beide blijven.",
}


def filled(words: Words, **values: str) -> Words:
    """A sentence in each language, with its gaps filled."""
    return {language: text.format(**values) for language, text in words.items()}


def failed(url: str, error: CatalogueError) -> RecordOutcome:
    """An address that could not be read, or a record that is too long."""
    details = {"message": {"en": str(error), "nl": str(error)}, **failure(error)}
    return RecordOutcome(url=url, outcome=Outcome.FAILED, details=details)


def failure(error: CatalogueError) -> dict[str, Any]:
    """What kind of failure it was, for advice in words: kind, status and line."""
    cause = error.__cause__
    return {
        "kind": next((kind for cls, kind in KINDS if isinstance(cause or error, cls)), "other"),
        "status": error.status if isinstance(error, FetchFailed) else None,
        "line": cause.line if isinstance(cause, ParseFailed) else None,
    }


def empty(url: str) -> RecordOutcome:
    """It parses, and describes nothing that we list."""
    return RecordOutcome(url=url, outcome=Outcome.EMPTY, details={"message": EMPTY})


def forbidden(url: str) -> RecordOutcome:
    """A draft at the source."""
    return RecordOutcome(url=url, outcome=Outcome.FORBIDDEN, details={"message": CLOSED})


def unchanged(known: Known) -> RecordOutcome:
    """As it was; held when it was held. The title is looked up when it is written."""
    return RecordOutcome(
        url=known.url,
        outcome=Outcome.HELD if known.held else Outcome.UNCHANGED,
        record=known.id,
        source_iri=known.iri,
        details={"message": STILL_HELD} if known.held else {},
    )


def incomplete(found: Found, known: Known) -> RecordOutcome:
    """A part could not be fetched now; what we have stays."""
    return RecordOutcome(
        url=found.url,
        outcome=Outcome.FAILED,
        record=known.id,
        source_iri=known.iri,
        details={"message": INCOMPLETE},
    )


def twice(found: Found, first: str) -> RecordOutcome:
    """Another spelling of a record that this run already had."""
    return RecordOutcome(
        url=found.url,
        outcome=Outcome.DUPLICATE,
        record=found.record,
        source_iri=found.iri,
        details={"message": filled(TWICE, first=first)},
    )


def our_fault(url: str, iri: str, error: Exception) -> RecordOutcome:
    """Our own code failed on a record, or on the whole of what an address sent."""
    message = filled(OUR_FAULT, kind=type(error).__name__)
    details = {"message": message, "kind": "other"}
    return RecordOutcome(url=url, outcome=Outcome.FAILED, source_iri=iri, details=details)


def aside(found: Found, poison: Poison) -> RecordOutcome:
    """Our own code failed on it before, and it was not tried again."""
    return RecordOutcome(
        url=found.url,
        outcome=Outcome.ASIDE,
        source_iri=found.iri,
        details={"message": filled(STILL_ASIDE, reason=poison.reason), "kind": "other"},
    )


def written(draft: Draft, outcome: Outcome, note: Words | None) -> RecordOutcome:
    """A record that was taken in, or held."""
    details: dict[str, Any] = {"repairs": list(draft.repairs), "findings": _findings(draft)}
    message = CONCERNS.get(draft.reason) or note
    if message:
        details["message"] = message
    return RecordOutcome(
        url=draft.url,
        outcome=outcome,
        title=draft.title.value("en"),
        record=draft.id,
        source_iri=draft.source_iri,
        details=details,
    )


def note(draft: Draft, source: str, others: Sequence[Namesake]) -> Words | None:
    """What to say about published records that share a name with this new one, if any do."""
    iri, names = draft.own_name, draft.public_names
    shared = [each for each in others if each.name in names and each.record != draft.id]
    for other in shared:
        if other.name == iri and other.source != source and _at_home(iri, other):
            return filled(ALSO_THERE, source=other.source)
    for other in shared:
        name = draft.source_iri if other.name == iri else other.name
        return filled(MAYBE_SAME, title=other.title, source=other.source, name=name)
    return None


def _at_home(iri: str, other: Namesake) -> bool:
    """Whether the other source serves this IRI under its own host."""
    return host(iri) == host(spelling(other.source_url))


def host(spelled: str) -> str:
    """Host and port of an address in one spelling."""
    return spelled.removeprefix("//").partition("/")[0]


def _findings(draft: Draft) -> list[dict[str, Any]]:
    """What a steward should look at: the gate's violations first, then our own profile's."""
    order = {GATE: 0, OURS: 1}
    reports = sorted(draft.reports, key=lambda report: order.get(report["profile"], 2))
    found = [
        {**finding, "profile": report["profile"]}
        for report in reports
        if report["profile"] in order
        for finding in report["findings"]
    ]
    return found[:FINDINGS_KEPT]
