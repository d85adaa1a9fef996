"""`catalogue source` and `catalogue harvest --due`, as operators type them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from given import NOON
from misbehaving import Misbehaving
from served import free_port

from catalogue.cli import catalogue
from catalogue.cli.listed import listed_in
from catalogue.cli.source import check_source
from catalogue.errors import CatalogueError, SettingsError
from catalogue.register import tables as t
from catalogue.register.register import Register

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://umc.example/1> a dcat:Dataset ; dct:title "One"@eng ; dct:publisher "UMC" .
"""


@dataclass
class Desk:
    """Types commands for one data folder, in this process."""

    folder: Path
    code: int = 0

    def __call__(self, *words: str, **settings: str) -> str:
        environment = {
            "CATALOGUE_DATA": str(self.folder / "data"),
            "CATALOGUE_ALLOWED_HOSTS": "127.0.0.1",
            **settings,
        }
        done = CliRunner().invoke(catalogue, words, env=environment)
        self.code = done.exit_code
        if isinstance(done.exception, CatalogueError):
            return str(done.exception)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    def register(self) -> Register:
        return Register.open(f"sqlite:///{self.folder}/data/catalogue.sqlite", "https://x.example")

    def row(self, slug: str) -> Any:
        register = self.register()
        with register.engine.connect() as connection:
            found = connection.execute(sa.select(t.sources).where(t.sources.c.slug == slug)).one()
        register.close()
        return found

    def change(self, slug: str, **values: Any) -> None:
        register = self.register()
        with register.engine.begin() as connection:
            connection.execute(t.sources.update().where(t.sources.c.slug == slug).values(values))
        register.close()

    def actions(self) -> list[str]:
        register = self.register()
        with register.engine.connect() as connection:
            rows = connection.execute(sa.select(t.audit).order_by(t.audit.c.number)).all()
        register.close()
        return [row.action for row in rows]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as made:
        made.answer("/good.ttl", GOOD)
        yield made


def test_everything_about_a_source_is_kept_and_shown(desk: Desk) -> None:
    desk(
        *("source", "add", "umc", "https://umc.example/oai", "--title", "UMC", "--schedule", "6h"),
        *("--contact", "steward@umc.example", "--organisation", "umc-research"),
        *("--language", "en", "--option", "prefix=dcat", "--option", "set=genomes"),
    )
    row = desk.row("umc")
    assert (row.schedule, row.contact, row.organisation, row.language) == (
        "6h",
        "steward@umc.example",
        "umc-research",
        "en",
    )
    assert row.options == {"prefix": "dcat", "set": "genomes"}
    assert "schedule 6h, next run soon" in desk("source", "list")


def test_what_is_not_named_stays_and_an_empty_word_takes_away(desk: Desk) -> None:
    desk(
        *("source", "add", "umc", "https://umc.example/", "--schedule", "1d", "--contact", "a@b.nl")
    )
    desk(*("source", "add", "umc", "https://umc.example/", "--option", "a=1", "--option", "b=2"))
    desk(*("source", "add", "umc", "https://umc.example/", "--contact", "", "--option", "a="))
    row = desk.row("umc")
    assert (row.schedule, row.contact, row.options) == ("1d", "", {"b": "2"})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--schedule", "sometimes"), "umc: the schedule 'sometimes'"),
        (("--schedule", "* * * * *"), "5 minutes"),
        (("--contact", "nobody"), "'nobody' is not an e-mail address"),
        (("--contact", "a@b.nl\nBcc: c@d.nl"), "not an e-mail address"),
        (("--organisation", "U M C"), "named with a-z"),
        (("--option", "prefix"), "NAME=VALUE"),
    ],
)
def test_what_cannot_be_kept_is_named(desk: Desk, words: tuple[str, ...], says: str) -> None:
    assert says in desk("source", "add", "umc", "https://umc.example/", *words)
    assert desk.code == 1
    assert desk("source", "list") == ""


