"""What a source, or somebody who names one, may try to make us fetch.

Every row of our list of bad inputs for outgoing requests is a test here, by its number; what
it stands on is tested more finely in the files named.

    A01–A06  addresses inside, however spelled             test_http_address.py
    A07–A08  names that lead to two places                 test_http_address.py, test_http.py
    A09–A11  redirects: inside, in circles, to http        test_http.py, test_http_post.py
    A12      what is not http(s), also as a link           test_http_address.py, test_http_scope.py
    A13–A15  passwords, ports, hosts not agreed on         test_http_address.py
    A16      children at another host                      test_http_scope.py, test_fdp.py
    A17      pages without end                             test_dcat.py
    A18–A20  slow, large and bomb-like answers             test_http.py
    A21      a web page where a description should be      test_http.py, test_http_visits.py
    A22      an empty answer deletes nothing               test_run.py, test_register.py
    A23      certificates                                  test_http.py
    A24      cookies and credentials                       test_http.py
"""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from misbehaving import (
    Misbehaving,
    a_certificate,
    answering,
    drip,
    endless,
    gzipped,
    gzipped_zeros,
    raw,
    redirecting,
)

from catalogue.cli.parts import one_session
from catalogue.errors import AddressRefused, FetchFailed, NotRdf, SourceError
from catalogue.ingest.http import Session
from catalogue.ingest.source import Missed, Source
from catalogue.rdf.parse import Parser
from catalogue.settings import Settings
from harvesters import dcat, fdp

PUBLIC = "93.184.216.34"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n"
HOST = "http://source.example"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix ldp: <http://www.w3.org/ns/ldp#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(processes=1) as parser:
        yield parser


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


@pytest.fixture
def web(server: Misbehaving, parser: Parser) -> Iterator[Session]:
    """A session that finds source.example at the server, and may call nothing else inside."""
    places = dict.fromkeys(("source.example", "other.example"), server.place)
    with Session(parser, connect_to=places, seconds=20, max_bytes=100_000, retries=0) as session:
        yield session


def a_source(protocol: str = "fdp", path: str = "/") -> Source:
    return Source(slug="umc-a", title="UMC A", protocol=protocol, url=HOST + path)


def leading_to(*addresses: str) -> Any:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    return resolve


def nobody(*_: Any, **__: Any) -> Any:
    raise AssertionError("somebody was called")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1/admin", id="A01 this machine"),
        pytest.param("http://localhost/", id="A02 by name"),
        pytest.param("http://LOCALHOST./", id="A02 by name in capitals with a dot"),
        pytest.param("http://[::1]/", id="A02 in IPv6"),
        pytest.param("http://169.254.169.254/latest/meta-data/", id="A03 of a cloud"),
        pytest.param("http://10.0.0.5/", id="A04 10/8"),
        pytest.param("http://172.16.0.1/", id="A04 172.16/12"),
        pytest.param("http://192.168.1.1/", id="A04 192.168/16"),
        pytest.param("http://100.64.0.1/", id="A04 carrier-grade NAT"),
        pytest.param("http://[::ffff:127.0.0.1]/", id="A05 mapped"),
        pytest.param("http://[64:ff9b::7f00:1]/", id="A05 NAT64"),
        pytest.param("http://2130706433/", id="A06 decimal"),
        pytest.param("http://0177.0.0.1/", id="A06 octal"),
        pytest.param("http://0x7f.1/", id="A06 hexadecimal"),
        pytest.param("http://0/", id="A06 zero"),
    ],
)
def test_an_address_inside_is_refused_before_anybody_is_called(parser: Parser, url: str) -> None:
    with (
        Session(parser, dial=nobody) as web,
        pytest.raises(AddressRefused, match="non-public address"),
    ):
        web.get(url)


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["169.254.169.254"], id="A03 a name of a cloud"),
        pytest.param([PUBLIC, "127.0.0.1"], id="A07 one private answer among public ones"),
        pytest.param([PUBLIC, "::1"], id="A07 one private IPv6 answer"),
    ],
)
def test_a_name_that_leads_inside_is_refused_before_anybody_is_called(
    parser: Parser, addresses: list[str]
) -> None:
    with (
        Session(parser, resolve=leading_to(*addresses), dial=nobody) as web,
        pytest.raises(AddressRefused, match="non-public address"),
    ):
        web.get("http://metadata.google.internal/")


