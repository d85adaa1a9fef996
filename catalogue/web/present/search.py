"""The search page and the search API: one question, one answer, two forms.

The counts, the tree and the order of values come from the index; here they get their names,
their addresses and their places. A value without datasets is shown but cannot be chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlencode

from catalogue.consent.match import Matcher
from catalogue.consent.purpose import PARAMETERS as PURPOSE_PARAMETERS
from catalogue.consent.purpose import Purpose
from catalogue.search.facets import BY_NAME, FIT, NOT_STATED, OTHER, Facet
from catalogue.search.interpret import interpret
from catalogue.search.request import BEST_FIT, SORTS, SearchRequest
from catalogue.search.results import FacetResult, FacetValue, Hit, Relaxation, Results
from catalogue.search.words import Part, explain
from catalogue.web.messages import gettext, lazy_gettext, ngettext
from catalogue.web.present.card import Card, Matched, card, dataset_of
from catalogue.web.present.fit import KINDS, Fit, Tally, fit, indication, matcher, tallies
from catalogue.web.present.purpose import PurposeForm, purpose_form, purpose_words
from catalogue.web.present.reader import Reader, Shown, capital, clean, number
from catalogue.web.services import Services

SORT_NAMES = {
    "fit": lazy_gettext("Best fit"),
    "relevance": lazy_gettext("Best match"),
    "newest": lazy_gettext("Newest change"),
    "individuals": lazy_gettext("Most individuals"),
    "title": lazy_gettext("Title"),
}
OPEN_AT_FIRST = ("fits", "disease", "assay", "consent", "access")
MOST_BROADER = 3
AROUND = 2
LISTED = 8
OPEN_TREE = 24
"""A tree with at most so many values is shown whole; a larger one opens branch by branch."""
FACET_PARAMETERS = tuple(facet.parameter for facet in BY_NAME.values())
VERDICT_KINDS = {verdict.value: kind for verdict, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet with what is below it."""

    value: str
    label: Shown
    count: int
    shown_count: str
    selected: bool
    children: tuple[Value, ...] = ()
    opened: bool = False

    @property
    def disabled(self) -> bool:
        """Choosing it would show nothing."""
        return not self.count and not self.selected


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetView:
    """One group of filters. `unstated` stands apart, last; `rest` is behind "show all"."""

    name: str
    parameter: str
    label: str
    note: str
    opened: bool
    values: tuple[Value, ...]
    rest: tuple[Value, ...]
    unstated: tuple[Value, ...]

    @property
    def verdicts(self) -> Mapping[str, str]:
        """The icon of each value, for the facet whose values are verdicts."""
        return VERDICT_KINDS if self.name == FIT.name else {}


@dataclass(frozen=True, slots=True)
class Chip:
    """A change to the question and its address; `note` is what it would find."""

    text: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A step in the pagination; without `href` it is a gap."""

    text: str
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Everything on the search page."""

    q: str
    total: int
    heading: str
    sentence: tuple[Part, ...]
    facets: tuple[FacetView, ...]
    chips: tuple[Chip, ...]
    clear: str
    hidden: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    sorting: tuple[tuple[str, str], ...]
    sorts: tuple[tuple[str, str, bool], ...]
    cards: tuple[tuple[Card, Fit | None], ...]
    broader: tuple[tuple[Card, Fit | None], ...]
    purpose: PurposeForm
    purpose_query: str
    indication: str
    tallies: tuple[Tally, ...]
    broader_more: str
    pages: tuple[PageLink, ...]
    earlier: str
    later: str
    help: tuple[Chip, ...]
    suggestion: Chip | None
    exact: Chip | None
    page: int
    page_count: int
    size: int


Address = Callable[[SearchRequest], str]


