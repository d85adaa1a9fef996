"""What a measurement was made on; printed above every table."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

LIBRARIES = ("pyoxigraph", "rdflib", "pyshacl", "tantivy", "pyroaring", "granian", "sqlalchemy")


def describe() -> str:
    """Cores, load, Python and the libraries that matter."""
    load = " ".join(f"{figure:.1f}" for figure in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores, load {load}, {platform.machine()}, "
        f"Python {platform.python_version()}; {versions}"
    )
