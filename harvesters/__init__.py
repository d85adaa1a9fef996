"""One module per protocol that a source may speak; this folder is the list of them.

A new harvester is a file here with a generator function `harvest(source, web)`, as described
in `catalogue.ingest.source`. Its name is the `protocol` of the sources it reads.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from catalogue.errors import NotFound
from catalogue.ingest.source import Harvest


def names() -> tuple[str, ...]:
    """The protocols that can be harvested, in order of the alphabet.

    >>> names()[:4]
    ('ckan', 'dcat', 'emx2', 'fdp')
    """
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def load(protocol: str) -> Harvest:
    """The harvester of a protocol. Raises `NotFound` naming those there are."""
    if protocol not in names():
        raise NotFound(f"no harvester reads “{protocol}”; there are: {', '.join(names())}")
    return cast("Harvest", import_module(f"{__name__}.{protocol}").harvest)
