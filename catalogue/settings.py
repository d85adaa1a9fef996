"""Every option of the catalogue: its variable, type, default and help.

Read once, in `app.py` or the command line, by `Settings.from_environ(os.environ)`.
A value that cannot be used raises `SettingsError` naming the variable and the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from catalogue.errors import SettingsError

DEFAULT_SECRET = "not-secret-change-me"  # noqa: S105 - refused outside this machine, see `check`
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def option(default: Any, description: str) -> Any:
    """A field with its help text; the variable is `CATALOGUE_` and the field's name."""
    return field(default=default, metadata={"help": description})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options; `help_lines` prints them for people."""

    data: Path = option(Path("var"), "folder for the database and projections")
    host: str = option("127.0.0.1", "address to listen on")
    port: int = option(8000, "port to listen on")
    base_url: str = option("", "public address, without a slash; makes every IRI we mint")
    database_url: str = option("", "SQLAlchemy URL; default SQLite in the data folder")
    store_url: str = option("", "SPARQL 1.1 store; default the embedded engine")
    secret_key: str = option(DEFAULT_SECRET, "signs sessions; required when not on loopback")
    allowed_hosts: tuple[str, ...] = option((), "hosts that may be harvested on private addresses")
    publisher: str = option("Genoomcatalogus", "who publishes this catalogue")
    license: str = option(
        "http://creativecommons.org/publicdomain/zero/1.0/",
        "licence of the catalogue's own description, not of what others describe",
    )
    demonstration: bool = option(False, "say on every page that everything is invented")
    validate_urls: bool = option(True, "visitors may have public addresses validated")
    workers: int = option(2, "web worker processes")
    threads: int = option(64, "threads in each web worker")
    query_seconds: float = option(10.0, "deadline of one SPARQL query")
    query_memory: int = option(512, "megabytes that one SPARQL query may allocate")
    query_answer: int = option(64, "megabytes that one SPARQL answer may have")
    query_children: int = option(2, "short, and long, SPARQL queries that run at the same time")
    query_each: int = option(2, "long SPARQL queries of one client at the same time, per worker")
    query_long_minute: int = option(300, "long SPARQL queries of one client a minute, per worker")
    peers: tuple[str, ...] = option(
        (), "name=https://… of SPARQL endpoints that queries may ask with SERVICE; default none"
    )
    peer_seconds: float = option(5.0, "deadline of the peers that one SPARQL query asks")
    query_minute: int = option(0, "SPARQL queries of one client a minute, per worker; 0: any")
    write_minute: int = option(600, "writes of one token a minute, per worker; 0: any")
    fetch_seconds: float = option(60.0, "deadline of one request to a source")
    fetch_bytes: int = option(20, "megabytes that one answer of a source may have, decompressed")
    engine: str = option("", "folder of a running query engine; `catalogue serve` sets it")
    fetch_at_once: int = option(4, "requests to one host at the same time")
    only_hosts: tuple[str, ...] = option((), "when given, no other hosts are ever harvested")
    ca_file: str = option("", "certificate authorities for sources; default the usual ones")
    user_agent: str = option("Genoomcatalogus/0.1", "how we introduce ourselves to sources")
    scheduler: bool = option(True, "`catalogue serve` harvests sources that have a schedule")
    harvests_at_once: int = option(2, "sources that the scheduler harvests side by side")
    run_seconds: float = option(21_600.0, "deadline of one run of one source")
    run_bytes: int = option(4_000, "megabytes that one run may fetch")
    run_records: int = option(250_000, "records that one run may take in")
    mail_url: str = option("", "smtp://[user:password@]host:port or smtps://…; default no mail")
    mail_from: str = option("", "sender of mail to the contacts of sources")
    pings: bool = option(True, "FAIR Data Points may announce themselves; an admin decides")
    consent_policy: tuple[str, ...] = option(
        (), "choices of the consent rules, such as methods_in_disease=not-permitted"
    )
    ping_indexes: tuple[str, ...] = option((), "FAIR Data Point indexes that we announce us to")

    def __post_init__(self) -> None:
        if not self.base_url:
            host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
            object.__setattr__(self, "base_url", f"http://{host}:{self.port}")
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        if not self.database_url:
            path = (self.data / "catalogue.sqlite").absolute()
            object.__setattr__(self, "database_url", f"sqlite:///{path}")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read `CATALOGUE_*`; an empty variable means the default."""
        given: dict[str, Any] = {}
        for option_ in fields(cls):
            text = environ.get(f"CATALOGUE_{option_.name.upper()}", "")
            if text:
                given[option_.name] = _convert(option_.name, str(option_.type), text)
        return cls(**given)

    def check(self) -> None:
        """Refuse to serve the world with the default secret."""
        if self.secret_key == DEFAULT_SECRET and self.host not in LOOPBACK:
            raise SettingsError(
                f"CATALOGUE_SECRET_KEY must be set when CATALOGUE_HOST is {self.host}: "
                "the default secret is public"
            )

    @classmethod
    def help_lines(cls) -> list[tuple[str, str, str]]:
        """(variable, default, help) of every option."""
        return [
            (f"CATALOGUE_{f.name.upper()}", _shown(f.default), f.metadata["help"])
            for f in fields(cls)
        ]


def _convert(name: str, type_name: str, text: str) -> Any:
    converters: dict[str, Callable[[str], Any]] = {
        "Path": Path,
        "int": int,
        "float": float,
        "str": str,
        "bool": _yes_or_no,
        "tuple[str, ...]": lambda value: tuple(value.replace(",", " ").split()),
    }
    try:
        return converters[type_name](text)
    except ValueError as error:
        raise SettingsError(f"CATALOGUE_{name.upper()}={text!r} is not a {type_name}") from error


def _yes_or_no(text: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in answers:
        raise ValueError(text)
    return answers[text.lower()]


def _shown(default: object) -> str:
    return " ".join(default) if isinstance(default, tuple) else str(default)
