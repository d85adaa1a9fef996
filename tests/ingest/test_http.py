from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import misbehaving
import pyoxigraph as ox
import pytest
from misbehaving import (
    Misbehaving,
    answering,
    drip,
    endless,
    gzipped,
    gzipped_zeros,
    raw,
    redirecting,
    silent,
)

from catalogue.errors import (
    AddressRefused,
    FetchFailed,
    Forbidden,
    LimitExceeded,
    NotRdf,
    ParseFailed,
)
from catalogue.ingest.http import Session, read_file, routes
from catalogue.model.source import Source
from catalogue.rdf.graph import Graph

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PUBLIC = "93.184.216.34"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n"


class SmallParser:
    """Reads Turtle; refuses what a real one would, in its words."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        self.read.append(url)
        if b"much" in content:
            raise LimitExceeded(f"{url}: more than 3 triples")
        try:
            return Graph(
                q.triple for q in ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=base)
            )
        except SyntaxError as error:
            raise ParseFailed(f"{url}: {error.msg} (line 1)", line=1) from error


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web(clock: Clock) -> Iterator[Session]:
    with Session(
        SmallParser(),
        allowed_hosts=("127.0.0.1",),
        user_agent="Genoomcatalogus/test (mailbox@catalogue.example)",
        seconds=20,
        max_bytes=100_000,
        clock=clock,
        sleep=clock.sleep,
        now=lambda: NOW,
    ) as session:
        yield session


def hurried(**options: Any) -> Session:
    """A session with little patience, on the machine's own clock."""
    return Session(SmallParser(), allowed_hosts=("127.0.0.1",), seconds=0.3, **options)


# What a good answer gives


def test_a_document_says_what_came_from_where_and_when(server: Misbehaving, web: Session) -> None:
    headers = {"ETag": '"7"', "Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT"}
    server.answer("/d", b"<> <#p> 1 .", headers=headers, media_type="Text/Turtle; charset=utf-8")
    document = web.get(server.url("/d#part"))
    assert document.content == b"<> <#p> 1 ."
    assert (document.url, document.final_url) == (server.url("/d#part"), server.url("/d#part"))
    assert document.media_type == "text/turtle"
    assert (document.fetched, document.etag) == (NOW, '"7"')
    assert document.last_modified == "Sun, 22 Nov 2026 08:00:00 GMT"


def test_a_request_asks_for_rdf_and_says_who_we_are(server: Misbehaving, web: Session) -> None:
    server.answer("/d")
    web.get(server.url("/d"))
    headers = server.seen[0].headers
    assert headers["Accept"].startswith("text/turtle, application/ld+json;q=0.9")
    assert headers["User-Agent"] == "Genoomcatalogus/test (mailbox@catalogue.example)"
    assert headers["Accept-Encoding"] == "gzip, deflate"


