"""What a format is, and what every format asks of a dataset.

The formats of others demand things that nobody may have stated: a maker, a year. `Described`
answers from what was stated, else from what is certainly so (who holds the data, when the
description became public here), and otherwise with nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalogue.model.agent import Agent
from catalogue.model.dataset import Dataset, Distribution
from catalogue.model.text import LangText
from catalogue.rdf import doi, values
from catalogue.rdf.schema_org_write import Shown, is_open, write
from catalogue.register.records import Record
from catalogue.terms.concept import Vocabulary

LANGUAGE = "en"
"""In which exports are written, as far as the holder wrote it; no format here has two."""

_YEAR = re.compile(r"\d{4}(?!\d)")
_MOMENT = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?\Z")
_WEB = re.compile(r"""https?://[^\s<>"{}|\\^`\x00-\x1f]+""", re.IGNORECASE)
ORCID = "https://orcid.org/"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A format. `key` is its name in `?format=`, `suffix` the end of a saved file's name.

    `profile` tells formats of the same media type apart (RFC 6906). `write` gives the bytes;
    `lacks` says what the format demands and nobody stated, so that it cannot be written.
    """

    key: str
    media_type: str
    name: str
    suffix: str
    write: Callable[[Described], bytes]
    profile: str = ""
    lacks: Callable[[Described], str] = lambda _: ""
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type with its profile."""
        return f'{self.media_type};profile="{self.profile}"' if self.profile else self.media_type


