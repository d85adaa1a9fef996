"""A block of JSON-LD in a web page, read as plain nodes of schema.org.

Pages say `"name"`, `"schema:name"` or `"https://schema.org/name"` for one property, under a
context that is an address. No context is ever fetched: only what is schema.org's is kept,
under its bare name, and the rest of the block is not looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.errors import LimitExceeded, ParseFailed

MOST_CHARACTERS = 2_000_000
MOST_NODES = 50_000
DEEPEST = 40
HOME = re.compile(r"https?://(?:www\.)?schema\.org/?#?")
OURS = re.compile(HOME.pattern + r"(\w+)")
HOLDING = ("@graph", "mainEntity", "dataset", "itemListElement", "item", "hasPart")
"""Where the datasets of a page may stand, besides at its top."""

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What a context says: whether bare names are schema.org's, prefixes, aliases, language."""

    bare: bool = False
    prefixes: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    language: str = ""

    def local(self, name: str) -> str | None:
        """The name in schema.org, `None` when it is somebody else's."""
        name = self.aliases.get(name, name)
        if name.startswith("@"):
            return name
        if whole := OURS.fullmatch(name):
            return whole[1]
        prefix, colon, rest = name.partition(":")
        if colon:
            return rest if prefix in self.prefixes else None
        return name if self.bare else None


def read_json(text: str, *, line: int = 1) -> Any:
    """The value of a block that begins on `line` of its page.

    Raises `ParseFailed` with the line of the page, or `LimitExceeded`.
    """
    if len(text) > MOST_CHARACTERS:
        raise LimitExceeded(f"JSON-LD of more than {MOST_CHARACTERS} characters")
    try:
        return json.loads(_bare(text))
    except RecursionError as error:
        raise LimitExceeded("JSON-LD is nested too deeply") from error
    except ValueError as error:
        where = line + getattr(error, "lineno", 1) - 1
        reason = getattr(error, "msg", "a number is too long")
        raise ParseFailed(f"JSON-LD: line {where}: {reason}", line=where) from error


def nodes(value: Any) -> list[Node]:
    """The nodes of a block that may be a dataset or a catalog, with bare names throughout."""
    budget = iter(range(MOST_NODES))
    return list(_candidates(_plain(value, Names(), budget, 0)))


def described(found: Iterable[Node]) -> dict[str, Node]:
    """Every node that says something, by its `@id`: what a mere reference stands for."""
    known: dict[str, Node] = {}
    for each in found:
        _index(each, known)
    return known


def is_a(node: Any, *names: str) -> bool:
    """Whether a value is a node of one of these classes."""
    return isinstance(node, dict) and any(name in names for name in node.get("@type", ()))


def _bare(text: str) -> str:
    """Without the comment or CDATA marks that old pages put around a block; lines stay."""
    return _CLOSES.sub("", _OPENS.sub(r"\1", text))


_OPENS = re.compile(r"\A(\s*)\ufeff?(?:<!--|(?://\s*)?<!\[CDATA\[)?")
_CLOSES = re.compile(r"(?:-->|(?://\s*)?\]\]>)?\s*\Z")


def _candidates(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for each in value:
            yield from _candidates(each)
    elif isinstance(value, dict):
        yield value
        for name in HOLDING:
            yield from _candidates(value.get(name))


def _index(value: Any, known: dict[str, Node]) -> None:
    if isinstance(value, list):
        for each in value:
            _index(each, known)
    elif isinstance(value, dict):
        name = value.get("@id")
        if isinstance(name, str) and len(value) > len(known.get(name, {"@id": name})):
            known[name] = value
        for inner in value.values():
            _index(inner, known)


def _plain(value: Any, names: Names, budget: Iterator[int], depth: int) -> Any:
    if depth > DEEPEST:
        raise LimitExceeded(f"JSON-LD: more than {DEEPEST} levels")
    if isinstance(value, list):
        return [_plain(each, names, budget, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    if next(budget, None) is None:
        raise LimitExceeded(f"JSON-LD: more than {MOST_NODES} objects")
    if "@value" in value:
        return value
    return _plain_node(value, _context(value.get("@context"), names), budget, depth)


def _plain_node(value: Node, names: Names, budget: Iterator[int], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in value.items():
        name = names.local(key)
        if name == "@type":
            found[name] = _types(inner, names)
        elif name is not None and name != "@context":
            found[name] = _tagged(_plain(inner, names, budget, depth + 1), names.language)
    return found


def _types(value: Any, names: Names) -> list[str]:
    stated = value if isinstance(value, list) else [value]
    local = (names.local(each) for each in stated if isinstance(each, str))
    return [each for each in local if each]


def _tagged(value: Any, language: str) -> Any:
    """Texts with the language that the context gives them."""
    if not language:
        return value
    if isinstance(value, str):
        return {"@value": value, "@language": language}
    if isinstance(value, list):
        return [_tagged(each, language) for each in value]
    return value


def _context(value: Any, names: Names) -> Names:
    if isinstance(value, list):
        for each in value:
            names = _context(each, names)
        return names
    if isinstance(value, str):
        return replace(names, bare=names.bare or bool(HOME.match(value)))
    if not isinstance(value, dict):
        return names
    return _terms(value, names)


def _terms(context: Node, names: Names) -> Names:
    vocabulary, language = context.get("@vocab"), context.get("@language")
    prefixes = {key for key, value in context.items() if _is_home(value) and key[:1] != "@"}
    aliases = {
        key: target
        for key, value in context.items()
        if isinstance(target := _target(value), str) and key[:1] != "@" and key not in prefixes
    }
    return Names(
        bare=names.bare if vocabulary is None else _is_home(vocabulary),
        prefixes=names.prefixes | prefixes,
        aliases={**names.aliases, **aliases},
        language=language if isinstance(language, str) else names.language,
    )


def _target(value: Any) -> Any:
    return value.get("@id") if isinstance(value, dict) else value


def _is_home(value: Any) -> bool:
    return isinstance(value, str) and bool(HOME.fullmatch(value))