def test_a_missing_content_type_is_unknown(server: Misbehaving, web: Session) -> None:
    server.behave("/d", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
    assert web.get(server.url("/d")).media_type is None


def test_the_next_page_of_a_link_header_is_kept(server: Misbehaving, web: Session) -> None:
    server.answer("/d", headers={"Link": '</first>; rel="first", </d?page=2>; rel="last next"'})
    assert web.get(server.url("/d")).next_page == "/d?page=2"


def test_a_connection_is_used_again(server: Misbehaving, web: Session) -> None:
    server.answer("/d", b"x")
    web.get(server.url("/d"))
    web.get(server.url("/d"))
    assert server.seen[0].connection is server.seen[1].connection


def test_a_kept_connection_that_was_closed_is_opened_again(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/d", raw(OK + b"Content-Length: 1\r\n\r\nx"))
    assert [web.get(server.url("/d")).content for _ in range(3)] == [b"x"] * 3


def test_at_most_four_requests_run_at_one_host_at_once(server: Misbehaving) -> None:
    arrived, leave = threading.Semaphore(0), threading.Event()

    def wait(handler: Any) -> None:
        arrived.release()
        leave.wait(10)
        answering(b"x")(handler)

    server.behave("/d", wait)
    with Session(SmallParser(), allowed_hosts=("127.0.0.1",)) as web:
        threads = [threading.Thread(target=web.get, args=(server.url("/d"),)) for _ in range(5)]
        for thread in threads:
            thread.start()
        first_four = [arrived.acquire(timeout=10) for _ in range(4)]
        fifth = arrived.acquire(timeout=0.2)
        leave.set()
        for thread in threads:
            thread.join()
    assert (first_four, fifth) == ([True] * 4, False)
    assert len(server.seen) == 5


# Where a connection goes


def test_the_connection_goes_to_the_address_that_was_checked(server: Misbehaving) -> None:
    answers = [PUBLIC, "127.0.0.1"]
    dialled = []

    def rebinding(host: str, port: int, **_: Any) -> Any:
        return [(2, 1, 6, "", (answers.pop(0), port))]

    def dial(place: tuple[str, int], *, timeout: float) -> Any:
        dialled.append(place)
        return socket.create_connection(server.place, timeout)

    server.answer("/d", b"x")
    with Session(SmallParser(), resolve=rebinding, dial=dial) as web:
        web.get("http://rebinding.example/d")
    assert dialled == [(PUBLIC, 80)]
    assert server.seen[0].headers["Host"] == "rebinding.example"
    assert answers == ["127.0.0.1"]


def test_every_address_of_a_host_is_tried(server: Misbehaving) -> None:
    def two(host: str, port: int, **_: Any) -> Any:
        return [(2, 1, 6, "", (address, port)) for address in ("8.8.8.8", PUBLIC)]

    def dial(place: tuple[str, int], *, timeout: float) -> Any:
        if place[0] == "8.8.8.8":
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(server.place, timeout)

    server.answer("/d", b"x")
    with Session(SmallParser(), resolve=two, dial=dial) as web:
        assert web.get("http://two.example/d").content == b"x"


def test_addresses_are_not_tried_past_the_deadline() -> None:
    dialled = []

    def many(host: str, port: int, **_: Any) -> Any:
        return [(2, 1, 6, "", (f"8.8.8.{number}", port)) for number in range(200)]

    def dial(place: tuple[str, int], *, timeout: float) -> Any:
        dialled.append(place)
        threading.Event().wait(0.05)
        raise TimeoutError

    with (
        Session(SmallParser(), seconds=0.3, resolve=many, dial=dial) as web,
        pytest.raises(FetchFailed, match="timed out"),
    ):
        web.get("http://many.example/d")
    assert len(dialled) < 200


def test_a_source_can_be_connected_to_elsewhere(server: Misbehaving) -> None:
    source = Source(
        slug="umc-a",
        title="UMC A",
        protocol="fdp",
        url="http://FDP.umc-a.example/",
        connect_to=f"127.0.0.1:{server.place[1]}",
    )
    server.answer("/d", b"x")
    with Session(SmallParser(), connect_to=routes(source)) as web:
        assert web.get("http://fdp.umc-a.example/d").content == b"x"
    assert server.seen[0].headers["Host"] == "fdp.umc-a.example"


def test_a_proxy_of_the_environment_is_not_used(
    server: Misbehaving, web: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    server.answer("/d", b"x")
    assert web.get(server.url("/d")).content == b"x"


# Redirects


def test_a_redirect_is_followed_and_its_end_is_noted(server: Misbehaving, web: Session) -> None:
    server.behave("/old", redirecting("new", 301))
    server.answer("/new", b"x")
    document = web.get(server.url("/old"))
    assert (document.url, document.final_url) == (server.url("/old"), server.url("/new"))


def test_a_redirect_to_this_machine_is_refused_before_connecting(server: Misbehaving) -> None:
    server.behave("/d", redirecting(server.url("/inside")))
    connect_to = {"source.example": server.place}
    with (
        Session(SmallParser(), connect_to=connect_to) as web,
        pytest.raises(AddressRefused, match=r"source\.example/d: redirects to http://127"),
    ):
        web.get("http://source.example/d")
    assert server.paths == ["/d"]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://host.example/x"])
def test_a_redirect_to_something_else_than_a_web_address_is_refused(
    server: Misbehaving, web: Session, location: str
) -> None:
    server.behave("/d", redirecting(location))
    with pytest.raises(AddressRefused, match="only http and https"):
        web.get(server.url("/d"))


def test_five_redirects_are_followed_and_no_more(server: Misbehaving, web: Session) -> None:
    for number in range(6):
        server.behave(f"/{number}", redirecting(f"/{number + 1}"))
    server.answer("/6", b"x")
    assert web.get(server.url("/1")).content == b"x"
    with pytest.raises(FetchFailed, match="redirects more than 5 times"):
        web.get(server.url("/0"))


def test_a_redirect_loop_ends(server: Misbehaving, web: Session) -> None:
    server.behave("/d", redirecting("/d"))
    with pytest.raises(FetchFailed, match="redirects more than 5 times"):
        web.get(server.url("/d"))


def test_a_redirect_that_does_not_say_where_to_is_a_failure(
    server: Misbehaving, web: Session
) -> None:
    server.answer("/d", status=302)
    with pytest.raises(FetchFailed, match="without saying where"):
        web.get(server.url("/d"))


def test_cookies_and_credentials_are_never_sent(server: Misbehaving, web: Session) -> None:
    cookie = {"Set-Cookie": "id=1; Path=/", "WWW-Authenticate": "Basic"}
    server.behave("/d", answering(status=302, headers={**cookie, "Location": "/e"}))
    server.answer("/e", b"x", headers=cookie)
    web.get(server.url("/d"))
    web.get(server.url("/e"))
    for request in server.seen:
        assert not {"Cookie", "Authorization"} & set(request.headers)


# Encryption


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return misbehaving.a_certificate(tmp_path_factory.mktemp("tls"), "secure.example")


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[Misbehaving]:
    with Misbehaving(certificate) as server:
        server.answer("/d", b"x")
        yield server


def test_a_certificate_nobody_trusts_is_refused_at_once(secure: Misbehaving, clock: Clock) -> None:
    options = {"connect_to": {"secure.example": secure.place}, "clock": clock}
    with (
        Session(SmallParser(), sleep=clock.sleep, **options) as web,
        pytest.raises(FetchFailed, match=r"could not be secured \(.*self.signed"),
    ):
        web.get("https://secure.example/d")
    assert (secure.seen, clock.pauses) == ([], [])


def test_a_certificate_for_another_name_is_refused(
    secure: Misbehaving, certificate: tuple[Path, Path]
) -> None:
    options = {"connect_to": {"other.example": secure.place}, "ca_file": certificate[0]}
    with (
        Session(SmallParser(), **options) as web,
        pytest.raises(FetchFailed, match="could not be secured"),
    ):
        web.get("https://other.example/d")
    assert secure.seen == []


def test_the_certificate_is_checked_against_the_name_not_the_address(
    secure: Misbehaving, certificate: tuple[Path, Path]
) -> None:
    options = {"connect_to": {"secure.example": secure.place}, "ca_file": certificate[0]}
    with Session(SmallParser(), **options) as web:
        assert web.get("https://secure.example/d").content == b"x"
    assert secure.seen[0].headers["Host"] == "secure.example"


def test_a_redirect_from_https_to_http_is_refused(
    secure: Misbehaving, server: Misbehaving, certificate: tuple[Path, Path]
) -> None:
    secure.behave("/down", redirecting(server.url("/d")))
    options = {"connect_to": {"secure.example": secure.place}, "ca_file": certificate[0]}
    with (
        Session(SmallParser(), allowed_hosts=("127.0.0.1",), **options) as web,
        pytest.raises(AddressRefused, match="redirects from https to http"),
    ):
        web.get("https://secure.example/down")
    assert server.seen == []


# Time


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(drip(OK + b"\r\n"), id="a body of no stated length"),
        pytest.param(drip(OK + b"Content-Length: 999999\r\n\r\n"), id="a long body"),
        pytest.param(
            drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), id="small chunks"
        ),
        pytest.param(drip(OK + b"X-Slow: "), id="a header"),
        pytest.param(drip(b"HTTP/1.1 200 "), id="a status line"),
        pytest.param(silent, id="nothing"),
    ],
)
def test_a_server_that_trickles_is_left_at_the_deadline(
    server: Misbehaving, behaviour: misbehaving.Behaviour
) -> None:
    server.behave("/d", behaviour)
    with hurried() as web, pytest.raises(FetchFailed, match=r"timed out after 0\.3 s") as caught:
        web.get(server.url("/d"))
    assert caught.value.status is None
    assert len(server.seen) <= 1


