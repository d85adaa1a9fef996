"""A source is asked only for what changed, by what it said itself the last time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyoxigraph as ox
import pytest
from misbehaving import Misbehaving, answering, conditional, raw, redirecting

from catalogue.errors import FetchFailed, NotRdf, ParseFailed
from catalogue.ingest.http import ACCEPT, Session
from catalogue.model.visit import Visit
from catalogue.rdf.graph import Graph

LONG_AGO = "Sun, 01 Nov 2026 08:00:00 GMT"
TURTLE = "<> <#p> 1 ."


class Notebook:
    """Visits in memory; `written` counts how often something was written."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], tuple[Visit, bytes]] = {}
        self.written = 0

    def known(self, url: str, accept: str) -> Visit | None:
        return self.pages[url, accept][0] if (url, accept) in self.pages else None

    def content(self, visit: Visit) -> bytes | None:
        page = self.pages.get((visit.url, visit.accept))
        return None if page is None else page[1]

    def keep(self, visit: Visit, content: bytes) -> None:
        before = self.pages.get((visit.url, visit.accept))
        same = before is not None and before == (replace(visit, fetched=before[0].fetched), content)
        if before is None or not same or before[0].is_old(visit.fetched):
            self.pages[visit.url, visit.accept] = (visit, content)
            self.written += 1

    def forget(self, url: str) -> None:
        for key in [key for key in self.pages if key[0] == url]:
            del self.pages[key]
            self.written += 1


class TurtleParser:
    """Reads Turtle, or says that it cannot."""

    def parse(self, content: bytes, *, media_type: str | None, base: str, url: str = "") -> Graph:
        try:
            found = ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=base)
            return Graph(quad.triple for quad in found)
        except SyntaxError as error:
            raise ParseFailed(f"{url}: {error.msg}", line=1) from error


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


@pytest.fixture
def web(notebook: Notebook) -> Iterator[Session]:
    with Session(
        TurtleParser(),
        allowed_hosts=("127.0.0.1",),
        visits=notebook,
        retries=1,
        sleep=lambda _: None,
    ) as session:
        yield session


def asked(server: Misbehaving, name: str) -> list[str | None]:
    return [request.headers.get(name) for request in server.seen]


