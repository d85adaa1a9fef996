"""The home page: three ways in, the national picture, what changed, and the karyogram."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalogue.register.records import SUBMITTED, Change
from catalogue.search.facets import BY_NAME, NOT_STATED
from catalogue.search.request import SearchRequest
from catalogue.search.results import FacetValue
from catalogue.web.messages import gettext, ngettext
from catalogue.web.present.figures import Figure, bar, percent
from catalogue.web.present.karyogram import Karyogram, draw
from catalogue.web.present.reader import Reader, Shown, day, number
from catalogue.web.present.search import heading, query_string, value_label
from catalogue.web.services import Services

FIRST = 4

Facets = dict[str, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class WayIn:
    """A link to a search, with its number of datasets."""

    label: Shown
    query: str
    count: str


@dataclass(frozen=True, slots=True)
class News:
    """One recent change; `id` is empty when there is no page to link to."""

    when: Shown
    title: Shown
    id: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Everything on the home page."""

    diseases: tuple[WayIn, ...]
    assays: tuple[WayIn, ...]
    consent: tuple[WayIn, ...]
    figures: tuple[Figure, ...]
    news: tuple[News, ...]
    karyogram: Karyogram
    caption: str


def home_page(reader: Reader, services: Services) -> HomePage:
    """What the catalogue has, at a glance."""
    results = services.search.search(SearchRequest(size=1), reader.language)
    facets = {each.facet.name: each.values for each in results.facets}
    picture = _karyogram(reader, services)
    return HomePage(
        diseases=_ways(reader, "disease", facets),
        assays=_ways(reader, "assay", facets),
        consent=_ways(reader, "consent", facets),
        figures=tuple(_figures(reader, services, results.total, facets)),
        news=tuple(_news(reader, each) for each in services.register.recent_changes(6)),
        karyogram=picture,
        caption=_caption(picture),
    )


def _ways(reader: Reader, name: str, facets: Facets) -> tuple[WayIn, ...]:
    """The values with most datasets at the top of the tree, and always "not stated"."""
    values = [each for each in facets[name] if each.value != NOT_STATED and each.count]
    usual = [each for each in values if each.value in USUAL.get(name, ())] or [
        each for each in values if not each.depth
    ]
    first = sorted(usual, key=lambda each: (-each.count, each.value))[:FIRST]
    unstated = [each for each in facets[name] if each.value == NOT_STATED]
    return tuple(
        WayIn(
            value_label(reader, BY_NAME[name], each),
            query_string(SearchRequest(selected={name: (each.value,)})),
            number(each.count),
        )
        for each in (*first, *unstated)
    )


USUAL = {
    "assay": ("wgs", "wes", "panel", "snp-array", "rna-seq"),
    "consent": ("GRU", "HMB", "DS", "NRES", "POA"),
}
"""What visitors look for first; the roots of these schemes are too general to be useful."""


def _figures(reader: Reader, services: Services, total: int, facets: Facets) -> Iterable[Figure]:
    yield _datasets(services)
    sequenced = total - _count(facets, "assay", NOT_STATED)
    yield _share(sequenced, total, gettext("state how the DNA was read"))
    yield _consent(_stating(reader, services, facets, "consent"), total, facets)
    yield _routes(facets, total)


def _stating(reader: Reader, services: Services, facets: Facets, name: str) -> int:
    """How many datasets state any value; some of them also have a part that states none."""
    values = [each.value for each in facets[name] if each.count and each.value != NOT_STATED]
    if not values:
        return 0
    wanted = SearchRequest(selected={name: tuple(values)}, size=1)
    return services.search.search(wanted, reader.language).total


def _consent(stated: int, total: int, facets: Facets) -> Figure:
    """Datasets that state consent for anybody; how many leave a part of the people out."""
    partly = _count(facets, "consent", NOT_STATED) - (total - stated)
    figure = _share(stated, total, gettext("state the recorded consent"))
    if partly < 1:
        return figure
    some = ngettext(
        "%(num)d of them not for everybody in it", "%(num)d of them not for everybody in it", partly
    )
    return replace(figure, note=f"{figure.note}, {some}")


def _datasets(services: Services) -> Figure:
    totals, sources = services.register.totals(), services.register.sources()
    harvested = [each for each in sources if each.protocol != SUBMITTED and not each.pending]
    never = sum(each.last_complete is None for each in harvested)
    note = ngettext(
        "held by %(num)d organisation", "held by %(num)d organisations", totals["holders"]
    )
    unread = ngettext(
        "%(num)d source not read completely", "%(num)d sources not read completely", never
    )
    return Figure(
        value=number(totals["datasets"]),
        label=ngettext("dataset described", "datasets described", totals["datasets"]),
        note=f"{note}; {unread}" if never else note,
    )


def _share(stated: int, total: int, label: str) -> Figure:
    unstated, share = total - stated, percent(stated, total)
    return Figure(
        value=number(share) if share is not None else gettext("not stated"),
        mark="" if share is not None else "not-stated",
        unit="%" if share is not None else "",
        label=label,
        parts=bar(stated, 0, unstated),
        note=heading(stated),
        unknown=gettext("not stated for %(number)s", number=number(unstated)) if unstated else "",
    )


def _routes(facets: Facets, total: int) -> Figure:
    unstated, closed = _count(facets, "access", NOT_STATED), _count(facets, "access", "no-route")
    routes = max(0, total - unstated - closed)
    share = percent(routes, total)
    return Figure(
        value=number(share) if share is not None else gettext("not stated"),
        mark="" if share is not None else "not-stated",
        unit="%" if share is not None else "",
        label=gettext("have a route to access"),
        parts=bar(routes, closed, unstated),
        note=ngettext("%(num)d has none", "%(num)d have none", closed),
        unknown=gettext("not stated for %(number)s", number=number(unstated)) if unstated else "",
    )


def _count(facets: Facets, name: str, value: str) -> int:
    return next((each.count for each in facets[name] if each.value == value), 0)


def _news(reader: Reader, change: Change) -> News:
    sentences = {
        "added": gettext("was added."),
        "changed": gettext("was changed."),
        "withdrawn": gettext("was withdrawn."),
    }
    title = reader.text(change.title)
    named = Shown(gettext("Dataset %(id)s", id=change.record.id)) if title.mark else title
    sentence = sentences.get(change.action, change.action)
    return News(day(change.at), named, change.record.id, sentence)


def _karyogram(reader: Reader, services: Services) -> Karyogram:
    known = [(reader.text(holder.name).text, n) for holder, n in services.register.holders()]
    return draw(known)


def _caption(picture: Karyogram) -> str:
    return ngettext(
        "%(num)d organisation, drawn as a chromosome; the longer, the more datasets.",
        "%(num)d organisations, drawn as chromosomes; the longer, the more datasets.",
        picture.known,
    )
