from __future__ import annotations

import socket
from typing import Any

import pytest

from catalogue.errors import AddressRefused, FetchFailed
from catalogue.ingest.address import Guard, is_public, shown

PUBLIC = "93.184.216.34"


def answering(*addresses: str) -> Any:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    return resolve


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/admin",
        "http://[::1]/",
        "http://10.0.0.5/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::7f00:1]/",
        "http://[fe80::1]/",
        "http://[fec0::1]/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://0/",
        "http://127.1/",
    ],
)
def test_an_address_inside_is_refused_however_it_is_spelled(url: str) -> None:
    with pytest.raises(AddressRefused, match="non-public address"):
        Guard().check(url)


@pytest.mark.parametrize("url", ["http://localhost/", "http://LOCALHOST./", "https://localhost/"])
def test_a_name_of_this_machine_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused, match="non-public address"):
        Guard(resolve=answering("127.0.0.1")).check(url)


def test_a_name_is_judged_by_where_it_leads() -> None:
    guard = Guard(resolve=answering("169.254.169.254"))
    with pytest.raises(AddressRefused, match=r"metadata\.google\.internal leads to 169\.254"):
        guard.check("http://metadata.google.internal/")


def test_one_private_answer_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(AddressRefused, match=r"leads to 127\.0\.0\.1"):
        Guard(resolve=answering(PUBLIC, "127.0.0.1")).check("http://two-faced.example/")


def test_a_public_name_gives_the_addresses_to_connect_to() -> None:
    target = Guard(resolve=answering(PUBLIC)).check("https://FDP.Example./x?y#z")
    assert target.places == ((PUBLIC, 443),)
    assert (target.host, target.url) == ("fdp.example", "https://fdp.example/x?y")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://host.example/",
        "gopher://host.example/",
        "data:text/turtle,x",
        "jar:http://host.example/!x",
        "//host.example/x",
        "fdp.example",
        "",
    ],
)
def test_only_http_and_https_are_called(url: str) -> None:
    with pytest.raises(AddressRefused, match="only http and https"):
        Guard(resolve=answering(PUBLIC)).check(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(AddressRefused) as caught:
        Guard(resolve=answering(PUBLIC)).check("https://me:secret@host.example/")
    assert "secret" not in str(caught.value)
    assert "secret" not in caught.value.url


@pytest.mark.parametrize("port", [22, 25, 6379])
def test_a_port_for_something_else_is_refused(port: int) -> None:
    with pytest.raises(AddressRefused, match=f"port {port}"):
        Guard(resolve=answering(PUBLIC)).check(f"http://host.example:{port}/")


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_the_ports_of_web_servers_are_called(port: int) -> None:
    target = Guard(resolve=answering(PUBLIC)).check(f"http://host.example:{port}/")
    assert target.port == port


@pytest.mark.parametrize(
    "url",
    [
        "http://host.example\\@127.0.0.1/",
        "http://host.example/a b",
        "http://host.example/\r\nX: y",
        "http://[::1/",
        "http://host.example:99999/",
        "http:///x",
        "http://a%2eb/",
        "http://a..b/",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        Guard(resolve=answering(PUBLIC)).check(url)


def test_an_allowed_host_may_be_inside_and_on_any_port() -> None:
    guard = Guard(allowed_hosts=("*.intern.example",), resolve=answering("10.1.2.3"))
    assert guard.check("http://fdp.intern.example:9000/").places == (("10.1.2.3", 9000),)


def test_a_suffix_allows_no_host_that_only_ends_alike() -> None:
    guard = Guard(allowed_hosts=("*.intern.example",), resolve=answering("10.1.2.3"))
    with pytest.raises(AddressRefused):
        guard.check("http://evil-intern.example/")


def test_when_only_some_hosts_may_be_called_others_are_refused() -> None:
    guard = Guard(only_hosts=("fdp.example",), resolve=answering(PUBLIC))
    assert guard.check("https://fdp.example/").places
    with pytest.raises(AddressRefused, match="not one of the hosts"):
        guard.check("https://other.example/")


def test_a_place_to_connect_to_replaces_the_name_server() -> None:
    def nobody(*_: object, **__: object) -> Any:
        raise AssertionError

    guard = Guard(connect_to={"fdp.example": ("127.0.0.1", 8642)}, resolve=nobody)
    assert guard.check("https://fdp.example/").places == (("127.0.0.1", 8642),)


def test_a_name_that_leads_nowhere_is_a_failed_fetch() -> None:
    def unknown(*_: object, **__: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(FetchFailed, match=r"nowhere\.example could not be found"):
        Guard(resolve=unknown).check("https://nowhere.example/")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public_also_behind_nat64(address: str) -> None:
    assert is_public(address)


def test_a_shown_address_has_no_password_and_no_line_ends() -> None:
    assert shown("https://a:b@host.example/\nx") == "https://host.example/�x"
