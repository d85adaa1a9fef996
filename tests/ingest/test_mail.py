"""Letters to the contacts of sources: through a real mail server on this machine, and in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from given import NOON
from misbehaving import a_certificate
from served import free_port

from catalogue.errors import SettingsError
from catalogue.ingest.letters import BRAKE, FAILED, PARTIAL, RECOVERED, Post, letter, news
from catalogue.ingest.mail import Letter, MailFailed, MailServer, address, message, server
from catalogue.model.source import Source
from catalogue.register.records import Brake, Outcome, RecordOutcome, RunState, RunSummary
from catalogue.register.runs import INTERRUPTED
from catalogue.settings import Settings

SOURCE = Source(
    slug="umc",
    title="UMC Voorbeeld",
    protocol="fdp",
    url="https://umc.example/",
    contact="steward@umc.example",
)
BASE = "https://catalogue.example"


class Mailbox:
    """Keeps what a mail server gets; refuses recipients when told to."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.encrypted: list[bool] = []
        self.refuses = False

    async def handle_DATA(  # noqa: N802 - the name is given
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self.envelopes.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 kept"

    async def handle_RCPT(  # noqa: N802 - the name is given
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refuses:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(e.content, policy=policy.default) for e in self.envelopes]  # type: ignore[misc]


def may_enter(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
    good = (data.login, data.password) == (b"catalogue", b"p@ss:word")
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return a_certificate(tmp_path_factory.mktemp("mail"), "localhost")


def lock(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def a_message(**changes: Any) -> EmailMessage:
    given = {"to": "steward@umc.example", "subject": "Hallo", "text": "Één regel.\n", **changes}
    return message(Letter(**given), sender="post@catalogue.example", name="De catalogus", now=NOON)


def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    with mail_server(mailbox) as port:
        server(f"smtp://127.0.0.1:{port}").send(a_message())
    (arrived,) = mailbox.messages
    assert arrived["To"] == "steward@umc.example"
    assert arrived["From"] == "De catalogus <post@catalogue.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Date"].datetime == NOON
    assert arrived["Message-ID"].endswith("@catalogue.example>")
    assert arrived["Content-Language"] == "nl"
    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content().strip() == "Één regel."
    assert mailbox.envelopes[0].rcpt_tos == ["steward@umc.example"]


def test_two_letters_have_names_of_their_own() -> None:
    assert a_message()["Message-ID"] != a_message()["Message-ID"]


def test_a_password_is_given_where_it_is_asked(mailbox: Mailbox) -> None:
    options = {"authenticator": may_enter, "auth_require_tls": False}
    with mail_server(mailbox, **options) as port:
        server(f"smtp://catalogue:p%40ss%3Aword@127.0.0.1:{port}").send(a_message())
        with pytest.raises(MailFailed) as caught:
            server(f"smtp://catalogue:wrong-one@127.0.0.1:{port}").send(a_message())
    assert len(mailbox.envelopes) == 1
    assert "wrong-one" not in str(caught.value)


def test_a_connection_is_encrypted_when_the_server_offers_it(
    mailbox: Mailbox, certificate: tuple[Path, Path]
) -> None:
    options = {"tls_context": lock(certificate), "authenticator": may_enter}
    with mail_server(mailbox, **options, auth_required=True) as port:
        url = f"smtp://catalogue:p%40ss%3Aword@localhost:{port}"
        server(url, str(certificate[0])).send(a_message())
        with pytest.raises(MailFailed, match="certificate"):
            server(url).send(a_message())
    assert mailbox.encrypted == [True]


def test_a_server_may_be_encrypted_from_the_first_byte(
    mailbox: Mailbox, certificate: tuple[Path, Path]
) -> None:
    with mail_server(mailbox, ssl_context=lock(certificate)) as port:
        server(f"smtps://localhost:{port}", str(certificate[0])).send(a_message())
    assert len(mailbox.envelopes) == 1


def test_a_password_does_not_travel_in_the_open(mailbox: Mailbox) -> None:
    with mail_server(mailbox, authenticator=may_enter, auth_require_tls=False) as port:
        elsewhere = MailServer(host="127.1", port=port, user="catalogue", password="p@ss:word")
        with pytest.raises(MailFailed, match="encryption"):
            elsewhere.send(a_message())
    assert mailbox.envelopes == []


def test_a_server_that_is_not_there_or_refuses_is_named(mailbox: Mailbox) -> None:
    with pytest.raises(MailFailed, match=r"127\.0\.0\.1"):
        server(f"smtp://127.0.0.1:{free_port()}").send(a_message())
    mailbox.refuses = True
    with mail_server(mailbox) as port, pytest.raises(MailFailed, match="nobody of that name"):
        server(f"smtp://127.0.0.1:{port}").send(a_message())


@pytest.mark.parametrize(
    "url", ["mail.example:25", "http://mail.example", "smtp://", "smtp://x:port", "smtp://x/path"]
)
def test_a_mail_server_that_cannot_be_one_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="CATALOGUE_MAIL_URL") as caught:
        server(url.replace("//", "//me:secret@"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("injected", ["\n", "\r\n", "\r", "\u2028", "\x00", "\x85"])
def test_a_title_adds_no_header(injected: str) -> None:
    made = a_message(subject=f"Genomen{injected}Bcc: everybody@elsewhere.example")
    again = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert again["Bcc"] is None
    assert again["Subject"] == "Genomen Bcc: everybody@elsewhere.example"


@pytest.mark.parametrize(
    "text",
    ["nobody", "a@b, c@d", "a@b\nBcc: c@d", "Steward <a@b.nl>", "", "a b@c.nl", "@c.nl", "é@c.nl"],
)
def test_a_contact_is_one_plain_address(text: str) -> None:
    with pytest.raises(SettingsError, match="contact"):
        address(text, "the contact")


# what is said, and when


@dataclass
class Desk:
    """A register and a book of letters, in memory."""

    run: RunSummary
    found: list[RecordOutcome] = field(default_factory=list)
    brake: Brake | None = None
    sent: list[tuple[datetime, str]] = field(default_factory=list)
    now: datetime = NOON

    def runs(self, source: str, limit: int = 20) -> list[RunSummary]:
        return [self.run]

    def source(self, slug: str) -> Any:
        return self

    def outcome_page(self, run: int, **asked: Any) -> list[tuple[int, RecordOutcome]]:
        return list(enumerate(self.found[: asked["limit"]]))

    def letters(self, source: str) -> list[tuple[datetime, str]]:
        return self.sent

    def wrote(self, source: str, about: str) -> None:
        self.sent.insert(0, (self.now, about))


def a_run(state: RunState = RunState.COMPLETE, message: str = "", number: int = 7) -> RunSummary:
    return RunSummary(
        id=number, source="umc", started=NOON, ended=NOON, state=state, message=message
    )


def failed(url: str, **details: Any) -> RecordOutcome:
    text = details.pop("message", f"{url}: timed out after 60 s")
    return RecordOutcome(
        url=url,
        outcome=Outcome.FAILED,
        details={"message": {"nl": text, "en": text}, **details},
    )


A_BRAKE = Brake(run=7, at=NOON, records=("a", "b", "c"), live=10, message={})


@pytest.mark.parametrize(
    ("run", "brake", "sent", "about"),
    [
        pytest.param(a_run(RunState.FAILED), None, [], FAILED, id="failed"),
        pytest.param(a_run(RunState.FAILED, INTERRUPTED["en"]), None, [], None, id="by ourselves"),
        pytest.param(a_run(RunState.PARTIAL), None, [], PARTIAL, id="partial"),
        pytest.param(a_run(RunState.PARTIAL), None, [PARTIAL], None, id="still partial"),
        pytest.param(a_run(RunState.PARTIAL), None, [FAILED], PARTIAL, id="better, not well"),
        pytest.param(a_run(), A_BRAKE, [], BRAKE, id="brake"),
        pytest.param(a_run(number=8), A_BRAKE, [BRAKE], None, id="brake of an earlier run"),
        pytest.param(a_run(), None, [], None, id="all is well"),
        pytest.param(a_run(), None, [FAILED], RECOVERED, id="well again"),
        pytest.param(a_run(), None, [RECOVERED, FAILED], None, id="still well"),
        pytest.param(a_run(RunState.FAILED), None, [RECOVERED, FAILED], None, id="to and fro"),
    ],
)
def test_only_news_is_told(
    run: RunSummary, brake: Brake | None, sent: list[str], about: str | None
) -> None:
    told = [(NOON - timedelta(hours=1 + n), state) for n, state in enumerate(sent)]
    assert news(run, brake, told, NOON) == about


def test_a_source_that_keeps_failing_is_told_once_a_day(mailbox: Mailbox) -> None:
    desk = Desk(a_run(RunState.FAILED))
    with mail_server(mailbox) as port:
        for hour in range(50):
            desk.now = NOON + timedelta(hours=hour)
            post(desk, port).after_run(SOURCE)
    assert len(mailbox.envelopes) == 3


def post(desk: Desk, port: int, **changes: Any) -> Post:
    made = Post.from_settings(
        Settings(base_url=BASE, mail_url=f"smtp://127.0.0.1:{port}", **changes), desk, desk
    )
    return replace(made, clock=lambda: desk.now)


def test_the_contact_is_told_in_its_own_language_what_to_do(mailbox: Mailbox) -> None:
    desk = Desk(a_run(RunState.PARTIAL), [failed("https://umc.example/d/1", kind="timeout")])
    with mail_server(mailbox) as port:
        post(desk, port).after_run(SOURCE)
        desk.sent.clear()
        post(desk, port).after_run(replace(SOURCE, language="en"))
    dutch, english = (each.get_content() for each in mailbox.messages)
    assert "deed te lang over het antwoord" in dutch
    assert f"{BASE}/nl/sources/umc/runs/7" in dutch
    assert "blijft de laatste goede versie openbaar" in " ".join(dutch.split())
    assert "took too long to answer" in english
    assert f"{BASE}/en/sources/umc/runs/7" in english
    assert "https://umc.example/d/1" in english


def test_a_long_list_of_failures_is_cut_off() -> None:
    outcomes = [failed(f"https://umc.example/d/{number}") for number in range(10)]
    run = replace(a_run(RunState.PARTIAL), counts={Outcome.FAILED: 30})
    made = letter(SOURCE, run, PARTIAL, outcomes, base=BASE, name="C")
    assert made.text.count("https://umc.example/d/") == 10
    assert "nog 20" in made.text


def test_a_failed_run_says_its_reason_and_what_to_do() -> None:
    run = a_run(RunState.FAILED, "https://umc.example/: answered 503")
    made = letter(replace(SOURCE, language="en"), run, FAILED, base=BASE, name="C")
    assert "answered 503" in made.text
    assert "fault of its own (status 503)" in made.text


def test_a_brake_says_how_much_is_at_stake_and_leads_to_the_source() -> None:
    made = letter(SOURCE, a_run(), BRAKE, base=BASE, name="C", brake=A_BRAKE)
    assert "3 van de 10 records" in made.text
    assert f"{BASE}/nl/sources/umc\n" in made.text


def test_words_of_a_source_stay_on_their_line() -> None:
    said = "x\n\nDear steward, sign in at https://evil.example/ " + "y" * 5000
    made = letter(
        replace(SOURCE, title="UMC\nBcc: all"),
        a_run(RunState.PARTIAL),
        PARTIAL,
        [failed("https://umc.example/d/1", message=said)],
        base=BASE,
        name="C",
    )
    assert "\nDear steward" not in made.text
    assert len(made.text) < 3000
    assert made.subject == "UMC Bcc: all is maar gedeeltelijk ingelezen"


@pytest.mark.parametrize("contact", [None, "", "no address", "a@b\nBcc: c@d"])
def test_a_source_without_a_usable_contact_gets_nothing_and_harms_nobody(
    mailbox: Mailbox, contact: str | None
) -> None:
    desk = Desk(a_run(RunState.FAILED))
    with mail_server(mailbox) as port:
        post(desk, port).after_run(replace(SOURCE, contact=contact))
    assert mailbox.envelopes == []
    assert desk.sent == []


def test_a_mail_server_that_fails_is_logged_and_tried_at_the_next_run(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(a_run(RunState.FAILED))
    post(desk, free_port()).after_run(SOURCE)
    assert "could not be told" in caplog.text
    with mail_server(mailbox) as port:
        post(desk, port).after_run(SOURCE)
    assert len(mailbox.envelopes) == 1


def test_without_a_mail_server_nothing_is_sent() -> None:
    desk = Desk(a_run(RunState.FAILED))
    Post.from_settings(Settings(base_url=BASE), desk, desk).after_run(SOURCE)
    assert desk.sent == []
