"""The page on which anybody has a description checked: the form, the answer, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from catalogue import errors
from catalogue.ingest.check import MOST_DESCRIPTIONS, AddressesOff, Checked, NothingDescribed
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.rdf.media import NOTATIONS
from catalogue.rdf.repair import Repair
from catalogue.rdf.serialise import serialise
from catalogue.web.messages import gettext, lazy_gettext
from catalogue.web.present.judgement import Judgement, Titles, judgement, worst_first
from catalogue.web.present.reader import Reader, Shown, clean, curie

KINDS = {
    "dataset": lazy_gettext("Dataset"),
    "catalog": lazy_gettext("Catalog"),
    "series": lazy_gettext("Series of datasets"),
}

AROUND = 2
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A profile that can be chosen."""

    key: str
    title: Shown
    description: Shown
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the form shows: the choices, and what was given last."""

    profiles: tuple[Choice, ...]
    notations: tuple[tuple[str, str], ...]
    addresses: bool
    text: str = ""
    notation: str = ""
    url: str = ""

    @property
    def all_profiles(self) -> bool:
        """Whether every profile is chosen."""
        return all(each.chosen for each in self.profiles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One repair: what was written, and what we read."""

    sentence: str
    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One description with what was found; `remarks` are oddities that could not be repaired."""

    kind: str
    title: Shown
    subject: str
    triples: int
    repairs: tuple[Change, ...]
    remarks: tuple[Change, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The result of one check. `repaired` is Turtle, and sent back by the visitor if wanted."""

    descriptions: tuple[Description, ...]
    repaired: str
    changes: int
    mended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why nothing could be checked. `technical` is in English; `lines` surround the mistake."""

    sentence: str
    technical: str = ""
    lines: tuple[tuple[int, str, bool], ...] = ()


def form(reader: Reader, titles: Titles, chosen: Sequence[str] = (), *, addresses: bool) -> Form:
    """The form, with the profiles that were chosen; with all when none was."""
    return Form(
        profiles=tuple(
            Choice(
                key=key,
                title=reader.text(profile.title),
                description=reader.text(profile.description),
                chosen=not chosen or key in chosen,
            )
            for key, profile in titles.items()
        ),
        notations=tuple((each.media_type, each.name) for each in NOTATIONS),
        addresses=addresses,
    )


def answer(reader: Reader, checked: Sequence[Checked], titles: Titles) -> Answer:
    """What was found, in words."""
    found = tuple(_description(reader, each, titles) for each in checked)
    return Answer(
        descriptions=found,
        repaired=serialise(Graph(t for each in checked for t in each.repaired)).decode(),
        changes=sum(len(each.repairs) for each in found),
        mended=sum(one.mended for each in found for one in each.judgements),
    )


def _description(reader: Reader, checked: Checked, titles: Titles) -> Description:
    repairs, remarks = _changes(reader, checked.repairs)
    judged = (
        judgement(reader, each, checked.graph, titles=titles, mended=checked.mended)
        for each in checked.reports
    )
    return Description(
        kind=str(KINDS[checked.kind]),
        title=_title(reader, checked),
        subject=clean(checked.subject),
        triples=len(checked.graph),
        repairs=repairs,
        remarks=remarks,
        judgements=worst_first(judged),
    )


def _title(reader: Reader, checked: Checked) -> Shown:
    subject = ox.NamedNode(checked.subject)
    found = checked.repaired.objects(subject, DCT + "title")
    texts = [Text(t.value, t.language or "") for t in found if isinstance(t, ox.Literal)]
    return reader.text(LangText(tuple(texts)))


def _changes(
    reader: Reader, repairs: Iterable[Repair]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    done: list[Change] = []
    seen: list[Change] = []
    for repair in repairs:
        same = repair.before == repair.after
        (seen if same else done).append(_change(reader, repair))
    return tuple(done), tuple(seen)


def _change(reader: Reader, repair: Repair) -> Change:
    return Change(
        sentence=clean(repair.sentence(reader.language)),
        path=curie(clean(repair.predicate)),
        before=clean(repair.before)[:300],
        after=clean(repair.after)[:300],
    )


# --- what went wrong -----------------------------------------------------------------------


def trouble(error: errors.CatalogueError, content: bytes = b"") -> Trouble:
    """Why nothing could be checked, in words that say what to do."""
    words = next(say for kind, say in TROUBLES if isinstance(error, kind))
    line = getattr(error, "line", None)
    return Trouble(
        sentence=words(error),
        technical="" if isinstance(error, UNTOLD) else clean(str(error)),
        lines=_lines(content, line) if line else (),
    )


UNTOLD = (errors.AddressRefused, NothingDescribed, AddressesOff)
"""Whose own words add nothing, or would tell strangers about the network we stand in."""


def _syntax(error: errors.CatalogueError) -> str:
    line = getattr(error, "line", None)
    if line is None:
        return gettext("This cannot be read as RDF. Check the format, or choose it yourself.")
    return gettext(
        "This cannot be read as RDF: there is a mistake at or just before line %(line)s. Mend "
        "it and check again.",
        line=line,
    )


def _nothing(_error: errors.CatalogueError) -> str:
    return gettext(
        "This is RDF, but it describes no dataset, series or catalog with a title, so nothing "
        "was checked. Give what you describe the type dcat:Dataset and a dct:title."
    )


def _limit(_error: errors.CatalogueError) -> str:
    return gettext(
        "This is more than we check at a time: at most 2 MB and %(number)s descriptions. Send a "
        "part of it.",
        number=MOST_DESCRIPTIONS,
    )


def _refused(_error: errors.CatalogueError) -> str:
    return gettext(
        "This address is not one that we fetch: it must be public, begin with http or https, "
        "and hold no password. Paste the text instead."
    )


def _fetched(_error: errors.CatalogueError) -> str:
    return gettext(
        "We could not fetch a description from this address. Paste the text, or upload the file."
    )


def _off(_error: errors.CatalogueError) -> str:
    return gettext("Addresses are not fetched here. Paste the text, or upload the file.")


def _unclear(_error: errors.CatalogueError) -> str:
    return gettext("This question cannot be understood")


TROUBLES: tuple[tuple[type[errors.CatalogueError], Callable[[errors.CatalogueError], str]], ...] = (
    (errors.ParseFailed, _syntax),
    (NothingDescribed, _nothing),
    (errors.LimitExceeded, _limit),
    (errors.AddressRefused, _refused),
    (AddressesOff, _off),
    (errors.SourceError, _fetched),
    (errors.CatalogueError, _unclear),
)
"""The first row whose class fits decides; so a class stands before its parent."""


def _lines(content: bytes, line: int) -> tuple[tuple[int, str, bool], ...]:
    """The lines around a mistake: number, text, and whether it is the one."""
    found = content.decode("utf-8", "replace").splitlines()
    first = max(1, line - AROUND)
    near = enumerate(found[first - 1 : line + AROUND], start=first)
    return tuple((number, clean(text)[:LONGEST_LINE], number == line) for number, text in near)
