"""Questions of our own to a store, one per `.rq` file."""

from __future__ import annotations

from importlib.resources import files


def text(name: str) -> str:
    """The query in `<name>.rq`."""
    return files(__name__).joinpath(f"{name}.rq").read_text("utf-8")