def test_a_source_is_switched_off_and_on(desk: Desk) -> None:
    desk("source", "add", "umc", "https://umc.example/", "--schedule", "1d")
    assert "disabled" in desk("source", "disable", "umc")
    assert "disabled" in desk("source", "list")
    assert "no sources" in desk("harvest")
    assert "enabled" in desk("source", "enable", "umc")
    assert desk.actions()[-2:] == ["disable", "enable"]
    assert "no source" in desk("source", "enable", "nobody")


def test_an_announced_source_is_taken_in(desk: Desk) -> None:
    desk("source", "add", "umc", "https://umc.example/")
    desk.change("umc", pending=True, enabled=False, verified=False)
    said = desk("source", "list")
    assert "pending" in said
    assert "unverified" in said
    desk("source", "approve", "umc")
    assert (desk.row("umc").pending, desk.row("umc").enabled) == (False, True)


def test_a_schedule_is_changed_and_taken_away(desk: Desk) -> None:
    desk("source", "add", "umc", "https://umc.example/")
    desk("source", "schedule", "umc", "0 3 * * *")
    desk.change("umc", next_run=NOON)
    assert "schedule 0 3 * * *, next run 2026-11-22 13:00 in Amsterdam" in desk("source", "list")
    desk("source", "schedule", "umc", "")
    assert (desk.row("umc").schedule, desk.row("umc").next_run) == ("", None)
    assert "'soon'" in desk("source", "schedule", "umc", "soon")


def test_a_removal_that_waits_is_shown_confirmed_or_declined(desk: Desk) -> None:
    desk("source", "add", "umc", "https://umc.example/")
    assert "no removal waits" in desk("source", "confirm-removal", "umc", "--yes")
    brake = {
        "run": 1,
        "at": NOON.isoformat(),
        "records": ["a", "b"],
        "live": 4,
        "explicit": [],
        "message": {"nl": "", "en": ""},
    }
    for command in (("confirm-removal", "umc", "--yes"), ("decline-removal", "umc")):
        desk.change("umc", brake=brake)
        assert "2 of 4 records would be removed" in desk("source", "list")
        desk("source", *command)
        assert desk.code == 0
        assert desk.row("umc").brake is None


def test_only_due_sources_are_harvested(desk: Desk, server: Misbehaving) -> None:
    url = server.url("/good.ttl")
    desk(*("source", "add", "often", url, "--protocol", "dcat", "--schedule", "6h"))
    desk(*("source", "add", "never", url, "--protocol", "dcat"))
    said = desk("harvest", "--due")
    assert "often: complete: 1 new" in said
    assert "never" not in said
    assert desk.code == 0
    assert "Nothing is due" in desk("harvest", "--due")
    assert desk.row("often").next_run is not None
    register = desk.register()
    assert [run.cause for run in register.runs("often")] == ["schedule"]
    register.close()


def test_a_due_source_that_fails_tells_so_by_the_exit_code(desk: Desk, server: Misbehaving) -> None:
    server.answer("/bad.ttl", "", status=404)
    desk(*("source", "add", "bad", server.url("/bad.ttl"), "--protocol", "dcat"))
    desk("source", "schedule", "bad", "1d")
    assert "bad: failed" in desk("harvest", "--due")
    assert desk.code == 1
    assert "Nothing is due" in desk("harvest", "--due")


def test_due_sources_cannot_be_named_as_well(desk: Desk) -> None:
    assert "--due" in desk("harvest", "--due", "umc")
    assert desk.code == 2


