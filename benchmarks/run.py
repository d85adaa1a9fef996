"""`make bench`: every measurement, one after the other, each against a baseline of its own run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEASUREMENTS = (
    "pipeline.py",
    "harvest.py",
    "harvest_large.py --quick",
    "validation.py",
    "search.py",
    "consent.py",
    "sparql.py",
    "pages.py",
)


def main() -> None:
    """Run all, or those named: `python benchmarks/run.py search.py`."""
    for name in sys.argv[1:] or MEASUREMENTS:
        print(f"== {name}", flush=True)
        script, *options = name.split()
        subprocess.run([sys.executable, HERE / script, *options], cwd=HERE.parent, check=True)


if __name__ == "__main__":
    main()
