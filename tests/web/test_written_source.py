"""The page of a source that was written here: what is public of it, and whose drafts are found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web.writing import BASE, Desk, a_catalog, a_dataset, a_distribution, writing

HERE = "/sources/submitted-noordzee"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with writing(tmp_path) as opened:
        yield opened


def page(desk: Desk, who: str = "", language: str = "en") -> Any:
    return desk.ask("GET", f"/{language}{HERE}", who, Accept="text/html")


def local(address: str, language: str = "en") -> str:
    return f'href="{address.replace(BASE, f"/{language}")}"'


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Described in this catalogue itself"), ("nl", "In deze catalogus zelf beschreven")],
)
def test_it_lists_what_is_public_and_speaks_of_no_run(
    desk: Desk, language: str, words: str
) -> None:
    dataset = desk.dataset(catalog := desk.catalog())
    text = page(desk, language=language).text
    assert words in text
    assert local(dataset, language) in text
    assert local(catalog, language) in text
    for wrong in ("Not read yet", "Nog niet gelezen", "none yet", "Read when", "Gelezen als"):
        assert wrong not in text


def test_its_stewards_find_their_drafts_and_nobody_else_does(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    shelf = desk.made("catalog", a_catalog(title="Shelf in secret"))
    book = desk.made("dataset", a_dataset(shelf, title="Book in secret"))
    part = desk.made("distribution", a_distribution(dataset).replace("Variants", "Part in secret"))
    for who in ("anna", "ada"):
        text = page(desk, who).text
        assert all(local(each) in text for each in (shelf, book, part, dataset))
        assert text.index("Shelf in secret") < text.index("Book in secret")
    for who in ("", "bob"):
        text = page(desk, who).text
        assert "in secret" not in text
        assert local(dataset) in text
        assert "Drafts" not in text


def test_a_dataset_in_a_draft_catalog_is_not_called_public(desk: Desk) -> None:
    dataset = desk.dataset(catalog := desk.catalog())
    part = desk.publish(desk.made("distribution", a_distribution(dataset)))
    desk.state(dataset, "DRAFT")
    text = page(desk, "anna").text
    public, drafts = text.split('id="drafts"')
    assert local(catalog) in public
    assert local(dataset) in drafts
    assert local(part) in drafts
    assert "public together with what it stands in" in drafts


def test_what_was_deleted_is_not_listed(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    desk.ask("DELETE", dataset, "anna")
    assert local(dataset) not in page(desk, "anna").text


def test_who_only_wrote_drafts_is_known_to_nobody_else(desk: Desk) -> None:
    desk.made("catalog", a_catalog())
    assert page(desk).status_code == 404
    assert page(desk, "anna").status_code == 200