def test_a08_a_name_that_leads_elsewhere_the_second_time_is_not_asked_a_second_time(
    server: Misbehaving, parser: Parser
) -> None:
    answers, dialled = [[PUBLIC], ["127.0.0.1"]], []

    def rebinding(host: str, port: int, **options: Any) -> Any:
        return leading_to(*answers.pop(0))(host, port, **options)

    def dial(place: tuple[str, int], *, timeout: float) -> socket.socket:
        dialled.append(place)
        return socket.create_connection(server.place, timeout)

    server.answer("/d", b"")
    with Session(parser, resolve=rebinding, dial=dial) as web:
        web.get("http://rebinding.example/d")
        with pytest.raises(AddressRefused):
            web.get("http://rebinding.example/d")
    assert dialled == [(PUBLIC, 80)]
    assert server.seen[0].headers["Host"] == "rebinding.example"


@pytest.mark.parametrize(
    ("location", "reason", "words"),
    [
        pytest.param("http://127.0.0.1/", AddressRefused, "redirects to", id="A09 inside"),
        pytest.param("//[::1]/", AddressRefused, "redirects to", id="A09 inside, no scheme"),
        pytest.param("/d", FetchFailed, "more than 5 times", id="A10 to itself"),
        pytest.param("file:///etc/passwd", AddressRefused, "only http and", id="A12 to a file"),
        pytest.param("gopher://source.example/", AddressRefused, "only http", id="A12 gopher"),
        pytest.param("http://a:b@other.example/", AddressRefused, "password", id="A13 a password"),
        pytest.param("http://93.184.216.34:6379/", AddressRefused, "port 6379", id="A14 a port"),
    ],
)
def test_a_redirect_is_judged_as_the_first_address_was(
    server: Misbehaving, web: Session, location: str, reason: type, words: str
) -> None:
    server.behave("/d", redirecting(location))
    with pytest.raises(reason, match=words) as caught:
        web.get(HOST + "/d")
    assert "b@" not in str(caught.value)
    assert set(server.paths) == {"/d"}


def test_a10_a_chain_of_twenty_redirects_is_left_after_five(
    server: Misbehaving, web: Session
) -> None:
    for number in range(20):
        server.behave(f"/{number}", redirecting(f"/{number + 1}"))
    with pytest.raises(FetchFailed, match="more than 5 times"):
        web.get(HOST + "/0")
    assert len(server.paths) == 6


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return a_certificate(tmp_path_factory.mktemp("tls"), "secure.example")


def test_a11_a_redirect_from_https_to_http_is_refused(
    server: Misbehaving, parser: Parser, certificate: tuple[Path, Path]
) -> None:
    with Misbehaving(certificate) as secure:
        secure.behave("/d", redirecting(HOST + "/d"))
        places = {"secure.example": secure.place, "source.example": server.place}
        with (
            Session(parser, connect_to=places, ca_file=certificate[0]) as web,
            pytest.raises(AddressRefused, match="redirects from https to http"),
        ):
            web.get("https://secure.example/d")
    assert server.seen == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://h.example/", "gopher://h/", "data:,x", "jar:http://h/!x"]
)
def test_a12_only_http_and_https_are_called(web: Session, url: str) -> None:
    with pytest.raises(AddressRefused, match="only http and https"):
        web.get(url)


def test_a12_what_a_description_imports_or_offers_is_never_fetched(
    server: Misbehaving, web: Session
) -> None:
    links = "; ".join(
        f"{name} <{HOST}/secret>, <file:///etc/passwd>"
        for name in ("owl:imports", "dcat:downloadURL", "sh:shapesGraph", "dct:conformsTo")
    )
    server.answer("/", f"{PREFIXES} <> a fdp:FAIRDataPoint ; fdp:metadataCatalog </c> ; {links} .")
    server.answer("/c", f"{PREFIXES} <> a dcat:Catalog ; dct:title 'C' ; {links} .")
    found = list(fdp.harvest(a_source(), web))
    assert not [item for item in found if isinstance(item, Missed)]
    assert server.paths == ["/", "/c"]


