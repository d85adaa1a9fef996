"""`make bench`: every measurement, one after the other, each against a baseline of its own run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEASUREMENTS = (
    "pipeline.py",
    "harvest.py",
    "validation.py",
    "search.py",
    "consent.py",
    "sparql.py",
)


def main() -> None:
    """Run all, or those named: `python benchmarks/run.py search.py`."""
    for name in sys.argv[1:] or MEASUREMENTS:
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, HERE / name], cwd=HERE.parent, check=True)


if __name__ == "__main__":
    main()
