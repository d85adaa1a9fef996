"""What stewards and admins decide on the website, carried out and written in the audit log."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.engine import Engine

from catalogue.register.scheduling import Scheduling
from catalogue.register.writer import Writer


class Decisions:
    """Carries out decisions. `by` names whoever decided."""

    def __init__(self, engine: Engine) -> None:
        self._writer, self._scheduling = Writer(engine), Scheduling(engine)

    def confirm_removal(self, source: str, by: str) -> int:
        """Remove what the brake kept and nobody has seen since; how many records."""
        return self._writer.confirm_removal(source, by)

    def decline_removal(self, source: str, by: str) -> None:
        """Keep what the brake kept."""
        self._writer.decline_removal(source, by)

    def approve_source(self, source: str, by: str) -> None:
        """Take in a source that announced itself, and give it a turn at once."""
        self._scheduling.approve(source, by)
        self._scheduling.soon(source, datetime.now(UTC))

    def refuse_source(self, source: str, by: str) -> None:
        """Forget a source that announced itself; it may announce itself again."""
        self._writer.remove_source(source)
        self._writer.note(by, "refuse", source, {})