def test_a13_a_password_in_an_address_is_refused_and_repeated_nowhere(
    web: Session, server: Misbehaving
) -> None:
    with pytest.raises(AddressRefused) as caught:
        web.get("http://me:secret@source.example/d")
    assert "secret" not in f"{caught.value} {caught.value.url}"
    assert server.seen == []


@pytest.mark.parametrize("port", [22, 25, 6379])
def test_a14_a_port_for_something_else_is_refused(parser: Parser, port: int) -> None:
    with (
        Session(parser, resolve=leading_to(PUBLIC), dial=nobody) as web,
        pytest.raises(AddressRefused, match=f"port {port}"),
    ):
        web.get(f"http://source.example:{port}/")


def test_a15_when_an_operator_names_the_hosts_no_other_is_called(parser: Parser) -> None:
    settings = Settings(only_hosts=("fdp.example", "*.umc.example"))
    with (
        one_session(settings, parser) as web,
        pytest.raises(AddressRefused, match="is not one of the hosts that this catalogue may"),
    ):
        web.get("https://elsewhere.example/")


def test_a16_a_child_at_another_host_is_reported_and_not_asked_for(
    server: Misbehaving, web: Session
) -> None:
    server.answer(
        "/", f"{PREFIXES} <> a fdp:FAIRDataPoint ; ldp:contains <http://other.example/> ."
    )
    [item] = fdp.harvest(a_source(), web)
    assert isinstance(item, Missed)
    assert isinstance(item.reason, AddressRefused)
    assert server.paths == ["/"]


@pytest.mark.parametrize(
    "following", ["/p0", "/p{number}?again"], ids=["A17 next is itself", "A17 next for ever"]
)
def test_a_list_without_end_ends_and_is_incomplete(
    server: Misbehaving, web: Session, following: str
) -> None:
    for number in range(9):
        link = following.format(number=number + 1).removesuffix("?again")
        dataset = f"</d{number}> a dcat:Dataset ; dct:title 'D' . <> hydra:next <{link}> ."
        server.answer(f"/p{number}", PREFIXES + dataset)
    found = list(dcat.harvest(a_source("dcat", "/p0"), web, most_pages=4))
    assert [type(item.reason) for item in found if isinstance(item, Missed)] == [FetchFailed]
    assert len(server.paths) <= 5


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(drip(OK + b"\r\n"), id="A18 a byte at a time"),
        pytest.param(drip(OK + b"X-Slow: "), id="A18 a header at a time"),
    ],
)
def test_a_server_that_trickles_is_left_at_the_deadline(
    server: Misbehaving, web: Session, behaviour: Any
) -> None:
    server.behave("/d", behaviour)
    web.seconds = 0.3
    with pytest.raises(FetchFailed, match=r"timed out after 0\.3 s"):
        web.get(HOST + "/d")


