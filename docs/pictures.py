"""Take the pictures of the documentation from a running demonstration catalogue.

`python docs/pictures.py [ADDRESS]`; without an address it starts the demonstration itself.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import nullcontext
from pathlib import Path

import requests
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from served import serving

PICTURES = Path(__file__).resolve().parent / "pictures"
WIDTHS = {1280: 900, 360: 780}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def pages(base: str) -> dict[str, str]:
    """What is pictured: name → path below the language."""
    question = {"q": "Dilated cardiomyopathy genomes with heart tissue", "size": 1}
    hit = requests.get(f"{base}/api/datasets", params=question, timeout=30).json()["hits"][0]
    return {
        "home": "/",
        "search": "/datasets?disease=cardiomyopathy&assay=wes&assay=wgs&consent=HMB",
        "dataset": f"/dataset/{hit['id']}",
        "source": "/sources/merwestad",
    }


def take(browser: Browser, base: str) -> None:
    """Every page in both languages and widths, whole pages."""
    for width, height in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        for language in ("en", "nl"):
            for name, path in pages(base).items():
                page.goto(f"{base}/{language}{path}", wait_until="load")
                page.evaluate("document.fonts.ready")
                tall = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": width, "height": tall})
                page.screenshot(path=PICTURES / f"{name}-{language}-{width}.png")
                page.set_viewport_size({"width": width, "height": height})
        page.close()


def main() -> None:
    """Start what is needed and take them all."""
    PICTURES.mkdir(exist_ok=True)
    given = sys.argv[1:]
    with nullcontext() if given else serving("demo") as served, sync_playwright() as playwright:
        base = given[0] if given else served.base  # type: ignore[union-attr]
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        take(browser, base)
        browser.close()


if __name__ == "__main__":
    main()
