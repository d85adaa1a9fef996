"""Send a letter by SMTP: plain text, one recipient, encrypted whenever the server offers it.

What a letter says is in `letters`; here is how it leaves. A title or a message may come from
a stranger's server, so nothing in a header is taken over with its line breaks.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from catalogue.errors import CatalogueError, SettingsError

SECONDS = 30.0
PORTS = {"smtp": 25, "smtps": 465}
LOCAL = {"localhost", "127.0.0.1", "::1"}
LONGEST_SUBJECT = 150
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class MailFailed(CatalogueError):
    """The mail server did not take a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one contact is told, in the language in which it is written."""

    to: str
    subject: str
    text: str
    language: str = "nl"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over; `encrypted` from the first byte, else by STARTTLS if offered.

    `ca_file` replaces the usual certificate authorities.
    """

    host: str
    port: int
    encrypted: bool = False
    user: str = ""
    password: str = ""
    ca_file: str = ""

    def send(self, message: EmailMessage) -> None:
        """Hand a message over. Raises `MailFailed`, which never holds the password."""
        try:
            with self._open() as connection:
                connection.send_message(message)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            what = " ".join(str(error).split())[:300]
            raise MailFailed(f"mail server {self.host}:{self.port}: {what}") from error

    @contextmanager
    def _open(self) -> Iterator[smtplib.SMTP]:
        with self._connected() as connection:
            connection.ehlo()
            if not self.encrypted and connection.has_extn("starttls"):
                connection.starttls(context=self._context())
                connection.ehlo()
            if self.user:
                self._sign_in(connection)
            yield connection

    def _connected(self) -> smtplib.SMTP:
        if self.encrypted:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=self._context())
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        """Give the password, but not to everybody who listens on the way."""
        if not isinstance(connection.sock, ssl.SSLSocket) and self.host not in LOCAL:
            raise MailFailed(
                f"mail server {self.host}:{self.port}: offers no encryption, so the password "
                "was not sent; use smtps:// or a server with STARTTLS"
            )
        connection.login(self.user, self.password)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file or None)


def server(url: str, ca_file: str = "") -> MailServer:
    """The mail server of `smtp://[user:password@]host[:port]` or `smtps://…`.

    User and password are percent-decoded. Raises `SettingsError`.

    >>> server("smtp://me:p%40ss@mail.example:587").password
    'p@ss'
    """
    wrong = "CATALOGUE_MAIL_URL is not smtp://[user:password@]host:port or smtps://…"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingsError(wrong) from error
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise SettingsError(wrong)
    return MailServer(
        host=parts.hostname,
        port=PORTS[parts.scheme] if port is None else port,
        encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca_file=ca_file,
    )


def message(letter: Letter, *, sender: str, name: str, now: datetime) -> EmailMessage:
    """A letter as it is sent (RFC 5322), marked so that no machine answers it (RFC 3834).

    Raises `SettingsError` when an address is none.
    """
    made = EmailMessage()
    from_ = address(sender, "CATALOGUE_MAIL_FROM")
    made["From"] = Address(one_line(name), from_.username, from_.domain)
    made["To"] = address(letter.to, "the contact of the source")
    made["Subject"] = one_line(letter.subject)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=from_.domain)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    made["Content-Language"] = letter.language
    return made


def address(text: str, whose: str) -> Address:
    """One plain e-mail address. Raises `SettingsError` saying whose is none."""
    try:
        found = Address(addr_spec=text.strip())
    except (HeaderParseError, ValueError, IndexError) as error:
        raise SettingsError(f"{whose}: {text[:80]!r} is not an e-mail address") from error
    if not found.username or "." not in f"{found.domain}." or not text.isascii():
        raise SettingsError(f"{whose}: {text[:80]!r} is not an e-mail address")
    return found


def one_line(text: str) -> str:
    """Fit for a header: no line breaks, not endless."""
    return " ".join(UNWRITABLE.sub(" ", text).split())[:LONGEST_SUBJECT]
