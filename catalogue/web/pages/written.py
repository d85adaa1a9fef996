"""A source that is no endpoint: what the stewards of an organisation wrote here themselves.

Everybody sees what of it is public; whoever may see its drafts finds those here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template

from catalogue.register.records import Published, SourceStatus
from catalogue.register.submitted import Submission
from catalogue.web import fdp, reported
from catalogue.web.language import page_url
from catalogue.web.messages import lazy_gettext
from catalogue.web.parts import reader, services
from catalogue.web.present.reader import Shown
from catalogue.web.present.sources import LISTED, source_line

KINDS = {
    "catalog": lazy_gettext("Catalog"),
    "series": lazy_gettext("Series"),
    "dataset": lazy_gettext("Dataset"),
    "distribution": lazy_gettext("Distribution"),
}
"""In the order of the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A description. `waits` is true of what becomes public together with what it stands in."""

    kind: str
    title: Shown
    href: str
    waits: bool = False


def page(status: SourceStatus) -> str:
    """What is public of this source and, for its own organisation, its drafts."""
    desk = services().submissions
    found = desk.of_source(status.slug) if desk else []
    named = [each.id for each in found if each.public]
    public = services().register.public_records(named)
    shown = reported.everything(status)
    return render_template(
        "source_written.html",
        source=source_line(status),
        listed=LISTED,
        public=ordered(_public(each) for each in public.values()),
        drafts=ordered(map(_draft, _hidden(found, public))) if shown else None,
    )


def ordered(lines: Iterable[Line]) -> list[Line]:
    """By kind, then by title."""
    order = [str(each) for each in KINDS.values()]
    return sorted(lines, key=lambda each: (order.index(each.kind), each.title.text.casefold()))


def _hidden(found: Iterable[Submission], public: dict[str, Published]) -> Iterable[Submission]:
    """What is not public; a distribution is when it and its dataset are."""
    for each in found:
        part = each.kind == "distribution" and each.public and each.parent in public
        if each.id not in public and not part:
            yield each


def _public(found: Published) -> Line:
    here = found.record
    title, href = reader().text(found.value.title), page_url(here.kind, id=here.id)
    return Line(str(KINDS[here.kind]), title, href)


def _draft(found: Submission) -> Line:
    line = fdp.below_as(found)
    return Line(str(KINDS[found.kind]), line.title, line.href, waits=line.public)
