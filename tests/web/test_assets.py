"""What is copied from npm comes from the lock file, and a site without it works as well."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from served import ROOT
from web import townhall

from catalogue.web import assets


def test_every_file_belongs_to_a_package_that_is_locked_with_its_hash() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name in assets.FILES:
        package = "/".join(name.split("/")[:2])
        assert locked[f"node_modules/{package}"]["integrity"].startswith("sha512-")


def test_files_are_copied_with_what_says_their_licence(tmp_path: Path) -> None:
    modules, target = tmp_path / "modules", tmp_path / "vendor"
    for name in (*assets.FILES, "jquery/LICENSE.txt"):
        file = modules / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    assert assets.copy(modules, target) == len(assets.FILES)
    assert (target / "yasgui.min.js").read_text() == assets.YASGUI[0]
    licences = (target / "yasgui-LICENSES.txt").read_text()
    assert "jquery/LICENSE.txt" in licences
    assert re.search(r"^codemirror 5[.0-9]+: MIT$", licences, re.MULTILINE)
    assert "axe-core" not in licences


def test_the_query_page_has_a_plain_field_of_its_own(page: Any) -> None:
    text = page("/en/query").text
    assert '<textarea class="input query" id="query" name="query"' in text
    assert 'action="/en/query#answer"' in text
    assert townhall.BASE not in text.partition("<form")[2].partition("</form>")[0]
