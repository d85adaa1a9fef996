"""What `catalogue source add` refuses to keep."""

from __future__ import annotations

import pytest

from catalogue.cli.source import check_source
from catalogue.errors import SettingsError
from catalogue.model.source import Source


def a_source(url: str = "https://umc.example/", **changes: object) -> Source:
    given = {"slug": "umc", "title": "UMC", "protocol": "fdp", "url": url, **changes}
    return Source(**given)  # type: ignore[arg-type]


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="user name or password") as error:
        check_source(a_source("https://me:secret@umc.example/"))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://umc.example/", "gopher://umc.example/", "umc.example"),
        *("https://", "https:///x", "https://umc.example:99999/", "https://[::1", "https://a b/"),
        *("https://umc.example/\n", "https://umc.example\\@evil.example/"),
    ],
)
def test_what_is_no_address_is_no_source(url: str) -> None:
    with pytest.raises(SettingsError):
        check_source(a_source(url))


@pytest.mark.parametrize("slug", ["test", "pending"])
def test_the_name_of_a_page_is_no_name_of_a_source(slug: str) -> None:
    with pytest.raises(SettingsError, match="a page has this name"):
        check_source(a_source(slug=slug))


@pytest.mark.parametrize("place", ["umc.example:0", "umc.example:65536", "umc.example:", ":80"])
def test_a_place_to_connect_to_has_a_port_that_exists(place: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT"):
        check_source(a_source(connect_to=place))


def test_an_ordinary_source_is_accepted() -> None:
    check_source(a_source(connect_to="10.0.0.8:8443"))
