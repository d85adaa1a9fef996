"""The commands of the page for stewards, typed as they stand there."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
from served import ROOT, Served

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.xdist_group("interop")]

PAGE = ROOT / "docs" / "how-to" / "publish-through-the-fair-data-point.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"<pre [^>]*><code>(.*?)</code></pre>", re.DOTALL)
GIVEN = re.compile(r"^(BASE|TOKEN)=.*$", re.MULTILINE)


def test_a_steward_can_type_every_command_of_the_page(
    served: Served, token: str, tmp_path: Path
) -> None:
    assert shutil.which("curl"), "curl is missing: the page types it"
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == 6
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", GIVEN.sub("", "\n".join(blocks))],
        cwd=tmp_path,
        env={"BASE": served.base, "TOKEN": token, "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert token not in done.stdout + done.stderr
    (catalog,) = re.findall(r"the catalog is (\S+)", done.stdout)
    assert requests.get(catalog, timeout=30).status_code == 410
    assert "Exomes of families" in (tmp_path / "before.ttl").read_text(encoding="utf-8")
    assert "Withdrawn" in (tmp_path / "gone.ttl").read_text(encoding="utf-8")


def test_a_steward_can_type_every_command_of_the_website(
    served: Served, token: str, tmp_path: Path
) -> None:
    page = requests.get(f"{served.base}/en/docs", timeout=30).text
    writing = page[page.index('id="writing"') : page.index('id="api"')]
    blocks = [html.unescape(each) for each in COMMAND.findall(writing)]
    assert len(blocks) == 3
    assert f"BASE={served.base}\n" in blocks[0]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", GIVEN.sub("", "\n".join(blocks))],
        cwd=tmp_path,
        env={"BASE": served.base, "TOKEN": token, "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (dataset,) = re.findall(r"public: (\S+)", done.stdout)
    assert "Exomes of families" in (tmp_path / "before.ttl").read_text(encoding="utf-8")
    assert "Genomes of families" in (tmp_path / "report.ttl").read_text(encoding="utf-8")
    assert requests.get(dataset, timeout=30).status_code == 410
