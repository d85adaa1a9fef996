"""Bars, the karyogram and the fonts."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.web import assets
from catalogue.web.present.figures import bar, percent
from catalogue.web.present.karyogram import draw


@pytest.mark.parametrize("parts", [(1, 0, 2), (0, 0, 7), (5, 5, 5), (1, 1, 997), (3, 0, 0)])
def test_a_bar_is_always_full(parts: tuple[int, int, int]) -> None:
    assert sum(part.share for part in bar(*parts)) == 100


def test_nothing_has_no_bar_and_no_percentage() -> None:
    assert bar(0, 0, 0) == ()
    assert percent(0, 0) is None


def test_every_organisation_is_drawn_with_bands() -> None:
    picture = draw([("A", 10), ("B", 2)])
    assert [each.name for each in picture.chromosomes] == ["A", "B"]
    assert all(each.bands for each in picture.chromosomes)


def test_the_more_datasets_the_longer() -> None:
    first, second = draw([("B", 2), ("A", 10)]).chromosomes
    assert first.name == "A"
    assert first.bottom - first.top > second.bottom - second.top


def test_the_picture_is_the_same_every_time() -> None:
    assert draw([("A", 10)]) == draw([("A", 10)])


def test_fonts_and_the_editor_are_copied_with_their_licences(tmp_path: Path) -> None:
    for name in assets.FILES:
        path = tmp_path / "node_modules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"anything")
    licence = tmp_path / "node_modules/@fontsource-variable/schibsted-grotesk/LICENSE"
    licence.write_text("OFL")
    assert assets.copy(tmp_path / "node_modules", tmp_path / "vendor") == len(assets.FILES)
    assert (tmp_path / "vendor/schibsted-grotesk-LICENSE.txt").exists()
    assert (tmp_path / "vendor/yasgui-LICENSES.txt").exists()


def test_the_lock_file_names_no_registry() -> None:
    lock = (assets.ROOT / "package-lock.json").read_text()
    assert "integrity" in lock
    assert "resolved" not in lock
