"""Questions to a store, one per `.rq` file: our own, and in `examples` those for visitors.

An example opens with its question in words, a line for each language: `# en: …`, `# nl: …`.
Where it chooses among names in several languages it says `"en"`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WORDS = re.compile(r"# (\w\w): (.+)\n")


@dataclass(frozen=True, slots=True)
class Example:
    """A question that somebody may start from; `words` by language, `query` without them."""

    name: str
    words: Mapping[str, str]
    query: str

    def asked_in(self, language: str) -> str:
        """The query for a reader of this language: names in it come before other names.

        >>> Example("a", {}, 'FILTER (langMatches(lang(?it), "en"))').asked_in("nl")
        'FILTER (langMatches(lang(?it), "nl"))'
        """
        return self.query.replace('"en"', f'"{language}"')


def text(name: str) -> str:
    """The query in `<name>.rq`."""
    return files(__name__).joinpath(f"{name}.rq").read_text("utf-8")


@cache
def examples() -> tuple[Example, ...]:
    """All examples, in the order of their files (`01-…`), which their names leave out."""
    folder = files(__name__).joinpath("examples")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".rq"))
    return tuple(_example(name, folder.joinpath(name).read_text("utf-8")) for name in names)


def _example(file: str, written: str) -> Example:
    words = dict(_WORDS.findall(written))
    name = file.removesuffix(".rq").partition("-")[2]
    return Example(name, words, _WORDS.sub("", written).strip())
