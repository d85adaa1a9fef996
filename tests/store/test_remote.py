"""How a store elsewhere is addressed, and what its failures become here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalogue.errors import (
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooLarge,
    SettingsError,
    StoreError,
    StoreUnavailable,
)
from catalogue.namespaces import Iri
from catalogue.store.remote import RemoteStore, from_url

SELECT = "SELECT * WHERE { ?s ?p ?o }"


class FakeStore(ThreadingHTTPServer):
    """Answers every request as it was told to, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""
        self.hangs = False
        self.asked: list[tuple[str, str]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    """One request to the fake."""

    server: FakeStore

    def do_POST(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)
        self.wfile.flush()
        if self.server.hangs:
            self.server.over.wait(30)

    do_PUT = do_DELETE = do_POST  # noqa: N815 - the names that the library looks for

    def log_message(self, *_: object) -> None:
        """Silence is fine here."""


@pytest.fixture
def fake() -> Iterator[FakeStore]:
    with FakeStore() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def remote(fake) -> Iterator[RemoteStore]:
    store = RemoteStore(
        query_url=f"{fake.url}/query", graph_url=f"{fake.url}/graphs", seconds=1, answer=1
    )
    yield store
    store.close()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b"line 1: no such thing", QuerySyntax),
        (401, b"", StoreUnavailable),
        (404, b"", StoreUnavailable),
        (500, b"oops", StoreUnavailable),
        (500, b"Virtuoso S1T00 Error SR171: Transaction timed out", QueryTimeout),
        (500, b"The estimated execution time 900 (sec) exceeds the limit", QueryTimeout),
        (502, b"", StoreUnavailable),
        (504, b"", QueryTimeout),
    ],
)
def test_a_failure_of_the_store_keeps_its_meaning(fake, remote, status, body, error):
    fake.status, fake.body = status, body
    with pytest.raises(error):
        remote.query(SELECT)


def test_the_words_of_the_store_about_a_syntax_error_are_kept(fake, remote):
    fake.status, fake.body = 400, b"line 1:\n no such thing"
    with pytest.raises(QuerySyntax, match="line 1: no such thing"):
        remote.query(SELECT)


def test_an_answer_that_stalls_is_a_timeout(fake, remote):
    fake.body, fake.hangs = b"a,b\n", True
    with pytest.raises(QueryTimeout, match="1 seconds"):
        remote.query(SELECT, accept="text/csv")


def test_an_answer_that_is_too_large_is_cut_with_an_error(fake, remote):
    fake.body = b"x" * (3 << 20)
    with pytest.raises(QueryTooLarge):
        remote.query(SELECT).read()


def test_rows_that_virtuoso_cut_off_are_not_taken_for_the_whole(fake, remote):
    fake.headers = {"X-SPARQL-MaxRows": "10000"}
    with pytest.raises(QueryTooLarge, match="cut the answer off"):
        remote.query(SELECT)


def test_nobody_at_the_address_is_unavailable():
    store = RemoteStore(query_url="http://127.0.0.1:9/q", graph_url="http://127.0.0.1:9/g")
    with pytest.raises(StoreUnavailable, match="nobody answers"):
        store.query(SELECT)
    assert store.health()["ok"] is False
    with pytest.raises(StoreUnavailable):
        store.replace({Iri("https://x.example/g"): b"<a:a> <a:b> <a:c> .\n"})
    store.close()


def test_a_refused_query_never_leaves(fake, remote):
    with pytest.raises(QueryRefused):
        remote.query("SELECT * { SERVICE <http://127.0.0.1/x> { ?s ?p ?o } }")
    assert fake.asked == []


BIF = "SELECT (bif:http_get('http://127.0.0.1') AS ?x) {}"


@pytest.mark.parametrize("kind", ["virtuoso+{}", "{0}/q {0}/g"])
def test_what_may_be_a_virtuoso_is_not_asked_for_its_own_functions(fake, kind):
    store = from_url(kind.format(fake.url))
    with pytest.raises(QueryRefused, match="bif:"):
        store.query(BIF)
    with pytest.raises(QueryRefused, match="FROM <sql:x>"):
        store.query("ASK {}", named_graphs=["sql:x"])
    store.close()
    assert fake.asked == []


@pytest.mark.parametrize("kind", ["oxigraph", "fuseki", "graphdb"])
def test_to_other_makes_of_store_such_a_name_is_a_name(fake, kind):
    store = from_url(f"{kind}+{fake.url}")
    store.query(f"PREFIX bif: <http://e/> {BIF}")
    store.close()
    assert len(fake.asked) == 1


def test_a_write_that_fails_names_the_graph_and_not_the_password(fake):
    url = fake.url.replace("http://", "virtuoso+http://dba:geheim@")
    fake.status = 403
    store = from_url(url)
    with pytest.raises(StoreError, match=r"x\.example/g.*403") as caught:
        store.replace({Iri("https://x.example/g"): b"<a:a> <a:b> <a:c> .\n"})
    store.close()
    assert "geheim" not in f"{caught.value} {store!r}"


def test_dropping_a_graph_that_is_not_there_is_no_error(fake, remote):
    fake.status = 404
    remote.replace({Iri("https://x.example/g"): None})
    assert fake.asked == [("DELETE", "/graphs?graph=https%3A%2F%2Fx.example%2Fg")]


@pytest.mark.parametrize(
    ("url", "query", "graphs", "auth"),
    [
        ("oxigraph+http://h:7878", "http://h:7878/query", "http://h:7878/store", None),
        ("oxigraph+http://h:7878/", "http://h:7878/query", "http://h:7878/store", None),
        ("fuseki+https://h/ds", "https://h/ds/query", "https://h/ds/data", None),
        (
            "graphdb+http://h:7200/repositories/r",
            "http://h:7200/repositories/r",
            "http://h:7200/repositories/r/rdf-graphs/service",
            None,
        ),
        (
            "virtuoso+http://dba:p%40w@h:8890",
            "http://h:8890/sparql",
            "http://h:8890/sparql-graph-crud-auth",
            ("dba", "p@w"),
        ),
        ("http://h/q https://u:w@h/g", "http://h/q", "https://h/g", ("u", "w")),
    ],
)
def test_a_setting_says_where_to_ask_and_where_to_write(url, query, graphs, auth):
    store = from_url(url)
    assert (store.query_url, store.graph_url, store.auth) == (query, graphs, auth)
    store.close()


@pytest.mark.parametrize("url", ["", "http://h/sparql", "neptune+http://h", "ftp://a ftp://b"])
def test_a_setting_that_cannot_be_used_is_refused_with_what_can(url):
    with pytest.raises(SettingsError, match="virtuoso"):
        from_url(url)