def test_a_tls_handshake_that_never_ends_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        options = {"connect_to": {"secure.example": listener.getsockname()}}
        with (
            Session(SmallParser(), seconds=0.3, **options) as web,
            pytest.raises(FetchFailed, match=r"timed out after 0\.3 s"),
        ):
            web.get("https://secure.example/d")


def test_a_deadline_counts_for_all_redirects_together(server: Misbehaving) -> None:
    server.behave("/d", redirecting("/e"))
    server.behave("/e", silent)
    with hurried() as web, pytest.raises(FetchFailed, match="timed out"):
        web.get(server.url("/d"))


def test_after_a_deadline_the_next_request_is_served(server: Misbehaving) -> None:
    server.behave("/slow", silent)
    server.answer("/d", b"x")
    with hurried() as web:
        with pytest.raises(FetchFailed):
            web.get(server.url("/slow"))
        web.seconds = 20
        assert web.get(server.url("/d")).content == b"x"


# Size


def spaces(size: int = 10**9) -> Iterator[bytes]:
    return (b" " * 65536 for _ in range(size // 65536))


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(endless(OK + b"\r\n", spaces()), id="no length"),
        pytest.param(
            endless(
                OK + b"Transfer-Encoding: chunked\r\n\r\n",
                (b"8000\r\n%b\r\n" % (b" " * 0x8000) for _ in range(10**5)),
            ),
            id="chunked",
        ),
        pytest.param(raw(OK + b"Content-Length: 2000000000\r\n\r\n"), id="stated"),
        pytest.param(
            answering(gzipped_zeros(10**8), headers={"Content-Encoding": "gzip"}), id="gzip"
        ),
        pytest.param(
            answering(zlib.compress(b" " * 10**7), headers={"Content-Encoding": "deflate"}),
            id="deflate",
        ),
        pytest.param(
            answering(gzipped(gzipped_zeros(10**8)), headers={"Content-Encoding": "gzip, gzip"}),
            id="gzip twice",
        ),
        pytest.param(
            answering(gzipped(b" " * 90_000) * 2, headers={"Content-Encoding": "gzip"}),
            id="gzip in two members",
        ),
    ],
)
def test_an_answer_is_cut_at_the_limit_of_what_it_unpacks_to(
    server: Misbehaving, web: Session, behaviour: misbehaving.Behaviour
) -> None:
    server.behave("/d", behaviour)
    with pytest.raises(FetchFailed, match="larger than 100000 bytes") as caught:
        web.get(server.url("/d"))
    assert caught.value.status == 200
    assert len(server.seen) == 1


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzipped(b"content")),
        ("x-gzip", gzipped(b"con") + gzipped(b"tent")),
        ("gzip", gzipped(b"content") + b"\0\0\0"),
        ("gzip, gzip", gzipped(gzipped(b"content"))),
        ("deflate", zlib.compress(b"content")),
        ("deflate", raw_deflate(b"content")),
        ("identity", b"content"),
        ("GZIP", gzipped(b"content")),
    ],
)
def test_a_compressed_answer_is_unpacked(
    server: Misbehaving, web: Session, encoding: str, body: bytes
) -> None:
    server.answer("/d", body, headers={"Content-Encoding": encoding})
    assert web.get(server.url("/d")).content == b"content"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "gzip, gzip, gzip, gzip"])