def test_an_answer_with_an_etag_is_asked_for_conditionally(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/d", conditional(TURTLE, etag='W/"7"'))
    first, second = (web.get(server.url("/d")) for _ in range(2))
    assert (first.unchanged, second.unchanged) == (False, True)
    assert (second.content, second.media_type, second.etag) == (
        b"<> <#p> 1 .",
        "text/turtle",
        'W/"7"',
    )
    assert asked(server, "If-None-Match") == [None, 'W/"7"']
    assert web.figures == {"requests": 2, "not_modified": 1, "bytes": len(TURTLE)}


def test_a_date_serves_where_there_is_no_etag(server: Misbehaving, web: Session) -> None:
    server.behave("/d", conditional(TURTLE, changed=LONG_AGO))
    assert [web.get(server.url("/d")).unchanged for _ in range(2)] == [False, True]
    assert asked(server, "If-Modified-Since") == [None, LONG_AGO]


def test_an_etag_goes_before_a_date(server: Misbehaving, web: Session) -> None:
    server.behave("/d", conditional(TURTLE, etag='"7"', changed=LONG_AGO))
    assert [web.get(server.url("/d")).unchanged for _ in range(2)] == [False, True]
    assert asked(server, "If-Modified-Since") == [None, None]


def test_a_date_of_this_very_minute_is_not_trusted(server: Misbehaving, web: Session) -> None:
    headers = {"Last-Modified": LONG_AGO, "Date": "Sun, 01 Nov 2026 08:00:30 GMT"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    start = f"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n{lines}Content-Length: 0\r\n\r\n"
    server.behave("/d", raw(start.encode()))
    web.get(server.url("/d"))
    web.get(server.url("/d"))
    assert asked(server, "If-Modified-Since") == [None, None]


def test_nothing_is_written_when_nothing_changed(
    server: Misbehaving, web: Session, notebook: Notebook
) -> None:
    server.behave("/d", conditional(TURTLE, etag='"7"'))
    server.answer("/careless", TURTLE, headers={"ETag": '"7"'})
    for path in ("/d", "/careless", "/d", "/careless"):
        web.get(server.url(path))
    assert notebook.written == 2


def test_an_answer_that_stays_the_same_is_noted_again_after_a_month(
    server: Misbehaving, web: Session, notebook: Notebook
) -> None:
    server.behave("/d", conditional(TURTLE, etag='"7"'))
    fetched = web.get(server.url("/d")).fetched
    web.now = lambda: fetched + timedelta(days=31)
    assert web.get(server.url("/d")).unchanged
    assert [visit.fetched for visit, _ in notebook.pages.values()] == [fetched + timedelta(days=31)]


def test_an_answer_that_changed_replaces_the_one_we_had(server: Misbehaving, web: Session) -> None:
    one, two = conditional(TURTLE, etag='"1"'), conditional("<> <#p> 2 .", etag='"2"')
    server.behave("/d", one, two)
    found = [web.get(server.url("/d")) for _ in range(3)]
    assert [document.unchanged for document in found] == [False, False, True]
    assert found[2].content == b"<> <#p> 2 ."


def test_an_answer_that_lost_its_etag_is_forgotten(
    server: Misbehaving, web: Session, notebook: Notebook
) -> None:
    server.behave("/d", conditional(TURTLE, etag='"1"'), answering("<> <#p> 2 ."))
    for _ in range(3):
        web.get(server.url("/d"))
    assert asked(server, "If-None-Match") == [None, '"1"', None]
    assert notebook.pages == {}


def test_bytes_that_are_gone_are_asked_for_without_conditions(
    server: Misbehaving, web: Session, notebook: Notebook
) -> None:
    server.behave("/d", conditional(TURTLE, etag='"1"'))
    web.get(server.url("/d"))
    notebook.content = lambda visit: None  # type: ignore[method-assign]
    document = web.get(server.url("/d"))
    assert (document.content, document.unchanged) == (TURTLE.encode(), False)
    assert asked(server, "If-None-Match") == [None, '"1"', None]


def test_a_304_that_we_did_not_ask_for_is_a_failed_fetch(server: Misbehaving, web: Session) -> None:
    server.behave("/d", raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    with pytest.raises(FetchFailed, match="answered with status 304"):
        web.get(server.url("/d"))


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(
            answering("<html>", media_type="text/html", headers={"ETag": '"1"'}), id="page"
        ),
        pytest.param(answering(status=403, headers={"ETag": '"1"'}), id="forbidden"),
        pytest.param(answering(status=500, headers={"ETag": '"1"'}), id="in trouble"),
    ],
)
def test_what_is_no_description_is_never_remembered(
    server: Misbehaving, web: Session, notebook: Notebook, behaviour: object
) -> None:
    server.behave("/d", behaviour)  # type: ignore[arg-type]
    with pytest.raises((NotRdf, FetchFailed)):
        web.get(server.url("/d"))
    assert notebook.pages == {}


def test_a_failure_leaves_what_we_had(server: Misbehaving, web: Session) -> None:
    good = conditional(TURTLE, etag='"1"')
    server.behave("/d", good, answering("<html>", media_type="text/html"), good)
    web.get(server.url("/d"))
    with pytest.raises(NotRdf):
        web.get(server.url("/d"))
    assert web.get(server.url("/d")).unchanged


def test_a_description_that_cannot_be_parsed_is_forgotten(
    server: Misbehaving, web: Session, notebook: Notebook
) -> None:
    server.behave("/d", conditional("<> a ", etag='"1"'))
    with pytest.raises(NotRdf):
        web.parse(web.get(server.url("/d")))
    assert notebook.pages == {}


def test_conditions_go_to_where_an_answer_came_from_and_nowhere_else(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/old", redirecting("/new"))
    server.behave("/new", conditional(TURTLE, etag='"1"'))
    assert [web.get(server.url("/old")).unchanged for _ in range(2)] == [False, True]
    assert list(zip(server.paths, asked(server, "If-None-Match"), strict=True)) == [
        ("/old", None),
        ("/new", None),
        ("/old", None),
        ("/new", '"1"'),
    ]


def test_an_address_that_now_leads_elsewhere_is_asked_for_anew(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/old", redirecting("/a"), redirecting("/b"))
    server.behave("/a", conditional(TURTLE, etag='"1"'))
    server.behave("/b", conditional("<> <#p> 2 .", etag='"1"'))
    assert [web.get(server.url("/old")).unchanged for _ in range(2)] == [False, False]
    assert "If-None-Match" not in server.seen[-1].headers


def test_another_question_to_the_same_address_has_an_answer_of_its_own(
    server: Misbehaving, web: Session
) -> None:
    server.behave("/d", conditional(TURTLE, etag='"1"'))
    web.get(server.url("/d"))
    web.get(server.url("/d"), accept="application/json")
    assert asked(server, "Accept") == [ACCEPT, "application/json"]
    assert asked(server, "If-None-Match") == [None, None]


def test_a_page_that_was_asked_for_may_be_a_web_page(server: Misbehaving, web: Session) -> None:
    page = answering("<html>", media_type="text/html", headers={"ETag": '"1"'})
    server.behave("/d", page)
    for _ in range(2):
        assert web.get(server.url("/d"), accept="text/html", pages=True).content == b"<html>"
    assert asked(server, "If-None-Match") == [None, '"1"']


def test_a_connection_is_used_again_after_a_304(server: Misbehaving, web: Session) -> None:
    server.behave("/d", conditional(TURTLE, etag='"1"'))
    for _ in range(3):
        web.get(server.url("/d"))
    assert len({request.connection for request in server.seen}) == 1


@pytest.mark.parametrize(
    "rest",
    [b"Content-Length: 7\r\n\r\n<> a <b", b"Transfer-Encoding: chunked\r\n\r\n", b"\r\nFORGED"],
    ids=["a body", "an endless body", "more"],
)
def test_a_304_that_brings_more_than_its_headers_is_still_only_a_304(
    server: Misbehaving, web: Session, rest: bytes
) -> None:
    server.behave(
        "/d", conditional(TURTLE, etag='"1"'), raw(b"HTTP/1.1 304 Not Modified\r\n" + rest)
    )
    server.answer("/e", "true")
    web.get(server.url("/d"))
    assert web.get(server.url("/d")).content == TURTLE.encode()
    assert web.get(server.url("/e")).content == b"true"


@pytest.mark.parametrize("etag", ["", "x" * 501, "\x01", '"é\x80"'])
def test_an_etag_that_could_not_be_sent_back_is_not_kept(
    server: Misbehaving, web: Session, notebook: Notebook, etag: str
) -> None:
    server.behave(
        "/d",
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\nContent-Length: 0\r\nETag: "
            + etag.encode("latin-1")
            + b"\r\n\r\n"
        ),
    )
    web.get(server.url("/d"))
    assert notebook.pages == {}


def test_a_very_long_address_is_not_kept(
    server: Misbehaving, web: Session, notebook: Notebook
) -> None:
    path = "/d?" + "x" * 2000
    server.behave(path, conditional(TURTLE, etag='"1"'))
    web.get(server.url(path))
    assert notebook.pages == {}