def packed_raw(content: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        pytest.param(
            endless(OK + b"\r\n", (b" " * 65536 for _ in range(32_768))),
            "larger than 100000 bytes",
            id="A19 two gigabytes of no stated length",
        ),
        pytest.param(
            raw(OK + b"Content-Length: 2000000000\r\n\r\n"),
            "larger than 100000 bytes",
            id="A19 a length that is stated",
        ),
        pytest.param(
            answering(gzipped_zeros(10**9), headers={"Content-Encoding": "gzip"}),
            "larger than 100000 bytes",
            id="A20 gzip",
        ),
        pytest.param(
            answering(packed_raw(b" " * 10**7), headers={"Content-Encoding": "deflate"}),
            "larger than 100000 bytes",
            id="A20 deflate",
        ),
        pytest.param(
            answering(gzipped(gzipped_zeros(10**8)), headers={"Content-Encoding": "gzip, gzip"}),
            "larger than 100000 bytes",
            id="A20 gzip twice",
        ),
        pytest.param(
            answering(b"\x1b" * 1000, headers={"Content-Encoding": "br"}),
            "did not ask for",
            id="A20 br",
        ),
    ],
)
def test_a_large_answer_is_cut_by_what_it_unpacks_to(
    server: Misbehaving, web: Session, behaviour: Any, words: str
) -> None:
    server.behave("/d", behaviour)
    with pytest.raises(FetchFailed, match=words):
        web.get(HOST + "/d")
    assert web.figures["bytes"] == 0


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"Content-Length: 100\r\n\r\nshort", id="A18 shorter than it says"),
        pytest.param(b"Content-Length: 5, 6\r\n\r\nhello!", id="A18 two lengths"),
        pytest.param(b"Content-Length: -1\r\n\r\n<> a <#X> ", id="A18 a length below zero"),
        pytest.param(
            b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\nx", id="A19 a chunk that lies"
        ),
    ],
)
def test_an_answer_that_lies_about_its_length_is_never_taken_for_whole(
    server: Misbehaving, web: Session, start: bytes
) -> None:
    server.behave("/d", raw(OK + start))
    with pytest.raises(SourceError):
        web.parse(web.get(HOST + "/d"))


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/typed", id="A21 a page that says so"),
        pytest.param("/untyped", id="A21 a page that says it is Turtle"),
    ],
)
def test_a_web_page_is_no_description(server: Misbehaving, web: Session, path: str) -> None:
    page = "<!DOCTYPE html><html><title>Sign in</title></html>"
    server.answer("/typed", page, media_type="text/html")
    server.answer("/untyped", page)
    with pytest.raises(NotRdf):
        web.parse(web.get(HOST + path))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="A22 nothing at all"),
        pytest.param("<http://source.example/> <urn:p> 1 .", id="A22 nothing of ours"),
    ],
)
def test_an_answer_without_anything_in_it_is_no_fair_data_point(
    server: Misbehaving, web: Session, body: str
) -> None:
    server.answer("/", body)
    with pytest.raises(NotRdf, match=r"is no FAIR Data Point|holds no triples"):
        list(fdp.harvest(a_source(), web))


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        pytest.param("secure.example", False, id="A23 signed by nobody we know"),
        pytest.param("other.example", True, id="A23 made out to another name"),
    ],
)
def test_a_certificate_that_does_not_hold_is_refused(
    parser: Parser, certificate: tuple[Path, Path], host: str, trusted: bool
) -> None:
    authority = certificate[0] if trusted else None
    with (
        Misbehaving(certificate) as secure,
        Session(parser, connect_to={host: secure.place}, ca_file=authority) as web,
        pytest.raises(FetchFailed, match="could not be secured"),
    ):
        web.get(f"https://{host}/d")
    assert secure.seen == []


def test_a23_an_operator_may_say_who_signs_certificates(
    parser: Parser, certificate: tuple[Path, Path]
) -> None:
    with Misbehaving(certificate) as secure:
        secure.answer("/d", b"")
        settings = Settings(ca_file=str(certificate[0]), allowed_hosts=("secure.example",))
        with one_session(settings, parser) as web:
            assert web.ca_file == str(certificate[0])


def test_a24_a_cookie_is_sent_back_to_nobody(server: Misbehaving, web: Session) -> None:
    cookie = {"Set-Cookie": "id=1; Path=/; Domain=example", "WWW-Authenticate": "Basic"}
    elsewhere = {**cookie, "Location": "http://other.example/e"}
    server.behave("/d", answering(status=302, headers=elsewhere))
    server.answer("/e", b"", headers=cookie)
    for url in (HOST + "/d", HOST + "/e", "http://other.example/e"):
        web.get(url)
    assert not any({"Cookie", "Authorization"} & set(each.headers) for each in server.seen)


def test_a24_a_password_of_this_machine_is_sent_to_nobody(
    server: Misbehaving, web: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine source.example login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    server.answer("/d", b"")
    web.get(HOST + "/d")
    assert "Authorization" not in server.seen[0].headers