def search_page(
    reader: Reader,
    services: Services,
    request: SearchRequest,
    here: str,
    unread: Mapping[str, str] = MappingProxyType({}),
) -> SearchPage:
    """Ask the index and put the answer in order. `here` is the path of the search page.

    `unread` is what was filled in for the purpose and could not be read, by its parameter.
    """
    results = services.search.search(request, reader.language)
    judge = matcher(reader.vocabulary, request.purpose, services.policy)

    def address(wanted: SearchRequest) -> str:
        return here + query_string(wanted)

    return SearchPage(
        q=request.q,
        total=results.total,
        heading=heading(results.total),
        sentence=(
            *explain(request, reader.language, services.search.label),
            *_read_for(reader, request),
        ),
        facets=tuple(facet_view(reader, each) for each in results.facets),
        chips=tuple(_chips(reader, services, request, address)),
        clear=address(SearchRequest(purpose=request.purpose)),
        hidden=_pairs(request, without=("q", "page", "exact")),
        kept=_pairs(request, without=("page", *FACET_PARAMETERS)),
        asked=_pairs(request, without=("page", *PURPOSE_PARAMETERS)),
        sorting=_pairs(request, without=("page", "sort")),
        sorts=tuple(_sorts(request)),
        cards=_cards(reader, services, results.hits, judge),
        broader=_cards(
            reader, services, [Hit(each, 0) for each in results.broader[:MOST_BROADER]], judge
        ),
        purpose=purpose_form(
            reader,
            request.purpose,
            lambda wanted: address(replace(request, purpose=wanted, page=1)),
            unread,
        ),
        purpose_query=purpose_query(request.purpose),
        indication=indication(reader),
        tallies=tallies(reader, results.compatible),
        broader_more=number(len(results.broader)),
        pages=tuple(_pages(results, address)),
        earlier=_step(results, -1, address),
        later=_step(results, 1, address),
        help=tuple(_help(reader, services, each, request, address) for each in results.relaxed),
        suggestion=_suggestion(reader, services, request, address),
        exact=_exact(request, address),
        page=results.page,
        page_count=results.pages,
        size=request.size,
    )


def query_string(request: SearchRequest) -> str:
    """`?…` for a request, or nothing for the request for everything."""
    encoded = urlencode(request.to_args())
    return f"?{encoded}" if encoded else ""


def purpose_query(purpose: Purpose) -> str:
    """`?…` for a purpose alone, which goes along to the page of a dataset."""
    encoded = urlencode(purpose.to_args())
    return f"?{encoded}" if encoded else ""


def _read_for(reader: Reader, request: SearchRequest) -> Iterable[Part]:
    """The end of the sentence: for which purpose the consent was read."""
    if not request.purpose.empty:
        yield Part(gettext("; consent read for") + " ")
        yield Part(purpose_words(reader, request.purpose), chosen=True)


def _sorts(request: SearchRequest) -> Iterable[tuple[str, str, bool]]:
    for each in SORTS:
        if each != BEST_FIT or not request.purpose.empty:
            yield each, str(SORT_NAMES[each]), each == request.sort


def heading(total: int) -> str:
    """How many datasets, in words."""
    return ngettext("%(shown)s dataset", "%(shown)s datasets", total, shown=number(total))


def facet_view(reader: Reader, result: FacetResult) -> FacetView:
    """A facet with its values as a tree, "not stated" apart."""
    apart = set() if result.facet is FIT else {NOT_STATED}
    values = [each for each in result.values if each.value not in apart]
    unstated = [each for each in result.values if each.value in apart]
    nodes, chosen = _tree(reader, result.facet, values), len(result.selected)
    listed = tuple(e for i, e in enumerate(nodes) if i < LISTED or e.selected or e.opened)
    return FacetView(
        name=result.facet.name,
        parameter=result.facet.parameter,
        label=result.facet.label.value(reader.language),
        note=gettext("%(number)s chosen", number=chosen) if chosen else gettext("any"),
        opened=bool(chosen) or result.facet.name in OPEN_AT_FIRST,
        values=listed,
        rest=tuple(each for each in nodes if each not in listed),
        unstated=tuple(_value(reader, result.facet, each) for each in unstated),
    )


def value_label(reader: Reader, facet: Facet, value: FacetValue) -> Shown:
    """What a value of a facet is called; consent terms carry their code."""
    if value.value == NOT_STATED and facet is not FIT:
        return Shown(gettext("Not stated"), mark="not-stated")
    label = capital(reader.text(value.label))
    code = value.value if facet.name == "consent" and value.value.isupper() else ""
    return replace(label, code=code)


def _tree(reader: Reader, facet: Facet, values: list[FacetValue]) -> tuple[Value, ...]:
    """Values below their parents; below the top only what has datasets is listed."""
    names = {each.value for each in values}
    small = sum(each.count > 0 for each in values) <= OPEN_TREE
    below: dict[str | None, list[FacetValue]] = {}
    for each in values:
        below.setdefault(each.parent if each.parent in names else None, []).append(each)

    def grow(parent: str | None) -> tuple[Value, ...]:
        return tuple(
            _value(reader, facet, each, grow(each.value), small)
            for each in below.get(parent, ())
            if parent is None or each.count or each.selected
        )

    return grow(None)


