"""A description in the formats of others: citations, packages, catalogues, spreadsheets.

Every module of this folder that has an `EXPORT` is a format: `?format=`, content negotiation,
the links of a dataset's page and its linkset read this folder. A new format is a new file.
Nothing is made up to please a format: no licence, no address of data that are not open.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from catalogue.exports.export import Export


@cache
def exports() -> dict[str, Export]:
    """Every format, by its name in `?format=`, in the order of the names.

    >>> list(exports())[:3]
    ['bibtex', 'croissant', 'csl']
    """
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    found = (each.EXPORT for each in modules if hasattr(each, "EXPORT"))
    return {each.key: each for each in sorted(found, key=lambda each: each.key)}
