"""What the contact of a source is told by mail, when, and in which words.

A letter goes out when a run failed, when a run became partial, when a removal waits for a
steward, and when all is well again after such a letter. Nobody gets two letters about the same
state of the same source within a day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, Protocol
from urllib.parse import urlsplit

from catalogue.errors import CatalogueError
from catalogue.ingest.advice import AGAIN, Words, what_to_do
from catalogue.ingest.budget import SENTENCES
from catalogue.ingest.mail import Letter, MailServer, message, one_line, server
from catalogue.ingest.run import OUR_ERROR
from catalogue.ingest.schedule import AMSTERDAM
from catalogue.model.source import Source
from catalogue.register.records import (
    Brake,
    Outcome,
    RecordOutcome,
    RunState,
    RunSummary,
)
from catalogue.register.runs import CHANGED, INTERRUPTED
from catalogue.settings import Settings

OUR_DOING = (INTERRUPTED["en"], CHANGED["en"], SENTENCES["stop"]["en"], OUR_ERROR["en"])
"""Messages of runs that ended because of the catalogue; no hospital can do anything about it."""
QUIET = timedelta(days=1)
"""Within this time a second letter about the same state is not sent."""
SHOWN = 10
LONGEST = 400
LANGUAGES = ("nl", "en")

FAILED, PARTIAL, BRAKE, RECOVERED = "failed", "partial", "brake", "recovered"

SUBJECTS: Mapping[str, Words] = {
    FAILED: {
        "nl": "Inlezen van %(source)s is mislukt",
        "en": "Reading %(source)s failed",
    },
    PARTIAL: {
        "nl": "%(source)s is maar gedeeltelijk ingelezen",
        "en": "%(source)s could be read only partly",
    },
    BRAKE: {
        "nl": "%(source)s: beoordeel een verwijdering",
        "en": "%(source)s: please judge a removal",
    },
    RECOVERED: {
        "nl": "%(source)s is weer helemaal ingelezen",
        "en": "%(source)s is read completely again",
    },
}
OPENINGS: Mapping[str, Words] = {
    FAILED: {
        "nl": "De beschrijvingen van %(source)s konden op %(when)s (Nederlandse tijd) niet worden "
        "ingelezen. Wat al openbaar was, blijft openbaar.",
        "en": "The descriptions of %(source)s could not be read on %(when)s (Dutch time). "
        "What was public stays public.",
    },
    PARTIAL: {
        "nl": "Op %(when)s kon een deel van %(source)s niet worden ingelezen. De rest is "
        "bijgewerkt; van wat niet kon worden gelezen, blijft de laatste goede versie openbaar.",
        "en": "On %(when)s a part of %(source)s could not be read. The rest is up to date; of "
        "what could not be read, the last good version stays public.",
    },
    BRAKE: {
        "nl": "Op %(when)s ontbrak zoveel in %(source)s dat niets is verwijderd: %(number)s van "
        "de %(live)s records zouden verdwijnen. Klopt dat, bevestig de verwijdering dan. Klopt "
        "het niet, herstel dan de bron of wijs de verwijdering af.",
        "en": "On %(when)s so much was missing from %(source)s that nothing was removed: "
        "%(number)s of %(live)s records would disappear. If that is right, confirm the "
        "removal. If it is not, mend the source or decline the removal.",
    },
    RECOVERED: {
        "nl": "Op %(when)s is %(source)s weer helemaal ingelezen. U hoeft niets te doen.",
        "en": "On %(when)s %(source)s was read completely again. You need not do anything.",
    },
}
WORDS: Mapping[str, Words] = {
    "greeting": {"nl": "Beste beheerder,", "en": "Dear data steward,"},
    "reason": {"nl": "Wat er misging:", "en": "What went wrong:"},
    "more": {"nl": "… en nog %(number)s, zie het verslag.", "en": "… and %(number)s more."},
    "report": {"nl": "Het hele verslag:", "en": "The whole report:"},
    "closing": {
        "nl": "Deze mail is automatisch verstuurd door %(catalogue)s, omdat dit adres als contact "
        "bij de bron staat.",
        "en": "This mail was sent automatically by %(catalogue)s, because this address is the "
        "contact of the source.",
    },
}


class Book(Protocol):
    """Which letters were sent: `catalogue.register.scheduling.Scheduling`."""

    def letters(self, source: str) -> list[tuple[datetime, str]]:
        """(moment, state) of the last letters, newest first."""
        ...

    def wrote(self, source: str, about: str) -> None:
        """Remember a letter."""
        ...


class Runs(Protocol):
    """What happened: `catalogue.register.register.Register`, as far as it is needed here."""

    def runs(self, source: str, limit: int = ...) -> list[RunSummary]:
        """The last runs, newest first."""
        ...

    def source(self, slug: str) -> Any:
        """The state of a source, with its `brake`."""
        ...

    def outcome_page(
        self, run: int, *, only: Collection[Outcome] = ..., limit: int = ...
    ) -> list[tuple[int, RecordOutcome]]:
        """(number, outcome) of the first records of a run with one of these outcomes."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """Writes to the contacts of sources. Without a mail server it does nothing.

    A letter that cannot be sent is logged; it never makes a run fail.
    """

    register: Runs
    book: Book
    base: str
    server: MailServer | None = None
    sender: str = ""
    name: str = "Genoomcatalogus"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    log: logging.Logger = logging.getLogger(__name__)

    @classmethod
    def from_settings(cls, settings: Settings, register: Runs, book: Book) -> Post:
        """The post office that the operator set up. Raises `SettingsError`."""
        host = urlsplit(settings.base_url).hostname or "localhost"
        return cls(
            register=register,
            book=book,
            base=settings.base_url,
            server=server(settings.mail_url, settings.ca_file) if settings.mail_url else None,
            sender=settings.mail_from or f"genoomcatalogus@{host}",
            name=settings.publisher,
        )

    def after_run(self, source: Source) -> None:
        """Tell the contact what the last run of the source came to, when that is news."""
        if self.server is None or not source.contact:
            return
        try:
            self._tell(source, self.server)
        except CatalogueError as error:
            self.log.warning("%s: the contact could not be told: %s", source.slug, error)

    def _tell(self, source: Source, to: MailServer) -> None:
        (run,), brake = self.register.runs(source.slug, 1), self.register.source(source.slug).brake
        about = news(run, brake, self.book.letters(source.slug), self.clock())
        if about is not None:
            to.send(self.written(source, run, about, brake))
            self.book.wrote(source.slug, about)

    def written(
        self, source: Source, run: RunSummary, about: str, brake: Brake | None
    ) -> EmailMessage:
        """The message about a run. Raises `SettingsError` when an address is none."""
        found = self.register.outcome_page(run.id, only=(Outcome.FAILED,), limit=SHOWN)
        failures = [outcome for _, outcome in found]
        made = letter(source, run, about, failures, base=self.base, name=self.name, brake=brake)
        return message(made, sender=self.sender, name=self.name, now=self.clock())


def news(
    run: RunSummary,
    brake: Brake | None,
    sent: Sequence[tuple[datetime, str]],
    now: datetime,
) -> str | None:
    """What state of a source a run is worth a letter about; `None` for no letter."""
    about = _state(run, brake, sent)
    told = any(state == about and now - at < QUIET for at, state in sent)
    return None if about is None or (told and about != RECOVERED) else about


def _state(
    run: RunSummary,
    brake: Brake | None,
    sent: Sequence[tuple[datetime, str]],
) -> str | None:
    last = sent[0][1] if sent else RECOVERED
    if run.message in OUR_DOING:
        return None
    if run.state is RunState.FAILED:
        return FAILED
    if brake:
        return BRAKE if brake.run == run.id else None
    if run.state is RunState.PARTIAL:
        return PARTIAL if last != PARTIAL else None
    return RECOVERED if run.state is RunState.COMPLETE and last != RECOVERED else None


def letter(  # noqa: PLR0913 - what a letter is made of, each by its name
    source: Source,
    run: RunSummary,
    about: str,
    failures: Sequence[RecordOutcome] = (),
    *,
    base: str,
    name: str,
    brake: Brake | None = None,
) -> Letter:
    """The letter about one run, in the language of the source."""
    language = source.language if source.language in LANGUAGES else "nl"
    values = {
        "source": one_line(source.title),
        "when": f"{run.started.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}",
        "number": len(brake.records) if brake else 0,
        "live": brake.live if brake else 0,
        "catalogue": one_line(name),
    }
    page = f"{base}/{language}/sources/{source.slug}"
    parts = [
        WORDS["greeting"][language],
        OPENINGS[about][language] % values,
        *_what_failed(run, about, failures, language),
        f"{WORDS['report'][language]} {page if about == BRAKE else f'{page}/runs/{run.id}'}",
        "-- \n" + WORDS["closing"][language] % values,
    ]
    subject = SUBJECTS[about][language] % values
    return Letter(
        to=source.contact or "", subject=subject, text="\n\n".join(parts) + "\n", language=language
    )


def _what_failed(
    run: RunSummary, about: str, failures: Sequence[RecordOutcome], language: str
) -> list[str]:
    """The message of the run and its failures, each with what to do; empty when all is well."""
    if about not in {FAILED, PARTIAL}:
        return []
    lines = [WORDS["reason"][language]]
    if run.message:
        said = run.messages.get(language) or run.message
        lines.append(_item(said, what_to_do({"message": {"en": run.message}}, language)))
    lines.extend(_failure(outcome, language) for outcome in failures)
    more = run.counts.get(Outcome.FAILED, 0) - len(failures)
    if more > 0:
        lines.append(WORDS["more"][language] % {"number": more})
    return ["\n\n".join(lines), AGAIN[language]]


def _failure(outcome: RecordOutcome, language: str) -> str:
    said = outcome.details.get("message") or {}
    return _item(
        str(said.get(language) or outcome.title or outcome.url),
        what_to_do(outcome.details, language),
    )


def _item(what: str, todo: str) -> str:
    """One failure; its words may come from a stranger's server, so they stay on one line."""
    return f"* {' '.join(what.split())[:LONGEST]}\n  → {todo}"
