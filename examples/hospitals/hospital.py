"""The ten invented organisations, as `<slug>/hospital.toml` describes them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogList:
    """One catalog of a hospital."""

    id: str
    title: dict[str, str]
    description: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Which of a hospital's datasets cannot be fetched, as positions in its list from zero.

    `failing_from` answers 500 from there on; `truncated` breaks off in the middle;
    `stalled` never answers.
    """

    failing_from: int | None = None
    truncated: int | None = None
    stalled: int | None = None

    def at(self, position: int) -> str:
        """What goes wrong with the dataset at this position: a name, or nothing."""
        if self.failing_from is not None and position >= self.failing_from:
            return "failing"
        named = {self.truncated: "truncated", self.stalled: "stalled"}
        return named.get(position, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """One organisation and the way in which it publishes its descriptions.

    `quirks` names the mess (see `mess.py`) found in its records; `ways` are peculiarities of
    its server: leaks-drafts, shared-containers, old-namespace, literal-next.
    """

    slug: str
    name: dict[str, str]
    city: str
    kind: str
    host: str
    contact: str
    homepage: str
    protocol: str  # "fdp", "dcat-hydra" or "dcat-file"
    path: str  # of the first address, "" or "/catalog.ttl"
    generated: int
    prefix: str  # how its studies are named
    catalogs: tuple[CatalogList, ...]
    specialties: tuple[str, ...] = ()
    quirks: tuple[str, ...] = ()
    ways: frozenset[str] = frozenset()
    drafts: frozenset[str] = frozenset()
    faults: Faults = field(default_factory=Faults)

    @property
    def base(self) -> str:
        """The address of the host, without a slash."""
        return f"http://{self.host}"

    @property
    def url(self) -> str:
        """The address to harvest."""
        return f"{self.base}{self.path}"

    @property
    def iri(self) -> str:
        """How the hospital calls itself."""
        return f"{self.base}/organisation"

    @property
    def folder(self) -> Path:
        """Where its hand-written records are."""
        return HERE / self.slug


def hospitals() -> list[Hospital]:
    """All of them, by slug."""
    return [read(path.parent) for path in sorted(HERE.glob("*/hospital.toml"))]


def read(folder: Path) -> Hospital:
    """One hospital from its folder."""
    given: dict[str, Any] = tomllib.loads((folder / "hospital.toml").read_text("utf-8"))
    given["catalogs"] = tuple(CatalogList(**each) for each in given.pop("catalog"))
    given["faults"] = Faults(**given.get("faults", {}))
    for name in ("ways", "drafts"):
        given[name] = frozenset(given.get(name, ()))
    for name in ("quirks", "specialties"):
        given[name] = tuple(given.get(name, ()))
    return Hospital(slug=folder.name, **given)