def test_an_encoding_we_did_not_ask_for_is_refused(
    server: Misbehaving, web: Session, encoding: str
) -> None:
    server.answer("/d", b"x", headers={"Content-Encoding": encoding})
    with pytest.raises(FetchFailed, match="did not ask for"):
        web.get(server.url("/d"))


def test_bytes_that_are_not_compressed_as_they_say_are_refused(
    server: Misbehaving, web: Session
) -> None:
    server.answer("/d", b"<> <#p> 1 .", headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchFailed, match="not compressed as it says"):
        web.get(server.url("/d"))


def test_an_archive_of_very_many_members_is_refused(server: Misbehaving) -> None:
    server.answer("/d", gzipped(b"") * 2000, headers={"Content-Encoding": "gzip"})
    with (
        Session(SmallParser(), allowed_hosts=("127.0.0.1",)) as web,
        pytest.raises(FetchFailed, match="more than 1000 members"),
    ):
        web.get(server.url("/d"))


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(raw(OK + b"Content-Length: 100\r\n\r\nshort"), id="shorter than it says"),
        pytest.param(
            raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"), id="no last chunk"
        ),
        pytest.param(
            answering(gzipped(b"content")[:-9], headers={"Content-Encoding": "gzip"}),
            id="half a gzip",
        ),
    ],
)
def test_an_answer_that_breaks_off_is_never_taken_for_whole(
    server: Misbehaving, web: Session, broken: misbehaving.Behaviour
) -> None:
    server.behave("/d", broken)
    with pytest.raises(FetchFailed, match="the answer breaks off") as caught:
        web.get(server.url("/d"))
    assert caught.value.status is None
    assert len(server.seen) == 4