class Mailbox:
    """Keeps the letters of a mail server."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(envelope.content)
        return "250 kept"


def test_the_contact_hears_of_a_failure_once_and_that_it_is_over(
    desk: Desk, server: Misbehaving
) -> None:
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    mail = {"CATALOGUE_MAIL_URL": f"smtp://127.0.0.1:{post.port}"}
    server.answer("/bad.ttl", "busy", status=404)
    desk(
        *("source", "add", "umc", server.url("/bad.ttl"), "--protocol", "dcat"),
        *("--contact", "steward@umc.example"),
    )
    post.start()
    try:
        desk("harvest", "umc", **mail)
        desk("harvest", "umc", **mail)
        server.answer("/bad.ttl", GOOD)
        desk("harvest", "umc", **mail)
        desk("harvest", "umc", **mail)
    finally:
        post.stop()
    subjects = [message_from_bytes(each)["Subject"] for each in mailbox.letters]
    assert subjects == ["Inlezen van umc is mislukt", "umc is weer helemaal ingelezen"]


def test_a_mail_server_that_is_away_fails_no_run(desk: Desk, server: Misbehaving) -> None:
    desk(
        *("source", "add", "umc", server.url("/none.ttl"), "--protocol", "dcat"),
        *("--contact", "steward@umc.example"),
    )
    mail = {"CATALOGUE_MAIL_URL": f"smtp://127.0.0.1:{free_port()}"}
    assert "umc: failed" in desk("harvest", "umc", **mail)
    register = desk.register()
    assert "404" in register.runs("umc")[0].message
    register.close()


# files with sources


def test_the_dutch_endpoints_are_taken_over_disabled_and_unverified(desk: Desk) -> None:
    desk("source", "import", str(EXAMPLES / "sources-nl.toml"))
    said = desk("source", "list")
    assert said.count("disabled; unverified") == 6
    assert "no sources" in desk("harvest")
    assert "Nothing is due" in desk("harvest", "--due")
    desk("source", "enable", "radboudumc")
    assert desk.row("radboudumc").enabled
    assert not desk.row("radboudumc").verified


def test_a_file_is_taken_over_again_without_switching_anything(desk: Desk) -> None:
    file = str(EXAMPLES / "sources-nl.toml")
    desk("source", "import", file, "--enable", "lovd", "--enable", "umcg")
    assert "lovd: changed" in desk("source", "import", file)
    assert [desk.row(slug).enabled for slug in ("lovd", "umcg", "gdi-nl")] == [True, True, False]
    assert "no source nobody" in desk("source", "import", file, "--enable", "nobody")


def test_every_listed_source_of_the_examples_is_usable() -> None:
    for file in sorted(EXAMPLES.glob("sources-*.toml")):
        for listed in listed_in(file):
            check_source(listed.source)


TABLE = '[[source]]\nslug = "umc"\ntitle = "UMC"\nprotocol = "fdp"\nurl = "https://umc.example"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[source", "is not TOML"),
        ("[source]\nslug = 'x'", "tables"),
        ("source = [1]", "tables"),
        (TABLE.replace('title = "UMC"\n', ""), "umc lacks 'title'"),
        (TABLE + "colour = 'red'", "no 'colour'"),
        (TABLE + "enabled = 'yes'", "no bool"),
        (TABLE + "schedule = 7", "no str"),
        (TABLE + "options = { prefix = 1 }", "every option is a text"),
        (TABLE + TABLE, "listed twice"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    desk: Desk, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"sources\.toml"):
        listed_in(file)
    assert says in desk("source", "import", str(file))


def test_one_bad_source_in_a_file_stops_them_all(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(TABLE + TABLE.replace("umc", "two") + 'schedule = "1s"')
    assert "two: the schedule '1s'" in desk("source", "import", str(file))
    assert desk("source", "list") == ""


# trying


def test_an_address_is_tried_before_it_is_a_source(desk: Desk, server: Misbehaving) -> None:
    server.answer("/held.ttl", GOOD.replace('dct:title "One"@eng', 'dct:description "x"@en'))
    said = desk("source", "test", server.url("/good.ttl"))
    assert "speaks dcat" in said
    assert "1 records looked at: 1 would be public" in said
    assert "repair: " in said
    assert desk.code == 0
    said = desk("source", "test", server.url("/held.ttl"), "--language", "nl")
    assert "would be held" in said
    assert "missing: " in said
    assert desk.code == 1
    assert not (desk.folder / "data").exists()


def test_an_address_that_is_nothing_is_told_so(desk: Desk, server: Misbehaving) -> None:
    server.answer("/", "<!doctype html><title>x</title>", media_type="text/html")
    said = desk("source", "test", server.url("/"))
    assert "no protocol fits" in said
    assert desk.code == 1
    assert "127.0.0.1" in desk(
        "source", "test", server.url("/"), CATALOGUE_ALLOWED_HOSTS="x.example"
    )
