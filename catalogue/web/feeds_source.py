"""The runs of a source as an Atom feed (RFC 4287), for stewards who follow along in a reader.

One entry for each run that has ended: how it ended, what was added, changed, held back, not
readable and removed, and the link to the run. An entry's identifier is an IRI of ours without
a language, so that a reader which changes language does not see a run twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Response, request

from catalogue.register.records import RunSummary, SourceStatus
from catalogue.web.language import language, page_url
from catalogue.web.messages import gettext
from catalogue.web.parts import settings
from catalogue.web.present.reader import Reader, clean
from catalogue.web.present.sources import COUNTED, run_line

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may have."""


def of_source(reader: Reader, status: SourceStatus, runs: Sequence[RunSummary]) -> Response:
    """The feed of a source, in the language of the address or of the reader."""
    ended = [each for each in runs if each.ended]
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language()})
    here = f"{settings().base_url}/sources/{status.slug}"
    _text(feed, "id", f"{here}/feed.atom")
    _text(feed, "title", gettext("Runs of %(source)s", source=clean(status.title)))
    _text(feed, "updated", _moment(_updated(ended)))
    _link(feed, "self", _absolute("source_feed", slug=status.slug), MEDIA_TYPE)
    _link(feed, "alternate", _absolute("source", slug=status.slug), "text/html")
    _text(ET.SubElement(feed, "author"), "name", settings().publisher)
    for run in ended:
        feed.append(_entry(reader, here, status, run))
    return _answer(feed)


def _entry(reader: Reader, here: str, status: SourceStatus, run: RunSummary) -> ET.Element:
    line, entry = run_line(reader, run), ET.Element("entry")
    _text(entry, "id", f"{here}/runs/{run.id}")
    _text(entry, "title", f"{clean(status.title)}: {line.state.lower()}, {line.started.text}")
    _text(entry, "updated", _moment(run.ended or run.started))
    _text(entry, "published", _moment(run.started))
    _link(entry, "alternate", _absolute("run", slug=status.slug, number=run.id), "text/html")
    _text(entry, "summary", _summary(line.message.text, run))
    return entry


def _summary(message: str, run: RunSummary) -> str:
    """What the run did, in words; what it did not do is not listed."""
    told = [f"{name}: {run.counts[each]}" for name, each in COUNTED if run.counts.get(each)]
    counts = "; ".join(told) or gettext("Nothing changed in this run.")
    return f"{message} {counts}".strip()


def _answer(feed: ET.Element) -> Response:
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    response = Response(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    response.make_conditional(request)
    return response


def _updated(runs: Sequence[RunSummary]) -> datetime:
    """When the feed last changed; the beginning of time for a source without runs."""
    return max(
        (each.ended for each in runs if each.ended), default=datetime(2000, 1, 1, tzinfo=UTC)
    )


def _absolute(endpoint: str, **values: object) -> str:
    return settings().base_url + page_url(endpoint, **values)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = NOT_XML.sub("", text)


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "href": href, "type": media_type})