@dataclass(frozen=True, slots=True)
class Maker:
    """A named organisation or person, with an address of the web when one was stated."""

    name: str
    iri: str | None = None

    @property
    def is_person(self) -> bool:
        """Whether it certainly is one, by its ORCID; of others nobody says."""
        return (self.iri or "").startswith(ORCID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A public dataset as every format sees it. `base` is the address of the catalogue."""

    dataset: Dataset
    record: Record
    base: str
    vocabulary: Vocabulary

    @property
    def iri(self) -> str:
        """The address of the record here, which is what one cites."""
        return self.record.iri

    @property
    def title(self) -> str:
        """In English where there is one; the identifier when nobody gave a title."""
        return said(self.dataset.title) or self.record.id

    @property
    def description(self) -> str:
        """As the holder wrote it; empty when not stated."""
        return said(self.dataset.description)

    @property
    def title_language(self) -> str:
        """The language tag of the title; empty when not stated."""
        text = telling(self.dataset.title).best(LANGUAGE)
        return text.language if text else ""

    @property
    def language(self) -> str:
        """The tag of the language of the data; empty when none or several were stated."""
        tags = [values.language(each.rpartition("/")[2]) for each in self.dataset.languages]
        return tags[0][0] if len(tags) == 1 and tags[0] else ""

    @property
    def doi(self) -> str | None:
        """The DOI that the holder stated, without its resolver."""
        found = map(doi.doi, self.dataset.identifiers)
        return next(filter(None, found), None)

    @property
    def doi_address(self) -> str | None:
        """Where that DOI leads."""
        return doi.address(self.doi) if self.doi else None

    @property
    def publisher(self) -> Maker:
        """The stated publisher, else who holds the data."""
        stated = maker(self.dataset.publisher) if self.dataset.publisher else None
        return stated or Maker(said(self.record.holder.name) or self.record.holder.slug)

    @property
    def makers(self) -> tuple[Maker, ...]:
        """The stated creators, else the publisher: a citation must name somebody."""
        named = tuple(found for each in self.dataset.creators if (found := maker(each)))
        return named or (self.publisher,)

    @property
    def year(self) -> str:
        """The stated year of publication, else that in which the description appeared here."""
        return self.published[:4]

    @property
    def published(self) -> str:
        """The stated day, month or year of publication, else when the description appeared here."""
        stated = self.dataset.issued or ""
        year = _YEAR.match(stated)
        return moment(stated) or (year[0] if year else self.record.first_seen.date().isoformat())

    @property
    def changed(self) -> str:
        """The day on which the description last changed here."""
        return self.record.changed.date().isoformat()

    @property
    def keywords(self) -> tuple[str, ...]:
        """In the language of exports or none; all of them when there are none of those."""
        every = telling(LangText(self.dataset.keywords)).texts
        fitting = [each for each in every if each.primary in {LANGUAGE, ""}]
        return tuple(dict.fromkeys(line(each.value) for each in fitting or every))

    @property
    def licence(self) -> str | None:
        """The address of the licence under which every distribution is; else nothing.

        A licence of one file is not the licence of the dataset.
        """
        stated = {web(each.license) for each in self.dataset.distributions}
        return stated.pop() if len(stated) == 1 else None

    @property
    def is_open(self) -> bool | None:
        """Whether anybody may have the data without asking; `None` when nobody says."""
        return is_open(self.dataset)

    @property
    def downloads(self) -> tuple[Distribution, ...]:
        """What can be downloaded by anybody: nothing, unless access was said to be open."""
        if self.is_open is not True:
            return ()
        return tuple(each for each in self.dataset.distributions if web(each.download_url))

    @property
    def access(self) -> tuple[str, ...]:
        """How to get at the data, in words."""
        stated = (
            self.dataset.access_rights,
            self.dataset.accessibility,
            *self.dataset.access_routes,
        )
        return self.labels(*(each for each in stated if each))

    @property
    def techniques(self) -> tuple[str, ...]:
        """The IRIs of the kinds of sequencing, stated at once or by group."""
        grouped = (group.assay for group in self.dataset.assay_groups if group.assay)
        return tuple(dict.fromkeys([*self.dataset.assays, *grouped]))

    def labels(self, *iris: str) -> tuple[str, ...]:
        """What to call these."""
        return tuple(dict.fromkeys(clean(self.vocabulary.label(each, LANGUAGE)) for each in iris))

    def schema_org(self) -> dict[str, Any]:
        """The dataset in schema.org's words, of which several formats are made."""
        page = f"{self.base}/{LANGUAGE}/dataset/{self.record.id}"
        holder = self.record.holder.name.value(LANGUAGE)
        shown = Shown(page=page, holder=holder, catalog=self.base, language=LANGUAGE)
        return write(self.dataset, shown, self.vocabulary)


def maker(agent: Agent) -> Maker | None:
    """An agent with a name; `None` for one that nobody described."""
    name = line(said(agent.name))
    return Maker(name, web(agent.iri)) if name else None


def web(iri: str | None) -> str | None:
    """Only addresses of the web that are written as one; nothing that a browser would run.

    >>> web("https://a.example/x"), web("javascript:alert(1)"), web("https://a b")
    ('https://a.example/x', None, None)
    """
    return iri if iri and _WEB.fullmatch(iri) else None


def whole_date(text: str | None) -> str | None:
    """The day of a stated date or moment; nothing of a year alone, which has no day.

    >>> whole_date("2024-05-01T10:00:00Z"), whole_date("2024")
    ('2024-05-01', None)
    """
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None


def moment(text: str | None) -> str | None:
    """A stated day, month or year as ISO 8601; nothing of what cannot be read as one.

    >>> moment("2024-05-01T10:00:00Z"), moment("2024-05"), moment("last spring")
    ('2024-05-01', '2024-05', None)
    """
    found = _MOMENT.match(text or "")
    return whole_date(text) or (found[0] if found else None)


def clean(text: str) -> str:
    r"""The text with U+FFFD for characters that XML and most readers cannot hold.

    >>> clean("a\x00b") == "a\ufffdb"
    True
    """
    return _FORBIDDEN.sub("\ufffd", text)


def line(text: str) -> str:
    r"""The text on one line, for formats in which a line break would begin something new.

    >>> line("two\r\n  lines\u2028here")
    'two lines here'
    """
    return " ".join(clean(text).split())


def telling(text: LangText) -> LangText:
    """Without the texts that are blank, which say nothing."""
    return LangText(tuple(each for each in text.texts if each.value.strip()))


def said(text: LangText) -> str:
    """In the language of exports as far as there is one; empty when nothing is said."""
    return clean(telling(text).value(LANGUAGE)).strip()


def each_language(text: LangText) -> list[tuple[str, str]]:
    """(text, language tag) of every language in which it was stated."""
    return [(clean(each.value), each.language) for each in telling(text).texts]


def stated(told: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something; zero and false do.

    >>> stated({"a": None, "b": [], "c": 0, "d": ""})
    {'c': 0}
    """
    return {key: value for key, value in told.items() if value not in (None, "", [], {}, ())}


def as_json(value: Any) -> bytes:
    """A JSON document in UTF-8; nothing in it can end an element of a page."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f"{safe}\n".encode()