def test_more_bytes_than_stated_do_not_become_the_next_answer(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/d", raw(OK + b"Content-Length: 1\r\n\r\nx" + OK + b"\r\nFORGED"))
    server.answer("/e", b"true")
    assert web.get(server.url("/d")).content == b"x"
    assert web.get(server.url("/e")).content == b"true"


# Asking again


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_a_growing_pause(
    server: Misbehaving, web: Session, clock: Clock, status: int
) -> None:
    busy = answering(status=status)
    server.behave("/d", busy, busy, answering(b"x"))
    assert web.get(server.url("/d")).content == b"x"
    assert clock.pauses == [0.5, 1.0]


@pytest.mark.parametrize(
    "text", ["7", format_datetime(NOW.replace(second=7), usegmt=True)], ids=["seconds", "date"]
)
def test_retry_after_is_respected(
    server: Misbehaving, web: Session, clock: Clock, text: str
) -> None:
    server.behave("/d", answering(status=503, headers={"Retry-After": text}), answering(b"x"))
    assert web.get(server.url("/d")).content == b"x"
    assert clock.pauses == [7.0]


def test_a_pause_past_the_deadline_is_not_waited_for(
    server: Misbehaving, web: Session, clock: Clock
) -> None:
    server.answer("/d", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(FetchFailed, match="come back in 3600 s") as caught:
        web.get(server.url("/d"))
    assert (caught.value.status, clock.pauses) == (429, [])


def test_retry_after_that_makes_no_sense_is_ignored(
    server: Misbehaving, web: Session, clock: Clock
) -> None:
    server.behave("/d", answering(status=503, headers={"Retry-After": "soon"}), answering(b"x"))
    web.get(server.url("/d"))
    assert clock.pauses == [0.5]


def test_a_server_that_stays_busy_is_reported_with_its_status(
    server: Misbehaving, web: Session, clock: Clock
) -> None:
    server.answer("/d", status=503)
    with pytest.raises(FetchFailed, match="status 503") as caught:
        web.get(server.url("/d"))
    assert (caught.value.status, clock.pauses) == (503, [0.5, 1.0, 2.0])


def test_a_broken_connection_is_tried_again(
    server: Misbehaving, web: Session, clock: Clock
) -> None:
    server.behave("/d", raw(b""), raw(OK + b"Content-Length: 9\r\n\r\nx"), answering(b"x"))
    assert web.get(server.url("/d")).content == b"x"
    assert clock.pauses == [0.5, 1.0]


def test_a_host_that_does_not_answer_is_reported(web: Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(FetchFailed, match=r"/d: the connection failed \(Connection refused\)"):
        web.get(f"http://127.0.0.1:{port}/d")


@pytest.mark.parametrize("status", [400, 404, 410, 500, 204, 206])
def test_other_statuses_are_reported_without_asking_again(
    server: Misbehaving, web: Session, status: int
) -> None:
    server.behave("/d", raw(b"HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\n\r\n" % status))
    with pytest.raises(FetchFailed) as caught:
        web.get(server.url("/d"))
    assert caught.value.status == status
    assert not isinstance(caught.value, Forbidden)
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_door_is_forbidden(server: Misbehaving, web: Session, status: int) -> None:
    server.answer("/d", status=status)
    with pytest.raises(Forbidden) as caught:
        web.get(server.url("/d"))
    assert caught.value.status == status


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        OK + b"Content-Length: 5, 6\r\n\r\nhello!",
        OK + b"".join(b"X-%d: y\r\n" % number for number in range(500)) + b"\r\n",
        OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
    ],
    ids=["no http", "no status", "two lengths", "many headers", "a long header"],
)
def test_an_answer_that_is_no_http_is_a_failed_fetch(
    server: Misbehaving, web: Session, answer: bytes
) -> None:
    server.behave("/d", raw(answer))
    with pytest.raises(FetchFailed):
        web.get(server.url("/d"))


# Not RDF


@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "application/xhtml+xml"])
def test_a_web_page_is_refused_by_its_title(
    server: Misbehaving, web: Session, media_type: str
) -> None:
    page = "<html><head><title>\n Log in &ndash; UMC A </title></head></html>"
    server.answer("/d", page, media_type=media_type)
    with pytest.raises(NotRdf, match="is a web page titled “Log in – UMC A”, not RDF"):
        web.get(server.url("/d"))


