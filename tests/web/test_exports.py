"""The formats over HTTP: how they are asked for, cached, named, and refused."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from web import townhall

from catalogue.exports import exports
from catalogue.web.negotiate import choose

ADDRESS = "/dataset/rich"
WRITABLE = [key for key in exports() if key != "croissant"]


@pytest.mark.parametrize("key", WRITABLE)
def test_every_format_is_had_by_its_name_and_by_its_type(client: Any, key: str) -> None:
    export = exports()[key]
    named = client.get(f"{ADDRESS}?format={key}")
    typed = client.get(ADDRESS, headers={"Accept": export.content_type})
    assert named.status_code == typed.status_code == 200
    assert named.data == typed.data
    assert named.content_type.startswith(export.media_type)
    assert named.headers["ETag"] == typed.headers["ETag"]
    assert f"rich.{export.suffix}" in named.headers["Content-Disposition"]
    assert {"Accept", "Accept-Datetime"} <= set(named.vary.as_set(preserve_casing=True))
    assert named.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("key", WRITABLE)
def test_head_and_a_known_tag_give_no_body(client: Any, key: str) -> None:
    whole = client.get(f"{ADDRESS}?format={key}")
    head = client.head(f"{ADDRESS}?format={key}")
    known = {"If-None-Match": whole.headers["ETag"]}
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    assert head.data == b""
    assert client.get(f"{ADDRESS}?format={key}", headers=known).status_code == 304


def test_tags_differ_by_format_and_profile_and_are_stable(client: Any) -> None:
    queries = ["", "?format=jsonld", "?profile=gdi-1", *(f"?format={key}" for key in WRITABLE)]
    tags = [client.get(ADDRESS + query).headers["ETag"] for query in queries]
    assert len(set(tags)) == len(tags)
    assert [client.get(ADDRESS + query).headers["ETag"] for query in queries] == tags


def test_nothing_is_built_for_a_client_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = townhall.services()
    client = townhall.application(parts).test_client()
    tags = {
        accept: client.get(ADDRESS, headers={"Accept": accept}).headers["ETag"]
        for accept in ("text/turtle", "text/html", "application/x-bibtex")
    }
    monkeypatch.setattr(parts.register, "standing", _standing(parts.register))
    monkeypatch.setattr(parts.register, "get", _never)
    for accept, tag in tags.items():
        asked = {"Accept": accept, "If-None-Match": tag}
        assert client.get(ADDRESS, headers=asked).status_code == 304


def _standing(register: Any) -> Any:
    record = register.get("dataset", "rich").record
    return lambda *_: record


def _never(*_: Any) -> Any:
    raise AssertionError("a description was read although the client has it")


def test_nobody_gets_a_format_without_naming_it() -> None:
    more = townhall_formats()
    for accept in (None, "*/*", "text/*", "application/*", "application/ld+json"):
        assert choose(accept, more=more).key in {"ttl", "jsonld"}
    assert choose("text/html,*/*;q=0.8", more=more).key == "html"
    assert choose('application/ld+json;profile="https://schema.org"', more=more).key == "schema-org"
    assert (
        choose(
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"', more=more
        ).key
        == "jsonld"
    )


def townhall_formats() -> Any:
    from catalogue.web.exports import formats  # noqa: PLC0415 - beside what is negotiated here

    return formats()


def test_what_a_format_demands_and_nobody_stated_is_named(client: Any) -> None:
    answer = client.get(f"{ADDRESS}?format=croissant")
    assert answer.status_code == 406
    assert "a licence and a date of publication" in answer.json["detail"]


def test_a_withdrawn_dataset_is_gone_in_every_format(client: Any) -> None:
    for key in exports():
        assert client.get(f"/dataset/old?format={key}").status_code == 410
    for part in ("linkset", "provenance", "versions", "versions/20260101000000"):
        assert client.get(f"/dataset/old/{part}").status_code == 410


def test_the_page_links_every_format_that_it_has(page: Any) -> None:
    text = page("/en/dataset/rich").text
    assert all(f"/dataset/rich?format={key}" in text for key in WRITABLE)
    assert "format=croissant" not in text


def test_options_say_what_may_be_done(client: Any) -> None:
    answer = client.options(ADDRESS)
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.allow)
    assert answer.headers["Access-Control-Allow-Methods"]


# --- a search as a spreadsheet ------------------------------------------------------------


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_a_search_is_a_spreadsheet_with_a_row_for_each_hit(client: Any) -> None:
    answer = client.get("/datasets.csv?q=exomes")
    found = client.get("/api/v1/datasets?q=exomes").json["total"]
    assert answer.mimetype == "text/csv"
    assert len(rows(answer)) == found > 0
    assert len(rows(client.get("/datasets.csv"))) == len(townhall.DATASETS)


def test_a_spreadsheet_takes_no_page_and_no_unknown_parameter(client: Any) -> None:
    assert client.get("/datasets.csv?page=2").status_code == 400
    assert client.get("/datasets.csv?colour=red").status_code == 400


def test_a_known_spreadsheet_is_not_sent_again(client: Any) -> None:
    tag = client.get("/datasets.csv?q=exomes").headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.get("/datasets.csv?q=exomes", headers=known).status_code == 304
    assert client.get("/datasets.csv", headers=known).status_code == 200
