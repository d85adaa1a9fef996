"""What a hospital should do about a record that a run did not publish, in Dutch and English.

The run says the kind of failure in `details["kind"]`; of older runs, and where that is not
enough, the words of the message tell it. The website and the mail to a source's contact say
the same sentences, so they stand here, below both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalogue.register.records import Outcome

Words = Mapping[str, str]
"""One sentence in both languages; it may have places for `status` and `line`."""

ADVICE: Mapping[Outcome, Words] = {
    Outcome.HELD: {
        "en": "Mend the points above at the source. The next run reads the record again and "
        "publishes it when nothing required is missing.",
        "nl": "Herstel de punten hierboven bij de bron. De volgende ronde leest het record "
        "opnieuw en publiceert het als er niets verplichts meer ontbreekt.",
    },
    Outcome.FORBIDDEN: {
        "en": "The source keeps this record closed, as with a draft. Publish it there if it "
        "should be found.",
        "nl": "De bron houdt dit record gesloten, zoals bij een concept. Publiceer het daar als "
        "het gevonden moet worden.",
    },
    Outcome.REMOVED: {
        "en": "The source no longer lists this record. Its address stays reserved here.",
        "nl": "De bron noemt dit record niet meer. Het adres blijft hier gereserveerd.",
    },
}
BY_KIND: Mapping[str, Words] = {
    "server": {
        "en": "The server at this address reports a fault of its own (status %(status)s). Ask "
        "its administrator to look in the log.",
        "nl": "De server op dit adres meldt een eigen fout (status %(status)s). Vraag de "
        "beheerder ervan om in het logboek te kijken.",
    },
    "status": {
        "en": "The server does not give this address (status %(status)s). Check the link in the "
        "list that names it, and whether it is open to everybody.",
        "nl": "De server geeft dit adres niet vrij (status %(status)s). Controleer de link in de "
        "lijst waarin het staat, en of het voor iedereen open is.",
    },
    "timeout": {
        "en": "The server took too long to answer. Make it faster, or offer the descriptions in "
        "smaller parts.",
        "nl": "De server deed te lang over het antwoord. Maak hem sneller, of bied de "
        "beschrijvingen in kleinere delen aan.",
    },
    "broken": {
        "en": "The answer broke off before its end. Check the server and any proxy in front of it.",
        "nl": "Het antwoord brak halverwege af. Controleer de server en een eventuele proxy "
        "ervoor.",
    },
    "too-large": {
        "en": "The answer is larger than we read. Offer the descriptions in smaller parts.",
        "nl": "Het antwoord is groter dan wij inlezen. Bied de beschrijvingen in kleinere delen "
        "aan.",
    },
    "refused": {
        "en": "We do not call this address, because it is not public. Publish the description "
        "at a public address.",
        "nl": "Wij vragen dit adres niet op, omdat het niet openbaar is. Zet de beschrijving op "
        "een openbaar adres.",
    },
    "html": {
        "en": "This address answers with a web page instead of RDF. Give the address of the RDF, "
        "or let the server answer with it when a program asks.",
        "nl": "Dit adres antwoordt met een webpagina in plaats van RDF. Geef het adres van de "
        "RDF op, of laat de server daarmee antwoorden als een programma erom vraagt.",
    },
    "line": {
        "en": "Mend line %(line)s of the document at this address, or have the software that "
        "writes it mended.",
        "nl": "Herstel regel %(line)s van het document op dit adres, of laat de software "
        "herstellen die het schrijft.",
    },
    "syntax": {
        "en": "The document at this address is not well-formed RDF. Mend it, or have the "
        "software that writes it mended.",
        "nl": "Het document op dit adres is geen geldige RDF. Herstel het, of laat de software "
        "herstellen die het schrijft.",
    },
    "limit": {
        "en": "The document is too long, too deep or too slow to read. Offer it in smaller parts.",
        "nl": "Het document is te lang, te diep genest of te traag om te lezen. Bied het in "
        "kleinere delen aan.",
    },
    "part": {
        "en": "A part of the description could not be fetched. Check that every part that it "
        "names has an address that answers.",
        "nl": "Een deel van de beschrijving kon niet worden opgehaald. Ga na of elk deel dat "
        "erin wordt genoemd een adres heeft dat antwoordt.",
    },
    "other": {
        "en": "Check that this address answers with RDF.",
        "nl": "Ga na of dit adres met RDF antwoordt.",
    },
}
AGAIN: Words = {
    "en": "We try it again at the next run; what was public stays public.",
    "nl": "Bij de volgende ronde proberen we het opnieuw; wat openbaar was, blijft openbaar.",
}
TELLING = (
    ("timeout", r"timed out|time-out"),
    ("broken", r"breaks? off|broken off|incomplete"),
    ("too-large", r"larger than|too large"),
    ("status", r"status \d{3}|answered \d{3}"),
    ("part", r"part of it could not be fetched"),
)
"""How our own sentences tell kinds of failure apart."""

STATUS = re.compile(r"(?:status|answered) (\d{3})")


def advice(outcome: Outcome, details: Mapping[str, Any], language: str) -> str:
    """What to do, in words of `language` (nl or en); empty when there is nothing to do."""
    if outcome is not Outcome.FAILED:
        return ADVICE[outcome][language] if outcome in ADVICE else ""
    return f"{what_to_do(details, language)} {AGAIN[language]}"


def what_to_do(details: Mapping[str, Any], language: str) -> str:
    """The sentence for one kind of failure, without the promise to try again."""
    message = _english(details)
    said = STATUS.search(message)
    status = details.get("status") or (int(said[1]) if said else None)
    kind = _kind(details, message, status)
    return BY_KIND[kind][language] % {"status": status, "line": details.get("line")}


def _kind(details: Mapping[str, Any], message: str, status: int | None) -> str:
    stated = str(details.get("kind") or "")
    if details.get("line") is not None:
        return "line"
    if stated not in BY_KIND or stated == "other":
        otherwise = "other" if status is None else "status"
        stated = next((kind for kind, words in TELLING if re.search(words, message)), otherwise)
    if stated == "status" and status is None:
        return "other"
    return "server" if stated == "status" and status is not None and status >= 500 else stated


def _english(details: Mapping[str, Any]) -> str:
    said = details.get("message") or {}
    return str(said.get("en") or "") if isinstance(said, Mapping) else str(said)