def test_a_syntax_error_is_reported_with_address_and_line(
    server: Misbehaving, web: Session
) -> None:
    server.answer("/d", b"<> <#p> ")
    document = web.get(server.url("/d"))
    with pytest.raises(NotRdf, match=r"/d: .*line 1") as caught:
        web.parse(document)
    assert caught.value.url == server.url("/d")
    assert isinstance(caught.value.__cause__, ParseFailed)


def test_a_document_beyond_the_limits_is_not_rdf_to_us(server: Misbehaving, web: Session) -> None:
    server.answer("/d", b"much")
    with pytest.raises(NotRdf, match="more than 3 triples") as caught:
        web.parse(web.get(server.url("/d")))
    assert isinstance(caught.value.__cause__, LimitExceeded)


def test_relative_iris_are_those_of_the_place_where_a_document_was_found(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/old", redirecting("/new/d"))
    server.answer("/new/d", b"<x> <#p> 1 .")
    graph = web.parse(web.get(server.url("/old")))
    assert list(graph.subjects()) == [ox.NamedNode(server.url("/new/x"))]


def test_a_document_is_parsed_once_for_harvester_and_pipeline(server: Misbehaving) -> None:
    server.answer("/d", b"<> <#p> 1 .")
    parser = SmallParser()
    with Session(parser, allowed_hosts=("127.0.0.1",)) as web:
        document = web.get(server.url("/d"))
        assert web.parse(document) is web.parse(document)
    assert parser.read == [document.url]


def test_only_small_documents_are_remembered(server: Misbehaving) -> None:
    parser = SmallParser()
    large = b"<> <#p> '" + b"x" * 3_000_000 + b"' ."
    for path, body in {"/small": b"<> <#p> 1 .", "/large": large}.items():
        server.answer(path, body)
    with Session(parser, allowed_hosts=("127.0.0.1",)) as web:
        small, large_one = (web.get(server.url(path)) for path in ("/small", "/large"))
        for document in (small, large_one, large_one, small):
            web.parse(document)
    assert parser.read == [small.url, large_one.url, small.url]


# Files


def test_a_file_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a b.ttl"
    path.write_bytes(b"<> <#p> 1 .")
    document = read_file(path)
    assert document.content == b"<> <#p> 1 ."
    assert (document.url, document.media_type) == (path.as_uri(), "text/turtle")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match=r"gone\.ttl: No such file"):
        read_file(tmp_path / "gone.ttl")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.ttl"
    path.write_bytes(b" " * 11)
    with pytest.raises(FetchFailed, match="larger than"):
        read_file(path, max_bytes=10)


def test_a_link_can_not_open_a_file(web: Session, tmp_path: Path) -> None:
    with pytest.raises(AddressRefused, match="only http and https"):
        web.get((tmp_path / "a.ttl").as_uri())
