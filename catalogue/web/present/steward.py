"""What waits for a steward or an admin: removals that the brake stopped, and new sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.register.records import Brake, Published, SourceStatus
from catalogue.web.messages import gettext
from catalogue.web.present.reader import Reader, Shown, clean, moment, number, safe_link

SHOWN_RECORDS = 200


@dataclass(frozen=True, slots=True)
class AtStake:
    """A record that would be removed, with its page."""

    title: Shown
    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A removal that waits. `further` records are not listed; `run` is the one that missed them."""

    sentence: str
    run: int
    records: tuple[AtStake, ...]
    further: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLine:
    """A source that announced itself."""

    slug: str
    title: str
    protocol: str
    url: Shown


def removal_of(reader: Reader, brake: Brake | None, found: Sequence[Published]) -> Removal | None:
    """The removal that waits for a decision, `found` being the records at stake that are public."""
    if brake is None:
        return None
    listed = tuple(_at_stake(reader, each) for each in found[:SHOWN_RECORDS])
    sentence = gettext(
        "%(missing)s of %(live)s records are missing at the source since %(moment)s; nothing was "
        "removed. A steward must confirm.",
        missing=number(len(brake.records)),
        live=number(brake.live),
        moment=moment(brake.at).text,
    )
    further = len(brake.records) - len(listed)
    return Removal(sentence=sentence, run=brake.run, records=listed, further=further)


def pending_line(status: SourceStatus) -> PendingLine:
    """A source as admins see it before they decide."""
    return PendingLine(
        slug=status.slug,
        title=clean(status.title),
        protocol=status.protocol,
        url=Shown(clean(status.url), href=safe_link(status.url)),
    )


def _at_stake(reader: Reader, published: Published) -> AtStake:
    record = published.record
    return AtStake(reader.text(published.value.title), record.kind, record.id)