def _value(
    reader: Reader,
    facet: Facet,
    value: FacetValue,
    children: tuple[Value, ...] = (),
    opened: bool = False,
) -> Value:
    """A value; what is below it must be visible when it, or anything there, is chosen."""
    chosen = value.selected or any(each.selected or each.opened for each in children)
    return Value(
        value=value.value,
        label=value_label(reader, facet, value),
        count=value.count,
        shown_count=number(value.count),
        selected=value.selected,
        children=children,
        opened=bool(children) and (opened or chosen),
    )


def _chips(
    reader: Reader, services: Services, request: SearchRequest, address: Address
) -> Iterable[Chip]:
    if request.q:
        text = gettext("Words: %(words)s", words=clean(request.q))
        yield Chip(text, address(replace(request, q="", page=1)))
    for name, values in request.selected.items():
        for value in values:
            text = f"{BY_NAME[name].label.value(reader.language)}: "
            text += _with_subtypes(request, name, value, _name(reader, services, name, value))
            yield Chip(text, address(request.without(name, value)))


def _with_subtypes(request: SearchRequest, facet: str, value: str, name: str) -> str:
    whole = BY_NAME[facet].exact and not request.exact and value not in (NOT_STATED, OTHER)
    return gettext("%(name)s and subtypes", name=name) if whole else name


def _name(reader: Reader, services: Services, facet: str, value: str) -> str:
    return clean(services.search.label(facet, value).value(reader.language) or value)


def _pairs(request: SearchRequest, without: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in request.to_args() if key not in without)


def _cards(
    reader: Reader, services: Services, hits: Iterable[Hit], judge: Matcher | None
) -> tuple[tuple[Card, Fit | None], ...]:
    by_id = {each.id: each for each in hits}
    found = services.register.datasets(list(by_id))
    return tuple(
        (
            card(reader, each, _matched(reader, by_id[each.record.id])),
            fit(reader, judge, dataset_of(each)),
        )
        for each in found
    )


def _matched(reader: Reader, hit: Hit) -> Matched | None:
    """Why a dataset was found, when its own words do not show it."""
    for why in hit.why:
        below = why.of_label.value(reader.language)
        if why.kind == "subtype":
            return Matched(gettext("Matched as a subtype of"), below)
        if why.kind == "name":
            return Matched(gettext("Matched another name: %(name)s =", name=clean(why.text)), below)
    return None


def _pages(results: Results, address: Address) -> Iterable[PageLink]:
    last, now = results.pages, results.page
    if last < 2:
        return
    before = 0
    for each in sorted({1, last, *range(max(1, now - AROUND), min(last, now + AROUND) + 1)}):
        if each - before > 1:
            yield PageLink("…")
        yield PageLink(str(each), address(results.request.on_page(each)), each == now)
        before = each


def _step(results: Results, step: int, address: Address) -> str:
    wanted = results.page + step
    return address(results.request.on_page(wanted)) if 1 <= wanted <= results.pages else ""


def _help(
    reader: Reader,
    services: Services,
    relaxed: Relaxation,
    request: SearchRequest,
    address: Address,
) -> Chip:
    """With nothing found: what leaving out one part would find."""
    name = relaxed.parameter
    if name == "q":
        text = gettext("Without the words “%(words)s”", words=clean(request.q))
    elif name == "exact":
        text = gettext("Include subtypes")
    else:
        facet = next(each for each in BY_NAME.values() if each.parameter == name)
        values = (_name(reader, services, facet.name, v) for v in request.chosen(facet.name))
        text = gettext("Without “%(filter)s”", filter=", ".join(values))
    return Chip(text, address(relaxed.request), heading(relaxed.total))


def _exact(request: SearchRequest, address: Address) -> Chip | None:
    """The switch between a disease with and without its subtypes."""
    if not any(BY_NAME[name].exact for name in request.selected):
        return None
    other = replace(request, exact=not request.exact, page=1)
    if request.exact:
        return Chip(gettext("Include subtypes"), address(other))
    return Chip(gettext("Only exactly this disease, without subtypes"), address(other))


def _suggestion(
    reader: Reader, services: Services, request: SearchRequest, address: Address
) -> Chip | None:
    """The words typed are a name or code of a concept: offer to choose that instead."""
    found = interpret(request.q, reader.vocabulary) if request.q else None
    if found is None or found.concept.notation in request.chosen(found.facet.name):
        return None
    wanted = found.request(request)
    total = services.search.search(replace(wanted, size=1), reader.language).total
    return Chip(reader.label(found.concept).text, address(wanted), heading(total))
