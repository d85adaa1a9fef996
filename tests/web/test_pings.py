"""A FAIR Data Point announces itself: a source that waits for an admin, and nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from given import NOON
from web import townhall

from catalogue.errors import FetchFailed
from catalogue.ingest.address import Guard
from catalogue.ingest.pinging import Announcer, PingDesk, digest
from catalogue.model.source import Source
from catalogue.register import tables as t
from catalogue.register.pings import PingBook
from catalogue.register.register import Register
from catalogue.register.scheduling import Scheduling
from catalogue.register.writer import Writer

FDP = "https://fdp.hospital.example/fdp"
ADDRESSES = {
    "inside.example": ["10.0.0.7"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "trusted.example": ["10.0.0.8"],
    "127.0.0.1": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
}


def resolve(host: str, port: int, **_: Any) -> Any:
    if host == "nowhere.example":
        raise OSError
    found = ADDRESSES.get(host, ["93.184.216.34"])
    return [(2, 1, 6, "", (address, port)) for address in found]


@dataclass
class Hall:
    """A site with a real register behind its ping desk."""

    register: Register
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.turns = Scheduling(self.register.engine, self.clock)
        self.desk = PingDesk(
            book=PingBook(self.register.engine, self.clock),
            turns=self.turns,
            guard=Guard(allowed_hosts=("trusted.example",), resolve=resolve),
            secret="s",
            base=townhall.BASE,
            clock=self.clock,
        )
        self.client = townhall.application(
            replace(townhall.services(), pings=self.desk)
        ).test_client()

    def clock(self) -> datetime:
        return self.now

    def ping(self, url: object = FDP, client: str = "192.0.2.1", **headers: str) -> Any:
        return self.client.post(
            "/",
            json={"clientUrl": url},
            environ_base={"REMOTE_ADDR": client},
            headers=headers,
        )

    def sources(self) -> list[Any]:
        with self.register.engine.connect() as connection:
            query = sa.select(t.sources).order_by(t.sources.c.slug)
            return list(connection.execute(query).all())

    def add(self, url: str, *, enabled: bool = True) -> None:
        Writer(self.register.engine).save_source(
            Source(slug="umc", title="UMC", protocol="fdp", url=url)
        )
        if not enabled:
            self.turns.disable("umc", "test")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", townhall.BASE)
    yield Hall(register)
    register.close()


def test_a_new_address_becomes_a_source_that_waits_for_an_admin(hall: Hall) -> None:
    answer = hall.ping()
    assert (answer.status_code, answer.data) == (204, b"")
    (source,) = hall.sources()
    assert (source.url, source.protocol) == (FDP, "fdp")
    assert (source.pending, source.enabled, source.verified) == (True, False, False)
    assert hall.turns.unplanned() == []


@pytest.mark.parametrize(
    "again",
    [
        FDP,
        FDP + "/",
        "HTTPS://FDP.hospital.example/fdp",
        "https://fdp.hospital.example:443/fdp",
        FDP + "#top",
    ],
)
def test_another_spelling_of_a_known_address_is_no_new_source(hall: Hall, again: str) -> None:
    hall.ping()
    assert hall.ping(again).status_code == 204
    assert len(hall.sources()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://fdp.hospital.example/",
        "https://inside.example/",
        "https://both.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://nowhere.example/",
        "https://me:secret@fdp.hospital.example/",
        "https://fdp.hospital.example:22/",
        "ftp://fdp.hospital.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//fdp.hospital.example/",
        "https://",
        "https://fdp.hospital.example/ x",
        "https://fdp.hospital.example/\r\nX: y",
        "https://fdp.hospital.example/" + "x" * 2000,
        townhall.BASE,
        townhall.BASE + "/",
        "",
        None,
        7,
        ["https://fdp.hospital.example/"],
    ],
)
def test_an_address_that_cannot_be_a_public_fair_data_point_is_refused(
    hall: Hall, url: object
) -> None:
    answer = hall.ping(url)
    assert answer.status_code == 400
    assert hall.sources() == []
    assert b"secret" not in answer.data


def test_a_trusted_host_may_be_inside_and_without_encryption(hall: Hall) -> None:
    assert hall.ping("http://trusted.example:8080/").status_code == 204


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (json.dumps({"clientUrl": FDP}), "application/json; charset=utf-8", 204),
        (json.dumps({"clientUrl": FDP, "more": 1}), "application/json", 204),
        (json.dumps({"clientUrl": FDP}), "text/plain", 415),
        ("clientUrl=" + FDP, "application/x-www-form-urlencoded", 415),
        ("", "application/json", 400),
        ("{", "application/json", 400),
        ("[" * 9000, "application/json", 400),
        ('"x"', "application/json", 400),
        ("{}", "application/json", 400),
        ("null", "application/json", 400),
        (json.dumps({"clientUrl": FDP, "more": "x" * 20_000}), "application/json", 413),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_only_a_small_json_object_is_read(
    hall: Hall, body: str | bytes, media_type: str, status: int
) -> None:
    answer = hall.client.post("/", data=body, content_type=media_type)
    assert answer.status_code == status
    assert len(hall.sources()) == (status == 204)


def test_a_client_announces_at_most_ten_times_in_six_hours(hall: Hall) -> None:
    statuses = [hall.ping(f"https://fdp{n}.example/").status_code for n in range(10)]
    assert statuses == [204] * 10
    hall.now += timedelta(hours=5)
    refused = hall.ping("https://fdp11.example/")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 3601
    assert hall.ping(client="192.0.2.2").status_code == 204
    hall.now += timedelta(hours=1)
    assert hall.ping("https://fdp11.example/").status_code == 204


def test_a_refused_address_counts_as_well(hall: Hall) -> None:
    statuses = [hall.ping("https://inside.example/").status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]


def test_who_announced_is_told_by_the_connection_not_by_a_header(hall: Hall) -> None:
    for number in range(10):
        hall.ping(**{"X-Forwarded-For": f"198.51.100.{number}"})
    assert hall.ping(**{"X-Forwarded-For": "198.51.100.99"}).status_code == 429


def test_one_network_of_ipv6_is_one_client(hall: Hall) -> None:
    for number in range(10):
        hall.ping(client=f"2001:db8::{number:x}")
    assert hall.ping(client="2001:db8::ff").status_code == 429
    assert hall.ping(client="2001:db8:0:1::1").status_code == 204


def test_no_address_of_a_client_is_kept(hall: Hall) -> None:
    hall.ping()
    with hall.register.engine.connect() as connection:
        (row,) = connection.execute(sa.select(t.pings)).all()
    assert "192.0.2.1" not in str(row)
    assert digest("192.0.2.1", "s") != digest("192.0.2.1", "another secret")


def test_pings_can_be_switched_off(hall: Hall) -> None:
    hall.client = townhall.application(
        replace(townhall.services(), pings=replace(hall.desk, on=False))
    ).test_client()
    assert hall.ping().status_code == 403
    assert hall.sources() == []


def test_a_known_source_is_harvested_soon_but_not_every_minute(hall: Hall) -> None:
    hall.add(FDP)
    hall.ping(FDP + "/")
    (source,) = hall.sources()
    assert source.next_run == NOON
    run = {"source": "umc", "started": NOON, "heartbeat": NOON, "process": "", "message": ""}
    with hall.register.engine.begin() as connection:
        connection.execute(t.runs.insert().values(**run, state="complete", counts={}))
        connection.execute(t.sources.update().values(next_run=None))
    hall.now += timedelta(minutes=3)
    hall.ping()
    assert hall.sources()[0].next_run == NOON + timedelta(minutes=10)


def test_a_source_that_was_switched_off_stays_off(hall: Hall) -> None:
    hall.add(FDP, enabled=False)
    assert hall.ping().status_code == 204
    (source,) = hall.sources()
    assert (source.enabled, source.pending, source.next_run) == (False, False, None)


def test_a_moved_source_is_known_by_its_former_address(hall: Hall) -> None:
    hall.add(FDP)
    with hall.register.engine.begin() as connection:
        connection.execute(t.sources.update().values(url="https://new.example/", former=[FDP]))
    hall.ping()
    assert len(hall.sources()) == 1


def test_a_flood_from_everywhere_fills_the_waiting_room_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.ingest.pinging.MOST_WAITING", 3)
    statuses = [
        hall.ping(f"https://fdp{n}.example/", client=f"192.0.2.{n}").status_code for n in range(5)
    ]
    assert statuses == [204, 204, 204, 429, 429]
    assert len(hall.sources()) == 3


def test_an_approved_source_is_harvested_by_the_ordinary_rules(hall: Hall) -> None:
    hall.ping()
    (source,) = hall.sources()
    assert hall.register.configured() == []
    hall.turns.approve(source.slug, "an admin")
    assert [each.slug for each in hall.register.configured()] == [source.slug]


def test_the_home_page_is_still_there(hall: Hall) -> None:
    assert hall.client.get("/", headers={"Accept": "text/html"}).status_code == 200
    allowed = hall.client.options("/").headers["Allow"]
    assert {"GET", "POST"} <= set(allowed.split(", "))


# outgoing


class FakeWeb:
    """Notes what is sent; answers as it is told."""

    def __init__(self, *errors: Exception | None) -> None:
        self.sent: list[tuple[str, Any, str]] = []
        self.errors = list(errors)

    def post(self, url: str, body: bytes, *, content_type: str, accept: str) -> object:
        self.sent.append((url, json.loads(body), content_type))
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        return None


def test_we_announce_ourselves_at_once_and_every_week() -> None:
    web, now = FakeWeb(), [NOON]
    announcer = Announcer(("https://index.example/",), townhall.BASE, web, clock=lambda: now[0])
    for days in range(15):
        now[0] = NOON + timedelta(days=days)
        announcer.announce()
    what = ("https://index.example/", {"clientUrl": townhall.BASE}, "application/json")
    assert web.sent == [what] * 3


def test_an_index_that_fails_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    web = FakeWeb(FetchFailed("https://a.example/: 503", status=503), None)
    Announcer(("https://a.example/", "https://b.example/"), townhall.BASE, web).announce()
    assert len(web.sent) == 2
    assert "could not announce" in caplog.text


def test_the_usual_answer_of_an_index_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    web = FakeWeb(FetchFailed("https://a.example/: 204", status=204))
    Announcer(("https://a.example/",), townhall.BASE, web).announce()
    assert caplog.text == ""
